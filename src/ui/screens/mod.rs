//! One function a view: draws it inside the content area.

mod camera;
mod card;
mod choice;
mod claim;
mod consent;
mod home;
mod notice;
mod paper;
mod plain;
mod sheet;
mod staff;

use egui::TextureHandle;

use crate::core::screen::View;
use crate::ports::Paper;

use super::canvas::Canvas;
use super::layout::Places;

pub(super) use sheet::SCROLL;

/// Draws the content of a screen.
pub(super) fn draw(c: &mut Canvas, places: &Places, preview: Option<&TextureHandle>, page: Option<&Paper>) {
    let area = places.content;
    match c.screen.view.clone() {
        View::Home { locks } => home::draw(c, area, places.aside, !locks.is_empty()),
        View::Claim { len, ready, remark, choosing } => claim::draw(c, area, &claim::Typed { len, ready, remark, choosing }),
        View::Notice { purpose, read, child } => notice::draw(c, area, purpose, read, child),
        View::Consent { purpose, asked } => consent::draw(c, area, purpose, asked),
        View::Guardian { unknown } => plain::guardian(c, area, unknown),
        View::Choice { about } => choice::draw(c, area, about),
        View::Paper { own, printed } => paper::draw(c, area, page, own, printed),
        View::Position { live, hint, percent, offer_others } => {
            camera::draw(c, area, preview, &camera::Position { live, hint, percent, offer_others });
        }
        View::Working => plain::working(c, area),
        View::Card { purpose, reading, guardian } => card::draw(c, area, purpose, reading, guardian),
        View::ConfirmWithdraw => plain::confirm_withdraw(c, area),
        View::Assist => plain::assist(c, area),
        View::Result { tone, title, body } => plain::result(c, area, tone, title, body),
        View::OutOfService => plain::out_of_service(c, area),
        View::StaffLogIn { first, witness, remark, seconds } => {
            staff::log_in(c, area, &staff::LogIn { first, witness, remark, seconds });
        }
        View::Board { board, locks } => staff::board(c, area, &board, &locks),
    }
}

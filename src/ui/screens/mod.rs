//! One function a view: draws it inside the content area.

mod camera;
mod card;
mod claim;
mod consent;
mod home;
mod notice;
mod plain;
mod staff;

use egui::TextureHandle;

use crate::core::screen::View;

use super::canvas::Canvas;
use super::layout::Places;

pub(super) use notice::NOTICE_SCROLL;

/// Draws the content of a screen.
pub(super) fn draw(c: &mut Canvas, places: &Places, preview: Option<&TextureHandle>) {
    let area = places.content;
    match c.screen.view.clone() {
        View::Home { locks } => home::draw(c, area, places.aside, !locks.is_empty()),
        View::Claim { len, ready, remark, choosing } => claim::draw(c, area, &claim::Typed { len, ready, remark, choosing }),
        View::Notice { purpose, read } => notice::draw(c, area, purpose, read),
        View::Consent { purpose } => consent::draw(c, area, purpose),
        View::Position { live, hint, percent, offer_others } => {
            camera::draw(c, area, preview, &camera::Position { live, hint, percent, offer_others });
        }
        View::Working => plain::working(c, area),
        View::Card { purpose, reading } => card::draw(c, area, purpose, reading),
        View::ConfirmWithdraw => plain::confirm_withdraw(c, area),
        View::Assist => plain::assist(c, area),
        View::Result { tone, title, body } => plain::result(c, area, tone, title, body),
        View::OutOfService => plain::out_of_service(c, area),
        View::StaffLogIn { first, remark, seconds } => staff::log_in(c, area, &staff::LogIn { first, remark, seconds }),
        View::Board { board, locks } => staff::board(c, area, &board, &locks),
    }
}

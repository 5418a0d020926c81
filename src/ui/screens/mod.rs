//! One function a view: draws it inside the content area.

mod camera;
mod card;
mod choice;
mod claim;
mod consent;
mod home;
mod notice;
mod paper;
mod phone;
mod plain;
mod sheet;
mod staff;

use egui::TextureHandle;

use crate::core::screen::View;
use crate::ports::{Paper, PhoneLink};

use super::canvas::Canvas;
use super::layout::Places;

pub(super) use sheet::{ITEM, SCROLL};

/// Draws the content of a screen.
pub(super) fn draw(c: &mut Canvas, places: &Places, preview: Option<&TextureHandle>, page: Option<&Paper>, link: Option<&PhoneLink>) {
    let area = places.content;
    let poster = places.poster;
    // What is only read may reach up; its buttons stay below.
    let tall = poster.map_or(area, |poster| area.with_min_y(poster.top()));
    match c.screen.view.clone() {
        View::Home { locks } => home::draw(c, places, !locks.is_empty()),
        View::Claim { len, ready, remark, choosing } => {
            let what = if choosing { claim::What::Choose } else { claim::What::Own };
            claim::draw(c, area, poster, &claim::Typed { len, ready, remark, what });
        }
        View::Code { len, ready, remark } => {
            claim::draw(c, area, poster, &claim::Typed { len, ready, remark, what: claim::What::Code });
        }
        View::Phone { .. } => phone::draw(c, tall, link),
        View::Notice { purpose, read, child } => notice::draw(c, tall, purpose, read, child),
        View::Consent { purpose, asked, sure } => consent::draw(c, area, purpose, asked, sure),
        View::Offer => plain::offer(c, area),
        View::Guardian { unknown } => plain::guardian(c, area, unknown),
        View::Choice { about } => choice::draw(c, area, about),
        View::Paper { own, printed } => paper::draw(c, tall, page, own, printed),
        View::Position { live, away, hint, percent, offer_others } => {
            camera::draw(c, area, poster, preview, &camera::Position { live, away, hint, percent, offer_others });
        }
        View::Working => plain::working(c, area),
        View::Card { purpose, reading, guardian } => card::draw(c, poster.unwrap_or(area), purpose, reading, guardian),
        View::ConfirmWithdraw => plain::confirm_withdraw(c, area),
        View::Assist { decide } => plain::assist(c, area, decide),
        View::Result { tone, title, body } => plain::result(c, area, tone, title, body),
        View::OutOfService => plain::out_of_service(c, area),
        View::StaffLogIn { first, witness, remark, seconds } => {
            staff::log_in(c, area, &staff::LogIn { first, witness, remark, seconds });
        }
        View::Board { board, locks } => staff::board(c, area, &board, &locks),
    }
}

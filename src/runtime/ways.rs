//! What a reader, a scanner or a phone says of a person: kept in private memory, told to the core as
//! facts without a name.

use crate::core::alarm::Alarm;
use crate::core::audit::AuditEvent;
use crate::core::consent::{AgeBand, Purpose};
use crate::core::event::{CardEvent, Event, Reply};
use crate::core::evidence::{CardFacts, Shown};
use crate::core::fault::Fault;
use crate::core::ids::{PersonId, RequestId, RunId};
use crate::core::mrz;
use crate::core::operator::{Action, Reason};
use crate::core::policy::Admit;
use crate::core::rights::{Standing, Wards};
use crate::core::screen::{Control, View};
use crate::ports::{CardSight, ClaimNumber, Identity, PhoneSight, Secret, StoreFault, age_of};

use super::kiosk::{Input, Kiosk};

impl Kiosk {
    /// What the card reader says. Before anything of a card enters memory: one reading a period,
    /// and only of this one.
    pub(super) fn card(&mut self, run: RunId, sight: CardSight) {
        if self.reading != Some(run) {
            return;
        }
        if !matches!(sight, CardSight::Found) {
            self.reading = None;
        }
        let event = match sight {
            CardSight::Found => CardEvent::Found,
            CardSight::Failed(fault) => CardEvent::Failed(fault),
            CardSight::Changed => {
                self.raise(Alarm::ReaderChanged);
                self.stale = true;
                CardEvent::Failed(Fault::ReaderFailed)
            }
            CardSight::Read(identity) => self.identified(identity, Shown::Document, false),
            CardSight::Doubtful(identity) => self.identified(identity, Shown::Document, true),
        };
        self.step(&Event::Card(run, event));
    }

    /// What the person's phone says.
    pub(super) fn phone(&mut self, run: RunId, sight: PhoneSight) {
        if self.reading != Some(run) {
            return;
        }
        let event = match sight {
            PhoneSight::Link(link) => {
                self.shared.put_link(Some(link));
                CardEvent::Found
            }
            PhoneSight::Failed(fault) => CardEvent::Failed(fault),
            PhoneSight::Read(identity) => self.identified(identity, Shown::Phone, false),
        };
        if !matches!(event, CardEvent::Found) {
            self.reading = None;
            self.shared.put_link(None);
        }
        self.step(&Event::Card(run, event));
    }

    pub(super) fn phone_on(&mut self, run: RunId) {
        self.reading = Some(run);
        let to = self.to.clone();
        let sink = Box::new(move |run, sight| drop(to.send(Input::Phone(run, sight))));
        self.devices.phone.start(run, self.session.screen().comfort.lang, sink);
    }

    pub(super) fn phone_off(&mut self) {
        self.reading = None;
        self.shared.put_link(None);
        self.devices.phone.stop();
    }

    /// What a scanner typed: a number where one is asked for, a document where one is awaited.
    /// Anything else is dropped unread.
    pub(super) fn scanned(&mut self, text: Secret) {
        match self.session.screen().view {
            View::Claim { .. } | View::Code { .. } => {
                let Some(claim) = ClaimNumber::parse(text.expose()) else { return };
                let digits = claim.digits();
                self.private.claim = claim;
                self.step(&Event::ClaimEdited(digits));
                self.step(&Event::Tap(Control::ClaimDone));
            }
            View::Card { .. } => {
                let Some(run) = self.reading else { return };
                let today = self.devices.clock.today();
                let event = match mrz::parse(text.expose(), today) {
                    Ok(zone) => {
                        let name = [zone.surname(), zone.given_names()].join(" ");
                        let (name, number) = (Secret::new(name.trim_end().to_owned()), Secret::new(zone.number()));
                        let identity = Identity::new(name, number, zone.birth, zone.expires);
                        // A scanner cannot tell a passport from a picture of one: staff look, but for a
                        // site whose rule is that a card is enough it is enough too.
                        self.identified(identity, Shown::Document, false)
                    }
                    Err(_) => match self.badge(&text) {
                        Some(event) => event,
                        None => return,
                    },
                };
                self.reading = None;
                self.step(&Event::Card(run, event));
            }
            _ => {}
        }
    }

    /// A badge says whom it was given to, not who holds it.
    fn badge(&mut self, code: &Secret) -> Option<CardEvent> {
        let usable = (4..=32).contains(&code.expose().len()) && code.expose().bytes().all(|b| b.is_ascii_alphanumeric());
        if !usable || self.private.expect_guardian {
            return None;
        }
        Some(match self.devices.records.badge(code) {
            Err(StoreFault) => CardEvent::Failed(Fault::StoreRead),
            Ok(owner) => CardEvent::Read(CardFacts {
                person: owner.and_then(|owner| owner.person),
                age: AgeBand::Unknown,
                expired: false,
                doubt: owner.is_none(),
                listed: owner.is_some(),
                shown: Shown::Badge,
                elder: false,
                template: Standing::None,
                wards: Wards::default(),
            }),
        })
    }

    /// What the core may know of a document.
    fn identified(&mut self, identity: Identity, shown: Shown, doubt: bool) -> CardEvent {
        let today = self.devices.clock.today();
        let age = age_of(&identity, today);
        let expired = identity.expires().is_some_and(|end| end < today);
        let bare = CardFacts {
            person: None,
            age,
            expired,
            doubt,
            listed: false,
            shown,
            elder: false,
            template: Standing::None,
            wards: Wards::default(),
        };
        if std::mem::take(&mut self.private.expect_guardian) {
            self.private.guardian = Some(identity);
            // Whoever cannot be told from their document is no guardian here.
            return CardEvent::Read(CardFacts { expired: expired || doubt, ..bare });
        }
        // To be verified, the document itself is enough; to see or change what is stored, the store
        // must answer. Nor may a list that cannot be read turn somebody away: staff look.
        let view = self.session.screen().view;
        let verify = matches!(view, View::Phone { .. } | View::Card { purpose: Purpose::Verify, .. });
        let found = match self.devices.records.find_identity(&identity) {
            Err(StoreFault) if verify => Ok(None),
            other => other,
        };
        let wards = if verify { Ok(Wards::default()) } else { self.devices.records.wards(&identity) };
        let listed = self.devices.records.listed(&identity);
        let unread = listed.is_err() && self.session.policy().admit == Admit::Listed;
        let (Ok(known), Ok(wards)) = (found, wards) else { return CardEvent::Failed(Fault::StoreRead) };
        let facts = CardFacts {
            person: known.map(|k| k.person),
            doubt: doubt || unread,
            listed: listed.unwrap_or(false),
            elder: self.is_elder(&identity, today),
            template: known.map(|k| k.template).unwrap_or_default(),
            wards,
            ..bare
        };
        self.private.identity = Some(identity);
        CardEvent::Read(facts)
    }

    /// Whether the typed code goes with the document that was shown.
    pub(super) fn check_code(&mut self, request: RequestId) {
        let super::private::Private { claim, identity, .. } = &self.private;
        let right = identity.as_ref().ok_or(StoreFault).and_then(|identity| self.devices.records.code_right(identity, claim));
        self.reply(request, right.map(Reply::CodeRight), Fault::StoreRead);
    }

    /// Puts what staff decided on record, with who they are.
    pub(super) fn decide(&mut self, request: RequestId, person: Option<PersonId>, reason: Reason) {
        let policy = self.session.policy().version;
        let staff = self.private.staff.take();
        let by = staff.as_ref().map(crate::core::operator::LoggedIn::id);
        let records = &mut self.devices.records;
        let approved = records.approve(Action::Admit, staff.as_slice()).is_some();
        self.private.staff = staff;
        let entry = AuditEvent::Decided { person, reason, by, policy };
        let stored = if approved { records.record(&entry).map(|()| Reply::Recorded) } else { Err(StoreFault) };
        self.reply(request, stored, Fault::StoreWrite);
    }
}

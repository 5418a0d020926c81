//! What follows what: the one place where a stage that is done leads to the next.

use super::audit::AuditEvent;
use super::command::{Command, Commands};
use super::consent::{AgeBand, Purpose};
use super::context::{Ctx, Journey};
use super::fault::Fault;
use super::ids::PersonId;
use super::readiness::bars;
use super::screen::{Asked, Comfort};
use super::session::Session;
use super::stage::{Exit, GuardianExit, Stage, WayExit, admit, assist, card, claim, code, compare, consent, enrol, guardian, home, mydata, notice};
use super::stage::{offer, position, receipt, renew, result, staff, withdraw};

impl Session {
    /// Decides what follows when a stage is done.
    pub(super) fn follow(&mut self, exit: Exit, out: &mut Commands) {
        let next = match exit {
            Exit::ChoseFace => self.begin(Purpose::Verify, out, |_| Stage::Claim(claim::Claim::default())),
            Exit::ChoseCard => {
                let refused = self.journey.refused;
                let stage = self.begin(Purpose::Verify, out, |ctx| Stage::Card(card::Card::enter(ctx)));
                self.journey.refused = refused;
                stage
            }
            Exit::ChoseRegister => self.begin(Purpose::Enrol, out, |ctx| Stage::Card(card::Card::enter(ctx))),
            Exit::ChoseWithdraw => self.begin(Purpose::Withdraw, out, |ctx| Stage::Card(card::Card::enter(ctx))),
            Exit::Way(step) => self.after_way(step, out),
            Exit::ChoseMyData => self.begin(Purpose::MyData, out, |ctx| Stage::Card(card::Card::enter(ctx))),
            Exit::Guardian(step) => self.after_guardian(step, out),
            Exit::OpenRecord => {
                // Who is logged in stays so: the look-up is theirs.
                self.journey = Journey::new(Purpose::MyData);
                Stage::Claim(claim::Claim::of_staff())
            }
            Exit::RecordFound(person) => self.own_data(Some(person), &[], true, out),
            Exit::WithdrawOf(person) => {
                self.journey.person = Some(person);
                Stage::Withdraw(withdraw::Withdraw::default())
            }
            Exit::Renew { person, age, ward } => self.begin_renewal(person, age, ward, out),
            Exit::ShowReceipt(receipt) => self.enter(out, |ctx| Stage::Receipt(receipt::Receipt::enter(receipt, ctx))),
            Exit::ChoseStaff => {
                let first = !self.board.operators;
                self.begin(Purpose::Verify, out, |_| Stage::Staff(staff::Staff::enter(first)))
            }
            Exit::CallStaff => {
                self.call_staff(out);
                Stage::Assist(assist::Assist::default())
            }
            Exit::Claimed => match self.journey.purpose {
                Purpose::Enrol => self.open_camera(out),
                Purpose::Verify | Purpose::Withdraw | Purpose::MyData => self.notice(),
            },
            Exit::Identified(facts) => self.after_card(facts, out),
            Exit::Offered { facts, larger } => {
                self.comfort.large |= larger;
                self.after_card(facts, out)
            }
            Exit::NoticeRead { child: true, .. } if self.journey.asked() == Asked::Guardian => {
                self.enter(out, |ctx| Stage::Card(card::Card::of_guardian(ctx)))
            }
            Exit::NoticeRead { shown_ms, .. } => {
                self.journey.notice_ms = shown_ms;
                self.journey.notice_lang = self.comfort.lang;
                Stage::Consent(consent::Consent::at(self.now))
            }
            Exit::Agreed if self.journey.renew => match self.enter(out, renew::Renew::enter) {
                Some(renew) => Stage::Renew(renew),
                None => self.end(result::Outcome::Declined, out),
            },
            Exit::Agreed => match self.journey.purpose {
                Purpose::Enrol => Stage::Claim(claim::Claim::default()),
                Purpose::Verify | Purpose::Withdraw | Purpose::MyData => self.open_camera(out),
            },
            Exit::Declined => {
                self.journey.refused = true;
                out.push(Command::Note(AuditEvent::Refused { purpose: self.journey.purpose }));
                self.end(result::Outcome::Declined, out)
            }
            Exit::Gathered(gathered) => {
                out.push(Command::CameraOff);
                self.enter(out, |ctx| match ctx.journey.purpose {
                    _ if bars(ctx.locks) => Err(result::Outcome::Fault(Fault::VisionFailed)),
                    Purpose::Enrol => enrol::Enrol::enter(&gathered, ctx).map(Stage::Enrol),
                    Purpose::Verify | Purpose::Withdraw | Purpose::MyData => {
                        compare::Compare::enter(&gathered, ctx).map(Stage::Compare)
                    }
                })
                .unwrap_or_else(|outcome| self.end(outcome, out))
            }
            Exit::Granted(grant) => {
                out.push(Command::Announce(grant));
                self.end(result::Outcome::Granted(grant.method()), out)
            }
            Exit::Ended(outcome) => self.end(outcome, out),
            Exit::Again => self.open_camera(out),
            Exit::CardAgain => self.enter(out, |ctx| Stage::Card(card::Card::enter(ctx))),
            Exit::Faulted(fault) => {
                out.push(Command::Note(AuditEvent::Faulted { fault }));
                self.end(result::Outcome::Fault(fault), out)
            }
        };
        // A lock that came while a card was read, or staff logged in, counts too.
        let next = if next.needs_face() && bars(&self.locks) {
            self.end(result::Outcome::Fault(Fault::VisionFailed), out)
        } else {
            next
        };
        self.stage = next;
        self.idle_since = self.now;
        self.extensions = 0;
    }

    /// What was entered and shown is gone before anybody comes.
    fn call_staff(&mut self, out: &mut Commands) {
        self.leave_devices(out);
        out.push(Command::WipeSession);
        out.push(Command::CallStaff);
        out.push(Command::Note(AuditEvent::StaffCalled));
        self.ticket = None;
    }

    /// Starts a new journey from whatever went on before.
    pub(super) fn begin(&mut self, purpose: Purpose, out: &mut Commands, stage: impl FnOnce(&mut Ctx) -> Stage) -> Stage {
        self.leave_devices(out);
        out.push(Command::WipeSession);
        self.ticket = None;
        self.journey = Journey::new(purpose);
        self.enter(out, stage)
    }

    /// Ends in a result: devices off, samples gone, and all else that is not needed any more.
    pub(super) fn end(&mut self, outcome: result::Outcome, out: &mut Commands) -> Stage {
        self.leave_devices(out);
        self.settle(outcome, out)
    }

    pub(super) fn settle(&mut self, outcome: result::Outcome, out: &mut Commands) -> Stage {
        if outcome.keeps_session() {
            out.push(Command::WipeSamples);
        } else {
            out.push(Command::WipeSession);
            // What was wiped outside is forgotten here: nothing of it can lead on. The purpose stays
            // for another try, a refusal because it is not asked again, the receipt to be shown.
            let Journey { purpose, refused, .. } = self.journey;
            let consent = self.journey.consent.take();
            self.journey = Journey { consent, refused, ..Journey::new(purpose) };
        }
        Stage::Result(outcome)
    }

    pub(super) fn after_card(&mut self, facts: super::evidence::CardFacts, out: &mut Commands) -> Stage {
        self.leave_devices(out);
        if facts.elder && !self.comfort.large && !self.offered {
            self.offered = true;
            return Stage::Offer(offer::Offer { facts });
        }
        self.journey.person = facts.person;
        self.journey.age = facts.age;
        match self.journey.purpose {
            // A card past its date still shows whose template it is: deleting is a right.
            Purpose::Withdraw if facts.template.is_stored() && facts.wards[0].is_none() => {
                Stage::Withdraw(withdraw::Withdraw::default())
            }
            Purpose::Withdraw if facts.wards[0].is_none() => self.settle(result::Outcome::NothingStored, out),
            // A guardian withdraws with their own card: the page says whose data are deleted.
            Purpose::MyData | Purpose::Withdraw => {
                let wards: Vec<PersonId> = facts.wards.into_iter().flatten().collect();
                self.own_data(facts.person, &wards, false, out)
            }
            Purpose::Enrol | Purpose::Verify if facts.expired => self.settle(result::Outcome::CardExpired, out),
            Purpose::Enrol | Purpose::Verify if facts.age.needs_guardian() => {
                Stage::Guardian(guardian::Guardian::Intro)
            }
            Purpose::Enrol | Purpose::Verify => self.notice(),
        }
    }

    /// Phone, code, staff.
    fn after_way(&mut self, step: WayExit, out: &mut Commands) -> Stage {
        match step {
            WayExit::ChosePhone => self.begin(Purpose::Verify, out, |ctx| Stage::Card(card::Card::by_phone(ctx))),
            WayExit::CodeNeeded(pass) => {
                self.leave_devices(out);
                Stage::Code(code::Code::of(pass))
            }
            WayExit::DecisionNeeded(person) => {
                self.call_staff(out);
                Stage::Assist(assist::Assist::to_decide(person))
            }
            WayExit::StaffComes(person) => Stage::Staff(staff::Staff::enter_for(staff::Goal::Decide(person))),
            WayExit::StaffDecides { role, person } => Stage::Admit(admit::Admit::by(role, person)),
        }
    }

    /// A guardian's way: notice for the child, card, relation, notice, question, witness, evidence.
    fn after_guardian(&mut self, step: GuardianExit, out: &mut Commands) -> Stage {
        match step {
            GuardianExit::Here => Stage::Notice(notice::Notice::for_child(self.now)),
            GuardianExit::Identified(facts) => {
                self.leave_devices(out);
                if facts.age == AgeBand::Adult && !facts.expired {
                    Stage::Guardian(guardian::Guardian::Relation)
                } else {
                    self.settle(result::Outcome::NotGuardian, out)
                }
            }
            GuardianExit::CardFailed(fault) => {
                self.leave_devices(out);
                out.push(Command::Note(AuditEvent::Faulted { fault }));
                self.settle(result::Outcome::GuardianCard(fault), out)
            }
            GuardianExit::Again => self.enter(out, |ctx| Stage::Card(card::Card::of_guardian(ctx))),
            GuardianExit::RelationKnown => self.notice(),
            GuardianExit::Agreed => Stage::Staff(staff::Staff::enter_for(staff::Goal::Witness)),
            GuardianExit::AgeAsked => Stage::Staff(staff::Staff::enter_for(staff::Goal::Age)),
            GuardianExit::AgeKnown if self.journey.age.needs_guardian() => Stage::Guardian(guardian::Guardian::Intro),
            GuardianExit::AgeKnown => self.notice(),
            GuardianExit::StaffHere(goal) => Stage::Guardian(match goal {
                staff::Goal::Age => guardian::Guardian::Age,
                staff::Goal::Witness | staff::Goal::Board | staff::Goal::Decide(_) => guardian::Guardian::Evidence { asked: None },
            }),
        }
    }

    /// The notice for whoever has to agree.
    pub(super) fn notice(&self) -> Stage {
        Stage::Notice(match self.journey.asked() {
            Asked::Child => notice::Notice::for_child(self.now),
            Asked::Person | Asked::Guardian => notice::Notice::at(self.now),
        })
    }

    pub(super) fn own_data(&mut self, own: Option<PersonId>, wards: &[PersonId], by_staff: bool, out: &mut Commands) -> Stage {
        match self.enter(out, |ctx| mydata::MyData::enter(own, wards, by_staff, ctx)) {
            Some(page) => Stage::MyData(page),
            None => self.settle(result::Outcome::NothingKnown, out),
        }
    }

    /// Consent anew for a template that is there.
    pub(super) fn begin_renewal(&mut self, person: PersonId, age: AgeBand, ward: bool, out: &mut Commands) -> Stage {
        if bars(&self.locks) {
            return self.end(result::Outcome::Fault(Fault::VisionFailed), out);
        }
        // What the card just said counts against what is stored, if it protects more.
        let age = if ward { age } else { age.younger(self.journey.age) };
        self.journey = Journey { person: Some(person), age, renew: true, ..Journey::new(Purpose::Enrol) };
        match (age.needs_guardian(), ward) {
            (true, true) => {
                out.push(Command::ActAsGuardian);
                Stage::Guardian(guardian::Guardian::Relation)
            }
            (true, false) => Stage::Guardian(guardian::Guardian::Intro),
            (false, true) => self.end(result::Outcome::RenewNeeded, out),
            (false, false) => self.notice(),
        }
    }

    /// The only way to the camera: without a live consent there is none.
    pub(super) fn open_camera(&mut self, out: &mut Commands) -> Stage {
        match self.enter(out, position::Position::enter) {
            Some(position) => Stage::Position(position),
            None if bars(&self.locks) => self.end(result::Outcome::Fault(Fault::VisionFailed), out),
            None => Stage::Result(result::Outcome::Declined),
        }
    }

    pub(super) fn go_home(&mut self, out: &mut Commands) {
        self.leave_devices(out);
        out.push(Command::WipeSession);
        self.journey = Journey::new(Purpose::Verify);
        // With headphones plugged in, the one who holds them still stands there, or the next does.
        self.comfort = Comfort { lang: self.home_lang, speech: self.headphones, ..Comfort::default() };
        self.offered = false;
        self.ticket = None;
        self.stage = if self.store_open { Stage::Home(home::Home) } else { Stage::out_of_service() };
        self.idle_since = self.now;
        self.extensions = 0;
    }

    /// Whether there is a step before this one to go back to.
    pub(super) fn leads_back(&self) -> bool {
        match self.stage {
            // What was asked of the store is answered first.
            _ if self.stage.pending().is_some() => false,
            Stage::Claim(_) | Stage::Notice(_) | Stage::Consent(_) | Stage::Position(_) | Stage::Card(_) | Stage::Withdraw(_)
            | Stage::Guardian(_) | Stage::Offer(_) | Stage::Code(_) => true,
            Stage::Home(_) | Stage::Compare(_) | Stage::Enrol(_) | Stage::Renew(_) | Stage::Assist(_) | Stage::Staff(_)
            | Stage::MyData(_) | Stage::Receipt(_) | Stage::Admit(_) | Stage::Result(_) | Stage::OutOfService(_) => false,
        }
    }

    /// One step back: the question leads to the notice, the notice to where the person said who they
    /// are, all else to the first screen as the person wants it. An agreement given before does not
    /// stand any longer: whoever goes on is asked anew.
    pub(super) fn back(&mut self, out: &mut Commands) {
        let purpose = self.journey.purpose;
        let next = match (&self.stage, purpose) {
            (Stage::Consent(_), _) => self.notice(),
            (Stage::Notice(_) | Stage::Position(_), Purpose::Verify) if !self.journey.asked_guardian() => {
                self.begin(Purpose::Verify, out, |_| Stage::Claim(claim::Claim::default()))
            }
            (Stage::Notice(_) | Stage::Position(_) | Stage::Claim(_), Purpose::Enrol) if !self.journey.renew => {
                self.begin(Purpose::Enrol, out, |ctx| Stage::Card(card::Card::enter(ctx)))
            }
            _ => {
                let (comfort, offered) = (self.comfort, self.offered);
                self.go_home(out);
                (self.comfort, self.offered) = (comfort, offered);
                return;
            }
        };
        self.stage = next;
        self.idle_since = self.now;
        self.extensions = 0;
    }

    /// Headphones in: the voice begins. Out: whatever is private leaves the screen, and the voice
    /// goes on as the person wants it.
    pub(super) fn headphones(&mut self, plugged: bool, out: &mut Commands) {
        self.headphones = plugged;
        if plugged {
            self.by_plug |= !self.comfort.speech;
            self.comfort.speech = true;
            self.comfort.text_only = false;
            self.idle_since = self.now;
        } else if matches!(self.stage, Stage::MyData(_) | Stage::Receipt(_) | Stage::Claim(_)) {
            self.go_home(out);
        } else if std::mem::take(&mut self.by_plug) {
            // The plug began it, the plug ends it: nothing of this goes on into the room.
            self.comfort.speech = false;
        }
    }

    pub(super) fn leave_devices(&mut self, out: &mut Commands) {
        match &self.stage {
            Stage::Position(_) => out.push(Command::CameraOff),
            Stage::Card(card) => out.push(card.off()),
            Stage::Home(_) | Stage::Claim(_) | Stage::Notice(_) | Stage::Consent(_) | Stage::Compare(_)
            | Stage::Enrol(_) | Stage::Withdraw(_) | Stage::Assist(_) | Stage::Staff(_) | Stage::Guardian(_)
            | Stage::Offer(_) | Stage::MyData(_) | Stage::Receipt(_) | Stage::Renew(_) | Stage::Code(_) | Stage::Admit(_)
            | Stage::Result(_) | Stage::OutOfService(_) => {}
        }
    }

    pub(super) fn enter<T>(&mut self, out: &mut Commands, make: impl FnOnce(&mut Ctx) -> T) -> T {
        let Self { policy, comfort, locks, journey, failures, next_id, now, .. } = self;
        make(&mut Ctx { at: *now, policy, comfort: *comfort, locks, journey, failures, out, next_id })
    }
}

//! The driver alone, with answers made by hand.

use super::*;

struct Talk {
    driver: Driver,
    now: Tick,
}

impl Talk {
    fn new(pinned: Option<&str>) -> Self {
        Self { driver: Driver::new(pinned.map(str::to_owned)), now: Tick(0) }
    }

    /// The next command, after waiting.
    fn command(&mut self) -> Option<Command> {
        loop {
            match self.driver.next(self.now) {
                Step::Send(command) => return Some(command),
                Step::Wait(until) => self.now = until,
                Step::Over => return None,
            }
        }
    }

    /// Expects a command and answers it.
    fn turn(&mut self, expected: Command, status: u8, data: &[u8]) -> Option<Event> {
        assert_eq!(self.command(), Some(expected));
        let mut data = data.to_vec();
        self.driver.answered(self.now, Answer { status: Status::from(status), data: &mut data })
    }

    fn ready(pinned: Option<&str>) -> Self {
        let mut talk = Self::new(pinned);
        assert!(talk.turn(Command::Status, 0x90, &[]).is_none());
        assert!(talk.turn(Command::SamId, 0x90, &crate::devices::sim::sam::SAM_ID).is_none());
        talk
    }
}

fn fault(event: Option<Event>) -> Option<CardFault> {
    match event {
        Some(Event::Failed(fault)) => Some(fault),
        _ => None,
    }
}

#[test]
fn it_polls_every_three_hundred_milliseconds() {
    let mut talk = Talk::ready(None);
    for turn in 0..10 {
        assert!(talk.turn(Command::Find, 0x80, &[]).is_none());
        assert_eq!(talk.now, Tick(turn * POLL_MS));
    }
    assert_eq!(talk.driver.sam_id(), Some("05.03-20150331-0001234567-1234567890"));
}

#[test]
fn a_card_that_moves_is_tried_five_times() {
    let mut talk = Talk::ready(None);
    for failure in 1..=TRIES {
        let found = talk.turn(Command::Find, 0x9F, &[0; 4]);
        assert_eq!(matches!(found, Some(Event::Found)), failure == 1, "told once");
        let event = talk.turn(Command::Select, 0x81, &[]);
        assert_eq!(fault(event), (failure == TRIES).then_some(CardFault::CardUnreadable));
    }
    assert_eq!(talk.now, Tick(SETTLE_MS * u64::from(TRIES - 1)));
    assert_eq!(talk.command(), None);
}

#[test]
fn failed_readings_lead_to_a_restart_of_the_module() {
    let mut talk = Talk::ready(None);
    for failure in 1..=TRIES {
        let _found = talk.turn(Command::Find, 0x9F, &[0; 4]);
        assert!(talk.turn(Command::Select, 0x90, &[0; 8]).is_none());
        let event = talk.turn(Command::Read, 0x41, &[]);
        assert_eq!(fault(event), (failure == TRIES).then_some(CardFault::CardUnreadable));
        if (RESET_AFTER..TRIES).contains(&failure) {
            assert!(talk.turn(Command::Reset, 0x90, &[]).is_none());
        }
    }
}

#[test]
fn a_card_that_is_not_seen_again_was_taken_away() {
    let mut talk = Talk::ready(None);
    let _found = talk.turn(Command::Find, 0x9F, &[0; 4]);
    assert!(talk.turn(Command::Select, 0x81, &[]).is_none());
    for miss in 1..=MISSES {
        assert!(talk.turn(Command::Find, 0x80, &[]).is_none());
        let event = talk.turn(Command::Select, 0x81, &[]);
        assert_eq!(fault(event), (miss == MISSES).then_some(CardFault::CardRemoved));
    }
}

#[test]
fn a_module_that_finds_once_can_still_be_read() {
    let mut talk = Talk::ready(None);
    let _found = talk.turn(Command::Find, 0x9F, &[0; 4]);
    assert!(talk.turn(Command::Select, 0x81, &[]).is_none());
    assert!(talk.turn(Command::Find, 0x80, &[]).is_none());
    assert!(talk.turn(Command::Select, 0x90, &[0; 8]).is_none());
    assert_eq!(talk.command(), Some(Command::Read));
}

#[test]
fn another_security_module_is_tampering() {
    let mut talk = Talk::new(Some("05.03-20150331-0001234567-0000000001"));
    assert!(talk.turn(Command::Status, 0x90, &[]).is_none());
    assert_eq!(fault(talk.turn(Command::SamId, 0x90, &[0; 16])), Some(CardFault::Tampered));
    // Not pinned, but changed while the cable was out.
    let mut talk = Talk::ready(None);
    talk.driver.reconnected();
    assert!(talk.turn(Command::Status, 0x90, &[]).is_none());
    assert_eq!(fault(talk.turn(Command::SamId, 0x90, &[0; 16])), Some(CardFault::Tampered));
    assert_eq!(talk.command(), None);
    talk.driver.reconnected();
    assert_eq!(talk.command(), None, "over is over");
}

#[test]
fn a_module_that_will_not_say_who_it_is_passes_only_unpinned() {
    for status in [0x21, 0x91, 0x23] {
        let mut talk = Talk::new(None);
        assert!(talk.turn(Command::Status, 0x90, &[]).is_none());
        assert!(talk.turn(Command::SamId, status, &[]).is_none());
        assert_eq!(talk.command(), Some(Command::Find));
        let mut talk = Talk::new(Some("x"));
        assert!(talk.turn(Command::Status, 0x90, &[]).is_none());
        assert!(fault(talk.turn(Command::SamId, status, &[])).is_some());
    }
}

#[test]
fn unclear_answers_are_asked_again_and_then_count() {
    for status in [0x10, 0x11, 0x24, 0x47] {
        let mut talk = Talk::ready(None);
        assert!(talk.turn(Command::Find, status, &[]).is_none());
        assert!(talk.turn(Command::Find, status, &[]).is_none());
        assert_eq!(fault(talk.turn(Command::Find, status, &[])), Some(CardFault::ReaderFailed));
    }
    let mut talk = Talk::ready(None);
    assert!(talk.turn(Command::Find, 0x9F, &[]).is_none(), "found, but without its four bytes");
    assert_eq!(talk.command(), Some(Command::Find));
    for (status, expected) in
        [(0x31, CardFault::CardRefused), (0x40, CardFault::CardUnsupported), (0x77, CardFault::ReaderFailed)]
    {
        let mut talk = Talk::ready(None);
        let _found = talk.turn(Command::Find, 0x9F, &[0; 4]);
        assert_eq!(fault(talk.turn(Command::Select, status, &[])), Some(expected));
    }
}

#[test]
fn no_course_of_answers_goes_on_for_ever_once_a_card_was_found() {
    proptest::proptest!(|(course in proptest::collection::vec(proptest::prelude::any::<(u8, u8)>(), 400))| {
        let mut talk = Talk::ready(None);
        let _found = talk.turn(Command::Find, 0x9F, &[0; 4]);
        let mut commands = 0;
        for (choice, wild) in course {
            let Some(command) = talk.command() else { break };
            commands += 1;
            let statuses = [0x90, 0x9F, 0x80, 0x81, 0x41, 0x90, 0x9F, 0x91, 0x10, wild];
            let status = Status::from(statuses[usize::from(choice) % statuses.len()]);
            let mut data = vec![0; command.lengths().last().map_or(0, |length| length - 4)];
            let len = if status.advice() == Advice::GoOn { data.len() } else { 0 };
            let _event = talk.driver.answered(talk.now, Answer { status, data: &mut data[..len] });
        }
        proptest::prop_assert!(commands < 150, "{commands}");
    });
}

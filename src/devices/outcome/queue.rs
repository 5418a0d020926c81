//! What waits to be sent, how long, and how much of it.

use std::collections::{BTreeMap, VecDeque};

use crate::core::alarm::Alarm;
use crate::core::time::Tick;

use super::message::{Event, Message};

/// How long a verification waits: a door must not open for somebody who has left. Units: ms.
pub const VERIFIED_MS: u64 = 5_000;
/// How long a call for help waits. Units: ms.
pub const HELP_MS: u64 = 300_000;
/// How many verifications and calls wait; the oldest makes room.
const MOST: usize = 64;

/// Holds at most 64 verifications and calls for help, and the latest alarm of each kind.
#[derive(Default)]
pub struct Queue {
    waiting: VecDeque<(Tick, Message)>,
    alarms: BTreeMap<Alarm, (Tick, Message)>,
    seq: u64,
}

impl Queue {
    /// Takes what happened at `now`; `at_ms` is the same moment in ms since 1970 UTC.
    pub fn push(&mut self, now: Tick, at_ms: i64, event: Event) {
        self.seq += 1;
        let entry = (now, Message::new(self.seq, at_ms, event));
        if let Event::Alarm { alarm } = event {
            self.alarms.insert(alarm, entry);
            return;
        }
        self.expire(now);
        if self.waiting.len() == MOST {
            self.waiting.pop_front();
        }
        self.waiting.push_back(entry);
    }

    /// The next to be sent and when it happened. Drops what waited too long; alarms come last and
    /// never wait too long.
    pub fn next(&mut self, now: Tick) -> Option<(Tick, Message)> {
        self.expire(now);
        let oldest_alarm = self.alarms.values().min_by_key(|(_, message)| message.seq);
        self.waiting.front().or(oldest_alarm).copied()
    }

    /// The line of this number was sent.
    pub fn sent(&mut self, seq: u64) {
        self.waiting.retain(|(_, message)| message.seq != seq);
        self.alarms.retain(|_, (_, message)| message.seq != seq);
    }

    fn expire(&mut self, now: Tick) {
        self.waiting.retain(|(at, message)| lifetime(message).is_none_or(|ms| now.since(*at) <= ms));
    }
}

/// How long a message is of use. Units: ms; none is for ever.
pub(super) fn lifetime(message: &Message) -> Option<u64> {
    match message.event {
        Event::Verified { .. } => Some(VERIFIED_MS),
        Event::Help { .. } => Some(HELP_MS),
        Event::Alarm { .. } => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::evidence::Method;

    const VERIFIED: Event = Event::Verified { method: Method::Card, person: None, policy: 1 };
    const HELP: Event = Event::Help { ticket: None };

    fn drain(queue: &mut Queue, now: u64) -> Vec<u64> {
        let mut all = Vec::new();
        while let Some((_, message)) = queue.next(Tick(now)) {
            queue.sent(message.seq);
            all.push(message.seq);
        }
        all
    }

    #[test]
    fn a_verification_waits_five_seconds_and_help_five_minutes() {
        let filled = || {
            let mut queue = Queue::default();
            for event in [Event::Alarm { alarm: Alarm::ClockBack }, VERIFIED, HELP] {
                queue.push(Tick(1000), 0, event);
            }
            queue
        };
        assert_eq!(drain(&mut filled(), 6000), [2, 3, 1]);
        assert_eq!(drain(&mut filled(), 6001), [3, 1]);
        assert_eq!(drain(&mut filled(), 301_000), [3, 1]);
        assert_eq!(drain(&mut filled(), 301_001), [1]);
    }

    #[test]
    fn the_latest_alarm_of_each_kind_is_kept_however_long() {
        let mut queue = Queue::default();
        for alarm in [Alarm::UsbStorage, Alarm::ClockBack, Alarm::UsbStorage] {
            queue.push(Tick(0), 0, Event::Alarm { alarm });
        }
        assert_eq!(drain(&mut queue, u64::MAX), [2, 3]);
    }

    #[test]
    fn what_was_not_sent_stays_and_the_oldest_makes_room() {
        let mut queue = Queue::default();
        for _ in 0..1000 {
            queue.push(Tick(0), 0, HELP);
            assert!(queue.next(Tick(0)).is_some());
        }
        assert_eq!(drain(&mut queue, 0), (937..=1000).collect::<Vec<_>>());
    }
}

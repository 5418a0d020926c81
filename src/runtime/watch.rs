//! The watch over the device while it runs: alarms, locks, upkeep, and what staff see of them.

use crate::core::alarm::Alarm;
use crate::core::calendar::Calendar;
use crate::core::event::Event;
use crate::core::filing::Step;
use crate::core::readiness::{Known, reasons};
use crate::core::screen::Board;

use super::kiosk::{HOUR_MS, Kiosk, LOOK_MS};

/// More than time servers correct at once in a machine that was right before. Units: ms.
const SET_MS: i64 = 2 * 60_000;

impl Kiosk {
    /// Tells the session why the face way is closed, and what staff see.
    pub(super) fn refresh(&mut self) {
        let now = self.devices.clock.unix_ms();
        let alarms = self.devices.records.alarms();
        let condition = self.devices.records.condition();
        let closing: Vec<Alarm> = alarms.iter().filter(|open| open.closes_face(now)).map(|open| open.alarm).collect();
        let locks = reasons(&Known {
            site: &self.devices.site,
            models: self.models,
            camera: self.devices.camera.present(),
            card_reader: self.devices.reader.present(),
            store: condition.as_ref().map(|condition| &condition.facts),
            alarms: &closing,
            today: self.devices.clock.today(),
            in_service: self.devices.in_service,
        });
        let board = Board {
            alarms,
            theft: condition.as_ref().map(|condition| condition.theft),
            people: condition.as_ref().map_or(0, |condition| condition.people),
            entries: condition.as_ref().map_or(0, |condition| condition.entries),
            requests: condition.as_ref().map_or((0, 0), |condition| condition.requests),
            filing_due: condition.as_ref().is_some_and(|condition| {
                // Whether, not when: the table of holidays is at the command line.
                condition.filing.step(condition.people, &Calendar::default()) != Step::Nothing
            }),
            phone: self.devices.phone.present(),
            // A store that is closed has accounts nobody can be checked against.
            operators: condition.as_ref().is_none_or(|condition| condition.facts.operators),
        };
        if self.told.as_ref() != Some(&(locks.clone(), board.clone())) {
            self.told = Some((locks.clone(), board.clone()));
            self.step(&Event::Board(board));
            self.step(&Event::Locks(locks));
        }
    }

    /// Puts an alarm on record, tells staff, closes the face way if it must be.
    pub(super) fn raise(&mut self, alarm: Alarm) {
        let known = self.devices.records.alarms().iter().any(|open| open.alarm == alarm);
        // Even if the disk refuses, the store keeps it in memory.
        let _ = self.devices.records.raise(alarm);
        if !known {
            self.devices.outcome.alarm(alarm);
        }
    }

    /// Wall time that moves otherwise than time itself was set by somebody: ages and periods rest on it.
    fn compare_clocks(&mut self) {
        let Some((_, since_start)) = self.devices.clock.boot() else { return };
        let wall = self.devices.clock.unix_ms();
        if let Some((then, wall_then)) = self.clocks.replace((since_start, wall)) {
            let passed = i64::try_from(since_start.saturating_sub(then)).unwrap_or(i64::MAX);
            let drift = wall.saturating_sub(wall_then).saturating_sub(passed);
            if drift > SET_MS {
                self.raise(Alarm::ClockAhead);
            } else if drift < -SET_MS {
                self.raise(Alarm::ClockBack);
            }
        }
    }

    /// Looks at the machine every few seconds, and lets the store look after itself every hour.
    pub(super) fn watch(&mut self) {
        let now = self.devices.clock.tick();
        if now.since(self.looked_at) < LOOK_MS {
            return;
        }
        self.looked_at = now;
        self.compare_clocks();
        let noticed = self.devices.sentinel.look();
        noticed.into_iter().for_each(|alarm| self.raise(alarm));
        if self.tended_at.is_none_or(|at| now.since(at) >= HOUR_MS) {
            self.tended_at = Some(now);
            let before = self.devices.records.alarms().len();
            // A store that cannot be written says so itself; the next hour tries again.
            let _ = self.devices.records.tend();
            let after = self.devices.records.alarms();
            after.iter().skip(before).for_each(|open| self.devices.outcome.alarm(open.alarm));
        }
        self.refresh();
    }
}

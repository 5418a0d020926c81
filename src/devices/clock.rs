//! The system's clock; the only place that asks it.

use std::time::{Instant, SystemTime, UNIX_EPOCH};

use crate::core::time::{Date, Tick};
use crate::ports::Clock;

/// Time of this machine.
pub struct SystemClock {
    start: Instant,
}

impl Default for SystemClock {
    #[allow(clippy::disallowed_methods)] // this is the adapter
    fn default() -> Self {
        Self { start: Instant::now() }
    }
}

impl Clock for SystemClock {
    fn tick(&self) -> Tick {
        Tick(u64::try_from(self.start.elapsed().as_millis()).unwrap_or(u64::MAX))
    }

    #[allow(clippy::disallowed_methods)]
    fn today(&self) -> Date {
        let today = jiff::Zoned::now().date();
        let part = |value: i8| u8::try_from(value).unwrap_or(1);
        let year = u16::try_from(today.year()).unwrap_or(1900);
        // A clock before 1900 makes everybody a child: the protective side.
        Date::new(year, part(today.month()), part(today.day())).unwrap_or(Date::EARLIEST)
    }

    fn boot(&self) -> Option<(String, u64)> {
        let id = std::fs::read_to_string("/proc/sys/kernel/random/boot_id").ok()?;
        let up = rustix::time::clock_gettime(rustix::time::ClockId::Boottime);
        let ms = u64::try_from(up.tv_sec).ok()? * 1000 + u64::try_from(up.tv_nsec).ok()? / 1_000_000;
        Some((id.trim().to_owned(), ms))
    }

    #[allow(clippy::disallowed_methods)]
    fn unix_ms(&self) -> i64 {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
    }
}

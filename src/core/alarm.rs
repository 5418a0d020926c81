//! What the device notices of tampering, and what it does about it.

use serde::{Deserialize, Serialize};

use super::message::Msg;

/// One sign that something may be wrong. The card way is never touched by any.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Alarm {
    /// Five or more log-ins of an operator failed in a row.
    LoginsFailed,
    /// A stored row was changed, swapped or moved by something else than this program.
    RowChanged,
    /// The database file is another one, or an older copy of it.
    FileSwapped,
    /// The audit log was cut, edited or reordered.
    LogDamaged,
    /// The clock was turned back.
    ClockBack,
    /// The clock jumped far ahead, or the device was off for a very long time.
    ClockAhead,
    /// A model file is not the one this program was built for.
    ModelChanged,
    /// Another card reader is connected than the one put into service.
    ReaderChanged,
    /// Presentations that were not live, again and again.
    LivenessRepeated,
    /// A storage medium was plugged in.
    UsbStorage,
    /// The program file is not the one put into service.
    ProgramChanged,
}

/// What follows from an alarm, beside its entry in the log and its line on the staff's screen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Response {
    /// Staff are told; all ways stay open.
    Tell,
    /// Staff are told; the face way closes for a while. Units: ms.
    CloseFor(i64),
    /// Staff are told; the face way closes until a supervisor looked into it.
    Close,
}

impl Alarm {
    /// All of them.
    pub const ALL: [Self; 11] = [
        Self::LoginsFailed,
        Self::RowChanged,
        Self::FileSwapped,
        Self::LogDamaged,
        Self::ClockBack,
        Self::ClockAhead,
        Self::ModelChanged,
        Self::ReaderChanged,
        Self::LivenessRepeated,
        Self::UsbStorage,
        Self::ProgramChanged,
    ];

    /// What follows.
    #[must_use]
    pub fn response(self) -> Response {
        match self {
            // Anybody could close the face way for all by typing nonsense: the account waits instead.
            Self::LoginsFailed => Response::Tell,
            Self::LivenessRepeated => Response::CloseFor(15 * 60_000),
            Self::RowChanged | Self::FileSwapped | Self::LogDamaged | Self::ClockBack | Self::ClockAhead | Self::ModelChanged
            | Self::ReaderChanged | Self::UsbStorage | Self::ProgramChanged => Response::Close,
        }
    }

    /// The sentence for staff: what was noticed, and what to do.
    #[must_use]
    pub fn words(self) -> Msg {
        match self {
            Self::LoginsFailed => Msg::AlarmLoginsFailed,
            Self::RowChanged => Msg::AlarmRowChanged,
            Self::FileSwapped => Msg::AlarmFileSwapped,
            Self::LogDamaged => Msg::AlarmLogDamaged,
            Self::ClockBack => Msg::AlarmClockBack,
            Self::ClockAhead => Msg::AlarmClockAhead,
            Self::ModelChanged => Msg::AlarmModelChanged,
            Self::ReaderChanged => Msg::AlarmReaderChanged,
            Self::LivenessRepeated => Msg::AlarmLivenessRepeated,
            Self::UsbStorage => Msg::AlarmUsbStorage,
            Self::ProgramChanged => Msg::AlarmProgramChanged,
        }
    }
}

/// An alarm nobody has looked into yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct OpenAlarm {
    /// Which.
    pub alarm: Alarm,
    /// When it was first noticed. Units: ms since 1970 UTC.
    pub first_ms: i64,
    /// When it was last noticed. Units: ms since 1970 UTC.
    pub last_ms: i64,
    /// How often.
    pub count: u32,
}

impl OpenAlarm {
    /// Whether the face way is closed by it at this moment. Units: ms since 1970 UTC.
    #[must_use]
    pub fn closes_face(&self, now_ms: i64) -> bool {
        match self.alarm.response() {
            Response::Tell => false,
            // A clock that stands before the alarm cannot tell that the while is over.
            Response::CloseFor(ms) => now_ms < self.last_ms.saturating_add(ms),
            Response::Close => true,
        }
    }
}

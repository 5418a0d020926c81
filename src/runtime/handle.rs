//! What the screen holds of a running kiosk: what to show, and a way to say what was done.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::mpsc::Sender;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;

use crate::core::screen::{Control, Screen};
use crate::ports::{Paper, PhoneLink, Secret};

use super::kiosk::Input;
use super::latest::LatestFrame;

/// What a person does at the screen. Digits, names and passwords are not events: they never reach
/// the core.
pub enum Act {
    /// Uses a control.
    Tap(Control),
    /// Types a digit.
    Digit(u8),
    /// Removes the last digit.
    EraseDigit,
    /// The end of the notice is on the screen.
    NoticeEnd,
    /// Types into the name or password of staff.
    StaffTyped,
    /// Goes from control to control, or through a page.
    Stir,
    /// Headphones were plugged in, or pulled out.
    Headphones(bool),
    /// Has these texts said, in place of what is being said; the id comes back as
    /// [`Shared::said`] when all was heard.
    Say(u64, Vec<Said>),
    /// Falls silent.
    Hush,
    /// Hands over name and password, and for a new account the password again.
    LogIn(Secret, Secret, Option<Secret>),
}

/// One text to be said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Said {
    /// As it stands on the screen.
    pub text: String,
    /// Of one person only: for headphones.
    pub private: bool,
}

/// What the screen reads.
pub struct Shared {
    pub(super) screen: Mutex<Screen>,
    /// The picture to show while the camera is on.
    pub latest: Arc<LatestFrame>,
    /// The page on the screen; never told to the core.
    pub(super) paper: Mutex<Option<Arc<Paper>>>,
    /// What the person opens with their phone; never told to the core.
    pub(super) link: Mutex<Option<PhoneLink>>,
    /// The last utterance that was heard to its end.
    pub(super) said: AtomicU64,
    pub(super) repaint: Mutex<Option<Box<dyn Fn() + Send>>>,
    /// Goes up each time the loop goes round.
    pub(super) beats: AtomicU64,
    /// The loop has ended, as it was told or by a fault.
    pub(super) ended: AtomicBool,
}

impl Shared {
    /// The screen now.
    #[must_use]
    pub fn screen(&self) -> Screen {
        self.screen.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Goes up while the kiosk behind the screen is alive, at least every 5 s.
    #[must_use]
    pub fn beats(&self) -> u64 {
        self.beats.load(Ordering::SeqCst)
    }

    /// Whether the kiosk behind the screen has ended: nothing that is touched does anything any more.
    #[must_use]
    pub fn ended(&self) -> bool {
        self.ended.load(Ordering::SeqCst)
    }

    /// The last utterance that was heard to its end.
    #[must_use]
    pub fn said(&self) -> u64 {
        self.said.load(Ordering::SeqCst)
    }

    /// The page to show, if there is one.
    #[must_use]
    pub fn paper(&self) -> Option<Arc<Paper>> {
        self.paper.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub(super) fn put_paper(&self, paper: Option<Arc<Paper>>) {
        *self.paper.lock().unwrap_or_else(PoisonError::into_inner) = paper;
    }

    /// What the person opens with their phone, if that is asked.
    #[must_use]
    pub fn link(&self) -> Option<PhoneLink> {
        self.link.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub(super) fn put_link(&self, link: Option<PhoneLink>) {
        *self.link.lock().unwrap_or_else(PoisonError::into_inner) = link;
    }

    /// A kiosk that stands still at one screen: for pictures and tests of screens.
    #[must_use]
    pub fn showing(screen: Screen, paper: Option<Paper>, link: Option<PhoneLink>) -> Self {
        Self {
            screen: Mutex::new(screen),
            latest: Arc::default(),
            paper: Mutex::new(paper.map(Arc::new)),
            link: Mutex::new(link),
            said: AtomicU64::new(0),
            repaint: Mutex::new(None),
            beats: AtomicU64::new(0),
            ended: AtomicBool::new(false),
        }
    }

    /// Puts another screen in its place: for pictures and tests of screens.
    pub fn show(&self, screen: Screen) {
        self.publish(screen);
    }

    /// As if an utterance had been heard to its end: for tests of screens.
    pub fn hear(&self, id: u64) {
        self.said.store(id, Ordering::SeqCst);
    }

    /// Sets what is called after every change.
    pub fn on_change(&self, call: Box<dyn Fn() + Send>) {
        *self.repaint.lock().unwrap_or_else(PoisonError::into_inner) = Some(call);
    }

    pub(super) fn publish(&self, screen: Screen) {
        let mut slot = self.screen.lock().unwrap_or_else(PoisonError::into_inner);
        let changed = *slot != screen;
        *slot = screen;
        drop(slot);
        if changed {
            self.repaint();
        }
    }

    pub(super) fn repaint(&self) {
        if let Some(call) = self.repaint.lock().unwrap_or_else(PoisonError::into_inner).as_ref() {
            call();
        }
    }
}

/// A running kiosk.
pub struct KioskHandle {
    pub(super) to: Sender<Input>,
    /// What the screen reads.
    pub shared: Arc<Shared>,
    pub(super) thread: Option<JoinHandle<()>>,
}

impl KioskHandle {
    /// Tells the kiosk what the person did.
    pub fn act(&self, act: Act) {
        let _ = self.to.send(Input::Act(act));
    }
}

impl Drop for KioskHandle {
    fn drop(&mut self) {
        let _ = self.to.send(Input::Stop);
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

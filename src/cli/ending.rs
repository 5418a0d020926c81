//! Told to end from outside: by systemd, a shutdown, Ctrl-C. The window closes as if by hand, so that
//! the session is wiped, the camera let go, the door shut and a demo's data gone.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
use signal_hook::iterator::Signals;
use signal_hook::low_level::emulate_default_handler;

/// Whether somebody asked; the screen looks after each frame.
#[derive(Clone, Default)]
pub(super) struct Ending(Arc<AtomicBool>);

impl Ending {
    /// Listens from now on; calls `wake` when asked. Asked twice, the program ends at once.
    pub(super) fn listen(wake: impl Fn() + Send + 'static) -> Self {
        let ending = Self::default();
        let asked = ending.0.clone();
        match Signals::new([SIGHUP, SIGINT, SIGTERM]) {
            Ok(mut signals) => {
                std::thread::spawn(move || {
                    for signal in signals.forever() {
                        if asked.swap(true, Ordering::SeqCst) {
                            let _ = emulate_default_handler(signal);
                        }
                        wake();
                    }
                });
            }
            // Then a signal ends the program as it does any other.
            Err(error) => tracing::warn!(%error, "no answer to signals"),
        }
        ending
    }

    pub(super) fn asked(&self) -> bool {
        self.0.load(Ordering::SeqCst)
    }
}

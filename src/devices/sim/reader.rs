//! A simulated card reader: the same port, the same moments, no wire.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use crate::core::fault::Fault;
use crate::core::ids::RunId;
use crate::ports::{CardReader, CardSight, DemoDeck};

use super::deck::Deck;

/// How often it looks for a card.
const POLL: Duration = Duration::from_millis(40);
/// About as long as a real reader needs for the text of a card.
const READ: Duration = Duration::from_millis(400);

/// Reads the card that lies on the demo's deck.
pub struct SimReader {
    deck: Arc<Deck>,
    /// Number of the current run; a thread of another run ends.
    current: Arc<AtomicU64>,
}

impl SimReader {
    /// A reader for this deck.
    #[must_use]
    pub fn new(deck: Arc<Deck>) -> Self {
        Self { deck, current: Arc::default() }
    }
}

impl CardReader for SimReader {
    fn start(&mut self, run: RunId, sink: Box<dyn Fn(RunId, CardSight) + Send + Sync>) {
        self.current.store(run.0, Ordering::SeqCst);
        let (deck, current) = (self.deck.clone(), self.current.clone());
        std::thread::spawn(move || {
            let on = || current.load(Ordering::SeqCst) == run.0;
            while on() {
                let before = deck.card();
                match deck.current_card() {
                    None => {}
                    Some(Err(Fault::ReaderMissing)) => return sink(run, CardSight::Failed(Fault::ReaderMissing)),
                    Some(card) => {
                        sink(run, CardSight::Found);
                        std::thread::sleep(READ);
                        if !on() {
                            return;
                        }
                        let sight = match card {
                            _ if deck.card() != before => CardSight::Failed(Fault::CardRemoved),
                            Ok(identity) => CardSight::Read(identity),
                            Err(fault) => CardSight::Failed(fault),
                        };
                        // One card, one reading: whoever reads it picks it up again.
                        deck.lay_card("none");
                        return sink(run, sight);
                    }
                }
                std::thread::sleep(POLL);
            }
        });
    }

    fn stop(&mut self) {
        self.current.store(0, Ordering::SeqCst);
    }
}

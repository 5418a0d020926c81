//! A face must be seen by infrared light too: a phone or a tablet that shows one is dark there.
//!
//! Not measured here: there was neither camera nor data. It only ever takes evidence away: a face that
//! is not seen so counts as not live, and whoever it is goes on by card or with staff.

use std::sync::Arc;

use crate::core::consent::Purpose;
use crate::core::evidence::{Guidance, Liveness};
use crate::core::fault::Fault;
use crate::ports::{Beside, Eyes, Frame, Look};

use super::pipeline::Pipeline;

/// Eyes, and the frames of an infrared camera beside theirs.
pub struct WithInfrared {
    eyes: Pipeline,
    beside: Arc<Beside>,
}

impl WithInfrared {
    /// Asks `beside` for a face whenever `eyes` have a good one.
    #[must_use]
    pub fn new(eyes: Pipeline, beside: Arc<Beside>) -> Self {
        Self { eyes, beside }
    }

    /// Whether a face is in the latest infrared frame; none where there is no frame.
    fn seen(&mut self) -> Result<Option<bool>, Fault> {
        let Some(frame) = self.beside.now() else { return Ok(None) };
        self.eyes.faces(&frame).map(|faces| Some(!faces.is_empty())).map_err(|_| Fault::VisionFailed)
    }
}

impl Eyes for WithInfrared {
    fn begin(&mut self, purpose: Purpose) {
        self.eyes.begin(purpose);
    }

    fn end(&mut self) {
        self.eyes.end();
    }

    fn look(&mut self, frame: &Frame) -> Result<Look, Fault> {
        let look = self.eyes.look(frame)?;
        let Look::Good { embedding, live, turn, relief, covered } = look else { return Ok(look) };
        Ok(match self.seen()? {
            Some(true) => Look::Good { embedding, live, turn, relief, covered },
            Some(false) => {
                let live = Liveness::try_from(0.0).map_err(|_| Fault::VisionFailed)?;
                Look::Good { embedding, live, turn, relief, covered }
            }
            // The camera says by itself what is wrong with it; nobody is to blame.
            None => Look::Guide(Guidance::NoFace),
        })
    }
}

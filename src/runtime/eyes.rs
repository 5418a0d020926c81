//! The vision worker: loads the models, analyses the latest frame, keeps the samples.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, TryRecvError};
use std::time::Duration;

use crate::core::event::{Event, Reply};
use crate::core::consent::Purpose;
use crate::core::evidence::{Finding, Good};
use crate::core::fault::Fault;
use crate::core::ids::{RequestId, RunId, SampleId};
use crate::core::evidence::Similarity;
use crate::ports::{Embedding, Eyes, Look, Template};

use super::kiosk::Input;
use super::latest::LatestFrame;

/// Prepares the models; runs on the worker, behind the first screen.
pub type EyesLoader = Box<dyn FnOnce() -> Result<Box<dyn Eyes>, NoEyes> + Send>;

/// Why there are no models.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoEyes {
    /// A file is missing, or does not run.
    Unusable,
    /// A file is not the one this program was built for.
    Changed,
}

/// What the worker is asked to do.
pub(super) enum Job {
    Begin(RunId, Purpose),
    End,
    Forget(Vec<SampleId>),
    Wipe,
    Compare(RequestId, Template, Vec<SampleId>),
    CompareHalves(RequestId, Vec<SampleId>, Vec<SampleId>),
    Fuse(RequestId, Vec<SampleId>),
}

/// More than any policy asks for; the oldest go first.
const MAX_SAMPLES: usize = 64;
/// Least similarity of each sample to the mean of the others. Two different people mixed into one
/// view stay far below; frames of one view of one person lie above. Not fitted: the strictest of
/// the thresholds in use, that of FMR 1e-5 (`core::policy`).
const MIN_COHERENCE: f32 = 0.474;
/// Below this similarity to the faces of the run so far, somebody else stepped in: FMR 1e-3
/// ([`crate::core::operating::POINTS`]); frames of one view of one person lie far above.
const SAME_PERSON: f32 = 0.364;
/// How long the worker waits for a frame before it looks for orders again.
const PATIENCE: Duration = Duration::from_millis(20);

pub(super) struct Worker {
    pub(super) latest: Arc<LatestFrame>,
    pub(super) jobs: Receiver<Job>,
    pub(super) to: Sender<Input>,
}

struct State {
    eyes: Option<Box<dyn Eyes>>,
    samples: BTreeMap<SampleId, Embedding>,
    run: Option<RunId>,
    seen: u64,
    next: u64,
    /// The first good face of this run: everybody after it must be the same person.
    first: Option<SampleId>,
}

impl State {
    fn end(&mut self) {
        self.run = None;
        self.first = None;
        self.eyes.iter_mut().for_each(|eyes| eyes.end());
    }

    /// Whether this face is far from those of the run so far. Their mean is what a template would be.
    fn is_somebody_else(&self, embedding: &Embedding) -> bool {
        let Some(first) = self.first else { return false };
        let mean = Embedding::fused(self.samples.range(first..).map(|(_, sample)| sample));
        mean.is_some_and(|mean| mean.similarity(embedding).is_none_or(|s| f32::from(s) < SAME_PERSON))
    }
}

impl Worker {
    /// Works until the kiosk is gone.
    pub(super) fn work(self, load: EyesLoader) {
        // A model that panics must close the face way, not the kiosk.
        let eyes = std::panic::catch_unwind(std::panic::AssertUnwindSafe(load)).unwrap_or(Err(NoEyes::Unusable));
        let (eyes, why) = eyes.map_or_else(|why| (None, Some(why)), |eyes| (Some(eyes), None));
        let _ = self.to.send(Input::ModelsLoaded(why));
        let mut state = State { eyes, samples: BTreeMap::new(), run: None, seen: 0, next: 0, first: None };
        loop {
            let job = if state.run.is_some() {
                match self.jobs.try_recv() {
                    Ok(job) => Some(job),
                    Err(TryRecvError::Empty) => None,
                    Err(TryRecvError::Disconnected) => return,
                }
            } else {
                match self.jobs.recv_timeout(Duration::from_hours(1)) {
                    Ok(job) => Some(job),
                    Err(RecvTimeoutError::Timeout) => None,
                    Err(RecvTimeoutError::Disconnected) => return,
                }
            };
            match job {
                Some(job) => {
                    // A panic here must not leave the kiosk without its worker: what was asked
                    // goes unanswered, and that has its own words.
                    let served = std::panic::AssertUnwindSafe(|| self.serve(job, &mut state));
                    if std::panic::catch_unwind(served).is_err() {
                        let _ = self.to.send(Input::ModelsLoaded(Some(NoEyes::Unusable)));
                    }
                }
                None => self.look(&mut state),
            }
        }
    }

    fn serve(&self, job: Job, state: &mut State) {
        match job {
            Job::Begin(run, purpose) => {
                state.run = Some(run);
                state.first = None;
                state.eyes.iter_mut().for_each(|eyes| eyes.begin(purpose));
            }
            Job::End => state.end(),
            Job::Forget(ids) => ids.iter().for_each(|id| drop(state.samples.remove(id))),
            Job::Wipe => {
                state.samples.clear();
                state.end();
            }
            Job::Compare(request, template, ids) => {
                self.reply(request, fuse(state, &ids).map(|probe| template.similarity(&probe).ok_or(Fault::VisionFailed)));
            }
            Job::CompareHalves(request, first, second) => {
                let halves = fuse(state, &first).zip(fuse(state, &second));
                self.reply(request, halves.map(|(one, other)| one.similarity(&other).ok_or(Fault::VisionFailed)));
            }
            Job::Fuse(request, ids) => {
                let _ = self.to.send(Input::Fused(request, fuse(state, &ids)));
            }
        }
    }

    /// Answers with the similarity; nothing to compare means that a side was not of one person.
    fn reply(&self, request: RequestId, compared: Option<Result<Similarity, Fault>>) {
        let reply = compared.map_or(Ok(Reply::Mixed), |similarity| similarity.map(Reply::Compared));
        let _ = self.to.send(Input::Event(Event::Reply(request, reply)));
    }

    fn look(&self, state: &mut State) {
        let (Some(run), Some(eyes)) = (state.run, state.eyes.as_mut()) else {
            return;
        };
        let Some((count, frame)) = self.latest.newer(state.seen, PATIENCE) else { return };
        state.seen = count;
        let looked = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| eyes.look(&frame)));
        let event = match looked.unwrap_or(Err(Fault::VisionFailed)) {
            Ok(Look::Guide(guidance)) => Event::Seen(run, Finding::Guide(guidance)),
            Ok(Look::Good { embedding, .. }) if state.is_somebody_else(&embedding) => {
                state.run = None;
                Event::Seen(run, Finding::Swapped)
            }
            Ok(Look::Good { embedding, live, turn, relief, covered }) => {
                state.next += 1;
                let sample = SampleId(state.next);
                state.samples.insert(sample, embedding);
                while state.samples.len() > MAX_SAMPLES {
                    state.samples.pop_first();
                }
                state.first = state.first.or(Some(sample));
                Event::Seen(run, Finding::Good(Good { sample, live, turn, relief, covered }))
            }
            Err(fault) => {
                // A model that fails once is not trusted again: the face way closes.
                state.run = None;
                let _ = self.to.send(Input::ModelsLoaded(Some(NoEyes::Unusable)));
                Event::Blind(run, fault)
            }
        };
        let _ = self.to.send(Input::Event(event));
    }
}

/// The mean of exactly these samples; none if one is gone, or does not look like the others.
fn fuse(state: &State, ids: &[SampleId]) -> Option<Embedding> {
    let all: Vec<&Embedding> = ids.iter().map(|id| state.samples.get(id)).collect::<Option<_>>()?;
    let one_person = all.iter().enumerate().all(|(index, one)| {
        let others = all.iter().enumerate().filter(|(other, _)| *other != index).map(|(_, sample)| *sample);
        let rest = Embedding::fused(others);
        rest.is_none_or(|rest| one.similarity(&rest).is_some_and(|s| f32::from(s) >= MIN_COHERENCE))
    });
    if one_person { Embedding::fused(all) } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ports::DIMENSION;

    fn towards(axis: usize) -> Embedding {
        let mut values = [0.05; DIMENSION];
        values[axis] = 1.0;
        Embedding::new([1; 8], &values).unwrap()
    }

    #[test]
    fn somebody_else_in_the_same_run_is_noticed_and_an_earlier_run_does_not_count() {
        let mut state = State { eyes: None, samples: BTreeMap::new(), run: None, seen: 0, next: 0, first: None };
        state.samples.insert(SampleId(1), towards(3));
        assert!(!state.is_somebody_else(&towards(9)), "of an earlier run");
        state.samples.insert(SampleId(2), towards(9));
        state.first = Some(SampleId(2));
        assert!(!state.is_somebody_else(&towards(9)));
        assert!(state.is_somebody_else(&towards(3)));
    }

    #[test]
    fn samples_of_two_people_are_not_fused() {
        let sample = |(id, axis)| (SampleId(id), towards(axis));
        let of = |axes: &[(u64, usize)]| State {
            eyes: None,
            samples: axes.iter().copied().map(sample).collect(),
            run: None,
            seen: 0,
            next: 0,
            first: None,
        };
        let ids: Vec<SampleId> = (0..4).map(SampleId).collect();
        assert!(fuse(&of(&[(0, 3), (1, 3), (2, 3), (3, 3)]), &ids).is_some());
        assert!(fuse(&of(&[(0, 3), (1, 3), (2, 3), (3, 9)]), &ids).is_none(), "a stranger among them");
        assert!(fuse(&of(&[(0, 3), (1, 3), (2, 3)]), &ids).is_none(), "one is gone");
    }
}

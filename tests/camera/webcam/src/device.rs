//! The webcam's own side: answers to control requests, and the pace of the stream.

use std::collections::VecDeque;
use std::io::Result;
use std::os::unix::net::UnixStream;
use std::sync::mpsc::RecvTimeoutError;
use std::time::{Duration, Instant};

use crate::control::{Control, Word};
use crate::descriptors::{self, Coding, PAYLOAD};
use crate::stream::{Picture, Stream};
use crate::usbip::{self, Request};

/// Length of the probe and commit controls of UVC 1.0.
const PROBE: usize = 26;

pub(crate) struct Device<'a> {
    name: &'a str,
    codings: &'a [Coding],
    intervals: &'a [u32],
    pictures: &'a [Picture],
    /// What host and device agree on, and what they agreed on last.
    probe: [u8; PROBE],
    commit: [u8; PROBE],
}

impl<'a> Device<'a> {
    pub(crate) fn new(name: &'a str, codings: &'a [Coding], intervals: &'a [u32], pictures: &'a [Picture]) -> Self {
        let mut device = Self { name, codings, intervals, pictures, probe: [0; PROBE], commit: [0; PROBE] };
        device.probe = device.agreed([0; PROBE]);
        device.commit = device.probe;
        device
    }

    /// Serves the kernel until told to unplug or quit.
    pub(crate) fn serve(mut self, socket: &UnixStream, control: &mut Control) -> Result<()> {
        let requests = usbip::requests(socket)?;
        let mut rooms: VecDeque<(u32, u32)> = VecDeque::new();
        let mut stream = Stream::new(self.pictures);
        let mut due = Instant::now();
        loop {
            let word = control.word();
            if matches!(word, Word::Unplug | Word::Quit) {
                return Ok(());
            }
            while word != Word::Freeze && !rooms.is_empty() {
                if stream.is_between_frames() {
                    if Instant::now() < due {
                        break;
                    }
                    due = due.max(Instant::now().checked_sub(Duration::from_millis(100)).unwrap_or(due)) + self.interval();
                    stream.begin(self.coding(), word);
                }
                let Some((number, length)) = rooms.pop_front() else { break };
                usbip::give(socket, number, &stream.payload(length.min(PAYLOAD) as usize))?;
            }
            let wait = due.saturating_duration_since(Instant::now()).clamp(Duration::from_millis(1), Duration::from_millis(20));
            match requests.recv_timeout(wait) {
                Ok(Request::Room { number, length }) => rooms.push_back((number, length)),
                Ok(Request::Other { number, length }) => usbip::taken(socket, number, length)?,
                Ok(Request::Unlink { number, which }) => {
                    let place = rooms.iter().position(|(room, _)| *room == which);
                    place.map(|place| rooms.remove(place));
                    usbip::unlinked(socket, number, place.is_some())?;
                }
                Ok(Request::Control { number, setup, sent }) => match self.answer(setup, &sent, &mut stream) {
                    Some(bytes) if setup[0] & 0x80 != 0 => {
                        let asked = usize::from(u16::from_le_bytes([setup[6], setup[7]]));
                        usbip::give(socket, number, &bytes[..bytes.len().min(asked)])?;
                    }
                    Some(_) => usbip::taken(socket, number, u32::try_from(sent.len()).unwrap_or(0))?,
                    None => usbip::refuse(socket, number)?,
                },
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => return Ok(()),
            }
        }
    }

    fn coding(&self) -> Coding {
        self.codings[usize::from(self.commit[2]).clamp(1, self.codings.len()) - 1]
    }

    fn interval(&self) -> Duration {
        let units = u32::from_le_bytes([self.commit[4], self.commit[5], self.commit[6], self.commit[7]]);
        Duration::from_nanos(u64::from(units.max(100_000)) * 100)
    }

    /// A request of USB itself, or of UVC to the streaming interface; none if it is not understood.
    fn answer(&mut self, setup: [u8; 8], sent: &[u8], stream: &mut Stream) -> Option<Vec<u8>> {
        let [kind, request, low, high, interface, ..] = setup;
        match (kind, request) {
            (0x80, 6) => match high {
                1 => Some(descriptors::DEVICE.to_vec()),
                2 => Some(descriptors::configuration(self.codings, self.intervals)),
                3 => Some(match low {
                    0 => vec![4, 3, 9, 4],
                    1 => descriptors::string("Test bench"),
                    2 => descriptors::string(self.name),
                    _ => descriptors::string("1"),
                }),
                _ => None,
            },
            // Status, configuration, alternate setting.
            (0x80..=0x82, 0) => Some(vec![0, 0]),
            (0x80, 8) => Some(vec![1]),
            (0x81, 10) => Some(vec![0]),
            // The halt of the endpoint is cleared: the host has stopped the stream.
            (0x02, 1) => {
                stream.reset();
                Some(Vec::new())
            }
            (0x00..=0x02, _) => Some(Vec::new()),
            (0x21, 1) if interface == 1 => {
                let mut wanted = if high == 1 { self.probe } else { self.commit };
                let length = sent.len().min(PROBE);
                wanted[..length].copy_from_slice(&sent[..length]);
                let agreed = self.agreed(wanted);
                if high == 1 {
                    self.probe = agreed;
                } else {
                    self.commit = agreed;
                    stream.reset();
                }
                Some(Vec::new())
            }
            (0xa1, 0x85) if interface == 1 => Some(vec![26, 0]),
            (0xa1, 0x86) if interface == 1 => Some(vec![3]),
            (0xa1, _) if interface == 1 => Some(if high == 1 { self.probe } else { self.commit }.to_vec()),
            _ => None,
        }
    }

    /// What the device makes of what the host would like.
    fn agreed(&self, mut wanted: [u8; PROBE]) -> [u8; PROBE] {
        wanted[2] = wanted[2].clamp(1, u8::try_from(self.codings.len()).unwrap_or(1));
        wanted[3] = 1;
        let interval = u32::from_le_bytes([wanted[4], wanted[5], wanted[6], wanted[7]]);
        let nearest = self.intervals.iter().copied().min_by_key(|one| one.abs_diff(interval)).unwrap_or(interval);
        let nearest = if interval == 0 { self.intervals[0] } else { nearest };
        wanted[4..8].copy_from_slice(&nearest.to_le_bytes());
        let bytes = self.codings[usize::from(wanted[2]) - 1].frame_bytes();
        wanted[18..22].copy_from_slice(&bytes.to_le_bytes());
        wanted[22..26].copy_from_slice(&PAYLOAD.to_le_bytes());
        wanted
    }
}

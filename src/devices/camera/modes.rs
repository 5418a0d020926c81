//! The modes a camera offers, which is best here, and setting it.

use v4l::frameinterval::FrameIntervalEnum;
use v4l::framesize::FrameSizeEnum;
use v4l::video::Capture;
use v4l::video::capture::Parameters;
use v4l::{Device, Format, FourCC, Fraction};

use crate::core::fault::Fault;

use super::errno::fault_of;
use super::source::Kind;

/// How a frame is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Coding {
    Mjpeg,
    Yuyv,
    Nv12,
    Grey,
}

impl Coding {
    fn fourcc(self) -> FourCC {
        FourCC::new(match self {
            Self::Mjpeg => b"MJPG",
            Self::Yuyv => b"YUYV",
            Self::Nv12 => b"NV12",
            Self::Grey => b"GREY",
        })
    }

    /// Those of a kind of camera, the cheapest to carry over the bus first.
    fn of(kind: Kind) -> &'static [Self] {
        match kind {
            Kind::Colour => &[Self::Mjpeg, Self::Yuyv, Self::Nv12],
            Kind::Infrared => &[Self::Grey],
        }
    }
}

/// Who can read a mode.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reader {
    Nokhwa,
    V4l,
}

/// One way to run a camera.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Mode {
    pub(super) coding: Coding,
    /// Units: pixels.
    pub(super) width: u32,
    pub(super) height: u32,
    /// Bytes from one row to the next; of codings that have rows.
    pub(super) stride: u32,
    /// Frames a second, cut to a whole number.
    pub(super) fps: u32,
    pub(super) reader: Reader,
}

/// Sizes tried, best first. 640x480 has a face of 200 pixels at half a metre, and is what the
/// models were measured with; larger ones cost time, smaller ones detail.
const SIZES: [(u32, u32); 10] = [
    (640, 480), (480, 640), (800, 600), (640, 360), (960, 540), (1280, 720), (720, 1280), (1024, 768), (1280, 960), (1920, 1080),
];
/// Frames a second a session is comfortable with.
const FPS: std::ops::RangeInclusive<f64> = 10.0..=31.0;

/// Something the camera offers.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Offer {
    coding: Coding,
    size: (u32, u32),
    /// Time of one frame, in seconds.
    interval: (u32, u32),
}

impl Offer {
    fn fps(self) -> f64 {
        f64::from(self.interval.1) / f64::from(self.interval.0.max(1))
    }

    /// Smaller is better.
    fn rank(self) -> (bool, bool, usize, usize, u32) {
        let place = |found: Option<usize>| found.unwrap_or(usize::MAX);
        let size = place(SIZES.iter().position(|size| *size == self.size));
        let codings = [Coding::Mjpeg, Coding::Yuyv, Coding::Nv12, Coding::Grey];
        let coding = place(codings.iter().position(|coding| *coding == self.coding));
        // The faster of two, in hundredths of a frame.
        let slow = (f64::from(u16::MAX) - self.fps() * 100.0).max(0.0).round();
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // within 0..=65535
        let slow = slow as u32;
        (!FPS.contains(&self.fps()), !self.is_whole(), size, coding, slow)
    }

    /// Whether it is a whole number of frames a second: nokhwa opens no other.
    fn is_whole(self) -> bool {
        self.interval.0 > 0 && self.interval.1.is_multiple_of(self.interval.0)
    }
}

/// Puts a camera into the best mode it has, whatever it was left in.
///
/// # Errors
/// When it cannot be opened, is in use, or has no mode that is known here.
pub(super) fn set(index: u32, kind: Kind) -> Result<Mode, Fault> {
    let device = Device::new(index as usize).map_err(|e| fault_of(&e))?;
    let best = offers(&device, kind).into_iter().min_by_key(|offer| offer.rank()).ok_or(Fault::CameraFailed)?;
    let wanted = Format::new(best.size.0, best.size.1, best.coding.fourcc());
    let got = device.set_format(&wanted).map_err(|e| fault_of(&e))?;
    if (got.width, got.height) != best.size || got.fourcc != best.coding.fourcc() {
        return Err(Fault::CameraFailed);
    }
    // Some cameras take no interval at all, and run as they will.
    let interval = Fraction::new(best.interval.0, best.interval.1);
    let taken = device.set_params(&Parameters::new(interval)).ok().map(|params| params.interval);
    let set = taken.unwrap_or(interval);
    // nokhwa asks for the interval again, and takes only one of a whole number a second.
    let readable = kind == Kind::Colour && taken.is_some_and(|taken| taken.numerator == 1);
    Ok(Mode {
        coding: best.coding,
        width: got.width,
        height: got.height,
        stride: got.stride,
        fps: set.denominator / set.numerator.max(1),
        reader: if readable { Reader::Nokhwa } else { Reader::V4l },
    })
}

/// What a camera offers of what is known here.
fn offers(device: &Device, kind: Kind) -> Vec<Offer> {
    let mut offers = Vec::new();
    for coding in Coding::of(kind) {
        let sizes = device.enum_framesizes(coding.fourcc()).unwrap_or_default();
        let mut found: Vec<(u32, u32)> = sizes.iter().flat_map(|size| fitting(&size.size)).collect();
        found.dedup();
        for size in found {
            let intervals = device.enum_frameintervals(coding.fourcc(), size.0, size.1).unwrap_or_default();
            let intervals: Vec<(u32, u32)> = intervals.iter().map(|interval| shortest(&interval.interval)).collect();
            // A driver that names none runs at its own pace.
            let intervals = if intervals.is_empty() { vec![(1, 30)] } else { intervals };
            offers.extend(intervals.into_iter().map(|interval| Offer { coding: *coding, size, interval }));
        }
    }
    offers
}

/// The sizes of an entry that are used here: known ones, or one that is neither tiny nor huge.
fn fitting(entry: &FrameSizeEnum) -> Vec<(u32, u32)> {
    match entry {
        FrameSizeEnum::Discrete(size) => {
            let plain = size.width.min(size.height) >= 240 && size.width.max(size.height) <= 1920;
            if plain { vec![(size.width, size.height)] } else { Vec::new() }
        }
        FrameSizeEnum::Stepwise(range) => SIZES
            .into_iter()
            .filter(|(width, height)| {
                (range.min_width..=range.max_width).contains(width) && (range.min_height..=range.max_height).contains(height)
            })
            .collect(),
    }
}

/// The time of a frame asked for: as offered, or a thirtieth of a second where any may be asked for.
fn shortest(interval: &FrameIntervalEnum) -> (u32, u32) {
    match interval {
        FrameIntervalEnum::Discrete(interval) => (interval.numerator, interval.denominator),
        FrameIntervalEnum::Stepwise(range) => {
            let seconds = |f: Fraction| f64::from(f.numerator) / f64::from(f.denominator.max(1));
            if seconds(range.min) <= 1.0 / 30.0 { (1, 30) } else { (range.min.numerator, range.min.denominator) }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Coding, size, interval.
    type Mode = (Coding, (u32, u32), (u32, u32));

    fn best(offers: &[Mode]) -> Mode {
        let all = offers.iter().map(|(coding, size, interval)| Offer { coding: *coding, size: *size, interval: *interval });
        let best = all.min_by_key(|offer| offer.rank()).unwrap();
        (best.coding, best.size, best.interval)
    }

    #[test]
    fn the_measured_size_first_then_speed() {
        use self::Coding::{Mjpeg, Yuyv};
        let (vga, hd) = ((640, 480), (1280, 720));
        let all = [(Yuyv, vga, (1, 30)), (Mjpeg, hd, (1, 30)), (Mjpeg, vga, (1, 15)), (Mjpeg, vga, (1, 30)), (Mjpeg, vga, (1, 60))];
        assert_eq!(best(&all), (Mjpeg, vga, (1, 30)), "60 is more than is looked at");
        assert_eq!(best(&all[..2]), (Yuyv, vga, (1, 30)));
        assert_eq!(best(&[(Yuyv, hd, (1, 10)), (Yuyv, vga, (1, 5))]), (Yuyv, hd, (1, 10)), "5 a second is too slow");
        assert_eq!(best(&[(Yuyv, vga, (2, 25)), (Yuyv, hd, (1, 10))]), (Yuyv, hd, (1, 10)), "12.5 only where nothing else is");
        assert_eq!(best(&[(Yuyv, (1000, 700), (1, 30)), (Yuyv, hd, (1, 30))]), (Yuyv, hd, (1, 30)), "an unknown size last");
    }

    #[test]
    fn an_interval_is_whole_or_not() {
        let whole = |interval| Offer { coding: Coding::Yuyv, size: (640, 480), interval }.is_whole();
        assert!(whole((1, 30)) && whole((2, 30)));
        assert!(!whole((2, 25)) && !whole((0, 30)));
    }
}

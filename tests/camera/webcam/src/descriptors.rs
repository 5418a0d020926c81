//! What a webcam tells of itself: USB 2.0 chapter 9, USB Video Class 1.0.

/// How a frame is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Coding {
    Mjpeg,
    Yuyv,
    Grey,
}

/// Units: pixels.
pub(crate) const WIDTH: u16 = 640;
pub(crate) const HEIGHT: u16 = 480;
/// Largest payload of one transfer. Units: bytes.
pub(crate) const PAYLOAD: u32 = 16_384;

impl Coding {
    /// Largest frame. Units: bytes.
    pub(crate) fn frame_bytes(self) -> u32 {
        let pixels = u32::from(WIDTH) * u32::from(HEIGHT);
        if self == Self::Grey { pixels } else { pixels * 2 }
    }

    /// Format descriptor; `number` counts from 1.
    fn format(self, number: u8) -> Vec<u8> {
        let guid = |name: &[u8; 4], bits: u8| {
            let mut bytes = vec![27, 0x24, 4, number, 1];
            bytes.extend_from_slice(name);
            bytes.extend_from_slice(&[0, 0, 0x10, 0, 0x80, 0, 0, 0xaa, 0, 0x38, 0x9b, 0x71, bits, 1, 0, 0, 0, 0]);
            bytes
        };
        match self {
            Self::Mjpeg => vec![11, 0x24, 6, number, 1, 1, 1, 0, 0, 0, 0],
            Self::Yuyv => guid(b"YUY2", 16),
            Self::Grey => guid(b"Y800", 8),
        }
    }

    /// Frame descriptor of the one size.
    fn frame(self, intervals: &[u32]) -> Vec<u8> {
        let count = u8::try_from(intervals.len()).unwrap_or(u8::MAX);
        let bytes = self.frame_bytes();
        let mut out = vec![26 + 4 * count, 0x24, if self == Self::Mjpeg { 7 } else { 5 }, 1, 0];
        out.extend_from_slice(&WIDTH.to_le_bytes());
        out.extend_from_slice(&HEIGHT.to_le_bytes());
        for value in [bytes * 8 * 5, bytes * 8 * 30, bytes, intervals[0]] {
            out.extend_from_slice(&value.to_le_bytes());
        }
        out.push(count);
        intervals.iter().for_each(|interval| out.extend_from_slice(&interval.to_le_bytes()));
        out
    }
}

/// Device descriptor: a composite video device.
pub(crate) const DEVICE: [u8; 18] = [18, 1, 0, 2, 0xef, 2, 1, 64, 0x09, 0x12, 1, 0, 0, 1, 1, 2, 3, 1];

/// Configuration: one control interface (camera terminal to output terminal), one streaming
/// interface with a bulk endpoint.
pub(crate) fn configuration(codings: &[Coding], intervals: &[u32]) -> Vec<u8> {
    let mut formats = Vec::new();
    for (number, coding) in (1..).zip(codings) {
        formats.extend(coding.format(number));
        formats.extend(coding.frame(intervals));
        // Colour matching.
        formats.extend_from_slice(&[6, 0x24, 0x0d, 1, 1, 4]);
    }
    let count = u8::try_from(codings.len()).unwrap_or(u8::MAX);
    let header = 13 + usize::from(count);
    let mut out: Vec<u8> = vec![9, 2, 0, 0, 2, 1, 0, 0x80, 0xfa];
    // Interface association, control interface, its header, camera terminal, output terminal.
    out.extend_from_slice(&[8, 0x0b, 0, 2, 0x0e, 3, 0, 2]);
    out.extend_from_slice(&[9, 4, 0, 0, 0, 0x0e, 1, 0, 2]);
    out.extend_from_slice(&[13, 0x24, 1, 0x00, 0x01, 40, 0, 0x00, 0x6c, 0xdc, 0x02, 1, 1]);
    out.extend_from_slice(&[18, 0x24, 2, 1, 1, 2, 0, 0, 0, 0, 0, 0, 0, 0, 3, 0, 0, 0]);
    out.extend_from_slice(&[9, 0x24, 3, 2, 1, 1, 0, 1, 0]);
    // Streaming interface, its header, formats, endpoint.
    out.extend_from_slice(&[9, 4, 1, 0, 1, 0x0e, 2, 0, 0]);
    out.extend_from_slice(&[u8::try_from(header).unwrap_or(u8::MAX), 0x24, 1, count]);
    out.extend_from_slice(&u16::try_from(header + formats.len()).unwrap_or(u16::MAX).to_le_bytes());
    out.extend_from_slice(&[0x81, 0, 2, 0, 0, 0, 1]);
    out.extend(std::iter::repeat_n(0, usize::from(count)));
    out.extend(formats);
    out.extend_from_slice(&[7, 5, 0x81, 2, 0, 2, 0]);
    let total = u16::try_from(out.len()).unwrap_or(u16::MAX).to_le_bytes();
    out[2..4].copy_from_slice(&total);
    out
}

/// String descriptor.
pub(crate) fn string(text: &str) -> Vec<u8> {
    let mut out = vec![0, 3];
    text.encode_utf16().for_each(|unit| out.extend_from_slice(&unit.to_le_bytes()));
    out[0] = u8::try_from(out.len()).unwrap_or(u8::MAX);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn descriptors_follow_one_another_to_the_last_byte() {
        for codings in [&[Coding::Mjpeg][..], &[Coding::Mjpeg, Coding::Yuyv], &[Coding::Grey]] {
            let bytes = configuration(codings, &[333_333, 800_000]);
            assert_eq!(usize::from(u16::from_le_bytes([bytes[2], bytes[3]])), bytes.len());
            let mut at = 0;
            while at < bytes.len() {
                assert!(bytes[at] >= 2, "a descriptor without length at {at}");
                at += usize::from(bytes[at]);
            }
            assert_eq!(at, bytes.len());
        }
    }
}

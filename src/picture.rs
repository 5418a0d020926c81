//! JPEG and PNG to [`Frame`], in safe Rust, with limits; JPEG strictly.

mod huffman;

use std::io::Read;
use std::path::Path;

use zune_jpeg::JpegDecoder;
use zune_jpeg::zune_core::bytestream::ZCursor;
use zune_jpeg::zune_core::colorspace::ColorSpace;
use zune_jpeg::zune_core::options::DecoderOptions;

use crate::ports::Frame;

/// Largest file read. Units: bytes.
const MAX_BYTES: u64 = 32 << 20;
/// Largest side decoded. Units: pixels.
const MAX_SIDE: usize = 8192;

/// A picture cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum PictureError {
    /// It cannot be read from disk.
    #[error("{0}")]
    Io(#[from] std::io::Error),
    /// Too many bytes or pixels.
    #[error("larger than 32 MiB or 8192 pixels a side")]
    TooLarge,
    /// Neither JPEG nor PNG, or damaged.
    #[error("neither a whole JPEG nor a whole PNG picture")]
    Damaged,
}

/// Reads a JPEG or PNG file, whatever its name.
///
/// # Errors
/// When it cannot be read, is too large or damaged.
pub fn load(path: &Path) -> Result<Frame, PictureError> {
    let mut bytes = Vec::new();
    // A length that is told beforehand may be wrong: of devices and pipes it is zero.
    std::fs::File::open(path)?.take(MAX_BYTES + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > MAX_BYTES {
        return Err(PictureError::TooLarge);
    }
    decode(&bytes)
}

/// Decodes a JPEG or PNG picture.
///
/// # Errors
/// When it is too large or damaged.
pub fn decode(bytes: &[u8]) -> Result<Frame, PictureError> {
    if bytes.starts_with(&[0xff, 0xd8]) {
        decode_jpeg(bytes)
    } else {
        decode_png(bytes)
    }
}

/// Decodes one JPEG picture. A stale tail behind its end is ignored; an early end is an error.
///
/// # Errors
/// When it is too large or damaged.
pub fn decode_jpeg(bytes: &[u8]) -> Result<Frame, PictureError> {
    let options = DecoderOptions::new_safe()
        .set_strict_mode(true)
        .set_max_width(MAX_SIDE)
        .set_max_height(MAX_SIDE)
        .jpeg_set_out_colorspace(ColorSpace::RGB);
    let (whole, tables) = until_end(bytes)?;
    let with_tables;
    let whole = if tables {
        whole
    } else {
        with_tables = zeroize::Zeroizing::new([&whole[..2], &huffman::standard(), &whole[2..]].concat());
        &with_tables
    };
    let mut decoder = JpegDecoder::new_with_options(ZCursor::new(whole), options);
    let rgb = decoder.decode().map_err(|_| PictureError::Damaged)?;
    let info = decoder.info().ok_or(PictureError::Damaged)?;
    Frame::new(u32::from(info.width), u32::from(info.height), rgb).map_err(|_| PictureError::Damaged)
}

/// The bytes of the first whole picture: header segments by their lengths, then to the first
/// end-of-image marker; and whether it brings Huffman tables. A camera's buffer may carry the tail of
/// an older frame behind it.
fn until_end(bytes: &[u8]) -> Result<(&[u8], bool), PictureError> {
    let mut at = 2;
    let mut tables = false;
    loop {
        let header = bytes.get(at..at + 4).ok_or(PictureError::Damaged)?;
        if header[0] != 0xff {
            return Err(PictureError::Damaged);
        }
        let length = usize::from(u16::from_be_bytes([header[2], header[3]]));
        match header[1] {
            0xff => at += 1,
            0xda => break,
            0xc4 => {
                tables = true;
                at += 2 + length;
            }
            _ => at += 2 + length,
        }
    }
    let scan = bytes.get(at..).ok_or(PictureError::Damaged)?;
    let end = scan.windows(2).position(|pair| pair == [0xff, 0xd9]).ok_or(PictureError::Damaged)?;
    Ok((&bytes[..at + end + 2], tables))
}

fn decode_png(bytes: &[u8]) -> Result<Frame, PictureError> {
    let mut decoder = png::Decoder::new_with_limits(std::io::Cursor::new(bytes), png::Limits { bytes: 256 << 20 });
    decoder.set_transformations(png::Transformations::normalize_to_color8());
    let mut reader = decoder.read_info().map_err(|_| PictureError::Damaged)?;
    let (width, height) = (reader.info().width, reader.info().height);
    if width as usize > MAX_SIDE || height as usize > MAX_SIDE {
        return Err(PictureError::TooLarge);
    }
    let mut raw = vec![0; reader.output_buffer_size().ok_or(PictureError::TooLarge)?];
    let info = reader.next_frame(&mut raw).map_err(|_| PictureError::Damaged)?;
    raw.truncate(info.buffer_size());
    let rgb: Vec<u8> = match info.color_type {
        png::ColorType::Rgb => raw,
        png::ColorType::Rgba => raw.chunks_exact(4).flat_map(|p| [p[0], p[1], p[2]]).collect(),
        png::ColorType::Grayscale => raw.iter().flat_map(|p| [*p; 3]).collect(),
        png::ColorType::GrayscaleAlpha => raw.chunks_exact(2).flat_map(|p| [p[0]; 3]).collect(),
        png::ColorType::Indexed => return Err(PictureError::Damaged),
    };
    Frame::new(width, height, rgb).map_err(|_| PictureError::Damaged)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The picture without its Huffman tables, as webcams send it.
    fn bare(bytes: &[u8]) -> Vec<u8> {
        let mut out = bytes[..2].to_vec();
        let mut at = 2;
        while bytes[at + 1] != 0xda {
            let end = at + 2 + usize::from(u16::from_be_bytes([bytes[at + 2], bytes[at + 3]]));
            if bytes[at + 1] != 0xc4 {
                out.extend_from_slice(&bytes[at..end]);
            }
            at = end;
        }
        out.extend_from_slice(&bytes[at..]);
        out
    }

    #[test]
    fn a_webcam_that_leaves_the_standard_tables_out_is_read_and_reads_the_same() {
        let whole = std::fs::read(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/camera/standard.jpg")).unwrap();
        let without = bare(&whole);
        assert!(without.len() + 400 < whole.len());
        assert!(!without.windows(2).any(|pair| pair == [0xff, 0xc4]));
        assert_eq!(decode_jpeg(&without).unwrap().rgb(), decode_jpeg(&whole).unwrap().rgb());
    }

    #[test]
    fn a_cut_picture_does_not_borrow_the_end_of_an_older_one() {
        let whole = std::fs::read(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/portraits/obama.jpg")).unwrap();
        assert!(decode_jpeg(&whole).is_ok());
        let tail = [whole.clone(), whole[whole.len() / 2..].to_vec()].concat();
        assert!(decode_jpeg(&tail).is_ok(), "a stale tail");
        assert!(decode_jpeg(&whole[..whole.len() * 2 / 3]).is_err(), "no end");
    }

    #[test]
    fn truncated_huge_and_foreign_bytes_are_refused() {
        for bytes in [&b""[..], b"GIF89a", b"\xff\xd8\xff", b"\xff\xd8\xff\xe0\0\x10JFIF\0\xff\xd9", b"\x89PNG\r\n\x1a\n"] {
            assert!(decode(bytes).is_err());
        }
    }
}

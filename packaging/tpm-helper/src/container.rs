//! What `seal` writes and `unseal` reads. All numbers are big-endian, a TPM2B is a u16 length and that many bytes:
//! `"MZTPM01\n" | TPM2B_PUBLIC | TPM2B_PRIVATE | TPM2B_NAME of the storage key | PCR mask u32 | PIN flag u8 | CRC-32`.
//! The CRC over all before it only tells damage from wrong PCRs; forgery is for the TPM to detect.

const MAGIC: &[u8] = b"MZTPM01\n";
/// The largest public part, private part and name taken; real ones have 78, about 160 and 34 bytes.
const MAX: [usize; 3] = [256, 1024, 34];

/// A sealed object and what is needed to open it; nothing in it is secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Container {
    pub public: Vec<u8>,
    pub private: Vec<u8>,
    /// Name of the storage key it was sealed under: tells this TPM from another.
    pub parent: Vec<u8>,
    /// Bit n set: bound to PCR n of the SHA-256 bank.
    pub pcrs: u32,
    pub pin: bool,
}

impl Container {
    /// The bytes to keep, or nothing when a part is larger than the format takes.
    pub fn encode(&self) -> Option<Vec<u8>> {
        let mut out = MAGIC.to_vec();
        for (part, max) in [&self.public, &self.private, &self.parent].into_iter().zip(MAX) {
            let len = u16::try_from(part.len()).ok().filter(|_| (1..=max).contains(&part.len()))?;
            out.extend(len.to_be_bytes());
            out.extend(part);
        }
        out.extend((self.pcrs >> 24 == 0).then_some(self.pcrs)?.to_be_bytes());
        out.push(u8::from(self.pin));
        out.extend(crc32(&out).to_be_bytes());
        Some(out)
    }

    /// Parses exactly one container: bounded sizes, nothing before or after it, no unknown flag.
    pub fn decode(bytes: &[u8]) -> Option<Self> {
        let (body, crc) = bytes.split_last_chunk::<4>()?;
        let mut rest = body.strip_prefix(MAGIC)?;
        let [public, private, parent] = MAX.map(|max| field(&mut rest, max));
        let (&[0, a, b, c], &[flag @ 0..=1]) = rest.split_first_chunk::<4>()? else { return None };
        let pcrs = u32::from_be_bytes([0, a, b, c]);
        let all = Self { public: public?, private: private?, parent: parent?, pcrs, pin: flag == 1 };
        (crc32(body).to_be_bytes() == *crc).then_some(all)
    }
}

fn field(rest: &mut &[u8], max: usize) -> Option<Vec<u8>> {
    let (len, tail) = rest.split_first_chunk::<2>()?;
    let len = usize::from(u16::from_be_bytes(*len));
    let (part, tail) = tail.split_at_checked(len).filter(|_| (1..=max).contains(&len))?;
    *rest = tail;
    Some(part.to_vec())
}

fn crc32(bytes: &[u8]) -> u32 {
    let byte = |crc, &byte| (0..8).fold(crc ^ u32::from(byte), |c, _| (c >> 1) ^ ((c & 1) * 0xEDB8_8320));
    !bytes.iter().fold(!0, byte)
}

#[cfg(test)]
mod tests {
    use super::{Container, crc32};

    fn sample(public: usize, private: usize, pcrs: u32) -> Container {
        Container { public: vec![1; public], private: vec![2; private], parent: vec![3; 34], pcrs, pin: pcrs > 0 }
    }

    #[test]
    fn round_trips_and_bounds() {
        assert_eq!(crc32(b"123456789"), 0xCBF4_3926);
        for good in [sample(78, 160, 0x80), sample(78, 160, 0), sample(256, 1024, 0xFF_FFFF)] {
            assert_eq!(Container::decode(&good.encode().unwrap()), Some(good));
        }
        for bad in [sample(257, 1, 0), sample(0, 1, 0), sample(1, 1025, 0), sample(1, 0, 0), sample(1, 1, 1 << 24)] {
            assert_eq!(bad.encode(), None);
        }
    }

    #[test]
    fn every_damage_is_refused() {
        let good = sample(78, 160, 0x80).encode().unwrap();
        let refused = |bad: &[u8]| assert_eq!(Container::decode(bad), None, "{bad:?}");
        for bit in 0..good.len() * 8 {
            let mut bad = good.clone();
            bad[bit / 8] ^= 1 << (bit % 8);
            refused(&bad);
            refused(&good[..bit / 8]);
        }
        // Wrong structure with a right CRC: magic, lengths, mask, flag, and a byte too many.
        let body = &good[..good.len() - 4];
        let with_crc = |body: &[u8]| [body, &crc32(body).to_be_bytes()].concat();
        for (at, byte) in [(0, b'X'), (8, 1), (9, 0), (9, 255), (body.len() - 5, 1), (body.len() - 1, 2)] {
            let mut bad = body.to_vec();
            bad[at] = byte;
            refused(&with_crc(&bad));
        }
        refused(&with_crc(&[body, &[0]].concat()));
    }
}

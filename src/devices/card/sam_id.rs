//! The number of a security module (GA/T 467, chapter 7). It pins a reader, but proves nothing: any device
//! on the wire can send it.

/// The 16 bytes of a security module's number as text, such as `05.03-20150331-0001234567-1234567890`.
#[must_use]
pub fn sam_id_text(data: &[u8]) -> Option<String> {
    let short = |at: usize| u16::from_le_bytes([data[at], data[at + 1]]);
    let long = |at: usize| u32::from_le_bytes([data[at], data[at + 1], data[at + 2], data[at + 3]]);
    (data.len() == 16)
        .then(|| format!("{:02}.{:02}-{:08}-{:010}-{:010}", short(0), short(2), long(4), long(8), long(12)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::devices::sim::sam::SAM_ID;

    #[test]
    fn sixteen_bytes_are_a_number() {
        assert_eq!(sam_id_text(&SAM_ID).as_deref(), Some("05.03-20150331-0001234567-1234567890"));
        assert_eq!(sam_id_text(&[0; 16]).as_deref(), Some("00.00-00000000-0000000000-0000000000"));
        assert_eq!(sam_id_text(&SAM_ID[1..]), None);
    }
}

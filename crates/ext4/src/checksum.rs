//! CRC-32C as ext4 stores it: without the inversion at the end, so that one call continues another.

/// The Castagnoli polynomial, lowest bit first.
const POLYNOMIAL: u32 = 0x82f6_3b78;

const TABLE: [u32; 256] = table();

/// What a checksum begins with.
pub(crate) const START: u32 = !0;

/// The checksum of `bytes` behind what `before` is the checksum of.
pub(crate) fn crc32c(before: u32, bytes: &[u8]) -> u32 {
    bytes.iter().fold(before, |crc, byte| {
        let [low, ..] = crc.to_le_bytes();
        crc >> 8 ^ TABLE[usize::from(low ^ byte)]
    })
}

const fn table() -> [u32; 256] {
    let mut table = [0; 256];
    let mut index = 0;
    while index < table.len() {
        let mut crc = index as u32;
        let mut bit = 0;
        while bit < 8 {
            crc = if crc & 1 == 1 {
                crc >> 1 ^ POLYNOMIAL
            } else {
                crc >> 1
            };
            bit += 1;
        }
        table[index] = crc;
        index += 1;
    }
    table
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_check_value_of_crc_32c() {
        assert_eq!(!crc32c(START, b"123456789"), 0xe306_9283);
        assert_eq!(
            crc32c(crc32c(START, b"1234"), b"56789"),
            crc32c(START, b"123456789")
        );
    }
}

//! The most frequent format, `2026-11-21T22:10:05.000Z`, whose text only needs another offset.

/// Returns the part of a timestamp that Python's `isoformat` returns too, before `+00:00`; `None` if it is not in UTC
/// with whole seconds, or is not obviously valid.
pub(in crate::model::protocol) fn isoformat_of_utc(text: &[u8]) -> Option<&[u8]> {
    let (time, zone) = text.split_at_checked(19)?;
    let [y1, y2, y3, y4, b'-', m1, m2, b'-', d1, d2, b'T', h1, h2, b':', min1, min2, b':', s1, s2] = time
    else {
        return None;
    };
    let number = |digits: [&u8; 2]| {
        let [tens, ones] = digits.map(|digit| digit.wrapping_sub(b'0'));
        (tens < 10 && ones < 10).then(|| 10 * tens + ones)
    };
    // The days that some months lack are left to the parser.
    let is_valid = (1..=99).contains(&number([y1, y2])?)
        && number([y3, y4]).is_some()
        && (1..=12).contains(&number([m1, m2])?)
        && (1..=28).contains(&number([d1, d2])?)
        && number([h1, h2])? < 24
        && number([min1, min2])? < 60
        && number([s1, s2])? < 60
        && matches!(zone, b"Z" | b".000Z");
    is_valid.then_some(time)
}

#[cfg(test)]
mod tests {
    use super::isoformat_of_utc;
    use crate::model::protocol::timestamp::Timestamp;

    #[test]
    fn usual_timestamp_needs_only_another_offset() {
        for text in ["2026-11-21T22:10:05.000Z", "2026-11-21T00:00:59Z", "1999-02-28T23:59:00.000Z"] {
            let time = isoformat_of_utc(text.as_bytes()).expect("a usual timestamp");
            let expected = Timestamp::from_text(text).expect("a timestamp").isoformat();
            assert_eq!(format!("{}+00:00", String::from_utf8_lossy(time)), expected);
        }
    }

    #[test]
    fn other_timestamps_are_left_to_the_parser() {
        let others = [
            "2026-11-21T22:10:05.120Z",
            "2026-11-21T22:10:05+01:00",
            "2026-11-29T22:10:05Z",
            "2026-13-21T22:10:05Z",
            "2026-11-21T24:10:05Z",
            "2026-11-21T22:10:60Z",
            "0000-11-21T22:10:05Z",
            "2026-11-2aT22:10:05Z",
            "2026-11-\u{7f}1T22:10:05Z",
            "2026-11- 1T22:10:05Z",
            "2026-11-21 22:10:05Z",
            "1763763005",
            "",
        ];
        for text in others {
            assert_eq!(isoformat_of_utc(text.as_bytes()), None, "{text}");
        }
    }
}

//! Places that many triggers of a text have in common: the end of their word, of their element, of their text.
//!
//! A finder is called for each trigger, and a line may have thousands of them. If each call looked for the end of
//! the line, the time would grow with the square of their number. So such a place is looked for once: until the
//! search gets past it, it is the place for all triggers before it.

use std::cell::Cell;
use std::ops::Range;

use super::scan::{first_in, first_part_in, skip_back};

/// The next place of one kind, for triggers in nearly ascending order.
///
/// Whether a place is of the kind must not depend on where the search for it starts.
#[derive(Debug)]
pub(in crate::plan::redaction) struct NextPlace {
    /// The place of the kind is `end` for every start in between; nothing is known if `start` is larger.
    start: Cell<usize>,
    end: Cell<usize>,
}

impl Default for NextPlace {
    fn default() -> Self {
        Self { start: Cell::new(1), end: Cell::new(0) }
    }
}

impl NextPlace {
    /// Returns the first place from `start` on that `search` finds, or `length`.
    pub(in crate::plan::redaction) fn find(
        &self,
        length: usize,
        start: usize,
        search: impl Fn(Range<usize>) -> Option<usize>,
    ) -> usize {
        let start = start.min(length);
        let (known_start, known_end) = (self.start.get(), self.end.get());
        if known_start <= known_end && start <= known_end {
            // Triggers that overlap are not found in their order.
            if let Some(place) = (start < known_start).then(|| search(start..known_start)).flatten() {
                return place;
            }
            self.start.set(start.min(known_start));
            return known_end;
        }
        let end = search(start..length).unwrap_or(length);
        self.start.set(start);
        self.end.set(end);
        end
    }

    /// Returns the first place from `start` on whose byte `fits` accepts, or the end of the text.
    pub(in crate::plan::redaction) fn byte(
        &self,
        bytes: &[u8],
        start: usize,
        fits: impl Fn(u8) -> bool,
    ) -> usize {
        self.find(bytes.len(), start, |range| first_in(bytes, range, &fits))
    }

    /// Returns the first place from `start` on at which `part` is, or the end of the text.
    pub(in crate::plan::redaction) fn part(&self, bytes: &[u8], start: usize, part: &[u8]) -> usize {
        self.find(bytes.len(), start, |range| first_part_in(bytes, range, part))
    }
}

/// The start of the bytes of one kind before a place, likewise.
#[derive(Debug)]
pub(in crate::plan::redaction) struct RunStart {
    /// The run before `end`, and before every place in it, starts at `start`; nothing is known if `start` is
    /// larger.
    start: Cell<usize>,
    end: Cell<usize>,
}

impl Default for RunStart {
    fn default() -> Self {
        Self { start: Cell::new(1), end: Cell::new(0) }
    }
}

impl RunStart {
    /// Returns the start of the bytes before `place` that `fits` accepts.
    pub(super) fn before(&self, bytes: &[u8], place: usize, fits: impl Fn(u8) -> bool) -> usize {
        let (known_start, known_end) = (self.start.get(), self.end.get());
        let is_known = known_start <= known_end;
        if is_known && (known_start..=known_end).contains(&place) {
            return known_start;
        }
        let first = if is_known && known_end < place { known_end } else { 0 };
        let start = first + skip_back(&bytes[first..], place - first, fits);
        let start = if start == first && first > 0 { known_start } else { start };
        self.start.set(start);
        self.end.set(place);
        start
    }
}

#[cfg(test)]
mod tests {
    use super::super::scan::{skip, skip_back, work};
    use super::{NextPlace, RunStart};

    const TEXT: &[u8] = b"aa bbbb  c dd   eeeee f";

    fn is_letter(byte: u8) -> bool {
        byte != b' '
    }

    #[test]
    fn places_do_not_depend_on_earlier_searches() {
        for first in 0..=TEXT.len() {
            for second in 0..=TEXT.len() {
                for third in 0..=TEXT.len() {
                    let (next, run) = (NextPlace::default(), RunStart::default());
                    for place in [first, second, third] {
                        assert_eq!(next.byte(TEXT, place, |byte| byte == b' '), skip(TEXT, place, is_letter));
                        assert_eq!(run.before(TEXT, place, is_letter), skip_back(TEXT, place, is_letter));
                    }
                }
            }
        }
    }

    #[test]
    fn place_is_looked_for_once() {
        let text = [b'a'; 1000];
        let (next, run) = (NextPlace::default(), RunStart::default());
        work::take();
        for place in (0..990).flat_map(|place| [place + 9, place]) {
            assert_eq!(next.byte(&text, place, |byte| byte == b' '), 1000);
            assert_eq!(run.before(&text, place, is_letter), 0);
        }
        let count = work::take();
        assert!(count < 10_000, "{count} bytes were looked at");
    }
}

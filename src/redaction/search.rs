//! Finds many fixed parts in a text, in one pass that nearly every text goes through without a stop.
//!
//! Each part is known by three neighbouring letters of it, of which one group begins at an even place of
//! the part and one at an odd place. So it is enough to look at every second place of the text: whether
//! its three letters are those of any part is one look into a table. What that lets through is compared
//! letter by letter. Capital letters and small ones are one in the table.
//!
//! The time does not depend on how many parts there are, unlike that of a search with vectors, which is
//! the fastest for a few dozens of them and slower than an automaton for hundreds.

use std::ops::ControlFlow;

/// How many bits of the hash of three letters are kept.
const BITS: u32 = 16;
const SIZE: usize = 1 << BITS;
/// How many places of the text are looked at in one step.
const BLOCK: usize = 16;

/// What may follow a part of three letters.
const FOLLOWERS: &[u8] = b" \"'=:;,&<>\\)]}_-.0123456789/s%?$[({`|@#!\n";

/// A part to be found.
#[derive(Clone, Debug)]
pub(super) struct Part {
    /// At least three letters; in small letters where capital ones are the same. One of three is found
    /// before the end of the text and before what `FOLLOWERS` has.
    pub(super) text: Box<str>,
    /// Capital letters are others than small ones.
    pub(super) is_exact: bool,
    /// What whoever searches calls it.
    pub(super) label: u16,
}

/// The search for a set of parts.
pub(super) struct Search {
    /// Whether three letters with this hash are in any part.
    table: Box<[u8]>,
    /// Where the chain of a hash begins: one more than the index of its first link.
    chains: Box<[u16]>,
    links: Vec<Link>,
    parts: Vec<Part>,
}

/// A part that has three letters with the hash of a chain, and where.
struct Link {
    part: u16,
    offset: u8,
    next: u16,
}

impl Search {
    pub(super) fn new(parts: Vec<Part>) -> Self {
        let mut search = Self {
            table: vec![0; SIZE].into_boxed_slice(),
            chains: vec![0; SIZE].into_boxed_slice(),
            links: Vec::new(),
            parts: Vec::new(),
        };
        for part in &parts {
            let index = u16::try_from(search.parts.len()).unwrap_or(u16::MAX);
            search.add(part.text.as_bytes(), index);
            search.parts.push(part.clone());
        }
        search
    }

    fn add(&mut self, text: &[u8], part: u16) {
        for parity in 0..2 {
            let groups = text.windows(3).enumerate().skip(parity).step_by(2);
            let rarest = groups.min_by_key(|(_, group)| group.iter().map(|letter| frequency(*letter)).sum::<u32>());
            match rarest {
                Some((offset, group)) => self.link([group[0], group[1], group[2]], part, offset),
                // Of three letters, only two are known at the other places; what may follow is not much.
                None => {
                    for next in FOLLOWERS {
                        self.link([text[1], text[2], *next], part, 1);
                    }
                }
            }
        }
    }

    fn link(&mut self, group: [u8; 3], part: u16, offset: usize) {
        let hash = hash(u32::from_le_bytes([group[0], group[1], group[2], 0]) | FOLD);
        let next = self.chains[hash];
        self.links.push(Link { part, offset: u8::try_from(offset).unwrap_or(u8::MAX), next });
        self.chains[hash] = u16::try_from(self.links.len()).unwrap_or_default();
        self.table[hash] = 1;
    }

    /// Hands over the parts that a text has, with where they begin, until `found` has enough.
    pub(super) fn each<B>(&self, text: &[u8], mut found: impl FnMut(usize, u16) -> ControlFlow<B>) -> ControlFlow<B> {
        let mut before = 0;
        let mut blocks = text.chunks_exact(BLOCK);
        let mut start = 0;
        for block in &mut blocks {
            before = self.block(text, start, block, before, &mut found)?;
            start += BLOCK;
        }
        let rest = blocks.remainder();
        let mut block = [b' '; BLOCK];
        block[..rest.len()].copy_from_slice(rest);
        self.block(text, start, &block, before, &mut found)?;
        ControlFlow::Continue(())
    }

    /// Looks at eight places: the last of the block before, and all of this one but its last. The answer
    /// is the second half of the block, for the next one.
    #[inline]
    fn block<B>(
        &self,
        text: &[u8],
        start: usize,
        block: &[u8],
        before: u64,
        found: &mut impl FnMut(usize, u16) -> ControlFlow<B>,
    ) -> ControlFlow<B, u64> {
        let (first, second) = (letters(&block[..8]), letters(&block[8..]));
        let across = before >> 48 | first << 16;
        let middle = first >> 48 | second << 16;
        let groups =
            [across, first, first >> 16, first >> 32, middle, second, second >> 16, second >> 32].map(group);
        let hit = groups.iter().fold(0, |hit, group| hit | self.table[*group]);
        if hit != 0 {
            self.look(text, start, groups, found)?;
        }
        ControlFlow::Continue(second)
    }

    #[cold]
    fn look<B>(
        &self,
        text: &[u8],
        start: usize,
        groups: [usize; 8],
        found: &mut impl FnMut(usize, u16) -> ControlFlow<B>,
    ) -> ControlFlow<B> {
        for (index, group) in groups.into_iter().enumerate() {
            let mut link = self.chains[group];
            let Some(place) = (start + 2 * index).checked_sub(2).filter(|_| link != 0) else { continue };
            while let Some(this) = usize::from(link).checked_sub(1).and_then(|index| self.links.get(index)) {
                if let Some(begin) = place.checked_sub(usize::from(this.offset))
                    && let Some(part) = self.parts.get(usize::from(this.part))
                    && part.is_at(text, begin)
                {
                    found(begin, part.label)?;
                }
                link = this.next;
            }
        }
        ControlFlow::Continue(())
    }
}

impl Part {
    fn is_at(&self, text: &[u8], begin: usize) -> bool {
        text.get(begin..begin + self.text.len()).is_some_and(|there| {
            if self.is_exact { there == self.text.as_bytes() } else { there.eq_ignore_ascii_case(self.text.as_bytes()) }
        })
    }
}

/// Makes small letters of capital ones, and other signs of a few.
const FOLD: u32 = 0x0020_2020;

fn letters(bytes: &[u8]) -> u64 {
    let mut eight = [0; 8];
    eight.copy_from_slice(bytes);
    u64::from_le_bytes(eight) | 0x2020_2020_2020_2020
}

#[expect(clippy::cast_possible_truncation, reason = "the three letters are the lowest bytes")]
fn group(letters: u64) -> usize {
    hash(letters as u32 & 0x00ff_ffff)
}

fn hash(group: u32) -> usize {
    (group.wrapping_mul(0x9e37_79b1) >> (32 - BITS)) as usize
}

/// How frequent a letter is in what AWS answers, roughly.
fn frequency(letter: u8) -> u32 {
    match letter.to_ascii_lowercase() {
        b'e' | b'a' | b't' | b'i' | b'n' | b' ' | b'"' => 8,
        b'o' | b'r' | b's' | b'c' | b'd' | b'l' => 6,
        b'u' | b'p' | b'm' | b'g' | b'-' | b'0'..=b'9' => 4,
        b'b' | b'f' | b'h' | b'v' | b'y' | b':' | b'/' => 3,
        _ => 1,
    }
}

#[cfg(test)]
mod tests {
    use std::ops::ControlFlow;

    use super::{Part, Search};

    fn parts(texts: &[(&str, bool)]) -> Vec<Part> {
        let numbered = texts.iter().zip(0..);
        numbered.map(|((text, is_exact), label)| Part { text: (*text).into(), is_exact: *is_exact, label }).collect()
    }

    fn found(search: &Search, text: &str) -> Vec<(usize, u16)> {
        let mut all = Vec::new();
        let end: ControlFlow<()> = search.each(text.as_bytes(), |place, label| {
            all.push((place, label));
            ControlFlow::Continue(())
        });
        assert!(end.is_continue());
        all.sort_unstable();
        all
    }

    #[test]
    fn every_part_is_found_at_every_place_of_texts_of_every_length() {
        let texts = [("pwd", false), ("pass", false), ("token", false), ("AKIA", true), ("xoxb-", true), ("s://", false),
            ("secret", false)];
        let search = Search::new(parts(&texts));
        for (label, (part, is_exact)) in (0..).zip(texts) {
            for before in 0..40 {
                for after in 0..20 {
                    let text = format!("{}{part}{}", "~".repeat(before), "=".repeat(after));
                    assert_eq!(found(&search, &text), [(before, label)], "{text}");
                    let text = text.to_uppercase();
                    let expected = if is_exact && part.to_uppercase() != part { vec![] } else { vec![(before, label)] };
                    assert_eq!(found(&search, &text), expected, "{text}");
                }
            }
        }
    }

    #[test]
    fn the_first_is_enough_when_no_more_is_wanted() {
        let search = Search::new(parts(&[("token", false)]));
        let mut count = 0;
        let end = search.each(b"token token", |_, _| {
            count += 1;
            ControlFlow::Break(count)
        });
        assert_eq!(end, ControlFlow::Break(1));
    }

    #[test]
    fn parts_that_overlap_are_all_found() {
        let search = Search::new(parts(&[("token", false), ("_token", false), ("ken_k", false)]));
        assert_eq!(found(&search, "my_TOKEN_key"), [(2, 1), (3, 0), (5, 2)]);
    }
}

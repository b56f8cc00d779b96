//! Finds many fixed parts in a text, in one pass that nearly every text goes through without a stop.
//!
//! Each part is known by four neighbouring letters of it, of which one group begins at an even place of
//! the text and one at an odd place, wherever the part stands. So it is enough to look at every second place
//! of the text: whether its four letters are those of any part is one look into a table. What that lets
//! through is compared letter by letter. Capital letters and small ones are one in the table. A part that is
//! too short for both groups has one for every letter that can stand beside it.
//!
//! The time does not depend on how many parts there are, unlike that of a search with vectors, which is
//! the fastest for a few dozens of them and slower than an automaton for hundreds.

use std::collections::{HashMap, HashSet};
use std::ops::ControlFlow;

/// How many bits of the hash of four letters are kept.
const BITS: u32 = 17;
const SIZE: usize = 1 << BITS;
/// How many places of the text are looked at in one step.
const BLOCK: usize = 16;
/// How many letters a part is known by.
const LETTERS: usize = 4;

/// A part to be found.
#[derive(Clone, Debug)]
pub(super) struct SearchPart {
    /// At least three letters; in small letters where capital ones are the same.
    pub(super) text: Box<str>,
    /// Capital letters are others than small ones.
    pub(super) is_exact: bool,
    /// Which letters can stand before it, in small letters; any, and none, if there are none here.
    pub(super) before: &'static str,
    /// Which can stand after it, likewise.
    pub(super) after: &'static str,
    /// What whoever searches calls it.
    pub(super) label: u16,
}

/// The search for a set of parts.
pub(super) struct PartSearch {
    /// What four letters are multiplied with to hash them.
    factor: u32,
    /// Whether four letters with this hash are in any part: a bit for each hash of three bits more.
    table: Box<[u8; SIZE]>,
    /// Where the chain of a hash begins: one more than the index of its first link.
    chains: Box<[u16; SIZE]>,
    links: Vec<Link>,
    parts: Vec<SearchPart>,
}

/// A part that has four letters with the hash of a chain, and where.
struct Link {
    group: u32,
    part: u16,
    /// One more than the place of the letters in the part, which may begin one before it.
    offset: usize,
    next: u16,
}

impl PartSearch {
    /// Prepares the search for `parts` in texts that look like `usual`: of each part, the letters are taken that
    /// are rare there.
    #[expect(
        clippy::large_stack_arrays,
        reason = "made once; an array of a known size needs no check of its bounds"
    )]
    pub(super) fn new(parts: Vec<SearchPart>, usual: &str) -> Self {
        let usual = Usual::of(usual);
        let mut groups = Vec::new();
        for (part, index) in parts.iter().zip(0..) {
            for group in part.groups(&usual) {
                groups.push((group.letters, index, group.offset));
            }
        }
        let mut search = Self {
            factor: usual.factor(groups.iter().map(|(group, _, _)| *group)),
            table: Box::new([0; SIZE]),
            chains: Box::new([0; SIZE]),
            links: Vec::new(),
            parts,
        };
        for (group, part, offset) in groups {
            search.link(group, part, offset);
        }
        search
    }

    fn link(&mut self, group: u32, part: u16, offset: usize) {
        let hash = hash(group, self.factor);
        self.links.push(Link { group, part, offset, next: self.chains[hash] });
        // A test of the table looks for every part, so that none is lost here.
        self.chains[hash] = u16::try_from(self.links.len()).unwrap_or_default();
        self.table[hash] |= 1 << bit(group, self.factor);
    }

    /// The parts that are looked for.
    #[cfg(test)]
    pub(super) fn parts(&self) -> &[SearchPart] {
        &self.parts
    }

    /// Hands over the parts that a text has, with where they begin, until `found` has enough.
    pub(super) fn each<B>(
        &self,
        text: &[u8],
        mut found: impl FnMut(usize, u16) -> ControlFlow<B>,
    ) -> ControlFlow<B> {
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
        let groups = [across, first, first >> 16, first >> 32, middle, second, second >> 16, second >> 32];
        let at = |index: usize| {
            let group = group(groups[index]);
            (self.table[hash(group, self.factor)] >> bit(group, self.factor) & 1) << index
        };
        // Written out: a loop that is compiled for size takes twice the time.
        let stops = (at(0) | at(1) | at(2) | at(3)) | (at(4) | at(5) | at(6) | at(7));
        if stops != 0 {
            self.look(text, start, &groups, stops, found)?;
        }
        ControlFlow::Continue(second)
    }

    #[inline(never)]
    fn look<B>(
        &self,
        text: &[u8],
        start: usize,
        groups: &[u64; 8],
        mut stops: u8,
        found: &mut impl FnMut(usize, u16) -> ControlFlow<B>,
    ) -> ControlFlow<B> {
        while stops != 0 {
            let index = stops.trailing_zeros() as usize;
            stops &= stops - 1;
            let group = group(groups[index % groups.len()]);
            let mut link = self.chains[hash(group, self.factor)];
            while let Some(this) = usize::from(link).checked_sub(1).and_then(|index| self.links.get(index)) {
                if this.group == group
                    && let Some(begin) = (start + 2 * index).checked_sub(1 + this.offset)
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

/// Four letters that a part is known by.
struct LetterGroup {
    letters: u32,
    /// As [`Link::offset`].
    offset: usize,
}

impl SearchPart {
    /// The letters that the part is known by where it begins at an even place, and where at an odd one.
    fn groups(&self, usual: &Usual) -> Vec<LetterGroup> {
        let length = self.text.len();
        // Those that begin one letter before a short part or end one behind it have a letter more than is known.
        let inner = if length > LETTERS { 1..=length - 3 } else { 0..=length - 2 };
        let mut taken = Vec::new();
        for parity in 0..2 {
            let offsets = inner.clone().filter(|offset| offset % 2 == parity);
            let rarest = offsets.map(|offset| self.groups_at(offset)).min_by_key(|groups| {
                let count: u32 = groups.iter().map(|group| usual.count(group.letters)).sum();
                (count, groups.len())
            });
            taken.extend(rarest.unwrap_or_default());
        }
        taken
    }

    /// The group at a place of the part, which is counted from the letter before it: one if its letters are
    /// known, else one for each letter that can stand there.
    fn groups_at(&self, offset: usize) -> Vec<LetterGroup> {
        let text = self.text.as_bytes();
        let known = |place: usize| place.checked_sub(1).and_then(|place| text.get(place)).copied();
        let letters = [0, 1, 2, 3].map(|index| known(offset + index));
        let of = |letters: [u8; LETTERS]| LetterGroup { letters: folded(&letters), offset };
        let Some(gap) = letters.iter().position(Option::is_none) else {
            return vec![of(letters.map(Option::unwrap_or_default))];
        };
        let beside = if offset == 0 { self.before } else { self.after };
        let any = (0x20..0x80).filter(|byte| fold(*byte) == *byte);
        let beside: Vec<u8> =
            if beside.is_empty() { any.collect() } else { beside.bytes().map(fold).collect() };
        let filled = |letter| {
            let mut letters = letters.map(Option::unwrap_or_default);
            letters[gap] = letter;
            of(letters)
        };
        beside.into_iter().map(filled).collect()
    }

    fn is_at(&self, text: &[u8], begin: usize) -> bool {
        let is_there = text.get(begin..begin + self.text.len()).is_some_and(|there| {
            if self.is_exact {
                there == self.text.as_bytes()
            } else {
                there.eq_ignore_ascii_case(self.text.as_bytes())
            }
        });
        let is_one = |letters: &str, letter: Option<&u8>| {
            letters.is_empty()
                || letter.is_some_and(|letter| letters.as_bytes().contains(&letter.to_ascii_lowercase()))
        };
        is_there
            && is_one(self.before, begin.checked_sub(1).and_then(|place| text.get(place)))
            && is_one(self.after, text.get(begin + self.text.len()))
    }
}

/// Makes small letters of capital ones, and other signs of a few.
const fn fold(byte: u8) -> u8 {
    byte & 0x7f | 0x20
}

/// The same for eight.
fn letters(bytes: &[u8]) -> u64 {
    let mut eight = [0; 8];
    eight.copy_from_slice(bytes);
    u64::from_le_bytes(eight) & 0x7f7f_7f7f_7f7f_7f7f | 0x2020_2020_2020_2020
}

#[expect(clippy::cast_possible_truncation, reason = "the four letters are the lowest bytes")]
fn group(letters: u64) -> u32 {
    letters as u32
}

/// Four letters as they are looked for.
fn folded(letters: &[u8]) -> u32 {
    letters.iter().rev().fold(0, |group, letter| group << 8 | u32::from(fold(*letter)))
}

fn hash(group: u32, factor: u32) -> usize {
    (group.wrapping_mul(factor) >> (32 - BITS)) as usize % SIZE
}

/// Which bit of its place in the table four letters have.
fn bit(group: u32, factor: u32) -> u32 {
    group.wrapping_mul(factor) >> (32 - BITS - 3) & 7
}

/// How often four letters follow each other in a usual text.
struct Usual(HashMap<u32, u32>);

impl Usual {
    fn of(text: &str) -> Self {
        let mut counts = HashMap::new();
        for letters in text.as_bytes().windows(LETTERS) {
            *counts.entry(folded(letters)).or_default() += 1;
        }
        Self(counts)
    }

    fn count(&self, group: u32) -> u32 {
        self.0.get(&group).copied().unwrap_or_default()
    }

    /// A factor by which the usual letters seldom have the hash of those that are looked for.
    fn factor(&self, groups: impl Iterator<Item = u32>) -> u32 {
        /// Odd numbers far from each other.
        const FACTORS: std::ops::Range<u32> = 1..16;
        let wanted: HashSet<u32> = groups.collect();
        let others = || self.0.iter().filter(|(group, _)| !wanted.contains(group));
        let others: Vec<(u32, u32)> = others().map(|(group, count)| (*group, *count)).collect();
        let confused = |factor: &u32| -> u32 {
            let mut taken = vec![0_u8; SIZE];
            for group in &wanted {
                taken[hash(*group, *factor)] |= 1 << bit(*group, *factor);
            }
            let is_taken = |group| taken[hash(group, *factor)] >> bit(group, *factor) & 1 == 1;
            others.iter().filter(|(group, _)| is_taken(*group)).map(|(_, count)| count).sum()
        };
        let factors = FACTORS.map(|number| number.wrapping_mul(0x9e37_79b1) | 1);
        factors.min_by_key(confused).unwrap_or(0x9e37_79b1)
    }
}

#[cfg(test)]
mod tests {
    use std::ops::ControlFlow;

    use super::{PartSearch, SearchPart};

    fn parts(texts: &[(&str, bool)]) -> Vec<SearchPart> {
        let numbered = texts.iter().zip(0..);
        let part = |text: &str, is_exact, label| SearchPart {
            text: text.into(),
            is_exact,
            before: "",
            after: "",
            label,
        };
        numbered.map(|((text, is_exact), label)| part(text, *is_exact, label)).collect()
    }

    fn found(search: &PartSearch, text: &str) -> Vec<(usize, u16)> {
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
        let texts = [
            ("pwd", false),
            ("pass", false),
            ("token", false),
            ("AKIA", true),
            ("xoxb-", true),
            ("s://", false),
            ("secret", false),
        ];
        let search = PartSearch::new(parts(&texts), "");
        for (label, (part, is_exact)) in (0..).zip(texts) {
            for before in 0..40 {
                for after in 0..20 {
                    let text = format!("{}{part}{}", "~".repeat(before), "=".repeat(after));
                    assert_eq!(found(&search, &text), [(before, label)], "{text}");
                    let text = text.to_uppercase();
                    let expected =
                        if is_exact && part.to_uppercase() != part { vec![] } else { vec![(before, label)] };
                    assert_eq!(found(&search, &text), expected, "{text}");
                }
            }
        }
    }

    #[test]
    fn the_first_is_enough_when_no_more_is_wanted() {
        let search = PartSearch::new(parts(&[("token", false)]), "a token");
        let mut count = 0;
        let end = search.each(b"token token", |_, _| {
            count += 1;
            ControlFlow::Break(count)
        });
        assert_eq!(end, ControlFlow::Break(1));
    }

    #[test]
    fn parts_that_overlap_are_all_found() {
        let search = PartSearch::new(parts(&[("token", false), ("_token", false), ("ken_k", false)]), "");
        assert_eq!(found(&search, "my_TOKEN_key"), [(2, 1), (3, 0), (5, 2)]);
    }
}

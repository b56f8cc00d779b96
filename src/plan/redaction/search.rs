//! Finds many fixed parts in a text, in one pass that rarely stops.
//!
//! Each part is represented by groups of four adjacent letters, one of which starts at an even position of the
//! text and one at an odd position, wherever the part is. So it is enough to check every second position of the
//! text: one table lookup decides whether its four letters belong to any part. Matches of the table are then
//! compared letter by letter. Upper and lower case are equal in the table. A part that is too short for both
//! groups has one group for every letter that can be next to it.
//!
//! The time does not depend on the number of parts, unlike that of a vectorized search, which is the fastest for
//! a few dozen parts and slower than an automaton for hundreds.

use std::collections::{HashMap, HashSet};
use std::ops::ControlFlow;

/// The number of bits of the hash of four letters.
const BITS: u32 = 17;
const SIZE: usize = 1 << BITS;
/// The number of words of the table, which has a bit for each value of a hash with three more bits.
const WORDS: usize = SIZE / 4;
/// The number of positions of the text that are checked in one step.
const BLOCK: usize = 16;
const BLANKS: u64 = 0x2020_2020_2020_2020;
/// The number of letters in a group.
const LETTERS: usize = 4;

/// A part to be found.
#[derive(Clone, Debug)]
pub(super) struct SearchPart {
    /// At least three letters; in lower case if the case is ignored.
    pub(super) text: Box<str>,
    /// Whether the case matters.
    pub(super) is_exact: bool,
    /// The letters that can be before the part, in lower case; empty if any letter, or none, can be.
    pub(super) before: &'static str,
    /// The letters that can be after the part, likewise.
    pub(super) after: &'static str,
    /// The label that is passed to the caller.
    pub(super) label: u16,
}

/// The search for a set of parts.
pub(super) struct PartSearch {
    /// The letters that are in any part.
    table: LetterTable,
    /// The start of the chain of a hash: one more than the index of its first link.
    chains: Box<[u16; SIZE]>,
    links: Vec<Link>,
    parts: Vec<SearchPart>,
}

/// A part that has four letters with the hash of a chain, and their position.
struct Link {
    group: u32,
    part: u16,
    /// One more than the position of the letters in the part, because they may start one letter before it.
    offset: usize,
    next: u16,
}

impl PartSearch {
    /// Prepares the search for `parts` in texts that resemble `usual`: for each part, the groups that are rare
    /// there are used.
    #[expect(clippy::large_stack_arrays, reason = "made once; a known size needs no check of its bounds")]
    pub(super) fn new(parts: Vec<SearchPart>, usual: &str) -> Self {
        let usual = Usual::of(usual);
        let mut groups = Vec::new();
        for (part, index) in parts.iter().zip(0..) {
            for group in part.groups(&usual) {
                groups.push((group.letters, index, group.offset));
            }
        }
        let mut search = Self {
            table: usual.table(groups.iter().map(|(group, _, _)| *group)),
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
        let hash = self.table.hash(group);
        self.links.push(Link { group, part, offset, next: self.chains[hash] });
        // A test of the table searches for every part, so that no overflow goes unnoticed.
        self.chains[hash] = u16::try_from(self.links.len()).unwrap_or_default();
    }

    /// Returns the parts that are searched for.
    #[cfg(test)]
    pub(super) fn parts(&self) -> &[SearchPart] {
        &self.parts
    }

    /// Passes the parts in a text, with their positions, to `found`, until it stops the search.
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

    /// Checks eight positions: the last one of the previous block, and all but the last one of this block.
    /// Returns the second half of the block, for the next call.
    #[expect(clippy::inline_always, reason = "a call for each block would need a tenth of the search")]
    #[inline(always)]
    fn block<B>(
        &self,
        text: &[u8],
        start: usize,
        block: &[u8],
        before: u64,
        found: &mut impl FnMut(usize, u16) -> ControlFlow<B>,
    ) -> ControlFlow<B, u64> {
        let (first, second) = (letters(&block[..8]), letters(&block[8..]));
        let groups = groups(before, first, second);
        let at = |index: usize| self.table.bit(groups[index]);
        // Unrolled by hand: a loop that is compiled for size takes twice the time.
        // A third of a result is indentation, and no part has four blanks.
        let left = if first == BLANKS { at(0) } else { at(0) | at(1) | at(2) | at(3) };
        let right = if second == BLANKS { at(4) } else { at(4) | at(5) | at(6) | at(7) };
        if (left | right) & 1 != 0 {
            self.look(text, start, [before, first, second], found)?;
        }
        ControlFlow::Continue(second)
    }

    #[inline(never)]
    fn look<B>(
        &self,
        text: &[u8],
        start: usize,
        [before, first, second]: [u64; 3],
        found: &mut impl FnMut(usize, u16) -> ControlFlow<B>,
    ) -> ControlFlow<B> {
        for (index, letters) in groups(before, first, second).into_iter().enumerate() {
            let group = group(letters);
            let is_possible = self.table.bit(letters) & 1 != 0;
            let mut link = if is_possible { self.chains[self.table.hash(group)] } else { 0 };
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

/// A group of four letters that represents a part.
struct LetterGroup {
    letters: u32,
    /// Counted as [`Link::offset`].
    offset: usize,
}

impl SearchPart {
    /// Returns the groups that represent the part if it starts at an even position, and at an odd one.
    fn groups(&self, usual: &Usual) -> Vec<LetterGroup> {
        let length = self.text.len();
        // The groups that start one letter before a short part, or end one letter after it, contain an unknown
        // letter.
        let inner = if length > LETTERS { 1..=length - 3 } else { 0..=length - 2 };
        let mut taken = Vec::new();
        for parity in 0..2 {
            let offsets = inner.clone().filter(|offset| offset % 2 == parity);
            let rarest = offsets.map(|offset| self.groups_at(offset)).min_by_key(|groups| {
                let count: u32 = groups.iter().filter_map(|group| usual.0.get(&group.letters)).sum();
                (count, groups.len())
            });
            taken.extend(rarest.unwrap_or_default());
        }
        taken
    }

    /// Returns the groups at a position of the part, counted from the letter before it: one if its letters are
    /// known, else one for each letter that can be there.
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

/// Maps upper-case letters to lower case, and other characters to a few.
const fn fold(byte: u8) -> u8 {
    byte & 0x7f | 0x20
}

/// Folds eight bytes.
fn letters(bytes: &[u8]) -> u64 {
    let mut eight = [0; 8];
    eight.copy_from_slice(bytes);
    u64::from_le_bytes(eight) & 0x7f7f_7f7f_7f7f_7f7f | 0x2020_2020_2020_2020
}

/// Returns the letters at eight positions: the last one of the block before, and all but the last one of this block,
/// which has two halves. The lowest four bytes count.
fn groups(before: u64, first: u64, second: u64) -> [u64; 8] {
    let across = before >> 48 | first << 16;
    let middle = first >> 48 | second << 16;
    [across, first, first >> 16, first >> 32, middle, second, second >> 16, second >> 32]
}

#[expect(clippy::cast_possible_truncation, reason = "the four letters are the lowest bytes")]
fn group(letters: u64) -> u32 {
    letters as u32
}

/// Returns four letters in their folded form.
fn folded(letters: &[u8]) -> u32 {
    letters.iter().rev().fold(0, |group, letter| group << 8 | u32::from(fold(*letter)))
}

/// A set of four letters each, as a bit for each value of a hash with three more bits.
struct LetterTable {
    /// The factor of the hash.
    factor: u32,
    words: Box<[u32; WORDS]>,
}

impl LetterTable {
    #[expect(clippy::large_stack_arrays, reason = "made once; a known size needs no check of its bounds")]
    fn new(factor: u32, groups: impl Iterator<Item = u32>) -> Self {
        let mut table = Self { factor, words: Box::new([0; WORDS]) };
        for group in groups {
            let (word, bit) = table.place(group);
            table.words[word] |= 1 << bit;
        }
        table
    }

    /// Returns whether four letters may be in the set, as the lowest bit.
    fn bit(&self, letters: u64) -> u32 {
        let (word, bit) = self.place(group(letters));
        self.words[word] >> bit
    }

    fn place(&self, group: u32) -> (usize, u32) {
        let hash = group.wrapping_mul(self.factor) >> (32 - BITS - 3);
        ((hash / u32::BITS) as usize % WORDS, hash % u32::BITS)
    }

    fn hash(&self, group: u32) -> usize {
        (group.wrapping_mul(self.factor) >> (32 - BITS)) as usize % SIZE
    }
}

/// The frequencies of groups of four letters in a typical text.
struct Usual(HashMap<u32, u32>);

impl Usual {
    fn of(text: &str) -> Self {
        let mut counts = HashMap::new();
        for letters in text.as_bytes().windows(LETTERS) {
            *counts.entry(folded(letters)).or_default() += 1;
        }
        Self(counts)
    }

    /// Returns the table of `groups`, with a factor for which the letters of typical texts rarely have the hash of a
    /// group.
    fn table(&self, groups: impl Iterator<Item = u32>) -> LetterTable {
        /// Odd numbers far from each other.
        const FACTORS: std::ops::Range<u32> = 1..16;
        let wanted: HashSet<u32> = groups.collect();
        let others = || self.0.iter().filter(|(group, _)| !wanted.contains(group));
        let others: Vec<(u32, u32)> = others().map(|(group, count)| (*group, *count)).collect();
        let table = |factor| LetterTable::new(factor, wanted.iter().copied());
        let confused = |table: &LetterTable| -> u32 {
            let is_taken = |group: &u32| table.bit(u64::from(*group)) & 1 != 0;
            others.iter().filter(|(group, _)| is_taken(group)).map(|(_, count)| count).sum()
        };
        let factors = FACTORS.map(|number| number.wrapping_mul(0x9e37_79b1) | 1);
        factors.map(table).min_by_key(confused).unwrap_or_else(|| table(0x9e37_79b1))
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

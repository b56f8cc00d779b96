//! Finds many fixed parts in a text, in one pass that nearly every text goes through without a stop.
//!
//! Each part is known by three neighbouring letters of it, of which one group begins at an even place of
//! the part and one at an odd place. So it is enough to look at every second place of the text: whether
//! its three letters are those of any part is one look into a table. What that lets through is compared
//! letter by letter. Capital letters and small ones are one in the table.
//!
//! The time does not depend on how many parts there are, unlike that of a search with vectors, which is
//! the fastest for a few dozens of them and slower than an automaton for hundreds.

use std::collections::{HashMap, HashSet};
use std::ops::ControlFlow;

/// How many bits of the hash of three letters are kept.
const BITS: u32 = 16;
const SIZE: usize = 1 << BITS;
/// How many places of the text are looked at in one step.
const BLOCK: usize = 16;

/// What may follow a part of three letters; capital letters are small ones here.
const ANYTHING: &[u8] = b" !\"#$%&'()*+,-./0123456789:;<=>?`abcdefghijklmnopqrstuvwxyz{|}~\x7f";

/// A part to be found.
#[derive(Clone, Debug)]
pub(super) struct Part {
    /// At least three letters; in small letters where capital ones are the same. One of three that is exact is
    /// only found before letters, digits, `_`, `-`, blanks and quotes.
    pub(super) text: Box<str>,
    /// Capital letters are others than small ones.
    pub(super) is_exact: bool,
    /// What whoever searches calls it.
    pub(super) label: u16,
}

/// The search for a set of parts.
pub(super) struct Search {
    /// What three letters are multiplied with to hash them.
    factor: u32,
    /// Whether three letters with this hash are in any part.
    table: Box<[u8; SIZE]>,
    /// Where the chain of a hash begins: one more than the index of its first link.
    chains: Box<[u16; SIZE]>,
    links: Vec<Link>,
    parts: Vec<Part>,
}

/// A part that has three letters with the hash of a chain, and where.
struct Link {
    group: u32,
    part: u16,
    offset: u8,
    next: u16,
}

impl Search {
    /// Prepares the search for `parts` in texts that look like `usual`: of each part, the letters are taken that
    /// are rare there.
    #[expect(
        clippy::large_stack_arrays,
        reason = "made once; an array of a known size needs no check of its bounds"
    )]
    pub(super) fn new(parts: Vec<Part>, usual: &str) -> Self {
        let usual = Usual::of(usual);
        let mut groups = Vec::new();
        for (part, index) in parts.iter().zip(0..) {
            part.groups(&usual, |group, offset| groups.push((group, index, offset)));
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

    fn link(&mut self, group: u32, part: u16, offset: u8) {
        let hash = hash(group, self.factor);
        self.links.push(Link { group, part, offset, next: self.chains[hash] });
        self.chains[hash] = u16::try_from(self.links.len()).unwrap_or_default();
        self.table[hash] = 1;
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
        let at = |index: usize| self.table[hash(group(groups[index]), self.factor)] << index;
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
                    && let Some(begin) = (start + 2 * index).checked_sub(2 + usize::from(this.offset))
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
    /// Hands over the letters that the part is known by, with where they are in it.
    fn groups(&self, usual: &Usual, mut found: impl FnMut(u32, u8)) {
        let text = self.text.as_bytes();
        for parity in 0..2 {
            let groups = text.windows(3).zip(0..).skip(parity).step_by(2);
            let rarest = groups.min_by_key(|(group, _)| usual.count(folded(group)));
            if let Some((group, offset)) = rarest {
                found(folded(group), offset);
                continue;
            }
            // Of three letters, only two are known at the other places.
            let next =
                if self.is_exact { &b"abcdefghijklmnopqrstuvwxyz0123456789_- \"'\n"[..] } else { ANYTHING };
            for next in next {
                found(folded(&[text[1], text[2], *next]), 1);
            }
        }
    }

    fn is_at(&self, text: &[u8], begin: usize) -> bool {
        text.get(begin..begin + self.text.len()).is_some_and(|there| {
            if self.is_exact {
                there == self.text.as_bytes()
            } else {
                there.eq_ignore_ascii_case(self.text.as_bytes())
            }
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
fn group(letters: u64) -> u32 {
    letters as u32 & 0x00ff_ffff
}

/// Three letters as they are looked for.
fn folded(letters: &[u8]) -> u32 {
    letters.iter().rev().fold(0, |group, letter| group << 8 | u32::from(*letter)) | FOLD
}

fn hash(group: u32, factor: u32) -> usize {
    (group.wrapping_mul(factor) >> (32 - BITS)) as usize % SIZE
}

/// How often three letters follow each other in a usual text.
struct Usual(HashMap<u32, u32>);

impl Usual {
    fn of(text: &str) -> Self {
        let mut counts = HashMap::new();
        for letters in text.as_bytes().windows(3) {
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
        const FACTORS: std::ops::Range<u32> = 1..64;
        let wanted: Vec<u32> = groups.collect();
        let known: HashSet<u32> = wanted.iter().copied().collect();
        let others: Vec<(u32, u32)> = self
            .0
            .iter()
            .filter(|(group, _)| !known.contains(group))
            .map(|(group, count)| (*group, *count))
            .collect();
        let confused = |factor: &u32| -> u32 {
            let mut taken = vec![false; SIZE];
            for group in &wanted {
                taken[hash(*group, *factor)] = true;
            }
            others.iter().filter(|(group, _)| taken[hash(*group, *factor)]).map(|(_, count)| count).sum()
        };
        let factors = FACTORS.map(|number| number.wrapping_mul(0x9e37_79b1) | 1);
        factors.min_by_key(confused).unwrap_or(0x9e37_79b1)
    }
}

#[cfg(test)]
mod tests {
    use std::ops::ControlFlow;

    use super::{Part, Search};

    fn parts(texts: &[(&str, bool)]) -> Vec<Part> {
        let numbered = texts.iter().zip(0..);
        numbered
            .map(|((text, is_exact), label)| Part { text: (*text).into(), is_exact: *is_exact, label })
            .collect()
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
        let texts = [
            ("pwd", false),
            ("pass", false),
            ("token", false),
            ("AKIA", true),
            ("xoxb-", true),
            ("s://", false),
            ("secret", false),
        ];
        let search = Search::new(parts(&texts), "");
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
        let search = Search::new(parts(&[("token", false)]), "a token");
        let mut count = 0;
        let end = search.each(b"token token", |_, _| {
            count += 1;
            ControlFlow::Break(count)
        });
        assert_eq!(end, ControlFlow::Break(1));
    }

    #[test]
    fn parts_that_overlap_are_all_found() {
        let search = Search::new(parts(&[("token", false), ("_token", false), ("ken_k", false)]), "");
        assert_eq!(found(&search, "my_TOKEN_key"), [(2, 1), (3, 0), (5, 2)]);
    }
}

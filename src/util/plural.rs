//! Counts with nouns: `1 call`, `2 calls`.

use std::fmt::Display;

/// Formats a count with its noun in singular or plural: `1 call`, `0 calls`, `2 entries`.
pub(crate) fn plural(count: impl Number, noun: &str) -> String {
    counted(count, count, noun)
}

/// Formats a count like [`plural`], with the number written differently: `1,400 items`.
pub(crate) fn counted(count: impl Number, written: impl Display, noun: &str) -> String {
    format!("{written} {}", form(count, noun))
}

/// Returns only the noun, in the form for the count.
pub(crate) fn form(count: impl Number, noun: &str) -> String {
    if count.is_one() { noun.to_owned() } else { several(noun) }
}

/// Returns the plural of a noun; of several words, the last one changes.
fn several(noun: &str) -> String {
    let is_vowel = |letter: char| "aeiou".contains(letter);
    match noun.strip_suffix('y') {
        Some(stem) if !stem.ends_with(is_vowel) => format!("{stem}ies"),
        _ if ["s", "x", "ch", "sh"].iter().any(|ending| noun.ends_with(ending)) => format!("{noun}es"),
        _ => format!("{noun}s"),
    }
}

/// An integer type for counts.
pub(crate) trait Number: Copy + Display {
    /// Returns whether the number requires the singular.
    fn is_one(self) -> bool;
}

macro_rules! numbers {
    ($($number:ty),*) => {
        $(impl Number for $number {
            fn is_one(self) -> bool {
                self == 1
            }
        })*
    };
}

numbers!(u16, u32, u64, usize);

#[cfg(test)]
mod tests {
    use super::{counted, form, plural};

    #[test]
    fn one_is_singular_and_all_others_are_plural() {
        assert_eq!(plural(0_u64, "call"), "0 calls");
        assert_eq!(plural(1_usize, "call"), "1 call");
        assert_eq!(plural(2_u32, "call"), "2 calls");
    }

    #[test]
    fn the_plural_follows_the_end_of_the_noun() {
        for (noun, several) in [
            ("entry", "entries"),
            ("service control policy", "service control policies"),
            ("key", "keys"),
            ("address", "addresses"),
            ("index", "indexes"),
            ("batch", "batches"),
            ("page", "pages"),
        ] {
            assert_eq!(plural(3_u64, noun), format!("3 {several}"));
        }
    }

    #[test]
    fn the_number_can_be_written_otherwise() {
        assert_eq!(counted(1400_u64, "1,400", "item"), "1,400 items");
        assert_eq!(counted(1_u64, "about 1", "item"), "about 1 item");
        assert_eq!((form(1_u64, "call"), form(2_u64, "call")), ("call".to_owned(), "calls".to_owned()));
    }
}

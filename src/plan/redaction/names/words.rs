//! The words of a name: `DB_Password`, `dbPassword` and `db-password` have the same ones.

/// The maximum length of a word in the list.
const LONGEST: usize = 32;
/// The number of words at the end of a name that are checked.
const DEPTH: usize = 8;

/// A word in lower case.
#[derive(Clone, Copy, Default)]
pub(super) struct Word {
    letters: [u8; LONGEST],
    length: u8,
}

impl Word {
    fn of(letters: &[u8]) -> Self {
        let mut word = Self::default();
        // Only the end of a longer word counts.
        let end = &letters[letters.len().saturating_sub(LONGEST)..];
        for (small, letter) in word.letters.iter_mut().zip(end) {
            *small = letter.to_ascii_lowercase();
        }
        word.length = u8::try_from(end.len()).unwrap_or_default();
        word
    }

    pub(super) fn as_bytes(&self) -> &[u8] {
        &self.letters[..usize::from(self.length)]
    }
}

/// The last words of a name, the last one first.
pub(super) struct Words {
    words: [Word; DEPTH],
    count: usize,
}

impl Words {
    pub(super) fn of(name: &str) -> Self {
        let bytes = name.as_bytes();
        let mut words = Self { words: [Word::default(); DEPTH], count: 0 };
        let mut end = bytes.len();
        while words.count < DEPTH {
            while end > 0 && !is_letter(bytes[end - 1]) {
                end -= 1;
            }
            if end == 0 {
                break;
            }
            let start = start_of_word(bytes, end);
            words.words[words.count] = Word::of(&bytes[start..end]);
            words.count += 1;
            end = start;
        }
        words
    }

    pub(super) fn list(&self) -> &[Word] {
        &self.words[..self.count]
    }
}

/// Returns the start of the word that ends at `end`.
fn start_of_word(bytes: &[u8], end: usize) -> usize {
    let mut start = end - 1;
    while start > 0 && is_letter(bytes[start - 1]) && !is_border(bytes, start, end) {
        start -= 1;
    }
    start
}

/// Returns whether a word starts at `start`, which is not the first letter: `db|Password`, `DB|Password`,
/// `key|1`.
fn is_border(bytes: &[u8], start: usize, end: usize) -> bool {
    let (before, here) = (bytes[start - 1], bytes[start]);
    if here.is_ascii_digit() {
        return !before.is_ascii_digit();
    }
    if here.is_ascii_uppercase() {
        let next = bytes.get(start + 1).filter(|_| start + 1 < end);
        return !before.is_ascii_uppercase() || next.is_some_and(u8::is_ascii_lowercase);
    }
    false
}

fn is_letter(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte >= 0x80
}

//! The time of a search grows with the length of a line, not with its square.
//!
//! The time itself is not measured. Finders count the bytes that they look at, and per byte of the text, this number
//! must not grow with the text.

use crate::plan::redaction::text::scan::work;
use crate::plan::redaction::text::triggers::SEARCH;
use crate::plan::redaction::text::{Hint, clean, may_hold};

/// The number of words in the shorter one of two lines.
const WORDS: usize = 100;

/// The forms of a word that are repeated: `@` stands for a word at which a text is examined.
const BARE_FORMS: &[&str] =
    &["@", "@ ", "@.", "@-", "-@", "@,", "@;", "@)", "@,)", "(@", "[@", "/@/", "@=", "@\\n"];

/// Forms of words that are read in upper and lower case, and so are part of other words.
// One form per line would fill a page.
#[rustfmt::skip]
const FORMS: &[&str] = &[
    // Values after a separator, also without an end.
    "@=x1y2,", "@: ", "@: x1y2 ", "@='", "@=\"a", "@='a \"", "@\\\"", "@=\\\"a", "@=[", "@: [", "@: {", "@={a", "@=(", "@: |", "@: #",
    "@ &str = ",
    // Values beside a name.
    "@ is ", "@ for ", "set @ ", "--@ ", "\"--@\", ", "name: @, value: ", "\"@\", ", "(\"@\", ", "'@' => ", "\"@\":", "\"@\": \"",
    "@\t\"",
    // Elements.
    "<@>", "<@ ", "</@", "<a:@>", "<@><![CDATA[", "\"@\">", "@</",
    // Commands, options and pipes.
    "@ | ", "@ -p ", "echo @ ", "echo @ | sudo -S ", "neighbor @ ",
    // URLs, references and names of resources.
    "@://", "@://a:b/", "a://@@", "@://a?b=", "a://b/@?token=", "arn:@:", "ssm:@=", "$@=$", "@ {{resolve:",
];

/// Lines of files, each of which is repeated.
const LINES: &[&str] = &[
    "- env:\n",
    "- env:\n  - name: A\n    value: b1\n",
    "- env:\n    variables:\n      A: b1\n",
    "env:\n\n",
    "env: #\n",
    "token:\n",
    "token: |\n  x1\n",
    "- token: |\n",
    "password: x1 y2\r",
    "ENV A=b1\n",
    "kind: Secret\ndata:\n  a: b1\n",
    "neighbor 192.0.2.1 password x1y2\n",
    "set psksecret ENC x1y2 # token\n",
    "echo x1 | sudo -S true\n",
    "-----BEGIN PRIVATE KEY-----\n",
    "mysql -px1 \\\n",
];

/// Characters that fill a line before or after the words: finders must not go through them for each word.
const FILLINGS: &[&str] = &[
    "", "a", ".", ")", "\"", " ", "\\", "/", ":", "=", "<", "'", ";", "{", "[", "x,", "|", "- ", "?", "@",
    "#",
];

/// Returns the number of bytes that are looked at per byte of a text.
fn looks(text: &str) -> usize {
    work::take();
    let json = Hint { is_json: true, ..Hint::default() };
    let _ = (may_hold(text.as_bytes(), &json), clean(text, ""));
    work::take() / text.len()
}

/// Returns a line with a form so many times, and as many characters that fill it.
fn line(form: &str, count: usize, filling: &str, fills_start: bool) -> String {
    let words = form.repeat(count);
    let filling = filling.repeat(words.len() / filling.len().max(1));
    if fills_start { filling + &words } else { words + &filling }
}

/// Checks the forms of a word, each with another filling. Because finders are for many words, every second form of a
/// word is enough.
fn check(word: &str, forms: &[&str], number: usize, slow: &mut Vec<String>) {
    /// What the names and values around a trigger may cost.
    const MOST: usize = 320;
    for (index, form) in forms.iter().enumerate().skip(number % 2).step_by(2) {
        let filling = FILLINGS[(number + index) % FILLINGS.len()];
        let form = form.replace('@', word);
        let looks = [WORDS, 4 * WORDS].map(|count| looks(&line(&form, count, filling, number % 4 < 2)));
        if looks[1] > MOST || grow(looks) {
            slow.push(format!("{form:?} with {filling:?}: {looks:?}"));
        }
    }
}

/// Returns whether the looks per byte at a text are clearly more than those at a quarter of it.
fn grow(looks: [usize; 2]) -> bool {
    looks[1] > 2 * looks[0] + 16
}

#[test]
fn looks_per_byte_do_not_grow_with_the_line() {
    let mut slow = Vec::new();
    for (number, part) in SEARCH.parts().iter().enumerate() {
        let beside = |signs: &'static str| signs.get(..1).unwrap_or_default();
        let word = format!("{}{}{}", beside(part.before), part.text, beside(part.after));
        check(&word, BARE_FORMS, number, &mut slow);
        if !part.is_exact {
            check(&word, FORMS, number, &mut slow);
        }
    }
    assert!(
        slow.is_empty(),
        "bytes looked at per byte of lines of {WORDS} words and four times as many:\n{slow:#?}"
    );
}

#[test]
fn looks_per_byte_do_not_grow_with_the_file() {
    let looks = |line: &&str| [WORDS, 4 * WORDS].map(|count| looks(&line.repeat(count)));
    let slow: Vec<_> =
        LINES.iter().map(|line| (line, looks(line))).filter(|(_, looks)| grow(*looks)).collect();
    assert!(
        slow.is_empty(),
        "bytes looked at per byte of files of {WORDS} lines and four times as many: {slow:#?}"
    );
}

//! Normalization of messages for comparisons: lower case, plain punctuation, no contractions.

/// Contractions and their full forms. AWS uses both in the same message.
const CONTRACTIONS: &[(&str, &str)] =
    &[("can't", "cannot"), ("n't", " not"), ("you've", "you have"), ("you're", "you are"), ("it's", "it is")];

/// Folds a message: lower case, straight apostrophes and quotation marks, plain spaces and hyphens, one space
/// between words, no contractions (`isn’t` becomes `is not`).
#[must_use]
pub fn fold(message: &str) -> String {
    let mut folded = String::with_capacity(message.len());
    for letter in message.chars().flat_map(char::to_lowercase) {
        let letter = match letter {
            '\u{2018}' | '\u{2019}' | '\u{201b}' | '\u{2032}' | '\u{00b4}' | '\u{02bc}' | '`' => '\'',
            '\u{201c}' | '\u{201d}' | '\u{201e}' | '\u{2033}' | '\u{00ab}' | '\u{00bb}' => '"',
            '\u{2010}'..='\u{2015}' | '\u{2212}' => '-',
            // Invisible characters from formatted documents.
            '\u{200b}'..='\u{200d}' | '\u{2060}' | '\u{feff}' | '\u{00ad}' => continue,
            letter if letter.is_whitespace() || letter.is_control() => ' ',
            letter => letter,
        };
        if letter != ' ' || !(folded.is_empty() || folded.ends_with(' ')) {
            folded.push(letter);
        }
    }
    folded.truncate(folded.trim_end().len());
    for (contraction, words) in CONTRACTIONS {
        if folded.contains(contraction) {
            folded = folded.replace(contraction, words);
        }
    }
    folded
}

#[cfg(test)]
mod tests {
    use super::fold;

    #[test]
    fn typography_does_not_matter() {
        for message in [
            "Macie isn\u{2019}t enabled",
            "Macie isn't  enabled",
            "MACIE\u{a0}is not enabled\n",
            "macie isn\u{2bc}t\u{200b} enabled ",
        ] {
            assert_eq!(fold(message), "macie is not enabled", "{message:?}");
        }
        assert_eq!(fold("You can\u{2019}t \u{201c}sign\u{2011}up\u{201d}"), "you cannot \"sign-up\"");
        assert_eq!(fold(""), "");
    }
}

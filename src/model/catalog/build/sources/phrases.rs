//! Nouns in the documentation of parameters: "The ARN of the project".

use std::collections::HashSet;

use super::words::words;

/// Words that lead to the noun.
const LEADS: [&str; 14] = [
    " of the ",
    " of an ",
    " of a ",
    " of your ",
    " for the ",
    " for an ",
    " for a ",
    " that identifies the ",
    " that identifies an ",
    " that identifies a ",
    " assigned to the ",
    " uniquely identifies the ",
    " uniquely identifies an ",
    " uniquely identifies a ",
];

/// Words before a noun that are no part of it.
const FILLERS: [&str; 24] = [
    "amazon",
    "aws",
    "web",
    "service",
    "services",
    "specified",
    "existing",
    "specific",
    "particular",
    "individual",
    "given",
    "associated",
    "new",
    "parent",
    "containing",
    "single",
    "custom",
    "private",
    "managed",
    "target",
    "requested",
    "desired",
    "msk",
    "s3",
];

/// Words that end a noun.
const STOPS: [&str; 26] = [
    "that",
    "for",
    "to",
    "which",
    "whose",
    "you",
    "in",
    "on",
    "from",
    "with",
    "is",
    "are",
    "and",
    "or",
    "when",
    "where",
    "by",
    "at",
    "used",
    "being",
    "as",
    "of",
    "associated",
    "within",
    "about",
    "containing",
];

/// The number of words in which the noun has to start.
const LONGEST: usize = 6;

/// Returns the known noun that the first sentence of a parameter's documentation names.
pub(super) fn noun(documentation: &str, known: &HashSet<String>) -> Option<String> {
    let sentence = documentation.split(". ").next()?;
    if let Some(noun) = possessive(sentence, known) {
        return Some(noun);
    }
    let start = LEADS.iter().filter_map(|lead| Some(sentence.find(lead)? + lead.len())).min()?;
    // The last word is the head of the phrase: a journey activity is no journey.
    let mut phrase = phrase(&sentence[start..]);
    if phrase.len() > 1 && phrase.last().is_some_and(|word| word == "resource") {
        phrase.pop();
    }
    (0..phrase.len()).map(|start| phrase[start..].concat()).find(|noun| known.contains(noun))
}

/// Returns the member of "The pattern of the package group", comparable.
pub(super) fn member(documentation: &str) -> Option<String> {
    let (member, _) = documentation.strip_prefix("The ")?.split_once(" of ")?;
    let words = words(member);
    (words.len() <= 2).then(|| words.concat())
}

/// Returns whether a parameter's documentation names an ARN and no name: "The ID or ARN of the job".
pub(super) fn names_only_arn(documentation: &str) -> bool {
    let plain = documentation.replace("Amazon Resource Name", "ARN");
    plain.contains("ARN") && !plain.to_lowercase().contains("name")
}

/// Returns the noun of "The project ARN" or "The run's ID".
fn possessive(sentence: &str, known: &HashSet<String>) -> Option<String> {
    let rest = sentence
        .strip_prefix("The ")
        .or_else(|| sentence.strip_prefix("An "))
        .or_else(|| sentence.strip_prefix("A "))?;
    let kinds = ["ARN", "ID", "name", "identifier", "Amazon Resource Name", "unique"];
    let end = kinds.iter().filter_map(|kind| rest.find(&format!(" {kind}"))).min()?;
    let noun = rest[..end].replace("'s", "").replace("\u{2019}s", "");
    let words = phrase(&noun);
    let noun = words.concat();
    (words.len() <= 4 && known.contains(&noun)).then_some(noun)
}

fn phrase(text: &str) -> Vec<String> {
    let ends = |letter: char| matches!(letter, '.' | ',' | ';' | '(' | ':');
    let text = text.split(ends).next().unwrap_or_default();
    let lower: Vec<&str> = text
        .split_whitespace()
        .skip_while(|word| FILLERS.contains(&&*word.to_lowercase()))
        .take_while(|word| !STOPS.contains(&&*word.to_lowercase()))
        .take(LONGEST)
        .collect();
    lower.iter().flat_map(|word| words(word)).collect()
}

/// Returns the longest known noun that these words start with.
pub(super) fn longest_prefix(words: &[String], known: &HashSet<String>) -> Option<String> {
    prefixes(words, known).next()
}

/// Returns the known nouns that these words start with, the longest first.
pub(super) fn prefixes<'words>(
    words: &'words [String],
    known: &'words HashSet<String>,
) -> impl Iterator<Item = String> + 'words {
    (1..=words.len()).rev().map(|end| words[..end].concat()).filter(|noun| known.contains(noun))
}

/// Returns the largest number of values that the documentation allows: "up to 100", "a maximum of 25".
pub(super) fn largest_number(documentation: &str) -> Option<u16> {
    let lower = documentation.to_lowercase();
    ["up to ", "maximum of ", "at most ", "no more than ", "maximum number of items: ", "limit of "]
        .iter()
        .filter_map(|lead| {
            let rest = &lower[lower.find(lead)? + lead.len()..];
            let rest = rest.trim_start_matches(|letter: char| !letter.is_ascii_digit() && letter != ' ');
            let digits: String = rest.chars().take_while(char::is_ascii_digit).collect();
            digits.parse().ok()
        })
        .find(|&number| number > 0)
}

#[cfg(test)]
mod tests {
    use super::{largest_number, noun};

    #[test]
    fn documentation_names_the_noun() {
        let known = ["devicepool", "project"].map(str::to_owned).into();
        assert_eq!(
            noun("The Amazon Resource Name (ARN) of the project for which you want runs.", &known).as_deref(),
            Some("project")
        );
        assert_eq!(noun("The ARN of an existing device pool.", &known).as_deref(), Some("devicepool"));
        assert_eq!(noun("A text.", &known), None);
    }

    #[test]
    fn documentation_limits_the_number_of_values() {
        assert_eq!(largest_number("A list of up to 100 names or ARNs."), Some(100));
        assert_eq!(largest_number("Names."), None);
    }
}

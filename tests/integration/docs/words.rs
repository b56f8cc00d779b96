//! Messages, comments and pages use the plain words of docs/STYLE.md.
//!
//! The lists below are the words of its table "Words to avoid" for which there is no right use, or next to none. The
//! string literals and comments of `src` are checked, not its identifiers; the comments of `tests` and `benches`,
//! whose literals are data; and all Markdown pages.

use std::fs;

use regex_lite::Regex;

use super::{pages, read, root};
use crate::sandbox::files_below;

/// Words to avoid, as regular expressions, with the words to use.
const AVOIDED: &[(&str, &str)] = &[
    ("whoever|somebody|nobody|people|strangers", "the user, the caller, AWS, another process"),
    ("anew|once more", "again"),
    ("for want of", "without, because … is missing"),
    ("all the same|none the less", "anyway, still"),
    ("under way|at work", "in progress, running"),
    ("begun|begins?|began|beginning", "start, started"),
    ("mend(?:s|ed|ing)?|remed(?:y|ies)", "fix"),
    ("meanwhile", "at the same time, in the meantime"),
    ("left out|leaves? out|leaving out|leave (?:it|them) out", "exclude, skip, omit"),
    ("gone", "removed, deleted, retired, no longer exists"),
    ("go on|goes on|going on|carry on|carries on", "continue, resume"),
    ("lets? in", "allow, admit"),
    ("of its own|of their own|of theirs", "separate, its own"),
    ("tell|tells|told|telling|say|says|said|saying", "print, report, return, list, log"),
    ("asks?|asked|asking", "call, send a request, look up"),
    (
        "(?:enter|enters|entered|entering) (?:an|the|this|these|its|their)? ?accounts?",
        "assume the role in an account",
    ),
];

/// Words that are right elsewhere, but not where the program talks to its user.
const AVOIDED_IN_COMMAND_LINE: &[(&str, &str)] = &[
    ("answers?|answered|answering", "response; return as a verb"),
    ("refus(?:e|es|ed|ing|als?)", "deny, reject"),
];

/// The wings that talk to the user.
const COMMAND_LINE: [&str; 2] = ["src/cli/", "src/app/"];

/// The uses that are right: the file, the text around the word, and the reason.
const REVIEWED: &[(&str, &str, &str)] = &[("src/plan/spec/entry.rs", "\"gone\"", "a word of the ledger")];

#[test]
fn messages_and_comments_use_the_plain_words() {
    let (avoided, strict) = (patterns(AVOIDED), patterns(AVOIDED_IN_COMMAND_LINE));
    let mut found = Vec::new();
    for file in files_below(&root().join("src")) {
        if !matches!(file.extension().and_then(|extension| extension.to_str()), Some("rs" | "js")) {
            continue;
        }
        let name = file.strip_prefix(root()).expect("a file of the checkout").display().to_string();
        let text = fs::read_to_string(&file).expect("readable source");
        let is_command_line = COMMAND_LINE.iter().any(|wing| name.starts_with(wing));
        for prose in prose_of(&text) {
            found.extend(words_in(&name, &prose, &avoided));
            if is_command_line {
                found.extend(words_in(&name, &prose, &strict));
            }
        }
    }
    assert!(found.is_empty(), "use plain words, or review them here:\n{}", found.join("\n"));
}

#[test]
fn comments_of_tests_use_the_plain_words() {
    let avoided = patterns(AVOIDED);
    let mut found = Vec::new();
    for file in ["tests", "benches"].iter().flat_map(|folder| files_below(&root().join(folder))) {
        let name = file.strip_prefix(root()).expect("a file of the checkout").display().to_string();
        let read = || String::from_utf8_lossy(&fs::read(&file).expect("a readable file")).into_owned();
        let comments = match file.extension().and_then(|extension| extension.to_str()) {
            Some("rs") => prose_of(&read()).into_iter().filter(|prose| prose.starts_with('/')).collect(),
            Some("py") => script_comments_of(&read()),
            // The scripts.
            None if read().starts_with("#!") => script_comments_of(&read()),
            _ => Vec::new(),
        };
        found.extend(comments.iter().flat_map(|comment| words_in(&name, comment, &avoided)));
    }
    assert!(found.is_empty(), "use plain words, or review them here:\n{}", found.join("\n"));
}

#[test]
fn pages_use_the_plain_words() {
    let avoided = patterns(AVOIDED);
    let mut found = Vec::new();
    // The style guide lists the words.
    for page in pages().into_iter().filter(|page| page != "docs/STYLE.md") {
        for line in read(&page).lines() {
            found.extend(words_in(&page, line, &avoided));
        }
    }
    assert!(found.is_empty(), "use plain words, or review them here:\n{}", found.join("\n"));
}

#[test]
fn every_reviewed_word_is_there() {
    for (file, text, reason) in REVIEWED {
        assert!(read(file).contains(text), "{file} does not contain {text:?} any more ({reason})");
    }
}

#[test]
fn prose_is_found_in_literals_and_comments() {
    let source = r##"
        /// A doc comment.
        fn told<'a>(text: &'a str) -> char { // A remark.
            call("a \"message\"", r#"a raw one"#, b'"'); let said = '"'; '\'' }"##;
    let prose = prose_of(source);
    let expected = ["/// A doc comment.", "// A remark.", r#""a \"message\"""#, r##"r#"a raw one"#"##];
    assert_eq!(prose, expected);
    let script =
        "#!/bin/sh\n# A comment.\necho \"${said#a}\" # Another.\ndef said():\n    \"\"\"A text.\"\"\"\n";
    let comments = script_comments_of(script).join("|").replace(['\n', ' '], "");
    assert_eq!(comments, "#!/bin/sh|#Acomment.|#Another.|\"\"\"Atext.\"\"\"");
    let avoided = patterns(AVOIDED);
    assert_eq!(words_in("a.rs", "// Nobody asks.", &avoided).len(), 2);
    assert!(words_in("a.rs", "use --ask-everything of untold_begun things", &avoided).is_empty());
}

/// Returns the expressions for whole words, in upper or lower case.
fn patterns(words: &[(&str, &'static str)]) -> Vec<(Regex, &'static str)> {
    let pattern = |words: &str| Regex::new(&format!(r"(?i)\b(?:{words})\b")).expect("a pattern");
    words.iter().map(|(words, better)| (pattern(words), *better)).collect()
}

/// Returns the string literals and comments of a source file.
fn prose_of(text: &str) -> Vec<String> {
    let tokens = [
        r###"r##".*?"##"###,
        r##"r#".*?"#"##,
        r#"r"[^"]*""#,
        r#""(?:[^"\\]|\\.)*""#,
        r"//[^\n]*",
        r"/\*.*?\*/",
        r"'(?:[^'\\\n]|\\[^\n][^'\n]*)'",
    ];
    let token = Regex::new(&format!("(?s){}", tokens.join("|"))).expect("a pattern");
    let found = token.find_iter(text).map(|found| found.as_str());
    found.filter(|token| !token.starts_with('\'')).map(str::to_owned).collect()
}

/// Returns the comments and documentation of a script.
fn script_comments_of(text: &str) -> Vec<String> {
    let comment = Regex::new(r#"(?s)"""[^"]*"""|(?m:(?:^|\s)#[^\n]*)"#).expect("a pattern");
    comment.find_iter(text).map(|found| found.as_str().to_owned()).collect()
}

/// Lists the words to avoid in a text, except those that are reviewed.
fn words_in(file: &str, text: &str, patterns: &[(Regex, &str)]) -> Vec<String> {
    // The option is part of the command line. The other word starts keys in PEM and transactions in SQL.
    let text = text.replace("ask-everything", "").replace("BEGIN", "");
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let is_reviewed = REVIEWED.iter().any(|(reviewed, right, _)| *reviewed == file && text.contains(right));
    if is_reviewed {
        return Vec::new();
    }
    let found = patterns.iter().flat_map(|(pattern, better)| {
        pattern.find_iter(&text).map(move |word| (word.as_str().to_owned(), *better))
    });
    found.map(|(word, better)| format!("{file}: `{word}` ({better}): {text:.160}")).collect()
}

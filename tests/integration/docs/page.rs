//! A page of the documentation: its fenced blocks, headings and links.

use regex_lite::Regex;

/// One Markdown file.
pub(super) struct Page {
    pub(super) path: String,
    text: String,
    pub(super) blocks: Vec<Block>,
}

/// A fenced block.
pub(super) struct Block {
    /// The line where it starts, counted from 1.
    pub(super) line: usize,
    /// The word behind the fence.
    pub(super) language: String,
    /// The content of the comment in front of it.
    pub(super) marker: Option<Marker>,
    pub(super) text: String,
}

/// How a block is tested: the comment on the line before its fence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Marker {
    /// `run: <who>` or `run: <who>, exit <code>`: the commands are run, and what is shown is compared.
    Run { who: String, exit: i32 },
    /// `not run: <why>`
    NotRun,
    /// `file: <name>`: a spec that the commands below find under this name.
    File(String),
    /// `spec`: a spec that is only read.
    Spec,
}

impl Page {
    /// Reads the page with this path below the project's folder.
    #[track_caller]
    pub(super) fn read(path: &str) -> Self {
        let text = super::read(path);
        let blocks = blocks(&text, path);
        Self { path: path.to_owned(), text, blocks }
    }

    /// The links that stay inside the project.
    pub(super) fn links(&self) -> Vec<String> {
        let link = Regex::new(r"\]\(([^)\s]+)\)").expect("a regular expression");
        let targets = link.captures_iter(&self.text).map(|found| found[1].to_owned());
        targets.filter(|target| !target.contains("://")).collect()
    }

    /// Whether a heading has this anchor.
    pub(super) fn has_heading(&self, anchor: &str) -> bool {
        self.text.lines().filter(|line| line.starts_with('#')).any(|line| anchor_of(line) == anchor)
    }
}

/// The anchor that GitHub gives a heading.
fn anchor_of(heading: &str) -> String {
    let words = heading.trim_start_matches('#').trim().to_lowercase();
    let kept = words.chars().filter(|letter| letter.is_alphanumeric() || " -_".contains(*letter));
    kept.map(|letter| if letter == ' ' { '-' } else { letter }).collect()
}

#[track_caller]
fn blocks(text: &str, path: &str) -> Vec<Block> {
    let mut blocks = Vec::new();
    let mut lines = text.lines().enumerate();
    let mut before = "";
    while let Some((index, line)) = lines.next() {
        if let Some(language) = line.strip_prefix("```") {
            let text: Vec<&str> =
                lines.by_ref().map(|(_, line)| line).take_while(|line| *line != "```").collect();
            blocks.push(Block {
                line: index + 1,
                language: language.to_owned(),
                marker: marker(before, &format!("{path}:{index}")),
                text: text.join("\n") + "\n",
            });
        }
        before = line;
    }
    blocks
}

#[track_caller]
fn marker(line: &str, place: &str) -> Option<Marker> {
    let comment = line.strip_prefix("<!-- ")?.strip_suffix(" -->")?;
    Some(match comment.split_once(": ").unwrap_or((comment, "")) {
        ("run", how) => {
            let (who, exit) = how.split_once(", exit ").unwrap_or((how, "0"));
            Marker::Run { who: who.to_owned(), exit: exit.parse().expect("an exit code") }
        }
        ("not run", why) if !why.is_empty() => Marker::NotRun,
        ("file", name) => Marker::File(name.to_owned()),
        ("spec", "") => Marker::Spec,
        _ => panic!("{place}: `{comment}` says nothing about how the block is tested"),
    })
}

#[test]
fn a_comment_says_how_a_block_is_tested() {
    let found = blocks("# Page\n\n<!-- run: offline, exit 2 -->\n```console\n$ scan\n```\n", "page");
    assert_eq!(found[0].marker, Some(Marker::Run { who: "offline".to_owned(), exit: 2 }));
    assert_eq!((found[0].line, &*found[0].language, &*found[0].text), (4, "console", "$ scan\n"));
    assert_eq!(anchor_of("### `result_key`: a key or a jq filter"), "result_key-a-key-or-a-jq-filter");
}

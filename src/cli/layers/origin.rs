//! Where the value of an option comes from.

use std::ffi::OsString;
use std::fmt;

use crate::error::{Failure, FailureKind};

/// Where the value of an option comes from, the highest layer first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::cli) enum OptionOrigin {
    /// A word of the command line.
    CommandLine,
    /// An environment variable, by its name.
    Variable(String),
    /// A line of a configuration file, from 1.
    File(String, usize),
    /// The default of the program.
    Default,
}

impl OptionOrigin {
    /// Returns whether the value comes from a configuration file.
    pub(in crate::cli) fn is_file(&self) -> bool {
        matches!(self, Self::File(..))
    }
}

impl fmt::Display for OptionOrigin {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::CommandLine => formatter.write_str("command line"),
            Self::Variable(name) => write!(formatter, "variable {name}"),
            Self::File(path, line) => write!(formatter, "{path}:{line}"),
            Self::Default => formatter.write_str("default"),
        }
    }
}

/// An option of the environment or a configuration file that is in force.
#[derive(Clone, Debug)]
pub(in crate::cli) struct LayeredOption {
    /// The option's ID in the parser's definition.
    pub(in crate::cli) id: String,
    /// The option's name, without dashes.
    pub(in crate::cli) name: String,
    pub(in crate::cli) origin: OptionOrigin,
    /// The words that it adds to the command line; none for a flag that is switched off.
    pub(in crate::cli) words: Vec<OsString>,
}

impl LayeredOption {
    /// Returns the values in the words.
    pub(in crate::cli) fn values(&self) -> Vec<String> {
        let start = format!("--{}=", self.name);
        let words = self.words.iter().map(|word| word.to_string_lossy());
        words.filter_map(|word| word.strip_prefix(&start).map(str::to_owned)).collect()
    }
}

/// Adds a hint to a usage error for each option in its text that was not typed, so that the user finds its line.
pub(in crate::cli) fn explain(failure: Failure, layered: &[LayeredOption]) -> Failure {
    if failure.kind() != FailureKind::Usage {
        return failure;
    }
    let text = failure.to_string();
    let named = layered.iter().filter(|option| !option.words.is_empty() && names(&text, &option.name));
    named.fold(failure, |failure, option| {
        let (name, origin) = (&option.name, &option.origin);
        failure.hint(format!("--{name} was set by {origin}; `scan config` lists all such options"))
    })
}

/// Returns whether a text has this option, and not only a longer one with the same start.
fn names(text: &str, option: &str) -> bool {
    let option = format!("--{option}");
    text.match_indices(&option).any(|(start, _)| {
        let next = text[start + option.len()..].chars().next();
        next.is_none_or(|letter| !letter.is_ascii_alphanumeric() && letter != '-')
    })
}

#[cfg(test)]
mod tests {
    use super::{LayeredOption, OptionOrigin, explain};
    use crate::error::Failure;

    #[test]
    fn usage_error_names_the_line_of_the_option() {
        let option = LayeredOption {
            id: "keep".to_owned(),
            name: "keep".to_owned(),
            origin: OptionOrigin::File("scan.toml".to_owned(), 3),
            words: vec!["--keep=0".into()],
        };
        let text = |failure| explain(failure, std::slice::from_ref(&option)).to_string();
        assert!(
            text(Failure::usage("--keep: too few"))
                .ends_with("hint: --keep was set by scan.toml:3; `scan config` lists all such options")
        );
        assert_eq!(text(Failure::usage("--keep-all: unknown")), "--keep-all: unknown");
        assert_eq!(text(Failure::internal("--keep")), "--keep");
    }
}

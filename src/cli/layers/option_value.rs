//! Values of options outside the command line, and the words that they stand for.

use std::ffi::{OsStr, OsString};

use super::settable::{SettableOption, ValueCount};

/// A value of an option in the environment or a configuration file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum OptionValue {
    /// Whether a flag is given.
    Switch(bool),
    /// A whole number.
    Number(String),
    /// A text, or another number.
    Text(OsString),
    /// Several values.
    List(Vec<OsString>),
}

impl OptionValue {
    /// Reads the text of a variable. A flag accepts the usual words for yes and no.
    pub(super) fn of_variable(option: SettableOption<'_>, text: OsString) -> Result<Self, String> {
        if option.count() != ValueCount::Flag {
            return Ok(Self::Text(text));
        }
        match text.to_string_lossy().to_ascii_lowercase().as_str() {
            "true" | "1" | "yes" | "on" => Ok(Self::Switch(true)),
            "false" | "0" | "no" | "off" => Ok(Self::Switch(false)),
            _ => Err("must be true or false".to_owned()),
        }
    }

    /// Returns the words of the command line that give the option this value; none for a flag that is switched off.
    pub(super) fn words(&self, option: SettableOption<'_>) -> Result<Vec<OsString>, String> {
        let name = format!("--{}", option.name);
        let word = |value: &OsStr| {
            let mut word = OsString::from(format!("{name}="));
            word.push(value);
            word
        };
        match (option.count(), self) {
            (ValueCount::Flag, Self::Switch(is_given)) => {
                Ok(is_given.then(|| name.into()).into_iter().collect())
            }
            (ValueCount::Flag, _) => Err("must be true or false".to_owned()),
            (ValueCount::Repeated, Self::Number(number)) => repeated(name.into(), number),
            (ValueCount::Repeated, Self::Text(number)) => repeated(name.into(), &number.to_string_lossy()),
            (ValueCount::Repeated, _) => Err("must be a number".to_owned()),
            (_, Self::Switch(_)) => Err("takes a value, not true or false".to_owned()),
            (_, Self::Number(number)) => Ok(vec![word(OsStr::new(number))]),
            (_, Self::Text(text)) => Ok(vec![word(text)]),
            (ValueCount::Several, Self::List(values)) => Ok(values.iter().map(|value| word(value)).collect()),
            (ValueCount::Single, Self::List(_)) => Err("takes one value, not a list".to_owned()),
        }
    }

    /// Returns the texts in the value.
    pub(super) fn texts(&self) -> &[OsString] {
        match self {
            Self::Text(text) => std::slice::from_ref(text),
            Self::List(values) => values,
            Self::Switch(_) | Self::Number(_) => &[],
        }
    }
}

/// Returns an option as many times as a text has as a number, at most 9.
fn repeated(name: OsString, number: &str) -> Result<Vec<OsString>, String> {
    match number.parse::<u8>() {
        Ok(count) if count < 10 => Ok(vec![name; usize::from(count)]),
        _ => Err("must be a number from 0 to 9".to_owned()),
    }
}

//! Secrets in lists of arguments, as containers and steps have them: `["app", "--password", "X"]`.

use std::ops::Range;

use serde_json::Value;

use super::meaning::{held, is_command, value_of};
use crate::plan::redaction::{REDACTED, names, values};

/// The number of commands of a list whose arguments are all read; a list with more is not a command line.
const MOST_COMMANDS: usize = 16;

/// The number of arguments of further commands that are read.
const MOST_ARGUMENTS: usize = 64;

/// Redacts the secrets in a list of arguments, and returns their number.
pub(in crate::plan::redaction) fn redact_arguments(items: &mut [Value]) -> u64 {
    let words: Vec<&str> = items.iter().map(|item| item.as_str().unwrap_or_default()).collect();
    if !words.iter().any(|word| word.starts_with('-') || word.starts_with('/')) {
        return 0;
    }
    let mut found: Vec<(usize, Range<usize>)> = Vec::new();
    for (index, pair) in words.windows(2).enumerate() {
        let [option, value] = pair else { continue };
        let is_option = option.starts_with('-') && !option.contains(['=', ' ']) && names::is_secret(option);
        let is_password = *option == "-p" && values::is_made_up(value);
        if is_password || is_option && !value.starts_with("--") && !values::is_harmless(value, true) {
            found.push((index + 1, 0..value.len()));
        }
        if matches!(*option, "-e" | "--env") && value.contains('=') {
            found.extend(value_of(value).map(|range| (index + 1, range)));
        }
    }
    let mut commands = 0;
    for (index, word) in words.iter().enumerate() {
        if word.strip_prefix("-p").is_some_and(values::is_made_up) {
            found.push((index, 2..word.len()));
        }
        let name = word.rsplit('/').next().unwrap_or(word);
        if is_command(name) {
            commands += 1;
            let most = if commands > MOST_COMMANDS { MOST_ARGUMENTS } else { words.len() };
            let arguments = &words[index + 1..];
            let held = held(name, &arguments[..arguments.len().min(most)]).into_iter();
            found.extend(held.map(|(argument, part)| (index + 1 + argument, part)));
        }
    }
    let mut count = 0;
    for (index, part) in found {
        if let Some(Value::String(text)) = items.get_mut(index)
            && !text.contains(REDACTED)
            && text.get(part.clone()).is_some()
        {
            text.replace_range(part, REDACTED);
            count += 1;
        }
    }
    count
}

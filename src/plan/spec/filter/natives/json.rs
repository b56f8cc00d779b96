//! Parses JSON texts as jq does: a single value, with more forms of numbers than JSON has.

use jaq_json::Val;

use crate::plan::spec::filter::datum::Datum;
use crate::plan::spec::filter::datum::fault::{DatumResult, Error, unfit, unsure};
use crate::plan::spec::filter::datum::refusal::refuse;
use crate::plan::spec::filter::value;

/// The maximum depth: jq 1.6 refuses deeper arrays and objects, later versions read them.
const DEEPEST: usize = 120;

/// The word `nan` is a number or an error, depending on the release of jq 1.6.
const NAN: &str = "a word that some versions of jq accept as a number";

pub(super) fn from_json(input: &Datum) -> DatumResult {
    match input.as_str() {
        Some(text) if has_nan(text) => Err(refuse(NAN)),
        Some(text) => parsed(text),
        None => Err(unfit(input, "only strings can be parsed")),
    }
}

pub(super) fn to_number(input: Datum) -> DatumResult {
    if matches!(input.0, Val::Num(_)) {
        return Ok(input);
    }
    let Some(text) = input.as_str() else { return Err(unfit(&input, "cannot be parsed as a number")) };
    if has_nan(text) {
        return Err(refuse(NAN));
    }
    let number = parsed(text)?;
    match number.0 {
        Val::Num(_) => Ok(number),
        _ => Err(unfit(&input, "cannot be parsed as a number")),
    }
}

fn parsed(text: &str) -> DatumResult {
    let text = strict(text)?;
    match serde_json::from_str::<serde_json::Value>(&text) {
        Ok(json) => Ok(value::from_json(&json)),
        Err(problem) if problem.is_eof() => Err(unsure("the text is not JSON: it ends too early")),
        Err(problem) => {
            let message = problem.to_string();
            // Texts that jq accepts and this parser does not.
            let disputed = ["control character", "surrogate", "recursion", "number out of range"];
            if disputed.iter().any(|what| message.contains(what)) {
                return Err(refuse("a JSON text with an unusual character, or with many levels"));
            }
            Err(unsure("the text is not JSON"))
        }
    }
}

/// Returns whether a JSON text has the word `nan` outside of strings.
fn has_nan(text: &str) -> bool {
    let mut rest = text;
    while let Some(next) = rest.chars().next() {
        let length = match next {
            '"' => string_length(rest),
            'a'..='z' | 'A'..='Z' => {
                rest.find(|letter: char| !letter.is_alphanumeric()).unwrap_or(rest.len())
            }
            _ => next.len_utf8(),
        };
        if &rest[..length] == "nan" {
            return true;
        }
        rest = &rest[length..];
    }
    false
}

/// Returns the text with its numbers in the forms of JSON.
fn strict(text: &str) -> Result<String, Error> {
    let mut strict = String::with_capacity(text.len());
    let mut rest = text;
    let mut depth = 0_usize;
    while let Some(next) = rest.chars().next() {
        let length = match next {
            '"' => string_length(rest),
            '-' | '+' | '.' | '0'..='9' | 'a'..='z' | 'A'..='Z' => {
                let end =
                    |letter: char| !letter.is_alphanumeric() && !matches!(letter, '-' | '+' | '.' | '_');
                let length = rest.find(end).unwrap_or(rest.len());
                strict.push_str(&literal(&rest[..length])?);
                rest = &rest[length..];
                continue;
            }
            '\u{c}' | '\u{b}' | '\u{feff}' => {
                return Err(refuse("a JSON text with an unusual character, or with many levels"));
            }
            _ => next.len_utf8(),
        };
        match next {
            '[' | '{' => depth += 1,
            ']' | '}' => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth > DEEPEST {
            return Err(refuse("a JSON text with an unusual character, or with many levels"));
        }
        strict.push_str(&rest[..length]);
        rest = &rest[length..];
    }
    Ok(strict)
}

/// Returns the length of a string, including its quotes.
fn string_length(text: &str) -> usize {
    let mut escaped = false;
    for (place, letter) in text.char_indices().skip(1) {
        match letter {
            '\\' if !escaped => escaped = true,
            '"' if !escaped => return place + 1,
            _ => escaped = false,
        }
    }
    text.len()
}

fn literal(literal: &str) -> Result<String, Error> {
    match literal {
        "true" | "false" | "null" => return Ok(literal.to_owned()),
        _ => {}
    }
    // Words that are numbers in C, and in some versions of jq.
    let word = literal.trim_start_matches(['+', '-']).to_ascii_lowercase();
    if literal != "nan" && (word == "inf" || word == "infinity" || word == "nan") {
        return Err(refuse(NAN));
    }
    // The syntax of C's `strtod` without hexadecimal numbers and words.
    let is_number = literal.bytes().all(|letter| letter.is_ascii_digit() || b"+-.eE".contains(&letter));
    let number = literal.strip_prefix('+').unwrap_or(literal);
    let digits_follow = !number.starts_with('+');
    match number.parse::<f64>() {
        Ok(double) if is_number && digits_follow => {
            if let Ok(integer) = number.parse::<i64>() {
                let negative_zero = integer == 0 && number.starts_with('-');
                return Ok(if negative_zero { "-0.0".to_owned() } else { integer.to_string() });
            }
            if number.parse::<u64>().is_ok() {
                return Ok(number.trim_start_matches('0').to_owned());
            }
            Ok(format!("{:e}", double.clamp(f64::MIN, f64::MAX)))
        }
        _ => Err(unsure("the text is not JSON: it has a word that is not a value")),
    }
}

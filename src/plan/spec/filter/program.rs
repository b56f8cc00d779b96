//! Compiles a filter's text: jaq's parser, the rewriting to jq's semantics, and jaq's compiler.

use std::borrow::Cow;

use jaq_core::Compiler;
use jaq_core::data::JustLut;
use jaq_core::load::parse::{Def, Parser, Term};
use jaq_core::load::{self, Arena, File, Lexer, Loader};

use super::datum::Datum;
use super::rewriting::Rewriting;
use super::{definitions, explain, grouping, natives};

/// The variable that holds the item of the enclosing call; null if there is none.
const ITEM: &str = "$item";
/// The name of the filter in the program.
const FILTER: &str = "_filter";

pub(super) fn compile(text: &str) -> Result<jaq_core::Filter<JustLut<Datum>>, String> {
    let text = &*joined(text);
    check(text)?;
    let lines: Vec<String> = (1..=text.lines().count()).map(|line| line.to_string()).collect();
    let body = parse(text, &lines)?;
    let mut definitions = definitions::used_by(&body);
    definitions.push(Def { name: FILTER, args: Vec::new(), body });
    let arena = Arena::default();
    let modules = Loader::new(definitions)
        .load(&arena, File { code: FILTER, path: () })
        .map_err(|errors| explain::load(text, &errors))?;
    Compiler::default()
        .with_funs(natives::functions())
        .with_global_vars([ITEM])
        .compile(modules)
        .map_err(|errors| explain::compile(text, &errors))
}

/// Returns the text with surrogate pairs (`\ud83d\ude00`) replaced by their characters.
fn joined(text: &str) -> Cow<'_, str> {
    let mut joined = Cow::Borrowed(text);
    let half = |text: &str| {
        text.strip_prefix("\\u")?.get(..4).and_then(|digits| u16::from_str_radix(digits, 16).ok())
    };
    let mut from = 0;
    while let Some(place) = joined.get(from..).and_then(|rest| rest.find("\\u")).map(|place| from + place) {
        from = place + 2;
        let halves = joined.get(place..).and_then(half).zip(joined.get(place + 6..).and_then(half));
        let Some((high, low)) = halves else { continue };
        if let Some(Ok(character)) = char::decode_utf16([high, low]).next()
            && u32::from(character) > 0xffff
        {
            joined.to_mut().replace_range(place..place + 12, character.encode_utf8(&mut [0; 4]));
        }
    }
    joined
}

/// Lets jaq report texts that are not filters, with the place.
fn check(text: &str) -> Result<(), String> {
    let continued = |line: &str| line.contains('#') && line.ends_with('\\');
    if let Some(line) = text.lines().find(|line| continued(line)) {
        return Err(explain::mistake(text, line, "versions of jq differ in comments that end with a `\\`"));
    }
    let arena = Arena::default();
    let modules = Loader::new([])
        .load(&arena, File { code: text, path: () })
        .map_err(|errors| explain::load(text, &errors))?;
    load::import(&modules, |_| Err("a filter cannot import modules".to_owned()))
        .map_err(|errors| explain::load(text, &errors))
}

fn parse<'s>(text: &'s str, lines: &'s [String]) -> Result<Term<&'s str>, String> {
    let cannot_be_read = || explain::point_at(text, 0, "it cannot be parsed");
    let tokens = Lexer::new(text).lex().map_err(|_| cannot_be_read())?;
    let tokens = grouping::group(tokens).map_err(|(at, problem)| explain::mistake(text, at, problem))?;
    let term = Parser::new(&tokens).parse(Parser::term).map_err(|_| cannot_be_read())?;
    let term = Rewriting::of_filter(text, lines).term(term);
    term.map_err(|(at, problem)| explain::mistake(text, at, &problem))
}

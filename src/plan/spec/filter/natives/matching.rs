//! Functions of regular expressions.

use std::cell::RefCell;
use std::rc::Rc;
use std::sync::OnceLock;

use jaq_json::Val;
use regex::{Captures, Regex, RegexBuilder};

use crate::plan::spec::filter::datum::Datum;
use crate::plan::spec::filter::datum::fault::{DatumResult, Error, error, unfit};
use crate::plan::spec::filter::datum::refusal::refuse;
use crate::plan::spec::filter::pattern::{Translated, translate};

/// The number of compiled expressions that are cached; a filter has a few.
const MOST_KEPT: usize = 16;

struct CompiledExpression {
    regex: Regex,
    translated: Translated,
}

struct CompiledExpressions {
    pattern: String,
    flags: String,
    expression: Rc<CompiledExpression>,
}

thread_local! {
    /// The most recently used one is last.
    static KEPT: RefCell<Vec<CompiledExpressions>> = const { RefCell::new(Vec::new()) };
}

/// An expression with its flags, and the text that is searched.
struct ExpressionSearch<'t> {
    text: &'t str,
    expression: Rc<CompiledExpression>,
    global: bool,
    no_empty: bool,
}

fn compile(pattern: &str, flags: &str) -> Result<Rc<CompiledExpression>, Error> {
    let known = KEPT.with_borrow(|kept| {
        let found = kept.iter().rev().find(|kept| kept.pattern == pattern && kept.flags == flags);
        found.map(|kept| Rc::clone(&kept.expression))
    });
    if let Some(known) = known {
        return Ok(known);
    }
    let mut translated = translate(pattern, flags.contains('x')).map_err(refuse)?;
    translated.ignores_case |= flags.contains('i');
    let regex = RegexBuilder::new(&translated.text)
        .case_insensitive(flags.contains('i'))
        .dot_matches_new_line(flags.contains(['m', 'p']))
        .build()
        .map_err(|_| refuse("this regular expression"))?;
    if translated.ignores_case && has_odd_case(pattern) {
        return Err(refuse(ODD_CASE));
    }
    let expression = Rc::new(CompiledExpression { regex, translated });
    KEPT.with_borrow_mut(|kept| {
        if kept.len() >= MOST_KEPT {
            kept.remove(0);
        }
        let (pattern, flags) = (pattern.to_owned(), flags.to_owned());
        kept.push(CompiledExpressions { pattern, flags, expression: Rc::clone(&expression) });
    });
    Ok(expression)
}

/// Matches the characters that versions of Unicode, and libraries, classify differently.
fn odd_letters() -> Option<&'static Regex> {
    static ODD: OnceLock<Option<Regex>> = OnceLock::new();
    ODD.get_or_init(|| Regex::new(r"[[\p{M}\p{N}\p{Pc}\p{Cf}\p{Cn}]&&[^\x00-\x7f]]").ok()).as_ref()
}

const ODD_CASE: &str = "letters without a single counterpart in the other case, in a case-insensitive search";

fn has_odd_case(text: &str) -> bool {
    let odd = |letter: char| {
        !letter.is_ascii()
            && (letter.to_uppercase().count() > 1
                || letter.to_lowercase().count() > 1
                || letter.to_lowercase().any(|lower| lower.is_ascii())
                || letter.to_uppercase().any(|upper| upper.is_ascii()))
    };
    text.chars().any(odd)
}

impl<'t> ExpressionSearch<'t> {
    fn new(input: &'t Datum, pattern: &Datum, flags: &Datum) -> Result<Self, Error> {
        let Some(text) = input.as_str() else {
            return Err(unfit(input, "cannot be matched, as it is not a string"));
        };
        let Some(pattern_text) = pattern.as_str() else {
            return Err(unfit(pattern, "cannot be matched, as it is not a string"));
        };
        let flags_text = match &flags.0 {
            Val::Null => "",
            _ => flags.as_str().ok_or_else(|| unfit(flags, "is not a string"))?,
        };
        if flags_text.chars().any(|flag| !"gimnpslx".contains(flag)) {
            return Err(error(format!("{flags_text} is not a valid modifier string")));
        }
        if flags_text.contains('l') {
            return Err(refuse("the flag `l` (longest match)"));
        }
        let expression = compile(pattern_text, flags_text)?;
        let found = &expression.translated;
        if found.has_end && text.ends_with('\n') {
            return Err(refuse("`$` with a text that ends with a line break"));
        }
        if found.has_kinds && !text.is_ascii() && odd_letters().is_none_or(|odd| odd.is_match(text)) {
            return Err(refuse("marks and digits of other scripts with classes such as `\\w`"));
        }
        if found.ignores_case && has_odd_case(text) {
            return Err(refuse(ODD_CASE));
        }
        Ok(Self { text, expression, global: flags_text.contains('g'), no_empty: flags_text.contains('n') })
    }

    /// Returns the matches; each search starts where the previous match ends.
    fn found(&self) -> Result<Vec<Captures<'t>>, Error> {
        let mut found = Vec::new();
        let mut start = 0;
        while let Some(captures) = self.expression.regex.captures_at(self.text, start) {
            let Some(whole) = captures.get(0) else { break };
            start = whole.end();
            // Versions of jq differ in the number of empty matches, and in their groups.
            let has_groups = !self.expression.translated.groups.is_empty();
            if whole.is_empty() && (self.global || self.no_empty || has_groups) {
                return Err(refuse("an empty match"));
            }
            found.push(captures);
            if !self.global || start == self.text.len() {
                break;
            }
        }
        Ok(found)
    }
}

/// Returns whether the expression matches.
pub(super) fn test(input: &Datum, pattern: &Datum, flags: &Datum) -> DatumResult {
    let search = ExpressionSearch::new(input, pattern, flags)?;
    if search.no_empty {
        return search.found().map(|found| Datum::from(!found.is_empty()));
    }
    Ok(Datum::from(search.expression.regex.is_match(search.text)))
}

/// Returns all matches, as objects.
pub(super) fn matches(input: &Datum, pattern: &Datum, flags: &Datum) -> DatumResult {
    let search = ExpressionSearch::new(input, pattern, flags)?;
    let found = search.found()?;
    let mut places = CharacterOffsets { text: search.text, byte: 0, characters: 0 };
    Ok(found.iter().map(|captures| search.object(captures, &mut places)).collect())
}

/// Converts byte offsets to offsets in characters, starting from the last one.
struct CharacterOffsets<'t> {
    text: &'t str,
    byte: usize,
    characters: usize,
}

impl CharacterOffsets<'_> {
    fn of(&mut self, byte: usize) -> Datum {
        if byte < self.byte {
            (self.byte, self.characters) = (0, 0);
        }
        self.characters += self.text.get(self.byte..byte).unwrap_or_default().chars().count();
        self.byte = byte;
        Datum::count(self.characters)
    }
}

fn member(name: &'static str, value: Datum) -> (Val, Val) {
    (Val::utf8_str(name.as_bytes()), value.0)
}

fn object(members: impl IntoIterator<Item = (Val, Val)>) -> Datum {
    Datum(Val::obj(members.into_iter().collect()))
}

impl ExpressionSearch<'_> {
    fn object(&self, captures: &Captures<'_>, places: &mut CharacterOffsets<'_>) -> Datum {
        let whole = captures.get(0).map_or(0..0, |whole| whole.range());
        let groups = self.expression.translated.groups.iter().enumerate().map(|(index, name)| {
            let name = member("name", name.as_deref().map_or_else(Datum::null, Datum::text));
            let nothing = |offset: Datum, text: Datum| {
                [
                    member("offset", offset),
                    member("length", Datum::count(0)),
                    member("string", text),
                    name.clone(),
                ]
            };
            object(match captures.get(index + 1) {
                None => {
                    let [offset, length, string, name] = nothing(Datum::number(-1.0), Datum::null());
                    [offset, string, length, name]
                }
                Some(group) if group.is_empty() => {
                    let [offset, length, string, name] = nothing(places.of(group.start()), Datum::text(""));
                    [offset, string, length, name]
                }
                Some(group) => [
                    member("offset", places.of(group.start())),
                    member("length", Datum::count(group.as_str().chars().count())),
                    member("string", Datum::text(group.as_str())),
                    name,
                ],
            })
        });
        let groups: Vec<Datum> = groups.collect();
        let text = self.text.get(whole.clone()).unwrap_or_default();
        object([
            member("offset", places.of(whole.start)),
            member("length", Datum::count(text.chars().count())),
            member("string", Datum::text(text)),
            member("captures", Datum::list(groups)),
        ])
    }

    /// Returns the matches of the named groups.
    fn names(&self, captures: &Captures<'_>) -> Datum {
        let groups = self.expression.translated.groups.iter().enumerate();
        object(groups.filter_map(|(index, name)| {
            let text = captures.get(index + 1).map_or_else(Datum::null, |group| Datum::text(group.as_str()));
            name.as_ref().map(|name| (Val::utf8_str(name.clone()), text.0))
        }))
    }
}

/// Returns the parts of the text between the matches.
pub(super) fn pieces(input: &Datum, pattern: &Datum, flags: &Datum) -> DatumResult {
    let flags = match (&flags.0, flags.as_str()) {
        (Val::Null, _) => Datum::text("g"),
        (_, Some(flags)) => Datum::text(format!("g{flags}")),
        _ => return Err(unfit(flags, "is not a string")),
    };
    let search = ExpressionSearch::new(input, pattern, &flags)?;
    let mut pieces = Vec::new();
    let mut end = 0;
    for captures in search.found()? {
        let Some(whole) = captures.get(0) else { continue };
        pieces.push(Datum::text(search.text.get(end..whole.start()).unwrap_or_default()));
        end = whole.end();
    }
    pieces.push(Datum::text(search.text.get(end..).unwrap_or_default()));
    Ok(Datum::list(pieces))
}

/// Returns the edits for `sub`: `[[[before, groups], …], rest]`.
pub(super) fn edits(input: &Datum, pattern: &Datum, flags: &Datum) -> DatumResult {
    let search = ExpressionSearch::new(input, pattern, flags)?;
    let found = search.found()?;
    if search.global && search.expression.translated.looks_back && !same_in_the_rest(&search, &found) {
        return Err(refuse(
            "`gsub` with an expression that looks at the text before a position: jq 1.6 only searches the rest of the text",
        ));
    }
    let mut end = 0;
    let mut edits = Vec::with_capacity(found.len());
    for captures in &found {
        let Some(whole) = captures.get(0) else { continue };
        let before = Datum::text(search.text.get(end..whole.start()).unwrap_or_default());
        edits.push(Datum::list(vec![before, search.names(captures)]));
        end = whole.end();
    }
    let rest = Datum::text(search.text.get(end..).unwrap_or_default());
    Ok(Datum::list(vec![Datum::list(edits), rest]))
}

/// Returns whether the matches are the same when each one is searched in the rest of the text.
fn same_in_the_rest(search: &ExpressionSearch<'_>, found: &[Captures<'_>]) -> bool {
    let mut start = 0;
    let mut places = found.iter().filter_map(|captures| captures.get(0));
    loop {
        let rest = search.text.get(start..).unwrap_or_default();
        match (search.expression.regex.find(rest), places.next()) {
            (None, None) => return true,
            (Some(here), Some(there))
                if here.start() + start == there.start() && here.end() + start == there.end() =>
            {
                start = there.end();
            }
            _ => return false,
        }
    }
}

//! Rewrites parsed filters where jaq evaluates something else than jq, or in another order.
//!
//! Statements about jq refer to its `src/gen_*` (`compile.c`, `parser.y`) and `builtin.jq` in version 1.6.

mod combinations;

use jaq_core::load::lex::StrPart;
use jaq_core::load::parse::{BinaryOp, Def, Pattern, Term};
use jaq_core::path::{Opt, Part, Path};

use super::explain::place;
use super::held::{HeldValues, bind};
use super::names::{self, DefinedNames};
use super::outputs::{breaks, is_certain, is_constant, is_single};
use super::pattern;

/// The place in the text, and the problem.
pub(super) type RewritingMistake<'s> = (&'s str, String);

const PLACE: &str = "$__loc__";
/// Names of variables that cannot occur in a filter.
const LEFT: &str = "$ left";
const RIGHT: &str = "$ right";

pub(super) struct Rewriting<'s> {
    text: &'s str,
    /// Lines of the text, by number.
    lines: &'s [String],
    /// Names of the filter's own functions, as far as they are in scope.
    known: DefinedNames<'s>,
    /// Whether the term is one of the program's own definitions, which may call functions that filters cannot.
    trusted: bool,
}

impl<'s> Rewriting<'s> {
    pub(super) fn of_filter(text: &'s str, lines: &'s [String]) -> Self {
        Self { text, lines, known: DefinedNames::default(), trusted: false }
    }

    pub(super) fn of_definitions() -> Self {
        Self { text: "", lines: &[], known: DefinedNames::default(), trusted: true }
    }

    pub(super) fn definition(
        &mut self,
        definition: Def<&'s str>,
    ) -> Result<Def<&'s str>, RewritingMistake<'s>> {
        if !self.trusted && definition.name.starts_with('_') {
            return Err((definition.name, "a function name cannot start with `_`".to_owned()));
        }
        let before = self.known.clone();
        self.known.add(definition.name, definition.args.len());
        let outside = self.known.clone();
        for argument in &definition.args {
            self.known.add(argument, 0);
        }
        let body = self.term(definition.body)?;
        self.known = if self.trusted { before } else { outside };
        Ok(Def { body, ..definition })
    }

    fn boxed(&mut self, term: Term<&'s str>) -> Result<Box<Term<&'s str>>, RewritingMistake<'s>> {
        self.term(term).map(Box::new)
    }

    fn all(&mut self, terms: Vec<Term<&'s str>>) -> Result<Vec<Term<&'s str>>, RewritingMistake<'s>> {
        terms.into_iter().map(|term| self.term(term)).collect()
    }

    pub(super) fn term(&mut self, term: Term<&'s str>) -> Result<Term<&'s str>, RewritingMistake<'s>> {
        Ok(match term {
            Term::Id | Term::Recurse | Term::Num(_) | Term::Arr(None) | Term::Break(_) => term,
            Term::Var(name) if name == PLACE => self.place(name),
            Term::Var(name) => variable(name)?,
            Term::Str(format, parts) => self.string(format, parts)?,
            Term::Arr(Some(inner)) => Term::Arr(Some(self.boxed(*inner)?)),
            Term::Obj(members) => self.object(members)?,
            Term::Neg(inner) => Term::Neg(self.boxed(*inner)?),
            Term::BinOp(left, operator, right) => self.operation(*left, operator, *right)?,
            Term::Label(name, body) => {
                let body = self.term(*body)?;
                Term::Label(name, Box::new(Term::Call("_watched", vec![body])))
            }
            Term::Fold(name, source, pattern, arguments) => self.fold(name, *source, pattern, arguments)?,
            Term::TryCatch(body, handler) => {
                let body = self.term(*body)?;
                let handler = handler.map(|handler| self.term(*handler)).transpose()?;
                match handler {
                    None => Term::Call("_try", vec![body, call("empty")]),
                    Some(handler) if is_constant(&handler) => Term::Call("_try", vec![body, handler]),
                    Some(handler) => Term::Call("_try_seen", vec![body, handler]),
                }
            }
            Term::IfThenElse(branches, otherwise) => {
                let mut kept = Vec::with_capacity(branches.len());
                for (condition, branch) in branches {
                    kept.push((self.term(condition)?, self.term(branch)?));
                }
                Term::IfThenElse(kept, otherwise.map(|otherwise| self.boxed(*otherwise)).transpose()?)
            }
            Term::Def(definitions, body) => {
                let before = self.known.clone();
                let definitions = definitions
                    .into_iter()
                    .map(|definition| self.definition(definition))
                    .collect::<Result<_, _>>()?;
                let body = self.boxed(*body)?;
                self.known = before;
                Term::Def(definitions, body)
            }
            Term::Call(name, arguments) => self.call(name, arguments)?,
            Term::Path(head, path) => self.path(*head, path)?,
        })
    }

    /// Returns `$__loc__`: the line of the filter.
    fn place(&self, at: &'s str) -> Term<&'s str> {
        let before = self.text.get(..place(self.text, at)).unwrap_or_default();
        let line = self.lines.get(before.matches('\n').count()).map_or("1", String::as_str);
        Term::Obj(vec![(text("file"), Some(text("<top-level>"))), (text("line"), Some(Term::Num(line)))])
    }

    fn call(
        &mut self,
        name: &'s str,
        arguments: Vec<Term<&'s str>>,
    ) -> Result<Term<&'s str>, RewritingMistake<'s>> {
        let is_variable = arguments.is_empty() && self.known.variable(name).is_some();
        if !self.trusted && !is_variable && !self.known.has(name, arguments.len()) {
            if let Some(reason) = names::unsupported_reason(name, arguments.len()) {
                return Err((name, format!("`{name}` is not supported: {reason}")));
            }
            if name.starts_with('_') {
                return Err((name, format!("there is no function `{name}`")));
            }
            self.check_pattern(name, &arguments)?;
        }
        // An argument `$name` is also a function `name`.
        if let Some(variable) = self.known.variable(name).filter(|_| arguments.is_empty()) {
            return Ok(Term::Var(variable));
        }
        let own = self.known.has(name, arguments.len());
        if let ("test", false, [pattern]) = (name, own, &*arguments)
            && written(pattern).is_some()
        {
            let pattern = pattern.clone();
            return Ok(Term::Call("_test", vec![pattern, call("null")]));
        }
        let arguments = self.all(arguments)?;
        if own || !names::varies_last_slowest(name) {
            return Ok(Term::Call(name, arguments));
        }
        if arguments.iter().all(|argument| is_single(argument, &self.known)) {
            return Ok(Term::Call(name, arguments));
        }
        let mut held = HeldValues::default();
        let arguments = arguments.into_iter().map(|argument| held.hold(argument, &self.known)).collect();
        held.last_slowest(Term::Call(name, arguments)).map_err(|problem| (name, problem))
    }

    /// Checks a literal regular expression when the filter is compiled.
    fn check_pattern(&self, name: &str, arguments: &[Term<&'s str>]) -> Result<(), RewritingMistake<'s>> {
        const TAKE_PATTERNS: [&str; 8] =
            ["test", "match", "capture", "scan", "splits", "split", "sub", "gsub"];
        let splits_by_text = name == "split" && arguments.len() == 1;
        let (true, false, Some(Term::Str(None, parts))) =
            (TAKE_PATTERNS.contains(&name), splits_by_text, arguments.first())
        else {
            return Ok(());
        };
        let flags = match (name, arguments) {
            ("sub" | "gsub", [_, _, flags])
            | ("test" | "match" | "capture" | "scan" | "splits" | "split", [_, flags]) => written(flags),
            _ => None,
        };
        let Some(pattern) = written_parts(parts) else { return Ok(()) };
        let at = parts.iter().find_map(|part| match part {
            StrPart::Str(text) => Some(*text),
            _ => None,
        });
        match pattern::translate(&pattern, flags.as_deref().unwrap_or_default().contains('x')) {
            Ok(_) => Ok(()),
            Err(problem) => Err((at.unwrap_or(self.text), problem)),
        }
    }

    /// Rewrites an operation: jq evaluates the right side first, and the left side for each of its values.
    fn operation(
        &mut self,
        left: Term<&'s str>,
        operator: BinaryOp<&'s str>,
        right: Term<&'s str>,
    ) -> Result<Term<&'s str>, RewritingMistake<'s>> {
        let left = self.term(left)?;
        let right = self.term(right)?;
        Ok(match operator {
            BinaryOp::Pipe(pattern) => {
                let pattern = pattern.map(|pattern| self.pattern(pattern)).transpose()?;
                let takes_apart = matches!(pattern, Some(Pattern::Arr(_) | Pattern::Obj(_)));
                let whole = operation(left, BinaryOp::Pipe(pattern), right);
                if takes_apart { Term::Call("_no_path", vec![whole]) } else { whole }
            }
            BinaryOp::Comma | BinaryOp::Or | BinaryOp::And => operation(left, operator, right),
            BinaryOp::Alt if is_single(&left, &self.known) => operation(left, BinaryOp::Alt, right),
            BinaryOp::Alt => Term::Call("_alternative", vec![left, right]),
            BinaryOp::Math(_) | BinaryOp::Cmp(_) => {
                if is_certain(&left, &self.known) || is_certain(&right, &self.known) {
                    return Ok(operation(left, operator, right));
                }
                bind(right, RIGHT, bind(left, LEFT, operation(Term::Var(LEFT), operator, Term::Var(RIGHT))))
            }
            BinaryOp::Update => Term::Call("_modify", vec![left, right]),
            BinaryOp::Assign => Term::Call("_assign", vec![left, right]),
            BinaryOp::UpdateMath(math) => {
                let changed = operation(Term::Id, BinaryOp::Math(math), Term::Var(RIGHT));
                bind(right, RIGHT, Term::Call("_modify", vec![left, changed]))
            }
            BinaryOp::UpdateAlt => Term::Call("_set_default", vec![left, right]),
        })
    }

    fn pattern(&mut self, pattern: Pattern<&'s str>) -> Result<Pattern<&'s str>, RewritingMistake<'s>> {
        Ok(match pattern {
            Pattern::Var(name) => Pattern::Var(name),
            Pattern::Arr(parts) => {
                Pattern::Arr(parts.into_iter().map(|part| self.pattern(part)).collect::<Result<_, _>>()?)
            }
            Pattern::Obj(members) => {
                let mut kept = Vec::with_capacity(members.len());
                for (key, value) in members {
                    kept.push((self.term(key)?, self.pattern(value)?));
                }
                Pattern::Obj(kept)
            }
        })
    }

    /// Rewrites a fold: an update with several outputs keeps the last one, and an update without outputs yields
    /// null.
    fn fold(
        &mut self,
        name: &'s str,
        source: Term<&'s str>,
        pattern: Pattern<&'s str>,
        arguments: Vec<Term<&'s str>>,
    ) -> Result<Term<&'s str>, RewritingMistake<'s>> {
        let source = self.boxed(source)?;
        let pattern = self.pattern(pattern)?;
        let mut arguments = self.all(arguments)?;
        // From the second initial value on, jq 1.6 has lost the input of the source.
        if let Some(start) = arguments.first_mut()
            && !is_single(start, &self.known)
            && !is_constant(&source)
        {
            *start = Term::Call("_one_start", vec![std::mem::take(start)]);
        }
        let single = arguments.get(1).is_some_and(|term| is_single(term, &self.known));
        match (name, arguments.len()) {
            ("reduce", 2) if !single => {
                let update = arguments.pop().unwrap_or_default();
                arguments.push(Term::Call("_last", vec![update]));
            }
            ("foreach", 2 | 3) if !single => {
                let extract = if arguments.len() == 3 { arguments.pop() } else { None };
                let update = arguments.pop().unwrap_or_default();
                if breaks(&update) {
                    return Err((name, "`break` in the update of `foreach` is not supported".to_owned()));
                }
                let start = arguments.pop().unwrap_or_default();
                let start = pipe(start, Term::Arr(Some(Box::new(Term::Id))));
                let update = Term::Arr(Some(Box::new(pipe(call("_last_item"), update))));
                let each =
                    Term::Path(Box::new(Term::Id), Path(vec![(Part::Range(None, None), Opt::Essential)]));
                arguments = vec![start, update, pipe(each, extract.unwrap_or(Term::Id))];
            }
            _ => {}
        }
        Ok(Term::Call("_no_path", vec![Term::Fold(name, source, pattern, arguments)]))
    }
}

fn variable(name: &str) -> Result<Term<&str>, RewritingMistake<'_>> {
    match name {
        "$ENV" => Err((name, format!("`$ENV` is not supported: {}", names::ENVIRONMENT))),
        "$__prog_args" => Err((name, "there is no variable `$__prog_args`".to_owned())),
        _ => Ok(Term::Var(name)),
    }
}

fn text(text: &str) -> Term<&str> {
    Term::Str(None, vec![StrPart::Str(text)])
}

fn call(name: &str) -> Term<&str> {
    Term::Call(name, Vec::new())
}

fn operation<'s>(left: Term<&'s str>, operator: BinaryOp<&'s str>, right: Term<&'s str>) -> Term<&'s str> {
    Term::BinOp(Box::new(left), operator, Box::new(right))
}

fn pipe<'s>(left: Term<&'s str>, right: Term<&'s str>) -> Term<&'s str> {
    operation(left, BinaryOp::Pipe(None), right)
}

/// Returns the text of a literal string.
fn written(term: &Term<&str>) -> Option<String> {
    match term {
        Term::Str(None, parts) => written_parts(parts),
        _ => None,
    }
}

fn written_parts(parts: &[StrPart<&str, Term<&str>>]) -> Option<String> {
    parts
        .iter()
        .map(|part| match part {
            StrPart::Str(text) => Some((*text).to_owned()),
            StrPart::Char(character) => Some(character.to_string()),
            StrPart::Term(_) => None,
        })
        .collect()
}

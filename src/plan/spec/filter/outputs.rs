//! Determines how many outputs a part of a filter has, as far as its text shows it.

use jaq_core::load::lex::StrPart;
use jaq_core::load::parse::{BinaryOp, Pattern, Term};
use jaq_core::path::{Opt, Part, Path};

use super::names::{self, DefinedNames};

/// Returns whether a term has exactly one output, and never an error.
pub(super) fn is_certain(term: &Term<&str>, known: &DefinedNames<'_>) -> bool {
    match term {
        Term::Id | Term::Num(_) | Term::Var(_) | Term::Arr(None) => true,
        Term::Str(_, parts) => !parts.iter().any(|part| matches!(part, StrPart::Term(_))),
        Term::Call(name @ ("null" | "true" | "false" | "type"), arguments) => {
            arguments.is_empty() && !known.has(name, 0)
        }
        _ => false,
    }
}

/// Returns whether a term has exactly one output, or an error.
pub(super) fn is_single(term: &Term<&str>, known: &DefinedNames<'_>) -> bool {
    match term {
        Term::Path(head, Path(parts)) => {
            is_single(head, known)
                && parts.iter().all(|(part, optional)| match part {
                    _ if matches!(optional, Opt::Optional) => false,
                    Part::Index(index) => is_single(index, known),
                    Part::Range(None, None) => false,
                    Part::Range(from, to) => from.iter().chain(to).all(|term| is_single(term, known)),
                })
        }
        Term::Arr(_) => true,
        Term::Str(_, parts) => parts.iter().all(|part| match part {
            StrPart::Term(term) => is_single(term, known),
            _ => true,
        }),
        Term::Obj(members) => members
            .iter()
            .all(|(key, value)| is_single(key, known) && value.iter().all(|term| is_single(term, known))),
        Term::Neg(inner) => is_single(inner, known),
        Term::BinOp(left, operator, right) => {
            !matches!(operator, BinaryOp::Comma | BinaryOp::Pipe(Some(Pattern::Obj(_) | Pattern::Arr(_))))
                && !matches!(
                    operator,
                    BinaryOp::Update | BinaryOp::UpdateMath(_) | BinaryOp::UpdateAlt | BinaryOp::Assign
                )
                && is_single(left, known)
                && is_single(right, known)
        }
        Term::IfThenElse(branches, otherwise) => {
            branches.iter().all(|(condition, branch)| is_single(condition, known) && is_single(branch, known))
                && otherwise.iter().all(|otherwise| is_single(otherwise, known))
        }
        Term::Call("_modify", arguments) => arguments.len() == 2,
        Term::Call("_no_path", arguments) => arguments.iter().all(|term| is_single(term, known)),
        Term::Call("_assign" | "_set_default", arguments) => {
            arguments.get(1).is_some_and(|term| is_single(term, known))
        }
        Term::Call(name, arguments) => {
            names::is_single(name)
                && !known.has(name, arguments.len())
                && arguments.iter().all(|term| is_single(term, known))
        }
        Term::Fold("reduce", _, Pattern::Var(_), arguments) => {
            arguments.first().is_some_and(|term| is_single(term, known))
        }
        _ => is_certain(term, known),
    }
}

/// Returns whether a term has the same outputs for all inputs.
pub(super) fn is_constant(term: &Term<&str>) -> bool {
    match term {
        Term::Num(_) | Term::Var(_) | Term::Arr(None) => true,
        Term::Str(_, parts) => !parts.iter().any(|part| matches!(part, StrPart::Term(_))),
        Term::Arr(Some(inner)) | Term::Neg(inner) => is_constant(inner),
        Term::BinOp(left, BinaryOp::Comma, right) => is_constant(left) && is_constant(right),
        Term::Call("empty" | "null" | "true" | "false", arguments) => arguments.is_empty(),
        _ => false,
    }
}

/// Returns whether a term contains a `break`.
pub(super) fn breaks(term: &Term<&str>) -> bool {
    format!("{term:?}").contains("Break(")
}

//! The functions that are written in jq, of which a program contains those that its filter uses.

use std::collections::HashSet;
use std::sync::LazyLock;

use jaq_core::load;
use jaq_core::load::lex::StrPart;
use jaq_core::load::parse::{BinaryOp, Def, Pattern, Term};
use jaq_core::path::{Part, Path};

use super::rewriting::Rewriting;

const TEXT: &str = include_str!("definitions.jq");

/// A rewritten definition, and the names that it calls.
struct JqFunction {
    definition: Def<&'static str>,
    calls: HashSet<&'static str>,
}

static FUNCTIONS: LazyLock<Vec<JqFunction>> = LazyLock::new(|| {
    let definitions: Vec<Def<&str>> = load::parse(TEXT, |parser| parser.defs()).unwrap_or_default();
    definitions
        .into_iter()
        .filter_map(|definition| {
            let definition = Rewriting::of_definitions().definition(definition).ok()?;
            let mut calls = HashSet::new();
            add_calls(&definition.body, &mut calls);
            Some(JqFunction { definition, calls })
        })
        .collect()
});

/// Returns the definitions that a rewritten filter uses, directly or through others, in their order.
///
/// A program with all of them takes 150 kB and a millisecond to compile, and a spec can have thousands of filters.
pub(super) fn used_by<'s>(filter: &Term<&'s str>) -> Vec<Def<&'s str>> {
    let mut calls = HashSet::new();
    add_calls(filter, &mut calls);
    let mut used = Vec::new();
    // A definition can only use itself and those before it.
    for JqFunction { definition, calls: more } in FUNCTIONS.iter().rev() {
        if calls.contains(definition.name) {
            calls.extend(more);
            used.push(definition.clone());
        }
    }
    used.reverse();
    used
}

/// Adds the names of the functions and formats that a term calls.
fn add_calls<'s>(term: &Term<&'s str>, calls: &mut HashSet<&'s str>) {
    match term {
        Term::Id | Term::Recurse | Term::Num(_) | Term::Var(_) | Term::Break(_) | Term::Arr(None) => {}
        Term::Arr(Some(inner)) | Term::Neg(inner) | Term::Label(_, inner) => add_calls(inner, calls),
        Term::Call(name, arguments) => {
            calls.insert(name);
            add_all_calls(arguments, calls);
        }
        Term::Str(format, parts) => {
            calls.extend(format);
            for part in parts {
                if let StrPart::Term(term) = part {
                    add_calls(term, calls);
                }
            }
        }
        Term::Obj(members) => {
            for (key, value) in members {
                add_calls(key, calls);
                add_all_calls(value, calls);
            }
        }
        Term::BinOp(left, operator, right) => {
            add_calls(left, calls);
            if let BinaryOp::Pipe(Some(pattern)) = operator {
                add_calls_of_pattern(pattern, calls);
            }
            add_calls(right, calls);
        }
        Term::Fold(_, source, pattern, arguments) => {
            add_calls(source, calls);
            add_calls_of_pattern(pattern, calls);
            add_all_calls(arguments, calls);
        }
        Term::TryCatch(body, handler) => {
            add_calls(body, calls);
            add_all_calls(handler.as_deref(), calls);
        }
        Term::IfThenElse(branches, otherwise) => {
            for (condition, branch) in branches {
                add_calls(condition, calls);
                add_calls(branch, calls);
            }
            add_all_calls(otherwise.as_deref(), calls);
        }
        Term::Def(definitions, body) => {
            add_all_calls(definitions.iter().map(|definition| &definition.body), calls);
            add_calls(body, calls);
        }
        Term::Path(head, Path(parts)) => {
            add_calls(head, calls);
            for (part, _) in parts {
                match part {
                    Part::Index(index) => add_calls(index, calls),
                    Part::Range(from, to) => add_all_calls(from.iter().chain(to), calls),
                }
            }
        }
    }
}

fn add_all_calls<'term, 's: 'term>(
    terms: impl IntoIterator<Item = &'term Term<&'s str>>,
    calls: &mut HashSet<&'s str>,
) {
    for term in terms {
        add_calls(term, calls);
    }
}

fn add_calls_of_pattern<'s>(pattern: &Pattern<&'s str>, calls: &mut HashSet<&'s str>) {
    match pattern {
        Pattern::Var(_) => {}
        Pattern::Arr(parts) => {
            for part in parts {
                add_calls_of_pattern(part, calls);
            }
        }
        Pattern::Obj(members) => {
            for (key, value) in members {
                add_calls(key, calls);
                add_calls_of_pattern(value, calls);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use jaq_core::load;
    use jaq_core::load::parse::Term;

    use super::{FUNCTIONS, used_by};
    use crate::plan::spec::filter::JqFilter;

    /// Returns the names of the definitions that a term uses.
    fn used(text: &str) -> Vec<&str> {
        let term: Term<&str> = load::parse(text, |parser| parser.term()).expect("a term");
        used_by(&term).into_iter().map(|definition| definition.name).collect()
    }

    #[test]
    fn program_contains_only_used_definitions() {
        assert_eq!(used(".a[] | {b: .c, d: $item}"), [""; 0]);
        assert_eq!(used("[.a[] | length]"), [""; 0]);
        assert_eq!(used(".[\"a\\(first)\"]"), ["first"]);
    }

    /// A definition without one that it uses would not compile.
    #[test]
    fn every_definition_compiles_with_used_ones() {
        let public = FUNCTIONS.iter().filter(|function| !function.definition.name.starts_with('_'));
        let mut count = 0;
        for definition in public.map(|function| &function.definition) {
            let arguments = vec!["."; definition.args.len()].join("; ");
            let call = match (definition.name, arguments.as_str()) {
                (format, _) if format.starts_with('@') => format!("{format} \"\\(.)\""),
                (name, "") => name.to_owned(),
                (name, arguments) => format!("{name}({arguments})"),
            };
            JqFilter::compile(&call).unwrap_or_else(|problem| panic!("{problem}"));
            count += 1;
        }
        assert!(count > 100, "{count}");
    }
}

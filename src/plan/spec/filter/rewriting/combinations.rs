//! Rewrites strings, objects and paths: parts with several outputs are combined in jq's order.

use jaq_core::load::lex::StrPart;
use jaq_core::load::parse::Term;
use jaq_core::path::{Opt, Part, Path};

use super::{PLACE, Rewriting, RewritingMistake, text, variable};
use crate::plan::spec::filter::held::HeldValues;
use crate::plan::spec::filter::names;
use crate::plan::spec::filter::outputs::is_single;

impl<'s> Rewriting<'s> {
    /// Rewrites a string: a later part varies slowest.
    pub(super) fn string(
        &mut self,
        format: Option<&'s str>,
        parts: Vec<StrPart<&'s str, Term<&'s str>>>,
    ) -> Result<Term<&'s str>, RewritingMistake<'s>> {
        let has_terms = parts.iter().any(|part| matches!(part, StrPart::Term(_)));
        let format = format.filter(|_| has_terms);
        if let Some(format) = format
            && !names::is_format(format)
        {
            return Err((format, format!("there is no format `{format}`")));
        }
        let mut kept = Vec::with_capacity(parts.len());
        for part in parts {
            kept.push(match part {
                StrPart::Term(term) => StrPart::Term(self.term(term)?),
                other => other,
            });
        }
        let count = kept.iter().filter(|part| matches!(part, StrPart::Term(_))).count();
        let singles = kept.iter().all(|part| match part {
            StrPart::Term(term) => is_single(term, &self.known),
            _ => true,
        });
        if count < 2 || singles {
            return Ok(Term::Str(format, kept));
        }
        let mut held = HeldValues::default();
        let kept = kept.into_iter().map(|part| match part {
            StrPart::Term(term) => StrPart::Term(held.hold(term, &self.known)),
            other => other,
        });
        let whole = Term::Str(format, kept.collect());
        held.last_slowest(whole).map_err(|problem| (self.text, problem))
    }

    /// Rewrites an object: the first member varies slowest.
    pub(super) fn object(
        &mut self,
        members: Vec<(Term<&'s str>, Option<Term<&'s str>>)>,
    ) -> Result<Term<&'s str>, RewritingMistake<'s>> {
        let mut kept = Vec::with_capacity(members.len());
        for (key, value) in members {
            kept.push(match (key, value) {
                (Term::Var(name), None) if name == PLACE => (text("__loc__"), Some(self.place(name))),
                (Term::Var(name), None) => (variable(name)?, None),
                (key, value) => (self.term(key)?, value.map(|value| self.term(value)).transpose()?),
            });
        }
        let singles = kept.iter().all(|(key, value)| {
            is_single(key, &self.known) && value.iter().all(|value| is_single(value, &self.known))
        });
        if singles {
            return Ok(Term::Obj(kept));
        }
        // jaq would ignore an error beside a value without outputs.
        let mut held = HeldValues::default();
        let kept = kept.into_iter().map(|(key, value)| match (key, value) {
            (key @ Term::Var(_), None) => (key, None),
            (key, value) => {
                let key = held.hold(key, &self.known);
                let value = value.unwrap_or_else(|| {
                    let member = Path(vec![(Part::Index(key.clone()), Opt::Essential)]);
                    Term::Path(Box::new(Term::Id), member)
                });
                (key, Some(held.hold(value, &self.known)))
            }
        });
        let whole = Term::Obj(kept.collect());
        held.first_slowest(whole).map_err(|problem| (self.text, problem))
    }

    /// Rewrites a path: of several indexes the last one varies slowest, and the indexed term varies fastest.
    pub(super) fn path(
        &mut self,
        head: Term<&'s str>,
        path: Path<Term<&'s str>>,
    ) -> Result<Term<&'s str>, RewritingMistake<'s>> {
        let head = self.boxed(head)?;
        let mut parts = Vec::with_capacity(path.0.len());
        for (part, optional) in path.0 {
            let part = match part {
                Part::Index(index) => Part::Index(self.term(index)?),
                Part::Range(from, to) => Part::Range(
                    from.map(|from| self.term(from)).transpose()?,
                    to.map(|to| self.term(to)).transpose()?,
                ),
            };
            parts.push((part, optional));
        }
        let singles = parts.iter().all(|(part, _)| match part {
            Part::Index(index) => is_single(index, &self.known),
            Part::Range(from, to) => from.iter().chain(to).all(|bound| is_single(bound, &self.known)),
        });
        if singles {
            return Ok(Term::Path(head, Path(parts)));
        }
        let mut indexes = HeldValues::default();
        let parts = parts.into_iter().map(|(part, optional)| {
            let part = match part {
                Part::Index(index) => Part::Index(indexes.hold(index, &self.known)),
                Part::Range(from, to) => {
                    // The end of a slice varies fastest, so it is held first.
                    let to = to.map(|to| indexes.hold(to, &self.known));
                    Part::Range(from.map(|from| indexes.hold(from, &self.known)), to)
                }
            };
            (part, optional)
        });
        let whole = Term::Path(head, Path(parts.collect()));
        indexes.last_slowest(whole).map_err(|problem| (self.text, problem))
    }
}

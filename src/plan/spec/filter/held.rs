//! Parts of a filter that are evaluated before the whole, in a defined order.

use jaq_core::load::parse::{BinaryOp, Pattern, Term};

use super::names::DefinedNames;
use super::outputs::is_certain;

/// Names of variables that cannot occur in a filter, one for each part.
const PLACES: [&str; 32] = [
    "$ 0", "$ 1", "$ 2", "$ 3", "$ 4", "$ 5", "$ 6", "$ 7", "$ 8", "$ 9", "$ 10", "$ 11", "$ 12", "$ 13",
    "$ 14", "$ 15", "$ 16", "$ 17", "$ 18", "$ 19", "$ 20", "$ 21", "$ 22", "$ 23", "$ 24", "$ 25", "$ 26",
    "$ 27", "$ 28", "$ 29", "$ 30", "$ 31",
];

#[derive(Default)]
pub(super) struct HeldValues<'s>(Vec<Term<&'s str>>);

impl<'s> HeldValues<'s> {
    /// Holds a part, and returns the term that replaces it in the whole.
    pub(super) fn hold(&mut self, term: Term<&'s str>, known: &DefinedNames<'s>) -> Term<&'s str> {
        if is_certain(&term, known) {
            return term;
        }
        let place = PLACES.get(self.0.len()).copied().unwrap_or_default();
        self.0.push(term);
        Term::Var(place)
    }

    /// Evaluates the whole for each value of the parts; the last part varies slowest.
    pub(super) fn last_slowest(self, whole: Term<&'s str>) -> Result<Term<&'s str>, String> {
        self.check()?;
        Ok(self.0.into_iter().zip(PLACES).fold(whole, |body, (term, place)| bind(term, place, body)))
    }

    /// Evaluates the whole for each value of the parts; the first part varies slowest.
    pub(super) fn first_slowest(self, whole: Term<&'s str>) -> Result<Term<&'s str>, String> {
        self.check()?;
        let parts: Vec<_> = self.0.into_iter().zip(PLACES).collect();
        Ok(parts.into_iter().rev().fold(whole, |body, (term, place)| bind(term, place, body)))
    }

    fn check(&self) -> Result<(), String> {
        if self.0.len() <= PLACES.len() {
            return Ok(());
        }
        Err(format!("more than {} parts, some of which may have several values", PLACES.len()))
    }
}

/// `term as $name | body`
pub(super) fn bind<'s>(term: Term<&'s str>, name: &'s str, body: Term<&'s str>) -> Term<&'s str> {
    let operator = BinaryOp::Pipe(Some(Pattern::Var(name)));
    Term::BinOp(Box::new(term), operator, Box::new(body))
}

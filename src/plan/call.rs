//! The calls of a plan.

use super::audience::Audience;
use super::region_scope::RegionScope;
use super::spec::{Child, SpecEntry};
use crate::model::catalog::{CallScope, Function, reach};
use crate::names::{AccountId, Region, ServiceName};

/// A call of the plan: an entry of the spec with its child calls that are made in the same place, or child calls
/// that are made region by region for the items of a global call.
///
/// A spec has a global call and the regional calls below it in one entry. The two are made in different places
/// and have separate result files, so the plan has a call for each.
#[derive(Clone, Debug)]
pub struct PlannedCall {
    /// The entry.
    pub entry: SpecEntry,
    /// The scope of the response of the first function.
    pub reach: CallScope,
    /// The link to the call whose items this call is made for; `None` for a top-level call of the spec.
    pub spread: Option<Spread>,
    /// All functions that are called, the first before those below it.
    functions: Vec<PlannedFunction>,
}

/// A child call that is made in every region, with the calls below it, for the items of a global call.
#[derive(Clone, Debug)]
pub struct Spread {
    /// The index of the call of the plan that finds the items.
    pub source: usize,
    /// The index among that call's regional children, in the order of the spec.
    pub number: usize,
    /// The child call.
    pub child: Child,
}

/// A function of a call.
#[derive(Clone, Debug)]
struct PlannedFunction {
    /// The key of the function's result.
    name: String,
    function: Function,
    /// The accounts in which the functions above it in the spec are called, starting with the entry's own
    /// function, and in which the function itself is called.
    audiences: Vec<Audience>,
}

/// A spec entry that is not called.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SkippedCall {
    /// The service, as the spec names it.
    pub service: String,
    /// The function, as the spec names it.
    pub function: String,
    /// The reason why it is not called.
    pub reason: String,
    /// A hint for the user.
    pub hint: Option<String>,
    /// The account in which it is not called; `None` means all of them.
    pub account: Option<AccountId>,
}

/// Returns whether a child of a call in `place` is called in every region instead: a regional function below a
/// global call.
#[must_use]
pub fn is_spread(place: &RegionScope, child: &Child) -> bool {
    *place == RegionScope::Global && reach(&child.function) != CallScope::Global
}

impl PlannedCall {
    /// Returns the calls of a plan for these entries, each called in every account.
    #[must_use]
    pub fn all(entries: impl IntoIterator<Item = SpecEntry>) -> Vec<Self> {
        Self::all_for(entries, &|_, _| Audience::Every)
    }

    /// Returns the calls of a plan for these entries; `audience` returns the accounts in which a function of an
    /// entry is called: that of the child, or of the entry itself.
    #[must_use]
    pub(super) fn all_for(
        entries: impl IntoIterator<Item = SpecEntry>,
        audience: &dyn Fn(&SpecEntry, Option<&Child>) -> Audience,
    ) -> Vec<Self> {
        let mut calls = Vec::new();
        for entry in entries {
            add(&mut calls, entry, audience);
        }
        calls
    }

    /// Returns the function that is called first.
    #[must_use]
    pub fn function(&self) -> &Function {
        self.spread.as_ref().map_or(&self.entry.function, |spread| &spread.child.function)
    }

    /// Returns the key of its result.
    #[must_use]
    pub fn name(&self) -> &str {
        self.spread.as_ref().map_or(&self.entry.name, |spread| &spread.child.name)
    }

    /// Returns the service of that function.
    #[must_use]
    pub fn service(&self) -> ServiceName {
        ServiceName::new(&*self.function().service().name)
    }

    /// Returns all functions that are called, with the keys of their results: the call's own function, then those
    /// below it.
    pub fn functions(&self) -> impl Iterator<Item = (&str, &Function)> {
        self.functions.iter().map(|planned| (&*planned.name, &planned.function))
    }

    /// Returns the number of functions that are called.
    #[must_use]
    pub fn count(&self) -> usize {
        self.functions.len()
    }

    /// Returns whether the call is made for the items of another one.
    #[must_use]
    pub fn is_for_items(&self) -> bool {
        self.spread.is_some()
    }

    /// Returns whether the results of items are kept until the call has ended: it has child calls, or is one.
    #[must_use]
    pub fn keeps_items(&self) -> bool {
        self.count() > 1 || self.is_for_items()
    }

    /// Returns whether the call is made region by region.
    #[must_use]
    pub fn is_regional(&self) -> bool {
        self.is_for_items() || self.reach != CallScope::Global
    }

    /// Returns whether the call is made in `place`. An entry's own `regions` restrict the run's; they do not
    /// apply to global calls.
    #[must_use]
    pub fn is_asked_in(&self, place: &RegionScope) -> bool {
        match place {
            RegionScope::Global => !self.is_regional(),
            RegionScope::Region(region) => self.is_regional() && self.has_region(region),
        }
    }

    /// Returns the regions of `regions` in which the call is made, if it is made region by region.
    pub fn regions_among<'run>(&self, regions: &'run [Region]) -> impl Iterator<Item = &'run Region> {
        regions.iter().filter(|region| self.is_regional() && self.has_region(region))
    }

    fn has_region(&self, region: &Region) -> bool {
        let patterns = self.entry.regions.as_ref();
        patterns.is_none_or(|patterns| patterns.iter().any(|pattern| pattern.matches(region)))
    }

    /// Returns why the function with this index in [`functions`](Self::functions) is not called in an account;
    /// `None` if it is called.
    #[must_use]
    pub fn why_not(&self, account: &AccountId, function: usize) -> Option<&str> {
        let audiences = &self.functions.get(function)?.audiences;
        audiences.iter().find_map(|audience| audience.why_not(account))
    }

    /// Returns whether any function of the call is called in an account.
    #[must_use]
    pub fn is_called_in(&self, account: &AccountId) -> bool {
        self.why_not(account, 0).is_none()
    }
}

/// Adds the calls of an entry: its own, and one for each child that is made region by region.
fn add(
    calls: &mut Vec<PlannedCall>,
    entry: SpecEntry,
    audience: &dyn Fn(&SpecEntry, Option<&Child>) -> Audience,
) {
    let entry_reach = reach(&entry.function);
    let place = (entry_reach == CallScope::Global).then_some(RegionScope::Global);
    let source = calls.len();
    let own = vec![audience(&entry, None)];
    let mut functions = vec![PlannedFunction {
        name: entry.name.clone(),
        function: entry.function.clone(),
        audiences: own.clone(),
    }];
    let mut spread = Vec::new();
    let of_child = |child: &Child| audience(&entry, Some(child));
    add_children(&entry.each, &own, place.as_ref(), &of_child, &mut functions, &mut spread);
    let mut parts = Vec::with_capacity(spread.len());
    for (number, (child, above)) in spread.into_iter().enumerate() {
        let mut functions = Vec::new();
        add_children(std::slice::from_ref(child), &above, None, &of_child, &mut functions, &mut Vec::new());
        let spread = Some(Spread { source, number, child: child.clone() });
        parts.push(PlannedCall { entry: entry.clone(), reach: CallScope::Regional, spread, functions });
    }
    calls.push(PlannedCall { entry, reach: entry_reach, spread: None, functions });
    calls.extend(parts);
}

/// Adds the functions of children that are called in the same place as the call above them; `place` is known if
/// it is global.
fn add_children<'spec>(
    each: &'spec [Child],
    above: &[Audience],
    place: Option<&RegionScope>,
    audience: &dyn Fn(&Child) -> Audience,
    functions: &mut Vec<PlannedFunction>,
    spread: &mut Vec<(&'spec Child, Vec<Audience>)>,
) {
    for child in each {
        if place.is_some_and(|place| is_spread(place, child)) {
            spread.push((child, above.to_vec()));
            continue;
        }
        let mut audiences = above.to_vec();
        audiences.push(audience(child));
        functions.push(PlannedFunction {
            name: child.name.clone(),
            function: child.function.clone(),
            audiences: audiences.clone(),
        });
        add_children(&child.each, &audiences, place, audience, functions, spread);
    }
}

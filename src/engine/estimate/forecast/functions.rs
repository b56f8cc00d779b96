//! The functions of a planned call, with the calls of the earlier run that correspond to them.

use crate::engine::estimate::earlier_run::{EarlierRun, KnownCall};
use crate::engine::estimate::links::{ChildLink, child_links};
use crate::model::catalog::Function;
use crate::plan::PlannedCall;

/// A planned call and its functions.
pub(super) struct CallFunctions<'plan> {
    pub(super) call: &'plan PlannedCall,
    /// In the order of [`PlannedCall::functions`].
    pub(super) functions: Vec<ForecastFunction<'plan>>,
}

/// A function of a planned call.
pub(super) struct ForecastFunction<'plan> {
    /// The key of its result.
    pub(super) name: &'plan str,
    pub(super) function: &'plan Function,
    /// The call of the earlier run, if it made this one.
    pub(super) known: Option<KnownCall<'plan>>,
    /// The call above it; `None` for a call of the spec.
    pub(super) link: Option<ChildLink<'plan>>,
}

impl<'plan> CallFunctions<'plan> {
    pub(super) fn new(call: &'plan PlannedCall, earlier: &'plan EarlierRun) -> Self {
        let mut links = child_links(call).into_iter().peekable();
        let functions = call.functions().enumerate().map(|(index, (name, function))| {
            let link = links.next_if(|link| link.index == index);
            let known = match link {
                Some(link) => earlier.child(link.child),
                None => earlier.entry(&call.entry),
            };
            ForecastFunction { name, function, known, link }
        });
        Self { call, functions: functions.collect() }
    }
}

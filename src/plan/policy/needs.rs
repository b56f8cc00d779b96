//! The actions that a plan needs in a member account: for its own calls, and for the engine's supporting calls.

use std::cmp::Ordering;
use std::collections::BTreeSet;

use super::action::Action;
use super::actions::actions;
use crate::model::catalog::{CallScope, Catalog, CatalogError, EndpointDiscovery, Function};
use crate::plan::spec::EVENT_LOOKUP;
use crate::plan::{PlannedCall, RegionChoice};

/// An action, the call that needs it, and the reason.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Need {
    /// The action.
    pub action: Action,
    /// The service that is called, as boto3 names it.
    pub service: String,
    /// The function that is called.
    pub function: String,
    /// The reason why the call is made.
    pub reason: Reason,
}

impl Need {
    /// Compares needs in the order in which they are listed.
    #[must_use]
    pub fn by_action(&self, other: &Self) -> Ordering {
        let key =
            |need: &Self| (need.action.clone(), need.reason, need.service.clone(), need.function.clone());
        key(self).cmp(&key(other))
    }
}

/// The reason why a call is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reason {
    /// The call is in the spec.
    Spec,
    /// The call is in the `each` of the spec.
    Each,
    /// The call finds the regions that the account has enabled.
    Regions,
    /// The call finds the region of a bucket, if the list of buckets does not have it.
    BucketRegion,
    /// The call finds the account-specific endpoint of the service.
    Endpoint,
    /// The call finds who changed resources.
    Who,
}

impl Reason {
    /// Returns the reason as text.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Spec => "a call of the spec",
            Self::Each => "a call for each item",
            Self::Regions => "to find the account's regions",
            Self::BucketRegion => "to find a bucket's region if the list does not have it",
            Self::Endpoint => "to find the account's endpoint",
            Self::Who => "for scan diff --who",
        }
    }
}

/// Returns all needs of the calls in an account, sorted by action. An action that several calls need is listed
/// for each of them.
///
/// # Errors
///
/// Fails if the catalog cannot be read.
pub fn needs(
    catalog: &Catalog,
    calls: &[PlannedCall],
    regions: &RegionChoice,
) -> Result<Vec<Need>, CatalogError> {
    needs_of(catalog, calls, regions, &|_, _| true)
}

/// Returns the needs of some of the functions: `is_called` receives a call and the index of a function in it.
///
/// # Errors
///
/// Fails if the catalog cannot be read.
pub fn needs_of(
    catalog: &Catalog,
    calls: &[PlannedCall],
    regions: &RegionChoice,
    is_called: &dyn Fn(&PlannedCall, usize) -> bool,
) -> Result<Vec<Need>, CatalogError> {
    let mut needs = Vec::new();
    let is_entered = calls.iter().any(|call| is_called(call, 0));
    for call in calls {
        for (index, (_, function)) in call.functions().enumerate() {
            if !is_called(call, index) {
                continue;
            }
            let is_child = call.is_for_items() || index > 0;
            add(&mut needs, function, if is_child { Reason::Each } else { Reason::Spec });
            if function.operation().endpoint_discovery == EndpointDiscovery::Required {
                let is_source =
                    |other: &Function| other.operation().endpoint_discovery == EndpointDiscovery::Source;
                let source = Function::all(function.service()).find(is_source);
                if let Some(source) = &source {
                    add(&mut needs, source, Reason::Endpoint);
                }
            }
        }
        // Buckets are filed by region, and so are the calls for the buckets of a global call.
        let is_s3 = &*call.function().service().name == "s3";
        if is_called(call, 0) && (call.reach == CallScope::Buckets || is_s3 && call.is_for_items()) {
            let location = Function::find(call.function().service(), "get_bucket_location");
            if let Some(location) = &location {
                add(&mut needs, location, Reason::BucketRegion);
            }
        }
    }
    if matches!(regions, RegionChoice::Enabled { .. })
        && calls.iter().any(PlannedCall::is_regional)
        && is_entered
    {
        for (service, function) in [("ec2", "describe_regions"), ("account", "list_regions")] {
            add_named(catalog, &mut needs, (service, function), Reason::Regions)?;
        }
    }
    needs.sort_by(Need::by_action);
    needs.dedup();
    Ok(needs)
}

/// Returns the needs of `scan diff --who`, which looks up events in the accounts of a scan.
///
/// # Errors
///
/// Fails if the catalog cannot be read.
pub fn who_needs(catalog: &Catalog) -> Result<Vec<Need>, CatalogError> {
    let mut needs = Vec::new();
    add_named(catalog, &mut needs, EVENT_LOOKUP, Reason::Who)?;
    Ok(needs)
}

/// Returns the actions without their calls, each once.
#[must_use]
pub fn actions_of(needs: &[Need]) -> BTreeSet<Action> {
    needs.iter().map(|need| need.action.clone()).collect()
}

/// Adds the needs of a function that the catalog may lack.
fn add_named(
    catalog: &Catalog,
    needs: &mut Vec<Need>,
    (service, function): (&str, &str),
    reason: Reason,
) -> Result<(), CatalogError> {
    let service = catalog.service(service)?;
    if let Some(function) = service.and_then(|service| Function::find(&service, function)) {
        add(needs, &function, reason);
    }
    Ok(())
}

fn add(needs: &mut Vec<Need>, function: &Function, reason: Reason) {
    for action in actions(function.service(), function.operation()) {
        let (service, function) = (function.service().name.to_string(), function.name().to_owned());
        needs.push(Need { action, service, function, reason });
    }
}

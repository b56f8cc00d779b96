//! The tags of an account's resources from the Resource Groups Tagging API, which returns them by ARN, and from child
//! calls that return the tags of several resources.
//!
//! The API returns the resources that are tagged or once were. A resource that it does not return has no tags if the
//! API returns resources of its type, and if the call succeeded in the region of the resource; otherwise its tags are
//! not known.

use std::collections::{HashMap, HashSet};

use serde_json::{Map, Value};

use super::indexes::{ARNS, IndexCall, TAG_LISTS};
use super::reader::each_item;
use super::rules::tags;
use super::scratch::{ScratchValues, StoredValue};
use super::tag_outcomes::TagOutcomes;
use super::wide_hash::{WideHash, WideHasher};
use super::{Resource, Resources};
use crate::arn::Arn;
use crate::aws::credentials::home_region;
use crate::aws::organization::Account;
use crate::model::resource_types::is_taggable;
use crate::names::{Partition, RegionName};
use crate::run::ResultsError;

/// Types that the API never returns, or not in the region of the other global services.
///
/// Sources: "Supported services", Resource Groups Tagging API Reference: `GetResources` does not support IAM users and
/// roles (also aws/aws-sdk#581) and Auto Scaling groups. Global Accelerator has its endpoint in us-west-2.
const NOT_RETURNED: &[&str] = &[
    "AWS::AutoScaling::AutoScalingGroup",
    "AWS::GlobalAccelerator::Accelerator",
    "AWS::GlobalAccelerator::CrossAccountAttachment",
    "AWS::IAM::Role",
    "AWS::IAM::User",
];

/// The folder of global services.
const GLOBAL: &str = "global";

/// The tags of an account's resources, in all its regions. They are in a temporary file, so that memory has only a
/// hash for each resource.
#[derive(Debug)]
pub(super) struct TagsByArn {
    account: String,
    /// The region whose responses have the resources of global services.
    home: Option<&'static str>,
    hasher: WideHasher,
    values: ScratchValues,
    by_arn: HashMap<WideHash, StoredValue>,
    /// The regions whose tagged resources are all known.
    complete: HashSet<String>,
}

impl TagsByArn {
    /// Reads the responses of the API in all places of an account.
    pub(super) fn read(
        resources: &Resources,
        account: &Account,
        places: &[String],
        outcomes: &TagOutcomes,
        is_wanted: &dyn Fn(usize) -> bool,
    ) -> Result<Self, ResultsError> {
        let home = home_region(&Partition::new(resources.partition())).map(RegionName::as_str);
        let mut tags = Self {
            account: account.id.as_str().to_owned(),
            home,
            hasher: WideHasher::default(),
            values: ScratchValues::default(),
            by_arn: HashMap::new(),
            complete: HashSet::new(),
        };
        for (index, call) in resources.calls().iter().enumerate().filter(|(index, _)| is_wanted(*index)) {
            let Some(IndexCall::Tags { is_complete }) = call.index else { continue };
            for place in places {
                let mut results = resources.results().place(account, place);
                let mut is_answered = false;
                results.read(call.service(), call.name(), |_, _| {
                    is_answered = true;
                    Ok::<_, ResultsError>(())
                })?;
                each_item(call, &mut results, &mut |item| tags.put(&item.value))?;
                if is_answered && is_complete && outcomes.is_complete(account, place, index) {
                    tags.complete.insert(place.clone());
                }
            }
        }
        Ok(tags)
    }

    fn put(&mut self, mapping: &Value) -> Result<(), ResultsError> {
        let find = |names: &[&str]| names.iter().find_map(|name| mapping.get(*name));
        let Some(arn) = find(&ARNS).and_then(Value::as_str) else { return Ok(()) };
        let key = self.hasher.hash(joined(arn));
        let mut found = find(&TAG_LISTS).map(tags::read).unwrap_or_default();
        // With `TagsPerPage`, the tags of a resource may be on several pages.
        if let Some(stored) = self.by_arn.get(&key) {
            let mut earlier: Map<String, Value> = self.values.read(*stored)?;
            earlier.append(&mut found);
            found = earlier;
        }
        let stored = self.values.put(&found)?;
        self.by_arn.insert(key, stored);
        Ok(())
    }

    /// Adds tags to a resource whose own calls did not return them.
    pub(super) fn add_to(&mut self, resource: &mut Resource<'_>) -> Result<(), ResultsError> {
        let is_unused = self.by_arn.is_empty() && self.complete.is_empty();
        if is_unused || resource.tags.is_some() {
            return Ok(());
        }
        let found = self.find(resource)?;
        resource.tags = found.or_else(|| self.has_none(resource).then(Map::new));
        if resource.name.is_none() {
            resource.name = resource.tags.as_ref().and_then(tags::name);
        }
        Ok(())
    }

    fn find(&mut self, resource: &Resource<'_>) -> Result<Option<Map<String, Value>>, ResultsError> {
        let Some(arn) = resource.arn.as_deref() else { return Ok(None) };
        let stored = self.by_arn.get(&self.hasher.hash(joined(arn))).copied();
        stored.map(|stored| self.values.read(stored)).transpose()
    }

    /// Returns whether the API would have returned the resource if it had tags.
    fn has_none(&self, resource: &Resource<'_>) -> bool {
        let Some(arn) = resource.arn.as_deref().and_then(Arn::parse) else { return false };
        let region = match arn.region {
            "" if resource.region == GLOBAL => self.home,
            "" => Some(resource.region),
            region => Some(region),
        };
        let is_returned = |name: &str| is_taggable(name) && !NOT_RETURNED.contains(&name);
        resource.resource_type.is_some_and(is_returned)
            && resource.owner_account.as_deref() == Some(self.account.as_str())
            && region.is_some_and(|region| self.complete.contains(region))
    }
}

/// Returns the part of an ARN that all services return alike: CloudWatch Logs ends the ARNs of log groups with `:*`,
/// and the API does not.
fn joined(arn: &str) -> &str {
    arn.strip_suffix(":*").unwrap_or(arn)
}

#[cfg(test)]
mod tests;

//! The resources of a run as hashes, to find those that witnesses report.

use std::collections::{HashMap, HashSet};

use super::witnessed::{GLOBAL, Witnessed, arn_shape};
use crate::arn::Arn;
use crate::reports::resources::{Resource, WideHash, WideHasher};

/// The owner of resources that AWS shares with all accounts.
const AWS: &str = "aws";

/// The resources of a run.
#[derive(Debug, Default)]
pub(super) struct OwnResources {
    hasher: WideHasher,
    by_arn: HashMap<WideHash, u32>,
    by_id: HashMap<WideHash, u32>,
    /// Whether a witness reports the resource, by its number.
    is_witnessed: Vec<bool>,
    /// The type of each resource, by its number, as an index of `types`.
    type_of: Vec<u32>,
    types: Vec<String>,
    type_numbers: HashMap<String, u32>,
    /// The types of ARNs by their shape; `None` if resources of several types have it.
    shapes: HashMap<(String, String), Option<u32>>,
    /// The services and regions of the accounts with resources.
    services: HashSet<(String, String)>,
    regions: HashSet<(String, String)>,
}

/// Returns the name of a resource's type: CloudFormation's, or service and kind.
pub(super) fn type_of(resource: &Resource<'_>) -> String {
    let Resource { service, kind, .. } = resource;
    resource.resource_type.map_or_else(|| format!("{service}.{kind}"), str::to_owned)
}

impl OwnResources {
    /// Adds a resource. One that several accounts see is added once.
    pub(super) fn add(&mut self, resource: &Resource<'_>) {
        self.services.insert((resource.account.to_owned(), resource.service.to_owned()));
        // Buckets are listed globally.
        for region in [Some(region_of(resource)), resource.raw["BucketRegion"].as_str()].into_iter().flatten()
        {
            self.regions.insert((resource.account.to_owned(), region.to_owned()));
        }
        let arn = self.arn_hash(resource.arn.as_deref(), owner_of(resource));
        if arn.is_some_and(|arn| self.by_arn.contains_key(&arn)) {
            return;
        }
        let type_number = self.type_number(type_of(resource));
        let number = u32::try_from(self.type_of.len()).unwrap_or(u32::MAX);
        self.type_of.push(type_number);
        self.is_witnessed.push(false);
        if let Some(arn) = arn {
            self.by_arn.insert(arn, number);
        }
        if let Some(id) = &resource.id {
            self.by_id.entry(self.id_hash(resource, id)).or_insert(number);
        }
        if let Some(arn) = resource.arn.as_deref().and_then(Arn::parse) {
            let (service, prefix) = arn_shape(&arn);
            let shape = (service.to_owned(), prefix.to_owned());
            let known = self.shapes.entry(shape).or_insert(Some(type_number));
            *known = known.filter(|known| *known == type_number);
        }
    }

    /// Returns the hash of an ARN in an account. Witnesses write the account into ARNs that AWS defines without one, such as
    /// those of snapshots, so that it belongs to every hash.
    fn arn_hash(&self, arn: Option<&str>, account: &str) -> Option<WideHash> {
        let text = arn?;
        let Some(arn) = Arn::parse(text) else { return Some(self.hasher.hash(text)) };
        let account = if arn.account.is_empty() { account } else { arn.account };
        Some(self.hasher.hash((arn.partition, arn.service, arn.region, account, arn.resource)))
    }

    fn id_hash(&self, resource: &Resource<'_>, id: &str) -> WideHash {
        self.hasher.hash((owner_of(resource), resource.region, type_of(resource).as_str(), id))
    }

    fn type_number(&mut self, name: String) -> u32 {
        let next = u32::try_from(self.types.len()).unwrap_or(u32::MAX);
        *self.type_numbers.entry(name).or_insert_with_key(|name| {
            self.types.push(name.clone());
            next
        })
    }

    /// Returns the number of the resource that a witness reports: the one with its ARN, or with its type, account,
    /// region and ID. The name is compared with IDs only, because users choose names.
    pub(super) fn find(&self, witnessed: &Witnessed, type_name: Option<&str>) -> Option<u32> {
        let by_arn = self.arn_hash(witnessed.arn.as_deref(), &witnessed.account);
        if let Some(number) = by_arn.and_then(|arn| self.by_arn.get(&arn)) {
            return Some(*number);
        }
        let type_name = type_name?;
        let ids = [&witnessed.id, &witnessed.name].into_iter().flatten();
        let places = [witnessed.region.as_str(), GLOBAL];
        let mut keys = ids
            .flat_map(|id| places.map(|place| (witnessed.account.as_str(), place, type_name, id.as_str())));
        keys.find_map(|key| self.by_id.get(&self.hasher.hash(key)).copied())
    }

    /// Marks a resource as reported by a witness; returns whether it was not yet.
    pub(super) fn mark(&mut self, number: u32) -> bool {
        self.is_witnessed.get_mut(number as usize).is_some_and(|mark| !std::mem::replace(mark, true))
    }

    /// Returns the type of the resource with a number.
    pub(super) fn type_name(&self, number: u32) -> &str {
        let index = self.type_of.get(number as usize).copied().unwrap_or(u32::MAX);
        self.types.get(index as usize).map_or("", String::as_str)
    }

    /// Returns the type of the run's resources whose ARNs have the shape of this one.
    pub(super) fn type_of_arn(&self, arn: &Arn<'_>) -> Option<&str> {
        let (service, prefix) = arn_shape(arn);
        let number = self.shapes.get(&(service.to_owned(), prefix.to_owned())).copied().flatten()?;
        self.types.get(number as usize).map(String::as_str)
    }

    /// Returns whether no witness reports a resource of the run, and takes it: a resource that several accounts see is
    /// returned once. Resources of AWS, and those without ARN and ID, are not compared.
    pub(super) fn take_unwitnessed(&mut self, resource: &Resource<'_>) -> bool {
        if resource.owner_account.as_deref() == Some(AWS) {
            return false;
        }
        let by_arn =
            self.arn_hash(resource.arn.as_deref(), owner_of(resource)).map(|arn| self.by_arn.get(&arn));
        let by_id = || resource.id.as_deref().map(|id| self.by_id.get(&self.id_hash(resource, id)));
        let number = by_arn.or_else(by_id).flatten().copied();
        number.is_some_and(|number| self.mark(number))
    }

    /// Returns whether the run has a resource of a service in an account.
    pub(super) fn has_service(&self, account: &str, service: &str) -> bool {
        self.services.contains(&(account.to_owned(), service.to_owned()))
    }

    /// Returns whether the run has a resource in a region of an account.
    pub(super) fn has_region(&self, account: &str, region: &str) -> bool {
        self.regions.contains(&(account.to_owned(), region.to_owned()))
    }
}

fn owner_of<'run>(resource: &'run Resource<'_>) -> &'run str {
    resource.owner_account.as_deref().filter(|owner| *owner != AWS).unwrap_or(resource.account)
}

/// Returns the region in the ARN of a resource, or else that of its call.
fn region_of<'run>(resource: &'run Resource<'_>) -> &'run str {
    let in_arn = resource.arn.as_deref().and_then(Arn::parse).map(|arn| arn.region);
    in_arn.filter(|region| !region.is_empty()).unwrap_or(resource.region)
}

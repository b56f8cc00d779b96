//! Services that are not available in a region, as inferred from a host name that does not resolve.
//!
//! A resolver may fail for existing names: in an isolated network, or in a VPC with a private hosted zone. So an
//! unresolved host name means that a service is not offered only if all of this holds:
//!
//! - the name is that of the service, not of a bucket or an account, and not a configured endpoint;
//! - AWS's endpoint data list the service in other regions and not in this one ([`availability`]);
//! - AWS has responded at another host name of the region in this run, and never at this one ([`Answers`]).
//!
//! Every other case is `unreachable`, which is a gap. The decision is made when all calls of the region have
//! ended, so that the order of the calls does not matter.

mod answers;
mod probes;

pub(super) use answers::Answers;
pub(super) use probes::Probes;

use crate::aws::client::HostOf;
use crate::model::catalog::{Availability, availability, availability_in_partition};
use crate::names::Region;
use crate::run::{ASK_EVERYTHING_HINT, CallRecord, Status};

/// Returns whether an unresolved host name of a call means that AWS does not offer the service there, provided that
/// another service responds. `global_region` is a region of the partition that AWS's endpoint data contain.
#[must_use]
pub fn may_be_absent(record: &CallRecord, global_region: &Region) -> bool {
    record.status == Status::Unreachable
        && record.missing_host == Some(HostOf::Service)
        && offer(record, global_region) == Availability::NotOffered
}

/// Decides what the unresolved host names of calls mean. `is_proved` returns whether another service than the
/// given one has responded in a region, or anywhere if there is no region.
pub fn resolve<'records>(
    records: impl IntoIterator<Item = &'records mut CallRecord>,
    global_region: &Region,
    is_proved: impl Fn(&str, Option<&Region>) -> bool,
) {
    for record in records {
        if record.status != Status::Unreachable {
            continue;
        }
        let Some(of) = record.missing_host else { continue };
        let region = region_of(record);
        if may_be_absent(record, global_region) && is_proved(record.service.as_str(), region.as_ref()) {
            record.status = Status::NotAvailable;
            record.hint = None;
            let message = record.message.take().unwrap_or_default();
            record.message =
                Some(format!("AWS does not offer {} {}: {message}", record.service, here(record)));
        } else {
            let hint = hint(record, of, offer(record, global_region));
            record.hint = Some(if record.inferred { format!("{hint}\n{ASK_EVERYTHING_HINT}") } else { hint });
        }
    }
}

/// Returns the region of a call; `None` for a global call.
fn region_of(record: &CallRecord) -> Option<Region> {
    Region::parse(&record.region).ok()
}

fn offer(record: &CallRecord, global_region: &Region) -> Availability {
    let (service, global_region) = (record.service.as_str(), global_region.as_str());
    match region_of(record) {
        Some(region) => availability(service, region.as_str(), global_region),
        None => availability_in_partition(service, global_region),
    }
}

/// Returns the region of a call, or the partition, as a phrase.
fn here(record: &CallRecord) -> String {
    region_of(record).map_or_else(|| "in this partition".to_owned(), |region| format!("in {region}"))
}

/// Returns the hint for a host name that does not resolve and does not prove that the service is not offered.
fn hint(record: &CallRecord, of: HostOf, offer: Availability) -> String {
    let (service, here) = (&record.service, here(record));
    match (of, offer) {
        (HostOf::Service, Availability::Offered) => format!(
            "check the DNS of this network: AWS offers {service} {here}, but its host name does not resolve (private \
             hosted zone, VPC endpoint with private DNS or DNS firewall?)"
        ),
        (HostOf::Service, Availability::NotOffered) => format!(
            "check the DNS and the connection of this network: AWS's endpoint data do not list {service} {here}, but \
             no other service has responded there either"
        ),
        (HostOf::Service, Availability::Unknown) => format!(
            "check the DNS of this network; if AWS does not offer {service} {here}, exclude it there with `regions` \
             in the scan spec"
        ),
        (HostOf::Resource, _) => format!(
            "check the DNS of this network for subdomains of the {service} endpoint: a private hosted zone needs a \
             wildcard record for them"
        ),
        (HostOf::Configured, _) => format!(
            "check the endpoint that is configured for {service} (AWS_ENDPOINT_URL, AWS_USE_FIPS_ENDPOINT, \
             AWS_USE_DUALSTACK_ENDPOINT): its host name does not resolve"
        ),
        (HostOf::Proxy, _) => {
            "check HTTPS_PROXY and HTTP_PROXY: the host name of the proxy does not resolve".to_owned()
        }
    }
}

#[cfg(test)]
mod tests;

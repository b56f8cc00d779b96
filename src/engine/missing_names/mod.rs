//! Services that are absent from a region, as far as that can be concluded from a host name that does not exist.
//!
//! A resolver may deny names that exist: of a closed network, of a VPC with a private hosted zone. So a
//! missing name means that a service is not offered only where all of this holds:
//!
//! - the name is the service's own, not one of a bucket or an account, and not a configured one;
//! - AWS's data list the service elsewhere and not here ([`availability`]);
//! - AWS has answered under another name of the region in this run, and never under this one ([`Answers`]).
//!
//! Everything else is `unreachable`, which is a gap. What has answered is looked at when all calls of the
//! region have ended, so that it does not matter which came first.

mod answers;
mod probes;

pub(super) use answers::Answers;
pub(super) use probes::Probes;

use crate::aws::client::HostOf;
use crate::model::catalog::{Availability, availability, availability_in_partition};
use crate::names::Region;
use crate::run::{ASK_ALL_THE_SAME, CallRecord, Status};

/// Whether a missing name of a call may mean that AWS does not offer the service there, once something else
/// has answered. `global_region` is a region of the partition that AWS's data know.
#[must_use]
pub fn may_be_absent(record: &CallRecord, global_region: &Region) -> bool {
    record.status == Status::Unreachable
        && record.missing_host == Some(HostOf::Service)
        && offer(record, global_region) == Availability::NotOffered
}

/// Decides what the missing names of calls mean. `is_proved` says of a service, in a region or in none, whether
/// another one has answered there.
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
            record.hint = Some(if record.inferred { format!("{hint}\n{ASK_ALL_THE_SAME}") } else { hint });
        }
    }
}

/// The region of a call; `None` for one that is filed under `global`.
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

/// Where a call was made, in words.
fn here(record: &CallRecord) -> String {
    region_of(record).map_or_else(|| "in this partition".to_owned(), |region| format!("in {region}"))
}

/// What to do about a name that does not exist and proves nothing.
fn hint(record: &CallRecord, of: HostOf, offer: Availability) -> String {
    let (service, here) = (&record.service, here(record));
    match (of, offer) {
        (HostOf::Service, Availability::Offered) => format!(
            "check the DNS of this network: AWS offers {service} {here}, and the resolver denies its name, as \
             private hosted zones, VPC endpoints with private DNS and DNS firewalls do"
        ),
        (HostOf::Service, Availability::NotOffered) => format!(
            "check the DNS and the connection of this network: AWS's data do not list {service} {here}, but \
             nothing else has answered there either"
        ),
        (HostOf::Service, Availability::Unknown) => format!(
            "check the DNS of this network; if AWS does not offer {service} {here}, exclude it there with `regions` \
             in the scan spec"
        ),
        (HostOf::Resource, _) => format!(
            "check the DNS of this network for names below that of {service}: a private hosted zone needs a \
             wildcard record for them"
        ),
        (HostOf::Configured, _) => format!(
            "check the endpoint that is configured for {service} (AWS_ENDPOINT_URL, AWS_USE_FIPS_ENDPOINT, \
             AWS_USE_DUALSTACK_ENDPOINT): its name does not exist"
        ),
        (HostOf::Proxy, _) => {
            "check HTTPS_PROXY and HTTP_PROXY: the name of the proxy does not exist".to_owned()
        }
    }
}

#[cfg(test)]
mod tests;

//! What to do about an error, where that is known: the troubleshooting cases of the setup guide.

use super::status::{DeniedBy, Status};

/// A sentence for the ledger.
#[must_use]
pub(super) fn hint(status: Status, by: Option<DeniedBy>, action: &str) -> Option<String> {
    let text = match (status, by) {
        (Status::Denied, Some(DeniedBy::Scp)) => format!(
            "a service control policy of the organization denies {action} here; exempt the role, or leave the call out"
        ),
        (Status::Denied, Some(DeniedBy::SessionPolicy)) => {
            format!("the session policy of the credentials does not allow {action}")
        }
        (Status::Denied, Some(DeniedBy::Boundary)) => {
            format!("the role's permissions boundary does not allow {action}")
        }
        (Status::Denied, Some(DeniedBy::ResourcePolicy)) => {
            format!("the resource's own policy does not allow {action} to this role")
        }
        (Status::Denied, _) => format!("allow {action} in the policies of the role that was used"),
        (Status::RegionDisabled, _) => {
            "the account has not enabled this region; choose regions with --regions".to_owned()
        }
        (Status::Throttled, _) => {
            "lower --concurrency or raise --max-retries; other tools may use up the same quota".to_owned()
        }
        (Status::Expired, _) => "renew the credentials (for SSO: aws sso login) and run again".to_owned(),
        (Status::Unreachable, _) => {
            "check network, proxy and firewall; leave the region out with --exclude-regions if it is down"
                .to_owned()
        }
        _ => return None,
    };
    Some(text)
}

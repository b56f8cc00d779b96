//! What to do about an error, where that is known: the troubleshooting cases of the setup guide, with
//! the account, the role and the action that they are about.

use crate::aws::client::InferredFrom;
use crate::aws_error::{Decision, ErrorMeaning, ErrorResponse, decide, names_an_action};
use crate::model::catalog::{Function, may_be_refused_to_members};
use crate::plan::policy::actions;
use crate::run::{ASK_ALL_THE_SAME, CallRecord, DeniedBy, Status};

/// What changes of the machine's clock look like to AWS.
const CLOCK: &[&str] =
    &["InvalidSignatureException", "RequestExpired", "RequestTimeTooSkewed", "SignatureDoesNotMatch"];

/// HTTP statuses without an error of AWS's, which a service does not send by itself.
const FOREIGN: &[&str] = &["302", "303", "307", "308", "407", "502", "504"];

/// Sentences for the ledger, a line each. `role` is the name of the role that the account is scanned with, if it is
/// not the caller's own account.
#[must_use]
pub fn hint(record: &CallRecord, function: &Function, role: Option<&str>) -> Option<String> {
    let message = record.message.as_deref().unwrap_or_default();
    let code = record.code.as_deref().unwrap_or_default();
    let region = &record.region;
    let Decision { meaning, remedy } = decide(&ErrorResponse {
        service: record.service.as_str(),
        function: record.function.as_str(),
        code,
        message,
        status: None,
    });
    let text = match record.status {
        Status::Denied => denied(record, function, role),
        Status::RegionDisabled => format!(
            "account {} has not enabled {region}, or its credentials are no longer valid: leave the region \
             out with --exclude-regions, or let the enabled ones be looked up by not giving --regions",
            record.account
        ),
        Status::NotEnabled => remedy.map_or_else(
            || {
                format!(
                    "account {} has not enabled {} in {region}, or not this feature of it: enable it there if it is \
                     to be used, or leave the call out",
                    record.account, record.service
                )
            },
            str::to_owned,
        ),
        Status::NotAvailable => remedy?.to_owned(),
        // Retries have been used up: what is throttled is always tried again.
        Status::Throttled => format!(
            "other tools may use up the same quota of {} in account {} and {region}: lower --concurrency, \
             raise --max-retries, or run at another time",
            record.service, record.account
        ),
        _ if CLOCK.contains(&code) => {
            "signatures are good for five minutes: check the clock of this machine".to_owned()
        }
        // The base credentials hold, or the run would have stopped.
        Status::Expired => match role {
            Some(role) => format!(
                "account {} refuses a new session of role {role} as well: check that the account has not been \
                 closed or suspended, and that the role is still there, then ask again",
                record.account
            ),
            None => "renew the credentials (`aws sso login` for a profile of IAM Identity Center), then ask again"
                .to_owned(),
        },
        Status::Unreachable if message.to_ascii_lowercase().contains("certificate") => {
            "something between here and AWS shows a certificate of its own: name its authority in AWS_CA_BUNDLE"
                .to_owned()
        }
        Status::Unreachable => format!(
            "check network, proxy and firewall for {} in {region}; leave the region out with \
             --exclude-regions if it is down",
            record.service
        ),
        Status::Failed if FOREIGN.contains(&code) => {
            "something between here and AWS answers in its place, such as a proxy or a portal: look at HTTPS_PROXY \
             and NO_PROXY"
                .to_owned()
        }
        Status::Failed if matches!(meaning, ErrorMeaning::OptInRequired | ErrorMeaning::AccountProblem) => format!(
            "account {} is not in order for {}: look in its Billing console at sign-up, payment method and \
             verification, or ask AWS Support",
            record.account, record.service
        ),
        Status::Failed if meaning == ErrorMeaning::RegionDisabled => format!(
            "{} is not active for account {} in {region}: activate the region in the account settings of IAM, or \
             leave it out with --exclude-regions",
            record.service, record.account
        ),
        Status::Failed if meaning == ErrorMeaning::NotFound && record.item.is_some() => {
            "none of the items exists for this call: look at the parameters of the child call in the spec".to_owned()
        }
        Status::Failed if message.contains("FIPS") || message.contains("DualStack") => {
            "the service has no such endpoint here: unset AWS_USE_FIPS_ENDPOINT or AWS_USE_DUALSTACK_ENDPOINT, \
             or leave the call out"
                .to_owned()
        }
        _ => return None,
    };
    Some(if record.inferred { format!("{text}\n{ASK_ALL_THE_SAME}") } else { text })
}

/// The IAM action that a denied call lacks: the one that AWS names, or else one made from the names of
/// service and operation.
#[must_use]
pub fn denied_action(record: &CallRecord, function: &Function) -> String {
    // The message of a conclusion is about the call that it was concluded from.
    let message = record.message.as_deref().filter(|_| !record.inferred);
    let needed = || {
        let needed = actions(function.service(), function.operation());
        let needed: Vec<_> = needed.iter().map(ToString::to_string).collect();
        needed.join(" and ")
    };
    message.and_then(names_an_action).map_or_else(needed, str::to_owned)
}

/// Whether a denial looks like that of a function that only the management account or a delegated administrator may
/// call: it names neither a policy nor an action, as the denials of IAM do.
#[must_use]
pub fn is_refused_to_members(record: &CallRecord, function: &Function) -> bool {
    let names_action = record.message.as_deref().and_then(names_an_action).is_some();
    record.status == Status::Denied
        && matches!(record.denied_by, Some(DeniedBy::Unknown) | None)
        && !names_action
        && !record.inferred
        && may_be_refused_to_members(function)
}

fn denied(record: &CallRecord, function: &Function, role: Option<&str>) -> String {
    let account = &record.account;
    if is_refused_to_members(record, function) {
        return format!(
            "{function} answers for the organization, and account {account} seems to be neither its management account \
             nor a delegated administrator for it, so that no policy helps: name the account to call it in with \
             `accounts` in the spec, or leave the call out"
        );
    }
    let action = denied_action(record, function);
    let role = role.map_or_else(
        || format!("the caller's own policies in account {account}"),
        |role| format!("the policies of role {role} in account {account}"),
    );
    match record.denied_by {
        Some(DeniedBy::Scp) if record.inferred_from() == Some(InferredFrom::Region) => format!(
            "a service control policy of the organization denies {region} in account {account}: leave the region \
             out with --exclude-regions {region}, or exempt the role there",
            region = record.region
        ),
        Some(DeniedBy::Scp) => format!(
            "a service control policy of the organization denies {action} in account {account}: exempt the \
             role there, or leave the call out"
        ),
        Some(DeniedBy::SessionPolicy) => {
            format!(
                "the session policy of the credentials does not allow {action} in account {account}: look at what \
                 `scan policy --explain` says the spec needs, and widen it with --session-policy if that is not all"
            )
        }
        Some(DeniedBy::Boundary) => format!(
            "a permissions boundary does not allow {action}: add it to the boundary as well as to {role}"
        ),
        Some(DeniedBy::ResourcePolicy) => format!(
            "the resource's own policy, or one of its organization or VPC endpoint, does not allow {action} to \
             {role}"
        ),
        _ => format!("allow {action} in {role}"),
    }
}

#[cfg(test)]
mod tests {
    use super::hint;
    use crate::aws::client::InferredFrom;
    use crate::model::catalog::{Catalog, Function};
    use crate::names::AccountId;
    use crate::run::{CallRecord, DeniedBy, Status};

    fn hint_for(status: Status, by: Option<DeniedBy>, code: &str, message: &str) -> String {
        let catalog = Catalog::embedded().expect("the embedded catalog opens");
        let service = catalog.service("rds").expect("loads").expect("exists");
        let function = Function::find(&service, "describe_db_instances").expect("exists");
        let account = AccountId::new("123456789012");
        let mut record = CallRecord::new(&account, "eu-west-1", "rds", function.name(), function.name());
        (record.status, record.denied_by) = (status, by);
        (record.code, record.message) = (Some(code.to_owned()), Some(message.to_owned()));
        hint(&record, &function, Some("Audit")).unwrap_or_default()
    }

    #[test]
    fn a_missing_permission_is_told_with_account_role_and_action() {
        assert_eq!(
            hint_for(Status::Denied, Some(DeniedBy::Iam), "AccessDenied", "Access Denied"),
            "allow rds:DescribeDBInstances in the policies of role Audit in account 123456789012"
        );
    }

    #[test]
    fn a_conclusion_is_about_its_own_call_and_can_be_avoided() {
        let catalog = Catalog::embedded().expect("the embedded catalog opens");
        let service = catalog.service("rds").expect("loads").expect("exists");
        let function = Function::find(&service, "describe_db_instances").expect("exists");
        let account = AccountId::new("123456789012");
        let mut record = CallRecord::new(&account, "eu-west-1", "rds", function.name(), function.name());
        (record.status, record.denied_by, record.inferred) = (Status::Denied, Some(DeniedBy::Scp), true);
        record.message = Some("the first: User is not authorized to perform: sqs:ListQueues".to_owned());
        let hint = hint(&record, &function, None).unwrap_or_default();
        assert!(hint.contains("rds:DescribeDBInstances"), "{hint}");
        assert!(hint.ends_with("\nuse --ask-everything to send the call anyway"), "{hint}");
    }

    #[test]
    fn a_region_that_is_denied_is_left_out_by_its_name() {
        let catalog = Catalog::embedded().expect("the embedded catalog opens");
        let service = catalog.service("rds").expect("loads").expect("exists");
        let function = Function::find(&service, "describe_db_instances").expect("exists");
        let account = AccountId::new("123456789012");
        let mut record = CallRecord::new(&account, "eu-west-3", "rds", function.name(), function.name());
        (record.status, record.denied_by, record.inferred) = (Status::Denied, Some(DeniedBy::Scp), true);
        record.inferred_from = Some(InferredFrom::Region);
        let hint = hint(&record, &function, None).unwrap_or_default();
        assert!(hint.contains("leave the region out with --exclude-regions eu-west-3,"), "{hint}");
    }

    #[test]
    fn every_cause_has_its_remedy() {
        let denied = |by| hint_for(Status::Denied, Some(by), "AccessDenied", "");
        for (hint, words) in [
            (denied(DeniedBy::Scp), "service control policy"),
            (denied(DeniedBy::SessionPolicy), "session policy"),
            (denied(DeniedBy::Boundary), "boundary"),
            (denied(DeniedBy::ResourcePolicy), "resource's own policy"),
            (denied(DeniedBy::Unknown), "role Audit"),
            (hint_for(Status::RegionDisabled, None, "OptInRequired", ""), "--exclude-regions"),
            (
                hint_for(Status::NotEnabled, None, "AccessDeniedException", "RDS is not enabled"),
                "has not enabled rds",
            ),
            (hint_for(Status::Throttled, None, "Throttling", ""), "--concurrency"),
            (hint_for(Status::Failed, None, "OptInRequired", "You are not subscribed"), "Billing console"),
            (hint_for(Status::Failed, None, "PendingVerification", ""), "verification"),
            (hint_for(Status::Failed, None, "RegionDisabledException", ""), "not active for account"),
            (hint_for(Status::Expired, None, "ExpiredToken", ""), "role Audit"),
            (hint_for(Status::Expired, None, "RequestExpired", ""), "clock"),
            (hint_for(Status::Failed, None, "SignatureDoesNotMatch", ""), "clock"),
            (hint_for(Status::Unreachable, None, "", "invalid peer certificate"), "AWS_CA_BUNDLE"),
            (hint_for(Status::Unreachable, None, "", "connection refused"), "rds in eu-west-1"),
            (hint_for(Status::Failed, None, "302", ""), "HTTPS_PROXY"),
            (hint_for(Status::Failed, None, "", "FIPS is enabled but …"), "AWS_USE_FIPS_ENDPOINT"),
        ] {
            assert!(hint.contains(words), "{hint}");
        }
        assert_eq!(hint_for(Status::Failed, None, "ValidationException", ""), "");
    }
}

//! Hints for errors with a known fix: the troubleshooting cases of the setup guide, filled in with the account, role
//! and action.

use std::cell::LazyCell;

use crate::aws::client::InferredFrom;
use crate::aws::credentials::AccountAccess;
use crate::aws_error::{ErrorMeaning, ErrorResponse, decide, names_an_action};
use crate::model::catalog::{Function, may_be_refused_to_members};
use crate::plan::policy::actions;
use crate::run::{ASK_EVERYTHING_HINT, CallRecord, DeniedBy, Status};

/// Error codes that AWS returns when the system clock is wrong.
const CLOCK: &[&str] =
    &["InvalidSignatureException", "RequestExpired", "RequestTimeTooSkewed", "SignatureDoesNotMatch"];

/// HTTP statuses without an AWS error code that come from a proxy or portal: AWS services do not return them
/// themselves.
const FOREIGN: &[&str] = &["302", "303", "307", "308", "407", "502", "504"];

/// Adds the hint to a ledger line, and the actions that the hint names. `access` is the way
/// into the account; it is `None` for the caller's own account.
pub fn add_hint(record: &mut CallRecord, function: &Function, access: Option<&AccountAccess>) {
    record.denied_actions = if record.status == Status::Denied && can_be_allowed(record, function) {
        denied_actions(record, function)
    } else {
        Vec::new()
    };
    record.hint = hint(record, function, access);
}

/// Returns whether a policy could allow a denied call by its action.
fn can_be_allowed(record: &CallRecord, function: &Function) -> bool {
    !is_refused_to_members(record, function) && !is_denied_region(record)
}

/// Returns whether a service control policy denies the region of a call, whatever the action.
fn is_denied_region(record: &CallRecord) -> bool {
    record.denied_by == Some(DeniedBy::Scp) && record.inferred_from == Some(InferredFrom::Region)
}

/// Returns the hint of a ledger line, one sentence per line.
fn hint(record: &CallRecord, function: &Function, access: Option<&AccountAccess>) -> Option<String> {
    let message = record.message.as_deref().unwrap_or_default();
    let code = record.code.as_deref().unwrap_or_default();
    let region = &record.region;
    // Only for errors: the search for known wordings costs more than the rest of a usual call's record.
    let decision = LazyCell::new(|| {
        decide(&ErrorResponse {
            service: record.service.as_str(),
            function: record.function.as_str(),
            code,
            message,
            status: None,
        })
    });
    let text = match record.status {
        Status::Denied => denied(record, function, access),
        Status::RegionDisabled => format!(
            "account {} has not enabled {region}, or its credentials are no longer valid: exclude the region with \
             --exclude-regions, or omit --regions to scan the enabled regions",
            record.account
        ),
        Status::NotEnabled => decision.remedy.map_or_else(
            || {
                format!(
                    "account {} has not enabled {} in {region}, or not this feature: enable it there if you use \
                     it, or remove the call from the spec",
                    record.account, record.service
                )
            },
            str::to_owned,
        ),
        Status::NotAvailable => decision.remedy?.to_owned(),
        // The retries are used up: a throttled request is always retried.
        Status::Throttled => format!(
            "other tools may use up the same quota of {} in account {} and {region}: lower --concurrency, \
             raise --max-retries, or run at another time",
            record.service, record.account
        ),
        _ if CLOCK.contains(&code) => {
            "check the system clock: SigV4 signatures are valid for five minutes".to_owned()
        }
        // The base credentials are valid: otherwise the run would have stopped.
        Status::Expired => match access {
            Some(access) => format!(
                "a new session for {access} in account {} was rejected too: check that the account is not \
                 closed or suspended and that the role still exists, then retry",
                record.account
            ),
            None => "renew the credentials (`aws sso login` for an IAM Identity Center profile), then retry"
                .to_owned(),
        },
        Status::Unreachable if message.to_ascii_lowercase().contains("certificate") => {
            "a TLS-inspecting proxy is in the way: set AWS_CA_BUNDLE to its CA certificate".to_owned()
        }
        Status::Unreachable => format!(
            "check network, proxy and firewall for {} in {region}; exclude the region with --exclude-regions if \
             it is down",
            record.service
        ),
        Status::Failed if FOREIGN.contains(&code) => {
            "the response did not come from AWS (proxy or captive portal?): check HTTPS_PROXY and NO_PROXY"
                .to_owned()
        }
        Status::Failed if matches!(decision.meaning, ErrorMeaning::OptInRequired | ErrorMeaning::AccountProblem) => format!(
            "account {} is not signed up, not verified or blocked for {}: check sign-up, payment method and \
             verification in its Billing console, or contact AWS Support",
            record.account, record.service
        ),
        Status::Failed if decision.meaning == ErrorMeaning::RegionDisabled => format!(
            "{} is not active for account {} in {region}: activate the region in the IAM account settings, or exclude \
             it with --exclude-regions",
            record.service, record.account
        ),
        Status::Failed if decision.meaning == ErrorMeaning::NotFound && record.item.is_some() => {
            "none of the items exists for this call: check the parameters of the child call in the spec".to_owned()
        }
        Status::Failed if message.contains("FIPS") || message.contains("DualStack") => {
            "the service has no such endpoint in this region: unset AWS_USE_FIPS_ENDPOINT or \
             AWS_USE_DUALSTACK_ENDPOINT, or remove the call from the spec"
                .to_owned()
        }
        _ => return None,
    };
    Some(if record.inferred { format!("{text}\n{ASK_EVERYTHING_HINT}") } else { text })
}

/// Returns the IAM actions that a denied call lacks: the action in AWS's error message, or else those derived from
/// the names of service and operation.
fn denied_actions(record: &CallRecord, function: &Function) -> Vec<String> {
    // The message of an inferred denial is about the call that it was inferred from.
    let message = record.message.as_deref().filter(|_| !record.inferred);
    let needed = || {
        let needed = actions(function.service(), function.operation());
        needed.iter().map(ToString::to_string).collect()
    };
    message.and_then(names_an_action).map_or_else(needed, |action| vec![action.to_owned()])
}

/// Returns whether a denial looks like that of a function that only the management account or a delegated
/// administrator may call: unlike IAM's denials, its message contains neither a policy nor an action.
#[must_use]
fn is_refused_to_members(record: &CallRecord, function: &Function) -> bool {
    let names_action = record.message.as_deref().and_then(names_an_action).is_some();
    record.status == Status::Denied
        && matches!(record.denied_by, Some(DeniedBy::Unknown) | None)
        && !names_action
        && !record.inferred
        && may_be_refused_to_members(function)
}

fn denied(record: &CallRecord, function: &Function, access: Option<&AccountAccess>) -> String {
    let account = &record.account;
    if is_refused_to_members(record, function) {
        return format!(
            "{function} returns data of the organization, and account {account} seems to be neither its management \
             account nor a delegated administrator, so no policy can allow it: set the account to call it in with \
             `accounts` in the spec, or remove the call from the spec"
        );
    }
    let action = record.denied_actions.join(" and ");
    let role = access.map_or_else(
        || format!("the caller's own policies in account {account}"),
        |access| format!("the policies of {access} in account {account}"),
    );
    match record.denied_by {
        Some(DeniedBy::Scp) if is_denied_region(record) => format!(
            "a service control policy of the organization denies {region} in account {account}: exclude the region \
             with --exclude-regions {region}, or exempt the role from the SCP",
            region = record.region
        ),
        Some(DeniedBy::Scp) => format!(
            "a service control policy of the organization denies {action} in account {account}: exempt the role from \
             the SCP, or remove the call from the spec"
        ),
        Some(DeniedBy::SessionPolicy) => {
            format!(
                "the session policy of the credentials does not allow {action} in account {account}: compare it with \
                 the output of `scan policy --explain`, and pass a broader policy with --session-policy if needed"
            )
        }
        Some(DeniedBy::Boundary) => format!(
            "a permissions boundary does not allow {action}: add the action to the boundary and to {role}"
        ),
        Some(DeniedBy::ResourcePolicy) => format!(
            "the resource policy, or a policy of its organization or VPC endpoint, does not allow {action}: allow it \
             there and in {role}"
        ),
        _ => format!("allow {action} in {role}"),
    }
}

#[cfg(test)]
mod tests {
    use super::add_hint;
    use crate::aws::client::InferredFrom;
    use crate::aws::credentials::AccountAccess;
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
        let access = AccountAccess::Role("arn:aws:iam::123456789012:role/Audit".to_owned());
        add_hint(&mut record, &function, Some(&access));
        record.hint.unwrap_or_default()
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
        record.inferred_from = Some(InferredFrom::Endpoint);
        record.message = Some("first error: User is not authorized to perform: sqs:ListQueues".to_owned());
        add_hint(&mut record, &function, None);
        assert_eq!(record.denied_actions, ["rds:DescribeDBInstances"]);
        let hint = record.hint.unwrap_or_default();
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
        add_hint(&mut record, &function, None);
        assert!(record.denied_actions.is_empty());
        let hint = record.hint.unwrap_or_default();
        assert!(hint.contains("exclude the region with --exclude-regions eu-west-3,"), "{hint}");
    }

    #[test]
    fn every_cause_has_its_remedy() {
        let denied = |by| hint_for(Status::Denied, Some(by), "AccessDenied", "");
        for (hint, words) in [
            (denied(DeniedBy::Scp), "service control policy"),
            (denied(DeniedBy::SessionPolicy), "session policy"),
            (denied(DeniedBy::Boundary), "boundary"),
            (denied(DeniedBy::ResourcePolicy), "resource policy"),
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

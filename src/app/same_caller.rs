//! Checks that a resumed run has the credentials of the accounts that it started with.

use crate::aws::credentials::{BaseIdentity, Caller};
use crate::error::Failure;
use crate::plan::Plan;
use crate::run::Manifest;

/// Returns an error if the credentials belong to other accounts. A run with several profiles needs the credentials of
/// each account again.
pub(super) fn check_callers(
    manifest: &Manifest,
    identity: &BaseIdentity,
    plan: &Plan,
    location: &str,
) -> Result<(), Failure> {
    if manifest.settings.profiles.is_empty() {
        return check_caller(manifest, identity.caller(), location);
    }
    for account in &plan.accounts {
        if !identity.all().any(|own| own.caller().account == account.id) {
            return Err(Failure::credentials(format!(
                "{location} scans account {}, but none of these profiles belongs to it",
                account.id
            ))
            .hint("resume the run without --profile, or with all profiles of the run"));
        }
    }
    Ok(())
}

/// Returns an error if the credentials belong to another account, which may see other resources.
fn check_caller(manifest: &Manifest, caller: &Caller, location: &str) -> Result<(), Failure> {
    let first = &manifest.caller;
    let is_same = Caller::from_arn(first.account.clone(), &first.arn)
        .is_some_and(|first| first.account == caller.account && first.partition == caller.partition);
    if is_same {
        return Ok(());
    }
    Err(Failure::credentials(format!(
        "{location} was started by {}; the current credentials are {}",
        first.arn, caller.arn
    ))
    .hint(format!("use credentials of account {}: --profile, or the environment", first.account)))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::check_caller;
    use crate::aws::credentials::Caller;
    use crate::names::AccountId;
    use crate::run::Manifest;
    use crate::run::samples::sample_manifest;

    #[test]
    fn caller_of_another_account_or_partition_is_rejected() {
        let manifest: Manifest = serde_json::from_value(json!(sample_manifest())).expect("a manifest");
        let check = |account: &str, arn: &str| {
            let caller = Caller::from_arn(AccountId::new(account), arn).expect("a caller");
            check_caller(&manifest, &caller, "output/run").map_err(|failure| failure.to_string())
        };
        check("111111111111", "arn:aws:iam::111111111111:user/another").expect("the same account");
        for (account, arn) in [
            ("222222222222", "arn:aws:iam::222222222222:user/test"),
            ("111111111111", "arn:aws-cn:iam::111111111111:user/test"),
        ] {
            let error = check(account, arn).expect_err("another caller");
            assert!(
                error.starts_with("output/run was started by arn:aws:iam::111111111111:user/test"),
                "{error}"
            );
        }
    }
}

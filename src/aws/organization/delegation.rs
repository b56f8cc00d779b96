//! The delegated administrators of a service.

use aws_config::SdkConfig;
use aws_sdk_organizations::Client;

use crate::aws::credentials::Caller;
use crate::aws_error::ServiceError;
use crate::error::Failure;
use crate::names::AccountId;

/// Lists the accounts that are registered as delegated administrators of the service with this principal.
///
/// # Errors
///
/// A [`FailureKind::Credentials`](crate::error::FailureKind) when they cannot be listed, with hints on how to fix
/// it.
pub async fn delegated_administrators(
    config: &SdkConfig,
    caller: &Caller,
    principal: &str,
) -> Result<Vec<AccountId>, Failure> {
    let client = Client::new(config);
    let mut pages =
        client.list_delegated_administrators().service_principal(principal).into_paginator().send();
    let (mut accounts, mut next_token) = (Vec::new(), None);
    while let Some(page) = pages.next().await {
        let page = page.map_err(|error| cannot_list(ServiceError::new(&error), caller, principal))?;
        let ids = page.delegated_administrators().iter();
        accounts.extend(ids.filter_map(|account| account.id().and_then(AccountId::parse)));
        next_token = page.next_token.filter(|token| !token.is_empty());
    }
    // The paginator stops without an error when a token repeats.
    if next_token.is_some() {
        return Err(Failure::credentials(format!(
            "organizations:ListDelegatedAdministrators returned the same page token twice for {principal}"
        )));
    }
    accounts.sort();
    accounts.dedup();
    Ok(accounts)
}

fn cannot_list(error: ServiceError, caller: &Caller, principal: &str) -> Failure {
    let is_denied = error.is_denied();
    let failure = Failure::credentials(format!("cannot list the delegated administrators of {principal}"))
        .with_source(error);
    if is_denied {
        failure.hint(format!("allow organizations:ListDelegatedAdministrators to {}", caller.arn)).hint(
            "run in the management account or in the account of a delegated administrator: no other may \
                   call it",
        )
    } else {
        failure
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::delegated_administrators;
    use crate::aws::credentials::fake::{FakeAws, caller};
    use crate::error::FailureKind;
    use crate::names::AccountId;

    #[tokio::test]
    async fn all_pages_are_read() {
        let fake = FakeAws::new(|request| {
            assert!(request.body.contains("guardduty.amazonaws.com"), "{}", request.body);
            let page = if request.body.contains("NextToken") {
                json!({"DelegatedAdministrators": [{"Id": "222222222222"}]})
            } else {
                json!({"DelegatedAdministrators": [{"Id": "333333333333"}], "NextToken": "2"})
            };
            (200, page.to_string())
        });
        let found =
            delegated_administrators(&fake.config("us-east-1"), &caller(), "guardduty.amazonaws.com").await;
        assert_eq!(found.expect("accounts"), ["222222222222", "333333333333"].map(AccountId::new));
    }

    #[tokio::test]
    async fn a_denial_says_what_to_allow() {
        let denied = json!({"__type": "AccessDeniedException", "Message": "no"}).to_string();
        let fake = FakeAws::new(move |_| (400, denied.clone()));
        let failure = delegated_administrators(&fake.config("us-east-1"), &caller(), "fms.amazonaws.com")
            .await
            .expect_err("a denial");
        assert_eq!(failure.kind(), FailureKind::Credentials);
        let text = failure.to_string();
        assert!(text.contains("organizations:ListDelegatedAdministrators"), "{text}");
    }
}

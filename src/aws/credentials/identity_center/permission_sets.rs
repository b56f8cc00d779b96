//! The permission sets that a run takes its credentials from.

use aws_credential_types::Credentials;

use crate::aws::credentials::account_access::AccountAccess;
use crate::aws::credentials::session_error::SessionError;
use crate::aws::credentials::sso::{AccessPortal, AssignedAccount, PortalError};
use crate::error::Failure;
use crate::names::AccountId;

/// Permission sets of IAM Identity Center, in the order in which they are tried.
#[derive(Debug)]
pub(in crate::aws::credentials) struct PermissionSets {
    portal: AccessPortal,
    names: Vec<String>,
}

impl PermissionSets {
    pub(super) fn new(portal: AccessPortal, names: Vec<String>) -> Self {
        Self { portal, names }
    }

    /// Returns the names, in the order in which they are tried: at least one.
    pub(in crate::aws::credentials) fn names(&self) -> &[String] {
        &self.names
    }

    /// Returns the name of the SSO session; `None` for an older profile, which has the keys itself.
    pub(in crate::aws::credentials) fn sso_session(&self) -> Option<&str> {
        self.portal.session().name.as_deref()
    }

    /// Returns credentials of the permission set with this index.
    pub(in crate::aws::credentials) async fn credentials(
        &self,
        account: &AccountId,
        index: usize,
    ) -> Result<Credentials, SessionError> {
        let name = &self.names[index];
        let outcome = self.portal.credentials(account, name).await;
        outcome.map_err(|error| self.session_error(account, name, error))
    }

    /// Returns the error of an account in which none of the permission sets is assigned, with the names of those that
    /// are, if they can be listed.
    pub(in crate::aws::credentials) async fn none_assigned(
        &self,
        account: &AccountId,
        denial: SessionError,
    ) -> SessionError {
        let access = AccountAccess::PermissionSet(self.names.join(" or "));
        let mut hints = vec![format!(
            "assign the permission set {} to the user, or to a group of the user, in account {account} (IAM Identity \
             Center, AWS accounts)",
            self.names.join(" or ")
        )];
        if let Ok(others) = self.portal.assigned_in(account).await
            && !others.is_empty()
        {
            let others = others.join(", ");
            hints.push(format!("or add one that is assigned there with --sso-permission-set: {others}"));
        }
        SessionError::new(account, access, denial.error().clone(), hints)
    }

    /// Lists the accounts in which any permission set is assigned to the user.
    pub(super) async fn accounts(&self) -> Result<Vec<AssignedAccount>, Failure> {
        self.portal.accounts().await.map_err(|error| self.portal.failure(error))
    }

    /// Checks whether the token of the user is still valid.
    pub(in crate::aws::credentials) async fn check(&self) -> Result<(), Failure> {
        self.portal.check().await
    }

    fn session_error(&self, account: &AccountId, name: &str, error: PortalError) -> SessionError {
        let mut hints = Vec::new();
        if error.is_about_the_token() {
            hints.push(self.portal.sign_in_hint());
        }
        let error = error.into_service_error();
        if error.is_throttled() {
            hints.push(
                "raise --max-retries, or run at another time: other tools may be using the same quota of IAM Identity \
                 Center"
                    .to_owned(),
            );
        }
        SessionError::new(account, AccountAccess::PermissionSet(name.to_owned()), error, hints)
    }
}

//! A user of IAM Identity Center who has signed in, as the caller of a run.

use std::sync::Arc;

use aws_config::SdkConfig;
use aws_credential_types::provider::SharedCredentialsProvider;
use futures_util::{StreamExt as _, stream};

use super::permission_sets::PermissionSets;
use crate::aws::credentials::access_list::{AccessList, AccessSource};
use crate::aws::credentials::base_credentials::{BaseCredentials, BaseSettings, Connection, FALLBACK_REGION};
use crate::aws::credentials::base_identity::BaseIdentity;
use crate::aws::credentials::session_error::SessionError;
use crate::aws::credentials::sso::{AccessPortal, AssignedAccount, SsoSession};
use crate::error::Failure;
use crate::names::{AccountId, Region};
use crate::util::plural::plural;

/// The number of accounts in which credentials are requested at the same time, to find one for the base identity.
const ATTEMPTS: usize = 8;

/// A user who has signed in to IAM Identity Center, and the permission sets to use.
#[derive(Debug)]
pub struct IdentityCenter {
    connection: Connection,
    sets: Arc<PermissionSets>,
    access: Arc<AccessList>,
}

impl IdentityCenter {
    /// Reads the SSO session of the config file. Its token is read at the first request.
    ///
    /// # Errors
    ///
    /// A [`FailureKind::Usage`](crate::error::FailureKind) when there is no such session, or several; further as
    /// [`BaseCredentials::load`].
    pub async fn load(
        settings: &BaseSettings,
        session: Option<&str>,
        permission_sets: Vec<String>,
    ) -> Result<Self, Failure> {
        let mut connection = Connection::open(settings).await?;
        let session = SsoSession::choose(connection.profiles(), session)?;
        // The region of the sign-in is in the partition of the accounts.
        connection.set_default_region(&session.region);
        let portal = AccessPortal::signed_in(connection.config(), session).await;
        Ok(Self::new(connection, PermissionSets::new(portal, permission_sets)))
    }

    /// Takes the token of a configuration made elsewhere, such as for the simulated organization.
    ///
    /// # Errors
    ///
    /// A [`FailureKind::Internal`](crate::error::FailureKind) when the configuration has no token.
    pub fn from_config(config: SdkConfig, permission_sets: Vec<String>) -> Result<Self, Failure> {
        let token = config
            .token_provider()
            .ok_or_else(|| Failure::internal("the configuration has no token of IAM Identity Center"))?;
        let region = config.region().and_then(|region| Region::parse(region.as_ref()).ok());
        let session = SsoSession {
            name: None,
            start_url: "the configuration".to_owned(),
            region: region.unwrap_or_else(|| FALLBACK_REGION.region()),
            login: "aws sso login".to_owned(),
        };
        let portal = AccessPortal::new(&config, session, token);
        // Services with bearer tokens have others.
        let mut config = config.into_builder();
        config.set_token_provider(None);
        let config = config.build();
        Ok(Self::new(Connection::of(config), PermissionSets::new(portal, permission_sets)))
    }

    fn new(connection: Connection, permission_sets: PermissionSets) -> Self {
        let sets = Arc::new(permission_sets);
        let access = AccessList::new(AccessSource::PermissionSets(Arc::clone(&sets)));
        Self { connection, sets, access: Arc::new(access) }
    }

    /// Lists the accounts in which any permission set is assigned to the user.
    ///
    /// # Errors
    ///
    /// A [`FailureKind::Credentials`](crate::error::FailureKind) when the user is not signed in, or the portal cannot
    /// be reached.
    pub async fn accounts(&self) -> Result<Vec<AssignedAccount>, Failure> {
        self.sets.accounts().await
    }

    /// Returns the identity of the user in the first of these accounts in which one of the permission sets is
    /// assigned. Its credentials are the base credentials of the run.
    ///
    /// # Errors
    ///
    /// A [`FailureKind::Credentials`](crate::error::FailureKind) when no permission set is assigned in any of them.
    pub async fn identify(&self, accounts: &[AccountId]) -> Result<BaseIdentity, Failure> {
        let attempts = stream::iter(accounts)
            .map(|account| async move { (account, self.access.open(account).await.map(drop)) });
        let mut attempts = std::pin::pin!(attempts.buffered(ATTEMPTS));
        let mut first: Option<SessionError> = None;
        while let Some((account, outcome)) = attempts.next().await {
            match outcome {
                Ok(()) => return self.identity_in(account).await,
                Err(error) if error.is_closed() => first = first.or(Some(error)),
                Err(error) => return Err(error.failure()),
            }
        }
        let names = self.sets.names().join(" or ");
        let failure = Failure::credentials(format!(
            "the permission set {names} is assigned to the user in none of {}",
            plural(accounts.len(), "account")
        ));
        let hints = first.iter().flat_map(SessionError::hints);
        Err(hints.fold(failure, |failure, hint| failure.hint(hint.clone())))
    }

    async fn identity_in(&self, account: &AccountId) -> Result<BaseIdentity, Failure> {
        let provider = SharedCredentialsProvider::new(self.access.provider(account));
        let credentials = self.connection.clone().with_credentials(provider).await?;
        BaseIdentity::of(&BaseCredentials { access: Some(Arc::clone(&self.access)), ..credentials }).await
    }
}

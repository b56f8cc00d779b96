//! The base identity: the credentials that the program starts with, and the caller that STS reports for them.

use std::sync::Arc;

use aws_config::SdkConfig;
use aws_smithy_runtime_api::client::http::SharedHttpClient;
use aws_types::region::Region as SdkRegion;

use super::access_list::AccessList;
use super::base_credentials::{BaseCredentials, BaseSettings, FALLBACK_REGION};
use super::caller::{Caller, home_region};
use super::credentials_cache::CredentialsCache;
use super::profiles::Profiles;
use super::sts_client::sts_client;
use super::troubleshooting;
use crate::arn::Arn;
use crate::aws_error::ServiceError;
use crate::error::Failure;
use crate::names::{AccountId, Region};

/// The SDK configuration and credentials that all other identities and clients are derived from.
#[derive(Clone, Debug)]
pub struct BaseIdentity {
    config: SdkConfig,
    /// The HTTP client of the configuration without the host guard; `None` for a configuration made elsewhere.
    unguarded: Option<SharedHttpClient>,
    region: Region,
    cache: Arc<CredentialsCache>,
    caller: Caller,
    profiles: Arc<Profiles>,
    /// The ways into the accounts, if the base credentials come from one of them.
    access: Option<Arc<AccessList>>,
    /// Identities of other accounts that are scanned in the same run.
    beside: Arc<[BaseIdentity]>,
}

impl BaseIdentity {
    /// Loads the credentials of these settings, and calls `sts:GetCallerIdentity` with them.
    ///
    /// # Errors
    ///
    /// As [`BaseCredentials::load`] and [`BaseIdentity::of`].
    pub async fn load(settings: &BaseSettings) -> Result<Self, Failure> {
        Self::of(&BaseCredentials::load(settings).await?).await
    }

    /// Creates an identity from a configuration made elsewhere, such as in tests and in the simulated
    /// organization.
    ///
    /// # Errors
    ///
    /// As [`BaseIdentity::load`].
    pub async fn from_config(config: SdkConfig) -> Result<Self, Failure> {
        Self::of(&BaseCredentials::from_config(config).await?).await
    }

    /// Calls `sts:GetCallerIdentity` with these credentials.
    ///
    /// # Errors
    ///
    /// A [`FailureKind::Credentials`](crate::error::FailureKind) when AWS does not accept them, or cannot be reached.
    pub async fn of(credentials: &BaseCredentials) -> Result<Self, Failure> {
        let BaseCredentials { config, unguarded, cache, profiles, region_is_configured, access } =
            credentials;
        let mut config = config.clone();
        let caller = get_caller_identity(&config).await.map_err(|error| {
            troubleshooting::not_recognised(
                error,
                config.region().map_or("", SdkRegion::as_ref),
                *region_is_configured,
                profiles,
            )
        })?;
        if !credentials.region_is_certain()
            && let Some(region) = home_region(&caller.partition)
        {
            config = config.into_builder().region(SdkRegion::from_static(region.as_str())).build();
        }
        let region = config.region().and_then(|region| Region::parse(region.as_ref()).ok());
        let region = region.unwrap_or_else(|| FALLBACK_REGION.region());
        Ok(Self {
            config,
            unguarded: unguarded.clone(),
            region,
            cache: Arc::clone(cache),
            caller,
            profiles: Arc::clone(profiles),
            access: access.clone(),
            beside: Arc::default(),
        })
    }

    /// Adds the identities of other accounts to this one: each account is scanned with its own identity.
    ///
    /// # Errors
    ///
    /// A [`FailureKind::Usage`](crate::error::FailureKind) when two of them belong to one account, or
    /// not all to one partition.
    pub fn sibling(self, others: Vec<Self>) -> Result<Self, Failure> {
        let all: Vec<&Self> = std::iter::once(&self).chain(&others).collect();
        for (index, identity) in all.iter().enumerate() {
            let name = identity.profiles.selected();
            if let Some(other) =
                all[..index].iter().find(|other| other.caller.account == identity.caller.account)
            {
                return Err(Failure::usage(format!(
                    "the profiles `{}` and `{name}` belong to the same account: {}",
                    other.profiles.selected(),
                    identity.caller.account
                ))
                .hint("select only one of them: an account is scanned once per run"));
            }
            if identity.caller.partition != self.caller.partition {
                return Err(Failure::usage(format!(
                    "the profiles belong to different partitions: `{}` to {}, `{name}` to {}",
                    self.profiles.selected(),
                    self.caller.partition,
                    identity.caller.partition
                ))
                .hint("run one scan per partition"));
            }
        }
        Ok(Self { beside: others.into(), ..self })
    }

    /// Iterates over this identity and the added ones.
    pub fn all(&self) -> impl Iterator<Item = &Self> {
        std::iter::once(self).chain(self.beside.iter())
    }

    /// Returns the configuration for typed SDK clients. Its credentials provider is a cache, so that its identity
    /// cache is disabled.
    #[must_use]
    pub fn config(&self) -> &SdkConfig {
        &self.config
    }

    /// Returns the configuration for the catalog-driven client, which checks the host of each request and the
    /// endpoints configured for each service itself.
    #[must_use]
    pub fn config_for_catalog(&self) -> SdkConfig {
        let config = self.config.clone();
        match &self.unguarded {
            Some(client) => config.into_builder().http_client(client.clone()).build(),
            None => config,
        }
    }

    /// Returns the caller identity that STS reports.
    #[must_use]
    pub fn caller(&self) -> &Caller {
        &self.caller
    }

    /// Returns the region of the STS endpoint, which is also the default region.
    #[must_use]
    pub fn region(&self) -> Region {
        self.region.clone()
    }

    /// Creates the identity of a role session that was opened with these credentials.
    pub(super) async fn of_session(&self, config: SdkConfig) -> Result<Self, Failure> {
        let session = BaseCredentials::new(config, true, Arc::clone(&self.profiles)).await?;
        Self::of(&BaseCredentials { unguarded: self.unguarded.clone(), ..session }).await
    }

    /// Returns whether the caller is a user of IAM Identity Center, whose permission sets give access to all accounts.
    #[must_use]
    pub fn uses_permission_sets(&self) -> bool {
        self.access.is_some()
    }

    /// Returns the name of the SSO session that the user has signed in to, if the caller is a user of IAM Identity
    /// Center, and the session has a name.
    #[must_use]
    pub fn sso_session(&self) -> Option<&str> {
        self.access.as_ref()?.permission_sets()?.sso_session()
    }

    /// Returns the ways into the accounts, if the base credentials come from one of them.
    pub(super) fn access_list(&self) -> Option<&Arc<AccessList>> {
        self.access.as_ref()
    }

    pub(super) fn cache(&self) -> Arc<CredentialsCache> {
        self.cache.clone()
    }

    /// Returns the profiles that were searched for credentials.
    pub(super) fn profiles(&self) -> &Profiles {
        &self.profiles
    }
}

pub(super) async fn get_caller_identity(config: &SdkConfig) -> Result<Caller, ServiceError> {
    let response =
        sts_client(config).get_caller_identity().send().await.map_err(|error| ServiceError::new(&error))?;
    let incomplete = || ServiceError::local("the GetCallerIdentity response of STS has no account or no ARN");
    let arn = response.arn.ok_or_else(incomplete)?;
    Ok(Caller {
        account: response.account.as_deref().and_then(AccountId::parse).ok_or_else(incomplete)?,
        partition: Arn::parse(&arn).ok_or_else(incomplete)?.partition(),
        user_id: response.user_id.unwrap_or_default(),
        arn,
    })
}

#[cfg(test)]
mod tests {
    use super::BaseIdentity;
    use crate::aws::credentials::BaseCredentials;
    use crate::aws::credentials::fake::{FakeAws, caller_identity, query_error};
    use crate::aws::credentials::profiles::Profiles;
    use crate::error::{Failure, FailureKind};

    async fn refused_with(code: &'static str) -> Failure {
        let fake = FakeAws::new(move |_| (403, query_error(code, "no")));
        BaseIdentity::from_config(fake.config("eu-west-1")).await.expect_err("an error")
    }

    #[tokio::test]
    async fn the_caller_is_asked_from_regional_sts() {
        let fake = FakeAws::new(|_| {
            (200, caller_identity("123456789012", "arn:aws:sts::123456789012:assumed-role/Admin/me"))
        });
        let base = BaseIdentity::from_config(fake.config("eu-west-1")).await.expect("an identity");
        assert_eq!(base.caller().account.as_str(), "123456789012");
        assert_eq!(base.caller().partition.as_str(), "aws");
        assert_eq!(fake.sent()[0].uri, "https://sts.eu-west-1.amazonaws.com/");
    }

    #[tokio::test]
    async fn a_region_that_was_only_assumed_follows_the_callers_partition() {
        let fake = FakeAws::new(|_| {
            (200, caller_identity("123456789012", "arn:aws-us-gov:iam::123456789012:user/me"))
        });
        let profiles = Profiles::default();
        let credentials = BaseCredentials::new(fake.config("us-east-1"), false, profiles).await;
        let credentials = credentials.expect("credentials");
        assert!(credentials.config_for_any_partition().is_none());
        let base = BaseIdentity::of(&credentials).await.expect("an identity");
        assert_eq!(base.config().region().map(AsRef::as_ref), Some("us-gov-west-1"));
    }

    #[tokio::test]
    async fn credentials_that_do_not_work_say_what_to_do() {
        let expired = refused_with("ExpiredToken").await;
        assert_eq!(expired.kind(), FailureKind::Credentials);
        assert!(expired.to_string().contains("expired"), "{expired}");
        assert!(expired.to_string().contains("aws sso login"), "{expired}");
        let unknown = refused_with("InvalidClientTokenId").await;
        assert!(unknown.to_string().contains("the access key is not valid"), "{unknown}");
        let mismatch = refused_with("SignatureDoesNotMatch").await;
        assert!(mismatch.to_string().contains("secret access key"), "{mismatch}");
    }
}

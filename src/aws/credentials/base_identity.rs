//! The base identity: the credentials that the program starts with, and the caller that STS reports for them.

use std::sync::Arc;

use aws_config::identity::IdentityCache;
use aws_config::imds::region::ImdsRegionProvider;
use aws_config::retry::RetryConfig;
use aws_config::timeout::TimeoutConfig;
use aws_config::{AppName, BehaviorVersion, SdkConfig};
use aws_credential_types::provider::ProvideCredentials as _;
use aws_smithy_runtime_api::client::http::SharedHttpClient;
use aws_types::region::Region as SdkRegion;

use super::caller::{Caller, home_region};
use super::credentials_cache::CredentialsCache;
use super::default_chain::{configured_region, credentials_provider, is_from_instance, provider_config};
use super::guard::{Allowed, GuardedHttp};
use super::profiles::Profiles;
use super::profiles_file::FileProfile;
use super::sts_client::sts_client;
use super::troubleshooting;
use crate::arn::Arn;
use crate::aws::http::ResponseLimit;
use crate::aws::http::client::{CONNECT_TIMEOUT, HttpSettings, READ_TIMEOUT, http_client};
use crate::aws_error::ServiceError;
use crate::error::Failure;
use crate::names::{AccountId, Region, RegionName};

/// The region of STS requests when none is configured.
const FALLBACK_REGION: RegionName = RegionName::new("us-east-1");

/// The application name in the user agent of every request.
const APP_NAME: &str = "aws-auto-inventory";

/// The source of the base identity and the settings of its clients.
#[derive(Clone, Debug)]
pub struct BaseSettings {
    /// A profile selected by name. It takes precedence over credentials in the environment, as in the AWS CLI.
    /// Without one, `AWS_PROFILE` applies, after the environment.
    pub profile: Option<String>,
    /// A profile of a separate file (`--profiles-file`). No other source of credentials is used with it.
    pub file_profile: Option<Arc<FileProfile>>,
    /// The retry settings of the clients.
    pub retry: RetryConfig,
    /// The maximum size of response bodies.
    pub response_limit: ResponseLimit,
}

impl Default for BaseSettings {
    fn default() -> Self {
        Self {
            profile: None,
            file_profile: None,
            retry: RetryConfig::standard(),
            response_limit: ResponseLimit::default(),
        }
    }
}

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
    /// Identities of other accounts that are scanned in the same run.
    beside: Arc<[BaseIdentity]>,
}

impl BaseIdentity {
    /// Loads credentials as the SDK does (environment, shared config and profiles with SSO, roles and processes,
    /// web identity, container, instance), and calls `sts:GetCallerIdentity` with them.
    ///
    /// On a machine without credentials, the last source, the instance metadata service, takes one second: its
    /// connect timeout. `AWS_EC2_METADATA_DISABLED` avoids that.
    ///
    /// # Errors
    ///
    /// A [`FailureKind::Credentials`](crate::error::FailureKind) when there are no usable
    /// credentials; a [`FailureKind::Usage`](crate::error::FailureKind) for an unknown profile or
    /// an unusable certificate bundle.
    pub async fn load(settings: &BaseSettings) -> Result<Self, Failure> {
        let profiles = match &settings.file_profile {
            Some(profile) => Profiles::in_file(profile.name(), profile.place()),
            None => Profiles::load(settings.profile.as_deref()).await?,
        };
        let mut http =
            HttpSettings { response_limit: settings.response_limit, ..HttpSettings::from_environment() };
        http.ca_bundle = http.ca_bundle.or_else(|| profiles.ca_bundle());
        let configured = match settings.file_profile.as_deref() {
            Some(profile) => profile.configured_region().await?,
            None => configured_region(settings.profile.as_deref()).await?,
        };
        let unguarded = http_client(&http)?;

        let mut loader = aws_config::defaults(BehaviorVersion::latest())
            .no_credentials()
            .http_client(unguarded.clone())
            .region(SdkRegion::new(
                configured.as_ref().map_or(FALLBACK_REGION.as_str(), Region::as_str).to_owned(),
            ))
            .retry_config(settings.retry.clone())
            .timeout_config(
                TimeoutConfig::builder().connect_timeout(CONNECT_TIMEOUT).read_timeout(READ_TIMEOUT).build(),
            );
        if let Some(profile) = &settings.profile {
            loader = loader.profile_name(profile);
        }
        if let Ok(name) = AppName::new(APP_NAME) {
            loader = loader.app_name(name);
        }
        let config = loader.load().await;
        let allowed = match &settings.file_profile {
            // The endpoints of the shared configuration apply, although its credentials are not used.
            Some(_) => Allowed::configured(&config, &Profiles::load(None).await?),
            None => Allowed::configured(&config, &profiles),
        };
        let guarded = GuardedHttp::around(unguarded.clone(), allowed);
        let config = config.into_builder().http_client(guarded).build();
        let provider = match settings.file_profile.as_deref() {
            Some(profile) => profile.provider(&config).await,
            None => credentials_provider(&config, settings.profile.as_deref()).await,
        };
        let config = config.into_builder().credentials_provider(provider).build();
        let identity = Self::identify(config, configured.is_some(), profiles).await?;
        Ok(Self { unguarded: Some(unguarded), ..identity })
    }

    /// Creates an identity from a configuration made elsewhere, such as in tests and in the simulated
    /// organization.
    ///
    /// # Errors
    ///
    /// As [`BaseIdentity::load`].
    pub async fn from_config(config: SdkConfig) -> Result<Self, Failure> {
        Self::identify(config, true, Profiles::default()).await
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
        let session = Self::identify(config, true, Arc::clone(&self.profiles)).await?;
        Ok(Self { unguarded: self.unguarded.clone(), ..session })
    }

    pub(super) fn cache(&self) -> Arc<CredentialsCache> {
        self.cache.clone()
    }

    /// Returns the profiles that were searched for credentials.
    pub(super) fn profiles(&self) -> &Profiles {
        &self.profiles
    }

    async fn identify(
        config: SdkConfig,
        region_is_configured: bool,
        profiles: impl Into<Arc<Profiles>>,
    ) -> Result<Self, Failure> {
        let profiles = profiles.into();
        let source = config
            .credentials_provider()
            .ok_or_else(|| Failure::internal("the configuration has no credentials provider"))?;
        let time = config.time_source().unwrap_or_default();
        let cache = Arc::new(CredentialsCache::new(source, time, APP_NAME));
        let credentials = cache
            .provide_credentials()
            .await
            .map_err(|error| troubleshooting::no_credentials(error, &profiles))?;
        let mut config = config
            .into_builder()
            .credentials_provider(cache.provider())
            .identity_cache(IdentityCache::no_cache())
            .build();
        if !region_is_configured
            && is_from_instance(&credentials)
            && let Some(region) =
                ImdsRegionProvider::builder().configure(&provider_config(&config)).build().region().await
        {
            match Region::parse(region.as_ref()) {
                Ok(_) => config = config.into_builder().region(region).build(),
                Err(error) => {
                    tracing::warn!(target: "scan::credentials", "the region reported by the instance metadata service is not usable: {error}");
                }
            }
        }
        let caller = get_caller_identity(&config).await.map_err(|error| {
            troubleshooting::not_recognised(
                error,
                config.region().map_or("", SdkRegion::as_ref),
                region_is_configured,
                &profiles,
            )
        })?;
        if !region_is_configured
            && config.region().is_some_and(|region| region.as_ref() == FALLBACK_REGION.as_str())
            && let Some(region) = home_region(&caller.partition)
        {
            config = config.into_builder().region(SdkRegion::from_static(region.as_str())).build();
        }
        let region = config.region().and_then(|region| Region::parse(region.as_ref()).ok());
        let region = region.unwrap_or_else(|| FALLBACK_REGION.region());
        Ok(Self { config, unguarded: None, region, cache, caller, profiles, beside: Arc::default() })
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
        let base = BaseIdentity::identify(fake.config("us-east-1"), false, profiles).await;
        let base = base.expect("an identity");
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

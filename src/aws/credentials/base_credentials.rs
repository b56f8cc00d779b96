//! The credentials that the program starts with, before AWS has identified their caller.

use std::sync::Arc;

use aws_config::identity::IdentityCache;
use aws_config::imds::region::ImdsRegionProvider;
use aws_config::retry::RetryConfig;
use aws_config::timeout::TimeoutConfig;
use aws_config::{AppName, BehaviorVersion, SdkConfig};
use aws_credential_types::provider::{ProvideCredentials as _, SharedCredentialsProvider};
use aws_smithy_runtime_api::client::http::SharedHttpClient;
use aws_types::os_shim_internal::Env;
use aws_types::region::Region as SdkRegion;

use super::access_list::AccessList;
use super::credentials_cache::CredentialsCache;
use super::default_chain::{configured_region, credentials_provider, is_from_instance};
use super::guard::{Allowed, GuardedHttp};
use super::mfa::MfaSettings;
use super::profiles::Profiles;
use super::profiles_file::FileProfile;
use super::shared_config::SDK_PROFILE;
use super::{instance_metadata, troubleshooting};
use crate::aws::http::ResponseLimit;
use crate::aws::http::client::{CONNECT_TIMEOUT, HttpSettings, READ_TIMEOUT, http_client};
use crate::error::Failure;
use crate::names::{Region, RegionName};

/// The region of STS requests when none is configured.
pub(super) const FALLBACK_REGION: RegionName = RegionName::new("us-east-1");

/// The application name in the user agent of every request.
const APP_NAME: &str = "aws-auto-inventory";

/// The source of the base identity and the settings of its clients.
#[derive(Clone, Debug)]
pub struct BaseSettings {
    /// A profile selected by name. It takes precedence over credentials in the environment, as in the AWS CLI.
    /// Without one, `AWS_DEFAULT_PROFILE` or `AWS_PROFILE` applies, after the environment.
    pub profile: Option<String>,
    /// A profile of a separate file (`--profiles-file`). No other source of credentials is used with it.
    pub file_profile: Option<Arc<FileProfile>>,
    /// The MFA device of the user.
    pub mfa: MfaSettings,
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
            mfa: MfaSettings::default(),
            retry: RetryConfig::standard(),
            response_limit: ResponseLimit::default(),
        }
    }
}

/// The credentials that the program starts with, and the configuration of their clients.
#[derive(Debug)]
pub struct BaseCredentials {
    pub(super) config: SdkConfig,
    /// The HTTP client of the configuration without the host guard; `None` for a configuration made elsewhere.
    pub(super) unguarded: Option<SharedHttpClient>,
    pub(super) cache: Arc<CredentialsCache>,
    pub(super) profiles: Arc<Profiles>,
    pub(super) region_is_configured: bool,
    /// The ways into the accounts, if these credentials come from one of them.
    pub(super) access: Option<Arc<AccessList>>,
}

/// The configuration of clients, still without credentials.
#[derive(Clone, Debug)]
pub(super) struct Connection {
    config: SdkConfig,
    /// The HTTP client of the configuration without the host guard; `None` for a configuration made elsewhere.
    unguarded: Option<SharedHttpClient>,
    profiles: Arc<Profiles>,
    region_is_configured: bool,
}

impl Connection {
    /// Reads the profiles, and creates the HTTP client.
    ///
    /// # Errors
    ///
    /// A [`FailureKind::Usage`](crate::error::FailureKind) for an unknown profile or an unusable certificate bundle.
    pub(super) async fn open(settings: &BaseSettings) -> Result<Self, Failure> {
        let profiles = match &settings.file_profile {
            Some(profile) => Profiles::in_file(profile.name(), profile.place()),
            None => Profiles::load(settings.profile.as_deref()).await?,
        };
        let mut http =
            HttpSettings { response_limit: settings.response_limit, ..HttpSettings::from_environment() };
        http.ca_bundle = http.ca_bundle.or_else(|| profiles.ca_bundle());
        let env = Env::real();
        let (of_profile, hint) = match settings.file_profile.as_deref() {
            Some(profile) => {
                (profile.region(), "check AWS_REGION, AWS_DEFAULT_REGION and aws_region in the profile")
            }
            None => {
                (profiles.word("region"), "check AWS_REGION, AWS_DEFAULT_REGION and `region` in the profile")
            }
        };
        let configured = configured_region(&env, of_profile, hint)?;
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
        // The endpoints and other settings of the shared configuration also apply to the profile of a separate file.
        let shared = match &settings.file_profile {
            Some(_) => &Profiles::load(None).await?,
            None => &profiles,
        };
        loader =
            loader.profile_files(shared.shared().sdk_settings(shared.selected())).profile_name(SDK_PROFILE);
        if let Ok(name) = AppName::new(APP_NAME) {
            loader = loader.app_name(name);
        }
        let config = loader.load().await;
        let guarded = GuardedHttp::around(unguarded.clone(), Allowed::configured(&config, shared)?);
        let config = config.into_builder().http_client(guarded).build();
        Ok(Self {
            config,
            unguarded: Some(unguarded),
            profiles: Arc::new(profiles),
            region_is_configured: configured.is_some(),
        })
    }

    /// Takes a configuration made elsewhere.
    pub(super) fn of(config: SdkConfig) -> Self {
        Self { config, unguarded: None, profiles: Arc::default(), region_is_configured: true }
    }

    pub(super) fn config(&self) -> &SdkConfig {
        &self.config
    }

    pub(super) fn profiles(&self) -> &Profiles {
        &self.profiles
    }

    /// Sets the region if none is configured.
    pub(super) fn set_default_region(&mut self, region: &Region) {
        if !self.region_is_configured {
            self.region_is_configured = true;
            let region = SdkRegion::new(region.to_string());
            self.config = self.config.clone().into_builder().region(region).build();
        }
    }

    /// Returns the credentials of this provider.
    ///
    /// # Errors
    ///
    /// A [`FailureKind::Credentials`](crate::error::FailureKind) when there are no credentials.
    pub(super) async fn with_credentials(
        self,
        provider: SharedCredentialsProvider,
    ) -> Result<BaseCredentials, Failure> {
        let config = self.config.into_builder().credentials_provider(provider).build();
        let credentials = BaseCredentials::new(config, self.region_is_configured, self.profiles).await?;
        Ok(BaseCredentials { unguarded: self.unguarded, ..credentials })
    }
}

impl BaseCredentials {
    /// Loads credentials as botocore does: environment, profiles with roles, web identity, IAM Identity Center, keys
    /// and processes, container, instance.
    ///
    /// On a machine without credentials, the last source, the instance metadata service, takes one second: its
    /// connect timeout. `AWS_EC2_METADATA_DISABLED` avoids that.
    ///
    /// # Errors
    ///
    /// A [`FailureKind::Credentials`](crate::error::FailureKind) when there are no credentials; a
    /// [`FailureKind::Usage`](crate::error::FailureKind) for an unknown profile or an unusable certificate bundle.
    pub async fn load(settings: &BaseSettings) -> Result<Self, Failure> {
        let connection = Connection::open(settings).await?;
        let provider = match settings.file_profile.as_deref() {
            Some(profile) => profile.provider(&connection.config).await,
            None => {
                credentials_provider(&connection.config, &connection.profiles, &Env::real(), &settings.mfa)
                    .await?
            }
        };
        connection.with_credentials(provider).await
    }

    /// Takes the credentials of a configuration made elsewhere, such as in tests and in the simulated organization.
    ///
    /// # Errors
    ///
    /// As [`BaseCredentials::load`].
    pub async fn from_config(config: SdkConfig) -> Result<Self, Failure> {
        Self::new(config, true, Profiles::default()).await
    }

    /// Returns the configuration if it is right for the partition of any caller; `None` if the region is only
    /// assumed, so that the caller may belong to another partition.
    #[must_use]
    pub fn config_for_any_partition(&self) -> Option<&SdkConfig> {
        self.region_is_certain().then_some(&self.config)
    }

    pub(super) fn region_is_certain(&self) -> bool {
        let region = self.config.region().map(AsRef::as_ref);
        self.region_is_configured || region != Some(FALLBACK_REGION.as_str())
    }

    pub(super) async fn new(
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
            && let Some(region) = instance_region(&config, &profiles).await
        {
            match Region::parse(region.as_ref()) {
                Ok(_) => config = config.into_builder().region(region).build(),
                Err(error) => {
                    tracing::warn!(target: "scan::credentials", "the region reported by the instance metadata service is not usable: {error}");
                }
            }
        }
        Ok(Self { config, unguarded: None, cache, profiles, region_is_configured, access: None })
    }
}

/// Returns the region of the instance.
async fn instance_region(config: &SdkConfig, profiles: &Profiles) -> Option<SdkRegion> {
    let client = instance_metadata::client(config, profiles, &Env::real()).ok()?;
    ImdsRegionProvider::builder().imds_client(client).build().region().await
}

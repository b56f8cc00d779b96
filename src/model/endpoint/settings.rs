//! The user's endpoint settings.

use aws_types::SdkConfig;
use aws_types::endpoint_config::AccountIdEndpointMode;

use super::override_url::OverrideUrls;

/// The user's endpoint settings.
#[derive(Clone, Debug)]
pub struct EndpointSettings {
    /// Whether to use FIPS endpoints (`AWS_USE_FIPS_ENDPOINT`).
    pub use_fips: bool,
    /// Whether to use dual-stack endpoints, which also have IPv6 addresses (`AWS_USE_DUALSTACK_ENDPOINT`).
    pub use_dual_stack: bool,
    /// Whether host names contain the account ID where a service supports such names
    /// (`AWS_ACCOUNT_ID_ENDPOINT_MODE`).
    pub account_id_endpoint_mode: AccountIdEndpointMode,
    /// Endpoint URLs that replace AWS's.
    pub overrides: OverrideUrls,
}

impl Default for EndpointSettings {
    fn default() -> Self {
        Self {
            use_fips: false,
            use_dual_stack: false,
            // The SDKs' default is `preferred`. One host per account would require one connection per account, so
            // the user has to enable it explicitly.
            account_id_endpoint_mode: AccountIdEndpointMode::Disabled,
            overrides: OverrideUrls::none(),
        }
    }
}

impl EndpointSettings {
    /// Reads the settings that the SDK found in the environment and the profile.
    #[must_use]
    pub fn from_sdk_config(configuration: &SdkConfig) -> Self {
        let default = Self::default();
        Self {
            use_fips: configuration.use_fips().unwrap_or(default.use_fips),
            use_dual_stack: configuration.use_dual_stack().unwrap_or(default.use_dual_stack),
            account_id_endpoint_mode: configuration
                .account_id_endpoint_mode()
                .cloned()
                .unwrap_or(default.account_id_endpoint_mode),
            overrides: OverrideUrls::from_sdk_config(configuration),
        }
    }

    /// Returns these settings with one URL for all services.
    #[must_use]
    pub fn with_url(mut self, url: impl Into<String>) -> Self {
        self.overrides = OverrideUrls::for_all(url);
        self
    }
}

#[cfg(test)]
mod tests {
    use aws_types::SdkConfig;
    use aws_types::endpoint_config::AccountIdEndpointMode;

    use super::EndpointSettings;

    #[test]
    fn unset_endpoint_settings_keep_defaults() {
        let settings = EndpointSettings::from_sdk_config(&SdkConfig::builder().build());
        assert!(!settings.use_fips && !settings.use_dual_stack);
        assert_eq!(settings.account_id_endpoint_mode, AccountIdEndpointMode::Disabled);
    }

    #[test]
    fn endpoint_settings_are_read_from_sdk_config() {
        let configuration = SdkConfig::builder()
            .use_fips(true)
            .use_dual_stack(true)
            .account_id_endpoint_mode(AccountIdEndpointMode::Required)
            .build();
        let settings = EndpointSettings::from_sdk_config(&configuration);
        assert!(settings.use_fips && settings.use_dual_stack);
        assert_eq!(settings.account_id_endpoint_mode, AccountIdEndpointMode::Required);
    }
}

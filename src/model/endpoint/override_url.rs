//! Configured endpoint URLs that replace AWS's.

use aws_types::SdkConfig;
use aws_types::service_config::ServiceConfigKey;

/// The configured endpoint URLs, for single services and for all.
///
/// The SDK itself looks them up, so that the typed clients and the catalog-driven one always agree:
/// `AWS_ENDPOINT_URL_<SERVICE>`, `AWS_ENDPOINT_URL`, the `services` section of the profile, the profile's
/// `endpoint_url`; none of them with `AWS_IGNORE_CONFIGURED_ENDPOINT_URLS`. See "Service-specific endpoints" in
/// the AWS SDKs and Tools Reference Guide.
#[derive(Clone, Debug, Default)]
pub struct OverrideUrls {
    for_all: Option<String>,
    configuration: Option<SdkConfig>,
}

impl OverrideUrls {
    /// Creates an empty set: AWS's endpoints are used.
    #[must_use]
    pub fn none() -> Self {
        Self::default()
    }

    /// Creates a set of one URL for all services.
    pub fn for_all(url: impl Into<String>) -> Self {
        Self { for_all: Some(url.into()), configuration: None }
    }

    /// Reads the URLs from the environment and the profile, or from the configuration itself.
    #[must_use]
    pub fn from_sdk_config(configuration: &SdkConfig) -> Self {
        let for_all = configuration.endpoint_url().map(str::to_owned);
        // A URL set by the program takes precedence over the environment, as in every SDK client.
        let set_by_program = configuration.get_origin("endpoint_url").is_client_config();
        Self { for_all, configuration: (!set_by_program).then(|| configuration.clone()) }
    }

    /// Returns the URL configured for the service with this ID (botocore's `serviceId`); an empty one counts as
    /// unset.
    #[must_use]
    pub fn for_service(&self, service_id: &str) -> Option<String> {
        // Environment variables always have underscores for spaces. AWS's documentation also uses underscores in
        // the profile, while the SDK would replace spaces with hyphens.
        let service_id = service_id.replace(' ', "_");
        let key = ServiceConfigKey::builder()
            .service_id(&service_id)
            .env("AWS_ENDPOINT_URL")
            .profile("endpoint_url")
            .build()
            .ok();
        let service_config = self.configuration.as_ref().and_then(SdkConfig::service_config);
        let specific =
            service_config.zip(key).and_then(|(configuration, key)| configuration.load_config(key));
        specific.filter(|url| !url.is_empty()).or_else(|| self.for_all.clone()).filter(|url| !url.is_empty())
    }

    /// Returns whether the service has a URL that differs from the URL for all services.
    #[must_use]
    pub(super) fn sets_apart(&self, service_id: &str) -> bool {
        self.for_service(service_id) != self.for_all.clone().filter(|url| !url.is_empty())
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use aws_types::SdkConfig;
    use aws_types::service_config::{LoadServiceConfig, ServiceConfigKey};

    use super::OverrideUrls;

    /// A fake of the SDK's lookup that returns URLs by service ID only.
    #[derive(Debug)]
    struct Configured(HashMap<&'static str, &'static str>);

    impl LoadServiceConfig for Configured {
        fn load_config(&self, key: ServiceConfigKey<'_>) -> Option<String> {
            assert_eq!((key.env(), key.profile()), ("AWS_ENDPOINT_URL", "endpoint_url"));
            self.0.get(key.service_id()).map(|url| (*url).to_owned())
        }
    }

    fn urls(for_all: Option<&str>, configured: &[(&'static str, &'static str)]) -> OverrideUrls {
        let configuration =
            SdkConfig::builder().service_config(Configured(configured.iter().copied().collect()));
        let mut configuration = configuration;
        configuration.set_endpoint_url(for_all.map(str::to_owned));
        OverrideUrls::from_sdk_config(&configuration.build())
    }

    #[test]
    fn the_url_of_a_service_wins_over_the_url_of_all() {
        let urls = urls(Some("http://all"), &[("S3", "http://s3"), ("DynamoDB_Streams", "http://streams")]);
        assert_eq!(urls.for_service("S3").as_deref(), Some("http://s3"));
        assert_eq!(urls.for_service("DynamoDB Streams").as_deref(), Some("http://streams"));
        assert_eq!(urls.for_service("EC2").as_deref(), Some("http://all"));
    }

    #[test]
    fn an_empty_url_counts_as_unset() {
        assert_eq!(urls(Some("http://all"), &[("S3", "")]).for_service("S3").as_deref(), Some("http://all"));
        assert_eq!(urls(Some(""), &[("S3", "")]).for_service("S3"), None);
        assert_eq!(urls(None, &[]).for_service("S3"), None);
    }

    #[test]
    fn a_url_set_by_the_program_wins_over_the_environment() {
        let mut configuration = SdkConfig::builder()
            .service_config(Configured(HashMap::from([("S3", "http://environment")])))
            .endpoint_url("http://program");
        configuration.insert_origin("endpoint_url", aws_types::origin::Origin::shared_config());
        let urls = OverrideUrls::from_sdk_config(&configuration.build());
        assert_eq!(urls.for_service("S3").as_deref(), Some("http://program"));
    }
}

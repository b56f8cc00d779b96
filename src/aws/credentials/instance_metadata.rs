//! The instance metadata service of EC2.

use aws_config::SdkConfig;
use aws_config::imds::Client;
use aws_types::os_shim_internal::Env;
use http::Uri;

use super::environment_keys::variable;
use super::profiles::Profiles;
use super::provider_config::provider_config;
use crate::error::Failure;

/// The variable of the endpoint.
const ENDPOINT: &str = "AWS_EC2_METADATA_SERVICE_ENDPOINT";
/// The variable of the address family that the endpoint is reached with.
const ENDPOINT_MODE: &str = "AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE";

/// The endpoints of each mode (`botocore.utils.METADATA_BASE_URL` and `METADATA_BASE_URL_IPv6`).
const ENDPOINTS: [(&str, &str); 2] =
    [("ipv4", "http://169.254.169.254/"), ("ipv6", "http://[fd00:ec2::254]/")];

/// Returns a client of the metadata service. The SDK reads the endpoint in a profile with its own parser, so that it
/// is found here.
///
/// # Errors
///
/// A [`FailureKind::Credentials`](crate::error::FailureKind) for an endpoint that is no URL.
pub(super) fn client(config: &SdkConfig, profiles: &Profiles, env: &Env) -> Result<Client, Failure> {
    let builder = Client::builder().configure(&provider_config(config));
    let endpoint = endpoint(profiles, env)?;
    let builder = builder.endpoint(&endpoint).map_err(|error| unusable(&endpoint).with_source(error))?;
    Ok(builder.build())
}

fn endpoint(profiles: &Profiles, env: &Env) -> Result<String, Failure> {
    let setting = |name: &str, option: &str| {
        let of_profile = || profiles.word(option).map(str::trim).filter(|value| !value.is_empty());
        variable(env, name).or_else(|| of_profile().map(str::to_owned))
    };
    if let Some(endpoint) = setting(ENDPOINT, "ec2_metadata_service_endpoint") {
        let uri = endpoint.parse::<Uri>().map_err(|error| unusable(&endpoint).with_source(error))?;
        let is_url = matches!(uri.scheme_str(), Some("http" | "https")) && uri.host().is_some();
        return if is_url { Ok(endpoint) } else { Err(unusable(&endpoint)) };
    }
    let mode = setting(ENDPOINT_MODE, "ec2_metadata_service_endpoint_mode");
    let mode = mode.unwrap_or_else(|| ENDPOINTS[0].0.to_owned());
    let known = ENDPOINTS.iter().find(|(name, _)| mode.eq_ignore_ascii_case(name));
    known.map(|(_, endpoint)| (*endpoint).to_owned()).ok_or_else(|| {
        Failure::credentials(format!("{ENDPOINT_MODE} is neither IPv4 nor IPv6: `{mode}`"))
            .hint(format!("set {ENDPOINT_MODE} to IPv4 or IPv6, or unset it"))
    })
}

fn unusable(endpoint: &str) -> Failure {
    Failure::credentials(format!("the endpoint of the instance metadata service is no URL: `{endpoint}`"))
        .hint(format!("set {ENDPOINT} to a URL such as {}, or unset it", ENDPOINTS[0].1))
}

#[cfg(test)]
mod tests {
    use aws_types::os_shim_internal::Env;

    use super::endpoint;
    use crate::aws::credentials::profiles::Profiles;

    #[tokio::test]
    async fn endpoint_is_that_of_environment_then_profile_then_mode() {
        let config = "[default]\nec2_metadata_service_endpoint = http://imds.example # mine";
        let profiles = Profiles::of(config, None).await.expect("profiles");
        for (profiles, variables, expected) in [
            (
                &profiles,
                &[("AWS_EC2_METADATA_SERVICE_ENDPOINT", "http://127.0.0.1:1 \n")][..],
                "http://127.0.0.1:1",
            ),
            (&profiles, &[], "http://imds.example"),
            (&Profiles::default(), &[], "http://169.254.169.254/"),
            (
                &Profiles::default(),
                &[("AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE", "IPv6")],
                "http://[fd00:ec2::254]/",
            ),
        ] {
            assert_eq!(endpoint(profiles, &Env::from_slice(variables)).expect("an endpoint"), expected);
        }
    }

    #[test]
    fn unusable_endpoint_is_named_with_its_variable() {
        for (name, value) in [
            ("AWS_EC2_METADATA_SERVICE_ENDPOINT", "127.0.0.1:80"),
            ("AWS_EC2_METADATA_SERVICE_ENDPOINT", "http://bad host"),
            ("AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE", "IPv5"),
        ] {
            let failure = endpoint(&Profiles::default(), &Env::from_slice(&[(name, value)]));
            let text = failure.expect_err(value).to_string();
            assert!(text.contains(&format!("`{value}`")) && text.contains(&format!("set {name}")), "{text}");
        }
    }
}

//! The headers that the SDK gives the first attempts of all requests with the same kind of credentials.
//!
//! The user agent contains the sources of the credentials (aws-runtime, `user_agent/interceptor.rs`), and nothing else
//! that differs between the accounts of a run.

use std::sync::{Arc, Mutex, PoisonError};

use aws_credential_types::Credentials;
use aws_credential_types::credential_feature::AwsCredentialFeature;
use aws_smithy_runtime_api::client::orchestrator::HttpRequest;
use http::{HeaderMap, HeaderName, HeaderValue};

const USER_AGENTS: [HeaderName; 2] = [http::header::USER_AGENT, HeaderName::from_static("x-amz-user-agent")];
const SDK_REQUEST: HeaderName = HeaderName::from_static("amz-sdk-request");

/// The headers of a first attempt of the SDK's orchestrator.
pub(super) struct LearnedHeaders {
    user_agents: [HeaderValue; 2],
    sdk_request: HeaderValue,
}

/// The sources of credentials that the user agent contains, and whether the account of the credentials is known.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct CredentialsKind {
    features: Vec<AwsCredentialFeature>,
    has_account: bool,
}

/// The headers for each kind of credentials, shared by the accounts of a run.
#[derive(Clone, Default)]
pub(super) struct HeadersByKind(Arc<Mutex<KnownHeaders>>);

/// Few kinds: most accounts of a run are entered in the same way.
type KnownHeaders = Vec<(CredentialsKind, Arc<LearnedHeaders>)>;

impl LearnedHeaders {
    /// Returns the headers of a request of the orchestrator, if it has them.
    pub(super) fn of(request: &HttpRequest) -> Option<Self> {
        let header = |name: HeaderName| HeaderValue::from_str(request.headers().get(name)?).ok();
        let [user_agent, amz_user_agent] = USER_AGENTS;
        Some(Self {
            user_agents: [header(user_agent)?, header(amz_user_agent)?],
            sdk_request: header(SDK_REQUEST)?,
        })
    }

    /// Adds the headers that are set before a request is signed.
    pub(super) fn add_user_agents(&self, headers: &mut HeaderMap) {
        for (name, value) in USER_AGENTS.into_iter().zip(&self.user_agents) {
            headers.append(name, value.clone());
        }
    }

    /// Adds the header that is set after a request was signed.
    pub(super) fn add_sdk_request(&self, headers: &mut HeaderMap) {
        headers.insert(SDK_REQUEST, self.sdk_request.clone());
    }
}

impl CredentialsKind {
    pub(super) fn of(credentials: &Credentials) -> Self {
        Self {
            features: credentials.get_property::<Vec<AwsCredentialFeature>>().cloned().unwrap_or_default(),
            has_account: credentials.account_id().is_some(),
        }
    }
}

impl HeadersByKind {
    /// Returns the headers for credentials of this kind, if an account has learned them.
    pub(super) fn get(&self, kind: &CredentialsKind) -> Option<Arc<LearnedHeaders>> {
        let known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        known.iter().find(|(known, _)| known == kind).map(|(_, headers)| Arc::clone(headers))
    }

    /// Keeps the headers for credentials of this kind. Another account may have been faster, with the same headers.
    pub(super) fn add(&self, kind: &CredentialsKind, headers: &Arc<LearnedHeaders>) {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if !known.iter().any(|(known, _)| known == kind) {
            known.push((kind.clone(), Arc::clone(headers)));
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use aws_credential_types::Credentials;
    use aws_credential_types::credential_feature::AwsCredentialFeature;
    use http::HeaderValue;

    use super::{CredentialsKind, HeadersByKind, LearnedHeaders};

    fn credentials(account: Option<&str>, features: &[AwsCredentialFeature]) -> Credentials {
        let credentials = Credentials::builder().access_key_id("AKID").secret_access_key("secret");
        let mut credentials = match account {
            Some(account) => credentials.account_id(account),
            None => credentials,
        }
        .provider_name("test")
        .build();
        credentials.get_property_mut_or_default::<Vec<AwsCredentialFeature>>().extend_from_slice(features);
        credentials
    }

    #[test]
    fn headers_are_shared_by_credentials_of_the_same_kind() {
        let role = [AwsCredentialFeature::CredentialsStsAssumeRole];
        let of_role = CredentialsKind::of(&credentials(Some("111111111111"), &role));
        let headers = HeadersByKind::default();
        let agent = HeaderValue::from_static("agent");
        let learned = LearnedHeaders { user_agents: [agent.clone(), agent.clone()], sdk_request: agent };
        headers.add(&of_role, &Arc::new(learned));

        assert!(headers.get(&CredentialsKind::of(&credentials(Some("222222222222"), &role))).is_some());
        for other in [
            credentials(None, &role),
            credentials(Some("111111111111"), &[]),
            credentials(Some("111111111111"), &[AwsCredentialFeature::CredentialsEnvVars]),
        ] {
            assert!(headers.get(&CredentialsKind::of(&other)).is_none(), "{other:?}");
        }
    }
}

//! The access portal of IAM Identity Center: its accounts, and credentials for them.

use std::error::Error;
use std::time::SystemTime;

use aws_config::SdkConfig;
use aws_credential_types::Credentials;
use aws_credential_types::credential_feature::AwsCredentialFeature;
use aws_credential_types::provider::error::TokenError;
use aws_credential_types::provider::token::{ProvideToken as _, SharedTokenProvider};
use aws_sdk_sso::Client;
use aws_sdk_sso::config::Builder;
use aws_sdk_sso::operation::get_role_credentials::GetRoleCredentialsError;
use aws_sdk_sso::operation::list_account_roles::ListAccountRolesError;
use aws_sdk_sso::operation::list_accounts::ListAccountsError;
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_runtime_api::client::result::SdkError;
use aws_smithy_types::DateTime;
use aws_smithy_types::error::metadata::ProvideErrorMetadata;
use aws_types::region::Region as SdkRegion;

use super::cached_token::CachedToken;
use super::sso_session::SsoSession;
use crate::aws::credentials::session_retries::session_retries;
use crate::aws_error::{ServiceError, TypedRetries};
use crate::error::{Failure, chain};
use crate::names::AccountId;
use crate::util::own_keys;

/// The service, by boto3's name.
const SERVICE: &str = "sso";

/// The largest page of `ListAccounts` and `ListAccountRoles` that the service returns (synfinatic/aws-sso-cli#1343).
const PAGE_SIZE: i32 = 100;

/// An account in which a permission set is assigned to the user.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AssignedAccount {
    /// The account's ID.
    pub id: AccountId,
    /// The account's name.
    pub name: Option<String>,
    /// The email address of the root user.
    pub email: Option<String>,
}

/// The access portal, with the token of a user who has signed in.
#[derive(Debug)]
pub(in crate::aws::credentials) struct AccessPortal {
    client: Client,
    token: SharedTokenProvider,
    session: SsoSession,
}

/// The error of a request to the portal.
#[derive(Debug, thiserror::Error)]
pub(in crate::aws::credentials) enum PortalError {
    /// There is no valid token to send.
    #[error(transparent)]
    Token(TokenError),
    /// The request failed.
    #[error(transparent)]
    Request(ServiceError),
}

impl AccessPortal {
    /// Creates a client with the token that `aws sso login` has stored. The token is read at the first request, and
    /// refreshed before it expires if the session allows that.
    pub(in crate::aws::credentials) async fn signed_in(config: &SdkConfig, session: SsoSession) -> Self {
        let token = CachedToken::of(config, &session).await;
        Self::new(config, session, SharedTokenProvider::new(token))
    }

    pub(in crate::aws::credentials) fn new(
        config: &SdkConfig,
        session: SsoSession,
        token: SharedTokenProvider,
    ) -> Self {
        let client = Builder::from(config)
            .region(SdkRegion::new(session.region.to_string()))
            .retry_classifier(TypedRetries::<GetRoleCredentialsError>::new(SERVICE))
            .retry_classifier(TypedRetries::<ListAccountRolesError>::new(SERVICE))
            .retry_classifier(TypedRetries::<ListAccountsError>::new(SERVICE))
            .retry_partition(session_retries())
            .build();
        Self { client: Client::from_conf(client), token, session }
    }

    /// Returns the session that the user has signed in to.
    pub(in crate::aws::credentials) fn session(&self) -> &SsoSession {
        &self.session
    }

    /// Lists all accounts in which a permission set is assigned to the user, sorted by ID.
    pub(in crate::aws::credentials) async fn accounts(&self) -> Result<Vec<AssignedAccount>, PortalError> {
        let mut accounts = Vec::new();
        let mut page_token: Option<String> = None;
        loop {
            let request =
                self.client.list_accounts().access_token(self.token().await?).max_results(PAGE_SIZE);
            let page =
                request.set_next_token(page_token.clone()).send().await.map_err(|error| refused(&error))?;
            accounts.extend(page.account_list.unwrap_or_default().into_iter().filter_map(|account| {
                Some(AssignedAccount {
                    id: account.account_id().and_then(AccountId::parse)?,
                    name: account.account_name,
                    email: account.email_address,
                })
            }));
            let next = page.next_token.filter(|token| !token.is_empty());
            if next.is_some() && next == page_token {
                // A partial list must not pass for a complete one.
                let message = "sso:ListAccounts returned the same page token twice";
                return Err(PortalError::Request(ServiceError::local(message)));
            }
            page_token = next;
            if page_token.is_none() {
                break;
            }
        }
        accounts.sort_by(|a, b| a.id.cmp(&b.id));
        accounts.dedup_by(|a, b| a.id == b.id);
        Ok(accounts)
    }

    /// Lists the names of the permission sets that are assigned to the user in an account, up to a page of them.
    pub(in crate::aws::credentials) async fn assigned_in(
        &self,
        account: &AccountId,
    ) -> Result<Vec<String>, PortalError> {
        let request = self.client.list_account_roles().access_token(self.token().await?);
        let page = request
            .account_id(account.as_str())
            .max_results(PAGE_SIZE)
            .send()
            .await
            .map_err(|error| refused(&error))?;
        Ok(page.role_list.unwrap_or_default().into_iter().filter_map(|role| role.role_name).collect())
    }

    /// Returns credentials of a permission set in an account.
    pub(in crate::aws::credentials) async fn credentials(
        &self,
        account: &AccountId,
        permission_set: &str,
    ) -> Result<Credentials, PortalError> {
        let request = self.client.get_role_credentials().access_token(self.token().await?);
        let response = request.account_id(account.as_str()).role_name(permission_set).send().await;
        let found = response.map_err(|error| refused(&error))?.role_credentials;
        let keys = found.and_then(|found| {
            Some((found.access_key_id?, found.secret_access_key?, found.session_token?, found.expiration))
        });
        let Some((id, secret, token, expiration)) = keys else {
            let message = "the GetRoleCredentials response of IAM Identity Center has no credentials";
            return Err(PortalError::Request(ServiceError::local(message)));
        };
        let mut credentials = Credentials::builder()
            .access_key_id(id)
            .secret_access_key(secret)
            .session_token(token)
            .account_id(account.as_str())
            .provider_name("SSO");
        credentials.set_expiry(SystemTime::try_from(DateTime::from_millis(expiration)).ok());
        let mut credentials = credentials.build();
        credentials
            .get_property_mut_or_default::<Vec<AwsCredentialFeature>>()
            .push(AwsCredentialFeature::CredentialsSso);
        Ok(credentials)
    }

    /// Checks whether the portal still accepts the token.
    ///
    /// # Errors
    ///
    /// A [`FailureKind::Credentials`](crate::error::FailureKind) when it does not. A network error is not a verdict.
    pub(in crate::aws::credentials) async fn check(&self) -> Result<(), Failure> {
        let checked = async {
            let request = self.client.list_accounts().access_token(self.token().await?).max_results(1);
            request.send().await.map(drop).map_err(|error| refused(&error))
        };
        match checked.await {
            Err(error) if error.is_about_the_token() => Err(self.failure(error)),
            Ok(()) | Err(_) => Ok(()),
        }
    }

    /// Returns the failure of a run that cannot continue after an error.
    pub(in crate::aws::credentials) fn failure(&self, error: PortalError) -> Failure {
        let (session, login) = (&self.session, self.sign_in_hint());
        match error {
            PortalError::Token(error) => {
                Failure::credentials(format!("no valid token of the {session}")).with_source(error).hint(login)
            }
            PortalError::Request(error) if error.is_expired() => {
                Failure::credentials(format!("AWS rejects the token of the {session}"))
                    .with_source(error)
                    .hint(login)
            }
            PortalError::Request(error) if error.code().is_none() => Failure::credentials(format!(
                "cannot reach the access portal of IAM Identity Center in region {}",
                session.region
            ))
            .with_source(error)
            .hint("check the network, HTTPS_PROXY and NO_PROXY, AWS_CA_BUNDLE, and `sso_region` in the config file"),
            PortalError::Request(error) => {
                Failure::credentials(format!("the access portal of the {session} fails")).with_source(error)
            }
        }
    }

    /// Returns the hint for a user without a valid token.
    pub(in crate::aws::credentials) fn sign_in_hint(&self) -> String {
        format!("sign in with `{}`", self.session.login)
    }

    async fn token(&self) -> Result<String, PortalError> {
        let token = self.token.provide_token().await.map_err(PortalError::Token)?;
        own_keys::remember_one(token.token());
        Ok(token.token().to_owned())
    }
}

impl PortalError {
    /// Returns whether the token is missing or expired, or AWS rejects it.
    pub(in crate::aws::credentials) fn is_about_the_token(&self) -> bool {
        match self {
            Self::Token(_) => true,
            Self::Request(error) => error.is_expired(),
        }
    }

    /// Returns the error in the form that all sessions have.
    pub(in crate::aws::credentials) fn into_service_error(self) -> ServiceError {
        match self {
            Self::Token(error) => ServiceError::local(chain(&error)),
            Self::Request(error) => error,
        }
    }
}

fn refused<E>(error: &SdkError<E, HttpResponse>) -> PortalError
where
    E: ProvideErrorMetadata + Error + 'static,
{
    PortalError::Request(ServiceError::of(SERVICE, error))
}

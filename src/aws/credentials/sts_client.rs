//! The typed STS client, with the same retry rules as all other calls.

use aws_config::SdkConfig;
use aws_sdk_sts::config::Builder;
use aws_sdk_sts::operation::assume_role::AssumeRoleError;
use aws_sdk_sts::operation::get_caller_identity::GetCallerIdentityError;

use crate::aws_error::TypedRetries;

/// Returns the configuration of an STS client.
pub(super) fn sts_config(config: &SdkConfig) -> Builder {
    Builder::from(config)
        .retry_classifier(TypedRetries::<AssumeRoleError>::new("sts"))
        .retry_classifier(TypedRetries::<GetCallerIdentityError>::new("sts"))
}

/// Returns an STS client.
pub(super) fn sts_client(config: &SdkConfig) -> aws_sdk_sts::Client {
    aws_sdk_sts::Client::from_conf(sts_config(config).build())
}

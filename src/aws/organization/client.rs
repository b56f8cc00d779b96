//! The typed Organizations client, with the same retry rules as all other calls.

use aws_config::SdkConfig;
use aws_sdk_organizations::config::Builder;
use aws_sdk_organizations::operation::describe_organization::DescribeOrganizationError;
use aws_sdk_organizations::operation::describe_organizational_unit::DescribeOrganizationalUnitError;
use aws_sdk_organizations::operation::list_accounts::ListAccountsError;
use aws_sdk_organizations::operation::list_accounts_for_parent::ListAccountsForParentError;
use aws_sdk_organizations::operation::list_organizational_units_for_parent::ListOrganizationalUnitsForParentError;
use aws_sdk_organizations::operation::list_roots::ListRootsError;
use aws_sdk_organizations::operation::list_tags_for_resource::ListTagsForResourceError;

use crate::aws_error::TypedRetries;

const SERVICE: &str = "organizations";

/// Returns the configuration of an Organizations client.
pub(super) fn client_config(config: &SdkConfig) -> Builder {
    Builder::from(config)
        .retry_classifier(TypedRetries::<DescribeOrganizationError>::new(SERVICE))
        .retry_classifier(TypedRetries::<DescribeOrganizationalUnitError>::new(SERVICE))
        .retry_classifier(TypedRetries::<ListAccountsError>::new(SERVICE))
        .retry_classifier(TypedRetries::<ListAccountsForParentError>::new(SERVICE))
        .retry_classifier(TypedRetries::<ListOrganizationalUnitsForParentError>::new(SERVICE))
        .retry_classifier(TypedRetries::<ListRootsError>::new(SERVICE))
        .retry_classifier(TypedRetries::<ListTagsForResourceError>::new(SERVICE))
}

//! The host of a request, looked at once more when it is complete and not yet signed.

use aws_smithy_runtime_api::box_error::BoxError;
use aws_smithy_runtime_api::client::interceptors::context::{
    BeforeTransmitInterceptorContextRef, Error, Input, Output,
};
use aws_smithy_runtime_api::client::interceptors::{Intercept, dyn_dispatch_hint};
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_types::config_bag::ConfigBag;

use crate::model::hosts;

/// Lets no request be signed that leads neither to a service of AWS nor to the endpoint that the user has
/// configured for the service.
#[derive(Debug)]
pub(super) struct HostGuard {
    pub(super) configured: Option<String>,
}

#[dyn_dispatch_hint]
impl Intercept for HostGuard {
    fn name(&self) -> &'static str {
        "HostGuard"
    }

    fn read_before_signing(
        &self,
        context: &BeforeTransmitInterceptorContextRef<'_, Input, Output, Error>,
        _: &RuntimeComponents,
        _: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        Ok(hosts::check(context.request().uri(), self.configured.as_deref())?)
    }
}

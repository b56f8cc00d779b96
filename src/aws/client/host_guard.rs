//! The check of a request's host when the request is complete and not yet signed.

use aws_smithy_runtime_api::box_error::BoxError;
use aws_smithy_runtime_api::client::interceptors::context::{
    BeforeTransmitInterceptorContextRef, Error, Input, Output,
};
use aws_smithy_runtime_api::client::interceptors::{Intercept, dyn_dispatch_hint};
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_types::config_bag::ConfigBag;

use crate::model::hosts;

/// Rejects requests whose host is neither a service of AWS nor the endpoint that the user has configured for the
/// service, before they are signed.
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

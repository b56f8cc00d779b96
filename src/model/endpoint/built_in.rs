//! Built-ins: rule set parameters that the client supplies, not the request.
//!
//! The values are botocore's (`compute_endpoint_resolver_builtin_defaults` in `botocore/args.py`),
//! with the exceptions that are named here.

use serde_json::{Map, Value};

use super::settings::EndpointSettings;
use crate::model::catalog::{ContextValue, Operation};
use crate::names::{AccountId, Region};

/// What the values of built-ins depend on.
pub(super) struct BuiltIns<'call> {
    pub(super) settings: &'call EndpointSettings,
    pub(super) override_url: Option<&'call str>,
    pub(super) operation: &'call Operation,
    pub(super) input: &'call Map<String, Value>,
    pub(super) region: &'call Region,
    pub(super) account: Option<&'call AccountId>,
}

impl BuiltIns<'_> {
    /// The value of a built-in; `None` leaves the parameter to its default.
    pub(super) fn value(&self, name: &str) -> Option<ContextValue> {
        let mode = &self.settings.account_id_endpoint_mode;
        // AWS's own variants of a host make no sense for a URL that somebody has configured.
        let own_host = self.override_url.is_none();
        match name {
            "AWS::Region" => Some(self.region.as_str().into()),
            "AWS::UseFIPS" => Some((own_host && self.settings.use_fips).into()),
            "AWS::UseDualStack" => Some((own_host && self.settings.use_dual_stack).into()),
            "SDK::Endpoint" => self.override_url.map(Into::into),
            "AWS::Auth::AccountIdEndpointMode" => Some(mode.to_string().as_str().into()),
            "AWS::Auth::AccountId" => self.account.map(|account| account.as_str().into()),
            // Regional endpoints throughout: what happens in a region stays in it.
            "AWS::STS::UseGlobalEndpoint"
            | "AWS::S3::UseGlobalEndpoint"
            | "AWS::S3::Accelerate"
            | "AWS::S3::DisableMultiRegionAccessPoints" => Some(false.into()),
            // An ARN names the region where its resource is, and that is where to ask. botocore lets
            // only S3 do so by default; the rules of S3 Control do so unless told otherwise.
            "AWS::S3::UseArnRegion" | "AWS::S3Control::UseArnRegion" => Some(true.into()),
            "AWS::S3::ForcePathStyle" => Some(self.force_path_style().into()),
            _ => None,
        }
    }

    /// Whether S3's bucket stands in the path and not in the host name
    /// (`customize_endpoint_resolver_builtins` in `botocore/handlers.py`).
    fn force_path_style(&self) -> bool {
        let bucket = self.input.get("Bucket").and_then(Value::as_str).unwrap_or_default();
        if &*self.operation.name == "GetBucketLocation" {
            // Asked when the bucket's region is unknown: the host of a bucket in another region would
            // refuse the signature.
            return true;
        }
        // A URL that somebody has configured rarely has names below its own. Access point ARNs know no
        // path style.
        self.override_url.is_some() && !bucket.starts_with("arn:")
    }
}

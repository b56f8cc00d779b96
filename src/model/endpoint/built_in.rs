//! Built-ins: rule set parameters that the client supplies instead of the request.
//!
//! The values are botocore's (`compute_endpoint_resolver_builtin_defaults` in `botocore/args.py`), with the
//! exceptions that are documented here.

use serde_json::{Map, Value};

use super::settings::EndpointSettings;
use crate::model::catalog::{ContextValue, Operation};
use crate::names::{AccountId, Region};

/// The inputs of the values of built-ins.
pub(super) struct BuiltIns<'call> {
    pub(super) settings: &'call EndpointSettings,
    pub(super) override_url: Option<&'call str>,
    pub(super) operation: &'call Operation,
    pub(super) input: &'call Map<String, Value>,
    pub(super) region: &'call Region,
    pub(super) account: Option<&'call AccountId>,
}

impl BuiltIns<'_> {
    /// Returns the value of a built-in; `None` means the parameter's default.
    pub(super) fn value(&self, name: &str) -> Option<ContextValue> {
        let mode = &self.settings.account_id_endpoint_mode;
        // AWS's host variants do not apply to a configured URL.
        let own_host = self.override_url.is_none();
        match name {
            "AWS::Region" => Some(self.region.as_str().into()),
            "AWS::UseFIPS" => Some((own_host && self.settings.use_fips).into()),
            "AWS::UseDualStack" => Some((own_host && self.settings.use_dual_stack).into()),
            "SDK::Endpoint" => self.override_url.map(Into::into),
            "AWS::Auth::AccountIdEndpointMode" => Some(mode.to_string().as_str().into()),
            "AWS::Auth::AccountId" => self.account.map(|account| account.as_str().into()),
            // Always regional endpoints: requests stay in their region.
            "AWS::STS::UseGlobalEndpoint"
            | "AWS::S3::UseGlobalEndpoint"
            | "AWS::S3::Accelerate"
            | "AWS::S3::DisableMultiRegionAccessPoints" => Some(false.into()),
            // An ARN contains the region of its resource, and the request is sent there. botocore enables this by
            // default only for S3; the rules of S3 Control do so unless configured otherwise.
            "AWS::S3::UseArnRegion" | "AWS::S3Control::UseArnRegion" => Some(true.into()),
            "AWS::S3::ForcePathStyle" => Some(self.force_path_style().into()),
            _ => None,
        }
    }

    /// Returns whether the S3 bucket is in the path instead of the host name
    /// (`customize_endpoint_resolver_builtins` in `botocore/handlers.py`).
    fn force_path_style(&self) -> bool {
        let bucket = self.input.get("Bucket").and_then(Value::as_str).unwrap_or_default();
        if &*self.operation.name == "GetBucketLocation" {
            // Called when the bucket's region is unknown: the host of a bucket in another region would reject the
            // signature.
            return true;
        }
        // A configured URL rarely has host names below its own. Access point ARNs have no path style.
        self.override_url.is_some() && !bucket.starts_with("arn:")
    }
}

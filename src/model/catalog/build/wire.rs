//! The protocol and the signature of a service, as boto3 chooses them.

use super::model::Metadata;
use crate::model::catalog::{Protocol, Signing};

/// botocore's protocols, the preferred first (`PRIORITY_ORDERED_SUPPORTED_PROTOCOLS` in `botocore/utils.py`).
const PROTOCOLS: [&str; 6] = ["json", "rest-json", "rest-xml", "smithy-rpc-v2-cbor", "query", "ec2"];

/// The ways to authenticate requests that the SDK's runtime has without its optional `SigV4a`.
const AUTHENTICATION: [&str; 3] = ["aws.auth#sigv4", "smithy.api#httpBearerAuth", "smithy.api#noAuth"];

/// Returns why this program cannot call a service: the protocols or signatures, of which it has none.
pub(super) fn obstacle(metadata: &Metadata) -> Option<String> {
    let Metadata { signature_version, auth, .. } = metadata;
    if let Err(problem) = protocol(metadata) {
        return Some(problem);
    }
    if !auth.is_empty() && !auth.iter().any(|way| AUTHENTICATION.contains(&way.as_str())) {
        return Some(format!("signature {}", auth.join(", ")));
    }
    let is_known = ["v4", "s3", "s3v4", "bearer", "none"].contains(&signature_version.as_str());
    (!is_known).then(|| format!("signature {signature_version}"))
}

/// Returns the protocol that boto3 uses where a service offers several (`resolved_protocol` in
/// `botocore/model.py`).
///
/// # Errors
///
/// Returns the offered protocols if this program has none of them.
pub(super) fn protocol(metadata: &Metadata) -> Result<Protocol, String> {
    let offered = metadata.protocols.clone().unwrap_or_else(|| vec![metadata.protocol.clone()]);
    let choice = PROTOCOLS
        .into_iter()
        .find(|choice| offered.iter().any(|name| name == choice))
        .ok_or_else(|| format!("protocol {}", offered.join(", ")))?;
    let target_prefix = metadata.target_prefix.as_deref().unwrap_or_default().into();
    Ok(match choice {
        "json" => {
            let version = metadata.json_version.as_deref().unwrap_or("1.0").into();
            Protocol::Json { version, target_prefix }
        }
        "smithy-rpc-v2-cbor" => Protocol::RpcV2Cbor { target_prefix },
        "rest-json" => Protocol::RestJson,
        "rest-xml" => Protocol::RestXml,
        "query" => Protocol::Query,
        _ => Protocol::Ec2,
    })
}

/// Returns the signature that boto3 uses (`resolve_auth_type` in `botocore/auth.py`). Where a service also accepts
/// `SigV4a`, this is `SigV4`, as in boto3 without the Common Runtime.
pub(super) fn signing(metadata: &Metadata) -> Signing {
    match metadata.signature_version.as_str() {
        "s3" | "s3v4" => Signing::S3SigV4,
        "bearer" => Signing::Bearer,
        "none" => Signing::Unsigned,
        _ => Signing::SigV4,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{obstacle, protocol};
    use crate::model::catalog::build::model::Metadata;

    fn metadata(protocols: &[&str]) -> Metadata {
        let metadata = json!({"protocol": "query", "protocols": protocols, "signatureVersion": "v4"});
        serde_json::from_value(metadata).expect("metadata")
    }

    #[test]
    fn protocol_is_the_one_that_boto3_prefers() {
        for (offered, chosen) in [
            (&["smithy-rpc-v2-cbor", "json", "query"][..], "json"),
            (&["smithy-rpc-v2-cbor", "query"], "smithy-rpc-v2-cbor"),
            (&["query", "smithy-rpc-v2-cbor", "rest-xml"], "rest-xml"),
            (&["new", "ec2"], "ec2"),
        ] {
            let protocol = protocol(&metadata(offered)).expect("a protocol");
            assert_eq!(protocol.name(), chosen, "{offered:?}");
        }
    }

    #[test]
    fn service_with_another_way_to_sign_has_no_obstacle() {
        let mut metadata = metadata(&["json"]);
        for (auth, expected) in [
            (&[][..], None),
            (&["aws.auth#sigv4a", "aws.auth#sigv4"], None),
            (&["aws.auth#sigv4a"], Some("signature aws.auth#sigv4a")),
        ] {
            metadata.auth = auth.iter().map(|way| (*way).to_owned()).collect();
            assert_eq!(obstacle(&metadata).as_deref(), expected);
        }
    }
}

//! What the models mark as sensitive and an inventory keeps.

/// Service, member, reason. Names in small letters, without separators.
pub(super) const KEPT: &[(&str, &str, &str)] = &[
    ("cognito-idp", "clientid", "tells app clients apart, and is part of every address of a sign-in page"),
    ("organizations", "accountname", "the run's folders bear the names of accounts"),
    ("organizations", "name", "the run's folders bear the names of accounts"),
    ("s3", "keyid", "which key encrypts a bucket: the ARN of a KMS key"),
    ("s3", "kmsmasterkeyid", "which key encrypts a bucket: the ARN of a KMS key"),
    ("s3", "ssekmskeyid", "which key encrypts an object: the ARN of a KMS key"),
];

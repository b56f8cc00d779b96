//! Settings for uploaded objects.

/// The settings with which objects are uploaded.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct UploadSettings {
    /// The KMS key to encrypt with, by id, ARN or alias; without one, the bucket's default applies.
    pub kms_key: Option<String>,
    /// The account that must own the bucket.
    pub owner: Option<String>,
    /// Whether the user has stated that there is one writer, so that a server may ignore the conditions of writes.
    pub single_writer: bool,
}

/// Returns the content type of an object, by its name.
pub(super) fn content_type(key: &str) -> &'static str {
    match key.rsplit_once('.').map(|(_, extension)| extension) {
        Some("json") => "application/json",
        Some("ndjson") => "application/x-ndjson",
        Some("log") => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

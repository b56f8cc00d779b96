//! Fake secrets in places where secrets do not belong. None of them gives access to anything.

/// A secret in a function's environment.
pub(super) const VARIABLE: &str = "demo-environment-password";
/// A secret in an instance's user data, which EC2 returns in base64: a script with a password.
pub(super) const USER_DATA: &str = "IyEvYmluL3NoCmV4cG9ydCBBUFBfUEFTU1dPUkQ9ZGVtby11c2VyLWRhdGEtcGFzc3dvcmQK";
/// A secret in a tag of an instance: the id of an access key.
pub(super) const TAG: &str = "AKIADEMODEMODEMODEMO";
/// A secret in a parameter of a stack.
pub(super) const PARAMETER: &str = "demo-parameter-password";
/// A secret in the URL of a function's code: the signature of a presigned URL.
pub(super) const SIGNATURE: &str = "demo-presigned-signature";

/// All secrets, so that a test can search for them in the files of a run.
pub const SEEDED: [&str; 5] = [VARIABLE, USER_DATA, TAG, PARAMETER, SIGNATURE];

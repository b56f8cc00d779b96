//! What people put where it does not belong. None of it opens anything.

/// In a function's environment.
pub(super) const VARIABLE: &str = "demo-environment-password";
/// In an instance's user data, which EC2 hands out in base64: a script with a password.
pub(super) const USER_DATA: &str = "IyEvYmluL3NoCmV4cG9ydCBBUFBfUEFTU1dPUkQ9ZGVtby11c2VyLWRhdGEtcGFzc3dvcmQK";
/// In a tag of an instance: the id of an access key.
pub(super) const TAG: &str = "AKIADEMODEMODEMODEMO";
/// In a parameter of a stack.
pub(super) const PARAMETER: &str = "demo-parameter-password";
/// In the address of a function's code, as the signature that lets anybody fetch it.
pub(super) const SIGNATURE: &str = "demo-presigned-signature";

/// All of it, so that a test can look for each in whatever a run leaves.
pub const SEEDED: [&str; 5] = [VARIABLE, USER_DATA, TAG, PARAMETER, SIGNATURE];

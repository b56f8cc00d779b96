//! The access key of the environment, as botocore reads it (`botocore.credentials.EnvProvider`).

use aws_credential_types::Credentials;
use aws_credential_types::credential_feature::AwsCredentialFeature;
use aws_types::os_shim_internal::Env;

use crate::error::Failure;

const KEY_ID: &str = "AWS_ACCESS_KEY_ID";
const SECRET: &str = "AWS_SECRET_ACCESS_KEY";
/// The variables of the session token; the first that is set counts.
const TOKENS: [&str; 2] = ["AWS_SECURITY_TOKEN", "AWS_SESSION_TOKEN"];

/// The name of this source in messages.
pub(super) const SOURCE: &str = "the environment";

/// Returns a variable that is set and not blank, without white space around it.
pub(super) fn variable(env: &Env, name: &str) -> Option<String> {
    env.get(name).ok().map(|value| value.trim().to_owned()).filter(|value| !value.is_empty())
}

/// Returns the access key of the environment; `None` without one.
///
/// # Errors
///
/// A [`FailureKind::Credentials`](crate::error::FailureKind) that names the missing variable if only one half of the
/// key is set: without it, keys of another account might be used.
pub(super) fn credentials(env: &Env) -> Result<Option<Credentials>, Failure> {
    let incomplete = |set: &str, missing: &str| {
        Failure::credentials(format!("the environment has {set} but no {missing}"))
            .hint(format!("set {missing} as well, or unset {set}"))
    };
    let (id, secret) = match (variable(env, KEY_ID), variable(env, SECRET)) {
        (None, None) => return Ok(None),
        (Some(_), None) => return Err(incomplete(KEY_ID, SECRET)),
        (None, Some(_)) => return Err(incomplete(SECRET, KEY_ID)),
        (Some(id), Some(secret)) => (id, secret),
    };
    let mut credentials =
        Credentials::builder().access_key_id(id).secret_access_key(secret).provider_name("Environment");
    credentials.set_session_token(TOKENS.iter().find_map(|name| variable(env, name)));
    credentials.set_account_id(variable(env, "AWS_ACCOUNT_ID").map(Into::into));
    let mut credentials = credentials.build();
    credentials
        .get_property_mut_or_default::<Vec<AwsCredentialFeature>>()
        .push(AwsCredentialFeature::CredentialsEnvVars);
    Ok(Some(credentials))
}

#[cfg(test)]
mod tests {
    use aws_types::os_shim_internal::Env;

    use super::credentials;

    #[test]
    fn half_a_key_is_rejected_with_name_of_other_half() {
        for (set, missing) in
            [("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"), ("AWS_SECRET_ACCESS_KEY", "AWS_ACCESS_KEY_ID")]
        {
            for other in ["", " \n"] {
                let env = Env::from_slice(&[(set, "hunter2"), (missing, other)]);
                let text = credentials(&env).expect_err("half a key").to_string();
                assert!(text.contains(&format!("the environment has {set} but no {missing}")), "{text}");
                assert!(!text.contains("hunter2"), "{text}");
            }
        }
        let none = Env::from_slice(&[("AWS_ACCESS_KEY_ID", ""), ("AWS_SECRET_ACCESS_KEY", "")]);
        assert!(credentials(&none).expect("no key").is_none());
    }

    #[test]
    fn line_ends_around_keys_are_removed() {
        let env = Env::from_slice(&[
            ("AWS_ACCESS_KEY_ID", "AKIA\r\n"),
            ("AWS_SECRET_ACCESS_KEY", "\ts\n"),
            ("AWS_SESSION_TOKEN", "t\n"),
        ]);
        let found = credentials(&env).expect("a key").expect("a key");
        assert_eq!(
            (found.access_key_id(), found.secret_access_key(), found.session_token()),
            ("AKIA", "s", Some("t"))
        );
    }
}

//! Keys and tokens of the file: read without copies that remain in memory, and never printed.

use std::fmt;

use serde::de::{IgnoredAny, MapAccess, Visitor};
use serde::{Deserialize, Deserializer};
use zeroize::Zeroizing;

use crate::aws::credentials::role_settings::DEFAULT_SESSION_NAME;

/// A text that is wiped from memory when it is dropped, and never printed.
#[derive(Clone)]
pub(super) struct SecretText(Zeroizing<String>);

impl SecretText {
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Returns a copy for signing requests. The caller has to wipe it as well.
    pub(super) fn reveal(&self) -> String {
        self.0.as_str().to_owned()
    }
}

impl fmt::Debug for SecretText {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Secret")
    }
}

/// The value of `aws_session_token`.
#[derive(Clone, Debug, Default)]
pub(super) enum SessionTokenValue {
    /// The keys are used as they are.
    #[default]
    None,
    /// The token that belongs to the keys.
    Token(SecretText),
    /// The role to assume with the keys.
    Role { arn: String, session_name: String },
}

impl<'de> Deserialize<'de> for SecretText {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(|text| Self(Zeroizing::new(text)))
    }
}

/// Deserialized without serde's buffer for untagged enums, which would keep a copy of the token.
impl<'de> Deserialize<'de> for SessionTokenValue {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct TokenOrRole;

        impl<'de> Visitor<'de> for TokenOrRole {
            type Value = SessionTokenValue;

            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("a token or a role")
            }

            fn visit_unit<E>(self) -> Result<SessionTokenValue, E> {
                Ok(SessionTokenValue::None)
            }

            fn visit_str<E>(self, token: &str) -> Result<SessionTokenValue, E> {
                // AWS Inventory's form has one text field, which users fill with a token or with the role.
                if token.trim_start().starts_with('{')
                    && let Ok(role @ SessionTokenValue::Role { .. }) = serde_json::from_str(token)
                {
                    return Ok(role);
                }
                Ok(match token.trim() {
                    "" => SessionTokenValue::None,
                    token => SessionTokenValue::Token(SecretText(Zeroizing::new(token.to_owned()))),
                })
            }

            fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<SessionTokenValue, A::Error> {
                let (mut arn, mut session_name) = (None, DEFAULT_SESSION_NAME.to_owned());
                while let Some(key) = members.next_key::<String>()? {
                    match &*key {
                        "RoleArn" => arn = Some(members.next_value()?),
                        "RoleSessionName" => session_name = members.next_value()?,
                        _ => {
                            members.next_value::<IgnoredAny>()?;
                        }
                    }
                }
                let arn = arn.ok_or_else(|| serde::de::Error::missing_field("RoleArn"))?;
                Ok(SessionTokenValue::Role { arn, session_name })
            }
        }

        deserializer.deserialize_any(TokenOrRole)
    }
}

//! Idempotency tokens: parameters that botocore generates where the caller passes none (`generate_idempotent_uuid`
//! in `botocore/handlers.py`).

use std::borrow::Cow;

use serde_json::{Map, Value};

use crate::model::catalog::Structure;

/// Returns the parameters, with a random token for every absent idempotency token.
pub(super) fn with_tokens<'value>(
    structure: Option<&Structure>,
    parameters: &'value Map<String, Value>,
) -> Cow<'value, Map<String, Value>> {
    let mut completed = Cow::Borrowed(parameters);
    for member in structure.iter().flat_map(|structure| &structure.members) {
        if member.idempotency_token && parameters.get(&*member.name).is_none_or(Value::is_null) {
            completed.to_mut().insert(member.name.to_string(), Value::String(random_uuid()));
        }
    }
    completed
}

/// Returns a UUID of version 4 (RFC 9562): 122 random bits.
fn random_uuid() -> String {
    let version = 4_u128 << 76;
    let variant = 2_u128 << 62;
    let bits = fastrand::u128(..) & !(0xf << 76) & !(3 << 62) | version | variant;
    let digits = format!("{bits:032x}");
    [&digits[..8], &digits[8..12], &digits[12..16], &digits[16..20], &digits[20..]].join("-")
}

#[cfg(test)]
mod tests {
    use super::random_uuid;

    #[test]
    fn a_token_is_a_random_uuid() {
        let uuid = random_uuid();
        assert_eq!(uuid.len(), 36);
        assert_eq!(&uuid[14..15], "4");
        assert!("89ab".contains(&uuid[19..20]), "{uuid}");
        assert_ne!(uuid, random_uuid());
    }
}

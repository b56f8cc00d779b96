//! Handlers of parameters.

use serde_json::{Map, Value, json};

/// Adds the account that Glacier requires; `-` is the caller's own.
pub(super) fn glacier_account(parameters: &mut Map<String, Value>) {
    let account = parameters.entry("accountId").or_insert(Value::Null);
    if account.is_null() {
        *account = json!("-");
    }
}

/// Strips the prefix of Route 53 IDs: the service returns `/hostedzone/Z123` and requires `Z123` in requests. botocore
/// leaves it in the parameters of the tags, which the service then rejects.
pub(super) fn route53_ids(parameters: &mut Map<String, Value>) {
    let strip = |id: &mut Value| {
        if let Value::String(id) = id
            && let Some((_, last)) = id.rsplit_once('/')
        {
            *id = last.to_owned();
        }
    };
    for name in ["DelegationSetId", "HostedZoneId", "Id", "ResourceId", "ResourceIds"] {
        match parameters.get_mut(name) {
            Some(Value::Array(ids)) => ids.iter_mut().for_each(strip),
            Some(id) => strip(id),
            None => {}
        }
    }
}

/// Requests percent-encoded keys, since keys may contain characters that XML does not allow.
pub(super) fn list_encoding(parameters: &mut Map<String, Value>) {
    parameters.entry("EncodingType").or_insert_with(|| json!("url"));
}

#[cfg(test)]
mod tests {
    #![expect(clippy::needless_pass_by_value, reason = "literals read better without a borrow")]

    use serde_json::{Map, Value, json};

    fn fixed(fix: fn(&mut Map<String, Value>), parameters: Value) -> Value {
        let mut parameters = parameters.as_object().cloned().expect("an object");
        fix(&mut parameters);
        Value::Object(parameters)
    }

    #[test]
    fn ids_lose_their_prefix() {
        let parameters =
            json!({"HostedZoneId": "/hostedzone/Z1", "Id": "Z2", "ResourceIds": ["/hostedzone/Z3"]});
        let expected = json!({"HostedZoneId": "Z1", "Id": "Z2", "ResourceIds": ["Z3"]});
        assert_eq!(fixed(super::route53_ids, parameters), expected);
    }

    #[test]
    fn the_account_is_the_callers_unless_said_otherwise() {
        assert_eq!(fixed(super::glacier_account, json!({})), json!({"accountId": "-"}));
        let given = json!({"accountId": "123456789012"});
        assert_eq!(fixed(super::glacier_account, given.clone()), given);
    }

    #[test]
    fn keys_are_asked_for_encoded_unless_said_otherwise() {
        assert_eq!(fixed(super::list_encoding, json!({})), json!({"EncodingType": "url"}));
    }
}

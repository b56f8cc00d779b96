//! The accounts that an entry is called in: the value of its key `accounts`.

use serde_json::Value;

use crate::model::catalog::known_principals;
use crate::names::AccountId;
use crate::util::json_kind::kind;
use crate::util::suggest::did_you_mean;

/// The keyword for the organization's management account.
const MANAGEMENT: &str = "management";
/// The prefix before the service principal of delegated administrators.
const DELEGATED: &str = "delegated:";

/// The accounts that an entry is called in, if its spec lists them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AccountScope {
    /// The management account of the organization.
    Management,
    /// The delegated administrator accounts of the service with this principal.
    Delegated(String),
    /// The accounts with these ids.
    Listed(Vec<AccountId>),
}

impl AccountScope {
    /// Reads the value of `accounts`.
    pub(super) fn read(value: &Value) -> Result<Self, String> {
        match value {
            Value::String(text) => Self::of_text(text),
            Value::Array(ids) if ids.is_empty() => {
                Err("it is empty: remove it, or list an account".to_owned())
            }
            Value::Array(ids) => {
                let mut listed = Vec::with_capacity(ids.len());
                for id in ids {
                    let id = account_id(id)?;
                    if !listed.contains(&id) {
                        listed.push(id);
                    }
                }
                Ok(Self::Listed(listed))
            }
            other => Err(format!(
                "must be \"{MANAGEMENT}\", \"{DELEGATED}<service principal>\" or a list of account ids, not {}",
                kind(other)
            )),
        }
    }

    fn of_text(text: &str) -> Result<Self, String> {
        let text = text.trim();
        if text == MANAGEMENT {
            return Ok(Self::Management);
        }
        if let Some(principal) = text.strip_prefix(DELEGATED) {
            return service_principal(principal.trim()).map(Self::Delegated);
        }
        if let Some(id) = AccountId::parse(text) {
            return Ok(Self::Listed(vec![id]));
        }
        let nearest = match did_you_mean(text, [MANAGEMENT]) {
            none if none.is_empty() => principal_meant(text),
            nearest => nearest,
        };
        Err(format!(
            "`{text}` is neither \"{MANAGEMENT}\" nor \"{DELEGATED}<service principal>\" nor an account id of \
             twelve digits{nearest}"
        ))
    }
}

fn account_id(value: &Value) -> Result<AccountId, String> {
    match value {
        Value::String(text) => AccountId::parse(text.trim())
            .ok_or_else(|| format!("`{text}` is not an account id of twelve digits")),
        Value::Number(number) => {
            Err(format!("{number} is a number: an account id must be a string of twelve digits, in quotes"))
        }
        other => Err(format!("an account id must be a string of twelve digits, not {}", kind(other))),
    }
}

/// Returns the service principal in `text` if it has the form of one (`guardduty.amazonaws.com`). Only the form
/// is checked, because there is no complete list of service principals.
fn service_principal(text: &str) -> Result<String, String> {
    let is_name = |part: &str| {
        !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
    };
    let has_form = text.contains(".amazonaws.") && text.split('.').all(is_name);
    if has_form {
        return Ok(text.to_owned());
    }
    if text.is_empty() {
        return Err(format!(
            "`{DELEGATED}` must be followed by a service principal, such as `guardduty.amazonaws.com`"
        ));
    }
    Err(format!(
        "`{text}` is not a service principal, which looks like `guardduty.amazonaws.com`{}",
        principal_meant(text)
    ))
}

/// Suggests service principals for the name of a service.
fn principal_meant(text: &str) -> String {
    let first = |principal: &'static str| principal.split('.').next().unwrap_or_default();
    let same = known_principals().find(|principal| first(principal) == text);
    let known = same.map_or_else(|| known_principals().collect(), |principal| vec![principal]);
    match same {
        Some(principal) => format!("; did you mean `{DELEGATED}{principal}`?"),
        None => did_you_mean(text, known),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::AccountScope;
    use crate::names::AccountId;

    #[test]
    fn accounts_are_a_word_a_principal_or_ids() {
        let read = |value: Value| AccountScope::read(&value).expect("accounts");
        assert_eq!(read(json!("management")), AccountScope::Management);
        assert_eq!(
            read(json!("delegated:guardduty.amazonaws.com")),
            AccountScope::Delegated("guardduty.amazonaws.com".to_owned())
        );
        let ids = |ids: &[&str]| AccountScope::Listed(ids.iter().map(AccountId::new).collect());
        assert_eq!(read(json!("111111111111")), ids(&["111111111111"]));
        assert_eq!(
            read(json!(["111111111111", "012345678901", "111111111111"])),
            ids(&["111111111111", "012345678901"])
        );
        read(json!("delegated:member.org.stacksets.cloudformation.amazonaws.com"));
        read(json!("delegated:new-service.amazonaws.com.cn"));
    }

    #[test]
    fn unknown_account_scope_suggests_nearest() {
        for (value, expected) in [
            (json!("managment"), "did you mean `management`?"),
            (json!("guardduty"), "did you mean `delegated:guardduty.amazonaws.com`?"),
            (json!("delegated:guardduty"), "did you mean `delegated:guardduty.amazonaws.com`?"),
            (json!("delegated:securityhub.amazonaws"), "did you mean `securityhub.amazonaws.com`"),
            (json!("delegated:"), "must be followed by a service principal"),
            (json!(["12345"]), "`12345` is not an account id"),
            (json!([111_111_111_111_u64]), "in quotes"),
            (json!([]), "it is empty"),
            (json!(7), "must be \"management\""),
        ] {
            let message = AccountScope::read(&value).expect_err("no accounts");
            assert!(message.contains(expected), "{value}: {message}");
        }
    }
}

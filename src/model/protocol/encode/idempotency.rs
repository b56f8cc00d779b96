//! Idempotency tokens: parameters that botocore generates where the caller passes none (`generate_idempotent_uuid`
//! in `botocore/handlers.py`).

use std::borrow::Cow;

use serde_json::{Map, Value};

use crate::model::catalog::Structure;
use crate::util::uuid::random_uuid;

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

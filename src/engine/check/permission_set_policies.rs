//! The policies of a permission set, as far as its own credentials may read them.

use serde_json::{Value, json};

use crate::arn::Arn;
use crate::aws::client::AccountClient;
use crate::aws::credentials::Caller;
use crate::model::catalog::{Catalog, Function};
use crate::names::Region;

/// Returns the names of the policies of the caller's role: managed policies by their ARNs, inline policies by their
/// names. `None` if they cannot be read.
///
/// IAM Identity Center creates a role for a permission set in each account ("Permission sets", IAM Identity Center user
/// guide), and attaches the policies to it.
pub async fn policies_of(
    caller: &Caller,
    client: &AccountClient,
    catalog: &Catalog,
    region: &Region,
) -> Option<Vec<String>> {
    let role = Arn::parse(&caller.arn)?.assumed_role_name()?.to_owned();
    let service = catalog.service("iam").ok().flatten()?;
    let mut policies = Vec::new();
    for (name, list, member) in [
        ("list_attached_role_policies", "AttachedPolicies", Some("PolicyArn")),
        ("list_role_policies", "PolicyNames", None),
    ] {
        let function = Function::find(&service, name)?;
        let parameters = json!({"RoleName": role}).as_object().cloned().unwrap_or_default();
        let mut pages = client.pages(&function, region, parameters);
        while let Some(page) = pages.next().await.ok()? {
            let items = page.members.get(list).and_then(Value::as_array).into_iter().flatten();
            let names = items.filter_map(|item| match member {
                Some(member) => item[member].as_str().map(str::to_owned),
                None => item.as_str().map(|name| format!("{name} (inline)")),
            });
            policies.extend(names);
        }
    }
    Some(policies)
}

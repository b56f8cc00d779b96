//! The policies of the member role, each within the size limit of a managed policy.

use serde_json::Value;

use super::action::Action;
use super::document::{Statement, document};

/// The maximum number of characters in a managed policy; white space does not count
/// (docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html).
pub const MANAGED_POLICY_LENGTH: usize = 6144;

/// The maximum number of managed policies of a role, unless the account's quota was raised (same page).
pub const POLICIES_PER_ROLE: usize = 10;

/// Returns policies that together allow exactly these actions, as few as are needed.
#[must_use]
pub fn member_policies<'action>(actions: impl IntoIterator<Item = &'action Action>) -> Vec<Value> {
    let mut policies: Vec<Vec<&Action>> = vec![Vec::new()];
    for action in actions {
        let last = policies.len() - 1;
        policies[last].push(action);
        if policy(&policies[last]).to_string().len() > MANAGED_POLICY_LENGTH {
            policies[last].pop();
            policies.push(vec![action]);
        }
    }
    policies.iter().filter(|actions| !actions.is_empty()).map(|actions| policy(actions)).collect()
}

/// The maximum length of the inline policy of a permission set (`PermissionSetPolicyDocument` in botocore's
/// `sso-admin/2020-07-20`).
const INLINE_POLICY_LENGTH: usize = 32_768;

/// Returns the inline policy of a permission set that allows exactly these actions; `None` if it would be too long.
#[must_use]
pub fn permission_set_policy(actions: &[Action]) -> Option<Value> {
    let actions: Vec<&Action> = actions.iter().collect();
    Some(policy(&actions)).filter(|policy| policy.to_string().len() <= INLINE_POLICY_LENGTH)
}

fn policy(actions: &[&Action]) -> Value {
    document([Statement::allow(actions.iter().map(|action| action.as_str()), "*").named("ReadInventory")])
}

#[cfg(test)]
mod tests {
    use super::{MANAGED_POLICY_LENGTH, member_policies, permission_set_policy};
    use crate::plan::policy::action::Action;

    #[test]
    fn too_many_actions_are_divided_and_none_is_lost() {
        let actions: Vec<Action> =
            (0..1000).map(|number| Action::new(format!("ec2:Describe{number:04}"))).collect();
        let policies = member_policies(&actions);
        assert!(policies.iter().all(|policy| policy.to_string().len() <= MANAGED_POLICY_LENGTH));
        let text: String = policies.iter().map(ToString::to_string).collect();
        assert!(actions.iter().all(|action| text.matches(action.as_str()).count() == 1));
        assert_eq!(policies.len(), 4);
        assert_eq!(member_policies(&actions[..1]).len(), 1);
        assert!(member_policies(&[]).is_empty());
        let inline = permission_set_policy(&actions).expect("a policy that is short enough");
        assert_eq!(inline["Statement"][0]["Action"].as_array().map(Vec::len), Some(1000));
        let more: Vec<Action> =
            (0..2000).map(|number| Action::new(format!("ec2:Describe{number:04}"))).collect();
        assert!(permission_set_policy(&more).is_none());
    }
}

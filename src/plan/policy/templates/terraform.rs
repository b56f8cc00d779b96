//! The member role as HCL for Terraform's AWS provider
//! (<https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/iam_role>).

use std::fmt::Write as _;

use serde_json::{Value, json};

use super::{DESCRIPTION, MemberRole};
use crate::plan::policy::access::{RoleAccess, trust_policy};

/// The placeholder for the variable while the policy is JSON.
const CALLER: &str = "<caller_arn>";

/// Returns the configuration as HCL.
#[must_use]
pub fn terraform(role: &MemberRole) -> String {
    let has_parameter = role.access.principal.is_null();
    let access = if has_parameter {
        RoleAccess { principal: json!(CALLER), ..role.access.clone() }
    } else {
        role.access.clone()
    };
    let mut text = String::new();
    if has_parameter {
        text.push_str(
            "variable \"caller_arn\" {\n  description = \"The ARN of the role or user that runs scan\"\n  \
             type        = string\n}\n\n",
        );
    }
    let trust = object(&trust_policy(&access)).replace(&quoted(CALLER), "var.caller_arn");
    // Writing into a String cannot fail.
    let _ = write!(
        text,
        "resource \"aws_iam_role\" \"inventory\" {{\n  name               = {}\n  path               = {}\n  \
         description        = {}\n  assume_role_policy = jsonencode({trust})\n",
        quoted(&role.name),
        quoted(&role.path),
        quoted(DESCRIPTION),
    );
    if let Some(seconds) = role.longest_session() {
        let _ = writeln!(text, "\n  max_session_duration = {seconds}");
    }
    text.push_str("}\n");
    for (index, policy) in role.policies.iter().enumerate() {
        let (name, number) = (role.policy_name(index), index + 1);
        let _ = write!(
            text,
            "\nresource \"aws_iam_policy\" \"inventory_{number}\" {{\n  name        = {}\n  description = {}\n  \
             policy      = jsonencode({})\n}}\n\n\
             resource \"aws_iam_role_policy_attachment\" \"inventory_{number}\" {{\n  \
             role       = aws_iam_role.inventory.name\n  \
             policy_arn = aws_iam_policy.inventory_{number}.arn\n}}\n",
            quoted(&name),
            quoted(DESCRIPTION),
            object(policy),
        );
    }
    text.push_str("\noutput \"role_arn\" {\n  value = aws_iam_role.inventory.arn\n}\n");
    text
}

/// Returns a document as an HCL expression: JSON is valid HCL, except for the characters that start a template.
/// Terraform indents it by the block that contains it.
fn object(document: &Value) -> String {
    escape(&format!("{document:#}")).replace('\n', "\n  ")
}

fn quoted(text: &str) -> String {
    escape(&json!(text).to_string())
}

fn escape(text: &str) -> String {
    text.replace("${", "$${").replace("%{", "%%{")
}

#[cfg(test)]
mod tests {
    use super::{object, quoted};

    #[test]
    fn terraform_template_markers_are_escaped() {
        assert_eq!(quoted("a ${b} %{c}"), r#""a $${b} %%{c}""#);
        assert_eq!(object(&serde_json::json!({"a": ["b"]})), "{\n    \"a\": [\n      \"b\"\n    ]\n  }");
    }
}

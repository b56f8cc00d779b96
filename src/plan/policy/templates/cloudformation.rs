//! The member role as a CloudFormation template for a StackSet
//! (docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-iam-role.html).

use serde_json::{Map, Value, json};

use super::{DESCRIPTION, MemberRole};
use crate::plan::policy::access::{RoleAccess, trust_policy};

/// The parameter for the principal.
const CALLER: &str = "CallerArn";

/// Returns the template as JSON.
#[must_use]
pub fn cloudformation(role: &MemberRole) -> Value {
    let has_parameter = role.access.principal.is_null();
    let access = if has_parameter {
        RoleAccess { principal: json!({"Ref": CALLER}), ..role.access.clone() }
    } else {
        role.access.clone()
    };
    let mut properties = json!({
        "RoleName": role.name,
        "Path": role.path,
        "Description": DESCRIPTION,
        "AssumeRolePolicyDocument": trust_policy(&access),
    });
    if let Some(seconds) = role.longest_session() {
        properties["MaxSessionDuration"] = seconds.into();
    }
    let policies: Map<String, Value> =
        role.policies.iter().enumerate().map(|(index, policy)| resource(role, index, policy)).collect();
    properties["ManagedPolicyArns"] =
        policies.keys().map(|name| json!({"Ref": name})).collect::<Vec<_>>().into();
    let mut template = json!({
        "AWSTemplateFormatVersion": "2010-09-09",
        "Description": format!("The role that `scan` assumes: {DESCRIPTION}"),
    });
    if has_parameter {
        template["Parameters"] = json!({CALLER: {
            "Type": "String",
            "Description": "The ARN of the role or user that runs scan",
            "AllowedPattern": "arn:aws[a-z-]*:iam::[0-9]{12}:(root|(role|user)/.+)",
        }});
    }
    let mut resources = json!({"InventoryRole": {"Type": "AWS::IAM::Role", "Properties": properties}});
    if let Value::Object(resources) = &mut resources {
        resources.extend(policies);
    }
    template["Resources"] = resources;
    template["Outputs"] = json!({"RoleArn": {
        "Description": "The ARN of the role in this account",
        "Value": {"Fn::GetAtt": ["InventoryRole", "Arn"]},
    }});
    template
}

fn resource(role: &MemberRole, index: usize, policy: &Value) -> (String, Value) {
    let properties = json!({
        "ManagedPolicyName": role.policy_name(index),
        "Description": DESCRIPTION,
        "PolicyDocument": policy,
    });
    let name = format!("InventoryPolicy{}", index + 1);
    (name, json!({"Type": "AWS::IAM::ManagedPolicy", "Properties": properties}))
}

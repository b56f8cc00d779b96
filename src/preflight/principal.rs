//! Whom a policy has to name.

/// The principal that stands for a caller in a trust policy. A session of a role is named by its role:
/// the session itself ends. The role's path is not in the session's ARN; where the role has one, it has
/// to be added (AWS IAM user guide, "IAM identifiers").
pub(super) fn principal_of(arn: &str) -> String {
    let mut parts: Vec<&str> = arn.splitn(6, ':').collect();
    let Some(role) = parts.get(5).and_then(|resource| resource.strip_prefix("assumed-role/")) else {
        return arn.to_owned();
    };
    let role = format!("role/{}", role.split('/').next().unwrap_or_default());
    parts[2] = "iam";
    parts[5] = &role;
    parts.join(":")
}

/// The name in the ARN of a role; `None` for another ARN.
pub(super) fn name_of_role(arn: &str) -> Option<&str> {
    arn.splitn(6, ':').nth(5)?.strip_prefix("role/")?.rsplit('/').next()
}

#[cfg(test)]
mod tests {
    use super::{name_of_role, principal_of};

    #[test]
    fn a_session_is_named_by_its_role_and_a_user_by_itself() {
        let role = principal_of("arn:aws-us-gov:sts::111111111111:assumed-role/Admin/me");
        assert_eq!(role, "arn:aws-us-gov:iam::111111111111:role/Admin");
        assert_eq!(
            principal_of("arn:aws:iam::111111111111:user/a/me"),
            "arn:aws:iam::111111111111:user/a/me"
        );
        assert_eq!(name_of_role("arn:aws:iam::111111111111:role/path/Audit"), Some("Audit"));
    }
}

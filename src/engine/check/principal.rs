//! The principal of a statement in a trust policy.

use crate::arn::Arn;

/// Returns the principal for a caller in a trust policy. For a role session this is the role, since the session
/// itself expires. The ARN of a session does not contain the role's path; if the role has a path, it has to be
/// added (AWS IAM user guide, "IAM identifiers").
pub(super) fn principal_of(arn: &str) -> String {
    let Some(parts) = Arn::parse(arn) else { return arn.to_owned() };
    match parts.assumed_role_name() {
        Some(role) => format!("arn:{}:iam::{}:role/{role}", parts.partition, parts.account),
        None => arn.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::principal_of;

    #[test]
    fn a_session_is_named_by_its_role_and_a_user_by_itself() {
        let role = principal_of("arn:aws-us-gov:sts::111111111111:assumed-role/Admin/me");
        assert_eq!(role, "arn:aws-us-gov:iam::111111111111:role/Admin");
        assert_eq!(
            principal_of("arn:aws:iam::111111111111:user/a/me"),
            "arn:aws:iam::111111111111:user/a/me"
        );
    }
}

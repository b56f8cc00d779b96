//! The options of a user of IAM Identity Center.

use clap::Args;

use super::role::RoleArguments;
use super::session_policy::SessionPolicyArguments;
use crate::app::settings::permission_sets::PermissionSetChoice;
use crate::error::Failure;

/// The options of a user of IAM Identity Center.
#[derive(Args, Clone, Debug, Default)]
#[command(next_help_heading = "Accounts")]
pub(in crate::cli) struct PermissionSetArguments {
    /// Permission set to scan all assigned accounts with (repeatable)
    ///
    /// Sign in with `aws sso login` first. All accounts in which a permission set is assigned to the user are scanned,
    /// each with the first of the given permission sets that is assigned there. No role is assumed, and Organizations
    /// is not called. The variable `SCAN_SSO_PERMISSION_SET` has names separated by commas.
    #[arg(
        long,
        value_name = "NAME",
        value_delimiter = ',',
        env = "SCAN_SSO_PERMISSION_SET",
        hide_env = true
    )]
    sso_permission_set: Vec<String>,

    /// SSO session of the AWS config file [default: that of the profile, or the only one]
    #[arg(long, value_name = "NAME", env = "SCAN_SSO_SESSION", hide_short_help = true)]
    sso_session: Option<String>,
}

impl PermissionSetArguments {
    /// Sets the permission sets if none is given.
    #[cfg(feature = "demo")]
    pub(in crate::cli) fn set_default(&mut self, names: &[&str]) {
        if self.sso_permission_set.is_empty() {
            self.sso_permission_set = names.iter().map(|name| (*name).to_owned()).collect();
        }
    }

    /// Returns whether a permission set is given.
    #[cfg(feature = "demo")]
    pub(in crate::cli) fn is_given(&self) -> bool {
        self.sso_permission_set.iter().any(|name| !name.is_empty())
    }

    /// Returns the choice of the user; `None` if a role is assumed.
    ///
    /// # Errors
    ///
    /// Where a name is not valid, a session is given without a permission set, or other options are about a role.
    pub(in crate::cli) fn choice(
        self,
        organization_scan: bool,
        role: &RoleArguments,
        session_policy: &SessionPolicyArguments,
    ) -> Result<Option<PermissionSetChoice>, Failure> {
        let choice = PermissionSetChoice::new(&self.sso_permission_set, self.sso_session.clone())?;
        if choice.is_none() {
            return match self.sso_session.filter(|name| !name.is_empty()) {
                Some(_) => Err(Failure::usage("--sso-session: no permission set is given")
                    .hint("add --sso-permission-set, such as ReadOnlyAccess")),
                None => Ok(None),
            };
        }
        if organization_scan {
            return Err(Failure::usage(
                "--organization-scan: --sso-permission-set lists the accounts itself",
            )
            .hint("remove --organization-scan"));
        }
        let of_session = session_policy.is_given().then_some("--session-policy");
        match role.first_given().or(of_session) {
            Some(option) => Err(Failure::usage(format!(
                "{option}: with --sso-permission-set, no role is assumed"
            ))
            .hint(format!(
                "remove {option}: the permission set determines the permissions and the duration"
            ))),
            None => Ok(choice),
        }
    }
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::super::role::RoleArguments;
    use super::super::session_policy::SessionPolicyArguments;
    use super::PermissionSetArguments;
    use crate::app::settings::permission_sets::PermissionSetChoice;
    use crate::error::Failure;

    #[derive(Parser)]
    struct AccessLine {
        #[command(flatten)]
        sets: PermissionSetArguments,
        #[command(flatten)]
        role: RoleArguments,
        #[command(flatten)]
        policy: SessionPolicyArguments,
        #[arg(long)]
        organization_scan: bool,
    }

    fn choice(arguments: &[&str]) -> Result<Option<PermissionSetChoice>, Failure> {
        let line = AccessLine::try_parse_from(["scan"].iter().chain(arguments)).expect("an accepted line");
        line.sets.choice(line.organization_scan, &line.role, &line.policy)
    }

    #[test]
    fn permission_sets_are_repeated_or_separated_by_commas() {
        for arguments in [
            ["--sso-permission-set", "Audit,ReadOnly", "--sso-session", "corp"].as_slice(),
            &["--sso-permission-set", "Audit", "--sso-permission-set", "ReadOnly", "--sso-session", "corp"],
        ] {
            let choice = choice(arguments).expect("a choice").expect("permission sets");
            assert_eq!(choice.names, ["Audit", "ReadOnly"]);
            assert_eq!(choice.session.as_deref(), Some("corp"));
        }
        assert_eq!(choice(&[]).expect("a choice"), None);
    }

    #[test]
    fn options_of_a_role_conflict_with_permission_sets() {
        for (option, value) in [
            ("--role-name", "Audit"),
            ("--role-path", "/audit/"),
            ("--role-arn-template", "arn:aws:iam::{account}:role/Audit"),
            ("--via-role", "arn:aws:iam::111111111111:role/Hub"),
            ("--external-id", "x-1"),
            ("--source-identity", "alice"),
            ("--session-tag", "team=audit"),
            ("--duration", "1h"),
            ("--session-policy", "none"),
        ] {
            let failure = choice(&["--sso-permission-set", "Audit", option, value]).expect_err("a conflict");
            assert!(failure.to_string().starts_with(&format!("{option}: ")), "{failure}");
        }
        let failure =
            choice(&["--sso-permission-set", "Audit", "--organization-scan"]).expect_err("a conflict");
        assert!(failure.to_string().contains("remove --organization-scan"), "{failure}");
    }

    #[test]
    fn session_without_permission_set_is_an_error() {
        let failure = choice(&["--sso-session", "corp"]).expect_err("an error").to_string();
        assert!(failure.contains("add --sso-permission-set"), "{failure}");
    }
}

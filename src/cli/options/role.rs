//! The options of the member role.

use std::time::Duration;

use clap::Args;
use clap::builder::NonEmptyStringValueParser;

use crate::app::settings::role::RoleChoice;
use crate::app::settings::session_policy::SessionPolicyChoice;
use crate::aws::credentials::{DEFAULT_ROLE_NAME, RoleSettings};
use crate::error::Failure;

/// The options of the member role, except for its name.
#[derive(Args, Clone, Debug, Default)]
#[command(next_help_heading = "Role")]
pub(in crate::cli) struct RoleArguments {
    /// Role to assume in member accounts (repeatable)
    ///
    /// In accounts where the first role cannot be assumed, the others are tried in their order.
    #[arg(long, alias = "org-role-name", alias = "org_role_name", env = "ORG_ROLE_NAME", value_name = "NAME",
        default_value = DEFAULT_ROLE_NAME)]
    pub(in crate::cli) role_name: Vec<String>,

    /// Path of the role, such as /audit/
    #[arg(long, value_name = "PATH", value_parser = NonEmptyStringValueParser::new(), hide_short_help = true)]
    pub(in crate::cli) role_path: Option<String>,

    /// ARN of the role with {account} and {partition}, instead of name and path
    #[arg(long, value_name = "ARN", conflicts_with = "role_path", hide_short_help = true)]
    pub(in crate::cli) role_arn_template: Option<String>,

    /// Intermediate role to assume first (role chaining)
    #[arg(long, value_name = "ARN")]
    pub(in crate::cli) via_role: Option<String>,

    /// External ID that the role's trust policy requires
    #[arg(long, value_name = "ID", hide_short_help = true)]
    pub(in crate::cli) external_id: Option<String>,

    /// Source identity to set on the role sessions (`sts:SourceIdentity`)
    #[arg(long, value_name = "NAME", hide_short_help = true)]
    pub(in crate::cli) source_identity: Option<String>,

    /// Session tag (repeatable)
    #[arg(id = "session_tag", long = "session-tag", value_name = "KEY=VALUE", value_parser = tag, hide_short_help = true)]
    pub(in crate::cli) session_tags: Vec<(String, String)>,

    /// Duration of a session: 900 to 43200 seconds, or 15m to 12h [default: 1h]
    #[arg(long, value_name = "TIME", value_parser = duration, hide_short_help = true)]
    pub(in crate::cli) duration: Option<Duration>,
}

impl RoleArguments {
    /// Returns the first option that is given. The default name of the role, and an empty one, count as not given.
    pub(in crate::cli) fn first_given(&self) -> Option<&'static str> {
        let options = [
            (self.role_name.iter().any(|name| !matches!(&**name, "" | DEFAULT_ROLE_NAME)), "--role-name"),
            (self.role_path.is_some(), "--role-path"),
            (self.role_arn_template.is_some(), "--role-arn-template"),
            (self.via_role.is_some(), "--via-role"),
            (self.external_id.is_some(), "--external-id"),
            (self.source_identity.is_some(), "--source-identity"),
            (!self.session_tags.is_empty(), "--session-tag"),
            (self.duration.is_some(), "--duration"),
        ];
        options.into_iter().find_map(|(is_given, option)| is_given.then_some(option))
    }

    /// Checks everything against AWS's rules.
    pub(in crate::cli) fn choice(
        &self,
        session_name: String,
        session_policy: SessionPolicyChoice,
    ) -> Result<RoleChoice, Failure> {
        let mut names = self.role_name.iter().filter(|name| !name.is_empty()).cloned();
        RoleChoice::new(
            RoleSettings {
                role_name: names.next().unwrap_or_default(),
                fallback_role_names: names.collect(),
                role_path: self.role_path.clone().unwrap_or_else(|| "/".to_owned()),
                arn_template: self.role_arn_template.clone(),
                external_id: self.external_id.clone(),
                session_name,
                duration: self.duration,
                session_policies: Vec::new(),
                source_identity: self.source_identity.clone(),
                tags: self.session_tags.clone(),
                ..RoleSettings::default()
            },
            session_policy,
            self.via_role.clone(),
        )
    }
}

fn tag(text: &str) -> Result<(String, String), String> {
    let (key, value) = text.split_once('=').ok_or("write a tag as key=value")?;
    Ok((key.to_owned(), value.to_owned()))
}

/// Parses seconds, or a number with `s`, `m` or `h`.
fn duration(text: &str) -> Result<Duration, String> {
    let (number, unit) = match text.char_indices().last() {
        Some((end, 's')) => (&text[..end], 1),
        Some((end, 'm')) => (&text[..end], 60),
        Some((end, 'h')) => (&text[..end], 3600),
        _ => (text, 1),
    };
    let seconds = number.parse::<u64>().ok().and_then(|number| number.checked_mul(unit));
    seconds
        .map(Duration::from_secs)
        .ok_or_else(|| "write seconds, or a number with s, m or h: 900, 45m, 2h".to_owned())
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::{RoleArguments, RoleChoice, SessionPolicyChoice, duration, tag};

    fn choice(typed: &RoleArguments) -> Result<RoleChoice, crate::error::Failure> {
        typed.choice("nightly".to_owned(), SessionPolicyChoice::typed("none")?)
    }

    #[test]
    fn durations_are_seconds_or_have_a_unit() {
        assert_eq!(duration("900"), Ok(Duration::from_mins(15)));
        assert_eq!(duration("900s"), Ok(Duration::from_mins(15)));
        assert_eq!(duration("45m"), Ok(Duration::from_mins(45)));
        assert_eq!(duration("12h"), Ok(Duration::from_hours(12)));
        for wrong in ["", "h", "1d", "1.5h", "-1", "99999999999999999999h"] {
            assert!(duration(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_tags_value_may_hold_the_sign_that_divides() {
        assert_eq!(tag("team=a=b"), Ok(("team".to_owned(), "a=b".to_owned())));
        assert!(tag("team").is_err());
    }

    #[test]
    fn manifest_keeps_typed_role_options() {
        let typed = RoleArguments {
            role_path: Some("/audit/".to_owned()),
            via_role: Some("arn:aws:iam::123456789012:role/Hub".to_owned()),
            external_id: Some("x-1".to_owned()),
            role_name: vec!["Reader".to_owned()],
            source_identity: Some("alice".to_owned()),
            session_tags: vec![("team".to_owned(), "audit".to_owned())],
            duration: Some(Duration::from_hours(2)),
            ..RoleArguments::default()
        };
        let choice = choice(&typed).expect("a usable role");
        let again = RoleChoice::from_manifest(Some("Reader"), &choice.kept()).expect("a usable role");
        assert_eq!(again.role, choice.role);
        assert_eq!(again.kept(), choice.kept());
        assert_eq!(again.via_role, choice.via_role);
    }

    #[test]
    fn a_source_identity_is_set_on_the_first_session_alone() {
        let typed = RoleArguments {
            via_role: Some("arn:aws:iam::123456789012:role/Hub".to_owned()),
            source_identity: Some("alice".to_owned()),
            role_name: vec!["Reader".to_owned()],
            ..RoleArguments::default()
        };
        let choice = choice(&typed).expect("a usable role");
        assert_eq!(choice.role.source_identity, None);
        assert_eq!(choice.source_identity.as_deref(), Some("alice"));
    }

    #[test]
    fn a_templates_last_part_is_the_roles_name() {
        let typed = RoleArguments {
            role_arn_template: Some("arn:{partition}:iam::{account}:role/audit/Reader".to_owned()),
            role_name: vec!["Reader".to_owned()],
            ..RoleArguments::default()
        };
        assert_eq!(choice(&typed).expect("a usable role").role.role_name, "Reader");
    }
}

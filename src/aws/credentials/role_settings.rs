//! The role that is assumed in every account, and the rules AWS sets for its parts.

use std::fmt::Write as _;
use std::time::Duration;

use super::session_policy::{SessionPolicy, fill_in};
use crate::arn::Arn;
use crate::error::Failure;
use crate::names::{AccountId, Partition};
use crate::util::plural::plural;

/// The role that Organizations creates in every account that it creates.
pub const DEFAULT_ROLE_NAME: &str = "OrganizationAccountAccessRole";

/// The name under which our sessions appear in `CloudTrail`.
pub const DEFAULT_SESSION_NAME: &str = "aws-auto-inventory";

/// The longest session that a session may open in its turn (role chaining).
pub(super) const CHAINED_SESSION: Duration = Duration::from_hours(1);

/// How to assume a role in an account.
///
/// The lengths and characters that are allowed come from botocore's models: `AssumeRoleRequest`
/// in `sts/2011-06-15`, `roleNameType` and `pathType` in `iam/2010-05-08`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RoleSettings {
    /// The role's name, the same in every account.
    pub role_name: String,
    /// The role's path: `/`, or text between slashes, such as `/service-role/`.
    pub role_path: String,
    /// The role's ARN with `{account}`, and `{partition}` if need be, in place of their values. It takes the place
    /// of name and path.
    pub arn_template: Option<String>,
    /// The external id that the role's trust policy asks for.
    pub external_id: Option<String>,
    /// The session's name.
    pub session_name: String,
    /// How long a session lasts: 15 minutes to 12 hours, and no longer than the role allows.
    /// `None` leaves it to AWS, which takes one hour.
    pub duration: Option<Duration>,
    /// What narrows the session down, the tightest first: where STS finds one too large, it is asked with the
    /// next. Without any, the session may do what the role may.
    pub session_policies: Vec<SessionPolicy>,
    /// Who is behind the session, for `CloudTrail`; kept through further sessions.
    pub source_identity: Option<String>,
    /// Session tags: keys and values.
    pub tags: Vec<(String, String)>,
}

impl Default for RoleSettings {
    fn default() -> Self {
        Self {
            role_name: DEFAULT_ROLE_NAME.to_owned(),
            role_path: "/".to_owned(),
            arn_template: None,
            external_id: None,
            session_name: DEFAULT_SESSION_NAME.to_owned(),
            duration: None,
            session_policies: Vec::new(),
            source_identity: None,
            tags: Vec::new(),
        }
    }
}

impl RoleSettings {
    /// The role's ARN in an account.
    #[must_use]
    pub fn arn(&self, partition: &Partition, account: &AccountId) -> String {
        match &self.arn_template {
            Some(template) => fill_in(template, partition, account),
            None => format!("arn:{partition}:iam::{account}:role{}{}", self.role_path, self.role_name),
        }
    }

    /// Checks everything against AWS's rules, so that a slip of the pen is one clear error and not
    /// a refusal from every account.
    ///
    /// # Errors
    ///
    /// A [`FailureKind::Usage`](crate::error::FailureKind) that names the value and the rule.
    pub fn check(&self) -> Result<(), Failure> {
        if self.role_name.contains([':', '/']) {
            return Err(Failure::usage(format!("`{}` is not the name of a role", self.role_name))
                .hint("give the bare name, as in OrganizationAccountAccessRole; account and ARN are filled in, and a path is set on its own"));
        }
        check_text("the role name", &self.role_name, 1..=64, "+=,.@-_")?;
        self.check_path()?;
        self.check_template()?;
        check_text("the session name", &self.session_name, 2..=64, "+=,.@-_")?;
        if let Some(external_id) = &self.external_id {
            check_text("the external id", external_id, 2..=1224, "+=,.@:/-_")?;
        }
        if let Some(source_identity) = &self.source_identity {
            check_text("the source identity", source_identity, 2..=64, "+=,.@-_")?;
        }
        self.check_duration()?;
        self.check_tags()
    }

    fn check_path(&self) -> Result<(), Failure> {
        let path = &self.role_path;
        let delimited = path == "/" || (path.len() > 2 && path.starts_with('/') && path.ends_with('/'));
        if delimited && path.len() <= 512 && path.bytes().all(|byte| (0x21..=0x7e).contains(&byte)) {
            return Ok(());
        }
        Err(Failure::usage(format!("`{path}` is not the path of a role"))
            .hint("a path starts and ends with a slash, as in /service-role/, and holds no spaces"))
    }

    fn check_template(&self) -> Result<(), Failure> {
        let Some(template) = &self.arn_template else { return Ok(()) };
        let example = self.arn(&Partition::new("aws"), &AccountId::new("123456789012"));
        if template.contains("{account}") && !example.contains(['{', '}']) && parse_role_arn(&example).is_ok()
        {
            return Ok(());
        }
        Err(Failure::usage(format!("`{template}` is not the template of a role's ARN")).hint(
            "it looks like arn:{partition}:iam::{account}:role/path/Name; {account} has to be there, and {partition} may",
        ))
    }

    fn check_duration(&self) -> Result<(), Failure> {
        match self.duration.map(|duration| duration.as_secs()) {
            Some(seconds) if !(900..=43_200).contains(&seconds) => Err(Failure::usage(format!(
                "a role session cannot last {seconds} seconds"
            ))
            .hint(
                "AWS allows 900 (15 minutes) to 43200 (12 hours), and no more than the role's own maximum",
            )),
            _ => Ok(()),
        }
    }

    fn check_tags(&self) -> Result<(), Failure> {
        if self.tags.len() > 50 {
            return Err(Failure::usage(format!("{} session tags are too many", self.tags.len()))
                .hint("AWS allows 50"));
        }
        let is_wrong = |(key, value): &&(String, String)| {
            !(1..=128).contains(&key.chars().count())
                || value.chars().count() > 256
                || key.to_ascii_lowercase().starts_with("aws:")
                || !key.chars().chain(value.chars()).all(is_tag_letter)
        };
        if let Some((key, _)) = self.tags.iter().find(is_wrong) {
            return Err(Failure::usage(format!("the session tag `{key}` is not usable")).hint(
                "a key has 1 to 128 characters and does not begin with aws:, a value has at most 256; both have \
                 letters, digits, spaces and _ . : / = + - @",
            ));
        }
        let mut keys: Vec<String> = self.tags.iter().map(|(key, _)| key.to_lowercase()).collect();
        keys.sort();
        match keys.windows(2).find(|pair| pair[0] == pair[1]) {
            Some(pair) => Err(Failure::usage(format!("the session tag `{}` is given twice", pair[0]))
                .hint("AWS does not tell the keys of session tags apart by case")),
            None => Ok(()),
        }
    }
}

/// What AWS allows in session tags (`tagKeyType` in botocore's `sts/2011-06-15`).
fn is_tag_letter(letter: char) -> bool {
    letter.is_alphanumeric() || letter.is_whitespace() || "_.:/=+-@".contains(letter)
}

fn check_text(
    what: &str,
    text: &str,
    length: std::ops::RangeInclusive<usize>,
    marks: &str,
) -> Result<(), Failure> {
    let mut complaint = String::new();
    if !length.contains(&text.len()) {
        let _ = write!(complaint, "it has {}", plural(text.len(), "character"));
    } else if let Some(bad) =
        text.chars().find(|char| !char.is_ascii_alphanumeric() && !marks.contains(*char))
    {
        let _ = write!(complaint, "it holds {bad:?}");
    } else {
        return Ok(());
    }
    let marks: Vec<String> = marks.chars().map(String::from).collect();
    Err(Failure::usage(format!("{what} `{text}` is not usable: {complaint}")).hint(format!(
        "AWS allows {} to {} letters, digits and {}",
        length.start(),
        length.end(),
        marks.join(" ")
    )))
}

/// Checks that a text is the ARN of a role.
///
/// # Errors
///
/// A [`FailureKind::Usage`](crate::error::FailureKind) that says what one looks like.
pub fn check_role_arn(arn: &str) -> Result<(), Failure> {
    parse_role_arn(arn).map(drop)
}

/// The account and the name of a role, from its ARN.
pub(super) fn parse_role_arn(arn: &str) -> Result<(AccountId, &str), Failure> {
    let parts = Arn::parse(arn).filter(|parts| parts.partition.starts_with("aws"));
    parts.and_then(|parts| Some((parts.account_id()?, parts.role_name()?))).ok_or_else(|| {
        Failure::usage(format!("`{arn}` is not the ARN of a role"))
            .hint("a role's ARN looks like arn:aws:iam::123456789012:role/Scanner")
    })
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::{RoleSettings, parse_role_arn};
    use crate::error::FailureKind;
    use crate::names::{AccountId, Partition};

    #[track_caller]
    fn refused(settings: &RoleSettings, expected: &str) {
        let failure = settings.check().expect_err("a setting that AWS would refuse");
        assert_eq!(failure.kind(), FailureKind::Usage);
        assert!(failure.to_string().contains(expected), "{failure}");
    }

    #[test]
    fn the_defaults_are_what_organizations_creates() {
        let settings = RoleSettings::default();
        settings.check().expect("usable defaults");
        assert_eq!(
            settings.arn(&Partition::new("aws"), &AccountId::new("123456789012")),
            "arn:aws:iam::123456789012:role/OrganizationAccountAccessRole"
        );
    }

    #[test]
    fn the_arn_follows_partition_and_path() {
        let settings = RoleSettings {
            role_name: "Audit".to_owned(),
            role_path: "/security/read/".to_owned(),
            ..RoleSettings::default()
        };
        let arn = |partition| settings.arn(&Partition::new(partition), &AccountId::new("123456789012"));
        assert_eq!(arn("aws-cn"), "arn:aws-cn:iam::123456789012:role/security/read/Audit");
        assert_eq!(arn("aws-us-gov"), "arn:aws-us-gov:iam::123456789012:role/security/read/Audit");
    }

    #[test]
    fn every_part_is_held_against_the_rules_of_aws() {
        let defaults = RoleSettings::default();
        refused(
            &RoleSettings { role_name: "arn:aws:iam::1:role/x".to_owned(), ..defaults.clone() },
            "not the name of a role",
        );
        refused(&RoleSettings { role_name: "a b".to_owned(), ..defaults.clone() }, "it holds ' '");
        refused(
            &RoleSettings { role_path: "team/".to_owned(), ..defaults.clone() },
            "not the path of a role",
        );
        refused(
            &RoleSettings { session_name: "x".to_owned(), ..defaults.clone() },
            "the session name `x` is not usable: it has 1 character",
        );
        refused(
            &RoleSettings { external_id: Some("ü1".to_owned()), ..defaults.clone() },
            "the external id `ü1`",
        );
        refused(
            &RoleSettings { duration: Some(Duration::from_mins(1)), ..defaults.clone() },
            "cannot last 60 seconds",
        );
        let tags = |tags: &[(&str, &str)]| {
            let tags = tags.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned()));
            RoleSettings { tags: tags.collect(), ..defaults.clone() }
        };
        refused(&tags(&[("", "v")]), "session tag");
        refused(&tags(&[("aws:x", "v")]), "session tag `aws:x`");
        refused(&tags(&[("team", "a;b")]), "session tag `team`");
        refused(&tags(&[("team", "a"), ("Team", "b")]), "given twice");
        for template in
            ["arn:aws:iam::123456789012:role/x", "arn:{partition}:iam::{account}:role/", "{account}"]
        {
            let settings = RoleSettings { arn_template: Some(template.to_owned()), ..defaults.clone() };
            refused(&settings, "not the template of a role's ARN");
        }
    }

    #[test]
    fn a_template_takes_the_place_of_name_and_path() {
        let settings = RoleSettings {
            arn_template: Some("arn:{partition}:iam::{account}:role/audit/Reader".to_owned()),
            ..RoleSettings::default()
        };
        settings.check().expect("a usable template");
        assert_eq!(
            settings.arn(&Partition::new("aws-cn"), &AccountId::new("123456789012")),
            "arn:aws-cn:iam::123456789012:role/audit/Reader"
        );
    }

    #[test]
    fn parse_role_arn_returns_account_and_name() {
        let parsed = parse_role_arn("arn:aws:iam::999999999999:role/audit/Hub").expect("an ARN");
        assert_eq!(parsed, (AccountId::new("999999999999"), "Hub"));
        for other in ["arn:aws:iam::1:role/x", "arn:aws:iam::999999999999:user/x", "Hub", ""] {
            assert!(parse_role_arn(other).is_err(), "{other}");
        }
    }
}

//! The settings of the role that is assumed in every account, and AWS's rules for their values.

use std::collections::{BTreeSet, HashMap};
use std::fmt::Write as _;
use std::time::Duration;

use super::role_override::RoleOverride;
use super::session_policy::{SessionPolicy, fill_in};
use crate::arn::Arn;
use crate::error::Failure;
use crate::names::{AccountId, Partition};
use crate::util::plural::plural;

/// The role that Organizations creates in every account that it creates.
pub const DEFAULT_ROLE_NAME: &str = "OrganizationAccountAccessRole";

/// The default name of the role sessions, as it appears in `CloudTrail`.
pub const DEFAULT_SESSION_NAME: &str = "aws-auto-inventory";

/// The maximum duration of a session that is opened from another role session (role chaining).
pub(super) const CHAINED_SESSION: Duration = Duration::from_hours(1);

/// The settings for assuming a role in an account.
///
/// The allowed lengths and characters come from botocore's models: `AssumeRoleRequest` in `sts/2011-06-15`,
/// `roleNameType` and `pathType` in `iam/2010-05-08`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RoleSettings {
    /// The role's name, the same in every account.
    pub role_name: String,
    /// The names of further roles with the same path, which are tried in this order in accounts where the first one
    /// cannot be assumed.
    pub fallback_role_names: Vec<String>,
    /// The role's path: `/`, or text between slashes, such as `/service-role/`.
    pub role_path: String,
    /// A template of the role's ARN with the placeholders `{account}` and, optionally, `{partition}`. It replaces
    /// name and path.
    pub arn_template: Option<String>,
    /// The external ID that the role's trust policy requires.
    pub external_id: Option<String>,
    /// The session's name.
    pub session_name: String,
    /// The duration of a session: 15 minutes to 12 hours, and at most the role's maximum. `None` means AWS's
    /// default of one hour.
    pub duration: Option<Duration>,
    /// The session policies to try, the tightest first: where STS rejects one as too large, the next is used.
    /// Without any, the session has all permissions of the role.
    pub session_policies: Vec<SessionPolicy>,
    /// The source identity of the session (`sts:SourceIdentity`) for `CloudTrail`; it persists through role
    /// chaining.
    pub source_identity: Option<String>,
    /// The session tags: keys and values.
    pub tags: Vec<(String, String)>,
    /// The accounts with other settings.
    pub overrides: HashMap<AccountId, RoleOverride>,
}

impl Default for RoleSettings {
    fn default() -> Self {
        Self {
            role_name: DEFAULT_ROLE_NAME.to_owned(),
            fallback_role_names: Vec::new(),
            role_path: "/".to_owned(),
            arn_template: None,
            external_id: None,
            session_name: DEFAULT_SESSION_NAME.to_owned(),
            duration: None,
            session_policies: Vec::new(),
            source_identity: None,
            tags: Vec::new(),
            overrides: HashMap::new(),
        }
    }
}

impl RoleSettings {
    /// Returns the names of the roles that are tried, in this order.
    pub fn role_names(&self) -> impl Iterator<Item = &str> {
        std::iter::once(&self.role_name).chain(&self.fallback_role_names).map(String::as_str)
    }

    /// Returns the ARNs of the roles that are tried in an account, in this order: at least one.
    #[must_use]
    pub fn arns(&self, partition: &Partition, account: &AccountId) -> Vec<String> {
        self.arns_with(self.overrides.get(account), partition, account)
    }

    /// Returns the ARNs of the roles that are tried in an account with these settings.
    fn arns_with(
        &self,
        own: Option<&RoleOverride>,
        partition: &Partition,
        account: &AccountId,
    ) -> Vec<String> {
        let arn = |name: &str| format!("arn:{partition}:iam::{account}:role{}{name}", self.role_path);
        match (own, &self.arn_template) {
            (Some(RoleOverride { role_arn: Some(arn), .. }), _) => vec![arn.clone()],
            (Some(RoleOverride { role_names, .. }), _) if !role_names.is_empty() => {
                role_names.iter().map(|name| arn(name)).collect()
            }
            (_, Some(template)) => vec![fill_in(template, partition, account)],
            (_, None) => self.role_names().map(arn).collect(),
        }
    }

    /// Returns the ARNs of the roles that the caller itself assumes for these accounts, for its policy: with `*` instead
    /// of the account where accounts have a role of the same name.
    #[must_use]
    pub fn arns_for_caller<'account>(
        &self,
        partition: &Partition,
        accounts: impl IntoIterator<Item = &'account AccountId>,
    ) -> Vec<String> {
        let any = AccountId::new("*");
        let arns: BTreeSet<String> = accounts
            .into_iter()
            .flat_map(|account| match self.overrides.get(account) {
                Some(RoleOverride { via_role: Some(via_role), .. }) => vec![via_role.clone()],
                own => self.arns_with(own, partition, &any),
            })
            .collect();
        arns.into_iter().collect()
    }

    /// Returns the external ID that the trust policy of the role in an account requires.
    #[must_use]
    pub fn external_id(&self, account: &AccountId) -> Option<&str> {
        let own = self.overrides.get(account).and_then(|own| own.external_id.as_deref());
        own.or(self.external_id.as_deref())
    }

    /// Returns the name of the session in an account.
    #[must_use]
    pub fn session_name(&self, account: &AccountId) -> &str {
        let own = self.overrides.get(account).and_then(|own| own.session_name.as_deref());
        own.unwrap_or(&self.session_name)
    }

    /// Validates all settings against AWS's rules, so that a typo is one clear error instead of a denial in every
    /// account.
    ///
    /// # Errors
    ///
    /// A [`FailureKind::Usage`](crate::error::FailureKind) that names the value and the rule.
    pub fn check(&self) -> Result<(), Failure> {
        self.role_names().try_for_each(check_role_name)?;
        if self.arn_template.is_some() && !self.fallback_role_names.is_empty() {
            return Err(Failure::usage("a template of a role ARN, and several names of roles")
                .hint("pass either --role-arn-template or --role-name"));
        }
        self.check_path()?;
        self.check_template()?;
        check_session_name(&self.session_name)?;
        self.external_id.as_deref().map_or(Ok(()), check_external_id)?;
        if let Some(source_identity) = &self.source_identity {
            check_text("the source identity", source_identity, 2..=64, "+=,.@-_")?;
        }
        self.check_duration()?;
        self.check_tags()
    }

    /// Validates the settings of an account against AWS's rules.
    ///
    /// # Errors
    ///
    /// A [`FailureKind::Usage`](crate::error::FailureKind) that names the value and the rule, also for the ARN of a
    /// role in another account.
    pub fn check_override(own: &RoleOverride, account: &AccountId) -> Result<(), Failure> {
        if let Some(arn) = &own.role_arn {
            if !own.role_names.is_empty() {
                return Err(Failure::usage("both the name and the ARN of the role are given"));
            }
            let (owner, _) = parse_role_arn(arn)?;
            if owner != *account {
                return Err(Failure::usage(format!("the role {arn} belongs to another account")));
            }
        }
        own.via_role.as_deref().map_or(Ok(()), check_role_arn)?;
        own.role_names.iter().try_for_each(|name| check_role_name(name))?;
        own.external_id.as_deref().map_or(Ok(()), check_external_id)?;
        own.session_name.as_deref().map_or(Ok(()), check_session_name)
    }

    fn check_path(&self) -> Result<(), Failure> {
        let path = &self.role_path;
        let delimited = path == "/" || (path.len() > 2 && path.starts_with('/') && path.ends_with('/'));
        if delimited && path.len() <= 512 && path.bytes().all(|byte| (0x21..=0x7e).contains(&byte)) {
            return Ok(());
        }
        Err(Failure::usage(format!("invalid role path: `{path}`"))
            .hint("start and end the path with a slash, as in /service-role/, and use no spaces"))
    }

    fn check_template(&self) -> Result<(), Failure> {
        let Some(template) = &self.arn_template else { return Ok(()) };
        let example = fill_in(template, &Partition::new("aws"), &AccountId::new("123456789012"));
        if template.contains("{account}") && !example.contains(['{', '}']) && parse_role_arn(&example).is_ok()
        {
            return Ok(());
        }
        Err(Failure::usage(format!("invalid template of a role ARN: `{template}`")).hint(
            "use the form arn:{partition}:iam::{account}:role/path/Name; {account} is required, {partition} is \
             optional",
        ))
    }

    fn check_duration(&self) -> Result<(), Failure> {
        match self.duration.map(|duration| duration.as_secs()) {
            Some(seconds) if !(900..=43_200).contains(&seconds) => {
                Err(Failure::usage(format!("invalid duration of a role session: {seconds} seconds"))
                    .hint("use 900 (15 minutes) to 43200 (12 hours), and at most the maximum of the role"))
            }
            _ => Ok(()),
        }
    }

    fn check_tags(&self) -> Result<(), Failure> {
        if self.tags.len() > 50 {
            return Err(
                Failure::usage(format!("too many session tags: {}", self.tags.len())).hint("pass at most 50")
            );
        }
        let is_wrong = |(key, value): &&(String, String)| {
            !(1..=128).contains(&key.chars().count())
                || value.chars().count() > 256
                || key.to_ascii_lowercase().starts_with("aws:")
                || !key.chars().chain(value.chars()).all(is_tag_letter)
        };
        if let Some((key, _)) = self.tags.iter().find(is_wrong) {
            return Err(Failure::usage(format!("invalid session tag: `{key}`")).hint(
                "use a key of 1 to 128 characters that does not start with aws:, and a value of at most 256; \
                 allowed are letters, digits, spaces and _ . : / = + - @",
            ));
        }
        let mut keys: Vec<String> = self.tags.iter().map(|(key, _)| key.to_lowercase()).collect();
        keys.sort();
        match keys.windows(2).find(|pair| pair[0] == pair[1]) {
            Some(pair) => Err(Failure::usage(format!("duplicate session tag: `{}`", pair[0]))
                .hint("use distinct keys: AWS ignores the case of session tag keys")),
            None => Ok(()),
        }
    }
}

fn check_role_name(name: &str) -> Result<(), Failure> {
    if name.contains([':', '/']) {
        return Err(Failure::usage(format!("invalid role name: `{name}`")).hint(
            "pass only the name, as in OrganizationAccountAccessRole; account and ARN are filled in, and the path \
             has a separate option",
        ));
    }
    check_text("the role name", name, 1..=64, "+=,.@-_")
}

fn check_session_name(name: &str) -> Result<(), Failure> {
    check_text("the session name", name, 2..=64, "+=,.@-_")
}

fn check_external_id(id: &str) -> Result<(), Failure> {
    check_text("the external ID", id, 2..=1224, "+=,.@:/-_")
}

/// Returns whether AWS allows a character in session tags (`tagKeyType` in botocore's `sts/2011-06-15`).
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
        let _ = write!(complaint, "it contains {bad:?}");
    } else {
        return Ok(());
    }
    let marks: Vec<String> = marks.chars().map(String::from).collect();
    Err(Failure::usage(format!("{what} `{text}` is not valid: {complaint}")).hint(format!(
        "use {} to {} letters, digits and {}",
        length.start(),
        length.end(),
        marks.join(" ")
    )))
}

/// Validates that a text is the ARN of a role.
///
/// # Errors
///
/// A [`FailureKind::Usage`](crate::error::FailureKind) with an example of a role ARN.
pub fn check_role_arn(arn: &str) -> Result<(), Failure> {
    parse_role_arn(arn).map(drop)
}

/// Returns the account and the name of a role from its ARN.
pub(super) fn parse_role_arn(arn: &str) -> Result<(AccountId, &str), Failure> {
    let parts = Arn::parse(arn).filter(|parts| parts.partition.starts_with("aws"));
    parts.and_then(|parts| Some((parts.account_id()?, parts.role_name()?))).ok_or_else(|| {
        Failure::usage(format!("invalid role ARN: `{arn}`"))
            .hint("use the form arn:aws:iam::123456789012:role/Scanner")
    })
}

#[cfg(test)]
mod tests;

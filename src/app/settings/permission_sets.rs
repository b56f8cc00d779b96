//! The permission sets of IAM Identity Center that give access to the accounts.

use crate::error::Failure;
use crate::names::AccountId;
use crate::run::{Manifest, ManifestPermissionSets};

/// The permission sets, and the SSO session of the user.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct PermissionSetChoice {
    /// The names, in the order in which they are tried in each account: at least one.
    pub(crate) names: Vec<String>,
    /// The SSO session that the user chose, by its name.
    pub(crate) session: Option<String>,
    /// The account whose credentials are the base credentials of a resumed run.
    pub(crate) caller: Option<AccountId>,
}

impl PermissionSetChoice {
    /// Returns the choice of the command line; `None` without a permission set. An empty variable counts as unset.
    ///
    /// # Errors
    ///
    /// A [`FailureKind::Usage`](crate::error::FailureKind) for a name that AWS does not allow.
    pub(crate) fn new(names: &[String], session: Option<String>) -> Result<Option<Self>, Failure> {
        let mut distinct: Vec<String> = Vec::new();
        for name in names.iter().map(|name| name.trim()).filter(|name| !name.is_empty()) {
            check_name(name)?;
            if !distinct.iter().any(|other| other == name) {
                distinct.push(name.to_owned());
            }
        }
        let session = session.filter(|name| !name.is_empty());
        Ok((!distinct.is_empty()).then_some(Self { names: distinct, session, caller: None }))
    }

    /// Returns the choice of the run that is resumed.
    pub(crate) fn from_manifest(manifest: &Manifest) -> Option<Self> {
        let kept = manifest.settings.permission_sets.clone()?;
        let caller = Some(manifest.caller.account.clone());
        Some(Self { names: kept.names, session: kept.sso_session, caller })
    }

    /// Returns the part of the manifest that a resumed run needs. `session` is the one that was used.
    pub(crate) fn kept(&self, session: Option<&str>) -> ManifestPermissionSets {
        ManifestPermissionSets { names: self.names.clone(), sso_session: session.map(str::to_owned) }
    }
}

/// Checks the pattern of botocore's `PermissionSetName` (`sso-admin/2020-07-20`).
fn check_name(name: &str) -> Result<(), Failure> {
    let is_letter = |letter: char| letter.is_ascii_alphanumeric() || "_+=,.@-".contains(letter);
    if name.len() <= 32 && name.chars().all(is_letter) {
        return Ok(());
    }
    Err(Failure::usage(format!("--sso-permission-set: `{name}` is not the name of a permission set"))
        .hint("use the name as IAM Identity Center shows it: up to 32 letters, digits and _ + = , . @ -"))
}

#[cfg(test)]
mod tests {
    use super::PermissionSetChoice;

    fn choice(names: &[&str], session: Option<&str>) -> Option<PermissionSetChoice> {
        let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
        PermissionSetChoice::new(&names, session.map(str::to_owned)).expect("valid names")
    }

    #[test]
    fn permission_sets_keep_their_order_without_repetition() {
        let choice = choice(&["Audit", " ReadOnly", "Audit"], Some("corp")).expect("a choice");
        assert_eq!(choice.names, ["Audit", "ReadOnly"]);
        assert_eq!(choice.session.as_deref(), Some("corp"));
    }

    #[test]
    fn empty_variables_count_as_unset() {
        assert_eq!(choice(&[""], Some("")), None);
        assert_eq!(choice(&["Audit"], Some("")).expect("a choice").session, None);
    }

    #[test]
    fn impossible_name_is_rejected() {
        let failure = PermissionSetChoice::new(&["arn:aws:sso".to_owned()], None).expect_err("an error");
        assert!(
            failure.to_string().contains("`arn:aws:sso` is not the name of a permission set"),
            "{failure}"
        );
    }
}

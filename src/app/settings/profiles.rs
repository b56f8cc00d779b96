//! The base credentials of a run.

use std::path::PathBuf;
use std::sync::Arc;

use futures_util::future::join_all;

use super::ResumeSettings;
use crate::aws::client::RetryPolicy;
use crate::aws::credentials::{
    BaseCredentials, BaseIdentity, BaseSettings, Caller, FileProfile, MfaSettings,
};
use crate::aws::http::ResponseLimit;
use crate::error::Failure;
use crate::names::AccountId;
use crate::run::ManifestSettings;

/// The source of the base credentials.
#[derive(Clone, Debug, Default)]
pub(crate) struct ProfileChoice {
    /// The given names, or all names of the file. With several profiles, each one is an account.
    pub(crate) names: Vec<String>,
    pub(crate) file: Option<PathBuf>,
    from_file: Vec<Arc<FileProfile>>,
    /// The warning about a file that other users can read.
    pub(crate) warning: Option<String>,
    /// The accounts that the credentials must belong to; empty if they may belong to any.
    pub(crate) expected_accounts: Vec<AccountId>,
    /// The MFA device of the user.
    mfa: MfaSettings,
}

impl ProfileChoice {
    /// Returns the profiles with these names, of the file or of the shared AWS configuration.
    ///
    /// # Errors
    ///
    /// Returns an error if a name is given twice, or the file cannot be read.
    pub(crate) fn named(names: Vec<String>, file: Option<PathBuf>) -> Result<Self, Failure> {
        for (index, name) in names.iter().enumerate() {
            if names[..index].contains(name) {
                return Err(Failure::usage(format!("--profile {name} is given twice")));
            }
        }
        Self::new(names, file)
    }

    /// Returns the profiles and the expected accounts of a resumed run: those of the request, otherwise those of its
    /// manifest.
    pub(crate) fn resumed(request: &ResumeSettings, its: &ManifestSettings) -> Result<Self, Failure> {
        let profiles = Self::resumed_profiles(request, &its.profiles, its.profiles_file.as_ref())?;
        let given = &request.expected_accounts;
        let expected = if given.is_empty() { &its.expected_accounts } else { given };
        let mut profiles = Self { expected_accounts: expected.clone(), ..profiles };
        profiles.set_mfa(request.mfa.clone())?;
        Ok(profiles)
    }

    /// Returns the profiles of the request to resume a run whose manifest is not known yet.
    pub(crate) fn of_resuming_user(request: &ResumeSettings) -> Result<Self, Failure> {
        let named = Self::named(request.profiles.clone(), request.profiles_file.clone())?;
        let mut profiles = Self { expected_accounts: request.expected_accounts.clone(), ..named };
        profiles.set_mfa(request.mfa.clone())?;
        Ok(profiles)
    }

    /// Sets the MFA device of the user.
    ///
    /// # Errors
    ///
    /// Returns an error for a device or a code of several users, and for the keys of a separate file.
    pub(crate) fn set_mfa(&mut self, mfa: MfaSettings) -> Result<(), Failure> {
        let problem = if self.is_several() {
            Some("several profiles are given, whose users have different codes")
        } else {
            self.file.as_ref().map(|_| "the profiles of --profiles-file have no MFA device")
        };
        if let (Some(option), Some(problem)) = (mfa.first_given(), problem) {
            return Err(Failure::usage(format!("{option}: {problem}")).hint(format!("remove {option}")));
        }
        self.mfa = mfa;
        Ok(())
    }

    /// Returns whether the device or the code of a user is given.
    pub(crate) fn has_mfa(&self) -> bool {
        self.mfa.first_given().is_some()
    }

    /// Returns the profiles of a resumed run. The file of a manifest is only read if the request names it as well: a
    /// manifest may come from an untrusted source.
    fn resumed_profiles(
        request: &ResumeSettings,
        names: &[String],
        file: Option<&PathBuf>,
    ) -> Result<Self, Failure> {
        let given = || Self::named(request.profiles.clone(), request.profiles_file.clone());
        match (&request.profiles_file, file) {
            _ if !request.profiles.is_empty() => given(),
            (None, None) => Self::new(names.to_vec(), None),
            (None, Some(its)) => Err(Failure::usage(format!(
                "missing --profiles-file: the run was started with profiles of {}, which is not read automatically",
                its.display()
            ))
            .hint(format!("add --profiles-file {}, if the file is yours", its.display()))),
            (Some(_), None) => given(),
            (Some(given), Some(_)) => Self::new(names.to_vec(), Some(given.clone())),
        }
    }

    fn new(names: Vec<String>, file: Option<PathBuf>) -> Result<Self, Failure> {
        let Some(path) = &file else { return Ok(Self { names, ..Self::default() }) };
        let (profiles, is_open) = FileProfile::read(path, &names)?;
        let warning = is_open.then(|| {
            let path = path.display();
            format!(
                "warning: other users of this machine can read the keys in {path}\n  hint: chmod 600 {path}"
            )
        });
        Ok(Self {
            warning,
            expected_accounts: Vec::new(),
            mfa: MfaSettings::default(),
            names: profiles.iter().map(|profile| profile.name().to_owned()).collect(),
            from_file: profiles.into_iter().map(Arc::new).collect(),
            file,
        })
    }

    /// Returns an error if the credentials belong to another account than the expected ones (`--expect-account`).
    pub(crate) fn check_account(&self, identity: &BaseIdentity) -> Result<(), Failure> {
        let is_expected = |caller: &Caller| {
            self.expected_accounts.is_empty() || self.expected_accounts.contains(&caller.account)
        };
        let Some(other) = identity.all().map(BaseIdentity::caller).find(|caller| !is_expected(caller)) else {
            return Ok(());
        };
        let expected: Vec<&str> = self.expected_accounts.iter().map(AccountId::as_str).collect();
        let (Caller { account, arn, .. }, expected) = (other, expected.join(" or "));
        Err(Failure::credentials(format!(
            "the credentials belong to account {account} ({arn}), not to {expected}"
        ))
        .hint("check --profile and the AWS_ variables, or correct --expect-account (SCAN_EXPECT_ACCOUNT)"))
    }

    /// Returns whether there are several profiles, which are an account each.
    pub(crate) fn is_several(&self) -> bool {
        self.names.len() > 1
    }

    /// Returns the settings of the only profile.
    ///
    /// # Errors
    ///
    /// A [`FailureKind::Usage`](crate::error::FailureKind) when there are several.
    pub(crate) fn single(
        &self,
        retry: RetryPolicy,
        response_limit: ResponseLimit,
    ) -> Result<BaseSettings, Failure> {
        let mut all = self.all(retry, response_limit);
        match (all.pop(), all.is_empty()) {
            (Some(single), true) => Ok(single),
            _ => Err(Failure::usage("--sso-permission-set: several profiles are given")
                .hint("choose one with --profile")),
        }
    }

    /// Loads the credentials of the only profile; `None` if there are several.
    pub(crate) async fn load_single(
        &self,
        retry: RetryPolicy,
        response_limit: ResponseLimit,
    ) -> Result<Option<BaseCredentials>, Failure> {
        match &self.all(retry, response_limit)[..] {
            [single] => BaseCredentials::load(single).await.map(Some),
            _ => Ok(None),
        }
    }

    /// Finds the credentials of several profiles, and looks up their identities.
    pub(crate) async fn identify(
        &self,
        retry: RetryPolicy,
        response_limit: ResponseLimit,
    ) -> Result<BaseIdentity, Failure> {
        let all = self.all(retry, response_limit);
        let found = join_all(all.iter().map(BaseIdentity::load)).await;
        let mut identities = Vec::with_capacity(found.len());
        for (index, identity) in found.into_iter().enumerate() {
            identities.push(identity.map_err(|failure| match self.names.get(index) {
                Some(name) => {
                    failure.hint(format!(
                        "fix the profile `{name}`: a scan needs the credentials of all profiles"
                    ))
                }
                None => failure,
            })?);
        }
        let first = identities.remove(0);
        first.sibling(identities)
    }

    /// Returns the settings of each profile, at least of one.
    fn all(&self, retry: RetryPolicy, response_limit: ResponseLimit) -> Vec<BaseSettings> {
        let settings = |profile, file_profile| BaseSettings {
            profile,
            file_profile,
            mfa: self.mfa.clone(),
            retry: retry.config(),
            response_limit,
        };
        if self.from_file.is_empty() {
            let names: Vec<_> = self.names.iter().cloned().map(Some).collect();
            let names = if names.is_empty() { vec![None] } else { names };
            names.into_iter().map(|name| settings(name, None)).collect()
        } else {
            self.from_file.iter().map(|profile| settings(None, Some(Arc::clone(profile)))).collect()
        }
    }
}

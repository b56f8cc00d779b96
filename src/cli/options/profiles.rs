//! Whose credentials a run starts from.

use std::path::PathBuf;
use std::sync::Arc;

use clap::Args;
use futures_util::future::join_all;

use crate::aws::client::RetryPolicy;
use crate::aws::credentials::{BaseIdentity, BaseSettings, FileProfile};
use crate::aws::http::ResponseLimit;
use crate::cli::console::warn;
use crate::error::Failure;

/// The choice of credentials, as it is typed.
#[derive(Args, Clone, Debug, Default)]
#[command(next_help_heading = "Credentials")]
pub(in crate::cli) struct ProfileArguments {
    /// The profile of the shared AWS configuration to take credentials from; with several, the account
    /// of each is scanned with its own credentials
    #[arg(long, value_name = "NAME")]
    profile: Vec<String>,

    /// Take credentials from this JSON file, whose profiles have the form of AWS Inventory's; all of
    /// them, or those that --profile names
    #[arg(long, value_name = "FILE")]
    profiles_file: Option<PathBuf>,
}

/// Where base credentials come from.
#[derive(Clone, Debug, Default)]
pub(in crate::cli) struct ProfileChoice {
    /// As they were typed, or all names of the file; more than one means an account each.
    pub(in crate::cli) names: Vec<String>,
    pub(in crate::cli) file: Option<PathBuf>,
    from_file: Vec<Arc<FileProfile>>,
}

impl ProfileArguments {
    /// What was meant. A file is read, and a warning printed when others can read it as well.
    pub(in crate::cli) fn choice(&self) -> Result<ProfileChoice, Failure> {
        for (index, name) in self.profile.iter().enumerate() {
            if self.profile[..index].contains(name) {
                return Err(Failure::usage(format!("--profile {name} is given twice")));
            }
        }
        ProfileChoice::new(self.profile.clone(), self.profiles_file.clone())
    }

    /// As [`Self::choice`]; without any, the profiles that a run began with. A file that its manifest names
    /// is not read unless it is given again: a manifest may have come from anywhere.
    pub(in crate::cli) fn choice_or(
        &self,
        names: &[String],
        file: Option<&PathBuf>,
    ) -> Result<ProfileChoice, Failure> {
        match (&self.profiles_file, file) {
            _ if !self.profile.is_empty() => self.choice(),
            (None, None) => ProfileChoice::new(names.to_vec(), None),
            (None, Some(its)) => Err(Failure::usage(format!(
                "the run began with profiles of {}, and no file is read because a manifest names it",
                its.display()
            ))
            .hint(format!("give it again, if it is yours: --profiles-file {}", its.display()))),
            (Some(_), None) => self.choice(),
            (Some(given), Some(_)) => ProfileChoice::new(names.to_vec(), Some(given.clone())),
        }
    }
}

impl ProfileChoice {
    fn new(names: Vec<String>, file: Option<PathBuf>) -> Result<Self, Failure> {
        let Some(path) = &file else { return Ok(Self { names, ..Self::default() }) };
        let (profiles, is_open) = FileProfile::read(path, &names)?;
        if is_open {
            let path = path.display();
            warn(format!(
                "warning: other users of this machine can read the keys in {path}\n  hint: chmod 600 {path}"
            ));
        }
        Ok(Self {
            names: profiles.iter().map(|profile| profile.name().to_owned()).collect(),
            from_file: profiles.into_iter().map(Arc::new).collect(),
            file,
        })
    }

    /// Whether accounts are scanned side by side, each with credentials of its own.
    pub(in crate::cli) fn is_several(&self) -> bool {
        self.names.len() > 1
    }

    /// Finds the credentials of all profiles, and asks AWS whose they are.
    pub(in crate::cli) async fn identify(
        &self,
        retry: RetryPolicy,
        response_limit: ResponseLimit,
    ) -> Result<BaseIdentity, Failure> {
        let settings = |profile, file_profile| BaseSettings {
            profile,
            file_profile,
            retry: retry.config(),
            response_limit,
        };
        let all: Vec<BaseSettings> = if self.from_file.is_empty() {
            let names: Vec<_> = self.names.iter().cloned().map(Some).collect();
            let names = if names.is_empty() { vec![None] } else { names };
            names.into_iter().map(|name| settings(name, None)).collect()
        } else {
            self.from_file.iter().map(|profile| settings(None, Some(Arc::clone(profile)))).collect()
        };
        let found = join_all(all.iter().map(BaseIdentity::load)).await;
        let mut identities = Vec::with_capacity(found.len());
        for (index, identity) in found.into_iter().enumerate() {
            identities.push(identity.map_err(|failure| match self.names.get(index) {
                Some(name) if self.is_several() => failure.hint(format!(
                    "this is about the profile `{name}`; nothing is scanned unless all profiles have \
                     credentials"
                )),
                _ => failure,
            })?);
        }
        let first = identities.remove(0);
        first.sibling(identities)
    }
}

//! The SSO session of the AWS config file that the user has signed in to.

use crate::aws::credentials::profiles::Profiles;
use crate::aws::credentials::shared_config::{IniValue, SharedConfig, without_comment};
use crate::error::Failure;
use crate::names::Region;
use crate::util::suggest::did_you_mean;

/// The way to configure and sign in, for a user without an SSO session.
const CONFIGURE: &str = "run `aws configure sso` once, then `aws sso login`";

/// An SSO session: a section `[sso-session NAME]` of the config file, or the keys of an older profile.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::aws::credentials) struct SsoSession {
    /// The name of the section; `None` for an older profile, which has the keys itself.
    pub(in crate::aws::credentials) name: Option<String>,
    /// The URL of the access portal.
    pub(in crate::aws::credentials) start_url: String,
    /// The region of IAM Identity Center.
    pub(in crate::aws::credentials) region: Region,
    /// The command that signs in.
    pub(in crate::aws::credentials) login: String,
}

impl SsoSession {
    /// Chooses the session: the requested one, that of the selected profile, or the only one of the config file.
    ///
    /// # Errors
    ///
    /// A [`FailureKind::Usage`](crate::error::FailureKind) that names the sessions, when none of these exists or a
    /// required key is missing.
    pub(in crate::aws::credentials) fn choose(
        profiles: &Profiles,
        requested: Option<&str>,
    ) -> Result<Self, Failure> {
        if profiles.place_in_file().is_some() {
            return Err(Failure::usage(
                "--sso-permission-set: the profiles of --profiles-file have no SSO session",
            )
            .hint("omit --profiles-file"));
        }
        let shared = profiles.shared();
        if let Some(name) = requested.or_else(|| profiles.word("sso_session")) {
            return Self::named(shared, name);
        }
        if let Some(start_url) = profiles.word("sso_start_url") {
            let profile = profiles.selected();
            let login = match profile {
                "default" => "aws sso login".to_owned(),
                name => format!("aws sso login --profile {name}"),
            };
            return Self::new(
                None,
                start_url,
                profiles.word("sso_region"),
                login,
                &format!("profile `{profile}`"),
            );
        }
        let mut names: Vec<&str> = shared.sso_sessions().map(|(name, _)| name).collect();
        names.sort_unstable();
        match names[..] {
            [only] => Self::named(shared, only),
            [] => Err(Failure::usage("--sso-permission-set: the AWS config file has no SSO session")
                .hint(CONFIGURE)),
            _ => Err(Failure::usage(format!(
                "--sso-permission-set: the AWS config file has several SSO sessions: {}",
                names.join(", ")
            ))
            .hint("choose one with --sso-session, or with --profile")),
        }
    }

    fn named(shared: &SharedConfig, name: &str) -> Result<Self, Failure> {
        let Some(session) = shared.sso_session(name) else {
            let nearest = did_you_mean(name, shared.sso_sessions().map(|(name, _)| name));
            return Err(Failure::usage(format!("no SSO session `{name}` in the AWS config file{nearest}"))
                .hint("name a section `[sso-session NAME]` of the file with --sso-session"));
        };
        let text = |option: &str| session.get(option).and_then(IniValue::text).map(without_comment);
        let (start_url, region) = (text("sso_start_url"), text("sso_region"));
        let place = format!("SSO session `{name}`");
        let Some(start_url) = start_url else { return Err(incomplete(&place, "sso_start_url")) };
        let login = format!("aws sso login --sso-session {}", quoted(name));
        Self::new(Some(name.to_owned()), start_url, region, login, &place)
    }

    fn new(
        name: Option<String>,
        start_url: &str,
        region: Option<&str>,
        login: String,
        place: &str,
    ) -> Result<Self, Failure> {
        let region = region.ok_or_else(|| incomplete(place, "sso_region"))?;
        // It becomes part of a host name.
        let region = Region::parse(region).map_err(|error| {
            Failure::usage(format!("`sso_region` of the {place} is not usable: {error}"))
                .hint("correct it in the AWS config file")
        })?;
        Ok(Self { name, start_url: start_url.to_owned(), region, login })
    }

    /// Returns the text whose SHA-1 names the file of the token: the name of the session, or else the start URL
    /// (`SSOTokenLoader._generate_cache_key` in botocore's `utils.py`).
    pub(in crate::aws::credentials) fn cache_key(&self) -> &str {
        self.name.as_deref().unwrap_or(&self.start_url)
    }
}

/// Names the session for messages: `SSO session corp`.
impl std::fmt::Display for SsoSession {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match &self.name {
            Some(name) => write!(formatter, "SSO session `{name}`"),
            None => write!(formatter, "SSO session of {}", self.start_url),
        }
    }
}

fn incomplete(place: &str, key: &str) -> Failure {
    Failure::usage(format!("the {place} of the AWS config file has no `{key}`")).hint(CONFIGURE)
}

/// Returns a name as one word of a command line.
fn quoted(name: &str) -> String {
    if name.contains(char::is_whitespace) { format!("'{name}'") } else { name.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::SsoSession;
    use crate::aws::credentials::profiles::Profiles;
    use crate::error::Failure;

    const CORP: &str =
        "[sso-session corp]\nsso_start_url = https://corp.example/start\nsso_region = eu-west-1\n";
    const LAB: &str =
        "[sso-session lab]\nsso_start_url = https://lab.example/start\nsso_region = us-east-1\n";

    async fn choose(
        config: &str,
        profile: Option<&str>,
        requested: Option<&str>,
    ) -> Result<SsoSession, Failure> {
        let profiles = Profiles::of(config, profile).await.expect("a readable file");
        SsoSession::choose(&profiles, requested)
    }

    #[tokio::test]
    async fn only_session_of_the_file_needs_no_name() {
        let session = choose(CORP, None, None).await.expect("the only session");
        assert_eq!(session.name.as_deref(), Some("corp"));
        assert_eq!(session.region.as_str(), "eu-west-1");
        assert_eq!(session.login, "aws sso login --sso-session corp");
    }

    #[tokio::test]
    async fn requested_session_precedes_that_of_the_profile() {
        let config = format!("{CORP}{LAB}[profile work]\nsso_session = corp\n");
        let name = async |requested| {
            choose(&config, Some("work"), requested).await.expect("a session").name.expect("a name")
        };
        assert_eq!(name(None).await, "corp");
        assert_eq!(name(Some("lab")).await, "lab");
    }

    #[tokio::test]
    async fn older_profile_has_its_token_under_the_url() {
        let config = "[profile old]\nsso_start_url = https://old.example/start\nsso_region = us-east-1\n";
        let session = choose(config, Some("old"), None).await.expect("a session");
        assert_eq!(session.cache_key(), "https://old.example/start");
        assert_eq!(session.login, "aws sso login --profile old");
    }

    #[tokio::test]
    async fn ambiguous_or_unknown_session_is_an_error_with_names() {
        let both = format!("{CORP}{LAB}");
        let error = async |config: &str, requested| {
            choose(config, None, requested).await.expect_err("no session").to_string()
        };
        assert!(error(&both, None).await.contains("several SSO sessions: corp, lab"));
        assert!(error(&both, Some("cor")).await.contains("did you mean `corp`"));
        assert!(error("", None).await.contains("aws configure sso"));
        assert!(
            error("[sso-session x]\nsso_region = us-east-1\n", None).await.contains("no `sso_start_url`")
        );
        let odd = CORP.replace("eu-west-1", "eu/west");
        assert!(error(&odd, None).await.contains("`sso_region` of the SSO session `corp` is not usable"));
    }
}

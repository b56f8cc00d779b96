//! Access keys and session tokens that contain their account, so that the server keeps no list of sessions.

use std::time::{SystemTime, UNIX_EPOCH};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use super::world::seed::Seed;
use super::world::{SimulatedAccount, World};

/// The access key of the simulated administrator.
pub(super) const ACCESS_KEY: &str = "AKIASIMULATEDEXAMPLE";
/// The secret key of every access key; signatures are not verified.
pub(super) const SECRET_KEY: &str = "simulated/secret/access/key/of/no/use/00";
/// The token of the user who has signed in to IAM Identity Center.
pub(super) const BEARER_TOKEN: &str = "simulated-bearer-token-of-no-use-0000";
/// The user in the management account that the credentials belong to.
pub(super) const USER: &str = "inventory-admin";

/// The name of a session of the user with an MFA device.
const MFA: &str = "mfa";

const ALPHABET: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
/// The number of base-32 digits: 40 bits hold a twelve-digit account id, or any realistic number of seconds.
const DIGITS: usize = 8;

/// The principal that sends a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Principal {
    /// The user of the base credentials.
    User,
    /// The same user, who has signed in with an MFA device.
    UserWithMfa,
    /// A role session.
    Session {
        /// The role's name.
        role: String,
        /// The session's name.
        session: String,
        /// The name of its session policy, if it has one.
        policy: Option<String>,
    },
}

/// The principal of a request, and its account.
#[derive(Clone, Debug)]
pub(super) struct SimulatedCaller<'world> {
    pub(super) account: &'world SimulatedAccount,
    pub(super) principal: Principal,
}

/// The reason why an access key is rejected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum KeyError {
    Unknown,
    Expired,
}

/// The credentials of a role session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct SessionCredentials {
    pub(super) access_key: String,
    pub(super) token: String,
}

impl SessionCredentials {
    /// Creates credentials of a session of the user, with or without an MFA device.
    pub(super) fn of_user(account: &SimulatedAccount, expiry: u64, has_mfa: bool) -> Self {
        Self::new(account, "", if has_mfa { MFA } else { USER }, expiry, None)
    }

    /// Creates credentials of a session in an account with a session policy, which expire at `expiry`, in seconds
    /// since 1970.
    pub(super) fn new(
        account: &SimulatedAccount,
        role: &str,
        session: &str,
        expiry: u64,
        policy: Option<&str>,
    ) -> Self {
        let number = account.id.as_str().parse().unwrap_or_default();
        let access_key = format!("ASIA{}{}", encode(number), encode(expiry));
        let (check, policy) = (check(&access_key, role), policy.unwrap_or_default());
        let token = URL_SAFE_NO_PAD.encode(format!("{access_key} {role} {session} {check} {policy}"));
        Self { access_key, token }
    }
}

impl SimulatedCaller<'_> {
    /// Returns whether the caller is the user of the base credentials.
    pub(super) fn is_user(&self) -> bool {
        matches!(self.principal, Principal::User | Principal::UserWithMfa)
    }
}

impl<'world> SimulatedCaller<'world> {
    /// Returns the caller that an access key and a session token belong to.
    pub(super) fn find(
        world: &'world World,
        access_key: &str,
        token: Option<&str>,
        now: SystemTime,
    ) -> Result<Self, KeyError> {
        if access_key == ACCESS_KEY {
            let account = world.management_account().ok_or(KeyError::Unknown)?;
            return Ok(Self { account, principal: Principal::User });
        }
        let digits = access_key.strip_prefix("ASIA").and_then(|digits| digits.split_at_checked(DIGITS));
        let (account, expiry) = digits.ok_or(KeyError::Unknown)?;
        let account = decode(account).ok_or(KeyError::Unknown)?;
        let account = world.account(&format!("{account:012}")).ok_or(KeyError::Unknown)?;
        let expiry = decode(expiry).ok_or(KeyError::Unknown)?;
        let principal = token.and_then(|token| session(access_key, token)).ok_or(KeyError::Unknown)?;
        if seconds(now) >= expiry {
            return Err(KeyError::Expired);
        }
        Ok(Self { account, principal })
    }

    /// Returns the ARN in the format of STS.
    pub(super) fn arn(&self) -> String {
        let account = &self.account.id;
        match &self.principal {
            Principal::User | Principal::UserWithMfa => format!("arn:aws:iam::{account}:user/{USER}"),
            Principal::Session { role, session, .. } => {
                format!("arn:aws:sts::{account}:assumed-role/{role}/{session}")
            }
        }
    }

    /// Returns the unique id in the format of STS.
    pub(super) fn user_id(&self) -> String {
        match &self.principal {
            Principal::User | Principal::UserWithMfa => {
                format!("AIDA{}", Seed::of(&["user", USER]).base32(17))
            }
            Principal::Session { role, session, .. } => {
                format!("AROA{}:{session}", role_id_digits(self.account, role))
            }
        }
    }
}

/// Returns the part of a role's unique id after `AROA`.
pub(super) fn role_id_digits(account: &SimulatedAccount, role: &str) -> String {
    Seed::of(&["role", account.id.as_str(), role]).base32(17)
}

/// Returns the seconds since 1970.
pub(super) fn seconds(time: SystemTime) -> u64 {
    time.duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs())
}

/// Returns the session of a token, if it was created for this access key.
fn session(access_key: &str, token: &str) -> Option<Principal> {
    let plain = String::from_utf8(URL_SAFE_NO_PAD.decode(token).ok()?).ok()?;
    let mut parts = plain.split(' ');
    let (key, role, session, checked) = (parts.next()?, parts.next()?, parts.next()?, parts.next()?);
    let policy = parts.next().filter(|policy| !policy.is_empty()).map(str::to_owned);
    let (role, session) = (role.to_owned(), session.to_owned());
    let principal = match (&*role, &*session) {
        ("", MFA) => Principal::UserWithMfa,
        ("", _) => Principal::User,
        _ => Principal::Session { role: role.clone(), session, policy },
    };
    (key == access_key && checked == check(key, &role)).then_some(principal)
}

fn check(access_key: &str, role: &str) -> String {
    Seed::of(&["session", access_key, role]).hex(200)
}

fn encode(number: u64) -> String {
    (0..DIGITS).rev().map(|digit| char::from(ALPHABET[(number >> (5 * digit) & 31) as usize])).collect()
}

fn decode(digits: &str) -> Option<u64> {
    if digits.len() != DIGITS {
        return None;
    }
    digits.bytes().try_fold(0, |number, digit| {
        let value = ALPHABET.iter().position(|other| *other == digit)?;
        Some(number << 5 | value as u64)
    })
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, UNIX_EPOCH};

    use super::{ACCESS_KEY, KeyError, SessionCredentials, SimulatedCaller};
    use crate::simulator::world::World;

    #[test]
    fn a_session_key_knows_its_account_role_and_end() {
        let world = World::demo();
        let account = &world.accounts()[5];
        let session = SessionCredentials::new(account, "Audit", "scan", 1_800_000_000, None);
        assert_eq!(session.access_key.len(), 20);
        let find = |token: Option<&str>, now: u64| {
            SimulatedCaller::find(&world, &session.access_key, token, UNIX_EPOCH + Duration::from_secs(now))
        };
        let identity = find(Some(&session.token), 1_799_999_999).expect("a valid session");
        assert_eq!(identity.account.id, account.id);
        assert_eq!(identity.arn(), format!("arn:aws:sts::{}:assumed-role/Audit/scan", account.id));
        assert_eq!(find(Some(&session.token), 1_800_000_000).unwrap_err(), KeyError::Expired);
        assert_eq!(find(None, 0).unwrap_err(), KeyError::Unknown);
        let other = SessionCredentials::new(&world.accounts()[6], "Audit", "scan", 1_800_000_000, None);
        assert_eq!(find(Some(&other.token), 0).unwrap_err(), KeyError::Unknown);
    }

    /// The base key belongs to the management account; other keys are unknown.
    #[test]
    fn base_key_belongs_to_management_account() {
        let world = World::demo();
        let identity =
            SimulatedCaller::find(&world, ACCESS_KEY, None, UNIX_EPOCH).expect("the base credentials");
        assert_eq!(identity.account.id, world.accounts()[0].id);
        for unknown in ["AKIAIOSFODNN7EXAMPLE", "ASIA", "ASIAAAAAAAAAAAAAAAAA", ""] {
            assert_eq!(
                SimulatedCaller::find(&world, unknown, None, UNIX_EPOCH).unwrap_err(),
                KeyError::Unknown
            );
        }
    }
}

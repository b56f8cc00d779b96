//! The columns of account lists, which are the members of accounts in JSON.

use serde_json::Value;

use super::account::{Account, AccountLifecycle};
use super::account_list_error::AccountListError;
use crate::aws::credentials::RoleSettings;
use crate::names::{AccountId, RegionPattern};
use crate::util::suggest::did_you_mean;

/// A column with a meaning.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Column {
    Id,
    Name,
    State,
    /// The older form of the state, which counts if there is no `State`.
    Status,
    RoleName,
    RoleArn,
    ExternalId,
    Regions,
    ViaRole,
    SessionName,
    /// Known data about an account that a scan does not need.
    Unused,
}

/// The names of columns: those of `accounts.json`, of AWS's responses, and usual ones of tables.
const NAMES: [(&str, Column); 37] = [
    ("id", Column::Id),
    ("account_id", Column::Id),
    ("account", Column::Id),
    ("account_number", Column::Id),
    ("aws_account", Column::Id),
    ("aws_account_id", Column::Id),
    ("name", Column::Name),
    ("account_name", Column::Name),
    ("state", Column::State),
    ("status", Column::Status),
    ("role", Column::RoleName),
    ("role_name", Column::RoleName),
    ("role_names", Column::RoleName),
    ("role_arn", Column::RoleArn),
    ("external_id", Column::ExternalId),
    ("regions", Column::Regions),
    ("region", Column::Regions),
    ("via_role", Column::ViaRole),
    ("session_name", Column::SessionName),
    ("arn", Column::Unused),
    ("email", Column::Unused),
    ("account_email", Column::Unused),
    ("joined", Column::Unused),
    ("joined_method", Column::Unused),
    ("joined_timestamp", Column::Unused),
    ("paths", Column::Unused),
    ("ou_path", Column::Unused),
    ("tags", Column::Unused),
    ("management", Column::Unused),
    ("excluded_by", Column::Unused),
    ("access", Column::Unused),
    ("no_access", Column::Unused),
    ("selected", Column::Unused),
    ("scanned", Column::Unused),
    ("reason", Column::Unused),
    ("folder", Column::Unused),
    ("outcome", Column::Unused),
];

/// Returns the meaning of a column; `None` if it is unknown.
pub(super) fn column(name: &str) -> Option<Column> {
    let name = plain(name);
    NAMES.iter().find(|(known, _)| plain(known) == name).map(|(_, column)| *column)
}

/// Describes an unknown column, with the known one that it may stand for.
pub(super) fn unknown(name: &str) -> String {
    let meaningful = NAMES.iter().filter(|(_, column)| *column != Column::Unused).map(|(name, _)| *name);
    let spelled = name.to_lowercase().replace([' ', '-'], "_");
    format!("the column `{name}` is unknown and not used{}", did_you_mean(&spelled, meaningful))
}

/// Returns a name in lower case without separators: `accountid` for `Account ID`.
fn plain(name: &str) -> String {
    name.chars().filter(char::is_ascii_alphanumeric).map(|letter| letter.to_ascii_lowercase()).collect()
}

/// Creates an account from the values of its columns.
pub(super) fn account(
    place: &str,
    values: impl IntoIterator<Item = (Column, Value)>,
) -> Result<Account, AccountListError> {
    let mut values: Vec<(Column, Value)> = values.into_iter().filter(|(_, value)| !is_empty(value)).collect();
    if values.iter().any(|(column, _)| *column == Column::State) {
        values.retain(|(column, _)| *column != Column::Status);
    }
    let id = values.iter().position(|(column, _)| *column == Column::Id);
    let id = id.map(|index| values.swap_remove(index).1).ok_or_else(|| no_id(place))?;
    let mut account = Account::alone(account_id(place, &id)?);
    for (column, value) in values {
        let wrong = |problem: String| AccountListError::new(place, problem);
        let text = || {
            let problem = || wrong(format!("expected text instead of {value}"));
            value.as_str().map(str::to_owned).ok_or_else(problem)
        };
        let role = &mut account.overrides.role;
        match column {
            Column::Id | Column::Unused => {}
            Column::Name => account.name = value.as_str().map(str::to_owned),
            Column::State | Column::Status => account.state = AccountLifecycle::from(&*text()?),
            // The name of a role may have a comma.
            Column::RoleName => {
                let names = words(&value, &[' ', ';']);
                role.role_names = names.ok_or_else(|| wrong(format!("invalid role names: {value}")))?;
            }
            Column::RoleArn => role.role_arn = Some(text()?),
            Column::ExternalId => role.external_id = Some(text()?),
            Column::ViaRole => role.via_role = Some(text()?),
            Column::SessionName => role.session_name = Some(text()?),
            Column::Regions => {
                let names = words(&value, &[' ', ';', ',']);
                let names = names.ok_or_else(|| wrong(format!("invalid regions: {value}")))?;
                let regions = names.iter().map(|name| RegionPattern::parse(&name.to_ascii_lowercase()));
                account.overrides.regions =
                    regions.collect::<Result<_, _>>().map_err(|invalid| wrong(invalid.to_string()))?;
            }
        }
    }
    let checked = RoleSettings::check_override(&account.overrides.role, &account.id);
    checked.map_err(|failure| AccountListError::new(place, failure.to_string()))?;
    Ok(account)
}

fn is_empty(value: &Value) -> bool {
    value.is_null() || value.as_str().is_some_and(|text| text.trim().is_empty())
}

/// Returns the texts of a list, or the parts of a text.
fn words(value: &Value, separators: &[char]) -> Option<Vec<String>> {
    match value {
        Value::Array(list) => list.iter().map(|text| text.as_str().map(str::to_owned)).collect(),
        Value::String(text) => {
            let words = text.split(separators).filter(|word| !word.is_empty());
            Some(words.map(str::to_owned).collect())
        }
        _ => None,
    }
}

fn no_id(place: &str) -> AccountListError {
    AccountListError::new(place, "the account has no `Id`")
}

fn account_id(place: &str, value: &Value) -> Result<AccountId, AccountListError> {
    let text = match value {
        // A number has lost its leading zeros.
        Value::Number(id) => id.to_string(),
        Value::String(id) => id.trim().to_owned(),
        _ => return Err(AccountListError::new(place, "expected an account ID or an account")),
    };
    AccountId::parse(&text).ok_or_else(|| {
        let is_short = (1..12).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
        let more = if is_short { "; its leading zeros may have been lost" } else { "" };
        AccountListError::new(place, format!("`{text}` is not an account id of twelve digits{more}"))
    })
}

//! Account lists in files: the output of `aws organizations list-accounts`, a JSON list of IDs, a table (CSV), or
//! one ID per line.

use std::fmt;

use serde_json::Value;

use super::account::{Account, AccountLifecycle};
use crate::names::AccountId;

/// The accepted names of the ID column in tables.
const ID_COLUMNS: [&str; 6] = ["id", "accountid", "account", "accountnumber", "awsaccount", "awsaccountid"];

/// The accepted names of the name column in tables.
const NAME_COLUMNS: [&str; 2] = ["name", "accountname"];

/// The error of an account list that cannot be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccountListError {
    /// The position: a line, or an element of a JSON list.
    place: String,
    problem: String,
}

impl fmt::Display for AccountListError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.place.is_empty() {
            write!(formatter, "{}: ", self.place)?;
        }
        formatter.write_str(&self.problem)
    }
}

impl std::error::Error for AccountListError {}

/// Reads an account list in any supported format; duplicate accounts are removed.
///
/// # Errors
///
/// When the text has none of the formats, contains an invalid account ID, or contains no account.
pub fn read_account_list(text: &str) -> Result<Vec<Account>, AccountListError> {
    let text = text.trim_start_matches('\u{feff}').trim();
    let accounts = if text.starts_with(['[', '{']) { from_json(text)? } else { from_table(text)? };
    let mut unique: Vec<Account> = Vec::with_capacity(accounts.len());
    let mut seen = std::collections::HashSet::new();
    unique.extend(accounts.into_iter().filter(|account| seen.insert(account.id.clone())));
    if unique.is_empty() {
        return Err(error(String::new(), "the list contains no account"));
    }
    Ok(unique)
}

fn error(place: impl Into<String>, problem: impl Into<String>) -> AccountListError {
    AccountListError { place: place.into(), problem: problem.into() }
}

fn from_json(text: &str) -> Result<Vec<Account>, AccountListError> {
    let document: Value =
        serde_json::from_str(text).map_err(|cause| error("", format!("invalid JSON: {cause}")))?;
    let (place, list) = match &document {
        Value::Array(list) => ("", list),
        Value::Object(members) => match members.get("Accounts") {
            Some(Value::Array(list)) => ("Accounts", list),
            _ => return Err(error("", "the JSON object has no list `Accounts`, as AWS prints it")),
        },
        _ => return Err(error("", "expected a JSON list of IDs, or an object with a list `Accounts`")),
    };
    let accounts = list.iter().enumerate();
    accounts.map(|(index, element)| from_element(&format!("{place}[{index}]"), element)).collect()
}

/// Reads an ID, or an account in the format of AWS or of `accounts.json`.
fn from_element(place: &str, element: &Value) -> Result<Account, AccountListError> {
    let member = |names: [&str; 2]| names.iter().find_map(|name| element[*name].as_str());
    let id = match element {
        Value::String(id) => id.clone(),
        // A number has lost its leading zeros.
        Value::Number(id) => id.to_string(),
        Value::Object(_) => {
            member(["Id", "id"]).ok_or_else(|| error(place, "the account has no `Id`"))?.to_owned()
        }
        _ => return Err(error(place, "expected an account ID or an account")),
    };
    let mut account = Account::alone(account_id(place, &id)?);
    account.name = member(["Name", "name"]).map(str::to_owned);
    if let Some(state) = member(["State", "state"]).or_else(|| element["Status"].as_str()) {
        account.state = AccountLifecycle::from(state);
    }
    Ok(account)
}

/// Reads a table with or without a line of column names, or a plain list: a table of one column.
fn from_table(text: &str) -> Result<Vec<Account>, AccountListError> {
    let mut rows = text
        .lines()
        .enumerate()
        .map(|(index, line)| (index + 1, line.trim()))
        .filter(|(_, line)| !line.is_empty() && !line.starts_with('#'))
        .peekable();
    let Some((_, first)) = rows.peek() else { return Ok(Vec::new()) };
    let separator = if first.contains('\t') {
        '\t'
    } else if first.contains(';') {
        ';'
    } else {
        ','
    };
    let cells = cells(first, separator);
    let (id_column, name_column) = if let Some(id_column) = column(&cells, &ID_COLUMNS) {
        rows.next();
        (id_column, column(&cells, &NAME_COLUMNS))
    } else {
        let id_column = cells.iter().position(|cell| AccountId::parse(cell).is_some());
        (id_column.unwrap_or_default(), None)
    };
    rows.map(|(line, row)| {
        let cells = self::cells(row, separator);
        let place = format!("line {line}");
        let id = cells.get(id_column).map_or("", String::as_str);
        let mut account = Account::alone(account_id(&place, id)?);
        account.name =
            name_column.and_then(|column| cells.get(column)).filter(|name| !name.is_empty()).cloned();
        Ok(account)
    })
    .collect()
}

fn column(cells: &[String], names: &[&str]) -> Option<usize> {
    let plain = |cell: &String| -> String {
        cell.chars().filter(char::is_ascii_alphanumeric).map(|letter| letter.to_ascii_lowercase()).collect()
    };
    cells.iter().position(|cell| names.contains(&&*plain(cell)))
}

/// Splits a row into cells. A quoted cell may contain the separator; two quotation marks stand for one (RFC 4180).
fn cells(row: &str, separator: char) -> Vec<String> {
    let (mut cells, mut cell, mut quoted) = (Vec::new(), String::new(), false);
    let mut letters = row.chars().peekable();
    while let Some(letter) = letters.next() {
        match letter {
            '"' if quoted && letters.next_if_eq(&'"').is_some() => cell.push('"'),
            '"' => quoted = !quoted,
            letter if letter == separator && !quoted => {
                cells.push(std::mem::take(&mut cell).trim().to_owned());
            }
            letter => cell.push(letter),
        }
    }
    cells.push(cell.trim().to_owned());
    cells
}

fn account_id(place: &str, text: &str) -> Result<AccountId, AccountListError> {
    AccountId::parse(text).ok_or_else(|| {
        let digits = text.trim();
        let is_short = (1..12).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit());
        let more = if is_short { "; its leading zeros may have been lost" } else { "" };
        error(place, format!("`{digits}` is not an account id of twelve digits{more}"))
    })
}

#[cfg(test)]
mod tests {
    use super::read_account_list;

    #[track_caller]
    fn ids(text: &str) -> Vec<String> {
        let accounts = read_account_list(text).unwrap_or_else(|error| panic!("{error}: {text}"));
        accounts.iter().map(|account| account.id.to_string()).collect()
    }

    #[test]
    fn every_form_that_people_have_is_read() {
        let expected = ["111111111111", "012345678901"];
        for text in [
            "111111111111\n012345678901\n",
            "\u{feff}111111111111\r\n\r\n# the shop\r\n012345678901\r\n111111111111",
            r#"["111111111111", "012345678901"]"#,
            r#"{"Accounts": [{"Id": "111111111111", "Name": "a"}, {"Id": "012345678901", "Status": "ACTIVE"}]}"#,
            r#"[{"id": "111111111111", "scanned": true}, {"id": "012345678901"}]"#,
            "Account Name,Account ID,Email\nmain,111111111111,a@b\n\"shop, \"\"new\"\"\",012345678901,c@d",
            "name;account_id\nmain;111111111111\nshop;012345678901",
            "main,111111111111\nshop,012345678901",
            "id\n111111111111\n012345678901",
        ] {
            assert_eq!(ids(text), expected, "{text}");
        }
    }

    #[test]
    fn names_and_states_are_kept_where_the_list_tells_them() {
        let csv = "Account ID,Account Name\n111111111111,\"shop, \"\"new\"\"\"";
        assert_eq!(read_account_list(csv).expect("a table")[0].name.as_deref(), Some("shop, \"new\""));
        let json = r#"{"Accounts": [{"Id": "111111111111", "Name": "old", "Status": "SUSPENDED"}]}"#;
        let account = &read_account_list(json).expect("AWS's form")[0];
        assert_eq!(account.name.as_deref(), Some("old"));
        assert_eq!(account.not_scanned().as_deref(), Some("the account is suspended"));
    }

    #[test]
    fn what_is_no_account_is_told_with_its_place() {
        let message = |text: &str| read_account_list(text).expect_err("a mistake").to_string();
        assert_eq!(message("111111111111\nshop"), "line 2: `shop` is not an account id of twelve digits");
        let zeros = "line 3: `12345678901` is not an account id of twelve digits; its leading zeros may have been lost";
        assert_eq!(message("id,name\n111111111111,a\n12345678901,b"), zeros);
        assert!(message("[11]").starts_with("[0]: `11` is not"), "{}", message("[11]"));
        assert_eq!(message(r#"{"Accounts": [{"Name": "x"}]}"#), "Accounts[0]: the account has no `Id`");
        assert!(message(r#"{"accounts": 1}"#).contains("no list `Accounts`"));
        assert_eq!(message(" \n"), "the list contains no account");
        assert!(message("[1,").contains("invalid JSON"));
    }
}

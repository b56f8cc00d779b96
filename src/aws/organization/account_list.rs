//! Account lists in files: the output of `aws organizations list-accounts`, a JSON list of IDs, a table (CSV), or
//! one ID per line.

use serde_json::{Map, Value};

use super::account::Account;
use super::account_columns::{Column, account, column, unknown};
use super::account_list_error::AccountListError;
use crate::names::AccountId;

/// The accounts of a list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AccountList {
    /// The accounts, each once.
    pub accounts: Vec<Account>,
    /// The notices about columns that are not used.
    pub notices: Vec<String>,
}

/// Reads an account list in any supported format; duplicate accounts are removed.
///
/// # Errors
///
/// When the text has none of the formats, contains an invalid account ID or setting, or contains no account.
pub fn read_account_list(text: &str) -> Result<AccountList, AccountListError> {
    let text = text.trim_start_matches('\u{feff}').trim();
    let mut list = if text.starts_with(['[', '{']) { from_json(text)? } else { from_table(text)? };
    let mut seen = std::collections::HashSet::new();
    list.accounts.retain(|account| seen.insert(account.id.clone()));
    if list.accounts.is_empty() {
        return Err(AccountListError::new("", "the list contains no account"));
    }
    Ok(list)
}

impl AccountList {
    /// Returns the values of an account in JSON by their columns.
    fn values(&mut self, members: Map<String, Value>) -> Vec<(Column, Value)> {
        let mut values = Vec::new();
        for (name, value) in members {
            match value {
                // The settings in the `accounts.json` of a run.
                Value::Object(nested) if matches!(&*name, "overrides" | "role") => {
                    values.extend(self.values(nested));
                }
                value => values.push((self.column(&name), value)),
            }
        }
        values
    }

    /// Returns the meaning of a column, and notes an unknown one.
    fn column(&mut self, name: &str) -> Column {
        column(name).unwrap_or_else(|| {
            let notice = unknown(name);
            if !self.notices.contains(&notice) {
                self.notices.push(notice);
            }
            Column::Unused
        })
    }
}

fn from_json(text: &str) -> Result<AccountList, AccountListError> {
    let document: Value = serde_json::from_str(text)
        .map_err(|cause| AccountListError::new("", format!("invalid JSON: {cause}")))?;
    let no_list = |problem| AccountListError::new("", problem);
    let (place, elements) = match document {
        Value::Array(elements) => ("", elements),
        Value::Object(mut members) => match members.remove("Accounts") {
            Some(Value::Array(elements)) => ("Accounts", elements),
            _ => return Err(no_list("the JSON object has no list `Accounts`, as AWS prints it")),
        },
        _ => return Err(no_list("expected a JSON list of IDs, or an object with a list `Accounts`")),
    };
    let mut list = AccountList::default();
    for (index, element) in elements.into_iter().enumerate() {
        let members = match element {
            Value::Object(members) => list.values(members),
            id => vec![(Column::Id, id)],
        };
        list.accounts.push(account(&format!("{place}[{index}]"), members)?);
    }
    Ok(list)
}

/// Reads a table with or without a line of column names, or a plain list: a table of one column.
fn from_table(text: &str) -> Result<AccountList, AccountListError> {
    let mut first = text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'));
    let first = first.next().unwrap_or_default();
    let separator = ['\t', ';'].into_iter().find(|separator| first.contains(*separator)).unwrap_or(',');
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(u8::try_from(separator).unwrap_or(b','))
        .comment(Some(b'#'))
        .has_headers(false)
        .flexible(true)
        .trim(csv::Trim::All)
        .from_reader(text.as_bytes());
    let mut list = AccountList::default();
    let mut columns: Option<Vec<Column>> = None;
    for row in reader.records() {
        let row = row.map_err(|cause| AccountListError::new("", format!("invalid CSV: {cause}")))?;
        let place = row.position().map_or_else(String::new, |position| format!("line {}", position.line()));
        let has_id = |columns: &[Column]| columns.contains(&Column::Id);
        let columns = match &columns {
            Some(columns) => columns,
            None if has_id(&row.iter().filter_map(column).collect::<Vec<_>>()) => {
                columns = Some(row.iter().map(|name| list.column(name)).collect());
                continue;
            }
            None => columns.insert(without_names(&row)),
        };
        // A state in a table is in anybody's words.
        let cells = columns.iter().copied().zip(row.iter());
        let cells = cells.filter(|(column, _)| !matches!(column, Column::State | Column::Status));
        list.accounts.push(account(&place, cells.map(|(column, cell)| (column, cell.into())))?);
    }
    Ok(list)
}

/// Returns the columns of a table without names: the IDs are in the first cell that has the form of one.
fn without_names(row: &csv::StringRecord) -> Vec<Column> {
    let id = row.iter().position(|cell| AccountId::parse(cell).is_some()).unwrap_or_default();
    (0..row.len()).map(|index| if index == id { Column::Id } else { Column::Unused }).collect()
}

#[cfg(test)]
mod tests {
    use super::read_account_list;
    use crate::aws::organization::AccountOverrides;
    use crate::names::RegionPattern;

    #[track_caller]
    fn ids(text: &str) -> Vec<String> {
        let accounts = read_account_list(text).unwrap_or_else(|error| panic!("{error}: {text}"));
        accounts.accounts.iter().map(|account| account.id.to_string()).collect()
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
        assert_eq!(
            read_account_list(csv).expect("a table").accounts[0].name.as_deref(),
            Some("shop, \"new\"")
        );
        let json = r#"{"Accounts": [{"Id": "111111111111", "Name": "old", "Status": "SUSPENDED"}]}"#;
        let account = &read_account_list(json).expect("AWS's form").accounts[0];
        assert_eq!(account.name.as_deref(), Some("old"));
        assert_eq!(account.not_scanned().as_deref(), Some("the account is suspended"));
    }

    #[test]
    fn invalid_account_is_reported_with_place() {
        let message = |text: &str| read_account_list(text).expect_err("a mistake").to_string();
        assert_eq!(message("111111111111\nshop"), "line 2: `shop` is not an account id of twelve digits");
        let zeros = "line 3: `12345678901` is not an account id of twelve digits; its leading zeros may have been lost";
        assert_eq!(message("id,name\n111111111111,a\n12345678901,b"), zeros);
        assert!(message("[11]").starts_with("[0]: `11` is not"), "{}", message("[11]"));
        assert_eq!(message(r#"{"Accounts": [{"Name": "x"}]}"#), "Accounts[0]: the account has no `Id`");
        assert!(message(r#"{"accounts": 1}"#).contains("list `Accounts`"));
        assert_eq!(message(" \n"), "the list contains no account");
        assert!(message("[1,").contains("invalid JSON"));
    }
    #[test]
    fn an_account_may_have_settings_of_its_own() {
        let csv = "Account ID,role name,External-ID,regions,via_role,session_name\n\
            111111111111,Audit Reader,x-1,\"eu-*, us-east-1\",arn:aws:iam::999999999999:role/Hub,nightly\n\
            222222222222,,,,,\n";
        let json = r#"[{"Id": "111111111111", "role_name": ["Audit", "Reader"], "external_id": "x-1",
            "regions": ["eu-*", "us-east-1"], "via_role": "arn:aws:iam::999999999999:role/Hub",
            "session_name": "nightly"}, {"Id": "222222222222"}]"#;
        for text in [csv, json] {
            let list = read_account_list(text).unwrap_or_else(|error| panic!("{error}: {text}"));
            let [first, second] = &*list.accounts else { panic!("two accounts") };
            let role = &first.overrides.role;
            assert_eq!(role.role_names, ["Audit", "Reader"]);
            assert_eq!(
                (role.external_id.as_deref(), role.session_name.as_deref()),
                (Some("x-1"), Some("nightly"))
            );
            assert_eq!(role.via_role.as_deref(), Some("arn:aws:iam::999999999999:role/Hub"));
            let regions: Vec<&str> = first.overrides.regions.iter().map(RegionPattern::as_str).collect();
            assert_eq!(regions, ["eu-*", "us-east-1"]);
            assert_eq!(second.overrides, AccountOverrides::default());
            assert!(list.notices.is_empty(), "{:?}", list.notices);
        }
    }

    #[test]
    fn unknown_columns_are_named() {
        let notices = |text: &str| read_account_list(text).expect("a list").notices;
        let expected = [
            "the column `rolename2` is unknown and not used; did you mean `role_names` or `role_name`?",
            "the column `Owner` is unknown and not used",
        ];
        assert_eq!(notices("id,rolename2,Owner\n111111111111,A,me"), expected);
        assert_eq!(notices(r#"[{"Id": "111111111111", "rolename2": "A", "Owner": "me"}]"#), expected);
        let of_aws = r#"[{"Id": "111111111111", "Arn": "x", "Email": "e", "Name": "n", "Status": "ACTIVE",
            "State": "ACTIVE", "Paths": [], "JoinedMethod": "CREATED", "JoinedTimestamp": 1}]"#;
        assert_eq!(notices(of_aws), [""; 0]);
    }

    #[test]
    fn invalid_setting_is_reported_with_place() {
        let message = |text: &str| read_account_list(text).expect_err("a mistake").to_string();
        let table = |column: &str, value: &str| message(&format!("id,{column}\n111111111111,{value}"));
        assert!(table("role_name", "a/b").starts_with("line 2: invalid role name: `a/b`"));
        assert!(table("regions", "eu-").starts_with("line 2: `eu-` is not a valid region name"));
        let other = "arn:aws:iam::222222222222:role/x";
        assert!(
            table("role_arn", other).starts_with(&format!("line 2: the role {other} belongs to another"))
        );
        let json = r#"[{"Id": "111111111111", "external_id": 7}]"#;
        assert_eq!(message(json), "[0]: expected text instead of 7");
    }
}

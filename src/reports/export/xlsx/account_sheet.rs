//! The sheet of accounts: a row for each, with its number of resources of each kind.

use rust_xlsxwriter::{Worksheet, XlsxError};

use super::cells::CellFormats;
use super::resource_counts::ResourceCounts;
use super::table_sheets::{TableColumns, start_table, widths_of};
use crate::reports::export::cell::CellValue;
use crate::reports::export::facts::{ACCOUNTS, of_account};
use crate::run::ListedAccount;

/// The columns from the table of accounts, with their names here.
const FACTS: [(&str, &str); 10] = [
    ("account", "account"),
    ("account_name", "account_name"),
    ("ou_path", "account_ou"),
    ("tags", "tags"),
    ("state", "state"),
    ("management", "management"),
    ("selected", "selected"),
    ("reason", "reason"),
    ("outcome", "outcome"),
    ("email", "email"),
];
/// The column of the number of resources of all kinds.
const TOTAL: &str = "resources";

/// Writes the sheet. Numbers of resources are empty, and not 0, if an account has none.
pub(super) fn write(
    sheet: &mut Worksheet,
    accounts: &[ListedAccount],
    counts: &ResourceCounts,
    formats: &CellFormats,
) -> Result<(), XlsxError> {
    let positions: Vec<usize> = FACTS
        .iter()
        .filter_map(|(fact, _)| ACCOUNTS.columns.iter().position(|(name, _)| name == fact))
        .collect();
    let rows: Vec<Vec<CellValue>> = accounts
        .iter()
        .map(|listed| {
            let mut facts = of_account(listed);
            positions.iter().map(|position| std::mem::take(&mut facts[*position])).collect()
        })
        .collect();
    let names = FACTS.iter().map(|(_, name)| (*name).to_owned());
    let columns = TableColumns {
        names: names.chain([TOTAL.to_owned()]).chain(counts.kinds()).collect(),
        widths: widths_of(&rows, FACTS.len()),
    };
    start_table(sheet, &columns, rows.len() as u64, formats)?;
    for ((row, mut cells), listed) in (1..).zip(rows).zip(accounts) {
        let of_account = counts.of(listed.account.id.as_str()).unwrap_or_default();
        let number = |count: u64| {
            if count == 0 { CellValue::Empty } else { CellValue::Number(count.into()) }
        };
        cells.push(number(of_account.iter().sum()));
        cells.extend(of_account.iter().copied().map(number));
        formats.write_row(sheet, row, &cells)?;
    }
    Ok(())
}

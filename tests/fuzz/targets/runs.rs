//! An arbitrary run folder: manifest, accounts and ledger are read or rejected.

use std::fs;
use std::sync::LazyLock;

use aws_auto_inventory::run::{Results, ResultsError, read_accounts};
use tempfile::TempDir;

/// One for the whole process.
static FOLDER: LazyLock<TempDir> = LazyLock::new(|| tempfile::tempdir().expect("a temporary folder"));

/// Reads one input.
pub(crate) fn run(data: &[u8]) {
    // The three files with a zero between them.
    let mut parts = data.splitn(3, |byte| *byte == 0);
    for name in ["manifest.json", "accounts.json", "ledger.ndjson"] {
        fs::write(FOLDER.path().join(name), parts.next().unwrap_or_default()).expect("a file");
    }
    let _ = read_accounts(&FOLDER.path().join("accounts.json"));
    let Ok(results) = Results::open(FOLDER.path()) else { return };
    let _ = results.listed_accounts();
    let mut records = Vec::new();
    let _ = results.each_record(&mut |record| records.push(record.clone()));
    for record in records.iter().take(10) {
        let account = results.accounts().iter().find(|account| account.id == record.account);
        let Some(account) = account else { continue };
        let mut place = results.place(account, &record.region);
        let _ = place.read::<ResultsError>(record.service.as_str(), &record.name, |_, _| Ok(()));
    }
}

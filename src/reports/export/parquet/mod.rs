//! Resources as Parquet files: columns, in folders by kind, account and region as Hive has them.
//!
//! ```text
//! <service>-<kind>/account=<id>/region=<region>/part-0.parquet
//! run/part-0.parquet, accounts/part-0.parquet, ledger/part-0.parquet
//! ```
//!
//! All files of a kind have one schema, whatever fields the resources in them have. Resources come place by
//! place: only one place's files are begun at a time, and what waits for them in memory is bounded.

mod kind;
mod part;
mod place;
mod schema;

use std::fs::DirBuilder;
use std::io;
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};

use super::{ExportError, columns, facts, target};
use crate::reports::resources::Resources;
use crate::run::Results;
use kind::ParquetTables;
use part::PartFile;
use place::PartitionFiles;
use schema::Schema;

/// Writes a folder of files, and says how many resources are in them.
pub(super) fn write(resources: &Resources, path: &Path) -> Result<u64, ExportError> {
    let tables = columns::known_tables(resources)?;
    let unwritable = ExportError::unwritable(path);
    target::write_folder(path, |folder| {
        write_facts(resources.results(), folder, &unwritable)?;
        let kinds = ParquetTables::new(folder, &tables).map_err(&unwritable)?;
        let mut place = PartitionFiles::none();
        let mut count = 0;
        resources.each::<ExportError>(&mut |resource| {
            count += 1;
            place.add(&kinds, resource).map_err(&unwritable)
        })?;
        place.finish().map_err(&unwritable)?;
        Ok(count)
    })
}

/// What the run says about itself: a folder for each table.
fn write_facts(
    results: &Results,
    folder: &Path,
    unwritable: &dyn Fn(io::Error) -> ExportError,
) -> Result<(), ExportError> {
    let begin = |table: &facts::FactTable| {
        let schema = Schema::new(table.columns.iter().copied()).map_err(unwritable)?;
        Ok::<_, ExportError>(PartFile::new(first_file(&folder.join(table.name)), &schema))
    };
    let mut run = begin(&facts::RUN)?;
    run.add(facts::from_run(results.manifest())).map_err(unwritable)?;
    run.finish().map_err(unwritable)?;
    let mut accounts = begin(&facts::ACCOUNTS)?;
    for account in results.listed_accounts()? {
        accounts.add(facts::of_account(&account)).map_err(unwritable)?;
    }
    accounts.finish().map_err(unwritable)?;
    let mut ledger = begin(&facts::LEDGER)?;
    results.try_each_record::<ExportError>(&mut |record| {
        ledger.add(facts::of_line(record)).map_err(unwritable)
    })?;
    ledger.finish().map_err(unwritable)
}

/// The file of a folder. There is one: a place has as many resources of a kind as one process reads.
fn first_file(folder: &Path) -> PathBuf {
    folder.join("part-0.parquet")
}

fn create_folder(path: &Path) -> io::Result<()> {
    DirBuilder::new().recursive(true).mode(target::FOLDER_MODE).create(path)
}

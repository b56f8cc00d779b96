//! `scan catalog update`, `list`, `use` and `diff`: the catalogs of newer versions of botocore.

use std::path::PathBuf;

use clap::Args;
use serde_json::json;

use super::console::{print_line, warn};
use super::options::form::{FormArguments, print_json};
use super::runtime::runtime;
use crate::app::catalog::{
    BUILT_IN, CatalogComparison, CatalogUpdate, InstalledCatalogs, UpdateSource, open_catalog, open_named,
};
use crate::error::Failure;
use crate::util::plural::plural;

/// The options of `scan catalog update`.
#[derive(Args, Debug)]
pub(super) struct UpdateArguments {
    /// Version of botocore [default: the newest]
    #[arg(long, value_name = "VERSION", help_heading = "Input")]
    version: Option<String>,
    /// Package index [default: that of pip]
    ///
    /// It has to be https, or on this machine. Without it, `PIP_INDEX_URL` and pip's configuration files are read.
    #[arg(long, value_name = "URL", help_heading = "Input")]
    index_url: Option<String>,
    /// Folder or wheel of botocore to use instead of an index
    #[arg(long, value_name = "PATH", help_heading = "Input", conflicts_with_all = ["version", "index_url"])]
    from: Option<PathBuf>,
    /// Use the data of the installed AWS CLI
    #[arg(long, help_heading = "Input", conflicts_with_all = ["version", "index_url", "from"])]
    from_aws_cli: bool,
    /// Use the catalog in later runs
    #[arg(long = "use", help_heading = "Output")]
    choose: bool,
}

/// The options of `scan catalog use`.
#[derive(Args, Debug)]
pub(super) struct UseArguments {
    /// Version from `scan catalog list`, or `built-in`
    name: String,
}

/// The options of `scan catalog diff`.
#[derive(Args, Debug)]
pub(super) struct CatalogDiffArguments {
    /// Catalog to compare with: a version, `built-in` or a file
    other: String,
    /// First catalog [default: the one in use]
    #[arg(long, value_name = "CATALOG", help_heading = "Input")]
    from: Option<String>,
}

/// Installs another catalog.
pub(super) fn update(arguments: UpdateArguments) -> Result<(), Failure> {
    let source = match arguments.from {
        Some(path) => UpdateSource::Path(path),
        None if arguments.from_aws_cli => UpdateSource::AwsCli,
        None => UpdateSource::Index { url: arguments.index_url, version: arguments.version },
    };
    let CatalogUpdate { name, file, built } = runtime()?.block_on(CatalogUpdate::run(&source))?;
    match built {
        None => print_line(format!("{name} is installed already: {}", file.display())),
        Some((built, comparison)) => {
            print_line(format!(
                "{}: {} of {} from botocore {}\n{comparison}",
                file.display(),
                plural(built.operations, "function"),
                plural(built.services, "service"),
                built.botocore_version
            ));
            if !built.skipped_services.is_empty() {
                let names: Vec<&str> = built.skipped_services.iter().map(|(name, _)| name.as_str()).collect();
                warn(format!(
                    "skipped {}, which cannot be called: {}",
                    plural(names.len(), "service"),
                    names.join(", ")
                ));
            }
            if !built.skipped.is_empty() {
                warn(format!(
                    "skipped {}, because only the name indicates a read operation",
                    plural(built.skipped.len(), "function")
                ));
            }
        }
    }
    if arguments.choose {
        return choose(&UseArguments { name });
    }
    print_line(format!(
        "Run `scan catalog diff {name}` to list the changes, and `scan catalog use {name}` to use it."
    ));
    Ok(())
}

/// Lists the installed catalogs.
pub(super) fn list(form: FormArguments) -> Result<(), Failure> {
    let installed = InstalledCatalogs::of_user();
    let chosen = installed.chosen_name()?;
    let built_in = open_named(BUILT_IN)?;
    if form.is_json() {
        let installed = installed.names().into_iter().map(|name| {
            let is_chosen = chosen.as_deref() == Some(&*name);
            json!({"name": name, "botocore": name, "in_use": is_chosen})
        });
        let first =
            json!({"name": BUILT_IN, "botocore": built_in.botocore_version(), "in_use": chosen.is_none()});
        return print_json(&[first].into_iter().chain(installed).collect::<Vec<_>>());
    }
    let mark = |is_chosen: bool| if is_chosen { "*" } else { " " };
    print_line(format!("{} {BUILT_IN} (botocore {})", mark(chosen.is_none()), built_in.botocore_version()));
    for name in installed.names() {
        print_line(format!("{} {name}", mark(chosen.as_deref() == Some(&*name))));
    }
    Ok(())
}

/// Chooses the catalog of later runs.
pub(super) fn choose(arguments: &UseArguments) -> Result<(), Failure> {
    let name = &arguments.name;
    InstalledCatalogs::of_user().choose(Some(&**name).filter(|name| *name != BUILT_IN))?;
    print_line(format!("Runs without --catalog use {name}."));
    Ok(())
}

/// Prints the functions that only one of two catalogs has.
pub(super) fn diff(arguments: &CatalogDiffArguments) -> Result<(), Failure> {
    let one = match &arguments.from {
        Some(name) => open_named(name)?,
        None => open_catalog(None)?,
    };
    let comparison = CatalogComparison::new(&one, &open_named(&arguments.other)?)?;
    for function in &comparison.removed {
        print_line(format!("- {function}"));
    }
    for (function, denial) in &comparison.added {
        let denial = denial.as_ref().map_or_else(String::new, |denial| format!("  not called ({denial})"));
        print_line(format!("+ {function}{denial}"));
    }
    print_line(comparison.to_string());
    Ok(())
}

//! The run that a command reads: the one that the user names, or the last finished one.

use std::path::{Path, PathBuf};

use clap::Args;

use super::console::warn;
use crate::app::read_run::check_is_local;
use crate::error::Failure;
use crate::run::{last_finished, under_own_name};

/// The folder for results, if the user does not name it.
pub(super) const OUTPUT: &str = "output";

/// The run that the user names, or the last finished one.
#[derive(Args, Clone, Debug)]
pub(super) struct RunChoice {
    /// Run directory, such as output/latest [default: the last finished run]
    #[arg(value_name = "FOLDER")]
    run: Option<PathBuf>,

    #[command(flatten)]
    runs: RunsFolder,
}

/// The folder with the runs, for commands whose user need not name one of them.
#[derive(Args, Clone, Debug)]
pub(super) struct RunsFolder {
    /// Directory with the runs, if none is named [default: output]
    #[arg(long, value_name = "FOLDER", help_heading = "Input")]
    output_dir: Option<PathBuf>,
}

impl RunChoice {
    /// Returns the path of the run: that of the user under the run's own name, or that of the last finished run.
    ///
    /// # Errors
    ///
    /// Returns an error if there is no finished run, or the user names both a run and a folder of runs.
    pub(super) fn choose(&self) -> Result<PathBuf, Failure> {
        let run = self.runs.named_or_last(self.run.as_deref())?;
        Ok(under_own_name(&run))
    }
}

impl RunsFolder {
    /// Returns the folder with the runs.
    pub(super) fn path(&self) -> &Path {
        self.output_dir.as_deref().unwrap_or(Path::new(OUTPUT))
    }

    /// Returns the run that the user names, or the last finished one.
    ///
    /// # Errors
    ///
    /// As [`last`](Self::last) and [`check_named`](Self::check_named).
    pub(super) fn named_or_last(&self, run: Option<&Path>) -> Result<PathBuf, Failure> {
        let Some(run) = run else { return self.last() };
        self.check_named(run)?;
        Ok(run.to_owned())
    }

    /// Returns the last finished run, and reports which one that is.
    ///
    /// # Errors
    ///
    /// Returns an error if there is none.
    pub(super) fn last(&self) -> Result<PathBuf, Failure> {
        let folder = self.path();
        check_is_local(folder)?;
        let none = || Failure::usage(format!("{} has no finished run", folder.display()));
        let run = last_finished(folder).map_err(|cause| cannot_list(folder, &cause))?;
        let run = run.ok_or_else(|| {
            none()
                .hint("name the folder of a run, or that of the runs with --output-dir")
                .hint(format!("run `scan runs --output-dir {}` to list the runs in it", folder.display()))
        })?;
        warn(format!("Reading {}", run.display()));
        Ok(run)
    }

    /// Checks that the folder is not given in vain, because the user names a run, and that this is a local folder.
    pub(super) fn check_named(&self, run: &Path) -> Result<(), Failure> {
        if self.output_dir.is_some() {
            return Err(Failure::usage(format!(
                "--output-dir is for the last run, but {} is named",
                run.display()
            ))
            .hint("name either a run or the folder of the runs"));
        }
        check_is_local(run)
    }
}

/// Returns the failure of a folder of runs that cannot be listed.
pub(super) fn cannot_list(folder: &Path, cause: &std::io::Error) -> Failure {
    Failure::usage(format!("cannot list the runs in {}: {cause}", folder.display()))
        .hint("name the folder of a run, or that of the runs with --output-dir")
}

/// Returns the names of runs: those of their folders, or the paths as the user wrote them if several have one name.
pub(super) fn unique_names(runs: &[&Path]) -> Vec<String> {
    let names: Vec<String> = runs
        .iter()
        .map(|run| {
            let own = under_own_name(run);
            own.file_name().unwrap_or(own.as_os_str()).to_string_lossy().into_owned()
        })
        .collect();
    let is_unique = |name: &String| names.iter().filter(|other| *other == name).count() == 1;
    let unique = names
        .iter()
        .zip(runs)
        .map(|(name, run)| if is_unique(name) { name.clone() } else { run.display().to_string() });
    unique.collect()
}

//! `scan check`: checks what a scan needs, and prints how to fix problems.

use std::process::ExitCode;

use clap::Args;

use super::args::scan::ScanArguments;
use super::console::print_line;
use super::runtime::runtime;
use super::terminal::Terminal;
use crate::app::check::check;
use crate::app::settings::ScanSettings;
use crate::engine::check::findings_text;
use crate::error::{Failure, FailureKind};

/// Checks credentials, organization, roles, regions, and one call of each service of the spec.
#[derive(Args, Debug)]
pub(super) struct CheckArguments {
    /// Print one JSON document
    #[arg(long)]
    json: bool,

    #[command(flatten)]
    scan: ScanArguments,
}

pub(super) fn run(arguments: CheckArguments) -> Result<ExitCode, Failure> {
    let mut scan = arguments.scan;
    let has_spec = scan.scan.is_some();
    scan.scan.get_or_insert_with(|| "sts".to_owned());
    let terminal = Terminal::new(&scan.display, None);
    let settings = ScanSettings::try_from(scan)?;
    runtime()?.block_on(async {
        let findings = check(&settings, has_spec, &*terminal).await?;
        print_line(if arguments.json {
            serde_json::to_string_pretty(&findings)
                .map_err(|cause| Failure::internal("cannot write the findings as JSON").with_source(cause))?
        } else {
            findings_text(&findings).trim_end().to_owned()
        });
        let code = if findings.ready { 0 } else { FailureKind::Incomplete.code() };
        Ok(ExitCode::from(code))
    })
}

//! `scan schema`: the JSON Schema of scan specs.

use super::console::print_line;
use crate::app::catalog::open_catalog;
use crate::error::Failure;
use crate::plan::spec;

pub(super) fn run() -> Result<(), Failure> {
    let schema = spec::schema(&open_catalog(None)?)
        .map_err(|cause| Failure::internal("cannot read the catalog").with_source(cause))?;
    print_line(format!("{schema:#}"));
    Ok(())
}

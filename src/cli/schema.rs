//! `scan schema`: the JSON Schema of scan specs.

use super::console::print_line;
use crate::plan::spec;

pub(super) fn run() {
    print_line(format!("{:#}", spec::schema()));
}

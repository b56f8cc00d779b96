//! `scan schema`: the JSON Schema of scan specs.

use super::console::say;
use crate::plan::spec;

pub(super) fn run() {
    say(format!("{:#}", spec::schema()));
}

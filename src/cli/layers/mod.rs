//! The layers that options come from: command line, environment, configuration file, default.
//!
//! The options of the lower layers become words of the command line before it is parsed, so that each option of the
//! parser's definition can stand in each layer, and follows the same rules in all of them. The highest layer wins: for
//! an option, and between options that exclude each other.

mod config_file;
mod expansion;
mod file_trust;
mod option_value;
mod origin;
mod settable;
mod variables;

#[cfg(test)]
mod tests;

pub(super) use config_file::ConfigFile;
pub(super) use expansion::{ExpandedLine, without_variables};
pub(super) use file_trust::is_safe_setting;
pub(super) use origin::{LayeredOption, OptionOrigin, explain};
pub(super) use settable::{SettableOption, ValueCount};
pub(super) use variables::{is_option_variable, misspelt};

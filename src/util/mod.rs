//! Helpers that are independent of AWS.

pub(crate) mod atomic_file;
pub(crate) mod defect;
pub(crate) mod features;
pub(crate) mod hexadecimal;
pub(crate) mod json_indent;
pub(crate) mod json_kind;
pub(crate) mod new_file;
pub(crate) mod open_folder;
pub(crate) mod own_keys;
pub(crate) mod percent_encoding;
pub(crate) mod plural;
pub(crate) mod replacement;
pub(crate) mod source_excerpt;
pub(crate) mod special_number;
pub(crate) mod suggest;
pub(crate) mod system;
pub(crate) mod terminal_text;
pub(crate) mod text_numbers;
pub(crate) mod uuid;
pub(crate) mod wildcard;

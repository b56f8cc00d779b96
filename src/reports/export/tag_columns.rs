//! Columns for the values of single tags, which the user chooses by their keys.

use super::cell::CellValue;
use super::identifiers::{Identifiers, NameSpelling};
use crate::reports::resources::Resource;

/// The start of the names of these columns.
const PREFIX: &str = "tag:";

/// The columns of chosen tags.
#[derive(Debug)]
pub(super) struct TagColumns {
    keys: Vec<String>,
    names: Vec<String>,
}

impl TagColumns {
    /// Creates columns for these keys, without duplicates. Keys of tags are case-sensitive, but the names of columns
    /// differ in more than case.
    pub(super) fn new(wanted: &[String]) -> Self {
        let (mut keys, mut names) = (Vec::new(), Vec::new());
        let mut identifiers = Identifiers::new(NameSpelling::Path);
        for key in wanted {
            if !keys.contains(key) {
                keys.push(key.clone());
                names.push(identifiers.name(&format!("{PREFIX}{key}")));
            }
        }
        Self { keys, names }
    }

    /// Returns the names of the columns.
    pub(super) fn names(&self) -> Vec<&str> {
        self.names.iter().map(String::as_str).collect()
    }

    /// Returns the values of a resource's tags; a cell is empty if the resource does not have the tag.
    pub(super) fn cells(&self, resource: &Resource<'_>) -> Vec<CellValue> {
        let value = |key: &String| resource.tags.as_ref()?.get(key).map(CellValue::of);
        self.keys.iter().map(|key| value(key).unwrap_or_default()).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::TagColumns;

    #[test]
    fn names_differ_in_more_than_case() {
        let columns = TagColumns::new(&["team", "Team", "team"].map(str::to_owned));
        assert_eq!(columns.names(), ["tag:team", "tag:Team_2"]);
    }
}

//! The paths of a kind's fields that have columns.

use std::collections::{HashMap, HashSet};

/// The paths of fields with their columns. An object at such a path is not divided, unless fields below it
/// have columns.
#[derive(Debug, Default)]
pub(super) struct FieldTree {
    columns: HashMap<String, usize>,
    /// The paths above all fields.
    parents: HashSet<String>,
    /// Whether resources are not divided.
    is_whole: bool,
}

impl FieldTree {
    /// Creates the tree of these paths, in the order of the columns.
    pub(super) fn new<'path>(paths: impl IntoIterator<Item = &'path str>, is_whole: bool) -> Self {
        let (mut columns, mut parents) = (HashMap::new(), HashSet::new());
        for (column, path) in paths.into_iter().enumerate() {
            columns.insert(path.to_owned(), column);
            parents.extend(path.match_indices('.').map(|(end, _)| path[..end].to_owned()));
        }
        Self { columns, parents, is_whole }
    }

    /// Returns the column of a field.
    pub(super) fn column(&self, path: &str) -> Option<usize> {
        self.columns.get(path).copied()
    }

    /// Returns whether there are fields below a path.
    pub(super) fn is_parent(&self, path: &str) -> bool {
        self.parents.contains(path)
    }

    /// Returns whether an object at this path is one field; the path of the resource is empty.
    pub(super) fn is_whole(&self, path: &str) -> bool {
        if path.is_empty() { self.is_whole } else { self.column(path).is_some() && !self.is_parent(path) }
    }
}

#[cfg(test)]
mod tests {
    use super::FieldTree;

    #[test]
    fn object_with_a_column_is_whole_unless_fields_below_have_one() {
        let tree = FieldTree::new(["State", "State.Name", "Environment.Variables"], false);
        assert_eq!([tree.column("State.Name"), tree.column("State.Code")], [Some(1), None]);
        for (path, is_whole) in [
            ("", false),
            ("State", false),
            ("Environment", false),
            ("Environment.Variables", true),
            ("Id", false),
        ] {
            assert_eq!(tree.is_whole(path), is_whole, "{path}");
        }
        assert!(tree.is_parent("Environment") && !tree.is_parent("Environment.Variables"));
        assert!(FieldTree::new(["value"], true).is_whole(""));
    }
}

//! The order of columns in a workbook: what readers look for first. Other formats have the order of [`COMMON`].

use crate::reports::export::table::COMMON;

/// The columns before those of chosen tags. The name of a sheet has the service and kind.
const OF_KIND: [&str; 14] = [
    "name",
    "id",
    "type",
    "state",
    "size_or_type",
    "created",
    "environment",
    "public",
    "uses",
    "used_by",
    "account",
    "account_name",
    "account_ou",
    "region",
];
/// The same in the sheet of all resources.
const OF_ALL: [&str; 16] = [
    "name",
    "id",
    "service",
    "kind",
    "type",
    "state",
    "size_or_type",
    "created",
    "environment",
    "public",
    "uses",
    "used_by",
    "account",
    "account_name",
    "account_ou",
    "region",
];
/// The columns after those of chosen tags, and before those of fields.
const AFTER_TAGS: [&str; 6] = ["arn", "owner_account", "parent", "tags", "account_tags", "details"];

/// The order of a sheet's columns.
#[derive(Debug)]
pub(super) struct ColumnOrder {
    before_tags: Vec<usize>,
    after_tags: Vec<usize>,
}

impl ColumnOrder {
    /// Returns the order for the sheet of a kind.
    pub(super) fn of_kind() -> Self {
        Self::new(&OF_KIND)
    }

    /// Returns the order for the sheet of all resources.
    pub(super) fn of_all() -> Self {
        Self::new(&OF_ALL)
    }

    fn new(before_tags: &[&str]) -> Self {
        let positions = |names: &[&str]| {
            let position = |name: &&str| COMMON.iter().position(|common| common == name);
            names.iter().filter_map(position).collect()
        };
        Self { before_tags: positions(before_tags), after_tags: positions(&AFTER_TAGS) }
    }

    /// Arranges a row of common columns and fields, and one of tags.
    pub(super) fn arrange<T: Default>(&self, mut common: Vec<T>, tags: Vec<T>) -> Vec<T> {
        let fields = common.split_off(COMMON.len());
        let mut take = |positions: &[usize]| -> Vec<T> {
            positions.iter().map(|position| std::mem::take(&mut common[*position])).collect()
        };
        let (before, after) = (take(&self.before_tags), take(&self.after_tags));
        before.into_iter().chain(tags).chain(after).chain(fields).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::{AFTER_TAGS, COMMON, ColumnOrder, OF_ALL};

    #[test]
    fn sheet_of_all_resources_has_all_common_columns() {
        let mut columns: Vec<_> = OF_ALL.into_iter().chain(AFTER_TAGS).collect();
        let mut common = COMMON.to_vec();
        columns.sort_unstable();
        common.sort_unstable();
        assert_eq!(columns, common);
    }

    #[test]
    fn tags_are_between_region_and_arn() {
        let row = COMMON.iter().chain(&["Field"]).map(ToString::to_string).collect();
        let row = ColumnOrder::of_kind().arrange(row, vec!["tag:team".to_owned()]);
        assert_eq!(row[..2], ["name", "id"]);
        assert_eq!(row[13..16], ["region", "tag:team", "arn"]);
        assert_eq!(row.last().map(String::as_str), Some("Field"));
    }
}

//! Names of folders that hold the value of a column, as Hive writes them: `region=eu-west-1`.

use std::fmt::Write as _;

/// The value of a folder without one (Hive's `hive.exec.default.partition.name`).
const NO_VALUE: &str = "__HIVE_DEFAULT_PARTITION__";

/// Returns the name of the folder for a value of a column. Hive's special characters are percent-encoded (the list of
/// `charToEscape` in Spark's `ExternalCatalogUtils`, which is Hive's `FileUtils`); readers decode them.
pub(super) fn partition_folder(column: &str, value: &str) -> String {
    let mut name = format!("{column}=");
    for letter in if value.is_empty() { NO_VALUE } else { value }.chars() {
        if letter.is_ascii_control() || "\"#%'*/:=?\\{[]^".contains(letter) {
            // Writing to a text cannot fail.
            let _ = write!(name, "%{:02X}", u32::from(letter));
        } else {
            name.push(letter);
        }
    }
    name
}

#[cfg(test)]
mod tests {
    use super::partition_folder;

    #[test]
    fn special_characters_of_hive_are_encoded() {
        for (value, name) in [
            ("123456789012", "123456789012"),
            ("weekly-2026-11-30T02-00-00Z", "weekly-2026-11-30T02-00-00Z"),
            ("a b ü}", "a b ü}"),
            ("../x", "..%2Fx"),
            ("50%: [a]=*'\"\n\u{7f}", "50%25%3A %5Ba%5D%3D%2A%27%22%0A%7F"),
            ("", "__HIVE_DEFAULT_PARTITION__"),
        ] {
            assert_eq!(partition_folder("run", value), format!("run={name}"));
        }
    }
}

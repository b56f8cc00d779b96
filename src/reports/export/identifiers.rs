//! Unique names of tables and columns. SQL databases, Athena and Spark allow only letters, digits and
//! underscores; they and many readers of tables ignore case.

use std::collections::HashSet;

/// The longest name. Longer ones are not readable, and programs have limits: 255 characters in Athena
/// (docs.aws.amazon.com/athena/latest/ug/tables-databases-columns-names.html).
const LONGEST: usize = 120;

/// The characters of names.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum NameSpelling {
    /// All characters.
    #[default]
    Path,
    /// Letters, digits and underscores.
    #[cfg_attr(
        not(any(feature = "parquet", feature = "sqlite")),
        expect(dead_code, reason = "used by formats that are not built in")
    )]
    Identifier,
}

/// Assigns unique names.
#[derive(Debug, Default)]
pub(super) struct Identifiers {
    spelling: NameSpelling,
    taken: HashSet<String>,
}

/// The paths of a table's fields.
#[derive(Clone, Copy, Debug)]
pub(super) struct FieldPaths<'table> {
    /// The fields of the model.
    pub(super) modelled: &'table [&'table str],
    /// Other fields.
    pub(super) found: &'table [&'table str],
}

impl NameSpelling {
    pub(super) fn spell(self, text: &str) -> String {
        match self {
            Self::Path => text.to_owned(),
            Self::Identifier => identifier(text),
        }
    }

    /// Returns the prefix of fields with the name of another column.
    fn prefix(self) -> &'static str {
        match self {
            Self::Path => "raw.",
            Self::Identifier => "raw_",
        }
    }
}

impl Identifiers {
    pub(super) fn new(spelling: NameSpelling) -> Self {
        Self { spelling, taken: HashSet::new() }
    }

    /// Returns a name for `wanted`: with underscores for characters that are not allowed, and a number at the
    /// end if the name is already taken.
    pub(super) fn name(&mut self, wanted: &str) -> String {
        let name = self.spelling.spell(wanted);
        let (mut unique, mut count) = (name.clone(), 1);
        while !self.taken.insert(unique.to_lowercase()) {
            count += 1;
            unique = format!("{name}_{count}");
        }
        unique
    }
}

fn identifier(text: &str) -> String {
    let allowed = |letter: char| if letter.is_ascii_alphanumeric() { letter } else { '_' };
    let name: String = text.chars().take(LONGEST).map(allowed).collect();
    let starts_with_letter = name.starts_with(|letter: char| letter.is_ascii_alphabetic());
    // SQLite reserves names that start with `sqlite_`.
    if starts_with_letter && !name.to_ascii_lowercase().starts_with("sqlite_") {
        name
    } else {
        format!("_{name}")
    }
}

/// Returns names for the columns of fields. A field with a `reserved` name, in any case, gets the prefix
/// `raw.` or `raw_`. Equal names are numbered in the order of their paths, and those of the model first: the
/// numbers do not depend on the order of fields in a result, or on fields that only some results have.
pub(super) fn column_names(spelling: NameSpelling, reserved: &[&str], fields: FieldPaths<'_>) -> Vec<String> {
    let mut identifiers = Identifiers::new(spelling);
    let reserved: HashSet<String> =
        reserved.iter().map(|name| identifiers.name(name).to_lowercase()).collect();
    let mut name_of = |field: &str| {
        let is_reserved = reserved.contains(&spelling.spell(field).to_lowercase());
        let prefix = if is_reserved { spelling.prefix() } else { "" };
        identifiers.name(&format!("{prefix}{field}"))
    };
    let mut names = Vec::new();
    for fields in [fields.modelled, fields.found] {
        let mut sorted: Vec<(usize, &str)> = fields.iter().copied().enumerate().collect();
        sorted.sort_unstable_by_key(|(_, field)| *field);
        let mut numbered: Vec<_> = sorted.into_iter().map(|(index, field)| (index, name_of(field))).collect();
        numbered.sort_unstable_by_key(|(index, _)| *index);
        names.extend(numbered.into_iter().map(|(_, name)| name));
    }
    names
}

#[cfg(test)]
mod tests {
    use super::{FieldPaths, Identifiers, NameSpelling, column_names};

    fn names(spelling: NameSpelling, modelled: &[&str], found: &[&str]) -> Vec<String> {
        column_names(spelling, &["account", "name", "other fields"], FieldPaths { modelled, found })
    }

    #[test]
    fn a_name_is_made_of_letters_digits_and_underscores() {
        let mut names = Identifiers::new(NameSpelling::Identifier);
        for (wanted, name) in [
            ("State.Name", "State_Name"),
            ("cognito-idp_user_pool", "cognito_idp_user_pool"),
            ("Tags.Kostenträger\"; --", "Tags_Kostentr_ger_____"),
            ("2nd", "_2nd"),
            ("", "_"),
            ("sqlite_master", "_sqlite_master"),
        ] {
            assert_eq!(names.name(wanted), name);
        }
    }

    #[test]
    fn names_that_differ_in_case_only_are_numbered() {
        let all = ["Name", "name", "NAME", "name_2", "a.b", "a_b"];
        let mut names = Identifiers::new(NameSpelling::Identifier);
        let identifiers = all.map(|wanted| names.name(wanted));
        assert_eq!(identifiers, ["Name", "name_2", "NAME_3", "name_2_2", "a_b", "a_b_2"]);
        let mut names = Identifiers::new(NameSpelling::Path);
        assert_eq!(
            all.map(|wanted| names.name(wanted)),
            ["Name", "name_2", "NAME_3", "name_2_2", "a.b", "a_b"]
        );
    }

    /// A field with the name of a column of all tables is distinguished from it.
    #[test]
    fn column_name_equal_to_common_column_gets_prefix() {
        let fields = ["Name", "State.Name", "name", "other.fields", "raw_name"];
        assert_eq!(
            names(NameSpelling::Identifier, &[], &fields),
            ["raw_Name", "State_Name", "raw_name_2", "raw_other_fields", "raw_name_3"]
        );
        assert_eq!(
            names(NameSpelling::Path, &[], &fields),
            ["raw.Name", "State.Name", "raw.name_2", "other.fields", "raw_name"]
        );
    }

    #[test]
    fn numbers_of_names_follow_the_order_of_paths() {
        assert_eq!(names(NameSpelling::Identifier, &[], &["a_b", "a-b"]), ["a_b_2", "a_b"]);
        assert_eq!(names(NameSpelling::Identifier, &[], &["a-b", "a_b"]), ["a_b", "a_b_2"]);
        assert_eq!(names(NameSpelling::Path, &["order", "Order"], &[]), ["order_2", "Order"]);
        assert_eq!(
            names(NameSpelling::Identifier, &["a_b"], &["a-b"]),
            ["a_b", "a_b_2"],
            "the model's first"
        );
    }

    #[test]
    fn a_long_name_is_cut_and_still_its_own() {
        let mut names = Identifiers::new(NameSpelling::Identifier);
        let long = "x".repeat(5_000);
        let (one, other) = (names.name(&long), names.name(&long));
        assert_ne!(one, other);
        assert!(other.len() < 130, "{}", other.len());
    }
}

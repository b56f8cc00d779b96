//! Names of tables and columns for programs that allow only letters, digits and underscores, and that ignore
//! case: SQL databases, Athena, Spark.

use std::collections::HashSet;

/// The longest name. Longer ones are not readable, and programs have limits: 255 characters in Athena
/// (docs.aws.amazon.com/athena/latest/ug/tables-databases-columns-names.html).
const LONGEST: usize = 120;

/// Assigns unique names.
#[derive(Debug, Default)]
pub(super) struct Identifiers {
    taken: HashSet<String>,
}

impl Identifiers {
    /// Returns a name for `wanted`: with underscores for characters that are not allowed, and a number at the
    /// end if the name is already taken.
    pub(super) fn name(&mut self, wanted: &str) -> String {
        let name = identifier(wanted);
        let (mut unique, mut count) = (name.clone(), 1);
        while !self.taken.insert(unique.to_ascii_lowercase()) {
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

/// Returns names for the columns of a table, of which the first are `common`: a field with one of these
/// names, in any case, gets the prefix `raw_`.
pub(super) fn column_names<'name>(
    common: &[&str],
    fields: impl IntoIterator<Item = &'name str>,
) -> Vec<String> {
    let mut names = Identifiers::default();
    let mut all: Vec<String> = common.iter().map(|name| names.name(name)).collect();
    for field in fields {
        let is_common = common.iter().any(|name| name.eq_ignore_ascii_case(&identifier(field)));
        all.push(names.name(&if is_common { format!("raw_{field}") } else { field.to_owned() }));
    }
    all
}

#[cfg(test)]
mod tests {
    use super::{Identifiers, column_names};

    #[test]
    fn a_name_is_made_of_letters_digits_and_underscores() {
        let mut names = Identifiers::default();
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
        let mut names = Identifiers::default();
        let all = ["Name", "name", "NAME", "name_2", "a.b", "a_b"].map(|wanted| names.name(wanted));
        assert_eq!(all, ["Name", "name_2", "NAME_3", "name_2_2", "a_b", "a_b_2"]);
    }

    /// A field with the name of a column of all tables is distinguished from it.
    #[test]
    fn column_name_equal_to_common_column_gets_prefix() {
        let names = column_names(&["account", "name"], ["Name", "name", "raw_name", "State.Name"]);
        assert_eq!(names, ["account", "name", "raw_Name", "raw_name_2", "raw_name_3", "State_Name"]);
    }

    #[test]
    fn a_long_name_is_cut_and_still_its_own() {
        let mut names = Identifiers::default();
        let long = "x".repeat(5_000);
        let (one, other) = (names.name(&long), names.name(&long));
        assert_ne!(one, other);
        assert!(other.len() < 130, "{}", other.len());
    }
}

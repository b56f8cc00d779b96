//! Names of tables and columns for programs that know letters, digits and underscores, and that do not
//! tell upper from lower case: SQL databases, Athena, Spark.

use std::collections::HashSet;

/// Longer names help nobody, and other programs have limits: 255 characters in Athena
/// (docs.aws.amazon.com/athena/latest/ug/tables-databases-columns-names.html).
const LONGEST: usize = 120;

/// Hands out names, each of them once.
#[derive(Debug, Default)]
pub(super) struct Identifiers {
    taken: HashSet<String>,
}

impl Identifiers {
    /// The name for `wanted`: with underscores for what may not be in a name, and a number behind it
    /// where another has the name already.
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
    let is_begun_well = name.starts_with(|letter: char| letter.is_ascii_alphabetic());
    // SQLite keeps names that begin with `sqlite_` to itself.
    if is_begun_well && !name.to_ascii_lowercase().starts_with("sqlite_") { name } else { format!("_{name}") }
}

/// Names for the columns of a table, whose first ones are `common`: a field that is called like one of
/// these, whatever its case, has `raw_` before its name.
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

    /// A field with the name of a column of all tables is told from it.
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

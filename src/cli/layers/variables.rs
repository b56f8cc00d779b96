//! Environment variables that are options: `SCAN_OUTPUT_DIR` for `--output-dir`.

use std::collections::BTreeSet;
use std::ffi::OsString;

use clap::Command;

use super::settable::{PREFIX, SettableOption, walk};
use crate::app::notify::Destination;
use crate::util::suggest::did_you_mean;

/// Returns the option that a variable sets; `None` for other variables. The commands below `root` must be built.
pub(in crate::cli) fn is_option_variable<'command>(
    root: &'command Command,
    name: &str,
) -> Option<&'command str> {
    let mut found = None;
    walk(root, &mut Vec::new(), &mut |_, command| {
        let option =
            SettableOption::all(command).find(|option| option.variables().iter().any(|own| own == name));
        found = found.or(option.map(|option| option.name));
    });
    found
}

/// Returns a notice for each variable that is probably meant for an option, but misspelt. Other variables belong to other
/// programs. `command` makes the definition of the command line, if it is needed.
pub(in crate::cli) fn misspelt(
    command: impl FnOnce() -> Command,
    variables: impl Iterator<Item = OsString>,
) -> Vec<String> {
    let names = variables.filter_map(|name| name.into_string().ok());
    let names: Vec<String> = names.filter(|name| name.starts_with(PREFIX)).collect();
    if names.is_empty() {
        return Vec::new();
    }
    let mut root = command();
    root.build();
    // These are no options, because command lines are visible to other users.
    let secrets = [Destination::SLACK, Destination::TEAMS].map(str::to_owned);
    let (mut known, mut options) = (BTreeSet::from(secrets), BTreeSet::new());
    walk(&root, &mut Vec::new(), &mut |_, command| {
        for option in SettableOption::all(command) {
            known.extend(option.variables());
            options.insert(option.name);
        }
    });
    let unknown = names.into_iter().filter(|name| !known.contains(name));
    unknown
        .filter_map(|name| {
            let option = name.strip_prefix(PREFIX)?.to_ascii_lowercase().replace('_', "-");
            let near = did_you_mean(&option, options.iter().copied());
            (!near.is_empty())
                .then(|| format!("note: {name} is ignored: no option is named `{option}`{near}"))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use std::ffi::OsString;

    use clap::CommandFactory;

    use super::{is_option_variable, misspelt};
    use crate::cli::Cli;

    #[test]
    fn misspelt_variables_are_reported_and_foreign_ones_are_not() {
        let names = [
            "SCAN_CONCURENCY",
            "SCAN_KEEP",
            "SCAN_TEST_PYTHON",
            "SCAN_DIRECT_REQUESTS",
            "SCAN_NOTIFY_SLACK_URL",
            "SCAN_NOTIFY_TEAMS_URL",
            "SCANNER_KEP",
            "HOME",
        ];
        assert_eq!(
            misspelt(Cli::command, names.into_iter().map(OsString::from)),
            [
                "note: SCAN_CONCURENCY is ignored: no option is named `concurency`; did you mean `concurrency`?"
            ]
        );
    }

    #[test]
    fn variables_of_options_are_known_by_all_their_names() {
        let mut root = Cli::command();
        root.build();
        for (name, option) in [
            ("ORG_ROLE_NAME", Some("role-name")),
            ("SCAN_ROLE_NAME", Some("role-name")),
            ("SCAN_KEEP", Some("keep")),
            ("SCAN_CATALOG", Some("catalog")),
            ("SCAN_TRUST_ENV_FILE", None),
            ("SCAN_HELP", None),
            ("KEEP", None),
        ] {
            assert_eq!(is_option_variable(&root, name), option, "{name}");
        }
    }
}

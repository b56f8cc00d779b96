//! The verbs that a command line may call.

use std::ffi::OsString;

use clap::Command;

/// Returns the definition of the command line without the options of verbs that are not among the arguments. The
/// parser copies the definition several times, and all verbs together have more than a thousand options.
pub(super) fn only_called(root: Command, arguments: &[OsString]) -> Command {
    root.mut_subcommands(|verb| {
        if arguments.iter().any(|argument| argument == verb.get_name()) {
            return verb;
        }
        // The parser needs names that live as long as the program, which parses its line once.
        let name: &'static str = verb.get_name().to_owned().leak();
        let about = verb.get_about().cloned().unwrap_or_default();
        Command::new(name).about(about).hide(verb.is_hide_set())
    })
}

#[cfg(test)]
mod tests {
    use std::ffi::OsString;

    use clap::{Command, CommandFactory};

    use super::only_called;
    use crate::cli::Cli;

    fn called(line: &str) -> Command {
        let line: Vec<_> = line.split(' ').map(OsString::from).collect();
        only_called(Cli::command(), &line)
    }

    fn count_options(command: &Command, name: &str) -> usize {
        command.find_subcommand(name).map_or(0, |verb| verb.get_arguments().count())
    }

    #[test]
    fn verb_of_a_line_keeps_its_options() {
        for (line, verb) in [("scan --no-progress diff old", "diff"), ("scan plan -s diff", "plan")] {
            assert_eq!(count_options(&called(line), verb), count_options(&Cli::command(), verb), "{line}");
        }
    }

    #[test]
    fn other_verbs_are_only_names() {
        let (all, of_scan) = (Cli::command(), called("scan -s inventory"));
        let names = |command: &Command| -> Vec<(String, String)> {
            let verbs = command.get_subcommands();
            verbs
                .map(|verb| {
                    (
                        verb.get_name().to_owned(),
                        verb.get_about().map(ToString::to_string).unwrap_or_default(),
                    )
                })
                .collect()
        };
        assert_eq!(names(&of_scan), names(&all));
        assert!(of_scan.get_subcommands().all(|verb| verb.get_arguments().count() == 0));
        assert_eq!(of_scan.get_arguments().count(), all.get_arguments().count());
    }

    /// So the parser calls no verb whose name is not among the arguments.
    #[test]
    fn verbs_have_one_name_which_is_typed_whole() {
        let command = Cli::command();
        assert!(command.get_subcommands().all(|verb| verb.get_all_aliases().count() == 0));
        assert!(command.try_get_matches_from(["scan", "dif", "old", "new"]).is_err());
    }
}

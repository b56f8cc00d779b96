//! The examples at the end of each command's help.

/// `scan`
pub(super) const SCAN: &str = "\
Examples:
  scan demo                                          Scan a simulated organization
  scan -s s3 --organization-scan                     List the buckets of all accounts
  scan -s inventory -r eu-west-1 --profile audit     Scan one account in one region
  scan -s spec.json --organization-scan --keep 7 -q  Scan from cron

Exit codes: 0 complete; 2 wrong usage or spec; 3 no usable credentials, or the organization cannot be read; \
4 finished, but some calls were denied or failed; 5 the differences that --fail-on names; 130 interrupted; \
1 internal error.";

/// `scan demo`
#[cfg(feature = "demo")]
pub(super) const DEMO: &str = "\
Examples:
  scan demo
  scan demo -s ec2 -r eu-west-1 -o demo-output
  scan demo --size 500 --dry-run";

/// `scan check`
pub(super) const CHECK: &str = "\
Examples:
  scan check --organization-scan
  scan check -s inventory --organization-scan --role-name Audit --json";

/// `scan plan`
pub(super) const PLAN: &str = "\
Examples:
  scan plan -s inventory --organization-scan
  scan plan -s spec.json --accounts 111122223333 -r eu-west-1 --json";

/// `scan policy`
pub(super) const POLICY: &str = "\
Examples:
  scan policy -s inventory
  scan policy -s inventory --management
  scan policy -s inventory --who
  scan policy --trust --principal arn:aws:iam::111122223333:role/Scanner --external-id inventory
  scan policy -s inventory --cloudformation --principal 111122223333";

/// `scan resume`
pub(super) const RESUME: &str = "\
Examples:
  scan resume output/organization-2026-11-28T02-00-00Z
  scan resume output/organization-2026-11-28T02-00-00Z --retry-failed";

/// `scan accept`
pub(super) const ACCEPT: &str = "\
Examples:
  scan accept output/latest -o gaps.json
  scan accept --reason 'sandbox accounts have no role' --until 2027-03-31 -o gaps.json
  scan -s inventory --organization-scan --accepted-gaps gaps.json";

/// `scan runs`
pub(super) const RUNS: &str = "\
Examples:
  scan runs
  scan runs --output-dir nights --json";

/// `scan merge`
pub(super) const MERGE: &str = "\
Examples:
  scan merge output/nightly -o merged
  scan merge shard-1-of-2 shard-2-of-2 -o merged";

/// `scan export`
pub(super) const EXPORT: &str = "\
Examples:
  scan export --format xlsx
  scan export output/latest --format csv --force
  scan export output/latest --format ndjson -o -
  scan export output/weekly --format parquet --into lake
  scan export output/weekly --ddl athena --into s3://example-inventory/lake";

/// `scan diff`
pub(super) const DIFF: &str = "\
Examples:
  scan diff
  scan diff output/organization-2026-11-27T02-00-00Z output/latest
  scan diff --type AWS::EC2::Instance,ec2.security_group_rule
  scan diff old new --service ec2 --format html -o changes.html
  scan diff old new --fail-on added,removed
  scan diff --who --dry-run
  scan diff --who --profile audit";

/// `scan query`
#[cfg(feature = "sqlite")]
pub(super) const QUERY: &str = "\
Examples:
  scan query --tables
  scan query \"SELECT account, count(*) FROM ec2_instance GROUP BY account\"
  scan query output/latest \"SELECT id, InstanceType FROM AWS_EC2_Instance\"
  scan query output/latest --jq 'select(.kind == \"bucket\") | .name'";

/// `scan history`
#[cfg(feature = "sqlite")]
pub(super) const HISTORY: &str = "\
Examples:
  scan history
  scan history i-0123456789abcdef0
  scan history --output-dir nights web-1 --format json";

/// `scan history add`
#[cfg(feature = "sqlite")]
pub(super) const HISTORY_ADD: &str = "\
Examples:
  scan history add
  scan history add output/latest
  scan history add nights/monday nights/tuesday --store nights.db";

/// `scan links`
pub(super) const LINKS: &str = "\
Examples:
  scan links
  scan links sg-0123456789abcdef0
  scan links output/latest arn:aws:iam::111111111111:role/Reader --depth 2
  scan links --foreign
  scan links output/latest --format graphml > links.graphml";

/// `scan mcp`
#[cfg(feature = "mcp")]
pub(super) const MCP: &str = "\
Examples:
  scan mcp
  scan mcp output/latest
  claude mcp add inventory -- scan mcp --output-dir /srv/inventory";

/// `scan reconcile`
pub(super) const RECONCILE: &str = "\
Examples:
  scan reconcile output/latest
  scan reconcile output/latest --with config,tagging --spec more.json
  scan reconcile output/latest --with resource-explorer,config,tagging,bill
  scan reconcile output/latest --print-spec > witnesses.json";

/// `scan report`
pub(super) const REPORT: &str = "\
Examples:
  scan report
  scan report output/latest -o inventory.html --force
  scan report commercial/latest china/latest -o partitions.html
  scan report output/latest --trends output/history.db";

/// `scan services`
pub(super) const SERVICES: &str = "\
Examples:
  scan services
  scan services ec2";

/// `scan spec`
pub(super) const SPEC: &str = "\
Examples:
  scan spec ec2 s3 -o spec.json
  scan spec --all";

/// `scan schema`
pub(super) const SCHEMA: &str = "\
Examples:
  scan schema > scan.schema.json";

/// `scan catalog build`
pub(super) const CATALOG: &str = "\
Examples:
  scan catalog build --from botocore/data -o catalog.bin
  scan -s spec.json --catalog catalog.bin";

/// `scan catalog update`
pub(super) const CATALOG_UPDATE: &str = "\
Examples:
  scan catalog update --use
  scan catalog update --from-aws-cli";

/// `scan catalog list`
pub(super) const CATALOG_LIST: &str = "\
Examples:
  scan catalog list";

/// `scan catalog use`
pub(super) const CATALOG_USE: &str = "\
Examples:
  scan catalog use 1.43.11
  scan catalog use built-in";

/// `scan catalog diff`
pub(super) const CATALOG_DIFF: &str = "\
Examples:
  scan catalog diff 1.43.11";

/// `scan config`
pub(super) const CONFIG: &str = "\
Examples:
  scan config
  scan config export --format csv
  scan config --format json -- -s inventory --organization-scan";

/// `scan completions`
pub(super) const COMPLETIONS: &str = "\
Examples:
  scan completions bash > ~/.local/share/bash-completion/completions/scan";

/// `scan man`
pub(super) const MAN: &str = "\
Examples:
  scan man ~/.local/share/man/man1";

#[cfg(all(test, feature = "demo", feature = "sqlite", feature = "xlsx"))]
mod tests {
    use clap::{Command, CommandFactory, Parser};

    use crate::cli::Cli;

    /// The headings that options stand under.
    const HEADINGS: &[&str] =
        &["Input", "Accounts", "Role", "Regions", "Output", "Limits", "Redaction", "Sharding", "Logging"];

    /// All commands, with the words that call them.
    fn commands() -> Vec<(String, Command)> {
        fn collect(name: &str, command: &Command, all: &mut Vec<(String, Command)>) {
            all.push((name.to_owned(), command.clone()));
            for below in command.get_subcommands().filter(|below| below.get_name() != "help") {
                collect(&format!("{name} {}", below.get_name()), below, all);
            }
        }
        let mut all = Vec::new();
        let mut command = Cli::command();
        command.build();
        collect("scan", &command, &mut all);
        all
    }

    /// Splits a line as a shell does, as far as the examples need it.
    fn words(line: &str) -> Vec<String> {
        let (mut words, mut word, mut quote) = (Vec::new(), String::new(), None);
        for letter in line.chars().chain([' ']) {
            match quote {
                Some(open) if letter == open => quote = None,
                None if matches!(letter, '"' | '\'') => quote = Some(letter),
                None if letter == ' ' => {
                    words.extend(Some(std::mem::take(&mut word)).filter(|word| !word.is_empty()));
                }
                _ => word.push(letter),
            }
        }
        words
    }

    #[test]
    fn each_command_shows_examples_that_parse() {
        for (name, command) in commands() {
            if command.has_subcommands() && name != "scan" {
                continue;
            }
            let help = command.get_after_help().map(ToString::to_string).unwrap_or_default();
            let examples: Vec<&str> =
                help.lines().filter(|line| line.starts_with("  scan")).map(str::trim).collect();
            assert!(!examples.is_empty(), "{name} shows no example");
            assert!(
                examples.iter().any(|example| example.starts_with(&name)),
                "{name} shows another command"
            );
            for example in examples {
                // A description stands two spaces behind the command, and redirection belongs to the shell.
                let example = example.split("  ").next().unwrap_or_default();
                let typed = example.split(" > ").next().unwrap_or_default();
                assert!(Cli::try_parse_from(words(typed)).is_ok(), "{typed}");
            }
        }
    }

    #[test]
    fn each_option_has_a_heading_of_the_list() {
        for (name, command) in commands() {
            for option in command.get_opts().filter(|option| !option.is_hide_set()) {
                if matches!(option.get_id().as_str(), "help" | "version") {
                    continue;
                }
                let heading = option.get_help_heading().unwrap_or("none");
                assert!(HEADINGS.contains(&heading), "{name} --{}: heading {heading}", option.get_id());
            }
        }
    }

    #[test]
    fn short_help_of_an_option_fits_a_line() {
        let mut wrong = Vec::new();
        for (name, command) in commands() {
            let about = command.get_about().map(ToString::to_string).unwrap_or_default();
            let arguments =
                command.get_arguments().filter(|argument| !argument.is_hide_set()).map(|argument| {
                    let help = argument.get_help().map(ToString::to_string).unwrap_or_default();
                    (
                        argument.get_id().to_string(),
                        help.split(" [default").next().unwrap_or_default().to_owned(),
                    )
                });
            let about = (String::new(), about);
            let all = arguments.chain((name != "scan").then_some(about));
            wrong.extend(
                all.filter(|(_, help)| help.chars().count() > 80 || help.ends_with('.'))
                    .map(|(id, help)| format!("{name} {id}: {help}")),
            );
        }
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    }

    #[test]
    fn commands_reject_options_that_mean_nothing_to_them() {
        let run = "output/organization-2026-11-28T02-00-00Z";
        for (command, options) in [
            (
                vec!["plan", "-s", "s3"],
                ["--summary=json", "-q", "--keep=2", "-o=x", "--no-redact", "--session-policy=none"],
            ),
            (
                vec!["check", "-s", "s3"],
                ["--summary=json", "-q", "--keep=2", "-o=x", "--no-redact", "--ask-everything"],
            ),
            (
                vec!["demo"],
                [
                    "--profile=audit",
                    "--profiles-file=p.json",
                    "--s3-sse-kms-key-id=k",
                    "--json",
                    "--trust",
                    "--explain",
                ],
            ),
            (
                vec!["policy", "-s", "s3"],
                ["--session-policy=none", "--role-session-name=x", "-q", "--keep=2", "-o=x", "--accounts=1"],
            ),
            (
                vec!["resume", run],
                ["--regions=eu-west-1", "--keep=2", "-o=x", "--no-redact", "--concurrency=2", "-s=s3"],
            ),
        ] {
            for option in options {
                let line = ["scan"].iter().chain(&command).copied().chain([option]);
                let error = Cli::try_parse_from(line).expect_err(option);
                assert_eq!(error.kind(), clap::error::ErrorKind::UnknownArgument, "{command:?} {option}");
            }
        }
    }

    #[test]
    fn short_help_of_a_scan_is_a_screen_and_a_half() {
        let help = Cli::command().render_help().to_string();
        assert!(help.lines().count() <= 84, "{help}");
    }
}

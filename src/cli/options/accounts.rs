//! The options that choose accounts.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use clap::Args;

use crate::aws::organization::{Account, AccountFilter, Management, read_account_list};
use crate::cli::console::warn;
use crate::error::Failure;
use crate::names::AccountId;

/// The file name that stands for standard input.
const STDIN: &str = "-";

/// The options that choose accounts.
#[derive(Args, Clone, Debug, Default)]
#[command(next_help_heading = "Accounts")]
pub(in crate::cli) struct AccountArguments {
    /// Scan only these accounts
    ///
    /// Without --organization-scan, the role is assumed in each of them and Organizations is not called.
    #[arg(long, num_args = 1.., value_delimiter = ',', value_name = "ID")]
    accounts: Vec<String>,

    /// Scan only the accounts in this file; `-` for standard input
    ///
    /// The file has the output of `aws organizations list-accounts`, a JSON list of IDs, CSV, or one ID per line.
    /// Columns may set the role and the regions of each account: see the guide.
    #[arg(long, value_name = "FILE", hide_short_help = true)]
    accounts_file: Option<PathBuf>,

    /// Exclude these accounts
    #[arg(long, num_args = 1.., value_delimiter = ',', value_name = "ID", hide_short_help = true)]
    exclude_accounts: Vec<String>,

    /// Scan only accounts in these organizational units
    ///
    /// A unit is given by ID or path (Root/Workloads), and includes the units below it.
    #[arg(long, num_args = 1.., value_delimiter = ',', value_name = "UNIT")]
    ou: Vec<String>,

    /// Exclude accounts in these organizational units
    #[arg(long, num_args = 1.., value_delimiter = ',', value_name = "UNIT", hide_short_help = true)]
    exclude_ou: Vec<String>,

    /// Match only direct child accounts of the given organizational units
    #[arg(long, hide_short_help = true)]
    no_recursive_ou: bool,

    /// Scan only accounts with this tag (repeatable)
    ///
    /// Of one key any value, but all keys have to match.
    #[arg(long, value_name = "KEY=VALUE")]
    account_tag: Vec<String>,

    /// Always include the management account
    #[arg(long, conflicts_with = "skip_management", hide_short_help = true)]
    include_management: bool,

    /// Exclude the management account
    #[arg(long, hide_short_help = true)]
    skip_management: bool,
}

impl AccountArguments {
    /// Returns the filter. `lists_accounts` means that the scan lists accounts, of which these options choose. Standard
    /// input can be read only once, so a spec and the list must not both be it.
    pub(in crate::cli) fn selection(
        self,
        lists_accounts: bool,
        specs: &[String],
    ) -> Result<AccountFilter, Failure> {
        let mut accounts: Vec<Account> =
            ids("--accounts", &self.accounts)?.into_iter().map(Account::alone).collect();
        if let Some(file) = &self.accounts_file {
            accounts.extend(read_file(file, specs)?);
        }
        let is_given = !self.accounts.is_empty() || self.accounts_file.is_some();
        let selection = AccountFilter {
            accounts: is_given.then_some(accounts),
            exclude_accounts: ids("--exclude-accounts", &self.exclude_accounts)?,
            units: words(&self.ou),
            exclude_units: words(&self.exclude_ou),
            direct_only: self.no_recursive_ou,
            tags: tags(&self.account_tag)?,
            management: match (self.include_management, self.skip_management) {
                (true, _) => Management::Include,
                (_, true) => Management::Skip,
                _ => Management::AsOthers,
            },
        };
        check(&selection, lists_accounts)?;
        Ok(selection)
    }
}

/// Rejects options without an effect.
fn check(selection: &AccountFilter, lists_accounts: bool) -> Result<(), Failure> {
    if selection.direct_only && selection.units.is_empty() && selection.exclude_units.is_empty() {
        return Err(Failure::usage("--no-recursive-ou: neither --ou nor --exclude-ou is given"));
    }
    if lists_accounts {
        return Ok(());
    }
    if let Some(filter) = selection.needs_organization() {
        return Err(Failure::usage(format!(
            "{filter}: only organization scans have accounts to choose from"
        ))
        .hint("add --organization-scan"));
    }
    if selection.accounts.is_none() && !selection.exclude_accounts.is_empty() {
        return Err(Failure::usage("--exclude-accounts: there is no list of accounts to exclude from")
            .hint("add --organization-scan, or --accounts"));
    }
    Ok(())
}

/// Parses account IDs, separated by spaces or commas.
pub(super) fn ids(option: &str, typed: &[String]) -> Result<Vec<AccountId>, Failure> {
    let texts = typed.iter().flat_map(|texts| texts.split([',', ' '])).filter(|text| !text.is_empty());
    let mut ids = Vec::new();
    for text in texts {
        let id = AccountId::parse(text).ok_or_else(|| {
            Failure::usage(format!("{option}: `{text}` is not an account ID of twelve digits"))
        })?;
        if !ids.contains(&id) {
            ids.push(id);
        }
    }
    if ids.is_empty() && !typed.is_empty() {
        return Err(Failure::usage(format!("{option}: no account ID is given")));
    }
    Ok(ids)
}

/// Returns the names, which may contain spaces.
fn words(typed: &[String]) -> Vec<String> {
    typed.iter().map(|text| text.trim().to_owned()).filter(|text| !text.is_empty()).collect()
}

fn tags(typed: &[String]) -> Result<BTreeMap<String, BTreeSet<String>>, Failure> {
    let mut tags: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for text in typed {
        let (key, value) = text.split_once('=').filter(|(key, _)| !key.is_empty()).ok_or_else(|| {
            Failure::usage(format!("--account-tag: `{text}` is not KEY=VALUE"))
                .hint("write --account-tag environment=production")
        })?;
        tags.entry(key.to_owned()).or_default().insert(value.to_owned());
    }
    Ok(tags)
}

/// Reads the accounts of `--accounts-file`. Standard input can be read only once, so a spec and the list must not both be
/// it.
pub(in crate::cli) fn read_file(file: &Path, specs: &[String]) -> Result<Vec<Account>, Failure> {
    let unusable = || Failure::usage(format!("--accounts-file {}", file.display()));
    let text = if file == Path::new(STDIN) {
        if specs.iter().any(|spec| spec == STDIN) {
            return Err(Failure::usage("standard input cannot be both the spec and the list of accounts"));
        }
        let mut text = String::new();
        io::stdin().read_to_string(&mut text).map(|_| text)
    } else {
        fs::read_to_string(file)
    };
    let text = text.map_err(|cause| unusable().with_source(cause))?;
    let list = read_account_list(&text).map_err(|cause| unusable().with_source(cause))?;
    list.notices.iter().for_each(|notice| warn(format!("--accounts-file {}: {notice}", file.display())));
    Ok(list.accounts)
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::AccountArguments;
    use crate::aws::organization::{AccountFilter, Management};
    use crate::error::Failure;

    #[derive(Parser)]
    struct AccountLine {
        #[command(flatten)]
        accounts: AccountArguments,
    }

    fn selection(arguments: &[&str], organization_scan: bool) -> Result<AccountFilter, Failure> {
        let line = AccountLine::try_parse_from(["scan"].iter().chain(arguments)).expect("an accepted line");
        line.accounts.selection(organization_scan, &[])
    }

    #[track_caller]
    fn expect_error(arguments: &[&str], organization_scan: bool, expected: &str) {
        let failure = selection(arguments, organization_scan).expect_err("a mistake");
        assert!(failure.to_string().contains(expected), "{failure}");
    }

    #[test]
    fn accounts_are_separated_by_spaces_or_commas() {
        for arguments in [
            vec!["--accounts", "111111111111", "222222222222"],
            vec!["--accounts", "111111111111,222222222222"],
            vec!["--accounts", "111111111111 222222222222,111111111111"],
        ] {
            let accounts = selection(&arguments, false).expect("a selection").accounts.expect("accounts");
            let ids: Vec<&str> = accounts.iter().map(|account| account.id.as_str()).collect();
            assert_eq!(ids, ["111111111111", "222222222222"], "{arguments:?}");
        }
    }

    #[test]
    fn values_of_one_tag_are_alternatives_and_tags_are_conditions() {
        let arguments =
            ["--account-tag", "env=prod", "--account-tag", "env=test", "--account-tag", "team=a=b"];
        let tags = selection(&arguments, true).expect("a selection").tags;
        assert_eq!(tags["env"].len(), 2);
        assert!(tags["team"].contains("a=b"));
    }

    #[test]
    fn the_default_takes_every_account() {
        let everything = selection(&[], true).expect("a selection");
        assert!(everything.is_everything());
        let skipping = selection(&["--skip-management"], true).expect("a selection");
        assert_eq!(skipping.management, Management::Skip);
    }

    #[test]
    fn meaningless_account_options_are_rejected() {
        expect_error(&["--accounts", "12345"], false, "`12345` is not an account ID");
        expect_error(&["--ou", "Root/Production"], false, "add --organization-scan");
        expect_error(&["--skip-management"], false, "--skip-management: only organization scans");
        expect_error(&["--include-management"], false, "--include-management: only organization scans");
        expect_error(&["--exclude-accounts", "111111111111"], false, "there is no list");
        expect_error(&["--account-tag", "production"], true, "--account-tag environment=production");
        expect_error(&["--no-recursive-ou"], true, "neither --ou nor");
        expect_error(
            &["--accounts-file", "no/such/file"],
            false,
            "--accounts-file no/such/file: No such file",
        );
    }
}

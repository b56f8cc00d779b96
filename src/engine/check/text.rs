//! The findings of `scan check` as human-readable text.

use std::collections::BTreeMap;
use std::fmt::Write;

use super::findings::{AccountFindings, CheckedPermissionSets};
use super::fix::{Fix, PolicyTarget};
use super::report::{CallerKind, Findings};
use crate::names::AccountId;
use crate::run::Status;
use crate::util::plural::plural;

/// How many accounts that passed are listed, and how many accounts a problem lists.
const SHOWN: usize = 20;

/// Formats the findings: the caller, the accounts with the calls that work, and the fixes for the rest.
#[must_use]
pub fn findings_text(findings: &Findings) -> String {
    let mut text = String::new();
    // Writing into a String cannot fail.
    let _ = write_findings(&mut text, findings);
    text
}

fn write_findings(text: &mut String, findings: &Findings) -> std::fmt::Result {
    let Findings { arn, account, partition, accounts, .. } = findings;
    writeln!(text, "Caller        {arn} in account {account}")?;
    writeln!(text, "Partition     {partition}")?;
    writeln!(text, "Organization  {}", organization(findings))?;
    if let Some(sets) = &findings.permission_sets {
        write_permission_sets(text, sets, account)?;
    }
    writeln!(text, "Accounts      {} checked", accounts.len())?;
    let mut reasons: BTreeMap<&str, usize> = BTreeMap::new();
    for skipped in &findings.not_checked {
        *reasons.entry(&skipped.reason).or_default() += 1;
    }
    for (reason, count) in reasons {
        writeln!(text, "              {count} not checked, {reason}")?;
    }
    write_accounts(text, accounts)?;
    for (index, fix) in findings.fixes.iter().enumerate() {
        write_fix(text, index + 1, fix)?;
    }
    let ready = accounts.iter().filter(|account| account.is_ready()).count();
    match (ready, accounts.len()) {
        (1, 1) => writeln!(text, "\nReady: all checks passed"),
        (_, count) if ready == count => {
            writeln!(text, "\nReady: all checks passed in all {}", plural(count, "account"))
        }
        (_, count) => writeln!(text, "\nNot ready: {ready} of {} passed", plural(count, "account")),
    }
}

/// Writes the permission sets, and what limits the calls without a session policy.
fn write_permission_sets(
    text: &mut String,
    sets: &CheckedPermissionSets,
    account: &AccountId,
) -> std::fmt::Result {
    writeln!(
        text,
        "Permissions   permission set {}, without a session policy: sessions have all of",
        sets.names.join(", ")
    )?;
    writeln!(text, "              its permissions; scan itself calls only operations that read")?;
    match &sets.policies {
        Some(policies) if policies.is_empty() => {
            writeln!(text, "              it has no policy in account {account}")
        }
        Some(policies) => {
            writeln!(text, "              policies in account {account}: {}", policies.join(", "))
        }
        None => writeln!(
            text,
            "              its policies cannot be read (iam:ListAttachedRolePolicies, iam:ListRolePolicies)"
        ),
    }
}

fn organization(findings: &Findings) -> String {
    let id = findings.organization.as_deref();
    let management = findings
        .management_account
        .as_ref()
        .map_or_else(String::new, |its| format!(", management account {its}"));
    let caller = match findings.caller_is {
        CallerKind::ManagementAccount => "the caller's account is the management account",
        CallerKind::DelegatedAdministrator => "the caller's account is a delegated administrator",
        CallerKind::Member => "the caller's account is a member",
        CallerKind::Unknown => {
            return "none, or organizations:DescribeOrganization is not allowed for the caller".to_owned();
        }
    };
    format!("{}{management}; {caller}", id.unwrap_or("id unknown"))
}

fn write_accounts(text: &mut String, accounts: &[AccountFindings]) -> std::fmt::Result {
    let name = |account: &AccountFindings| match &account.name {
        Some(name) => format!("{} {name}", account.id),
        None => account.id.to_string(),
    };
    let mut shown: Vec<&AccountFindings> = accounts.iter().filter(|account| !account.is_ready()).collect();
    let ready = accounts.iter().filter(|account| account.is_ready());
    shown.extend(ready.clone().take(SHOWN));
    let not_shown = ready.count().saturating_sub(SHOWN);
    shown.sort_by(|a, b| a.id.cmp(&b.id));
    let width = shown.iter().map(|account| name(account).chars().count()).max().unwrap_or_default();
    writeln!(text, "\n{:width$}  Access  Regions  Services", "Account")?;
    for account in shown {
        let access = match (account.entered, &account.role, &account.permission_set) {
            (false, ..) => "none",
            (true, Some(_), _) => "role",
            (true, None, Some(_)) => "sso",
            (true, None, None) => "own",
        };
        let regions = match account.entered {
            false => "-".to_owned(),
            true if account.regions_known && account.regions.is_empty() => "-".to_owned(),
            true if account.regions_known => account.regions.len().to_string(),
            true => format!("{}?", account.regions.len()),
        };
        writeln!(text, "{:width$}  {access:6}  {regions:>7}  {}", name(account), services(account))?;
    }
    if not_shown > 0 {
        writeln!(text, "… and {not_shown} more that passed")?;
    }
    if accounts.iter().any(|account| account.entered && !account.regions_known) {
        writeln!(
            text,
            "? default regions: the enabled regions could not be looked up (ec2:DescribeRegions, account:ListRegions)"
        )?;
    }
    Ok(())
}

fn services(account: &AccountFindings) -> String {
    if !account.entered {
        return "-".to_owned();
    }
    let mut other: BTreeMap<Status, Vec<&str>> = BTreeMap::new();
    for service in account.services.iter().filter(|service| service.status != Status::Ok) {
        other.entry(service.status).or_default().push(service.service.as_str());
    }
    let good = account.services.iter().filter(|service| service.status == Status::Ok).count();
    let mut text = format!("{good} of {}", account.services.len());
    for (status, services) in other {
        let _ = write!(text, "; {status}: {}", services.join(", "));
    }
    text
}

fn write_fix(text: &mut String, number: usize, fix: &Fix) -> std::fmt::Result {
    let accounts: Vec<&str> = fix.accounts.iter().take(SHOWN).map(AccountId::as_str).collect();
    let more = fix.accounts.len() - accounts.len();
    let more = if more > 0 { format!(" and {more} more") } else { String::new() };
    writeln!(text, "\n{number}. {} in {}{more}", fix.problem, accounts.join(", "))?;
    writeln!(text, "     {}", fix.message)?;
    for advice in &fix.advice {
        writeln!(text, "   - {advice}")?;
    }
    for addition in &fix.additions {
        let policy = match addition.target {
            PolicyTarget::IdentityPolicy => "the policies",
            PolicyTarget::TrustPolicy => "the trust policy",
        };
        writeln!(text, "   Statement for {policy} of {}:", addition.of)?;
        writeln!(text, "     {}", addition.statement)?;
    }
    Ok(())
}

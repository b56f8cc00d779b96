//! The tables of `docs/reliability.md` are those of the code.

use aws_auto_inventory::aws::client::RetryPolicy;
use aws_auto_inventory::engine::{DEFAULT_QUOTA, EXEMPT, QUOTAS, QuotaShare, RequestQuota};

use super::read;

fn row(quota: &RequestQuota, index: usize) -> String {
    let operations = match (quota.operations, QUOTAS[..index].iter().any(|row| row.service == quota.service))
    {
        ([], false) => "all".to_owned(),
        ([], true) => "all others".to_owned(),
        (named, _) => named.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", "),
    };
    let share = match quota.share {
        QuotaShare::Operation => "each operation",
        QuotaShare::Service => "all together",
    };
    let source = match quota.source {
        page if page.contains(".html") => format!("[{page}](https://docs.aws.amazon.com/{page})"),
        words => words.to_owned(),
    };
    let RequestQuota { service, rate, burst, .. } = quota;
    format!("| `{service}` | {operations} | {rate} | {burst} | {share} | {source} |")
}

#[test]
fn the_table_of_quotas_is_that_of_the_program() {
    let page = read("docs/reliability.md");
    let mut expected: Vec<String> =
        QUOTAS.iter().enumerate().map(|(index, quota)| row(quota, index)).collect();
    let RequestQuota { rate, burst, source, .. } = DEFAULT_QUOTA;
    expected.push(format!("| every other | all | {rate} | {burst} | all together | {source} |"));
    let rows = page.lines().skip_while(|line| !line.starts_with("| Service | Operations |")).skip(2);
    let rows: Vec<&str> = rows.take_while(|line| line.starts_with('|')).collect();
    assert_eq!(rows, expected, "docs/reliability.md should have\n{}", expected.join("\n"));
}

#[test]
fn the_retry_policy_is_told_as_the_program_prints_it() {
    let page = read("docs/reliability.md").split_whitespace().collect::<Vec<_>>().join(" ");
    let policy = RetryPolicy::default().to_string();
    assert!(page.contains(&policy), "docs/reliability.md lacks: {policy}");
}

#[test]
fn everything_that_is_never_concluded_is_listed() {
    let page = read("docs/reliability.md");
    for (prefix, action) in EXEMPT {
        let name = if *action == "*" { (*prefix).to_owned() } else { format!("{prefix}:{action}") };
        assert!(page.contains(&format!("`{name}`")), "docs/reliability.md lacks {name}");
    }
}

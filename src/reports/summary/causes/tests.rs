//! Tests which ledger lines have the same cause, and how the causes are described.

use serde_json::json;

use super::{CauseGroup, CauseSubject, Causes};
use crate::aws::client::InferredFrom;
use crate::names::AccountId;
use crate::run::{ASK_EVERYTHING_HINT, CallRecord, DeniedBy, Status};

const REGIONS: [&str; 3] = ["eu-west-1", "eu-west-3", "us-east-1"];
const SERVICES: [&str; 4] = ["ec2", "lambda", "rds", "sqs"];

fn id(number: usize) -> String {
    format!("{:012}", 100_000_000_000 + number)
}

fn line(account: usize, region: &str, service: &str, status: Status) -> CallRecord {
    let record = CallRecord::new(&AccountId::new(id(account)), region, service, "list_things", "list_things");
    CallRecord { status, attempts: 1, pages: u32::from(status == Status::Ok), ..record }
}

/// Returns the groups of a run of all services in all regions; `fate` changes the outcome of calls.
fn groups(accounts: usize, fate: impl Fn(usize, &str, &str, CallRecord) -> CallRecord) -> Vec<CauseGroup> {
    let mut causes = Causes::default();
    for account in 0..accounts {
        for region in REGIONS {
            for service in SERVICES {
                causes.count(&fate(account, region, service, line(account, region, service, Status::Ok)));
            }
        }
    }
    causes.groups()
}

fn titles(groups: &[CauseGroup]) -> Vec<String> {
    groups.iter().map(CauseGroup::title).collect()
}

fn denied(line: CallRecord, by: DeniedBy, code: &str) -> CallRecord {
    let action = format!("{}:ListThings", line.service);
    let hint = match by {
        DeniedBy::Scp => format!(
            "a service control policy of the organization denies {action} in account {}: exempt the role there, \
             or remove the call from the spec",
            line.account
        ),
        _ => format!("allow {action} in the policies of role Audit in account {}", line.account),
    };
    CallRecord {
        status: Status::Denied,
        denied_by: Some(by),
        denied_actions: vec![action.clone()],
        code: Some(code.to_owned()),
        hint: Some(hint),
        message: Some(format!("not authorized to perform: {action}")),
        pages: 0,
        ..line
    }
}

fn unreachable(line: CallRecord) -> CallRecord {
    let hint = format!("check network, proxy and firewall for {} in {}", line.service, line.region);
    let message = Some("connection refused".to_owned());
    CallRecord { status: Status::Unreachable, hint: Some(hint), message, pages: 0, ..line }
}

fn inferred(line: CallRecord, from: InferredFrom) -> CallRecord {
    let hint = line.hint.as_ref().map(|hint| format!("{hint}\n{ASK_EVERYTHING_HINT}"));
    CallRecord { inferred: true, inferred_from: Some(from), attempts: 0, hint, ..line }
}

fn without_session(line: CallRecord, account: usize) -> CallRecord {
    let message = format!(
        "cannot assume arn:aws:iam::{}:role/path/Audit: AccessDenied: no (request id {account})",
        id(account)
    );
    let hint = format!("does account {} have a role Audit?", id(account));
    let line = CallRecord {
        status: Status::Denied,
        denied_by: Some(DeniedBy::Unknown),
        role: Some("Audit".to_owned()),
        code: Some("AccessDenied".to_owned()),
        message: Some(message),
        hint: Some(hint),
        pages: 0,
        ..line
    };
    CallRecord { inferred: true, inferred_from: Some(InferredFrom::Session), attempts: 0, ..line }
}

#[test]
fn accounts_without_the_role_are_one_cause() {
    let found = groups(800, |account, _, _, line| match account {
        0 => line,
        account => without_session(line, account),
    });
    assert_eq!(
        titles(&found),
        ["cannot assume role Audit in 799 accounts: 9588 calls denied (AccessDenied)"]
    );
    let group = &found[0];
    assert_eq!((group.subject, group.accounts.len()), (CauseSubject::Session, 799));
    assert_eq!(group.hints, ["does each of these accounts have a role Audit?"]);
    let first = (1..6).map(id).collect::<Vec<_>>().join(", ");
    assert_eq!(group.places(), [format!("accounts: {first} and 794 more")]);
    assert!(group.message().expect("a message").starts_with("for example: cannot assume arn:"));
}

/// Calls that were not sent belong to the endpoint that does not respond.
#[test]
fn unsent_calls_belong_to_unreachable_endpoint() {
    let found = groups(120, |account, region, service, line| match (region, service) {
        ("eu-west-3", "lambda") if account < 50 => unreachable(line),
        ("eu-west-3", "lambda") => inferred(unreachable(line), InferredFrom::Endpoint),
        _ => line,
    });
    assert_eq!(titles(&found), ["lambda in eu-west-3 unreachable: 120 calls in 120 accounts (70 not sent)"]);
    assert_eq!(
        found[0].hints,
        [
            "check network, proxy and firewall for lambda in eu-west-3",
            "use --ask-everything to send the calls anyway"
        ]
    );
    assert!(!found[0].example.inferred, "an example is a call that was sent");
}

/// A region that a policy denies is the cause, whatever the service.
#[test]
fn denied_region_is_cause_for_all_services() {
    let found = groups(60, |account, region, service, line| match region {
        // Every protocol has its own error code for it.
        "eu-west-3" if service == "sqs" => {
            inferred(denied(line, DeniedBy::Scp, "AccessDenied"), InferredFrom::Region)
        }
        "eu-west-3" if service == "ec2" => denied(line, DeniedBy::Scp, "UnauthorizedOperation"),
        "eu-west-3" => denied(line, DeniedBy::Scp, "AccessDeniedException"),
        // In addition, a policy against one service.
        _ if service == "rds" && account == 7 => denied(line, DeniedBy::Scp, "AccessDenied"),
        _ => line,
    });
    assert_eq!(
        titles(&found),
        [
            "eu-west-3 denied by a service control policy: 240 calls in 60 accounts (60 not sent)",
            "rds denied by a service control policy (AccessDenied): 2 calls in account 100000000007, 2 regions",
        ]
    );
    assert_eq!(
        found[0].hints,
        [
            "a service control policy of the organization denies the region: exclude it with --exclude-regions \
             eu-west-3, or exempt the role there",
            "use --ask-everything to send the calls anyway"
        ]
    );
    assert_eq!(found[0].codes, ["AccessDeniedException", "UnauthorizedOperation"]);
    assert!(
        found[1].hints[0].contains("denies rds:ListThings in account 100000000007"),
        "{:?}",
        found[1].hints
    );
}

#[test]
fn regions_that_are_denied_to_the_same_accounts_are_one_cause() {
    let found = groups(3, |account, region, _, line| match region {
        "eu-west-3" | "us-east-1" if account > 0 => denied(line, DeniedBy::Scp, "AccessDenied"),
        _ => line,
    });
    assert_eq!(
        titles(&found),
        ["eu-west-3, us-east-1 denied by a service control policy: 16 calls in 2 accounts"]
    );
    assert!(found[0].hints[0].contains("--exclude-regions eu-west-3,us-east-1"), "{:?}", found[0].hints);
    assert_eq!(
        found[0].places(),
        ["accounts: 100000000001, 100000000002", "services: ec2, lambda, rds, sqs"]
    );
}

#[test]
fn service_denied_everywhere_is_no_region_cause() {
    let found = groups(4, |_, _, service, line| match service {
        "rds" => denied(line, DeniedBy::Scp, "AccessDenied"),
        _ => line,
    });
    assert_eq!(
        titles(&found),
        ["rds denied by a service control policy (AccessDenied): 12 calls in 4 accounts, 3 regions"]
    );
    assert!(!found[0].hints[0].contains("--exclude-regions"));
}

/// A region that is down is a cause, and a network that is down is a single one.
#[test]
fn region_down_is_one_cause_and_network_down_another() {
    let down = groups(5, |_, region, _, line| if region == "us-east-1" { unreachable(line) } else { line });
    assert_eq!(titles(&down), ["us-east-1 unreachable: 20 calls in 5 accounts"]);
    assert!(down[0].hints[0].contains("--exclude-regions us-east-1"), "{:?}", down[0].hints);
    let nothing = groups(5, |_, _, _, line| unreachable(line));
    assert_eq!(titles(&nothing), ["ec2, lambda, rds, sqs unreachable: 60 calls in 5 accounts, 3 regions"]);
    assert_eq!(
        nothing[0].hints,
        ["check network, proxy and firewall for each of these services in each of these regions"]
    );
}

#[test]
fn one_hint_names_what_a_role_lacks_in_all_accounts() {
    let found = groups(5000, |account, _, service, line| match service {
        "ec2" | "rds" if account > 0 => denied(line, DeniedBy::Iam, &format!("Denied-{service}")),
        _ => line,
    });
    assert_eq!(
        titles(&found),
        [
            "ec2, rds denied by an identity policy (Denied-ec2, Denied-rds): 29994 calls in 4999 accounts, 3 regions"
        ]
    );
    assert_eq!(
        found[0].hints,
        ["allow ec2:ListThings and rds:ListThings in the policies of role Audit in each of these accounts"]
    );
}

#[test]
fn different_hints_are_different_causes() {
    let found = groups(3, |account, _, service, line| match (service, account) {
        ("rds", 0) => CallRecord {
            hint: Some(
                "allow rds:ListThings in the caller's own policies in account 100000000000".to_owned(),
            ),
            ..denied(line, DeniedBy::Iam, "AccessDenied")
        },
        ("rds", _) => denied(line, DeniedBy::Iam, "AccessDenied"),
        _ => line,
    });
    let hints: Vec<_> = found.iter().map(|group| (group.accounts.len(), group.hints[0].as_str())).collect();
    assert_eq!(
        hints,
        [
            (2, "allow rds:ListThings in the policies of role Audit in each of these accounts"),
            (1, "allow rds:ListThings in the caller's own policies in account 100000000000"),
        ]
    );
}

#[test]
fn many_hints_of_one_cause_become_the_commonest() {
    let found = groups(9, |account, _, service, line| match service {
        "rds" => CallRecord {
            status: Status::Failed,
            code: Some("Odd".to_owned()),
            hint: Some(format!("look at thing-{}", account.min(5))),
            pages: 0,
            ..line
        },
        _ => line,
    });
    assert_eq!(titles(&found), ["rds failed (Odd): 27 calls in 9 accounts, 3 regions"]);
    assert_eq!(found[0].hints, ["for most of these calls: look at thing-5"]);
}

#[test]
fn an_answer_that_was_cut_off_belongs_to_what_ended_it() {
    let found = groups(2, |account, region, service, line| match (region, service) {
        ("us-east-1", "sqs") if account == 0 => {
            CallRecord { status: Status::Truncated, truncated_by: Some(Status::Throttled), ..line }
        }
        ("us-east-1", "sqs") => CallRecord { status: Status::Throttled, pages: 0, ..line },
        _ => line,
    });
    assert_eq!(titles(&found), ["sqs in us-east-1 throttled: 2 calls in 2 accounts"]);
}

#[test]
fn items_that_failed_are_counted_with_their_call() {
    let mut causes = Causes::default();
    let call = line(1, "eu-west-1", "dynamodb", Status::Truncated);
    causes.count(&CallRecord { failed_items: 3, ..call.clone() });
    for name in ["a", "b", "c"] {
        let item = Some(json!(name));
        causes.count(&CallRecord { item, ..denied(call.clone(), DeniedBy::Iam, "AccessDeniedException") });
    }
    let found = causes.groups();
    assert_eq!(
        titles(&found),
        [
            "dynamodb in eu-west-1 denied by an identity policy (AccessDeniedException): 1 call for 3 items in \
          account 100000000001"
        ]
    );
}

#[test]
fn statuses_that_are_no_gaps_have_no_cause() {
    let none = [Status::Ok, Status::Empty, Status::RegionDisabled, Status::NotAvailable, Status::Skipped];
    for status in none {
        assert!(groups(2, |_, _, _, line| CallRecord { status, ..line }).is_empty(), "{status}");
    }
    for status in Status::ALL.into_iter().filter(|status| status.is_failure()) {
        assert!(!groups(2, |_, _, _, line| CallRecord { status, pages: 0, ..line }).is_empty(), "{status}");
    }
}

#[test]
fn a_run_of_many_accounts_has_few_lines_and_a_bounded_memory() {
    let mut causes = Causes::default();
    for account in 0..2_000 {
        for service in 0..30 {
            let mut line = line(account, "eu-west-1", &format!("service-{service}"), Status::Failed);
            // A different code for each call: AWS never does that, but memory has to stay bounded.
            line.code = Some(format!("Error-{account}-{service}"));
            causes.count(&line);
        }
    }
    assert!(causes.counts.len() <= super::MOST + 30, "{} causes", causes.counts.len());
    assert_eq!(causes.groups().iter().map(|group| group.calls).sum::<u64>(), 60_000);
}

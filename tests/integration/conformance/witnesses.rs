//! The tagging API of moto as a witness: it knows the same resources as the run, by the same ARNs.

use std::collections::BTreeSet;

use super::identities::Identities;

/// The kinds in ARNs of moto that AWS writes otherwise, and AWS's kind, from the Service Authorization Reference
/// (docs.aws.amazon.com/service-authorization/latest/reference/list_amazonec2.html, "Resource types").
const NAMED_BY_MOTO: [(&str, &str); 2] =
    [(":flow-logs/", ":vpc-flow-log/"), (":managed-prefix-lists/", ":prefix-list/")];

/// Returns the ARNs of the differences of a class, without those that only moto has.
fn arns_of(class: &str) -> BTreeSet<&'static str> {
    let of_class = Identities::shared().differences.iter().filter(|one| one["class"] == class);
    let arns = of_class.map(|one| one["arn"].as_str().expect("an ARN"));
    arns.filter(|arn| !NAMED_BY_MOTO.iter().any(|(kind, _)| arn.contains(kind))).collect()
}

#[test]
fn tagged_resources_are_those_of_the_run() {
    let reconciled = &Identities::shared().reconciled;
    assert!(reconciled["total"]["both"].as_u64() >= Some(50), "{reconciled}");
    for class in ["unmatched_type", "failed", "newer", "only_in_run"] {
        assert!(arns_of(class).is_empty(), "{class}: {:?}", arns_of(class));
    }
}

/// The run has flow logs and prefix lists by AWS's ARNs.
#[test]
fn kinds_named_by_moto_are_in_the_run_by_aws_names() {
    let differences = &Identities::shared().differences;
    for (kind, of_aws) in NAMED_BY_MOTO {
        let arns: Vec<&str> = differences.iter().filter_map(|one| one["arn"].as_str()).collect();
        let by_moto = arns.iter().filter(|arn| arn.contains(kind)).count();
        let in_run = Identities::shared().arns().filter(|arn| arn.contains(of_aws)).count();
        assert!(by_moto >= 1 && in_run >= by_moto, "{kind}: {arns:?}");
    }
}

/// A queue and an application were made after the run, whose spec lists queues, and no applications.
#[test]
fn resources_made_after_the_run_are_found() {
    let queue = "arn:aws:sqs:eu-central-1:111111111111:late";
    let application = "arn:aws:codedeploy:eu-central-1:111111111111:application:late";
    assert_eq!(arns_of("missing"), BTreeSet::from([queue]));
    assert_eq!(arns_of("not_called"), BTreeSet::from([application]));
    let differences = &Identities::shared().differences;
    let entry = differences.iter().find(|one| one["arn"] == application).map(|one| &one["entry"]);
    let entry = entry.and_then(|entry| entry.as_str()).expect("the entry that would list it");
    assert!(entry.contains("codedeploy"), "{entry}");
}

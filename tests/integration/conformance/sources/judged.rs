//! One hundred sources that were compared with the documentation in the models, by hand.
//!
//! They are those with the smallest SHA-256 of service, function and list, as in `ecs describe_tasks list_tasks
//! taskArns[]`, among all sources with a list at the time. A row has the source that is
//! right, or `not` and one that is wrong.

use super::{SOURCES, notation, rows};

const TABLE: &str = include_str!("judged.txt");

#[test]
fn sources_are_those_of_the_documentation() {
    let mut wrong = Vec::new();
    for row in rows(TABLE) {
        let [subject, right, judgement] = &row[..] else { panic!("{row:?}") };
        let (service, function) = subject.split_once(' ').expect("service and function");
        let ours: Vec<String> = SOURCES
            .of(service, function)
            .map(|operation| operation.sources.iter().map(notation::line).collect())
            .unwrap_or_default();
        assert!(judgement.len() > 10, "{subject} has no judgement");
        let (is_wanted, source) = right.strip_prefix("not ").map_or((true, *right), |wrong| (false, wrong));
        if ours.iter().any(|ours| ours == source) != is_wanted {
            wrong.push(format!("{subject}: {right}, and the program has {}", ours.join("; ")));
        }
    }
    assert_eq!(rows(TABLE).count(), 100);
    assert!(wrong.len() <= 3, "{} are wrong:\n{}", wrong.len(), wrong.join("\n"));
}

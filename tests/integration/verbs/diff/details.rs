//! Comparisons of deep scans.

use serde_json::json;

use super::{Two, counts, scan, told};
use crate::sandbox::Sandbox;

#[test]
fn equal_deep_scans_have_no_differences() {
    let two = Two { sandbox: Sandbox::new() };
    scan(&two.sandbox, "old", "dynamodb", &["--deep"]);
    scan(&two.sandbox, "new", "dynamodb", &["--deep"]);
    let diff = two.json(&[]);
    assert_eq!(counts(&diff), [0; 4], "{:#?}", told(&diff));
    assert!(diff["totals"]["unchanged"].as_u64() > Some(50), "{}", diff["totals"]);
}

#[test]
fn changed_detail_is_reported_below_its_resource() {
    let two = Two::same("dynamodb", &["--deep"]);
    let mut table = String::new();
    two.edit("dynamodb", |file| {
        let backups = &mut file["describe_continuous_backups"][0];
        table = backups["item"].as_str().expect("the name of a table").to_owned();
        let description = &mut backups["result"]["ContinuousBackupsDescription"];
        description["ContinuousBackupsStatus"] = json!("DISABLED");
    });
    let diff = two.json(&[]);
    assert_eq!(counts(&diff), [0, 0, 1, 0]);
    let field = json!({"path": "ContinuousBackupsStatus", "old": "ENABLED", "new": "DISABLED"});
    let detail = json!({"change": "changed", "function": "describe_continuous_backups", "fields": [field]});
    assert_eq!(diff["changes"][0]["details"], json!([detail]));
    assert_eq!(told(&diff), [format!("changed table {table}")]);
}

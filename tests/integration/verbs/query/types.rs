//! Resources by CloudFormation's names.

use serde_json::json;

use super::{Demo, lines};

#[test]
fn type_can_be_queried_by_its_name() {
    let demo = Demo::new(&["-s", "ec2"]);
    let of_kind = demo.rows("SELECT id, InstanceType FROM ec2_instance ORDER BY resource");
    assert!(!of_kind.is_empty());
    for name in ["AWS_EC2_Instance", "aws_ec2_instance", "\"AWS_EC2_Instance\""] {
        assert_eq!(demo.rows(&format!("SELECT id, InstanceType FROM {name} ORDER BY resource")), of_kind);
    }
    let run = demo.query(&["SELECT id FROM \"AWS::EC2::Instance\""]);
    run.expect_exit(2).stderr_contains("did you mean `AWS_EC2_Instance`");
}

/// The engine decides whether a database is one of RDS, Neptune or DocumentDB.
#[test]
fn type_by_value_has_its_view_without_resources() {
    let demo = Demo::small();
    let all = demo.rows("SELECT count(*) AS number FROM rds_db_instance WHERE type = 'AWS::RDS::DBInstance'");
    assert_eq!(demo.rows("SELECT count(*) AS number FROM AWS_RDS_DBInstance"), all);
    assert_eq!(demo.rows("SELECT count(*) AS number FROM AWS_Neptune_DBInstance"), [json!({"number": 0})]);
    let columns = lines(&demo.query(&["--tables", "--format", "ndjson"]));
    assert!(
        columns.iter().any(|column| column["table"] == "AWS_RDS_DBInstance" && column["column"] == "Engine")
    );
}

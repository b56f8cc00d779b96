use serde_json::{Value, json};

use super::{Columns, LONGEST, RowFields};
use crate::reports::resources::{FactRow, ResourceFacts};

/// Returns the fields of a resource of a kind.
fn fields_of(
    columns: &mut Columns,
    service: &str,
    kind: &str,
    raw: &Value,
    known: &[Option<&str>],
) -> RowFields {
    let facts = ResourceFacts::of(FactRow::find(service, kind), kind, raw, None);
    columns.fields(raw, &facts, known)
}

#[test]
fn a_reviewed_kind_has_the_columns_of_its_row() {
    let mut columns = Columns::new("ec2", "volume");
    let volume = json!({
        "VolumeId": "vol-1", "State": "in-use", "VolumeType": "gp3", "Size": 8, "Encrypted": true,
        "CreateTime": "2026-01-01T00:00:00+00:00",
        "Attachments": [{"InstanceId": "i-1"}, {"InstanceId": "i-2"}],
    });
    assert_eq!(columns.titles()[..4], ["GiB", "Encrypted", "Attached to", "IOPS"]);
    let RowFields { state, type_of, created, others } =
        fields_of(&mut columns, "ec2", "volume", &volume, &[]);
    assert_eq!([state, type_of, created], ["in-use", "gp3", "2026-01-01T00:00:00+00:00"]);
    assert_eq!(others[..4], [json!(8), json!(true), json!("i-1, i-2"), Value::Null]);
}

#[test]
fn counted_field_is_number() {
    let group = json!({"GroupId": "sg-1", "IpPermissions": [{}, {}], "IpPermissionsEgress": []});
    let fields = fields_of(&mut Columns::new("ec2", "security_group"), "ec2", "security_group", &group, &[]);
    assert_eq!(fields.others[2..4], [json!(2), json!(0)]);
}

/// A kind that has not been reviewed shows its members under their own names.
#[test]
fn unreviewed_kind_shows_its_member_names() {
    let mut columns = Columns::new("any", "thing");
    let first = json!({
        "ThingId": "t-1", "ThingStatus": {"Code": "active"}, "Class": "large", "CreatedAt": "2026-01-01T00:00:00+00:00",
        "Region": "eu", "Parts": [1], "Weight": 3, "Empty": "",
    });
    let fields = fields_of(&mut columns, "any", "thing", &first, &[Some("t-1")]);
    assert_eq!(
        [&fields.state, &fields.type_of, &fields.created],
        ["active", "large", "2026-01-01T00:00:00+00:00"]
    );
    assert_eq!(columns.titles(), ["Region", "Weight"]);
    assert_eq!(fields.others, [json!("eu"), json!(3)]);
    let fields = fields_of(
        &mut columns,
        "any",
        "thing",
        &json!({"ThingId": "t-2", "Colour": "red", "Weight": 4}),
        &[Some("t-2")],
    );
    assert_eq!(columns.titles(), ["Region", "Weight", "Colour"]);
    assert_eq!(fields.others, [Value::Null, json!(4), json!("red")]);
}

#[test]
fn a_long_text_is_cut_between_letters() {
    let role = json!({"RoleName": "r", "Description": "é".repeat(2 * LONGEST)});
    let fields = fields_of(&mut Columns::new("iam", "role"), "iam", "role", &role, &[]);
    let description = fields.others[1].as_str().expect("a text");
    assert_eq!(description.chars().count(), LONGEST + 1);
    assert!(description.ends_with('…'));
}

#[test]
fn row_that_is_no_object_has_no_fields() {
    for raw in [json!("orders"), json!(["a"]), Value::Null] {
        assert_eq!(
            fields_of(&mut Columns::new("dynamodb", "other"), "dynamodb", "other", &raw, &[]),
            RowFields::default()
        );
    }
}

use serde_json::{Value, json};

use super::{Columns, LONGEST, RowFields, squashed};
use crate::model::catalog::{Catalog, Function, Service, ShapeId, ShapeKind};
use crate::reports::html::column_presets::REVIEWED;

#[test]
fn a_reviewed_kind_has_the_columns_of_its_row() {
    let mut columns = Columns::new("ec2", "volume");
    let volume = json!({
        "VolumeId": "vol-1", "State": "in-use", "VolumeType": "gp3", "Size": 8, "Encrypted": true,
        "CreateTime": "2026-01-01T00:00:00+00:00",
        "Attachments": [{"InstanceId": "i-1"}, {"InstanceId": "i-2"}],
    });
    assert_eq!(columns.titles()[..4], ["GiB", "IOPS", "Encrypted", "Attached to"]);
    let RowFields { state, type_of, created, others } = columns.fields(&volume, &[]);
    assert_eq!([state, type_of, created], ["in-use", "gp3", "2026-01-01T00:00:00+00:00"]);
    assert_eq!(others[..4], [json!(8), Value::Null, json!(true), json!("i-1, i-2")]);
}

#[test]
fn counted_field_is_number() {
    let group = json!({"GroupId": "sg-1", "IpPermissions": [{}, {}], "IpPermissionsEgress": []});
    let fields = Columns::new("ec2", "security_group").fields(&group, &[]);
    assert_eq!(fields.others[1..3], [json!(2), json!(0)]);
}

/// A kind that has not been reviewed shows its members under their own names.
#[test]
fn unreviewed_kind_shows_its_member_names() {
    let mut columns = Columns::new("any", "thing");
    let first = json!({
        "ThingId": "t-1", "ThingStatus": {"Code": "active"}, "Class": "large", "CreatedAt": "2026-01-01",
        "Region": "eu", "Parts": [1], "Weight": 3, "Empty": "",
    });
    let fields = columns.fields(&first, &[Some("t-1")]);
    assert_eq!([&fields.state, &fields.type_of, &fields.created], ["active", "large", "2026-01-01"]);
    assert_eq!(columns.titles(), ["Region", "Weight"]);
    assert_eq!(fields.others, [json!("eu"), json!(3)]);
    let fields = columns.fields(&json!({"ThingId": "t-2", "Colour": "red", "Weight": 4}), &[Some("t-2")]);
    assert_eq!(columns.titles(), ["Region", "Weight", "Colour"]);
    assert_eq!(fields.others, [Value::Null, json!(4), json!("red")]);
}

#[test]
fn a_long_text_is_cut_between_letters() {
    let role = json!({"RoleName": "r", "Description": "é".repeat(2 * LONGEST)});
    let fields = Columns::new("iam", "role").fields(&role, &[]);
    let description = fields.others[3].as_str().expect("a text");
    assert_eq!(description.chars().count(), LONGEST + 1);
    assert!(description.ends_with('…'));
}

#[test]
fn row_that_is_no_object_has_no_fields() {
    for raw in [json!("orders"), json!(["a"]), Value::Null] {
        assert_eq!(Columns::new("dynamodb", "other").fields(&raw, &[]), RowFields::default());
    }
}

/// Returns whether a shape, or one below it, is a structure that has all of these members.
fn has_paths(service: &Service, shape: ShapeId, paths: &[&str], depth: usize) -> bool {
    let has = |path: &&str| leads(service, shape, path.trim_start_matches('#'));
    if paths.iter().all(has) {
        return true;
    }
    let below = |shape| depth > 0 && has_paths(service, shape, paths, depth - 1);
    match service.kind(shape) {
        ShapeKind::List(_) => element(service, shape).is_some_and(below),
        _ => service
            .structure(shape)
            .is_some_and(|structure| structure.members.iter().any(|member| below(member.reference.shape))),
    }
}

fn element(service: &Service, shape: ShapeId) -> Option<ShapeId> {
    match service.kind(shape) {
        ShapeKind::List(list) => Some(list.member.shape),
        _ => None,
    }
}

fn leads(service: &Service, shape: ShapeId, path: &str) -> bool {
    path.split('.')
        .try_fold(shape, |shape, part| {
            let (name, is_list) = part.strip_suffix("[]").map_or((part, false), |name| (name, true));
            let structure = service.structure(shape)?;
            let member = structure.members.iter().find(|member| *member.name == *name)?;
            if is_list { element(service, member.reference.shape) } else { Some(member.reference.shape) }
        })
        .is_some()
}

#[test]
fn every_field_of_the_table_is_one_of_the_models() {
    let catalog = Catalog::embedded().expect("the embedded catalog opens");
    for row in REVIEWED {
        let service = catalog.service(row.service).expect("loads").expect("the service exists");
        let mut paths: Vec<&str> = row.others.iter().map(|(_, path)| *path).collect();
        paths.extend([row.state, row.type_of, row.created].into_iter().filter(|path| !path.is_empty()));
        let outputs = Function::all(&service).filter_map(|function| function.operation().output.clone());
        let mut outputs = outputs.filter(|output| has_paths(&service, output.shape, &paths, 4));
        assert!(outputs.next().is_some(), "no output of {} has all of {paths:?}", row.service);
    }
}

#[test]
fn every_kind_of_the_table_is_what_a_function_answers() {
    let catalog = Catalog::embedded().expect("the embedded catalog opens");
    for row in REVIEWED {
        let service = catalog.service(row.service).expect("loads").expect("the service exists");
        // "list_policies" contains "policy" except for its last letter.
        let stem = &row.kind[..row.kind.len() - 1];
        let returns_kind = |function: Function| {
            let output =
                function.operation().output.as_ref().and_then(|output| service.structure(output.shape));
            let mut members = output.into_iter().flat_map(|structure| &structure.members);
            function.name().contains(stem)
                || members.any(|member| squashed(&member.name).contains(&squashed(stem)))
        };
        assert!(Function::all(&service).any(returns_kind), "{} returns no {}", row.service, row.kind);
    }
}

#[test]
fn the_table_is_sorted_and_has_every_kind_once() {
    let keys: Vec<_> = REVIEWED.iter().map(|row| (row.service, row.kind)).collect();
    assert!(keys.is_sorted_by(|one, other| one < other), "{keys:?}");
}

//! Columns of tables, and rows of resources.

use serde_json::{Map, Value, json};

use super::{COMMON, ColumnType, ExportTable, MOST_FIELDS, Resource, TableDraft};
use crate::reports::export::cell::CellValue;
use crate::reports::export::identifiers::NameSpelling;
use crate::reports::resources::{FieldType, KnownField, KnownKind, ResourceFacts};

fn resource(raw: Value) -> Resource<'static> {
    Resource {
        account: "111111111111",
        account_name: None,
        account_ou: None,
        region: "eu-west-1",
        service: "ec2",
        kind: "volume",
        resource_type: None,
        function: "describe_volumes",
        id: Some("vol-1".to_owned()),
        arn: None,
        name: None,
        parent: None,
        parent_kind: None,
        owner_account: None,
        facts: ResourceFacts::default(),
        tags: Some(Map::new()),
        account_tags: None,
        uses: None,
        used_by: None,
        raw,
        details: Map::new(),
    }
}

/// A draft with a model of these fields, and resources.
fn draft(fields: &[(&str, FieldType)], resources: &[Value]) -> TableDraft {
    let fields = fields.iter().map(|(path, holds)| KnownField { path: (*path).to_owned(), holds: *holds });
    let mut draft = TableDraft::default();
    draft.expect(&KnownKind {
        service: "ec2",
        kind: "volume",
        fields: fields.collect(),
        is_whole: false,
        is_detail: false,
    });
    draft.index();
    for raw in resources {
        draft.note(&resource(raw.clone()));
    }
    draft
}

/// The names of the columns of fields, and of the last one.
fn names(table: &ExportTable) -> Vec<String> {
    table.header(NameSpelling::Path, COMMON, &[]).split_off(COMMON.len())
}

/// The cells of fields, and the last one.
fn cells(table: &ExportTable, raw: Value) -> Vec<CellValue> {
    table.cells(&resource(raw)).split_off(COMMON.len())
}

fn text(text: &str) -> CellValue {
    CellValue::Text(text.to_owned())
}

/// The fields of the model are the columns, in its order; values without a column or of another type are kept.
#[test]
fn table_of_a_model_has_its_columns_for_any_values() {
    let model = [
        ("Size", FieldType::Integer),
        ("Policy", FieldType::Anything),
        ("Labels", FieldType::Map),
        ("Endpoint.Port", FieldType::Integer),
    ];
    let columns = ["Size", "Policy", "Labels", "Endpoint.Port", "other fields"];
    for (raw, expected) in [
        (
            json!({"Endpoint": {"Port": 1, "New": 2}, "Policy": {"Version": "2012"}, "Size": 5.0}),
            [
                CellValue::Number(5.into()),
                text("{\"Version\":\"2012\"}"),
                CellValue::Empty,
                CellValue::Number(1.into()),
                text("{\"Endpoint.New\":2}"),
            ],
        ),
        (
            json!({"Size": "[redacted]", "Labels": {}, "Endpoint": "[redacted]", "Type": null}),
            [
                CellValue::Empty,
                CellValue::Empty,
                CellValue::Map(Map::new()),
                CellValue::Empty,
                text("{\"Size\":\"[redacted]\",\"Endpoint\":\"[redacted]\"}"),
            ],
        ),
    ] {
        let table = draft(&model, std::slice::from_ref(&raw)).finish();
        assert_eq!(names(&table), columns);
        assert_eq!(cells(&table, raw), expected);
        assert_eq!(table.types().len(), COMMON.len() + columns.len());
    }
}

#[test]
fn table_without_model_has_found_fields_sorted() {
    let found = [json!({"Size": 8, "State": {"Name": "a"}}), json!({"Type": "gp3", "Size": 0.5, "Iops": {}})];
    let tables = [&found[..], &[found[1].clone(), found[0].clone()]].map(|found| draft(&[], found).finish());
    for table in tables {
        assert_eq!(names(&table), ["Size", "State.Name", "raw.Type", "other fields"]);
        let types = [ColumnType::Real, ColumnType::Text, ColumnType::Text, ColumnType::Text];
        assert_eq!(table.types()[COMMON.len()..], types);
        let row = [CellValue::Number(8.into()), text("a"), CellValue::Empty, CellValue::Empty];
        assert_eq!(cells(&table, found[0].clone()), row);
    }
}

#[test]
fn models_of_two_calls_share_columns() {
    let mut draft = draft(&[("Size", FieldType::Integer), ("State", FieldType::Anything)], &[]);
    let field = |path: &str, holds| KnownField { path: path.to_owned(), holds };
    let fields = vec![field("Size", FieldType::Real), field("State.Name", FieldType::Anything)];
    draft.expect(&KnownKind { service: "ec2", kind: "volume", fields, is_whole: false, is_detail: false });
    draft.index();
    let table = draft.finish();
    assert_eq!(names(&table), ["Size", "raw.State", "State.Name", "other fields"]);
    assert_eq!(table.types()[COMMON.len()], ColumnType::Real);
    let text = |value| CellValue::Text(String::from(value));
    assert_eq!(cells(&table, json!({"State": "a"}))[1..3], [text("a"), CellValue::Empty]);
    assert_eq!(cells(&table, json!({"State": {"Name": "a"}}))[1..3], [CellValue::Empty, text("a")]);
}

#[test]
fn resource_that_is_no_structure_is_one_column() {
    let mut draft = TableDraft::default();
    let fields = vec![KnownField { path: "value".to_owned(), holds: FieldType::Map }];
    draft.expect(&KnownKind { service: "ec2", kind: "volume", fields, is_whole: true, is_detail: false });
    draft.index();
    let table = draft.finish();
    assert_eq!(names(&table), ["value", "other fields"]);
    let attributes = json!({"VisibilityTimeout": "30"});
    let map = CellValue::Map(attributes.as_object().expect("an object").clone());
    assert_eq!(cells(&table, attributes), [map, CellValue::Empty]);
}

/// A field with the name of a column of all tables is distinguished from it, and names do not differ in case
/// only.
#[test]
fn field_named_like_another_column_is_renamed() {
    let found = json!({"name": "a", "Name": "b", "tags": {"team": "c"}, "order": 1, "Order": 2});
    let table = draft(&[], &[found]).finish();
    assert_eq!(names(&table), ["raw.Name", "Order", "raw.name_2", "order_2", "tags.team", "other fields"]);
}

/// The first paths have columns, whatever the order of the fields.
#[test]
fn fields_without_room_share_a_column() {
    let members = || (0..MOST_FIELDS + 2).map(|index| (format!("key{index:03}"), json!(index)));
    let (forth, back): (Map<_, _>, Map<_, _>) = (members().collect(), members().rev().collect());
    for members in [forth, back] {
        let table = draft(&[], &[Value::Object(members.clone())]).finish();
        assert_eq!(names(&table).len(), MOST_FIELDS + 1);
        let cells = cells(&table, Value::Object(members));
        assert_eq!(cells[..2], [CellValue::Number(0.into()), CellValue::Number(1.into())]);
        let Some(CellValue::Text(others)) = cells.last() else { panic!("{cells:?}") };
        let others: Value = serde_json::from_str(others).expect("JSON");
        assert_eq!(others, json!({"key500": 500, "key501": 501}));
    }
}

#[cfg(feature = "xlsx")]
#[test]
fn filled_table_has_only_columns_with_values() {
    let model = [("Iops", FieldType::Integer), ("Size", FieldType::Integer), ("Type", FieldType::Anything)];
    let table = draft(&model, &[json!({"Type": "gp3", "Size": 8, "Iops": null})]).finish_filled();
    assert_eq!(names(&table), ["Size", "raw.Type"]);
    assert_eq!((table.rows, table.columns[1].width), (1, 3));
    let redacted = json!({"Size": "[redacted]", "Type": "gp3"});
    let table = draft(&model, std::slice::from_ref(&redacted)).finish_filled();
    assert_eq!(names(&table), ["raw.Type", "other fields"]);
    assert_eq!(cells(&table, redacted)[1], text("{\"Size\":\"[redacted]\"}"));
    let table = draft(&[], &[json!({"Port": "[redacted]"}), json!({"Port": 1})]).finish_filled();
    assert_eq!(names(&table), ["Port", "other fields"]);
}

/// A workbook has the first fields only; a map without a column is kept as a whole.
#[cfg(feature = "xlsx")]
#[test]
fn workbook_has_the_first_fields_that_have_values() {
    let names: Vec<String> = (0..super::MOST_SHOWN).map(|number| format!("F{number}")).collect();
    let mut fields: Vec<_> = names.iter().map(|name| (name.as_str(), FieldType::Integer)).collect();
    fields.insert(0, ("Empty", FieldType::Integer));
    fields.push(("Environment.Variables", FieldType::Map));
    let mut raw: Map<String, Value> = names.iter().map(|name| (name.clone(), json!(1))).collect();
    raw.insert("Environment".to_owned(), json!({"Variables": {"a.b": "c"}}));
    let raw = Value::Object(raw);
    let table = draft(&fields, std::slice::from_ref(&raw)).finish_filled();
    let mut expected = names.clone();
    expected.push("other fields".to_owned());
    assert_eq!(self::names(&table), expected);
    let others = cells(&table, raw).pop().expect("a cell");
    assert_eq!(others, text("{\"Environment.Variables\":{\"a.b\":\"c\"}}"));
}

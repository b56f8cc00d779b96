//! The tables of a run, one for each kind of resource, with their columns: determined before the first row is
//! written.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};

use serde_json::{Map, Value};

use super::ExportError;
use super::cell::CellValue;
use super::column_type::{ColumnType, SeenTypes};
use crate::reports::resources::{Resource, Resources, fields};

/// The first columns of every table.
pub(super) const COMMON: [&str; 9] =
    ["account", "account_name", "region", "service", "kind", "id", "arn", "name", "tags"];
/// The column for fields without a separate column.
const OTHERS: &str = "other fields";
/// The most columns for fields. Objects whose keys are data, such as environment variables, would add a
/// column for each key; spreadsheets allow 16,384 columns, and so many are unreadable.
const MOST_FIELDS: usize = 500;

/// The tables of a run by service and kind, sorted.
pub(super) type ExportTables = BTreeMap<(String, String), ExportTable>;

/// The rows and columns of one table.
#[derive(Debug, Default)]
pub(super) struct ExportTable {
    /// The paths of the fields, in the order of their first occurrence.
    fields: Vec<String>,
    positions: HashMap<String, usize>,
    /// The types seen in each field, or known from the model.
    seen: Vec<SeenTypes>,
    /// Whether a resource has each field.
    is_found: Vec<bool>,
    has_others: bool,
    /// The number of resources.
    pub(super) rows: u64,
    /// The width of the widest cell of each column, header included.
    widths: Vec<usize>,
}

/// Reads a run to determine its tables.
pub(super) fn tables(resources: &Resources) -> Result<ExportTables, ExportError> {
    read_tables(resources, ExportTables::new())
}

/// Returns the tables like [`tables`], including all kinds that the run's calls can return and all fields of
/// their models: the columns and types from the models are the same in every run.
pub(super) fn known_tables(resources: &Resources) -> Result<ExportTables, ExportError> {
    let mut tables = ExportTables::new();
    for kind in resources.kinds() {
        let table = tables.entry((kind.service.to_owned(), kind.kind.to_owned())).or_default();
        kind.fields.iter().for_each(|field| table.expect(&field.path, SeenTypes::known(field.holds)));
    }
    let mut tables = read_tables(resources, tables)?;
    tables.values_mut().for_each(ExportTable::remove_expanded_fields);
    Ok(tables)
}

fn read_tables(resources: &Resources, mut tables: ExportTables) -> Result<ExportTables, ExportError> {
    resources.each::<ExportError>(&mut |resource| {
        let key = (resource.service.to_owned(), resource.kind.to_owned());
        tables.entry(key).or_default().note(resource);
        Ok(())
    })?;
    Ok(tables)
}

impl ExportTable {
    /// Adds the fields of a resource.
    fn note(&mut self, resource: &Resource<'_>) {
        self.rows += 1;
        fields(&resource.raw, &mut |path, value| {
            if let Some(position) = self.positions.get(path) {
                self.seen[*position].note(value);
                self.is_found[*position] = true;
            } else if !self.add(path, SeenTypes::of(value), true) {
                self.has_others = true;
            }
        });
        let cells = self.cells(resource);
        self.widths.resize(cells.len().max(self.widths.len()), 0);
        // The last column may have moved; its width may then be too large, which is harmless.
        for (width, cell) in self.widths.iter_mut().zip(&cells) {
            *width = cell.width().max(*width);
        }
    }

    /// Adds a field of the model.
    fn expect(&mut self, path: &str, known: SeenTypes) {
        match self.positions.get(path) {
            // Two calls return the same kind with different models.
            Some(position) => self.seen[*position].join(known),
            None => drop(self.add(path, known, false)),
        }
    }

    /// Adds a field, if there is room for it.
    fn add(&mut self, path: &str, seen: SeenTypes, is_found: bool) -> bool {
        let has_room = self.fields.len() < MOST_FIELDS;
        if has_room {
            self.positions.insert(path.to_owned(), self.fields.len());
            self.fields.push(path.to_owned());
            self.seen.push(seen);
            self.is_found.push(is_found);
        }
        has_room
    }

    /// Removes fields that are strings in the model and objects in the results, such as IAM policies.
    fn remove_expanded_fields(&mut self) {
        let is_parent = |path: &str| {
            let below = |field: &String| field.strip_prefix(path).is_some_and(|rest| rest.starts_with('.'));
            self.fields.iter().any(below)
        };
        let kept: Vec<usize> = (0..self.fields.len())
            .filter(|position| self.is_found[*position] || !is_parent(&self.fields[*position]))
            .collect();
        self.seen = kept.iter().map(|position| self.seen[*position]).collect();
        self.is_found = kept.iter().map(|position| self.is_found[*position]).collect();
        self.fields = kept.iter().map(|position| std::mem::take(&mut self.fields[*position])).collect();
        self.positions = self.fields.iter().cloned().zip(0..).collect();
    }

    /// Returns the names of the columns, without duplicates.
    pub(super) fn header(&self) -> Vec<Cow<'_, str>> {
        let fields = self.fields.iter().map(|field| {
            let is_taken = COMMON.contains(&field.as_str());
            if is_taken { Cow::Owned(format!("raw.{field}")) } else { Cow::Borrowed(field.as_str()) }
        });
        let others = self.has_others.then_some(Cow::Borrowed(OTHERS));
        COMMON.into_iter().map(Cow::Borrowed).chain(fields).chain(others).collect()
    }

    /// Returns the fields with separate columns, and the shared last column.
    pub(super) fn fields(&self) -> impl Iterator<Item = &str> {
        self.fields.iter().map(String::as_str).chain(self.has_others.then_some(OTHERS))
    }

    /// Returns the types of the columns, as many as the header has names.
    pub(super) fn types(&self) -> Vec<ColumnType> {
        let fields = self.seen.iter().map(|seen| seen.column_type());
        let others = self.has_others.then_some(ColumnType::Text);
        COMMON.into_iter().map(|_| ColumnType::Text).chain(fields).chain(others).collect()
    }

    /// Returns the width of a column, in characters.
    pub(super) fn width(&self, column: usize) -> usize {
        let header = self.header().get(column).map_or(0, |name| name.chars().count());
        self.widths.get(column).copied().unwrap_or_default().max(header)
    }

    /// Returns the row of a resource, as long as the header.
    pub(super) fn cells(&self, resource: &Resource<'_>) -> Vec<CellValue> {
        let tags = (!resource.tags.is_empty()).then(|| Value::Object(resource.tags.clone()).to_string());
        let mut cells = vec![
            CellValue::of_text(Some(resource.account)),
            CellValue::of_text(resource.account_name),
            CellValue::of_text(Some(resource.region)),
            CellValue::of_text(Some(resource.service)),
            CellValue::of_text(Some(resource.kind)),
            CellValue::of_text(resource.id.as_deref()),
            CellValue::of_text(resource.arn.as_deref()),
            CellValue::of_text(resource.name.as_deref()),
            CellValue::of_text(tags.as_deref()),
        ];
        cells.resize(COMMON.len() + self.fields.len(), CellValue::Empty);
        let mut others = Map::new();
        fields(&resource.raw, &mut |path, value| match self.positions.get(path) {
            Some(position) => cells[COMMON.len() + position] = CellValue::of(value),
            None => {
                others.insert(path.to_owned(), value.clone());
            }
        });
        if self.has_others {
            let others = (!others.is_empty()).then(|| Value::Object(others).to_string());
            cells.push(CellValue::of_text(others.as_deref()));
        }
        cells
    }
}

/// Returns the row of a resource, converted to columns of these types.
pub(super) fn typed_cells(
    table: &ExportTable,
    types: &[ColumnType],
    resource: &Resource<'_>,
) -> Vec<CellValue> {
    let cells = table.cells(resource).into_iter().zip(types);
    cells.map(|(cell, column_type)| cell.in_column(*column_type)).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::{Map, Value, json};

    use super::{COMMON, CellValue, ColumnType, ExportTable, MOST_FIELDS, Resource, SeenTypes};
    use crate::reports::resources::FieldType;

    fn resource(raw: Value) -> Resource<'static> {
        Resource {
            account: "111111111111",
            account_name: None,
            region: "eu-west-1",
            service: "ec2",
            kind: "volume",
            function: "describe_volumes",
            id: Some("vol-1".to_owned()),
            arn: None,
            name: None,
            tags: Map::new(),
            raw,
        }
    }

    #[test]
    fn every_field_of_any_resource_has_a_column() {
        let (first, second) = (resource(json!({"Size": 8})), resource(json!({"Type": "gp3", "Size": 20})));
        let mut table = ExportTable::default();
        table.note(&first);
        table.note(&second);
        assert_eq!(table.header()[COMMON.len()..], ["Size", "Type"]);
        assert_eq!(table.cells(&first)[COMMON.len()..], [CellValue::Number(8.into()), CellValue::Empty]);
        assert_eq!(table.cells(&first).len(), table.header().len());
        assert_eq!(table.types()[COMMON.len()..], [ColumnType::Integer, ColumnType::Text]);
        assert_eq!((table.rows, table.width(COMMON.len() + 1)), (2, 4));
    }

    #[test]
    fn a_field_that_the_model_has_is_a_column_without_any_value() {
        let mut table = ExportTable::default();
        table.expect("Size", SeenTypes::known(FieldType::Integer));
        table.expect("Policy", SeenTypes::known(FieldType::Anything));
        let resource = resource(json!({"Type": "gp3", "Policy": {"Version": "2012"}}));
        table.note(&resource);
        table.remove_expanded_fields();
        assert_eq!(table.header()[COMMON.len()..], ["Size", "Type", "Policy.Version"]);
        assert_eq!(table.types()[COMMON.len()..], [ColumnType::Integer, ColumnType::Text, ColumnType::Text]);
        let cells = table.cells(&resource);
        assert_eq!(
            cells[COMMON.len()..COMMON.len() + 2],
            [CellValue::Empty, CellValue::Text("gp3".to_owned())]
        );
    }

    /// A field with the name of a column of all tables is distinguished from it.
    #[test]
    fn field_named_like_common_column_gets_prefix() {
        let mut table = ExportTable::default();
        table.note(&resource(json!({"name": "a", "Name": "b", "tags": {"team": "c"}})));
        assert_eq!(table.header()[COMMON.len()..], ["raw.name", "Name", "tags.team"]);
    }

    #[test]
    fn more_fields_than_anybody_reads_share_a_column() {
        let members: Map<String, Value> =
            (0..MOST_FIELDS + 2).map(|index| (format!("key{index}"), json!(index))).collect();
        let resource = resource(Value::Object(members));
        let mut table = ExportTable::default();
        table.note(&resource);
        assert_eq!(table.header().len(), COMMON.len() + MOST_FIELDS + 1);
        assert_eq!(table.types().len(), table.header().len());
        let cells = table.cells(&resource);
        let others = json!({"key500": 500, "key501": 501}).to_string();
        assert_eq!(cells.last(), Some(&CellValue::Text(others)));
    }
}

//! Inserts resources into the common tables and the tables of their kinds.

use std::collections::HashMap;

use rusqlite::types::{ToSqlOutput, Value as SqlValue, ValueRef};
use rusqlite::{Connection, Error, ToSql, params};

use super::schema::{NAMES, create_table};
use super::type_views::TypeViews;
use crate::reports::export::cell::{CellValue, json_text};
use crate::reports::export::column_type::ColumnType;
use crate::reports::export::columns::ExportTables;
use crate::reports::export::identifiers::{Identifiers, NameSpelling};
use crate::reports::export::table::{COMMON, ExportTable};
use crate::reports::resources::Resource;

/// The column that joins the tables.
const KEY: &str = "resource";

/// The tables of the kinds.
pub(super) struct SqliteTables<'run> {
    /// By service, then by kind.
    kinds: HashMap<&'run str, HashMap<&'run str, SqliteTable<'run>>>,
    /// The views of the types of these kinds.
    views: TypeViews<'run>,
}

struct SqliteTable<'run> {
    table: &'run ExportTable,
    types: Vec<ColumnType>,
    /// The statement that adds a row.
    insert: String,
}

impl<'run> SqliteTables<'run> {
    /// Creates the tables.
    pub(super) fn create(connection: &Connection, tables: &'run ExportTables) -> Result<Self, Error> {
        let mut names = Identifiers::new(NameSpelling::Identifier);
        for name in NAMES {
            names.name(name);
        }
        let mut kinds = HashMap::<_, HashMap<_, _>>::new();
        let mut views = TypeViews::default();
        // An answer about a resource that a run does not have is only in the table of all resources.
        for ((service, kind), table) in tables.iter().filter(|(_, table)| table.has_own_rows) {
            let name = names.name(&format!("{service}_{kind}"));
            let common = [KEY].into_iter().chain(COMMON);
            let columns = table.header(NameSpelling::Identifier, common, &[]);
            let types = table.types();
            let described = columns.iter().skip(1).map(String::as_str).zip(types.iter().copied());
            let sql = create_table(&name, [(KEY, ColumnType::Integer)].into_iter().chain(described));
            // The key is the rowid, which needs no index.
            connection.execute_batch(&sql.replacen("INTEGER", "INTEGER PRIMARY KEY", 1))?;
            let insert = insert_sql(&name, columns.len());
            let of_service = kinds.entry(service.as_str()).or_default();
            of_service.insert(kind.as_str(), SqliteTable { table, types, insert });
            views.add(service, kind, &name, &columns);
        }
        views.choose_names(&mut names);
        Ok(Self { kinds, views })
    }

    /// Creates a view for each type that the kinds can have.
    pub(super) fn create_views(&self, connection: &Connection) -> Result<(), Error> {
        self.views.create(connection)
    }

    /// Adds a resource to the table of its kind.
    pub(super) fn insert(
        &self,
        connection: &Connection,
        key: i64,
        resource: &Resource<'_>,
    ) -> Result<(), Error> {
        let Some(kind) = self.kinds.get(resource.service).and_then(|kinds| kinds.get(resource.kind)) else {
            return Ok(());
        };
        let cells = kind.table.typed_cells(&kind.types, resource);
        insert_cells(connection, &kind.insert, Some(key), &cells)
    }
}

/// Adds a resource to the common tables.
pub(super) fn insert_resource(
    connection: &Connection,
    key: i64,
    resource: &Resource<'_>,
) -> Result<(), Error> {
    let mut statement = connection.prepare_cached(&insert_sql("resources", 25))?;
    statement.execute(params![
        key,
        resource.account,
        resource.account_name,
        resource.account_ou,
        resource.region,
        resource.service,
        resource.kind,
        resource.resource_type,
        resource.function,
        resource.id,
        resource.arn,
        resource.name,
        resource.parent,
        resource.owner_account,
        resource.facts.state,
        resource.facts.size_or_type,
        resource.facts.created,
        resource.facts.environment,
        resource.facts.public,
        resource.uses,
        resource.used_by,
        resource.tags.as_ref().map(CellValue::of_map),
        resource.account_tags.map(CellValue::of_map),
        CellValue::of_map(&resource.details),
        resource.raw.to_string(),
    ])?;
    let mut statement = connection.prepare_cached(&insert_sql("tags", 3))?;
    for (name, value) in resource.tags.iter().flatten() {
        statement.execute(params![key, name, CellValue::of(value)])?;
    }
    Ok(())
}

/// Returns the statement that adds a row to a table.
pub(super) fn insert_sql(table: &str, columns: usize) -> String {
    format!("INSERT INTO \"{table}\" VALUES ({})", vec!["?"; columns].join(", "))
}

/// Adds a row of cells, preceded by a key if there is one.
pub(super) fn insert_cells(
    connection: &Connection,
    sql: &str,
    key: Option<i64>,
    cells: &[CellValue],
) -> Result<(), Error> {
    let mut statement = connection.prepare_cached(sql)?;
    let mut position = 0;
    if let Some(key) = key {
        position += 1;
        statement.raw_bind_parameter(position, key)?;
    }
    for cell in cells {
        position += 1;
        statement.raw_bind_parameter(position, cell)?;
    }
    statement.raw_execute()?;
    Ok(())
}

impl ToSql for CellValue {
    /// Numbers stay numbers if SQLite can store them with all digits.
    fn to_sql(&self) -> Result<ToSqlOutput<'_>, Error> {
        Ok(match self {
            Self::Empty => ToSqlOutput::Borrowed(ValueRef::Null),
            Self::Text(text) => ToSqlOutput::Borrowed(ValueRef::Text(text.as_bytes())),
            Self::Flag(flag) => ToSqlOutput::Owned(SqlValue::Integer((*flag).into())),
            // SQLite has infinities, and stores NaN as null.
            Self::NotFinite(number) => ToSqlOutput::Owned(SqlValue::Real(*number)),
            Self::Time(time) => ToSqlOutput::Borrowed(ValueRef::Text(time.text().as_bytes())),
            Self::Map(map) => ToSqlOutput::Owned(SqlValue::Text(json_text(map))),
            Self::Number(number) => ToSqlOutput::Owned(match (number.as_i64(), number.as_f64()) {
                (Some(integer), _) => SqlValue::Integer(integer),
                (None, Some(float)) if number.is_f64() => SqlValue::Real(float),
                _ => SqlValue::Text(number.to_string()),
            }),
        })
    }
}

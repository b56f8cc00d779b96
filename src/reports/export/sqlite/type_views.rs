//! A view for each type of resource, under CloudFormation's name: `AWS_EC2_Instance` for `AWS::EC2::Instance`.
//!
//! Views depend on the calls of a run and not on its resources, as the tables of kinds do: a query for one run of a
//! spec works for all.

use std::collections::BTreeMap;

use rusqlite::{Connection, Error};

use crate::model::resource_types::{possible_types, resource_type};
use crate::reports::export::identifiers::Identifiers;

/// The views of all types, by type.
#[derive(Default)]
pub(super) struct TypeViews<'run> {
    views: BTreeMap<&'static str, TypeView<'run>>,
}

#[derive(Default)]
struct TypeView<'run> {
    name: String,
    tables: Vec<TableOfType<'run>>,
}

/// The table of a kind with resources of the type.
struct TableOfType<'run> {
    service: &'run str,
    kind: &'run str,
    name: String,
    columns: Vec<String>,
}

impl<'run> TypeViews<'run> {
    /// Adds the table of a kind.
    pub(super) fn add(&mut self, service: &'run str, kind: &'run str, name: &str, columns: &[String]) {
        for type_name in possible_types(service, kind) {
            let table = TableOfType { service, kind, name: name.to_owned(), columns: columns.to_owned() };
            let tables = &mut self.views.entry(type_name).or_default().tables;
            // Several values can stand for one type.
            if !tables.iter().any(|known| known.name == table.name) {
                tables.push(table);
            }
        }
    }

    /// Chooses names that no table has.
    pub(super) fn choose_names(&mut self, names: &mut Identifiers) {
        for (type_name, view) in &mut self.views {
            view.name = names.name(&type_name.replace("::", "_"));
        }
    }

    pub(super) fn create(&self, connection: &Connection) -> Result<(), Error> {
        for (type_name, view) in &self.views {
            connection.execute_batch(&view.sql(type_name))?;
        }
        Ok(())
    }
}

impl TypeView<'_> {
    /// Returns the statement that creates the view: all columns of its tables, by name.
    fn sql(&self, type_name: &str) -> String {
        let mut columns: Vec<&str> = Vec::new();
        for column in self.tables.iter().flat_map(|table| &table.columns) {
            if !columns.iter().any(|known| known.eq_ignore_ascii_case(column)) {
                columns.push(column);
            }
        }
        let selects: Vec<String> =
            self.tables.iter().map(|table| table.select(&columns, type_name)).collect();
        format!("CREATE VIEW \"{}\" AS {};", self.name, selects.join(" UNION ALL "))
    }
}

impl TableOfType<'_> {
    fn select(&self, columns: &[&str], type_name: &str) -> String {
        let column = |name: &&str| {
            let is_here = self.columns.iter().any(|own| own.eq_ignore_ascii_case(name));
            if is_here { format!("\"{name}\"") } else { format!("NULL AS \"{name}\"") }
        };
        let columns: Vec<String> = columns.iter().map(column).collect();
        // Type names have no quotes.
        let filter = match resource_type(self.service, self.kind) {
            Some(_) => String::new(),
            None => format!(" WHERE type = '{type_name}'"),
        };
        format!("SELECT {} FROM \"{}\"{filter}", columns.join(", "), self.name)
    }
}

#[cfg(test)]
mod tests {
    use rusqlite::Connection;

    use super::TypeViews;
    use crate::reports::export::identifiers::{Identifiers, NameSpelling};

    /// A database with tables of kinds: service, kind, columns, and values of one row.
    fn database(tables: &[(&'static str, &'static str, &[&str], &str)]) -> Connection {
        let connection = Connection::open_in_memory().expect("a database");
        let mut names = Identifiers::new(NameSpelling::Identifier);
        let mut views = TypeViews::default();
        for (service, kind, columns, row) in tables {
            let name = names.name(&format!("{service}_{kind}"));
            let sql =
                format!("CREATE TABLE {name} ({}); INSERT INTO {name} VALUES {row}", columns.join(", "));
            connection.execute_batch(&sql).expect("is SQL");
            let columns: Vec<String> = columns.iter().map(|column| (*column).to_owned()).collect();
            views.add(service, kind, &name, &columns);
        }
        views.choose_names(&mut names);
        views.create(&connection).expect("is SQL");
        connection
    }

    fn texts(connection: &Connection, sql: &str) -> Vec<String> {
        let mut statement = connection.prepare(sql).expect("is SQL");
        let rows = statement.query_map([], |row| row.get(0)).expect("rows");
        rows.collect::<Result<_, _>>().expect("texts")
    }

    #[test]
    fn type_has_view_of_its_kind() {
        let connection = database(&[(
            "ec2",
            "instance",
            &["type", "id", "ImageId"],
            "('AWS::EC2::Instance', 'i-1', 'ami-1')",
        )]);
        assert_eq!(texts(&connection, "SELECT ImageId FROM aws_ec2_instance WHERE id = 'i-1'"), ["ami-1"]);
    }

    #[test]
    fn value_decides_which_view_has_resource() {
        let rows = "('AWS::RDS::DBCluster', 'one'), ('AWS::Neptune::DBCluster', 'two'), (NULL, 'three')";
        let connection = database(&[("rds", "db_cluster", &["type", "id"], rows)]);
        assert_eq!(texts(&connection, "SELECT id FROM AWS_RDS_DBCluster"), ["one"]);
        assert_eq!(texts(&connection, "SELECT id FROM AWS_Neptune_DBCluster"), ["two"]);
        assert!(texts(&connection, "SELECT id FROM AWS_DocDB_DBCluster").is_empty());
    }

    #[test]
    fn view_of_several_kinds_has_columns_of_all() {
        let connection = database(&[
            (
                "neptune",
                "db_cluster",
                &["type", "id", "only_here"],
                "('AWS::Neptune::DBCluster', 'one', 'x')",
            ),
            ("rds", "db_cluster", &["type", "id", "ENGINE"], "('AWS::Neptune::DBCluster', 'two', 'neptune')"),
        ]);
        let sql = "SELECT id || ' ' || coalesce(only_here, engine) FROM AWS_Neptune_DBCluster ORDER BY 1";
        assert_eq!(texts(&connection, sql), ["one x", "two neptune"]);
    }
}

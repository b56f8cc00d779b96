//! SQL statements that create the tables of several runs.
//!
//! Account, region and run are texts in all of them: engines that guess their types take accounts for numbers, which
//! have no leading zeros.

use std::collections::BTreeSet;

use super::kind::{columns, folder_name};
use super::layout::PARTITIONS;
use crate::reports::export::ExportError;
use crate::reports::export::column_type::ColumnType;
use crate::reports::export::columns::modelled_tables;
use crate::reports::export::facts::{ACCOUNTS, FactTable, LEDGER, RUN};
use crate::reports::export::identifiers::{Identifiers, NameSpelling};
use crate::reports::export::links::LINKS;
use crate::reports::export::missing::MISSING;
use crate::reports::export::witnesses::{WITNESS_TYPES, WITNESSES};
use crate::reports::resources::Resources;

/// The SQL of an engine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum SqlDialect {
    /// Amazon Athena (docs.aws.amazon.com/athena/latest/ug/create-table.html).
    Athena,
    /// Apache Spark (spark.apache.org/docs/latest/sql-ref-syntax-ddl-create-table-datasource.html).
    Spark,
    /// `DuckDB` (duckdb.org/docs/current/data/partitioning, "Hive Partitioning").
    DuckDb,
}

/// A table of several runs.
struct LakeTable {
    name: String,
    folder: String,
    columns: Vec<(String, ColumnType)>,
    /// The columns whose values are in the names of folders.
    partitions: &'static [&'static str],
}

/// Returns the statements that create the tables of a run below a location: an absolute path, or `s3://bucket/prefix`.
/// `DuckDB` and Spark cannot read tables without files: they have only those of which the run has resources.
pub(in crate::reports::export) fn statements(
    resources: &Resources,
    dialect: SqlDialect,
    location: &str,
) -> Result<String, ExportError> {
    let mut found = BTreeSet::new();
    if dialect != SqlDialect::Athena {
        resources.each::<ExportError>(&mut |resource| {
            found.insert((resource.service.to_owned(), resource.kind.to_owned()));
            Ok(())
        })?;
    }
    let mut names = Identifiers::new(NameSpelling::Identifier);
    let facts = [RUN, ACCOUNTS, LEDGER, MISSING, LINKS, WITNESSES, WITNESS_TYPES].map(
        |FactTable { name, columns }| LakeTable {
            name: names.name(name),
            folder: name.to_owned(),
            columns: columns.iter().map(|(name, holds)| ((*name).to_owned(), *holds)).collect(),
            partitions: &PARTITIONS[..1],
        },
    );
    let kinds = modelled_tables(resources).into_iter().filter_map(|(key, table)| {
        let name = names.name(&format!("{}_{}", key.0, key.1));
        let exists = if dialect == SqlDialect::Athena { table.has_own_rows } else { found.contains(&key) };
        let (folder, columns) = (folder_name(&key.0, &key.1), columns(&table));
        exists.then_some(LakeTable { name, folder, columns, partitions: &PARTITIONS })
    });
    let tables: Vec<LakeTable> = facts.into_iter().chain(kinds).collect();
    Ok(tables.iter().map(|table| table.statement(dialect, location)).collect::<Vec<_>>().join("\n"))
}

impl LakeTable {
    fn statement(&self, dialect: SqlDialect, location: &str) -> String {
        let Self { name, folder, columns, partitions } = self;
        let location = format!("{location}/{folder}");
        let described = |(name, holds): &(String, ColumnType)| format!("  `{name}` {}", type_name(*holds));
        let columns = columns.iter().map(described);
        let keys = partitions.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>();
        let typed_keys = keys.iter().map(|key| format!("{key} string"));
        match dialect {
            // Athena has lower-case names only (docs.aws.amazon.com/athena/latest/ug/tables-databases-columns-names.html).
            SqlDialect::Athena => format!(
                "CREATE EXTERNAL TABLE IF NOT EXISTS `{name}` (\n{}\n) PARTITIONED BY ({})\nSTORED AS PARQUET\n\
                 LOCATION {};\nMSCK REPAIR TABLE `{name}`;\n",
                columns.collect::<Vec<_>>().join(",\n").to_lowercase(),
                typed_keys.collect::<Vec<_>>().join(", "),
                escaped(&format!("{location}/")),
                name = name.to_lowercase(),
            ),
            SqlDialect::Spark => format!(
                "CREATE TABLE IF NOT EXISTS `{name}` (\n{}\n) USING PARQUET PARTITIONED BY ({})\n\
                 LOCATION {};\nMSCK REPAIR TABLE `{name}`;\n",
                columns.chain(typed_keys.map(|key| format!("  {key}"))).collect::<Vec<_>>().join(",\n"),
                keys.join(", "),
                escaped(&location),
            ),
            SqlDialect::DuckDb => format!(
                "CREATE OR REPLACE VIEW \"{name}\" AS SELECT * FROM read_parquet('{}/**/*.parquet',\n  \
                 hive_partitioning = true, hive_types_autocast = false, union_by_name = true);\n",
                location.replace('\'', "''"),
            ),
        }
    }
}

/// Returns the name of a type in Athena and Spark.
fn type_name(holds: ColumnType) -> &'static str {
    match holds {
        ColumnType::Flag => "boolean",
        ColumnType::Integer => "bigint",
        ColumnType::Real => "double",
        ColumnType::Timestamp => "timestamp",
        ColumnType::Map => "map<string,string>",
        ColumnType::Text => "string",
    }
}

/// Returns a text as a literal of Hive and Spark, which have escapes in texts.
fn escaped(text: &str) -> String {
    format!("'{}'", text.replace('\\', "\\\\").replace('\'', "\\'"))
}

#[cfg(test)]
mod tests {
    use super::{ColumnType, LakeTable, PARTITIONS, SqlDialect};

    fn statement(dialect: SqlDialect, location: &str) -> String {
        let columns = vec![("raw_Arn".to_owned(), ColumnType::Text), ("tags".to_owned(), ColumnType::Map)];
        let table = LakeTable {
            name: "iam_role".to_owned(),
            folder: "iam-role".to_owned(),
            columns,
            partitions: &PARTITIONS,
        };
        table.statement(dialect, location)
    }

    #[test]
    fn partitions_are_texts_in_every_dialect() {
        assert_eq!(
            statement(SqlDialect::Athena, "s3://inventory/lake"),
            "CREATE EXTERNAL TABLE IF NOT EXISTS `iam_role` (\n  `raw_arn` string,\n  `tags` map<string,string>\n) \
             PARTITIONED BY (`run` string, `account` string, `region` string)\nSTORED AS PARQUET\n\
             LOCATION 's3://inventory/lake/iam-role/';\nMSCK REPAIR TABLE `iam_role`;\n"
        );
        assert_eq!(
            statement(SqlDialect::Spark, "/lake"),
            "CREATE TABLE IF NOT EXISTS `iam_role` (\n  `raw_Arn` string,\n  `tags` map<string,string>,\n  \
             `run` string,\n  `account` string,\n  `region` string\n) USING PARQUET \
             PARTITIONED BY (`run`, `account`, `region`)\nLOCATION '/lake/iam-role';\n\
             MSCK REPAIR TABLE `iam_role`;\n"
        );
        assert_eq!(
            statement(SqlDialect::DuckDb, "/lake"),
            "CREATE OR REPLACE VIEW \"iam_role\" AS SELECT * FROM read_parquet('/lake/iam-role/**/*.parquet',\n  \
             hive_partitioning = true, hive_types_autocast = false, union_by_name = true);\n"
        );
    }

    #[test]
    fn quotes_in_a_location_are_escaped() {
        assert!(statement(SqlDialect::Spark, "/my\\'lake").contains(r"LOCATION '/my\\\'lake/iam-role'"));
        assert!(statement(SqlDialect::DuckDb, "/my'lake").contains("read_parquet('/my''lake/iam-role/"));
    }
}

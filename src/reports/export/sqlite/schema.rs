//! The tables, indexes and views that every database has.

use super::super::column_type::ColumnType;
use super::super::facts::{ACCOUNTS, FactTable, LEDGER, RUN};
use super::super::links::LINKS;
use super::super::missing::MISSING;
use super::super::witnesses::{WITNESS_TYPES, WITNESSES};

/// Starts the transaction. No other process uses the file, and an unfinished one is deleted: it needs no
/// journal and no sync. The cache is limited, in KiB, to limit memory use.
pub(super) const BEGIN: &str = "
    PRAGMA journal_mode = OFF;
    PRAGMA synchronous = OFF;
    PRAGMA locking_mode = EXCLUSIVE;
    PRAGMA cache_size = -16384;
    BEGIN;
";

/// Ends the transaction.
pub(super) const END: &str = "
    COMMIT;
    PRAGMA locking_mode = NORMAL;
";

/// The tables of all resources and their tags.
const RESOURCES: &str = "
    CREATE TABLE resources (
        resource INTEGER PRIMARY KEY,
        account TEXT NOT NULL,
        account_name TEXT,
        account_ou TEXT,
        region TEXT NOT NULL,
        service TEXT NOT NULL,
        kind TEXT NOT NULL,
        type TEXT,
        function TEXT NOT NULL,
        id TEXT,
        arn TEXT,
        name TEXT,
        parent TEXT,
        owner_account TEXT,
        state TEXT,
        size_or_type TEXT,
        created TEXT,
        environment TEXT,
        public INTEGER,
        uses INTEGER,
        used_by INTEGER,
        tags TEXT,
        account_tags TEXT,
        details TEXT NOT NULL,
        raw TEXT NOT NULL
    );
    CREATE TABLE tags (
        resource INTEGER NOT NULL,
        key TEXT NOT NULL,
        value TEXT,
        PRIMARY KEY (resource, key)
    ) WITHOUT ROWID;
";

/// Indexes for common queries. They are created after the rows are inserted, which is faster.
pub(super) const INDEXES: &str = "
    CREATE INDEX resources_by_kind ON resources (service, kind);
    CREATE INDEX resources_by_type ON resources (type);
    CREATE INDEX resources_by_place ON resources (account, region);
    CREATE INDEX resources_by_id ON resources (id);
    CREATE INDEX resources_by_arn ON resources (arn);
    CREATE INDEX tags_by_key ON tags (key, value);
    CREATE INDEX links_by_from ON links (from_resource);
    CREATE INDEX links_by_to ON links (to_resource);
    CREATE INDEX links_by_text ON links (\"to\");
    CREATE INDEX ledger_by_service ON ledger (service, function);
    CREATE INDEX ledger_by_place ON ledger (account, region);
";

/// Views for common questions: counts and gaps.
pub(super) const VIEWS: &str = "
    CREATE VIEW resources_per_account AS
        SELECT account, account_name, count(*) AS resources,
            count(DISTINCT service) AS services, count(DISTINCT region) AS regions
        FROM resources GROUP BY account ORDER BY resources DESC, account;
    CREATE VIEW resources_per_ou AS
        SELECT account_ou, count(*) AS resources,
            count(DISTINCT account) AS accounts, count(DISTINCT service) AS services
        FROM resources GROUP BY account_ou ORDER BY resources DESC, account_ou;
    CREATE VIEW resources_per_kind AS
        SELECT service, kind, count(*) AS resources,
            count(DISTINCT account) AS accounts, count(DISTINCT region) AS regions
        FROM resources GROUP BY service, kind ORDER BY resources DESC, service, kind;
    CREATE VIEW resources_per_region AS
        SELECT region, count(*) AS resources, count(DISTINCT account) AS accounts
        FROM resources GROUP BY region ORDER BY resources DESC, region;
    CREATE VIEW resources_owned AS
        SELECT resource, account, account_name, account_ou, region, service, kind, type, function, id, arn, name,
            parent, owner_account, state, size_or_type, created, environment, public, uses, used_by, tags, account_tags,
            details, raw
        FROM (SELECT *, row_number() OVER (
                PARTITION BY coalesce(arn || ' ' || kind, resource) ORDER BY account IS NOT owner_account, resource
            ) AS number FROM resources)
        WHERE number = 1;
    CREATE VIEW resources_untagged AS
        SELECT account, account_name, region, service, kind, type, id, arn, name FROM resources WHERE tags = '{}';
    CREATE VIEW foreign_access AS
        SELECT \"to\" AS who, to_account AS account, \"from\" AS resource, from_account, from_region, from_service, from_kind,
            path, statement
        FROM links WHERE state = 'foreign' AND kind IN ('principal', 'share') ORDER BY to_account, who, resource;
    CREATE VIEW gaps AS
        SELECT service, function, status, denied_by, code,
            count(DISTINCT account || ' ' || region || ' ' || name) AS calls, count(item) AS items,
            count(DISTINCT account) AS accounts, min(account) AS example_account,
            min(message) AS example_message, min(hint) AS hint
        FROM ledger WHERE gap AND (item IS NOT NULL OR failed_items = 0)
        GROUP BY service, function, status, denied_by, code ORDER BY calls DESC, service, function;
    CREATE VIEW gaps_per_service AS
        SELECT service, count(*) AS calls, sum(gap) AS gaps, count(DISTINCT iif(gap, account, NULL)) AS accounts
        FROM ledger WHERE item IS NULL AND region <> '*' GROUP BY service HAVING gaps > 0 ORDER BY gaps DESC, service;
    CREATE VIEW gaps_per_account AS
        SELECT ledger.account, accounts.account_name, count(*) AS calls, sum(gap) AS gaps, accounts.outcome
        FROM ledger LEFT JOIN accounts ON accounts.account = ledger.account
        WHERE ledger.item IS NULL AND ledger.region <> '*'
        GROUP BY ledger.account HAVING gaps > 0 ORDER BY gaps DESC, ledger.account;
";

/// Names that are reserved and not used for the tables of kinds.
pub(super) const NAMES: [&str; 19] = [
    "run",
    "accounts",
    "ledger",
    "missing",
    "witnesses",
    "witness_types",
    "resources",
    "tags",
    "resources_per_account",
    "resources_per_ou",
    "resources_per_kind",
    "resources_per_region",
    "resources_owned",
    "resources_untagged",
    "links",
    "foreign_access",
    "gaps",
    "gaps_per_service",
    "gaps_per_account",
];

/// Returns the statements that create the tables that all databases have.
pub(super) fn fixed_tables() -> String {
    let facts = [RUN, ACCOUNTS, LEDGER, MISSING, LINKS, WITNESSES, WITNESS_TYPES].map(
        |FactTable { name, columns }| {
            create_table(name, columns.iter().map(|(name, column_type)| (*name, *column_type)))
        },
    );
    facts.concat() + RESOURCES
}

/// Returns the statement that creates a table with these columns. Names are quoted: some are SQL keywords.
pub(super) fn create_table<'name>(
    name: &str,
    columns: impl IntoIterator<Item = (&'name str, ColumnType)>,
) -> String {
    let columns = columns.into_iter().map(|(name, column_type)| match column_type {
        ColumnType::Flag | ColumnType::Integer => format!("\"{name}\" INTEGER"),
        ColumnType::Real => format!("\"{name}\" REAL"),
        ColumnType::Timestamp | ColumnType::Map | ColumnType::Text => format!("\"{name}\" TEXT"),
    });
    format!("CREATE TABLE \"{name}\" ({});\n", columns.collect::<Vec<_>>().join(", "))
}

#[cfg(test)]
mod tests {
    use rusqlite::Connection;

    use super::{BEGIN, END, INDEXES, NAMES, VIEWS, fixed_tables};

    #[test]
    fn all_names_are_kept_from_the_tables_of_kinds() {
        let connection = Connection::open_in_memory().expect("a database");
        for sql in [BEGIN, &fixed_tables(), INDEXES, VIEWS, END] {
            connection.execute_batch(sql).expect("is SQL");
        }
        let sql = "SELECT name FROM sqlite_schema WHERE type IN ('table', 'view') ORDER BY name";
        let mut statement = connection.prepare(sql).expect("is SQL");
        let rows = statement.query_map([], |row| row.get::<_, String>(0)).expect("names");
        let mut kept = NAMES;
        kept.sort_unstable();
        assert_eq!(rows.collect::<Result<Vec<_>, _>>().expect("names"), kept);
    }
}

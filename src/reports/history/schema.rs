//! The tables of a history.

/// The version of the tables (`PRAGMA user_version`). It is incremented with every change of them.
pub(super) const VERSION: i64 = 1;

/// Marks the file as a history (`PRAGMA application_id`, sqlite.org/pragma.html): the letters `scnH`.
pub(super) const APPLICATION: i64 = 0x7363_6e48;

/// The type of a resource as SQL: CloudFormation's name, or service and kind.
pub(super) const TYPE: &str = "coalesce(type, service || '.' || kind)";

/// The last known name of a resource's account as SQL.
pub(super) const ACCOUNT_NAME: &str = "(
    SELECT name FROM accounts WHERE accounts.account = resources.account ORDER BY first_run DESC LIMIT 1
)";

/// Creates all tables. `calls` and `places` are for the next addition only; the others are described in
/// `docs/formats.md`. An answer that came or went with its resource is no change of it.
pub(super) const TABLES: &str = "
    CREATE TABLE runs (
        run INTEGER PRIMARY KEY,
        name TEXT NOT NULL,
        started TEXT NOT NULL UNIQUE,
        finished TEXT,
        organization TEXT NOT NULL,
        caller TEXT NOT NULL,
        spec TEXT NOT NULL,
        spec_sha256 TEXT NOT NULL,
        redaction TEXT NOT NULL,
        version TEXT NOT NULL,
        resources INTEGER,
        added INTEGER,
        removed INTEGER,
        changed INTEGER,
        unknown INTEGER
    );
    CREATE TABLE accounts (
        account TEXT NOT NULL,
        name TEXT,
        first_run INTEGER NOT NULL,
        last_run INTEGER
    );
    CREATE TABLE resources (
        resource INTEGER PRIMARY KEY,
        account TEXT NOT NULL,
        region TEXT NOT NULL,
        service TEXT NOT NULL,
        kind TEXT NOT NULL,
        type TEXT,
        function TEXT NOT NULL,
        id TEXT,
        arn TEXT,
        name TEXT,
        state TEXT NOT NULL,
        seen_run INTEGER,
        detail_of INTEGER,
        call INTEGER NOT NULL,
        describes INTEGER NOT NULL,
        for_item TEXT,
        parent TEXT,
        about TEXT,
        raw TEXT NOT NULL
    );
    CREATE TABLE spans (
        resource INTEGER NOT NULL,
        state TEXT NOT NULL,
        first_run INTEGER NOT NULL,
        last_run INTEGER,
        after_run INTEGER,
        cause TEXT,
        denied_by TEXT,
        PRIMARY KEY (resource, first_run)
    ) WITHOUT ROWID;
    CREATE TABLE changes (
        resource INTEGER NOT NULL,
        run INTEGER NOT NULL,
        after_run INTEGER NOT NULL,
        path TEXT NOT NULL,
        old TEXT,
        new TEXT
    );
    CREATE TABLE gaps (
        account TEXT NOT NULL,
        region TEXT NOT NULL,
        service TEXT NOT NULL,
        function TEXT NOT NULL,
        name TEXT NOT NULL,
        status TEXT NOT NULL,
        code TEXT,
        denied_by TEXT,
        first_run INTEGER NOT NULL,
        last_run INTEGER
    );
    CREATE TABLE calls (
        call INTEGER PRIMARY KEY,
        request TEXT NOT NULL,
        number INTEGER NOT NULL,
        UNIQUE (request, number)
    );
    CREATE TABLE places (
        account TEXT NOT NULL,
        region TEXT NOT NULL,
        known TEXT NOT NULL,
        PRIMARY KEY (account, region)
    ) WITHOUT ROWID;
    CREATE INDEX resources_by_place ON resources (account, region);
    CREATE INDEX resources_by_id ON resources (id);
    CREATE INDEX resources_by_arn ON resources (arn);
    CREATE INDEX resources_by_name ON resources (name);
    CREATE INDEX spans_by_run ON spans (first_run);
    CREATE INDEX changes_by_resource ON changes (resource, run);
    CREATE INDEX changes_by_run ON changes (run);
    CREATE INDEX gaps_by_call ON gaps (account, region, service, name);
    CREATE INDEX resources_by_owner ON resources (detail_of);
    CREATE VIEW changed_resources AS
        SELECT coalesce(detail_of, resource) AS resource, run FROM changes JOIN resources USING (resource)
        UNION
        SELECT answer.detail_of, spans.first_run FROM spans
            JOIN resources AS answer USING (resource)
            LEFT JOIN spans AS of_owner
                ON of_owner.resource = answer.detail_of AND of_owner.first_run = spans.first_run
        WHERE spans.after_run IS NOT NULL AND answer.detail_of IS NOT NULL AND of_owner.resource IS NULL;
";

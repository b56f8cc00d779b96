//! What no query can do.

use std::fs;

use super::{Demo, files};
use crate::sandbox::Sandbox;

#[test]
fn a_query_only_reads() {
    let demo = Demo::small();
    demo.sandbox.run(["export", "output/run", "-f", "sqlite", "-o", "run.sqlite"]).expect_exit(0);
    // The first query of a run keeps the database.
    demo.query(&["SELECT 1"]).expect_exit(0);
    let before = (files(&demo.sandbox), fs::read(demo.sandbox.path("run.sqlite")).expect("a file"));
    for sql in [
        "DELETE FROM resources",
        "UPDATE resources SET name = 'x'",
        "INSERT INTO tags VALUES (1, 'a', 'b')",
        "DROP TABLE tags",
        "CREATE TABLE mine (a)",
        "CREATE TEMP TABLE mine (a)",
        "CREATE VIRTUAL TABLE mine USING fts5 (a)",
        "ALTER TABLE tags RENAME TO mine",
        "ATTACH 'other.sqlite' AS other",
        "ATTACH ':memory:' AS other",
        "DETACH main",
        "VACUUM",
        "VACUUM INTO 'copy.sqlite'",
        "PRAGMA writable_schema = on",
        "PRAGMA query_only = off",
        "PRAGMA journal_mode = wal",
        "BEGIN IMMEDIATE",
        "REINDEX",
        "ANALYZE",
        "SELECT load_extension('/tmp/evil.so')",
        "WITH gone AS (SELECT 1) DELETE FROM tags",
        "EXPLAIN DELETE FROM tags",
    ] {
        let run = demo.sandbox.run(["query", "run.sqlite", sql]);
        run.expect_exit(2).stderr_contains("the query is not read-only").stderr_is_one_paragraph();
    }
    for sql in ["DELETE FROM resources", "VACUUM INTO 'copy.sqlite'", "PRAGMA query_only = off"] {
        demo.query(&[sql]).expect_exit(2).stderr_contains("the query is not read-only");
    }
    for sql in ["SELECT 1; DROP TABLE tags", "SELECT 1; SELECT 2", "", "/* nothing */", "SELECT 1; nonsense"]
    {
        demo.query(&[sql]).expect_exit(2).stderr_contains("one statement");
    }
    let after = (files(&demo.sandbox), fs::read(demo.sandbox.path("run.sqlite")).expect("a file"));
    assert!(before == after, "a query has left something behind");
}

#[test]
fn a_database_of_somebody_else_cannot_make_a_query_do_anything() {
    let sandbox = Sandbox::new();
    let path = sandbox.path("theirs.sqlite");
    let theirs = rusqlite::Connection::open(&path).expect("a database");
    theirs
        .execute_batch(
            "CREATE TABLE resources (id);
             CREATE VIEW evil AS SELECT load_extension('/tmp/evil.so') AS id;
             CREATE VIEW harmless AS SELECT 1 AS id;
             INSERT INTO resources VALUES (char(27) || '[2J');",
        )
        .expect("is SQL");
    drop(theirs);
    sandbox
        .run(["query", "theirs.sqlite", "SELECT * FROM evil"])
        .expect_exit(2)
        .stderr_contains("not read-only");
    sandbox.run(["query", "theirs.sqlite", "SELECT * FROM harmless"]).expect_exit(0).stdout_contains("1");
    let shown = sandbox.run(["query", "theirs.sqlite", "SELECT * FROM resources"]);
    shown.expect_exit(0).stdout_contains("\\u001b[2J");
    let run = sandbox.run(["query", "theirs.sqlite", "--jq", "."]);
    run.expect_exit(2).stderr_contains("is no export of a run");
}

/// A database is read without a file beside it, and not while it is being written.
#[test]
fn database_query_writes_no_file_and_refuses_open_writer() {
    let demo = Demo::small();
    let sandbox = &demo.sandbox;
    sandbox.run(["export", "output/run", "-f", "sqlite", "-o", "a#b %?.sqlite"]).expect_exit(0);
    let count = ["SELECT count(*) FROM resources", "--format", "csv"];
    let ask = |file: &'static str| sandbox.run([&["query", file], &count[..]].concat());
    let path = sandbox.path("a#b %?.sqlite");
    let writer = rusqlite::Connection::open(&path).expect("opens");
    writer.pragma_update(None, "journal_mode", "wal").expect("a journal");
    writer.execute_batch("CREATE TABLE mine (a)").expect("writes");
    let run = ask("a#b %?.sqlite");
    run.expect_exit(2).stderr_contains("has unapplied changes in").stderr_contains("-wal");
    drop(writer);
    let before = files(sandbox);
    ask("a#b %?.sqlite").expect_exit(0);
    assert_eq!(files(sandbox), before);
}

"""Reads an export with other programs, and prints as JSON what they find.

read_back.py sqlite <file>       Python's own sqlite3
read_back.py duckdb <folder>     DuckDB, table by table
read_back.py pandas <folder>     pandas (pyarrow), table by table

For each table: the types of its columns, as the program names them, and its rows without what is null.
"""

import json
import pathlib
import sys


def rows_of(names, rows):
    return [{name: value for name, value in zip(names, row) if value is not None} for row in rows]


def with_sqlite(path):
    import sqlite3

    connection = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    (integrity,) = connection.execute("PRAGMA integrity_check").fetchone()
    if integrity != "ok":
        raise SystemExit(integrity)
    tables = {}
    for (name,) in connection.execute("SELECT name FROM sqlite_schema WHERE type IN ('table', 'view')").fetchall():
        types = {row[1]: row[2] for row in connection.execute(f'PRAGMA table_info("{name}")')}
        rows = connection.execute(f'SELECT * FROM "{name}"').fetchall()
        tables[name] = {"types": types, "rows": rows_of(types, rows)}
    return tables


def with_duckdb(folder):
    import duckdb

    tables = {}
    for table in sorted(pathlib.Path(folder).iterdir()):
        found = duckdb.sql(f"SELECT * FROM read_parquet('{table}/**/*.parquet', hive_partitioning = true)")
        types = dict(zip(found.columns, map(str, found.types)))
        tables[table.name] = {"types": types, "rows": rows_of(types, found.fetchall())}
    return tables


def with_pandas(folder):
    import pandas

    tables = {}
    for table in sorted(pathlib.Path(folder).iterdir()):
        found = pandas.read_parquet(table, dtype_backend="pyarrow")
        types = {name: str(kind) for name, kind in found.dtypes.items()}
        rows = [[None if pandas.isna(value) else value for value in row] for row in found.itertuples(index=False)]
        tables[table.name] = {"types": types, "rows": rows_of(types, rows)}
    return tables


program, path = sys.argv[1:]
print(json.dumps({"sqlite": with_sqlite, "duckdb": with_duckdb, "pandas": with_pandas}[program](path)))

"""Reads exports with other programs, and prints as JSON what they find.

read_back.py sqlite <file>          Python's own sqlite3
read_back.py duckdb <folder>        DuckDB, table by table
read_back.py pandas <folder>        pandas (pyarrow), table by table
read_back.py together <old> <new>   the tables of two Parquet exports as one, with each program
read_back.py sql <statement>        the rows of a statement of DuckDB

For each table: the types of its columns, as the program names them, and its rows without what is null.
"""

import datetime
import json
import math
import pathlib
import sys


def plain(value):
    """A value as JSON has it, the same from every program."""
    if isinstance(value, datetime.datetime):
        return value.astimezone(datetime.timezone.utc).isoformat()
    if isinstance(value, float) and not math.isfinite(value):
        return "NaN" if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"
    if isinstance(value, (list, tuple)):
        # pyarrow has pairs for the entries of a map, and Polars structures.
        pairs = [tuple(entry.values()) if isinstance(entry, dict) else entry for entry in value]
        return dict(pairs)
    return value


def rows_of(names, rows):
    named = [{name: value for name, value in zip(names, row) if value is not None} for row in rows]
    return [{name: plain(value) for name, value in row.items()} for row in named]


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


def from_duckdb(sql):
    import duckdb

    found = duckdb.sql(sql)
    # DuckDB's Python module needs another one for times with zones; its own JSON does not.
    times = {name for name, kind in zip(found.columns, found.types) if "TIME ZONE" in str(kind)}
    text = "strftime(timezone('UTC', {0}), '%Y-%m-%dT%H:%M:%S.%f+00:00')"
    columns = ", ".join(text.format(f'"{name}"') if name in times else f'"{name}"' for name in found.columns)
    rows = duckdb.sql(f"SELECT {columns} FROM found").fetchall()
    rows = [[datetime.datetime.fromisoformat(value) if name in times and value else value
             for name, value in zip(found.columns, row)] for row in rows]
    types = dict(zip(found.columns, map(str, found.types)))
    return {"types": types, "rows": rows_of(types, rows)}


def from_arrow(table):
    types = {field.name: str(field.type) for field in table.schema}
    return {"types": types, "rows": rows_of(types, zip(*table.to_pydict().values()))}


def with_duckdb(folder):
    read = "SELECT * FROM read_parquet('{}/**/*.parquet', hive_partitioning = true)"
    return {table.name: from_duckdb(read.format(table)) for table in sorted(pathlib.Path(folder).iterdir())}


def with_pandas(folder):
    import pandas

    tables = {}
    for table in sorted(pathlib.Path(folder).iterdir()):
        found = pandas.read_parquet(table, dtype_backend="pyarrow")
        types = {name: str(kind) for name, kind in found.dtypes.items()}
        tables[table.name] = {"types": types, "rows": rows_of(types, [map(missing, row) for row in found.values])}
    return tables


def missing(value):
    """A value of pandas, whose missing values are no None."""
    import pandas

    return None if value is pandas.NA or value is pandas.NaT else value


def together(old, new):
    import duckdb
    import pandas
    import polars
    import pyarrow
    import pyarrow.dataset
    import pyarrow.parquet

    tables = {}
    for folder in sorted(pathlib.Path(old).iterdir()):
        files = [str(path) for run in (old, new) for path in sorted((pathlib.Path(run) / folder.name).rglob("*.parquet"))]
        schemas = [pyarrow.parquet.read_schema(path) for path in files]
        if any(schema != schemas[0] for schema in schemas):
            raise SystemExit(f"{folder.name}: the schemas differ")
        frame = pandas.concat([pandas.read_parquet(path) for path in files])
        if list(frame.columns) != schemas[0].names:
            raise SystemExit(f"{folder.name}: the columns of pandas differ")
        of_pandas = pandas.read_parquet(files, dtype_backend="pyarrow", partitioning=None)
        tables[folder.name] = {
            "duckdb": from_duckdb(f"SELECT * FROM read_parquet({files}, hive_partitioning = false)"),
            "pandas": from_arrow(pyarrow.Table.from_pandas(of_pandas, preserve_index=False)),
            "pyarrow": from_arrow(pyarrow.dataset.dataset(files).to_table()),
            "polars": from_polars(polars.read_parquet(files, hive_partitioning=False)),
        }
    return tables


def from_polars(frame):
    types = {name: str(kind) for name, kind in frame.schema.items()}
    return {"types": types, "rows": rows_of(types, frame.rows())}


programs = {"sqlite": with_sqlite, "duckdb": with_duckdb, "pandas": with_pandas, "together": together, "sql": from_duckdb}
program, *arguments = sys.argv[1:]
print(json.dumps(programs[program](*arguments)))

"""Reads the tables of several runs with other programs, and prints as JSON what they find.

lake.py read <folder> <statements>                   each table, with DuckDB (by the statements), Polars and DataFusion
lake.py statements <folder> <dialect> <statements>   the tables that statements create, and those of the files

For each table that is read: the types of the columns that folders have, the number of rows by run (and account and
region), and how many values each column has.
"""

import json
import pathlib
import sys

KEYS = ["run", "account", "region"]
FACTS = {"run", "accounts", "ledger", "missing", "links", "witnesses", "witness_types"}


def keys_of(table):
    return KEYS[:1] if table in FACTS else KEYS


def schema_of(folder):
    """The columns of all files of a table, which must agree where several files have one."""
    import pyarrow.parquet

    schema = {}
    for path in sorted(folder.rglob("*.parquet")):
        for field in pyarrow.parquet.read_schema(path):
            if schema.setdefault(field.name, field.type) != field.type:
                raise SystemExit(f"{path}: {field.name} has another type")
    return schema


def with_duckdb(folder, statements):
    import duckdb

    connection = duckdb.connect()
    connection.execute(statements)
    tables = {}
    for table in sorted(folder.iterdir()):
        view = table.name.replace("-", "_")
        types = {row[0]: row[1] for row in connection.execute(f'DESCRIBE "{view}"').fetchall()}
        keys = keys_of(table.name)
        counts = connection.execute(f'SELECT {", ".join(keys)}, count(*) FROM "{view}" GROUP BY ALL ORDER BY ALL').fetchall()
        names = list(types)
        values = connection.execute(f'SELECT {", ".join(f"count({quoted(name)})" for name in names)} FROM "{view}"').fetchone()
        tables[table.name] = {"types": [types[key] for key in keys], "counts": counts, "values": dict(zip(names, values))}
    return tables


def with_polars(folder):
    import polars

    tables = {}
    for table in sorted(folder.iterdir()):
        keys = keys_of(table.name)
        # The columns of the newest run are those of all.
        newest = max(table.rglob("*.parquet"))
        frame = polars.scan_parquet(
            table,
            schema=polars.read_parquet_schema(newest),
            hive_schema={key: polars.String for key in keys},
            missing_columns="insert",
            extra_columns="ignore",
        ).collect()
        counts = sorted(frame.group_by(keys).len().rows())
        values = {name: frame.height - frame[name].null_count() for name in frame.columns}
        tables[table.name] = {"types": [str(frame.schema[key]) for key in keys], "counts": counts, "values": values}
    return tables


def with_datafusion(folder):
    import datafusion
    import pyarrow

    tables = {}
    for table in sorted(folder.iterdir()):
        keys = keys_of(table.name)
        context = datafusion.SessionContext()
        context.register_listing_table("it", str(table), [(key, pyarrow.string()) for key in keys])
        found = context.table("it").schema()
        grouped = context.sql(f'SELECT {", ".join(keys)}, count(*) AS n FROM it GROUP BY {", ".join(keys)}')
        counts = sorted(tuple(row.values()) for row in grouped.to_pylist())
        names = [field.name for field in found]
        (row,) = context.sql(f'SELECT {", ".join(f"count({quoted(name)}) AS {quoted(name)}" for name in names)} FROM it').to_pylist()
        tables[table.name] = {"types": [str(found.field(key).type) for key in keys], "counts": counts, "values": row}
    return tables


def quoted(name):
    return f'"{name}"'


def statements(folder, dialect, text):
    """What sqlglot reads in the statements, and what the files of the tables have, as SQL names it."""
    import logging

    import pyarrow
    import sqlglot
    from sqlglot import exp

    # MSCK is not parsed, but kept as it is.
    logging.getLogger("sqlglot").setLevel(logging.ERROR)
    names = {
        pyarrow.bool_(): "BOOLEAN",
        pyarrow.int64(): "BIGINT",
        pyarrow.float64(): "DOUBLE",
        pyarrow.string(): "STRING",
        pyarrow.timestamp("us", "UTC"): "TIMESTAMP",
    }
    created, files, repaired = {}, {}, []
    for statement in sqlglot.parse(text, dialect=dialect):
        if not isinstance(statement, exp.Create):
            verb, table = statement.sql(dialect=dialect).rsplit(" ", 1)
            if verb != "MSCK REPAIR TABLE":
                raise SystemExit(f"not a statement for tables: {verb}")
            repaired.append(table.strip("`"))
            continue
        columns = {column.name: column.kind.sql(dialect="hive") for column in statement.find_all(exp.ColumnDef)}
        keys = statement.find(exp.PartitionedByProperty).this
        location = statement.find(exp.LocationProperty).this.name
        created[statement.this.this.name] = {
            "columns": columns,
            "keys": [key.name for key in keys.expressions],
            "location": location.rstrip("/").rsplit("/", 1)[-1],
        }
    for table in sorted(folder.iterdir()):
        types = {name: names.get(kind, "MAP<STRING, STRING>") for name, kind in schema_of(table).items()}
        types.update({key: "STRING" for key in keys_of(table.name)})
        files[table.name.replace("-", "_")] = {"columns": types, "keys": keys_of(table.name), "location": table.name}
    return {"created": created, "files": files, "repaired": repaired}


def main():
    verb, folder, *arguments = sys.argv[1:]
    folder = pathlib.Path(folder)
    text = pathlib.Path(arguments[-1]).read_text()
    if verb == "read":
        for table in folder.iterdir():
            schema_of(table)
        found = {"duckdb": with_duckdb(folder, text), "polars": with_polars(folder), "datafusion": with_datafusion(folder)}
    else:
        found = statements(folder, arguments[0], text)
    print(json.dumps(found))


if __name__ == "__main__":
    main()

"""Reads the tables of several runs with Apache Spark, and compares them with the resources of the runs.

spark.py <folder> <statements> <run>=<lines>...   the tables, the statements that create them, and what
                                                  `scan export --format ndjson` writes of each shard of each run

Ends with an error unless Spark counts the same resources by run, account and region: from the tables that the
statements create, and from the folders alone.
"""

import collections
import json
import pathlib
import sys
import time

from pyspark.sql import SparkSession

KEYS = ["run", "account", "region"]


def expected(runs):
    counts = collections.Counter()
    for run, path in (argument.rsplit("=", 1) for argument in runs):
        for line in pathlib.Path(path).read_text().splitlines():
            resource = json.loads(line)
            table = f'{resource["service"]}-{resource["kind"]}'
            counts[table, run, resource["account"], resource["region"]] += 1
    return counts


def counted(name, frame):
    return {(name, *row[:3]): row[3] for row in frame.groupBy(*KEYS).count().collect()}


def main():
    folder, statements, *runs = sys.argv[1:]
    wanted = expected(runs)
    names = sorted({key[0] for key in wanted})
    # Without this setting, Spark takes accounts for numbers where it guesses types: in folders.
    spark = (
        SparkSession.builder.master("local[2]")
        .config("spark.ui.enabled", "false")
        .config("spark.sql.sources.partitionColumnTypeInference.enabled", "false")
        .getOrCreate()
    )
    started = time.monotonic()
    for statement in pathlib.Path(statements).read_text().split(";\n"):
        if statement.strip():
            spark.sql(statement)
    of_tables, of_folders = {}, {}
    for name in names:
        of_tables |= counted(name, spark.table(name.replace("-", "_")))
        frame = spark.read.option("mergeSchema", "true").parquet(f"{folder}/{name}")
        of_folders |= counted(name, frame)
        columns = set(spark.table(name.replace("-", "_")).columns)
        if not set(frame.columns) <= columns:
            raise SystemExit(f"{name}: the statements lack {set(frame.columns) - columns}")
    for place, found in (("tables", of_tables), ("folders", of_folders)):
        if found != wanted:
            different = sorted(key for key in wanted.keys() | found.keys() if found.get(key) != wanted.get(key))
            raise SystemExit(f"the {place} of Spark differ from the runs: {different[:5]}")
    accounts = {key[2] for key in wanted}
    print(
        f"Spark {spark.version}: {sum(wanted.values())} resources in {len(names)} tables, {len(runs)} shards, "
        f"{len(accounts)} accounts, {time.monotonic() - started:.0f} s"
    )


if __name__ == "__main__":
    main()

"""The published version beside the file that is looked at, inside one staging connection."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from pathlib import Path

import duckdb

from queries.connection import ROWS_IN_MEMORY, create_from, create_missing, csv_reader, table_definitions
from queries.intake.reading import Base
from queries.versions import DATA, PART, Manifest, Store, table_of

# Who may do what: nothing that a file is checked against, nor may a slip in it stop a file.
WHO_MAY = ("access", "roles")


def open_base(connection: duckdb.DuckDBPyConnection, store: Store, version: int) -> Base:
    """The published version inside the staging connection: base.<table>, private.outcomes, words.<name>."""
    manifest = store.manifest(version)
    for schema in ("base", "private", "words"):
        connection.execute(f"create schema {schema}")
    paths = {name: [path] for name, path in store.verified_paths(manifest).items()}
    for name, rows in manifest.rows.items():
        # What is too large is read where it lies; narrow then takes in the rows that a file is about.
        kind = "view" if rows > ROWS_IN_MEMORY else "table"
        of_table = [path for key in paths if table_of(key) == name for path in paths[key]]
        create_from(connection, kind, f"base.{name}", "read_parquet($path)", of_table)
        if name == "outcomes":
            create_from(
                connection, kind, "private.outcomes", "read_parquet($path)", _hidden_too(store, manifest)
            )
    create_missing(connection, "base", manifest)
    for path in sorted(path for path in DATA.glob("*.csv") if path.stem not in WHO_MAY):
        create_from(connection, "table", f"words.{path.stem}", csv_reader(path), [path])
    return Base(connection, manifest)


def narrow(base: Base, store: Store, municipality_ids: Collection[str]) -> Base:
    """The base with the rows of some municipalities alone, in the tables that are published in parts: whatever is done
    to them from here on leaves the other parts as they are."""
    for table in base.manifest.rows:
        parts = base.manifest.parts(table)
        if not parts:
            continue
        own = {f"{table}{PART}{id}": parts[id] for id in municipality_ids if id in parts}
        some = replace(base.manifest, tables=own)
        public = list(store.verified_paths(replace(some, private={})).values())
        _take_in(base.connection, "base", table, public)
        if table == "outcomes":
            _take_in(base.connection, "private", table, _hidden_too(store, some))
    return replace(base, narrowed_to=tuple(sorted(municipality_ids)))


def _take_in(connection: duckdb.DuckDBPyConnection, schema: str, table: str, paths: Sequence[Path]) -> None:
    views = connection.execute(
        "select count(*) from duckdb_views() where schema_name = $schema and view_name = $table",
        {"schema": schema, "table": table},
    ).fetchall()[0][0]
    kind = "view" if views else "table"
    connection.execute(f"drop {kind} {schema}.{table}")
    statement = table_definitions()[table]
    connection.execute(statement.replace(f"create table {table}", f"create table {schema}.{table}"))
    if paths:
        connection.execute(
            f"insert into {schema}.{table} by name select * from read_parquet($paths, union_by_name = true)",
            {"paths": [str(path) for path in paths]},
        )


def _hidden_too(store: Store, manifest: Manifest) -> list[Path]:
    """The files of outcomes with their hidden values: the public one where nothing is hidden."""
    return [
        store.verified_path(manifest.private[name], "private")
        if name in manifest.private
        else store.verified_path(file)
        for name, file in manifest.tables.items()
        if table_of(name) == "outcomes"
    ]


def published(connection: duckdb.DuckDBPyConnection, table: str) -> str:
    """The relation with a table's rows as they will be published: merged where the file touched it."""
    exists = connection.execute(
        "select count(*) from duckdb_tables() where schema_name = 'merged' and table_name = $table",
        {"table": table},
    ).fetchall()[0][0]
    return f"merged.{table}" if exists else f"base.{table}"

"""The published version beside the file that is looked at, inside one staging connection."""

from __future__ import annotations

from pathlib import Path

import duckdb

from queries.connection import create_missing, csv_reader
from queries.intake.reading import Base
from queries.versions import DATA, Store


def open_base(connection: duckdb.DuckDBPyConnection, store: Store, version: int) -> Base:
    """The published version inside the staging connection: base.<table>, private.outcomes, words.<name>."""
    manifest = store.manifest(version)
    for schema in ("base", "private", "words"):
        connection.execute(f"create schema {schema}")
    for name, table in manifest.tables.items():
        _copy_in(connection, f"base.{name}", store.verified_path(table), "read_parquet($path)")
    create_missing(connection, "base", manifest)
    raw = manifest.private.get("outcomes")
    path = store.verified_path(raw, "private") if raw else store.verified_path(manifest.tables["outcomes"])
    _copy_in(connection, "private.outcomes", path, "read_parquet($path)")
    for path in sorted(DATA.glob("*.csv")):
        _copy_in(connection, f"words.{path.stem}", path, csv_reader(path))
    return Base(connection, manifest)


def _copy_in(connection: duckdb.DuckDBPyConnection, relation: str, path: Path, reader: str) -> None:
    connection.execute(f"create table {relation} as select * from {reader}", {"path": str(path)})

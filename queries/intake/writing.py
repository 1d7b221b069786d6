"""Tables as the immutable Parquet files of a version."""

from __future__ import annotations

import tempfile
from pathlib import Path

import duckdb

from queries.versions import Store, TableFile


def write_table(
    connection: duckdb.DuckDBPyConnection, relation: str, name: str, folder: Path, kind: str = "files"
) -> TableFile:
    """Write a relation's rows as the file of table name into a folder's files or private folder."""
    with tempfile.TemporaryDirectory(dir=folder) as unfinished:
        path = Path(unfinished) / "table.parquet"
        # One row group written by one thread in a fixed order: the same rows give the same bytes.
        connection.execute("set threads = 1")
        connection.execute(
            f"copy (select * from {relation} order by all) to '{path}' (format parquet, compression zstd)"
        )
        rows = connection.execute(f"select count(*) from {relation}").fetchone()
        return Store((folder,)).place(path, name, rows[0] if rows else 0, kind)

"""Tables as the immutable Parquet files of a version."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Mapping
from pathlib import Path

import duckdb

from queries.connection import of_one_municipality
from queries.versions import PART, Store, TableFile

# With more rows than this every municipality has a part of its own, so that no question passes by the others' rows, and
# nobody writes them anew.
ROWS_IN_ONE_FILE = 1_000_000
# What is compared over all lies in the order that it is asked for.
ORDERS = {"comparison_values": "year, indicator_id, gender, municipality_id"}


def write_table(
    connection: duckdb.DuckDBPyConnection,
    relation: str,
    name: str,
    folder: Path,
    kind: str = "files",
    parts: Iterable[str] = (),
) -> dict[str, TableFile]:
    """Write a relation's rows as table name into a folder's files or private folder; its files by their names in a manifest.

    parts: the municipalities that get a part each, also when they have no row; without them the number of rows decides.
    """
    rows = connection.execute(f"select count(*) from {relation}").fetchall()[0][0]
    is_large = rows > ROWS_IN_ONE_FILE
    parts = list(parts)
    if not parts and is_large and name in of_one_municipality():
        found = connection.execute(f"select distinct municipality_id from {relation} order by all").fetchall()
        parts = [whose for (whose,) in found]
    order = ORDERS.get(name, "all") if is_large else "all"
    if not parts:
        return {
            name: _write(connection, f"select * from {relation} order by {order}", {}, name, folder, kind)
        }
    select = f"select * from {relation} where municipality_id = $whose order by {order}"
    return {
        f"{name}{PART}{whose}": _write(connection, select, {"whose": whose}, name, folder, kind)
        for whose in parts
    }


def _write(
    connection: duckdb.DuckDBPyConnection,
    select: str,
    bound: Mapping[str, str],
    name: str,
    folder: Path,
    kind: str,
) -> TableFile:
    with tempfile.TemporaryDirectory(dir=folder) as unfinished:
        path = Path(unfinished) / "table.parquet"
        # Written by one thread in a fixed order: the same rows give the same bytes.
        connection.execute("set threads = 1")
        connection.execute(f"copy ({select}) to '{path}' (format parquet, compression zstd)", bound)
        counted = connection.execute("select count(*) from read_parquet($path)", {"path": str(path)})
        return Store((folder,)).place(path, name, counted.fetchall()[0][0], kind)

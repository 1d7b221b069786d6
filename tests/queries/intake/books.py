"""Files as readers meet them: made of rows written in a test, or opened from a folder."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import duckdb
import pyarrow as pa

from queries.connection import settings
from queries.intake.containers import ReadingLimits, open_book
from queries.intake.sheets import Book, Sheet

Rows = Sequence[Sequence[str]]


def book_of(rows: Rows | Mapping[str, Rows], name: str = "export.csv", sheet: str = "") -> Book:
    """A book with one sheet of these rows, or with a sheet for each name. An empty row keeps its line."""
    sheets = rows if isinstance(rows, Mapping) else {sheet: rows}
    connection = duckdb.connect(":memory:")
    made = [_sheet(connection, f"sheet_{number}", *each) for number, each in enumerate(sheets.items(), 1)]
    return Book(name, name.rsplit(".", 1)[-1], tuple(made))


def rows_of_csv(text: str) -> list[list[str]]:
    """Lines cut at every semicolon: such exports quote nothing."""
    return [line.split(";") for line in text.removeprefix("\ufeff").splitlines()]


def book_of_file(path: Path) -> Book:
    """A file opened as an uploaded one is, within the limits of the settings, in a connection of its own."""
    return open_book(path, path.name, duckdb.connect(":memory:"), ReadingLimits.from_settings(settings()))


def _sheet(connection: duckdb.DuckDBPyConnection, table: str, name: str, rows: Rows) -> Sheet:
    width = max((len(row) for row in rows), default=1)
    padded = [[*row, *[""] * (width - len(row))] for row in rows]
    columns = {
        f"c{place + 1}": pa.array([row[place] or None for row in padded], pa.string())
        for place in range(width)
    }
    connection.register("rows", pa.table({"line": pa.array(range(1, len(rows) + 1), pa.int64()), **columns}))
    connection.execute(f"create table {table} as select * from rows")
    connection.unregister("rows")
    return Sheet(name, table, width, len(rows), connection)

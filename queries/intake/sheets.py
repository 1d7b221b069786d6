"""A file as sheets of text cells, with rows counted as Excel counts them.

Whatever the container was, a reader meets the same thing: a table in the staging connection with the columns
line (the row number that Excel shows), c1, c2 … (text; an empty cell is null). Small files are walked through in
Python; a million rows are only ever touched by SQL.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import duckdb

# Rows that are looked at to find headings: the longest preamble seen is 13 lines.
HEAD = 60
BATCH = 10_000


@dataclass(frozen=True)
class Sheet:
    """One sheet of a workbook, or the only one of a CSV or Parquet file (whose name is empty).

    table is its name in the staging connection, columns how many cells the widest row has, and headings the names
    that a Parquet file gives its columns; other containers have theirs among the rows.
    """

    name: str
    table: str
    columns: int
    rows: int
    connection: duckdb.DuckDBPyConnection
    headings: tuple[str, ...] = ()

    def head(self, count: int = HEAD) -> list[tuple[int, list[str]]]:
        """The first rows: Excel's row number and the cells, '' where empty."""
        found = self.connection.execute(
            f"select * from {self.table} where line <= $last order by line", {"last": count}
        ).fetchall()
        return [(line, [cell or "" for cell in cells]) for line, *cells in found]

    def lines(self) -> Iterator[tuple[int, list[str]]]:
        """Every row, a batch at a time."""
        cursor = self.connection.cursor()
        found = cursor.execute(f"select * from {self.table} order by line")
        while batch := found.fetchmany(BATCH):
            for line, *cells in batch:
                yield line, [cell or "" for cell in cells]


@dataclass(frozen=True)
class Book:
    """A file that has been opened: its name as the analyst knows it (text only, never a path), its container
    ('csv', 'xlsx', 'ods', 'xls', 'parquet', 'json'), its sheets, or the parsed JSON."""

    name: str
    container: str
    sheets: tuple[Sheet, ...] = ()
    document: Any = None

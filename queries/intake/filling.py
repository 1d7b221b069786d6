"""Rows of text cells into a sheet of the staging connection, whatever container they came out of."""

from __future__ import annotations

import datetime as dt
import math
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from itertools import chain, islice, zip_longest

import duckdb
import pyarrow as pa
import pyarrow.compute as pc

from queries.intake.limits import ReadingLimits, thousands
from queries.intake.reading import Finding, Refused
from queries.intake.sheets import HEAD, Sheet

CELLS_AT_A_TIME = 200_000
# What Excel holds in a cell. A longer text is a fault, most often a quotation mark that is never closed.
LONGEST_CELL = 32_767
LONGEST_NAME = 200
MIDNIGHT = dt.time()

# A merged range: its row, first and last column, counted from nought.
Merged = tuple[int, int, int]


def fill(
    connection: duckdb.DuckDBPyConnection,
    number: int,
    name: str,
    rows: Iterable[list[str]],
    limits: ReadingLimits,
) -> Sheet:
    """The sheet of a number, filled with rows from Excel's row 1; a cell that is empty is ''.

    Every row is kept, also one without cells. Raises Refused for too many rows or columns, or too long a cell.
    """
    table = f"sheet_{number}"
    columns = count = 0
    for batch in _batches(rows):
        width = max(map(len, batch))
        _refuse_too_much(name, batch, count, width, limits)
        connection.register("incoming_cells", _cells_of(batch, name, count))
        if count == 0:
            connection.execute(f"create table {table} as select * from incoming_cells")
        else:
            for column in range(columns + 1, width + 1):
                connection.execute(f"alter table {table} add column c{column} text")
            connection.execute(f"insert into {table} by name select * from incoming_cells")
        connection.unregister("incoming_cells")
        columns, count = max(columns, width), count + len(batch)
    return Sheet(name, table, columns, count, connection)


def with_repeated_headings(rows: Iterable[list[str]], merged: Iterable[Merged]) -> Iterator[list[str]]:
    """The same rows; a heading that is merged over several columns stands in each of them.

    Such a heading has nothing above its columns and a heading of their own below each of them. A title, which begins
    the row and is alone in it, is none, and merged cells further down keep their value in the first cell only.
    """
    waiting = iter(rows)
    head = [list(row) for row in islice(waiting, HEAD + 1)]
    # From the bottom up: what is repeated below counts as a heading of the columns for the row above.
    for row, first, last in sorted(merged, reverse=True):
        if row + 1 < len(head) and _is_heading(head, row, first, last):
            padding = [""] * (last + 1 - len(head[row]))
            head[row] += padding
            head[row][first : last + 1] = [head[row][first]] * (last + 1 - first)
    return chain(head, waiting)


def shown(value: object) -> str:
    """A spreadsheet's value as text: whole numbers without decimals, others in their shortest form with a point,
    dates as ISO, truth values as Excel shows them in Swedish."""
    if isinstance(value, str):
        return unicodedata.normalize("NFC", value.replace("\r\n", "\n").replace("\r", "\n"))
    if isinstance(value, bool):
        return "SANT" if value else "FALSKT"
    if isinstance(value, (int, float)):
        return _shown_number(value)
    if isinstance(value, dt.datetime):
        return str(value.date()) if value.time() == MIDNIGHT else value.isoformat(" ")
    if isinstance(value, dt.timedelta):
        minutes, seconds = divmod(int(value.total_seconds()), 60)
        return f"{minutes // 60:02}:{minutes % 60:02}:{seconds:02}"
    return str(value)


def visible(name: str) -> str:
    """A name of a file or a column as one short line of visible characters: nothing in it can turn the text around
    it."""
    letters = "".join(letter for letter in name if unicodedata.category(letter)[0] != "C")
    plain = unicodedata.normalize("NFC", " ".join(letters.split())) or "namnlös"
    return plain if len(plain) <= LONGEST_NAME else f"{plain[: LONGEST_NAME - 1]}…"


def _shown_number(value: float) -> str:
    if not math.isfinite(value):
        return str(value)
    if value == int(value):
        return str(int(value))
    shortest = repr(value)
    return format(Decimal(shortest), "f") if "e" in shortest else shortest


def filled_width(row: Sequence[str]) -> int:
    """How many cells a row has up to its last filled one."""
    width = len(row)
    while width and not row[width - 1]:
        width -= 1
    return width


def _is_heading(head: list[list[str]], row: int, first: int, last: int) -> bool:
    filled = [column for column, cell in enumerate(head[row]) if cell]
    if filled == [0]:
        return False
    columns = range(first, last + 1)
    is_free_above = not any(_cell(above, column) for above in head[:row] for column in columns[1:])
    return is_free_above and all(_cell(head[row + 1], column) for column in columns)


def _cell(row: list[str], column: int) -> str:
    return row[column] if column < len(row) else ""


def _batches(rows: Iterable[list[str]]) -> Iterator[list[list[str]]]:
    """Rows in portions of bounded size, without the empty cells at their ends."""
    batch: list[list[str]] = []
    cells = 0
    for row in rows:
        batch.append(row[: filled_width(row)])
        cells += len(row) + 1
        if cells >= CELLS_AT_A_TIME:
            yield batch
            batch, cells = [], 0
    if batch:
        yield batch


def _refuse_too_much(
    name: str, batch: list[list[str]], before: int, width: int, limits: ReadingLimits
) -> None:
    if before + len(batch) > limits.rows:
        raise Refused(too_many_rows(limits, name))
    if width > limits.columns:
        place = next(place for place, row in enumerate(batch) if len(row) > limits.columns)
        sentence = (
            f"Raden har {thousands(len(batch[place]))} celler. Högst {thousands(limits.columns)} kolumner kan läsas: "
            "dela upp tabellen, eller ta bort de kolumner som inte behövs."
        )
        raise Refused(Finding("error", "too_many_columns", sentence, sheet=name, line=before + place + 1))


def too_many_rows(limits: ReadingLimits, sheet: str = "") -> Finding:
    """What is said of a sheet with more rows than may be read."""
    sentence = f"Tabellen har fler än {thousands(limits.rows)} rader. Dela upp den i flera filer och ladda upp en i taget."
    return Finding("error", "too_many_rows", sentence, sheet=sheet, line=limits.rows + 1)


def _cells_of(batch: list[list[str]], name: str, before: int) -> pa.Table:
    columns = {"line": pa.array(range(before + 1, before + len(batch) + 1), pa.int64())}
    for number, cells in enumerate(zip_longest(*batch, fillvalue=""), 1):
        column = pa.array([cell or None for cell in cells], pa.string())
        lengths = pc.utf8_length(column)
        longest = pc.max(lengths)
        if (longest.as_py() or 0) > LONGEST_CELL:
            raise Refused(_too_long(name, before + 1 + pc.index(lengths, longest).as_py()))
        columns[f"c{number}"] = column
    return pa.table(columns)


def _too_long(name: str, line: int) -> Finding:
    sentence = (
        f"En cell på raden har fler än {thousands(LONGEST_CELL)} tecken, vilket är mer än Excel rymmer. "
        "Korta texten, eller leta efter ett citattecken som aldrig avslutas."
    )
    return Finding("error", "cell_too_long", sentence, sheet=name, line=line)

"""Clean text with separators as a sheet.

The separator is the one that parts most rows alike. Skolverket's exports have prose with quotation marks around a
table without any, so a quotation mark counts as one only where it is closed again. A row that is broken is named.
"""

from __future__ import annotations

import csv
import re
from collections import Counter, deque
from collections.abc import Iterable, Iterator
from itertools import count, islice
from typing import NamedTuple

import duckdb

from queries.connection import sql_text
from queries.intake.filling import LONGEST_CELL, fill, filled_width, too_many_rows
from queries.intake.limits import ReadingLimits
from queries.intake.plain_text import PlainText
from queries.intake.reading import Finding, Refused
from queries.intake.row_widths import SEPARATORS, RowWidths
from queries.intake.sheets import Sheet

# Lines by which the separator is chosen.
SAMPLE = 1_000
EXCEL_SEPARATOR = re.compile(r'"?sep=([\t;|,])"?[\t;|, ]*\n?$', re.IGNORECASE)


def table_of_text(
    text: PlainText, connection: duckdb.DuckDBPyConnection, limits: ReadingLimits
) -> tuple[Sheet, ...]:
    """The text as sheet_1, a record a row: a line, or more where a quoted cell holds line breaks.

    Raises Refused for a quotation mark that is never closed, and for a row of the table that has more or fewer cells
    than the rows around it.
    """
    separator, is_told = _separator(text)
    first = next(text.lines())
    columns = first.count(separator) + 1
    is_regular = not (is_told or text.has_quotes or text.has_blank_lines) and 1 < columns <= limits.columns
    if text.path and is_regular:
        if text.line_count > limits.rows:
            raise Refused(too_many_rows(limits))
        try:
            sheet = _read_at_once(text, separator, columns, connection)
            # DuckDB passes over a separator too many at the end of a row.
            if text.count(separator) == sheet.rows * (columns - 1):
                return (sheet,)
        except duckdb.InvalidInputException:
            # Some row has another number of cells; below it is either understood or named in Swedish.
            pass
        connection.execute("drop table if exists sheet_1")
    widths = RowWidths(separator)
    rows = widths.of(records(text.lines(), separator))
    sheet = fill(connection, 1, "", _without_first(rows) if is_told else rows, limits)
    if (odd := widths.odd_row()) is not None:
        raise Refused(odd)
    return (sheet,)


def _without_first(rows: Iterator[list[str]]) -> Iterator[list[str]]:
    """The line sep=; is Excel's, not the table's: its row stays, empty."""
    next(rows)
    yield []
    yield from rows


def _read_at_once(
    text: PlainText, separator: str, columns: int, connection: duckdb.DuckDBPyConnection
) -> Sheet:
    names = {f"c{number}": "varchar" for number in range(1, columns + 1)}
    given = {"path": str(text.path), "separator": separator, "columns": names, "longest": LONGEST_CELL}
    connection.execute(f"create table sheet_1 as {sql_text('intake/regular_text')}", given)
    ((*filled, rows),) = connection.execute(
        "select count(columns(* exclude line)), count(*) from sheet_1"
    ).fetchall()
    width = filled_width(filled)
    for number in range(width + 1, columns + 1):
        connection.execute(f"alter table sheet_1 drop column c{number}")
    return Sheet("", "sheet_1", width, rows, connection)


def _separator(text: PlainText) -> tuple[str, bool]:
    """The separator, and whether the file itself tells it in a first line for Excel."""
    sample = list(islice(text.lines(), SAMPLE))
    if told := EXCEL_SEPARATOR.match(sample[0]):
        return told[1], True
    for lines in ([_without_prose(line) for line in sample], sample):
        parted = {each: _lines_alike(lines if each == "," else sample, each) for each in SEPARATORS}
        best = max(parted, key=parted.__getitem__)
        other = max("\t;|", key=parted.__getitem__)
        # Decimal commas part the rows of a table alike, too, and better than its separator where a row is broken; but
        # they hardly part its headings.
        is_early = parted[other].before >= parted[","].before
        if best == "," and is_early and 2 * parted[other].count >= parted[best].count:
            best = other
        if parted[best].count:
            return best, False
    return ";", False


def _without_prose(line: str) -> str:
    """A comma with a blank after it is one of prose, unless nothing else parts the rows."""
    return line if '"' in line else line.replace(", ", " ")


class _Alike(NamedTuple):
    """How many lines a separator parts into the most common number of cells, two or more, and, counted below nought,
    how many come before the first of them."""

    count: int
    before: int


def _lines_alike(sample: list[str], separator: str) -> _Alike:
    counts: Counter[int] = Counter()
    before: dict[int, int] = {}
    line = 0
    for cells in records(sample, separator, is_sample=True):
        # A record of several lines counts as many: else the lines inside a quoted text would outvote it.
        lines = 1 + sum(cell.count("\n") for cell in cells)
        if len(cells) > 1:
            counts[len(cells)] += lines
            before.setdefault(len(cells), -line)
        line += lines
    return max((_Alike(counts[width], before[width]) for width in counts), default=_Alike(0, -line))


class _Lines:
    """Lines that can be put back: taken are those of the record that is being read."""

    def __init__(self, lines: Iterable[str]) -> None:
        self._lines = iter(lines)
        self._back: deque[str] = deque()
        self.taken: list[str] = []
        self.is_over = False

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = self._back.popleft() if self._back else next(self._lines, None)
        if line is None:
            self.is_over = True
            raise StopIteration
        self.taken.append(line)
        return line

    def put_back_all_but_first(self) -> None:
        self._back.extendleft(reversed(self.taken[1:]))


def records(lines: Iterable[str], separator: str, is_sample: bool = False) -> Iterator[list[str]]:
    """The cells of each record. Raises Refused, with the record's number, for a quotation mark never closed, unless
    the lines are but a sample."""
    waiting = _Lines(lines)
    reader = csv.reader(waiting, delimiter=separator, strict=True)
    for number in count(1):
        waiting.taken.clear()
        try:
            yield next(reader)
        except StopIteration:
            return
        except csv.Error:
            yield _with_literal_quotes(waiting, separator, number, is_sample)
            reader = csv.reader(waiting, delimiter=separator, strict=True)


def _with_literal_quotes(waiting: _Lines, separator: str, number: int, is_sample: bool) -> list[str]:
    """”Så” sade hon;5: the quotation marks belong to the text, and so does one that opens a line of prose."""
    line = waiting.taken[0]
    is_closed = len(waiting.taken) == 1 and not waiting.is_over
    if is_closed or is_sample or separator not in line:
        waiting.put_back_all_but_first()
        waiting.is_over = False
        return line.removesuffix("\n").split(separator)
    sentence = (
        "Ett citattecken inleder en cell men avslutas aldrig, så resten av filen blir en enda cell. "
        "Ta bort citattecknet eller sätt ett i slutet av cellen."
    )
    raise Refused(Finding("error", "open_quote", sentence, line=number))

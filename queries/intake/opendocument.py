"""OpenDocument spreadsheets (.ods of LibreOffice), read from their XML.

The format says how often a cell or a row is repeated, so a few lines can stand for a million cells: repeats count
against the limits before they are laid out.
"""

from __future__ import annotations

import datetime as dt
import re
import zipfile
from xml.parsers import expat

import duckdb

from queries.intake import packages
from queries.intake.filling import Merged, fill, shown, with_repeated_headings
from queries.intake.limits import ReadingLimits, thousands
from queries.intake.reading import Finding, Refused
from queries.intake.sheets import Sheet

MIMETYPE = b"application/vnd.oasis.opendocument.spreadsheet"
TIME = re.compile(r"PT(\d+)H(\d+)M(\d+)(?:[.,]\d+)?S")
CELLS = ("table:table-cell", "table:covered-table-cell")
# What lies on top of a cell and is no text of it.
ON_TOP = ("office:annotation", "draw:frame", "draw:custom-shape", "draw:g")


def sheets_of_ods(
    package: zipfile.ZipFile, connection: duckdb.DuckDBPyConnection, limits: ReadingLimits
) -> tuple[Sheet, ...]:
    """Every filled sheet, hidden ones too. Raises Refused."""
    if b"encryption-data" in package.read("META-INF/manifest.xml"):
        raise Refused(packages.protected())
    tables: list[_Table] = []
    packages.walk(package, "content.xml", lambda parser: _Walk(parser, tables, limits))
    filled = [table for table in tables if table.rows]
    return tuple(
        fill(connection, number, table.name, with_repeated_headings(table.rows, table.merged), limits)
        for number, table in enumerate(filled, 1)
    )


class _Table:
    def __init__(self, name: str) -> None:
        self.name = name
        self.rows: list[list[str]] = []
        self.merged: list[Merged] = []
        self.empty_rows = 0
        self.cells = 0


class _Walk:
    """Handlers that gather the tables of content.xml."""

    def __init__(self, parser: expat.XMLParserType, tables: list[_Table], limits: ReadingLimits) -> None:
        self.tables = tables
        self.limits = limits
        self.row: list[str] = []
        self.empty_cells = 0
        self.about: dict[str, str] = {}
        self.row_repeats = 1
        self.paragraphs: list[str] = []
        self.is_text = False
        self.on_top = self.inside = 0
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._text

    def _start(self, name: str, about: dict[str, str]) -> None:
        if name in ON_TOP:
            self.on_top += 1
        elif self.on_top:
            return
        elif name == "table:table":
            if self.inside:
                raise ValueError("A table inside a table.")
            self.inside += 1
            self.tables.append(_Table(about.get("table:name", "")))
        elif name == "table:table-row":
            self.row, self.empty_cells = [], 0
            self.row_repeats = int(about.get("table:number-rows-repeated", 1))
        elif name in CELLS:
            self.about, self.paragraphs = about, []
        elif name == "text:p":
            self.paragraphs.append("")
            self.is_text = True
        elif name == "text:s":
            self._text(" " * min(int(about.get("text:c", 1)), 100))
        elif name in ("text:tab", "text:line-break"):
            self._text("\t" if name == "text:tab" else "\n")

    def _text(self, text: str) -> None:
        if self.is_text and not self.on_top and self.paragraphs:
            self.paragraphs[-1] += text

    def _end(self, name: str) -> None:
        if name in ON_TOP:
            self.on_top -= 1
        elif self.on_top:
            return
        elif name == "text:p":
            self.is_text = False
        elif name == "table:table":
            self.inside -= 1
        # Cells that were deleted while changes were tracked stand outside every table.
        elif self.inside and name in CELLS:
            self._end_cell(name)
        elif self.inside and name == "table:table-row":
            self._end_row(self.tables[-1])

    def _end_cell(self, name: str) -> None:
        repeats = int(self.about.get("table:number-columns-repeated", 1))
        text = "" if name == "table:covered-table-cell" else self._value()
        if not text:
            self.empty_cells += repeats
            return
        first = len(self.row) + self.empty_cells
        self._refuse_too_far(self._row_number(), first + repeats)
        self.row += [*[""] * self.empty_cells, *[text] * repeats]
        self.empty_cells = 0
        spanned = int(self.about.get("table:number-columns-spanned", 1))
        if spanned > 1:
            self.tables[-1].merged.append(
                (self._row_number() - 1, first, min(first + spanned, self.limits.columns) - 1)
            )

    def _value(self) -> str:
        about, text = self.about, "\n".join(self.paragraphs)
        kind = about.get("office:value-type")
        if kind is None and "table:formula" in about and not text:
            raise Refused(self._uncalculated())
        if kind in ("float", "percentage", "currency"):
            return shown(float(about["office:value"]))
        if kind == "date":
            day, _, time = about["office:date-value"].partition("T")
            return day if not time.strip("0:.,") else f"{day} {time}"
        if kind == "time" and (time := TIME.match(about["office:time-value"])):
            return shown(dt.timedelta(hours=int(time[1]), minutes=int(time[2]), seconds=int(time[3])))
        if kind == "boolean":
            return shown(about["office:boolean-value"] == "true")
        return shown(text or about.get("office:string-value", ""))

    def _end_row(self, table: _Table) -> None:
        if not self.row:
            table.empty_rows += self.row_repeats
            return
        last = self._row_number() + self.row_repeats - 1
        self._refuse_too_far(last, len(self.row))
        table.cells += len(self.row) * self.row_repeats
        if table.cells > self.limits.cells:
            raise Refused(self._too_many_cells())
        table.rows += [[] for _ in range(table.empty_rows)] + [self.row] * self.row_repeats
        table.empty_rows = 0
        self.row = []

    def _row_number(self) -> int:
        table = self.tables[-1]
        return len(table.rows) + table.empty_rows + 1

    def _refuse_too_far(self, row: int, column: int) -> None:
        if row > self.limits.rows or column > self.limits.columns:
            sentence = (
                f"Kalkylbladet sträcker sig till rad {thousands(row)} och kolumn {thousands(column)}. Högst "
                f"{thousands(self.limits.rows)} rader och {thousands(self.limits.columns)} kolumner kan läsas. "
                "Ta bort det som står långt utanför tabellen."
            )
            raise Refused(Finding("error", "too_far", sentence, sheet=self.tables[-1].name, line=row))

    def _too_many_cells(self) -> Finding:
        sentence = f"Kalkylbladet har fler än {thousands(self.limits.cells)} ifyllda celler. Dela upp det i flera filer."
        return Finding("error", "too_far", sentence, sheet=self.tables[-1].name)

    def _uncalculated(self) -> Finding:
        sentence = (
            "En formel på raden saknar uträknat värde. Öppna filen i LibreOffice eller Excel, spara den så att formlerna "
            "räknas ut, och ladda upp den igen."
        )
        return Finding(
            "error", "formula_without_value", sentence, sheet=self.tables[-1].name, line=self._row_number()
        )

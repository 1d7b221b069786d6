"""Excel workbooks, read with calamine.

calamine lays a sheet out in memory as a full rectangle, leaves a cell empty that holds an error, and gives nothing
for a formula that was never worked out. So the XML is walked through first: how far the sheet goes, which cells hold
errors, and which formulas have no result.
"""

from __future__ import annotations

import posixpath
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from xml.etree import ElementTree
from xml.parsers import expat

import duckdb
from python_calamine import CalamineSheet, CalamineWorkbook, PasswordError, SheetTypeEnum
from xlsxwriter.utility import xl_col_to_name

from queries.intake import old_workbooks, packages
from queries.intake.filling import fill, shown, with_repeated_headings
from queries.intake.limits import ReadingLimits, thousands
from queries.intake.reading import Finding, Refused
from queries.intake.sheets import Sheet

CELLS_NAMED = 10

# Row and column from nought → the error that the cell shows.
Errors = Mapping[tuple[int, int], str]


@dataclass
class Survey:
    """What the XML of one sheet tells: last filled row and column (from one), errors, and formulas without a result.

    noughts are formulas whose stored result is 0, which is also what programs write that cannot calculate.
    """

    rows: int = 0
    columns: int = 0
    errors: dict[tuple[int, int], str] = field(default_factory=dict)
    uncalculated: list[str] = field(default_factory=list)
    noughts: list[str] = field(default_factory=list)


def sheets_of_xlsx(
    path: Path, package: zipfile.ZipFile, connection: duckdb.DuckDBPyConnection, limits: ReadingLimits
) -> tuple[Sheet, ...]:
    """Every filled sheet of an .xlsx or .xlsm file, hidden ones too. Raises Refused."""
    surveys = {
        part: _survey(package, part, limits)
        for part in package.namelist()
        if part.startswith("xl/") and part.endswith((".xml", ".rels"))
    }
    is_uncalculated, parts = _workbook(package)
    found = [surveys[part] for part in parts]
    return _sheets(path, found, is_uncalculated, connection, limits)


def sheets_of_xls(
    path: Path, connection: duckdb.DuckDBPyConnection, limits: ReadingLimits
) -> tuple[Sheet, ...]:
    """Every filled sheet of an .xls file of Excel 5 to 2003. Raises Refused."""
    try:
        found = [Survey(errors=errors) for errors in old_workbooks.errors_by_sheet(path)]
    except (IndexError, ValueError) as error:
        raise Refused(_damaged()) from error
    return _sheets(path, found, False, connection, limits)


def _sheets(
    path: Path,
    surveys: list[Survey],
    is_uncalculated: bool,
    connection: duckdb.DuckDBPyConnection,
    limits: ReadingLimits,
) -> tuple[Sheet, ...]:
    sheets: list[Sheet] = []
    try:
        with CalamineWorkbook.from_path(path) as workbook:
            for place, about in enumerate(workbook.sheets_metadata):
                if about.typ != SheetTypeEnum.WorkSheet:
                    continue
                _refuse_uncalculated(about.name, surveys[place], is_uncalculated)
                sheet = workbook.get_sheet_by_index(place)
                rows = _rows(sheet, surveys[place].errors)
                if sheet.start is not None:
                    sheets.append(fill(connection, len(sheets) + 1, about.name, rows, limits))
    except PasswordError as error:
        raise Refused(packages.protected()) from error
    except BaseException as error:
        # calamine panics over some damaged files, with an exception that is no Exception.
        if isinstance(error, (Refused, KeyboardInterrupt, SystemExit, MemoryError, duckdb.Error)):
            raise
        raise Refused(_damaged()) from error
    return tuple(sheets)


def _rows(sheet: CalamineSheet, errors: Errors) -> Iterator[list[str]]:
    merged = [
        (top, left, right) for (top, left), (_, right) in sheet.merged_cell_ranges or [] if right > left
    ]
    return with_repeated_headings(_cells(sheet, errors), merged)


def _cells(sheet: CalamineSheet, errors: Errors) -> Iterator[list[str]]:
    # calamine gives the rows from the first of the sheet on, but the columns from the first filled one.
    margin = [""] * (sheet.start[1] if sheet.start else 0)
    with_errors = {row for row, _ in errors}
    for number, values in enumerate(sheet.iter_rows()):
        row = [*margin, *map(shown, values)]
        if number in with_errors:
            row = [errors.get((number, column), cell) for column, cell in enumerate(row)]
        yield row


def _workbook(package: zipfile.ZipFile) -> tuple[bool, list[str]]:
    """Whether the program that saved the workbook left the calculating to others, and the part of each sheet."""
    relations = ElementTree.fromstring(package.read("xl/_rels/workbook.xml.rels"))
    targets = {
        each.get("Id"): posixpath.normpath(posixpath.join("/xl", each.get("Target", "")))
        for each in relations
    }
    parts, is_uncalculated = [], False
    for element in ElementTree.fromstring(package.read("xl/workbook.xml")).iter():
        about = {name.rpartition("}")[2]: value for name, value in element.items()}
        name = element.tag.rpartition("}")[2]
        if name == "sheet":
            parts.append(targets.get(about.get("id"), "").removeprefix("/"))
        elif name == "calcPr":
            is_uncalculated = about.get("fullCalcOnLoad") in ("1", "true")
    return is_uncalculated, parts


def _survey(package: zipfile.ZipFile, part: str, limits: ReadingLimits) -> Survey:
    survey = Survey()
    packages.walk(package, part, partial(_Walk, survey, limits))
    if survey.rows * survey.columns > limits.cells:
        raise Refused(_too_far(survey.rows, survey.columns, limits))
    return survey


class _Walk:
    """Handlers for the XML of a sheet, called several times a cell. Parts without sheetData go by untouched."""

    def __init__(self, survey: Survey, limits: ReadingLimits, parser: expat.XMLParserType) -> None:
        self.survey = survey
        self.limits = limits
        self.parser = parser
        self.row = self.column = 0
        self.columns: dict[str, int] = {}
        self.kind: str | None = None
        self.is_formula = False
        self.text = ""
        parser.StartElementHandler = self._before_data

    def _before_data(self, name: str, about: dict[str, str]) -> None:
        if name.rpartition(":")[2] == "sheetData":
            prefix = name.removesuffix("sheetData")
            self.data, self.row_name, self.cell_name = name, f"{prefix}row", f"{prefix}c"
            self.formula, self.values = f"{prefix}f", (f"{prefix}v", f"{prefix}is")
            self.parser.StartElementHandler = self._start
            self.parser.EndElementHandler = self._end
            self.parser.CharacterDataHandler = self._text

    def _start(self, name: str, about: dict[str, str]) -> None:
        if name == self.cell_name:
            self.text, self.kind, self.is_formula = "", about.get("t"), False
            reference = about.get("r")
            if reference is None:
                self.column += 1
            else:
                letters = reference.rstrip("0123456789")
                self.row = int(reference[len(letters) :])
                self.column = self.columns.get(letters) or self._learn(letters)
        elif name in self.values:
            # What came before was the text of the formula.
            self.text = ""
        elif name == self.formula:
            self.is_formula = True
        elif name == self.row_name:
            self.row, self.column = int(about.get("r", self.row + 1)), 0
            if self.row > self.limits.rows:
                raise Refused(_too_far(self.row, 1, self.limits))

    def _learn(self, letters: str) -> int:
        self.columns[letters] = _column_number(letters)
        return self.columns[letters]

    def _text(self, text: str) -> None:
        self.text += text

    def _end(self, name: str) -> None:
        if name == self.cell_name:
            # Some programs put every tag on a line of its own.
            self.text = self.text.strip()
            if self.is_formula:
                self._end_formula()
            if self.text:
                self._end_filled()
        elif name == self.formula:
            self.text = ""
        elif name == self.data:
            self.parser.StartElementHandler = None
            self.parser.EndElementHandler = None
            self.parser.CharacterDataHandler = None

    def _end_filled(self) -> None:
        row, column, survey = self.row, self.column, self.survey
        if row > survey.rows:
            survey.rows = row
        if column > survey.columns:
            survey.columns = column
        if row > self.limits.rows or column > self.limits.columns:
            raise Refused(_too_far(row, column, self.limits))
        if self.kind == "e":
            survey.errors[row - 1, column - 1] = self.text

    def _end_formula(self) -> None:
        # A formula may well give an empty text, and then says that its result is text.
        if self.kind != "str" and self.text in ("", "0"):
            cells = self.survey.noughts if self.text else self.survey.uncalculated
            cells.append(f"{xl_col_to_name(self.column - 1)}{self.row}")


def _column_number(letters: str) -> int:
    """A → 1, Z → 26, AA → 27. Raises ValueError for what is no name of a column."""
    number = 0
    for letter in letters:
        number = number * 26 + "ABCDEFGHIJKLMNOPQRSTUVWXYZ".index(letter.upper()) + 1
    return number


def _refuse_uncalculated(sheet: str, survey: Survey, is_uncalculated: bool) -> None:
    cells = survey.uncalculated + (survey.noughts if is_uncalculated else [])
    if not cells:
        return
    more = f" och {len(cells) - CELLS_NAMED} till" if len(cells) > CELLS_NAMED else ""
    named = f"{', '.join(cells[:CELLS_NAMED])}{more}"
    sentence = (
        f"Formler saknar uträknat värde i {named}. "
        "Öppna filen i Excel, spara den så att formlerna räknas ut, och ladda upp den igen."
    )
    line = int(cells[0].lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ"))
    column = cells[0].rstrip("0123456789")
    raise Refused(Finding("error", "formula_without_value", sentence, sheet=sheet, line=line, column=column))


def _too_far(row: int, column: int, limits: ReadingLimits) -> Finding:
    sentence = (
        f"Kalkylbladet sträcker sig ända till cell {xl_col_to_name(column - 1)}{row}. "
        f"Högst {thousands(limits.rows)} rader, {thousands(limits.columns)} kolumner och "
        f"{thousands(limits.cells)} celler kan läsas. Ta bort det som står långt utanför tabellen."
    )
    return Finding("error", "too_far", sentence, line=row, column=xl_col_to_name(column - 1))


def _damaged() -> Finding:
    sentence = f"Arbetsboken är skadad och kan inte läsas. {packages.EXPORT_ANEW}"
    return Finding("error", "damaged", sentence)

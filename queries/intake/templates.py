"""Our own templates: one per table, with Swedish headings, an example row and what each column must hold.

data/templates.csv says what a column is called and data/template_words.csv which Swedish words stand for codes;
columns and their types follow queries/sql/tables.sql. A template filled with published rows is read back as the
same rows (queries/intake/readers/templates.py).
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import pandas as pd
import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from queries.intake.model import tables
from queries.versions import DATA

# Worked out from comparison_values at publication.
WORKED_OUT = ("comparison_distributions",)
# An empty cell says that the value holds in these two.
EMPTY_MEANS_VALUE = ("marker", "status")
# The sheet that explains the others; it is never read.
EXPLANATION = "Förklaring"
EXAMPLE_IS_SKIPPED = (
    "Rad 2 på varje blad är ett exempel. Den hoppas över när filen lämnas in, så länge den är oförändrad."
)
ANY_ORDER = "Kolumnerna får stå i vilken ordning som helst. De som inte måste fyllas i får tas bort."
# What a text begins with that a spreadsheet runs as a formula; also a pattern in SQL.
RUN_AS_FORMULA = r"[=+\-@＝＋－＠\t\r\n]"
# Such a text gets an apostrophe in CSV. One that has apostrophes there already gets one more, so that the reader, which
# takes one away, always finds the text as it was.
FORMULA = re.compile(f"'*{RUN_AS_FORMULA}")
# A cell of a workbook knows that it is text and needs no apostrophe, but the reader would take away its own.
APOSTROPHE = re.compile(f"'+{RUN_AS_FORMULA}")


@dataclass(frozen=True)
class Column:
    """One column of a template: its name in the data model, its heading and what its cells hold.

    kind is the type in the data model; is_required: the file must have the column. codes: the codes that Swedish
    words stand for, each with its words, of which the first is the one that is written.
    """

    name: str
    heading: str
    example: str
    expected: str
    kind: str
    is_required: bool
    codes: Mapping[str, Sequence[str]]


@dataclass(frozen=True)
class Template:
    """The template of one table. title is the name of its sheet, and of the template on screen."""

    table: str
    title: str
    columns: tuple[Column, ...]


def template_tables() -> list[Template]:
    """Every template, in the order of queries/sql/tables.sql, as data/templates.csv says it now."""
    words = _words()
    rows: dict[str, list[dict[str, str]]] = {}
    for row in _rows("templates"):
        rows.setdefault(row["table"], []).append(row)
    return [
        Template(table, rows[table][0]["sheet_title"], tuple(_column(row, words) for row in rows[table]))
        for table in tables()
        if table not in WORKED_OUT
    ]


def template_of(table: str) -> Template:
    """The template of one table. Raises KeyError when it has none."""
    return {template.table: template for template in template_tables()}[table]


def plain(text: str) -> str:
    """A heading or a word as it is compared: without regard to capitals and to how many blanks there are."""
    return " ".join(text.split()).casefold()


def template_csv(table: str) -> bytes:
    """The empty template: headings and the example row. UTF-8 with BOM, semicolons, CRLF."""
    template = template_of(table)
    return _csv(template, [_example(template)])


def template_xlsx(table: str | None = None) -> bytes:
    """The empty template as a workbook, or all of them in one, and a last sheet that explains the columns."""
    templates = [template_of(table)] if table else template_tables()
    examples = [[_example(template)] for template in templates]
    return _xlsx(templates, examples, (EXAMPLE_IS_SKIPPED, ANY_ORDER))


def filled_csv(rows: pd.DataFrame, table: str) -> bytes:
    """The rows of a published table in its template, to be corrected and uploaded again."""
    template = template_of(table)
    return _csv(template, _filled(template, rows, FORMULA))


def filled_xlsx(rows: pd.DataFrame, table: str) -> bytes:
    """The same as a workbook. Raises ValueError when a text or the number of rows is more than Excel can hold."""
    template = template_of(table)
    return _xlsx([template], [_filled(template, rows, APOSTROPHE)], (ANY_ORDER,))


def _rows(name: str) -> list[dict[str, str]]:
    text = (DATA / f"{name}.csv").read_text(encoding="utf-8-sig")
    # Swedish Excel saves with semicolons what it opened with commas.
    separator = ";" if ";" in text.partition("\n")[0] else ","
    return list(csv.DictReader(io.StringIO(text, newline=""), delimiter=separator))


def _words() -> dict[str, dict[str, list[str]]]:
    """Domain → code → its words, in the order of the file."""
    words: dict[str, dict[str, list[str]]] = {}
    for row in _rows("template_words"):
        words.setdefault(row["domain"], {}).setdefault(row["code"], []).append(row["word"])
    return words


def _column(row: Mapping[str, str], words: Mapping[str, Mapping[str, Sequence[str]]]) -> Column:
    table, name = row["table"], row["column"]
    column = tables()[table].columns[name]
    # Where no source is named the upload is the source, except in the register of sources itself.
    may_be_empty = name in EMPTY_MEANS_VALUE or (name == "source_id" and table != "sources")
    return Column(
        name=name,
        heading=row["heading"],
        example=row["example"],
        expected=row["expected"],
        kind=column.kind,
        is_required=column.is_required and not may_be_empty,
        codes=words.get(f"{table}.{name}") or words.get(name) or words.get(column.kind, {}),
    )


def _example(template: Template) -> list[str]:
    return [column.example for column in template.columns]


def _filled(template: Template, rows: pd.DataFrame, risky: re.Pattern[str]) -> Iterator[tuple[str, ...]]:
    columns = [[_cell(value, column, risky) for value in rows[column.name]] for column in template.columns]
    return zip(*columns, strict=True)


def _cell(value: Any, column: Column, risky: re.Pattern[str]) -> str:
    if pd.isna(value):
        return ""
    if column.kind == "date":
        return pd.Timestamp(value).date().isoformat()
    if column.kind == "double":
        return _number(value)
    if column.kind == "integer":
        return str(int(value))
    text = str(value).lower() if column.kind == "boolean" else str(value)
    if column.codes:
        return column.codes.get(text, (text,))[0]
    return f"'{text}" if risky.match(text) else text


def _number(value: float) -> str:
    # The fewest digits that give the same number back, and never an exponent.
    return format(Decimal(repr(float(value))), "f").removesuffix(".0").replace(".", ",")


def _csv(template: Template, rows: Iterable[Sequence[str]]) -> bytes:
    written = io.StringIO()
    writer = csv.writer(written, delimiter=";", lineterminator="\r\n")
    writer.writerow([column.heading for column in template.columns])
    writer.writerows(rows)
    return ("\ufeff" + written.getvalue()).encode("utf-8")


def _xlsx(
    templates: Sequence[Template], tables_of_rows: Sequence[Iterable[Sequence[str]]], about: Sequence[str]
) -> bytes:
    written = io.BytesIO()
    with xlsxwriter.Workbook(written, {"in_memory": True}) as book:
        # Cells that Excel takes for text keep the zero of 0125, also those that somebody fills in.
        text = book.add_format({"num_format": "@", "valign": "top"})
        bold = book.add_format({"num_format": "@", "valign": "top", "bold": True, "text_wrap": True})
        for template, rows in zip(templates, tables_of_rows, strict=True):
            sheet = book.add_worksheet(template.title)
            _write(sheet, 0, [column.heading for column in template.columns], bold)
            for line, cells in enumerate(rows, 1):
                _write(sheet, line, cells, text)
            sheet.set_column(0, len(template.columns) - 1, 24, text)
            sheet.freeze_panes(1, 0)
            # No green corners on numbers kept as text.
            sheet.ignore_errors({"number_stored_as_text": "A1:XFD1048576"})
        _explain(book, templates, about, text, bold)
    return written.getvalue()


def _explain(
    book: xlsxwriter.Workbook, templates: Sequence[Template], about: Sequence[str], text: Format, bold: Format
) -> None:
    sheet = book.add_worksheet(EXPLANATION)
    for line, sentence in enumerate(about):
        _write(sheet, line, [sentence], text)
    headings = ["Blad", "Kolumn", "Måste finnas", "Vad som väntas", "Exempel"]
    _write(sheet, len(about) + 1, headings, bold)
    columns = [(template, column) for template in templates for column in template.columns]
    for line, (template, column) in enumerate(columns, len(about) + 2):
        is_required = "ja" if column.is_required else "nej"
        cells = [template.title, column.heading, is_required, column.expected, column.example]
        _write(sheet, line, cells, text)
    for place, width in enumerate((30, 30, 14, 90, 40)):
        sheet.set_column(place, place, width, text)


def _write(sheet: Worksheet, line: int, cells: Sequence[str], style: Format) -> None:
    for place, cell in enumerate(cells):
        # Whatever does not fit is otherwise left out without a word.
        if sheet.write_string(line, place, cell, style):
            raise ValueError(f"Excel has no room for row {line + 1}, column {place + 1}.")

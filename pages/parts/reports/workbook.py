"""A pack as a workbook: contents first, then one sheet a piece with its table and the numbers of its figure."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable
from datetime import datetime, time

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from pages.parts.export import neutral, write_cell
from pages.parts.pieces import Chart, Pack, Piece
from pages.parts.reports import cells

CONTENTS = "Innehåll"
LONGEST_SHEET_NAME = 31
FIGURES = "Figurens värden"
COLUMN_WIDTH, MOST_COLUMNS = 24, 40
# The same as for one table (export.py): no text of the data is ever a formula or a link.
OPTIONS = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}


def as_xlsx(pack: Pack) -> bytes:
    """The pack as a workbook. Numbers are numbers, gaps are empty cells."""
    clean = cells.ready(pack)
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, OPTIONS) as book:
        book.set_properties(
            {
                "title": clean.title,
                "subject": clean.subject,
                "author": "Nämndkollen",
                "created": datetime.combine(clean.made, time.min),
            }
        )
        styles = Styles(book)
        contents = book.add_worksheet(CONTENTS)
        named = [(piece, sheet_name(piece, place)) for place, piece in enumerate(clean.pieces, start=1)]
        _contents(contents, clean, named, styles)
        for piece, name in named:
            _sheet(book.add_worksheet(name), piece, styles)
    return file.getvalue()


class Styles:
    """How cells look: text that wraps, headings, the question, links."""

    def __init__(self, book: Workbook) -> None:
        self.text: Format = book.add_format({"text_wrap": True, "valign": "top"})
        self.plain: Format = book.add_format({"valign": "top"})
        self.heading: Format = book.add_format(
            {"bold": True, "text_wrap": True, "valign": "top", "bottom": 1}
        )
        self.question: Format = book.add_format({"bold": True, "font_size": 14})
        self.link: Format = book.add_format({"font_color": "#0B4F8A", "underline": 1})


def sheet_name(piece: Piece, place: int) -> str:
    """'3 Hur gick det för ekonomin': what a sheet may be called, and never the same twice."""
    allowed = re.sub(r"[\[\]:*?/\\']", "", piece.question)
    return f"{place} {allowed}"[:LONGEST_SHEET_NAME].strip()


def _contents(sheet: Worksheet, pack: Pack, named: list[tuple[Piece, str]], styles: Styles) -> None:
    sheet.set_column(0, 0, 70)
    sheet.set_column(1, 1, 90)
    _text(sheet, 0, pack.title, styles.question)
    facts = [pack.subject, *cells.about(pack), pack.link]
    for row, line in enumerate(facts, start=1):
        _text(sheet, row, line, styles.plain)
    top = len(facts) + 2
    _text(sheet, top, "Fråga", styles.heading)
    sheet.write_string(top, 1, "Källa", styles.heading)
    for row, (piece, name) in enumerate(named, start=top + 1):
        said = str(neutral(piece.question))
        sheet.write_url(row, 0, f"internal:'{name}'!A1", styles.link, said[:LONGEST_LINK])
        sheet.write_string(row, 1, str(neutral(piece.source)), styles.text)


# More than this a spreadsheet does not take as the words of a link.
LONGEST_LINK = 255


def _sheet(sheet: Worksheet, piece: Piece, styles: Styles) -> None:
    wide = max(len(piece.rows.columns), len(piece.chart.series) + 1 if piece.chart else 1)
    sheet.set_column(0, min(wide, MOST_COLUMNS) - 1, COLUMN_WIDTH)
    _text(sheet, 0, piece.question, styles.question)
    _text(sheet, 1, piece.sentence, styles.plain)
    row = 3
    if not piece.is_empty:
        row = _block(sheet, row, piece.rows.columns, piece.rows.itertuples(index=False, name=None), styles)
    if piece.chart is not None:
        unit = f" ({piece.chart.unit})" if piece.chart.unit else ""
        _text(sheet, row, FIGURES + unit, styles.question)
        row = _block(sheet, row + 1, _figure_headings(piece.chart), _figure_rows(piece.chart), styles)
    for below, line in enumerate([*cells.notes(piece), piece.source]):
        _text(sheet, row + below, line, styles.plain)


def _block(
    sheet: Worksheet, top: int, headings: Iterable[str], rows: Iterable[Iterable[object]], styles: Styles
) -> int:
    """Write a table and return the row after the empty one below it."""
    for column, name in enumerate(headings):
        sheet.write_string(top, column, str(neutral(name)), styles.heading)
    row = top
    for row, line in enumerate(rows, start=top + 1):
        for column, cell in enumerate(line):
            if cell is not None:
                write_cell(sheet, row, column, neutral(cell), styles.text)
    return row + 2


def _figure_headings(chart: Chart) -> list[str]:
    return ["", *(one.name for one in chart.series)]


def _figure_rows(chart: Chart) -> list[list[object]]:
    return [
        [name, *(one.values[place] for one in chart.series)] for place, name in enumerate(chart.categories)
    ]


def _text(sheet: Worksheet, row: int, said: str, style: Format) -> None:
    sheet.write_string(row, 0, str(neutral(said)), style)

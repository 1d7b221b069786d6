"""A table as a file: CSV that Swedish Excel opens, and XLSX. The one place where files for readers are made."""

from __future__ import annotations

import csv
import io
import re

import pandas as pd
import xlsxwriter

from pages.parts.words import is_empty

# A cell that starts so is run as a formula by spreadsheets.
FORMULA_START = ("=", "+", "-", "@", "＝", "＋", "－", "＠")
CONTROL = re.compile(r"[\x00-\x1f\x7f]+")
# '+1,2', '−0,9 %', '+1,2 (+6,0 mnkr)': a sign, figures and a unit make no formula.
AMOUNT = r"[+\-−]?[\d\u00a0 ]+(,\d+)?([\u00a0 ]?(%|[a-zåäö]+))?"
NUMBER = re.compile(rf"{AMOUNT}( \({AMOUNT}\))?")


def neutral(value: object) -> object:
    """A cell that no spreadsheet runs. Numbers stay numbers; text that would be a formula gets an apostrophe."""
    if is_empty(value):
        return ""
    if isinstance(value, (int, float)) or hasattr(value, "dtype"):
        return value
    shown = CONTROL.sub(" ", str(value)).strip()
    return f"'{shown}" if shown.startswith(FORMULA_START) and not NUMBER.fullmatch(shown) else shown


def as_csv(table: pd.DataFrame, about: list[str]) -> bytes:
    """The table and, below it, one line a fact about it (source, choice, version). UTF-8 with BOM, semicolons."""
    written = io.StringIO()
    writer = csv.writer(written, delimiter=";", lineterminator="\r\n")
    writer.writerow([neutral(name) for name in table.columns])
    writer.writerows(
        [[_decimal_comma(neutral(cell)) for cell in row] for row in table.itertuples(index=False)]
    )
    writer.writerow([])
    writer.writerows([[neutral(line)] for line in about])
    return ("\ufeff" + written.getvalue()).encode("utf-8")


def as_xlsx(table: pd.DataFrame, about: list[str]) -> bytes:
    """The table on a first sheet, facts about it on a second. Text is always written as text."""
    written = io.BytesIO()
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    with xlsxwriter.Workbook(written, options) as book:
        sheet = book.add_worksheet("Tabell")
        bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
        wrapped = book.add_format({"text_wrap": True, "valign": "top"})
        for column, name in enumerate(table.columns):
            sheet.write_string(0, column, str(neutral(name)), bold)
            for row, cell in enumerate(table.iloc[:, column], start=1):
                write_cell(sheet, row, column, neutral(cell), wrapped)
        sheet.set_column(0, max(0, len(table.columns) - 1), 24)
        sheet.freeze_panes(1, 0)
        facts = book.add_worksheet("Om uppgifterna")
        facts.set_column(0, 0, 100)
        for row, line in enumerate(about):
            facts.write_string(row, 0, str(neutral(line)), wrapped)
    return written.getvalue()


def write_cell(
    sheet: xlsxwriter.worksheet.Worksheet, row: int, column: int, cell: object, style: object
) -> None:
    """Write a neutral cell: text as text, whatever it looks like, and a number as a number."""
    if isinstance(cell, str):
        sheet.write_string(row, column, cell, style)
    else:
        sheet.write_number(row, column, float(cell), style)


def file_name(title: str) -> str:
    """'Mål per perspektiv' → 'mal-per-perspektiv': safe on every system."""
    plain = title.lower().translate(str.maketrans("åäöé", "aaoe"))
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")


def _decimal_comma(cell: object) -> object:
    if not isinstance(cell, float):
        return cell
    # A column of whole numbers with a gap is one of decimal numbers to pandas.
    return str(cell).removesuffix(".0").replace(".", ",")

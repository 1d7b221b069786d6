"""Downloads hold what the screen shows and nothing that a spreadsheet would run."""

from __future__ import annotations

import csv
import io

import openpyxl
import pandas as pd
import pytest

from pages.parts import export

HOSTILE = [
    '=HYPERLINK("http://x.test")',
    "+1+cmd|' /C calc'!A0",
    "-2+3",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "＝1+1",
    "\x00=1",
]
ABOUT = ["Mål efter bedömning 2020", "Källa: Verksamhetsuppföljning 2020", "=1+1"]


def table() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "Mål": ["Åäö – ”mål”", *HOSTILE],
            "Antal": range(len(HOSTILE) + 1),
            "Andel": ["45,9 %"] * (len(HOSTILE) + 1),
        }
    )


def csv_rows(written: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(written.decode("utf-8-sig")), delimiter=";"))


def test_csv_opens_in_swedish_excel_with_its_letters_whole() -> None:
    written = export.as_csv(table(), ABOUT)
    assert written.startswith(b"\xef\xbb\xbf")
    assert csv_rows(written)[1] == ["Åäö – ”mål”", "0", "45,9 %"]


@pytest.mark.parametrize("hostile", HOSTILE)
def test_no_cell_of_a_download_is_a_formula(hostile: str) -> None:
    rows = pd.DataFrame({"Text": [hostile]})
    cell = csv_rows(export.as_csv(rows, []))[1][0]
    book = openpyxl.load_workbook(io.BytesIO(export.as_xlsx(rows, [])))
    assert not cell.startswith(export.FORMULA_START)
    assert book.worksheets[0]["A2"].data_type == "s"
    assert not str(book.worksheets[0]["A2"].value).startswith(export.FORMULA_START)


def test_negative_numbers_stay_numbers() -> None:
    rows = pd.DataFrame({"Avvikelse": ["−200", "-3,5 %", "+1,2 (+6,0 mnkr)"], "Kronor": [-200, 1, 2]})
    assert csv_rows(export.as_csv(rows, []))[1] == ["−200", "-200"]
    assert csv_rows(export.as_csv(rows, []))[2] == ["-3,5 %", "1"]
    assert csv_rows(export.as_csv(rows, []))[3] == ["+1,2 (+6,0 mnkr)", "2"]


def test_whole_numbers_stay_whole_beside_a_gap() -> None:
    written = export.as_csv(pd.DataFrame({"Antal": [336, None, 1.5]}), [])
    assert csv_rows(written)[1:4] == [["336"], [""], ["1,5"]]


def test_csv_and_xlsx_hold_the_same_rows_and_the_same_facts_about_them() -> None:
    book = openpyxl.load_workbook(io.BytesIO(export.as_xlsx(table(), ABOUT)))
    in_book = [[str(cell) for cell in row] for row in book["Tabell"].iter_rows(values_only=True)]
    in_csv = csv_rows(export.as_csv(table(), ABOUT))
    assert in_csv[: len(in_book)] == in_book
    facts = [row[0] for row in book["Om uppgifterna"].iter_rows(values_only=True)]
    assert [row[0] for row in in_csv[len(in_book) + 1 :]] == facts
    assert facts[0] == "Mål efter bedömning 2020"


def test_file_names_are_plain() -> None:
    assert export.file_name("Åtgärder 2020 efter mål/område") == "atgarder-2020-efter-mal-omrade"

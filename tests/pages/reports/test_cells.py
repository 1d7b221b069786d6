"""What a report writes before any format: numbers as people write them, widths of columns, notes told once."""

from __future__ import annotations

from datetime import date
from math import nan

import pandas as pd
import pytest

from pages.parts.pieces import Chart, Series
from pages.parts.reports import cells, measuring
from tests.pages.reports import packs


def table(**columns: list[object]) -> cells.Table:
    piece = packs.piece("f", rows=pd.DataFrame(columns, dtype=object))
    return cells.table_of(cells.ready(packs.pack(piece)).pieces[0])


@pytest.mark.parametrize(
    ("column", "shown"),
    [
        ([1234.5, 2, None], ["1 234,5", "2,0", "–"]),
        ([-1500, 20], ["−1 500", "20"]),
        ([nan, float("inf"), 0.25], ["–", "–", "0,25"]),
        ([True, False], ["Ja", "Nej"]),
        ([date(2026, 11, 22), "  text\n"], ["22 november 2026", "text"]),
        (["45,9 %", ""], ["45,9 %", "–"]),
    ],
)
def test_cells_are_written_in_swedish(column: list[object], shown: list[str]) -> None:
    found = table(Värde=column)
    assert [row[0].replace("\u00a0", " ") for row in found.rows] == shown


def test_years_are_not_grouped_by_thousands() -> None:
    assert table(År=[2020], Antal=[2020]).rows == (("2020", "2\u00a0020"),)


def test_only_columns_of_numbers_stand_to_the_right() -> None:
    assert table(a=[1, None], b=["x", 1], c=[None, None]).is_number == (True, False, False)


def test_no_word_is_cut_while_there_is_room() -> None:
    found = table(
        Läge=["● Klar"], Åtgärd=["Specialpedagogikutredningssamordnare tillsätts " * 4], Antal=[12345]
    )
    shares = cells.widths(found, 95)
    longest = [len("Läge"), len("Specialpedagogikutredningssamordnare"), len("12 345")]
    assert all(share * 95 > length for share, length in zip(shares, longest, strict=True))
    assert sum(shares) == pytest.approx(1)


def test_a_mark_that_a_remark_tells_of_is_told_once() -> None:
    marks = (("2020", "Proven ställdes in"), ("2021", "Nytt prov"), ("2022", "Ny rektor"))
    chart = Chart("lines", ("2020", "2021", "2022"), (Series("a", (1.0, 2.0, 3.0)),), marks=marks)
    remarks = ("(2) 2021: Nytt prov (från hösten)", "Ny rektor", "Annat")
    told = cells.notes(packs.piece("f", chart, remarks=remarks))
    assert told == [
        "(1) 2020: Proven ställdes in",
        "(3) 2022: Ny rektor",
        "(2) 2021: Nytt prov (från hösten)",
        "Annat",
    ]


def test_a_table_is_cut_into_pages_without_losing_a_row() -> None:
    whole = table(a=[f"rad {place} " * (1 + place % 40) for place in range(60)], b=list(range(60)))
    parts = measuring.pages(whole, [4.0, 1.0], 12, 4.0, 2.0)
    assert all(
        sum(measuring.row_height(row, [4.0, 1.0], 12) for row in (part.headings, *part.rows)) <= 4.0
        for part in parts
    )
    words = " ".join(row[0] for part in parts for row in part.rows).split()
    assert words == " ".join(row[0] for row in whole.rows).split()

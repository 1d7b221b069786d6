"""Numbers, dates and words as Swedish readers expect them."""

from __future__ import annotations

import re
from datetime import date

import pandas as pd
import pytest

from pages.parts import words


@pytest.mark.parametrize(
    ("value", "decimals", "written"),
    [
        (1234.5, 1, "1 234,5"),
        (45.945945, 1, "45,9"),
        (9.25, 1, "9,3"),
        (-0.04, 1, "−0,0"),
        (-200, 0, "−200"),
        (1_000_000, 0, "1 000 000"),
        (None, 1, "–"),
        (float("nan"), 1, "–"),
        (0, 0, "0"),
    ],
)
def test_numbers_have_decimal_comma_and_hard_spaces(value: float | None, decimals: int, written: str) -> None:
    assert words.number(value, decimals) == written.replace(" ", words.NO_BREAK)


def test_dates_are_spelt_out() -> None:
    assert words.day(date(2020, 12, 31)) == "31 december 2020"
    assert words.day(pd.Timestamp("2018-01-10")) == "10 januari 2018"
    assert words.day(None) == words.day(pd.NaT) == "–"


def test_a_school_year_is_named_by_both_its_years() -> None:
    assert words.year_of(2020, "school_year") == "läsåret 2019/20"
    assert words.year_of(2000, "school_year") == "läsåret 1999/00"
    assert words.year_of(2020, "calendar_year") == "2020"


def test_years_in_a_row_are_written_as_a_span_and_a_gap_is_kept() -> None:
    assert words.years_in_words([2019, 2020]) == "2019 och 2020"
    assert words.years_in_words([2021, 2022, 2023, 2025]) == "2021–2023 och 2025"
    assert words.years_in_words([2021, 2023]) == "2021 och 2023"


def test_markers_stay_apart_from_each_other_and_from_zero() -> None:
    shown = {marker: words.measured(None, marker, "%") for marker in ("..", ".", "~100", "~0", "cancelled")}
    assert len(set(shown.values())) == 5
    assert words.measured(0, "", "%") == "0,0 %".replace(" ", words.NO_BREAK)
    assert words.measured(0, "", "%") not in shown.values()


def test_a_share_is_written_with_one_decimal() -> None:
    assert words.percent(17, 37) == f"45,9{words.NO_BREAK}%"
    assert words.percent(17, 35) == f"48,6{words.NO_BREAK}%"
    assert words.percent(0, 0) == "–"


@pytest.mark.parametrize(
    "hostile",
    [
        "![p](http://x.test/p.png)",
        "[l](javascript:1)",
        "<img src=x>",
        "**fet**",
        "# rubrik",
        "8. Resurser",
        "$x$",
        ":red[x]",
    ],
)
def test_text_from_data_is_never_markdown(hostile: str) -> None:
    escaped = words.md(hostile)
    assert escaped.replace("\\", "").replace(words.NO_LINK, "") == hostile
    assert escaped != hostile


@pytest.mark.parametrize("address", ["http://x.test", "HTTPS://x.test/a?b", "www.x.test", "anna@x.test"])
def test_address_in_the_data_is_no_link(address: str) -> None:
    assert words.md(f"se {address} här").replace("\\", "").split(words.NO_LINK) != [f"se {address} här"]
    assert not re.search(r"://\w|www\.|@\w", words.md(address))


def test_signs_that_turn_or_end_a_line_are_not_written() -> None:
    assert words.text("a\tb\x00c\u202ed\u2028e\x1b[31m") == "a b c d e [31m"
    # Four blanks first would be code.
    assert words.md("\t    a\nb") == "a b"


def test_every_shape_differs_within_its_family() -> None:
    for family in (words.VERDICTS, words.OUTCOMES, words.STATUSES, words.QUARTERS):
        assert len({mark.shape for mark in family.values()}) == len(family)
        assert len({mark.word for mark in family.values()}) == len(family)


def test_rank_never_borrows_the_shape_of_a_verdict() -> None:
    assert {mark.shape for mark in words.VERDICTS.values()}.isdisjoint(
        mark.shape for mark in words.QUARTERS.values()
    )

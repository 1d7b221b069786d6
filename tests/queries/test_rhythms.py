"""When figures are older than expected, and when the next ones come."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from queries import places
from queries.connection import Exports
from queries.rhythms import Rhythm, ages, rhythms

GRADES = Rhythm("utfall per skola", "", every_years=1, month=12, years_after=0, grace_days=90)
SURVEY = Rhythm("utfall per skola", "Skolinspektionen", every_years=2, month=12, years_after=0, grace_days=90)
MONTHS = Rhythm("månadsvärden", "", every_years=0, month=0, years_after=0, grace_days=30, every_months=1)
PLAN = Rhythm("mål", "", every_years=1, month=12, years_after=-1, grace_days=0)


@pytest.mark.parametrize(
    ("rhythm", "newest_year", "next_date"),
    [
        (GRADES, 2025, date(2026, 12, 1)),
        (SURVEY, 2025, date(2027, 12, 1)),
        (PLAN, 2026, date(2026, 12, 1)),
    ],
)
def test_the_next_figures_come_in_their_month(rhythm: Rhythm, newest_year: int, next_date: date):
    assert rhythm.next_date(newest_year) == next_date


@pytest.mark.parametrize(
    ("newest_month", "next_date"),
    [(9, date(2026, 11, 1)), (10, date(2026, 12, 1)), (11, date(2027, 1, 1)), (12, date(2027, 2, 1))],
)
def test_figures_of_the_next_month_come_the_month_after_it(newest_month: int, next_date: date):
    assert MONTHS.next_date(2026, newest_month) == next_date


@pytest.mark.parametrize(("today", "is_over"), [(date(2027, 1, 30), False), (date(2027, 1, 31), True)])
def test_a_month_that_has_not_come_makes_monthly_figures_old(today: date, is_over: bool):
    assert MONTHS.is_over(2026, today, newest_month=10) is is_over


@pytest.mark.parametrize(
    ("rhythm", "today", "is_over"),
    [
        (GRADES, date(2027, 3, 31), False),
        (GRADES, date(2027, 4, 1), True),
        (PLAN, date(2025, 12, 31), False),
        (PLAN, date(2026, 1, 1), True),
    ],
)
def test_figures_are_old_when_the_month_of_the_next_and_some_grace_have_passed(
    rhythm: Rhythm, today: date, is_over: bool
):
    assert rhythm.is_over(2025, today) is is_over


def test_every_kind_of_data_that_anybody_has_stands_in_the_file(exports: Exports):
    known = {rhythm.subject for rhythm in rhythms() if not rhythm.publisher}
    for municipality_id in places.municipalities(exports)["municipality_id"]:
        assert set(places.freshness(exports, municipality_id=municipality_id)["subject"]) <= known


def test_every_row_of_the_file_counts_in_years_with_a_month_or_else_in_months():
    for rhythm in rhythms():
        assert rhythm.grace_days >= 0
        if rhythm.every_months:
            assert rhythm.every_months >= 1
            assert (rhythm.every_years, rhythm.month, rhythm.years_after) == (0, 0, 0)
        else:
            assert 1 <= rhythm.month <= 12
            assert rhythm.every_years >= 1


def test_a_file_that_swedish_excel_has_saved_is_read_too(data_copy: Path, monkeypatch: pytest.MonkeyPatch):
    saved = rhythms_file(data_copy)
    commas = saved.read_text(encoding="utf-8")
    before = rhythms()
    saved.write_text("\ufeff" + commas.replace(",", ";"), encoding="utf-8")
    assert rhythms() == before


def test_one_row_a_kind_and_publisher_and_one_for_each_kind_that_is_missing(exports: Exports):
    found = ages(exports, municipality_id="0125", today=date(2026, 11, 22))
    states = dict(zip(found["subject"], found["state"], strict=True))
    assert states == {
        "mål": "old",
        "bedömning av mål": "old",
        "åtgärder": "missing",
        "utfall per skola": "missing",
        "utfall för kommunen": "missing",
        "påpekanden": "old",
        "jämförelse": "old",
        "månadsvärden": "missing",
        "resultatenheter": "missing",
        "frågor till dialogmöten": "missing",
    }
    assert found.loc[found["subject"] == "jämförelse", "newest_year"].tolist() == [2024]


def test_a_publisher_with_a_rhythm_of_its_own_is_measured_by_it(publish):
    source = {
        "source_id": "enkat",
        "title": "Skolenkäten",
        "publisher": "Skolinspektionen",
        "is_official": True,
    }
    outcome = {
        "municipality_id": "0125", "indicator_id": "E01", "unit_id": "1", "year": 2025, "gender": "T",
        "operator": "alla", "value": 7.0, "marker": "", "source_id": "enkat",
    }  # fmt: skip
    exports = publish(sources=[source], outcomes=[outcome])
    found = ages(exports, municipality_id="0125", today=date(2027, 6, 1)).set_index("subject")
    assert found.loc["utfall per skola", "state"] == "current"
    assert found.loc["utfall per skola", "next_date"] == date(2027, 12, 1)


def test_monthly_figures_are_as_new_as_the_newest_month_with_an_outcome(publish):
    source = {"source_id": "ekonomi", "title": "Ekonomi", "publisher": "Ekerö", "is_official": False}
    value = {
        "municipality_id": "0125", "unit_id": "1", "dimension": "ekonomi", "measure": "kostnader", "value": 1.0,
        "source_id": "ekonomi",
    }  # fmt: skip
    months = [
        {**value, "month": date(2026, 9, 1), "kind": "outcome"},
        {**value, "month": date(2026, 10, 1), "kind": "outcome"},
        {**value, "month": date(2026, 12, 1), "kind": "budget"},
        {**value, "month": date(2026, 11, 1), "kind": "forecast"},
    ]
    exports = publish(sources=[source], monthly_values=months)
    row = (
        ages(exports, municipality_id="0125", today=date(2026, 11, 22))
        .set_index("subject")
        .loc["månadsvärden"]
    )
    assert (row["newest_year"], row["newest_month"].month) == (2026, 10)
    assert (row["state"], row["next_date"]) == ("current", date(2026, 12, 1))


def test_results_and_meeting_questions_are_as_new_as_their_newest_year(publish):
    source = {"source_id": "egen", "title": "Egen", "publisher": "Ekerö", "is_official": False}
    result = {"municipality_id": "0125", "unit_id": "1", "result": 1.0, "source_id": "egen"}
    asked = {
        "municipality_id": "0125", "meeting_kind": "autumn", "unit_id": "1", "rule_id": "own", "question": "Hur?",
        "source_id": "egen",
    }  # fmt: skip
    exports = publish(
        sources=[source],
        unit_results=[{**result, "year": 2023}, {**result, "year": 2024}],
        meeting_questions=[{**asked, "question_id": "1", "meeting_date": date(2025, 10, 27)}],
    )
    found = ages(exports, municipality_id="0125", today=date(2026, 11, 22)).set_index("subject")
    states = {
        subject: (row["newest_year"], row["state"], row["next_date"])
        for subject, row in found.iterrows()
        if row["state"] != "missing"
    }
    assert states == {
        "resultatenheter": (2024, "old", date(2026, 3, 1)),
        "frågor till dialogmöten": (2025, "current", date(2026, 12, 1)),
    }
    assert found["newest_month"].isna().all()


def rhythms_file(folder: Path) -> Path:
    """The file of rhythms in a copy of the data folder."""
    copy = folder / "rhythms.csv"
    copy.write_text(
        (Path(__file__).parents[2] / "data" / "rhythms.csv").read_text(encoding="utf-8"), encoding="utf-8"
    )
    return copy

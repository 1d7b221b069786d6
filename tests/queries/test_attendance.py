"""Absence, surveys and complaints: against their twins, the facts of the seeds, and the faults planted in the example."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pandas as pd
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from queries import attendance, complaints, surveys
from queries.connection import Exports
from queries.intake.example.places import CLOSED_SCHOOL, UPPER_SECONDARY, WEAK_SCHOOL
from tests import attendance_twins as twins
from tests.conftest import Publish
from tests.queries.test_twins import only, rows_of, tables_of

EXAMPLE, EKERO, OSTERAKER = "9901", "0125", "0117"
MUNSO = "33159363"
QUESTIONS = (
    (attendance.absence, twins.absence, ("kind", "stage", "term", "unit_id", "year")),
    (attendance.investigation_coverage, twins.investigation_coverage, ("unit_id",)),
    (surveys.survey_results, twins.survey_results, ("survey_id", "indicator_id", "unit_id", "year")),
    (
        complaints.complaints_with_and_without,
        twins.complaints_with_and_without,
        ("count_id", "unit_id", "year"),
    ),
)
HOME = {
    "municipality_id": "0125",
    "name": "Hemma",
    "kind": "municipality",
    "register": "sverige",
    "has_own_data": True,
}
UNITS = ("skola-1", "skola-2")
IDS = (
    "L01",
    "L02",
    "L03",
    "L04",
    "L05",
    "L12",
    "L13",
    "L14",
    "L23",
    "L27",
    "L43",
    "L46",
    "L47",
    "L49",
    "L50",
)


def same_answers(
    exports: Exports, tables: Any, municipality_id: str, year: int | None, unit_ids: list[str]
) -> None:
    """Every question against its twin: the same keys, one row each, and the same cells of those the twin knows."""
    for ask, twin, names in QUESTIONS:
        rows = rows_of(ask(exports, municipality_id=municipality_id, year=year, unit_ids=unit_ids))
        key = (
            (lambda row: row["unit_id"])
            if names == ("unit_id",)
            else (lambda row, names=names: tuple(row[name] for name in names))
        )
        told = {key(row): row for row in rows}
        expected = twin(tables, municipality_id, year, unit_ids)
        assert len(told) == len(rows) and told.keys() == expected.keys(), ask.__name__
        for each, cells in expected.items():
            assert {name: told[each][name] for name in cells} == cells, (ask.__name__, each)


@pytest.mark.parametrize("municipality_id", [EXAMPLE, EKERO, OSTERAKER])
@pytest.mark.parametrize("year", [None, 2020, 2022, 2026])
@pytest.mark.parametrize("unit_ids", [[], [WEAK_SCHOOL, CLOSED_SCHOOL], [MUNSO]])
def test_every_question_agrees_with_its_twin(
    exports: Exports, municipality_id: str, year: int | None, unit_ids: list[str]
) -> None:
    same_answers(exports, only(tables_of(exports), municipality_id), municipality_id, year, unit_ids)


@st.composite
def outcomes(draw: st.DrawFn) -> list[dict[str, Any]]:
    """Outcomes of the measures, some hidden, for two units and the municipality."""
    places = st.tuples(
        st.sampled_from(IDS),
        st.sampled_from((None, *UNITS)),
        st.integers(2023, 2025),
        st.sampled_from(("kommunal", "alla")),
    )
    rows = []
    for indicator_id, unit_id, year, operator in draw(st.lists(places, unique=True, max_size=40)):
        value = draw(st.none() | st.integers(0, 100).map(float))
        rows.append(
            {
                "municipality_id": "0125", "indicator_id": indicator_id, "unit_id": unit_id, "year": year,
                "gender": "T", "operator": operator, "value": value, "marker": "" if value is not None else "..",
                "n": draw(st.none() | st.integers(1, 90)), "source_id": "k",
            }
        )  # fmt: skip
    return rows


@st.composite
def events(draw: st.DrawFn) -> list[dict[str, Any]]:
    """Happenings that counts are given with and without."""
    one = st.fixed_dictionaries(
        {
            "start_date": st.dates(dt.date(2023, 1, 1), dt.date(2025, 12, 31)),
            "end_date": st.none() | st.dates(dt.date(2025, 12, 31), dt.date(2026, 6, 30)),
            "label": st.sampled_from(("Flytten", "Branden")),
            "kind": st.sampled_from(("excluded", "other")),
            "indicator_id": st.sampled_from(("L13", "L14", "L49", "L01")),
            "unit_id": st.sampled_from((None, *UNITS)),
        }
    )
    found = draw(st.lists(one, max_size=5))
    return [
        {**row, "municipality_id": "0125", "event_id": str(k), "source_id": "k"}
        for k, row in enumerate(found)
    ]


@settings(max_examples=12, phases=[Phase.explicit, Phase.generate])
@given(outcomes(), events(), st.sampled_from((None, 2023, 2024)), st.sampled_from(([], ["skola-1"])))
def test_made_up_tables_agree_with_the_twins(
    publish: Publish, told: list[dict], happened: list[dict], year: int | None, unit_ids: list[str]
) -> None:
    unit = {"municipality_id": "0125", "school_form": "grundskola", "operator": "kommunal", "source_id": "k"}
    made = publish(
        municipalities=[HOME],
        units=[{**unit, "unit_id": each, "name": each} for each in UNITS],
        outcomes=told,
        events=happened,
    )
    same_answers(made, tables_of(made), "0125", year, unit_ids)


def of_school(exports: Exports, unit_id: str, **more: Any) -> dict[str, Any]:
    """The coverage of one school."""
    found = attendance.investigation_coverage(exports, municipality_id=EXAMPLE, unit_ids=[unit_id], **more)
    return rows_of(found)[0]


def test_question_19_every_school_with_absence_is_there_the_least_covered_first(exports: Exports) -> None:
    found = attendance.investigation_coverage(exports, municipality_id=EXAMPLE)
    shown = found["value"].dropna()
    assert len(found) == 11 and shown.is_monotonic_increasing and len(shown) == 8
    assert found["municipality_value"].nunique() == 1


def test_a_school_that_tells_of_no_investigations_is_a_gap_and_no_zero(exports: Exports) -> None:
    row = of_school(exports, UPPER_SECONDARY)
    assert (row["is_told"], row["value"], row["n"]) == (False, None, None)


def test_a_hidden_share_has_no_number_of_pupils(exports: Exports) -> None:
    for year in range(2021, 2027):
        found = attendance.investigation_coverage(exports, municipality_id=EXAMPLE, year=year)
        assert found.loc[found["value"].isna(), "n"].isna().all()


def test_registration_below_the_published_limit_is_told_beside_the_coverage(exports: Exports) -> None:
    assert attendance.low_registration() == 90
    assert of_school(exports, WEAK_SCHOOL, year=2022)["is_registration_low"] is True
    assert of_school(exports, WEAK_SCHOOL, year=2026)["is_registration_low"] is False


def test_both_terms_together_are_the_lessons_of_the_school_year(exports: Exports) -> None:
    found = attendance.absence(exports, municipality_id=EXAMPLE)
    of_year = found[found["kind"].eq("over_20") & found["stage"].eq("") & found["unit_id"].isna()]
    by_term = of_year.pivot_table(index="year", columns="term", values="registration")
    assert (
        (by_term[["ht", "vt"]].min(axis=1) <= by_term[""])
        & (by_term[""] <= by_term[["ht", "vt"]].max(axis=1))
    ).all()
    # Attendance is registered in a new way from the spring of 2023.
    assert by_term.loc[2023, "ht"] < 90 < by_term.loc[2023, "vt"]


def test_the_pandemic_kept_the_younger_pupils_at_home_most(exports: Exports) -> None:
    found = attendance.absence(exports, municipality_id=EXAMPLE)
    rows = found[found["kind"].eq("over_20") & found["stage"].ne("") & found["term"].eq("vt")]
    shares = rows.pivot_table(index="stage", columns="year", values="value")
    fell = shares[2021] - shares[2022]
    assert fell["f-3"] > fell["7-9"]


def test_stages_are_told_of_the_whole_municipality_only(exports: Exports) -> None:
    found = attendance.absence(exports, municipality_id=EXAMPLE)
    assert found.loc[found["stage"].ne(""), "unit_id"].isna().all()
    assert set(found["stage"]) == {"", "f-3", "4-6", "7-9", "gymnasiet"}


def test_ekero_tells_of_the_pandemic_and_of_registering_more_carefully(exports: Exports) -> None:
    found = attendance.absence_events(exports, municipality_id=EKERO)
    told = list(zip(found["kind"], found["year"], found["term"], strict=True))
    assert told == [("new_method", 2020, "ht"), ("other", 2020, "vt")]


def test_a_happening_told_once_for_each_measure_stands_once(exports: Exports) -> None:
    found = attendance.absence_events(exports, municipality_id=EXAMPLE)
    assert found["label"].is_unique and (found["start_date"] == dt.date(2020, 3, 17)).any()


def test_ekeros_move_from_munso_is_named_with_its_time_though_no_count_is_known(exports: Exports) -> None:
    rows = rows_of(complaints.complaints_with_and_without(exports, municipality_id=EKERO))
    assert [(row["unit_id"], row["year"]) for row in rows] == [(None, 2020), (MUNSO, 2020)]
    for row in rows:
        assert (row["count_with"], row["count_without"]) == (None, None)
        assert "Munsö" in row["event_label"] and row["event_start"] == dt.date(2020, 1, 1)


def test_the_named_event_is_the_difference_between_the_two_counts(exports: Exports) -> None:
    rows = rows_of(complaints.complaints_with_and_without(exports, municipality_id=EXAMPLE))
    differing = [row for row in rows if row["count_with"] != row["count_without"]]
    assert differing and all(row["event_label"] for row in differing)
    violations = next(
        row for row in differing if row["count_id"] == "violations" and row["unit_id"] == WEAK_SCHOOL
    )
    assert (violations["year"], violations["count_with"] - violations["count_without"]) == (2025, 13)


def test_no_count_is_ever_given_without_the_other(exports: Exports) -> None:
    found = complaints.complaints_with_and_without(exports, municipality_id=EXAMPLE)
    assert found["count_with"].notna().all() and found["count_without"].notna().all()


def test_every_own_survey_tells_its_response_rate_beside_n(exports: Exports) -> None:
    found = surveys.survey_results(exports, municipality_id=EXAMPLE)
    told = found[found["value"].notna()]
    assert told["response_rate"].between(0, 100).all() and told["n"].notna().all()
    assert told["is_response_low"].any() and surveys.low_response() == 60


def test_a_survey_that_was_not_made_stays_a_row_with_its_reason(exports: Exports) -> None:
    found = surveys.survey_results(exports, municipality_id=EXAMPLE)
    gaps = found[found["marker"].eq(".")]
    assert set(gaps["note"]) == {"Enkäten görs vartannat år", "Gymnasiet deltog inte i enkäten 2021"}


def test_new_questions_break_the_series_of_the_survey_they_are_in(exports: Exports) -> None:
    found = surveys.survey_results(exports, municipality_id=EXAMPLE)
    broken = found[found["break_note"].notna()]
    assert set(zip(broken["indicator_id"], broken["year"], strict=True)) == {("L12", 2024)}


def test_a_break_that_an_analyst_has_noted_is_told_of_real_municipalities(
    publish: Publish, data_copy: Any
) -> None:
    with (data_copy / "series_breaks.csv").open("a", encoding="utf-8") as file:
        file.write("L05,2025,Nya frågor,intern\n")
    row = {
        "municipality_id": "0125",
        "indicator_id": "L05",
        "year": 2025,
        "gender": "T",
        "operator": "kommunal",
    }
    made = publish(
        municipalities=[HOME], outcomes=[{**row, "value": 80.0, "marker": "", "n": 50, "source_id": "k"}]
    )
    found = surveys.survey_results(made, municipality_id="0125")
    assert found["break_note"].tolist() == ["Nya frågor"] and pd.isna(found["response_rate"].iloc[0])

"""Result requirement, own capital and staffing: golden numbers, and the slow twin."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from queries import results
from queries.connection import Exports
from tests import month_twins
from tests.queries.test_twins import HOME, MADE_UP, differences, only, rows_of, tables_of
from tests.twins import is_reached

EXAMPLE, OSTERAKER = "9901", "0117"


def same_economy(exports: Exports, tables: month_twins.Tables, home: str) -> None:
    asked = rows_of(results.unit_economy(exports, municipality_id=home))
    found = {(row["unit_id"], row["year"]): row for row in asked}
    assert len(found) == len(asked)
    assert not differences(found, month_twins.economy(tables, home))


@pytest.mark.parametrize("home", [EXAMPLE, OSTERAKER])
def test_result_and_capital_equal_their_twin(exports, home):
    same_economy(exports, only(tables_of(exports), home), home)


def test_osteraker_requires_one_two_and_three_percent_and_tells_no_result(exports):
    asked = rows_of(results.economy_totals(exports, municipality_id=OSTERAKER))
    assert [(row["year"], row["requirement_percent"]) for row in asked] == [(2019, 1), (2020, 2), (2021, 3)]
    assert all(row["count_with_result"] == 0 and row["over_percent"] is None for row in asked)


def test_osteraker_has_5_2_and_nothing_without_grants(exports):
    (row,) = rows_of(results.staffing_with_grants(exports, municipality_id=OSTERAKER))
    assert (row["year"], row["with_grants"], row["with_target"]) == (2020, 5.2, 5.2)
    assert row["is_held_with_grants"] is True
    assert row["without_grants"] is None and row["is_held_without_grants"] is None
    assert "hur den räknats anges inte" in row["with_note"]


def test_the_example_holds_5_2_with_grants_but_not_without(exports):
    asked = rows_of(results.staffing_with_grants(exports, municipality_id=EXAMPLE))
    whole = {row["year"]: row for row in asked if row["unit_id"] is None}
    assert all(row["is_held_with_grants"] and not row["is_held_without_grants"] for row in whole.values())
    assert len({row["unit_id"] for row in asked}) == 19


def test_staffing_holds_where_the_target_of_the_whole_municipality_does(exports):
    tables = only(tables_of(exports), EXAMPLE)
    for row in rows_of(results.staffing_with_grants(exports, municipality_id=EXAMPLE)):
        if row["unit_id"] is None:
            for indicator_id, side in (("L09", "with"), ("L10", "without")):
                twin = is_reached(tables, EXAMPLE, indicator_id, None, row["year"])
                assert row[f"is_held_{side}_grants"] == twin


def test_the_requirement_path_of_the_example_is_one_two_three_percent(exports):
    asked = rows_of(results.economy_totals(exports, municipality_id=EXAMPLE))
    assert [row["requirement_percent"] for row in asked] == [1, 2, 3, 3, 3, 3]
    assert [row["is_forecast"] for row in asked] == [False] * 5 + [True]


def test_a_sum_of_chosen_units_is_the_sum_of_their_rows(exports):
    unit_ids = ["19901103", "09901105", "09901201"]
    units = rows_of(results.unit_economy(exports, municipality_id=EXAMPLE, unit_ids=unit_ids))
    for row in rows_of(results.economy_totals(exports, municipality_id=EXAMPLE, unit_ids=unit_ids)):
        of_year = [one for one in units if one["year"] == row["year"]]
        assert row["count_with_result"] == len(of_year) == 3
        for name in ("turnover", "result", "over_kronor", "closing_capital"):
            assert row[name] == pytest.approx(sum(one[name] for one in of_year)), name


def test_years_in_a_row_are_counted_to_the_year_and_begin_anew_after_a_good_one(publish):
    made = {2019: -1.0, 2020: -1.0, 2021: 5.0, 2022: -1.0, 2024: -1.0}
    exports = publish(
        unit_results=[
            {"municipality_id": HOME, "unit_id": "a", "year": year, "requirement_percent": 1.0, "turnover": 100.0, "result": result, "source_id": "k"}
            for year, result in made.items()
        ]
    )  # fmt: skip
    asked = rows_of(results.unit_economy(exports, municipality_id=HOME))
    assert {row["year"]: row["years_in_a_row"] for row in asked} == {
        2019: 1,
        2020: 2,
        2021: 0,
        2022: 1,
        2024: 1,
    }


@pytest.mark.parametrize(
    ("opening", "result", "disposed", "state"),
    [
        (100.0, 50.0, 50.0, "intact"),
        (100.0, 50.0, 51.0, "reduced"),
        (100.0, -100.0, 0.0, "reduced"),
        (100.0, -101.0, 0.0, "used_up"),
        (-200.0, 50.0, 0.0, "used_up"),
        (None, 50.0, 0.0, "unknown"),
    ],
)
def test_capital_is_intact_when_it_has_not_shrunk_and_is_not_below_nought(
    publish, opening, result, disposed, state
):
    exports = publish(
        unit_results=[
            {"municipality_id": HOME, "unit_id": "a", "year": 2020, "opening_capital": opening, "result": result, "disposed": disposed, "source_id": "k"}
        ]
    )  # fmt: skip
    (row,) = rows_of(results.unit_economy(exports, municipality_id=HOME))
    assert row["capital_state"] == state


def test_a_year_that_does_not_begin_with_what_the_last_ended_with_is_asked_about(publish):
    exports = publish(
        unit_results=[
            {"municipality_id": HOME, "unit_id": "a", "year": year, "opening_capital": opening, "result": 10.0, "disposed": 0.0, "source_id": "k"}
            for year, opening in ((2019, 100.0), (2020, 90.0), (2021, 100.0), (2023, 5.0))
        ]
    )  # fmt: skip
    asked = rows_of(results.unit_economy(exports, municipality_id=HOME))
    assert {row["year"]: row["is_carried_otherwise"] for row in asked} == {
        2019: True, 2020: False, 2021: False, 2023: False,
    }  # fmt: skip


AMOUNT = st.sampled_from([None, -300.0, 0.0, 50.0, 100.0, 400.0])
RESULTS = st.lists(
    st.fixed_dictionaries(
        {
            "municipality_id": st.just(HOME),
            "source_id": st.just("k"),
            "unit_id": st.sampled_from(["a", "b", None]),
            "year": st.integers(2018, 2023),
            "requirement_percent": st.sampled_from([None, 1.0, 2.0, 3.0]),
            "turnover": st.sampled_from([None, 0.0, 5_000.0, 10_000.0]),
            "result": AMOUNT,
            "opening_capital": AMOUNT,
            "disposed": AMOUNT,
        }
    ),
    max_size=14,
    unique_by=lambda row: (row["unit_id"], row["year"]),
)


@MADE_UP
@given(made=RESULTS)
def test_made_up_results_equal_their_twin_and_capital_adds_up(publish, made: list[dict[str, Any]]):
    exports = publish(unit_results=made)
    same_economy(exports, tables_of(exports), HOME)
    for row in rows_of(results.unit_economy(exports, municipality_id=HOME)):
        if row["capital_state"] != "unknown":
            told = row["opening_capital"] + row["result"] - row["disposed"]
            assert row["closing_capital"] == pytest.approx(told)
            assert (row["capital_state"] == "used_up") == (told < 0)

"""Months, forecasts and deviations: golden gaps, and each question against its slow twin."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from queries import months
from queries.connection import Exports, settings
from tests import month_twins
from tests.queries.test_twins import (
    HOME,
    MADE_UP,
    NEIGHBOUR,
    differences,
    of_two_municipalities,
    only,
    rows_of,
    tables_of,
)

EXAMPLE = "9901"
OCTOBER = dt.date(2026, 10, 1)
UNITS = ("skola-1", "skola-2", "skola-3")
MEASURES = {
    "barn": "prestationer", "närvaro": "kvalitet", "kostnad": "ekonomi", "sjukfrånvaro": "personal",
    "årsarbetare": "personal",
}  # fmt: skip


@pytest.fixture(scope="module")
def example(exports: Exports) -> dict[str, list[dict[str, Any]]]:
    return only(tables_of(exports), EXAMPLE)


def by(rows: list[dict[str, Any]], *names: str) -> dict[Any, dict[str, Any]]:
    return {tuple(row[name] for name in names) if len(names) > 1 else row[names[0]]: row for row in rows}


def same_reported(exports: Exports, tables: month_twins.Tables, home: str, year: int | None) -> None:
    asked = rows_of(months.reported_months(exports, municipality_id=home, year=year))
    found = {(row["unit_id"], row["month"]): row["missing"] for row in asked}
    assert found == month_twins.missing_dimensions(tables, home, year)
    assert all(row["is_missing_month"] == (len(row["missing"]) == 4) for row in asked)
    assert all(row["is_incomplete"] == bool(row["missing"]) for row in asked)


def same_totals(
    exports: Exports, tables: month_twins.Tables, home: str, year: int | None, unit_ids: list[str]
) -> None:
    asked = rows_of(months.month_totals(exports, municipality_id=home, year=year, unit_ids=unit_ids))
    twin = month_twins.month_totals(tables, home, year, unit_ids)
    assert not differences(by(asked, "measure", "month"), twin), (year, unit_ids)
    assert all(
        len(row["missing_unit_names"]) == row["count_expected"] - row["count_reported"] for row in asked
    )


def same_forecasts(exports: Exports, tables: month_twins.Tables, home: str) -> None:
    asked = rows_of(months.forecast_accuracy(exports, municipality_id=home))
    twin = month_twins.forecasts(tables, home)
    assert not differences(by(asked, "unit_id", "month"), twin)
    for year in {row["year"] for row in asked}:
        for row in rows_of(months.forecast_totals(exports, municipality_id=home, year=year)):
            told = [one for (_, month), one in twin.items() if month == row["month"]]
            # Units that should not report any more may still have told a forecast.
            judged = [one for one in told if one["year_outcome"] is not None]
            assert row["count_judged"] <= len(judged)
            if row["count_judged"] == len(judged) and judged:
                assert row["difference"] == pytest.approx(sum(one["difference"] for one in judged))


def same_deviations(exports: Exports, tables: month_twins.Tables, home: str, year: int) -> None:
    asked = rows_of(months.large_deviations(exports, municipality_id=home, year=year))
    twin = month_twins.large_deviations(tables, home, year, settings()["deviation"])
    assert {row["unit_id"]: row["plans"] for row in asked} == {
        unit_id: told.pop("plans") for unit_id, told in twin.items()
    }
    assert not differences(by(asked, "unit_id"), twin)


@pytest.mark.parametrize("year", [None, 2025, 2026, 2022])
def test_what_was_reported_equals_its_twin(exports, example, year):
    same_reported(exports, example, EXAMPLE, year)


@pytest.mark.parametrize(
    "unit_ids", [["19901103", "09901108", "09901201"], ["19901301"], ["19901209", "09901205", "19901103"]]
)
def test_sums_over_units_equal_their_twin(exports, example, unit_ids):
    chosen = {
        **example,
        "monthly_values": [row for row in example["monthly_values"] if row["month"].year == 2026],
    }
    same_totals(exports, chosen, EXAMPLE, 2026, unit_ids)


def test_forecasts_equal_their_twin(exports, example):
    schools = ("19901103", "09901108", "09901201")
    few = {
        **example,
        "monthly_values": [row for row in example["monthly_values"] if row["unit_id"] in schools],
    }
    asked = rows_of(months.forecast_accuracy(exports, municipality_id=EXAMPLE, unit_ids=schools))
    assert not differences(by(asked, "unit_id", "month"), month_twins.forecasts(few, EXAMPLE))


@pytest.mark.parametrize("year", [2022, 2026])
def test_large_deviations_equal_their_twin(exports, example, year):
    of_year = {
        **example,
        "monthly_values": [
            row
            for row in example["monthly_values"]
            if row["month"].year == year and row["measure"] == "kostnad" and row["kind"] != "forecast"
        ],
    }
    same_deviations(exports, of_year, EXAMPLE, year)


def test_four_units_lack_a_part_in_october_2026_and_one_of_them_the_whole_month(exports):
    asked = rows_of(months.reported_months(exports, municipality_id=EXAMPLE))
    lacking = {row["unit_name"]: row["missing"] for row in asked if row["is_newest_month"] and row["missing"]}
    assert lacking == {
        "Ljungtjärnshöjdens skola": ["ekonomi"],
        "Utskärsviksskolan": list(months.DIMENSIONS),
        "Förskolan Barrlundsstigen": ["kvalitet", "personal"],
        "Förskolan Kastvindsbrynet": ["personal"],
    }
    assert {row["month"] for row in asked if row["is_newest_month"]} == {OCTOBER}


def test_a_unit_that_closed_before_is_not_missing(exports):
    asked = months.reported_months(exports, municipality_id=EXAMPLE)
    assert "09901109" not in set(asked["unit_id"])
    assert asked["unit_id"].nunique() == 29


def test_a_sum_is_of_the_units_that_reported_on_both_sides(exports):
    asked = by(rows_of(months.month_totals(exports, municipality_id=EXAMPLE)), "measure", "month")
    october = asked["kostnad", OCTOBER]
    assert (october["count_reported"], october["count_expected"]) == (27, 29)
    assert october["missing_unit_names"] == ["Ljungtjärnshöjdens skola", "Utskärsviksskolan"]
    units = rows_of(months.month_values(exports, municipality_id=EXAMPLE))
    told = [
        row
        for row in units
        if row["measure"] == "kostnad" and row["month"] == OCTOBER and row["outcome"] is not None
    ]
    assert october["budget"] == sum(row["budget"] for row in told)
    assert october["outcome"] == sum(row["outcome"] for row in told)


def test_a_unit_whose_sick_leave_may_not_be_shown_is_not_missing(exports):
    """Utskärsviksskolan has six posts all year; Gräshoppslyckan has eleven in two months of 2025 and fewer in the others."""
    of_all = by(
        [row for row in rows_of(months.month_totals(exports, municipality_id=EXAMPLE, year=2025))],
        "measure",
        "month",
    )
    for number in range(1, 13):
        row = of_all["sjukfrånvaro", dt.date(2025, number, 1)]
        assert not {"Utskärsviksskolan", "Förskolan Gräshoppslyckan"} & set(row["missing_unit_names"])
        assert row["count_expected"] - row["count_reported"] == len(row["missing_unit_names"])
        assert row["count_expected"] < of_all["årsarbetare", dt.date(2025, number, 1)]["count_expected"]
    alone = months.month_totals(exports, municipality_id=EXAMPLE, year=2025, unit_ids=["09901108"])
    assert "sjukfrånvaro" not in set(alone["measure"]) and "årsarbetare" in set(alone["measure"])
    some = months.month_totals(exports, municipality_id=EXAMPLE, year=2025, unit_ids=["19901209"])
    of_sick = some[some["measure"] == "sjukfrånvaro"]
    assert len(of_sick) == 12
    assert of_sick["count_expected"].tolist() == of_sick["count_reported"].tolist()
    assert 0 < of_sick["count_reported"].sum() < 12


def test_a_forecast_of_the_example_is_of_the_whole_year_and_comes_nearer(exports):
    asked = rows_of(months.forecast_totals(exports, municipality_id=EXAMPLE, year=2025))
    misses = [abs(row["difference_percent"]) for row in asked]
    assert misses[-1] < 0.2 < misses[0]
    assert all(0.95 < row["forecast"] / row["year_budget"] < 1.05 for row in asked)


def test_a_year_without_twelve_months_of_outcome_judges_no_forecast(exports):
    asked = months.forecast_accuracy(exports, municipality_id=EXAMPLE)
    of_2026 = asked[asked["year"] == 2026]
    assert len(of_2026) and of_2026["difference"].isna().all() and not of_2026["is_whole_year"].any()
    gap = asked[(asked["year"] == 2025) & ~asked["is_whole_year"]]
    assert set(gap["count_outcome_months"]) == {11}


def test_the_rule_for_large_deviations_is_published_in_the_settings(exports):
    rule = settings()["deviation"]
    assert (rule["percent"], rule["kronor"], rule["requirement_points"]) == (2.0, 200000, 2.0)
    asked = rows_of(months.large_deviations(exports, municipality_id=EXAMPLE))
    large = [row for row in asked if row["is_large"]]
    assert [row["is_without_plan"] for row in large] == [True] * 4 + [False]
    assert large[-1]["unit_id"] == "09901110" and "underskottet" in large[-1]["plans"][0]
    assert not any(row["is_large"] for row in asked[len(large) :])


def unit(unit_id: str, opened: int | None, closed: int | None, operator: str) -> dict[str, Any]:
    return {
        "municipality_id": HOME, "unit_id": unit_id, "name": unit_id.title(), "school_form": "grundskola",
        "operator": operator, "opened_year": opened, "closed_year": closed, "source_id": "k",
    }  # fmt: skip


@st.composite
def month_tables(draw: Callable) -> dict[str, list[dict[str, Any]]]:
    """Units that open and close, months with holes, budgets without outcomes, results and agreements."""
    years = st.sampled_from([None, None, 2019, 2020])
    operator = st.sampled_from(["kommunal", "kommunal", "enskild"])
    units = [unit(unit_id, draw(years), draw(years), draw(operator)) for unit_id in UNITS]
    key = st.tuples(
        st.sampled_from(UNITS),
        st.sampled_from([dt.date(2019, 11, 1), *(dt.date(2020, number, 1) for number in range(1, 5))]),
        st.sampled_from(sorted(MEASURES)),
        st.sampled_from(["budget", "outcome", "outcome", "forecast"]),
    )
    values = [
        {
            "municipality_id": HOME, "unit_id": unit_id, "month": month, "dimension": MEASURES[measure],
            "measure": measure, "kind": kind, "source_id": "k",
            "value": float(draw(st.integers(90, 110)) * (0.1 if MEASURES[measure] == "personal" else 100_000)),
        }
        for unit_id, month, measure, kind in draw(st.lists(key, max_size=60, unique=True))
    ]  # fmt: skip
    # One unit with a whole year, so that some forecasts can be judged.
    values += [
        {
            "municipality_id": HOME, "unit_id": "skola-1", "month": dt.date(2018, number, 1), "dimension": "ekonomi",
            "measure": "kostnad", "kind": kind, "value": float(draw(st.integers(90, 110))), "source_id": "k",
        }
        for number in range(1, 13)
        for kind in ("budget", "outcome", "forecast")
        if draw(st.sampled_from([True] * 60 + [False]))
    ]  # fmt: skip
    agreements = [
        {
            "municipality_id": HOME, "agreement_id": f"a-{number}", "meeting_kind": "autumn",
            "meeting_date": dt.date(year, 10, 1), "unit_id": unit_id, "topic": topic, "agreed": "Gör om.",
            "outcome": outcome, "source_id": "k",
        }
        for number, (year, unit_id, topic, outcome) in enumerate(
            draw(
                st.lists(
                    st.tuples(
                        st.sampled_from([2017, 2019, 2020, 2021]),
                        st.sampled_from([*UNITS, None]),
                        st.sampled_from(["Underskott", "närvaro", "mikrobudget", "Ny budgetram"]),
                        st.sampled_from([None, None, "Gjort."]),
                    ),
                    max_size=6,
                )
            )
        )
    ]  # fmt: skip
    results = [
        {
            "municipality_id": HOME, "unit_id": unit_id, "year": 2020, "requirement_percent": 2.0,
            "turnover": 100.0, "result": float(draw(st.integers(-3, 5))), "source_id": "k",
        }
        for unit_id in draw(st.lists(st.sampled_from(UNITS), unique=True))
    ]  # fmt: skip
    return {"units": units, "monthly_values": values, "agreements": agreements, "unit_results": results}


@MADE_UP
@given(made=of_two_municipalities(month_tables()))
def test_made_up_months_equal_their_twins(publish, made):
    exports = publish(**made)
    tables = tables_of(exports)
    for home in (HOME, NEIGHBOUR):
        for year in (None, 2018, 2020):
            same_reported(exports, tables, home, year)
            same_totals(exports, tables, home, year, [])
        same_totals(exports, tables, home, None, list(UNITS[:2]))
        same_forecasts(exports, tables, home)
        same_deviations(exports, tables, home, 2020)

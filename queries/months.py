"""Questions about the months of a year: what the units reported, budget, outcome, forecast, and large deviations."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from queries.catalogue import question
from queries.connection import Exports, settings

DIMENSIONS = ("prestationer", "kvalitet", "personal", "ekonomi")


@question
def reported_months(
    exports: Exports, *, municipality_id: str, year: int | None = None, unit_ids: Sequence[str] = ()
) -> pd.DataFrame:
    """One row per unit and month that should have been reported in a year, with which of the four dimensions were.

    missing lists the DIMENSIONS without an outcome. A unit that was not open has no row.
    """
    return exports.rows("reported_months", municipality_id=municipality_id, year=year, unit_ids=unit_ids)


@question
def month_values(
    exports: Exports, *, municipality_id: str, year: int | None = None, unit_ids: Sequence[str] = ()
) -> pd.DataFrame:
    """One row per unit, month and measure of a year: budget, outcome and forecast of the whole year side by side."""
    return exports.rows("month_values", municipality_id=municipality_id, year=year, unit_ids=unit_ids)


@question
def month_totals(
    exports: Exports, *, municipality_id: str, year: int | None = None, unit_ids: Sequence[str] = ()
) -> pd.DataFrame:
    """One row per month and measure of a year, for the chosen units together: budget and outcome of those that reported.

    count_reported of count_expected units; missing_unit_names are the others. is_mean: an unweighted mean of the units.
    A unit whose sick leave may not be shown that month is not expected; where no unit is, count_expected is 0.
    """
    return exports.rows("month_totals", municipality_id=municipality_id, year=year, unit_ids=unit_ids)


@question
def forecast_accuracy(
    exports: Exports, *, municipality_id: str, year: int | None = None, unit_ids: Sequence[str] = ()
) -> pd.DataFrame:
    """One row per unit, year and forecast occasion (month) up to a year, with what the year's cost became, in kronor."""
    return exports.rows("forecast_accuracy", municipality_id=municipality_id, year=year, unit_ids=unit_ids)


@question
def forecast_totals(
    exports: Exports, *, municipality_id: str, year: int | None = None, unit_ids: Sequence[str] = ()
) -> pd.DataFrame:
    """One row per forecast occasion (month) of a year, for the chosen units together: forecasts of the year's cost."""
    return exports.rows("forecast_totals", municipality_id=municipality_id, year=year, unit_ids=unit_ids)


@question
def large_deviations(
    exports: Exports, *, municipality_id: str, year: int | None = None, unit_ids: Sequence[str] = ()
) -> pd.DataFrame:
    """One row per unit with costs against a budget in a year, or a result against a requirement: how far, and its plan.

    is_large, is_without_plan: by the rule in data/settings.toml. plans are sentences with their days.
    """
    rule = deviation_rule()
    return exports.rows(
        "large_deviations",
        municipality_id=municipality_id,
        year=year,
        unit_ids=unit_ids,
        percent=rule["percent"],
        kronor=rule["kronor"],
        points=rule["requirement_points"],
        plan_years=rule["plan_years"],
        plan_words=rule["plan_words"],
    )


def deviation_rule() -> Mapping[str, Any]:
    """What counts as a large deviation, and as a plan for it: [deviation] of data/settings.toml."""
    return settings()["deviation"]

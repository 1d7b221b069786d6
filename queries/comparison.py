"""Questions about the municipality against others, as in Kolada: jämförelse."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from queries.catalogue import question
from queries.connection import Exports

MEAN = "medel"
A_YEAR_BACK, FIVE_YEARS_BACK = "ar-1", "ar-5"


@question
def profiles(exports: Exports, *, municipality_id: str) -> pd.DataFrame:
    """One row per indicator profile, with how many of its indicators have a value for the municipality."""
    return exports.rows("profiles", municipality_id=municipality_id)


@question
def comparison_choices(exports: Exports, *, municipality_id: str) -> pd.DataFrame:
    """One row per place or group that a municipality can be compared with, and how many members have a value."""
    return exports.rows("comparison_choices", municipality_id=municipality_id)


@question
def comparable_indicators(exports: Exports, *, municipality_id: str) -> pd.DataFrame:
    """One row per indicator that has a value for the municipality, results first."""
    return exports.rows("comparable_indicators", municipality_id=municipality_id)


@question
def unit_only_indicators(exports: Exports, *, municipality_id: str) -> pd.DataFrame:
    """One row per indicator that only units of the municipality have a value for, results first."""
    return exports.rows("unit_only_indicators", municipality_id=municipality_id)


@question
def comparable_units(
    exports: Exports, *, municipality_id: str, profile_id: str = "grundskola"
) -> pd.DataFrame:
    """One row per unit that has a value, or a value that may not be shown, for an indicator of a profile."""
    return exports.rows("comparable_units", municipality_id=municipality_id, profile_id=profile_id)


@question
def spider_values(
    exports: Exports,
    *,
    municipality_id: str,
    year: int | None = None,
    profile_id: str = "grundskola",
    indicator_ids: Sequence[str] = (),
    compare_with: Sequence[str] = (MEAN,),
    gender: str = "T",
) -> pd.DataFrame:
    """One row per indicator of a profile, or of one's own choice, and place: the municipality, its comparisons, its
    target.

    indicator_ids go before the profile. compare_with holds codes of municipalities and groups, 'medel' (unweighted
    mean of all), 'ar-1' or 'ar-5'. Without a year each indicator takes the newest in which the municipality has a
    value. scaled is 0–100 by RKA's recipe, percentile 0–100 by rank.
    """
    return exports.rows(
        "spider_values",
        municipality_id=municipality_id,
        year=year,
        profile_id=profile_id,
        indicator_ids=indicator_ids,
        compare_with=compare_with,
        gender=gender,
    )


@question
def spider_units(
    exports: Exports,
    *,
    municipality_id: str,
    unit_ids: Sequence[str] = (),
    year: int | None = None,
    profile_id: str = "grundskola",
) -> pd.DataFrame:
    """One row per indicator of a profile and place: the chosen units and their municipality.

    All are placed on the scale of the country's municipalities; hidden values stay empty, with the reason.
    """
    return exports.rows(
        "spider_units", municipality_id=municipality_id, unit_ids=unit_ids, year=year, profile_id=profile_id
    )


@question
def goal_positions(exports: Exports, *, municipality_id: str, year: int, against: str = MEAN) -> pd.DataFrame:
    """One row per goal and indicator of it that can be compared: verdict and position, side by side.

    against is the code of a municipality or group, or 'medel'.
    """
    return exports.rows("goal_positions", municipality_id=municipality_id, year=year, against=against)


@question
def indicator_history(
    exports: Exports,
    *,
    municipality_id: str,
    indicator_id: str,
    compare_with: Sequence[str] = (MEAN,),
    gender: str = "T",
) -> pd.DataFrame:
    """One row per year and place for one indicator: the municipality and its comparisons, gaps and breaks told."""
    return exports.rows(
        "indicator_history",
        municipality_id=municipality_id,
        indicator_id=indicator_id,
        compare_with=compare_with,
        gender=gender,
    )


@question
def indicator_spread(
    exports: Exports,
    *,
    municipality_id: str,
    indicator_id: str,
    year: int | None = None,
    compare_with: Sequence[str] = (MEAN,),
    gender: str = "T",
) -> pd.DataFrame:
    """One row per municipality of the register for one indicator, year and gender, lowest value first."""
    return exports.rows(
        "indicator_spread",
        municipality_id=municipality_id,
        indicator_id=indicator_id,
        year=year,
        compare_with=compare_with,
        gender=gender,
    )


@question
def indicator_genders(exports: Exports, *, municipality_id: str, indicator_id: str) -> pd.DataFrame:
    """One row per year and gender for one indicator of a municipality, as published."""
    return exports.rows("indicator_genders", municipality_id=municipality_id, indicator_id=indicator_id)


@question
def indicator_units(
    exports: Exports, *, municipality_id: str, indicator_id: str, year: int | None = None
) -> pd.DataFrame:
    """One row per open unit of a municipality with an outcome, or a reason for none, for one indicator in a year."""
    return exports.rows(
        "indicator_units", municipality_id=municipality_id, indicator_id=indicator_id, year=year
    )

"""Questions about the municipality against others, as in Kolada: jämförelse."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from queries.catalogue import question
from queries.connection import Exports


@question
def profiles(exports: Exports, *, municipality_id: str) -> pd.DataFrame:
    """One row per indicator profile, with how many of its indicators have a value for the municipality."""
    return exports.rows("profiles", municipality_id=municipality_id)


@question
def comparison_choices(exports: Exports, *, municipality_id: str) -> pd.DataFrame:
    """One row per place or group that a municipality can be compared with."""
    return exports.rows("comparison_choices", municipality_id=municipality_id)


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
    compare_with: str = "medel",
    gender: str = "T",
) -> pd.DataFrame:
    """One row per indicator of a profile and place: the municipality, the country and one chosen comparison.

    compare_with is a municipality or group code, 'medel' (unweighted mean of all), 'ar-1' or 'ar-5'. Without a year
    each indicator takes the newest in which the municipality has a value. scaled is 0–100 by RKA's recipe.
    """
    return exports.rows(
        "spider_values",
        municipality_id=municipality_id,
        year=year,
        profile_id=profile_id,
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

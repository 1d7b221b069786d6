"""Questions about a year's economy and staffing: result requirement, own capital, children per full-time post."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from queries.catalogue import question
from queries.connection import Exports

CAPITAL_STATES = ("intact", "reduced", "used_up", "unknown")


@question
def unit_economy(
    exports: Exports, *, municipality_id: str, year: int | None = None, unit_ids: Sequence[str] = ()
) -> pd.DataFrame:
    """One row per unit (empty = the whole municipality) and year up to a year: what the result was to be and was.

    Kronor, and percent of the turnover. capital_state is one of CAPITAL_STATES; years_in_a_row below the requirement.
    """
    return exports.rows("unit_economy", municipality_id=municipality_id, year=year, unit_ids=unit_ids)


@question
def economy_totals(
    exports: Exports, *, municipality_id: str, year: int | None = None, unit_ids: Sequence[str] = ()
) -> pd.DataFrame:
    """One row per year up to a year, of the chosen units together: result requirement, result and own capital in kronor.

    count_with_result and count_with_capital of count_units say how many units a sum is of.
    """
    return exports.rows("economy_totals", municipality_id=municipality_id, year=year, unit_ids=unit_ids)


@question
def staffing_with_grants(
    exports: Exports, *, municipality_id: str, year: int | None = None, unit_ids: Sequence[str] = ()
) -> pd.DataFrame:
    """One row per unit (empty = the whole municipality) and year up to a year: children per full-time post in preschool.

    with_grants counts the posts that state grants pay, without_grants leaves them out.
    """
    return exports.rows("staffing_with_grants", municipality_id=municipality_id, year=year, unit_ids=unit_ids)

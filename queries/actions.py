"""Questions about actions: åtgärder, their reports and deadlines."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from queries.catalogue import one_of, question
from queries.connection import Exports
from queries.places import newest_year

GROUPINGS = ("total", "kind", "perspective", "goal", "area", "unit", "report_point")


@question
def action_tally(
    exports: Exports,
    *,
    municipality_id: str,
    year: int | None = None,
    unit_ids: Sequence[str] = (),
    kinds: Sequence[str] = (),
    by: str = "total",
) -> pd.DataFrame:
    """One row per group: the number of actions by what became of them, and by canonical status.

    by is one of GROUPINGS, else UnknownChoice. Without a year the newest with
    reports counts. finished + open + closed_undone = total; late lies within open.
    """
    return exports.rows(
        "action_tally",
        municipality_id=municipality_id,
        year=year or newest_year(exports, municipality_id, "actions"),
        unit_ids=unit_ids,
        kinds=kinds,
        by=one_of(GROUPINGS, by),
    )


@question
def action_list(
    exports: Exports,
    *,
    municipality_id: str,
    year: int | None = None,
    unit_ids: Sequence[str] = (),
    kinds: Sequence[str] = (),
) -> pd.DataFrame:
    """One row per action reported in a year, as its last report of the year tells it; late ones first."""
    return exports.rows(
        "action_list",
        municipality_id=municipality_id,
        year=year or newest_year(exports, municipality_id, "actions"),
        unit_ids=unit_ids,
        kinds=kinds,
    )


@question
def action_reports_of(exports: Exports, *, municipality_id: str, action_id: str) -> pd.DataFrame:
    """One row per report of one action, oldest first."""
    return exports.rows("action_reports_of", municipality_id=municipality_id, action_id=action_id)


@question
def report_calendar(exports: Exports, *, municipality_id: str, year: int | None = None) -> pd.DataFrame:
    """One row per report point of a year, in order, with its date where a source gives one."""
    chosen = year or newest_year(exports, municipality_id, "actions")
    return exports.rows("report_calendar", municipality_id=municipality_id, year=chosen)


@question
def action_areas(exports: Exports, *, municipality_id: str) -> pd.DataFrame:
    """One row per action of a municipality and the area it is followed up under: its own, else the perspective."""
    return exports.rows("action_areas", municipality_id=municipality_id)

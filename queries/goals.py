"""Questions about the committee's goals: måluppfyllelse."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from queries.catalogue import one_of, question
from queries.connection import Exports
from queries.places import newest_year

GROUPINGS = ("total", "perspective", "unit")


@question
def goal_tally(
    exports: Exports,
    *,
    municipality_id: str,
    year: int | None = None,
    unit_ids: Sequence[str] = (),
    by: str = "total",
) -> pd.DataFrame:
    """One row per group: the number of the committee's goals by verdict.

    by is one of GROUPINGS, else UnknownChoice. Without a year the newest with verdicts counts. No row when there is no
    goal. Improvement areas are left out.
    """
    return exports.rows(
        "goal_tally",
        municipality_id=municipality_id,
        year=year or newest_year(exports, municipality_id, "verdicts"),
        unit_ids=unit_ids,
        by=one_of(GROUPINGS, by),
    )


@question
def goal_list(
    exports: Exports, *, municipality_id: str, year: int | None = None, unit_id: str | None = None
) -> pd.DataFrame:
    """One row per goal of the committee in a year, with the reported verdict and the computed one.

    A verdict that a source counts without naming the goal is a row without goal_id.
    """
    chosen = year or newest_year(exports, municipality_id, "verdicts")
    return exports.rows("goal_list", municipality_id=municipality_id, year=chosen, unit_id=unit_id)


@question
def goal_evidence(
    exports: Exports,
    *,
    municipality_id: str,
    goal_id: str,
    year: int | None = None,
    unit_id: str | None = None,
) -> pd.DataFrame:
    """One row per indicator of a goal and year: outcome against target, six years back and the planned path ahead."""
    chosen = year or newest_year(exports, municipality_id, "verdicts")
    return exports.rows(
        "goal_evidence", municipality_id=municipality_id, goal_id=goal_id, year=chosen, unit_id=unit_id
    )


@question
def goal_history(exports: Exports, *, municipality_id: str) -> pd.DataFrame:
    """One row per goal and year it stood in a plan, with verdict, change, priority and what became of it afterwards."""
    return exports.rows("goal_history", municipality_id=municipality_id)


@question
def goal_sums(exports: Exports, *, municipality_id: str) -> pd.DataFrame:
    """One row per year with goals or verdicts of the committee: what a source counts beside what is listed by name."""
    return exports.rows("goal_sums", municipality_id=municipality_id)


@question
def contradicting_remarks(exports: Exports, *, municipality_id: str) -> pd.DataFrame:
    """One row per remark about what a source says that does not agree with itself."""
    return exports.rows("contradicting_remarks", municipality_id=municipality_id)


@question
def unmet_goals(
    exports: Exports, *, municipality_id: str, year: int | None = None, unit_id: str | None = None
) -> pd.DataFrame:
    """One row per goal of the committee that is not fully met in a year and open action that serves it, late ones first.

    A goal without open action is one row without action.
    """
    chosen = year or newest_year(exports, municipality_id, "verdicts")
    return exports.rows("unmet_goals", municipality_id=municipality_id, year=chosen, unit_id=unit_id)


@question
def goal_units(
    exports: Exports, *, municipality_id: str, year: int | None = None, unit_ids: Sequence[str] = ()
) -> pd.DataFrame:
    """One row per unit and goal that is assessed per unit in a year."""
    chosen = year or newest_year(exports, municipality_id, "verdicts")
    return exports.rows("goal_units", municipality_id=municipality_id, year=chosen, unit_ids=unit_ids)

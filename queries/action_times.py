"""Questions about actions over time: deadlines that move, what differs between reports, and what a meeting is about."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from queries.catalogue import day_of, question
from queries.connection import Exports
from queries.places import newest_year


@question
def action_moves(
    exports: Exports, *, municipality_id: str, year: int | None = None, unit_ids: Sequence[str] = ()
) -> pd.DataFrame:
    """One row per action and report in which the deadline changed, up to a year, with first, before and after.

    days_moved in days where both ends have a day, steps_moved in report points within a year.
    """
    return exports.rows(
        "action_moves",
        municipality_id=municipality_id,
        year=_year(exports, municipality_id, year),
        unit_ids=unit_ids,
    )


@question
def action_changes(
    exports: Exports,
    *,
    municipality_id: str,
    year: int | None = None,
    unit_ids: Sequence[str] = (),
    report_date: str | None = None,
    since: str | None = None,
) -> pd.DataFrame:
    """One row per action that differs between two reports: new, vanished, or with another status, deadline or comment.

    report_date and since are days as 2026-09-30; without them the two newest reports up to the year's end are
    compared. Raises UnknownChoice for what is no day.
    """
    return exports.rows(
        "action_changes",
        municipality_id=municipality_id,
        year=_year(exports, municipality_id, year),
        unit_ids=unit_ids,
        report_date=day_of(report_date),
        since=day_of(since),
    )


@question
def vanished_actions(
    exports: Exports,
    *,
    municipality_id: str,
    year: int | None = None,
    unit_ids: Sequence[str] = (),
    report_date: str | None = None,
    since: str | None = None,
) -> pd.DataFrame:
    """One row per action that stands in one report and not in the next; those that were open first.

    The two reports are chosen as in action_changes.
    """
    return exports.rows(
        "vanished_actions",
        municipality_id=municipality_id,
        year=_year(exports, municipality_id, year),
        unit_ids=unit_ids,
        report_date=day_of(report_date),
        since=day_of(since),
    )


@question
def meeting_actions(
    exports: Exports,
    *,
    municipality_id: str,
    year: int | None = None,
    unit_ids: Sequence[str] = (),
    meeting: str | None = None,
) -> pd.DataFrame:
    """One row per action that a meeting should look at, with each reason as a column.

    meeting is a report point of the year or a day as 2026-10-27; without it the point of the year's newest report.
    """
    return exports.rows(
        "meeting_actions",
        municipality_id=municipality_id,
        year=_year(exports, municipality_id, year),
        unit_ids=unit_ids,
        meeting=meeting,
    )


@question
def meeting_promises(
    exports: Exports, *, municipality_id: str, year: int | None = None, meeting: str | None = None
) -> pd.DataFrame:
    """One row per promise to the committee that falls due at a meeting, chosen as in meeting_actions."""
    return exports.rows(
        "meeting_promises",
        municipality_id=municipality_id,
        year=_year(exports, municipality_id, year),
        meeting=meeting,
    )


@question
def action_timeline(exports: Exports, *, municipality_id: str, year: int | None = None) -> pd.DataFrame:
    """One row per point on a year's time axis: report points, other reports, dialogue meetings, promised report backs."""
    return exports.rows(
        "action_timeline", municipality_id=municipality_id, year=_year(exports, municipality_id, year)
    )


@question
def report_days(exports: Exports, *, municipality_id: str) -> pd.DataFrame:
    """One row per day on which actions were reported, newest first."""
    return exports.rows("report_days", municipality_id=municipality_id)


def _year(exports: Exports, municipality_id: str, year: int | None) -> int | None:
    return year or newest_year(exports, municipality_id, "actions")

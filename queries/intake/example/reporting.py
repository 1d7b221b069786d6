"""What an invented action and its reports are, and the days on which reports are given."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from queries.intake.example.goals import COMMITTEE_GOALS, IMPROVEMENT_AREAS, Goal

POINTS = (("Delrapport 1", 4, 30), ("Delrapport 2", 9, 30), ("Verksamhetsberättelse", 12, 31))
TODAY = dt.date(2026, 11, 22)
GOALS = {goal.goal_id: goal for goal in COMMITTEE_GOALS}
FIRST_YEAR, LAST_YEAR = 2022, 2026
# The improvement area an action belongs to, before and from 2024; goals of staff have none.
_AREA_OF = {
    "N01": ("F3", "F5"), "N02": (None, "F6"), "N03": ("F1", "F1"), "N04": ("F1", "F1"), "N05": ("F1", "F6"),
    "N06": ("F4", "F5"), "N07": ("F1", "F1"), "N08": ("F2", "F2"), "N09": (None, None), "N10": (None, None),
    "N11": ("F2", "F2"), "N12": (None, "F5"),
}  # fmt: skip


@dataclass(frozen=True)
class Due:
    """A deadline as a plan states it: a report point, a date, or only words."""

    point: str | None = None
    date: dt.date | None = None
    text: str | None = None


@dataclass(frozen=True)
class Report:
    """What one report says of an action."""

    date: dt.date
    status: str
    due: Due
    comment: str | None = None
    evaluation_date: dt.date | None = None
    report_back_date: dt.date | None = None
    effect: str | None = None


@dataclass(frozen=True)
class Action:
    """One action with its reports, oldest first."""

    action_id: str
    year: int
    kind: str
    goal: Goal
    title: str
    reports: tuple[Report, ...] = ()
    unit_id: str | None = None
    area: str | None = None
    owner_role: str | None = None
    indicator_id: str | None = None
    baseline_year: int | None = None


def point_dates(year: int) -> dict[str, dt.date]:
    """Report point → its day in a year."""
    return {name: dt.date(year, month, day) for name, month, day in POINTS}


# Reports that have been given by TODAY, oldest first.
REPORT_DATES: tuple[tuple[dt.date, str], ...] = tuple(
    (date, name)
    for year in range(FIRST_YEAR, LAST_YEAR + 1)
    for name, date in point_dates(year).items()
    if date <= TODAY
)
LAST_REPORT, LAST_POINT = REPORT_DATES[-1]


def area_name(goal_id: str, year: int) -> str | None:
    """The improvement area that actions for a goal are followed up under, named as in that year."""
    code = _AREA_OF[goal_id][year >= 2024]
    return next((area.name(year) for area in IMPROVEMENT_AREAS if area.goal_id == code), None)

"""Invented actions drawn at random: most run as planned, some slip, and none contradicts itself.

Those that do are written out in planted.py.
"""

from __future__ import annotations

import datetime as dt
import random
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import islice

import pandas as pd

from queries.intake.example import action_texts as texts
from queries.intake.example.frames import frame
from queries.intake.example.goals import COMMITTEE_GOALS, Goal
from queries.intake.example.places import CLOSED_SCHOOL, PRESCHOOLS, SCHOOLS, UPPER_SECONDARY
from queries.intake.example.planted import written_actions
from queries.intake.example.reporting import (
    GOALS,
    LAST_POINT,
    LAST_REPORT,
    POINTS,
    REPORT_DATES,
    Action,
    Due,
    Report,
    area_name,
    point_dates,
)

# Year → activities and assignments drawn for it; the last two years have written ones besides.
ACTION_YEARS: Mapping[int, tuple[int, int]] = {
    2022: (17, 3),
    2023: (17, 3),
    2024: (32, 8),
    2025: (30, 8),
    2026: (18, 8),
}
_PRESCHOOL_GOALS = ("N02", "N09", "N10", "N11")


def all_actions(seed: int, values: Mapping[tuple[str, int], float]) -> tuple[Action, ...]:
    """Every action. values: (indicator_id, year) → the municipality's outcome, which told effects quote."""
    rng = random.Random(f"{seed}-actions")
    drawn = [*_activities(rng), *_assignments()]
    reported = (replace(action, reports=tuple(_reports(action, rng))) for action in drawn)
    told = (_with_effect(action, values, rng) for action in reported)
    return tuple(sorted((*told, *written_actions()), key=lambda action: action.action_id))


def action_tables(actions: Sequence[Action]) -> dict[str, pd.DataFrame]:
    """actions, action_reports and report_points."""
    points = [
        {
            "year": year,
            "report_point": name,
            "position": position,
            "point_date": date,
            "source_id": "exempel-arshjul",
        }
        for year in range(2021, 2028)
        for position, (name, date) in enumerate(point_dates(year).items(), start=1)
    ]
    return {
        "actions": frame("actions", map(_action_row, actions)),
        "action_reports": frame(
            "action_reports", [_report_row(action, one) for action in actions for one in action.reports]
        ),
        "report_points": frame("report_points", points),
    }


def _activities(rng: random.Random) -> Iterator[Action]:
    used: Counter[str] = Counter()
    taken: set[str] = set()
    for year, (count, _) in ACTION_YEARS.items():
        goals = [goal for goal in COMMITTEE_GOALS if goal.goal_id in texts.ACTIVITIES and year in goal.years]
        for number in range(count):
            goal = goals[number % len(goals)]
            action = _activity(goal, f"{year}-{number + 1:02d}", year, used[goal.goal_id], taken, rng)
            used[goal.goal_id] += 1
            taken.add(action.title)
            yield action


def _activity(
    goal: Goal, action_id: str, year: int, turn: int, taken: set[str], rng: random.Random
) -> Action:
    titles = texts.ACTIVITIES[goal.goal_id]
    template = titles[turn % len(titles)]
    title, unit_id = _placed(template, goal, year, rng)
    while title in taken and "{where}" in template:
        title, unit_id = _placed(template, goal, year, rng)
    if turn >= len(titles) and "{where}" not in template:
        title += f", steg {turn // len(titles) + 1}"
    measured = goal.indicators and rng.random() < 0.42
    return Action(
        action_id=action_id,
        year=year,
        kind="activity",
        goal=goal,
        title=title,
        unit_id=unit_id,
        area=area_name(goal.goal_id, year),
        owner_role="Rektor" if unit_id else goal.owner_role,
        indicator_id=goal.indicators[0] if measured else None,
        baseline_year=year - 1 if measured else None,
    )


def _placed(title: str, goal: Goal, year: int, rng: random.Random) -> tuple[str, str | None]:
    if "{where}" not in title:
        return title, UPPER_SECONDARY if "gymnasiet" in title else None
    preschools = goal.goal_id == "N02" or (goal.goal_id in _PRESCHOOL_GOALS and "i {where}" in title)
    if preschools:
        unit = rng.choice(PRESCHOOLS)
    elif goal.goal_id in ("N04", "N12"):
        unit = rng.choice([school for school in SCHOOLS if school.has_grade(9)])
    else:
        low = [school for school in SCHOOLS if school.has_grade(1) and school.unit_id != CLOSED_SCHOOL]
        unit = rng.choice(low)
    # The school was called something else before 2024, and a plan from then says so.
    return title.replace("{where}", unit.name_in(year)), unit.unit_id


def _assignments() -> Iterator[Action]:
    remaining = iter(texts.ASSIGNMENTS)
    for year, (activities, assignments) in ACTION_YEARS.items():
        for number, (title, goal_id) in enumerate(islice(remaining, assignments), start=activities + 1):
            goal = GOALS[goal_id]
            yield Action(f"{year}-{number:02d}", year, "assignment", goal, title, owner_role="Skolchef")


def _first_due(action: Action, rng: random.Random) -> Due:
    kind = rng.random()
    if kind < 0.55:
        return Due(point=rng.choices([name for name, _, _ in POINTS], (1, 4, 5))[0])
    if kind < 0.88:
        month, day = rng.choice(((3, 31), (5, 31), (6, 15), (8, 31), (10, 15), (10, 31), (11, 30), (12, 15)))
        return Due(date=dt.date(action.year, month, day))
    return Due(text=rng.choice(texts.RUNNING))


def _day(due: Due, year: int) -> dt.date | None:
    return point_dates(year)[due.point] if due.point else due.date


def _reports(action: Action, rng: random.Random) -> Iterator[Report]:
    due = _first_due(action, rng)
    fate = rng.choices(("on_time", "slips", "late", "dropped", "undone"), (58, 24, 6, 7, 5))[0]
    if action.year == LAST_REPORT.year and due.point == LAST_POINT and rng.random() < 0.6:
        # What should have been ready for the newest report point and is not is what a meeting asks about.
        fate = "late"
    if due.text:
        yield from _running(action, due, rng)
        return
    story = _Story(action, due, fate, rng)
    for date, name in REPORT_DATES:
        if date.year < action.year:
            continue
        if date.year > action.year and story.closed:
            return
        yield story.report(date, name)


def _running(action: Action, due: Due, rng: random.Random) -> Iterator[Report]:
    for date, name in REPORT_DATES:
        if date.year == action.year:
            finished = name == POINTS[-1][0]
            yield Report(
                date,
                "Genomfört" if finished else "Pågående",
                due,
                rng.choice(texts.DONE if finished else texts.ONGOING),
            )


class _Story:
    """How one action goes, told report by report."""

    def __init__(self, action: Action, due: Due, fate: str, rng: random.Random) -> None:
        self.due = due
        self.closed = False
        self._rng = rng
        self._fate = fate
        self._slips = rng.choice((1, 1, 1, 2, 2, 3)) if fate == "slips" else 0
        self._moved = False
        self._stands: str | None = None
        day = _day(due, action.year)
        assert day is not None
        self._evaluated = day + dt.timedelta(days=rng.choice((120, 180, 240))) if rng.random() < 0.3 else None
        self._starts = day - dt.timedelta(days=rng.choice((100, 160, 220, 300)))
        self._report_back = rng.random() < 0.15

    def report(self, date: dt.date, name: str) -> Report:
        """The report of that day; the story moves on."""
        status, comment = self._status(date, name)
        back = _next_point(date) if self._report_back and not self.closed else None
        return Report(date, status, self.due, comment, self._evaluated, back)

    def _status(self, date: dt.date, name: str) -> tuple[str, str | None]:
        rng = self._rng
        if self.closed:
            return self._stands or "Genomfört", None
        day = _day(self.due, date.year)
        assert day is not None
        if day > date:
            return self._before(day, date)
        match self._fate:
            case "dropped":
                return self._close("Ej aktuellt", rng.choice(texts.NO_LONGER_NEEDED))
            case "undone":
                return self._close("Ej genomfört", rng.choice(texts.NOT_DONE))
            case "late" if not self._moved and date == LAST_REPORT and self.due.point == name:
                return rng.choice(
                    (("Kvarstår pga vakant tjänst", None), ("Pågående", rng.choice(texts.LATE)))
                )
        if self._slips or (self._fate == "late" and not self._moved):
            return self._move(date, name)
        return self._close("Genomfört", rng.choice(texts.DONE))

    def _before(self, day: dt.date, date: dt.date) -> tuple[str, str | None]:
        rng = self._rng
        if self._starts > date and not self._moved:
            return "Ej påbörjat", rng.choice(texts.NOT_STARTED)
        if self._moved or rng.random() < 0.35:
            return "Pågående", rng.choice(texts.ONGOING)
        return "Pågår enligt tidsplan", rng.choice(texts.ON_SCHEDULE)

    def _close(self, status: str, comment: str | None) -> tuple[str, str | None]:
        self.closed = True
        self._stands = status
        return status, comment

    def _move(self, date: dt.date, name: str) -> tuple[str, str]:
        rng = self._rng
        self._slips = max(0, self._slips - 1)
        self._moved = True
        later = [point for point, day in point_dates(date.year).items() if day > date]
        if self.due.point and later:
            self.due = Due(point=later[0])
        else:
            # A report point of next year would read as one of this year, so a date says which is meant.
            month = date + dt.timedelta(days=rng.choice((75, 110, 150)))
            self.due = Due(date=month.replace(day=15))
        comment = rng.choice(texts.MOVED)
        return rng.choice(
            (("Pågående", comment), ("Kvarstår pga vakant tjänst", comment), ("Kvarstår", comment))
        )


def _next_point(date: dt.date) -> dt.date:
    days = [day for year in (date.year, date.year + 1) for day in point_dates(year).values()]
    return next(day for day in days if day > date)


def _with_effect(action: Action, values: Mapping[tuple[str, int], float], rng: random.Random) -> Action:
    """A few finished actions tell an effect: the outcome before and after, never a cause."""
    last = action.reports[-1]
    indicator_id, before = action.indicator_id, action.baseline_year
    if (
        indicator_id not in texts.MEASURED
        or before is None
        or last.status != "Genomfört"
        or rng.random() > 0.45
    ):
        return action
    after = max(last.date.year, before + 1)
    if (indicator_id, before) not in values or (indicator_id, after) not in values:
        return action
    first, second = (_swedish(values[indicator_id, year]) for year in (before, after))
    what = texts.MEASURED[indicator_id]
    effect = f"{what} i hela kommunen var {first} % {before} och {second} % {after}."
    return replace(action, reports=(*action.reports[:-1], replace(last, effect=effect)))


def _swedish(value: float) -> str:
    return f"{value:.1f}".replace(".", ",")


def _action_row(action: Action) -> dict[str, object]:
    return {
        "action_id": action.action_id,
        "year": action.year,
        "kind": action.kind,
        "goal_id": action.goal.goal_id,
        "perspective": action.goal.perspective,
        "area": action.area,
        "unit_id": action.unit_id,
        "title": action.title,
        "owner_role": action.owner_role,
        "given_by": "Kommunfullmäktige" if action.kind == "assignment" else "Barn- och utbildningsnämnden",
        "indicator_id": action.indicator_id,
        "baseline_year": action.baseline_year,
        "source_id": "exempel-verksamhetsplan",
    }


def _report_row(action: Action, one: Report) -> dict[str, object]:
    point = next(name for name, date in point_dates(one.date.year).items() if date == one.date)
    return {
        "action_id": action.action_id,
        "report_date": one.date,
        "year": one.date.year,
        "report_name": f"{point} {one.date.year}",
        "report_point": point,
        "status_raw": one.status,
        "due_text": one.due.text,
        "due_date": one.due.date,
        "due_report_point": one.due.point,
        "evaluation_date": one.evaluation_date,
        "report_back_date": one.report_back_date,
        "effect": one.effect,
        "comment": one.comment,
        "source_id": "exempel-uppfoljning",
    }

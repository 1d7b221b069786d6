"""Invented actions and their reports: most run as planned, some slip, and a few contradict themselves on purpose.

PLANTED names the contradictions. They are written out by hand, so they stand whatever the seed is; the actions drawn
at random never contradict themselves in those ways.
"""

from __future__ import annotations

import datetime as dt
import random
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice

import pandas as pd

from queries.intake.example import action_texts as texts
from queries.intake.example.frames import frame
from queries.intake.example.goals import COMMITTEE_GOALS, IMPROVEMENT_AREAS, Goal
from queries.intake.example.places import CLOSED_SCHOOL, PRESCHOOLS, SCHOOLS, UPPER_SECONDARY, WEAK_SCHOOL

POINTS = (("Delrapport 1", 4, 30), ("Delrapport 2", 9, 30), ("Verksamhetsberättelse", 12, 31))
TODAY = dt.date(2026, 11, 22)
ACTION_YEARS: Mapping[int, tuple[int, int]] = {
    2022: (17, 3),
    2023: (17, 3),
    2024: (32, 8),
    2025: (30, 8),
    2026: (18, 8),
}
_GOALS = {goal.goal_id: goal for goal in COMMITTEE_GOALS}
# The improvement area an action belongs to, before and from 2024; goals of staff have none.
_AREA_OF = {
    "N01": ("F3", "F5"), "N02": (None, "F6"), "N03": ("F1", "F1"), "N04": ("F1", "F1"), "N05": ("F1", "F6"),
    "N06": ("F4", "F5"), "N07": ("F1", "F1"), "N08": ("F2", "F2"), "N09": (None, None), "N10": (None, None),
    "N11": ("F2", "F2"), "N12": (None, "F5"),
}  # fmt: skip
_PRESCHOOL_GOALS = ("N02", "N09", "N10", "N11")


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
    (date, name) for year in ACTION_YEARS for name, date in point_dates(year).items() if date <= TODAY
)
LAST_REPORT, LAST_POINT = REPORT_DATES[-1]

_D1, _D2 = dt.date(2026, 4, 30), dt.date(2026, 9, 30)
_POINT1, _POINT2, _POINT3 = (Due(point=name) for name, _, _ in POINTS)


def _on(year: int, month: int, day: int) -> Due:
    return Due(date=dt.date(year, month, day))


def _written(
    number: int, goal_id: str, title: str, *reports: Report, year: int = 2026, unit_id: str | None = None
) -> Action:
    goal = _GOALS[goal_id]
    area = area_name(goal_id, year)
    return Action(f"{year}-{number}", year, "activity", goal, title, reports, unit_id, area, goal.owner_role)


def area_name(goal_id: str, year: int) -> str | None:
    """The improvement area that actions for a goal are followed up under, named as in that year."""
    code = _AREA_OF[goal_id][year >= 2024]
    return next((area.name(year) for area in IMPROVEMENT_AREAS if area.goal_id == code), None)


# (action_id, rule): what a reader who compares a report's words, dates and earlier reports must be able to see.
PLANTED: list[tuple[str, str]] = [
    ("2026-71", "on_schedule_but_moved"),
    ("2026-72", "on_schedule_but_moved"),
    ("2026-73", "on_schedule_but_moved"),
    ("2026-74", "done_but_remains"),
    ("2025-75", "done_but_remains"),
    ("2026-76", "open_without_new_date"),
    ("2026-77", "open_without_new_date"),
    ("2026-78", "reason_missing"),
    ("2026-79", "reason_missing"),
    ("2025-80", "closed_by_decision"),
    ("2026-81", "same_text_two_areas"),
    ("2026-82", "same_text_two_areas"),
    ("2026-83", "status_and_date_disagree"),
]
_SAME_TEXT = "Ta fram gemensamt årshjul för uppföljning på enheterna"


def _written_actions() -> tuple[Action, ...]:
    end_2025 = dt.date(2025, 12, 31)
    once_more = "Pågår enligt tidsplan"
    return (
        _written(71, "N06", "Upphandla stöd för frånvaroanalys",
                 Report(_D1, once_more, _on(2026, 6, 15)),
                 Report(_D2, once_more, _on(2026, 12, 15), "Avtalet har dragit ut på tiden.")),
        _written(72, "N05", "Införa gemensamt kartläggningsmaterial i matematik",
                 Report(_D1, once_more, _POINT2),
                 Report(_D2, once_more, _POINT3, "Materialet provas i två klasser.")),
        _written(73, "N09", "Ta fram introduktionsprogram för nyanställda",
                 Report(_D1, "Pågående", _on(2026, 5, 31), "Arbetsgrupp är utsedd."),
                 Report(_D2, once_more, _on(2026, 11, 30))),
        _written(74, "N01", "Revidera planen mot kränkande behandling",
                 Report(_D1, "Pågående", _POINT2, "Utkast finns."),
                 Report(_D2, "Genomfört", _POINT2, "Planen är skriven, förankring i elevråden kvarstår.")),
        _written(75, "N11", "Lägga om avtal för kopiering och utskrift",
                 Report(dt.date(2025, 9, 30), "Pågår enligt tidsplan", _POINT3),
                 Report(end_2025, "Genomfört", _POINT3, "Tre enheter återstår att koppla in."), year=2025),
        _written(76, "N03", "Kartlägga ljudnivåer i matsalar",
                 Report(_D1, "Pågående", _on(2026, 6, 30), "Mätning bokad."),
                 Report(_D2, "Pågående", _on(2026, 6, 30), "Mätning genomförd på hälften av skolorna.")),
        _written(77, "N10", "Införa gemensam rutin för rehabilitering",
                 Report(_D1, "Ej påbörjat", _POINT1, "Startar när HR-resurs är tillsatt."),
                 Report(_D2, "Pågående", _POINT1, "Arbetet har inletts.")),
        _written(78, "N04", "Utveckla studievägledning i årskurs 8",
                 Report(_D1, "Pågående", _POINT2, "Arbetsgrupp är utsedd."),
                 Report(_D2, "Kvarstår", _on(2026, 12, 15))),
        _written(79, "N02", "Genomföra öppet hus på alla förskolor",
                 Report(_D1, "Pågår enligt tidsplan", _on(2026, 5, 20)),
                 Report(_D2, "Ej genomfört", _on(2026, 5, 20))),
        _written(80, "N08", "Införa avgift för sen hämtning",
                 Report(dt.date(2025, 4, 30), "Ej påbörjat", _POINT2, "Väntar på politiskt beslut."),
                 Report(dt.date(2025, 9, 30), "Ej genomfört", _POINT2, "Nämnden beslutade att inte införa avgiften."),
                 year=2025),
        _written(81, "N03", _SAME_TEXT,
                 Report(_D1, "Pågående", _POINT3, "Utkast tas fram."),
                 Report(_D2, "Pågående", _POINT3, "Utkast på remiss hos rektorer.")),
        _written(82, "N11", _SAME_TEXT,
                 Report(_D1, "Pågående", _POINT3, "Utkast tas fram."),
                 Report(_D2, "Genomfört", _POINT3, "Årshjulet är beslutat.")),
        _written(83, "N07", "Starta mentorsprogram på gymnasiet",
                 Report(_D1, "Pågående", _on(2026, 8, 31), "Samarbete med företagare."),
                 Report(_D2, "Genomfört", _on(2027, 3, 31), "Ny omgång av mentorer.")),
        _written(84, "N12", "Pröva elevledda samtal om trygghet",
                 Report(_D1, "Pågående", _POINT3, "Två klasser deltar."),
                 Report(_D2, "Parkerad", _POINT3, "Avvaktar nationella riktlinjer."), unit_id=WEAK_SCHOOL),
        # Late without contradicting anything: due at the newest report point, and the reason is told.
        _written(85, "N06", "Anställa skolsocionom i Norra området",
                 Report(_D1, "Pågår enligt tidsplan", _POINT2, "Annons ute."),
                 Report(_D2, "Kvarstår pga vakant tjänst", _POINT2, "Tjänsten är utlyst på nytt.")),
        _written(86, "N05", "Bygga ut läsverkstad till alla lågstadier",
                 Report(_D1, "Pågående", _POINT2, "Fyra av nio skolor är igång."),
                 Report(_D2, "Pågående", _POINT2, "Väntar på lokaler på två skolor.")),
    )  # fmt: skip


def all_actions(seed: int, values: Mapping[tuple[str, int], float]) -> tuple[Action, ...]:
    """Every action. values: (indicator_id, year) → the municipality's outcome, which told effects quote."""
    rng = random.Random(f"{seed}-actions")
    drawn = [*_activities(rng), *_assignments()]
    reported = (replace(action, reports=tuple(_reports(action, rng))) for action in drawn)
    told = (_with_effect(action, values, rng) for action in reported)
    return tuple(sorted((*told, *_written_actions()), key=lambda action: action.action_id))


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
            goal = _GOALS[goal_id]
            yield Action(f"{year}-{number:02d}", year, "assignment", goal, title, owner_role="Skolchef")


def _first_due(action: Action, rng: random.Random) -> Due:
    kind = rng.random()
    if kind < 0.55:
        return Due(point=rng.choices([name for name, _, _ in POINTS], (1, 4, 5))[0])
    if kind < 0.88:
        month, day = rng.choice(((3, 31), (5, 31), (6, 15), (8, 31), (10, 15), (10, 31), (11, 30), (12, 15)))
        return _on(action.year, month, day)
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
    """A few finished actions tell an effect: the outcome before and after, never that one caused the other."""
    last = action.reports[-1]
    indicator_id, before = action.indicator_id, action.baseline_year
    if indicator_id is None or before is None or last.status != "Genomfört" or rng.random() > 0.45:
        return action
    after = max(last.date.year, before + 1)
    if (indicator_id, before) not in values or (indicator_id, after) not in values:
        return action
    first, second = (_swedish(values[indicator_id, year]) for year in (before, after))
    effect = f"Utfallet för {indicator_id} var {first} {before} och {second} {after}."
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

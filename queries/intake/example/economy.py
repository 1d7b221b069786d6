"""Money and months: what each unit had to keep, what it kept, and what it reported each month."""

from __future__ import annotations

import datetime as dt
import random
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import pandas as pd

from queries.intake.example.frames import frame
from queries.intake.example.places import UNITS, WEAK_SCHOOL, YEARS, Unit

REQUIREMENT_PERCENT: Mapping[int, float] = {2021: 1.0, 2022: 2.0, 2023: 3.0, 2024: 3.0, 2025: 3.0, 2026: 3.0}
# Kronor a child or pupil in 2021, and how it grows.
_KRONOR = {"forskola": 158_000, "grundskola": 112_000, "gymnasieskola": 121_000}
_GROWTH = 1.036
MONTHS = tuple(dt.date(2025 + (n // 12), n % 12 + 1, 1) for n in range(22))
# (unit's place in UNITS, month, dimensions that were never reported); None means all four.
_NOT_REPORTED: tuple[tuple[int, dt.date, tuple[str, ...] | None], ...] = (
    (2, dt.date(2026, 10, 1), ("ekonomi",)),
    (7, dt.date(2026, 10, 1), None),
    (14, dt.date(2026, 10, 1), ("kvalitet", "personal")),
    (21, dt.date(2026, 10, 1), ("personal",)),
    (9, dt.date(2026, 9, 1), None),
    (4, dt.date(2026, 6, 1), ("kvalitet",)),
    (16, dt.date(2026, 3, 1), ("ekonomi",)),
    (16, dt.date(2026, 4, 1), ("ekonomi",)),
    (25, dt.date(2025, 12, 1), None),
    (10, dt.date(2025, 11, 1), ("kvalitet",)),
    (28, dt.date(2025, 8, 1), ("personal",)),
    (0, dt.date(2025, 7, 1), ("kvalitet",)),
)


@dataclass(frozen=True)
class YearOfMoney:
    """One unit's year, in kronor."""

    requirement_percent: float
    turnover: int
    result: int
    opening_capital: int
    disposed: int

    @property
    def deviation(self) -> float:
        """Result beyond what was required, in kronor: the deviation from the budget."""
        return self.result - self.turnover * self.requirement_percent / 100

    @property
    def closing_capital(self) -> int:
        """Own capital when the year ends."""
        return self.opening_capital + self.result - self.disposed


Money = Mapping[str, Mapping[int, YearOfMoney]]


def money(seed: int) -> Money:
    """unit_id → year → that year's turnover, result and capital, for the years the unit was open."""
    rng = random.Random(f"{seed}-money")
    return {unit.unit_id: _years_of(unit, rng) for unit in UNITS}


def _years_of(unit: Unit, rng: random.Random) -> dict[int, YearOfMoney]:
    people = unit.yearly_intake * (unit.grades[1] - unit.grades[0] + 1)
    if unit.school_form == "gymnasieskola":
        people = unit.yearly_intake * 3
    habit = rng.gauss(2.4 + 0.5 * unit.strength, 0.8)
    capital = _thousands(people * 1_500 * rng.uniform(0.4, 1.6))
    years = {}
    for year in YEARS:
        if not unit.is_open(year):
            break
        turnover = _thousands(people * _KRONOR[unit.school_form] * _GROWTH ** (year - YEARS[0]) * rng.uniform(0.98, 1.02))
        percent = rng.gauss(habit - 0.2 * (year - YEARS[0]), 0.9)
        result = _thousands(turnover * max(-4.5, min(5.5, percent)) / 100)
        disposed = _thousands(max(0, result) * rng.choice((0, 0.2, 0.3, 0.5)))
        if year == unit.closed_year:
            # The school hands over what it has left, so that nothing is lost from the total unseen.
            disposed = capital + result
        years[year] = YearOfMoney(REQUIREMENT_PERCENT[year], turnover, result, capital, disposed)
        capital = years[year].closing_capital
    return years


def _thousands(kronor: float) -> int:
    return round(kronor / 1000) * 1000


def unit_results(figures: Money) -> pd.DataFrame:
    """One row per unit and year, and one for the whole municipality that is their sum."""
    rows = [_result_row(unit_id, year, one) for unit_id, years in figures.items() for year, one in years.items()]
    for year in YEARS:
        rows.append(_result_row(None, year, total(figures, year)))
    return frame("unit_results", rows)


def total(figures: Money, year: int) -> YearOfMoney:
    """The sum over the units that were open in a year."""
    parts = [years[year] for years in figures.values() if year in years]
    return YearOfMoney(
        REQUIREMENT_PERCENT[year],
        sum(part.turnover for part in parts),
        sum(part.result for part in parts),
        sum(part.opening_capital for part in parts),
        sum(part.disposed for part in parts),
    )


def _result_row(unit_id: str | None, year: int, one: YearOfMoney) -> dict[str, object]:
    return {
        "unit_id": unit_id,
        "year": year,
        "requirement_percent": one.requirement_percent,
        "turnover": one.turnover,
        "result": one.result,
        "opening_capital": one.opening_capital,
        "disposed": one.disposed,
        "source_id": "exempel-prognos" if year == YEARS[-1] else "exempel-bokslut",
    }


def monthly_values(seed: int, figures: Money, staff: Mapping[tuple[str, int], float]) -> pd.DataFrame:
    """One row per unit, month, measure and kind. Money in kronor, närvaro and sjukfrånvaro in percent.

    staff: (unit_id, year) → full-time posts, so that months and years tell of the same unit.
    """
    rng = random.Random(f"{seed}-months")
    silent = _silences()
    rows = []
    for unit in UNITS:
        if not unit.is_open(MONTHS[-1].year):
            continue
        shares = _month_shares(rng)
        for month in MONTHS:
            for dimension, measure, kind, value in _month_of(unit, month, figures, staff, shares, rng):
                if dimension not in silent[unit.unit_id, month]:
                    rows.append(
                        {
                            "unit_id": unit.unit_id,
                            "month": month,
                            "dimension": dimension,
                            "measure": measure,
                            "kind": kind,
                            "value": value,
                            "source_id": "exempel-manad",
                        }
                    )
    return frame("monthly_values", rows)


def _silences() -> Mapping[tuple[str, dt.date], tuple[str, ...]]:
    every = ("prestationer", "kvalitet", "personal", "ekonomi")
    open_units = [unit for unit in UNITS if unit.closed_year is None]
    silent: defaultdict[tuple[str, dt.date], tuple[str, ...]] = defaultdict(tuple)
    for place, month, dimensions in _NOT_REPORTED:
        silent[open_units[place].unit_id, month] = dimensions or every
    return silent


def _month_shares(rng: random.Random) -> tuple[float, ...]:
    # Summer pay is lower and autumn purchases higher; the shares of a year sum to one.
    weights = [base * rng.uniform(0.98, 1.02) for base in (98, 98, 100, 99, 101, 104, 88, 97, 103, 103, 104, 105)]
    return tuple(weight / sum(weights) for weight in weights)


def _month_of(
    unit: Unit,
    month: dt.date,
    figures: Money,
    staff: Mapping[tuple[str, int], float],
    shares: tuple[float, ...],
    rng: random.Random,
) -> Iterator[tuple[str, str, str, float]]:
    year = figures[unit.unit_id][month.year]
    share = shares[month.month - 1]
    posts = staff[unit.unit_id, month.year]
    people = year.turnover / (_KRONOR[unit.school_form] * _GROWTH ** (month.year - YEARS[0]))
    who = "barn" if unit.school_form == "forskola" else "elever"
    winter = month.month in (1, 2, 3, 11, 12)
    weak = 1.5 if unit.unit_id == WEAK_SCHOOL else 0.0
    budget = year.turnover * (1 - year.requirement_percent / 100) * share
    cost = (year.turnover - year.result) * share * rng.uniform(0.975, 1.025)
    yield "prestationer", who, "budget", round(people)
    yield "prestationer", who, "outcome", round(people * rng.uniform(0.96, 1.03))
    yield "kvalitet", "närvaro", "outcome", round(min(98, rng.gauss(92.5 - weak - 2 * winter, 1.1)), 1)
    yield "personal", "sjukfrånvaro", "outcome", round(max(1.5, rng.gauss(5.6 + weak + 1.8 * winter, 1.1)), 1)
    yield "personal", "årsarbetare", "budget", round(posts, 1)
    yield "personal", "årsarbetare", "outcome", round(posts * rng.uniform(0.95, 1.03), 1)
    yield "ekonomi", "kostnad", "budget", _thousands(budget)
    yield "ekonomi", "kostnad", "outcome", _thousands(cost)
    yield "ekonomi", "kostnad", "forecast", _thousands((budget + 2 * cost) / 3 * rng.uniform(0.985, 1.015))

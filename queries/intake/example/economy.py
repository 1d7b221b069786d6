"""Money and months: what each unit had to keep, what it kept, and what it reported each month."""

from __future__ import annotations

import datetime as dt
import random
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise

import pandas as pd

from queries.intake.example.frames import frame
from queries.intake.example.people import UnitYears, people
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
    counted = people(seed)
    return {unit.unit_id: _years_of(unit, counted, rng) for unit in UNITS}


def _years_of(unit: Unit, counted: UnitYears, rng: random.Random) -> dict[int, YearOfMoney]:
    # Preschools keep their budgets better than schools, and the weak school does not.
    usual = 4.0 if unit.school_form == "forskola" else 2.0
    habit = rng.gauss(usual + 0.5 * unit.strength, 0.8) - (2.5 if unit.unit_id == WEAK_SCHOOL else 0)
    capital = _thousands(counted[unit.unit_id, YEARS[0]] * 1_500 * rng.uniform(0.4, 1.6))
    years = {}
    for year in YEARS:
        if not unit.is_open(year):
            break
        price = _KRONOR[unit.school_form] * _GROWTH ** (year - YEARS[0]) * rng.uniform(0.98, 1.02)
        turnover = _thousands(counted[unit.unit_id, year] * price)
        percent = rng.gauss(habit - 0.1 * (year - YEARS[0]), 0.9)
        result = _thousands(turnover * max(-4.5, min(5.5, percent)) / 100)
        disposed = _thousands(max(0, result) * rng.choice((0, 0.3, 0.6, 0.9)))
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
    rows = [
        _result_row(unit_id, year, one) for unit_id, years in figures.items() for year, one in years.items()
    ]
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


@dataclass(frozen=True)
class UnitYear:
    """What one unit's months of a year are drawn from; budget and cost are kronor a month.

    bias: how much too high the unit's first forecast is, as a share of the year's budget.
    """

    unit: Unit
    people: float
    posts: float
    budget: Sequence[int]
    cost: Sequence[int]
    bias: float

    def forecast(self, month: int) -> float:
        """The whole year's cost as it was foreseen after a month: near the budget first, near the outcome at last."""
        known = (month / 12) ** 1.3
        budget, cost = sum(self.budget), sum(self.cost)
        return budget + known * (cost - budget) + (1 - known) * self.bias * budget


def monthly_values(seed: int, figures: Money, counted: UnitYears, posts: UnitYears) -> pd.DataFrame:
    """One row per unit, month, measure and kind. Money in kronor, närvaro and sjukfrånvaro in percent.

    counted and posts: (unit_id, year) → children or pupils, and full-time posts. A year's twelve costs sum
    to turnover less result. Budgets are known for the whole year; a forecast is of the whole year's cost.
    """
    rng, leaning = random.Random(f"{seed}-months"), random.Random(f"{seed}-forecasts")
    # Most units hope for a little less than it becomes.
    bias = {unit.unit_id: leaning.gauss(-0.004, 0.007) for unit in UNITS}
    silent = _silences()
    rows = []
    for unit in UNITS:
        for year in sorted({month.year for month in MONTHS}):
            if not unit.is_open(year):
                continue
            key = (unit.unit_id, year)
            whole = _unit_year(
                unit, figures[unit.unit_id][year], (counted[key], posts[key]), bias[unit.unit_id], rng
            )
            for month in (dt.date(year, number, 1) for number in range(1, 13)):
                reported = _reported(whole, month, rng) if month in MONTHS else ()
                told = (row for row in reported if row[0] not in silent[unit.unit_id, month])
                rows += [_month_row(unit, month, *row) for row in (*_budgets(whole, month), *told)]
    return frame("monthly_values", rows)


def _unit_year(
    unit: Unit, money: YearOfMoney, size: tuple[float, float], bias: float, rng: random.Random
) -> UnitYear:
    budget = money.turnover * (1 - money.requirement_percent / 100)
    return UnitYear(
        unit,
        *size,
        _by_month(budget, 0.005, rng),
        _by_month(money.turnover - money.result, 0.03, rng),
        bias,
    )


def _by_month(total_kronor: float, unevenness: float, rng: random.Random) -> tuple[int, ...]:
    # Summer pay is lower and autumn purchases higher. Rounding what is spent so far keeps the year's sum.
    usual = (98, 98, 100, 99, 101, 104, 88, 97, 103, 103, 104, 105)
    weights = [weight * rng.uniform(1 - unevenness, 1 + unevenness) for weight in usual]
    spent = [0, *(_thousands(total_kronor * part / sum(weights)) for part in accumulate(weights))]
    return tuple(after - before for before, after in pairwise(spent))


def _silences() -> Mapping[tuple[str, dt.date], tuple[str, ...]]:
    every = ("prestationer", "kvalitet", "personal", "ekonomi")
    open_units = [unit for unit in UNITS if unit.closed_year is None]
    silent: defaultdict[tuple[str, dt.date], tuple[str, ...]] = defaultdict(tuple)
    for place, month, dimensions in _NOT_REPORTED:
        silent[open_units[place].unit_id, month] = dimensions or every
    return silent


def _month_row(
    unit: Unit, month: dt.date, dimension: str, measure: str, kind: str, value: float
) -> dict[str, object]:
    return {
        "unit_id": unit.unit_id,
        "month": month,
        "dimension": dimension,
        "measure": measure,
        "kind": kind,
        "value": value,
        "source_id": "exempel-manad",
    }


def _budgets(whole: UnitYear, month: dt.date) -> Iterator[tuple[str, str, str, float]]:
    yield "prestationer", _who(whole), "budget", round(whole.people)
    yield "personal", "årsarbetare", "budget", whole.posts
    yield "ekonomi", "kostnad", "budget", whole.budget[month.month - 1]


def _reported(whole: UnitYear, month: dt.date, rng: random.Random) -> Iterator[tuple[str, str, str, float]]:
    winter = 1.0 if month.month in (1, 2, 3, 11, 12) else 0.0
    weak = 1.5 if whole.unit.unit_id == WEAK_SCHOOL else 0.0
    yield "prestationer", _who(whole), "outcome", round(whole.people * rng.uniform(0.97, 1.02))
    yield "kvalitet", "närvaro", "outcome", round(min(98, rng.gauss(92.5 - weak - 2 * winter, 1.1)), 1)
    yield "personal", "sjukfrånvaro", "outcome", round(max(1.5, rng.gauss(5.6 + weak + 2 * winter, 1.1)), 1)
    yield "personal", "årsarbetare", "outcome", round(whole.posts * rng.uniform(0.96, 1.02), 1)
    yield "ekonomi", "kostnad", "outcome", whole.cost[month.month - 1]
    yield (
        "ekonomi",
        "kostnad",
        "forecast",
        _thousands(whole.forecast(month.month) * rng.uniform(0.998, 1.002)),
    )


def _who(whole: UnitYear) -> str:
    return "barn" if whole.unit.school_form == "forskola" else "elever"

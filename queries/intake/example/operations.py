"""Outcomes about staff, attendance, complaints and money: what does not come from pupils' results."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterator

from queries.intake.example.attendance import absence_rows, reason_rows, registration_rows, violation_rows
from queries.intake.example.counting import Outcome, amounts, draw, outcome, percent, ratios, shares, summed
from queries.intake.example.economy import Money, total
from queries.intake.example.people import UnitYears
from queries.intake.example.places import (
    CLOSED_SCHOOL,
    PRESCHOOLS,
    SCHOOLS,
    SUCCESSOR_SCHOOL,
    UNITS,
    YEARS,
    Unit,
)

# Registration per lesson began in January 2023 and shows absence that was not seen before.
NEW_METHOD_YEAR = 2023
WORKING_DAYS = 224


def operation_rows(seed: int, people: UnitYears, posts: UnitYears, figures: Money) -> Iterator[Outcome]:
    """Rows of outcomes, ungated. people: children or pupils, posts: full-time posts, by (unit_id, year)."""
    yield from _preschools(seed, people, posts)
    yield from _teachers(seed, people, posts)
    yield from _attendance(seed, people)
    yield from absence_rows(seed, people)
    yield from reason_rows(seed, people)
    yield from _sick_leave(seed, posts)
    yield from _complaints(seed, people)
    yield from violation_rows(seed, people)
    yield from _deviations(figures)


def _preschools(seed: int, people: UnitYears, posts: UnitYears) -> Iterator[Outcome]:
    rng = random.Random(f"{seed}-preschools")
    counts: defaultdict[str, dict[tuple[str, int, str], tuple[float, int]]] = defaultdict(dict)
    for unit in PRESCHOOLS:
        for year in YEARS:
            key = (unit.unit_id, year, "T")
            count = int(people[unit.unit_id, year])
            # Posts are counted in halves, so that sums stay whole.
            halves = round(2 * posts[unit.unit_id, year])
            granted = round(halves * rng.uniform(0.04, 0.075))
            p = 0.435 - 0.004 * (year - YEARS[0]) + 0.06 * unit.strength + rng.gauss(0, 0.02)
            licensed = round(halves * p)
            answers = draw(rng, count, 0.64)
            content = 0.895 + 0.002 * (year - YEARS[0]) + 0.02 * unit.strength
            counts["L09"][key] = counts["N11010"][key] = (count, halves)
            counts["L10"][key] = (count, halves - granted)
            counts["L11"][key] = counts["N11810"][key] = (licensed, halves)
            counts["N11052"][key] = (min(halves, licensed + round(halves * 0.045)), halves)
            counts["L12"][key] = (draw(rng, answers, content), answers)
    scales = {"L09": 2, "L10": 2, "N11010": 2, "L11": 100, "N11810": 100, "N11052": 100}
    for indicator_id, scale in scales.items():
        yield from summed(counts[indicator_id], ratios(indicator_id, "personal", scale))
    yield from summed(counts["L12"], shares("L12", "enkat", ("T",)))


def _teachers(seed: int, people: UnitYears, posts: UnitYears) -> Iterator[Outcome]:
    rng = random.Random(f"{seed}-teachers")
    pupils, licensed = {}, {}
    for unit in SCHOOLS:
        for year in filter(unit.is_open, YEARS):
            key = (unit.unit_id, year, "T")
            held = int(posts[unit.unit_id, year])
            p = 0.725 + 0.004 * (year - YEARS[0]) + 0.055 * unit.strength + rng.gauss(0, 0.02)
            pupils[key] = (people[unit.unit_id, year], held)
            licensed[key] = (round(held * min(0.96, p)), held)
    yield from summed(pupils, ratios("N15034", "personal"))
    yield from summed(licensed, ratios("N15814", "personal", 100))


def _attendance(seed: int, people: UnitYears) -> Iterator[Outcome]:
    rng = random.Random(f"{seed}-attendance")
    lessons = {}
    for unit in SCHOOLS:
        for year in filter(unit.is_open, YEARS):
            held = round(640 * people[unit.unit_id, year])
            p = 0.86 if year < NEW_METHOD_YEAR else 0.925
            p += 0.006 * (year - YEARS[0]) + rng.gauss(0, 0.012)
            lessons[unit.unit_id, year, "T"] = (round(held * min(0.992, p)), held)
    yield from summed(lessons, ratios("L04", "franvaro", 100))
    yield from registration_rows(seed, lessons)


def _sick_leave(seed: int, posts: UnitYears) -> Iterator[Outcome]:
    rng = random.Random(f"{seed}-sick-leave")
    days = {}
    for unit in UNITS:
        for year in filter(unit.is_open, YEARS):
            # Whole posts, rounded down: no unit seems larger than it is, and the municipality is the units weighted by n.
            worked = int(posts[unit.unit_id, year]) * WORKING_DAYS
            usual = 0.081 if year <= 2022 else 0.072
            absent = max(0.03, rng.gauss(usual - 0.005 * unit.strength, 0.007))
            days[unit.unit_id, year, "T"] = (round(worked * absent), worked)
    yield from summed(days, _share_of_days)


def _share_of_days(unit_id: str | None, year: int, gender: str, absent: float, worked: int) -> Outcome:
    n = worked // WORKING_DAYS
    return outcome("L15", unit_id, year, gender, percent(absent, worked), n, "personal")


def _complaints(seed: int, people: UnitYears) -> Iterator[Outcome]:
    rng = random.Random(f"{seed}-complaints")
    every, without = {}, {}
    for unit in UNITS:
        for year in filter(unit.is_open, YEARS):
            key = (unit.unit_id, year, "T")
            fewer = 1.06 - 0.06 * (year - YEARS[0])
            usual = draw(rng, 12, min(0.3, people[unit.unit_id, year] / 2600 * fewer - 0.012 * unit.strength))
            without[key] = (usual, 1)
            every[key] = (usual + _about_the_move(unit, year, rng), 1)
    yield from summed(every, amounts("L13", "klagomal"))
    yield from summed(without, amounts("L14", "klagomal"))


def _about_the_move(unit: Unit, year: int, rng: random.Random) -> int:
    expected = {
        (CLOSED_SCHOOL, 2023): 5,
        (CLOSED_SCHOOL, 2024): 14,
        (SUCCESSOR_SCHOOL, 2024): 4,
        (SUCCESSOR_SCHOOL, 2025): 7,
    }
    return expected[unit.unit_id, year] + rng.randrange(3) if (unit.unit_id, year) in expected else 0


def _deviations(figures: Money) -> Iterator[Outcome]:
    years = [(unit_id, year, one) for unit_id, own in figures.items() for year, one in own.items()]
    for unit_id, year, one in [*years, *((None, year, total(figures, year)) for year in YEARS)]:
        source = "prognos" if year == YEARS[-1] else "bokslut"
        yield outcome("L16", unit_id, year, "T", percent(one.deviation, one.turnover), None, source)

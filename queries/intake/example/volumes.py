"""Outcomes about how many a unit has, of how many, and under what conditions: what one school is read against."""

from __future__ import annotations

import random
from collections.abc import Iterator

from queries.intake.example.counting import Outcome, amounts, draw, outcome, percent, ratios, shares, summed
from queries.intake.example.economy import Money, total
from queries.intake.example.people import UnitYears
from queries.intake.example.places import HIGH_SCHOOL, PRESCHOOLS, UNITS, YEARS


def volume_rows(seed: int, people: UnitYears, posts: UnitYears, figures: Money) -> Iterator[Outcome]:
    """Rows of outcomes, ungated. people: children or pupils, posts: full-time posts, by (unit_id, year)."""
    yield from summed({(*key, "T"): (count, 1) for key, count in people.items()}, amounts("L19", "register"))
    yield from _market_shares(seed, people)
    yield from _margins(figures)
    yield from _parents_of_preschools(seed, people)
    yield from _upper_secondary(seed, people, posts)


def _market_shares(seed: int, people: UnitYears) -> Iterator[Outcome]:
    """Of the children who live nearby, those who go to the unit: a strong unit draws more of them."""
    rng = random.Random(f"{seed}-market-share")
    counts = {}
    for unit in UNITS:
        usual = min(0.94, max(0.55, rng.gauss(0.79, 0.06) + 0.045 * unit.strength))
        for year in filter(unit.is_open, YEARS):
            # A school that is about to close is left by some before the last day.
            leaving = 0.07 if unit.closed_year and year > unit.closed_year - 2 else 0.0
            chance = min(0.97, usual - leaving + rng.gauss(0, 0.012))
            own = int(people[unit.unit_id, year])
            counts[unit.unit_id, year, "T"] = (own, round(own / chance))
    yield from summed(counts, ratios("L20", "register", 100))


def _margins(figures: Money) -> Iterator[Outcome]:
    years = [(unit_id, year, one) for unit_id, own in figures.items() for year, one in own.items()]
    for unit_id, year, one in [*years, *((None, year, total(figures, year)) for year in YEARS)]:
        source = "prognos" if year == YEARS[-1] else "bokslut"
        yield outcome("L21", unit_id, year, "T", percent(one.result, one.turnover), None, source)


def _parents_of_preschools(seed: int, people: UnitYears) -> Iterator[Outcome]:
    rng = random.Random(f"{seed}-L22")
    counts = {}
    for unit in PRESCHOOLS:
        for year in YEARS:
            children = int(people[unit.unit_id, year])
            chance = 0.54 + 0.006 * (year - YEARS[0]) + 0.08 * unit.strength
            counts[unit.unit_id, year, "T"] = (draw(rng, children, chance), children)
    yield from summed(counts, shares("L22", "nyckeltal", ("T",)))


def _upper_secondary(seed: int, people: UnitYears, posts: UnitYears) -> Iterator[Outcome]:
    rng = random.Random(f"{seed}-upper-secondary")
    parents, abroad, teachers = {}, {}, {}
    for year in YEARS:
        key = (HIGH_SCHOOL.unit_id, year, "T")
        pupils, held = int(people[key[:2]]), int(posts[key[:2]])
        parents[key] = (draw(rng, pupils, 0.5 + 0.007 * (year - YEARS[0])), pupils)
        abroad[key] = (draw(rng, pupils, 0.19 + 0.004 * (year - YEARS[0])), pupils)
        teachers[key] = (pupils, held)
    yield from summed(parents, shares("N17831", "nyckeltal", ("T",)))
    yield from summed(abroad, shares("N17833", "nyckeltal", ("T",)))
    yield from summed(teachers, ratios("N17817", "personal"))

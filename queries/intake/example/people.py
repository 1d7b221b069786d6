"""How many children, pupils and full-time posts each unit has, so that every table counts the same people."""

from __future__ import annotations

import random
from collections.abc import Mapping

from queries.intake.example.places import CLOSED_SCHOOL, SCHOOLS, SUCCESSOR_SCHOOL, UNITS, YEARS, Unit

GENDERS = ("K", "M")
_MOVED = next(school for school in SCHOOLS if school.unit_id == CLOSED_SCHOOL)

UnitYears = Mapping[tuple[str, int], float]


def children(unit: Unit, year: int) -> int:
    """Children in a preschool: fewer are born each year."""
    return round(unit.yearly_intake * 0.988 ** (year - YEARS[0]))


def pupils(seed: int, unit: Unit, year: int, grades: tuple[int, int]) -> dict[str, int]:
    """Gender → pupils in these grades. A class keeps its pupils from year to year."""
    found = dict.fromkeys(GENDERS, 0)
    schools = [unit]
    if unit.unit_id == SUCCESSOR_SCHOOL and year > (_MOVED.closed_year or 0):
        schools.append(_MOVED)
    for school in schools:
        for grade in range(grades[0], grades[1] + 1):
            if school.has_grade(grade) and unit.is_open(year):
                for gender in GENDERS:
                    found[gender] += _born(seed, school, year - grade, gender)
    return found


def _born(seed: int, unit: Unit, cohort: int, gender: str) -> int:
    rng = random.Random(f"{seed}-{unit.unit_id}-{cohort}-{gender}")
    half = unit.yearly_intake / 2
    return max(1, round(rng.gauss(half, 0.09 * half + 0.7)))


def people(seed: int) -> UnitYears:
    """(unit_id, year) → all children or pupils, for the years the unit was open."""
    return {
        (unit.unit_id, year): _all_at(seed, unit, year)
        for unit in UNITS
        for year in filter(unit.is_open, YEARS)
    }


def _all_at(seed: int, unit: Unit, year: int) -> int:
    match unit.school_form:
        case "forskola":
            return children(unit, year)
        case "grundskola":
            return sum(pupils(seed, unit, year, unit.grades).values())
    return 3 * unit.yearly_intake


def posts(seed: int) -> UnitYears:
    """(unit_id, year) → full-time posts: whole ones in schools, halves in preschools."""
    rng = random.Random(f"{seed}-posts")
    unit_of = {unit.unit_id: unit for unit in UNITS}
    found = {}
    for (unit_id, year), count in people(seed).items():
        unit = unit_of[unit_id]
        match unit.school_form:
            case "forskola":
                found[unit_id, year] = max(3.0, round(2 * count / rng.gauss(5.12, 0.09)) / 2)
            case "grundskola":
                found[unit_id, year] = float(
                    max(2, round(count / rng.gauss(11.7 + 0.1 * unit.strength, 0.35)))
                )
            case _:
                found[unit_id, year] = float(round(count / rng.gauss(12.6, 0.2)))
    return found

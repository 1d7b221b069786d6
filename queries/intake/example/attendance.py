"""Attendance per term and stage, reasons for absence, and reported violations: what came after the first figures.

Everything is drawn from generators of its own, so that the older figures stay as they were.
"""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterator, Mapping

from queries.intake.example.counting import Outcome, amounts, draw, means, ratios, shares, summed
from queries.intake.example.people import UnitYears, pupils
from queries.intake.example.places import HIGH_SCHOOL, SCHOOLS, UNITS, WEAK_SCHOOL, YEARS, Unit

# Registration per lesson began in January 2023, which is a spring term.
NEW_METHOD_TERM = (2023, "vt")
TERMS = ("ht", "vt")
# Stage → its grades, and the chance of being away a fifth of a term in an ordinary school.
STAGES: Mapping[str, tuple[tuple[int, int], float]] = {
    "f-3": ((1, 3), 0.062),
    "4-6": ((4, 6), 0.078),
    "7-9": ((7, 9), 0.138),
    "gymnasiet": ((0, 0), 0.165),
}
# (term, stage) → the indicators of more than 20 and more than 40 percent; '' is all stages together.
OVER: Mapping[tuple[str, str], tuple[str, str]] = {
    ("ht", ""): ("L23", "L25"), ("vt", ""): ("L24", "L26"),
    ("ht", "f-3"): ("L27", "L35"), ("ht", "4-6"): ("L28", "L36"),
    ("ht", "7-9"): ("L29", "L37"), ("ht", "gymnasiet"): ("L30", "L38"),
    ("vt", "f-3"): ("L31", "L39"), ("vt", "4-6"): ("L32", "L40"),
    ("vt", "7-9"): ("L33", "L41"), ("vt", "gymnasiet"): ("L34", "L42"),
}  # fmt: skip
REGISTERED = {"ht": "L43", "vt": "L44"}
# Of those away a fifth of the term, how many were away two fifths.
FAR_AWAY = 0.27
# In the school year 2020/21 small symptoms kept children at home, the younger ones most.
PANDEMIC_YEAR = 2021
KEPT_AT_HOME = {"f-3": 0.06, "4-6": 0.045, "7-9": 0.01, "gymnasiet": 0.0}
# Violations about one group on the net: unit and year → how many.
ABOUT_THE_GROUP = {(WEAK_SCHOOL, 2025): 13}

Lessons = Mapping[tuple[str, int, str], tuple[float, int]]
Counts = dict[tuple[str, int, str], tuple[float, int]]


def absence_rows(seed: int, people: UnitYears) -> Iterator[Outcome]:
    """Rows of outcomes, ungated: pupils away more than a fifth and two fifths of each term, by stage and all together."""
    counts: defaultdict[str, Counts] = defaultdict(dict)
    for term in TERMS:
        rng = random.Random(f"{seed}-absence-{term}")
        for unit in (*SCHOOLS, HIGH_SCHOOL):
            for year in filter(unit.is_open, YEARS):
                _count_unit(seed, unit, year, term, people, rng, counts)
    for indicator_id, own in counts.items():
        yield from summed(own, shares(indicator_id, "franvaro", ("T",)))


def _count_unit(
    seed: int,
    unit: Unit,
    year: int,
    term: str,
    people: UnitYears,
    rng: random.Random,
    counts: defaultdict[str, Counts],
) -> None:
    key = (unit.unit_id, year, "T")
    everyone, away, far_away = 0, 0, 0
    for stage, (grades, usual) in STAGES.items():
        n = _pupils(seed, unit, year, stage, grades, people)
        if not n:
            continue
        p = usual + 0.003 * (year - YEARS[0]) - 0.028 * unit.strength + (0.012 if term == "vt" else 0.0)
        p += 0.026 if (year, term) >= NEW_METHOD_TERM else 0.0
        p += KEPT_AT_HOME[stage] if year == PANDEMIC_YEAR else 0.0
        over_20 = draw(rng, n, p)
        over_40 = draw(rng, over_20, FAR_AWAY)
        everyone, away, far_away = everyone + n, away + over_20, far_away + over_40
        for indicator_id, count in zip(OVER[term, stage], (over_20, over_40), strict=True):
            counts[indicator_id][key] = (count, n)
    for indicator_id, count in zip(OVER[term, ""], (away, far_away), strict=True):
        counts[indicator_id][key] = (count, everyone)


def _pupils(seed: int, unit: Unit, year: int, stage: str, grades: tuple[int, int], people: UnitYears) -> int:
    if stage == "gymnasiet":
        return int(people[unit.unit_id, year]) if unit is HIGH_SCHOOL else 0
    return sum(pupils(seed, unit, year, grades).values())


def registration_rows(seed: int, lessons: Lessons) -> Iterator[Outcome]:
    """Rows of outcomes: lessons with registered attendance per term. Both terms together are the school year's lessons."""
    rng = random.Random(f"{seed}-registration")
    counts: defaultdict[str, Counts] = defaultdict(dict)
    for (unit_id, year, gender), (registered, held) in lessons.items():
        autumn = round(0.48 * held)
        # The term before the new system lies well below the one after it.
        lag = rng.uniform(0.013, 0.018) if year == NEW_METHOD_TERM[0] else rng.uniform(0.0, 0.006)
        early = min(autumn, max(0, round(0.48 * registered - lag * held)))
        early = max(early, int(registered) - (held - autumn))
        counts[REGISTERED["ht"]][unit_id, year, gender] = (early, autumn)
        counts[REGISTERED["vt"]][unit_id, year, gender] = (registered - early, held - autumn)
    for indicator_id, own in counts.items():
        yield from summed(own, ratios(indicator_id, "franvaro", 100))


def reason_rows(seed: int, people: UnitYears) -> Iterator[Outcome]:
    """Rows of outcomes, ungated: how much of the time pupils were away with and without a valid reason, in percent."""
    rng = random.Random(f"{seed}-reasons")
    valid: Counts = {}
    invalid: Counts = {}
    for unit in (*SCHOOLS, HIGH_SCHOOL):
        for year in filter(unit.is_open, YEARS):
            n = int(people[unit.unit_id, year])
            ill = 5.4 + (1.9 if year == PANDEMIC_YEAR else 0.0) - 0.3 * unit.strength + rng.gauss(0, 0.3)
            skipped = 1.1 + (1.6 if unit is HIGH_SCHOOL else 0.0) - 0.35 * unit.strength + rng.gauss(0, 0.2)
            skipped += 0.5 if year >= NEW_METHOD_TERM[0] else 0.0
            valid[unit.unit_id, year, "T"] = (round(n * max(2.0, ill)), n)
            invalid[unit.unit_id, year, "T"] = (round(n * max(0.2, skipped)), n)
    yield from summed(valid, means("L45", "franvaro"))
    yield from summed(invalid, means("L46", "franvaro"))


def violation_rows(seed: int, people: UnitYears) -> Iterator[Outcome]:
    """Rows of outcomes: reported violations a calendar year, with and without those about one named event."""
    rng = random.Random(f"{seed}-violations")
    every: Counts = {}
    without: Counts = {}
    for unit in UNITS:
        for year in filter(unit.is_open, YEARS):
            key = (unit.unit_id, year, "T")
            a_pupil = 0.001 if unit.school_form == "forskola" else 0.021 - 0.004 * unit.strength
            usual = draw(rng, int(people[unit.unit_id, year]), a_pupil)
            without[key] = (usual, 1)
            every[key] = (usual + ABOUT_THE_GROUP.get((unit.unit_id, year), 0), 1)
    yield from summed(every, amounts("L49", "krankningar"))
    yield from summed(without, amounts("L50", "krankningar"))

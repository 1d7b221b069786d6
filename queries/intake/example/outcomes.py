"""Outcomes of the invented municipality: persons are counted first, shares follow from the counts.

Counts are drawn for girls and boys in every unit. Both together, and the municipality, are sums of them, so
no figure can contradict another. The values are raw: what small groups hide is decided by the privacy gate.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass

import pandas as pd

from queries.intake.example.answers import rate_rows
from queries.intake.example.counting import (
    Counts,
    Outcome,
    draw,
    gap,
    means,
    outcome,
    percent,
    shares,
    summed,
)
from queries.intake.example.economy import Money
from queries.intake.example.frames import frame
from queries.intake.example.levels import LEVELS, ODD_YEARS, SCHOOL_YEARS, TEST_YEARS, Level
from queries.intake.example.operations import NEW_METHOD_YEAR, operation_rows
from queries.intake.example.people import GENDERS, people, posts, pupils
from queries.intake.example.places import HIGH_SCHOOL, SCHOOLS, YEARS, Unit
from queries.intake.example.volumes import volume_rows

NO_TESTS = "Nationella prov genomfördes inte 2021"
EVERY_OTHER_YEAR = "Enkäten görs vartannat år"
NOT_TAKEN_PART = "Gymnasiet deltog inte i enkäten 2021"
TOO_FEW = "För få elever enligt den statistik som kommunen fått"
LATER = "Uppgiften publiceras året efter"


@dataclass(frozen=True)
class Share:
    """How one share of pupils comes about.

    p is the chance in an ordinary school in 2021, trend its change a year, strength what a school one
    standard deviation stronger adds, gap how far girls lie above boys. relation to another indicator:
    'includes' counts its pupils and more, 'part_of' some of its pupils, 'among' takes its pupils as those
    asked, 'same' is its twin.
    """

    indicator_id: str
    grades: tuple[int, int]
    p: float = 0.0
    trend: float = 0.0
    strength: float = 0.0
    gap: float = 0.0
    relation: str = ""
    other: str = ""
    years: tuple[int, ...] = SCHOOL_YEARS
    answer_rate: float = 1.0
    genders: tuple[str, ...] = ("T", "K", "M")
    source: str = "betyg"


SHARES = (
    Share("N15419", (9, 9), 0.755, -0.002, 0.075, 0.06),
    Share("N15436", (9, 9), 0.47, 0.0, 0.06, -0.02, "includes", "N15419"),
    Share("L18", (6, 6), 0.775, 0.002, 0.06, 0.06),
    Share("N15540", (6, 6), relation="same", other="L18"),
    Share("N15485", (6, 6), 0.46, -0.005, 0.03, 0.0, "includes", "L18"),
    Share("N15488", (6, 6), 0.62, 0.0, 0.03, 0.08, "includes", "L18"),
    Share("L07", (3, 3), 0.735, 0.006, 0.06, 0.09, years=TEST_YEARS),
    Share("L08", (3, 3), 0.685, -0.008, 0.06, 0.01, years=TEST_YEARS),
    Share("N15452", (3, 3), relation="same", other="L07", years=TEST_YEARS),
    Share("N15454", (3, 3), relation="same", other="L08", years=TEST_YEARS),
    Share("N15569", (9, 9), 0.075, 0.0, 0.0, -0.03, years=TEST_YEARS),
    Share("N15570", (9, 9), 0.25, 0.0, -0.03, 0.07, years=TEST_YEARS),
    Share("N15571", (9, 9), 0.02, 0.0, 0.0, 0.0, years=TEST_YEARS),
    Share("N15572", (9, 9), 0.36, 0.006, -0.04, 0.07, years=TEST_YEARS),
    Share("N15573", (9, 9), 0.11, 0.0, 0.0, -0.05, years=TEST_YEARS),
    Share("N15574", (9, 9), 0.15, 0.0, -0.02, 0.04, years=TEST_YEARS),
    Share("L01", (1, 9), 0.107, 0.003, -0.028, 0.006, source="franvaro"),
    Share("L02", (1, 9), 0.27, 0.004, -0.02, 0.0, "part_of", "L01", source="franvaro"),
    Share("L03", (1, 9), 0.24, 0.055, 0.05, 0.02, "among", "L01", source="franvaro"),
    Share("L05", (4, 9), 0.865, 0.002, 0.03, -0.035, answer_rate=0.82, source="enkat"),
    Share("L06", (4, 9), 0.645, -0.004, 0.05, -0.03, answer_rate=0.82, source="enkat"),
    Share(
        "N15613", (5, 5), 0.855, -0.004, 0.03, -0.06, years=ODD_YEARS, answer_rate=0.88, source="elevenkat"
    ),
    Share(
        "N15629", (5, 5), 0.745, -0.002, 0.04, -0.03, years=ODD_YEARS, answer_rate=0.88, source="elevenkat"
    ),
    Share("N15633", (8, 8), 0.55, -0.004, 0.05, -0.07, years=ODD_YEARS, answer_rate=0.8, source="elevenkat"),
    Share("N15643", (8, 8), 0.80, -0.003, 0.04, -0.09, years=ODD_YEARS, answer_rate=0.8, source="elevenkat"),
    Share("N15659", (8, 8), 0.61, -0.003, 0.05, -0.06, years=ODD_YEARS, answer_rate=0.8, source="elevenkat"),
    Share("N15603", (5, 5), 0.61, -0.002, 0.05, -0.06, years=ODD_YEARS, answer_rate=0.88, source="elevenkat"),
    Share("N15614", (5, 5), 0.80, -0.002, 0.03, -0.04, years=ODD_YEARS, answer_rate=0.88, source="elevenkat"),
    Share("N15722", (9, 9), 0.6, 0.0, 0.03, -0.04, "includes", "N15419"),
    Share("N15820", (1, 9), 0.56, 0.008, 0.06, genders=("T",), source="nyckeltal"),
    Share("N15902", (1, 9), 0.06, -0.003, -0.02, source="nyckeltal"),
)
CANCELLED = ("L07", "L08", "N15452", "N15454", "N15569", "N15570", "N15571", "N15572", "N15573", "N15574")
NEW_METHOD_JUMP = {"L01": 0.026}

PupilCounts = dict[tuple[str, str, int, str], tuple[int, int]]


def outcomes(seed: int, figures: Money) -> pd.DataFrame:
    """One row per indicator, unit (empty = the municipality), year and gender, ungated."""
    rows = [
        *_share_rows(seed),
        *_point_rows(seed),
        *_upper_secondary_rows(seed),
        *_engagement_rows(seed),
        *operation_rows(seed, people(seed), posts(seed), figures),
        *volume_rows(seed, people(seed), posts(seed), figures),
        *_municipal_rows(seed),
        *_gaps(),
    ]
    return frame("outcomes", [*rows, *rate_rows(seed, people(seed), rows)])


def _share_rows(seed: int) -> Iterator[Outcome]:
    counts: PupilCounts = {}
    for share in SHARES:
        rng = random.Random(f"{seed}-{share.indicator_id}")
        for unit in SCHOOLS:
            for year in filter(unit.is_open, share.years):
                for gender, n in pupils(seed, unit, year, share.grades).items():
                    key = (share.indicator_id, unit.unit_id, year, gender)
                    if n:
                        counts[key] = _count(share, unit, key, n, counts, rng)
        own = {key[1:]: count for key, count in counts.items() if key[0] == share.indicator_id}
        yield from summed(own, shares(share.indicator_id, share.source, share.genders))


def _count(
    share: Share,
    unit: Unit,
    key: tuple[str, str, int, str],
    n: int,
    counts: PupilCounts,
    rng: random.Random,
) -> tuple[int, int]:
    _, unit_id, year, gender = key
    p = share.p + share.trend * (year - YEARS[0]) + share.strength * unit.strength
    p += share.gap / 2 * (1 if gender == "K" else -1)
    if year >= NEW_METHOD_YEAR:
        p += NEW_METHOD_JUMP.get(share.indicator_id, 0.0)
    reached, asked = counts.get((share.other, unit_id, year, gender), (0, 0))
    match share.relation:
        case "same":
            return reached, asked
        case "includes":
            return reached + draw(rng, asked - reached, p), asked
        case "part_of":
            return draw(rng, reached, p), asked
        case "among":
            return draw(rng, reached, p), reached
    answers = n if share.answer_rate == 1.0 else draw(rng, n, share.answer_rate)
    return draw(rng, answers, p), answers


def _point_rows(seed: int) -> Iterator[Outcome]:
    # Merit points come in steps of 2.5 a subject, so sums of them are exact.
    rng = random.Random(f"{seed}-N15505")
    own = {}
    for unit in SCHOOLS:
        for year in filter(unit.is_open, YEARS):
            for gender, n in pupils(seed, unit, year, (9, 9)).items():
                middle = 224 + 0.5 * (year - YEARS[0]) + 13 * unit.strength + (12 if gender == "K" else -12)
                points = [round(min(340, max(0, rng.gauss(middle, 52))) / 2.5) * 2.5 for _ in range(n)]
                if points:
                    own[unit.unit_id, year, gender] = (sum(points), n)
    yield from summed(own, means("N15505", "betyg"))


def _upper_secondary_rows(seed: int) -> Iterator[Outcome]:
    rng = random.Random(f"{seed}-gymnasium")
    degrees, safe = {}, {}
    for year in YEARS:
        for gender in GENDERS:
            key = (HIGH_SCHOOL.unit_id, year, gender)
            sign = 1 if gender == "K" else -1
            n = round(rng.gauss(HIGH_SCHOOL.yearly_intake / 2, 4))
            degrees[key] = (draw(rng, n, 0.655 + 0.011 * (year - YEARS[0]) + 0.03 * sign), n)
            if year in ODD_YEARS[1:]:
                answers = draw(rng, n, 0.74)
                safe[key] = (draw(rng, answers, 0.87 - 0.02 * sign), answers)
    yield from summed(degrees, shares("L17", "betyg"))
    yield from summed(safe, shares("N17673", "elevenkat"))
    calm_rng = random.Random(f"{seed}-N17663")
    calm = {key: (draw(calm_rng, answers, 0.66), answers) for key, (_, answers) in safe.items()}
    yield from summed(calm, shares("N17663", "elevenkat"))
    yield from _degree_rows(seed, degrees)


def _degree_rows(seed: int, degrees: Counts) -> Iterator[Outcome]:
    """Degrees within four years, a year after those within three, and the marks of all with a degree."""
    rng = random.Random(f"{seed}-degrees")
    later, marks = {}, {}
    for (unit_id, year, gender), (reached, n) in degrees.items():
        # Of those who began before the first year nothing is counted, so the first class stands for them too.
        before, began = degrees.get((unit_id, year - 1, gender), (reached, n))
        later[unit_id, year, gender] = (before + draw(rng, began - int(before), 0.2), began)
        middle = 14.6 if gender == "K" else 13.7
        points = [round(min(20, max(10, rng.gauss(middle, 2.1))), 1) for _ in range(int(reached))]
        marks[unit_id, year, gender] = (round(sum(points), 1), len(points))
    yield from summed(later, shares("N17467", "betyg"))
    yield from summed(marks, means("N17691", "betyg"))


def _engagement_rows(seed: int) -> Iterator[Outcome]:
    """The index that the compulsory schools' staff give in a survey: K is women, M men."""
    rng = random.Random(f"{seed}-U15200")
    for year in YEARS:
        found = {
            "K": (80.6 + 0.1 * (year - YEARS[0]) + rng.gauss(0, 0.4), round(rng.gauss(205, 6))),
            "M": (79.0 + 0.1 * (year - YEARS[0]) + rng.gauss(0, 0.5), round(rng.gauss(72, 4))),
        }
        answers = sum(n for _, n in found.values())
        found["T"] = (sum(index * n for index, n in found.values()) / answers, answers)
        for gender, (index, n) in found.items():
            yield outcome("U15200", None, year, gender, round(index, 1), n, "medarbetarenkat")


@dataclass(frozen=True)
class Municipal:
    """An indicator that only the whole municipality has.

    place is how far it lies above the other invented municipalities in their standard deviations, operator
    whose schools it covers, n the persons behind a share.
    """

    indicator_id: str
    place: float
    operator: str = "alla"
    n: int | None = None


MUNICIPAL = (
    Municipal("N11008", -0.2),
    Municipal("N11032", -0.1, "kommunal"),
    Municipal("N11050", -0.35),
    Municipal("N11051", 0.1, "enskild"),
    Municipal("N11102", -0.3),
    Municipal("N11821", 0.6, n=940),
    Municipal("N15008", -0.4, "kommunal"),
    Municipal("N15027", -0.3),
    Municipal("N15030", 0.2),
    Municipal("N15428", 0.5, n=340),
    Municipal("N15813", 0.5),
    Municipal("N15816", 0.3, n=3200),
    Municipal("N15823", -0.3, "kommunal", 300),
    Municipal("N17005", 0.2),
    Municipal("N17007", 0.3, "kommunal"),
    Municipal("N17461", -1.0, n=330),
    Municipal("N17538", -0.2, n=330),
    Municipal("N17625", 0.5, n=960),
    Municipal("N17813", 0.1),
    Municipal("N17826", 0.3, "kommunal"),
    Municipal("U15461", 0.4, "kommunal"),
)
# What the municipality itself was sent hidden.
HIDDEN = ("N15823", 2024)


def _municipal_rows(seed: int) -> Iterator[Outcome]:
    for indicator in MUNICIPAL:
        rng = random.Random(f"{seed}-{indicator.indicator_id}")
        level = LEVELS[indicator.indicator_id]
        for year in level.years:
            middle = level.mean + indicator.place * level.spread + level.trend * (year - YEARS[0])
            if (indicator.indicator_id, year) == HIDDEN:
                yield gap(indicator.indicator_id, None, year, "T", "..", TOO_FEW, "nyckeltal")
            elif indicator.n is None:
                value = round(rng.gauss(middle, 0.06 * level.spread), level.decimals)
                for gender, distance in _distances(level).items():
                    yield _municipal_row(
                        indicator, year, gender, round(value + distance, level.decimals), None
                    )
            else:
                yield from _counted(indicator, level, middle, year, rng)


def _distances(level: Level) -> dict[str, float]:
    """Gender → how far from both together; of the staff that these figures are about three in four are women."""
    return {"T": 0.0} if level.gap is None else {"T": 0.0, "K": level.gap / 4, "M": -3 * level.gap / 4}


def _counted(
    indicator: Municipal, level: Level, middle: float, year: int, rng: random.Random
) -> Iterator[Outcome]:
    counts = {}
    for gender in GENDERS:
        n = round(rng.gauss((indicator.n or 0) / 2, 0.015 * (indicator.n or 0)))
        p = (middle + (level.gap or 0) / 2 * (1 if gender == "K" else -1)) / 100
        counts[gender] = (draw(rng, n, p), n)
    counts["T"] = (sum(count for count, _ in counts.values()), sum(n for _, n in counts.values()))
    for gender, (count, n) in counts.items():
        if gender == "T" or level.gap is not None:
            yield _municipal_row(indicator, year, gender, percent(count, n), n)


def _municipal_row(indicator: Municipal, year: int, gender: str, value: float, n: int | None) -> Outcome:
    return outcome(
        indicator.indicator_id, None, year, gender, value, n, "nyckeltal", operator=indicator.operator
    )


def _gaps() -> Iterator[Outcome]:
    for share in SHARES:
        if share.indicator_id in CANCELLED:
            units = [unit.unit_id for unit in SCHOOLS if unit.has_grade(share.grades[0])]
            for unit_id in (None, *units):
                for gender in share.genders:
                    yield gap(share.indicator_id, unit_id, 2021, gender, "cancelled", NO_TESTS, share.source)
        elif share.years == ODD_YEARS:
            yield from _years_between(share.indicator_id)
    for indicator_id in ("N17663", "N17673"):
        yield from _years_between(indicator_id)
        for gender in ("T", "K", "M"):
            yield gap(indicator_id, None, 2021, gender, ".", NOT_TAKEN_PART, "elevenkat")
    for indicator_id in (name for name, level in LEVELS.items() if level.is_cost):
        yield gap(indicator_id, None, 2026, "T", ".", LATER, "nyckeltal")


def _years_between(indicator_id: str) -> Iterator[Outcome]:
    for year in YEARS:
        if year not in ODD_YEARS:
            yield gap(indicator_id, None, year, "T", ".", EVERY_OTHER_YEAR, "elevenkat")

"""Outcomes of the invented municipality: persons are counted first, shares follow from the counts.

Counts are drawn for girls and boys in every unit. Both together, and the municipality, are sums of them, so no
figure can contradict another. The values are raw: what small groups hide is decided by the privacy gate.
"""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial

import pandas as pd

from queries.intake.example.economy import Money, total
from queries.intake.example.frames import frame
from queries.intake.example.levels import LEVELS, ODD_YEARS, SCHOOL_YEARS, TEST_YEARS
from queries.intake.example.places import (
    CLOSED_SCHOOL,
    HIGH_SCHOOL,
    PRESCHOOLS,
    SCHOOLS,
    SUCCESSOR_SCHOOL,
    UNITS,
    YEARS,
    Unit,
)

GENDERS = ("K", "M")
NO_TESTS = "Nationella prov genomfördes inte 2021"
EVERY_OTHER_YEAR = "Enkäten görs vartannat år"
NOT_ASKED = "Exempelkommunen har inte deltagit i enkätfrågan"
NOBODY_COUNTED = "Ingen elev ingår i underlaget"
TOO_FEW = "För få elever enligt den statistik som kommunen fått"
LATER = "Uppgiften publiceras året efter"


@dataclass(frozen=True)
class Share:
    """How one share of pupils comes about.

    p is the chance in an ordinary school in 2021, trend its change a year, strength what a school one standard
    deviation stronger adds, gap how far girls lie above boys. relation to another indicator: 'includes' counts its
    pupils and more, 'part_of' some of its pupils, 'among' takes its pupils as those asked, 'same' is its twin.
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
    Share("N15613", (5, 5), 0.855, -0.004, 0.03, -0.06, years=ODD_YEARS, answer_rate=0.88, source="elevenkat"),
    Share("N15629", (5, 5), 0.745, -0.002, 0.04, -0.03, years=ODD_YEARS, answer_rate=0.88, source="elevenkat"),
    Share("N15633", (8, 8), 0.55, -0.004, 0.05, -0.07, years=ODD_YEARS, answer_rate=0.8, source="elevenkat"),
    Share("N15643", (8, 8), 0.80, -0.003, 0.04, -0.09, years=ODD_YEARS, answer_rate=0.8, source="elevenkat"),
    Share("N15659", (8, 8), 0.61, -0.003, 0.05, -0.06, years=ODD_YEARS, answer_rate=0.8, source="elevenkat"),
    Share("N15820", (1, 9), 0.56, 0.008, 0.06, genders=("T",), source="nyckeltal"),
    Share("N15902", (1, 9), 0.06, -0.003, -0.02, genders=("T",), source="nyckeltal"),
)
CANCELLED = ("L07", "L08", "N15452", "N15454", "N15569", "N15570", "N15571", "N15572", "N15573", "N15574")
# Registration per lesson began in January 2023 and shows absence that was not seen before.
NEW_METHOD_YEAR = 2023
NEW_METHOD_JUMP = {"L01": 0.026}

Key = tuple[str, str, int, str]
Counts = dict[Key, tuple[int, int]]
Outcome = Mapping[str, object]


def outcomes(seed: int, figures: Money) -> pd.DataFrame:
    """One row per indicator, unit (empty = the municipality), year and gender, ungated."""
    staff = staffing(seed)
    rows = [
        *_share_rows(seed),
        *_point_rows(seed),
        *_upper_secondary_rows(seed),
        *_preschool_rows(seed, staff),
        *_teacher_rows(seed, staff),
        *_absence_rows(seed, staff),
        *_complaint_rows(seed),
        *_deviation_rows(figures),
        *_municipal_rows(seed),
        *_gaps(),
    ]
    return frame("outcomes", rows)


def staffing(seed: int) -> dict[tuple[str, int], float]:
    """(unit_id, year) → full-time posts with children or pupils, whole posts at schools and halves in preschools."""
    rng = random.Random(f"{seed}-staff")
    posts = {}
    for unit in UNITS:
        for year in filter(unit.is_open, YEARS):
            if unit.school_form == "forskola":
                posts[unit.unit_id, year] = max(3.0, round(2 * children(unit, year) / rng.gauss(5.12, 0.09)) / 2)
            elif unit.school_form == "grundskola":
                pupils = sum(pupils_of(seed, unit, year, unit.grades).values())
                posts[unit.unit_id, year] = float(max(2, round(pupils / rng.gauss(11.7 + 0.1 * unit.strength, 0.35))))
            else:
                posts[unit.unit_id, year] = float(round(unit.yearly_intake * 3 / rng.gauss(12.6, 0.2)))
    return posts


def children(unit: Unit, year: int) -> int:
    """Children in a preschool: fewer are born each year."""
    return round(unit.yearly_intake * 0.988 ** (year - YEARS[0]))


def pupils_of(seed: int, unit: Unit, year: int, grades: tuple[int, int]) -> dict[str, int]:
    """Gender → pupils in these grades. A class keeps its pupils as it grows older, so years hang together."""
    found = dict.fromkeys(GENDERS, 0)
    for grade in range(grades[0], grades[1] + 1):
        if unit.has_grade(grade) and unit.is_open(year):
            for gender in GENDERS:
                found[gender] += _born(seed, unit, year - grade, gender)
    if unit.unit_id == SUCCESSOR_SCHOOL and year > 2024:
        moved = next(school for school in SCHOOLS if school.unit_id == CLOSED_SCHOOL)
        for grade in range(max(1, grades[0]), min(6, grades[1]) + 1):
            for gender in GENDERS:
                found[gender] += _born(seed, moved, year - grade, gender)
    return found


def _born(seed: int, unit: Unit, cohort: int, gender: str) -> int:
    rng = random.Random(f"{seed}-{unit.unit_id}-{cohort}-{gender}")
    half = unit.yearly_intake / 2
    return max(1, round(rng.gauss(half, 0.09 * half + 0.7)))


def _draw(rng: random.Random, n: int, p: float) -> int:
    chance = min(0.985, max(0.004, p))
    return sum(rng.random() < chance for _ in range(n))


def _share_rows(seed: int) -> Iterator[Outcome]:
    counts: Counts = {}
    for share in SHARES:
        rng = random.Random(f"{seed}-{share.indicator_id}")
        for unit in SCHOOLS:
            for year in filter(unit.is_open, share.years):
                for gender, pupils in pupils_of(seed, unit, year, share.grades).items():
                    key = (share.indicator_id, unit.unit_id, year, gender)
                    if pupils:
                        counts[key] = _count(share, unit, key, pupils, counts, rng)
        own = {key[1:]: count for key, count in counts.items() if key[0] == share.indicator_id}
        yield from summed(own, partial(_share_row, share))


def _count(share: Share, unit: Unit, key: Key, pupils: int, counts: Counts, rng: random.Random) -> tuple[int, int]:
    _, unit_id, year, gender = key
    p = share.p + share.trend * (year - YEARS[0]) + share.strength * unit.strength
    p += share.gap / 2 * (1 if gender == "K" else -1)
    if year >= NEW_METHOD_YEAR:
        p += NEW_METHOD_JUMP.get(share.indicator_id, 0.0)
    reached, n = counts.get((share.other, unit_id, year, gender), (0, 0))
    match share.relation:
        case "same":
            return reached, n
        case "includes":
            return reached + _draw(rng, n - reached, p), n
        case "part_of":
            return _draw(rng, reached, p), n
        case "among":
            return _draw(rng, reached, p), reached
    asked = pupils if share.answer_rate == 1.0 else _draw(rng, pupils, share.answer_rate)
    return _draw(rng, asked, p), asked


def summed(
    own: Mapping[tuple[str, int, str], tuple[float, int]],
    row: Callable[[str | None, int, str, float, int], Outcome | None],
) -> Iterator[Outcome]:
    """Rows for each unit, for the municipality, and for girls and boys together, from counts per unit and gender."""
    sums: defaultdict[tuple[str | None, int, str], list[float]] = defaultdict(lambda: [0, 0])
    for (unit_id, year, gender), (numerator, n) in own.items():
        for place in (unit_id, None):
            for group in dict.fromkeys((gender, "T")):
                sums[place, year, group][0] += numerator
                sums[place, year, group][1] += n
    for (place, year, group), (numerator, n) in sums.items():
        if made := row(place, year, group, numerator, int(n)):
            yield made


def _share_row(share: Share, unit_id: str | None, year: int, gender: str, count: float, n: int) -> Outcome | None:
    if gender not in share.genders:
        return None
    if n == 0:
        return _row(share.indicator_id, unit_id, year, gender, None, 0, share.source, marker=".", note=NOBODY_COUNTED)
    return _row(share.indicator_id, unit_id, year, gender, percent(count, n), n, share.source)


def percent(count: float, n: float) -> float:
    """A share in percent with one decimal."""
    return round(100 * count / n, 1)


def _row(
    indicator_id: str,
    unit_id: str | None,
    year: int,
    gender: str,
    value: float | None,
    n: int | None,
    source: str,
    *,
    operator: str = "kommunal",
    marker: str = "",
    note: str | None = None,
) -> Outcome:
    return {
        "indicator_id": indicator_id,
        "unit_id": unit_id,
        "year": year,
        "gender": gender,
        "operator": operator,
        "value": value,
        "marker": marker,
        "note": note,
        "n": n,
        "source_id": f"exempel-{source}",
    }


def _mean_row(
    indicator_id: str, source: str, unit_id: str | None, year: int, gender: str, total_points: float, n: int
) -> Outcome:
    return _row(indicator_id, unit_id, year, gender, round(total_points / n, 1), n, source)


def _point_rows(seed: int) -> Iterator[Outcome]:
    # Merit points come in steps of 2.5 a subject, so sums of them are exact.
    rng = random.Random(f"{seed}-N15505")
    own: dict[tuple[str, int, str], tuple[float, int]] = {}
    for unit in SCHOOLS:
        for year in filter(unit.is_open, YEARS):
            for gender, pupils in pupils_of(seed, unit, year, (9, 9)).items():
                middle = 224 + 0.5 * (year - YEARS[0]) + 13 * unit.strength + (12 if gender == "K" else -12)
                points = [round(min(340, max(0, rng.gauss(middle, 52))) / 2.5) * 2.5 for _ in range(pupils)]
                if points:
                    own[unit.unit_id, year, gender] = (sum(points), pupils)
    yield from summed(own, partial(_mean_row, "N15505", "betyg"))


def _upper_secondary_rows(seed: int) -> Iterator[Outcome]:
    rng = random.Random(f"{seed}-gymnasium")
    own: dict[str, dict[tuple[str, int, str], tuple[float, int]]] = {"L17": {}, "N17673": {}}
    for year in YEARS:
        for gender in GENDERS:
            pupils = round(rng.gauss(HIGH_SCHOOL.yearly_intake / 2, 4))
            p = 0.655 + 0.011 * (year - YEARS[0]) + (0.03 if gender == "K" else -0.03)
            own["L17"][HIGH_SCHOOL.unit_id, year, gender] = (_draw(rng, pupils, p), pupils)
            if year in ODD_YEARS[1:]:
                answers = _draw(rng, pupils, 0.74)
                safe = _draw(rng, answers, 0.87 + (-0.02 if gender == "K" else 0.02))
                own["N17673"][HIGH_SCHOOL.unit_id, year, gender] = (safe, answers)
    for indicator_id, source in (("L17", "betyg"), ("N17673", "elevenkat")):
        yield from summed(own[indicator_id], partial(_share_row, Share(indicator_id, (0, 0), source=source)))


def _preschool_rows(seed: int, staff: Mapping[tuple[str, int], float]) -> Iterator[Outcome]:
    rng = random.Random(f"{seed}-preschool")
    ratio, without, licensed, educated, satisfied = {}, {}, {}, {}, {}
    for unit in PRESCHOOLS:
        for year in YEARS:
            key = (unit.unit_id, year, "T")
            posts, count = staff[unit.unit_id, year], children(unit, year)
            granted = round(2 * posts * rng.uniform(0.04, 0.075)) / 2
            p = 0.435 - 0.004 * (year - YEARS[0]) + 0.06 * unit.strength + rng.gauss(0, 0.02)
            with_licence = round(2 * posts * p) / 2
            answers = _draw(rng, count, 0.64)
            # Numerator first; what it is divided by is given in half posts to stay whole.
            ratio[key] = (count, round(2 * posts))
            without[key] = (count, round(2 * (posts - granted)))
            licensed[key] = (2 * with_licence, round(2 * posts))
            educated[key] = (min(2 * posts, 2 * with_licence + round(posts * 0.09)), round(2 * posts))
            satisfied[key] = (_draw(rng, answers, 0.895 + 0.002 * (year - YEARS[0]) + 0.02 * unit.strength), answers)
    yield from summed(ratio, partial(_ratio_row, "L09", "personal", 2))
    yield from summed(without, partial(_ratio_row, "L10", "personal", 2))
    for indicator_id in ("L11", "N11810"):
        yield from summed(licensed, partial(_ratio_row, indicator_id, "personal", 100))
    yield from summed(educated, partial(_ratio_row, "N11052", "personal", 100))
    yield from summed(satisfied, partial(_share_row, Share("L12", (0, 0), genders=("T",), source="enkat")))


def _ratio_row(
    indicator_id: str,
    source: str,
    scale: float,
    unit_id: str | None,
    year: int,
    gender: str,
    numerator: float,
    denominator: int,
) -> Outcome | None:
    if gender != "T":
        return None
    return _row(indicator_id, unit_id, year, "T", round(scale * numerator / denominator, 1), None, source)


def _teacher_rows(seed: int, staff: Mapping[tuple[str, int], float]) -> Iterator[Outcome]:
    rng = random.Random(f"{seed}-teachers")
    ratio, licensed = {}, {}
    for unit in SCHOOLS:
        for year in filter(unit.is_open, YEARS):
            posts = int(staff[unit.unit_id, year])
            p = 0.725 + 0.004 * (year - YEARS[0]) + 0.055 * unit.strength + rng.gauss(0, 0.02)
            ratio[unit.unit_id, year, "T"] = (sum(pupils_of(seed, unit, year, unit.grades).values()), posts)
            licensed[unit.unit_id, year, "T"] = (round(posts * min(0.96, p)), posts)
    yield from summed(ratio, partial(_ratio_row, "N15034", "personal", 1))
    yield from summed(licensed, partial(_ratio_row, "N15814", "personal", 100))


def _absence_rows(seed: int, staff: Mapping[tuple[str, int], float]) -> Iterator[Outcome]:
    rng = random.Random(f"{seed}-absence")
    lessons, sick = {}, {}
    for unit in UNITS:
        for year in filter(unit.is_open, YEARS):
            key = (unit.unit_id, year, "T")
            days = round(staff[unit.unit_id, year] * 224)
            base = 0.081 if year <= 2022 else 0.072
            sick[key] = (round(days * max(0.03, rng.gauss(base - 0.005 * unit.strength, 0.007))), days)
            if unit.school_form == "grundskola":
                held = 640 * sum(pupils_of(seed, unit, year, unit.grades).values())
                p = (0.86 if year < NEW_METHOD_YEAR else 0.925) + 0.006 * (year - YEARS[0]) + rng.gauss(0, 0.012)
                lessons[key] = (round(held * min(0.992, p)), held)
    yield from summed(lessons, partial(_ratio_row, "L04", "franvaro", 100))
    yield from summed(sick, partial(_ratio_row, "L15", "personal", 100))


def _complaint_rows(seed: int) -> Iterator[Outcome]:
    rng = random.Random(f"{seed}-complaints")
    every, without = {}, {}
    for unit in UNITS:
        for year in filter(unit.is_open, YEARS):
            people = unit.yearly_intake * (unit.grades[1] - unit.grades[0] + 1)
            usual = _draw(rng, 12, min(0.3, people / 2600 * (1.06 - 0.06 * (year - YEARS[0])) - 0.012 * unit.strength))
            moving = _about_the_move(unit, year, rng)
            without[unit.unit_id, year, "T"] = (usual, 1)
            every[unit.unit_id, year, "T"] = (usual + moving, 1)
    for indicator_id, counts in (("L13", every), ("L14", without)):
        yield from summed(counts, partial(_number_row, indicator_id))


def _about_the_move(unit: Unit, year: int, rng: random.Random) -> int:
    if unit.unit_id == CLOSED_SCHOOL and year in (2023, 2024):
        return {2023: 5, 2024: 14}[year] + rng.randrange(3)
    if unit.unit_id == SUCCESSOR_SCHOOL and year in (2024, 2025):
        return {2024: 4, 2025: 7}[year] + rng.randrange(3)
    return 0


def _number_row(indicator_id: str, unit_id: str | None, year: int, gender: str, count: float, _: int) -> Outcome:
    return _row(indicator_id, unit_id, year, gender, count, None, "klagomal")


def _deviation_rows(figures: Money) -> Iterator[Outcome]:
    for unit_id, years in figures.items():
        for year, one in years.items():
            yield _row("L16", unit_id, year, "T", percent(one.deviation, one.turnover), None, _books(year))
    for year in YEARS:
        one = total(figures, year)
        yield _row("L16", None, year, "T", percent(one.deviation, one.turnover), None, _books(year))


def _books(year: int) -> str:
    return "prognos" if year == YEARS[-1] else "bokslut"


# Indicators that only the whole municipality has: how far it lies above the other invented municipalities, in their
# standard deviations, whose schools it covers, and the number of pupils of each gender behind it.
_MUNICIPAL: tuple[tuple[str, float, str, int | None], ...] = (
    ("N11050", -0.35, "alla", None),
    ("N11051", 0.1, "enskild", None),
    ("N11102", -0.3, "alla", None),
    ("N11821", 0.6, "alla", None),
    ("N15008", -0.4, "kommunal", None),
    ("N15030", 0.2, "alla", None),
    ("N15428", 0.5, "alla", 160),
    ("N15813", 0.5, "alla", None),
    ("N15816", 0.3, "alla", None),
    ("N15823", -0.3, "kommunal", None),
    ("N17461", -0.6, "alla", 165),
    ("N17538", -0.2, "alla", 165),
    ("N17625", 0.5, "alla", 480),
    ("N17813", 0.1, "alla", None),
    ("U15461", 0.4, "kommunal", None),
)
_NOT_IN_MUNICIPALITY = {("N15823", 2024): ("..", TOO_FEW)}


def _municipal_rows(seed: int) -> Iterator[Outcome]:
    for indicator_id, place, operator, pupils in _MUNICIPAL:
        rng = random.Random(f"{seed}-{indicator_id}")
        level = LEVELS[indicator_id]
        for year in level.years:
            if (indicator_id, year) in _NOT_IN_MUNICIPALITY:
                marker, note = _NOT_IN_MUNICIPALITY[indicator_id, year]
                source = "nyckeltal"
                yield _row(indicator_id, None, year, "T", None, None, source, operator=operator, marker=marker, note=note)
                continue
            middle = level.mean + place * level.spread + level.trend * (year - YEARS[0])
            if pupils is None:
                value = round(rng.gauss(middle, 0.12 * level.spread), level.decimals)
                yield _row(indicator_id, None, year, "T", value, None, "nyckeltal", operator=operator)
                continue
            own = {}
            for gender in GENDERS:
                n = round(rng.gauss(pupils, 0.03 * pupils))
                p = (middle + (level.gap or 0) / 2 * (1 if gender == "K" else -1)) / 100
                own["", year, gender] = (_draw(rng, n, p), n)
            share = Share(indicator_id, (0, 0), source="nyckeltal")
            for row in summed(own, partial(_share_row, share)):
                if row["unit_id"] is None:
                    yield {**row, "operator": operator}


def _gaps() -> Iterator[Outcome]:
    """Where a value would have stood, and why it does not."""
    for share in SHARES:
        if share.indicator_id in CANCELLED:
            units = [unit.unit_id for unit in SCHOOLS if unit.has_grade(share.grades[0])]
            for unit_id in (None, *units):
                for gender in share.genders:
                    yield _gap(share.indicator_id, unit_id, 2021, gender, "cancelled", NO_TESTS, share.source)
        elif share.years == ODD_YEARS:
            for year in (2022, 2024, 2026):
                yield _gap(share.indicator_id, None, year, "T", ".", EVERY_OTHER_YEAR, share.source)
    for year in (2022, 2024, 2026):
        yield _gap("N17673", None, year, "T", ".", EVERY_OTHER_YEAR, "elevenkat")
    for gender in ("T", "K", "M"):
        yield _gap("N17673", None, 2021, gender, ".", "Gymnasiet deltog inte i enkäten 2021", "elevenkat")
    yield _gap("N15008", None, 2026, "T", ".", LATER, "nyckeltal")


def _gap(
    indicator_id: str, unit_id: str | None, year: int, gender: str, marker: str, note: str, source: str
) -> Outcome:
    return _row(indicator_id, unit_id, year, gender, None, None, source, marker=marker, note=note)

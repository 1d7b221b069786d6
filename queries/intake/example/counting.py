"""From counts per unit and gender to rows: girls, boys, both, and the municipality as their sum."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping

Outcome = Mapping[str, object]
Counts = Mapping[tuple[str, int, str], tuple[float, int]]
MakeRow = Callable[[str | None, int, str, float, int], Outcome | None]

NOBODY_COUNTED = "Ingen elev ingår i underlaget"


def draw(rng: random.Random, n: int, p: float) -> int:
    """How many of n persons something holds for."""
    chance = min(0.985, max(0.004, p))
    return sum(rng.random() < chance for _ in range(n))


def percent(part: float, whole: float) -> float:
    """A share in percent with one decimal."""
    return round(100 * part / whole, 1)


def summed(counts: Counts, make_row: MakeRow) -> Iterator[Outcome]:
    """Rows for each unit and for the municipality, and for both genders where counts are given for each.

    counts: (unit_id, year, gender) → numerator and denominator.
    """
    sums: defaultdict[tuple[str | None, int, str], list[float]] = defaultdict(lambda: [0, 0])
    for (unit_id, year, gender), (numerator, denominator) in counts.items():
        for place in (unit_id, None):
            for group in dict.fromkeys((gender, "T")):
                sums[place, year, group][0] += numerator
                sums[place, year, group][1] += denominator
    for (place, year, group), (numerator, denominator) in sums.items():
        if row := make_row(place, year, group, numerator, int(denominator)):
            yield row


def outcome(
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
    """One row of outcomes; source is the part of source_id after "exempel-"."""
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


def gap(
    indicator_id: str, unit_id: str | None, year: int, gender: str, marker: str, note: str, source: str
) -> Outcome:
    """One row where a value would have stood, and why it does not."""
    return outcome(indicator_id, unit_id, year, gender, None, None, source, marker=marker, note=note)


def shares(
    indicator_id: str, source: str, genders: tuple[str, ...] = ("T", "K", "M"), operator: str = "kommunal"
) -> MakeRow:
    """Makes rows of shares in percent of persons, with n."""

    def row(unit_id: str | None, year: int, gender: str, count: float, n: int) -> Outcome | None:
        if gender not in genders:
            return None
        if n == 0:
            return gap(indicator_id, unit_id, year, gender, ".", NOBODY_COUNTED, source)
        return outcome(indicator_id, unit_id, year, gender, percent(count, n), n, source, operator=operator)

    return row


def means(indicator_id: str, source: str) -> MakeRow:
    """Makes rows of means over persons with one decimal, with n."""

    def row(unit_id: str | None, year: int, gender: str, points: float, n: int) -> Outcome:
        return outcome(indicator_id, unit_id, year, gender, round(points / n, 1), n, source)

    return row


def ratios(indicator_id: str, source: str, scale: float = 1) -> MakeRow:
    """Makes rows of one amount through another with one decimal, without n."""

    def row(unit_id: str | None, year: int, gender: str, part: float, whole: int) -> Outcome:
        return outcome(indicator_id, unit_id, year, gender, round(scale * part / whole, 1), None, source)

    return row


def amounts(indicator_id: str, source: str) -> MakeRow:
    """Makes rows of whole numbers that are simply added, without n."""

    def row(unit_id: str | None, year: int, gender: str, count: float, _: int) -> Outcome:
        return outcome(indicator_id, unit_id, year, gender, count, None, source)

    return row

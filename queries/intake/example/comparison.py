"""The invented municipality among invented others: values, ranks and how they are spread."""

from __future__ import annotations

import random
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

import numpy as np
import pandas as pd

from queries.intake.example.frames import MUNICIPALITY_ID, frame
from queries.intake.example.levels import LEVELS, Level
from queries.intake.example.places import COUNTRY_ID, NEIGHBOUR_IDS, SIZES, YEARS

SOURCE = "exempel-jamforelse"
PERCENTILES = (2.5, 25, 50, 75, 97.5)
# Inhabitants in hundreds; a smaller municipality sends its pupils to a neighbour's upper secondary school.
SMALLEST_WITH_UPPER_SECONDARY = 80
# One municipality that delivered no accounts one year.
NO_ACCOUNTS = ("9938", 2025)

Key = tuple[str, str, int, str]
Cell = tuple[float | None, str]


def comparison_tables(seed: int, outcomes: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """comparison_values and comparison_distributions. The municipality's own values are those of outcomes."""
    cells: dict[Key, Cell] = {}
    for code, strength in _strengths(seed).items():
        for indicator_id, level in LEVELS.items():
            cells.update(_municipality_cells(seed, indicator_id, level, code, strength))
    cells.update(_own_cells(outcomes))
    spread: defaultdict[tuple[str, int, str], list[float]] = defaultdict(list)
    for (indicator_id, _, year, gender), (value, _) in cells.items():
        if value is not None:
            spread[indicator_id, year, gender].append(value)
    for values in spread.values():
        values.sort()
    country = _country_cells(cells)
    rows = [_value_row(key, cell, spread) for key, cell in {**country, **cells}.items()]
    return {
        "comparison_values": frame("comparison_values", rows),
        "comparison_distributions": frame(
            "comparison_distributions", map(_distribution_row, sorted(spread.items()))
        ),
    }


def _strengths(seed: int) -> Mapping[str, float]:
    rng = random.Random(f"{seed}-neighbours")
    return {code: rng.gauss(0, 1) for code in NEIGHBOUR_IDS}


def _genders(level: Level) -> tuple[str, ...]:
    return ("T",) if level.gap is None else ("T", "K", "M")


def _municipality_cells(
    seed: int, indicator_id: str, level: Level, code: str, strength: float
) -> Iterator[tuple[Key, Cell]]:
    rng = random.Random(f"{seed}-{indicator_id}-{code}")
    # What goes well in a municipality goes together, but far from wholly.
    place = 0.55 * strength * level.direction + rng.gauss(0, 0.83)
    own_gap = (level.gap or 0) * rng.uniform(0.5, 1.5)
    hides_small = rng.random() < level.small_cells * (2 if SIZES[code] < 120 else 0.6)
    for year in YEARS:
        middle = level.mean + level.spread * (place + rng.gauss(0, 0.25)) + level.trend * (year - YEARS[0])
        girls = rng.uniform(0.46, 0.53)
        privacy = hides_small and rng.random() < 0.6
        by_gender = {"K": middle + own_gap * (1 - girls), "M": middle - own_gap * girls, "T": middle}
        for gender in _genders(level):
            if level.has_own_upper_secondary and SIZES[code] < SMALLEST_WITH_UPPER_SECONDARY:
                cell: Cell = (None, "Not applicable")
            elif year not in level.years or (level.is_cost and (code, year) == NO_ACCOUNTS):
                cell = (None, "Missing")
            elif privacy:
                cell = (None, "Privacy")
            else:
                value = min(level.highest, max(level.lowest, by_gender[gender]))
                cell = (round(value, level.decimals), "")
            yield (indicator_id, code, year, gender), cell


def _own_cells(outcomes: pd.DataFrame) -> dict[Key, Cell]:
    own: dict[Key, Cell] = {
        (indicator_id, MUNICIPALITY_ID, year, gender): (None, _own_gap(indicator_id, year))
        for indicator_id, level in LEVELS.items()
        for year in YEARS
        for gender in _genders(level)
    }
    municipal = outcomes[outcomes["unit_id"].isna()]
    for indicator_id, year, gender, value, marker in zip(
        *(municipal[name] for name in ("indicator_id", "year", "gender", "value", "marker")), strict=True
    ):
        key = (indicator_id, MUNICIPALITY_ID, int(year), gender)
        if key in own and marker == "":
            own[key] = (float(value), "")
        elif key in own and marker == "..":
            own[key] = (None, "Privacy")
    return own


def _own_gap(indicator_id: str, year: int) -> str:
    # The upper secondary school was not among those asked that year.
    return "Not applicable" if indicator_id in ("N17663", "N17673") and year == 2021 else "Missing"


def _country_cells(cells: Mapping[Key, Cell]) -> dict[Key, Cell]:
    weighted: defaultdict[tuple[str, int, str], list[tuple[float, int]]] = defaultdict(list)
    for (indicator_id, code, year, gender), (value, _) in cells.items():
        found = weighted[indicator_id, year, gender]
        if value is not None:
            found.append((value, SIZES[code]))
    return {
        (indicator_id, COUNTRY_ID, year, gender): (
            round(
                sum(value * size for value, size in found) / sum(size for _, size in found),
                LEVELS[indicator_id].decimals,
            )
            if found
            else None,
            "" if found else "Missing",
        )
        for (indicator_id, year, gender), found in weighted.items()
    }


def _value_row(
    key: Key, cell: Cell, spread: Mapping[tuple[str, int, str], Sequence[float]]
) -> dict[str, object]:
    indicator_id, code, year, gender = key
    value, status = cell
    row = {
        "indicator_id": indicator_id,
        "municipality_id": code,
        "year": year,
        "gender": gender,
        "value": value,
        "status": status,
        "source_id": SOURCE,
    }
    if value is not None:
        everyone = spread[indicator_id, year, gender]
        row["count_higher"] = len(everyone) - bisect_right(everyone, value)
        row["count_lower"] = bisect_left(everyone, value)
    return row


def _distribution_row(item: tuple[tuple[str, int, str], Sequence[float]]) -> dict[str, object]:
    (indicator_id, year, gender), values = item
    points = dict(
        zip(("p2_5", "p25", "p50", "p75", "p97_5"), np.percentile(values, PERCENTILES), strict=True)
    )
    return {
        "register": "exempel",
        "indicator_id": indicator_id,
        "year": year,
        "gender": gender,
        "n": len(values),
        **{name: round(float(point), 4) for name, point in points.items()},
        "mean": round(sum(values) / len(values), 4),
        "source_id": SOURCE,
    }

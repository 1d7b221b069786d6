"""Slow and obvious twins of the questions about one school at a time."""

from __future__ import annotations

import math
from typing import Any

from tests.action_twins import breaks
from tests.twins import Row, Tables

Key = tuple[str, str | None, int]


def school_indicators(
    tables: Tables, municipality_id: str, year: int
) -> dict[tuple[Any, ...], dict[str, Any]]:
    """(unit, position, year) → what a chart of the unit shows there, and the ends of its axis."""
    home = {row["municipality_id"]: row for row in tables["municipalities"]}.get(municipality_id)
    outcomes, targets = outcomes_of(tables, municipality_id), targets_of(tables, municipality_id)
    units = [row for row in tables["units"] if row["municipality_id"] == municipality_id]
    indicators = {row["indicator_id"]: row for row in tables["indicators"]}
    charted = {row["indicator_id"] for row in tables["school_charts"]}
    told = [key[2] for key in outcomes if key[0] in charted]
    years = range(min(told), max(told) + 1) if told else range(0)
    shown: dict[tuple[Any, ...], dict[str, Any]] = {}
    for chart in tables["school_charts"]:
        own = [unit for unit in units if unit["school_form"] == chart["school_form"]]
        cells = {
            (unit["unit_id"], each): cell(tables, chart, unit, each, outcomes, targets)
            for unit in own
            for each in years
        }
        low, high = axis(chart, [one for found in cells.values() for one in found["all"]])
        is_per_unit = any(found["outcome"] for found in cells.values())
        register = home["register"] if home else ""
        broken = breaks(tables, municipality_id, register, indicators[chart["indicator_id"]])
        for (unit_id, each), found in cells.items():
            if year - 6 < each <= year:
                unit = next(one for one in own if one["unit_id"] == unit_id)
                window = [cells[unit_id, other] for other in years if year - 6 < other <= year]
                shown[unit_id, int(chart["position"]), each] = {
                    "value": found["value"],
                    "marker": found["marker"],
                    "n": found["n"],
                    "municipality_value": found["municipality_value"],
                    "target": found["target"],
                    "gap": gap(unit, each, found, window, is_per_unit, outcomes, chart),
                    "axis": (low, high),
                    "is_broken": each in broken,
                }
    return shown


def outcomes_of(tables: Tables, municipality_id: str) -> dict[Key, Row]:
    """The outcome that stands for each place and year: all pupils, and its own schools before all schools."""
    chosen: dict[Key, Row] = {}
    for row in tables["outcomes"]:
        if row["municipality_id"] != municipality_id or row["gender"] != "T":
            continue
        if row["unit_id"] is None and row["operator"] == "enskild":
            continue
        key = (row["indicator_id"], row["unit_id"], row["year"])
        if key not in chosen or row["operator"] == "kommunal":
            chosen[key] = row
    return chosen


def targets_of(tables: Tables, municipality_id: str) -> dict[Key, tuple[str, float]]:
    """The decided target of each place and year."""
    return {
        (row["indicator_id"], row["unit_id"], row["year"]): (row["operator"], row["target_value"])
        for row in tables["targets"]
        if row["municipality_id"] == municipality_id
    }


def cell(
    tables: Tables, chart: Row, unit: Row, year: int, outcomes: dict[Key, Row], targets: dict[Key, Any]
) -> dict[str, Any]:
    """What one chart shows of a unit and year."""
    indicator_id = chart["indicator_id"]
    has_line = chart["has_municipality_line"] == "true"
    # A code with a target alone stands before the former code, as one with an outcome does.
    code = next(
        (
            each
            for each in codes(tables, unit)
            if (indicator_id, each, year) in outcomes or (indicator_id, each, year) in targets
        ),
        None,
    )
    outcome = outcomes.get((indicator_id, code, year)) if code else None
    whole = outcomes.get((indicator_id, None, year))
    if chart["target_from"] == "result_requirement":
        target = requirement(tables, unit, year)
    else:
        target = (targets.get((indicator_id, code, year)) if code else None) or targets.get(
            (indicator_id, None, year)
        )
    value = outcome["value"] if outcome else None
    line = whole["value"] if whole and has_line else None
    return {
        "outcome": outcome,
        "value": value,
        "marker": outcome["marker"] if outcome else None,
        "n": outcome["n"] if outcome else None,
        "municipality_value": line,
        "target": target,
        "all": [one for one in (value, line, target[1] if target else None) if one is not None],
    }


def requirement(tables: Tables, unit: Row, year: int) -> tuple[str, float] | None:
    """The result requirement of a unit in a year."""
    for row in tables["unit_results"]:
        here = (row["municipality_id"], row["unit_id"], row["year"])
        if here == (unit["municipality_id"], unit["unit_id"], year):
            percent = row["requirement_percent"]
            return None if percent is None else (">=", percent)
    return None


def codes(tables: Tables, unit: Row) -> list[str]:
    """The unit's code, and before it those of units that it alone replaced in the very year it opened."""
    found = [unit["unit_id"]]
    now = unit
    while True:
        former = [
            row
            for row in tables["units"]
            if row["municipality_id"] == unit["municipality_id"]
            and row["successor_unit_id"] == now["unit_id"]
            and row["unit_id"] != now["unit_id"]
            and row["school_form"] == now["school_form"]
        ]
        if len(former) != 1 or former[0]["unit_id"] in found:
            return found
        closed, opened = former[0]["closed_year"], now["opened_year"]
        if closed is None or opened is None or opened not in (closed, closed + 1):
            return found
        now = former[0]
        found.append(now["unit_id"])


def gap(
    unit: Row,
    year: int,
    found: dict[str, Any],
    window: list[dict[str, Any]],
    is_per_unit: bool,
    outcomes: dict[Key, Row],
    chart: Row,
) -> str:
    """Why a unit has no value of its own."""
    if found["outcome"]:
        return ""
    if unit["closed_year"] is not None and year > unit["closed_year"]:
        return "closed"
    if unit["opened_year"] is not None and year < unit["opened_year"]:
        return "not_opened"
    if not is_per_unit:
        return "not_per_unit"
    if not any(each["outcome"] for each in window):
        return "never"
    whole = outcomes.get((chart["indicator_id"], None, year))
    return "as_municipality" if whole and whole["marker"] in (".", "cancelled") else "missing"


def axis(chart: Row, values: list[float]) -> tuple[float | None, float | None]:
    """The ends of an axis: whole steps around everything that is shown, and the fixed ends where they are wider."""
    everything = values + [float(chart[end]) for end in ("low", "high") if chart[end]]
    if not everything:
        return None, None
    low = min([*values, *([float(chart["low"])] if chart["low"] else [])], default=None)
    high = max([*values, *([float(chart["high"])] if chart["high"] else [])], default=None)
    if low is None or high is None:
        # Only one end is fixed and nothing is shown: SQL takes whole steps of a fifth around it.
        low_step = 0.2
        return (
            None if low is None else math.floor(low / low_step) * low_step,
            None if low is None else (math.floor(low / low_step) + 1) * low_step,
        )
    span = high - low
    magnitude = 10.0 ** math.floor(math.log10(span if span > 0 else 1))
    step = magnitude if span / magnitude >= 5 else magnitude / 2 if span / magnitude >= 2 else magnitude / 5
    bottom = math.floor(low / step)
    return bottom * step, (math.ceil(high / step) if span > 0 else bottom + 1) * step


def school_lives(tables: Tables, municipality_id: str) -> set[tuple[Any, ...]]:
    """(unit, kind, year, former name, other unit) of everything that has happened to a unit."""
    units = {row["unit_id"]: row for row in tables["units"] if row["municipality_id"] == municipality_id}
    found: set[tuple[Any, ...]] = set()
    for row in tables["unit_names"]:
        unit = units.get(row["unit_id"]) if row["municipality_id"] == municipality_id else None
        if unit and row["to_year"] is not None and row["name"] != unit["name"]:
            found.add((row["unit_id"], "renamed", row["to_year"], row["name"], None))
    for unit_id, unit in units.items():
        heir = unit["successor_unit_id"]
        if unit["closed_year"] is not None:
            found.add((unit_id, "closed", unit["closed_year"], None, heir))
        if heir in units:
            kind = "new_code" if unit_id in codes(tables, units[heir]) else "took_over"
            found.add((heir, kind, unit["closed_year"], None, unit_id))
    return found

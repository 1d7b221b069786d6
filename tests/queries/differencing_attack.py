"""The differencing attack: what a reader can work out about hidden results from everything that is visible.

Written apart from the privacy gate and without its code, so that a mistake there is not repeated here. It
sees only the gated rows, as a page or a download would give them.
"""

from __future__ import annotations

from collections import defaultdict
from math import ceil, floor
from typing import NamedTuple

import numpy as np
import pandas as pd
from scipy.optimize import linprog

HIDDEN = ("..", "~100", "~0")


def attack(
    gated: pd.DataFrame,
    kinds: dict[str, str],
    *,
    near_end: int = 4,
    scale: float = 10.0,
    mean_rounding: float = 1e-7,
    every_school_listed: bool = True,
) -> pd.DataFrame:
    """One row per hidden row of a share or mean: low and high, the persons it must lie between, width and n.

    kinds is indicator_id → 'share' or 'mean'. For means a person counts as one full mark (the sum through
    scale), and a visible mean may be off by mean_rounding. n is empty where the source hid it and no
    subtraction gives it. every_school_listed: the reader trusts that a municipality has no schools but those
    in the table, and so subtracts numbers of pupils among schools too; without it such a sum has a gap. A
    table whose visible figures contradict each other gives nan.
    """
    reader = _Reader(near_end, scale, mean_rounding, every_school_listed)
    found = []
    for (_, indicator_id, _), rows in gated.groupby(["municipality_id", "indicator_id", "year"], sort=False):
        if indicator_id in kinds and rows["marker"].isin(HIDDEN).any():
            found.append(_attack_table(rows, kinds[indicator_id], reader))
    columns = ["row", "low", "high", "width", "n"]
    return pd.concat(found) if found else pd.DataFrame(columns=columns)


class _Reader(NamedTuple):
    near_end: int
    scale: float
    mean_rounding: float
    every_school_listed: bool


def _attack_table(rows: pd.DataFrame, kind: str, reader: _Reader) -> pd.DataFrame:
    rows = rows[~rows["marker"].isin([".", "cancelled"])]
    names = [
        (None if pd.isna(unit) else unit, operator, gender)
        for unit, operator, gender in zip(rows["unit_id"], rows["operator"], rows["gender"], strict=True)
    ]
    pupils = {name: (None if pd.isna(n) else float(n)) for name, n in zip(names, rows["n"], strict=True)}
    sums = _sums(names)
    _subtract_pupils(pupils, sums, reader.every_school_listed)
    largest = max([float(reader.near_end), *(n for n in pupils.values() if n is not None)])
    most = {name: largest if n is None else n for name, n in pupils.items()}
    limits = [
        _limits(kind, value, marker, most[name], reader)
        for name, value, marker in zip(names, rows["value"], rows["marker"], strict=True)
    ]
    intervals = _intervals(rows, names, pupils, sums, limits, reader.every_school_listed)
    return intervals.assign(n=[pupils[names[place]] for place in np.flatnonzero(rows["marker"].isin(HIDDEN))])


def _limits(kind: str, value: float, marker: str, n: float, reader: _Reader) -> tuple[float, float]:
    if marker == "" and kind == "share":
        # Up to a thousand pupils one decimal of a percent leaves room for one whole number only.
        return ceil((value - 0.05) * n / 100 - 1e-9), floor((value + 0.05) * n / 100 + 1e-9)
    if marker == "":
        slack = reader.mean_rounding * n / reader.scale
        return value * n / reader.scale - slack, value * n / reader.scale + slack
    if marker == "~100" and kind == "share":
        return max(0.0, n - reader.near_end), n
    if marker == "~0" and kind == "share":
        return 0.0, min(n, reader.near_end)
    return 0.0, n


def _sums(names: list[tuple]) -> list[tuple[tuple, list[tuple]]]:
    """Every (total, parts) that the rows allow."""
    known, sums = set(names), []
    units = sorted({unit for unit, _, _ in known if unit is not None})
    for unit, operator, gender in names:
        if gender == "T" and {(unit, operator, "K"), (unit, operator, "M")} <= known:
            sums.append(((unit, operator, "T"), [(unit, operator, "K"), (unit, operator, "M")]))
        if operator == "alla" and {(unit, "kommunal", gender), (unit, "enskild", gender)} <= known:
            sums.append(((unit, "alla", gender), [(unit, "kommunal", gender), (unit, "enskild", gender)]))
        if unit is None:
            parts = [(each, operator, gender) for each in units if (each, operator, gender) in known]
            if operator == "alla" and not parts:
                parts = [
                    (e, o, gender) for e in units for o in ("kommunal", "enskild") if (e, o, gender) in known
                ]
            if parts:
                sums.append(((None, operator, gender), parts))
    return sums


def _subtract_pupils(
    pupils: dict[tuple, float | None], sums: list[tuple[tuple, list[tuple]]], every_school_listed: bool
) -> None:
    """Numbers of pupils the source hid, found as total minus the others, again and again.

    Genders and operators are complete. Where several sums tell of a school, the smallest number is the
    most it can have.
    """
    complete = [(total, parts) for total, parts in sums if parts[0][0] == total[0]]
    over_schools = [(total, parts) for total, parts in sums if parts[0][0] != total[0]]
    while True:
        found = [
            each for total, parts in complete for each in _one_missing(pupils, total, parts, [total, *parts])
        ]
        if every_school_listed and not found:
            found = [n for total, parts in over_schools for n in _one_missing(pupils, total, parts, parts)]
        if not found:
            return
        name = found[0][0]
        pupils[name] = min(n for each, n in found if each == name)


def _one_missing(pupils, total, parts, wanted) -> list[tuple[tuple, float]]:
    absent = [name for name in (total, *parts) if pupils[name] is None]
    if len(absent) != 1 or absent[0] not in wanted:
        return []
    others = sum(pupils[part] for part in parts if part != absent[0])
    if absent == [total]:
        return [(total, others)]
    unit, operator, _ = absent[0]
    own = [pupils.get(name) for name in ((unit, operator, "T"), (unit, "alla", "T"))]
    return [(absent[0], min([max(0.0, pupils[total] - others), *(n for n in own if n is not None)]))]


def _intervals(rows, names, pupils, sums, limits, every_school_listed) -> pd.DataFrame:
    column = {name: place for place, name in enumerate(names)}
    size = len(names) + len(sums)
    equations, bounds = np.zeros((len(sums), size)), list(limits)
    for line, (total, parts) in enumerate(sums):
        equations[line, column[total]] = 1
        for part in parts:
            equations[line, column[part]] -= 1
        equations[line, len(names) + line] = -1
        counts = [pupils[total], *(pupils[part] for part in parts)]
        gap = 0.0 if None in counts else counts[0] - sum(counts[1:])
        if (
            None in counts
            and parts[0][0] != total[0]
            and not (every_school_listed and pupils[total] is not None)
        ):
            # Nobody knows whether these are all the schools, nor how many pupils go to others.
            gap = max((n for n in pupils.values() if n is not None), default=0.0)
        bounds.append((min(gap, 0.0), max(gap, 0.0)))
    found = defaultdict(list)
    for place, (row, marker) in enumerate(zip(rows.index, rows["marker"], strict=True)):
        if marker in HIDDEN:
            low, high = (_extreme(place, sign, equations, bounds) for sign in (1, -1))
            for column_name, entry in {"row": row, "low": low, "high": high, "width": high - low}.items():
                found[column_name].append(entry)
    return pd.DataFrame(found)


def _extreme(place: int, sign: int, equations: np.ndarray, bounds: list[tuple[float, float]]) -> float:
    costs = np.zeros(equations.shape[1])
    costs[place] = sign
    system = {"A_eq": equations, "b_eq": np.zeros(len(equations))} if len(equations) else {}
    answer = linprog(costs, bounds=bounds, method="highs", **system)
    return float(answer.x[place]) if answer.status == 0 else float("nan")

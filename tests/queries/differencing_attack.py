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
) -> pd.DataFrame:
    """One row per hidden row of a share or mean: low and high, the persons it must lie between, width and n.

    kinds is indicator_id → 'share' or 'mean'. For means a person counts as one full mark (the sum through
    scale), and a visible mean may be off by mean_rounding. n is the most the row can hold where the source
    hid it. A table whose visible figures contradict each other gives nan.
    """
    reader = _Reader(near_end, scale, mean_rounding)
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


def _attack_table(rows: pd.DataFrame, kind: str, reader: _Reader) -> pd.DataFrame:
    rows = rows[~rows["marker"].isin([".", "cancelled"])]
    names = [
        (None if pd.isna(unit) else unit, operator, gender)
        for unit, operator, gender in zip(rows["unit_id"], rows["operator"], rows["gender"], strict=True)
    ]
    pupils = {name: (None if pd.isna(n) else float(n)) for name, n in zip(names, rows["n"], strict=True)}
    sums = _sums(names)
    _subtract_pupils(pupils, sums)
    largest = max((n for n in pupils.values() if n is not None), default=0.0)
    most = {name: largest if n is None else n for name, n in pupils.items()}
    limits = [
        _limits(kind, value, marker, most[name], reader)
        for name, value, marker in zip(names, rows["value"], rows["marker"], strict=True)
    ]
    intervals = _intervals(rows, names, pupils, sums, limits)
    return intervals.assign(n=[most[names[place]] for place in np.flatnonzero(rows["marker"].isin(HIDDEN))])


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


def _subtract_pupils(pupils: dict[tuple, float | None], sums: list[tuple[tuple, list[tuple]]]) -> None:
    """Numbers of pupils the source hid, found as total minus the others, again and again.

    A total is not added up from schools, of which some may be missing.
    """
    for _ in range(len(pupils)):
        for total, parts in sums:
            absent = [name for name in (total, *parts) if pupils[name] is None]
            if absent == [total] and parts[0][0] == total[0]:
                pupils[total] = sum(pupils[part] for part in parts)
            elif len(absent) == 1 and absent != [total]:
                others = sum(pupils[part] for part in parts if part != absent[0])
                unit, operator, _ = absent[0]
                own = [pupils.get(name) for name in ((unit, operator, "T"), (unit, "alla", "T"))]
                pupils[absent[0]] = min(
                    [max(0.0, pupils[total] - others), *(n for n in own if n is not None)]
                )


def _intervals(rows, names, pupils, sums, limits) -> pd.DataFrame:
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
        if pupils[total] is None and parts[0][0] != total[0]:
            # Nobody knows whether these are all the schools.
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

"""The steering chain as columns of boxes: each box hangs under the one to its left, and a click opens its branch."""

from __future__ import annotations

import re
from collections import Counter
from textwrap import wrap

import pandas as pd
import plotly.graph_objects as go

from pages.parts.charts.theme import COLOUR, TRANSPARENT, drawn, plain
from pages.parts.rows import as_records
from pages.parts.words import LEVELS, LINK_STATES, counted, is_empty, measured, text

ROOT = "top"
# Columns seen at once, and the letters that fit a line of one on a phone.
COLUMNS = {True: 3, False: 2}
LETTERS = {True: 17, False: 29}
LINE_HEIGHT = 18
SMALLEST = 420
MOST_LINES = 5.6
# What breaks the chain without a link being away.
BROKEN = (("indicator", "no_value"), ("indicator", "no_target"))


def chain_boxes(links: pd.DataFrame, top: str, *, is_whole: bool) -> go.Figure:
    """links: rows of steering_chain, depth first, whose parents are empty or among them. top names the first box.

    The whole chain shows three columns at a time, a branch two.
    """
    rows = as_records(links)
    columns, letters = COLUMNS[is_whole], LETTERS[is_whole]
    above = {row["node_id"]: row["parent_id"] or ROOT for row in rows}
    depth = {ROOT: 0}
    for node in above:
        depth[node] = depth[above[node]] + 1
    heights, breaks = _heights(above, depth, columns), _breaks(rows, above)
    labels = [_lines(top, letters), *(_label(row, breaks[row["node_id"]], letters) for row in rows)]
    is_missing = [False, *(row["state"] == "missing" for row in rows)]
    trace = {
        "type": "icicle",
        "ids": list(depth),
        "parents": ["", *above.values()],
        "labels": labels,
        "values": list(heights.values()),
        "branchvalues": "total",
        "maxdepth": columns,
        "sort": False,
        "tiling": {"orientation": "h", "pad": 3},
        "pathbar": {"visible": False},
        "leaf": {"opacity": 1},
        "marker": {
            "colors": [TRANSPARENT if each else COLOUR["band"] for each in is_missing],
            "line": {
                "color": [COLOUR["not_met"] if each else COLOUR["guide"] for each in is_missing],
                "width": [2 if each else 1 for each in is_missing],
            },
        },
        "textfont": {"color": COLOUR["ink"], "size": 13},
        "hovertext": [plain(top), *(_told(row) for row in rows)],
        "hoverinfo": "text",
    }
    seen = [label.count("<br>") for label, node in zip(labels, depth, strict=True) if depth[node] < columns]
    # The longest texts are set smaller rather than making every box as tall as theirs.
    room = LINE_HEIGHT * min(max(seen) + 1.6, MOST_LINES)
    return drawn(
        [trace],
        max(SMALLEST, round(room * heights[ROOT])),
        # Without one size for all, Plotly would shrink long texts beyond reading.
        uniformtext={"minsize": 10, "mode": "hide"},
        margin={"l": 0, "r": 0, "t": 0, "b": 0},
    )


def _label(row: dict[str, object], breaks: int, letters: int) -> str:
    if row["state"] == "missing":
        return f"! {LEVELS[row['level']]}<br>saknas"
    broken = f"! {counted(breaks, 'brutet led', 'brutna led')}" if breaks else ""
    return "<br>".join(
        part for part in (_lines(text(row["short_name"]), letters), _state(row), broken) if part
    )


def _lines(words: str, letters: int) -> str:
    # A long compound is divided, since one that does not fit would be left out of its box.
    divided = re.sub(rf"(\S{{{letters - 1}}})(?=\S{{2}})", r"\1- ", words)
    return "<br>".join(plain(line) for line in wrap(divided, letters, break_on_hyphens=False))


def _state(row: dict[str, object]) -> str:
    if is_empty(row["state"]):
        return ""
    mark = LINK_STATES[row["state"]]
    shape = f'<span style="color:{COLOUR[mark.colour]}">{mark.shape}</span>'
    if row["level"] not in ("indicator", "unit") or row["state"] == "no_value":
        return f"{shape} {mark.word}"
    # A school seldom has a target of its own: that breaks no link, so it has no mark.
    return (
        f"{shape} {_figure(row)}" if (row["level"], row["state"]) != ("unit", "no_target") else _figure(row)
    )


def _figure(row: dict[str, object]) -> str:
    return plain(
        measured(
            row["value"], row["marker"], row["unit"], 1 if is_empty(row["decimals"]) else int(row["decimals"])
        )
    )


def _told(row: dict[str, object]) -> str:
    level = LEVELS[row["level"]]
    if row["state"] == "missing":
        return f"{level} saknas"
    state = "" if is_empty(row["state"]) else f"<br>{_state(row)}"
    word = f": {LINK_STATES[row['state']].word}" if row["level"] in ("indicator", "unit") else ""
    return f"{level}<br>{'<br>'.join(plain(line) for line in wrap(text(row['name']), 48))}{state}{word}"


def _breaks(rows: list[dict[str, object]], above: dict[str, str]) -> dict[str, int]:
    """How many broken links hang under each box; one that is broken itself says so."""
    count = dict.fromkeys(above, 0)
    for row in rows:
        if row["state"] == "missing" or (row["level"], row["state"]) in BROKEN:
            node = above[row["node_id"]]
            while node != ROOT:
                count[node] += 1
                node = above[node]
    return count


def _heights(above: dict[str, str], depth: dict[str, int], columns: int) -> dict[str, float]:
    """The height of each box. The boxes that end the columns first seen are 1 each; deeper ones share their parent's."""
    height = dict.fromkeys(depth, 0.0)
    for node in reversed(depth):
        if depth[node] < columns:
            height[node] = height[node] or 1.0
            if node != ROOT:
                height[above[node]] += height[node]
    beside = Counter(above.values())
    for node in above:
        if depth[node] >= columns:
            height[node] = height[above[node]] / beside[above[node]]
    return height

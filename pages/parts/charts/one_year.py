"""Figures of one indicator in one year: all municipalities at once, and the own schools."""

from __future__ import annotations

from math import inf

import pandas as pd
import plotly.graph_objects as go

from pages.parts.charts.comparison import BAND_NAME, Row, reason, row_line, told
from pages.parts.charts.indicator import room_for, tick_form
from pages.parts.charts.theme import COLOUR, drawn, legend, note, number_or_gap, plain, quiet_axis
from pages.parts.rows import as_records
from pages.parts.words import (
    is_empty,
    number,
    quantity,
    text,
    year_of,
)

# A municipality of the strip and how far from the middle its dot lies, in pixels.
Dot = tuple[Row, float]
# Dots of the strip: what one takes of the axis on a phone, its pixels, and how high the heap may grow.
DOTS_ACROSS, DOT, HIGHEST_HEAP = 58, 6, 110
LABEL_ROW = 24
MOST_NAMED_DOTS = 3
OTHER_DOT = {"color": COLOUR["muted"], "size": DOT, "opacity": 0.7}
COMPARED_DOT = {"color": COLOUR["comparison"], "symbol": "diamond", "size": 11}
# Three rows of legend fit above; below, the numbers and which way is better.
STRIP_MARGIN = {"l": 8, "r": 8, "t": 76, "b": 52}
UNIT_ROW_HEIGHT = 48


def municipality_strip(spread: pd.DataFrame) -> go.Figure:
    """All municipalities as dots along one axis of values, own and compared ones named. One row a municipality.

    Where only some are known, the median, the middle half and the middle 95 % still tell where all of them lie.
    """
    rows = sorted(as_records(spread), key=lambda row: text(row["name"]))
    first = rows[0] if rows else {}
    known = [row for row in rows if not is_empty(row["value"])]
    low, high = _reach_of_values(known, first)
    heap = _heaped(known, (high - low) / DOTS_ACROSS)
    own = [dot for dot in heap if dot[0]["is_own"]]
    compared = [dot for dot in heap if dot[0]["is_compared"] and not dot[0]["is_own"]]
    others = [dot for dot in heap if not dot[0]["is_compared"] and not dot[0]["is_own"]]
    named = compared if len(compared) <= MOST_NAMED_DOTS else []
    # One unit is one pixel upwards, so that dots and names have the room they need.
    edge = max([4 * DOT, *[abs(level) for _, level in heap]]) + DOT
    top, bottom = edge + LABEL_ROW, -edge - LABEL_ROW * len(named)
    labels = _labels(own, named, edge, (low + high) / 2)
    return drawn(
        [
            *_spread_lines(first, edge, len(known)),
            _heap("Övriga kommuner", others, OTHER_DOT),
            _heap("Jämförda kommuner", compared, COMPARED_DOT) | {"showlegend": compared != named},
            _heap("Den egna kommunen", own, {"color": COLOUR["own"], "size": 15}),
        ],
        round(top - bottom) + STRIP_MARGIN["t"] + STRIP_MARGIN["b"],
        shapes=[*_middle_rect(first, edge), *[stem for stem, _ in labels]],
        annotations=[*[words for _, words in labels], *_better(first)],
        showlegend=True,
        legend=legend(),
        xaxis=quiet_axis(
            range=[low - 0.04 * (high - low), high + 0.04 * (high - low)],
            showgrid=False,
            nticks=6,
            **tick_form(high - low),
        ),
        yaxis=quiet_axis(visible=False, range=[bottom, top]),
        margin=STRIP_MARGIN,
    )


def unit_dots(units: pd.DataFrame) -> go.Figure:
    """Schools as dots, the best at the top, against the municipality's tick; a hidden value is words and no dot."""
    rows = _best_first(as_records(units))
    whole = next((row["municipality_value"] for row in rows if not is_empty(row["municipality_value"])), None)
    low, high = room_for([row["value"] for row in rows] + [whole]) or (0.0, 1.0)
    known = [row for row in rows if not is_empty(row["value"])]
    heights = [place + 0.2 for place in range(len(known))]
    return drawn(
        [
            *_whole_ticks(whole, known, heights),
            {
                "type": "scatter",
                "name": "Skola",
                "x": [float(row["value"]) for row in known],
                "y": heights,
                "mode": "markers",
                "marker": {"color": COLOUR["own"], "size": 12},
                "hovertext": [_hover_of_unit(row) for row in known],
                "hoverinfo": "text",
                "cliponaxis": False,
            },
        ],
        76 + UNIT_ROW_HEIGHT * max(1, len(rows)),
        shapes=[row_line(y, low, high) for y in heights],
        annotations=[words for place, row in enumerate(rows) for words in _unit_words(row, place)],
        showlegend=True,
        legend=legend(),
        xaxis=quiet_axis(range=[low, high], showgrid=False, nticks=6, **tick_form(high - low)),
        yaxis=quiet_axis(visible=False, range=[len(rows) - 0.4, -0.7]),
        margin={"l": 8, "r": 8, "t": 36, "b": 40},
    )


def _best_first(rows: list[Row]) -> list[Row]:
    turn = 1 if rows and rows[0]["good_direction"] == "down" else -1
    return sorted(
        rows,
        key=lambda row: (is_empty(row["value"]), turn * (number_or_gap(row["value"]) or 0), row["unit_name"]),
    )


def _hover_of_unit(row: Row) -> str:
    count = "" if is_empty(row["n"]) else f"<br>{number(row['n'], 0)} i underlaget"
    value = quantity(row["value"], row["unit"], row["decimals"])
    return f"{plain(row['unit_name'])}: {value} ({year_of(row['year'], row['period'])}){count}"


def _reach_of_values(known: list[Row], first: Row) -> tuple[float, float]:
    ends = [first.get(column) for column in ("p2_5", "p97_5")]
    numbers = [float(row["value"]) for row in known] + [float(end) for end in ends if not is_empty(end)]
    low, high = (min(numbers), max(numbers)) if numbers else (0.0, 1.0)
    return (low, high) if high > low else (low - 0.5, high + 0.5)


def _heaped(known: list[Row], width: float) -> list[Dot]:
    """Each municipality and how far its dot lies from the middle, in pixels, so that none hides another.

    width is what a dot takes of the axis. The own dot has the middle to itself.
    """
    own = next((float(row["value"]) for row in known if row["is_own"]), None)
    last: dict[int, float] = {}
    found: list[tuple[Row, int]] = []
    for row in sorted(known, key=lambda row: float(row["value"])):
        x, level = float(row["value"]), 0
        while not row["is_own"] and (
            last.get(level, -inf) + width > x or (level == 0 and own is not None and abs(own - x) < 2 * width)
        ):
            level = 1 - level if level <= 0 else -level
        if not row["is_own"]:
            last[level] = x
        found.append((row, level))
    step = min(DOT + 1, HIGHEST_HEAP / max([1, *[abs(level) for _, level in found]]))
    return [(row, level * step) for row, level in found]


def _heap(name: str, dots: list[Dot], marker: Row) -> Row:
    return {
        "type": "scatter",
        "name": name,
        "x": [float(row["value"]) for row, _ in dots],
        "y": [round(level, 1) for _, level in dots],
        "mode": "markers",
        "marker": marker,
        "hovertext": [f"{plain(row['name'])}: {'<br>'.join(told(row, row['year']))}" for row, _ in dots],
        "hoverinfo": "text",
        "cliponaxis": False,
        "showlegend": False,
    }


def _spread_lines(first: Row, edge: float, count_known: int) -> list[Row]:
    lines = []
    if not is_empty(first.get("p2_5")) and not is_empty(first.get("n")) and count_known < first["n"]:
        ends = [float(first["p2_5"]), float(first["p97_5"])]
        lines.append(_rule("95 % av kommunerna", ends, [0, 0], "muted", "solid"))
    if not is_empty(first.get("p50")):
        lines.append(_rule("Median", [float(first["p50"])] * 2, [-edge, edge], "ink", "dot"))
    return lines


def _rule(name: str, x: list[float], y: list[float], colour: str, dash: str) -> Row:
    return {
        "type": "scatter",
        "name": name,
        "x": x,
        "y": y,
        "mode": "lines",
        "line": {"color": COLOUR[colour], "width": 2, "dash": dash},
        "hoverinfo": "skip",
    }


def _middle_rect(first: Row, edge: float) -> list[Row]:
    if is_empty(first.get("p25")) or is_empty(first.get("p75")):
        return []
    rect = {
        "type": "rect",
        "x0": float(first["p25"]),
        "x1": float(first["p75"]),
        "y0": -edge,
        "y1": edge,
        "fillcolor": COLOUR["band"],
        "line": {"width": 0},
        "layer": "below",
        "name": BAND_NAME,
        "showlegend": True,
    }
    return [rect]


def _labels(own: list[Dot], named: list[Dot], edge: float, middle: float) -> list[tuple[Row, Row]]:
    """Stems and names: the own one above the heap, compared ones below it, each on a row of its own."""
    below = [-edge - LABEL_ROW * (place + 0.5) for place in range(len(named))]
    return [_label(dot, edge + LABEL_ROW / 2, middle) for dot in own] + [
        _label(dot, y, middle) for dot, y in zip(named, below, strict=True)
    ]


def _label(dot: Dot, y: float, middle: float) -> tuple[Row, Row]:
    row, level = dot
    x, colour = float(row["value"]), COLOUR["own" if row["is_own"] else "comparison"]
    words = f"{plain(row['name'])} {quantity(row['value'], row['unit'], row['decimals'])}"
    line = {"color": colour, "width": 1}
    stem = {"type": "line", "x0": x, "x1": x, "y0": level, "y1": y, "layer": "below", "line": line}
    named = note(
        f"<b>{words}</b>" if row["is_own"] else words,
        x,
        y,
        # Towards the middle, so that it is never cut off.
        xanchor="left" if x <= middle else "right",
        font={"color": colour, "size": 14 if row["is_own"] else 13},
        # Hides the stem of a name further out.
        bgcolor=COLOUR["band"],
        borderpad=1,
    )
    return stem, named


def _better(first: Row) -> list[Row]:
    """Which way is better, under the axis; no word for an indicator that is not valued."""
    place = {"xref": "paper", "yref": "paper", "yanchor": "top", "yshift": -26}
    font = {"color": COLOUR["muted"], "size": 13}
    if first.get("good_direction") == "up":
        return [note("bättre →", 1, 0, xanchor="right", font=font, **place)]
    if first.get("good_direction") == "down":
        return [note("← bättre", 0, 0, font=font, **place)]
    return []


def _whole_ticks(whole: object, known: list[Row], heights: list[float]) -> list[Row]:
    # A tick a row rather than one long line, which would run through the words.
    if is_empty(whole) or not known:
        return []
    shown = f"Kommunen {quantity(whole, known[0]['unit'], known[0]['decimals'])}"
    ticks = {
        "type": "scatter",
        "name": shown,
        "x": [float(whole)] * len(known),
        "y": heights,
        "mode": "markers",
        "marker": {"symbol": "line-ns", "size": 16, "line": {"color": COLOUR["comparison"], "width": 3}},
        "hovertext": [shown] * len(known),
        "hoverinfo": "text",
    }
    return [ticks]


def _unit_words(row: Row, place: int) -> list[Row]:
    """The school's name with its value at the right; for a hidden one why it is, in words where no dot can stand."""
    name = note(plain(row["unit_name"]), 0, place - 0.26, xref="paper")
    quiet = {"xref": "paper", "font": {"color": COLOUR["muted"], "size": 13}}
    if is_empty(row["value"]):
        said = reason(row)
        return [name, note(said[:1].lower() + said[1:], 0, place + 0.14, **quiet)]
    value = quantity(row["value"], row["unit"], row["decimals"])
    return [name, note(value, 1, place - 0.26, xanchor="right", **quiet)]

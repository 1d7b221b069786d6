"""Figures of the municipality against others: the spider and the same values as a sorted list of dots."""

from __future__ import annotations

from collections.abc import Mapping
from textwrap import wrap
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from pages.parts.charts.theme import (
    COLOUR,
    TRANSPARENT,
    drawn,
    legend,
    note,
    number_or_gap,
    plain,
    quiet_axis,
)
from pages.parts.rows import as_records
from pages.parts.words import (
    MARKERS,
    QUARTERS,
    SCALES,
    STATUS_OF_MISSING,
    is_empty,
    number,
    quantity,
    short_year,
    target,
    text,
    year_of,
)

Row = dict[str, Any]
Line = dict[str, Any]

MOST_SPOKES = 12
SPIDER_HEIGHT = 560
LINE_OF_LABEL = 17
ROW_HEIGHT = 58
# The rings end at 100. What lies outside them is no value: there, and only there, stand the marks of missing ones.
OUTSIDE, RIM = 107, 111
# Degrees beside the spoke, so that the gaps of several places are told apart.
BESIDE = (0, 6, -6, 12)
# Own first; dash and marker tell the lines apart also in grey. The verdicts' colours stay with the verdicts.
LINES: tuple[Line, ...] = (
    {"colour": "own", "dash": "solid", "symbol": "circle", "glyph": "●", "width": 2.5, "size": 9},
    {"colour": "comparison", "dash": "dash", "symbol": "diamond", "glyph": "◆", "width": 1.75, "size": 8},
    {"colour": "muted", "dash": "dot", "symbol": "square", "glyph": "■", "width": 1.75, "size": 7},
    {
        "colour": "comparison",
        "dash": "longdashdot",
        "symbol": "triangle-up-open",
        "glyph": "△",
        "width": 1.75,
        "size": 9,
    },
)
ROLES = {"own": 0, "comparison": 1, "municipality": 2}
BAND_NAME = "Mittersta hälften av kommunerna"


def spider(values: pd.DataFrame, scale: str = "rka") -> go.Figure:
    """Places on a 0–100 scale around a circle, one spoke an indicator; a missing value breaks the line.

    values: spider_values or spider_units. scale: 'rka' or 'rank'. Indicators without a good direction are not drawn.
    Each point carries its indicator: see clicked_indicator.
    """
    spokes, places, targets = _read(values, scale)
    spokes = spokes[:MOST_SPOKES]
    angles = {spoke["indicator_id"]: 360 * turn / len(spokes) for turn, spoke in enumerate(spokes)}
    names = _names(spokes)
    deepest = max((name.count("<br>") + 1 for name in names), default=1)
    return drawn(
        [
            _band(spokes, angles),
            *[_line(line, rows, angles, scale) for line, rows in places],
            *_targets_on_spokes(targets, angles),
            *_gaps(places, angles, scale),
        ],
        SPIDER_HEIGHT,
        # Streamlit turns drag into pan, which swallows every click on a polar figure.
        dragmode="zoom",
        showlegend=True,
        legend=legend(
            y=0, yref="container", yanchor="bottom", x=0.5, xanchor="center", title=_scale_title(scale)
        ),
        margin={"l": 70, "r": 70, "t": 8 + LINE_OF_LABEL * deepest, "b": 96},
        polar={
            "bgcolor": TRANSPARENT,
            # The labels below the disc lie within the plot, so that the legend never covers them.
            "domain": {"y": [0.12, 1]},
            "angularaxis": _around(names, list(angles.values())),
            "radialaxis": _outwards(len(names)),
        },
    )


def position_list(values: pd.DataFrame, scale: str = "rka") -> go.Figure:
    """The spider's values as dots on one 0–100 line an indicator, the first place's best at the top; missing last."""
    spokes, places, targets = _read(values, scale)
    spokes = sorted(spokes, key=lambda spoke: (is_empty(spoke["at"]), -(number_or_gap(spoke["at"]) or 0)))
    heights = {spoke["indicator_id"]: place + 0.2 for place, spoke in enumerate(spokes)}
    years_differ = _years_differ(spokes)
    return drawn(
        # Drawn last, the first place's dots lie on top.
        [
            *_targets_on_lines(targets, heights),
            *[_dots(line, rows, heights, scale) for line, rows in reversed(places)],
        ],
        76 + ROW_HEIGHT * max(1, len(spokes)),
        shapes=[row_line(height) for height in heights.values()]
        + [_band_shape(spoke, heights[spoke["indicator_id"]]) for spoke in spokes if spoke["band"]],
        annotations=[
            words
            for spoke in spokes
            for words in _row_words(spoke, heights[spoke["indicator_id"]] - 0.42, years_differ)
        ],
        showlegend=True,
        legend=legend(traceorder="reversed", title=_scale_title(scale)),
        xaxis=quiet_axis(range=[-2, 102], tickvals=[0, 25, 50, 75, 100], showgrid=False),
        yaxis=quiet_axis(visible=False, range=[len(spokes) - 0.4, -0.6]),
        margin={"l": 8, "r": 8, "t": 60, "b": 24},
    )


def clicked_indicator(event: Mapping[str, Any] | None, values: pd.DataFrame) -> str | None:
    """The indicator whose mark was clicked in spider() or position_list(), or None. event: what st.plotly_chart gives."""
    points = ((event or {}).get("selection") or {}).get("points") or []
    known = set(values["indicator_id"])
    for point in points:
        carried = point.get("customdata")
        indicator_id = carried[0] if isinstance(carried, list) and carried else carried
        if isinstance(indicator_id, str) and indicator_id in known:
            return indicator_id
    return None


def places_of(rows: list[Row]) -> list[tuple[Line, list[Row]]]:
    """Each place's rows with the line it is drawn as: own first, then comparisons in the order they were chosen."""
    found: dict[tuple[int, int, str], list[Row]] = {}
    for row in rows:
        found.setdefault(_place_of(row), []).append(row)
    ordered = sorted(found)
    return [
        # A school's municipality looks the same beside one school as beside three.
        (LINES[-1] if place[0] == ROLES["municipality"] else line, found[place])
        for line, place in zip(LINES, ordered, strict=False)
    ]


def told(row: Row, year: object) -> list[str]:
    """A value or the reason for none, then what it is a mean of, and its rank; a line each, for a hover."""
    if is_empty(row.get("value")):
        return [reason(row)]
    lines = [f"{quantity(row['value'], row['unit'], row['decimals'])} ({year_of(year, row.get('period'))})"]
    members, of_members = row.get("count_members"), row.get("count_of_members")
    if not is_empty(of_members) and of_members > 1:
        lines.append(f"Medel av {number(members, 0)} av {number(of_members, 0)} kommuner")
    elif is_empty(of_members) and not is_empty(members):
        lines.append(f"Medel av {number(members, 0)} kommuner")
    if not is_empty(row.get("rank")):
        lines.append(f"Plats {number(row['rank'], 0)} av {number(row['n'], 0)} kommuner")
    # A school's n is what its result rests on; it has a marker where a municipality has a status.
    elif not is_empty(row.get("n")) and "status" in row:
        lines.append(f"{number(row['n'], 0)} kommuner har värde")
    if not is_empty(row.get("quarter")):
        lines.append(QUARTERS[row["quarter"]].shown)
    return lines


def reason(row: Row) -> str:
    """Why there is no value, in words: the note that came with it, or the publisher's marker."""
    if not is_empty(row.get("note")):
        return plain(row["note"])
    marked = text(row.get("marker"), "")
    return MARKERS.get(marked) or STATUS_OF_MISSING.get(text(row.get("status"), ""), "Värde saknas")


def short_reason(row: Row) -> str:
    """The reason without its explanation, where there is little room: 'Visas inte', 'Sekretess'."""
    marked = MARKERS.get(text(row.get("marker"), "")) or reason(row)
    return marked.split(":")[0]


def row_line(y: float, x0: float = 0, x1: float = 100) -> Row:
    """The quiet line that a row of dots stands on."""
    ends = {"x0": x0, "x1": x1, "y0": y, "y1": y}
    return {"type": "line", **ends, "line": {"color": COLOUR["guide"], "width": 2}, "layer": "below"}


def _read(values: pd.DataFrame, scale: str) -> tuple[list[Row], list[tuple[Line, list[Row]]], list[Row]]:
    """One row per valued indicator (the first place's), the places' rows, and the targets; whatever order they came in."""
    rows = [
        row | {"at": _at(row, scale), "band": _band_of(row, scale)}
        for row in as_records(values)
        if row["good_direction"] != "none"
    ]
    rows.sort(key=lambda row: (row["position"], row["indicator_id"], _place_of(row)))
    placed = [row for row in rows if row["role"] != "target"]
    spokes: dict[str, Row] = {}
    for row in placed:
        spokes.setdefault(row["indicator_id"], row)
    targets = [row for row in rows if row["role"] == "target" and not is_empty(row["at"])]
    return list(spokes.values()), places_of(placed), targets


def _place_of(row: Row) -> tuple[int, int, str]:
    position = row.get("place_position")
    return (
        ROLES.get(row["role"], len(ROLES)),
        0 if is_empty(position) else int(position),
        text(row["place_name"]),
    )


def _at(row: Row, scale: str) -> float | None:
    return number_or_gap(row.get("percentile" if scale == "rank" else "scaled"))


def _band_of(row: Row, scale: str) -> tuple[float, float] | None:
    if scale == "rank":
        return None if is_empty(row.get("n")) else (25.0, 75.0)
    return None if is_empty(row["band_low"]) else (float(row["band_low"]), float(row["band_high"]))


def _years_differ(spokes: list[Row]) -> bool:
    return len({int(spoke["year"]) for spoke in spokes if not is_empty(spoke["year"])}) > 1


def _scale_title(scale: str) -> Row:
    return {"text": SCALES[scale], "side": "top", "font": {"color": COLOUR["muted"], "size": 13}}


def _names(spokes: list[Row]) -> list[str]:
    years_differ = _years_differ(spokes)
    return [_in_lines(spoke["short_name"]) + (_small_year(spoke) if years_differ else "") for spoke in spokes]


def _in_lines(name: str) -> str:
    # Long labels are cut off at the edge of a phone; Plotly leaves no room for them by itself.
    return "<br>".join(wrap(plain(name).replace("åk ", "åk\u00a0"), 10, break_long_words=False))


def _small_year(spoke: Row) -> str:
    if is_empty(spoke["year"]):
        return ""
    style = f"font-size:11px;color:{COLOUR['muted']}"
    return f'<br><span style="{style}">({short_year(spoke["year"], spoke["period"])})</span>'


def _around(names: list[str], angles: list[float]) -> Row:
    return {
        "direction": "clockwise",
        "rotation": 90,
        "gridcolor": COLOUR["guide"],
        "showline": False,
        "tickfont": {"color": COLOUR["ink"], "size": 13},
        # Unseen ticks keep the labels off the marks at the rim.
        "ticks": "outside",
        "ticklen": 6,
        "tickcolor": TRANSPARENT,
        "tickvals": angles,
        "ticktext": names,
    }


def _outwards(count: int) -> Row:
    # Between two spokes, so that no line runs through the numbers.
    between = 90 - 180 / max(1, count)
    return {
        "range": [0, RIM],
        "tickvals": [25, 50, 75, 100],
        "ticks": "",
        "angle": between,
        "tickangle": between,
        "gridcolor": COLOUR["guide"],
        "showline": False,
        "tickfont": {"color": COLOUR["muted"], "size": 11},
    }


def _band(spokes: list[Row], angles: dict[str, float]) -> Row:
    # One wedge a spoke rather than a filled ring: a ring would draw values between the spokes, where there are none.
    with_band = [spoke for spoke in spokes if spoke["band"]]
    return {
        "type": "barpolar",
        "name": BAND_NAME,
        "theta": [angles[spoke["indicator_id"]] for spoke in with_band],
        "base": [spoke["band"][0] for spoke in with_band],
        "r": [spoke["band"][1] - spoke["band"][0] for spoke in with_band],
        "width": 180 / max(1, len(spokes)),
        "marker": {"color": COLOUR["band"], "line": {"color": COLOUR["guide"], "width": 1}},
        "hoverinfo": "skip",
    }


def _line(line: Line, rows: list[Row], angles: dict[str, float], scale: str) -> Row:
    by_indicator = {row["indicator_id"]: row for row in rows}
    ordered = [by_indicator.get(indicator_id, {}) for indicator_id in angles]
    # The first spoke once more closes the line.
    ordered, around = [*ordered, *ordered[:1]], [*angles, *list(angles)[:1]]
    return {
        "type": "scatterpolar",
        "name": plain(rows[0]["place_name"]),
        "theta": [angles[indicator_id] for indicator_id in around],
        "r": [row.get("at") for row in ordered],
        "mode": "lines+markers",
        "connectgaps": False,
        "line": {"color": COLOUR[line["colour"]], "dash": line["dash"], "width": line["width"]},
        **_marks(line),
        "customdata": around,
        "hovertext": [_hover(row, scale) if row else "" for row in ordered],
        "hoverinfo": "text",
    }


def _marks(line: Line) -> Row:
    return {
        "marker": {"color": COLOUR[line["colour"]], "symbol": line["symbol"], "size": line["size"]},
        # A click chooses an indicator; it does not fade the others.
        "unselected": {"marker": {"opacity": 1}},
    }


def _targets_on_spokes(targets: list[Row], angles: dict[str, float]) -> list[Row]:
    aims = [row for row in targets if row["indicator_id"] in angles]
    turns = [angles[row["indicator_id"]] for row in aims]
    trace = _targets(aims) | {"type": "scatterpolar", "theta": turns, "r": [row["at"] for row in aims]}
    # Turned with the spoke, the tick lies across it like a piece of a ring.
    return [trace | {"marker": trace["marker"] | {"angle": turns}}] if aims else []


def _targets_on_lines(targets: list[Row], heights: dict[str, float]) -> list[Row]:
    aims = [row for row in targets if row["indicator_id"] in heights]
    marker = {"symbol": "line-ns", "size": 18, "line": {"color": COLOUR["ink"], "width": 3}}
    at = {"x": [row["at"] for row in aims], "y": [heights[row["indicator_id"]] for row in aims]}
    return [_targets(aims) | {"type": "scatter", **at, "marker": marker, "cliponaxis": False}] if aims else []


def _targets(aims: list[Row]) -> Row:
    return {
        "name": "Målvärde",
        "mode": "markers",
        "marker": {"symbol": "line-ew", "size": 18, "line": {"color": COLOUR["ink"], "width": 3}},
        "unselected": {"marker": {"opacity": 1}},
        "customdata": [row["indicator_id"] for row in aims],
        "hovertext": [f"{_title(row)}<br>{_aim(row)}" for row in aims],
        "hoverinfo": "text",
    }


def _aim(row: Row) -> str:
    operator = text(row.get("target_operator"), "=")
    shown = target(operator, row["value"], row["unit"], row["decimals"])
    return f"Målvärde {year_of(row['value_year'], row['period'])}: {shown}"


def _gaps(places: list[tuple[Line, list[Row]]], angles: dict[str, float], scale: str) -> list[Row]:
    """One open mark outside the rings for each value that a place lacks: no radius could be mistaken for a value."""
    gaps = [
        (line, row, angles[row["indicator_id"]] + beside)
        for beside, (line, rows) in zip(BESIDE, places, strict=False)
        for row in rows
        if row["indicator_id"] in angles and row["at"] is None
    ]
    trace = {
        "type": "scatterpolar",
        "name": "Utanför ringarna: värde saknas",
        "theta": [angle for _, _, angle in gaps],
        "r": [OUTSIDE] * len(gaps),
        "mode": "markers",
        "marker": {
            "color": [COLOUR[line["colour"]] for line, _, _ in gaps],
            "symbol": [f"{line['symbol'].removesuffix('-open')}-open" for line, _, _ in gaps],
            "size": 8,
        },
        "unselected": {"marker": {"opacity": 1}},
        "customdata": [row["indicator_id"] for _, row, _ in gaps],
        "hovertext": [_hover(row, scale) for _, row, _ in gaps],
        "hoverinfo": "text",
    }
    return [trace] if gaps else []


def _dots(line: Line, rows: list[Row], heights: dict[str, float], scale: str) -> Row:
    return {
        "type": "scatter",
        "name": plain(rows[0]["place_name"]),
        "x": [row["at"] for row in rows],
        "y": [heights[row["indicator_id"]] for row in rows],
        "mode": "markers",
        **_marks(line | {"size": line["size"] + 4}),
        "customdata": [row["indicator_id"] for row in rows],
        "hovertext": [_hover(row, scale) for row in rows],
        "hoverinfo": "text",
        "cliponaxis": False,
    }


def _row_words(spoke: Row, y: float, years_differ: bool) -> list[Row]:
    """The indicator's name at the left and the first place's own value, or why there is none, at the right."""
    missing = is_empty(spoke["value"])
    shown = short_reason(spoke) if missing else quantity(spoke["value"], spoke["unit"], spoke["decimals"])
    if years_differ and not missing:
        shown += f" ({short_year(spoke['year'], spoke['period'])})"
    quiet = {"color": COLOUR["muted"], "size": 13}
    return [note(plain(spoke["short_name"]), 0, y), note(shown, 100, y, xanchor="right", font=quiet)]


def _title(row: Row) -> str:
    # Kolada's titles are longer than a phone is wide.
    return "<br>".join(wrap(plain(row["title"]), 44))


def _hover(row: Row, scale: str) -> str:
    year = row.get("value_year") if not is_empty(row.get("value_year")) else row.get("year")
    lines = told(row, year)
    if row["at"] is not None:
        lines.append(f"{number(row['at'], 0)} på {SCALES[scale]}")
    elif not is_empty(row.get("value")):
        lines.append("Har ingen plats på skalan")
    if not is_empty(row.get("population")):
        lines.append(f"Avser {plain(row['population'])}")
    return f"{_title(row)}<br>{plain(row['place_name'])}: {'<br>'.join(lines)}"


def _band_shape(spoke: Row, y: float) -> Row:
    low, high = spoke["band"]
    return {
        "type": "rect",
        "x0": low,
        "x1": high,
        "y0": y - 0.13,
        "y1": y + 0.13,
        "fillcolor": COLOUR["band"],
        "line": {"color": COLOUR["guide"], "width": 1},
        "layer": "below",
    }

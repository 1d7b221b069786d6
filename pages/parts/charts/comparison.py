"""Figures of the municipality against others: the spider and the same values as a list of dots."""

from __future__ import annotations

from textwrap import wrap

import pandas as pd
import plotly.graph_objects as go

from pages.parts.charts.theme import COLOUR, TRANSPARENT, drawn, legend, note, plain, quiet_axis
from pages.parts.words import STATUS_OF_MISSING, is_empty, number, quantity, text, year_of

Row = dict[str, object]

MOST_SPOKES = 12
SPIDER_HEIGHT = 470
ROW_HEIGHT = 58
# Own first; dash and marker tell the lines apart also in grey.
LINES = (
    {"colour": "own", "dash": "solid", "symbol": "circle", "width": 3},
    {"colour": "muted", "dash": "dot", "symbol": "square", "width": 2},
    {"colour": "comparison", "dash": "dash", "symbol": "diamond", "width": 2},
    {"colour": "partly", "dash": "longdash", "symbol": "triangle-up", "width": 2},
)


def spider(values: pd.DataFrame) -> go.Figure:
    """Values on a 0–100 scale around a circle, one spoke an indicator, one line a place; a gap where one is missing.

    values: position, indicator_id, short_name, title, unit, decimals, value_year or year, place_name, value, scaled,
    band_low, band_high, n, and rank where it is known. Indicators without a scale are not drawn.
    """
    spokes, places = _spokes_and_places(values)
    spokes = spokes[:MOST_SPOKES]
    names = [_in_two_lines(spoke["short_name"]) for spoke in spokes]
    lines = [
        _line(place, rows, spokes, names, line)
        for line, (place, rows) in zip(LINES, places.items(), strict=False)
    ]
    return drawn(
        [_band(spokes, names), *lines],
        SPIDER_HEIGHT,
        # Streamlit turns drag into pan, which swallows every click on a polar figure.
        dragmode="zoom",
        showlegend=True,
        legend=legend(y=-0.12, x=0.5, xanchor="center", yanchor="top"),
        margin={"l": 66, "r": 66, "t": 44, "b": 70},
        polar={"bgcolor": TRANSPARENT, "angularaxis": _around(names), "radialaxis": _outwards(names)},
    )


def position_list(values: pd.DataFrame) -> go.Figure:
    """The spider's values as dots on one 0–100 line an indicator, in the same order; same columns as spider()."""
    spokes, places = _spokes_and_places(values)
    heights = {spoke["indicator_id"]: position + 0.2 for position, spoke in enumerate(spokes)}
    bands = [
        _band_shape(spoke, heights[spoke["indicator_id"]])
        for spoke in spokes
        if not is_empty(spoke["band_low"])
    ]
    # Drawn last, the own dot lies on top.
    drawn_last_first = reversed(list(zip(LINES, places.items(), strict=False)))
    return drawn(
        [_dots(place, rows, heights, line) for line, (place, rows) in drawn_last_first],
        56 + ROW_HEIGHT * max(1, len(spokes)),
        shapes=[_line_shape(height) for height in heights.values()] + bands,
        annotations=[
            note(f"{plain(spoke['short_name'])}{_missing(spoke)}", 0, heights[spoke["indicator_id"]] - 0.42)
            for spoke in spokes
        ],
        showlegend=True,
        legend=legend(traceorder="reversed"),
        xaxis=quiet_axis(range=[-2, 102], tickvals=[0, 25, 50, 75, 100], showgrid=False),
        yaxis=quiet_axis(visible=False, range=[len(spokes) - 0.4, -0.6]),
        margin={"l": 8, "r": 8, "t": 40, "b": 24},
    )


def _spokes_and_places(values: pd.DataFrame) -> tuple[list[Row], dict[str, list[Row]]]:
    """The first row of each valued indicator, and each place's rows, both in the order of the spokes."""
    valued = (
        values[values["good_direction"] != "none"].sort_values("position", kind="stable").to_dict("records")
    )
    spokes: dict[str, Row] = {}
    places: dict[str, list[Row]] = {}
    for row in valued:
        spokes.setdefault(row["indicator_id"], row)
        places.setdefault(text(row["place_name"]), []).append(row)
    return list(spokes.values()), places


def _around(names: list[str]) -> Row:
    return {
        "direction": "clockwise",
        "rotation": 90,
        "gridcolor": COLOUR["guide"],
        "linecolor": COLOUR["guide"],
        "tickfont": {"color": COLOUR["ink"], "size": 13},
        "ticks": "",
        "categoryorder": "array",
        "categoryarray": names,
    }


def _outwards(names: list[str]) -> Row:
    # Between two spokes, so that no line runs through the numbers.
    between = 90 - 180 / max(1, len(names))
    return {
        "range": [0, 100],
        "tickvals": [25, 50, 75, 100],
        "ticks": "",
        "angle": between,
        "tickangle": between,
        "gridcolor": COLOUR["guide"],
        "linecolor": TRANSPARENT,
        "tickfont": {"color": COLOUR["muted"], "size": 11},
    }


def _in_two_lines(name: str) -> str:
    # Long labels are cut off at the edge of a phone; Plotly leaves no room for them by itself.
    return "<br>".join(wrap(plain(name).replace("åk ", "åk\u00a0"), 10, break_long_words=False))


def _band(spokes: list[Row], names: list[str]) -> Row:
    # One wedge a spoke rather than a filled ring: a ring would draw values between the spokes, where there are none.
    return {
        "type": "barpolar",
        "name": "Mittersta hälften av kommunerna",
        "theta": names,
        "base": [_number_or_gap(spoke["band_low"]) for spoke in spokes],
        "r": [
            None if is_empty(spoke["band_low"]) else float(spoke["band_high"]) - float(spoke["band_low"])
            for spoke in spokes
        ],
        "width": 0.5,
        "marker": {"color": COLOUR["band"], "line": {"color": COLOUR["guide"], "width": 1}},
        "hoverinfo": "skip",
    }


def _line(place: str, rows: list[Row], spokes: list[Row], names: list[str], line: Row) -> Row:
    by_indicator = {row["indicator_id"]: row for row in rows}
    ordered = [by_indicator.get(spoke["indicator_id"], {}) for spoke in spokes]
    # The first spoke once more closes the line.
    ordered = [*ordered, *ordered[:1]]
    return {
        "type": "scatterpolar",
        "name": plain(place),
        "theta": [*names, *names[:1]],
        "r": [_number_or_gap(row.get("scaled")) for row in ordered],
        "mode": "lines+markers",
        "connectgaps": False,
        "line": {"color": COLOUR[line["colour"]], "dash": line["dash"], "width": line["width"]},
        "marker": {"color": COLOUR[line["colour"]], "symbol": line["symbol"], "size": 9},
        "hovertext": [_hover(place, row) for row in ordered],
        "hoverinfo": "text",
        "cliponaxis": False,
    }


def _dots(place: str, rows: list[Row], heights: dict[str, float], line: Row) -> Row:
    return {
        "type": "scatter",
        "name": plain(place),
        "x": [_number_or_gap(row["scaled"]) for row in rows],
        "y": [heights[row["indicator_id"]] for row in rows],
        "mode": "markers",
        "marker": {
            "color": COLOUR[line["colour"]],
            "symbol": line["symbol"],
            "size": 13 if line is LINES[0] else 10,
        },
        "hovertext": [_hover(place, row) for row in rows],
        "hoverinfo": "text",
        "cliponaxis": False,
    }


def _number_or_gap(value: object) -> float | None:
    return None if is_empty(value) else float(value)


def _hover(place: str, row: Row) -> str:
    # Kolada's titles are longer than a phone is wide.
    place, title = plain(place), "<br>".join(wrap(plain(row.get("title")), 44))
    year = row.get("value_year") if not is_empty(row.get("value_year")) else row.get("year")
    if is_empty(row.get("value")):
        untold = is_empty(row.get("note"))
        reason = STATUS_OF_MISSING.get(row.get("status"), "saknas") if untold else plain(row["note"])
        return f"{title}<br>{place}: {reason}"
    rank = row.get("rank")
    among = row.get("n") if "rank" in row else row.get("count_municipalities")
    placed = f"<br>Plats {number(rank, 0)} av {number(among, 0)} kommuner" if not is_empty(rank) else ""
    scale = "" if is_empty(row.get("scaled")) else f"<br>{number(row['scaled'], 0)} på skalan 0–100"
    value = quantity(row["value"], row["unit"], row["decimals"])
    return f"{title}<br>{place}: {value} ({year_of(year, row.get('period'))}){placed}{scale}"


def _missing(spoke: Row) -> str:
    return " – värde saknas" if is_empty(spoke["scaled"]) else ""


def _line_shape(y: float) -> Row:
    return {
        "type": "line",
        "x0": 0,
        "x1": 100,
        "y0": y,
        "y1": y,
        "line": {"color": COLOUR["guide"], "width": 2},
        "layer": "below",
    }


def _band_shape(spoke: Row, y: float) -> Row:
    return {
        "type": "rect",
        "x0": float(spoke["band_low"]),
        "x1": float(spoke["band_high"]),
        "y0": y - 0.13,
        "y1": y + 0.13,
        "fillcolor": COLOUR["band"],
        "line": {"color": COLOUR["guide"], "width": 1},
        "layer": "below",
    }

"""Figures of the municipality against others: the spider and the same values as a list of dots."""

from __future__ import annotations

from textwrap import wrap

import pandas as pd
import plotly.graph_objects as go

from pages.parts.charts.theme import COLOUR, TRANSPARENT, figure, plain, quiet_axis
from pages.parts.words import STATUS_OF_MISSING, is_empty, number, quantity, year_of

MOST_SPOKES = 12
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
    drawn = values[values["good_direction"] != "none"].sort_values("position", kind="stable")
    spokes = drawn.drop_duplicates("indicator_id").head(MOST_SPOKES)
    names = [_in_two_lines(name) for name in spokes["short_name"]]
    made = figure(height=470)
    made.add_trace(_band(spokes, names))
    for line, (place, rows) in zip(LINES, drawn.groupby("place_name", sort=False), strict=False):
        made.add_trace(_line(place, rows.set_index("indicator_id").reindex(spokes["indicator_id"]), names, line))
    made.update_layout(
        # Streamlit turns drag into pan, which swallows every click on a polar figure.
        dragmode="zoom",
        showlegend=True,
        legend={
            "orientation": "h",
            "y": -0.12,
            "x": 0.5,
            "xanchor": "center",
            "yanchor": "top",
            "itemclick": False,
            "itemdoubleclick": False,
            "font": {"color": COLOUR["ink"], "size": 13},
        },
        margin={"l": 66, "r": 66, "t": 44, "b": 70},
        polar={
            "bgcolor": TRANSPARENT,
            "angularaxis": {
                "direction": "clockwise",
                "rotation": 90,
                "gridcolor": COLOUR["guide"],
                "linecolor": COLOUR["guide"],
                "tickfont": {"color": COLOUR["ink"], "size": 13},
                "ticks": "",
                "categoryorder": "array",
                "categoryarray": names,
            },
            "radialaxis": {
                "ticks": "",
                "range": [0, 100],
                "tickvals": [25, 50, 75, 100],
                # Between two spokes, so that no line runs through the numbers.
                "angle": 90 - 180 / max(1, len(names)),
                "tickangle": 90 - 180 / max(1, len(names)),
                "gridcolor": COLOUR["guide"],
                "linecolor": TRANSPARENT,
                "tickfont": {"color": COLOUR["muted"], "size": 11},
            },
        },
    )
    return made


def position_list(values: pd.DataFrame) -> go.Figure:
    """The spider's values as dots on one 0–100 line an indicator, in the same order; same columns as spider()."""
    drawn = values[values["good_direction"] != "none"].sort_values("position", kind="stable")
    spokes = drawn.drop_duplicates("indicator_id")
    row = {indicator_id: position for position, indicator_id in enumerate(spokes["indicator_id"])}
    made = figure(height=56 + ROW_HEIGHT * max(1, len(spokes)))
    for spoke in spokes.itertuples(index=False):
        made.add_shape(_line_shape(row[spoke.indicator_id] + 0.2))
        if not is_empty(spoke.band_low):
            made.add_shape(_band_shape(spoke, row[spoke.indicator_id] + 0.2))
        made.add_annotation(_row_name(f"{plain(spoke.short_name)}{_missing(drawn, spoke.indicator_id)}", row[spoke.indicator_id] - 0.22))
    for line, (place, rows) in reversed(list(zip(LINES, drawn.groupby("place_name", sort=False), strict=False))):
        made.add_trace(
            go.Scatter(
                name=plain(place),
                x=rows["scaled"],
                y=[row[indicator_id] + 0.2 for indicator_id in rows["indicator_id"]],
                mode="markers",
                marker={"color": COLOUR[line["colour"]], "symbol": line["symbol"], "size": 13 if line is LINES[0] else 10},
                hovertext=[_hover(place, item) for item in rows.to_dict("records")],
                hoverinfo="text",
                cliponaxis=False,
            )
        )
    made.update_layout(
        showlegend=True,
        legend={"orientation": "h", "y": 1, "yanchor": "bottom", "x": 0, "itemclick": False, "itemdoubleclick": False,
                "traceorder": "reversed", "font": {"color": COLOUR["ink"], "size": 13}},
        xaxis=quiet_axis(range=[-2, 102], tickvals=[0, 25, 50, 75, 100], showgrid=False),
        yaxis=quiet_axis(visible=False, range=[len(spokes) - 0.4, -0.6]),
        margin={"l": 8, "r": 8, "t": 40, "b": 24},
    )
    return made


def _in_two_lines(name: str) -> str:
    # Long labels are cut off at the edge of a phone; Plotly leaves no room for them by itself.
    return "<br>".join(wrap(plain(name).replace("åk ", "åk\u00a0"), 10, break_long_words=False))


def _band(spokes: pd.DataFrame, names: list[str]) -> go.Barpolar:
    # One wedge a spoke rather than a filled ring: a ring would draw values between the spokes, where there are none.
    return go.Barpolar(
        name="Mittersta hälften av kommunerna",
        theta=names,
        base=list(spokes["band_low"]),
        r=list(spokes["band_high"] - spokes["band_low"]),
        width=0.5,
        marker={"color": COLOUR["band"], "line": {"color": COLOUR["guide"], "width": 1}},
        hoverinfo="skip",
    )


def _line(place: str, rows: pd.DataFrame, names: list[str], line: dict[str, object]) -> go.Scatterpolar:
    radii = [None if is_empty(value) else float(value) for value in rows["scaled"]]
    hovers = [_hover(place, row) for row in rows.to_dict("records")]
    return go.Scatterpolar(
        name=plain(place),
        theta=[*names, names[0]] if names else [],
        r=[*radii, radii[0]] if radii else [],
        mode="lines+markers",
        connectgaps=False,
        line={"color": COLOUR[line["colour"]], "dash": line["dash"], "width": line["width"]},
        marker={"color": COLOUR[line["colour"]], "symbol": line["symbol"], "size": 9},
        hovertext=[*hovers, hovers[0]] if hovers else [],
        hoverinfo="text",
        cliponaxis=False,
    )


def _hover(place: str, row: dict[str, object]) -> str:
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


def _missing(drawn: pd.DataFrame, indicator_id: str) -> str:
    own = drawn[drawn["indicator_id"] == indicator_id].iloc[0]
    return " – värde saknas" if is_empty(own["scaled"]) else ""


def _line_shape(y: float) -> dict[str, object]:
    return {"type": "line", "x0": 0, "x1": 100, "y0": y, "y1": y, "line": {"color": COLOUR["guide"], "width": 2}, "layer": "below"}


def _band_shape(spoke: object, y: float) -> dict[str, object]:
    return {
        "type": "rect",
        "x0": spoke.band_low,
        "x1": spoke.band_high,
        "y0": y - 0.13,
        "y1": y + 0.13,
        "fillcolor": COLOUR["band"],
        "line": {"color": COLOUR["guide"], "width": 1},
        "layer": "below",
    }


def _row_name(name: str, y: float) -> dict[str, object]:
    return {"text": name, "x": 0, "y": y, "xanchor": "left", "showarrow": False, "font": {"color": COLOUR["ink"], "size": 14}}

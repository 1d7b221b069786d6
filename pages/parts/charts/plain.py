"""A Chart of numbers (pages/parts/pieces.py) as a figure: lines, bars, stacked bars, radar."""

from __future__ import annotations

from functools import lru_cache
from math import ceil
from textwrap import wrap
from typing import Any

import plotly.graph_objects as go

from pages.parts.charts.indicator import room_for, tick_form
from pages.parts.charts.theme import COLOUR, TRANSPARENT, drawn, legend, note, quiet_axis
from pages.parts.charts.theme import plain as escaped
from pages.parts.pieces import Chart, Role, Series, value_in_words
from pages.parts.words import DASH, NO_BREAK, number

Trace = dict[str, Any]

# Colour, dash and mark: the lines are told apart also in grey.
LINES: dict[Role, tuple[str, str, str]] = {
    "own": ("own", "solid", "circle"),
    "comparison": ("comparison", "dash", "diamond"),
    "third": ("muted", "dot", "square"),
    "target": ("ink", "longdash", "line-ew-open"),
    "met": ("met", "solid", "circle"),
    "partly": ("partly", "dash", "diamond"),
    "not_met": ("not_met", "dot", "square"),
    "not_assessed": ("not_assessed", "longdashdot", "triangle-up"),
    "muted": ("muted", "dot", "square"),
}
HEIGHT, SMALL_HEIGHT, RADAR_HEIGHT, ROW_HEIGHT = 320, 132, 480, 44
# Names of years beside each other that fit: in a figure of the page's width, and in a small one.
MOST_NAMED, MOST_NAMED_SMALL = 12, 3
LONGEST_NAME = 26
# How far apart two names beside lines must stand, in parts of the axis.
APART = 0.14


@lru_cache(maxsize=500)
def figure(chart: Chart, small: bool = False) -> go.Figure:
    """The figure of a chart. small: one of many beside each other, without legend. Shared by all who see it: not to be changed."""
    if chart.kind == "radar":
        return _radar(chart)
    if chart.kind == "stacked":
        return _stacked(chart)
    return _bars(chart, small) if chart.kind == "bars" else _lines(chart, small)


def _lines(chart: Chart, small: bool) -> go.Figure:
    room = _room(chart)
    is_drawn = any(value is not None for one in chart.series for value in one.values)
    return drawn(
        [_line(one, chart, small) for one in chart.series] + _labels(chart, room) + _dashes(chart, room),
        SMALL_HEIGHT if small else HEIGHT,
        shapes=[_mark_line(chart.categories.index(where)) for where, _ in chart.marks],
        annotations=[] if small else _mark_numbers(chart),
        showlegend=not small and len(chart.series) > 1,
        legend=legend(),
        xaxis=_category_axis(chart, MOST_NAMED_SMALL if small else MOST_NAMED),
        # Numbers beside nothing would look like a measure.
        yaxis={**_value_axis(room, small), "showticklabels": is_drawn},
        margin={
            "l": 36 if small else 52,
            "r": 20 if any(one.label for one in chart.series) else 10,
            "t": 6 if small else 40,
            "b": 24,
        },
    )


def _line(one: Series, chart: Chart, small: bool) -> Trace:
    colour, dash, symbol = LINES[one.role]
    return {
        "type": "scatter",
        "name": escaped(one.name),
        "x": list(range(len(chart.categories))),
        "y": list(one.values),
        "mode": "lines+markers",
        "connectgaps": False,
        "line": {"color": COLOUR[colour], "dash": dash, "width": 2.5 if one.role == "own" else 1.5},
        "marker": {"color": COLOUR[colour], "symbol": symbol, "size": 6 if small else 8},
        "hovertext": _hovers(one, chart),
        "hoverinfo": "text",
        "cliponaxis": False,
    }


def _labels(chart: Chart, room: tuple[float, float] | None) -> list[Trace]:
    """What a line is called, in ink at its last value."""
    if room is None:
        return []
    named = [one for one in chart.series if one.label and any(value is not None for value in one.values)]
    ends = [(max(place for place, value in enumerate(one.values) if value is not None), one) for one in named]
    ends.sort(key=lambda end: (end[0], end[1].values[end[0]]))
    trace = {
        "type": "scatter",
        "name": "Namn på linjerna",
        "x": [place for place, _ in ends],
        "y": _apart([(place, one.values[place]) for place, one in ends], APART * (room[1] - room[0])),
        "mode": "text",
        "text": [f" {escaped(one.label)}" for _, one in ends],
        "textposition": "middle right",
        "textfont": {"color": COLOUR["ink"], "size": 13},
        "cliponaxis": False,
        "hoverinfo": "skip",
        "showlegend": False,
    }
    return [trace] if ends else []


def _apart(ends: list[tuple[int, float]], least: float) -> list[float]:
    """Heights for names at (place, value), lowest first at each place: those that would touch spread around their middle."""
    runs: list[list[tuple[int, float]]] = []
    for end in ends:
        is_close = runs and runs[-1][-1][0] == end[0] and end[1] - runs[-1][-1][1] < least
        runs[-1].append(end) if is_close else runs.append([end])
    return [
        sum(value for _, value in run) / len(run) + (number_in_run - (len(run) - 1) / 2) * least
        for run in runs
        for number_in_run in range(len(run))
    ]


def _dashes(chart: Chart, room: tuple[float, float] | None) -> list[Trace]:
    """A dash at the foot of each category where the first series has a gap."""
    first = chart.series[0].values if chart.series else ()
    gaps = [place for place, value in enumerate(first) if value is None]
    trace = {
        "type": "scatter",
        "name": "Värde saknas",
        "x": gaps,
        "y": [room[0] if room else 0] * len(gaps),
        "mode": "text",
        "text": [DASH] * len(gaps),
        "textposition": "top center",
        "textfont": {"color": COLOUR["muted"], "size": 16},
        "hoverinfo": "skip",
        "showlegend": False,
    }
    return [trace] if gaps else []


def _bars(chart: Chart, small: bool) -> go.Figure:
    """Lying bars: names of units are long, and a phone is narrow."""
    names = [_wrapped(name) for name in chart.categories]
    many = len(chart.series)
    high = max((value for one in chart.series for value in one.values if value is not None), default=0)
    low = min((value for one in chart.series for value in one.values if value is not None), default=0)
    spread = (max(high, 0) - min(low, 0)) or 1
    return drawn(
        [*[_bar(one, chart) for one in chart.series], *(_below_zero(chart) if many == 1 else [])],
        60 + (ROW_HEIGHT if many == 1 else 26 * many + 12) * len(names),
        barmode="group",
        bargap=0.35,
        showlegend=many > 1,
        legend=legend(traceorder="normal"),
        xaxis=quiet_axis(
            range=[
                chart.low
                if chart.low is not None
                else min(low, 0) - (0.18 * spread if low < 0 and many > 1 else 0),
                chart.high if chart.high is not None else max(high, 0) + 0.18 * spread,
            ],
            nticks=4,
            zeroline=True,
            zerolinecolor=COLOUR["muted"],
        ),
        yaxis=_names_down(names),
        margin={"l": 8, "r": 8, "t": 40 if many > 1 else 8, "b": 28},
    )


def _bar(one: Series, chart: Chart) -> Trace:
    colour = LINES[one.role][0]
    return {
        "type": "bar",
        "orientation": "h",
        "name": escaped(one.name),
        "x": list(one.values),
        "y": list(range(len(chart.categories))),
        "text": [
            "" if value is not None and value < 0 and len(chart.series) == 1 else value_in_words(value, chart)
            for value in one.values
        ],
        "textposition": "outside",
        "textfont": {"color": COLOUR["ink"], "size": 13},
        "cliponaxis": False,
        "marker": {"color": COLOUR[colour], "pattern": {"shape": "" if one.role == "own" else "/"}},
        "hovertext": _hovers(one, chart),
        "hoverinfo": "text",
    }


def _below_zero(chart: Chart) -> list[Trace]:
    """The numbers of bars below zero, at the other side of the axis: outside such a bar stands the name."""
    values = chart.series[0].values
    below = [place for place, value in enumerate(values) if value is not None and value < 0]
    trace = {
        "type": "scatter",
        "mode": "text",
        "x": [0] * len(below),
        "y": below,
        # A blank keeps the minus sign off the axis.
        "text": [f"{NO_BREAK}{value_in_words(values[place], chart)}" for place in below],
        "textposition": "middle right",
        "textfont": {"color": COLOUR["ink"], "size": 13},
        "hoverinfo": "skip",
        "showlegend": False,
        "cliponaxis": False,
    }
    return [trace] if below else []


def _stacked(chart: Chart) -> go.Figure:
    names = [_wrapped(name) for name in chart.categories]
    return drawn(
        [_part(one, chart) for one in chart.series],
        70 + ROW_HEIGHT * len(names),
        barmode="stack",
        bargap=0.35,
        showlegend=True,
        legend=legend(traceorder="normal"),
        xaxis=quiet_axis(visible=False, range=[chart.low or 0, chart.high] if chart.high else None),
        yaxis=_names_down(names),
        margin={"l": 8, "r": 8, "t": 44, "b": 8},
    )


def _part(one: Series, chart: Chart) -> Trace:
    return {
        **_bar(one, chart),
        "text": [value_in_words(value, chart) if value else "" for value in one.values],
        "textposition": "inside",
        "insidetextanchor": "middle",
        "textfont": {"size": 14},
        "marker": {"color": COLOUR[LINES[one.role][0]], "line": {"width": 0}},
    }


def _radar(chart: Chart) -> go.Figure:
    names = [_wrapped(name, 14) for name in chart.categories]
    turns = [360 * place / max(1, len(names)) for place in range(len(names))]
    return drawn(
        [_polygon(one, chart, turns) for one in chart.series],
        RADAR_HEIGHT,
        showlegend=True,
        legend=legend(y=0, yref="container", yanchor="bottom", x=0.5, xanchor="center"),
        margin={"l": 80, "r": 80, "t": 40, "b": 80},
        polar={
            "bgcolor": TRANSPARENT,
            "angularaxis": {
                "tickvals": turns,
                "ticktext": names,
                "direction": "clockwise",
                "rotation": 90,
                "gridcolor": COLOUR["guide"],
                "linecolor": COLOUR["guide"],
                "tickfont": {"color": COLOUR["ink"], "size": 13},
            },
            "radialaxis": {
                "range": [chart.low or 0, chart.high or 100],
                "angle": 90,
                "nticks": 5,
                "gridcolor": COLOUR["guide"],
                "showline": False,
                "tickfont": {"color": COLOUR["muted"], "size": 12},
            },
        },
    )


def _polygon(one: Series, chart: Chart, turns: list[float]) -> Trace:
    colour, dash, symbol = LINES[one.role]
    around = [*range(len(turns)), 0] if turns else []
    return {
        "type": "scatterpolar",
        "name": escaped(one.name),
        "r": [one.values[place] for place in around],
        "theta": [turns[place] for place in around],
        "mode": "lines+markers",
        "connectgaps": False,
        "line": {"color": COLOUR[colour], "dash": dash, "width": 2.5 if one.role == "own" else 1.75},
        "marker": {"color": COLOUR[colour], "symbol": symbol, "size": 8},
        "hovertext": [_hovers(one, chart)[place] for place in around],
        "hoverinfo": "text",
    }


def _room(chart: Chart) -> tuple[float, float] | None:
    found = room_for([value for one in chart.series for value in one.values])
    if found is None:
        return None if chart.low is None or chart.high is None else (chart.low, chart.high)
    low = found[0] if chart.low is None else chart.low
    return low, found[1] if chart.high is None else chart.high


def _hovers(one: Series, chart: Chart) -> list[str]:
    pairs = zip(chart.categories, one.values, strict=True)
    return [f"{escaped(one.name)} {escaped(name)}: {value_in_words(value, chart)}" for name, value in pairs]


def _category_axis(chart: Chart, most: int) -> Trace:
    count = len(chart.categories)
    # Counted from the newest, which is always named.
    named = list(range(count))[::-1][:: ceil(count / most) or 1][::-1]
    return quiet_axis(
        tickvals=named,
        ticktext=[escaped(chart.categories[place]) for place in named],
        showgrid=False,
        range=[-0.4, count - 0.6],
    )


def _value_axis(room: tuple[float, float] | None, small: bool) -> Trace:
    if room is None:
        return quiet_axis(nticks=3 if small else 5, ticks="")
    low, high = room
    if small:
        # The ends and the middle, so that the same axis beside another is seen to be the same.
        named = [low, (low + high) / 2, high]
        decimals = 0 if all(float(place).is_integer() for place in named) else 1
        form = {
            "ticklabeloverflow": "allow",
            "tickvals": named,
            "ticktext": [number(place, decimals) for place in named],
        }
    else:
        form = {"nticks": 5, **tick_form(high - low)}
    return quiet_axis(ticks="", range=[low, high], **form)


def _names_down(names: list[str]) -> Trace:
    return {
        "tickvals": list(range(len(names))),
        "ticktext": names,
        "autorange": "reversed",
        "automargin": True,
        "showgrid": False,
        "zeroline": False,
        "fixedrange": True,
        "tickfont": {"color": COLOUR["ink"], "size": 13},
    }


def _mark_line(place: int) -> Trace:
    return {
        "type": "line",
        "x0": place - 0.5,
        "x1": place - 0.5,
        "y0": 0,
        "y1": 1,
        "yref": "paper",
        "line": {"color": COLOUR["muted"], "width": 1, "dash": "dot"},
    }


def _mark_numbers(chart: Chart) -> list[Trace]:
    font = {"color": COLOUR["muted"], "size": 12}
    return [
        note(
            str(number),
            chart.categories.index(where) - 0.5,
            1,
            yref="paper",
            yanchor="top",
            font=font,
            hovertext=escaped(said),
        )
        for number, (where, said) in enumerate(chart.marks, start=1)
    ]


def _wrapped(name: str, width: int = LONGEST_NAME) -> str:
    return "<br>".join(escaped(line) for line in wrap(name, width) or [""])

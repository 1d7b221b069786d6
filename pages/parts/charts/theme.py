"""One look for all figures.

A figure names its colours by role. The codes below stand for a role until Streamlit swaps them for the colours of the
theme in use (chartCategoricalColors in .streamlit/config.toml, in this order), so one figure serves light and dark
and follows a change of theme without being made again. For paper, printed() puts the light colours in.
"""

from __future__ import annotations

from html import escape

import plotly.graph_objects as go

from pages.parts.words import is_empty, text

ROLES = ("own", "comparison", "met", "partly", "not_met", "not_assessed", "ink", "muted", "guide", "band")
COLOUR = {role: f"#{position:06d}" for position, role in enumerate(ROLES, start=1)}
LIGHT = {
    "own": "#0B4F8A",
    "comparison": "#7A6A8E",
    "met": "#00705A",
    "partly": "#B77900",
    "not_met": "#B3341F",
    "not_assessed": "#5F6B76",
    "ink": "#1C2329",
    "muted": "#55616C",
    "guide": "#D5DBE1",
    "band": "#E3E9EF",
}
DARK = {
    "own": "#6CB2F2",
    "comparison": "#B9A8CF",
    "met": "#3CC3A0",
    "partly": "#F2C14E",
    "not_met": "#FF8A70",
    "not_assessed": "#9AA7B2",
    "ink": "#E8EDF1",
    "muted": "#A9B4BE",
    "guide": "#39434C",
    "band": "#29323A",
}
TRANSPARENT = "rgba(0,0,0,0)"
# No mode bar: ten tab stops a figure that nobody needs. Plotly's words are Swedish through static/sv.js.
CONFIG = {
    "displayModeBar": False,
    "locale": "sv",
    "responsive": True,
    "scrollZoom": False,
    "doubleClick": False,
}


def plain(value: object) -> str:
    """A name from the data as a figure may carry it: Plotly reads HTML, links among it, in every text it draws."""
    return escape(text(value), quote=False)


def number_or_gap(value: object) -> float | None:
    """A cell as a figure may carry it: a number, or None, which Plotly leaves out."""
    return None if is_empty(value) else float(value)


def drawn(traces: list[dict[str, object]], height: int, **layout: object) -> go.Figure:
    """A figure in the house's look, from its traces as plain dicts. height in pixels; layout overrides the look.

    Made in one step and unchecked: Plotly checks each added trace, shape and note anew, which took ten times longer
    than everything else on a page. The tests check every figure instead.
    """
    look = {
        "height": height,
        "margin": {"l": 8, "r": 8, "t": 8, "b": 8},
        "paper_bgcolor": TRANSPARENT,
        "plot_bgcolor": TRANSPARENT,
        "font": {"color": COLOUR["ink"], "size": 14},
        "separators": ",\u00a0",
        "showlegend": False,
        "hoverlabel": {"align": "left", "namelength": -1},
        "dragmode": False,
        # The look is all here; the library's own would only make the page heavier.
        "template": {},
    }
    return go.Figure(traces, {**look, **layout}, _validate=False)


def legend(**extra: object) -> dict[str, object]:
    """A legend in words above a figure, that no click can change."""
    return {
        "orientation": "h",
        "y": 1,
        "yanchor": "bottom",
        "x": 0,
        "itemclick": False,
        "itemdoubleclick": False,
        "font": {"color": COLOUR["ink"], "size": 13},
        **extra,
    }


def note(shown: str, x: float, y: float, **extra: object) -> dict[str, object]:
    """Words in a figure, in ink, at the left of x. The caller has made them plain."""
    font = {"color": COLOUR["ink"], "size": 14}
    return {"text": shown, "x": x, "y": y, "xanchor": "left", "showarrow": False, "font": font, **extra}


def quiet_axis(**extra: object) -> dict[str, object]:
    """An axis without line or zero line, with light guides and readable numbers."""
    return {
        "gridcolor": COLOUR["guide"],
        "zeroline": False,
        "showline": False,
        "fixedrange": True,
        "tickfont": {"color": COLOUR["muted"], "size": 13},
        **extra,
    }


def printed(made: go.Figure) -> str:
    """The figure as JSON with the light theme's colours, for paper."""
    spec = made.to_json()
    for role, code in COLOUR.items():
        spec = spec.replace(code, LIGHT[role])
    return spec

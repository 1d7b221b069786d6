"""Counts by what became of them: one thin stacked bar a group, its name above and its counts below."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
import plotly.graph_objects as go

from pages.parts.charts.theme import COLOUR, figure, plain, quiet_axis
from pages.parts.words import Mark, text

ROW_HEIGHT = 66
LEGEND_HEIGHT = 34
LONGEST_NAME = 46
# A segment narrower than this share of the bar has room for its number only.
NARROW = 0.13


def stacked_rows(groups: pd.DataFrame, marks: Mapping[str, Mark], *, show_names: bool = True) -> go.Figure:
    """One bar a row of groups: group_name, total, and a column of counts for each key of marks, in that order."""
    made = figure(height=LEGEND_HEIGHT + ROW_HEIGHT * max(1, len(groups)), barmode="stack")
    positions = list(range(len(groups)))
    for column, mark in marks.items():
        made.add_trace(_segments(groups, column, mark, positions))
    for position, (_, group) in zip(positions, groups.iterrows(), strict=True):
        if show_names:
            made.add_annotation(_name(text(group["group_name"]), position))
        for note in _counts(group, marks, position):
            made.add_annotation(note)
    made.update_layout(
        showlegend=True,
        legend={
            "orientation": "h",
            "y": 1,
            "yanchor": "bottom",
            "x": 0,
            "itemclick": False,
            "itemdoubleclick": False,
            "traceorder": "normal",
            "font": {"color": COLOUR["ink"], "size": 13},
        },
        xaxis={"visible": False, "range": [0, 1], "fixedrange": True},
        yaxis=quiet_axis(visible=False, range=[len(groups) - 0.4, -0.6]),
        margin={"l": 4, "r": 4, "t": LEGEND_HEIGHT, "b": 0},
    )
    return made


def _segments(groups: pd.DataFrame, column: str, mark: Mark, positions: list[int]) -> go.Bar:
    shares = groups[column] / groups["total"].where(groups["total"] > 0, 1)
    return go.Bar(
        name=mark.shown,
        orientation="h",
        y=positions,
        x=shares,
        width=0.24,
        marker={"color": COLOUR[mark.colour], "line": {"width": 0}},
        customdata=[
            [plain(name), int(count), int(total)]
            for name, count, total in groups[["group_name", column, "total"]].itertuples(index=False)
        ],
        hovertemplate="%{customdata[0]}<br>" + mark.word + ": %{customdata[1]} av %{customdata[2]}<extra></extra>",
    )


def _name(name: str, position: int) -> dict[str, object]:
    shown = name if len(name) <= LONGEST_NAME else name[: LONGEST_NAME - 1].rstrip() + "…"
    return _note(plain(shown), 0, position - 0.36, COLOUR["ink"], 14, "left")


def _counts(group: pd.Series, marks: Mapping[str, Mark], position: int) -> list[dict[str, object]]:
    notes, start = [], 0.0
    for column, mark in marks.items():
        share = float(group[column]) / float(group["total"] or 1)
        if share:
            shown = f"{mark.shape} {group[column]}" if share >= NARROW else f"{group[column]}"
            notes.append(_note(shown, start + share / 2, position + 0.29, COLOUR["ink"], 14, "center"))
        start += share
    return notes


def _note(shown: str, x: float, y: float, colour: str, size: int, anchor: str) -> dict[str, object]:
    return {
        "text": shown,
        "x": x,
        "y": y,
        "xanchor": anchor,
        "showarrow": False,
        "font": {"color": colour, "size": size},
    }

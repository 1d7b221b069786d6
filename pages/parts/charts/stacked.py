"""Counts by what became of them: one thin stacked bar a group, its name above and its counts below."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
import plotly.graph_objects as go

from pages.parts.charts.theme import COLOUR, drawn, legend, note, plain, quiet_axis
from pages.parts.rows import as_records
from pages.parts.words import Mark, text

ROW_HEIGHT = 66
LEGEND_HEIGHT = 34
LONGEST_NAME = 46
# A segment narrower than this share of the bar has room for its number only.
NARROW = 0.13


def stacked_rows(groups: pd.DataFrame, marks: Mapping[str, Mark], *, show_names: bool = True) -> go.Figure:
    """One bar a row of groups: group_name, total, and a column of counts for each key of marks, in that order."""
    rows = as_records(groups)
    names = [_name(row, position) for position, row in enumerate(rows)] if show_names else []
    counts = [count for position, row in enumerate(rows) for count in _counts(row, marks, position)]
    return drawn(
        [_segments(rows, column, mark) for column, mark in marks.items()],
        LEGEND_HEIGHT + ROW_HEIGHT * max(1, len(rows)),
        barmode="stack",
        annotations=names + counts,
        showlegend=True,
        legend=legend(traceorder="normal"),
        xaxis={"visible": False, "range": [0, 1], "fixedrange": True},
        yaxis=quiet_axis(visible=False, range=[len(rows) - 0.4, -0.6]),
        margin={"l": 4, "r": 4, "t": LEGEND_HEIGHT, "b": 0},
    )


def _segments(rows: list[dict[str, object]], column: str, mark: Mark) -> dict[str, object]:
    return {
        "type": "bar",
        "name": mark.shown,
        "orientation": "h",
        "y": list(range(len(rows))),
        "x": [_share(row, column) for row in rows],
        "width": 0.24,
        "marker": {"color": COLOUR[mark.colour], "line": {"width": 0}},
        "customdata": [[plain(row["group_name"]), int(row[column]), int(row["total"])] for row in rows],
        "hovertemplate": "%{customdata[0]}<br>"
        + mark.word
        + ": %{customdata[1]} av %{customdata[2]}<extra></extra>",
    }


def _share(row: dict[str, object], column: str) -> float:
    return float(row[column]) / float(row["total"] or 1)


def _name(row: dict[str, object], position: int) -> dict[str, object]:
    name = text(row["group_name"])
    shown = name if len(name) <= LONGEST_NAME else name[: LONGEST_NAME - 1].rstrip() + "…"
    return note(plain(shown), 0, position - 0.36)


def _counts(row: dict[str, object], marks: Mapping[str, Mark], position: int) -> list[dict[str, object]]:
    notes, start = [], 0.0
    for column, mark in marks.items():
        share = _share(row, column)
        if share:
            shown = f"{mark.shape} {row[column]}" if share >= NARROW else f"{row[column]}"
            notes.append(note(shown, start + share / 2, position + 0.29, xanchor="center"))
        start += share
    return notes

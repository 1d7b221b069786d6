"""Figures of actions over time: deadlines that move among report points and meetings, and what is told of effects."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
import plotly.graph_objects as go

from pages.parts.charts.theme import COLOUR, drawn, legend, note, plain, quiet_axis
from pages.parts.rows import as_records
from pages.parts.words import EFFECT_STATES, MOMENTS, day, is_empty, text

MOST_ROWS = 15
ROW_HEIGHT = 44
BAR_HEIGHT = 46
LONGEST_NAME = 46
# Room before the first day and after the last, as a share of the time shown.
ROOM = 0.05


def moved_deadlines(moves: pd.DataFrame, timeline: pd.DataFrame) -> go.Figure:
    """One line an action: its first deadline, each later one, and the one that holds now.

    moves: action_moves; those without any day are left out. timeline: action_timeline; its days stand as light lines,
    report points named at the top. At most MOST_ROWS actions, those moved most often first.
    """
    stories = _stories(moves)
    axis = [
        {**row, "point_date": pd.Timestamp(row["point_date"])}
        for row in as_records(timeline)
        if not is_empty(row["point_date"])
    ]
    days = [when for story in stories for when in story["days"]] + [row["point_date"] for row in axis]
    low, high = (min(days), max(days)) if days else (None, None)
    room = (high - low) * ROOM if days else None
    return drawn(
        [
            *(_line(story, position) for position, story in enumerate(stories)),
            _ends(stories, "first"),
            _ends(stories, "between"),
            _ends(stories, "last"),
        ],
        64 + ROW_HEIGHT * max(1, len(stories)),
        showlegend=True,
        legend=legend(y=-0.02, yanchor="top"),
        shapes=[_guide(row) for row in axis],
        annotations=[
            *(_name(story, position, low - room) for position, story in enumerate(stories)),
            *(_year(year, low - room) for year in (range(low.year, high.year + 1) if days else ())),
        ],
        xaxis=quiet_axis(
            side="top",
            showgrid=False,
            tickvals=[row["point_date"] for row in axis if row["kind"] == "report_point"],
            ticktext=[_short(row) for row in axis if row["kind"] == "report_point"],
            range=[low - room, high + room] if days else None,
            type="date",
        ),
        yaxis=quiet_axis(visible=False, range=[len(stories) - 0.5, -1.1]),
        margin={"l": 4, "r": 8, "t": 44, "b": 34},
    )


def effect_bars(counts: Mapping[str, int]) -> go.Figure:
    """One thin bar a state of the effect, its name and number above. counts: state → number of actions."""
    shown = [(EFFECT_STATES[state], count) for state, count in counts.items()]
    return drawn(
        [
            {
                "type": "bar",
                "orientation": "h",
                "x": [count for _, count in shown],
                "y": list(range(len(shown))),
                "width": 0.24,
                "marker": {"color": [COLOUR[mark.colour] for mark, _ in shown], "line": {"width": 0}},
                "hoverinfo": "skip",
            }
        ],
        8 + BAR_HEIGHT * len(shown),
        annotations=[
            note(f"{mark.shown}: {count}", 0, position - 0.38) for position, (mark, count) in enumerate(shown)
        ],
        xaxis={"visible": False, "range": [0, max(1, *counts.values())], "fixedrange": True},
        yaxis=quiet_axis(visible=False, range=[len(shown) - 0.6, -0.8]),
        margin={"l": 4, "r": 4, "t": 0, "b": 0},
    )


def _stories(moves: pd.DataFrame) -> list[dict[str, object]]:
    stories = []
    for _, rows in moves.groupby("action_id", sort=False):
        records = as_records(rows)
        steps = [records[0]["first_deadline_day"], *(row["deadline_day"] for row in records)]
        days = [pd.Timestamp(step) for step in steps if not is_empty(step)]
        if len(days) > 1:
            stories.append({"title": text(records[0]["title"]), "days": days, "moved": len(records)})
    return stories[:MOST_ROWS]


def _line(story: dict[str, object], position: int) -> dict[str, object]:
    return {
        "type": "scatter",
        "x": story["days"],
        "y": [position + 0.2] * len(story["days"]),
        "mode": "lines",
        "line": {"color": COLOUR["muted"], "width": 2},
        "hoverinfo": "skip",
        "showlegend": False,
    }


def _ends(stories: list[dict[str, object]], which: str) -> dict[str, object]:
    """The first, the passing or the last deadlines of all actions, each kind with a shape of its own."""
    names = {"first": "Första tidpunkt", "between": "Flyttad dit och vidare", "last": "Gäller nu"}
    symbols = {"first": "circle-open", "between": "line-ns-open", "last": "triangle-right"}
    parts = {"first": slice(0, 1), "between": slice(1, -1), "last": slice(-1, None)}
    points = [
        (when, position, story)
        for position, story in enumerate(stories)
        for when in story["days"][parts[which]]
    ]
    return {
        "type": "scatter",
        "name": names[which],
        "x": [when for when, _, _ in points],
        "y": [position + 0.2 for _, position, _ in points],
        "mode": "markers",
        "marker": {
            "symbol": symbols[which],
            "size": 13 if which == "last" else 11,
            "color": COLOUR["own"],
            "line": {"color": COLOUR["own"], "width": 2},
        },
        "hovertext": [f"{plain(story['title'])}<br>{names[which]}: {day(when)}" for when, _, story in points],
        "hoverinfo": "text",
        "cliponaxis": False,
    }


def _guide(row: dict[str, object]) -> dict[str, object]:
    is_point = row["kind"] == "report_point"
    return {
        "type": "line",
        "x0": row["point_date"],
        "x1": row["point_date"],
        "y0": 0,
        "y1": 1,
        "yref": "paper",
        "layer": "below",
        "line": {
            "color": COLOUR["guide"],
            "width": 2 if is_point else 1,
            "dash": "solid" if is_point else "dot",
        },
    }


def _name(story: dict[str, object], position: int, x: object) -> dict[str, object]:
    title = str(story["title"])
    shown = title if len(title) <= LONGEST_NAME else title[: LONGEST_NAME - 1].rstrip() + "…"
    return note(plain(shown), x, position - 0.2)


def _year(year: int, left: pd.Timestamp) -> dict[str, object]:
    # The ticks name days only: the year stands once, where it begins.
    font = {"color": COLOUR["muted"], "size": 13}
    return note(str(year), max(pd.Timestamp(year, 1, 1), left), -0.75, font=font)


def _short(row: dict[str, object]) -> str:
    """A report point in two narrow lines: 'D1' and '30/4'."""
    name = MOMENTS.get(str(row["kind"])) or text(row["label"])
    letters = name[:1] + "".join(each for each in name if each.isdigit())
    return f"{plain(letters)}<br>{row['point_date'].day}/{row['point_date'].month}"

"""Figures of goal fulfilment over years: verdicts as shapes, outcomes as lines against their targets."""

from __future__ import annotations

import pandas as pd
import plotly.graph_objects as go

from pages.parts.charts.theme import COLOUR, drawn, note, number_or_gap, plain, quiet_axis
from pages.parts.rows import as_records
from pages.parts.words import (
    AFTERWARDS,
    CHANGES,
    IN_PLAN,
    PRIORITY,
    VERDICTS,
    Mark,
    is_empty,
    measured,
    target,
    text,
    year_of,
)

GOAL_HEIGHT = 54
LONGEST_NAME = 48
TREND_HEIGHT = 190
# Moves the star to the right of the shape, whatever the width of a year.
STAR_ROOM = 8 * "\u00a0"
# Fonts draw the half circle much larger than the whole one; side by side they must look alike.
GLYPH_SIZE = {"met": 34, "partly": 22, "not_met": 34, "not_assessed": 22, "in_plan": 20}


def goal_matrix(history: pd.DataFrame) -> go.Figure:
    """Goals × years as shapes, with a star at each prioritised one and a mark in the plan that a goal is no longer in.

    history: rows of goal_history of one level.
    """
    rows = as_records(history)
    years = sorted({int(row["year"]) for row in rows})
    names = {row["goal_id"]: row["name_now"] for row in rows}
    place = {goal_id: position for position, goal_id in enumerate(names)}
    marks = VERDICTS | IN_PLAN
    return drawn(
        [
            *(
                _shapes([row for row in rows if row["verdict"] == verdict], verdict, mark, place)
                for verdict, mark in marks.items()
            ),
            _stars([row for row in rows if row["is_priority"]], place),
            *(
                _ends([row for row in rows if row["afterwards"] == code], mark, place)
                for code, mark in AFTERWARDS.items()
            ),
        ],
        64 + GOAL_HEIGHT * len(names),
        annotations=[
            _row_name(text(name), _remarks(rows, goal_id), place[goal_id] - 0.26)
            for goal_id, name in names.items()
        ],
        xaxis=quiet_axis(
            side="top",
            tickvals=years,
            ticktext=[str(year) for year in years],
            showgrid=False,
            range=[years[0] - 0.5, years[-1] + 0.5],
        ),
        yaxis=quiet_axis(visible=False, range=[len(names) - 0.4, -0.6]),
        margin={"l": 4, "r": 4, "t": 32, "b": 0},
    )


def indicator_trend(evidence: pd.DataFrame) -> go.Figure:
    """One indicator's years: value as a line that breaks at gaps, target as a short bar. One row a year."""
    rows = as_records(evidence.dropna(subset=["year"]).sort_values("year"))
    years = [int(row["year"]) for row in rows]
    return drawn(
        [_targets(rows, years), _values(rows, years)],
        TREND_HEIGHT,
        xaxis=quiet_axis(
            tickvals=years,
            ticktext=[str(year) for year in years],
            showgrid=False,
            range=[min(years) - 0.5, max(years) + 0.5] if years else None,
        ),
        yaxis=quiet_axis(nticks=4, ticks="", range=_room(evidence), tickformat=",.0f"),
        margin={"l": 44, "r": 8, "t": 12, "b": 24},
    )


def _shapes(
    rows: list[dict[str, object]], verdict: str, mark: Mark, place: dict[str, int]
) -> dict[str, object]:
    return {
        "type": "scatter",
        "x": [int(row["year"]) for row in rows],
        "y": [place[row["goal_id"]] + 0.2 for row in rows],
        "mode": "text",
        "text": [mark.shape] * len(rows),
        "textfont": {"color": COLOUR[mark.colour], "size": GLYPH_SIZE[verdict]},
        "hovertext": [
            f"{plain(row['name'])}<br>{row['year']}: {mark.word}{_priority(row)}{_change(row)}"
            for row in rows
        ],
        "hoverinfo": "text",
    }


def _stars(rows: list[dict[str, object]], place: dict[str, int]) -> dict[str, object]:
    # Beside the verdict, never in its place: a priority says nothing of how it went.
    return {
        "type": "scatter",
        "x": [int(row["year"]) for row in rows],
        "y": [place[row["goal_id"]] + 0.2 for row in rows],
        "mode": "text",
        "text": [f"{STAR_ROOM}{PRIORITY.shape}"] * len(rows),
        "textfont": {"color": COLOUR[PRIORITY.colour], "size": 15},
        "hoverinfo": "skip",
    }


def _ends(rows: list[dict[str, object]], mark: Mark, place: dict[str, int]) -> dict[str, object]:
    return {
        "type": "scatter",
        "x": [int(row["next_plan"]) for row in rows],
        "y": [place[row["goal_id"]] + 0.2 for row in rows],
        "mode": "text",
        "text": [mark.shape] * len(rows),
        "textfont": {"color": COLOUR[mark.colour], "size": 20},
        "hovertext": [f"{plain(row['name'])}<br>{row['next_plan']}: {mark.word}" for row in rows],
        "hoverinfo": "text",
    }


def _targets(rows: list[dict[str, object]], years: list[int]) -> dict[str, object]:
    aims = [
        target(row["target_operator"], row["target_value"], row["unit"], int(row["decimals"])) for row in rows
    ]
    return {
        "type": "scatter",
        "x": years,
        "y": [number_or_gap(row["target_value"]) for row in rows],
        "mode": "markers",
        "marker": {"symbol": "line-ew", "size": 22, "line": {"color": COLOUR["muted"], "width": 3}},
        "hovertext": [
            f"Målvärde {year_of(row['year'], row['period'])}: {aim}"
            for row, aim in zip(rows, aims, strict=True)
        ],
        "hoverinfo": "text",
    }


def _values(rows: list[dict[str, object]], years: list[int]) -> dict[str, object]:
    shown = [measured(row["value"], row["marker"], row["unit"], int(row["decimals"])) for row in rows]
    return {
        "type": "scatter",
        "x": years,
        "y": [number_or_gap(row["value"]) for row in rows],
        "mode": "lines+markers+text",
        "connectgaps": False,
        "line": {"color": COLOUR["own"], "width": 2.5},
        "marker": {"size": 8, "color": COLOUR["own"]},
        "text": ["" if is_empty(row["value"]) else label for row, label in zip(rows, shown, strict=True)],
        "textposition": "top center",
        "textfont": {"color": COLOUR["ink"], "size": 12},
        "hovertext": [
            f"{year_of(row['year'], row['period'])}: {label}" for row, label in zip(rows, shown, strict=True)
        ],
        "hoverinfo": "text",
        "cliponaxis": False,
    }


def _room(rows: pd.DataFrame) -> list[float] | None:
    # Percentages between 80 and 100 need their own range, with room above for the printed values.
    numbers = pd.concat([rows["value"], rows["target_value"]]).dropna().astype(float)
    if numbers.empty:
        return None
    spread = max(numbers.max() - numbers.min(), abs(numbers.max()) * 0.05, 0.5)
    return [numbers.min() - 0.25 * spread, numbers.max() + 0.35 * spread]


def _priority(row: dict[str, object]) -> str:
    return f", {PRIORITY.word.lower()}" if row["is_priority"] else ""


def _change(row: dict[str, object]) -> str:
    renamed = f"<br>hette {plain(row['name_before'])}" if row["change"] == "renamed" else ""
    return f"<br>{CHANGES[row['change']]}{renamed}" if row["change"] != "kept" else ""


def _remarks(rows: list[dict[str, object]], goal_id: str) -> str:
    of_goal = [row for row in rows if row["goal_id"] == goal_id]
    said = [(row["year"], CHANGES[row["change"]]) for row in of_goal if row["change"] != "kept"]
    said += [
        (row["next_plan"], AFTERWARDS[row["afterwards"]].word)
        for row in of_goal
        if not is_empty(row["afterwards"])
    ]
    said += [
        (row["year"], "prioriterat")
        for row in of_goal
        if row["priority"] == "newly" and row["change"] != "new"
    ]
    return ", ".join(f"{word.lower()} {year}" for year, word in sorted(said))


def _row_name(name: str, remark: str, y: float) -> dict[str, object]:
    # The remark stands with the name: beside the shapes it would cover the next one on a phone.
    room = LONGEST_NAME - len(remark) - 3 if remark else LONGEST_NAME
    shown = plain(name if len(name) <= room else name[: room - 1].rstrip() + "…")
    return note(f"{shown} <i>({remark})</i>" if remark else shown, 0, y, xref="paper")

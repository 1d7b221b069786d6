"""Figures of goal fulfilment over years: verdicts as shapes, outcomes as lines against their targets."""

from __future__ import annotations

import pandas as pd
import plotly.graph_objects as go

from pages.parts.charts.theme import COLOUR, figure, plain, quiet_axis
from pages.parts.words import CHANGES, IN_PLAN, VERDICTS, measured, target, text, year_of

GOAL_HEIGHT = 54
LONGEST_NAME = 48
TREND_HEIGHT = 190
# Fonts draw the half circle much larger than the whole one; side by side they must look alike.
GLYPH_SIZE = {"met": 34, "partly": 22, "not_met": 34, "not_assessed": 22, "in_plan": 20}


def goal_matrix(history: pd.DataFrame) -> go.Figure:
    """Goals × years as shapes. history: goal_id, name_now, year, verdict, change, name_before, is_last_year."""
    years = sorted(int(year) for year in history["year"].unique())
    goals = list(history.groupby("goal_id", sort=False)["name_now"].first().items())
    place = {goal_id: position for position, (goal_id, _) in enumerate(goals)}
    made = figure(height=64 + GOAL_HEIGHT * len(goals))
    for verdict, mark in (VERDICTS | IN_PLAN).items():
        rows = history[history["verdict"] == verdict]
        made.add_trace(
            go.Scatter(
                x=rows["year"],
                y=[place[goal_id] + 0.2 for goal_id in rows["goal_id"]],
                mode="text",
                text=[mark.shape] * len(rows),
                textfont={"color": COLOUR[mark.colour], "size": GLYPH_SIZE[verdict]},
                hovertext=[f"{plain(row.name)}<br>{row.year}: {mark.word}{_change(row)}" for row in rows.itertuples(index=False)],
                hoverinfo="text",
            )
        )
    for goal_id, name in goals:
        changed = history[(history["goal_id"] == goal_id) & (history["change"] != "kept")]
        remarks = [f"{CHANGES[row.change].lower()} {row.year}" for row in changed.itertuples(index=False)]
        made.add_annotation(_row_name(text(name), ", ".join(remarks), place[goal_id] - 0.26))
    made.update_layout(
        xaxis=quiet_axis(side="top", tickvals=years, ticktext=[str(year) for year in years], showgrid=False,
                         range=[years[0] - 0.5, years[-1] + 0.5]),
        yaxis=quiet_axis(visible=False, range=[len(goals) - 0.4, -0.6]),
        margin={"l": 4, "r": 4, "t": 32, "b": 0},
    )
    return made


def indicator_trend(evidence: pd.DataFrame) -> go.Figure:
    """One indicator's years: value as a line that breaks at gaps, target as a short bar. One row a year."""
    unit, decimals = evidence["unit"].iloc[0], int(evidence["decimals"].iloc[0])
    rows = evidence.dropna(subset=["year"]).sort_values("year")
    made = figure(height=TREND_HEIGHT)
    shown = [measured(row.value, row.marker, unit, decimals) for row in rows.itertuples(index=False)]
    made.add_trace(
        go.Scatter(
            x=rows["year"],
            y=rows["target_value"],
            mode="markers",
            marker={"symbol": "line-ew", "size": 22, "line": {"color": COLOUR["muted"], "width": 3}},
            hovertext=[
                f"Målvärde {year_of(row.year, row.period)}: {target(row.target_operator, row.target_value, unit, decimals)}"
                for row in rows.itertuples(index=False)
            ],
            hoverinfo="text",
        )
    )
    made.add_trace(
        go.Scatter(
            x=rows["year"],
            y=rows["value"],
            mode="lines+markers+text",
            connectgaps=False,
            line={"color": COLOUR["own"], "width": 2.5},
            marker={"size": 8, "color": COLOUR["own"]},
            text=[label if label[0].isdigit() or label[0] == "−" else "" for label in shown],
            textposition="top center",
            textfont={"color": COLOUR["ink"], "size": 12},
            hovertext=[
                f"{year_of(row.year, row.period)}: {label}" for row, label in zip(rows.itertuples(index=False), shown, strict=True)
            ],
            hoverinfo="text",
            cliponaxis=False,
        )
    )
    years = [int(year) for year in rows["year"]]
    made.update_layout(
        xaxis=quiet_axis(tickvals=years, ticktext=[str(year) for year in years], showgrid=False,
                         range=[min(years) - 0.5, max(years) + 0.5] if years else None),
        yaxis=quiet_axis(nticks=4, ticks="", range=_room(rows), tickformat=",.0f"),
        margin={"l": 44, "r": 8, "t": 12, "b": 24},
    )
    return made


def _room(rows: pd.DataFrame) -> list[float] | None:
    # Percentages between 80 and 100 need their own range, with room above for the printed values.
    numbers = pd.concat([rows["value"], rows["target_value"]]).dropna().astype(float)
    if numbers.empty:
        return None
    spread = max(numbers.max() - numbers.min(), abs(numbers.max()) * 0.05, 0.5)
    return [numbers.min() - 0.25 * spread, numbers.max() + 0.35 * spread]


def _change(row: object) -> str:
    renamed = f"<br>hette {plain(row.name_before)}" if row.change == "renamed" else ""
    return f"<br>{CHANGES[row.change]}{renamed}" if row.change != "kept" else ""


def _row_name(name: str, remark: str, y: float) -> dict[str, object]:
    # The remark stands with the name: beside the shapes it would cover the next one on a phone.
    room = LONGEST_NAME - len(remark) - 3 if remark else LONGEST_NAME
    shown = plain(name if len(name) <= room else name[: room - 1].rstrip() + "…")
    return {
        "text": f"{shown} <i>({remark})</i>" if remark else shown,
        "x": 0,
        "xref": "paper",
        "xanchor": "left",
        "y": y,
        "showarrow": False,
        "font": {"color": COLOUR["ink"], "size": 14},
    }

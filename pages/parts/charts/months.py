"""Figures of what was reported month by month: a gap is a mark of its own, in its place."""

from __future__ import annotations

from typing import Any

import pandas as pd
import plotly.graph_objects as go

from pages.parts.charts.theme import COLOUR, drawn, note, plain, quiet_axis
from pages.parts.rows import as_records
from pages.parts.words import DIMENSIONS, DIMENSIONS_SHORT, MONTHS, REPORTED, month_of, text

ROW_HEIGHT = 42
# Fonts draw the cross larger than the dot, and letters must fit a month's width on a phone.
SIZE = {"complete": 15, "incomplete": 13, "missing": 20}
ABOVE, BELOW = 0.28, 0.14

# A cell: column, row, state, what it shows, what it says.
Cell = tuple[int, int, str, str, str]


def unit_matrix(months: pd.DataFrame) -> go.Figure:
    """Units × months, those with a gap first. months: rows of reported_months of one year."""
    gaps = months.groupby("unit_id")["is_incomplete"].sum()
    names = months.groupby("unit_id")["unit_name"].first()
    order = sorted(names.index, key=lambda unit_id: (-gaps[unit_id], names[unit_id]))
    place = {unit_id: position for position, unit_id in enumerate(order)}
    cells = [
        (row["month"].month, place[row["unit_id"]], *_shown(row))
        for row in sorted(as_records(months), key=lambda row: place[row["unit_id"]])
    ]
    return _matrix(cells, [text(names[unit_id]) for unit_id in order])


def dimension_matrix(months: pd.DataFrame) -> go.Figure:
    """The four parts × months of one unit. months: rows of reported_months of one year."""
    cells = []
    for row in as_records(months):
        for position, (code, word) in enumerate(DIMENSIONS.items()):
            state = "complete" if row[f"has_{code}"] else "missing"
            said = f"{word} {month_of(row['month'])}: {'rapporterat' if row[f'has_{code}'] else 'saknas'}"
            cells.append((row["month"].month, position, state, REPORTED[state].shape, said))
    return _matrix(cells, list(DIMENSIONS.values()))


def _shown(row: dict[str, Any]) -> tuple[str, str, str]:
    where = f"{plain(row['unit_name'])}<br>{month_of(row['month'])}"
    missing = list(row["missing"])
    state = "missing" if row["is_missing_month"] else "incomplete" if missing else "complete"
    said = ", ".join(DIMENSIONS[code].lower() for code in missing)
    shown = "<br>".join(DIMENSIONS_SHORT[code] for code in missing)
    if state == "incomplete":
        return state, shown, f"{where}: {said} saknas"
    return state, REPORTED[state].shape, f"{where}: {REPORTED[state].word.lower()}"


def _matrix(cells: list[Cell], names: list[str]) -> go.Figure:
    first, last = (min(cell[0] for cell in cells), max(cell[0] for cell in cells)) if cells else (1, 1)
    numbers = list(range(first, last + 1))
    return drawn(
        [_trace([cell for cell in cells if cell[2] == state], state) for state in REPORTED],
        44 + ROW_HEIGHT * len(names),
        annotations=[
            note(plain(name), 0, position - ABOVE, xref="paper", font={"color": COLOUR["ink"], "size": 13})
            for position, name in enumerate(names)
        ],
        shapes=[_guide(position) for position in range(1, len(names))],
        xaxis=quiet_axis(
            side="top",
            tickvals=numbers,
            ticktext=[MONTHS[number - 1][:3] for number in numbers],
            showgrid=False,
            range=[first - 0.5, last + 0.5],
        ),
        yaxis=quiet_axis(visible=False, range=[len(names) - 0.45, -0.55]),
        margin={"l": 4, "r": 4, "t": 30, "b": 0},
    )


def _trace(cells: list[Cell], state: str) -> dict[str, Any]:
    return {
        "type": "scatter",
        "x": [cell[0] for cell in cells],
        "y": [cell[1] + BELOW for cell in cells],
        "mode": "text",
        "text": [cell[3] for cell in cells],
        "textfont": {"color": COLOUR[REPORTED[state].colour], "size": SIZE[state]},
        "hovertext": [cell[4] for cell in cells],
        "hoverinfo": "text",
    }


def _guide(position: int) -> dict[str, Any]:
    return {
        "type": "line",
        "x0": 0,
        "x1": 1,
        "xref": "paper",
        "y0": position - 0.52,
        "y1": position - 0.52,
        "line": {"color": COLOUR["guide"], "width": 1},
    }

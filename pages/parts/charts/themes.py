"""Figure of remarks over years: themes × years as shapes, with years in a row joined and gaps kept."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
import plotly.graph_objects as go

from pages.parts.charts.theme import COLOUR, drawn, note, plain, quiet_axis
from pages.parts.rows import as_records
from pages.parts.words import DASH, counted, in_a_row, short_year, text, upper_first

ROW_HEIGHT = 52
LONGEST_NAME = 46
# Shape says whether an effect is told; the line says that the years follow each other.
REMARKED = {False: ("circle", "påpekat"), True: ("diamond", "påpekat, och en effekt är redovisad")}


def theme_matrix(remarked: pd.DataFrame, told_years: Sequence[int], name: str = "theme") -> go.Figure:
    """Themes (or units, name="unit_name") × years. remarked: finding_years; told_years: years with any remark."""
    rows = as_records(remarked)
    names = list(dict.fromkeys(row[name] for row in rows))
    place = {each: position for position, each in enumerate(names)}
    years = sorted(int(year) for year in told_years)
    return drawn(
        [_silent(rows, name, place, years), _lines(rows, name, place)]
        + [_shapes(rows, name, place, is_told) for is_told in REMARKED],
        70 + ROW_HEIGHT * len(names),
        annotations=[_row_name(each, rows, name, place[each] - 0.28, years[-1]) for each in names],
        xaxis=quiet_axis(
            side="top",
            tickvals=years,
            # Under the year stands the school year that ends in it.
            ticktext=[f"{year}<br>{short_year(year, 'school_year')}" for year in years],
            showgrid=False,
            range=[years[0] - 0.5, years[-1] + 0.5],
        ),
        yaxis=quiet_axis(visible=False, range=[len(names) - 0.4, -0.6]),
        margin={"l": 4, "r": 4, "t": 46, "b": 0},
    )


def _silent(
    rows: list[dict[str, object]], name: str, place: dict[str, int], years: list[int]
) -> dict[str, object]:
    # A year that tells of other themes and not of this one is a fact of its own; a year without any source is not.
    said = {(row[name], int(row["year"])) for row in rows}
    gaps = [(year, each) for each in place for year in years if (each, year) not in said]
    return {
        "type": "scatter",
        "x": [year for year, _ in gaps],
        "y": [place[each] + 0.2 for _, each in gaps],
        "mode": "text",
        "text": [DASH] * len(gaps),
        "textfont": {"color": COLOUR["muted"], "size": 16},
        "hovertext": [
            f"{plain(upper_first(text(each)))}<br>{year}: inget påpekande i källorna" for year, each in gaps
        ],
        "hoverinfo": "text",
    }


def _lines(rows: list[dict[str, object]], name: str, place: dict[str, int]) -> dict[str, object]:
    runs = dict.fromkeys((row[name], int(row["run_first"]), int(row["run_last"])) for row in rows)
    return {
        "type": "scatter",
        "x": [year for _, first, last in runs for year in (first, last, None)],
        "y": [y for each, _, _ in runs for y in (place[each] + 0.2, place[each] + 0.2, None)],
        "mode": "lines",
        "connectgaps": False,
        "line": {"color": COLOUR["own"], "width": 4},
        "hoverinfo": "skip",
    }


def _shapes(
    rows: list[dict[str, object]], name: str, place: dict[str, int], is_told: bool
) -> dict[str, object]:
    kept = [row for row in rows if bool(row["is_effect_told"]) == is_told]
    symbol, word = REMARKED[is_told]
    return {
        "type": "scatter",
        "x": [int(row["year"]) for row in kept],
        "y": [place[row[name]] + 0.2 for row in kept],
        "mode": "markers",
        "marker": {
            "symbol": symbol,
            "size": 19 if is_told else 15,
            "color": COLOUR["met" if is_told else "own"],
        },
        "hovertext": [
            f"{plain(upper_first(text(row[name])))}<br>{row['year']}: {word}, {in_a_row(int(row['place_in_run']))}"
            f"<br>{counted(int(row['count_remarks']), 'påpekande', 'påpekanden')}"
            for row in kept
        ],
        "hoverinfo": "text",
    }


def _row_name(
    each: str, rows: list[dict[str, object]], name: str, y: float, newest: int
) -> dict[str, object]:
    last = max((row for row in rows if row[name] == each), key=lambda row: int(row["year"]))
    stands = int(last["year"]) == newest
    run = int(last["run_length"])
    remark = f"senast {last['year']}" if not stands else in_a_row(run) if run > 1 else ""
    said = upper_first(text(each))
    room = LONGEST_NAME - len(remark) - 3
    shown = plain(said if len(said) <= room else said[: room - 1].rstrip() + "…")
    return note(f"{shown} <i>({remark})</i>" if remark else shown, 0, y, xref="paper")

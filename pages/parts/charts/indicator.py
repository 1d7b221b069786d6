"""Figures of one indicator over the years: against others, and girls beside boys."""

from __future__ import annotations

from collections.abc import Callable
from math import ceil

import pandas as pd
import plotly.graph_objects as go

from pages.parts.charts.comparison import BAND_NAME, LINES, Line, Row, places_of, reason, told
from pages.parts.charts.theme import COLOUR, drawn, legend, note, number_or_gap, plain, quiet_axis
from pages.parts.rows import as_records
from pages.parts.words import (
    DASH,
    GENDERS,
    is_empty,
    quantity,
    target,
    text,
    upper_first,
    year_of,
)

Hover = Callable[[Row, str], str]

TREND_HEIGHT = 320
# More years than these cannot be named on a phone, alone and with the lines' names beside.
MOST_NAMED_YEARS, MOST_BESIDE_ENDS = 9, 6
# Characters that a line's end has room for, and pixels a character.
LONGEST_END, CHARACTER = 14, 8
# Both are our own; they differ by dash and mark. Everybody together is the quiet line.
GENDER_LINES: dict[str, Line] = {
    "K": LINES[0],
    "M": {**LINES[0], "dash": "dash", "symbol": "diamond-open", "glyph": "◇"},
    "T": LINES[2],
}


def indicator_trend_of_others(history: pd.DataFrame) -> go.Figure:
    """One indicator over the years: own line and comparisons, the middle half of all, targets, breaks. History's rows."""
    rows = sorted(as_records(history), key=lambda row: row["year"])
    years = sorted({int(row["year"]) for row in rows})
    broken = _breaks(rows)
    places = places_of(rows)
    own = places[0][1] if places else []
    room = room_for([row[column] for row in rows for column in ("value", "target_value", "p25", "p75")])
    series = [(line, _name_in_legend(found), found) for line, found in places]
    ends = _ends(series, years, room)
    return drawn(
        [
            *_middle_half(own),
            *_targets(own),
            *[
                _line(name, found, line, broken, _hover_of_place) | {"showlegend": not ends}
                for line, name, found in reversed(series)
            ],
            *_dashes({int(row["year"]): [reason(row)] for row in own if is_empty(row["value"])}, own, room),
        ],
        TREND_HEIGHT,
        shapes=[_break_line(year) for year in broken],
        annotations=[*_break_numbers(broken), *ends],
        showlegend=True,
        legend=legend(traceorder="reversed"),
        xaxis=_years(years, MOST_BESIDE_ENDS if ends else MOST_NAMED_YEARS),
        yaxis=_values(room),
        margin=_margin(ends, top=40),
    )


def break_notes(history: pd.DataFrame) -> list[str]:
    """What each numbered line across the trend means, in the order of the numbers. Empty without a break."""
    rows = as_records(history)
    period = rows[0]["period"] if rows else None
    return [
        f"{place}. {upper_first(year_of(year, period))}: {said}"
        for place, (year, said) in enumerate(_breaks(rows).items(), start=1)
    ]


def gender_lines(genders: pd.DataFrame) -> go.Figure:
    """Girls, boys and everybody over the years, told apart by dash, mark and word. One row per year and gender."""
    rows = sorted(as_records(genders), key=lambda row: row["year"])
    years = sorted({int(row["year"]) for row in rows})
    series = [
        (line, upper_first(GENDERS[gender]), [row for row in rows if row["gender"] == gender])
        for gender, line in GENDER_LINES.items()
    ]
    shown = [one for one in series if any(not is_empty(row["value"]) for row in one[2])]
    room = room_for([row["value"] for row in rows])
    ends = _ends(shown, years, room)
    return drawn(
        [
            *[
                _line(name, found, line, {}, _hover_of_gender) | {"showlegend": not ends}
                for line, name, found in reversed(shown)
            ],
            *_dashes(_untold(rows, {name for _, name, _ in shown}), rows, room),
        ],
        TREND_HEIGHT,
        annotations=ends,
        showlegend=True,
        legend=legend(traceorder="reversed"),
        xaxis=_years(years, MOST_BESIDE_ENDS if ends else MOST_NAMED_YEARS),
        yaxis=_values(room),
        margin=_margin(ends, top=40),
    )


def _breaks(rows: list[Row]) -> dict[int, str]:
    """The years that cannot be compared with those before them, and why."""
    return {
        int(row["year"]): text(row["break_note"])
        for row in sorted(rows, key=lambda row: row["year"])
        if not is_empty(row["break_note"])
    }


def _line(name: str, rows: list[Row], line: Line, broken: dict[int, str], hover: Hover) -> Row:
    x: list[float] = []
    y: list[float | None] = []
    hovers: list[str] = []
    for row in rows:
        if int(row["year"]) in broken and x:
            # A point without value between the years: the line stops where the series does.
            x, y, hovers = [*x, row["year"] - 0.5], [*y, None], [*hovers, ""]
        x, y, hovers = [*x, int(row["year"])], [*y, number_or_gap(row["value"])], [*hovers, hover(row, name)]
    return {
        "type": "scatter",
        "name": name,
        "x": x,
        "y": y,
        "mode": "lines+markers",
        "connectgaps": False,
        "line": {"color": COLOUR[line["colour"]], "dash": line["dash"], "width": line["width"]},
        "marker": {"color": COLOUR[line["colour"]], "symbol": line["symbol"], "size": line["size"] - 1},
        "hovertext": hovers,
        "hoverinfo": "text",
        "cliponaxis": False,
    }


def _name_in_legend(rows: list[Row]) -> str:
    known = any(not is_empty(row["value"]) for row in rows)
    return plain(rows[0]["place_name"]) + ("" if known else " (värden saknas)")


def _hover_of_place(row: Row, _: str) -> str:
    return f"{plain(row['place_name'])}: {'<br>'.join(told(row, row['year']))}"


def _hover_of_gender(row: Row, name: str) -> str:
    return f"{name}: {quantity(row['value'], row['unit'], row['decimals'])} ({year_of(row['year'], row['period'])})"


def _middle_half(own: list[Row]) -> list[Row]:
    # A bar a year: an area would draw a middle half for the years that have none.
    known = [row for row in own if not is_empty(row["p25"]) and not is_empty(row["p75"])]
    trace = {
        "type": "bar",
        "name": BAND_NAME,
        "x": [int(row["year"]) for row in known],
        "base": [float(row["p25"]) for row in known],
        "y": [float(row["p75"]) - float(row["p25"]) for row in known],
        "width": 0.8,
        "marker": {"color": COLOUR["band"], "line": {"width": 0}},
        "hoverinfo": "skip",
    }
    return [trace] if known else []


def _targets(own: list[Row]) -> list[Row]:
    known = [row for row in own if not is_empty(row["target_value"])]
    trace = {
        "type": "scatter",
        "name": "Målvärde",
        "x": [int(row["year"]) for row in known],
        "y": [float(row["target_value"]) for row in known],
        "mode": "markers",
        "marker": {"symbol": "line-ew", "size": 22, "line": {"color": COLOUR["ink"], "width": 3}},
        "hovertext": [
            f"Målvärde {year_of(row['year'], row['period'])}: "
            + target(text(row["target_operator"], "="), row["target_value"], row["unit"], row["decimals"])
            for row in known
        ],
        "hoverinfo": "text",
    }
    return [trace] if known else []


def _dashes(reasons: dict[int, list[str]], rows: list[Row], room: tuple[float, float] | None) -> list[Row]:
    """A dash at the foot of each year without a value; what it stands for is told on hover."""
    period = rows[0]["period"] if rows else None
    trace = {
        "type": "scatter",
        "name": "Värde saknas",
        "x": list(reasons),
        "y": [room[0] if room else 0] * len(reasons),
        "mode": "text",
        "text": [DASH] * len(reasons),
        "textposition": "top center",
        "textfont": {"color": COLOUR["muted"], "size": 16},
        "hovertext": [
            f"{upper_first(year_of(year, period))}: {'<br>'.join(said)}" for year, said in reasons.items()
        ],
        "hoverinfo": "text",
        "showlegend": False,
    }
    return [trace] if reasons else []


def _untold(rows: list[Row], shown: set[str]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = {}
    for row in rows:
        name = upper_first(GENDERS[row["gender"]])
        if is_empty(row["value"]) and name in shown:
            found.setdefault(int(row["year"]), []).append(f"{name}: {reason(row)}")
    return found


def _break_line(year: int) -> Row:
    ends = {"x0": year - 0.5, "x1": year - 0.5, "y0": 0, "y1": 1}
    return {
        "type": "line",
        **ends,
        "yref": "paper",
        "line": {"color": COLOUR["muted"], "width": 1, "dash": "dot"},
    }


def _break_numbers(broken: dict[int, str]) -> list[Row]:
    return [
        note(
            str(place),
            year - 0.5,
            1,
            yref="paper",
            yanchor="top",
            font={"color": COLOUR["muted"], "size": 12},
            hovertext=plain(said),
        )
        for place, (year, said) in enumerate(broken.items(), start=1)
    ]


def _ends(
    series: list[tuple[Line, str, list[Row]]], years: list[int], room: tuple[float, float] | None
) -> list[Row]:
    """The lines' marks and names at their ends, moved apart; none where a name is long or a line ends before the last year."""
    last = [(line, name, row) for line, name, rows in series for row in rows[-1:]]
    fits = all(len(name) <= LONGEST_END and not is_empty(row["value"]) for _, name, row in last)
    if room is None or not fits or any(int(row["year"]) != years[-1] for _, _, row in last):
        return []
    apart = (room[1] - room[0]) * 0.08
    notes, above = [], None
    for line, name, row in sorted(last, key=lambda one: -float(one[2]["value"])):
        y = float(row["value"]) if above is None else min(float(row["value"]), above - apart)
        above = y
        font = {"color": COLOUR[line["colour"]], "size": 13}
        notes.append(note(f"{line['glyph']} {name}", 1, y, xref="paper", xshift=6, font=font))
    return notes


def _margin(ends: list[Row], top: int) -> Row:
    longest = max((len(words["text"]) for words in ends), default=0)
    return {"l": 44, "r": 8 + CHARACTER * longest + (6 if ends else 0), "t": top, "b": 28}


def _years(years: list[int], most: int) -> Row:
    # Counted from the newest, which is always named.
    named = years[::-1][:: ceil(len(years) / most) or 1][::-1]
    return quiet_axis(
        tickvals=named,
        ticktext=[str(year) for year in named],
        showgrid=False,
        range=[years[0] - 0.5, years[-1] + 0.5] if years else None,
    )


def _values(room: tuple[float, float] | None) -> Row:
    form = tick_form(room[1] - room[0]) if room else {}
    return quiet_axis(nticks=5, ticks="", automargin=True, range=list(room) if room else None, **form)


def tick_form(span: float) -> Row:
    """As many decimals as an axis of that length needs."""
    return {"tickformat": ",.0f" if span >= 4 else ",.1f" if span >= 0.4 else ",.2f"}


def room_for(cells: list[object]) -> tuple[float, float] | None:
    """The ends of an axis that holds all values, with air; None without any."""
    # The range is that of the data: percentages between 80 and 100 would be a flat line on one from zero.
    numbers = [float(cell) for cell in cells if not is_empty(cell)]
    if not numbers:
        return None
    spread = max(max(numbers) - min(numbers), abs(max(numbers)) * 0.02, 0.5)
    return min(numbers) - 0.14 * spread, max(numbers) + 0.1 * spread

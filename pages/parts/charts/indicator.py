"""Figures of one indicator: its years against others, all municipalities at once, girls and boys, and its schools."""

from __future__ import annotations

from collections.abc import Callable
from math import ceil, inf

import pandas as pd
import plotly.graph_objects as go

from pages.parts.charts.comparison import BAND_NAME, LINES, Line, Row, places_of, reason, row_line, told
from pages.parts.charts.theme import COLOUR, drawn, legend, note, number_or_gap, plain, quiet_axis
from pages.parts.words import (
    DASH,
    GENDERS,
    is_empty,
    number,
    quantity,
    target,
    text,
    upper_first,
    year_of,
)

Hover = Callable[[Row, str], str]
# A municipality of the strip and how far from the middle its dot lies, in pixels.
Dot = tuple[Row, float]

TREND_HEIGHT = 320
# More years than these cannot be named on a phone, alone and with the lines' names beside.
MOST_NAMED_YEARS, MOST_BESIDE_ENDS = 9, 6
# Characters that a line's end has room for, and pixels a character.
LONGEST_END, CHARACTER = 14, 8
# Dots of the strip: what one takes of the axis on a phone, its pixels, and how high the heap may grow.
DOTS_ACROSS, DOT, HIGHEST_HEAP = 58, 6, 110
LABEL_ROW = 24
MOST_NAMED_DOTS = 3
OTHER_DOT = {"color": COLOUR["muted"], "size": DOT, "opacity": 0.7}
COMPARED_DOT = {"color": COLOUR["comparison"], "symbol": "diamond", "size": 11}
# Three rows of legend fit above; below, the numbers and which way is better.
STRIP_MARGIN = {"l": 8, "r": 8, "t": 76, "b": 52}
UNIT_ROW_HEIGHT = 48
# Both are our own; they differ by dash and mark. Everybody together is the quiet line.
GENDER_LINES: dict[str, Line] = {
    "K": LINES[0],
    "M": {**LINES[0], "dash": "dash", "symbol": "diamond-open", "glyph": "◇"},
    "T": LINES[2],
}


def indicator_trend_of_others(history: pd.DataFrame) -> go.Figure:
    """One indicator over the years: own line and comparisons, the middle half of all, targets, breaks. History's rows."""
    rows = sorted(history.to_dict("records"), key=lambda row: row["year"])
    years = sorted({int(row["year"]) for row in rows})
    broken = _breaks(rows)
    places = places_of(rows)
    own = places[0][1] if places else []
    room = _room([row[column] for row in rows for column in ("value", "target_value", "p25", "p75")])
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
    rows = history.to_dict("records")
    period = rows[0]["period"] if rows else None
    return [
        f"{place}. {upper_first(year_of(year, period))}: {said}"
        for place, (year, said) in enumerate(_breaks(rows).items(), start=1)
    ]


def municipality_strip(spread: pd.DataFrame) -> go.Figure:
    """All municipalities as dots along one axis of values, own and compared ones named. One row a municipality.

    Where only some are known, the median, the middle half and the middle 95 % still tell where all of them lie.
    """
    rows = sorted(spread.to_dict("records"), key=lambda row: text(row["name"]))
    first = rows[0] if rows else {}
    known = [row for row in rows if not is_empty(row["value"])]
    low, high = _reach_of_values(known, first)
    heap = _heaped(known, (high - low) / DOTS_ACROSS)
    own = [dot for dot in heap if dot[0]["is_own"]]
    compared = [dot for dot in heap if dot[0]["is_compared"] and not dot[0]["is_own"]]
    others = [dot for dot in heap if not dot[0]["is_compared"] and not dot[0]["is_own"]]
    named = compared if len(compared) <= MOST_NAMED_DOTS else []
    # One unit is one pixel upwards, so that dots and names have the room they need.
    edge = max([4 * DOT, *[abs(level) for _, level in heap]]) + DOT
    top, bottom = edge + LABEL_ROW, -edge - LABEL_ROW * len(named)
    labels = _labels(own, named, edge, (low + high) / 2)
    return drawn(
        [
            *_spread_lines(first, edge, len(known)),
            _heap("Övriga kommuner", others, OTHER_DOT),
            _heap("Jämförda kommuner", compared, COMPARED_DOT) | {"showlegend": compared != named},
            _heap("Den egna kommunen", own, {"color": COLOUR["own"], "size": 15}),
        ],
        round(top - bottom) + STRIP_MARGIN["t"] + STRIP_MARGIN["b"],
        shapes=[*_middle_rect(first, edge), *[stem for stem, _ in labels]],
        annotations=[*[words for _, words in labels], *_better(first)],
        showlegend=True,
        legend=legend(),
        xaxis=quiet_axis(
            range=[low - 0.04 * (high - low), high + 0.04 * (high - low)],
            showgrid=False,
            nticks=6,
            **_form(high - low),
        ),
        yaxis=quiet_axis(visible=False, range=[bottom, top]),
        margin=STRIP_MARGIN,
    )


def gender_lines(genders: pd.DataFrame) -> go.Figure:
    """Girls, boys and everybody over the years, told apart by dash, mark and word. One row per year and gender."""
    rows = sorted(genders.to_dict("records"), key=lambda row: row["year"])
    years = sorted({int(row["year"]) for row in rows})
    series = [
        (line, upper_first(GENDERS[gender]), [row for row in rows if row["gender"] == gender])
        for gender, line in GENDER_LINES.items()
    ]
    shown = [one for one in series if any(not is_empty(row["value"]) for row in one[2])]
    room = _room([row["value"] for row in rows])
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


def unit_dots(units: pd.DataFrame) -> go.Figure:
    """Schools as dots, the best at the top, against the municipality's tick; a hidden value is words and no dot."""
    rows = _best_first(units.to_dict("records"))
    whole = next((row["municipality_value"] for row in rows if not is_empty(row["municipality_value"])), None)
    low, high = _room([row["value"] for row in rows] + [whole]) or (0.0, 1.0)
    known = [row for row in rows if not is_empty(row["value"])]
    heights = [place + 0.2 for place in range(len(known))]
    return drawn(
        [
            *_whole_ticks(whole, known, heights),
            {
                "type": "scatter",
                "name": "Skola",
                "x": [float(row["value"]) for row in known],
                "y": heights,
                "mode": "markers",
                "marker": {"color": COLOUR["own"], "size": 12},
                "hovertext": [_hover_of_unit(row) for row in known],
                "hoverinfo": "text",
                "cliponaxis": False,
            },
        ],
        76 + UNIT_ROW_HEIGHT * max(1, len(rows)),
        shapes=[row_line(y, low, high) for y in heights],
        annotations=[words for place, row in enumerate(rows) for words in _unit_words(row, place)],
        showlegend=True,
        legend=legend(),
        xaxis=quiet_axis(range=[low, high], showgrid=False, nticks=6, **_form(high - low)),
        yaxis=quiet_axis(visible=False, range=[len(rows) - 0.4, -0.7]),
        margin={"l": 8, "r": 8, "t": 36, "b": 40},
    )


def _best_first(rows: list[Row]) -> list[Row]:
    turn = 1 if rows and rows[0]["good_direction"] == "down" else -1
    return sorted(
        rows,
        key=lambda row: (is_empty(row["value"]), turn * (number_or_gap(row["value"]) or 0), row["unit_name"]),
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


def _hover_of_unit(row: Row) -> str:
    count = "" if is_empty(row["n"]) else f"<br>{number(row['n'], 0)} elever"
    value = quantity(row["value"], row["unit"], row["decimals"])
    return f"{plain(row['unit_name'])}: {value} ({year_of(row['year'], row['period'])}){count}"


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
    form = _form(room[1] - room[0]) if room else {}
    return quiet_axis(nticks=5, ticks="", automargin=True, range=list(room) if room else None, **form)


def _form(span: float) -> Row:
    return {"tickformat": ",.0f" if span >= 4 else ",.1f" if span >= 0.4 else ",.2f"}


def _room(cells: list[object]) -> tuple[float, float] | None:
    # The range is that of the data: percentages between 80 and 100 would be a flat line on one from zero.
    numbers = [float(cell) for cell in cells if not is_empty(cell)]
    if not numbers:
        return None
    spread = max(max(numbers) - min(numbers), abs(max(numbers)) * 0.02, 0.5)
    return min(numbers) - 0.14 * spread, max(numbers) + 0.1 * spread


def _reach_of_values(known: list[Row], first: Row) -> tuple[float, float]:
    ends = [first.get(column) for column in ("p2_5", "p97_5")]
    numbers = [float(row["value"]) for row in known] + [float(end) for end in ends if not is_empty(end)]
    low, high = (min(numbers), max(numbers)) if numbers else (0.0, 1.0)
    return (low, high) if high > low else (low - 0.5, high + 0.5)


def _heaped(known: list[Row], width: float) -> list[Dot]:
    """Each municipality and how far its dot lies from the middle, in pixels, so that none hides another.

    width is what a dot takes of the axis. The own dot has the middle to itself.
    """
    own = next((float(row["value"]) for row in known if row["is_own"]), None)
    last: dict[int, float] = {}
    found: list[tuple[Row, int]] = []
    for row in sorted(known, key=lambda row: float(row["value"])):
        x, level = float(row["value"]), 0
        while not row["is_own"] and (
            last.get(level, -inf) + width > x or (level == 0 and own is not None and abs(own - x) < 2 * width)
        ):
            level = 1 - level if level <= 0 else -level
        if not row["is_own"]:
            last[level] = x
        found.append((row, level))
    step = min(DOT + 1, HIGHEST_HEAP / max([1, *[abs(level) for _, level in found]]))
    return [(row, level * step) for row, level in found]


def _heap(name: str, dots: list[Dot], marker: Row) -> Row:
    return {
        "type": "scatter",
        "name": name,
        "x": [float(row["value"]) for row, _ in dots],
        "y": [round(level, 1) for _, level in dots],
        "mode": "markers",
        "marker": marker,
        "hovertext": [f"{plain(row['name'])}: {'<br>'.join(told(row, row['year']))}" for row, _ in dots],
        "hoverinfo": "text",
        "cliponaxis": False,
        "showlegend": False,
    }


def _spread_lines(first: Row, edge: float, count_known: int) -> list[Row]:
    lines = []
    if not is_empty(first.get("p2_5")) and not is_empty(first.get("n")) and count_known < first["n"]:
        ends = [float(first["p2_5"]), float(first["p97_5"])]
        lines.append(_rule("95 % av kommunerna", ends, [0, 0], "muted", "solid"))
    if not is_empty(first.get("p50")):
        lines.append(_rule("Median", [float(first["p50"])] * 2, [-edge, edge], "ink", "dot"))
    return lines


def _rule(name: str, x: list[float], y: list[float], colour: str, dash: str) -> Row:
    return {
        "type": "scatter",
        "name": name,
        "x": x,
        "y": y,
        "mode": "lines",
        "line": {"color": COLOUR[colour], "width": 2, "dash": dash},
        "hoverinfo": "skip",
    }


def _middle_rect(first: Row, edge: float) -> list[Row]:
    if is_empty(first.get("p25")) or is_empty(first.get("p75")):
        return []
    rect = {
        "type": "rect",
        "x0": float(first["p25"]),
        "x1": float(first["p75"]),
        "y0": -edge,
        "y1": edge,
        "fillcolor": COLOUR["band"],
        "line": {"width": 0},
        "layer": "below",
        "name": BAND_NAME,
        "showlegend": True,
    }
    return [rect]


def _labels(own: list[Dot], named: list[Dot], edge: float, middle: float) -> list[tuple[Row, Row]]:
    """Stems and names: the own one above the heap, compared ones below it, each on a row of its own."""
    below = [-edge - LABEL_ROW * (place + 0.5) for place in range(len(named))]
    return [_label(dot, edge + LABEL_ROW / 2, middle) for dot in own] + [
        _label(dot, y, middle) for dot, y in zip(named, below, strict=True)
    ]


def _label(dot: Dot, y: float, middle: float) -> tuple[Row, Row]:
    row, level = dot
    x, colour = float(row["value"]), COLOUR["own" if row["is_own"] else "comparison"]
    words = f"{plain(row['name'])} {quantity(row['value'], row['unit'], row['decimals'])}"
    line = {"color": colour, "width": 1}
    stem = {"type": "line", "x0": x, "x1": x, "y0": level, "y1": y, "layer": "below", "line": line}
    named = note(
        f"<b>{words}</b>" if row["is_own"] else words,
        x,
        y,
        # Towards the middle, so that it is never cut off.
        xanchor="left" if x <= middle else "right",
        font={"color": colour, "size": 14 if row["is_own"] else 13},
        # Hides the stem of a name further out.
        bgcolor=COLOUR["band"],
        borderpad=1,
    )
    return stem, named


def _better(first: Row) -> list[Row]:
    """Which way is better, under the axis; no word for an indicator that is not valued."""
    place = {"xref": "paper", "yref": "paper", "yanchor": "top", "yshift": -26}
    font = {"color": COLOUR["muted"], "size": 13}
    if first.get("good_direction") == "up":
        return [note("bättre →", 1, 0, xanchor="right", font=font, **place)]
    if first.get("good_direction") == "down":
        return [note("← bättre", 0, 0, font=font, **place)]
    return []


def _whole_ticks(whole: object, known: list[Row], heights: list[float]) -> list[Row]:
    # A tick a row rather than one long line, which would run through the words.
    if is_empty(whole) or not known:
        return []
    shown = f"Kommunen {quantity(whole, known[0]['unit'], known[0]['decimals'])}"
    ticks = {
        "type": "scatter",
        "name": shown,
        "x": [float(whole)] * len(known),
        "y": heights,
        "mode": "markers",
        "marker": {"symbol": "line-ns", "size": 16, "line": {"color": COLOUR["comparison"], "width": 3}},
        "hovertext": [shown] * len(known),
        "hoverinfo": "text",
    }
    return [ticks]


def _unit_words(row: Row, place: int) -> list[Row]:
    """The school's name with its value at the right; for a hidden one why it is, in words where no dot can stand."""
    name = note(plain(row["unit_name"]), 0, place - 0.26, xref="paper")
    quiet = {"xref": "paper", "font": {"color": COLOUR["muted"], "size": 13}}
    if is_empty(row["value"]):
        said = reason(row)
        return [name, note(said[:1].lower() + said[1:], 0, place + 0.14, **quiet)]
    value = quantity(row["value"], row["unit"], row["decimals"])
    return [name, note(value, 1, place - 0.26, xanchor="right", **quiet)]

"""A Chart as a picture for paper: SVG for print, PNG for Word. Readable in grey, gaps kept as gaps."""

from __future__ import annotations

import io
from dataclasses import replace
from math import ceil, pi, sin
from textwrap import wrap
from threading import Lock
from typing import Any

from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure

from pages.parts.pieces import Chart, Series, value_in_words
from pages.parts.reports import axes, fonts
from pages.parts.reports.looks import GUIDE, INK, INK_ON, LOOKS, MUTED, WHITE, Look
from pages.parts.words import DASH, number

# Inches: the width of the text on A4, and a height that leaves room for its question on the same page.
WIDTH, LINES_HEIGHT, RADAR_HEIGHT, TALLEST = 6.5, 2.9, 4.6, 7.6
SIZE, SMALL_SIZE = 9, 8
POINTS = 72
LONGEST_YEAR, LONGEST_NAME, LONGEST_LABEL = 11, 28, 20
# How wide a letter is, as a share of its height.
LETTER = 0.58
DASHES: dict[str, Any] = {
    "solid": "-",
    "dash": (0, (5, 2)),
    "dot": (0, (1, 1.5)),
    "long": (0, (9, 3)),
    "dashdot": (0, (6, 2, 1, 2)),
}
MARKERS = {"circle": "o", "diamond": "D", "square": "s", "dash": "_", "triangle": "^"}
HATCHES = {"plain": "", "rising": "////", "dotted": "....", "falling": "\\\\\\\\"}
DRAWING = Lock()


def svg(chart: Chart) -> str:
    """The figure as SVG, its letters as outlines."""
    return _written(chart, FigureCanvasSVG, "svg", metadata={"Date": None}).decode("utf-8")


def png(chart: Chart, dots_per_inch: int = 180) -> bytes:
    """The figure as PNG on white."""
    # Packed hard, a picture is a tenth smaller and takes three times as long.
    packing = {"compress_level": 3}
    return _written(chart, FigureCanvasAgg, "png", dpi=dots_per_inch, pil_kwargs=packing)


def _written(chart: Chart, canvas: type[Any], kind: str, **options: Any) -> bytes:
    written = io.BytesIO()
    # Matplotlib keeps fonts and the layout of texts for all threads together.
    with DRAWING:
        figure = _figure(_drawable(chart))
        canvas(figure)
        figure.savefig(written, format=kind, **options)
    return written.getvalue()


def _drawable(chart: Chart) -> Chart:
    return replace(
        chart,
        categories=tuple(fonts.drawable(name) for name in chart.categories),
        series=tuple(replace(one, name=fonts.drawable(one.name)) for one in chart.series),
        unit=fonts.drawable(chart.unit),
        marks=tuple((fonts.drawable(where), said) for where, said in chart.marks),
    )


def _figure(chart: Chart) -> Figure:
    drawing = {"lines": _lines, "bars": _bars, "stacked": _stacked, "radar": _radar}
    return drawing[chart.kind](chart)


def _lines(chart: Chart) -> Figure:
    figure = Figure(figsize=(WIDTH, LINES_HEIGHT), facecolor=WHITE)
    drawn = figure.add_axes((0.08, 0.14, 0.68, 0.76))
    low, high = axes.ends(chart)
    count = len(chart.categories)
    for one in chart.series:
        drawn.plot(range(count), _with_gaps(one), clip_on=False, **_stroke(LOOKS[one.role]))
    for place, (where, _) in enumerate(chart.marks, start=1):
        before = chart.categories.index(where) - 0.5
        drawn.axvline(before, color=MUTED, linewidth=0.8, linestyle=DASHES["dot"])
        _say(drawn, before, 1.02, str(place), ha="center", transform=drawn.get_xaxis_transform())
    _quiet(drawn)
    drawn.set_xlim(-0.5, max(count - 0.5, 0.5))
    longest = max(min(len(name), LONGEST_YEAR) for name in chart.categories)
    most = int(drawn.get_position().width * WIDTH * POINTS / (SMALL_SIZE * LETTER * (longest + 2)))
    # Counted from the newest, which is always named.
    named = list(range(count))[::-1][:: ceil(count / max(1, most))]
    _name(drawn.set_xticks, named, ["\n".join(wrap(chart.categories[at], LONGEST_YEAR)) for at in named])
    _value_guides(drawn.set_yticks, low, high)
    drawn.set_ylim(low, high)
    drawn.grid(axis="y", color=GUIDE, linewidth=0.6)
    for gap in _gaps_of_first(chart):
        _say(drawn, gap, 0.03, DASH, ha="center", color=MUTED, transform=drawn.get_xaxis_transform())
    _name_lines(drawn, chart, low, high)
    _unit(drawn, chart)
    return figure


def _gaps_of_first(chart: Chart) -> list[int]:
    first = chart.series[0].values if chart.series else ()
    return [place for place, value in enumerate(first) if value is None]


def _name_lines(drawn: Axes, chart: Chart, low: float, high: float) -> None:
    """Each line's name and last value at its right end, pushed apart where lines end close together."""
    line_height = (high - low) * SMALL_SIZE * 1.3 / (LINES_HEIGHT * 0.76 * POINTS)
    labels = sorted((_end(one, chart, low) for one in chart.series), key=lambda label: label[0])
    floor = low - line_height
    placed = []
    for at, text, look in labels:
        height = line_height * (text.count("\n") + 1)
        middle = max(at, floor + height / 2)
        floor = middle + height / 2
        placed.append((middle, text, look))
    down = max(0.0, floor - (high + line_height))
    for middle, text, look in placed:
        _say(drawn, 1.02, middle - down, text, color=look.colour, transform=drawn.get_yaxis_transform())


def _end(one: Series, chart: Chart, low: float) -> tuple[float, str, Look]:
    last = next((value for value in reversed(one.values) if value is not None), None)
    said = "\n".join(wrap(f"{one.name} {value_in_words(last, chart)}", LONGEST_LABEL))
    return (low if last is None else last), said, LOOKS[one.role]


def _bars(chart: Chart) -> Figure:
    many = max(1, len(chart.series))
    figure, drawn, thickness = _lying(chart, 0.22 * many + 0.16)
    low, high = axes.ends(chart)
    for place, one in enumerate(chart.series):
        look = LOOKS[one.role]
        at = [row + (place - (many - 1) / 2) * thickness / many for row in range(len(chart.categories))]
        lengths = [value or 0.0 for value in one.values]
        drawn.barh(at, lengths, thickness / many * 0.9, label=one.name, **_fill(look))
        for row, value in zip(at, one.values, strict=True):
            is_below = value is not None and value < 0
            away = (high - low) * (-0.01 if is_below else 0.01)
            side = "right" if is_below else "left"
            _say(drawn, (value or 0.0) + away, row, value_in_words(value, chart), ha=side)
    drawn.axvline(0, color=MUTED, linewidth=0.8)
    drawn.set_xlim(low, high)
    _legend(figure, drawn, many > 1)
    return figure


def _stacked(chart: Chart) -> Figure:
    figure, drawn, thickness = _lying(chart, 0.4)
    low, high = axes.ends(chart)
    starts = [0.0] * len(chart.categories)
    for one in chart.series:
        lengths = [value or 0.0 for value in one.values]
        drawn.barh(
            range(len(starts)), lengths, thickness, left=starts, label=one.name, **_fill(LOOKS[one.role])
        )
        for row, length in enumerate(lengths):
            _count_inside(drawn, one, chart, (starts[row] + length / 2, row), abs(length) / (high - low))
        starts = [start + length for start, length in zip(starts, lengths, strict=True)]
    drawn.set_xlim(low, high)
    _legend(figure, drawn, True)
    return figure


def _count_inside(drawn: Axes, one: Series, chart: Chart, at: tuple[float, float], share: float) -> None:
    said = value_in_words(share and one.values[int(at[1])], chart) if share else ""
    # A part too narrow for its number shows it above the bar.
    is_narrow = share * WIDTH * 0.7 * POINTS < len(said) * SMALL_SIZE * LETTER
    behind = LOOKS[one.role].colour
    colour = INK if is_narrow or one.role in INK_ON else WHITE
    box = None if is_narrow else {"facecolor": behind, "edgecolor": "none", "pad": 1.2}
    up = 0.42 if is_narrow else 0
    _say(drawn, at[0], at[1] - up, said, ha="center", color=colour, bbox=box)


def _lying(chart: Chart, each: float) -> tuple[Figure, Axes, float]:
    """An empty figure for lying bars: names to the left, first category on top, each inches a category."""
    names = ["\n".join(wrap(name, LONGEST_NAME)) for name in chart.categories]
    rows = sum(max(each, 0.16 * (name.count("\n") + 1)) for name in names)
    height = min(TALLEST, 0.6 + max(rows, each))
    figure = Figure(figsize=(WIDTH, height), facecolor=WHITE)
    drawn = figure.add_axes((0.28, 0.1 / height, 0.7, 1 - 0.5 / height))
    _quiet(drawn)
    drawn.set_xticks([])
    _name(drawn.set_yticks, range(len(names)), names, color=INK)
    drawn.set_ylim(max(len(names), 1) - 0.5, -0.5)
    return figure, drawn, 0.7


def _radar(chart: Chart) -> Figure:
    figure = Figure(figsize=(WIDTH, RADAR_HEIGHT), facecolor=WHITE)
    drawn = figure.add_axes((0.2, 0.17, 0.6, 0.7), projection="polar")
    drawn.set_theta_offset(pi / 2)
    drawn.set_theta_direction(-1)
    low, high = axes.ends(chart)
    turns = [2 * pi * place / max(1, len(chart.categories)) for place in range(len(chart.categories))]
    for one in chart.series:
        values = _with_gaps(one)
        around = turns + turns[:1], values + values[:1]
        drawn.plot(*around, label=one.name, clip_on=False, **_stroke(LOOKS[one.role]))
    _name(drawn.set_xticks, turns, ["\n".join(wrap(name, 14)) for name in chart.categories], color=INK)
    drawn.tick_params(axis="x", pad=4)
    for turn, name in zip(turns, drawn.get_xticklabels(), strict=True):
        # Names stand outside the ring, on the side where their spoke ends.
        name.set_horizontalalignment(
            "center" if abs(sin(turn)) < 0.1 else "left" if sin(turn) > 0 else "right"
        )
    _value_guides(drawn.set_yticks, low, high)
    drawn.set_ylim(low, high)
    drawn.set_rlabel_position(0)
    drawn.grid(color=GUIDE, linewidth=0.6)
    drawn.spines["polar"].set_color(GUIDE)
    _legend(figure, drawn, True, loc="lower center")
    return figure


def _with_gaps(one: Series) -> list[float]:
    return [float("nan") if value is None else value for value in one.values]


def _stroke(look: Look) -> dict[str, Any]:
    return {
        "color": look.colour,
        "linestyle": DASHES[look.dash],
        "marker": MARKERS[look.marker],
        "linewidth": look.width * 0.8,
        "markersize": 5,
    }


def _fill(look: Look) -> dict[str, Any]:
    return {"color": look.colour, "hatch": HATCHES[look.fill], "edgecolor": WHITE, "linewidth": 0.5}


def _quiet(drawn: Axes) -> None:
    for side in drawn.spines.values():
        side.set_visible(False)
    drawn.tick_params(length=0, colors=MUTED, labelsize=SMALL_SIZE)
    drawn.set_axisbelow(True)


def _name(placed: Any, at: Any, names: list[str], **style: Any) -> None:
    look = {"fontfamily": fonts.families(), "fontsize": SMALL_SIZE, "color": MUTED, **style}
    placed(at, names, parse_math=False, **look)


def _value_guides(placed: Any, low: float, high: float) -> None:
    at = axes.ticks(low, high)
    _name(placed, at, [number(value, axes.decimals(low, high)) for value in at])


def _unit(drawn: Axes, chart: Chart) -> None:
    if chart.unit:
        _say(drawn, -0.09, 1.06, chart.unit, color=MUTED, ha="left", transform=drawn.transAxes)


def _say(drawn: Axes, x: float, y: float, said: str, **style: Any) -> None:
    look = {"ha": "left", "va": "center", "color": INK, "fontsize": SMALL_SIZE, **style}
    drawn.text(x, y, said, fontfamily=fonts.families(), parse_math=False, **look)


def _legend(figure: Figure, drawn: Axes, is_needed: bool, loc: str = "upper left") -> None:
    if not (is_needed and drawn.get_legend_handles_labels()[1]):
        return
    made = figure.legend(loc=loc, ncols=4, frameon=False, fontsize=SMALL_SIZE, handlelength=3)
    for text in made.get_texts():
        text.set_parse_math(False)
        text.set_fontfamily(fonts.families())
        text.set_color(INK)

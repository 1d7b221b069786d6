"""The value axis of a chart on paper and slides: its ends, the same as on screen, and a few even steps between them."""

from __future__ import annotations

from math import ceil, floor, log10

from pages.parts.charts.indicator import room_for
from pages.parts.pieces import Chart

MOST_STEPS = 5


def ends(chart: Chart) -> tuple[float, float]:
    """The lowest and highest value that the axis shows. Bars and polygons start at zero, lines where the values do.

    The chart's own ends are kept, unless a value lies outside them: it is shown all the same.
    """
    lowest, highest = _extent(chart)
    if chart.kind == "radar":
        low, high = 0.0, 100.0
    elif chart.kind == "lines":
        low, high = room_for([lowest, highest]) or (0.0, 1.0)
    else:
        # Room for the value beside a bar; the parts of stacked bars have theirs inside.
        air = 0.0 if chart.kind == "stacked" else 0.22 * (highest - lowest or 1.0)
        low, high = lowest - (air if lowest < 0 else 0.0), highest + (air if highest > 0 else 0.0)
    low = min(low if chart.low is None else chart.low, lowest)
    high = max(high if chart.high is None else chart.high, highest)
    return low, high if high > low else low + 1.0


def step(low: float, high: float) -> float:
    """The distance between guides: 1, 2 or 5 times a power of ten."""
    rough = (high - low) / MOST_STEPS
    power = 10.0 ** floor(log10(rough))
    return next(power * times for times in (1, 2, 5, 10) if power * times >= rough * 0.999)


def ticks(low: float, high: float) -> list[float]:
    """Where the guides are."""
    each = step(low, high)
    first, last = ceil(low / each - 1e-9), floor(high / each + 1e-9)
    return [round(place * each, 9) for place in range(first, last + 1)]


def decimals(low: float, high: float) -> int:
    """How many decimals the guides need."""
    return max(0, -floor(log10(step(low, high)) + 1e-9))


def _extent(chart: Chart) -> tuple[float, float]:
    """The lowest and highest value, with zero where bars begin; the sums of stacked ones."""
    values = [value for one in chart.series for value in one.values if value is not None]
    if chart.kind == "stacked":
        stacks = list(zip(*([value or 0.0 for value in one.values] for one in chart.series), strict=True))
        below = [sum(min(value, 0.0) for value in stack) for stack in stacks]
        above = [sum(max(value, 0.0) for value in stack) for stack in stacks]
        return min(below, default=0.0), max(above, default=0.0)
    if chart.kind == "bars" or not values:
        values.append(0.0)
    return min(values), max(values)

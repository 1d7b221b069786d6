"""What a benchmark hands back, and how it is written."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import dataclass, field

HEADINGS = ("what", "unit", "n", "median", "p95", "against", "p95", "ratio", "aim", "")


@dataclass(frozen=True)
class Row:
    """One measured thing. other is the floor that the own figures are held against."""

    what: str
    unit: str
    own: Sequence[float]
    aim: str = ""
    is_met: bool | None = None
    other: Sequence[float] = ()

    @property
    def ratio(self) -> float | None:
        """Own median by the other's."""
        return statistics.median(self.own) / statistics.median(self.other) if self.other else None

    def cells(self) -> list[str]:
        """The row as text, one cell a heading."""
        sides = [_spread(self.own), _spread(self.other)]
        ratio = "" if self.ratio is None else f"{self.ratio:.2f}"
        verdict = "" if self.is_met is None else "ok" if self.is_met else "MISSED"
        return [self.what, self.unit, str(len(self.own)), *sides[0], *sides[1], ratio, self.aim, verdict]


@dataclass
class Result:
    """The rows of one benchmark, and sentences on what the rows do not say."""

    rows: list[Row] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def compared(what: str, unit: str, own: Sequence[float], other: Sequence[float], most: float) -> Row:
    """A row whose aim is a ratio of medians of at most so much."""
    row = Row(what, unit, own, f"ratio ≤ {most:g}", None, other)
    return Row(what, unit, own, row.aim, row.ratio <= most, other)


def limited(what: str, unit: str, own: Sequence[float], most: float, at: str = "median") -> Row:
    """A row whose aim is a median, or with at='p95' a p95, of at most so much in its own unit."""
    reached = statistics.median(own) if at == "median" else p95(own)
    return Row(what, unit, own, f"{at} ≤ {most:g}", reached <= most)


def p95(figures: Sequence[float]) -> float:
    """The value that 95 of 100 do not exceed, by nearest rank."""
    return quantile(figures, 0.95)


def quantile(figures: Sequence[float], share: float) -> float:
    """The value that so large a share does not exceed, by nearest rank."""
    ordered = sorted(figures)
    return ordered[min(len(ordered) - 1, max(0, -int(-share * len(ordered) // 1) - 1))]


def table(rows: Sequence[Row]) -> str:
    """All rows under one heading, in columns."""
    lines = [list(HEADINGS), *(row.cells() for row in rows)]
    widths = [max(len(line[column]) for line in lines) for column in range(len(HEADINGS))]
    return "\n".join(
        "  ".join(
            cell.ljust(width) if column in (0, 1, 8) else cell.rjust(width)
            for column, (cell, width) in enumerate(zip(line, widths, strict=True))
        ).rstrip()
        for line in lines
    )


def _spread(figures: Sequence[float]) -> tuple[str, str]:
    if not figures:
        return "", ""
    return tuple(
        f"{figure:.3g}" if abs(figure) < 100 else f"{figure:.0f}"
        for figure in (statistics.median(figures), p95(figures))
    )

"""How much room texts take on a slide, where nothing flows: lines, heights, and tables cut into pages."""

from __future__ import annotations

from collections.abc import Sequence
from textwrap import wrap

from pages.parts.reports.cells import Table

POINTS = 72
# A letter of Arial in Swedish text is not quite half as wide as it is high; a little more is reckoned with.
LETTER, LINE = 0.5, 1.2
# Inches of air in a cell, to the sides and above and below.
SIDE, ABOVE = 0.16, 0.09


def across(width: float, size: float) -> float:
    """How many letters of size points fit into width inches."""
    return width * POINTS / (size * LETTER)


def lines(text: str, width: float, size: float) -> list[str]:
    """The lines that a text takes, in width inches at size points."""
    return wrap(text, max(1, int(across(width, size)))) or [""]


def height(texts: Sequence[str], width: float, size: float) -> float:
    """The inches that paragraphs take, one below another."""
    return sum(len(lines(text, width, size)) for text in texts) * size * LINE / POINTS


def fit(rows: Sequence[Sequence[str]], widths: Sequence[float], size: float) -> bool:
    """Whether no word of a table is cut in two."""
    longest = [
        max(len(word) for text in column for word in text.split(" ")) if any(column) else 0
        for column in zip(*rows, strict=True)
    ]
    return all(
        word * size * LETTER / POINTS + SIDE <= width for word, width in zip(longest, widths, strict=True)
    )


def row_height(row: Sequence[str], widths: Sequence[float], size: float) -> float:
    """The inches that a row of a table takes."""
    return ABOVE + max(height([text], width - SIDE, size) for text, width in zip(row, widths, strict=True))


def pages(table: Table, widths: Sequence[float], size: float, room: float, first: float) -> list[Table]:
    """The table in parts that fit below each other's headings: the first within first inches, the rest within room."""
    head = row_height(table.headings, widths, size)
    parts: list[list[tuple[str, ...]]] = [[]]
    left = first - head
    for row in [part for whole in table.rows for part in _fitting(whole, widths, size, room - head)]:
        needed = row_height(row, widths, size)
        if needed > left and (parts[-1] or len(parts) == 1):
            parts.append([])
            left = room - head
        parts[-1].append(row)
        left -= needed
    return [Table(table.headings, tuple(part), table.is_number) for part in parts]


def _fitting(
    row: tuple[str, ...], widths: Sequence[float], size: float, room: float
) -> list[tuple[str, ...]]:
    """A row taller than a slide as several, its texts going on."""
    if row_height(row, widths, size) <= room:
        return [row]
    most = max(1, int((room - ABOVE) * POINTS / (size * LINE)))
    cut = [lines(text, width - SIDE, size) for text, width in zip(row, widths, strict=True)]
    count = max(len(each) for each in cut)
    return [tuple(" ".join(each[start : start + most]) for each in cut) for start in range(0, count, most)]

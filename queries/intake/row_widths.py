"""Rows of a text table that have another number of cells than the rows around them.

Padding hides a row that has lost a cell, and its figures then stand under the wrong headings without looking wrong.
"""

from __future__ import annotations

import re
from array import array
from collections import Counter
from collections.abc import Iterable, Iterator

from queries.intake.filling import filled_width
from queries.intake.reading import Finding

SEPARATORS = {"\t": "tabb", ";": "semikolon", "|": "lodstreck", ",": "komma"}
# A heading is neither empty nor a figure.
IS_NAME = re.compile(r"(?![-+0-9.,~%\s]*$)").match


class RowWidths:
    """How many cells each row has, to find a row of the table that was broken or run together."""

    def __init__(self, separator: str) -> None:
        self.separator = separator
        self.given = array("l")
        self.filled = array("l")
        # Rows of one cell that another separator would part → into how many; rows of names above wider ones.
        self.otherwise: dict[int, int] = {}
        self.names: set[int] = set()

    def of(self, rows: Iterable[list[str]]) -> Iterator[list[str]]:
        """The same rows, remembered."""
        others = [other for other in SEPARATORS if other != self.separator]
        above: list[str] = []
        for place, row in enumerate(rows):
            width = filled_width(row)
            if 1 < len(above) < len(row) and all(map(IS_NAME, above)):
                self.names.add(place - 1)
            above = row
            self.given.append(len(row))
            self.filled.append(width)
            if len(row) == 1 and (most := max(row[0].count(other) for other in others)):
                self.otherwise[place] = most + 1
            yield row[:width]

    def odd_row(self) -> Finding | None:
        """The first row inside the table with another number of cells than the table, None where all agree.

        The table is the widest block of rows without an empty row between, and every block as wide. Titles above it
        and notes right below it are no rows of it.
        """
        blocks = list(self._blocks())
        if not blocks:
            return None
        *_, widest = max(blocks, key=lambda block: (self._count(*block) > 1, block[2]))
        odd = (self._odd_row_in(*block) for block in blocks if block[2] == widest)
        return next((finding for finding in odd if finding), None)

    def _odd_row_in(self, start: int, end: int, width: int) -> Finding | None:
        inside = [place for place in range(start, end) if self.given[place] == width]
        first, last = inside[0], inside[-1]
        has_headings = first - 1 in self.names and 2 * self.given[first - 1] >= width
        headings = self.given[first - 1] if has_headings else width
        # Rows that all end with an empty cell too many harm nobody, but decimal commas among commas look the same.
        reach = self.given if self.separator == "," else self.filled
        for place in range(first, end):
            given, is_note = self.given[place], self.given[place] == 1 and place > last
            if self.otherwise.get(place) == width:
                return _other_separator(place + 1, self.separator)
            if given != width and not is_note:
                return _odd_width(place + 1, given, width, self.separator)
            if reach[place] > headings:
                return _odd_width(place + 1, given, headings, self.separator)
        return None

    def _count(self, start: int, end: int, width: int) -> int:
        return self.given[start:end].count(width)

    def _blocks(self) -> Iterator[tuple[int, int, int]]:
        """First row, row after the last, and the most common width."""
        start = 0
        for place in (*(place for place, width in enumerate(self.filled) if not width), len(self.filled)):
            counts = Counter(width for width in self.given[start:place] if width > 1)
            if counts:
                yield start, place, max(counts, key=lambda width: (counts[width], width))
            start = place + 1


def _odd_width(line: int, given: int, width: int, separator: str) -> Finding:
    sentence = (
        f"Raden har {given} celler, men tabellen har {width}. En cell saknas eller är delad: "
        f"{SEPARATORS[separator]} inne i en text kräver citattecken runt texten."
    )
    return Finding("error", "odd_width", sentence, line=line)


def _other_separator(line: int, separator: str) -> Finding:
    sentence = (
        f"Raden är inte uppdelad med {SEPARATORS[separator]} som resten av tabellen. "
        "Spara om filen så att alla rader har samma skiljetecken."
    )
    return Finding("error", "mixed_separators", sentence, line=line)

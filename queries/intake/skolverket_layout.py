"""How a table from Skolverket is laid out: what stands above it, its headings in one or two rows, and where it ends.

Nothing stands at a fixed place. The headings are found by their names, the school year is told above them and never
by the name of the file, and the table goes on until the first empty row: below it are definitions.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from queries.intake.headings import plain
from queries.intake.sheets import Sheet

LEVELS = ("skola", "kommun", "huvudman", "län")
FEWEST_CELLS = 5
# Columns that say what a row is about: plain heading → field, '' where it is not needed.
FIELDS = {
    "kommun": "municipality",
    "skolkommun": "municipality",
    "kommunkod": "municipality_id",
    "län": "",
    "länskod": "",
    "typ av huvudman": "operator",
    "huvudman": "",
    "huvudman orgnr": "",
    "skola": "unit",
    "skolenhetskod": "unit_id",
    "kön": "gender",
    "program": "programme",
}
PUBLISHER = "statistik från skolverket"
CHOSEN = re.compile(r"(valt läsår|valt år|valt uttag|typ av huvudman)\s*:\s*(.*)", re.IGNORECASE)
SCHOOL_YEAR = re.compile(r"(?:lå |läsår )?((?:\d\d)?\d\d)\s?[/–-]\s?((?:\d\d)?\d\d)", re.IGNORECASE)
DEFINITIONS = "rapportbeskrivning"


@dataclass(frozen=True)
class Year:
    """A school year or a calendar year: as it is written in names, and as the data model stores it."""

    label: str
    number: int


@dataclass(frozen=True)
class Preamble:
    """What stands above the headings: the report's title, what was chosen when it was fetched, and prose."""

    is_signed: bool
    title: str
    chosen: Mapping[str, str]
    prose: str

    @property
    def period(self) -> str:
        """The chosen year as the file writes it, '' when it is not there."""
        return self.chosen.get("valt läsår") or self.chosen.get("valt år", "")

    @property
    def year(self) -> Year | None:
        """The chosen year; None when it is missing or no year."""
        return school_year(self.period) or (calendar_year(self.period) if "valt år" in self.chosen else None)


@dataclass(frozen=True)
class Column:
    """A column of figures. parts: category and heading as the file writes them; year where the heading is a year."""

    place: int
    parts: tuple[str, ...]
    year: Year | None = None

    @property
    def heading(self) -> str:
        """For messages."""
        return " | ".join(self.parts)


@dataclass(frozen=True)
class Table:
    """A sheet with a table: the line of its headings, where each field stands, and its columns of figures.

    repeated: headings that cannot be told apart.
    """

    sheet: Sheet
    line: int
    preamble: Preamble
    fields: Mapping[str, int]
    columns: tuple[Column, ...]
    repeated: tuple[str, ...]

    @property
    def is_per_unit(self) -> bool:
        """Whether a row is a school unit; otherwise it is a municipality."""
        return "unit_id" in self.fields

    def rows(self) -> Iterator[tuple[int, list[str]]]:
        """The rows of the table, with stripped cells."""
        last = self.line
        for line, cells in self._below():
            if line > last + 1 or not any(cells) or plain(cells[0]).startswith(DEFINITIONS):
                return
            yield line, cells
            last = line

    def line_after_a_gap(self) -> int | None:
        """The first line below the end of the table that looks like one of its rows all the same."""
        end = max((line for line, _ in self.rows()), default=self.line)
        code = self.fields.get("municipality_id", 0)
        return next(
            (line for line, cells in self._below() if line > end and re.fullmatch(r"\d{4}", cells[code])),
            None,
        )

    def _below(self) -> Iterator[tuple[int, list[str]]]:
        for line, cells in self.sheet.lines():
            if line > self.line:
                yield line, [cell.strip() for cell in cells]


def find_table(sheet: Sheet) -> Table | None:
    """The table on a sheet, or None where no row looks like Skolverket's headings."""
    rows = [(line, [cell.strip() for cell in cells]) for line, cells in sheet.head()]
    at = next((place for place, (_, cells) in enumerate(rows) if _is_headings(cells)), None)
    if at is None:
        return None
    first = at
    while first and any(rows[first - 1][1]) and not rows[first - 1][1][0]:
        first -= 1
    above = [_categories(cells) for _, cells in rows[first:at]]
    paths = {
        place: tuple(part for part in (*parts, heading) if part)
        for place, (heading, *parts) in enumerate(zip(rows[at][1], *above, strict=True))
        if heading
    }
    named = {place: FIELDS[plain(path[0])] for place, path in paths.items() if _is_field(path)}
    columns = [
        Column(place, path, school_year(path[-1]) or calendar_year(path[-1]))
        for place, path in paths.items()
        if place not in named
    ]
    return Table(
        sheet=sheet,
        line=rows[at][0],
        preamble=_preamble([cells for _, cells in rows[:first]]),
        fields={name: place for place, name in named.items() if name},
        columns=tuple(columns),
        repeated=_repeated(list(paths.values())),
    )


def _is_field(path: Sequence[str]) -> bool:
    return len(path) == 1 and plain(path[0]) in FIELDS


def _repeated(paths: Sequence[tuple[str, ...]]) -> tuple[str, ...]:
    """Headings that stand twice alike, or both with and without a category, as when categories have slipped."""
    names = [tuple(plain(part) for part in path) for path in paths]
    below = {name[-1] for name in names if len(name) > 1}
    found = [
        " | ".join(path)
        for path, name in zip(paths, names, strict=True)
        if names.count(name) > 1 or (len(name) == 1 and name[0] in below)
    ]
    return tuple(dict.fromkeys(found))


def school_year(text: str) -> Year | None:
    """2024/25, 2024/2025, 24/25 and 2024-25 as the year in which it ends; None for anything else."""
    found = SCHOOL_YEAR.fullmatch(text.strip())
    if not found:
        return None
    first = int(found[1]) + (2000 if len(found[1]) == 2 else 0)
    last = first + 1
    if found[2] not in (f"{last}", f"{last % 100:02}"):
        return None
    return Year(f"{first}/{last % 100:02}", last)


def calendar_year(text: str) -> Year | None:
    """2024; None for anything else."""
    return Year(text.strip(), int(text)) if re.fullmatch(r"\s*(19|20)\d\d\s*", text) else None


def _is_headings(cells: Sequence[str]) -> bool:
    """Columns may have been moved, so a heading for the municipality's code is as good as one of the first cells."""
    names = [plain(cell) for cell in cells if cell]
    return len(names) >= FEWEST_CELLS and (plain(cells[0]) in LEVELS or "kommunkod" in names)


def _categories(cells: Sequence[str]) -> list[str]:
    """One category a column. CSV repeats it over its columns; in a workbook it is one merged cell, read as its first."""
    if any(left and left == right for left, right in pairwise(cells)):
        return list(cells)
    filled: list[str] = []
    for cell in cells:
        filled.append(cell or (filled[-1] if filled else ""))
    return filled


def _preamble(rows: Sequence[Sequence[str]]) -> Preamble:
    chosen: dict[str, str] = {}
    lines: list[str] = []
    is_signed = False
    for cells in rows:
        # Prose with a semicolon in it has been cut into cells.
        text = "; ".join(cell for cell in cells if cell)
        if found := CHOSEN.fullmatch(text):
            chosen[found[1].casefold()] = found[2].strip()
        elif text.casefold().startswith(PUBLISHER):
            is_signed = True
        elif text:
            lines.append(text)
    return Preamble(is_signed, lines[0] if lines else "", chosen, " ".join(lines[1:]))

"""The rows of a sheet under their headings, with what stands between tables: sections and headings that come back."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from queries.intake.plans.cells import plain_text
from queries.intake.plans.headings import UNNAMED, Headings, normal_heading, unique
from queries.intake.plans.messages import finding
from queries.intake.reading import Finding
from queries.intake.sheets import Sheet

# A text longer than this is a paragraph, not the name of a part of the plan.
LONGEST_SECTION = 80
DASHES = "-–—_|. "


@dataclass(frozen=True)
class Line:
    """One row of a plan: field → its text, and field → the cells that hold it as they stand in the file.

    alone: the row's only text, where it has but one. sections: what stood alone above the headings, when this is the
    first row below them. follows_gap: an empty row stands between it and the row above.
    """

    sheet: str
    number: int
    texts: Mapping[str, str]
    cells: Mapping[str, Sequence[str]]
    alone: str = ""
    sections: tuple[str, ...] = ()
    follows_gap: bool = False

    def text(self, field: str) -> str:
        """The text of a field, '' where it has none."""
        return self.texts.get(field, "")

    @property
    def has_state(self) -> bool:
        """Whether the row tells how far something has come, or when it should be done."""
        return bool(self.text("status") or self.text("due"))


@dataclass(frozen=True)
class _Row:
    number: int
    cells: Sequence[str]
    texts: Sequence[str]

    @cached_property
    def filled(self) -> list[str]:
        return [text for text in self.texts if text]

    def is_section(self, first: int) -> bool:
        """Whether the row has one short text only, in the column where the table begins."""
        return (
            len(self.filled) == 1 and len(self.filled[0]) <= LONGEST_SECTION and any(self.texts[: first + 1])
        )


@dataclass(frozen=True)
class _Part:
    """A table between two rows of headings: column → field, the texts above the headings, the rows below."""

    columns: Mapping[int, str]
    sections: tuple[str, ...]
    rows: Sequence[_Row]


def lines_of(row: Headings, fields: Mapping[str, str]) -> tuple[list[Line], list[Finding]]:
    """The rows of a sheet whose headings are those of row, and what is said of cells that stand outside its columns.

    fields: heading → field. Headings that come back, after a page break or for the next part of the plan, are read as
    headings again, also when some are missing: the first column without one then holds the titles.
    """
    parts = list(_parts(row, fields))
    # What stands above a single table is the title of the document; above several it is what they are parts of.
    is_sectioned = any(part.sections for part in parts[1:])
    lines: list[Line] = []
    findings: list[Finding] = []
    for part in parts:
        gap, is_first = False, True
        for each in part.rows:
            if not each.filled:
                gap = True
                continue
            findings += _outside(row, each, part.columns)
            sections = part.sections if is_sectioned and is_first else ()
            lines.append(_line(row.sheet, each, part.columns, sections, gap))
            gap = is_first = False
    return lines, findings


def named_columns(row: Headings) -> Headings:
    """The same headings, with Excel's letter as the name of a column that has cells under no heading of its own."""
    width = max((place for place, name in enumerate(row.names, 1) if name), default=0)
    names = list(row.names[:width])
    empty = [place for place, name in enumerate(names) if not name]
    for number, cells in row.sheet.lines() if empty else ():
        for place in [place for place in empty if number > row.line and cells[place].strip()]:
            names[place] = UNNAMED.format(_letter(place))
    return Headings(row.sheet, row.line, tuple(names))


def _parts(row: Headings, fields: Mapping[str, str]) -> Iterator[_Part]:
    rows = [_Row(number, cells, [_text(cell) for cell in cells]) for number, cells in row.sheet.lines()]
    words = {normal_heading(heading) for heading in fields}
    starts = [
        place for place, each in enumerate(rows) if each.number == row.line or _are_headings(each, words)
    ]
    if row.line == 0:
        yield _Part(_columns(row.names, fields), (), rows)
        return
    first = next(place for place, name in enumerate(row.names) if name)
    for start, end in zip(starts, [*starts[1:], len(rows)], strict=True):
        names = row.names if rows[start].number == row.line else unique(rows[start].texts)
        sections = [rows[place].filled[0] for place in _above(rows, start, first)]
        body_end = min([end, *_above(rows, end, first)]) if end < len(rows) else end
        yield _Part(_columns(names, fields), tuple(sections), rows[start + 1 : body_end])


def _text(cell: str) -> str:
    """A cell as one line; a dash is how some write that there is nothing."""
    text = plain_text(cell)
    return "" if not text.strip(DASHES) else text


def _are_headings(row: _Row, words: Collection[str]) -> bool:
    return len(row.filled) > 1 and all(normal_heading(text) in words for text in row.filled)


def _above(rows: Sequence[_Row], start: int, first: int) -> list[int]:
    """The places of the short texts that stand alone between a row of headings and the table before it."""
    found: list[int] = []
    for place in range(start - 1, -1, -1):
        if rows[place].is_section(first):
            found.insert(0, place)
        elif rows[place].filled:
            break
    return found


def _columns(names: Sequence[str], fields: Mapping[str, str]) -> dict[int, str]:
    """Place → field, '' for a column that is not read."""
    of_word = {normal_heading(heading): field for heading, field in fields.items()}
    columns = {
        place: fields.get(name, of_word.get(normal_heading(name), ""))
        for place, name in enumerate(names)
        # A column that only a later sheet has under no heading stands outside.
        if name in fields or normal_heading(name) in of_word
    }
    first = next((place for place, name in enumerate(names) if not name), None)
    if "title" in fields.values() and "title" not in columns.values() and first is not None:
        columns[first] = "title"
    return columns


def _line(
    sheet: Sheet,
    row: _Row,
    columns: Mapping[int, str],
    sections: tuple[str, ...],
    gap: bool,
) -> Line:
    texts: dict[str, str] = {}
    cells: dict[str, list[str]] = {}
    for place, field in columns.items():
        if field and place < len(row.cells) and row.texts[place]:
            cells.setdefault(field, []).append(row.cells[place])
            # Several columns may be told to hold one field.
            texts[field] = f"{texts[field]} {row.texts[place]}" if field in texts else row.texts[place]
    alone = row.filled[0] if len(row.filled) == 1 else ""
    return Line(sheet.name, row.number, texts, cells, alone, sections, gap)


def _outside(row: Headings, each: _Row, columns: Mapping[int, str]) -> Iterator[Finding]:
    """Texts in columns without a heading: in a CSV file the sign of a separator inside a text."""
    outside = [place for place, text in enumerate(each.texts) if text and place not in columns]
    # A lone text is a remark or a section, and told of as such.
    if not outside or len(each.filled) == 1:
        return
    # Only a CSV file has no name of a sheet.
    rule = "outside_table" if row.sheet.name else "too_many_cells"
    column, found = _letter(outside[0]), each.texts[outside[0]]
    yield finding(rule, row.sheet.name, each.number, column, found, count=len(row.named))


def _letter(place: int) -> str:
    """Excel's name of a column, counted from 0."""
    letters = ""
    while place >= 0:
        place, letter = divmod(place, 26)
        letters = chr(ord("A") + letter) + letters
        place -= 1
    return letters

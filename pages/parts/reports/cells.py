"""What a report writes, before any format: clean texts, tables as words, widths of columns, notes under a figure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from math import isfinite
from numbers import Real

import pandas as pd

from pages.parts.pieces import Chart, Pack, Piece
from pages.parts.words import DASH, day, is_empty, number

# Control characters, halves of characters and signs that turn the reading direction: no document may hold them.
UNWRITABLE = re.compile(
    "[\x00-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2060-\u206f\ud800-\udfff\ufeff\ufff9-\uffff]+"
)
INVENTED = "Påhittade uppgifter"
SAME_ON_WEB = "Samma uppgifter på webben:"
MOST_DECIMALS = 3
# Years are numbers that nobody groups by thousands.
YEARS = ("År", "Läsår")
# In letters: the air beside the text of a cell, and the most that a column asks for.
AIR, WIDEST = 4, 120

Cell = str | int | float | None


@dataclass(frozen=True)
class Table:
    """A table as people read it: headings, rows of texts, and which columns hold numbers only."""

    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    is_number: tuple[bool, ...]


def ready(pack: Pack) -> Pack:
    """The pack with every text clean and every cell text, number or None."""
    sections = tuple(
        replace(section, title=_named(section.title), pieces=tuple(_ready(piece) for piece in section.pieces))
        for section in pack.sections
    )
    return replace(
        pack,
        title=_named(pack.title),
        subject=clean(pack.subject),
        link=clean(pack.link),
        sections=sections,
    )


def clean(value: object) -> str:
    """A text on one line, without what no document may hold."""
    return UNWRITABLE.sub(" ", str(value)).strip()


def table_of(piece: Piece) -> Table:
    """The rows of a clean piece as words: decimal comma, the same number of decimals down a column, a dash for nothing."""
    headings = tuple(str(name) for name in piece.rows.columns)
    columns = [list(piece.rows.iloc[:, place]) for place in range(len(headings))]
    texts = [_texts(heading, column) for heading, column in zip(headings, columns, strict=True)]
    return Table(
        headings,
        tuple(zip(*texts, strict=True)),
        tuple(any(_is_number(cell) for cell in column) and not _has_text(column) for column in columns),
    )


def widths(table: Table, room: float) -> list[float]:
    """Each column's share of the width, where room letters fit across.

    No column is narrower than its longest word as long as there is room; what is left goes to long texts.
    """
    needs, wishes = [], []
    for place, heading in enumerate(table.headings):
        texts = [heading, *(row[place] for row in table.rows)]
        needs.append(AIR + max(len(word) for text in texts for word in text.split(" ")))
        wishes.append(min(WIDEST, AIR + max(len(text) for text in texts)))
    more = [max(0, wish - need) for need, wish in zip(needs, wishes, strict=True)]
    left = max(0.0, room - sum(needs))
    given = min(1.0, left / sum(more)) if sum(more) else 0.0
    parts = [need + given * extra for need, extra in zip(needs, more, strict=True)]
    return [part / sum(parts) for part in parts]


def notes(piece: Piece) -> list[str]:
    """The lines under a figure: its marks by number, then what else is to be known.

    A remark that begins with a mark's number, as '(1) ', tells of it already, and so does one with the same words.
    """
    marks = piece.chart.marks if piece.chart is not None else ()
    numbered = [
        f"({place}) {where}: {said}"
        for place, (where, said) in enumerate(marks, start=1)
        if not any(remark.startswith(f"({place}) ") for remark in piece.remarks)
    ]
    told = {said for _, said in marks}
    return numbered + [remark for remark in piece.remarks if remark not in told]


def about(pack: Pack) -> list[str]:
    """What a reader needs to know of the pack as a whole, one line each."""
    lines = [INVENTED + ": kommunen finns inte."] if pack.is_invented else []
    return [*lines, f"Framtagen {day(pack.made)} ur version {pack.version} av uppgifterna"]


def address(pack: Pack) -> str:
    """The link, where it leads to a page; otherwise nothing, and it stands as text."""
    return pack.link if re.match(r"https?://[^\s]+$", pack.link) else ""


def foot(pack: Pack) -> str:
    """What stands at the foot of every page: whom it is about and of which version."""
    invented = f"{INVENTED} · " if pack.is_invented else ""
    return f"{invented}{pack.title} · {pack.subject} · version {pack.version}"


def _ready(piece: Piece) -> Piece:
    return replace(
        piece,
        question=_named(piece.question),
        sentence=clean(piece.sentence),
        source=clean(piece.source),
        remarks=tuple(clean(remark) for remark in piece.remarks),
        rows=_clean_rows(piece.rows),
        chart=_clean_chart(piece.chart) if _is_drawn(piece.chart) else None,
    )


def _named(title: str) -> str:
    """A title that is never empty: headings without words are no headings."""
    return clean(title) or DASH


def _is_drawn(chart: Chart | None) -> bool:
    return chart is not None and bool(chart.categories) and bool(chart.series)


def _clean_rows(rows: pd.DataFrame) -> pd.DataFrame:
    cleaned = [[_cell(cell) for cell in row] for row in rows.itertuples(index=False, name=None)]
    return pd.DataFrame(cleaned, columns=[clean(name) for name in rows.columns], dtype=object)


def _clean_chart(chart: Chart) -> Chart:
    series = tuple(
        replace(one, name=clean(one.name), values=tuple(_figure(value) for value in one.values))
        for one in chart.series
    )
    return replace(
        chart,
        categories=tuple(clean(name) for name in chart.categories),
        series=series,
        unit=clean(chart.unit),
        marks=tuple((clean(where), clean(said)) for where, said in chart.marks),
    )


def _cell(value: object) -> Cell:
    if is_empty(value):
        return None
    if isinstance(value, bool) or type(value).__name__ == "bool":
        return "Ja" if value else "Nej"
    if isinstance(value, (Real, Decimal)):
        figure = _figure(value)
        return int(figure) if figure is not None and figure == int(value) and abs(figure) < 1e15 else figure
    return day(value) if isinstance(value, date) else clean(value)


def _figure(value: object) -> float | None:
    return None if is_empty(value) or not isfinite(value) else float(value)


def _texts(heading: str, column: Sequence[Cell]) -> list[str]:
    figures = [cell for cell in column if _is_number(cell)]
    decimals = max((_decimals(cell) for cell in figures), default=0)
    return [_text(cell, heading, decimals) for cell in column]


def _text(cell: Cell, heading: str, decimals: int) -> str:
    if cell is None or cell == "":
        return DASH
    if _is_number(cell):
        return str(cell) if heading in YEARS and isinstance(cell, int) else number(cell, decimals)
    return str(cell)


def _decimals(cell: int | float) -> int:
    exponent = Decimal(str(round(cell, MOST_DECIMALS))).normalize().as_tuple().exponent
    return max(0, -int(exponent))


def _is_number(cell: Cell) -> bool:
    return isinstance(cell, (int, float))


def _has_text(column: Sequence[Cell]) -> bool:
    return any(isinstance(cell, str) for cell in column)

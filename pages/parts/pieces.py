"""One answer as data: its question, sentence, figure, table and source, before anybody has placed it.

A page draws pieces (answer.piece), and a report places the same ones (reports/): so the numbers are one. Nothing here
knows Streamlit, and every text is plain, neither Markdown nor HTML.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

import pandas as pd

from pages.parts.words import quantity

Role = Literal["own", "comparison", "third", "target", "met", "partly", "not_met", "not_assessed", "muted"]
Kind = Literal["lines", "bars", "stacked", "radar"]


@dataclass(frozen=True)
class Series:
    """One line, row of bars or polygon: a value a category, None where there is none. role decides colour and dash.

    label: a letter or two that stands at the end of a line, where many small figures share one explanation.
    """

    name: str
    values: tuple[float | None, ...]
    role: Role = "own"
    label: str = ""


@dataclass(frozen=True)
class Chart:
    """A figure as numbers, the same for screen, paper and PowerPoint.

    kind: lines over ordered categories (years, months); bars a category, one a series; stacked bars, one a category
    with the series as its parts; radar with one spoke a category.
    low and high are the ends of the value axis, None where the values decide. marks: (category, words) for what
    happened there: a break, an event, the reason for a gap.
    """

    kind: Kind
    categories: tuple[str, ...]
    series: tuple[Series, ...]
    unit: str = ""
    decimals: int = 1
    low: float | None = None
    high: float | None = None
    marks: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Piece:
    """One question and its answer. rows is the table twin: Swedish headings, cells as text or numbers, few columns.

    sentence can be read aloud. remarks are one line each: reasons for gaps, events, breaks, what to know. source is the
    source line in words (sources.in_words). download has the same rows with more columns.
    """

    key: str
    question: str
    sentence: str
    rows: pd.DataFrame
    source: str
    chart: Chart | None = None
    remarks: tuple[str, ...] = ()
    download: pd.DataFrame | None = None

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to show but the sentence, which then says what is missing."""
        return self.rows.empty


def without_rows(key: str, question: str, sentence: str) -> Piece:
    """A piece that can only say something: mostly what is missing, and which export fills it."""
    return Piece(key, question, sentence, pd.DataFrame(), "")


@dataclass(frozen=True)
class Section:
    """Pieces that belong together: one point of an agenda."""

    title: str
    pieces: tuple[Piece, ...]


@dataclass(frozen=True)
class Pack:
    """What is taken along to a meeting: an agenda of sections, whom it is about, and where its numbers can be found again.

    subject is the choice in words; link opens the page that shows the same numbers, of the same version.
    """

    title: str
    subject: str
    made: date
    version: int
    link: str
    is_invented: bool
    sections: tuple[Section, ...]

    @property
    def pieces(self) -> tuple[Piece, ...]:
        """All pieces in order."""
        return tuple(piece for section in self.sections for piece in section.pieces)


def alternative(piece: Piece) -> str:
    """What a reader who cannot see the figure is told: the finding and the numbers."""
    if piece.chart is None:
        return piece.sentence
    told = " ".join(_in_words(one, piece.chart) for one in piece.chart.series)
    return f"{piece.sentence} {told}".strip()


def value_in_words(value: float | None, chart: Chart) -> str:
    """'85,1 %', and 'saknas' for a gap."""
    return "saknas" if value is None else quantity(value, chart.unit, chart.decimals)


def _in_words(series: Series, chart: Chart) -> str:
    pairs = zip(chart.categories, series.values, strict=True)
    return f"{series.name}: {', '.join(f'{name} {value_in_words(value, chart)}' for name, value in pairs)}."

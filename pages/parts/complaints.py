"""Klagomål, a tab of page Skola: complaints and reported violations, always with and without what a named event brought."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pandas as pd

from pages.parts import answer
from pages.parts.absence_words import told_instead
from pages.parts.empty import missing_in_words
from pages.parts.filters import Filters
from pages.parts.pieces import Chart, Piece, Series, without_rows
from pages.parts.rows import as_records
from pages.parts.sourcing import sources_in_words
from pages.parts.words import counted, day, is_empty, number, text, upper_first
from queries.complaints import COUNTS, complaints_with_and_without
from queries.connection import Exports

Row = dict[str, Any]
# What is counted: as it is asked about, in one and in many, and the theme of the source's remarks about it.
COUNTED = {
    "complaints": ("klagomål", "klagomål", "klagomål"),
    "violations": ("anmäld kränkning", "anmälda kränkningar", "kränkningar"),
}
WITH, WITHOUT = "Alla", "Utan händelsen"


def complaints(opened: Exports, chosen: Filters) -> None:
    """Complaints, then violations: over the years, and for several schools one row a school."""
    for piece in complaint_pieces(opened, chosen):
        answer.piece(opened, chosen, piece)


def complaint_pieces(opened: Exports, chosen: Filters) -> list[Piece]:
    """What is told; where nothing is, a sentence about complaints."""
    made = []
    for count_id in COUNTS:
        made += [] if chosen.area and not chosen.unit_id else [complaints_piece(opened, chosen, count_id)]
        made += [] if chosen.unit_id else [complaints_units_piece(opened, chosen, count_id)]
    return [piece for piece in made if not piece.is_empty] or made[:1]


def complaints_piece(opened: Exports, chosen: Filters, count_id: str = "complaints") -> Piece:
    """The count of the unit or the municipality year by year, with and without the named event."""
    _, many, theme = COUNTED[count_id]
    key, question = f"{count_id}-ar", f"Hur många {many} gäller {chosen.whom}?"
    rows = [row for row in _rows(opened, chosen, count_id) if _unit_of(row) == chosen.unit_id]
    told = [row for row in rows if not is_empty(row["count_with"]) or not is_empty(row["count_without"])]
    if not told:
        said = [
            missing_in_words(
                f"Antalet {many} finns inte i uppgifterna för {chosen.subject(chosen.year)}.", "outcomes"
            )
        ]
        said += [*_events(rows), *told_instead(opened, chosen, theme)]
        return without_rows(key, question, " ".join(said))
    years = list(range(min(row["year"] for row in told), max(row["year"] for row in told) + 1))
    by_year = {row["year"]: row for row in rows}
    lines = [{"År": str(year), **_cells(by_year.get(year))} for year in reversed(years)]
    series = (
        Series(f"Alla {many}", tuple(_count(by_year.get(year), "count_with") for year in years)),
        Series(
            "Utan händelsen",
            tuple(_count(by_year.get(year), "count_without") for year in years),
            "comparison",
        ),
    )
    return Piece(
        key,
        question,
        _sentence(by_year[years[-1]], count_id, chosen),
        pd.DataFrame(lines),
        _source(opened, rows),
        Chart("lines", tuple(map(str, years)), series, decimals=0, low=0, marks=_marks(rows, years)),
        tuple(_events(rows)),
    )


def complaints_units_piece(opened: Exports, chosen: Filters, count_id: str = "complaints") -> Piece:
    """One row per unit with any in the newest year, with and without the named event; a unit without any is counted."""
    _, many, _ = COUNTED[count_id]
    key, question = f"{count_id}-enheter", f"Vilka enheter i {chosen.whom} gäller {many}?"
    rows = [row for row in _rows(opened, chosen, count_id) if _unit_of(row)]
    rows = [row for row in rows if not is_empty(row["count_with"]) or not is_empty(row["count_without"])]
    if not rows:
        said = missing_in_words(
            f"Antalet {many} per enhet finns inte för {chosen.subject(chosen.year)}.", "outcomes"
        )
        return without_rows(key, question, said)
    last = max(row["year"] for row in rows)
    newest = [row for row in rows if row["year"] == last]
    some = sorted((row for row in newest if _most(row)), key=lambda row: (-_most(row), row["unit_name"]))
    none = len(newest) - len(some)
    return Piece(
        key,
        question,
        f"{last} gäller {many} {len(some)} av {counted(len(newest), 'enhet', 'enheter')}."
        + (f" {upper_first(counted(none, 'enhet', 'enheter'))} har inga." if none else ""),
        pd.DataFrame([{"Enhet": row["unit_name"], **_cells(row)} for row in some]),
        _source(opened, newest),
        remarks=tuple(_events(newest)),
        download=pd.DataFrame(
            [{"Enhet": row["unit_name"], "År": row["year"], **_cells(row)} for row in rows]
        ),
    )


def _rows(opened: Exports, chosen: Filters, count_id: str) -> list[Row]:
    found = as_records(
        complaints_with_and_without(
            opened, municipality_id=chosen.municipality_id, year=chosen.year, unit_ids=chosen.unit_ids
        )
    )
    return [row for row in found if row["count_id"] == count_id]


def _unit_of(row: Row) -> str | None:
    return None if is_empty(row["unit_id"]) else row["unit_id"]


def _count(row: Row | None, name: str) -> float | None:
    return None if row is None or is_empty(row[name]) else float(row[name])


def _most(row: Row) -> float:
    return max(_count(row, "count_with") or 0.0, _count(row, "count_without") or 0.0)


def _cells(row: Row | None) -> dict[str, str]:
    """Both counts, always: one that is missing says so."""
    counts = {
        name: _count(row, column) for name, column in ((WITH, "count_with"), (WITHOUT, "count_without"))
    }
    return {
        **{name: "Uppgift saknas" if value is None else number(value, 0) for name, value in counts.items()},
        "Händelse": text(None if row is None else row["event_label"]),
    }


def _sentence(row: Row, count_id: str, chosen: Filters) -> str:
    one, many, _ = COUNTED[count_id]
    cells = {name: cell.lower() for name, cell in _cells(row).items()}
    what = one if _count(row, "count_with") == 1 else many
    said = f"{row['year']} finns {cells[WITH]} {what} som gäller {chosen.whom}"
    if is_empty(row["event_label"]):
        return f"{said}. Ingen händelse är nämnd för året: utan händelser är antalet {cells[WITHOUT]}."
    return f"{said} när alla räknas. Utan händelsen ”{row['event_label']}” är antalet {cells[WITHOUT]}."


def _events(rows: list[Row]) -> Iterator[str]:
    """Each named event once, with its time."""
    told = dict.fromkeys(
        (row["event_label"], str(row["event_start"]), str(row["event_end"]))
        for row in rows
        if not is_empty(row["event_label"])
    )
    for label, start, end in told:
        until = "" if end in ("None", "NaT", "nan") else f"–{day(end)}"
        yield f"{label}: {day(start)}{until}."


def _marks(rows: list[Row], years: list[int]) -> tuple[tuple[str, str], ...]:
    """The first year of each event that lies within the figure."""
    first: dict[str, int] = {}
    for row in rows:
        if not is_empty(row["event_label"]):
            first.setdefault(row["event_label"], int(row["year"]))
    return tuple((str(year), label) for label, year in first.items() if year in years)


def _source(opened: Exports, rows: list[Row]) -> str:
    return sources_in_words(opened, sorted({each for row in rows for each in row["source_ids"]}))

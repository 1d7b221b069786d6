"""Coverage of absence investigations as a piece: of the pupils over the limit, how many have one that has begun."""

from __future__ import annotations

from typing import Any

import pandas as pd

from pages.parts.absence_words import nothing
from pages.parts.filters import Filters
from pages.parts.pieces import Chart, Piece, Series, without_rows
from pages.parts.rows import as_records
from pages.parts.sourcing import sources_in_words
from pages.parts.words import (
    NO_BREAK,
    counted,
    is_empty,
    listed,
    measured,
    quantity,
    short_year,
    text,
)
from queries.attendance import investigation_coverage, low_registration
from queries.connection import Exports

Row = dict[str, Any]
KEY = "utredningar"


def coverage_piece(opened: Exports, chosen: Filters) -> Piece:
    """The share of pupils over the absence limit with a started investigation, one row per school, with n."""
    question = f"Utreds frånvaron i {chosen.whom}?"
    rows = as_records(
        investigation_coverage(
            opened, municipality_id=chosen.municipality_id, year=chosen.year, unit_ids=chosen.unit_ids
        )
    )
    if not any(row["is_told"] for row in rows):
        said = nothing(opened, chosen, "Hur många frånvaroutredningar som påbörjats", "frånvaroutredningar")
        return without_rows(KEY, question, said)
    told = [row for row in rows if not is_empty(row["value"])]
    shown = pd.DataFrame([_cells(row) for row in rows], dtype=object)
    return Piece(
        KEY,
        question,
        _sentence(rows, told, chosen),
        shown[["Skola", "Påbörjad utredning", "Elever över gränsen", "Registrerad närvaro"]],
        sources_in_words(opened, sorted({each for row in rows for each in row["source_ids"]})),
        _chart(told, chosen),
        tuple(_remarks(rows)),
        shown,
    )


def _chart(told: list[Row], chosen: Filters) -> Chart | None:
    """A bar a school. For one school its own beside the municipality's; without a value there is nothing to draw."""
    if not told:
        return None
    names = [row["unit_name"] for row in told]
    values = [float(row["value"]) for row in told]
    if not is_empty(told[0]["municipality_value"]):
        names.append("Hela kommunen")
        values.append(float(told[0]["municipality_value"]))
    return Chart("bars", tuple(names), (Series("Påbörjad utredning", tuple(values)),), "%", low=0, high=115)


def _cells(row: Row) -> dict[str, object]:
    return {
        "Skola": row["unit_name"],
        "Påbörjad utredning": measured(row["value"], row["marker"], "%")
        if row["is_told"]
        else "Uppgift saknas",
        "Elever över gränsen": None if is_empty(row["n"]) else int(row["n"]),
        "Registrerad närvaro": quantity(row["registration"], "%")
        + (" (låg)" if row["is_registration_low"] is True else ""),
        "Elever med mer än 20 % frånvaro": measured(row["over_20"], row["over_20_marker"], "%"),
        "Läsår": short_year(row["year"], "school_year"),
        "Anmärkning": text(row["note"], ""),
    }


def _sentence(rows: list[Row], told: list[Row], chosen: Filters) -> str:
    year = f"Läsåret {short_year(rows[0]['year'], 'school_year')}"
    whole = rows[0]["municipality_value"]
    of_all = (
        ""
        if is_empty(whole)
        else f"{quantity(whole, '%')} av eleverna över frånvarogränsen i {chosen.municipality}"
    )
    if chosen.unit_id:
        own = rows[0]
        if is_empty(own["value"]):
            said = f"{year} visas inte andelen för {chosen.unit}."
        else:
            said = (
                f"{year} hade {quantity(own['value'], '%')} av de {int(own['n'])} eleverna över frånvarogränsen i "
                f"{chosen.unit} en påbörjad utredning."
            )
        return f"{said} I hela kommunen är det {quantity(whole, '%')}." if of_all else said
    start = (
        f"{year} hade {of_all} en påbörjad utredning."
        if of_all and not chosen.area
        else f"{year}, skola för skola i {chosen.whom}."
    )
    if not told:
        return f"{start} Ingen skolas andel kan visas."
    least = told[0]
    return (
        f"{start} Lägst är {least['unit_name']} med {quantity(least['value'], '%')} av {int(least['n'])}{NO_BREAK}elever. "
        f"Andelen visas för {len(told)} av {counted(len(rows), 'skola', 'skolor')}."
    )


def _remarks(rows: list[Row]) -> list[str]:
    """Which schools have told nothing, which are hidden and why, and where the number over the limit is doubtful."""
    silent = [row["unit_name"] for row in rows if not row["is_told"]]
    low = [row["unit_name"] for row in rows if row["is_registration_low"] is True]
    hidden: dict[str, list[str]] = {}
    for row in rows:
        if row["is_told"] and is_empty(row["value"]):
            hidden.setdefault(text(row["note"]).rstrip("."), []).append(row["unit_name"])
    said = [f"{listed(names)}: {note[:1].lower()}{note[1:]}." for note, names in hidden.items()]
    if silent:
        said.append(f"Uppgift om utredningar saknas för {listed(silent)}.")
    if low:
        limit = quantity(low_registration(), "%", 0)
        said.append(
            f"Under {limit} av närvaron registrerades i {listed(low)}: fler elever kan vara över gränsen."
        )
    return said

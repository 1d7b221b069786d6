"""Absence as pieces: in which stages it is high, and whether it has a valid reason."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from pages.parts.absence_pieces import OVER, REGISTERED
from pages.parts.absence_words import (
    Row,
    absence_rows,
    cell,
    first,
    happenings,
    is_area,
    marks,
    moment_of,
    moments_of,
    nothing,
    of_subject,
    reasons,
    short,
    source,
    spoken,
    value,
)
from pages.parts.filters import Filters
from pages.parts.pieces import Chart, Piece, Series, without_rows
from pages.parts.words import STAGES, TERMS, is_empty, quantity, short_year, upper_first
from queries.connection import Exports

STAGES_KEY = "franvaro-stadier"
ONLY_WHOLE = "Stadier visas bara för hela kommunen: en del av en skola pekar lättare ut enskilda elever."
REASONS = {"valid": "Giltig frånvaro", "invalid": "Ogiltig frånvaro"}


def stages_piece(opened: Exports, chosen: Filters) -> Piece:
    """Pupils away more than 20 and 40 percent per stage in the newest school year, of the whole municipality."""
    key, question = STAGES_KEY, f"I vilka stadier är frånvaron högst i {chosen.municipality}?"
    rows = [row for row in absence_rows(opened, chosen) if row["stage"] and row["kind"] in OVER]
    if not rows:
        said = nothing(opened, chosen, "Frånvaro per stadium", "frånvaro")
        return without_rows(key, question, said)
    own = [row for row in rows if row["year"] == max(row["year"] for row in rows)]
    stages = [each for each in STAGES if first(own, stage=each)]
    terms = [each for each in ("", *TERMS) if first(own, term=each)]
    series = [
        Series(
            upper_first(spoken((own[0]["year"], term))),
            tuple(_over_20(own, each, term) for each in stages),
            role,
        )
        for term, role in zip(terms, ("own", "comparison"), strict=False)
    ]
    return Piece(
        key,
        question,
        _highest(own, stages, terms[-1]),
        pd.DataFrame([{"Stadium": STAGES[each], **_stage_cells(own, each, terms)} for each in stages]),
        source(opened, own),
        Chart("bars", tuple(STAGES[each] for each in stages), tuple(series), "%", low=0),
        (ONLY_WHOLE, *_registered(own, terms), *reasons(own)),
        pd.DataFrame([_row_in_full(row) for row in rows]),
    )


def _over_20(rows: list[Row], stage: str, term: str) -> float | None:
    return value(first(rows, kind="over_20", stage=stage, term=term))


def _stage_cells(rows: list[Row], stage: str, terms: Sequence[str]) -> dict[str, str]:
    """'Mer än 20 %, ht': the table has room for two terms of two measures."""
    return {
        f"{name}, {term}" if term else name: cell(first(rows, kind=kind, stage=stage, term=term))
        for kind, name in OVER.items()
        for term in terms
    }


def _highest(rows: list[Row], stages: Sequence[str], term: str) -> str:
    told = [(share, STAGES[each]) for each in stages if (share := _over_20(rows, each, term)) is not None]
    when = upper_first(spoken((rows[0]["year"], term)))
    if not told:
        return f"{when} visas inget stadium: grupperna är för små."
    (most, highest), (least, lowest) = max(told), min(told)
    return (
        f"{when} var andelen elever med mer än 20 % frånvaro högst i {highest}, {quantity(most, '%')}, "
        f"och lägst i {lowest}, {quantity(least, '%')}."
    )


def _registered(rows: list[Row], terms: Sequence[str]) -> list[str]:
    told = [
        (term, row) for term in terms if (row := first(rows, term=term)) and not is_empty(row["registration"])
    ]
    return [
        f"{upper_first(spoken((row['year'], term)))} registrerades närvaron på {quantity(row['registration'], '%')} av "
        "kommunens lektioner."
        for term, row in told
    ]


def _row_in_full(row: Row) -> dict[str, object]:
    return {
        "Termin": short(moment_of(row)),
        "Stadium": STAGES[row["stage"]],
        "Mått": OVER[row["kind"]],
        "Andel elever": cell(row),
        "Elever": None if is_empty(row["n"]) else int(row["n"]),
        REGISTERED: quantity(row["registration"], "%"),
    }


def valid_absence_piece(opened: Exports, chosen: Filters) -> Piece:
    """Time away with and without a valid reason, school year by school year; for an area one row per unit."""
    key, question = "giltig-franvaro", f"Har eleverna i {chosen.whom} giltiga skäl när de är borta?"
    rows = [row for row in absence_rows(opened, chosen) if row["kind"] in REASONS]
    if is_area(chosen):
        return _per_unit(opened, key, question, rows, chosen)
    own = of_subject(rows, chosen)
    if not own:
        said = nothing(opened, chosen, "Giltig och ogiltig frånvaro", "frånvaro")
        return without_rows(key, question, said)
    moments = moments_of(own)
    told = {kind: [first(own, kind=kind, year=year, term=term) for year, term in moments] for kind in REASONS}
    lines = [
        {"Läsår": short(each), **{name: cell(told[kind][place]) for kind, name in REASONS.items()}}
        for place, each in enumerate(moments)
    ]
    return Piece(
        key,
        question,
        f"{upper_first(spoken(moments[-1]))} var frånvaron med giltigt skäl {lines[-1]['Giltig frånvaro']} av "
        f"undervisningstiden i {chosen.whom}, och utan giltigt skäl {lines[-1]['Ogiltig frånvaro']}.",
        pd.DataFrame(lines[::-1]),
        source(opened, own),
        Chart(
            "lines",
            tuple(map(short, moments)),
            tuple(
                Series(REASONS[kind], tuple(map(value, told[kind])), role)
                for kind, role in (("valid", "comparison"), ("invalid", "own"))
            ),
            "%",
            low=0,
            marks=marks(opened, chosen, moments),
        ),
        (*happenings(opened, chosen, moments), *reasons(own)),
    )


def _per_unit(opened: Exports, key: str, question: str, rows: list[Row], chosen: Filters) -> Piece:
    of_units = [row for row in rows if not is_empty(row["unit_id"])]
    if not of_units:
        said = nothing(opened, chosen, "Giltig och ogiltig frånvaro", "frånvaro")
        return without_rows(key, question, said)
    last = max(row["year"] for row in of_units)
    newest = [row for row in of_units if row["year"] == last]
    lines = [
        {
            "Skola": unit,
            **{name: cell(first(newest, unit_name=unit, kind=kind)) for kind, name in REASONS.items()},
        }
        for unit in dict.fromkeys(row["unit_name"] for row in newest)
    ]
    return Piece(
        key,
        question,
        f"Läsåret {short_year(last, 'school_year')}, skola för skola i {chosen.whom}.",
        pd.DataFrame(lines),
        source(opened, newest),
        remarks=tuple(reasons(newest)),
    )

"""Absence as pieces: how many are away much, and how surely it was registered, term by term and school by school."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from pages.parts.absence_words import (
    Moment,
    Row,
    absence_rows,
    at,
    by_term,
    cell,
    doubts,
    happenings,
    is_area,
    marks,
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
from pages.parts.sourcing import sources_in_words
from pages.parts.words import is_empty, quantity, upper_first
from queries.attendance import low_registration
from queries.connection import Exports

OVER = {"over_20": "Mer än 20 %", "over_40": "Mer än 40 %"}
REGISTERED = "Registrerad närvaro"


def absence_piece(opened: Exports, chosen: Filters) -> Piece:
    """Pupils away more than 20 and 40 percent, term by term: the unit beside the municipality, or the municipality."""
    key, question = "franvaro", f"Hur många elever är borta mycket i {chosen.whom}?"
    rows = [row for row in by_term(absence_rows(opened, chosen)) if row["kind"] in OVER]
    own = [] if is_area(chosen) else of_subject(rows, chosen)
    if not own:
        said = nothing(opened, chosen, "Elevernas frånvaro", "frånvaro")
        return without_rows(key, question, said)
    moments = moments_of(own)
    shown = pd.DataFrame([{"Termin": short(each), **_cells(own, each)} for each in reversed(moments)])
    return Piece(
        key,
        question,
        _sentence(own, moments, chosen),
        shown.drop(columns="Elever"),
        source(opened, own),
        Chart(
            "lines",
            tuple(map(short, moments)),
            tuple(_series(own, rows, moments, chosen)),
            "%",
            low=0,
            marks=marks(opened, chosen, moments),
        ),
        (*happenings(opened, chosen, moments), *doubts(own), *reasons(own)),
        shown,
    )


def _series(own: list[Row], rows: list[Row], moments: Sequence[Moment], chosen: Filters) -> list[Series]:
    def line(name: str, of: list[Row], kind: str, role: str) -> Series:
        return Series(name, tuple(value(at(of, kind, each)) for each in moments), role)

    lines = [
        line("Borta mer än 20 %", own, "over_20", "own"),
        line("Borta mer än 40 %", own, "over_40", "third"),
    ]
    if chosen.unit_id:
        whole = [row for row in rows if is_empty(row["unit_id"])]
        lines.append(line("Kommunen, mer än 20 %", whole, "over_20", "comparison"))
    return lines


def _cells(rows: list[Row], moment: Moment) -> dict[str, object]:
    told = {name: at(rows, kind, moment) for kind, name in OVER.items()}
    some = next((row for row in told.values() if row is not None), None)
    return {
        **{name: cell(row) for name, row in told.items()},
        REGISTERED: quantity(some["registration"], "%") if some else quantity(None, "%"),
        "Elever": None if some is None or is_empty(some["n"]) else int(some["n"]),
    }


def _sentence(own: list[Row], moments: Sequence[Moment], chosen: Filters) -> str:
    """'Vårterminen 2026 var 16,0 % av eleverna i … borta mer än 20 % av tiden, och 5,4 % mer än 40 %. …'"""
    last = moments[-1]
    far, much = at(own, "over_40", last), at(own, "over_20", last)
    when = upper_first(spoken(last))
    if much is None or value(much) is None:
        said = f"{when} visas inte hur många av eleverna i {chosen.whom} som var borta mer än 20 %: {cell(much).lower()}."
    else:
        further = f", och {cell(far)} mer än 40 %" if value(far) is not None else ""
        said = f"{when} var {cell(much)} av eleverna i {chosen.whom} borta mer än 20 % av tiden{further}."
    before = at(own, "over_20", (last[0] - 1, last[1]))
    if value(before) is not None and value(much) is not None:
        said += f" Ett år tidigare var det {cell(before)}."
    registration = None if much is None else much["registration"]
    if not is_empty(registration):
        said += f" Närvaron registrerades på {quantity(registration, '%')} av lektionerna."
    return said


def registration_piece(opened: Exports, chosen: Filters) -> Piece:
    """How large a share of the lessons had attendance registered, term by term: how sure the absence is."""
    key, question = "registrering", f"Hur säkra är frånvarotalen i {chosen.whom}?"
    rows = [] if is_area(chosen) else of_subject(by_term(absence_rows(opened, chosen)), chosen)
    own = [row for row in rows if row["kind"] == "over_20" and not is_empty(row["registration"])]
    if not own:
        said = nothing(opened, chosen, "Hur stor del av närvaron som registrerats", "närvaroregistrering")
        return without_rows(key, question, said)
    moments = moments_of(own)
    told = [at(own, "over_20", each) for each in moments]
    rates = [None if row is None else float(row["registration"]) for row in told]
    limit = quantity(low_registration(), "%", 0)
    state = "Under" if rates[-1] < low_registration() else "Från och med"
    lines = [
        {"Termin": short(each), REGISTERED: quantity(rate, "%")}
        for each, rate in zip(moments, rates, strict=True)
    ]
    return Piece(
        key,
        question,
        f"{upper_first(spoken(moments[-1]))} registrerades närvaron på {quantity(rates[-1], '%')} av lektionerna. "
        f"{state} {limit} räknas frånvarotalen som {'osäkra' if state == 'Under' else 'säkra nog att läsa'}.",
        pd.DataFrame(lines[::-1]),
        sources_in_words(opened, {row["registration_source_id"] for row in own}),
        Chart(
            "lines",
            tuple(map(short, moments)),
            (
                Series(REGISTERED, tuple(rates)),
                Series("Gräns för osäkra tal", tuple(low_registration() for _ in moments), "target"),
            ),
            "%",
            high=100,
            marks=marks(opened, chosen, moments),
        ),
        tuple(happenings(opened, chosen, moments)),
    )


def absence_units_piece(opened: Exports, chosen: Filters) -> Piece:
    """One row per unit for the newest term, the highest first: pupils away much, beside how much was registered."""
    key, question = "franvaro-skolor", f"Vilka skolor i {chosen.whom} har mest frånvaro?"
    rows = [row for row in by_term(absence_rows(opened, chosen)) if row["kind"] in OVER]
    rows = [row for row in rows if not is_empty(row["unit_id"])]
    if not rows:
        said = nothing(opened, chosen, "Skolornas frånvaro", "frånvaro")
        return without_rows(key, question, said)
    last = moments_of(rows)[-1]
    newest = [row for row in rows if (row["year"], row["term"]) == last]
    ranked = sorted(_of_units(newest), key=lambda pair: -(value(at(pair[1], "over_20", last)) or -1))
    shown = pd.DataFrame([{"Skola": name, **_cells(own, last)} for name, own in ranked])
    told = [(name, cell(row)) for name, own in ranked if value(row := at(own, "over_20", last)) is not None]
    ends = (
        f" Högst är {told[0][0]} med {told[0][1]}, lägst {told[-1][0]} med {told[-1][1]}."
        if len(told) > 1
        else ""
    )
    return Piece(
        key,
        question,
        f"{upper_first(spoken(last))} visas andelen elever med mer än 20 % frånvaro för {len(told)} av {len(ranked)} "
        f"skolor.{ends}",
        shown.drop(columns="Elever"),
        source(opened, newest),
        remarks=(*doubts(newest), *reasons(newest)),
        download=shown,
    )


def _of_units(rows: list[Row]) -> list[tuple[str, list[Row]]]:
    ids = dict.fromkeys(row["unit_id"] for row in rows)
    by_id = {unit_id: [row for row in rows if row["unit_id"] == unit_id] for unit_id in ids}
    return [(own[0]["unit_name"], own) for own in by_id.values()]

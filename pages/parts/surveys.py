"""Enkät, a tab of page Skola: what pupils and guardians answer, and how many of those asked that do."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pandas as pd

from pages.parts import answer
from pages.parts.empty import missing_in_words
from pages.parts.filters import Filters
from pages.parts.pieces import Chart, Piece, Role, Series, without_rows
from pages.parts.rows import as_records
from pages.parts.sourcing import sources_in_words
from pages.parts.words import (
    is_empty,
    listed,
    measured,
    number,
    quantity,
    text,
    years_in_words,
)
from queries.connection import Exports
from queries.surveys import low_response, survey_results

Row = dict[str, Any]
# More questions than this are told in a table: lines would lie upon each other.
MOST_LINES = 4
# Questions that a table of schools has room for.
MOST_COLUMNS = 2
ROLES: tuple[Role, ...] = ("own", "comparison", "third", "not_assessed")


def surveys(opened: Exports, chosen: Filters) -> None:
    """One piece a survey, and for several schools one more with a row a school."""
    for piece in survey_pieces(opened, chosen):
        answer.piece(opened, chosen, piece)


def survey_pieces(opened: Exports, chosen: Filters) -> list[Piece]:
    """The surveys that the unit, the area's units or the municipality have results of; else one piece that says none."""
    asked = as_records(
        survey_results(
            opened, municipality_id=chosen.municipality_id, year=chosen.year, unit_ids=chosen.unit_ids
        )
    )
    pieces = []
    for survey_id in dict.fromkeys(row["survey_id"] for row in asked):
        rows = [row for row in asked if row["survey_id"] == survey_id]
        whole = [row for row in rows if is_empty(row["unit_id"])]
        of_units = [row for row in rows if not is_empty(row["unit_id"])]
        if chosen.unit_id:
            pieces += [survey_piece(opened, chosen, of_units, whole)] if of_units else []
        else:
            pieces += (
                [] if chosen.area or not _has_values(whole) else [survey_piece(opened, chosen, whole, [])]
            )
            pieces += [survey_units_piece(opened, chosen, of_units)] if _is_of_several(of_units) else []
    return pieces or [_nothing(chosen)]


def _nothing(chosen: Filters) -> Piece:
    said = missing_in_words(f"Inga enkätresultat finns för {chosen.subject(chosen.year)}.", "outcomes")
    return without_rows("enkat", f"Vad svarar de som går i {chosen.whom}?", said)


def survey_piece(opened: Exports, chosen: Filters, own: list[Row], whole: list[Row]) -> Piece:
    """The questions of one survey: the newest results beside n and response rate, and the years before as lines.

    own: the rows of the unit or of the municipality; whole: the municipality's beside a unit's, else none.
    """
    title, questions = own[0]["survey_title"], list(dict.fromkeys(row["indicator_id"] for row in own))
    years = list(range(min(_years(own + whole)), max(_years(own + whole)) + 1))
    newest = [_newest(own, each) for each in questions]
    shown = pd.DataFrame([_cells(row, whole) for row in newest], dtype=object)
    unit = own[0]["unit"]
    lines = [
        Series(row["short_name"], tuple(_value(own, row["indicator_id"], year) for year in years), role)
        for row, role in zip(newest, ROLES, strict=False)
    ]
    chart = Chart(
        "lines", tuple(map(str, years)), tuple(lines), "%" if unit == "%" else "", marks=_marks(own + whole)
    )
    return Piece(
        f"enkat-{own[0]['survey_id']}",
        f"{title}: vad svarar de i {chosen.whom}?",
        _sentence(newest),
        shown if whole else shown.drop(columns="Kommunen"),
        sources_in_words(opened, sorted({each for row in own for each in row["source_ids"]})),
        chart if len(questions) <= MOST_LINES else None,
        tuple(_remarks(own, whole, years)),
        pd.DataFrame([_in_full(row) for row in own + whole], dtype=object),
    )


def survey_units_piece(opened: Exports, chosen: Filters, rows: list[Row]) -> Piece:
    """One row per school for the newest year of a survey: its questions, the answers they rest on, the response rate."""
    last = max(row["year"] for row in rows if not is_empty(row["value"]))
    newest = [row for row in rows if row["year"] == last]
    questions = list(dict.fromkeys(row["indicator_id"] for row in newest))[:MOST_COLUMNS]
    units = dict.fromkeys((row["unit_id"], row["unit_name"]) for row in newest)
    lines = [
        _unit_cells(name, [row for row in newest if row["unit_id"] == unit_id], questions)
        for unit_id, name in units
    ]
    few = [
        name
        for unit_id, name in units
        if any(row["is_response_low"] is True for row in newest if row["unit_id"] == unit_id)
    ]
    limit = quantity(low_response(), "%", 0)
    doubted = (
        f"I {len(few)} av {len(units)} svarade färre än {limit}."
        if few
        else f"Ingenstans svarade färre än {limit}."
    )
    return Piece(
        f"enkat-skolor-{newest[0]['survey_id']}",
        f"{newest[0]['survey_title']}: hur skiljer sig skolorna i {chosen.whom}?",
        f"{last} finns svar från {len(units)} enheter. {doubted}",
        pd.DataFrame(lines, dtype=object),
        sources_in_words(opened, sorted({each for row in newest for each in row["source_ids"]})),
        remarks=(f"Svarsfrekvens under {limit}: {listed(few)}.",) if few else (),
        download=pd.DataFrame([_in_full(row) for row in rows], dtype=object),
    )


def _has_values(rows: list[Row]) -> bool:
    return any(not is_empty(row["value"]) for row in rows)


def _is_of_several(rows: list[Row]) -> bool:
    return _has_values(rows) and len({row["unit_id"] for row in rows}) > 1


def _years(rows: list[Row]) -> list[int]:
    return [int(row["year"]) for row in rows]


def _newest(rows: list[Row], indicator_id: str) -> Row:
    """The newest row of a question that says anything of it; a survey that was not made says nothing."""
    own = [row for row in rows if row["indicator_id"] == indicator_id]
    return ([row for row in own if row["marker"] not in (".", "cancelled")] or own)[-1]


def _value(rows: list[Row], indicator_id: str, year: int) -> float | None:
    found = [row["value"] for row in rows if row["indicator_id"] == indicator_id and row["year"] == year]
    return None if not found or is_empty(found[0]) else float(found[0])


def _result(row: Row) -> str:
    return measured(row["value"], row["marker"], "%" if row["unit"] == "%" else "", row["decimals"])


def _cells(row: Row, whole: list[Row]) -> dict[str, str]:
    beside = next(
        (
            each
            for each in whole
            if (each["indicator_id"], each["year"]) == (row["indicator_id"], row["year"])
        ),
        None,
    )
    return {
        "Fråga": row["short_name"],
        "Resultat": f"{_result(row)} ({row['year']})",
        "Kommunen": text(None) if beside is None else _result(beside),
        "Antal svar": number(row["n"], 0),
        "Svarsfrekvens": _rate(row),
    }


def _unit_cells(name: str, rows: list[Row], questions: list[str]) -> dict[str, str]:
    told = {row["indicator_id"]: row for row in rows}
    titles = {each: told[each]["short_name"] for each in questions if each in told}
    return {
        "Enhet": name,
        **{title: _result(told[each]) for each, title in titles.items()},
        "Antal svar": number(max((int(row["n"]) for row in rows if not is_empty(row["n"])), default=None), 0),
        "Svarsfrekvens": _rate(rows[0]),
    }


def _rate(row: Row) -> str:
    if is_empty(row["response_rate"]):
        return "Uppgift saknas"
    return quantity(row["response_rate"], "%") + (" (låg)" if row["is_response_low"] is True else "")


def _in_full(row: Row) -> dict[str, object]:
    return {
        "Enhet": text(row["unit_name"], "Hela kommunen"),
        "År": int(row["year"]),
        "Fråga": row["indicator_title"],
        "Resultat": _result(row),
        "Antal svar": None if is_empty(row["n"]) else int(row["n"]),
        "Svarsfrekvens": _rate(row),
        "Anmärkning": text(row["note"], ""),
    }


def _sentence(newest: list[Row]) -> str:
    """'2026: ”Trygga, enkät” 88,1 %. Upp till 1 476 personer svarade på en fråga, 82,8 % av dem som fick enkäten.'"""
    told = [row for row in newest if row["marker"] in ("", "~100", "~0")]
    if not told:
        return "Inga resultat kan visas: svaren är för få, eller så gjordes enkäten inte."
    now = [row for row in told if row["year"] == max(_years(told))]
    results = listed([f"”{row['short_name']}” {_in_line(row)}" for row in now][:MOST_LINES])
    answers = max((int(row["n"]) for row in now if not is_empty(row["n"])), default=None)
    behind = "" if answers is None else f" Upp till {number(answers, 0)} personer svarade på en fråga"
    if is_empty(now[0]["response_rate"]):
        silent = "Svarsfrekvensen saknas i uppgifterna."
        return f"{now[0]['year']}: {results}.{behind}{'. ' if behind else ' '}{silent}"
    share = f"{quantity(now[0]['response_rate'], '%')} av dem som fick enkäten"
    rate = (
        f"{behind}, {share}." if behind else f" Svarsfrekvensen var {quantity(now[0]['response_rate'], '%')}."
    )
    limit = quantity(low_response(), "%", 0)
    low = f" Det är under {limit}, så resultatet säger mindre." if now[0]["is_response_low"] is True else ""
    return f"{now[0]['year']}: {results}.{rate}{low}"


def _in_line(row: Row) -> str:
    return _result(row) if row["marker"] == "" else _result(row).lower()


def _marks(rows: list[Row]) -> tuple[tuple[str, str], ...]:
    return tuple(
        dict.fromkeys(
            (str(row["year"]), row["break_note"]) for row in rows if not is_empty(row["break_note"])
        )
    )


def _remarks(own: list[Row], whole: list[Row], years: list[int]) -> Iterator[str]:
    """Breaks, then the years without a result and why, then the years with few answers."""
    for number_of, (year, note) in enumerate(_marks(own + whole), start=1):
        yield f"({number_of}) {year}: {note.rstrip('.')}. Jämför inte med åren före."
    gaps: dict[str, set[int]] = {}
    for year in years:
        of_year = [row for row in own if row["year"] == year]
        if any(not is_empty(row["value"]) for row in of_year):
            continue
        said = [
            row["note"] for row in [*of_year, *whole] if row["year"] == year and not is_empty(row["note"])
        ]
        gaps.setdefault(said[0] if said else "Uppgift saknas", set()).add(year)
    for reason, missing in gaps.items():
        yield f"{years_in_words(sorted(missing))}: {reason.rstrip('.')}."
    if few := sorted({int(row["year"]) for row in own if row["is_response_low"] is True}):
        yield f"Låg svarsfrekvens, under {quantity(low_response(), '%', 0)}: {years_in_words(few)}."

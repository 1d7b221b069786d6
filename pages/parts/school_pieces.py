"""One school as pieces: its numbered charts in the set and on the axes of its school form, and all of it as one table."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import Any

import pandas as pd

from pages.parts.empty import missing_in_words
from pages.parts.filters import Filters
from pages.parts.pieces import Chart, Piece, Role, Section, Series, without_rows
from pages.parts.remembering import once_a_day
from pages.parts.rows import as_records
from pages.parts.sourcing import sources_in_words
from pages.parts.words import (
    GAPS,
    MARKERS,
    NO_BREAK,
    counted,
    is_empty,
    listed,
    measured,
    short_year,
    target,
    text,
    upper_first,
    years_in_words,
)
from queries import places, schools
from queries.connection import Exports

Row = dict[str, Any]
# How the lines of several schools are told apart, beside their letters.
ROLES: tuple[Role, ...] = ("own", "comparison", "third", "not_assessed")
LETTERS = "ABCD"


@once_a_day
def school_pieces(opened: Exports, chosen: Filters) -> list[Section]:
    """The charts of the chosen school, section by section: school, municipality and target over the years.

    Empty without a chosen school, for a school form without charts, and where the municipality has no outcomes.
    """
    rows = _rows_of(opened, chosen, [chosen.unit_id] if chosen.unit_id else [])
    return _sections(rows, lambda own: _alone(opened, chosen, own))


def side_by_side(opened: Exports, chosen: Filters, unit_ids: Sequence[str]) -> list[Section]:
    """The same charts with one line for each school, the chosen one first; all have its school form."""
    asked = [chosen.unit_id, *unit_ids] if chosen.unit_id else []
    rows = _rows_of(opened, chosen, asked)
    names = dict(chosen.units)
    return _sections(
        rows, lambda own: _together(opened, chosen, own, [(each, names[each]) for each in asked])
    )


@once_a_day
def school_summary_piece(opened: Exports, chosen: Filters) -> Piece:
    """All measures of the chosen school in one table: newest value, the municipality's, the year before and the target."""
    question = f"Hur ser läget ut för {chosen.whom}?"
    rows = _rows_of(opened, chosen, [chosen.unit_id] if chosen.unit_id else [])
    if not rows:
        return without_rows("skola-i-tal", question, missing(chosen))
    own = [_summary(list(group)) for _, group in groupby(rows, key=lambda row: row["position"])]
    valued = sum(line["has_value"] for line in own)
    shown = pd.DataFrame([{name: cell for name, cell in line.items() if name != "has_value"} for line in own])
    return Piece(
        "skola-i-tal",
        question,
        " ".join(filter(None, [_targets_reached(rows), _without_value(len(own) - valued)])),
        shown.drop(columns=["År", "Antal i underlaget", "Nyckeltal"]),
        _source(opened, rows),
        download=shown,
    )


def newest_table(opened: Exports, chosen: Filters, unit_ids: Sequence[str]) -> Piece:
    """The newest value of each measure, one column for each school, and the municipality last."""
    asked = [chosen.unit_id, *unit_ids] if chosen.unit_id else []
    names = dict(chosen.units)
    rows = _rows_of(opened, chosen, asked)
    question = f"Vad är det senaste värdet för {listed([names[each] for each in asked])}?"
    if not rows:
        return without_rows("minaskolor-tal", question, missing(chosen))
    rows.sort(key=lambda row: row["position"])
    lines = []
    for _, group in groupby(rows, key=lambda row: row["position"]):
        found = list(group)
        line = {"Mått": _name(found[0])}
        for unit_id in asked:
            line[names[unit_id]] = _newest_in_words([row for row in found if row["unit_id"] == unit_id])
        lines.append(line | {"Kommunen": _newest_in_words(found, "municipality_")})
    return Piece(
        "minaskolor-tal",
        question,
        f"{len(lines)} mått för {len(asked)} enheter; år står där värdet är äldre än det senaste.",
        pd.DataFrame(lines),
        _source(opened, rows),
    )


def missing(chosen: Filters) -> str:
    """What is said where there are no charts."""
    told = missing_in_words(
        f"Inget av nyckeltalen som visas här finns för {chosen.subject(chosen.year)}.", "outcomes"
    )
    return f"{told} Andra nyckeltal per skola visas på sidan Jämförelse, under Ett nyckeltal."


def breaks(sections: Iterable[Section]) -> list[str]:
    """What breaks the series of the charts, a line for each cause and year, with the numbers of the charts it is about."""
    told: dict[tuple[str, str], list[str]] = {}
    for piece in (piece for section in sections for piece in section.pieces):
        for year, note in piece.chart.marks if piece.chart else ():
            told.setdefault((year, note), []).append(piece.question.split(" ", 1)[0])
    return [
        f"Bild {listed(numbers)}, {year}: {note.rstrip('.')}. Jämför inte med åren före."
        for (year, note), numbers in told.items()
    ]


def _rows_of(opened: Exports, chosen: Filters, unit_ids: Sequence[str]) -> list[Row]:
    if not unit_ids:
        return []
    asked = {"municipality_id": chosen.municipality_id, "year": chosen.year, "unit_ids": list(unit_ids)}
    return as_records(schools.school_indicators(opened, **asked))


def _sections(rows: list[Row], made: Any) -> list[Section]:
    in_order = sorted(rows, key=lambda row: row["position"])
    charts = [list(group) for _, group in groupby(in_order, key=lambda row: row["position"])]
    return [
        Section(title, tuple(made(own) for own in group))
        for title, group in groupby(charts, key=lambda own: own[0]["section"])
    ]


def _alone(opened: Exports, chosen: Filters, own: list[Row]) -> Piece:
    series = [Series(chosen.whom, _values(own, "value"))]
    if own[0]["has_municipality_line"]:
        series.append(Series("Kommunen", _values(own, "municipality_value"), "comparison"))
    if any(not is_empty(row["target_value"]) for row in own):
        series.append(Series("Mål", _values(own, "target_value"), "target"))
    return Piece(
        f"skola-{own[0]['indicator_id']}",
        _name(own[0]),
        _sentence(own),
        pd.DataFrame([_year_row(row) for row in own]),
        _source(opened, own, is_short=True),
        chart=_chart(own, series),
        remarks=tuple(_remarks(own)),
    )


def _together(opened: Exports, chosen: Filters, rows: list[Row], asked: Sequence[tuple[str, str]]) -> Piece:
    by_unit = {unit_id: [row for row in rows if row["unit_id"] == unit_id] for unit_id, _ in asked}
    series = [
        Series(name, _values(by_unit[unit_id], "value"), role, letter)
        for (unit_id, name), role, letter in zip(asked, ROLES, LETTERS, strict=False)
    ]
    newest = [
        f"{one.label} {_lower_first(_newest_in_words(by_unit[unit_id]))}"
        for one, (unit_id, _) in zip(series, asked, strict=True)
    ]
    first = by_unit[asked[0][0]]
    table = pd.DataFrame({"År": [str(row["year"]) for row in first]})
    for unit_id, name in asked:
        table[name] = [_cell(row) for row in by_unit[unit_id]]
    return Piece(
        f"minaskolor-{first[0]['indicator_id']}",
        _name(first[0]),
        f"{'; '.join(newest)}.",
        table,
        _source(opened, rows, is_short=True),
        chart=_chart(first, series),
    )


def _chart(own: list[Row], series: list[Series]) -> Chart:
    first = own[0]
    return Chart(
        "lines",
        tuple(str(row["year"]) for row in own),
        tuple(series),
        text(first["unit"], ""),
        first["decimals"],
        _or_none(first["axis_low"]),
        _or_none(first["axis_high"]),
        tuple((str(row["year"]), row["break_note"]) for row in own if not is_empty(row["break_note"])),
    )


def _name(row: Row) -> str:
    return f"{row['position']} {row['title']}"


def _values(rows: list[Row], column: str) -> tuple[float | None, ...]:
    return tuple(_or_none(row[column]) for row in rows)


def _or_none(value: Any) -> float | None:
    return None if is_empty(value) else float(value)


def _cell(row: Row, prefix: str = "") -> str:
    value, marker = row[f"{prefix}value"], row[f"{prefix}marker"]
    return measured(value, marker, row["unit"] if row["unit"] == "%" else "", row["decimals"])


def _year_row(row: Row) -> Row:
    return {
        "År": str(row["year"]),
        "Skolan": _cell(row),
        "Kommunen": _cell(row, "municipality_") if row["has_municipality_line"] else text(None),
        "Mål": target(row["target_operator"], row["target_value"], "", row["decimals"]),
    }


def _sentence(own: list[Row]) -> str:
    """'2025/26: 61,2 % (n = 520), kommunen 60,4 %. Mål: minst 62 %.' The year is that of the school's newest value."""
    told = [row for row in own if _is_told(row)]
    row = told[-1] if told else own[-1]
    year = upper_first(short_year(row["year"], row["period"]))
    behind = "" if is_empty(row["n"]) else f" (n{NO_BREAK}={NO_BREAK}{int(row['n'])})"
    parts = [f"{year}: {_lower_first(_cell(row))}{behind}"] if told else []
    if row["has_municipality_line"] and not is_empty(row["municipality_value"]):
        theirs = _cell(row, "municipality_")
        parts.append(f"kommunen {theirs}" if told else f"{year}: kommunen {theirs}")
    aimed = target(row["target_operator"], row["target_value"], "", row["decimals"])
    goal = "" if is_empty(row["target_value"]) else f" Mål: {aimed}."
    return f"{', '.join(parts)}.{goal}" if parts else "Inga värden."


def _is_told(row: Row) -> bool:
    """Whether the row says anything of the school itself: a value, or one that is near an end."""
    return not is_empty(row["value"]) or row["marker"] in ("~100", "~0")


def _remarks(own: list[Row]) -> Iterable[str]:
    """Why years lack a value, each reason once; then the years that the series breaks in, which breaks() explains."""
    reasons: dict[str, list[int]] = {}
    for row in own:
        if reason := _reason(row):
            reasons.setdefault(reason, []).append(int(row["year"]))
    for reason, years in reasons.items():
        yield f"{upper_first(reason)}." if len(years) == len(own) else f"{years_in_words(years)}: {reason}."
    if broken := [int(row["year"]) for row in own if not is_empty(row["break_note"])]:
        yield f"Brott i serien {years_in_words(broken)}."


def _reason(row: Row) -> str:
    if not is_empty(row["value"]):
        return ""
    if row["gap"] == "as_municipality":
        return _noted(row["municipality_marker"], row["municipality_note"])
    return GAPS[row["gap"]] if row["gap"] else _noted(row["marker"], row["note"])


def _noted(marker: str, note: Any) -> str:
    # What a source itself says of a test that was called off is better than the word for it.
    said = note if marker in (".", "cancelled") and not is_empty(note) else MARKERS[marker]
    return _lower_first(said).rstrip(".")


def _lower_first(said: str) -> str:
    return f"{said[:1].lower()}{said[1:]}"


def _summary(own: list[Row]) -> Row:
    told = [row for row in own if _is_told(row)]
    newest = told[-1] if told else own[-1]
    before = [row for row in own if row["year"] == newest["year"] - 1]
    return {
        "Mått": _name(newest),
        "Skola": _newest_in_words(own),
        "Kommun": _cell(newest, "municipality_") if newest["has_municipality_line"] else text(None),
        "Förra året": _cell(before[0]) if before else text(None),
        "Mål": target(newest["target_operator"], newest["target_value"], "", newest["decimals"]),
        "År": short_year(newest["year"], newest["period"]),
        "Antal i underlaget": None if is_empty(newest["n"]) else int(newest["n"]),
        "Nyckeltal": newest["indicator_title"],
        "has_value": bool(told),
    }


def _without_value(count: int) -> str:
    return f"{counted(count, 'mått', 'mått')} saknar värde." if count else "Alla mått har ett värde."


def _newest_in_words(own: list[Row], prefix: str = "") -> str:
    """The newest value, with its year in brackets when it is not the last one; the reason where there is none."""
    if prefix and not own[0]["has_municipality_line"]:
        return text(None)
    ends = ("~100", "~0")
    told = [row for row in own if not is_empty(row[f"{prefix}value"]) or row[f"{prefix}marker"] in ends]
    if not told:
        return upper_first(_reason(own[-1])) if not prefix else text(None)
    year = "" if told[-1]["year"] == own[-1]["year"] else f" ({told[-1]['year']})"
    return f"{_cell(told[-1], prefix)}{year}"


def _targets_reached(rows: list[Row]) -> str:
    last = max(row["year"] for row in rows)
    held = [row["is_reached"] for row in rows if row["year"] == last and not is_empty(row["is_reached"])]
    return f"{sum(held)} av {len(held)} värden når målet {last}." if held else ""


def _source(opened: Exports, rows: list[Row], *, is_short: bool = False) -> str:
    told = [row[name] for name in ("source_id", "municipality_source_id") for row in rows]
    return sources_in_words(opened, told, is_short=is_short)


def years_shown(opened: Exports, chosen: Filters) -> int | None:
    """The last year on the axes: the chosen one, else the newest with outcomes."""
    return chosen.year or places.newest_year(opened, chosen.municipality_id, "outcomes")

"""Volume and market share as one piece: how many children and pupils, and how large a part of those who could come."""

from __future__ import annotations

from itertools import groupby
from typing import Any

import pandas as pd

from pages.parts.empty import missing_in_words
from pages.parts.filters import Filters
from pages.parts.pieces import Chart, Piece, Series, without_rows
from pages.parts.rows import as_records
from pages.parts.sourcing import sources_in_words
from pages.parts.words import DASH, counted, is_empty, listed, number, quantity
from queries.connection import Exports
from queries.schools import school_indicators

VOLUME, SHARE = "L19", "L20"
QUESTION = "Hur många barn och elever, och hur stor marknadsandel?"
KEY = "volym"
Row = dict[str, Any]
# unit_id, year → the rows of both indicators that year.
Years = dict[int, dict[str, Row]]


def volume_piece(opened: Exports, chosen: Filters) -> Piece:
    """One unit over the years, or several units in the newest year beside the year before."""
    found = school_indicators(
        opened, municipality_id=chosen.municipality_id, year=chosen.year, unit_ids=chosen.unit_ids
    )
    found = found[found["indicator_id"].isin((VOLUME, SHARE)) & (found["gap"] != "closed")]
    told = found[(found["indicator_id"] == VOLUME) & found["value"].notna()]
    if told.empty:
        what = f"Antal barn och elever saknas för {chosen.subject(chosen.year)}."
        return without_rows(KEY, QUESTION, missing_in_words(what, "outcomes"))
    units = _by_unit(found)
    source = sources_in_words(opened, found["source_id"])
    if chosen.unit_id:
        return _of_one(chosen.whom, units[chosen.unit_id], source)
    return _of_several(chosen, units, int(told["year"].max()), source)


def _by_unit(found: pd.DataFrame) -> dict[str, Years]:
    rows = sorted(as_records(found), key=lambda row: (row["unit_id"], row["year"]))
    units: dict[str, Years] = {}
    for (unit_id, year), group in groupby(rows, key=lambda row: (row["unit_id"], row["year"])):
        units.setdefault(unit_id, {})[int(year)] = {row["indicator_id"]: row for row in group}
    return units


def _of_one(whom: str, years: Years, source: str) -> Piece:
    known = [year for year in years if _value(years[year], VOLUME) is not None]
    last = max(known)
    table = pd.DataFrame(
        {
            "År": [str(year) for year in years],
            "Antal": [_cell(years[year], VOLUME) for year in years],
            "Marknadsandel": [_cell(years[year], SHARE) for year in years],
        }
    )
    chart = Chart(
        "lines",
        tuple(str(year) for year in years),
        (Series("Antal", tuple(_value(years[year], VOLUME) for year in years)),),
        decimals=0,
    )
    said = f"{whom} har {_cell(years[last], VOLUME)} barn och elever {last}{_change(years, last)}."
    if _value(years[last], SHARE) is not None:
        said += f" Marknadsandelen är {_cell(years[last], SHARE)}."
    return Piece(KEY, QUESTION, said, table, source, chart)


def _of_several(chosen: Filters, units: dict[str, Years], last: int, source: str) -> Piece:
    names = dict(chosen.units)
    held = {unit_id: years for unit_id, years in units.items() if last in years}
    ordered = sorted(held, key=lambda unit_id: names.get(unit_id, unit_id))
    table = pd.DataFrame(
        {
            "Enhet": [names.get(unit_id, unit_id) for unit_id in ordered],
            f"Antal {last}": [_cell(held[unit_id][last], VOLUME) for unit_id in ordered],
            f"Antal {last - 1}": [_cell(held[unit_id].get(last - 1, {}), VOLUME) for unit_id in ordered],
            f"Marknadsandel {last}": [_cell(held[unit_id][last], SHARE) for unit_id in ordered],
        }
    )
    counts = [_value(held[unit_id][last], VOLUME) for unit_id in ordered]
    lacking = [
        names.get(unit_id, unit_id) for unit_id, count in zip(ordered, counts, strict=True) if count is None
    ]
    said = f"{counted(len(ordered), 'enhet', 'enheter')} {last}"
    # A sum is only told where nothing is missing in it.
    if not lacking:
        said += f" med tillsammans {number(sum(count for count in counts if count is not None), 0)} barn och elever"
    remarks = (f"Antal saknas för {listed(lacking)}.",) if lacking else ()
    return Piece(KEY, QUESTION, f"{said}.", table, source, remarks=remarks)


def _change(years: Years, last: int) -> str:
    """', 12 fler än 2025', against the year before; empty where that is missing."""
    now, before = _value(years[last], VOLUME), _value(years.get(last - 1, {}), VOLUME)
    if now is None or before is None:
        return ""
    apart = round(now - before)
    than = f"{abs(apart)} {'fler' if apart > 0 else 'färre'} än" if apart else "lika många som"
    return f", {than} {last - 1}"


def _value(rows: dict[str, Row], indicator_id: str) -> float | None:
    row = rows.get(indicator_id)
    return None if row is None or is_empty(row["value"]) else float(row["value"])


def _cell(rows: dict[str, Row], indicator_id: str) -> str:
    row = rows.get(indicator_id)
    if row is None or is_empty(row["value"]):
        return DASH
    return quantity(row["value"], "%" if row["unit"] == "%" else "", row["decimals"])

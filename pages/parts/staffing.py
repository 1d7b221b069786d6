"""Children per full-time post in preschool, always with and without the posts that state grants pay."""

from __future__ import annotations

from typing import Any

import pandas as pd

from pages.parts import answer
from pages.parts.empty import missing_in_words
from pages.parts.filters import Filters
from pages.parts.pieces import Chart, Piece, Series, without_rows
from pages.parts.rows import as_records
from pages.parts.sourcing import sources_in_words
from pages.parts.words import is_empty, listed, measured, number, target
from queries.connection import Exports
from queries.results import staffing_with_grants

HELD = {True: "✓ hålls", False: "! hålls inte"}
UNTOLD = "– går inte att säga"
SIDES = {"with": "med", "without": "utan"}
MOST_NAMED = 4
Row = dict[str, Any]


def staffing(opened: Exports, chosen: Filters) -> None:
    """Over the years, and then unit by unit."""
    answer.piece(opened, chosen, staffing_piece(opened, chosen))
    if not chosen.unit_id and not (units := staffing_units_piece(opened, chosen)).is_empty:
        answer.piece(opened, chosen, units)


def staffing_piece(opened: Exports, chosen: Filters) -> Piece:
    """Children per full-time post over the years, of the chosen unit or the whole municipality. One row a year."""
    question = "Hålls målet för barn per årsarbetare med och utan statsbidrag?"
    # An area has no row of its own, and no count of posts that one could be made of: the municipality stands there.
    asked = _asked(opened, chosen, [chosen.unit_id] if chosen.unit_id else [])
    rows = asked if chosen.unit_id else asked[asked["unit_id"].isna()]
    years = as_records(rows.sort_values("year"))
    if not years:
        said = missing_in_words(f"Barn per årsarbetare saknas för {chosen.subject(chosen.year)}.", "outcomes")
        return without_rows("barn-per-arsarbetare", question, said)
    chart = Chart(
        "lines",
        tuple(str(row["year"]) for row in years),
        (
            Series("Med statsbidrag", tuple(_value(row["with_grants"]) for row in years)),
            Series("Utan statsbidrag", tuple(_value(row["without_grants"]) for row in years), "comparison"),
            Series("Målvärde", tuple(_value(_aim(row)) for row in years), "target"),
        ),
        "barn",
        1,
    )
    table = pd.DataFrame(
        {
            "År": [str(row["year"]) for row in years],
            "Med statsbidrag": [_side(row, "with") for row in years],
            "Utan statsbidrag": [_side(row, "without") for row in years],
            "Målvärde": [_target(row) for row in years],
        }
    )
    notes = dict.fromkeys(
        row[column] for row in years for column in ("with_note", "without_note") if not is_empty(row[column])
    )
    return Piece(
        "barn-per-arsarbetare",
        question,
        _sentence(chosen.unit or chosen.municipality, years[-1]),
        table,
        sources_in_words(opened, {row["source_id"] for row in years}),
        chart if len(years) > 1 else None,
        remarks=tuple(notes),
    )


def staffing_units_piece(opened: Exports, chosen: Filters) -> Piece:
    """The same per preschool in the newest year. One row a unit, the most children per post first."""
    question = "Barn per årsarbetare, förskola för förskola"
    rows = _asked(opened, chosen, chosen.unit_ids)
    rows = rows[rows["unit_id"].notna()]
    if rows.empty:
        said = missing_in_words(
            f"Barn per årsarbetare per förskola saknas för {chosen.subject(chosen.year)}.", "outcomes"
        )
        return without_rows("barn-per-enhet", question, said)
    units = as_records(rows[rows["year"] == rows["year"].max()])
    table = pd.DataFrame(
        {
            "Förskola": [row["unit_name"] for row in units],
            "Med statsbidrag": [_side(row, "with") for row in units],
            "Utan statsbidrag": [_side(row, "without") for row in units],
        }
    )
    both = sum(row["is_held_with_grants"] is True and row["is_held_without_grants"] is True for row in units)
    only = [
        row["unit_name"]
        for row in units
        if row["is_held_with_grants"] is True and row["is_held_without_grants"] is False
    ]
    neither = [row["unit_name"] for row in units if row["is_held_with_grants"] is False]
    said = (
        f"{units[0]['year']} klarar {both} av {len(units)} förskolor {_target(units[0])} både med och utan statsbidrag, "
        f"{len(only)} bara med och {len(neither)} inte ens med"
    )
    said += f": {_named(neither)}." if neither else "."
    return Piece(
        "barn-per-enhet",
        question,
        said,
        table,
        sources_in_words(opened, {row["source_id"] for row in units}),
        remarks=("Målvärdet gäller hela kommunen där förskolan inte har ett eget.",),
    )


def _asked(opened: Exports, chosen: Filters, unit_ids: list[str]) -> pd.DataFrame:
    return staffing_with_grants(
        opened, municipality_id=chosen.municipality_id, year=chosen.year, unit_ids=unit_ids
    )


def _sentence(whom: str, row: Row) -> str:
    known = [side for side in SIDES if not is_empty(row[f"{side}_grants"])]
    if len(known) < 2:
        return _half_known(whom, row, known)
    said = (
        f"{row['year']} har {whom} {number(row['with_grants'])} barn per årsarbetare med statsbidrag "
        f"och {number(row['without_grants'])} utan."
    )
    if is_empty(_aim(row)):
        return f"{said} Målvärde saknas."
    match bool(row["is_held_with_grants"]), bool(row["is_held_without_grants"]):
        case True, True:
            held = "hålls både med och utan"
        case False, False:
            held = "hålls varken med eller utan"
        case True, False:
            held = "hålls med men inte utan"
        case _:
            held = "hålls utan men inte med"
    return f"{said} Målet, {_target(row)}, {held} statsbidrag."


def _half_known(whom: str, row: Row, known: list[str]) -> str:
    """Where only one of the two is told. A source that does not say how it counted is not made to have said it."""
    if not known:
        return f"{row['year']} finns inget värde för {whom}, varken med eller utan statsbidrag."
    (side,) = known
    (other,) = set(SIDES) - {side}
    is_unsaid = not is_empty(row[f"{side}_note"])
    counted_how = "" if is_unsaid else f" {SIDES[side]} statsbidrag"
    said = f"{row['year']} har {whom} {number(row[f'{side}_grants'])} barn per årsarbetare{counted_how}"
    if not is_empty(row[f"is_held_{side}_grants"]):
        said += f": målet, {_target(row)}, {'hålls' if row[f'is_held_{side}_grants'] else 'hålls inte'}"
    if is_unsaid:
        return f"{said}. Källan skiljer inte på med och utan statsbidrag, så om målet hålls {SIDES[other]} går inte att säga."
    return f"{said}. Uppgift {SIDES[other]} statsbidrag saknas, så om målet hålls {SIDES[other]} går inte att säga."


def _side(row: Row, side: str) -> str:
    """'5,1 ✓ hålls': the value, or why there is none, and whether the target holds."""
    value = measured(row[f"{side}_grants"], row[f"{side}_marker"], "", 1)
    if value == "–":
        return "uppgift saknas"
    held = row[f"is_held_{side}_grants"]
    noted = "" if is_empty(row[f"{side}_note"]) else " (se anmärkningen)"
    return f"{value} {UNTOLD if is_empty(held) else HELD[bool(held)]}{noted}"


def _aim(row: Row) -> Any:
    return row["with_target"] if not is_empty(row["with_target"]) else row["without_target"]


def _target(row: Row) -> str:
    return target(row["target_operator"], _aim(row), "", 1) if not is_empty(_aim(row)) else "saknas"


def _value(value: Any) -> float | None:
    return None if is_empty(value) else float(value)


def _named(names: list[str]) -> str:
    more = [f"{len(names) - MOST_NAMED} till"] if len(names) > MOST_NAMED else []
    return listed([*names[:MOST_NAMED], *more])

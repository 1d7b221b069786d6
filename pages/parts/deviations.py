"""Large deviations from budget and result requirement, those without a plan on top."""

from __future__ import annotations

from typing import Any

import pandas as pd

from pages.parts import answer
from pages.parts.empty import missing_in_words
from pages.parts.filters import Filters
from pages.parts.pieces import Chart, Piece, Series, without_rows
from pages.parts.rows import as_records
from pages.parts.sourcing import sources_in_words
from pages.parts.words import (
    PLAN_STATES,
    is_empty,
    kronor,
    listed,
    month_of,
    number,
    quantity,
)
from queries.connection import Exports
from queries.months import deviation_rule, large_deviations

Row = dict[str, Any]


def deviations(opened: Exports, chosen: Filters) -> None:
    """Which deviate, and what is planned."""
    answer.piece(opened, chosen, deviation_piece(opened, chosen), is_open=True)


def deviation_piece(opened: Exports, chosen: Filters) -> Piece:
    """Large deviations by the published rule, those without a plan first. One row a unit."""
    question = "Vilka stora avvikelser saknar plan?"
    asked = large_deviations(
        opened, municipality_id=chosen.municipality_id, year=chosen.year, unit_ids=chosen.unit_ids
    )
    if asked.empty:
        said = missing_in_words(
            f"Kostnader per månad och resultat per enhet saknas för {chosen.subject(chosen.year)}.",
            "monthly_values",
        )
        return without_rows("avvikelser", question, said)
    large = as_records(asked[asked["is_large"].astype(bool)])
    ids = {*asked["source_id"].dropna(), *asked["result_source_id"].dropna()}
    table = pd.DataFrame(
        {
            "Enhet": [row["unit_name"] for row in large],
            "Plan": [_state(row) for row in large],
            "Kostnad hittills": [_cost(row) for row in large],
            "Mot kravet (procentenheter)": [_result(row) for row in large],
        }
    )
    return Piece(
        "avvikelser",
        question,
        _sentence(chosen, asked, large),
        table,
        sources_in_words(opened, ids),
        _chart(large),
        remarks=(*_rule(), *_gaps(large)),
        download=_download(asked),
    )


def _sentence(chosen: Filters, asked: pd.DataFrame, large: list[Row]) -> str:
    year = int(asked["year"].iloc[0])
    if not large:
        whom = f"{chosen.whom} har ingen" if chosen.unit_id else f"Ingen av {len(asked)} enheter har någon"
        return f"{whom} stor avvikelse {year}, enligt regeln nedan."
    without = [row["unit_name"] for row in large if row["is_without_plan"]]
    if chosen.unit_id:
        said = f"{chosen.whom} har en stor avvikelse {year}"
        return f"{said} och ingen plan för den." if without else f"{said} och en plan för den."
    said = f"{len(large)} av {len(asked)} enheter har en stor avvikelse {year}."
    if not without:
        return f"{said} Alla har en plan."
    count = f"{len(without)} av dem" if len(without) < len(large) else "Ingen av dem har en plan"
    return (
        f"{said} {count} saknar plan: {listed(without)}."
        if len(without) < len(large)
        else f"{said} {count}: {listed(without)}."
    )


def _chart(large: list[Row]) -> Chart | None:
    drawn = [row for row in large if not is_empty(row["deviation_percent"])]
    shares = [round(float(row["deviation_percent"]), 2) for row in drawn]
    if not shares:
        return None
    # Room for the numbers at both ends, also where a phone leaves little beside the names.
    low, high = min(0.0, *shares), max(0.0, *shares)
    room = 0.4 * (high - low)
    return Chart(
        "bars",
        tuple(row["unit_name"] for row in drawn),
        (Series("Kostnad hittills mot budget", tuple(shares)),),
        "%",
        low=round(low - room, 2) if low else None,
        high=round(high + room, 2) if high else None,
    )


def _rule() -> tuple[str, ...]:
    rule = deviation_rule()
    words = ", ".join(f"”{word}”" for word in rule["plan_words"])
    return (
        f"Regeln: en avvikelse är stor om kostnaden hittills i år skiljer sig från budget med minst "
        f"{_plain(rule['percent'])} % och minst {number(rule['kronor'], 0)} kr, åt något håll, eller om årets resultat ligger minst "
        f"{_plain(rule['requirement_points'])} procentenheter under resultatkravet.",
        f"Som plan räknas enhetens egen öppna åtgärd, eller en överenskommelse med enheten från de senaste "
        f"{number(rule['plan_years'], 0)} åren utan redovisat utfall, där något ord börjar på {words}. "
        "Det som gäller alla enheter eller ett område räknas inte.",
    )


def _plain(value: float) -> str:
    """A number of the settings without decimals that say nothing."""
    return number(value, 0 if float(value).is_integer() else 1)


def _gaps(large: list[Row]) -> tuple[str, ...]:
    newest = max((row["last_month"] for row in large if not is_empty(row["last_month"])), default=None)
    return tuple(
        f"{row['unit_name']}: {int(row['count_months'])} av {newest.month} månader har både budget och utfall, till och med {month_of(newest)}."
        for row in large
        if not is_empty(row["count_months"]) and row["count_months"] < newest.month
    )


def _state(row: Row) -> str:
    mark = PLAN_STATES[bool(row["is_without_plan"])].shown
    return mark if row["is_without_plan"] else f"{mark}: {'; '.join(row['plans'])}"


def _cost(row: Row) -> str:
    if is_empty(row["deviation_percent"]):
        return "saknas"
    sign = "+" if row["deviation"] > 0 else ""
    return f"{sign}{quantity(row['deviation_percent'], '%')} ({sign}{kronor(row['deviation'])})"


def _result(row: Row) -> str:
    if is_empty(row["over_percent"]):
        return "saknas"
    sign = "+" if row["over_percent"] > 0 else ""
    said = f"{sign}{number(row['over_percent'])}"
    return f"{said} (prognos)" if row["is_forecast"] else said


def _download(asked: pd.DataFrame) -> pd.DataFrame:
    rows = as_records(asked)
    return pd.DataFrame(
        {
            "Enhet": [row["unit_name"] for row in rows],
            "År": [row["year"] for row in rows],
            "Stor avvikelse": ["Ja" if row["is_large"] else "Nej" for row in rows],
            "Plan": [_state(row) if row["is_large"] else "–" for row in rows],
            "Månader": [row["count_months"] for row in rows],
            "Budget hittills (kr)": [row["budget"] for row in rows],
            "Utfall hittills (kr)": [row["outcome"] for row in rows],
            "Avvikelse (kr)": [row["deviation"] for row in rows],
            "Avvikelse (%)": list(asked["deviation_percent"].round(2)),
            "Mot resultatkravet (procentenheter)": list(asked["over_percent"].round(2)),
            "Mot resultatkravet (kr)": [row["over_kronor"] for row in rows],
        }
    )

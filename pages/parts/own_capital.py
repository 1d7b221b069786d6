"""Result requirement and own capital: the path of the years, who breaks the requirement, is capital intact."""

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
    CAPITAL_STATES,
    DASH,
    REQUIREMENT_STATES,
    in_a_row,
    is_empty,
    kronor,
    listed,
    number,
    quantity,
    upper_first,
)
from queries.connection import Exports
from queries.results import economy_totals, unit_economy

MOST_NAMED = 4
POINTS = "procentenheter"
FORECAST = " (prognos)"
# The rule that a unit's capital is judged by, in words.
RULE = (
    "Så bedöms det egna kapitalet: utgående = ingående + årets resultat − uttag. Intakt: utgående är minst lika stort som ingående "
    "och inte under noll. Minskat: utgående är lägre än ingående. Förbrukat: utgående är under noll."
)
Row = dict[str, Any]


def requirement(opened: Exports, chosen: Filters) -> None:
    """The path, the units and their capital."""
    for made in (requirement_path_piece, requirement_piece, capital_piece):
        answer.piece(opened, chosen, made(opened, chosen))


def requirement_path_piece(opened: Exports, chosen: Filters) -> Piece:
    """Result against requirement over the years, in percent of the turnover. One row a year."""
    question = "Hur har resultatet legat mot resultatkravet?"
    rows = as_records(
        economy_totals(
            opened, municipality_id=chosen.municipality_id, year=chosen.year, unit_ids=chosen.unit_ids
        )
    )
    if not rows:
        return _nothing("resultatkrav-ar", question, chosen)
    years = tuple(_year(row) for row in rows)
    chart = Chart(
        "lines",
        years,
        (
            Series("Resultat", tuple(_share(row["result_percent"]) for row in rows)),
            Series("Resultatkrav", tuple(_share(row["requirement_percent"]) for row in rows), "target"),
        ),
        "%",
        1,
    )
    table = pd.DataFrame(
        {
            "År": list(years),
            "Resultatkrav": [_signed(row["requirement_percent"], "%") for row in rows],
            "Resultat": [quantity(row["result_percent"], "%") if _has(row) else "saknas" for row in rows],
            "Mot kravet (procentenheter)": [_against(row) for row in rows],
        }
    )
    ids = dict.fromkeys(source_id for row in rows for source_id in row["source_ids"])
    remarks = [
        f"{row['year']}: {row['count_with_result']} av {row['count_units']} enheter har både resultat och omsättning."
        for row in rows
        if 0 < row["count_with_result"] < row["count_units"]
    ]
    return Piece(
        "resultatkrav-ar",
        question,
        _path_sentence(chosen, rows),
        table,
        sources_in_words(opened, ids),
        chart,
        tuple(remarks),
    )


def requirement_piece(opened: Exports, chosen: Filters) -> Piece:
    """Who breaks the requirement in the newest year with results. One row a unit, the furthest below first."""
    question = "Nås resultatkravet?" if chosen.unit_id else "Vilka enheter bryter resultatkravet?"
    units = _units(opened, chosen)
    known = units[units["over_percent"].notna()]
    if known.empty:
        return _nothing("resultatkrav", question, chosen, "Resultat och omsättning per enhet")
    year = int(known["year"].max())
    rows = as_records(known[known["year"] == year])
    lacking = units[(units["year"] == year) & units["over_percent"].isna()]["unit_name"].tolist()
    remarks = [f"Uppgift om resultat, omsättning eller krav saknas för {listed(lacking)}."] if lacking else []
    remarks = [*_last_closed(known, year), *remarks]
    return Piece(
        "resultatkrav",
        question,
        _requirement_sentence(rows),
        _requirement_table(rows),
        sources_in_words(opened, {row["source_id"] for row in rows}),
        remarks=tuple(remarks),
        download=_download(units),
    )


def capital_piece(opened: Exports, chosen: Filters) -> Piece:
    """Own capital: opening + result − disposed = closing, and whether it is intact. One row a unit, the worst first."""
    question = "Är det egna kapitalet intakt?"
    units = _units(opened, chosen)
    known = units[units["capital_state"] != "unknown"]
    if known.empty:
        return _nothing("eget-kapital", question, chosen, "Eget kapital per enhet")
    year = int(known["year"].max())
    worst = ["used_up", "reduced", "intact"]
    rows = sorted(
        as_records(known[known["year"] == year]),
        key=lambda row: (worst.index(row["capital_state"]), row["closing_capital"]),
    )
    table = pd.DataFrame(
        {
            "Enhet": [row["unit_name"] for row in rows],
            "Ingående + resultat − uttag (tkr)": [_sum_in_words(row) for row in rows],
            "Utgående (tkr)": [_tkr(row["closing_capital"]) for row in rows],
            "Läge": [CAPITAL_STATES[row["capital_state"]].shown for row in rows],
        }
    )
    return Piece(
        "eget-kapital",
        question,
        _capital_sentence(rows),
        table,
        sources_in_words(opened, {row["source_id"] for row in rows}),
        remarks=(*_carried_otherwise(units), RULE),
        download=_download(units),
    )


def _last_closed(known: pd.DataFrame, year: int) -> list[str]:
    """What the last closed year said, where the year shown is a forecast."""
    closed = known[(known["year"] < year) & ~known["is_forecast"].astype(bool)]
    if closed.empty or not known.loc[known["year"] == year, "is_forecast"].any():
        return []
    last = closed[closed["year"] == closed["year"].max()]
    below = int(last["is_below_requirement"].astype(bool).sum())
    said = f"{year} är en prognos. I det senaste bokslutet, {int(last['year'].max())},"
    if len(last) == 1:
        return [f"{said} {'bröts' if below else 'nåddes'} kravet."]
    return [f"{said} bröt {below} av {len(last)} enheter kravet."]


def _units(opened: Exports, chosen: Filters) -> pd.DataFrame:
    found = unit_economy(
        opened, municipality_id=chosen.municipality_id, year=chosen.year, unit_ids=chosen.unit_ids
    )
    return found[found["unit_id"].notna()]


def _nothing(key: str, question: str, chosen: Filters, what: str = "Resultatkrav och eget kapital") -> Piece:
    until = f" till och med {chosen.year}" if chosen.year else ""
    said = missing_in_words(f"{what} saknas för {chosen.whom}{until}.", "unit_results")
    return without_rows(key, question, said)


def _path_sentence(chosen: Filters, rows: list[Row]) -> str:
    known = [row for row in rows if _has(row)]
    if not known:
        path = listed([f"{_signed(row['requirement_percent'], '%', 0)} {row['year']}" for row in rows])
        said = f"Resultatkravet för {chosen.whom} är {path}. Resultat och omsättning saknas"
        return f"{said}, så det går inte att säga om kravet nås."
    last = known[-1]
    side = "under" if last["over_percent"] < 0 else "över"
    said = (
        f"{_year(last)} är resultatet för {chosen.whom} {quantity(last['result_percent'], '%')} av omsättningen, "
        f"{quantity(abs(last['over_percent']), POINTS)} {side} kravet på {_signed(last['requirement_percent'], '%')}."
    )
    below = [row["year"] for row in known if row["over_percent"] < 0]
    counting = ", prognosen inräknad" if last["is_forecast"] else ""
    return f"{said} Kravet har nåtts {len(known) - len(below)} av {len(known)} år{counting}."


def _requirement_sentence(rows: list[Row]) -> str:
    below = [row for row in rows if row["is_below_requirement"]]
    year = _year(rows[0])
    if len(rows) == 1:
        (row,) = rows
        state = "bryter resultatkravet" if below else "når resultatkravet"
        said = f"{row['unit_name']} {state} {year}: {_signed(row['over_percent'], POINTS)} ({kronor(row['over_kronor'])}) mot kravet på {_signed(row['requirement_percent'], '%')}"
        return f"{said}, {in_a_row(int(row['years_in_a_row']))}." if below else f"{said}."
    if not below:
        return f"{year} når alla {len(rows)} enheter sitt resultatkrav."
    worst = [
        f"{row['unit_name']} ({quantity(row['over_percent'], POINTS)}, {in_a_row(int(row['years_in_a_row']))})"
        for row in below[:MOST_NAMED]
    ]
    return f"{year} bryter {len(below)} av {len(rows)} enheter resultatkravet. Längst under ligger {listed(worst)}."


def _requirement_table(rows: list[Row]) -> pd.DataFrame:
    states = [REQUIREMENT_STATES[bool(row["is_below_requirement"])].shown for row in rows]
    years = [int(row["years_in_a_row"]) for row in rows]
    return pd.DataFrame(
        {
            "Enhet": [row["unit_name"] for row in rows],
            "Läge": [
                f"{state}, {in_a_row(run)}" if run else state
                for state, run in zip(states, years, strict=True)
            ],
            "Mot kravet (procentenheter)": [_against(row) for row in rows],
            "Resultat": [f"{quantity(row['result_percent'], '%')} ({kronor(row['result'])})" for row in rows],
            "Krav": [_signed(row["requirement_percent"], "%") for row in rows],
        }
    )


def _capital_sentence(rows: list[Row]) -> str:
    year = _year(rows[0])
    if len(rows) == 1:
        (row,) = rows
        state = CAPITAL_STATES[row["capital_state"]].word.lower()
        return f"{row['unit_name']}s egna kapital är {state} {year}: {kronor(row['closing_capital'])} vid årets slut."
    by_state = {state: [row for row in rows if row["capital_state"] == state] for state in CAPITAL_STATES}
    said = f"{year} är det egna kapitalet intakt på {len(by_state['intact'])} av {len(rows)} enheter."
    for state, words in (("reduced", "Det har minskat på"), ("used_up", "Det är förbrukat på")):
        if found := by_state[state]:
            names = [f"{row['unit_name']} ({kronor(row['closing_capital'])})" for row in found[:MOST_NAMED]]
            more = [f"{len(found) - MOST_NAMED} till"] if len(found) > MOST_NAMED else []
            said += f" {words} {listed([*names, *more])}."
    total = sum(row["closing_capital"] for row in rows)
    return f"{said} Tillsammans har de {kronor(total)}."


def _carried_otherwise(units: pd.DataFrame) -> tuple[str, ...]:
    """Questions where a year does not begin with what the year before ended with."""
    return tuple(
        f"Fråga: {row['unit_name']} hade {kronor(row['closing_capital'])} när {row['year']} slutade men "
        f"{kronor(row['next_opening_capital'])} när {row['year'] + 1} började. Vad är skillnaden?"
        for row in as_records(units[units["is_carried_otherwise"].astype(bool)])
    )


def _download(units: pd.DataFrame) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "Enhet": list(units["unit_name"]),
            "År": list(units["year"]),
            "Prognos": ["Ja" if is_early else "Nej" for is_early in units["is_forecast"]],
            "Omsättning (kr)": list(units["turnover"]),
            "Resultat (kr)": list(units["result"]),
            "Resultatkrav (%)": list(units["requirement_percent"]),
            "Mot kravet (procentenheter)": [_share(value) for value in units["over_percent"]],
            "Mot kravet (kr)": list(units["over_kronor"]),
            "År i rad under kravet": list(units["years_in_a_row"]),
            "Ingående kapital (kr)": list(units["opening_capital"]),
            "Uttag (kr)": list(units["disposed"]),
            "Utgående kapital (kr)": list(units["closing_capital"]),
            "Läge": [CAPITAL_STATES[state].word for state in units["capital_state"]],
        }
    )


def _has(row: Row) -> bool:
    return not is_empty(row["over_percent"])


def _year(row: Row) -> str:
    return f"{row['year']}{FORECAST if row['is_forecast'] else ''}"


def _against(row: Row) -> str:
    if not _has(row):
        return "saknas"
    amount = f"{'+' if row['over_kronor'] > 0 else ''}{kronor(row['over_kronor'])}"
    return f"{_signed(row['over_percent'], '')} ({amount})"


def _sum_in_words(row: Row) -> str:
    result = row["result"]
    sign = "+" if result >= 0 else "−"
    return f"{_tkr(row['opening_capital'])} {sign} {_tkr(abs(result))} − {_tkr(row['disposed'])}"


def _tkr(value: Any) -> str:
    return DASH if is_empty(value) else number(value / 1000, 0)


def _share(value: Any) -> float | None:
    return None if is_empty(value) else round(float(value), 2)


def _signed(value: Any, unit: str, decimals: int = 1) -> str:
    if is_empty(value):
        return "saknas"
    return upper_first(f"{'+' if round(float(value), 1) > 0 else ''}{quantity(value, unit, decimals)}")

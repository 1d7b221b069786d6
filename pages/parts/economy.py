"""Costs and other measures month by month, and the forecasts of the year: what the chosen units together reported."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

from pages.parts import answer, filters
from pages.parts.empty import missing_in_words
from pages.parts.filters import Filters
from pages.parts.pieces import Chart, Piece, Series, without_rows
from pages.parts.reporting import years_of
from pages.parts.rows import as_records
from pages.parts.sourcing import sources_in_words
from pages.parts.words import (
    MEASURE_UNITS,
    MONTHS,
    counted,
    is_empty,
    kronor,
    listed,
    month_of,
    number,
    quantity,
    upper_first,
)
from queries.connection import Exports, settings
from queries.months import forecast_accuracy, forecast_totals, month_totals
from queries.small_groups import in_words

COST, SICK_LEAVE = "kostnad", "sjukfrånvaro"
MOST_NAMED = 4
Row = dict[str, Any]


def months(opened: Exports, chosen: Filters) -> None:
    """One measure month by month, then the forecasts and how well they hit."""
    totals = _totals(opened, chosen)
    measures = list(dict.fromkeys([COST, *totals["measure"]])) if len(totals) else [COST]
    by_word = {upper_first(measure): measure for measure in measures}
    filters.said_if_unknown("matt", list(by_word), COST)
    measure = by_word[st.selectbox("Mått", list(by_word), key="matt", bind="query-params")]
    answer.piece(opened, chosen, months_piece(opened, chosen, measure))
    if len(totals) and SICK_LEAVE not in measures:
        st.caption(sick_leave_of_few())
    if len(totals):
        answer.piece(opened, chosen, forecast_piece(opened, chosen))
        answer.piece(opened, chosen, accuracy_piece(opened, chosen))


def months_piece(opened: Exports, chosen: Filters, measure: str = COST) -> Piece:
    """Budget and outcome a month and so far this year. One row a month, the last one so far.

    Of several units only those that reported are in a month's sums, on both sides; the table says how many.
    """
    totals = _totals(opened, chosen)
    rows = as_records(totals[totals["measure"] == measure]) if len(totals) else []
    question = f"{upper_first(measure)} månad för månad: utfall mot budget"
    if not any(row["count_reported"] for row in rows):
        return _nothing(opened, "manadsutfall", question, chosen, measure)
    return Piece(
        "manadsutfall",
        question,
        _months_sentence(chosen, rows, measure),
        _month_table(rows, measure),
        sources_in_words(opened, {row["source_id"] for row in rows}),
        chart=_month_chart(rows, measure),
        remarks=(
            *([sick_leave_of_few()] if measure == SICK_LEAVE else []),
            *_incomplete(rows, "count_reported", "missing_unit_names"),
        ),
        download=_month_download(rows),
    )


def sick_leave_of_few() -> str:
    """That the sick leave of small units is not shown, where it is shown or would be."""
    fewest = in_words(settings()["disclosure"]["employees"])
    return f"Sjukfrånvaro visas inte för enheter med färre än {fewest} årsarbetare under månaden."


def forecast_piece(opened: Exports, chosen: Filters) -> Piece:
    """The year's cost as each month's forecast told it, against the year's budget. One row a forecast occasion."""
    rows = _forecasts(opened, chosen, chosen.year)
    question = "Vad väntas året kosta?"
    told = [row for row in rows if row["count_forecasts"]]
    if not told:
        return _nothing(opened, "prognos", question, chosen, "prognos")
    newest, first = told[-1], told[0]
    said = (
        f"I {month_of(newest['month'])} väntades årets kostnad bli {kronor(newest['forecast'])}, "
        f"{_against(newest['over_budget'], newest['over_budget_percent'])} budget."
    )
    if newest["count_forecasts"] < newest["count_expected"]:
        said += f" Räknat på {newest['count_forecasts']} av {newest['count_expected']} enheter."
    if first is not newest:
        said += (
            f" I {MONTHS[first['month'].month - 1]} var prognosen "
            f"{_against(first['over_budget'], first['over_budget_percent'])} budget."
        )
    table = pd.DataFrame(
        {
            "Prognostillfälle": [upper_first(month_of(row["month"])) for row in told],
            "Prognos för året (tkr)": [_tkr(row["forecast"]) for row in told],
            "Årets budget (tkr)": [_tkr(row["year_budget"]) for row in told],
            "Skillnad": [_signed(row["over_budget_percent"]) for row in told],
            **_unit_counts(told, "count_forecasts"),
        }
    )
    return Piece(
        "prognos",
        question,
        said,
        table,
        sources_in_words(opened, {row["source_id"] for row in told}),
        chart=_percents(
            rows,
            ("Prognos mot årets budget, procent", "Budget"),
            [row["over_budget_percent"] for row in rows],
        ),
        remarks=_incomplete(rows, "count_forecasts", "missing_unit_names"),
    )


def accuracy_piece(opened: Exports, chosen: Filters) -> Piece:
    """How far each forecast lay from what the year became: only units with all twelve months. One row an occasion."""
    question = "Hur väl har prognoserna träffat?"
    judged = forecast_accuracy(
        opened, municipality_id=chosen.municipality_id, year=chosen.year, unit_ids=chosen.unit_ids
    )
    years = judged.loc[judged["is_whole_year"], "year"] if len(judged) else []
    if not len(years):
        said = missing_in_words(
            f"{chosen.whom} har inget år med prognos och utfall för alla tolv månader, så träffen går inte att räkna.",
            "monthly_values",
        )
        return without_rows("prognostraff", question, said)
    year = int(max(years))
    rows = _forecasts(opened, chosen, year)
    told = [row for row in rows if row["count_judged"]]
    parts = [
        f"i {MONTHS[row['month'].month - 1]} {_against(row['difference'], row['difference_percent'])}"
        for row in _occasions(told)
    ]
    said = f"{year} låg prognosen för året {listed(parts)} det som året sedan kostade."
    table = pd.DataFrame(
        {
            "Prognostillfälle": [upper_first(month_of(row["month"])) for row in told],
            "Prognos (tkr)": [_tkr(row["judged_forecast"]) for row in told],
            "Årets utfall (tkr)": [_tkr(row["year_outcome"]) for row in told],
            "Skillnad": [
                f"{_tkr(row['difference'], is_signed=True)} tkr ({_signed(row['difference_percent'])})"
                for row in told
            ],
            **_unit_counts(told, "count_judged"),
        }
    )
    return Piece(
        "prognostraff",
        question,
        said,
        table,
        sources_in_words(opened, {row["source_id"] for row in told}),
        chart=_percents(
            rows, ("Prognos mot årets utfall, procent", "Utfall"), [row["difference_percent"] for row in rows]
        ),
        remarks=_unjudged(rows, judged, year),
        download=_accuracy_download(judged[judged["is_whole_year"]]),
    )


def _totals(opened: Exports, chosen: Filters) -> pd.DataFrame:
    return month_totals(
        opened, municipality_id=chosen.municipality_id, year=chosen.year, unit_ids=chosen.unit_ids
    )


def _forecasts(opened: Exports, chosen: Filters, year: int | None) -> list[Row]:
    found = forecast_totals(
        opened, municipality_id=chosen.municipality_id, year=year, unit_ids=chosen.unit_ids
    )
    return as_records(found)


def _unit_counts(rows: list[Row], count: str) -> dict[str, list[str]]:
    if rows[-1]["count_expected"] == 1:
        return {}
    return {"Enheter": [f"{row[count]} av {row['count_expected']}" for row in rows]}


def _nothing(opened: Exports, key: str, question: str, chosen: Filters, what: str) -> Piece:
    years = years_of(opened, chosen, "months")
    said = missing_in_words(
        f"Månadsvärden för {what} saknas för {chosen.subject(chosen.year)}.", "monthly_values", years
    )
    return without_rows(key, question, said)


def _months_sentence(chosen: Filters, rows: list[Row], measure: str) -> str:
    last = next(row for row in reversed(rows) if row["count_reported"])
    when = month_of(last["month"])
    if measure == COST:
        over = last["outcome_so_far"] - last["budget_so_far"]
        said = (
            f"Till och med {when} har {chosen.whom} kostnader på {kronor(last['outcome_so_far'])}, "
            f"{_against(over, _share(over, last['budget_so_far']))} budget."
        )
        return f"{said} {_lacking(rows)}".strip()
    outcome = quantity(last["outcome"], MEASURE_UNITS.get(measure, ""), _decimals(measure))
    said = f"I {when} var utfallet för {measure} {outcome}"
    if last["is_mean"] and last["count_expected"] > 1:
        said += f", ovägt medel av {counted(last['count_reported'], 'enhet', 'enheter')}"
    elif last["count_reported"] < last["count_expected"]:
        said += f" på {last['count_reported']} av {last['count_expected']} enheter"
    if is_empty(last["budget"]):
        return f"{said}."
    share = _signed(_share(last["outcome"] - last["budget"], last["budget"]))
    return f"{said} mot budgeterade {number(last['budget'], _decimals(measure))} ({share})."


def _lacking(rows: list[Row]) -> str:
    """That a sum over months and units is not whole, and who is missing from it."""
    names = sorted({name for row in rows for name in row["missing_unit_names"]})
    if not names:
        return ""
    if rows[-1]["count_expected"] == 1:
        count = sum(not row["count_reported"] for row in rows)
        return f"{upper_first(counted(count, 'månad', 'månader'))} saknas, så summan är inte hel."
    return f"Summan är inte hel: {_named(names)} saknar minst en månad."


def _month_table(rows: list[Row], measure: str) -> pd.DataFrame:
    last = rows[-1]
    shown = [*rows, {**last, "budget": last["budget_so_far"], "outcome": last["outcome_so_far"]}]
    so_far = "Hittills i år" if measure == COST else "Hittills i år, medel"
    units = [f"{row['count_reported']} av {row['count_expected']}" for row in rows]
    table = {
        "Månad": [*(upper_first(month_of(row["month"])) for row in rows), so_far],
        _heading("Budget", measure): [_cell(row["budget"], measure) for row in shown],
        _heading("Utfall", measure): [
            # No unit was expected to tell what may not be shown: nothing is missing.
            "visas inte"
            if is_empty(row["outcome"]) and not row["count_expected"]
            else _cell(row["outcome"], measure)
            for row in shown
        ],
        "Skillnad": [
            _signed(_share(row["outcome"] - row["budget"], row["budget"]))
            if not is_empty(row["budget"]) and not is_empty(row["outcome"])
            else "–"
            for row in shown
        ],
        "Enheter": [*units, ""],
    }
    return pd.DataFrame({name: cells for name, cells in table.items() if not _is_blank(name, cells)})


def _is_blank(name: str, cells: list[str]) -> bool:
    # What has no budget needs no column of dashes, and a single unit no count of units.
    without_budget = (name.startswith("Budget") or name == "Skillnad") and set(cells) <= {"–", "saknas"}
    return without_budget or (name == "Enheter" and set(cells) <= {"0 av 0", "0 av 1", "1 av 1", ""})


def _month_download(rows: list[Row]) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "Månad": [row["month"].isoformat() for row in rows],
            "Mått": [row["measure"] for row in rows],
            "Budget": [row["budget"] for row in rows],
            "Utfall": [row["outcome"] for row in rows],
            "Budget hittills": [row["budget_so_far"] for row in rows],
            "Utfall hittills": [row["outcome_so_far"] for row in rows],
            "Enheter som rapporterat": [row["count_reported"] for row in rows],
            "Enheter som skulle rapportera": [row["count_expected"] for row in rows],
            "Saknas": [", ".join(row["missing_unit_names"]) for row in rows],
        }
    )


def _month_chart(rows: list[Row], measure: str) -> Chart:
    """Levels for one unit and for means; else how far from budget, which does not fall when a unit is missing."""
    categories = _short_months(rows)
    is_single = rows[-1]["count_expected"] == 1 or rows[-1]["is_mean"]
    budgets = [row["budget"] for row in rows]
    if not is_single and not all(is_empty(budget) for budget in budgets):
        return _percents(rows, ("Utfall mot budget, procent", "Budget"), [_share_of(row) for row in rows])
    scale = 1000 if measure == COST else 1
    series = [Series("Utfall", tuple(_scaled(row["outcome"], scale) for row in rows))]
    if not all(is_empty(budget) for budget in budgets):
        series.append(Series("Budget", tuple(_scaled(budget, scale) for budget in budgets), "target"))
    unit = "tkr" if measure == COST else MEASURE_UNITS.get(measure, "")
    return Chart("lines", categories, tuple(series), unit, 0 if measure == COST else _decimals(measure))


def _percents(rows: list[Row], names: tuple[str, str], shares: list[Any]) -> Chart:
    """How far from something in percent; that something is the line at nought. names: of the two lines."""
    values = tuple(None if is_empty(share) else round(float(share), 2) for share in shares)
    lines = (Series(names[0], values), Series(names[1], (0.0,) * len(rows), "target"))
    return Chart("lines", _short_months(rows), lines, "%", 1)


def _short_months(rows: list[Row]) -> tuple[str, ...]:
    return tuple(MONTHS[row["month"].month - 1][:3] for row in rows)


def _incomplete(rows: list[Row], count: str, names: str) -> tuple[str, ...]:
    """A line for each month that some units are missing from; nothing about a single unit, whose gap is seen."""
    return tuple(
        f"{upper_first(month_of(row['month']))}: {row[count]} av {row['count_expected']} enheter. "
        f"Saknas, och ingår inte: {_named(row[names])}."
        for row in rows
        if row[count] < row["count_expected"] and row["count_expected"] > 1
    )


def _unjudged(rows: list[Row], judged: pd.DataFrame, year: int) -> tuple[str, ...]:
    last = rows[-1]
    whole = judged[judged["is_whole_year"] & (judged["year"] == year)]["unit_id"].nunique()
    said = []
    if last["count_expected"] > 1:
        said.append(
            f"Räknat på {whole} av {last['count_expected']} enheter: de som har utfall för alla tolv månader {year}."
        )
        left_out = sorted(set(judged[(judged["year"] == year) & ~judged["is_whole_year"]]["unit_name"]))
        if left_out:
            said.append(f"Ingår inte: {_named(left_out)}.")
    later = sorted(set(judged["year"]) - {year} - set(range(year)))
    said += [f"{newer} räknas när alla tolv månader har utfall." for newer in later]
    return tuple(said)


def _accuracy_download(judged: pd.DataFrame) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "Enhet": list(judged["unit_name"]),
            "År": list(judged["year"]),
            "Prognostillfälle": [month_of(month) for month in judged["month"]],
            "Prognos (kr)": list(judged["forecast"]),
            "Årets utfall (kr)": list(judged["year_outcome"]),
            "Skillnad (kr)": list(judged["difference"]),
            "Skillnad (%)": [round(float(value), 2) for value in judged["difference_percent"]],
        }
    )


def _occasions(told: list[Row]) -> list[Row]:
    """The first, the middle of the year and the last: what a sentence has room for."""
    middle = [row for row in told if row["month"].month == 8]
    return [row for position, row in enumerate(told) if position in (0, len(told) - 1) or row in middle]


def _against(difference: Any, percent: Any) -> str:
    """'2,9 mnkr (0,6 %) över': the word that comes before budget or outcome."""
    if is_empty(difference):
        return "utan jämförelse med"
    if round(difference) == 0:
        return "lika med"
    side = "över" if difference > 0 else "under"
    return f"{kronor(abs(difference))} ({quantity(abs(percent), '%')}) {side}"


def _named(names: list[str]) -> str:
    names = list(names)
    more = [f"{len(names) - MOST_NAMED} till"] if len(names) > MOST_NAMED else []
    return listed([*names[:MOST_NAMED], *more])


def _share(part: Any, whole: Any) -> float | None:
    return None if is_empty(part) or is_empty(whole) or not whole else 100 * float(part) / float(whole)


def _share_of(row: Row) -> float | None:
    if is_empty(row["outcome"]) or is_empty(row["budget"]):
        return None
    return round(_share(row["outcome"] - row["budget"], row["budget"]), 2)


def _signed(percent: Any) -> str:
    if is_empty(percent):
        return "–"
    # What rounds to nothing has no sign.
    shown = 0.0 if abs(percent) < 0.05 else percent
    return ("+" if shown > 0 else "") + quantity(shown, "%")


def _tkr(value: Any, *, is_signed: bool = False) -> str:
    if is_empty(value):
        return "saknas"
    return ("+" if is_signed and value > 0 else "") + number(value / 1000, 0)


def _cell(value: Any, measure: str) -> str:
    if is_empty(value):
        return "saknas"
    return _tkr(value) if measure == COST else number(value, _decimals(measure))


def _heading(word: str, measure: str) -> str:
    unit = "tkr" if measure == COST else MEASURE_UNITS.get(measure, "")
    return f"{word} ({unit})" if unit else word


def _scaled(value: Any, scale: int) -> float | None:
    return None if is_empty(value) else round(float(value) / scale, 3)


def _decimals(measure: str) -> int:
    return 0 if measure in ("barn", "elever") else 1

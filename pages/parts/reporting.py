"""Which units have reported their four parts, month by month: a gap is shown where it is."""

from __future__ import annotations

from datetime import date

import pandas as pd
import streamlit as st

from pages.parts import answer, filters
from pages.parts.answer import Twin
from pages.parts.charts.months import dimension_matrix, unit_matrix
from pages.parts.empty import missing_in_words
from pages.parts.filters import Filters
from pages.parts.pieces import Piece, without_rows
from pages.parts.rows import as_records
from pages.parts.sourcing import sources_in_words
from pages.parts.words import (
    DIMENSIONS,
    DIMENSIONS_SHORT,
    MONTHS,
    NO_BREAK,
    REPORTED,
    counted,
    listed,
    md,
    month_of,
    upper_first,
)
from queries import places
from queries.connection import Exports
from queries.months import reported_months

NEWEST = "Senaste rapporterade"
# So many names can be read aloud; the table has the rest.
MOST_NAMED = 6


def reporting(opened: Exports, chosen: Filters) -> None:
    """Who lacks what this month, and the whole year as a grid."""
    months = _months(opened, chosen)
    asked = _asked_month(months)
    answer.piece(opened, chosen, reporting_piece(opened, chosen, asked))
    if not months.empty:
        _grid(opened, chosen, months)


def reporting_piece(opened: Exports, chosen: Filters, month: date | None = None) -> Piece:
    """Which units lack a part in a month, the newest reported where none is asked for. One row a unit with a gap."""
    months = _months(opened, chosen)
    question = "Vilka enheter saknar någon av de fyra delarna?"
    if months.empty:
        years = years_of(opened, chosen, "months")
        told = missing_in_words(
            f"Inga månadsvärden finns för {chosen.subject(chosen.year)}.", "monthly_values", years
        )
        return without_rows("rapporterat", question, told)
    asked = month or months["month"].max()
    of_month = months[months["month"] == asked]
    lacking = of_month[of_month["is_incomplete"]]
    # One unit is always told of, also when nothing is missing.
    shown = of_month if chosen.unit_id else lacking
    rows = pd.DataFrame(
        {
            "Enhet": list(shown["unit_name"]),
            "Saknas": [_lack(missing) for missing in shown["missing"]],
            "Senast komplett": [_last_whole(months, unit_id, asked) for unit_id in shown["unit_id"]],
        }
    )
    return Piece(
        "rapporterat", question, _sentence(chosen, of_month, lacking, asked), rows, _source(opened, months)
    )


def reporting_grid_piece(opened: Exports, chosen: Filters) -> Piece:
    """The whole year's reporting. One row a unit, or for one unit a row a month with its four parts."""
    months = _months(opened, chosen)
    if months.empty:
        return reporting_piece(opened, chosen)
    gaps = months[months["is_incomplete"]]
    whole = int(months["is_missing_month"].sum())
    span = f"{MONTHS[months['month'].min().month - 1]}–{month_of(months['month'].max())}"
    said = (
        f"Under {span} är {len(months) - len(gaps)} av {counted(len(months), 'månadsrapport', 'månadsrapporter')} kompletta. "
        f"{whole}{NO_BREAK}saknas helt och {len(gaps) - whole}{NO_BREAK}saknar någon del."
    )
    return Piece(
        "rapporterat-aret",
        "Vad har rapporterats månad för månad?",
        said,
        _month_rows(months) if chosen.unit_id else _unit_rows(months),
        _source(opened, months),
        download=_all_rows(months),
    )


def years_of(opened: Exports, chosen: Filters, subject: str) -> list[int]:
    """The years that a municipality has rows of a subject for, oldest first."""
    found = places.years(opened, municipality_id=chosen.municipality_id)
    return sorted(int(year) for year in found.loc[found["subject"] == subject, "year"])


def _grid(opened: Exports, chosen: Filters, months: pd.DataFrame) -> None:
    shown = reporting_grid_piece(opened, chosen)
    answer.question(shown.question)
    answer.say(md(shown.sentence), shown.key)
    parts = ", ".join(f"{DIMENSIONS_SHORT[code]} {word.lower()}" for code, word in DIMENSIONS.items())
    marks = f"{REPORTED['complete'].shape} allt rapporterat · {REPORTED['missing'].shape} hela månaden saknas"
    if chosen.unit_id:
        figure = dimension_matrix(months)
        st.caption(f"{REPORTED['complete'].shape} rapporterat · {REPORTED['missing'].shape} saknas")
    else:
        figure = unit_matrix(months)
        st.caption(
            f"{marks} · bokstäver: den delen saknas ({parts}) · tomt: enheten var inte öppen eller hade inte börjat rapportera"
        )
    told = "; ".join(
        f"{row['unit_name']} {month_of(row['month'])}: {_lack(row['missing'])}"
        for row in as_records(months[months["is_incomplete"]])
    )
    answer.draw(figure, f"{shown.sentence} {told or 'Inget saknas'}.", shown.key)
    st.caption(md(shown.source))
    rows = Twin(shown.question, shown.rows, shown.key)
    download = Twin(shown.question, shown.download, shown.key)
    answer.twin(opened, chosen, rows, shown.source, download=download)


def _asked_month(months: pd.DataFrame) -> date | None:
    if months.empty:
        return None
    by_name = {month_of(month): month for month in sorted(months["month"].unique(), reverse=True)}
    filters.said_if_unknown("rapportmanad", [NEWEST, *by_name], NEWEST.lower())
    return by_name.get(
        st.selectbox("Månad", [NEWEST, *by_name], key="rapportmanad", bind="query-params"), None
    )


def _months(opened: Exports, chosen: Filters) -> pd.DataFrame:
    return reported_months(
        opened, municipality_id=chosen.municipality_id, year=chosen.year, unit_ids=chosen.unit_ids
    )


def _sentence(chosen: Filters, of_month: pd.DataFrame, lacking: pd.DataFrame, asked: date) -> str:
    when = month_of(asked)
    if of_month.empty:
        return f"{chosen.whom} skulle inte rapportera i {when}."
    if chosen.unit_id:
        (missing,) = of_month["missing"]
        if len(missing) == len(DIMENSIONS):
            return f"{chosen.whom} har inte rapporterat något för {when}."
        lack = (
            f"saknar {_lack(missing)} i {when}"
            if len(missing)
            else f"har rapporterat alla fyra delarna för {when}"
        )
        return f"{chosen.whom} {lack}."
    if lacking.empty:
        return f"Alla {len(of_month)} enheter har rapporterat de fyra delarna för {when}."
    names = [f"{row['unit_name']} ({_lack(row['missing'])})" for row in as_records(lacking.head(MOST_NAMED))]
    if len(lacking) > MOST_NAMED:
        names.append(f"{len(lacking) - MOST_NAMED} till")
    return f"I {when} saknar {len(lacking)} av {len(of_month)} enheter minst en av de fyra delarna: {listed(names)}."


def _lack(missing: list[str]) -> str:
    missing = list(missing)
    if len(missing) == len(DIMENSIONS):
        return "hela månaden"
    return listed([DIMENSIONS[code].lower() for code in missing]) or "inget"


def _last_whole(months: pd.DataFrame, unit_id: str, asked: date) -> str:
    whole = months[(months["unit_id"] == unit_id) & ~months["is_incomplete"] & (months["month"] <= asked)]
    return month_of(whole["month"].max()) if len(whole) else f"ingen månad {asked.year}"


def _unit_rows(months: pd.DataFrame) -> pd.DataFrame:
    found = []
    for (name, _), rows in months.groupby(["unit_name", "unit_id"]):
        gaps = [
            f"{MONTHS[row['month'].month - 1]}: {_lack(row['missing'])}"
            for row in as_records(rows[rows["is_incomplete"]])
        ]
        complete = f"{len(rows) - len(gaps)} av {len(rows)}"
        found.append({"Enhet": name, "Kompletta månader": complete, "Saknas": "; ".join(gaps) or "inget"})
    return pd.DataFrame(found)


def _month_rows(months: pd.DataFrame) -> pd.DataFrame:
    parts = {
        word: [_mark(has).shape + " " + ("rapporterat" if has else "saknas") for has in months[f"has_{code}"]]
        for code, word in DIMENSIONS.items()
    }
    return pd.DataFrame({"Månad": [upper_first(month_of(month)) for month in months["month"]], **parts})


def _all_rows(months: pd.DataFrame) -> pd.DataFrame:
    return pd.concat([pd.DataFrame({"Enhet": list(months["unit_name"])}), _month_rows(months)], axis=1)


def _mark(is_reported: bool) -> object:
    return REPORTED["complete" if is_reported else "missing"]


def _source(opened: Exports, months: pd.DataFrame) -> str:
    ids = dict.fromkeys(source_id for told in months["source_ids"] for source_id in told)
    return sources_in_words(opened, ids)

"""Strengths and weaknesses by theme and year, and which themes several units share."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from pages.parts import answer
from pages.parts.empty import say_missing
from pages.parts.filters import Filters
from pages.parts.standing_remarks import told_years
from pages.parts.words import counted, listed, md, text, upper_first
from queries import findings
from queries.connection import Exports


def balance(opened: Exports, chosen: Filters) -> None:
    """What is told of strengths and weaknesses, theme by theme, and what do several units share?"""
    of = {"municipality_id": chosen.municipality_id, "year": chosen.year, "unit_ids": chosen.unit_ids}
    every = findings.strengths_and_weaknesses(opened, **of)
    if every.empty:
        say_missing(
            f"Inga styrkor eller svagheter är registrerade för {chosen.subject(chosen.year)}.",
            "findings",
            told_years(opened, chosen),
        )
        return
    year = int(every["year"].max())
    now = every[every["year"] == year]
    answer.say(md(of_balance(now, year)), "styrkor")
    answer.table(
        answer.Twin(
            f"Styrkor och svagheter {year}", balance_rows(now)[["Tema", "Styrkor", "Svagheter"]], "styrkor"
        )
    )
    line = answer.source_line(opened, [source for sources in every["source_ids"] for source in sources])
    shown = answer.Twin("Styrkor och svagheter år för år", balance_rows(every), "styrkor")
    answer.twin(opened, chosen, shown, line)
    shared(opened, chosen, year, line)


def shared(opened: Exports, chosen: Filters, year: int, line: str) -> None:
    """Which weaknesses do several units share?"""
    answer.question("Vilka teman är gemensamma för flera enheter?")
    of = {"municipality_id": chosen.municipality_id, "year": chosen.year, "unit_ids": chosen.unit_ids}
    years = findings.finding_years(opened, **of)
    several = years[(years["year"] == year) & (years["count_units"] >= 2)]
    several = several.sort_values(["count_units", "theme"], ascending=[False, True])
    if several.empty:
        st.markdown(
            f"Inget tema påpekas för flera namngivna enheter {year}. Det som källan säger om flera enheter utan att namnge dem "
            "står som ”hela kommunen” ovan."
        )
    else:
        names = listed([str(theme).lower() for theme in several["theme"]])
        answer.say(
            md(f"{counted(len(several), 'tema', 'teman')} påpekas på minst två enheter {year}: {names}."),
            "gemensamt",
        )
    shared_years = years[years["count_units"] >= 2].sort_values(["year", "count_units"], ascending=False)
    if shared_years.empty:
        return
    shown = answer.Twin("Gemensamma teman", shared_rows(shared_years), "gemensamt")
    answer.table(shown)
    answer.downloads(opened, chosen, shown, line)


def of_balance(now: pd.DataFrame, year: int) -> str:
    """'8 styrkor och 16 svagheter 2020, i 20 teman. 2 teman har både och.'"""
    strengths, weaknesses = int(now["count_strengths"].sum()), int(now["count_weaknesses"].sum())
    both = int(((now["count_strengths"] > 0) & (now["count_weaknesses"] > 0)).sum())
    rest = f" {counted(both, 'tema', 'teman')} har både och." if both else ""
    return (
        f"{counted(strengths, 'styrka', 'styrkor')} och {counted(weaknesses, 'svaghet', 'svagheter')} {year}, i "
        f"{counted(len(now), 'tema', 'teman')}.{rest}"
    )


def balance_rows(rows: pd.DataFrame) -> pd.DataFrame:
    """strengths_and_weaknesses as a table."""
    return pd.DataFrame(
        {
            "År": [str(year) for year in rows["year"]],
            "Tema": [upper_first(theme) for theme in rows["theme"]],
            "Styrkor": [text(value) for value in rows["strengths"]],
            "Svagheter": [text(value) for value in rows["weaknesses"]],
            "Var": [text(value) for value in rows["unit_names"]],
        }
    )


def shared_rows(years: pd.DataFrame) -> pd.DataFrame:
    """finding_years as themes that several units share."""
    return pd.DataFrame(
        {
            "År": [str(year) for year in years["year"]],
            "Tema": [upper_first(theme) for theme in years["theme"]],
            "Enheter": [int(count) for count in years["count_units"]],
            "Vilka": [text(names) for names in years["unit_names"]],
        }
    )

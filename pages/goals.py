"""Måluppfyllelse: the verdicts, the evidence behind each goal, the chain they stand in, the schools, and the years."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from pages.parts import answer, filters, sentences
from pages.parts.chain_shown import steering_chain
from pages.parts.charts.stacked import stacked_rows
from pages.parts.empty import say_missing
from pages.parts.evidence import evidence
from pages.parts.filters import Filters
from pages.parts.goals_over_years import over_years
from pages.parts.planned_for import planned_for
from pages.parts.source import exports
from pages.parts.tables import counts_of_goals, goal_rows, unit_rows
from pages.parts.words import VERDICTS
from queries import goals, places
from queries.chain import chain_year
from queries.connection import Exports

TABS = ["Läget", "Underlag per mål", "Styrkedja", "Per skola", "Över åren"]


def state(opened: Exports, chosen: Filters, year: int) -> None:
    """How many goals are met, in total and by perspective; then each goal."""
    asked = {"municipality_id": chosen.municipality_id, "year": year, "unit_ids": chosen.unit_ids}
    tally = goals.goal_tally(opened, **asked)
    rows = goals.goal_list(opened, municipality_id=chosen.municipality_id, year=year, unit_id=chosen.unit_id)
    if tally.empty:
        say_missing(f"Inga mål är bedömda för {chosen.subject(year)}.", "goals")
        return
    before = goals.goal_tally(opened, **{**asked, "year": year - 1})
    sentence = sentences.of_goals(tally.iloc[0], None if before.empty else before.iloc[0], year - 1)
    answer.say(sentence, "mal")
    perspectives = goals.goal_tally(opened, **asked, by="perspective")
    groups = pd.concat([tally, perspectives], ignore_index=True) if len(perspectives) > 1 else tally
    answer.draw(
        stacked_rows(groups, VERDICTS),
        f"Mål efter bedömning {year}, totalt och per perspektiv. {sentence}",
        "mal",
    )
    line = answer.source_line(opened, rows["source_id"])
    answer.twin(
        opened, chosen, answer.Twin(f"Mål efter bedömning {year}", counts_of_goals(groups), "mal"), line
    )
    answer.question("Vilka mål är uppnådda och vilka inte?")
    unnamed = int(rows["goal_id"].isna().sum())
    if unnamed:
        st.markdown(
            f"För {unnamed} av {int(tally.iloc[0]['total'])} bedömningar säger källan inte vilket mål de gäller."
        )
    disagreeing = rows[rows["is_disagreement"]]
    if len(disagreeing):
        st.markdown(
            f"**Bedömning och utfall säger olika saker för {len(disagreeing)} mål.** "
            "Bedömningen är förvaltningens ord, utfallet är räknat ur indikatorerna."
        )
    shown = answer.Twin(f"Målen {year}", goal_rows(rows), "mallista")
    answer.table(shown)
    answer.downloads(opened, chosen, shown, line)
    planned_for(opened, chosen, year)


def by_unit(opened: Exports, chosen: Filters, year: int) -> None:
    """How the goals that are assessed per school stand at each school."""
    tally = goals.goal_tally(
        opened, municipality_id=chosen.municipality_id, year=year, unit_ids=chosen.unit_ids, by="unit"
    )
    if tally.empty:
        say_missing(f"Inga mål är bedömda per skola {year}.", "goals")
        return
    tally = tally.assign(group_name=tally["group_name"].map(dict(chosen.units)))
    tally = tally.sort_values(["met", "partly", "group_name"], ascending=[False, False, True])
    all_met = int((tally["met"] == tally["total"]).sum())
    sentence = f"{all_met} av {len(tally)} enheter når alla mål som bedöms per enhet {year}."
    answer.say(sentence, "skolor")
    answer.draw(stacked_rows(tally, VERDICTS), f"Mål efter bedömning per enhet. {sentence}", "skolor")
    rows = goals.goal_units(
        opened, municipality_id=chosen.municipality_id, year=year, unit_ids=chosen.unit_ids
    )
    line = answer.source_line(opened, rows["source_id"])
    answer.twin(opened, chosen, answer.Twin(f"Mål per skola {year}", unit_rows(rows), "skolor"), line)


opened, chosen = exports(), filters.chosen()
year = chosen.year or places.newest_year(opened, chosen.municipality_id, "verdicts")
answer.head("Måluppfyllelse", chosen, year)
has_goals = year is not None and len(
    goals.goal_list(opened, municipality_id=chosen.municipality_id, year=year, unit_id=chosen.unit_id)
)
filters.said_if_unknown("flik", TABS, "läget")
tabs = dict(zip(TABS, st.tabs(TABS, key="flik", bind="query-params"), strict=True))
for name, shown in {"Läget": state, "Underlag per mål": evidence, "Per skola": by_unit}.items():
    if tabs[name].open:
        with tabs[name]:
            if has_goals:
                shown(opened, chosen, year)
            else:
                found = places.years(opened, municipality_id=chosen.municipality_id)
                years = found.loc[found["subject"] == "goals", "year"].tolist()
                say_missing(f"Inga mål finns för {chosen.subject(year)}.", "goals", years)
if tabs["Styrkedja"].open:
    with tabs["Styrkedja"]:
        steering_chain(opened, chosen, year or chain_year(opened, chosen.municipality_id))
if tabs["Över åren"].open:
    with tabs["Över åren"]:
        over_years(opened, chosen)

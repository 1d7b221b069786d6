"""Översikt: the state in a minute. Goals, actions, position against others, what comes back, how fresh it is."""

from __future__ import annotations

import streamlit as st

from pages.parts import answer, filters, news_shown, positions, sentences
from pages.parts.charts.comparison import position_list
from pages.parts.charts.stacked import stacked_rows
from pages.parts.empty import say_missing
from pages.parts.filters import Filters
from pages.parts.freshness_shown import freshness_answer
from pages.parts.source import exports
from pages.parts.tables import (
    action_rows,
    comparison_rows,
    counts_of_actions,
    counts_of_goals,
    theme_heads,
    theme_rows,
)
from pages.parts.words import OUTCOMES, VERDICTS, day, md
from queries import actions, comparison, findings, goals, places
from queries.connection import Exports

PROFILE = "grundskola"
LATE_SHOWN = 5


def goal_answer(opened: Exports, chosen: Filters, year: int | None) -> None:
    """How many goals are met?"""
    answer.question("Hur många mål är uppnådda?")
    tally = goals.goal_tally(
        opened, municipality_id=chosen.municipality_id, year=year, unit_ids=chosen.unit_ids
    )
    if year is None or tally.empty:
        say_missing(f"Inga mål är bedömda för {chosen.subject(year)}.", "goals")
        return
    before = goals.goal_tally(
        opened, municipality_id=chosen.municipality_id, year=year - 1, unit_ids=chosen.unit_ids
    )
    sentence = sentences.of_goals(tally.iloc[0], None if before.empty else before.iloc[0], year - 1)
    answer.say(sentence, "mal")
    answer.draw(
        stacked_rows(tally, VERDICTS, show_names=False), f"Mål efter bedömning {year}. {sentence}", "mal"
    )
    rows = goals.goal_list(opened, municipality_id=chosen.municipality_id, year=year, unit_id=chosen.unit_id)
    line = answer.source_line(opened, rows["source_id"])
    answer.twin(
        opened, chosen, answer.Twin(f"Mål efter bedömning {year}", counts_of_goals(tally), "mal"), line
    )
    st.page_link("goals.py", label="Till målen, ett för ett →")


def action_answer(opened: Exports, chosen: Filters, year: int | None) -> None:
    """Which actions are open, and what is late?"""
    answer.question("Vilka åtgärder är öppna, och vad är försenat?")
    tally = actions.action_tally(
        opened, municipality_id=chosen.municipality_id, year=year, unit_ids=chosen.unit_ids
    )
    if year is None or tally.empty:
        say_missing(f"Inga åtgärder är rapporterade för {chosen.subject(year)}.", "actions")
        return
    sentence = sentences.of_actions(tally.iloc[0])
    answer.say(sentence, "atgarder")
    shown = {code: OUTCOMES[code] for code in ("finished", "open", "closed_undone")}
    as_of = day(tally.iloc[0]["report_date"])
    answer.draw(
        stacked_rows(tally, shown, show_names=False), f"Åtgärder enligt läget {as_of}. {sentence}", "atgarder"
    )
    listed = actions.action_list(
        opened, municipality_id=chosen.municipality_id, year=year, unit_ids=chosen.unit_ids
    )
    late = listed[listed["is_late"]]
    if len(late):
        st.markdown(f"**Försenade, {min(LATE_SHOWN, len(late))} av {len(late)}:**")
        answer.table(answer.Twin("Försenade åtgärder", action_rows(late.head(LATE_SHOWN)), "sena"))
    line = answer.source_line(opened, listed["source_id"], note=f"Läget är det som rapporterades {as_of}.")
    answer.twin(opened, chosen, answer.Twin(f"Åtgärder {year}", counts_of_actions(tally), "atgarder"), line)
    st.page_link("actions.py", label="Till alla åtgärder →")


def position_answer(opened: Exports, chosen: Filters) -> None:
    """How does the municipality stand against others?"""
    answer.question("Hur står sig kommunen mot andra?")
    values = comparison.spider_values(
        opened, municipality_id=chosen.municipality_id, year=chosen.year, profile_id=PROFILE
    )
    own = values[values["role"] == "own"]
    if own["value"].notna().sum() == 0:
        say_missing(f"Inga jämförbara värden finns för {chosen.subject(chosen.year)}.", "comparison")
        return
    sentence = positions.of_position(own)
    answer.say(sentence, "lage")
    st.markdown(
        "Läget mot andra säger inte om ett mål är uppnått. Skalan går från 0 (sämst) till 100 (bäst)."
    )
    answer.draw(position_list(values), f"Kommunens läge på skalan 0–100 per nyckeltal. {sentence}", "lage")
    line = answer.source_line(opened, values["source_id"], is_own_work=not chosen.is_invented)
    answer.twin(
        opened, chosen, answer.Twin("Läget mot andra kommuner", comparison_rows(values), "lage"), line
    )
    st.page_link("comparison.py", label="Till jämförelsen →")


def theme_answer(opened: Exports, chosen: Filters) -> None:
    """Which remarks stand year after year?"""
    answer.question("Vilka påpekanden står kvar år efter år?")
    themes = findings.recurring_themes(
        opened, municipality_id=chosen.municipality_id, year=chosen.year, unit_ids=chosen.unit_ids
    )
    if themes.empty:
        say_missing(f"Inga påpekanden är registrerade för {chosen.subject(chosen.year)}.", "findings")
        return
    answer.say(md(sentences.of_themes(themes)), "teman")
    standing = themes[themes["is_standing"] & (themes["years_in_a_row"] >= 2)]
    answer.table(
        answer.Twin("Påpekanden över åren", theme_heads(standing if len(standing) else themes), "teman")
    )
    line = answer.source_line(opened, [source for sources in themes["source_ids"] for source in sources])
    answer.twin(opened, chosen, answer.Twin("Alla påpekanden över åren", theme_rows(themes), "teman"), line)
    st.page_link("recurring.py", label="Till påpekanden, rapporter och löften →")


opened, chosen = exports(), filters.chosen()
goal_year = chosen.year or places.newest_year(opened, chosen.municipality_id, "verdicts")
action_year = chosen.year or places.newest_year(opened, chosen.municipality_id, "actions")
finding_year = chosen.year or places.newest_year(opened, chosen.municipality_id, "findings")
answer.head("Översikt", chosen, goal_year or action_year or finding_year)
is_first = news_shown.is_waiting(opened)
if is_first:
    news_shown.whats_new(opened, chosen)
goal_answer(opened, chosen, goal_year)
action_answer(opened, chosen, action_year)
position_answer(opened, chosen)
theme_answer(opened, chosen)
if not is_first:
    news_shown.whats_new(opened, chosen)
freshness_answer(opened, chosen)

"""Åtgärder: the state, the next meeting, what falls due, moved dates, questions to ask, effects, and what has vanished."""

from __future__ import annotations

import streamlit as st

from pages.parts import answer, filters
from pages.parts.actions_now import actions_now
from pages.parts.coming import coming
from pages.parts.contradictions_shown import questions_to_ask
from pages.parts.effects import effects
from pages.parts.empty import say_missing
from pages.parts.meeting import before_meeting
from pages.parts.moved import moved_dates
from pages.parts.source import exports
from pages.parts.vanished import vanished
from queries import actions, places

PARTS = {
    "Läget": actions_now,
    "Inför mötet": before_meeting,
    "Kommande": coming,
    "Flyttade datum": moved_dates,
    "Frågor att ställa": questions_to_ask,
    "Effekt": effects,
    "Försvunna": vanished,
}

opened, chosen = exports(), filters.chosen()
year = chosen.year or places.newest_year(opened, chosen.municipality_id, "actions")
answer.head("Åtgärder", chosen, year)
filters.said_if_unknown("uppfoljning", list(PARTS), "läget")
tabs = st.tabs(list(PARTS), key="uppfoljning", bind="query-params")
has_actions = (
    year is not None
    and not actions.action_tally(
        opened, municipality_id=chosen.municipality_id, year=year, unit_ids=chosen.unit_ids
    ).empty
)
for tab, part in zip(tabs, PARTS.values(), strict=True):
    if tab.open:
        with tab:
            # Promises and reports have days too.
            if has_actions or part is coming:
                part(opened, chosen, year)
            else:
                found = places.years(opened, municipality_id=chosen.municipality_id)
                years = found.loc[found["subject"] == "actions", "year"].tolist()
                say_missing(f"Inga åtgärder är rapporterade för {chosen.subject(year)}.", "actions", years)

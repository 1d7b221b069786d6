"""Samma påpekande: the committee's memory of remarks, of the reports it was given and of what it was promised."""

from __future__ import annotations

import streamlit as st

from pages.parts import answer, filters
from pages.parts.agreed import agreements
from pages.parts.balance import balance
from pages.parts.missing_links import missing_links
from pages.parts.registers import assignments, committee_items, reports
from pages.parts.source import exports
from pages.parts.standing_remarks import standing_remarks
from queries import places

PARTS = {
    "Påpekanden": standing_remarks,
    "Vad som saknas": missing_links,
    "Styrkor och svagheter": balance,
    "Rapporter": reports,
    "Frågor och löften": committee_items,
    "Uppdrag": assignments,
    "Dialogmöten": agreements,
}

opened, chosen = exports(), filters.chosen()
year = chosen.year or places.newest_year(opened, chosen.municipality_id, "findings")
answer.head("Samma påpekande", chosen, year)
filters.said_if_unknown("minne", list(PARTS), "påpekanden")
for tab, part in zip(st.tabs(list(PARTS), key="minne", bind="query-params"), PARTS.values(), strict=True):
    if tab.open:
        with tab:
            part(opened, chosen)

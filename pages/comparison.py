"""Jämförelse: the municipality against others, one indicator to the bottom, goals beside position, and schools."""

from __future__ import annotations

import streamlit as st

from pages.parts import answer, filters
from pages.parts.against_others import against_others
from pages.parts.one_indicator import one_indicator
from pages.parts.schools_compared import between_schools
from pages.parts.source import exports
from pages.parts.two_lights import two_lights

PARTS = {
    "Kommunen mot andra": against_others,
    "Ett nyckeltal": one_indicator,
    "Mål och läge": two_lights,
    "Skola mot skola": between_schools,
}

opened, chosen = exports(), filters.chosen()
answer.head("Jämförelse", chosen, chosen.year, None if chosen.year else "senaste värdet per nyckeltal")
filters.said_if_unknown("del", list(PARTS), "kommunen mot andra")
for tab, part in zip(st.tabs(list(PARTS), key="del", bind="query-params"), PARTS.values(), strict=True):
    if tab.open:
        with tab:
            part(opened, chosen)

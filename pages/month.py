"""Månad: what the units report each month, and their economy: budget, forecast, result requirement, staffing."""

from __future__ import annotations

import streamlit as st

from pages.parts import answer, filters
from pages.parts.deviations import deviations
from pages.parts.economy import months
from pages.parts.own_capital import requirement
from pages.parts.reporting import reporting
from pages.parts.source import exports
from pages.parts.staffing import staffing
from pages.parts.words import month_of
from queries.months import reported_months

PARTS = {
    "Rapporterat": reporting,
    "Utfall och prognos": months,
    "Resultatkrav och kapital": requirement,
    "Barn per årsarbetare": staffing,
    "Stora avvikelser": deviations,
}

opened, chosen = exports(), filters.chosen()
reported = reported_months(opened, municipality_id=chosen.municipality_id, year=chosen.year)
newest = reported["month"].max() if len(reported) else None
answer.head("Månad", chosen, newest.year if newest else chosen.year, month_of(newest) if newest else None)
filters.said_if_unknown("manad", list(PARTS), "rapporterat")
for tab, part in zip(st.tabs(list(PARTS), key="manad", bind="query-params"), PARTS.values(), strict=True):
    if tab.open:
        with tab:
            part(opened, chosen)

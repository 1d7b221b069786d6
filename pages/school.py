"""Skola: one school on two screens, the same charts in the same order for every school of its form, and several together."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from pages.parts import answer, filters
from pages.parts.attendance import attendance
from pages.parts.complaints import complaints
from pages.parts.filters import Filters
from pages.parts.my_schools import my_schools
from pages.parts.school_charts import school_charts
from pages.parts.school_choice import choose_school
from pages.parts.school_pieces import years_shown
from pages.parts.source import exports
from pages.parts.surveys import surveys
from queries.connection import Exports

Part = Callable[[Exports, Filters], None]


def with_a_school(part: Part) -> Part:
    """The part, or the list of schools to choose from where none is chosen."""

    def shown(opened: Exports, chosen: Filters) -> None:
        (part if chosen.unit_id else choose_school)(opened, chosen)

    return shown


PARTS = {
    "Skolan i bilder": with_a_school(school_charts),
    "Mina skolor": with_a_school(my_schools),
    "Närvaro": attendance,
    "Enkät": surveys,
    "Klagomål": complaints,
}

opened, chosen = exports(), filters.chosen()
answer.head("Skola", chosen, years_shown(opened, chosen))
filters.said_if_unknown("skoldel", list(PARTS), "skolan i bilder")
for tab, part in zip(st.tabs(list(PARTS), key="skoldel", bind="query-params"), PARTS.values(), strict=True):
    if tab.open:
        with tab:
            part(opened, chosen)

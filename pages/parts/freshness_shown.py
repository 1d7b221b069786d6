"""How fresh each source is, as page Översikt ends with."""

from __future__ import annotations

import streamlit as st

from pages.parts import access, answer
from pages.parts.filters import Filters
from pages.parts.freshness import age_rows, freshness_sentence
from pages.parts.tables import freshness_rows
from queries import clock, places
from queries.connection import Exports
from queries.rhythms import ages


def freshness_answer(opened: Exports, chosen: Filters) -> None:
    """How fresh is each source?"""
    answer.question("Hur färska är uppgifterna?")
    found = ages(opened, municipality_id=chosen.municipality_id, today=clock.today())
    answer.say(freshness_sentence(found), "farskhet")
    answer.table(answer.Twin("Det senaste av varje slag", age_rows(found), "farskhet"))
    every = freshness_rows(places.freshness(opened, municipality_id=chosen.municipality_id))
    shown = answer.Twin("Alla källor och datum", every, "kallor")
    answer.twin(opened, chosen, shown, f"Version {opened.version}")
    if access.may("page:data", chosen.municipality_id):
        st.page_link("data.py", label="Till data och historik →")

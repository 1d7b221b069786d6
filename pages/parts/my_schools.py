"""Mina skolor: up to four schools of one form side by side, with the same charts and axes, and the choice in the link."""

from __future__ import annotations

import streamlit as st

from pages.parts import answer, filters
from pages.parts.filters import Filters
from pages.parts.links import labels_of
from pages.parts.school_charts import small_charts
from pages.parts.school_pieces import LETTERS, breaks, missing, newest_table, side_by_side
from pages.parts.words import SCHOOL_FORMS, listed, md
from queries import places
from queries.connection import Exports

MOST_MORE = len(LETTERS) - 1
# Solid, dashed, dotted, dash-dotted: as the figures draw the first to the fourth.
DASHES = ("hel linje", "streckad", "prickad", "streckprickad")


def my_schools(opened: Exports, chosen: Filters) -> None:
    """The chosen school and up to three more: each measure in one small chart, and all newest values in one table."""
    units = places.units(opened, municipality_id=chosen.municipality_id)
    forms, labels = units.set_index("unit_id")["school_form"], labels_of(units)
    own_form = SCHOOL_FORMS[forms[chosen.unit_id]].lower()
    others = {
        label: unit_id
        for unit_id, label in labels.items()
        if unit_id != chosen.unit_id and forms[unit_id] == forms[chosen.unit_id]
    }
    why = {
        label: f"är inte en {own_form}, och har därför andra mått"
        for unit_id, label in labels.items()
        if label not in others
    } | {chosen.unit: "är redan vald"}
    filters.keep_known("minaskolor", list(others), why)
    picked = st.multiselect(
        f"Fler av samma slag ({own_form}), högst {MOST_MORE}",
        list(others),
        max_selections=MOST_MORE,
        placeholder="Välj skolor",
        key="minaskolor",
        bind="query-params",
        disabled=not others,
    )
    unit_ids = [others[name] for name in picked]
    sections = side_by_side(opened, chosen, unit_ids)
    if not sections:
        st.markdown(md(missing(chosen)))
        return
    named = zip(LETTERS, [chosen.unit, *picked], DASHES, strict=False)
    answer.say(md(f"{listed([f'{letter} {name} ({dash})' for letter, name, dash in named])}."), "minaskolor")
    if not picked:
        st.markdown("Välj en skola till för att se dem sida vid sida. Axlarna är desamma för alla.")
    small_charts(sections)
    if told := breaks(sections):
        st.markdown("\n".join(f"- {md(line)}" for line in told))
    table = newest_table(opened, chosen, unit_ids)
    answer.question(table.question)
    answer.table(answer.Twin(table.question, table.rows, table.key))
    answer.downloads(opened, chosen, answer.Twin(table.question, table.rows, table.key), table.source)
    st.caption(md(table.source))

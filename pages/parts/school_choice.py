"""No school is chosen: the list of schools, each a click away."""

from __future__ import annotations

import streamlit as st

from pages.parts import answer, filters
from pages.parts.empty import say_missing
from pages.parts.filters import Filters
from pages.parts.links import labels_of
from pages.parts.rows import as_records
from pages.parts.words import DASH, SCHOOL_FORM_COUNTS, SCHOOL_FORMS, counted, is_empty, listed, md
from queries import places
from queries.connection import Exports


def choose_school(opened: Exports, chosen: Filters) -> None:
    """How many units there are, and each of them as a button, by school form and area."""
    units = places.units(opened, municipality_id=chosen.municipality_id)
    if chosen.area_unit_ids:
        units = units[units["unit_id"].isin(chosen.area_unit_ids)]
    if units.empty:
        say_missing(f"Inga skolor finns för {chosen.whom}.", "outcomes")
        return
    forms = units["school_form"].value_counts()
    counts = [
        counted(int(forms[form]), *words) for form, words in SCHOOL_FORM_COUNTS.items() if form in forms
    ]
    answer.say(md(f"{chosen.whom} har {listed(counts)}. Välj\u00a0en."), "valj-skola")
    labels = labels_of(units)
    for form, word in SCHOOL_FORMS.items():
        of_form = units[units["school_form"] == form]
        if of_form.empty:
            continue
        st.subheader(word, anchor=False)
        areas = of_form.assign(area=of_form["area"].fillna(DASH)).groupby("area", sort=True)
        for place, (area, group) in zip(st.columns(max(3, len(areas))), areas, strict=False):
            with place:
                if area != DASH:
                    st.markdown(f"**{md(area)}**")
                for row in as_records(group):
                    _button(row["unit_id"], labels[row["unit_id"]], row["closed_year"])


def _button(unit_id: str, label: str, closed_year: object) -> None:
    st.button(
        md(label),
        key=f"valj-{unit_id}",
        type="tertiary",
        on_click=filters.turn_to,
        args=({"skola": label},),
    )
    if not is_empty(closed_year):
        st.caption(f"Stängd {int(closed_year)}")

"""Up to three schools against each other and against the municipality."""

from __future__ import annotations

import streamlit as st

from pages.parts import answer, comparing, filters, positions
from pages.parts.charts.comparison import spider
from pages.parts.empty import say_missing
from pages.parts.filters import Filters
from pages.parts.tables import unit_comparison_rows
from pages.parts.words import listed, md
from queries import comparison
from queries.connection import Exports

MOST_UNITS = 3


def between_schools(opened: Exports, chosen: Filters) -> None:
    """The chosen schools on the scale of the country's municipalities, with the municipality itself beside them."""
    profile = comparing.choose_profile(opened, chosen)
    units = comparison.comparable_units(opened, municipality_id=chosen.municipality_id, profile_id=profile)
    names = {name: unit_id for unit_id, name in chosen.units if unit_id in set(units["unit_id"])}
    filters.keep_known("skolor", list(names))
    picked = st.multiselect(
        "Skolor, högst tre",
        list(names),
        default=[chosen.unit] if chosen.unit in names else list(names)[:2],
        max_selections=MOST_UNITS,
        placeholder="Välj skolor",
        key="skolor",
        bind="query-params",
    )
    values = comparison.spider_units(
        opened,
        municipality_id=chosen.municipality_id,
        unit_ids=[names[name] for name in picked],
        year=chosen.year,
        profile_id=profile,
    )
    if not picked or values.empty or values["value"].notna().sum() == 0:
        say_missing(f"Inga värden per skola finns för valet {listed(picked) or 'utan skola'}.", "outcomes")
        return
    schools = values[values["role"] == "own"]
    shown_count = int(schools["value"].notna().sum())
    sentence = f"{shown_count} av {len(schools)} värden kan visas för {listed(picked)}."
    answer.say(md(sentence), "skolor")
    answer.draw(spider(values), f"{sentence} {positions.of_scaled(schools)}", "jamforelse-skolor")
    st.markdown(
        md("Skolorna ligger på samma skala som landets kommuner.")
        + f" {comparing.SCALES_IN_WORDS['rka']} {comparing.CAVEAT} "
        + md(positions.of_population(schools))
    )
    line = answer.source_line(opened, values["source_id"], is_own_work=not chosen.is_invented)
    shown = answer.Twin("Jämförelse mellan skolor", unit_comparison_rows(values), "jamforelse-skolor")
    answer.twin(opened, chosen, shown, line, is_open=True)

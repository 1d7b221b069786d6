"""Two lights, never one: a goal's verdict beside the municipality's position against others."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from pages.parts import answer, comparing, filters, positions
from pages.parts.empty import say_missing
from pages.parts.filters import Filters
from pages.parts.tables import all_contrast_rows, contrast_rows
from pages.parts.words import is_empty, md, text
from queries import comparison, places
from queries.connection import Exports

SHOWN = {
    "Alla": None,
    "Uppnått men sämre": "met_but_worse",
    "Ej helt uppnått men bättre": "not_met_but_better",
}
NONE_SHOWN = "Inget mål hör dit."


def two_lights(opened: Exports, chosen: Filters) -> None:
    """Where is a goal met although others are ahead, and where is it the other way round?"""
    titles = comparing.others(opened, chosen, also_earlier=False)
    similar = next((name for name in titles if name.startswith("Liknande")), comparing.MEAN)
    filters.said_if_unknown("mot", list(titles), similar)
    name = st.selectbox(
        "Jämför med", list(titles), index=list(titles).index(similar), key="mot", bind="query-params"
    )
    year = chosen.year or places.newest_year(opened, chosen.municipality_id, "verdicts")
    found = (
        comparison.goal_positions(
            opened, municipality_id=chosen.municipality_id, year=year, against=titles[name]
        )
        if year
        else pd.DataFrame()
    )
    answer.question("Stämmer måluppfyllelsen med läget mot andra?")
    if found.empty:
        say_missing(
            f"Inget mål för {chosen.subject(year)} är kopplat till ett nyckeltal som kan jämföras.", "goals"
        )
        return
    other_name = comparing.in_a_sentence(name)
    answer.say(md(positions.of_contrasts(found, other_name)), "ljus")
    st.markdown(
        "Bedömningen är förvaltningens ord om det egna målet. Läget är nyckeltalets värde mot andra. De svarar på olika frågor: "
        f"ett mål kan vara uppnått fast andra har nått längre. {md(compared_with(found))}"
    )
    filters.said_if_unknown("ljus", list(SHOWN), "alla")
    label = st.segmented_control(
        "Visa", list(SHOWN), default="Alla", required=True, key="ljus", bind="query-params"
    )
    kept = found[found["contrast"] == SHOWN[label]] if SHOWN[label] else found
    if kept.empty:
        st.markdown(NONE_SHOWN)
    else:
        answer.table(answer.Twin("Bedömning och läge", contrast_rows(kept), "ljus"))
    line = answer.source_line(opened, found["source_id"], is_own_work=not chosen.is_invented)
    answer.downloads(
        opened,
        chosen,
        answer.Twin(f"Bedömning och läge {year}", all_contrast_rows(found), "ljus"),
        line,
    )


def compared_with(found: pd.DataFrame) -> str:
    """'Jämfört med: Liknande kommuner grundskola, Ekerö, 2024 (medel av 7 av 7 kommuner).'"""
    first = found.iloc[0]
    several = not is_empty(first["count_of_members"]) and int(first["count_of_members"]) > 1
    of = f" (medel av högst {int(first['count_of_members'])} kommuner)" if several else ""
    return f"Jämfört med: {text(first['place_name'], 'ingen')}{of}."

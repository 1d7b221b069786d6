"""Sök: goals, actions, remarks, reports, agreements, indicators, schools and words, found by the words in them."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from pages.parts import answer, filters, found
from pages.parts.filters import Filters, shortened
from pages.parts.rows import as_records
from pages.parts.source import exports
from pages.parts.words import HITS, counted, md
from queries import places, search
from queries.connection import Exports

ALL_YEARS, ALL_KINDS = "alla år", "Alla slag"
# Of each kind, as long as all kinds are shown; and of one kind.
FEW, MANY = 5, 100


def help_with(asked: str, chosen: Filters) -> None:
    """What can be searched, and how; after a search without hits, what may help."""
    if asked:
        where = chosen.subject(chosen.year)
        answer.say(md(f"Inga träffar på ”{shortened(asked)}” i {where}."), "sok")
        narrowed = chosen.year or chosen.unit
        st.markdown(
            "Prova ett annat ord eller bara början av det."
            + (" Med alla skolor och det senaste året valda söks allt igenom." if narrowed else "")
        )
    st.markdown(
        "Här söker du bland mål, åtgärder, påpekanden, rapporter, frågor och löften, överenskommelser, nyckeltal, skolor och "
        "ordlistan i den valda kommunen, alla år om inget år är valt."
    )
    st.markdown(
        "- Skriver du flera ord ska alla finnas med.\n"
        "- Början av ett ord räcker: *frånv* hittar *frånvaro*.\n"
        "- Stora och små bokstäver spelar ingen roll, och *forskola* hittar *förskola*.\n"
        "- Hittas inget, prövas ord som liknar det du skrev."
    )


def hits_of_kind(opened: Exports, chosen: Filters, hits: pd.DataFrame, kind: str, most: int) -> None:
    """The hits of one kind, each a link to where it is shown, with what is told of it beneath."""
    heading, *words = HITS[kind]
    answer.question(heading)
    years = places.years(opened, municipality_id=chosen.municipality_id)
    for number, hit in enumerate(as_records(hits.head(most))):
        page, choices = found.place_of(hit, chosen, years)
        with st.container(key=f"traff-{kind}-{number}", gap=None):
            st.page_link(page, label=found.heading_of(hit), query_params=choices)
            st.caption(found.told_of(hit))
    if len(hits) > most:
        more = f"Visar {most} av {counted(len(hits), *words)}."
        st.markdown(f"{more} Välj *{heading}* ovan för att se fler." if most == FEW else more)


opened, chosen = exports(), filters.chosen()
answer.head("Sök", chosen, None, str(chosen.year or ALL_YEARS))
asked = st.text_input(
    "Sök efter",
    max_chars=search.LONGEST,
    type="search",
    key="q",
    bind="query-params",
    placeholder="Till exempel frånvaro",
)
asked = " ".join((asked or "").split())
hits = search.search_hits(
    opened, municipality_id=chosen.municipality_id, asked=asked, year=chosen.year, unit_ids=chosen.unit_ids
)
if hits.empty:
    help_with(asked, chosen)
else:
    answer.say(md(found.of_hits(hits, shortened(asked), chosen.subject(chosen.year))), "sok")
    kinds = [kind for kind in HITS if (hits["kind"] == kind).any()]
    titles = [ALL_KINDS, *(HITS[kind][0] for kind in kinds)]
    filters.said_if_unknown("traffar", titles, ALL_KINDS.lower())
    title = st.segmented_control(
        "Visa", titles, default=ALL_KINDS, required=True, key="traffar", bind="query-params"
    )
    for kind in kinds:
        if title in (ALL_KINDS, HITS[kind][0]):
            of_kind = hits[hits["kind"] == kind]
            hits_of_kind(opened, chosen, of_kind, kind, FEW if title == ALL_KINDS else MANY)

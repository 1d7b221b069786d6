"""What a page says when a choice has no rows: what is missing, what there is instead, which export fills it."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from pages.parts.words import listed, md

EXPORTS = {
    "goals": "nämndens mål med bedömningar",
    "actions": "åtgärder med status",
    "outcomes": "utfall per skola (till exempel Skolverkets statistik)",
    "comparison": "Kolada",
    "findings": "påpekanden ur kvalitetsrapporter",
    "reports": "rapporter till nämnden",
    "committee_items": "frågor, löften och yrkanden",
    "agreements": "överenskommelser vid dialogmöten",
    "assignments": "åtgärder med status (typ: strategiskt utvecklingsuppdrag)",
}


def say_missing(what: str, export: str, years: Sequence[int] = ()) -> None:
    """'Här finns inga mål för 2018. Uppgifter finns för 2020 och 2021. Exporten … fyller den här delen.'"""
    there_are = f" Uppgifter finns för {listed([str(year) for year in sorted(years)])}." if years else ""
    st.markdown(f"{md(what)}{there_are} Exporten *{EXPORTS[export]}* fyller den här delen.")

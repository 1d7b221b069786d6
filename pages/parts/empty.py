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
    "meeting_questions": "frågor till dialogmöten",
    "monthly_values": "månadsvärden",
    "unit_results": "resultatenheter",
    "targets": "målvärden",
    "assignments": "åtgärder med status (typ: strategiskt utvecklingsuppdrag)",
}


def say_missing(what: str, export: str, years: Sequence[int] = ()) -> None:
    """'Här finns inga mål för 2018. Uppgifter finns för 2020 och 2021. Exporten … fyller den här delen.'"""
    told, fills = _parts(what, years), f"Exporten *{EXPORTS[export]}* fyller den här delen."
    st.markdown(f"{md(told)} {fills}")


def missing_in_words(what: str, export: str, years: Sequence[int] = ()) -> str:
    """The same as plain text, for what is also printed."""
    return f"{_parts(what, years)} Exporten ”{EXPORTS[export]}” fyller den här delen."


def _parts(what: str, years: Sequence[int]) -> str:
    there_are = f" Uppgifter finns för {listed([str(year) for year in sorted(years)])}." if years else ""
    return f"{what}{there_are}"

"""Tillgänglighetsredogörelse, with what the law on accessibility of digital public services (2018:1937) lists.

What it claims stands in data/settings.toml, so that a municipality answers for its own text.
"""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from pages.parts import answer
from pages.parts.public_texts import organisation, whom_to_tell
from pages.parts.words import day, md, upper_first
from queries.connection import settings

CONFORMANCE = {
    "helt": "är **helt förenlig** med lagen.",
    "delvis": "är **delvis förenlig** med lagen. Det som inte är tillgängligt för alla står nedan.",
    "inte": "är **inte förenlig** med lagen. Det som inte är tillgängligt för alla står nedan.",
}


def bullets(sentences: Sequence[str], otherwise: str) -> None:
    """Sentences as a list, or what is said when there are none."""
    st.markdown("\n".join(f"- {md(sentence)}" for sentence in sentences) or otherwise)


told = settings()["accessibility"]
# A word wider than a phone's screen, so it says where it may be broken.
st.title("Tillgänglighets\u00adredogörelse", anchor=False)
st.markdown(
    f"{organisation()} står bakom den digitala tjänsten **Nämndkollen**. Här står hur Nämndkollen uppfyller lagen (2018:1937) "
    "om tillgänglighet till digital offentlig service, vilka brister vi känner till och hur du kan rapportera fler."
)
answer.question("Hur tillgänglig är Nämndkollen?")
st.markdown(
    f"Nämndkollen {CONFORMANCE[told['conformance']]} Måttstocken är standarden EN\u00a0301\u00a0549 med WCAG\u00a02.1, nivå A och AA."
)
answer.question("Vad är inte tillgängligt för alla, och varför?")
bullets(told["faults"], "Vi känner inte till några brister.")
answer.question("Vad är undantaget?")
bullets(
    told["burdens"], "Inget är undantaget för att det vore oskäligt betungande att åtgärda (12 § i lagen)."
)
bullets(told["outside"], "Inget innehåll räknas som utanför lagen (9 §).")
answer.question("Vad gör du om något inte fungerar?")
st.markdown(
    f"{upper_first(whom_to_tell('Tillgänglighet i Nämndkollen'))}. Berätta vilken sida det gäller och vad som inte går. "
    "Samma väg kan du be om innehållet i en annan form."
)
answer.question("Vem har tillsyn?")
st.markdown(
    f"{md(told['authority'])} har tillsyn över lagen. Är du inte nöjd med hur vi hanterar det du påtalat, eller vill du inte "
    f"vända dig till oss, kan du anmäla bristen: {told['complaints']}"
)
answer.question("Hur har vi prövat?")
st.markdown(
    f"{md(told['method'])} Bedömd {day(told['assessed'])}. Redogörelsen uppdaterades senast {day(told['updated'])}."
)
bullets(told["tested"], "Inget prov är redovisat.")

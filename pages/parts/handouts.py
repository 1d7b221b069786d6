"""What is taken along to a meeting, made as files: the pack of a dialogue meeting, or of the committee's own."""

from __future__ import annotations

import streamlit as st

from pages.parts import access, answer, filters, handing_out
from pages.parts.agendas import committee_agenda, meeting_agenda
from pages.parts.filters import Filters
from pages.parts.here import address
from pages.parts.pieces import Pack
from pages.parts.words import counted
from queries.connection import Exports
from queries.dialogue import Meeting

DIALOGUE, COMMITTEE = "Dialogmötet", "Nämndens möte"
ORDER = ("PPTX", "DOCX", "PDF", "XLSX")


def handout(opened: Exports, chosen: Filters, meeting: Meeting) -> None:
    """Choose which meeting and which formats; the files are made while the reader watches, and can be fetched."""
    answer.question("Vad ska ni ta med till mötet?")
    filters.said_if_unknown("underlag", [DIALOGUE, COMMITTEE], DIALOGUE.lower())
    kind = st.segmented_control(
        "Underlag för", [DIALOGUE, COMMITTEE], default=DIALOGUE, required=True, key="underlag", bind="query-params"
    )  # fmt: skip
    with st.form("underlag-format", border=False):
        formats = st.pills("Format", ORDER, selection_mode="multi", default=ORDER, key="underlag-val")
        is_asked = st.form_submit_button("Gör underlaget", type="primary")
    st.markdown(
        "Samma tabeller, figurer och siffror som på sidorna: PowerPoint med diagram som går att ändra, Word, PDF och Excel. "
        "Länken i underlaget visar samma version av uppgifterna också nästa år."
    )
    if is_asked and not formats:
        st.markdown("Välj minst ett format.")
    elif is_asked:
        access.demand(handing_out.PACK, chosen.municipality_id)
        _make(opened, chosen, meeting, kind, [each for each in ORDER if each in formats])


def _make(opened: Exports, chosen: Filters, meeting: Meeting, kind: str, formats: list[str]) -> None:
    # Imported here: what draws and prints takes time and memory that only this needs.
    from pages.parts.reports.formats import FORMATS

    steps = len(formats) + 1
    bar = st.progress(0.0, "Hämtar siffrorna …")
    site = address()
    pack = (
        meeting_agenda(opened, chosen, meeting, site)
        if kind == DIALOGUE
        else committee_agenda(opened, chosen, site)
    )
    made: list[tuple[str, bytes]] = []
    for done, name in enumerate(formats, start=1):
        bar.progress(done / steps, f"Gör {name} …")
        made.append((name, FORMATS[name].made(pack)))
    bar.empty()
    _offer(pack, made, chosen.municipality_id)


def _offer(pack: Pack, made: list[tuple[str, bytes]], municipality_id: str) -> None:
    from pages.parts.reports.formats import FORMATS

    count = counted(len(pack.pieces), "fråga", "frågor")
    answer.say(f"Underlaget är klart: {count} i {len(pack.sections)} delar.", "underlag")
    with st.container(horizontal=True, key="hamta-underlag"):
        for name, content in made:
            handing_out.offer(
                f"Hämta {name} ({_size(content)})",
                content,
                file_name=FORMATS[name].file_name(pack),
                mime=FORMATS[name].mime,
                key=f"underlag-{name}",
                what=handing_out.PACK,
                municipality_id=municipality_id,
                version=pack.version,
            )
    st.markdown("Länk till samma siffror:")
    st.code(pack.link, language=None, wrap_lines=True)


def _size(content: bytes) -> str:
    return f"{max(1, round(len(content) / 1000))} kB"

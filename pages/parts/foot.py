"""The foot of every page: report a fault, and the texts that the law wants within reach of every page."""

from __future__ import annotations

import streamlit as st

from pages.parts import here, source
from pages.parts.public_texts import mail_link, service
from pages.parts.words import md
from queries.versions import BrokenVersion

SUBJECT = "Fel i Nämndkollen"


def draw(path: str) -> None:
    """Draw the foot. path is that of the page that is shown."""
    with st.container(horizontal=True, vertical_alignment="center", key="sidfot"):
        st.caption(report_line(here.page_address(path), _version()), width="content")
        # Where there is no room on one line, both move to the next.
        with st.container(horizontal=True, width="content"):
            st.page_link("accessibility.py", label="Tillgänglighetsredogörelse")
            st.page_link("privacy.py", label="Personuppgifter")


def report_line(page: str, version: str) -> str:
    """The way to report a fault, as Markdown: a mail that says where it was seen and nothing of who saw it."""
    if not service()["email"]:
        return f"Fel på sidan? Hör av dig till {md(service()['ask'])}."
    body = (
        f"Beskriv felet här. Skriv inga personuppgifter.\n\n\nSida: {page}\nVersion av uppgifterna: {version}"
    )
    return mail_link("Rapportera fel", service()["email"], SUBJECT, body)


def _version() -> str:
    try:
        return str(source.exports().version)
    except BrokenVersion:
        return "går inte att läsa"

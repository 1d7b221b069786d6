"""A page of nothing but st.* calls: those of the real page, its figures and tables as constants."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from tests.benchmarks import recording

ICON = str(Path(__file__).parent / "static" / "icon.svg")
TITLES = {
    "": "Översikt",
    "maluppfyllelse": "Måluppfyllelse",
    "jamforelse": "Jämförelse",
    "atgarder": "Åtgärder",
    "skola": "Skola",
    "om": "Om",
}


def draw() -> None:
    """Draw what was recorded of the page for the chosen year."""
    year = st.session_state.get("ar")
    made: list[object] = []
    for call in recording.read()[page.url_path, year if year in recording.CHOICES else recording.CHOICES[0]]:
        if isinstance(call.parent, tuple):
            place, position = call.parent
            holder = made[place][position] if isinstance(made[place], (list, tuple)) else made[place]
        else:
            holder = st.sidebar if call.parent == recording.SIDEBAR else st
        made.append(getattr(holder, call.name)(*call.args, **call.options))


st.set_page_config(page_title="Nämndkollen", page_icon=ICON, layout="wide")
st.logo(ICON, size="large")
page = st.navigation(
    [st.Page(draw, title=title, url_path=address, default=not address) for address, title in TITLES.items()],
    position="sidebar",
)
page.run()

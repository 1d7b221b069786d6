"""What surrounds every page: title, list of pages, filters. Every visit runs this script, whatever page it asks for."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from pages.parts import filters, version
from pages.parts.settling import settle
from pages.parts.source import exports

HERE = Path(__file__).parent

# A local icon first: with a menu icon alone, Streamlit would fetch one from outside.
st.set_page_config(page_title="Nämndkollen", page_icon=str(HERE / "static" / "icon.svg"), layout="wide")

PAGES = [
    st.Page("overview.py", title="Översikt", default=True),
    st.Page("goals.py", title="Måluppfyllelse", url_path="maluppfyllelse"),
    st.Page("comparison.py", title="Jämförelse", url_path="jamforelse"),
    st.Page("actions.py", title="Åtgärder", url_path="atgarder"),
    st.Page("recurring.py", title="Samma påpekande", url_path="aterkommande"),
    st.Page("school.py", title="Skola", url_path="skola"),
    st.Page("month.py", title="Månad", url_path="manad"),
    st.Page("dialogue.py", title="Dialogmöte", url_path="dialogmote"),
    st.Page("data.py", title="Data", url_path="data"),
    st.Page("about.py", title="Om", url_path="om"),
]

st.logo(str(HERE / "static" / "icon.svg"), size="large")
page = st.navigation(PAGES, position="sidebar")
version.draw()
filters.draw(exports())
filters.announce()
page.run()
settle(page.title)

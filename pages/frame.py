"""What surrounds every page: title, list of pages, filters. Every visit runs this script, whatever page it asks for."""

from __future__ import annotations

from pathlib import Path

import streamlit as st
from streamlit.navigation.page import StreamlitPage

from pages.parts import access, filters, foot, version
from pages.parts.access import shown
from pages.parts.settling import settle
from pages.parts.source import exports, held
from queries.versions import BrokenVersion

HERE = Path(__file__).parent

# A local icon first: with a menu icon alone, Streamlit would fetch one from outside.
st.set_page_config(page_title="Nämndkollen", page_icon=str(HERE / "static" / "icon.svg"), layout="wide")

visitor = access.of_visit()


def page_at(file: str, *, title: str, url_path: str = "", default: bool = False) -> StreamlitPage:
    """A page of the list; it stands there for those who may see it, and tells others so when they come by a link."""
    visibility = "visible" if visitor.may(shown.page_id(url_path)) else "hidden"
    return st.Page(file, title=title, url_path=url_path or None, default=default, visibility=visibility)


PAGES = [
    page_at("overview.py", title="Översikt", default=True),
    page_at("search.py", title="Sök", url_path="sok"),
    page_at("goals.py", title="Måluppfyllelse", url_path="maluppfyllelse"),
    page_at("comparison.py", title="Jämförelse", url_path="jamforelse"),
    page_at("actions.py", title="Åtgärder", url_path="atgarder"),
    page_at("recurring.py", title="Samma påpekande", url_path="aterkommande"),
    page_at("school.py", title="Skola", url_path="skola"),
    page_at("month.py", title="Månad", url_path="manad"),
    page_at("dialogue.py", title="Dialogmöte", url_path="dialogmote"),
    page_at("data.py", title="Data", url_path="data"),
    page_at("about.py", title="Om", url_path="om"),
    # The foot of every page leads to these two.
    st.Page(
        "accessibility.py", title="Tillgänglighetsredogörelse", url_path="tillganglighet", visibility="hidden"
    ),
    st.Page(
        "privacy.py", title="Behandling av personuppgifter", url_path="personuppgifter", visibility="hidden"
    ),
]

st.logo(str(HERE / "static" / "icon.svg"), size="large")
page = st.navigation(PAGES, position="sidebar")


def draw() -> None:
    """Draw the filters, the page, or why it is closed, and the foot."""
    what = shown.page_id(page.url_path)
    is_everybodys = access.ANONYMOUS.may(what)
    try:
        offered = filters.municipalities(exports(), what)
    except BrokenVersion:
        # What the law wants everybody to find is there also without data.
        if not is_everybodys:
            raise
        offered = []
    if visitor.may(what) and (offered or is_everybodys):
        if offered:
            filters.follow_link(page.url_path)
            version.draw()
            filters.draw(exports(), offered)
            filters.announce()
        page.run()
    else:
        shown.closed_page(page.title, what)
    shown.account()
    foot.draw(page.url_path)
    settle(page.title)


with held():
    draw()

"""What the visitor sees of it: who is signed in, the way in and out, and a page that is not for them."""

from __future__ import annotations

import streamlit as st

from pages.parts import access
from pages.parts.access import asking, revocations, sessions
from pages.parts.source import newest, store
from pages.parts.words import ROLES, listed, md
from queries import audit, places
from queries.versions import BrokenVersion

# What the server adds to the address when a sign-in has come to nothing (doors.py).
FAILED = "inloggning"
# A page that nobody clicks on is asked about again this often.
LOOK_AGAIN_SECONDS = 30
NOT_SIGNED_IN = "Inloggningen blev inte klar. Försök igen."


def page_id(url_path: str) -> str:
    """What data/access.csv calls a page; the first has no path of its own."""
    return f"page:{url_path or 'oversikt'}"


def closed_page(title: str, what: str) -> None:
    """In place of a page that is not for this visitor: why, and what to do."""
    st.title(title, anchor=False)
    _told_of_failure()
    visitor = access.of_visit()
    st.markdown(md(access.refusal(what)))
    if sessions.is_configured() and not visitor.is_signed_in:
        st.button("Logga in", key="logga-in-har", type="primary", on_click=st.login)
    # A list of one page is not drawn.
    if visitor.may(page_id("om")):
        st.page_link("about.py", label="Om Nämndkollen →")


def account() -> None:
    """At the foot of the sidebar: in which role somebody is signed in, and the way in or out."""
    if not sessions.is_configured():
        return
    visitor = access.of_visit()
    with st.sidebar, st.container(key="konto"):
        if visitor.is_signed_in:
            st.caption(md(_in_words(visitor)))
            st.button("Logga ut", key="logga-ut", on_click=sign_out)
            _watched(visitor)
        else:
            st.caption("Du är inte inloggad.")
            st.button("Logga in", key="logga-in", on_click=st.login)


@st.fragment(run_every=LOOK_AGAIN_SECONDS)
def _watched(visitor: access.Principal) -> None:
    """Take the page away, also when nobody clicks, when the sign-in has run out or is ended, or a role is taken away."""
    if access.of_visit() != visitor:
        st.rerun()


def sign_out() -> None:
    """End the sign-in, also for copies of its cookie, and leave."""
    session = asking.session_of_visit()
    if session is not None:
        visitor = access.of_visit()
        if revocations.end(store(), session):
            asking.written_down(audit.Event("signed_out", visitor.role(), session.pseudonym))
    st.logout()


def _told_of_failure() -> None:
    if FAILED in st.query_params:
        with st.container(key="announcement-inloggning"):
            st.text(NOT_SIGNED_IN)


def _in_words(visitor: access.Principal) -> str:
    """'Inloggad som politiker i Ekerö.'"""
    if not visitor.roles:
        return "Inloggad, utan någon roll här."
    by_role: dict[str, list[str]] = {}
    try:
        known = dict(places.municipalities(newest())[["municipality_id", "name"]].to_numpy())
    except BrokenVersion:
        known = {}
    for place, role in visitor.roles.items():
        name = "alla kommuner" if place == access.EVERYWHERE else str(known.get(place, place))
        by_role.setdefault(role, []).append(name)
    parts = [f"{ROLES[role]} i {listed(names)}" for role, names in by_role.items()]
    return f"Inloggad som {listed(parts)}."

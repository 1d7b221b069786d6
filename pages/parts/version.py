"""Which published version a visit shows: the newest, or the one that its link names, to look at and nothing more.

The link carries it as ?version=3. The newest is a choice of its own and leaves the link.
"""

from __future__ import annotations

import streamlit as st

from pages.parts.filters import NEWEST, shortened
from pages.parts.source import CHOSEN, newest, opened, store
from pages.parts.words import moment
from queries.versions import BrokenVersion

KEY = "version"


def draw() -> None:
    """Draw the choice of version and keep it for the visit. Above the page stands what it shows other than the newest.

    The field is always there, since only a field that is there follows the link; screen.css shows it beside the notice.
    """
    choices = [NEWEST, *(str(number) for number in reversed(store().numbers()))]
    notices = list(newest().broken)
    asked = st.session_state.get(KEY, st.query_params.get(KEY))
    if asked is not None and asked not in choices:
        st.session_state[KEY] = NEWEST
        notices.append(f"Version ”{shortened(asked)}” finns inte. Sidan visar den senaste.")
    with st.sidebar:
        chosen = st.selectbox("Version", choices, key=KEY, bind="query-params")
    number = None if chosen == NEWEST else int(chosen)
    try:
        opened(number)
    except BrokenVersion as fault:
        notices.append(f"Version {number} kan inte visas. {fault} Sidan visar den senaste.")
        number = None
    st.session_state[CHOSEN] = number
    _announce(notices)


def is_old() -> bool:
    """Whether the visit shows another version than the newest: then nothing can be published."""
    chosen = st.session_state.get(CHOSEN)
    return chosen is not None and chosen != newest().version


def show(version: int | None) -> None:
    """Let the visit show a version, or the newest, from its next run on."""
    st.session_state[KEY] = NEWEST if version is None else str(version)


def _announce(notices: list[str]) -> None:
    if not notices and not is_old():
        return
    with st.container(key="announcement-version"):
        for notice in notices:
            st.text(notice)
        if is_old():
            told = opened(st.session_state[CHOSEN]).manifest
            st.text(
                f"Du ser version {told.version}, publicerad {moment(told.created_at)} av {told.created_by}. "
                f"Den senaste är version {newest().version}."
            )
            st.button("Visa den senaste", key="visa-senaste", on_click=show, args=(None,))

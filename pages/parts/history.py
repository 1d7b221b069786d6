"""Every published version, newest first: who, when, what it changed, and the way back to it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

import streamlit as st

from pages.parts import access, handing_in, handing_out, version
from pages.parts.review import bullets, published
from pages.parts.source import exports, store
from pages.parts.words import md, moment
from queries.intake import publishing
from queries.intake.publishing import Entry
from queries.versions import BrokenVersion

PLACE = "historik"
HERE = "tab:data/Historik"
OF_OTHERS = "Ändringen gäller mer än de kommuner som du har behörighet till."
SHOWN = 10
NOT_IN_FILE_NAMES = re.compile(r'[\\/:*?"<>|\x00-\x1f]')


def history() -> None:
    """What was done last, undo, and all versions."""
    published(PLACE)
    entries = publishing.history(store())
    why = handing_in.closed(PLACE)
    if why:
        st.markdown(why)
    elif handing_in.done(PLACE) is None:
        undo_button(entries)
    shown = entries if st.session_state.get("alla-versioner") else entries[:SHOWN]
    current = next(entry.version for entry in entries if entry.is_current)
    for entry in shown:
        one_version(entry, current, may_change=why is None)
    if len(entries) > SHOWN:
        st.checkbox(f"Visa alla {len(entries)} versioner", key="alla-versioner")


def undo_button(entries: Sequence[Entry]) -> None:
    """Undo the newest version, or do again what it undid."""
    by_number = {entry.version: entry for entry in entries}
    newest = next(entry for entry in entries if entry.is_current)
    if newest.parent is None or not access.may("undo"):
        return
    is_redo = is_undo(newest, by_number)
    st.button(
        "Gör om det som ångrades" if is_redo else f"Ångra version {newest.version}",
        key="angra-senaste",
        on_click=handing_in.undo,
        args=(PLACE, newest.version, is_redo),
    )


def is_undo(entry: Entry, by_number: dict[int, Entry]) -> bool:
    """Whether a version has the content of the one before the version that it follows."""
    before = by_number[entry.parent].parent if entry.parent in by_number else None
    if entry.restores is None or before not in by_number:
        return False
    return entry.restores == (before if by_number[before].restores is None else by_number[before].restores)


def one_version(entry: Entry, current: int, *, may_change: bool) -> None:
    """One version: its facts in words, what it changed, and what can be done with it."""
    st.subheader(f"Version {entry.version}{' (den senaste)' if entry.is_current else ''}", anchor=False)
    if not is_own(entry):
        st.markdown(md(f"{moment(entry.created_at)}, {entry.created_by}. {OF_OTHERS}"))
        return
    if entry.created_at:
        note = f" ”{entry.note}”" if entry.note else ""
        st.markdown(md(f"{moment(entry.created_at)}, {entry.created_by}.{note}"))
    if entry.original is not None:
        st.markdown(md(f"Fil: {entry.original.name} ({entry.original.title})."))
    if entry.summary:
        bullets(entry.summary, f"version-{entry.version}")
    if entry.culled:
        st.markdown(md(entry.culled))
    if entry.broken:
        st.markdown(md(f"Versionen kan inte visas. {entry.broken}"))
    with st.container(horizontal=True, key=f"knappar-{entry.version}"):
        if entry.version != exports().version and not entry.broken:
            st.button(
                f"Visa version {entry.version}",
                key=f"visa-{entry.version}",
                on_click=version.show,
                args=(None if entry.is_current else entry.version,),
            )
        if entry.version != current and may_change and not entry.broken and access.may("restore"):
            st.button(
                f"Återgå till version {entry.version}",
                key=f"aterga-{entry.version}",
                on_click=handing_in.restore,
                args=(PLACE, entry.version, current),
            )
        if entry.original is not None and not entry.culled:
            handing_out.offer(
                "Hämta originalfilen",
                lambda: original_of(entry.version),
                file_name=NOT_IN_FILE_NAMES.sub("_", entry.original.name),
                mime="application/octet-stream",
                key=f"original-{entry.version}",
                what=handing_out.ORIGINAL,
                # A file may hold rows of any municipality.
                municipality_id=access.EVERYWHERE,
                version=entry.version,
            )


def is_own(entry: Entry) -> bool:
    """Whether all that a version changed is of municipalities whose history the visitor may see."""
    permit = access.of_visit().permit(HERE)
    if permit is None or permit.municipality_ids is None:
        return permit is not None
    try:
        return permit.covers(publishing.reach_of(store(), entry.version))
    except BrokenVersion:
        return False


def original_of(number: int) -> bytes:
    """The bytes that somebody uploaded for a version."""
    path = publishing.original_path(store(), number)
    return Path(path).read_bytes() if path else b""

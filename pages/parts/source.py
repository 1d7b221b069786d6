"""The opened exports, shared by all visits. A new version or a corrected setting is seen at the next click."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

import streamlit as st

from queries.connection import Exports, library
from queries.versions import BrokenVersion, Store

# Where pages/parts/version.py keeps the number of the version that the visit has chosen.
CHOSEN = "chosen_version"

_held: ContextVar[dict[int | None, Exports] | None] = ContextVar("held", default=None)


def store() -> Store:
    """Where published versions lie."""
    return library().store


def opened(version: int | None) -> Exports:
    """One version, or the newest that is whole. Raises BrokenVersion when its files are not those published."""
    held = _held.get()
    if held is None:
        return library().open(version)
    if version not in held:
        held[version] = library().open(version)
    return held[version]


@contextmanager
def held() -> Iterator[None]:
    """Meanwhile each version is opened once, here: a page tells of one version, also when another is published now."""
    token = _held.set({})
    try:
        yield
    finally:
        _held.reset(token)


def newest() -> Exports:
    """The newest version that is whole. Raises BrokenVersion when none is."""
    return opened(None)


def exports() -> Exports:
    """The version that this visit shows: the newest, or the one it has chosen."""
    return opened(st.session_state.get(CHOSEN))


def of_link(version: str | None) -> Exports:
    """The version that a link names, else the newest: the page itself tells of one that cannot be shown."""
    is_number = version is not None and version.isascii() and version.isdigit()
    try:
        return opened(int(version) if version and is_number else None)
    except BrokenVersion:
        return newest()

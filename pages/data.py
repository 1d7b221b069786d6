"""Data: how fresh it is, taking in files, fetching from Kolada, what was published when, templates, and words to explain."""

from __future__ import annotations

import streamlit as st

from pages.parts import (
    access,
    answer,
    audit_shown,
    explaining,
    fetching,
    filters,
    groups,
    handing_in,
    history,
    templates_shown,
)
from pages.parts.freshness import age_rows, freshness_sentence
from pages.parts.review import published, review
from pages.parts.source import exports, newest
from pages.parts.words import md, moment
from queries import clock
from queries.connection import Exports
from queries.rhythms import ages

TABS = ["Färskhet", "Läs in", "Kolada", "Grupper", "Historik", "Mallar", "Ord", "Logg"]
# What is fetched and explained there is of all municipalities.
OF_ALL = ("Kolada", "Ord")
UPLOADED = "fil"


def fresh(opened: Exports) -> None:
    """How fresh is each kind of data of the chosen municipality, and when does the next come?"""
    chosen = filters.chosen()
    found = ages(opened, municipality_id=chosen.municipality_id, today=clock.today())
    answer.say(f"{md(chosen.municipality)}: {freshness_sentence(found)}", "farskhet")
    shown = answer.Twin(f"Färskhet, {chosen.municipality}", age_rows(found), "farskhet")
    answer.table(shown)
    st.caption("När nästa väntas är ett antagande ur data/rhythms.csv, inte ett löfte från källan.")
    answer.downloads(opened, chosen, shown, f"Läget {clock.today().isoformat()}")


def taken_in(_: Exports) -> None:
    """Hand in a file, see what it changes, publish it, undo it."""
    if why := handing_in.closed(UPLOADED):
        st.markdown(why)
        return
    published(UPLOADED)
    handing_in.uploader(UPLOADED)
    handed = handing_in.looked_at(UPLOADED)
    if handed is not None:
        review(UPLOADED, handed)


def fetched(_: Exports) -> None:
    """Fetch from Kolada, see what it changes, publish it, undo it."""
    fetching.take_result()
    published(fetching.PLACE)
    handed = handing_in.looked_at(fetching.PLACE)
    if handed is None:
        fetching.offer(newest())
    else:
        review(fetching.PLACE, handed)


def grouped(_: Exports) -> None:
    """Make a group of municipalities to compare with, change it or take it away."""
    published(groups.PLACE)
    handed = handing_in.looked_at(groups.PLACE)
    if handed is None:
        groups.own_groups(newest())
        handed = handing_in.looked_at(groups.PLACE)
    if handed is not None:
        review(groups.PLACE, handed)


def versions(_: Exports) -> None:
    """What has been published, and the way back."""
    history.history()


def templates(opened: Exports) -> None:
    """Tables to fill in."""
    templates_shown.templates_to_fill(opened)


def explained(opened: Exports) -> None:
    """Words of the sources, and what they mean."""
    published(explaining.PLACE)
    handed = handing_in.looked_at(explaining.PLACE)
    if handed is None:
        explaining.unexplained(opened)
        handed = handing_in.looked_at(explaining.PLACE)
    if handed is not None:
        review(explaining.PLACE, handed)
    explaining.explained(opened)


def logged(_: Exports) -> None:
    """Who did what."""
    audit_shown.log()


answers = (fresh, taken_in, fetched, grouped, versions, templates, explained, logged)
answer_of = dict(zip(TABS, answers, strict=True))
opened = exports()
st.title("Data", anchor=False)
st.text(
    f"Version {opened.version}, publicerad {moment(opened.manifest.created_at)} av {opened.manifest.created_by}"
)
here = filters.chosen().municipality_id
open_to_visitor = [
    name for name in TABS if access.may(f"tab:data/{name}", access.EVERYWHERE if name in OF_ALL else here)
]
filters.said_if_unknown("data", open_to_visitor, "den första fliken")
for tab, name in zip(st.tabs(open_to_visitor, key="data", bind="query-params"), open_to_visitor, strict=True):
    if tab.open:
        with tab:
            answer_of[name](opened)

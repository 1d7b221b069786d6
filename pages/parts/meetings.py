"""Which round of dialogue meetings a page is about, and whether it is about one unit, an area or all of them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import streamlit as st

from pages.parts import filters
from pages.parts.areas import EVERY
from pages.parts.filters import Filters
from queries import clock, dialogue, places
from queries.connection import Exports
from queries.dialogue import Meeting


def choose_meeting(opened: Exports, chosen: Filters) -> Meeting:
    """A field for the round, kept in the link as 'hösten 2026'. First stands the newest that anything is told of."""
    rounds = rounds_of(opened, chosen)
    by_name = {meeting.name: meeting for meeting in rounds}
    first = start_of(rounds, chosen.year)
    filters.said_if_unknown("mote", list(by_name), first.name)
    index = list(by_name).index(first.name)
    return by_name[st.selectbox("Möte", list(by_name), index=index, key="mote", bind="query-params")]


def choose_area(opened: Exports, chosen: Filters) -> Filters:
    """The same choice for the units of an area, where no unit is chosen and the municipality has areas."""
    units = places.units(opened, municipality_id=chosen.municipality_id).dropna(subset=["area"])
    areas = [EVERY, *sorted(units["area"].unique())]
    if len(areas) < 3:
        return chosen
    filters.said_if_unknown("omrade", areas, EVERY.lower())
    area = st.selectbox(
        "Område", areas, key="omrade", bind="query-params", disabled=chosen.unit_id is not None
    )
    if area == EVERY or chosen.unit_id is not None:
        return chosen
    return replace(chosen, area=area, area_unit_ids=tuple(units.loc[units["area"] == area, "unit_id"]))


def rounds_of(opened: Exports, chosen: Filters) -> list[Meeting]:
    """The rounds that anything is told of and the one to come, newest first."""
    return dialogue.meetings(opened, municipality_id=chosen.municipality_id, today=clock.today())


def start_of(rounds: list[Meeting], year: int | None) -> Meeting:
    """The round shown when the link names none: the newest told of, up to a chosen year; else the one to come."""
    told = [meeting for meeting in rounds if meeting.day and (year is None or meeting.year <= year)]
    return told[0] if told else rounds[0]


def day_of(rounds: list[Meeting], meeting: Meeting) -> date | None:
    """The day of a round; where none is told, the day that the newest one of the same kind was held, in its year."""
    if meeting.day:
        return meeting.day
    alike = next((each.day for each in rounds if each.kind == meeting.kind and each.day), None)
    # A meeting on the last day of February moves to one that every year has.
    return alike and alike.replace(
        year=meeting.year, day=min(alike.day, 28) if alike.month == 2 else alike.day
    )

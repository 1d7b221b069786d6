"""Tab Kommande: what falls due, as a sentence and a table, as a calendar to subscribe to, and as a list to send."""

from __future__ import annotations

from datetime import date, timedelta
from urllib.parse import urlencode

import pandas as pd
import streamlit as st

from pages.parts import access, answer, calendar_feed, filters
from pages.parts.empty import say_missing
from pages.parts.filters import Filters
from pages.parts.here import address
from pages.parts.reminders import (
    ANALYSTS,
    COMMITTEE,
    DAYS_AHEAD,
    LEADERSHIP,
    LIST_OF,
    WORK,
    coming_rows,
    reminder,
)
from pages.parts.words import DEADLINES, NO_BREAK, OUTCOMES, counted, day, listed, md, text, upper_first
from queries import clock
from queries.connection import Exports
from queries.deadlines import deadlines

LISTS = (COMMITTEE, LEADERSHIP, ANALYSTS)


def coming(opened: Exports, chosen: Filters, _: int | None) -> None:
    """What falls due from today on, how is one reminded of it, and whom to tell?"""
    today = clock.today()
    rows = deadlines(opened, municipality_id=chosen.municipality_id, unit_ids=chosen.unit_ids, as_of=today)
    if rows.empty:
        say_missing(f"Inget med en dag är känt för {chosen.whom}.", "actions")
    else:
        due(opened, chosen, rows, today)
        subscription(chosen)
    to_send(opened, chosen, today)


def due(opened: Exports, chosen: Filters, rows: pd.DataFrame, today: date) -> None:
    """What falls due within DAYS_AHEAD, and everything that has a day in the download."""
    until = today + timedelta(days=DAYS_AHEAD)
    near = coming_rows(rows, until)
    answer.say(md(of_coming(rows, near, until)), "kommande")
    st.markdown(
        f"Räknat från i dag, {day(today)}, vilket år som än är valt. Med är det som inte är känt som klart, besvarat eller utvärderat."
    )
    if len(near):
        answer.table(answer.Twin(f"Till och med {day(until)}", due_rows(near), "kommande"))
    line = answer.source_line(opened, rows["source_id"])
    late = answer.Twin("Allt med en dag, det försenade först", all_due_rows(rows), "kommande-alla")
    answer.twin(opened, chosen, late, line)


def subscription(chosen: Filters) -> None:
    """The days in one's own calendar."""
    if not access.may(calendar_feed.FEED, chosen.municipality_id):
        return
    answer.question("Dagarna i din egen kalender")
    role = access.of_visit().role(chosen.municipality_id)
    st.markdown(
        "Kopiera länken och lägg till den som prenumeration i Outlook, Google Kalender eller Apples Kalender. "
        "Kalendern hämtar själv det som ändras."
    )
    link = calendar_feed.link_to(address(), chosen.municipality_id, chosen.municipality, role)
    st.code(link, language=None, wrap_lines=True)
    if access.is_configured():
        st.markdown(
            "Den som har länken ser kalendern utan att logga in. Dela den bara med dem som får se sidorna."
        )


def to_send(opened: Exports, chosen: Filters, today: date) -> None:
    """A list as plain text, for one of three readers."""
    answer.question("En lista att skicka")
    filters.said_if_unknown("lista", LISTS, COMMITTEE.lower())
    first = LIST_OF.get(access.of_visit().role(chosen.municipality_id), COMMITTEE)
    whose = st.segmented_control(
        "Till", LISTS, default=first, required=True, key="lista", bind="query-params"
    )
    choices = {"uppfoljning": "Kommande", "kommun": chosen.municipality}
    link = f"{address()}/atgarder?{urlencode(choices | ({'skola': chosen.unit} if chosen.unit else {}))}"
    st.code(reminder(opened, chosen, whose, today, link), language=None, wrap_lines=True)


def of_coming(rows: pd.DataFrame, near: pd.DataFrame, until: date) -> str:
    """'Till och med 21 januari 2027 förfaller 22 saker: 17 åtgärder, … 11 åtgärder är försenade.'"""
    late = int((rows["is_late"] & rows["kind"].isin(WORK)).sum())
    kinds = near["kind"].value_counts()
    parts = [
        counted(int(kinds[kind]), one, many) for kind, (_, one, many) in DEADLINES.items() if kind in kinds
    ]
    said = (
        f"Till och med {day(until)}: {listed(parts)}."
        if parts
        else f"Inget förfaller till och med {day(until)}."
    )
    is_one = "är försenad" if late == 1 else "är försenade"
    return (
        f"{said} {upper_first(counted(late, 'åtgärd eller steg', 'åtgärder eller steg'))} {is_one}."
        if late
        else said
    )


def due_rows(rows: pd.DataFrame) -> pd.DataFrame:
    """deadlines as a table."""
    return pd.DataFrame(
        {
            # A day is not broken over two lines.
            "Dag": [day(value).replace(" ", NO_BREAK) for value in rows["day"]],
            "Slag": [DEADLINES[kind][0] for kind in rows["kind"]],
            "Vad": [upper_first(text(title)) for title in rows["title"]],
            "Gäller": [text(name, "Hela kommunen") for name in rows["unit_name"]],
            "Ansvarig": [text(role) for role in rows["owner_role"]],
        }
    )


def all_due_rows(rows: pd.DataFrame) -> pd.DataFrame:
    """The same with whether the day has passed and what it belongs to."""
    passed = [OUTCOMES["late"].shown if is_late else "" for is_late in rows["is_late"]]
    return due_rows(rows).assign(Läge=passed, **{"Hör till": [text(value) for value in rows["reference"]]})

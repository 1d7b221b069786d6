"""Tab Dagordning: what the meeting goes through, point by point, and the answers that are written down at it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

import pandas as pd
import streamlit as st

from pages.parts import answer, handing_in, meeting_mode, meeting_notes
from pages.parts.agendas import meeting_agenda
from pages.parts.filters import Filters
from pages.parts.meeting_pieces import QUESTIONS_TITLE, addressed, asked_at, since
from pages.parts.meetings import day_of, rounds_of
from pages.parts.pieces import Section
from pages.parts.remembering import once_a_day
from pages.parts.review import published, review
from pages.parts.rows import as_records
from pages.parts.words import counted, md, text, upper_first
from queries import clock
from queries.connection import Exports
from queries.dialogue import Meeting

PLACE = "dagordning"
# A file may hold any link; only those to a page here are shown as links.
PAGE_HERE = re.compile(r"/[a-z]+\?[\w%&=.~+-]*", re.ASCII)
# The last meeting and the questions stand whole; of the other points what they say, until they are opened.
SHOWN_WHOLE = 2
LONGEST_ANSWER, LONGEST_QUESTION = 1000, 300
NO_NAMES = "Skriv inga namn på barn eller elever."


@once_a_day
def sections_of(opened: Exports, chosen: Filters, meeting: Meeting) -> tuple[Section, ...]:
    """The points of a meeting: the last one and the questions first, then what its kind of meeting goes through."""
    return meeting_agenda(opened, chosen, meeting).sections


def agenda(opened: Exports, chosen: Filters, meeting: Meeting) -> None:
    """What does the meeting go through, and what was answered?"""
    published(PLACE)
    handed = handing_in.looked_at(PLACE)
    if handed is not None:
        review(PLACE, handed)
        return
    sections = sections_of(opened, chosen, meeting)
    answer.say(md(of_agenda(sections, chosen, meeting)), "dagordning")
    st.button("Visa i mötesläge", key="till-motet", on_click=meeting_mode.turn_to, args=(1,))
    for number, section in enumerate(sections, start=1):
        answer.question(f"{number}. {section.title}")
        if number <= SHOWN_WHOLE:
            for piece in section.pieces:
                answer.piece(opened, chosen, piece)
            if section.title == QUESTIONS_TITLE:
                evidence(asked_at(opened, chosen, meeting))
        else:
            in_short(opened, chosen, number, section)
    writing(opened, chosen, meeting)


def evidence(rows: pd.DataFrame) -> None:
    """Links to what the questions rest on, in the version that they were raised from."""
    links = [
        f"- [{md(row['question'])}]({row['link']})"
        for row in as_records(rows)
        if PAGE_HERE.fullmatch(text(row["link"], ""))
    ]
    if links:
        st.markdown("\n".join(["Underlaget till frågorna:", "", *links]))


def in_short(opened: Exports, chosen: Filters, number: int, section: Section) -> None:
    """One point: what its pieces say, and in a fold their figures and tables, drawn when it is opened."""
    for piece in section.pieces:
        stop = "" if piece.question.endswith("?") else "."
        st.markdown(f"**{md(piece.question)}{stop}** {md(piece.sentence)}")
    if all(piece.is_empty for piece in section.pieces):
        return
    fold = st.expander(
        f"Visa figurer och tabeller till punkt {number}", key=f"punkt-{number}", on_change="rerun"
    )
    if fold.open:
        with fold:
            for piece in section.pieces:
                answer.piece(opened, chosen, piece)


def writing(opened: Exports, chosen: Filters, meeting: Meeting) -> None:
    """Fields for answers and for a question of one's own; what is sent is checked and shown before it is published."""
    answer.question("Skriv ner vid mötet")
    if why := handing_in.closed(PLACE, chosen.municipality_id):
        st.markdown(why)
        return
    rows = asked_at(opened, chosen, meeting)
    waiting = as_records(rows[~rows["is_answered"]])
    if waiting:
        answers(opened, chosen, waiting, meeting)
    own_question(opened, chosen, meeting)


def answers(opened: Exports, chosen: Filters, waiting: list[Mapping[str, Any]], meeting: Meeting) -> None:
    """A field per question that waits, and the day of the answers."""
    with st.form("svar", border=False):
        st.markdown(f"**Svar på {counted(len(waiting), 'fråga', 'frågor')}.** {NO_NAMES}")
        told = {str(row["question_id"]): _field(row) for row in waiting}
        today = clock.today()
        day = st.date_input("Besvarade den", meeting.day or today, format="YYYY-MM-DD", key="svarsdag")
        is_sent = st.form_submit_button("Kontrollera och publicera svaren")
    given = {key: {"answer": said, "answered_date": day} for key, said in told.items() if said}
    if is_sent and given:
        rows = meeting_notes.told_rows(opened, chosen, meeting_notes.QUESTIONS, given)
        meeting_notes.hand_in(PLACE, meeting_notes.QUESTIONS, rows)
        st.rerun()
    elif is_sent:
        st.markdown("Skriv först svaret på minst en fråga.")


def own_question(opened: Exports, chosen: Filters, meeting: Meeting) -> None:
    """A question of one's own, put on the agenda."""
    with st.form("egen-fraga", border=False):
        st.markdown(f"**Egen fråga till {md(chosen.whom)}.** Frågebanken har förslag.")
        said = one_line(st.text_area("Fråga", max_chars=LONGEST_QUESTION, key=f"egen-fraga-{opened.version}"))
        day = meeting_day(opened, chosen, meeting, "egen-fraga-dag")
        is_sent = st.form_submit_button("Kontrollera och publicera frågan")
    if is_sent and said and day:
        noted = [meeting_notes.own_question(chosen, said)]
        rows = meeting_notes.new_rows(opened, chosen, meeting, day, meeting_notes.QUESTIONS, noted)
        meeting_notes.hand_in(PLACE, meeting_notes.QUESTIONS, rows)
        st.rerun()
    elif is_sent:
        st.markdown("Skriv frågan och mötesdagen först.")


def meeting_day(opened: Exports, chosen: Filters, meeting: Meeting, key: str) -> date | None:
    """A field for the day of the meeting, within its season. Filled in where the round has been held before."""
    suggested = day_of(rounds_of(opened, chosen), meeting)
    first, last = ((1, 1), (6, 30)) if meeting.kind == "spring" else ((7, 1), (12, 31))
    given = st.date_input(
        "Mötesdag",
        suggested,
        min_value=date(meeting.year, *first),
        max_value=date(meeting.year, *last),
        format="YYYY-MM-DD",
        key=f"{key}-{meeting.name}",
    )
    return given if isinstance(given, date) else None


def one_line(written: str | None) -> str:
    """What somebody wrote, without line breaks: a cell of a template is one line."""
    return " ".join((written or "").split())


def of_agenda(sections: tuple[Section, ...], chosen: Filters, meeting: Meeting) -> str:
    """'Dialogmöte våren 2027 med Norra: 8 punkter. …'"""
    held = "" if meeting.day else " Dagen är inte satt."
    return f"Dialogmöte {meeting.name}, {chosen.whom}: {counted(len(sections), 'punkt', 'punkter')}.{held}"


def _field(row: Mapping[str, Any]) -> str:
    evidence = text(row["evidence"], "")
    said = st.text_area(
        md(f"{addressed(row)}: {text(row['question'])}"),
        max_chars=LONGEST_ANSWER,
        height=68,
        key=f"besvara-{row['question_id']}",
        help=md(evidence, "") or None,
        placeholder=upper_first(since(row)),
    )
    return one_line(said)

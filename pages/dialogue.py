"""Dialogmöte: the agenda of one round of meetings, its questions and agreements, and the pack that is taken along."""

from __future__ import annotations

import streamlit as st

from pages.parts import answer, filters, meeting_mode
from pages.parts.handouts import handout
from pages.parts.meeting_agenda import agenda, sections_of
from pages.parts.meeting_agreements import agreed
from pages.parts.meeting_pieces import each_question
from pages.parts.meetings import choose_area, choose_meeting
from pages.parts.question_bank_shown import bank
from pages.parts.source import exports

PARTS = {
    "Dagordning": agenda,
    "Frågebank": bank,
    "Överenskommelser": agreed,
    "Underlag": handout,
}

opened, chosen = exports(), filters.chosen()
top = st.container()
with st.container(key="val-av-mote", horizontal=True):
    meeting = choose_meeting(opened, chosen)
    chosen = choose_area(opened, chosen)
if meeting_mode.is_on():
    questions = each_question(opened, chosen, meeting)
    points = meeting_mode.points_of(sections_of(opened, chosen, meeting), questions)
    meeting_mode.show(chosen, meeting.name, points)
else:
    with top:
        answer.head("Dialogmöte", chosen, None, meeting.name)
    filters.said_if_unknown("dialog", list(PARTS), "dagordning")
    tabs = st.tabs(list(PARTS), key="dialog", bind="query-params")
    for tab, part in zip(tabs, PARTS.values(), strict=True):
        if tab.open:
            with tab:
                part(opened, chosen, meeting)

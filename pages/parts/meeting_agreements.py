"""Tab Överenskommelser: what was agreed and what came of it, and new ones written down."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd
import streamlit as st

from pages.parts import answer, handing_in, meeting_notes
from pages.parts.agreed import agreements
from pages.parts.filters import Filters
from pages.parts.meeting_agenda import NO_NAMES, meeting_day, one_line
from pages.parts.meeting_pieces import addressed
from pages.parts.review import published, review
from pages.parts.rows import as_records
from pages.parts.words import counted, day, md, text, upper_first
from queries import clock, registers
from queries.connection import Exports
from queries.dialogue import Meeting

PLACE = "overenskommet"
LONGEST_TOPIC, LONGEST_TEXT = 60, 600
# What somebody may write about at once: the newest, and of those what is oldest can be told by a template.
MOST_FIELDS = 8


def agreed(opened: Exports, chosen: Filters, meeting: Meeting) -> None:
    """What was agreed, what came of it, and what is agreed now?"""
    published(PLACE)
    handed = handing_in.looked_at(PLACE)
    if handed is not None:
        review(PLACE, handed)
        return
    agreements(opened, chosen, key="overenskommet")
    answer.question("Skriv ner vid mötet")
    if why := handing_in.closed(PLACE, chosen.municipality_id):
        st.markdown(why)
        return
    untold = without_outcome(opened, chosen, meeting)
    if len(untold):
        outcomes(opened, chosen, meeting, untold)
    new_agreement(opened, chosen, meeting)


def without_outcome(opened: Exports, chosen: Filters, meeting: Meeting) -> pd.DataFrame:
    """Agreements of rounds before this one that no source tells the outcome of, newest first."""
    found = registers.agreement_register(
        opened, municipality_id=chosen.municipality_id, unit_ids=chosen.unit_ids, area=chosen.area
    )
    rounds = [Meeting(row["meeting_kind"], row["meeting_date"].year).round for row in as_records(found)]
    return found[~found["is_told"] & (pd.Series(rounds, index=found.index) < meeting.round)]


def outcomes(opened: Exports, chosen: Filters, meeting: Meeting, untold: pd.DataFrame) -> None:
    """A field per agreement without outcome, the newest first, and the day of what is told."""
    with st.form("utfall", border=False):
        many = counted(len(untold), "överenskommelse", "överenskommelser")
        newest = f" Här är de {MOST_FIELDS} senaste." if len(untold) > MOST_FIELDS else ""
        st.markdown(f"**Vad blev det av {many} utan utfall?**{newest} {NO_NAMES}")
        told = {str(row["agreement_id"]): _field(row) for row in as_records(untold.head(MOST_FIELDS))}
        told_date = st.date_input(
            "Uppföljt den", meeting.day or clock.today(), format="YYYY-MM-DD", key="utfallsdag"
        )
        is_sent = st.form_submit_button("Kontrollera och publicera utfallen")
    given = {key: {"outcome": said, "outcome_date": told_date} for key, said in told.items() if said}
    if is_sent and given:
        rows = meeting_notes.told_rows(opened, chosen, meeting_notes.AGREEMENTS, given)
        meeting_notes.hand_in(PLACE, meeting_notes.AGREEMENTS, rows)
        st.rerun()
    elif is_sent:
        st.markdown("Skriv först vad det blev av minst en överenskommelse.")


def new_agreement(opened: Exports, chosen: Filters, meeting: Meeting) -> None:
    """What is agreed now, with the chosen unit, area or all."""
    with st.form("ny-overenskommelse", border=False):
        st.markdown(f"**Ny överenskommelse med {md(chosen.whom)}, {meeting.name}.** {NO_NAMES}")
        topic = one_line(st.text_input("Ämne", max_chars=LONGEST_TOPIC, key=f"ny-amne-{opened.version}"))
        said = one_line(
            st.text_area("Vad vi kom överens om", max_chars=LONGEST_TEXT, key=f"ny-text-{opened.version}")
        )
        held = meeting_day(opened, chosen, meeting, "ny-dag")
        is_sent = st.form_submit_button("Kontrollera och publicera överenskommelsen")
    if is_sent and topic and said and held:
        noted = [meeting_notes.agreement(chosen, topic, said)]
        rows = meeting_notes.new_rows(opened, chosen, meeting, held, meeting_notes.AGREEMENTS, noted)
        meeting_notes.hand_in(PLACE, meeting_notes.AGREEMENTS, rows)
        st.rerun()
    elif is_sent:
        st.markdown("Skriv ämnet, överenskommelsen och mötesdagen först.")


def _field(row: Mapping[str, Any]) -> str:
    agreed = f"{upper_first(text(row['topic']))}: {text(row['agreed'])}"
    said = st.text_area(
        md(f"{addressed(row)}, {day(row['meeting_date'])}. {agreed}"),
        max_chars=LONGEST_TEXT,
        height=68,
        key=f"utfall-{row['agreement_id']}",
    )
    return one_line(said)

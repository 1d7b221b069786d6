"""Tab Frågebank: the questions that the rules raise, with what each rests on, picked onto the agenda."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from pages.parts import answer, filters, handing_in, meeting_notes
from pages.parts.filters import Filters
from pages.parts.meeting_agenda import meeting_day
from pages.parts.meeting_pieces import asked_at
from pages.parts.question_bank import Raised, raised
from pages.parts.review import published, review
from pages.parts.rows import as_records
from pages.parts.words import counted, listed, md
from queries.connection import Exports
from queries.dialogue import Meeting

PLACE = "fragebank"
EVERY = "Alla ämnen"
RULES = "Egen bearbetning: reglerna i data/question_rules.csv över de publicerade uppgifterna."
# Of many in one topic the first stand open; the rest can be unfolded.
SHOWN = 4


def bank(opened: Exports, chosen: Filters, meeting: Meeting) -> None:
    """What should be asked, and what does it rest on?"""
    published(PLACE)
    handed = handing_in.looked_at(PLACE)
    if handed is not None:
        review(PLACE, handed)
        return
    found = once(raised(opened, chosen, meeting))
    on_agenda = keys_of(asked_at(opened, chosen, meeting))
    new = [each for each in found if key_of(each) not in on_agenda]
    answer.say(md(of_bank(len(found) - len(new), new, chosen)), "fragebank")
    if not new:
        return
    st.markdown(
        "Frågorna ställs av regler över det som sidorna visar. De är inga omdömen: svaret kan vara enkelt. "
        "Länken visar underlaget i den version som frågan kommer ur."
    )
    kept = of_topic(new)
    answer.downloads(opened, chosen, answer.Twin("Frågebank", bank_rows(new, chosen), "fragebank"), RULES)
    if why := handing_in.closed(PLACE, chosen.municipality_id):
        st.markdown(why)
        listing(kept, chosen, is_open=False)
        return
    with st.form("fragebank", border=False):
        picked = listing(kept, chosen, is_open=True)
        day = meeting_day(opened, chosen, meeting, "fragebank-dag")
        is_sent = st.form_submit_button(f"Lägg till på dagordningen {meeting.name}", type="primary")
    if is_sent and picked and day:
        noted = [meeting_notes.picked_question(chosen, each) for each in picked]
        rows = meeting_notes.new_rows(opened, chosen, meeting, day, meeting_notes.QUESTIONS, noted)
        meeting_notes.hand_in(PLACE, meeting_notes.QUESTIONS, rows)
        st.rerun()
    elif is_sent:
        st.markdown("Kryssa först för minst en fråga, och välj mötesdag.")


def of_topic(found: Sequence[Raised]) -> list[Raised]:
    """The questions of one topic, chosen among those there are; all of them to begin with."""
    topics = [EVERY, *dict.fromkeys(each.topic for each in found)]
    filters.said_if_unknown("amne", topics, EVERY.lower())
    topic = st.selectbox("Ämne", topics, key="amne", bind="query-params")
    return [each for each in found if topic in (EVERY, each.topic)]


def listing(found: Sequence[Raised], chosen: Filters, *, is_open: bool) -> list[Raised]:
    """The questions under their topics, each with a box to tick where one may; returns the ticked ones."""
    picked = []
    for topic in dict.fromkeys(each.topic for each in found):
        of_topic = [each for each in found if each.topic == topic]
        answer.question(f"{topic} ({len(of_topic)})")
        picked += [each for each in of_topic[:SHOWN] if one(each, chosen, is_open=is_open)]
        if rest := of_topic[SHOWN:]:
            with st.expander(f"Visa {len(rest)} till om {topic.lower()}", key=f"bank-{topic}"):
                picked += [each for each in rest if one(each, chosen, is_open=is_open)]
    return picked


def one(each: Raised, chosen: Filters, *, is_open: bool) -> bool:
    """One question with what it rests on; returns whether it is ticked."""
    where = dict(chosen.units).get(each.unit_id or "")
    whose = f"{md(where)}. " if where and not chosen.unit_id else ""
    with st.container(gap=None):
        if is_open:
            is_ticked = st.checkbox(md(each.question), key="|".join(("fraga", *key_of(each))))
        else:
            is_ticked = False
            st.markdown(md(each.question))
        st.caption(f"{whose}{md(each.evidence)} [Visa underlaget]({each.link})")
    return is_ticked


def key_of(each: Raised) -> tuple[str, str, str]:
    """What makes a question the same question, whatever its numbers are today."""
    return each.rule_id, each.question, each.unit_id or ""


def once(found: Sequence[Raised]) -> list[Raised]:
    """The questions, each once: two actions may have one title."""
    return list({key_of(each): each for each in reversed(found)}.values())[::-1]


def keys_of(rows: pd.DataFrame) -> set[tuple[str, str, str]]:
    """The same for questions on an agenda."""
    return {
        (row["rule_id"], row["question"], row["unit_id"] if isinstance(row["unit_id"], str) else "")
        for row in as_records(rows)
    }


def of_bank(there: int, new: Sequence[Raised], chosen: Filters) -> str:
    """'52 frågor att välja bland för Exempelkommunen: 21 om åtgärder, … 2 frågor står redan på dagordningen.'"""
    already = f" {counted(there, 'fråga', 'frågor')} står redan på dagordningen." if there else ""
    if not new:
        return f"Reglerna ställer inga fler frågor till {chosen.whom}.{already}"
    topics = dict.fromkeys(each.topic for each in new)
    counts = [f"{sum(each.topic == topic for each in new)} om {topic.lower()}" for topic in topics]
    many = counted(len(new), "fråga", "frågor")
    return f"{many} att välja bland för {chosen.whom}: {listed(counts)}.{already}"


def bank_rows(found: Sequence[Raised], chosen: Filters) -> pd.DataFrame:
    """The questions as a table, for the download."""
    units = dict(chosen.units)
    return pd.DataFrame(
        {
            "Ämne": [each.topic for each in found],
            "Fråga": [each.question for each in found],
            "Till": [units.get(each.unit_id or "", chosen.whom) for each in found],
            "Underlag": [each.evidence for each in found],
            "Länk": [each.link for each in found],
        }
    )

"""What only a dialogue meeting looks at, as pieces: what was agreed last time, what is asked, what units share."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from pages.parts.agreed import agreement_heads, agreement_rows, of_meeting
from pages.parts.empty import missing_in_words
from pages.parts.filters import Filters
from pages.parts.pieces import Piece, Section, without_rows
from pages.parts.rows import as_records
from pages.parts.sourcing import sources_in_words
from pages.parts.words import (
    ANSWER_STATES,
    counted,
    day,
    is_empty,
    listed,
    text,
    upper_first,
)
from queries import clock, dialogue, registers
from queries.connection import Exports
from queries.dialogue import Meeting

NOTHING = pd.DataFrame()
QUESTIONS_TITLE = "Frågor"
# A sentence names this many themes; the table has all.
NAMED = 3


def first_sections(opened: Exports, chosen: Filters, meeting: Meeting) -> tuple[Section, ...]:
    """What a meeting begins with: the last one, the questions of this one, and, for several units, what they share."""
    found = (
        Section("Förra mötet", (last_time_piece(opened, chosen, meeting),)),
        Section(QUESTIONS_TITLE, (questions_piece(opened, chosen, meeting),)),
    )
    if chosen.unit_id:
        return found
    return *found, Section("Gemensamt", (themes_piece(opened, chosen), topics_piece(opened, chosen, meeting)))


def last_time_piece(opened: Exports, chosen: Filters, meeting: Meeting) -> Piece:
    """What was agreed at the meeting before this one, and what came of it?"""
    question = "Vad kom vi överens om förra gången, och vad blev det?"
    rounds = dialogue.meetings(opened, municipality_id=chosen.municipality_id, today=clock.today())
    before = dialogue.meeting_before(rounds, meeting)
    rows = agreed_at(opened, chosen, before) if before else NOTHING
    if before is None or rows.empty:
        when = f"vid mötet {before.name}" if before else f"före {meeting.name}"
        what = f"Inga överenskommelser {when} är registrerade för {chosen.whom}."
        return without_rows("forra", question, missing_in_words(what, "agreements"))
    return Piece(
        "forra",
        question,
        of_meeting(rows),
        without_whom(agreement_heads(rows), chosen),
        sources_in_words(opened, rows["source_id"]),
        download=agreement_rows(rows),
    )


def agreed_at(opened: Exports, chosen: Filters, meeting: Meeting) -> pd.DataFrame:
    """agreement_register of one round, for the chosen unit, area or all."""
    found = registers.agreement_register(
        opened, municipality_id=chosen.municipality_id, unit_ids=chosen.unit_ids, area=chosen.area
    )
    years = pd.to_datetime(found["meeting_date"]).dt.year
    return found[(found["meeting_kind"] == meeting.kind) & (years == meeting.year)]


def questions_piece(opened: Exports, chosen: Filters, meeting: Meeting) -> Piece:
    """Which questions are put, and which have waited since earlier meetings?"""
    question = "Vilka frågor ska besvaras?"
    rows = asked_at(opened, chosen, meeting)
    if rows.empty:
        said = f"Ingen fråga står på dagordningen för {chosen.whom}. Frågebanken har förslag."
        return without_rows("fragor-moten", question, said)
    return Piece(
        "fragor-moten",
        question,
        of_questions(rows),
        without_whom(question_heads(rows), chosen),
        sources_in_words(opened, rows["source_id"]),
        download=question_rows(rows),
    )


def each_question(opened: Exports, chosen: Filters, meeting: Meeting) -> list[Piece]:
    """The questions of the agenda one by one, each as a piece without rows: what it rests on, and its answer or wait."""
    return [
        Piece(
            f"fraga-{number}",
            f"{text(row['question'])}",
            " ".join(filter(None, (f"{addressed(row)}.", text(row["evidence"], ""), of_answer(row)))),
            NOTHING,
            sources_in_words(opened, [row["source_id"]]),
        )
        for number, row in enumerate(as_records(asked_at(opened, chosen, meeting)), start=1)
    ]


def asked_at(opened: Exports, chosen: Filters, meeting: Meeting) -> pd.DataFrame:
    """agenda_questions of one round, for the chosen unit, area or all."""
    return dialogue.agenda_questions(
        opened,
        municipality_id=chosen.municipality_id,
        meeting=meeting.name,
        unit_ids=chosen.unit_ids,
        area=chosen.area,
    )


def themes_piece(opened: Exports, chosen: Filters) -> Piece:
    """Which remarks do several units share?"""
    question = "Vilka förbättringsteman är gemensamma för enheterna?"
    rows = dialogue.common_themes(
        opened, municipality_id=chosen.municipality_id, year=chosen.year, unit_ids=chosen.unit_ids
    )
    if rows.empty:
        what = f"Inga påpekanden är registrerade för {chosen.subject(chosen.year)}."
        return without_rows("gemensamma-teman", question, missing_in_words(what, "findings"))
    shown = pd.DataFrame(
        {
            "Tema": [upper_first(theme) for theme in rows["theme"]],
            "Enheter": [int(count) for count in rows["count_units"]],
            "Vilka": [whom(row) for row in as_records(rows)],
            "Utan redovisad effekt": [
                f"{int(row['without_effect'])} av {int(row['count_remarks'])}" for row in as_records(rows)
            ],
        }
    )
    sources = [source for sources in rows["source_ids"] for source in sources]
    return Piece("gemensamma-teman", question, of_themes(rows), shown, sources_in_words(opened, sources))


def topics_piece(opened: Exports, chosen: Filters, meeting: Meeting) -> Piece:
    """What was agreed with several units, at this meeting or, before it is held, the one before?"""
    question = "Vad har flera enheter kommit överens om?"
    rounds = dialogue.meetings(opened, municipality_id=chosen.municipality_id, today=clock.today())
    asked = {"municipality_id": chosen.municipality_id, "unit_ids": chosen.unit_ids}
    before = dialogue.meeting_before(rounds, meeting)
    rows = dialogue.common_topics(opened, **asked, meeting=meeting.name)
    if rows.empty and before:
        rows = dialogue.common_topics(opened, **asked, meeting=before.name)
    if rows.empty:
        what = f"Inga överenskommelser är registrerade för {chosen.whom} {meeting.name}."
        return without_rows("gemensamma-amnen", question, missing_in_words(what, "agreements"))
    shown = pd.DataFrame(
        {
            "Ämne": [upper_first(topic) for topic in rows["topic"]],
            "Enheter": [int(count) for count in rows["count_units"]],
            "Vilka": [whom(row) for row in as_records(rows)],
            "Utfall ej redovisat": [
                f"{int(row['count_untold'])} av {int(row['count_agreements'])}" for row in as_records(rows)
            ],
        }
    )
    sources = [source for sources in rows["source_ids"] for source in sources]
    return Piece("gemensamma-amnen", question, of_topics(rows), shown, sources_in_words(opened, sources))


def of_questions(rows: pd.DataFrame) -> str:
    """'4 frågor: 1 är besvarad och 3 väntar på svar. 2 har följt med från tidigare möten, som längst i 3 möten.'"""
    many, answered = counted(len(rows), "fråga", "frågor"), int(rows["is_answered"].sum())
    waiting = len(rows) - answered
    are = "är besvarade" if answered > 1 else "är besvarad"
    if not answered:
        said = f"{many} väntar på svar."
    elif not waiting:
        said = f"{many} {are}."
    else:
        said = f"{many}: {answered} {are} och {waiting} väntar på svar."
    earlier = rows[rows["is_earlier"]]
    if earlier.empty:
        return said
    longest = counted(int(earlier["count_waited"].max()), "möte", "möten")
    if len(rows) == 1:
        return f"{said} Den har följt med i {longest}."
    return f"{said} {len(earlier)} har följt med från tidigare möten, som längst i {longest}."


def of_themes(rows: pd.DataFrame) -> str:
    """'Frånvaro påpekas 2026 på 2 enheter. …', or that no theme is shared."""
    shared = rows[rows["count_units"] > 1]
    year = int(rows["year"].iloc[0])
    themes = counted(len(rows), "tema", "teman")
    if shared.empty:
        return f"Inget av {themes} som påpekas {year} gäller flera enheter."
    named = [f"{row['theme']} ({int(row['count_units'])} enheter)" for row in as_records(shared.head(NAMED))]
    return f"{counted(len(shared), 'tema', 'teman')} av {len(rows)} påpekas på flera enheter {year}: {listed(named)}."


def of_topics(rows: pd.DataFrame) -> str:
    """'Hösten 2026 kom flera enheter överens om kvalitet (3 enheter) och närvaro (2 enheter).'"""
    first = rows.iloc[0]
    when = upper_first(f"{dialogue.SEASONS[first['meeting_kind']]} {first['meeting_date'].year}")
    shared = rows[rows["count_units"] > 1]
    if shared.empty:
        return f"{when} kom inga enheter överens om samma ämne."
    named = [f"{row['topic']} ({int(row['count_units'])} enheter)" for row in as_records(shared)]
    return f"{when} kom flera enheter överens om {listed(named)}."


def question_heads(rows: pd.DataFrame) -> pd.DataFrame:
    """agenda_questions as whether there is an answer, the question, to whom, and the answer or how long it has waited."""
    records = as_records(rows)
    return pd.DataFrame(
        {
            "Läge": [ANSWER_STATES[bool(row["is_answered"])].shown for row in records],
            "Fråga": [text(row["question"]) for row in records],
            "Till": [addressed(row) for row in records],
            "Svar": [text(row["answer"], since(row)) for row in records],
        }
    )


def question_rows(rows: pd.DataFrame) -> pd.DataFrame:
    """agenda_questions with everything that is known, for the download."""
    records = as_records(rows)
    rest = {
        "Ämne": [text(row["topic"]) for row in records],
        "Underlag": [text(row["evidence"]) for row in records],
        "Länk": [text(row["link"]) for row in records],
        "Ställd": [day(row["meeting_date"]) for row in records],
        "Möten sedan dess": [int(row["count_waited"]) for row in records],
        "Besvarad": [day(row["answered_date"]) for row in records],
    }
    return pd.concat([question_heads(rows), pd.DataFrame(rest)], axis=1)


def without_whom(shown: pd.DataFrame, chosen: Filters) -> pd.DataFrame:
    """A table without the column that says whom each row is about, where all are about the chosen unit."""
    return shown.drop(columns=["Enhet", "Till"], errors="ignore") if chosen.unit_id else shown


def addressed(row: Mapping[str, Any]) -> str:
    """The unit, the area or the whole municipality that a question or an agreement is with."""
    return text(row["unit_name"], text(row["area"], "Hela kommunen"))


def since(row: Mapping[str, Any]) -> str:
    """How long a question has waited: 'Väntar sedan 27 oktober 2025, i 2 möten'."""
    if not row["count_waited"]:
        return "Väntar på svar"
    return f"Väntar sedan {day(row['meeting_date'])}, i {counted(int(row['count_waited']), 'möte', 'möten')}"


def of_answer(row: Mapping[str, Any]) -> str:
    """The answer of a question, or how long it has waited, as a sentence."""
    return f"Svar: {row['answer']}" if row["is_answered"] else f"{since(row)}."


def whom(row: Mapping[str, Any]) -> str:
    """The units of a theme or topic by name."""
    if is_empty(row["unit_names"]):
        return "Hela kommunen"
    return listed(list(row["unit_names"]))

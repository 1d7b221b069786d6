"""What was asked at the invented municipality's dialogue meetings, and what was agreed with whole areas."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterator

from queries.intake.example.frames import Row
from queries.intake.example.places import MIDDLE, NORTH, SOUTH, UNITS, UPPER_SECONDARY, WEAK_SCHOOL

SOURCE = "exempel-dialogmoten"
SPRING, AUTUMN = (3, 20), (10, 27)
# (kind, year, unit, area, question, evidence, answer, days until it was answered); days 0: at the meeting itself.
_ASKED: tuple[tuple[str, int, str | None, str | None, str, str | None, str | None, int], ...] = (
    ("autumn", 2024, WEAK_SCHOOL, None, "Vad gör skolan för att fler elever ska ha studiero?",
     "Studiero påpekas flera år i rad.", "Två vuxna finns i klassrummet i årskurs 7.", 0),
    ("autumn", 2024, None, None, "Hur följs närvarotrappan upp på enheterna?", None,
     "Varje enhet redovisar påbörjade utredningar i månadsuppföljningen.", 144),
    ("spring", 2025, None, NORTH, "Hur delar enheterna i Norra på speciallärare?", None, None, 0),
    ("autumn", 2025, WEAK_SCHOOL, None, "När är planen för att nå resultatkravet klar?",
     "Resultatet ligger under kravet två år i rad.", None, 0),
    ("autumn", 2025, UPPER_SECONDARY, None, "Hur många sökande i första hand räknar ni med nästa år?", None,
     "Ungefär lika många som i år; siffran kommer i februari.", 0),
    ("autumn", 2025, None, None, "Vilken effekt har närvarotrappan haft?",
     "Ingen källa redovisar någon effekt.", None, 0),
    ("spring", 2026, None, SOUTH, "Hur används överskottet i Södra?", None,
     "En tredjedel går till läromedel, resten blir kvar som eget kapital.", 0),
)  # fmt: skip
# One question a round that some unit answers late or not at all.
_OF_UNITS = (
    "Hur följer ni upp det som vi kom överens om förra gången?",
    "Vad behöver ni från förvaltningen för att hålla budgeten?",
    "Vad har fungerat så bra att andra enheter kan göra likadant?",
)
_ANSWERS = ("Svarat vid mötet.", "Rektor har lämnat ett skriftligt svar.")
_AREAS = (
    ("spring", 2026, MIDDLE, "lokaler", "Enheterna i Mellersta lämnar ett gemensamt förslag om idrottssalarna.",
     "Förslaget är lämnat och ingår i lokalplanen.", dt.date(2026, 9, 8)),
    ("spring", 2026, NORTH, "personal", "Enheterna i Norra utlyser tjänster tillsammans.", None, None),
)  # fmt: skip


def meeting_questions(rng: random.Random) -> Iterator[Row]:
    """The questions that are told of, and each round one that some units were asked."""
    for number, (kind, year, unit_id, area, text, evidence, answer, days) in enumerate(_ASKED, start=1):
        day = _day(kind, year)
        yield {
            **_row(kind, year, unit_id, area, number, text),
            "evidence": evidence,
            "answer": answer,
            "answered_date": day + dt.timedelta(days=days) if answer else None,
        }
    for kind, year in (("autumn", 2025), ("spring", 2026)):
        text = rng.choice(_OF_UNITS)
        for unit in rng.sample([unit for unit in UNITS if unit.is_open(year)], 4):
            answer = rng.choice((*_ANSWERS, None))
            yield {
                **_row(kind, year, unit.unit_id, None, 1, text),
                "answer": answer,
                "answered_date": _day(kind, year) if answer else None,
            }


def area_agreements() -> Iterator[Row]:
    """What was agreed with all units of an area together."""
    for kind, year, area, topic, agreed, outcome, told in _AREAS:
        yield {
            "agreement_id": f"{kind}-{year}-{area.lower()}-{topic}",
            "meeting_kind": kind,
            "meeting_date": _day(kind, year),
            "area": area,
            "topic": topic,
            "agreed": agreed,
            "outcome": outcome,
            "outcome_date": told,
            "source_id": SOURCE,
        }


def _row(
    kind: str, year: int, unit_id: str | None, area: str | None, number: int, text: str
) -> dict[str, object]:
    whose = unit_id or (area or "alla").lower()
    return {
        "question_id": f"{kind}-{year}-{whose}-{number}",
        "meeting_kind": kind,
        "meeting_date": _day(kind, year),
        "unit_id": unit_id,
        "area": area,
        "rule_id": "own",
        "question": text,
        "source_id": SOURCE,
    }


def _day(kind: str, year: int) -> dt.date:
    return dt.date(year, *(SPRING if kind == "spring" else AUTUMN))

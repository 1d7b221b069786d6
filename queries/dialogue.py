"""The dialogue meetings: their rounds, the questions put on an agenda, and what is common to many units."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal, Self

import pandas as pd

from queries.catalogue import UnknownChoice, question
from queries.connection import Exports
from queries.places import newest_year

MeetingKind = Literal["spring", "autumn"]
SEASONS: dict[MeetingKind, str] = {"spring": "våren", "autumn": "hösten"}
# The first month that belongs to the autumn's round.
AUTUMN_BEGINS = 7
# The rule of a question that somebody wrote.
OWN = "own"


@dataclass(frozen=True)
class Meeting:
    """A round of dialogue meetings: those of one spring or autumn, also where units meet on days of their own.

    day is the first day that anything tells of, and None for a round that nothing is told of yet.
    """

    kind: MeetingKind
    year: int
    day: date | None = None

    @property
    def name(self) -> str:
        """'hösten 2026', as links have it."""
        return f"{SEASONS[self.kind]} {self.year}"

    @property
    def round(self) -> int:
        """What sorts rounds as they come, as in queries/sql/macros.sql."""
        return 2 * self.year + (self.kind == "autumn")

    @property
    def next(self) -> Self:
        """The round after this one; nothing is told of it yet."""
        return (
            type(self)("autumn", self.year) if self.kind == "spring" else type(self)("spring", self.year + 1)
        )


def meeting_of(name: str) -> Meeting:
    """The round that a name such as 'hösten 2026' stands for, without its day. Raises UnknownChoice for anything else."""
    season, _, year = name.strip().lower().rpartition(" ")
    kinds = {word: kind for kind, word in SEASONS.items()}
    if season not in kinds or not (year.isascii() and year.isdigit() and len(year) == 4):
        raise UnknownChoice(f"Ett dialogmöte skrivs som hösten 2026, inte ”{name}”.")
    return Meeting(kinds[season], int(year))


def meetings(exports: Exports, *, municipality_id: str, today: date) -> list[Meeting]:
    """The rounds that anything is told of and the one to come, newest first.

    The one to come follows the newest told of, and is never of a season that has passed.
    """
    rows = dialogue_meetings(exports, municipality_id=municipality_id).to_dict("records")
    told = [
        Meeting(row["meeting_kind"], int(row["year"]), pd.Timestamp(row["first_date"]).date()) for row in rows
    ]
    this_season = Meeting("spring" if today.month < AUTUMN_BEGINS else "autumn", today.year)
    coming = max([this_season, *(meeting.next for meeting in told)], key=lambda meeting: meeting.round)
    return [coming, *told]


def meeting_before(rounds: Sequence[Meeting], meeting: Meeting) -> Meeting | None:
    """The round before one, among those that anything is told of."""
    earlier = [each for each in rounds if each.round < meeting.round and each.day is not None]
    return max(earlier, key=lambda each: each.round, default=None)


@question
def dialogue_meetings(exports: Exports, *, municipality_id: str) -> pd.DataFrame:
    """One row per round of dialogue meetings that anything is told of: those of one spring or autumn, newest first."""
    return exports.rows("dialogue_meetings", municipality_id=municipality_id)


@question
def agenda_questions(
    exports: Exports,
    *,
    municipality_id: str,
    meeting: str | None = None,
    unit_ids: Sequence[str] = (),
    area: str | None = None,
) -> pd.DataFrame:
    """One row per question on the agenda of a round of dialogue meetings, with how many rounds it has waited.

    meeting is a round as 'hösten 2026', else UnknownChoice; without one, every question that was ever put. Questions of
    earlier rounds that had no answer when the round began are brought along: is_earlier.
    """
    return exports.rows(
        "agenda_questions",
        municipality_id=municipality_id,
        meeting=_round(meeting),
        unit_ids=unit_ids,
        area=area,
    )


@question
def common_themes(
    exports: Exports, *, municipality_id: str, year: int | None = None, unit_ids: Sequence[str] = ()
) -> pd.DataFrame:
    """One row per theme that is remarked on in the newest year with anything told, with the units it is told of."""
    return exports.rows(
        "common_themes",
        municipality_id=municipality_id,
        year=year or newest_year(exports, municipality_id, "findings"),
        unit_ids=unit_ids,
    )


@question
def common_topics(
    exports: Exports, *, municipality_id: str, meeting: str | None = None, unit_ids: Sequence[str] = ()
) -> pd.DataFrame:
    """One row per topic that was agreed on at a round of dialogue meetings, with the units it was agreed with.

    meeting is a round as 'hösten 2026', else UnknownChoice; without one, the newest round.
    """
    return exports.rows(
        "common_topics", municipality_id=municipality_id, meeting=_round(meeting), unit_ids=unit_ids
    )


@question
def question_rules(exports: Exports) -> pd.DataFrame:
    """One row per rule that raises questions for dialogue meetings, in the order of data/question_rules.csv."""
    return exports.rows("question_rules")


def _round(meeting: str | None) -> int | None:
    return meeting_of(meeting).round if meeting else None

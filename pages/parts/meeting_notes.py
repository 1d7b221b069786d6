"""What is written down at a dialogue meeting: questions, answers, agreements and what came of them, as rows of templates.

Nothing here is kept by the page: what is written becomes a file in the template of its table, is checked as any file, shown
as changes, published as a version and can be undone.
"""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import pandas as pd

from pages.parts import handing_in
from pages.parts.filters import Filters
from pages.parts.question_bank import Raised
from pages.parts.rows import as_records
from queries.connection import Exports
from queries.dialogue import OWN, Meeting
from queries.intake.followed import slug
from queries.intake.templates import filled_csv, template_of
from queries.published import published_rows

QUESTIONS, AGREEMENTS = "meeting_questions", "agreements"
FILES = {QUESTIONS: "Frågor till dialogmöten.csv", AGREEMENTS: "Överenskommelser.csv"}
KEYS = {QUESTIONS: "question_id", AGREEMENTS: "agreement_id"}


@dataclass(frozen=True)
class Noted:
    """A question or an agreement to write down: with whom (unit, area or neither), and the columns it fills."""

    cells: Mapping[str, Any]
    unit_id: str | None = None
    area: str | None = None


def own_question(chosen: Filters, question: str) -> Noted:
    """A question that somebody wrote, to the chosen unit, area or all."""
    return Noted({"rule_id": OWN, "question": question}, *_whom(chosen))


def picked_question(chosen: Filters, picked: Raised) -> Noted:
    """A question of the bank, to the unit that it is about, else to the chosen area or all."""
    cells = {
        "rule_id": picked.rule_id,
        "question": picked.question,
        "evidence": picked.evidence,
        "link": picked.link,
    }
    unit_id, area = _whom(chosen)
    return Noted(cells, picked.unit_id or unit_id, None if picked.unit_id else area)


def agreement(chosen: Filters, topic: str, agreed: str) -> Noted:
    """A point agreed with the chosen unit, area or all."""
    return Noted({"topic": topic, "agreed": agreed}, *_whom(chosen))


def new_rows(
    opened: Exports, chosen: Filters, meeting: Meeting, day: date, table: str, noted: Sequence[Noted]
) -> pd.DataFrame:
    """Rows of a table for what was noted at a round. Their ids say round and whom, and end with the next free number."""
    taken = set(published_rows(opened, table)[KEYS[table]])
    rows = []
    for each in noted:
        start = f"{meeting.kind}-{meeting.year}-{each.unit_id or slug(each.area or 'alla')}"
        row_id = _free(start, taken)
        taken.add(row_id)
        rows.append(
            {
                "municipality_id": chosen.municipality_id,
                KEYS[table]: row_id,
                "meeting_kind": meeting.kind,
                "meeting_date": day,
                "unit_id": each.unit_id,
                "area": each.area,
                **each.cells,
            }
        )
    return pd.DataFrame(rows)


def told_rows(
    opened: Exports, chosen: Filters, table: str, told: Mapping[str, Mapping[str, Any]]
) -> pd.DataFrame:
    """The published rows with some ids, with the cells that have been told of each: an answer, or what came of it."""
    rows = published_rows(opened, table)
    rows = rows[(rows["municipality_id"] == chosen.municipality_id) & rows[KEYS[table]].isin(list(told))]
    return pd.DataFrame([{**row, **told[row[KEYS[table]]]} for row in as_records(rows)])


def hand_in(place: str, table: str, rows: pd.DataFrame) -> None:
    """Begin to look at rows as at a file in the table's template. Columns that the rows lack are empty."""
    columns = [column.name for column in template_of(table).columns]
    file = io.BytesIO(filled_csv(rows.reindex(columns=columns), table))
    handing_in.hand_in(place, file, FILES[table])


def _whom(chosen: Filters) -> tuple[str | None, str | None]:
    return chosen.unit_id, None if chosen.unit_id else chosen.area


def _free(start: str, taken: set[str]) -> str:
    number = 1
    while f"{start}-{number}" in taken:
        number += 1
    return f"{start}-{number}"

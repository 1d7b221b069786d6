"""What falls due as plain text to paste into a mail: one list for the committee, one for its leadership, one for analysts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta

import pandas as pd

from pages.parts.filters import Filters
from pages.parts.freshness import newest_in_words
from pages.parts.rows import as_records
from pages.parts.words import counted, day, is_empty, month_of, text, upper_first
from queries.connection import Exports
from queries.deadlines import deadlines
from queries.registers import agreement_register
from queries.rhythms import ages

# How far ahead the lists look.
DAYS_AHEAD = 60
# Of each part; the page has the rest.
MOST = 15
COMMITTEE, LEADERSHIP, ANALYSTS = "Nämnden", "Förvaltningsledningen", "Analytikern"
# Whose list comes first for a visitor in a role.
LIST_OF = {"politiker": COMMITTEE, "ledning": LEADERSHIP, "analytiker": ANALYSTS}
WORK = ("action", "remark")
TOLD = ("report_point", "report_back", "promise")

Part = tuple[str, Sequence[str]]


def reminder(opened: Exports, chosen: Filters, whose: str, today: date, link: str) -> str:
    """The list of one of COMMITTEE, LEADERSHIP and ANALYSTS, as text without marks of any kind."""
    rows = deadlines(opened, municipality_id=chosen.municipality_id, unit_ids=chosen.unit_ids, as_of=today)
    until = today + timedelta(days=DAYS_AHEAD)
    parts = {COMMITTEE: _committee, LEADERSHIP: _leadership, ANALYSTS: _analysts}[whose](
        opened, chosen, rows, today, until
    )
    head = [
        f"Nämndkollen, {chosen.whom}: {whose.lower()}",
        f"Läget {day(today)}. Uppgifterna är version {opened.version}.",
    ]
    if chosen.is_invented:
        head.append("Påhittade uppgifter.")
    told = ["\n".join([f"{title} ({len(lines)})", *_cut(lines)]) for title, lines in parts if lines]
    return "\n\n".join(
        ["\n".join(head), *(told or ["Inget förfaller och inget är försenat."]), f"Mer: {link}"]
    )


def coming_rows(rows: pd.DataFrame, until: date) -> pd.DataFrame:
    """Of deadlines: what falls due from today up to a day."""
    return rows[~rows["is_late"] & (pd.to_datetime(rows["day"]) <= pd.Timestamp(until))]


def _committee(_: Exports, __: Filters, rows: pd.DataFrame, ___: date, until: date) -> list[Part]:
    """What the committee waits for: what is late, what it is to be told, and what is to be done."""
    late, near = rows[rows["is_late"]], coming_rows(rows, until)
    return [
        ("Försenat", _lines(late, (*WORK, "promise"))),
        (f"Att få redovisat till och med {day(until)}", _lines(near, TOLD)),
        (f"Ska vara klart till och med {day(until)}", _lines(near, WORK)),
    ]


def _leadership(opened: Exports, chosen: Filters, rows: pd.DataFrame, _: date, until: date) -> list[Part]:
    """What is to be done and by whom, what is to be evaluated, and what was agreed and never told."""
    late, near = rows[rows["is_late"]], coming_rows(rows, until)
    agreed = agreement_register(
        opened, municipality_id=chosen.municipality_id, unit_ids=chosen.unit_ids, area=chosen.area
    )
    untold = as_records(agreed[~agreed["is_told"].astype(bool)])
    return [
        ("Försenat", _lines(late, WORK)),
        (f"Ska vara klart till och med {day(until)}", _lines(near, WORK)),
        (f"Ska redovisas till och med {day(until)}", [*_lines(late, ("promise",)), *_lines(near, TOLD)]),
        ("Överenskommet vid dialogmöten utan redovisat utfall", [
            f"- {day(row['meeting_date'])}: {text(row['unit_name'], text(row['area'], 'hela kommunen'))}, {text(row['agreed'])}"
            for row in untold
        ]),
        ("Ska utvärderas", [*_lines(late, ("evaluation",)), *_lines(near, ("evaluation",))]),
    ]  # fmt: skip


def _analysts(opened: Exports, chosen: Filters, rows: pd.DataFrame, today: date, until: date) -> list[Part]:
    """What is to be handed in: what should have come, what comes next, and for which report."""
    found = ages(opened, municipality_id=chosen.municipality_id, today=today)
    kinds = as_records(found)
    due = [row for row in kinds if row["state"] == "current" and row["next_date"] <= until]
    return [
        ("Äldre än väntat", [
            f"- {upper_first(row['subject'])}: senast {newest_in_words(row)}, nya väntades i {month_of(row['next_date'])}"
            for row in kinds if row["state"] == "old"
        ]),
        ("Saknas helt", [f"- {upper_first(row['subject'])}" for row in kinds if row["state"] == "missing"]),
        (f"Väntas till och med {day(until)}", [
            f"- {upper_first(row['subject'])}: {month_of(row['next_date'])}"
            + ("" if is_empty(row["publisher"]) else f" ({row['publisher']})") for row in due
        ]),
        ("Rapporttillfällen att läsa in", _lines(coming_rows(rows, until), ("report_point",))),
        ("Försenade åtgärder att fråga om i nästa uppföljning", _lines(rows[rows["is_late"]], ("action",))),
    ]  # fmt: skip


def _lines(rows: pd.DataFrame, kinds: Iterable[str]) -> list[str]:
    """'- 31 december 2026: Utreda energianvändning (Skolchef)', in the order of the days."""
    return [f"- {day(row['day'])}: {_what(row)}" for row in as_records(rows[rows["kind"].isin(list(kinds))])]


def _what(row: dict[str, object]) -> str:
    whom = [text(row[name], "") for name in ("unit_name", "owner_role")]
    said = ", ".join(part for part in whom if part)
    return f"{upper_first(text(row['title']))}{f' ({said})' if said else ''}"


def _cut(lines: Sequence[str]) -> list[str]:
    rest = len(lines) - MOST
    return [*lines[:MOST], *([f"- … och {counted(rest, 'till', 'till')}"] if rest > 0 else [])]

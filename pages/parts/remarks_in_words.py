"""Remarks as tables and words: every link of the chain, and the words for a link that is empty in the sources."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from pages.parts.answer import Twin
from pages.parts.rows import as_records
from pages.parts.sentences import NO_EFFECT, standing
from pages.parts.tables import theme_rows
from pages.parts.words import (
    FINDING_KINDS,
    OUTCOMES,
    STATUSES,
    day,
    in_a_row,
    is_empty,
    text,
    upper_first,
)

NO_DECISION = "Beslut saknas i källorna"
NO_ACTION = "Ingen åtgärd kopplad"
NO_EFFORT = "Ingen insats redovisad"
NO_CAUSE = "Orsak saknas i källorna"
NO_STEP = "Nästa steg saknas"
NO_OWNER = "ansvarig saknas"
NO_DATE = "datum saknas"
# A cell of the overview tells this many texts; the theme itself tells them all.
MOST_TOLD = 2
SEPARATOR = " · "


def action_of(remark: Mapping[str, Any]) -> str:
    """The linked action with its state, or that none is linked; then the effort that is told in words."""
    said = NO_ACTION
    if not remark["is_without_action"]:
        status = remark["action_status"]
        late = not is_empty(remark["action_is_late"]) and bool(remark["action_is_late"])
        state = OUTCOMES["late"] if late else None if is_empty(status) else STATUSES[status]
        said = f"{remark['action_title']} ({state.shown if state else 'läget är inte rapporterat'})"
    return f"{said}. Insats: {text(remark['effort'], NO_EFFORT.lower())}"


def effect_of(remark: Mapping[str, Any]) -> str:
    """The effect, or that none is told, with what is claimed without a figure or reported of the action."""
    if not is_empty(remark["effect"]):
        return text(remark["effect"])
    parts = [NO_EFFECT]
    if not is_empty(remark["claim"]):
        parts.append(f"Uppgift utan siffror: {text(remark['claim']).rstrip('.')}")
    if not is_empty(remark["action_effect"]):
        parts.append(f"Om åtgärden redovisas: {text(remark['action_effect']).rstrip('.')}")
    return ". ".join(parts)


def step_of(remark: Mapping[str, Any]) -> str:
    """Next step, by when and who answers for it, each said to be missing where it is."""
    when = f"klart {day(remark['due_date'])}" if not is_empty(remark["due_date"]) else NO_DATE
    if is_empty(remark["due_date"]) and not is_empty(remark["action_due"]):
        when = f"åtgärdens tid: {action_due(remark)}"
    who = f"ansvarig: {remark['owner_role']}" if not is_empty(remark["owner_role"]) else NO_OWNER
    return f"{text(remark['next_step'], NO_STEP).rstrip('.')} ({when}, {who})"


def action_due(remark: Mapping[str, Any]) -> str:
    """When the linked action is due: a day in words, or the words of the source."""
    said = text(remark["action_due"])
    return day(pd.Timestamp(said)) if said[:4].isdigit() and len(said) == 10 else said


def head_rows(themes: pd.DataFrame, remarks: pd.DataFrame) -> pd.DataFrame:
    """recurring_themes as the four things to know first, every empty link said. remarks: finding_list."""
    rows = as_records(themes)
    effects = {theme: effects_of(found) for theme, found in remarks.groupby("theme")}
    return pd.DataFrame(
        {
            "Påpekande": [f"{upper_first(row['theme'])} ({row['unit_names']})" for row in rows],
            "Står i": [standing(row) for row in rows],
            "Insats och effekt": [
                f"{first_told(row['effort'], NO_EFFORT)}. {effects[row['theme']]}." for row in rows
            ],
            "Orsak och nästa steg": [
                f"{first_told(row['cause'], NO_CAUSE)}. {first_told(row['next_step'], NO_STEP)}."
                for row in rows
            ],
        }
    )


def effects_of(remarks: pd.DataFrame) -> str:
    """The newest told effect of a theme with its place and year, and how many more there are; or that none is told."""
    told = remarks[remarks["effect"].notna()].sort_values("year", ascending=False, kind="stable")
    if told.empty:
        return NO_EFFECT
    newest = told.iloc[0]
    more = f" och {len(told) - 1} till" if len(told) > 1 else ""
    where = f"{newest['unit_name_then']} {newest['year']}"
    return f"Effekt ({where}): {text(newest['effect']).rstrip('.')}{more}"


def all_theme_rows(themes: pd.DataFrame) -> pd.DataFrame:
    """recurring_themes with everything that is known, for the download."""
    rest = pd.DataFrame(
        {
            "Orsak": [text(value, NO_CAUSE) for value in themes["cause"]],
            "Ansvarig": [text(value, upper_first(NO_OWNER)) for value in themes["owner_role"]],
            "Senaste årets ord": [text(value) for value in themes["text"]],
            "Antal enheter": [int(count) for count in themes["count_units"]],
        }
    )
    return pd.concat([theme_rows(themes), rest], axis=1)


def first_told(joined: Any, otherwise: str) -> str:
    """The first of several joined texts, and how many more there are."""
    if is_empty(joined):
        return otherwise
    parts = str(joined).split(SEPARATOR)
    more = len(parts) - MOST_TOLD
    shown = "; ".join(part.rstrip(".") for part in parts[:MOST_TOLD])
    return f"{shown} och {more} till" if more > 0 else shown


def year_rows(years: pd.DataFrame) -> pd.DataFrame:
    """finding_years as a table."""
    rows = as_records(years)
    return pd.DataFrame(
        {
            "Tema": [upper_first(row["theme"]) for row in rows],
            "År": [str(row["year"]) for row in rows],
            "I rad": [
                f"{in_a_row(int(row['place_in_run']))} ({row['run_first']}–{row['run_last']})" for row in rows
            ],
            "Var": [text(row["unit_names"]) for row in rows],
            "Påpekande": [text(row["text"]) for row in rows],
        }
    )


def remark_rows(remarks: pd.DataFrame) -> pd.DataFrame:
    """finding_list as its chain."""
    rows = as_records(remarks)
    return pd.DataFrame(
        {
            "Påpekande": [f"{row['year']}, {row['unit_name_then']}: {row['text']}" for row in rows],
            "Beslut": [text(row["decision"], NO_DECISION) for row in rows],
            "Åtgärd": [action_of(row) for row in rows],
            "Effekt": [effect_of(row) for row in rows],
        }
    )


def all_remarks(remarks: pd.DataFrame, title: str, key: str) -> Twin:
    """finding_list with everything that is known, for the download."""
    rows = as_records(remarks)
    wide = pd.DataFrame(
        {
            "Tema": [upper_first(row["theme"]) for row in rows],
            "År": [str(row["year"]) for row in rows],
            "Slag": [FINDING_KINDS[row["kind"]] for row in rows],
            "Enhet": [text(row["unit_name_then"]) for row in rows],
            "Enhetens kod": [text(row["unit_id"]) for row in rows],
            "År i rad": [int(row["years_in_a_row"]) for row in rows],
            "Påpekande": [text(row["text"]) for row in rows],
            "Beslut": [text(row["decision"], NO_DECISION) for row in rows],
            "Åtgärd": [text(row["action_title"], NO_ACTION) for row in rows],
            "Insats": [text(row["effort"], NO_EFFORT) for row in rows],
            "Effekt": [effect_of(row) for row in rows],
            "Orsak": [text(row["cause"], NO_CAUSE) for row in rows],
            "Nästa steg": [text(row["next_step"], NO_STEP) for row in rows],
            "Klart": [day(row["due_date"]) for row in rows],
            "Ansvarig": [text(row["owner_role"]) for row in rows],
        }
    )
    return Twin(title, wide, key)

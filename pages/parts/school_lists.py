"""Goals, actions and remarks of one school as short lists: counts first, and the page where all of it stands."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import streamlit as st

from pages.parts.filters import Filters
from pages.parts.remembering import once_a_day
from pages.parts.rows import as_records
from pages.parts.words import (
    OUTCOMES,
    STATUSES,
    VERDICTS,
    counted,
    in_a_row,
    is_empty,
    listed,
    md,
    upper_first,
)
from queries import actions, findings, goals
from queries.connection import Exports

MOST = 5


def lists(opened: Exports, chosen: Filters) -> None:
    """Three short lists beside each other."""
    shown = (
        ("Mål", goals_of, "goals.py", "Till målen →"),
        ("Åtgärder", actions_of, "actions.py", "Till åtgärderna →"),
        ("Påpekanden", remarks_of, "recurring.py", "Till påpekandena →"),
    )
    for place, (title, told, page, link) in zip(st.columns(len(shown)), shown, strict=True):
        with place:
            st.subheader(title, anchor=False)
            sentence, lines = told(opened, chosen)
            st.markdown(md(sentence))
            if lines:
                st.markdown("\n".join(f"- {md(line)}" for line in shortened(lines)))
            st.page_link(page, label=link)


@once_a_day
def goals_of(opened: Exports, chosen: Filters) -> tuple[str, list[str]]:
    """How the goals that are assessed per unit stand at the school: counts, and a line each."""
    asked = {"municipality_id": chosen.municipality_id, "unit_ids": chosen.unit_ids}
    rows = goals.goal_units(opened, **asked, year=chosen.year)
    if rows.empty:
        return "Inga mål är bedömda för enheten.", []
    counts = Counter(rows["verdict"])
    said = [f"{counts[code]} {mark.word.lower()}" for code, mark in VERDICTS.items() if counts[code]]
    lines = [f"{VERDICTS[row['verdict']].shown}: {row['name']}" for row in as_records(rows)]
    return f"{counted(len(rows), 'mål', 'mål')} bedöms för enheten: {listed(said)}.", lines


@once_a_day
def actions_of(opened: Exports, chosen: Filters) -> tuple[str, list[str]]:
    """The actions of the school itself, late ones first."""
    asked = {"municipality_id": chosen.municipality_id, "unit_ids": chosen.unit_ids}
    rows = actions.action_list(opened, **asked, year=chosen.year)
    if rows.empty:
        return "Inga åtgärder gäller just den här enheten.", []
    late, still_open = int(rows["is_late"].sum()), int(rows["is_open"].sum())
    state = (
        f"{still_open} öppna, {late} försenad{'e' if late > 1 else ''}"
        if late
        else f"{still_open} öppna"
        if still_open
        else "ingen öppen"
    )
    return f"{counted(len(rows), 'åtgärd', 'åtgärder')}, {state}.", [_action(row) for row in as_records(rows)]


@once_a_day
def remarks_of(opened: Exports, chosen: Filters) -> tuple[str, list[str]]:
    """The weaknesses that are told of the school in the newest year with any, the longest standing first."""
    asked = {"municipality_id": chosen.municipality_id, "unit_ids": chosen.unit_ids}
    rows = findings.finding_list(opened, **asked, year=chosen.year, kinds=["weakness"])
    if rows.empty:
        return "Inga påpekanden finns för enheten.", []
    newest = rows[rows["year"] == rows["year"].max()]
    sentence = f"{counted(len(newest), 'påpekande', 'påpekanden')} {int(newest['year'].iloc[0])}."
    return sentence, [_remark(row) for row in as_records(newest)]


def shortened(lines: Sequence[str]) -> list[str]:
    """The first lines, and how many more there are."""
    more = len(lines) - MOST
    return [*lines[:MOST], *([f"och {more} till"] if more > 0 else [])]


def _action(row: dict[str, object]) -> str:
    state = OUTCOMES["late"] if row["is_late"] else STATUSES[str(row["status"])]
    return f"{state.shown}: {row['title']}"


def _remark(row: dict[str, object]) -> str:
    effect = "effekt ej redovisad" if is_empty(row["effect"]) else "effekt redovisad"
    return f"{upper_first(str(row['theme']))}, {in_a_row(int(row['years_in_a_row']))}; {effect}"

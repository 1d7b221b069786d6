"""Goals that are not fully met, and what is planned for each."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from pages.parts import answer
from pages.parts.filters import Filters
from pages.parts.rows import as_records
from pages.parts.tables import due_of
from pages.parts.words import NO_BREAK, OUTCOMES, VERDICTS, counted, is_empty, listed, md, text
from queries import goals
from queries.connection import Exports

NOTHING_PLANNED = "Ingen öppen åtgärd"


def planned_for(opened: Exports, chosen: Filters, year: int) -> None:
    """Each goal that is not fully met with its open actions beside it, or the words that there is none."""
    answer.question("Vad är planerat för mål som inte är uppnådda?")
    found = goals.unmet_goals(
        opened, municipality_id=chosen.municipality_id, year=year, unit_id=chosen.unit_id
    )
    if found.empty:
        st.markdown("Inget namngivet mål är bedömt som delvis eller ej uppnått.")
        return
    answer.say(md(of_plans(found)), "planerat")
    shown = answer.Twin(f"Planerat för mål som inte är uppnådda {year}", plan_rows(found), "planerat")
    answer.table(shown)
    line = answer.source_line(opened, pd.concat([found["source_id"], found["action_source_id"]]))
    answer.downloads(opened, chosen, shown, line)


def of_plans(found: pd.DataFrame) -> str:
    """'6 mål är inte helt uppnådda. 19 öppna åtgärder är planerade för dem, 5 är försenade. 1 mål har ingen.'"""
    each = found.drop_duplicates("goal_id")
    actions = found.dropna(subset=["action_id"])
    said = [f"{counted(len(each), 'mål är inte helt uppnått', 'mål är inte helt uppnådda')}."]
    if len(actions):
        late = int(actions["is_late"].sum())
        said.append(
            f"{counted(len(actions), 'öppen åtgärd är planerad', 'öppna åtgärder är planerade')}, varav {late} försenade."
        )
    without = each.loc[each["action_id"].isna(), "name"].tolist()
    if without:
        said.append(f"Ingen öppen åtgärd finns för {listed(without)}.")
    return " ".join(said)


def plan_rows(found: pd.DataFrame) -> pd.DataFrame:
    """unmet_goals as a table: one row per goal and open action."""
    rows = as_records(found)
    return pd.DataFrame(
        {
            "Bedömning": [VERDICTS[row["verdict"]].shown for row in rows],
            "Mål": [text(row["name"]) for row in rows],
            "Planerat": [_planned(row) for row in rows],
            "Klart till": ["" if is_empty(row["action_id"]) else due_of(row) for row in rows],
        }
    )


def _planned(row: dict[str, object]) -> str:
    if is_empty(row["action_id"]):
        return NOTHING_PLANNED
    return (
        f"{OUTCOMES['late'].shape}{NO_BREAK}{row['action_title']}"
        if row["is_late"]
        else text(row["action_title"])
    )

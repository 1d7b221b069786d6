"""Goals over years: kept, new, renamed and dropped, the prioritised ones, and whether what the sources say adds up."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd
import streamlit as st

from pages.parts import answer
from pages.parts.charts.goals import goal_matrix
from pages.parts.empty import say_missing
from pages.parts.filters import Filters
from pages.parts.rows import as_records
from pages.parts.tables import history_rows
from pages.parts.words import NO_BREAK, counted, listed, md
from queries import goals
from queries.connection import Exports

LEVELS = {"committee": ("Nämndens mål", "mål"), "improvement_area": ("Förbättringsområden", "områden")}


def over_years(opened: Exports, chosen: Filters) -> None:
    """Goals × years, level by level; then what does not add up, as questions."""
    history = goals.goal_history(opened, municipality_id=chosen.municipality_id)
    if history.empty:
        say_missing(f"Inga mål finns för {chosen.municipality}.", "goals")
        return
    for level, (title, word) in LEVELS.items():
        rows = history[history["level"] == level]
        if rows.empty:
            continue
        answer.question(f"{title}: vad har hänt över åren?")
        sentence = of_history(rows, word)
        answer.say(md(sentence), level)
        answer.draw(goal_matrix(rows), f"{title} och år. {sentence}", level)
        st.caption("★ prioriterat det året. ✕ utgår. ? planen säger inte om målet är kvar.")
        line = answer.source_line(opened, rows["source_id"])
        answer.twin(opened, chosen, answer.Twin(f"{title} över åren", history_rows(rows), level), line)
    _contradictions(opened, chosen)


def of_history(history: pd.DataFrame, word: str) -> str:
    """'13 mål 2021–2026: 1 har tillkommit, 1 har bytt namn och 1 utgår. Prioriterade 2026: …' One level of goal_history."""
    first, last = int(history["year"].min()), int(history["year"].max())
    years = f"{first}" if first == last else f"{first}–{last}"
    count = pd.concat([history["change"], history["afterwards"]]).value_counts()
    verbs = {
        "new": "har tillkommit",
        "renamed": "har bytt namn",
        "returned": "har kommit tillbaka",
        "dropped": "utgår",
    }
    parts = [f"{count[code]} {verb}" for code, verb in verbs.items() if code in count]
    said = listed(parts) or "inga har tillkommit, bytt namn eller utgått"
    said = f"{history['goal_id'].nunique()} {word} {years}: {said}."
    if "untold" in count:
        said += f" För {count['untold']} säger planen inte om det är kvar."
    return said + _priorities(history[history["year"] == last], last)


def _priorities(rows: pd.DataFrame, year: int) -> str:
    numbered = rows[rows["is_priority"]].dropna(subset=["goal_number"])
    if numbered.empty:
        return ""
    named = [
        f"{row['goal_number']}{' (nytt)' if row['priority'] == 'newly' else ''}"
        for row in as_records(numbered)
    ]
    return f" Prioriterade {year}: mål{NO_BREAK}{listed(named)}."


def _contradictions(opened: Exports, chosen: Filters) -> None:
    sums = goals.goal_sums(opened, municipality_id=chosen.municipality_id)
    remarks = goals.contradicting_remarks(opened, municipality_id=chosen.municipality_id)
    answer.question("Går uppgifterna ihop?")
    asked = [(question, row["source_id"]) for row in as_records(sums) for question in questions_of(row)]
    asked += [(f"{row['text']} Vilket stämmer?", row["source_id"]) for row in as_records(remarks)]
    if not asked:
        st.markdown("Varje bedömning hör till ett mål som är namngivet, och varje mål i planen är bedömt.")
        return
    st.markdown("\n".join(f"- {md(question)}" for question, _ in asked))
    answer.source_line(opened, [source_id for _, source_id in asked])


def questions_of(sums: Mapping[str, Any]) -> list[str]:
    """What does not add up in one year, each as a question. sums: one row of goal_sums."""
    year, verdicts, named = int(sums["year"]), int(sums["count_verdicts"]), int(sums["count_goals"])
    asked = []
    if int(sums["count_unnamed"]):
        asked.append(
            f"{year} bedömer källan {_added_up(sums)} = {verdicts} mål, men {counted(named, 'mål är namngivet', 'mål är namngivna')}. "
            f"Vilka mål gäller de {int(sums['count_unnamed'])} bedömningar som inte säger det?"
        )
    elif verdicts and verdicts < named:
        asked.append(f"{year} finns {named} mål i planen men {verdicts} bedömningar. Varför saknas de andra?")
    asked += _of_priorities(sums, year)
    return asked


def _added_up(sums: Mapping[str, Any]) -> str:
    words = {"met": "uppnådda", "partly": "delvis", "not_met": "ej uppnådda", "not_assessed": "ej bedömda"}
    return " + ".join(f"{int(sums[code])} {word}" for code, word in words.items() if int(sums[code]))


def _of_priorities(sums: Mapping[str, Any], year: int) -> list[str]:
    added, dropped = list(sums["added"]), list(sums["dropped"])
    kept = len(sums["priorities"]) - len(added)
    if not added or dropped or not kept:
        return []
    return [
        f"{year} behålls de {kept} prioriterade målen från {int(sums['plan_before'])}, men {listed(added)} är nytt bland dem. "
        "Är det ett tillägg, och vad får stå tillbaka?"
    ]

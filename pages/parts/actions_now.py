"""The state of the actions: open and finished, late, by goal, area, school and report point, and each one's own story."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from pages.parts import answer, filters, sentences
from pages.parts.areas import in_area
from pages.parts.charts.stacked import stacked_rows
from pages.parts.filters import Filters
from pages.parts.rows import as_records
from pages.parts.tables import action_rows, all_action_rows, counts_of_actions, due_of, state_of
from pages.parts.words import KINDS, OUTCOMES, STATUSES, day, is_empty, md, text
from queries import actions
from queries.connection import Exports

GROUPINGS = {
    "Typ": "kind",
    "Perspektiv": "perspective",
    "Mål": "goal",
    "Område": "area",
    "Skola": "unit",
    "Rapporttillfälle": "report_point",
}
SHOWN = {
    "Alla": lambda rows: rows,
    "Försenade": lambda rows: rows[rows["is_late"]],
    "Öppna": lambda rows: rows[rows["is_open"]],
    "Klara": lambda rows: rows[rows["status"] == "finished"],
    "Genomförs ej": lambda rows: rows[rows["status"] == "closed_undone"],
}
# Late ones stand first among the open.
FIRST_SHOWN = "Öppna"
PARTS = {code: OUTCOMES[code] for code in ("finished", "open", "closed_undone")}


def actions_now(opened: Exports, chosen: Filters, year: int) -> None:
    """What is the state, which actions are they, and what has been reported of one?"""
    source = state(opened, chosen, year)
    listing(opened, chosen, year, source)


def state(opened: Exports, chosen: Filters, year: int) -> str:
    """How many are open and finished, in total and by the chosen grouping. Returns the source line."""
    asked = {"municipality_id": chosen.municipality_id, "year": year, "unit_ids": chosen.unit_ids}
    tally = actions.action_tally(opened, **asked)
    rows = actions.action_list(opened, **asked)
    sentence = sentences.of_actions(tally.iloc[0])
    answer.say(sentence, "atgarder")
    filters.said_if_unknown("dela", list(GROUPINGS), "typ")
    grouping = st.segmented_control(
        "Dela upp efter", list(GROUPINGS), default="Typ", required=True, key="dela", bind="query-params"
    )
    parts = actions.action_tally(opened, **asked, by=GROUPINGS[grouping])
    if grouping == "Typ":
        parts = parts.assign(group_name=[KINDS[kind] for kind in parts["group_name"]])
    groups = pd.concat([tally, parts], ignore_index=True)
    answer.draw(stacked_rows(groups, PARTS), f"{sentence} Uppdelat efter {grouping.lower()}.", "atgarder")
    as_of = day(tally.iloc[0]["report_date"])
    note = f"Läget är det som rapporterades {as_of}. Försenad är räknat: öppen fast tidpunkten är nådd."
    line = answer.source_line(opened, rows["source_id"], note=note)
    shown = answer.Twin(
        f"Åtgärder {year} efter {grouping.lower()}", counts_of_actions(groups, grouping), "atgarder"
    )
    answer.twin(opened, chosen, shown, line)
    return line


def listing(opened: Exports, chosen: Filters, year: int, source: str) -> None:
    """The actions themselves, late ones first, and one of them in detail."""
    answer.question("Vilka åtgärder är det?")
    rows = actions.action_list(
        opened, municipality_id=chosen.municipality_id, year=year, unit_ids=chosen.unit_ids
    )
    rows = in_area(opened, chosen, rows)
    filters.said_if_unknown("visa", list(SHOWN), FIRST_SHOWN.lower())
    label = st.segmented_control(
        "Visa", list(SHOWN), default=FIRST_SHOWN, required=True, key="visa", bind="query-params"
    )
    kept = SHOWN[label](rows)
    if kept.empty:
        st.markdown("Inga åtgärder i den här gruppen.")
        return
    answer.table(answer.Twin("Åtgärder", action_rows(kept), "lista"))
    shown = answer.Twin(f"Åtgärder {year} {label.lower()}", all_action_rows(kept), "lista")
    answer.downloads(opened, chosen, shown, source)
    detail(opened, chosen, kept)


def detail(opened: Exports, chosen: Filters, rows: pd.DataFrame) -> None:
    """One action: what was promised, what each report said of it, and what stands beside the reported word."""
    answer.question("Vad har rapporterats om en åtgärd?")
    titles = {f"{text(row['title'])} ({row['action_id']})": row for row in as_records(rows)}
    filters.said_if_unknown("atgard", list(titles), "den första åtgärden")
    action = titles[st.selectbox("Åtgärd", list(titles), key="atgard", bind="query-params")]
    st.markdown(
        f"**{state_of(action)}.** Rapporterat ord: ”{md(action['status_raw'])}”. Klart till: {md(due_of(action))}. "
        f"Mål: {md(action['goal_name'], 'inget')}. Område: {md(action['area'] or action['perspective'])}. "
        f"Gäller: {md(action['unit_name'], 'hela kommunen')}. Ansvarig: {md(action['owner_role'], 'anges inte')}."
    )
    if action["is_late"] and action["status"] == "ongoing":
        st.markdown(
            "Rapporten säger att arbetet pågår, men tidpunkten är nådd. Vilken är den nya tidpunkten?"
        )
    reports = actions.action_reports_of(
        opened, municipality_id=chosen.municipality_id, action_id=action["action_id"]
    )
    answer.table(answer.Twin("Rapporter om åtgärden", report_rows(reports), "rapporter"))


def report_rows(reports: pd.DataFrame) -> pd.DataFrame:
    """action_reports_of as a table."""
    return pd.DataFrame(
        {
            "Rapport": [
                f"{row.report_name}, {day(row.report_date)}" for row in reports.itertuples(index=False)
            ],
            "Läge": [STATUSES[status].shown for status in reports["status"]],
            "Källans ord": [text(word) for word in reports["status_raw"]],
            "Tidpunkt": [
                text(row.due_text)
                if is_empty(row.due_date)
                else f"{text(row.due_text, '')} ({day(row.due_date)})".strip()
                for row in reports.itertuples(index=False)
            ],
            "Utvärderas": [day(value) for value in reports["evaluation_date"]],
            "Återrapport": [day(value) for value in reports["report_back_date"]],
            "Kommentar": [text(value) for value in reports["comment"]],
        }
    )

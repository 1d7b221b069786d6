"""Questions to ask: where a report's words, dates and earlier reports do not say the same thing."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from pages.parts import answer, filters
from pages.parts.action_tables import all_contradiction_rows, cause_rows, contradiction_rows, tally_rows
from pages.parts.areas import in_area
from pages.parts.filters import Filters
from pages.parts.rows import as_records
from pages.parts.words import counted, listed, md, text
from queries import contradictions
from queries.connection import Exports

ALL = "Alla frågor"
SEVERAL = {"activity": "aktiviteter", "assignment": "uppdrag från fullmäktige", "area": "utvecklingsområden"}


def questions_to_ask(opened: Exports, chosen: Filters, year: int) -> None:
    """What should be asked, what do the reports leave unsaid, and which reasons do they give?"""
    asked = {"municipality_id": chosen.municipality_id, "year": year, "unit_ids": chosen.unit_ids}
    found = contradictions.contradictions(opened, **asked)
    answer.say(md(of_contradictions(found)), "fragor")
    if len(found):
        st.markdown(
            "Frågorna ställs när rapportens ord, datum och tidigare rapporter inte säger samma sak. De är inga omdömen: "
            "svaret kan vara enkelt."
        )
        listing(opened, chosen, found, year)
    unsaid(opened, chosen, contradictions.reporting_tally(opened, **asked), year)
    reasons(opened, chosen, contradictions.action_causes(opened, **asked), year)


def listing(opened: Exports, chosen: Filters, found: pd.DataFrame, year: int) -> None:
    """The questions, all or of one rule, with the report's words beside."""
    found = in_area(opened, chosen, found)
    counts = found["rule_name"].value_counts(sort=False)
    labels = {ALL: None} | {f"{name} ({count})": name for name, count in counts.items()}
    filters.said_if_unknown("fraga", list(labels), "alla frågor")
    rule = labels[st.selectbox("Visa", list(labels), key="fraga", bind="query-params")]
    kept = found[found["rule_name"] == rule] if rule else found
    if rule:
        st.markdown(md(kept.iloc[0]["explanation"]))
    answer.table(answer.Twin("Frågor att ställa", contradiction_rows(kept), "fragor"))
    note = "Frågorna är räknade ur rapporternas ord och datum."
    line = answer.source_line(opened, found["source_id"], note=note)
    answer.downloads(
        opened,
        chosen,
        answer.Twin(f"Frågor att ställa {year}", all_contradiction_rows(found), "fragor"),
        line,
    )


def unsaid(opened: Exports, chosen: Filters, tally: pd.DataFrame, year: int) -> None:
    """How many of the late name a new time, and what is said of the finished."""
    answer.question("Vad säger rapporterna, och vad säger de inte?")
    answer.say(" ".join(filter(None, (of_tally(row) for row in as_records(tally)))), "osagt")
    line = answer.source_line(opened, tally["source_id"])
    answer.twin(
        opened,
        chosen,
        answer.Twin(f"Sagt och inte sagt {year}", tally_rows(tally), "osagt"),
        line,
        is_open=True,
    )


def reasons(opened: Exports, chosen: Filters, causes: pd.DataFrame, year: int) -> None:
    """Which causes are named, as reason or context."""
    answer.question("Vilka skäl nämns?")
    if causes.empty:
        st.markdown("Inget av de skäl som känns igen nämns i rapporterna.")
        return
    first = causes.iloc[0]
    answer.say(
        md(
            f"{text(first['cause'])} nämns oftast, som skäl eller sammanhang för "
            f"{counted(int(first['count_actions']), 'åtgärd', 'åtgärder')}."
        ),
        "skal",
    )
    line = answer.source_line(opened, causes["source_id"])
    answer.twin(opened, chosen, answer.Twin(f"Skäl {year}", cause_rows(causes), "skal"), line, is_open=True)


def of_contradictions(found: pd.DataFrame) -> str:
    """'18 frågor om 18 åtgärder: 13 om öppen utan ny tidpunkt, …'"""
    if found.empty:
        return "Inget i årets rapporter säger emot sig självt."
    counts = found["rule_name"].value_counts(sort=False)
    told = listed([f"{count} om ”{name[:1].lower() + name[1:]}”" for name, count in counts.items()])
    actions = counted(int(found["action_id"].nunique()), "åtgärd", "åtgärder")
    return f"{counted(len(found), 'fråga', 'frågor')} om {actions}: {told}."


def of_tally(row: dict[str, object]) -> str:
    """'Av 17 försenade aktiviteter nämner 7 en ny tidpunkt och 10 ingen. Av 17 klara saknar 7 kommentar …'"""
    what = SEVERAL[str(row["kind"])]
    late = ""
    if row["late"] and not row["late_with_new_time"]:
        late = f"Ingen av {row['late']} försenade {what} nämner en ny tidpunkt."
    elif row["late"]:
        late = (
            f"Av {row['late']} försenade {what} nämner {row['late_with_new_time']} en ny tidpunkt och "
            f"{row['late_without_new_time']} ingen."
        )
    finished = (
        f"Av {row['finished']} klara {what} saknar {row['finished_without_remark'] or 'ingen'} kommentar, och "
        f"{row['finished_with_rest'] or 'ingen'} säger att något återstår."
        if row["finished"]
        else ""
    )
    return f"{late} {finished}".strip()

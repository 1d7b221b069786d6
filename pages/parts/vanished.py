"""Actions that stand in one report and not in the next."""

from __future__ import annotations

import streamlit as st

from pages.parts import answer, filters
from pages.parts.action_tables import vanished_rows
from pages.parts.areas import in_area
from pages.parts.filters import Filters
from pages.parts.words import counted, day, md, text
from queries import action_times
from queries.connection import Exports


def vanished(opened: Exports, chosen: Filters, year: int) -> None:
    """Which actions have left the reports without being settled?"""
    days = action_times.report_days(opened, municipality_id=chosen.municipality_id)
    reported = days[days["year"] <= year].reset_index(drop=True)
    if len(reported) < 2:
        answer.say("Det finns bara en rapport, så ingen åtgärd kan ha försvunnit ur den.", "forsvunna")
        return
    labels = {
        f"{text(row.report_name)}, {day(row.report_date)}": row.report_date.isoformat()
        for row in reported.iloc[:-1].itertuples(index=False)
    }
    filters.said_if_unknown("rapport", list(labels), "den senaste rapporten")
    label = st.selectbox("Rapport", list(labels), key="rapport", bind="query-params")
    found = action_times.vanished_actions(
        opened,
        municipality_id=chosen.municipality_id,
        year=year,
        unit_ids=chosen.unit_ids,
        report_date=labels[label],
    )
    found = in_area(opened, chosen, found)
    before = reported.iloc[list(labels).index(label) + 1]
    still_open = found[found["was_open"]]
    name = f"{text(before['report_name'])}, {day(before['report_date'])}"
    said = (
        f"{counted(len(still_open), 'öppen åtgärd', 'öppna åtgärder')} i {name} finns inte i {label}."
        if len(still_open)
        else f"Ingen öppen åtgärd har försvunnit mellan {name} och {label}."
    )
    settled = len(found) - len(still_open)
    rest = f" {counted(settled, 'som var klar eller avslutad', 'som var klara eller avslutade')} har lämnat rapporten."
    answer.say(md(said + (rest if settled else "")), "forsvunna")
    if found.empty:
        return
    if len(still_open):
        answer.question("Vad hände med dem?")
        answer.table(answer.Twin("Försvunna åtgärder", vanished_rows(still_open), "forsvunna"))
    line = answer.source_line(opened, found["source_id"])
    answer.twin(
        opened, chosen, answer.Twin("Alla som har lämnat rapporten", vanished_rows(found), "lamnat"), line
    )

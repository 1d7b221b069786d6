"""Deadlines that have moved: from the first one to each new one, how many times and how far."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from pages.parts import answer
from pages.parts.action_tables import all_move_rows, axis_rows, move_rows, times
from pages.parts.areas import in_area
from pages.parts.charts.actions import MOST_ROWS, moved_deadlines
from pages.parts.filters import Filters
from pages.parts.rows import as_records
from pages.parts.words import counted, md, number, text
from queries import action_times, actions
from queries.connection import Exports


def moved_dates(opened: Exports, chosen: Filters, year: int) -> None:
    """Which dates have moved, how many times and how far?"""
    asked = {"municipality_id": chosen.municipality_id, "year": year}
    moves = action_times.action_moves(opened, **asked, unit_ids=chosen.unit_ids)
    tally = actions.action_tally(opened, **asked, unit_ids=chosen.unit_ids)
    timeline = action_times.action_timeline(opened, **asked)
    total = int(tally.iloc[0]["total"])
    if moves.empty:
        said = f"Ingen av {counted(total, 'åtgärd', 'åtgärder')} har fått en ny tidpunkt i de rapporter som finns."
        answer.say(said, "flyttade")
        days = action_times.report_days(opened, municipality_id=chosen.municipality_id)
        if len(days) == 1:
            st.markdown("Det finns bara en rapport. En flytt syns först när nästa rapport är inläst.")
    else:
        sentence = of_moves(moves, total)
        answer.say(md(sentence), "flyttade")
        answer.question("Hur har tidpunkterna flyttats?")
        moves = in_area(opened, chosen, moves)
        answer.draw(moved_deadlines(moves, timeline), f"{sentence} {each_move(moves)}", "flyttade")
        if moves["action_id"].nunique() > MOST_ROWS:
            st.markdown(f"Figuren visar de {MOST_ROWS} som har flyttats flest gånger. Tabellen har alla.")
        line = answer.source_line(opened, moves["source_id"])
        shown = answer.Twin(f"Flyttade datum {year}", move_rows(moves), "flyttade")
        complete = answer.Twin(f"Flyttade datum {year}", all_move_rows(moves), "flyttade")
        answer.twin(opened, chosen, shown, line, download=complete)
    if len(timeline):
        answer.question("Vilka tillfällen har året?")
        answer.table(answer.Twin("Årets tillfällen", axis_rows(timeline), "axel"))
        answer.source_line(opened, timeline["source_id"])


def of_moves(moves: pd.DataFrame, total: int) -> str:
    """'19 av 53 åtgärder har fått en ny tidpunkt, sammanlagt 25 gånger. …'"""
    last = moves.groupby("action_id", sort=False).last()
    count = len(last)
    said = f"{count} av {counted(total, 'åtgärd', 'åtgärder')} har fått en ny tidpunkt, sammanlagt {times(len(moves))}."
    most = last.iloc[0]
    if int(most["count_moved"]) > 1:
        said += f" Flest gånger: ”{text(most['title'])}”, {int(most['count_moved'])}."
    far = last[last["days_from_first"].notna()]
    if len(far):
        furthest = far.loc[far["days_from_first"].astype(int).idxmax()]
        said += f" Längst: ”{text(furthest['title'])}”, {number(furthest['days_from_first'], 0)} dagar från den första tidpunkten."
    return said


def each_move(moves: pd.DataFrame) -> str:
    """Every move as text, for those who do not see the figure."""
    rows = as_records(move_rows(moves))
    return " ".join(f"{row['Åtgärd']}: {row['Klart till']} ({row['Hur långt']})." for row in rows)

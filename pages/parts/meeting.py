"""Before a meeting: what is due, late, slipped and new, what is promised back, and what has changed since last time."""

from __future__ import annotations

from datetime import date

import pandas as pd
import streamlit as st

from pages.parts import answer, filters
from pages.parts.action_tables import (
    all_change_rows,
    all_meeting_rows,
    change_rows,
    meeting_rows,
    moment_of,
    promise_rows,
    times,
)
from pages.parts.areas import in_area
from pages.parts.filters import Filters
from pages.parts.rows import as_records
from pages.parts.words import counted, day, is_empty, listed, md, text
from queries import action_times
from queries.connection import Exports

SHOWN = {
    "Alla": None,
    "Skulle vara klara": "is_due",
    "Försenade": "is_late",
    "Flyttade": "is_slipped",
    "Nya": "is_new",
    "Återrapport": "is_report_back",
}


def before_meeting(opened: Exports, chosen: Filters, year: int) -> None:
    """What does the meeting have to look at, and what is new since the last one?"""
    timeline = action_times.action_timeline(opened, municipality_id=chosen.municipality_id, year=year)
    days = action_times.report_days(opened, municipality_id=chosen.municipality_id)
    reported = days[days["year"] <= year]
    meeting, name = choose_meeting(timeline, reported.iloc[0]["report_date"])
    asked = {"municipality_id": chosen.municipality_id, "year": year, "meeting": meeting}
    found = action_times.meeting_actions(opened, **asked, unit_ids=chosen.unit_ids)
    promises = action_times.meeting_promises(opened, **asked)
    answer.say(md(of_meeting(found, promises, name)), "mote")
    if len(found):
        listing(opened, chosen, found, year)
    if len(promises):
        answer.question("Vad är utlovat till mötet?")
        answer.table(answer.Twin("Utlovat till mötet", promise_rows(promises), "utlovat"))
        answer.source_line(opened, promises["source_id"])
    told = found.iloc[0]["told_date"] if len(found) else reported.iloc[0]["report_date"]
    since_last(opened, chosen, year, reported[reported["report_date"] <= told])


def choose_meeting(timeline: pd.DataFrame, newest: date) -> tuple[str | None, str]:
    """The meeting as questions take it and as it is called. The first choice is where the newest report was given."""
    labels = {_label(row): _code(row) for row in as_records(timeline)}
    if not labels:
        return None, f"rapporten {day(newest)}"
    dated = timeline.reset_index(drop=True)
    given = dated.index[dated["point_date"].notna() & (dated["point_date"] <= newest)]
    first = int(given[-1]) if len(given) else 0
    filters.said_if_unknown("mote", list(labels), "det senaste rapporttillfället")
    name = st.selectbox("Inför", list(labels), index=first, key="mote", bind="query-params")
    return labels[name], name


def listing(opened: Exports, chosen: Filters, found: pd.DataFrame, year: int) -> None:
    """The actions of the meeting, those that are due and not done first."""
    found = in_area(opened, chosen, found)
    filters.said_if_unknown("skal", list(SHOWN), "alla")
    label = st.segmented_control(
        "Visa", list(SHOWN), default="Alla", required=True, key="skal", bind="query-params"
    )
    kept = found[found[SHOWN[label]]] if SHOWN[label] else found
    if kept.empty:
        st.markdown("Ingen åtgärd hör dit.")
    else:
        answer.table(answer.Twin("Inför mötet", meeting_rows(kept), "mote"))
    note = f"Läget är det som rapporterades {day(found.iloc[0]['told_date'])}. Försenad är räknat till mötets dag."
    line = answer.source_line(opened, found["source_id"], note=note)
    answer.downloads(
        opened, chosen, answer.Twin(f"Inför mötet {year}", all_meeting_rows(found), "mote"), line
    )


def since_last(opened: Exports, chosen: Filters, year: int, reported: pd.DataFrame) -> None:
    """What differs between the report that the meeting has and an earlier one?"""
    answer.question("Vad är nytt sedan förra rapporten?")
    if len(reported) < 2:
        st.markdown("Det finns ingen tidigare rapport att jämföra med.")
        return
    earlier = {
        f"{text(row.report_name)}, {day(row.report_date)}": row.report_date.isoformat()
        for row in reported.iloc[1:].itertuples(index=False)
    }
    filters.said_if_unknown("sedan", list(earlier), "rapporten före")
    label = st.selectbox("Jämför med", list(earlier), key="sedan", bind="query-params")
    now = reported.iloc[0]
    changes = action_times.action_changes(
        opened,
        municipality_id=chosen.municipality_id,
        year=year,
        unit_ids=chosen.unit_ids,
        report_date=now["report_date"].isoformat(),
        since=earlier[label],
    )
    # What was finished or closed leaves the reports by itself.
    settled = changes["status_before"].isin(["finished", "closed_undone"]) & (changes["change"] == "vanished")
    shown = changes[
        ~settled
        & ((changes["change"] != "changed") | changes["is_status_changed"] | changes["is_deadline_changed"])
    ]
    answer.say(md(of_changes(changes, shown, text(now["report_name"]))), "nytt")
    if len(shown):
        answer.table(answer.Twin("Ändrat sedan förra rapporten", change_rows(shown), "nytt"))
    if len(changes):
        line = answer.source_line(opened, changes["source_id"])
        answer.downloads(
            opened, chosen, answer.Twin(f"Ändrat {year}", all_change_rows(changes), "nytt"), line
        )


def of_meeting(found: pd.DataFrame, promises: pd.DataFrame, name: str) -> str:
    """'Till Delrapport 2 skulle 12 åtgärder vara klara: 3 är klara och 9 är öppna. 9 är försenade. …'"""
    if found.empty:
        return f"Inget är försenat, flyttat, nytt eller utlovat inför {name}."
    due = found[found["is_due"]]
    done = int((due["status"] == "finished").sum())
    left = int(due["is_open"].sum())
    closed = len(due) - done - left
    parts = [f"{done} är klara", f"{left} är öppna"] + ([f"{closed} genomförs inte"] if closed else [])
    said = (
        f"Till {name} skulle {counted(len(due), 'åtgärd', 'åtgärder')} vara klara: {listed(parts)}."
        if len(due)
        else f"Ingen åtgärd skulle vara klar till {name}."
    )
    late, slipped, new = (int(found[column].sum()) for column in ("is_late", "is_slipped", "is_new"))
    said += f" {late or 'Ingen'} är {'försenade' if late > 1 else 'försenad'}, {slipped or 'ingen'} har fått ny tidpunkt"
    said += f" och {new or 'ingen'} är {'nya' if new > 1 else 'ny'} sedan förra rapporten."
    most = int(found["count_moved"].max())
    if most > 1:
        first = found[found["count_moved"] == most].iloc[0]
        said += f" Oftast flyttad är ”{text(first['title'])}”: {times(most)}."
    backs = max(len(promises), int(found["is_report_back"].sum()))
    return (
        f"{said} {counted(backs, 'återrapport är utlovad', 'återrapporter är utlovade')}." if backs else said
    )


def of_changes(changes: pd.DataFrame, shown: pd.DataFrame, name: str) -> str:
    """'I Delrapport 2 2026 har 30 åtgärder nytt läge, 7 ny tidpunkt, …'"""
    if changes.empty:
        return f"Ingenting skiljer {name} från den rapporten."
    new, gone = ((shown["change"] == change).sum() for change in ("new", "vanished"))
    parts = [
        f"{counted(int(new), 'åtgärd är ny', 'åtgärder är nya')}",
        f"{int(changes['is_status_changed'].sum())} har nytt läge",
        f"{int(changes['is_deadline_changed'].sum())} har ny tidpunkt",
        f"{int(gone)} öppna har försvunnit",
    ]
    only = changes["is_comment_changed"] & ~changes["is_status_changed"] & ~changes["is_deadline_changed"]
    rest = f" {int(only.sum())} har bara en ny kommentar." if only.any() else ""
    return f"I {name}: {listed(parts)}.{rest}"


def _label(row: dict[str, object]) -> str:
    name = moment_of(row)
    return f"{name} (dag anges inte)" if is_empty(row["point_date"]) else f"{name}, {day(row['point_date'])}"


def _code(row: dict[str, object]) -> str:
    return text(row["label"]) if row["kind"] == "report_point" else str(row["point_date"])

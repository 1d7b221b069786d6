"""What the committee was given, asked and promised: reports, questions and promises, assignments from the council."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from pages.parts import answer, filters
from pages.parts.empty import say_missing
from pages.parts.filters import Filters
from pages.parts.rows import as_records
from pages.parts.tables import due_of, state_of
from pages.parts.words import (
    DASH,
    ITEM_KINDS,
    ITEM_STATES,
    NO_BREAK,
    REPORT_KINDS,
    REPORT_STATES,
    counted,
    day,
    is_empty,
    listed,
    md,
    number,
    short_year,
    text,
    upper_first,
)
from queries import clock, registers
from queries.connection import Exports

EVERY = "Alla"
OF_ALL_UNITS = "Registret gäller hela nämnden, också när en skola är vald."
SCHOOL_YEAR_KINDS = ("SKA",)


def reports(opened: Exports, chosen: Filters) -> None:
    """Which reports reached the committee, when were they treated, and which never were?"""
    found = registers.report_register(opened, municipality_id=chosen.municipality_id, year=chosen.year)
    if found.empty:
        say_missing(f"Inga rapporter till nämnden är registrerade för {chosen.municipality}.", "reports")
        return
    answer.say(md(of_reports(found)), "rapporter")
    st.markdown("”Aldrig behandlad” betyder att ingen källa nämner någon behandling eller något beslut.")
    kept = picked(found, "kind_now", {kind: kind_word(kind) for kind in found["kind_now"]}, "Slag", "slag")
    listing(
        opened, chosen, "Rapporter till nämnden", report_heads(kept), report_rows(kept), found["source_id"]
    )


def committee_items(opened: Exports, chosen: Filters) -> None:
    """What has been asked and promised in the committee, and what is still without an answer?"""
    today = clock.today()
    found = registers.committee_register(
        opened, municipality_id=chosen.municipality_id, year=chosen.year, as_of=today
    )
    if found.empty:
        say_missing(f"Inga frågor eller löften är registrerade för {chosen.municipality}.", "committee_items")
        return
    answer.say(md(of_items(found)), "fragor")
    st.markdown(
        f"Förfallen är räknad {day(today)}: tiden har gått ut och inget svar finns i källorna. {md(of_last_meeting(found))}"
    )
    kept = picked(found, "kind", ITEM_KINDS, "Slag", "fragor")
    listing(
        opened, chosen, "Frågor, löften och yrkanden", item_heads(kept), item_rows(kept), found["source_id"]
    )


def assignments(opened: Exports, chosen: Filters) -> None:
    """Which assignments has the council given, and how far have they come?"""
    found = registers.assignment_register(
        opened, municipality_id=chosen.municipality_id, year=chosen.year, unit_ids=chosen.unit_ids
    )
    if found.empty:
        say_missing(f"Inga uppdrag är registrerade för {chosen.subject(chosen.year)}.", "assignments")
        return
    answer.say(md(of_assignments(found)), "uppdrag")
    perspectives = {each: each for each in found["perspective"].dropna()}
    kept = picked(found, "perspective", perspectives, "Perspektiv", "perspektiv")
    listing(
        opened,
        chosen,
        "Strategiska utvecklingsuppdrag",
        assignment_heads(kept),
        assignment_rows(kept),
        found["source_id"],
    )
    st.page_link("actions.py", label="Till alla åtgärder →")


def picked(rows: pd.DataFrame, column: str, words: dict[str, str], label: str, key: str) -> pd.DataFrame:
    """The rows of one kind, chosen by its word; all of them to begin with."""
    present = [code for code in words if (rows[column] == code).any()]
    titles = {EVERY: None} | {words[code]: code for code in present}
    filters.said_if_unknown(key, list(titles), "alla")
    title = st.selectbox(label, list(titles), key=key, bind="query-params")
    return rows if titles[title] is None else rows[rows[column] == titles[title]]


def listing(
    opened: Exports,
    chosen: Filters,
    title: str,
    heads: pd.DataFrame,
    rows: pd.DataFrame,
    source_ids: pd.Series,
) -> None:
    """A register as a narrow table, the wide one for download, and its sources."""
    key = title.split()[0].lower().strip(",")
    answer.table(answer.Twin(title, heads, f"register-{key}"))
    whose = OF_ALL_UNITS if chosen.unit and "Enhet" not in rows else ""
    line = answer.source_line(opened, source_ids, note=whose)
    answer.downloads(opened, chosen, answer.Twin(title, rows, f"register-{key}"), line)


def of_reports(found: pd.DataFrame) -> str:
    """'1 av 3 rapporter är aldrig behandlad: SKA 2018/19. För 1 framgår inte dagen.'"""
    never = found[found["state"] == "never"]
    undated = int((found["state"] == "undated").sum())
    total = counted(len(found), "rapport", "rapporter")
    rest = f" För {undated} framgår det inte när." if undated else ""
    newest = found["treated_date"].dropna()
    last = f" Den senaste behandlades {day(newest.max())}." if len(newest) else ""
    if never.empty:
        return f"Ingen av {total} är obehandlad enligt källorna.{rest}{last}"
    names = listed([text(title) for title in never["title"]])
    return f"{len(never)} av {total} har aldrig behandlats: {names}.{rest}{last}"


def of_items(found: pd.DataFrame) -> str:
    """'3 av 14 saknar svar fast tiden har gått ut, 2 är öppna och 9 är besvarade.'"""
    count = found["state"].value_counts()
    overdue, waiting, answered = (int(count.get(state, 0)) for state in ("overdue", "open", "answered"))
    many = counted(len(found), "fråga, löfte eller yrkande", "frågor, löften och yrkanden")
    return f"{many}: {overdue} är förfallna utan svar, {waiting} är öppna och {answered} är besvarade."


def of_last_meeting(found: pd.DataFrame) -> str:
    """What the newest day that the sources tell of brought: questions raised and answers given."""
    days = pd.concat([found["raised_date"], found["answered_date"]]).dropna()
    last = max(pd.Timestamp(each) for each in days)
    raised = int((pd.to_datetime(found["raised_date"]) == last).sum())
    answered = int((pd.to_datetime(found["answered_date"]) == last).sum())
    return (
        f"Nytt vid det senaste tillfället i källorna, {day(last)}: "
        f"{counted(raised, 'ärende', 'ärenden') if raised else 'inget ärende'} togs upp och {answered or 'inget'} fick svar."
    )


def of_assignments(found: pd.DataFrame) -> str:
    """'8 uppdrag: 3 är klara, 5 är öppna, varav 5 försenade.'"""
    reported = found[found["status"].notna()]
    opened = reported[reported["is_open"].astype(bool)]
    late = int(opened["is_late"].astype(bool).sum())
    silent = len(found) - len(reported)
    rest = f" {counted(silent, 'uppdrag', 'uppdrag')} är inte rapporterat." if silent else ""
    return (
        f"{counted(len(found), 'uppdrag', 'uppdrag')}: {int((found['status'] == 'finished').sum())} är klara och {len(opened)} är "
        f"öppna, varav {late} försenade. Givare: {listed(sorted(set(found['given_by'].dropna()))) or 'anges inte'}.{rest}"
    )


def kind_word(kind: object) -> str:
    """The kind of a report as it is spoken of."""
    return REPORT_KINDS.get(text(kind), upper_first(text(kind)))


def about_year(row: dict[str, object]) -> str:
    """The year a report is about; the school year for those that follow it."""
    period = "school_year" if row["kind_now"] in SCHOOL_YEAR_KINDS else "calendar_year"
    return short_year(row["year"], period)


def report_heads(rows: pd.DataFrame) -> pd.DataFrame:
    """report_register as what, for which year, and what became of it."""
    records = as_records(rows)
    return pd.DataFrame(
        {
            "Läge": [REPORT_STATES[row["state"]].shown for row in records],
            "Rapport": [f"{row['title']} · {kind_word(row['kind_now'])}" for row in records],
            "Avser": [about_year(row) for row in records],
            "Behandlad": [treated(row) for row in records],
        }
    )


def treated(row: dict[str, object]) -> str:
    """When, under which paragraph and with which decision a report was treated."""
    if row["state"] == "never":
        return REPORT_STATES["never"].word
    parts = [
        day(row["treated_date"]) if not is_empty(row["treated_date"]) else "",
        joined(row["paragraph"], ""),
        text(row["decision"], "").rstrip("."),
    ]
    return ". ".join(part for part in parts if part)


def report_rows(rows: pd.DataFrame) -> pd.DataFrame:
    """report_register with everything that is known, for the download."""
    records = as_records(rows)
    rest = {
        "Källans ord för slaget": [text(row["kind"]) for row in records],
        "Mottagare": [text(row["recipient"], "Framgår inte") for row in records],
        "Lämnad": [day(row["delivered_date"]) for row in records],
        "Behandlad dag": [day(row["treated_date"]) for row in records],
        "Dagar till behandling": [number(row["days_to_treatment"], 0) for row in records],
        "Paragraf": [text(row["paragraph"]) for row in records],
        "Beslut": [text(row["decision"]) for row in records],
    }
    return pd.concat([report_heads(rows), pd.DataFrame(rest)], axis=1)


def joined(reference: object, otherwise: str = DASH) -> str:
    """A reference whose paragraph sign stays with its number."""
    return text(reference, otherwise).replace("§ ", f"§{NO_BREAK}")


def item_heads(rows: pd.DataFrame) -> pd.DataFrame:
    """committee_register as state, what, where it was raised, and the answer."""
    records = as_records(rows)
    return pd.DataFrame(
        {
            "Läge": [ITEM_STATES[row["state"]].shown for row in records],
            "Fråga eller löfte": [f"{ITEM_KINDS[row['kind']]}: {row['text']}" for row in records],
            "Togs upp": [f"{day(row['raised_date'])}, {joined(row['reference'])}" for row in records],
            "Svar": [answer_of(row) for row in records],
        }
    )


def answer_of(row: dict[str, object]) -> str:
    """The answer and its day, or by when it should have come."""
    if row["state"] == "answered":
        when = f" ({day(row['answered_date'])})" if not is_empty(row["answered_date"]) else ""
        return f"{text(row['answer'], 'Svaret återges inte')}{when}"
    if is_empty(row["due_date"]):
        return "Svar saknas, ingen tid angiven"
    return f"Svar saknas, skulle komma {day(row['due_date'])}"


def item_rows(rows: pd.DataFrame) -> pd.DataFrame:
    """committee_register with everything that is known, for the download."""
    records = as_records(rows)
    rest = {
        "Slag": [ITEM_KINDS[row["kind"]] for row in records],
        "Dag": [day(row["raised_date"]) for row in records],
        "Dnr och paragraf": [text(row["reference"]) for row in records],
        "Svarsdag": [day(row["answered_date"]) for row in records],
        "Senast": [day(row["due_date"]) for row in records],
        "Dagar över tiden": [number(row["days_overdue"], 0) for row in records],
    }
    return pd.concat([item_heads(rows), pd.DataFrame(rest)], axis=1)


def assignment_heads(rows: pd.DataFrame) -> pd.DataFrame:
    """assignment_register as state, title, giver and when it is due."""
    records = as_records(rows)
    return pd.DataFrame(
        {
            "Läge": ["Inte rapporterat" if is_empty(row["status"]) else state_of(row) for row in records],
            "Uppdrag": [text(row["title"]) for row in records],
            "Givare": [text(row["given_by"], "Anges inte") for row in records],
            "Klart till": ["–" if is_empty(row["status"]) else due_of(row) for row in records],
        }
    )


def assignment_rows(rows: pd.DataFrame) -> pd.DataFrame:
    """assignment_register with everything that is known, for the download."""
    records = as_records(rows)
    rest = {
        "År": [str(row["year"]) for row in records],
        "Källans ord": [text(row["status_raw"]) for row in records],
        "Perspektiv": [text(row["perspective"]) for row in records],
        "Enhet": [text(row["unit_name"], "hela kommunen") for row in records],
        "Ansvarig": [text(row["owner_role"], "Anges inte") for row in records],
        "Rapport": [text(row["report_name"]) for row in records],
        "Rapportdag": [day(row["report_date"]) for row in records],
        "Kommentar": [text(row["comment"]) for row in records],
    }
    return pd.concat([assignment_heads(rows), pd.DataFrame(rest)], axis=1)

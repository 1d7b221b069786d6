"""What was agreed at the dialogue meetings, and what came of it."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from pages.parts import answer, filters
from pages.parts.empty import say_missing
from pages.parts.filters import Filters
from pages.parts.registers import EVERY, listing
from pages.parts.rows import as_records
from pages.parts.words import MEETINGS, OUTCOME_STATES, counted, day, md, text, upper_first
from queries import registers
from queries.connection import Exports

NO_OUTCOME = "Utfall ej redovisat"


def agreements(opened: Exports, chosen: Filters, key: str = "dialog") -> None:
    """What became of what was agreed last autumn, and at every other meeting? key is the choice of meeting in the link."""
    found = registers.agreement_register(
        opened,
        municipality_id=chosen.municipality_id,
        year=chosen.year,
        unit_ids=chosen.unit_ids,
        area=chosen.area,
    )
    if found.empty:
        say_missing(f"Inga överenskommelser är registrerade för {chosen.subject(chosen.year)}.", "agreements")
        return
    answer.say(md(of_last_autumn(found)), "overenskommelser")
    st.markdown(f"”{NO_OUTCOME}” betyder att ingen källa säger vad det blev. Det kan vara gjort ändå.")
    names = {meeting_name(row): row["meeting_date"] for row in as_records(found)}
    titles = [EVERY, *names]
    first = titles.index(meeting_name(last_autumn(found).iloc[0].to_dict()))
    filters.said_if_unknown(key, titles, titles[first])
    name = st.selectbox("Överenskommet vid", titles, index=first, key=key, bind="query-params")
    kept = found if name == EVERY else found[found["meeting_date"] == names[name]]
    listing(
        opened, chosen, "Överenskommelser", agreement_heads(kept), agreement_rows(kept), found["source_id"]
    )


def last_autumn(found: pd.DataFrame) -> pd.DataFrame:
    """What was agreed the autumn before the newest meeting; without such an autumn, at the newest meeting."""
    newest = found["meeting_date"].max()
    autumns = found[(found["meeting_kind"] == "autumn") & (found["meeting_date"] < newest)]
    about = autumns if len(autumns) else found
    return about[about["meeting_date"] == about["meeting_date"].max()]


def of_last_autumn(found: pd.DataFrame) -> str:
    """'Höstens dialogmöten, 27 oktober 2025: 13 överenskommelser. Utfallet är redovisat för 11 och inte för 2.'"""
    return of_meeting(last_autumn(found))


def of_meeting(found: pd.DataFrame) -> str:
    """The same of all agreements given, which are of one meeting."""
    told = int(found["is_told"].sum())
    many = counted(len(found), "överenskommelse", "överenskommelser")
    return (
        f"{meeting_name(found.iloc[0].to_dict())}: {many}. "
        f"Utfallet är redovisat för {told or 'ingen'} och inte för {len(found) - told or 'någon'}."
    )


def meeting_name(row: dict[str, object]) -> str:
    """'Höstens dialogmöten, 27 oktober 2025'."""
    return f"{MEETINGS[row['meeting_kind']]}, {day(row['meeting_date'])}"


def agreement_heads(rows: pd.DataFrame) -> pd.DataFrame:
    """agreement_register as whether the outcome is told, what was agreed, where, and what came of it."""
    records = as_records(rows)
    return pd.DataFrame(
        {
            "Läge": [OUTCOME_STATES[bool(row["is_told"])].shown for row in records],
            "Överenskommet": [f"{upper_first(text(row['topic']))}: {text(row['agreed'])}" for row in records],
            "Enhet": [text(row["unit_name"], text(row["area"], "Hela kommunen")) for row in records],
            "Utfall": [text(row["outcome"], NO_OUTCOME) for row in records],
        }
    )


def agreement_rows(rows: pd.DataFrame) -> pd.DataFrame:
    """agreement_register with everything that is known, for the download."""
    records = as_records(rows)
    rest = {
        "Möte": [MEETINGS[row["meeting_kind"]] for row in records],
        "Mötesdag": [day(row["meeting_date"]) for row in records],
        "Utfallets dag": [day(row["outcome_date"]) for row in records],
    }
    return pd.concat([agreement_heads(rows), pd.DataFrame(rest)], axis=1)

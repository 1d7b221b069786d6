"""Remarks that lack a link of the chain: no action, nobody who answers, no date, no decision, no told effect."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from pages.parts import answer, filters
from pages.parts.empty import say_missing
from pages.parts.filters import Filters
from pages.parts.remarks_in_words import NO_EFFORT, all_remarks
from pages.parts.rows import as_records
from pages.parts.standing_remarks import told_years
from pages.parts.words import counted, in_a_row, listed, md, text, upper_first
from queries import findings
from queries.connection import Exports

# What can be missing: label → column of themes_without, and which remarks of finding_list lack it.
LINKS = {
    "Åtgärd": ("without_action", lambda rows: rows["is_without_action"]),
    "Ansvarig": ("without_owner", lambda rows: rows["is_without_owner"]),
    "Datum": ("without_date", lambda rows: rows["is_without_date"]),
    "Beslut": ("without_decision", lambda rows: rows["decision"].isna()),
    "Orsak": ("without_cause", lambda rows: rows["cause"].isna()),
    "Nästa steg": ("without_next_step", lambda rows: rows["next_step"].isna()),
    "Effekt": ("without_effect", lambda rows: rows["effect"].isna()),
}
IN_TABLE = ("Åtgärd", "Ansvarig", "Datum")


def missing_links(opened: Exports, chosen: Filters) -> None:
    """Which themes have no action, nobody who answers or no date?"""
    of = {"municipality_id": chosen.municipality_id, "year": chosen.year, "unit_ids": chosen.unit_ids}
    themes = findings.themes_without(opened, **of)
    if themes.empty:
        say_missing(
            f"Inga påpekanden är registrerade för {chosen.subject(chosen.year)}.",
            "findings",
            told_years(opened, chosen),
        )
        return
    year = int(themes["year"].iloc[0])
    answer.say(md(of_missing(themes, year)), "saknas")
    st.markdown(
        "En kopplad åtgärds ansvariga och tidpunkt räknas som påpekandets. Insatser som bara nämns i ord räknas inte som "
        "åtgärder."
    )
    answer.table(answer.Twin(f"Vad som saknas {year}", theme_counts(themes, IN_TABLE), "saknas"))
    line = answer.source_line(opened, [source for sources in themes["source_ids"] for source in sources])
    answer.downloads(
        opened,
        chosen,
        answer.Twin(f"Vad som saknas {year}", theme_counts(themes, tuple(LINKS)), "saknas"),
        line,
    )
    answer.question("Vilka påpekanden är det?")
    filters.said_if_unknown("saknas", list(LINKS), "påpekanden utan åtgärd")
    missing = st.segmented_control(
        "Saknar", list(LINKS), default="Åtgärd", required=True, key="saknas", bind="query-params"
    )
    remarks = findings.finding_list(opened, **of, kinds=["weakness"])
    remarks = remarks[remarks["year"] == year]
    kept = remarks[LINKS[missing][1](remarks).astype(bool)]
    if kept.empty:
        st.markdown(f"Inget påpekande {year} saknar {missing.lower()}.")
        return
    answer.table(answer.Twin(f"Påpekanden utan {missing.lower()} {year}", remark_heads(kept), "utan"))
    answer.downloads(
        opened, chosen, all_remarks(kept, f"Påpekanden utan {missing.lower()} {year}", "utan"), line
    )


def of_missing(themes: pd.DataFrame, year: int) -> str:
    """'6 påpekanden i 6 teman 2020: 6 saknar kopplad åtgärd, 5 saknar ansvarig och 6 saknar datum.'"""
    words = {"Åtgärd": "kopplad åtgärd", "Ansvarig": "ansvarig", "Datum": "datum"}
    counts = {word: int(themes[LINKS[label][0]].sum()) for label, word in words.items()}
    lacking = listed([f"{count or 'inget'} saknar {word}" for word, count in counts.items()])
    of = f"{counted(int(themes['count_remarks'].sum()), 'påpekande', 'påpekanden')} i {counted(len(themes), 'tema', 'teman')}"
    return f"{of} {year}: {lacking}."


def theme_counts(themes: pd.DataFrame, links: tuple[str, ...]) -> pd.DataFrame:
    """themes_without as a table: '2 av 3 påpekanden' for each link."""
    rows = as_records(themes)
    shown = {"Tema": [upper_first(row["theme"]) for row in rows]}
    for label in links:
        column = LINKS[label][0]
        shown[f"Utan {label.lower()}"] = [
            f"{int(row[column])} av {int(row['count_remarks'])}" if row[column] else "–" for row in rows
        ]
    return pd.DataFrame(shown)


def remark_heads(remarks: pd.DataFrame) -> pd.DataFrame:
    """finding_list as what, where and for how long, with the effort that is told in words."""
    rows = as_records(remarks)
    return pd.DataFrame(
        {
            "Tema": [f"{upper_first(row['theme'])}, {in_a_row(int(row['years_in_a_row']))}" for row in rows],
            "Var": [text(row["unit_name"]) for row in rows],
            "Påpekande": [text(row["text"]) for row in rows],
            "Insats i ord": [text(row["effort"], NO_EFFORT) for row in rows],
        }
    )

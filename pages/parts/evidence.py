"""What stands behind one goal: its verdict, its indicators against their targets, and their years."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from pages.parts import answer, filters, sentences
from pages.parts.charts.goals import indicator_trend
from pages.parts.empty import say_missing
from pages.parts.filters import Filters
from pages.parts.tables import evidence_rows
from pages.parts.words import DIRECTIONS, VERDICTS, is_empty, md, measured, target, text, upper_first, year_of
from queries import goals
from queries.connection import Exports


def evidence(opened: Exports, chosen: Filters, year: int) -> None:
    """What stands behind one goal: outcome against target, direction and trend."""
    rows = goals.goal_list(opened, municipality_id=chosen.municipality_id, year=year, unit_id=chosen.unit_id)
    named = rows.dropna(subset=["goal_id"]).drop_duplicates("name")
    named = named.iloc[pd.to_numeric(named["goal_number"], errors="coerce").argsort(kind="stable")]
    if named.empty:
        say_missing(f"Källan namnger inga mål för {year}.", "goals")
        return
    filters.said_if_unknown("mal", list(named["name"]), "det första målet")
    name = st.selectbox("Mål", list(named["name"]), key="mal", bind="query-params")
    goal = named.set_index("name").loc[name]
    found = goals.goal_evidence(
        opened,
        municipality_id=chosen.municipality_id,
        goal_id=goal["goal_id"],
        year=year,
        unit_id=chosen.unit_id,
    )
    verdict = VERDICTS[text(goal["verdict"], "not_assessed")]
    word = f" (källans ord: ”{md(goal['verdict_raw'])}”)" if not is_empty(goal["verdict_raw"]) else ""
    answer.say(f"{verdict.shape} {verdict.word} {year}{word}. {sentences.of_evidence(goal)}.", "underlag")
    if goal["is_disagreement"]:
        st.markdown(
            f"Räknat ur indikatorerna vore målet **{VERDICTS[goal['computed']].word.lower()}**. Fråga varför."
        )
    if not is_empty(goal["comment"]):
        st.markdown(f"Kommentar i källan: {md(goal['comment'])}")
    if found.empty:
        st.markdown(
            "Ingen indikator mäter målet, så bedömningen går inte att pröva mot ett utfall. Vem ska leverera en?"
        )
        return
    for indicator_id, one in found.groupby("indicator_id", sort=False):
        indicator(str(indicator_id), one, year)
    line = answer.source_line(opened, found["source_id"])
    shown = answer.Twin(f"Utfall mot målvärde: {name}", evidence_rows(found), "underlag")
    answer.twin(opened, chosen, shown, line)


def indicator(indicator_id: str, rows: pd.DataFrame, year: int) -> None:
    """One indicator: this year's outcome against target in words, then its years."""
    first, now = rows.iloc[0], rows[rows["year"] == year]
    st.subheader(md(first["title"]), anchor=False)
    if rows["value"].notna().sum() == 0 and now.empty:
        st.markdown("Indikatorn har inget värde. Exporten *utfall per skola* fyller den.")
        return
    if now.empty:
        st.markdown(f"Inget utfall för {year}.")
    else:
        this = now.iloc[0]
        shown = measured(this["value"], this["marker"], this["unit"], int(this["decimals"]))
        aim = target(this["target_operator"], this["target_value"], this["unit"], int(this["decimals"]))
        reached = (
            ""
            if is_empty(this["is_reached"])
            else " Når målvärdet."
            if this["is_reached"]
            else " Når inte målvärdet."
        )
        note = f" {md(this['note'])}." if not is_empty(this["note"]) else ""
        st.markdown(
            f"{upper_first(year_of(year, this['period']))}: **{md(shown)}**, målvärde {md(aim)}.{reached}{note}"
        )
    alt = "; ".join(
        f"{year_of(row.year, row.period)} {measured(row.value, row.marker, row.unit, int(row.decimals))}"
        for row in rows.dropna(subset=["year"]).itertuples(index=False)
    )
    answer.draw(indicator_trend(rows), f"{first['title']}: {alt}", f"trend-{indicator_id}")
    st.caption(
        md(
            f"{text(first['definition'])} ({DIRECTIONS[text(first['good_direction'], 'none')]}; {text(first['population'])})"
        )
    )

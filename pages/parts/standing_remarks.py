"""Remarks that stand year after year: the years as a picture, all themes in words, and one theme link by link."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd
import streamlit as st

from pages.parts import answer, filters, sentences
from pages.parts.charts.themes import theme_matrix
from pages.parts.empty import say_missing
from pages.parts.filters import Filters
from pages.parts.remarks_in_words import (
    NO_CAUSE,
    NO_DECISION,
    action_of,
    all_remarks,
    all_theme_rows,
    effect_of,
    head_rows,
    remark_rows,
    step_of,
    year_rows,
)
from pages.parts.rows import as_records
from pages.parts.sentences import NO_EFFECT, standing
from pages.parts.words import (
    in_a_row,
    listed,
    md,
    text,
    upper_first,
    years_in_words,
)
from queries import findings, places
from queries.connection import Exports

LEGEND = (
    "● påpekat, ◆ påpekat och en effekt är redovisad, – inget påpekande i källorna det året. Linjen binder ihop år i rad. "
    "Under årtalet står läsåret som slutar då."
)


def standing_remarks(opened: Exports, chosen: Filters) -> None:
    """Which remarks stand year after year, what was done, and did it have any effect?"""
    of = {"municipality_id": chosen.municipality_id, "year": chosen.year, "unit_ids": chosen.unit_ids}
    themes = findings.recurring_themes(opened, **of)
    told = told_years(opened, chosen)
    if themes.empty:
        say_missing(f"Inga påpekanden är registrerade för {chosen.subject(chosen.year)}.", "findings", told)
        return
    sentence = sentences.of_themes(themes)
    answer.say(md(sentence), "teman")
    years = findings.finding_years(opened, **of)
    order = {theme: position for position, theme in enumerate(themes["theme"])}
    years = years.sort_values("theme", key=lambda column: column.map(order), kind="stable")
    if news := of_news(themes, years):
        st.markdown(md(news))
    answer.draw(theme_matrix(years, told), f"{sentence} {in_years(themes)}", "teman")
    st.caption(LEGEND)
    line = answer.source_line(opened, [source for sources in themes["source_ids"] for source in sources])
    answer.twin(opened, chosen, answer.Twin("Teman år för år", year_rows(years), "teman-ar"), line)
    answer.question("Vad har gjorts, och gav det effekt?")
    remarks = findings.finding_list(opened, **of, kinds=["weakness"])
    answer.table(answer.Twin("Påpekanden, insatser och effekter", head_rows(themes, remarks), "teman"))
    answer.downloads(
        opened, chosen, answer.Twin("Påpekanden över åren", all_theme_rows(themes), "teman"), line
    )
    one_theme(opened, chosen, list(themes["theme"]), told)


def one_theme(opened: Exports, chosen: Filters, themes: list[str], told: list[int]) -> None:
    """One theme: where and when, and then each remark of its newest year from remark to effect."""
    answer.question("Vad vet vi om ett tema?")
    titles = {upper_first(theme): theme for theme in themes}
    filters.said_if_unknown("tema", list(titles), "det första temat")
    title = st.selectbox("Tema", list(titles), key="tema", bind="query-params")
    of = {"municipality_id": chosen.municipality_id, "year": chosen.year, "unit_ids": chosen.unit_ids}
    every = findings.finding_list(opened, **of, themes=[titles[title]], kinds=["weakness"])
    newest = every[every["year"] == every["year"].max()]
    answer.say(md(of_theme(title, newest)), "tema")
    places_of = findings.finding_years(opened, **of, by="unit")
    places_of = places_of[places_of["theme"] == titles[title]]
    if places_of["unit_name"].nunique() > 1:
        alt = "; ".join(
            f"{name} {years_in_words(rows['year'])}" for name, rows in places_of.groupby("unit_name")
        )
        answer.draw(theme_matrix(places_of, told, name="unit_name"), f"{title} år för år: {alt}", "tema-ar")
    for remark in as_records(newest):
        st.markdown("\n".join(chain(remark)))
    line = answer.source_line(opened, every["source_id"])
    shown = answer.Twin(f"Alla påpekanden om {title.lower()}", remark_rows(every), "tema")
    answer.twin(opened, chosen, shown, line, download=all_remarks(every, shown.title, "tema"))


def chain(remark: Mapping[str, Any]) -> list[str]:
    """One remark as Markdown: påpekande → beslut → åtgärd → effekt, and what is known of cause and next step."""
    where = upper_first(text(remark["unit_name"]))
    if remark["unit_name_then"] != remark["unit_name"]:
        where += f" (hette {remark['unit_name_then']})"
    return [
        f"**{md(where)}**, {remark['year']}, {in_a_row(int(remark['years_in_a_row']))}\n",
        f"- **Påpekande:** ”{md(remark['text'])}”",
        f"- **Beslut:** {md(remark['decision'], NO_DECISION)}",
        f"- **Åtgärd:** {md(action_of(remark))}",
        f"- **Effekt:** {md(effect_of(remark))}",
        f"- **Orsak:** {md(remark['cause'], NO_CAUSE)}",
        f"- **Nästa steg:** {md(step_of(remark))}",
    ]


def of_theme(title: str, newest: pd.DataFrame) -> str:
    """'Frånvaro påpekas 2026 på 2 ställen. För 1 finns en effekt redovisad, för 1 saknas orsak.'"""
    year, count = int(newest["year"].iloc[0]), len(newest)
    told = int(newest["effect"].notna().sum())
    caused = int(newest["cause"].notna().sum())
    if count == 1:
        effect = "En effekt är redovisad" if told else NO_EFFECT
        return f"{title} påpekas {year}. {effect}. {'Orsaken anges' if caused else NO_CAUSE}."
    return (
        f"{title} har {count} påpekanden {year}. Effekten är redovisad för {told or 'inget'} av dem, "
        f"orsaken anges för {caused or 'inget'}."
    )


def of_news(themes: pd.DataFrame, years: pd.DataFrame) -> str:
    """What the newest year brings beside the year before; empty when there is no earlier year."""
    newest = int(themes["newest_year"].max())
    earlier = years.loc[years["year"] < newest, "year"]
    if earlier.empty:
        return ""
    before = int(earlier.max())
    now = years[(years["year"] == newest) & (years["place_in_run"] == 1)]
    said = {
        f"Nytt i källorna {newest}": now[now["run_number"] == 1]["theme"],
        "Tillbaka efter ett uppehåll": now[now["run_number"] > 1]["theme"],
        f"Inte längre med sedan {before}": themes[themes["newest_year"] == before]["theme"],
    }
    parts = [
        f"{what}: {listed([str(theme).lower() for theme in found])}."
        for what, found in said.items()
        if len(found)
    ]
    return " ".join(parts or [f"Samma teman {newest} som {before}: inga nya och inga som har försvunnit."])


def told_years(opened: Exports, chosen: Filters) -> list[int]:
    """The years with any remark about the municipality, up to the chosen one."""
    found = places.years(opened, municipality_id=chosen.municipality_id)
    years = found.loc[found["subject"] == "findings", "year"]
    return sorted(int(year) for year in years if chosen.year is None or year <= chosen.year)


def in_years(themes: pd.DataFrame) -> str:
    """Each theme with its years, as text."""
    return "; ".join(f"{upper_first(row['theme'])} {standing(row)}" for row in as_records(themes))

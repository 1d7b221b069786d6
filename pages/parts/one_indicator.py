"""One indicator to the bottom: its years, all municipalities, girls and boys, own schools, what it means."""

from __future__ import annotations

from datetime import date

import pandas as pd
import streamlit as st

from pages.parts import answer, comparing, positions
from pages.parts.charts.indicator import break_notes, gender_lines, indicator_trend_of_others
from pages.parts.charts.one_year import municipality_strip, unit_dots
from pages.parts.empty import say_missing
from pages.parts.filters import Filters
from pages.parts.rows import as_records
from pages.parts.tables import gender_rows, history_of_indicator_rows, spread_rows, units_of_indicator_rows
from pages.parts.words import DIRECTIONS, counted, day, is_empty, listed, md, number, text, year_of
from queries import clock, comparison, places
from queries.connection import Exports


def one_indicator(opened: Exports, chosen: Filters) -> None:
    """Everything that is known of one indicator, each part with its own table and source."""
    indicator_id = comparing.choose_indicator(opened, chosen)
    if indicator_id is None:
        say_missing(f"Inga jämförbara värden finns för {chosen.subject(chosen.year)}.", "comparison")
        return
    about = places.indicators(opened).set_index("indicator_id").loc[indicator_id]
    of = {"municipality_id": chosen.municipality_id, "indicator_id": indicator_id}
    units = comparison.indicator_units(opened, **of, year=chosen.year)
    if indicator_id in comparing.unit_only_labels(opened, chosen).values():
        answer.question(text(about["title"]))
        st.markdown(
            f"Nyckeltalet har värden för skolor men inget som kan visas för {md(chosen.municipality)} som helhet."
        )
        own_schools(opened, chosen, about, units)
        meaning(about)
        return
    left, right = st.columns(2, vertical_alignment="bottom")
    with left:
        codes, _ = comparing.choose_others(opened, chosen, also_earlier=False)
    with right:
        gender = comparing.choose_gender()
    years(
        opened, chosen, about, comparison.indicator_history(opened, **of, compare_with=codes, gender=gender)
    )
    spread = comparison.indicator_spread(opened, **of, year=chosen.year, compare_with=codes, gender=gender)
    among_all(opened, chosen, about, spread)
    if bool(about["is_by_gender"]):
        by_gender(opened, chosen, about, comparison.indicator_genders(opened, **of))
    own_schools(opened, chosen, about, units)
    meaning(about)


def years(opened: Exports, chosen: Filters, about: pd.Series, history: pd.DataFrame) -> None:
    """How has it developed?"""
    answer.question(text(about["title"]))
    own = history[history["role"] == "own"]
    measured = own[own["value"].notna()]
    year = chosen.year or (int(measured["year"].max()) if len(measured) else None)
    if history.empty or year is None:
        say_missing(f"Inget värde finns för {chosen.subject(chosen.year)}.", "comparison")
        return
    sentence = positions.of_indicator(history, year)
    answer.say(md(sentence), "nyckeltal")
    ended = (
        f" Serien är avslutad i Kolada efter {int(about['ended_year'])}."
        if not is_empty(about["ended_year"])
        else ""
    )
    alt = f"{sentence} {history_in_words(measured)}"
    answer.draw(indicator_trend_of_others(history), alt, "nyckeltal-ar")
    if notes := break_notes(history):
        st.markdown("\n".join(f"- Brott i serien {md(told)}" for told in notes))
    if ended:
        st.markdown(f"**{ended.strip()}**")
    line = answer.source_line(opened, history["source_id"], is_own_work=_is_worked_out(history, chosen))
    answer.twin(
        opened,
        chosen,
        answer.Twin("Nyckeltalet år för år", history_of_indicator_rows(history), "nyckeltal-ar"),
        line,
    )


def among_all(opened: Exports, chosen: Filters, about: pd.Series, spread: pd.DataFrame) -> None:
    """Where among all municipalities?"""
    answer.question("Var ligger kommunen bland alla?")
    known = spread[spread["value"].notna()]
    if known.empty:
        say_missing(f"Ingen kommun har ett värde för {chosen.subject(chosen.year)}.", "comparison")
        return
    first = known.iloc[0]
    n = number(first["n"], 0)
    own = known[known["is_own"]]
    place = (
        f"{chosen.municipality} ligger på plats {positions.rank_of(own.iloc[0])}. "
        if len(own) and not is_empty(own.iloc[0]["rank"])
        else ""
    )
    when = year_of(first["year"], first["period"])
    sentence = f"{place}{n} kommuner har ett värde {when}."
    answer.say(md(sentence), "alla")
    if len(known) < int(first["n"]):
        st.markdown(
            f"Här finns {counted(len(known), 'kommuns värde', 'kommuners värden')} och spridningen för alla. Övriga punkter visas när Koladas "
            "värden har hämtats på sidan Data."
        )
    answer.draw(municipality_strip(spread), sentence, "nyckeltal-alla")
    missing = spread[spread["value"].isna()]
    if len(missing):
        reasons = missing["status"].map(lambda status: positions.reason_of({"status": status})).value_counts()
        said = listed(
            [f"{reason} för {counted(int(count), 'kommun', 'kommuner')}" for reason, count in reasons.items()]
        )
        st.markdown(f"Utan värde: {said}.")
    line = answer.source_line(
        opened, spread["source_id"], is_own_work=not chosen.is_invented, note=f"n = {n} kommuner."
    )
    answer.twin(
        opened,
        chosen,
        answer.Twin(f"Kommunerna {first['year']}", spread_rows(spread), "nyckeltal-alla"),
        line,
    )


def by_gender(opened: Exports, chosen: Filters, about: pd.Series, genders: pd.DataFrame) -> None:
    """Girls and boys."""
    if genders[genders["gender"] != "T"]["value"].isna().all():
        return
    answer.question("Skiljer sig flickor och pojkar?")
    sentence = of_genders(genders)
    answer.say(md(sentence), "kon")
    answer.draw(gender_lines(genders), sentence, "nyckeltal-kon")
    line = answer.source_line(opened, genders["source_id"])
    answer.twin(
        opened,
        chosen,
        answer.Twin("Flickor och pojkar år för år", gender_rows(genders), "nyckeltal-kon"),
        line,
    )


def of_genders(genders: pd.DataFrame) -> str:
    """'2019: flickor 85,1 %, pojkar 78,9 %.' The newest year with both, and what looks odd there is said."""
    wide = genders.pivot(index="year", columns="gender", values="value").astype(float)
    both = wide.dropna(subset=["K", "M"])
    if both.empty:
        return "Inget år har värden för både flickor och pojkar."
    year, now = int(both.index.max()), both.iloc[-1]
    row = genders[genders["year"] == year].iloc[0].to_dict()
    girls, boys = (positions.value_of({**row, "value": now[gender]}) for gender in ("K", "M"))
    said = f"{year_of(year, row['period'])}: flickor {girls}, pojkar {boys}."
    said = said[:1].upper() + said[1:]
    untold = [int(each) for each in both.index[both["T"].isna()]]
    outside = both.dropna(subset=["T"])
    odd = outside[
        (outside["T"] < outside[["K", "M"]].min(axis=1)) | (outside["T"] > outside[["K", "M"]].max(axis=1))
    ]
    if untold:
        said += f" Värdet för alla saknas i källan {listed([str(each) for each in untold])}."
    if len(odd):
        said += f" {listed([str(each) for each in odd.index])} ligger värdet för alla utanför båda, så som källan anger det."
    return said


def own_schools(opened: Exports, chosen: Filters, about: pd.Series, units: pd.DataFrame) -> None:
    """The own schools, where the indicator is told per school."""
    answer.question("Hur ser det ut på skolorna?")
    if units.empty:
        has = bool(about["has_unit_values"]) if not is_empty(about["has_unit_values"]) else True
        if has:
            say_missing(f"Inga värden per skola finns för nyckeltalet i {chosen.municipality}.", "outcomes")
        else:
            st.markdown("Kolada har inga värden per skola för det här nyckeltalet.")
        return
    shown = int(units["value"].notna().sum())
    year = year_of(units.iloc[0]["year"], units.iloc[0]["period"])
    sentence = f"{shown} av {counted(len(units), 'skola', 'skolor')} har ett värde som kan visas {year}."
    answer.say(md(sentence), "skolor")
    answer.draw(unit_dots(units), sentence, "nyckeltal-skolor")
    line = answer.source_line(opened, units["source_id"])
    answer.twin(
        opened,
        chosen,
        answer.Twin("Nyckeltalet per skola", units_of_indicator_rows(units), "nyckeltal-skolor"),
        line,
    )


def meaning(about: pd.Series) -> None:
    """Definition, whose pupils, direction, publisher and next publication."""
    answer.question("Vad betyder nyckeltalet?")
    st.markdown(md(about["definition"]))
    facts = [
        f"Avser: {md(about['population'])}.",
        f"Riktning: {DIRECTIONS[text(about['good_direction'], 'none')]}.",
        f"Källa: {md(about['source'])}, nyckeltal {about.name}.",
        publication(about, clock.today()),
    ]
    st.markdown("\n".join(f"- {fact}" for fact in facts if fact))


def publication(about: pd.Series, today: date) -> str:
    """When the next value is published by the publisher's own list; said when that day has passed."""
    if not is_empty(about["ended_year"]):
        return f"Serien är avslutad: sista året är {int(about['ended_year'])}."
    if is_empty(about["next_publication_date"]):
        return ""
    when = pd.Timestamp(about["next_publication_date"]).date()
    period = (
        f" (avser {md(about['publication_period'])})" if not is_empty(about["publication_period"]) else ""
    )
    early = (
        f" Preliminära värden: {day(about['preliminary_date'])}."
        if not is_empty(about["preliminary_date"])
        else ""
    )
    passed = " Dagen har passerat: hämta från Kolada på sidan Data för att se nästa." if when < today else ""
    return f"Nästa publicering enligt Kolada: {day(about['next_publication_date'])}{period}.{early}{passed}"


def history_in_words(measured: pd.DataFrame) -> str:
    """The own years as text."""
    return "; ".join(
        f"{year_of(row['year'], row['period'])} {positions.value_of(row)}" for row in as_records(measured)
    )


def _is_worked_out(history: pd.DataFrame, chosen: Filters) -> bool:
    return not chosen.is_invented and bool(
        (history["count_of_members"] > 1).any()
        or (history["choice_id"] == comparison.MEAN).any()
        or history["rank"].notna().any()
    )

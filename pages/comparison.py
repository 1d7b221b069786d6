"""Jämförelse: the municipality against others, and schools against each other, on one published scale."""

from __future__ import annotations

import streamlit as st

from pages.parts import answer, filters, sentences
from pages.parts.charts.comparison import position_list, spider
from pages.parts.empty import say_missing
from pages.parts.filters import Filters
from pages.parts.source import exports
from pages.parts.tables import comparison_rows, unit_comparison_rows
from pages.parts.words import is_empty, listed, md, number, text
from queries import comparison
from queries.connection import Exports

MOST_UNITS = 3
PARTS = ["Kommunen mot andra", "Skola mot skola"]
FIXED_CHOICES = {"medel": "Ovägt medel, alla kommuner", "ar-1": "Ett år tidigare", "ar-5": "Fem år tidigare"}
VIEWS = {"Spindel": spider, "Lista": position_list}
SCALE = (
    "Skalan är RKA:s: 0 är det värde som bara 2,5 procent av kommunerna ligger sämre än, 100 det som bara 2,5 procent "
    "ligger bättre än. Nyckeltal där lägre är bättre är vända. Läget mot andra säger inte om resultatet är bra eller "
    "dåligt i sig."
)


def choose_profile(opened: Exports, chosen: Filters) -> str:
    """The indicator profile, from those that have any value for the municipality."""
    found = comparison.profiles(opened, municipality_id=chosen.municipality_id)
    titles = dict(zip(found["profile_title"], found["profile_id"], strict=True))
    first = next((place for place, title in enumerate(titles) if titles[title] == "grundskola"), 0)
    filters.said_if_unknown("profil", list(titles), "grundskolans nyckeltal")
    return titles[st.selectbox("Nyckeltal", list(titles), index=first, key="profil", bind="query-params")]


def choose_other(opened: Exports, chosen: Filters) -> str:
    """Whom to compare with: a mean, a group, a municipality, or the municipality itself some years back."""
    found = comparison.comparison_choices(opened, municipality_id=chosen.municipality_id)
    titles = {title: code for code, title in FIXED_CHOICES.items()}
    titles |= dict(zip(found["title"], found["choice_id"], strict=True))
    filters.said_if_unknown("jamfor", list(titles), "ovägt medel")
    return titles[st.selectbox("Jämför med", list(titles), key="jamfor", bind="query-params")]


def choose_view() -> str:
    """Spider or list: the same values twice."""
    filters.said_if_unknown("vy", list(VIEWS), "spindeln")
    return st.segmented_control(
        "Visa som", list(VIEWS), default="Spindel", required=True, key="vy", bind="query-params"
    )


def against_others(opened: Exports, chosen: Filters) -> None:
    """The municipality, the country, the middle half of all municipalities and one comparison."""
    left, right, last = st.columns(3, vertical_alignment="bottom")
    with left:
        profile = choose_profile(opened, chosen)
    with right:
        other = choose_other(opened, chosen)
    with last:
        view = choose_view()
    values = comparison.spider_values(
        opened,
        municipality_id=chosen.municipality_id,
        year=chosen.year,
        profile_id=profile,
        compare_with=other,
    )
    own, compared = values[values["role"] == "own"], values[values["role"] == "comparison"]
    if own["value"].notna().sum() == 0:
        say_missing(f"Inga jämförbara värden finns för {chosen.subject(chosen.year)}.", "comparison")
        return
    other_name = next((text(name) for name in compared["place_name"] if not is_empty(name)), "jämförelsen")
    other_name = other_name.replace("Ovägt", "ovägt")
    sentence = f"{sentences.of_position(own)} {sentences.of_extremes(own, compared, other_name)}"
    answer.say(md(sentence), "lage")
    answer.draw(VIEWS[view](values), f"{sentence} {sentences.of_scaled(own)}", f"jamforelse-{view}")
    st.markdown(md(f"{SCALE} {sentences.of_population(own)}"))
    for gap in sentences.of_gaps(values):
        st.markdown(f"- {md(gap)}")
    note = (
        f"n = {number(own['n'].min(), 0)}–{number(own['n'].max(), 0)} kommuner."
        if own["n"].notna().any()
        else ""
    )
    line = answer.source_line(opened, values["source_id"], is_own_work=not chosen.is_invented, note=note)
    shown = answer.Twin("Jämförelse med andra kommuner", comparison_rows(values), "jamforelse")
    answer.twin(opened, chosen, shown, line)


def between_units(opened: Exports, chosen: Filters) -> None:
    """Up to three schools against each other and against the municipality."""
    profile = choose_profile(opened, chosen)
    units = comparison.comparable_units(opened, municipality_id=chosen.municipality_id, profile_id=profile)
    names = {name: unit_id for unit_id, name in chosen.units if unit_id in set(units["unit_id"])}
    picked = st.multiselect(
        "Skolor, högst tre",
        list(names),
        default=[chosen.unit] if chosen.unit in names else list(names)[:2],
        max_selections=MOST_UNITS,
        placeholder="Välj skolor",
        key="skolor",
        bind="query-params",
    )
    values = comparison.spider_units(
        opened,
        municipality_id=chosen.municipality_id,
        unit_ids=[names[name] for name in picked],
        year=chosen.year,
        profile_id=profile,
    )
    if not picked or values.empty or values["value"].notna().sum() == 0:
        say_missing(f"Inga värden per skola finns för valet {listed(picked) or 'utan skola'}.", "outcomes")
        return
    schools = values[values["role"] == "own"]
    shown_count = int(schools["value"].notna().sum())
    sentence = f"{shown_count} av {len(schools)} värden kan visas för {listed(picked)}."
    answer.say(md(sentence), "skolor")
    answer.draw(spider(values), f"{sentence} {sentences.of_scaled(schools)}", "jamforelse-skolor")
    st.markdown(md(f"Skolorna ligger på samma skala som landets kommuner. {SCALE}"))
    line = answer.source_line(opened, values["source_id"], is_own_work=not chosen.is_invented)
    shown = answer.Twin("Jämförelse mellan skolor", unit_comparison_rows(values), "jamforelse-skolor")
    answer.twin(opened, chosen, shown, line, is_open=True)


opened, chosen = exports(), filters.chosen()
answer.head("Jämförelse", chosen, chosen.year, None if chosen.year else "senaste värdet per nyckeltal")
filters.said_if_unknown("del", PARTS, "kommunen mot andra")
tabs = st.tabs(PARTS, key="del", bind="query-params")
if tabs[0].open:
    with tabs[0]:
        against_others(opened, chosen)
if tabs[1].open:
    with tabs[1]:
        between_units(opened, chosen)

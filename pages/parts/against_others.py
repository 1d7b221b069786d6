"""The municipality against others: the answer, then the same values as spider, list and table."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from pages.parts import answer, comparing, filters, positions
from pages.parts.charts.comparison import clicked_indicator, position_list, spider
from pages.parts.comparing import Compared
from pages.parts.empty import say_missing
from pages.parts.filters import Filters
from pages.parts.tables import all_comparison_rows, comparison_rows, spoke_rows
from pages.parts.words import md, number
from queries import comparison
from queries.connection import Exports

VIEWS = {"Spindel": spider, "Lista": position_list, "Tabell": None}
FEWEST_SPOKES = 3


def against_others(opened: Exports, chosen: Filters) -> None:
    """The municipality, its comparisons, its targets and the middle half of all municipalities."""
    left, right = st.columns(2, vertical_alignment="bottom")
    with left:
        profile, picks = comparing.choose_spokes(opened, chosen)
    with right:
        codes, names = comparing.choose_others(opened, chosen)
    view, compared = choose_how(codes, names)
    if not profile and len(picks) < FEWEST_SPOKES:
        st.markdown("Välj minst tre nyckeltal, så visas de här.")
        return
    values = comparison.spider_values(
        opened, municipality_id=chosen.municipality_id, year=chosen.year, profile_id=profile, indicator_ids=picks,
        compare_with=compared.codes, gender=compared.gender,
    )  # fmt: skip
    if values.loc[values["role"] == "own", "value"].notna().sum() == 0:
        say_missing(f"Inga jämförbara värden finns för {chosen.subject(chosen.year)}.", "comparison")
        return
    show(opened, chosen, values, view, compared)


def choose_how(codes: tuple[str, ...], names: tuple[str, ...]) -> tuple[str, Compared]:
    """Spider, list of dots or table; and, folded away since few need them, scale and gender."""
    filters.said_if_unknown("vy", list(VIEWS), "spindeln")
    view = st.segmented_control(
        "Visa som", list(VIEWS), default="Spindel", required=True, key="vy", bind="query-params"
    )
    with st.expander("Ändra skala eller visa flickor och pojkar för sig", key="hur"):
        scale, gender = comparing.choose_scale(), comparing.choose_gender()
    return view, Compared(codes, names, gender, scale)


def show(opened: Exports, chosen: Filters, values: pd.DataFrame, view: str, compared: Compared) -> None:
    """The answer, then the same values as figure and table."""
    own = values[values["role"] == "own"]
    sentence = positions.of_position(own)
    if compared.codes:
        first = values[values["choice_id"] == compared.codes[0]]
        sentence += f" {positions.of_extremes(own, first, comparing.in_a_sentence(compared.names[0]), compared.scale)}"
    answer.say(md(sentence), "lage")
    if VIEWS[view]:
        picture = VIEWS[view]
        if view == "Spindel" and own[positions.COLUMNS[compared.scale]].notna().sum() < FEWEST_SPOKES:
            picture = position_list
            st.markdown("Färre än tre nyckeltal kan placeras, och då blir det ingen spindel.")
        figure = picture(values, compared.scale)
        alt = f"{sentence} {positions.of_scaled(values, compared.scale)}"
        answer.draw(
            figure, alt, f"jamforelse-{view}", on_click=lambda event: dig(opened, chosen, event, values)
        )
        st.caption(
            "Tryck på en punkt för att se nyckeltalet år för år, alla kommuner, flickor och pojkar samt skolor."
        )
    notes(values, own, compared)
    placed = own["n"].dropna()
    note = f"n = {number(placed.min(), 0)}–{number(placed.max(), 0)} kommuner." if len(placed) else ""
    line = answer.source_line(opened, values["source_id"], is_own_work=not chosen.is_invented, note=note)
    shown = answer.Twin("Jämförelse med andra kommuner", comparison_rows(values), "jamforelse")
    everything = answer.Twin(shown.title, all_comparison_rows(values), "jamforelse")
    answer.twin(opened, chosen, shown, line, is_open=view == "Tabell", download=everything)


def notes(values: pd.DataFrame, own: pd.DataFrame, compared: Compared) -> None:
    """What the scale is, whom the figures cover, and why something is missing."""
    st.markdown(f"{compared.scale_in_words} {md(positions.of_population(own))}")
    if compared.scale == "rank" and unplaced(values):
        st.markdown("Medelvärden kan inte placeras på rangskalan: alla kommuners värden är inte hämtade.")
    if told := [*positions.of_gaps(values), *positions.of_ended(own)]:
        st.markdown("\n".join(f"- {md(said)}" for said in told))
    with st.expander("Nyckeltalens hela namn och vad de betyder", key="namn"):
        answer.table(answer.Twin("Nyckeltalen i figuren", spoke_rows(values), "namn"))


def unplaced(values: pd.DataFrame) -> bool:
    """Whether a comparison has values but no place on the rank scale."""
    valued = values[(values["role"] == "comparison") & (values["good_direction"] != "none")]
    return bool((valued["value"].notna() & valued["percentile"].isna() & valued["n"].notna()).any())


def dig(opened: Exports, chosen: Filters, event: object, values: pd.DataFrame) -> None:
    """Turn to the clicked indicator."""
    indicator_id = clicked_indicator(event, values)
    labels = {code: label for label, code in comparing.indicator_labels(opened, chosen).items()}
    if indicator_id in labels:
        filters.turn_to({"del": "Ett nyckeltal", "nyckeltal": labels[indicator_id]})

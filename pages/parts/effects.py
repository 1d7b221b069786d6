"""The effect ledger: done is not the end. What is told of the effect, and what the outcome has been since."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from pages.parts import answer, filters
from pages.parts.action_tables import all_effect_rows, effect_rows
from pages.parts.areas import in_area
from pages.parts.charts.actions import effect_bars
from pages.parts.empty import say_missing
from pages.parts.filters import Filters
from pages.parts.words import EFFECT_STATES, counted, day, listed, number
from queries.connection import Exports
from queries.effects import effect_ledger, no_change_band

ALL = "Alla"
SHOWN = {
    EFFECT_STATES[state].word: state for state in ("overdue", "untold", "told", "planned", "no_indicator")
}


def effects(opened: Exports, chosen: Filters, year: int) -> None:
    """What became of what is done?"""
    ledger = effect_ledger(
        opened, municipality_id=chosen.municipality_id, year=year, unit_ids=chosen.unit_ids
    )
    if ledger.empty:
        say_missing(f"Ingen åtgärd är klar eller ska utvärderas för {chosen.subject(year)}.", "actions")
        return
    sentence = of_effects(ledger)
    answer.say(sentence, "effekt")
    counts = counts_of(ledger)
    answer.draw(effect_bars(counts), sentence, "effekter")
    line = answer.source_line(opened, ledger["source_id"])
    shown = pd.DataFrame(
        {"Effekt": [EFFECT_STATES[state].shown for state in counts], "Åtgärder": list(counts.values())}
    )
    answer.twin(opened, chosen, answer.Twin(f"Åtgärder efter effekt {year}", shown, "effekter"), line)
    listing(opened, chosen, ledger, year)


def listing(opened: Exports, chosen: Filters, ledger: pd.DataFrame, year: int) -> None:
    """The ledger, all of it or those in one state."""
    answer.question("Vilken effekt hade åtgärderna?")
    band = no_change_band()
    st.markdown(
        "Utfallet sedan dess är indikatorns värde före åtgärden och det senaste efter. Det säger inte varför. "
        f"En ändring på högst {number(band['share_points'])} procentenheter, eller {number(band['percent'])} % för annat "
        "än procent, räknas som oförändrad."
    )
    labels = [ALL, *(word for word, state in SHOWN.items() if (ledger["effect_state"] == state).any())]
    ledger = in_area(opened, chosen, ledger)
    filters.said_if_unknown("effekt", labels, "alla")
    label = st.segmented_control(
        "Visa", labels, default=ALL, required=True, key="effekt", bind="query-params"
    )
    kept = ledger if label == ALL else ledger[ledger["effect_state"] == SHOWN[label]]
    answer.table(answer.Twin("Effekt", effect_rows(kept), "effektlista"))
    note = f"Förfallen är räknat mot senaste rapporten, {day(ledger.iloc[0]['told_date'])}."
    line = answer.source_line(opened, ledger["source_id"], note=note)
    answer.downloads(
        opened, chosen, answer.Twin(f"Effekt till och med {year}", all_effect_rows(ledger), "effekt"), line
    )


def counts_of(ledger: pd.DataFrame) -> dict[str, int]:
    """State of the effect → number of actions, in the order of the page."""
    return {state: int((ledger["effect_state"] == state).sum()) for state in EFFECT_STATES}


def of_effects(ledger: pd.DataFrame) -> str:
    """'För 13 av 119 klara åtgärder är effekten redovisad. 22 utvärderingar är förfallna, …'"""
    counts = counts_of(ledger)
    said = (
        f"Effekten är redovisad för {counts['told']} av {counted(len(ledger), 'åtgärd', 'åtgärder')} som är klara "
        "eller ska utvärderas."
    )
    words = {
        "overdue": f"{counted(counts['overdue'], 'utvärdering är förfallen', 'utvärderingar är förfallna')}",
        "untold": f"{counts['untold']} har en indikator men ingen redovisad effekt",
        "planned": f"{counts['planned']} ska utvärderas senare",
        "no_indicator": f"{counts['no_indicator']} saknar indikator",
    }
    rest = listed([word for state, word in words.items() if counts[state]])
    return f"{said} {rest[:1].upper()}{rest[1:]}." if rest else said

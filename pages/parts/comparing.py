"""What to compare and with whom: the choices of page Jämförelse, all of them in the link."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd
import streamlit as st

from pages.parts import filters
from pages.parts.filters import Filters
from pages.parts.rows import as_records
from pages.parts.words import text
from queries import comparison
from queries.connection import Exports

OWN_CHOICE = "Egna val"
MOST_SPOKES = 12
MOST_PLACES = 3
MEAN = "Ovägt medel, alla kommuner"
WEIGHTED = " (vägt medel)"
EARLIER = {comparison.A_YEAR_BACK: "Ett år tidigare", comparison.FIVE_YEARS_BACK: "Fem år tidigare"}
# Before the municipalities, which are many, come the country, groups and the own values of earlier years.
KINDS = ("country", "similar", "county", "own")
SCALES = {"RKA:s skala 0–100": "rka", "Rang bland kommunerna": "rank"}
SCALES_IN_WORDS = {
    "rka": "**Skalan är RKA:s, 0–100.** 0 är det värde som bara 2,5 procent av kommunerna ligger sämre än, 100 det som bara "
    "2,5 procent ligger bättre än.",
    "rank": "**Skalan är rangen bland kommunerna, 0–100.** 100 är bäst, 0 är sämst och kommuner med samma värde delar den bättre "
    "platsen. Ett medelvärde ligger där det skulle hamna bland kommunerna.",
}
CAVEAT = "Nyckeltal där lägre är bättre är vända. Läget mot andra säger inte om resultatet är bra eller dåligt i sig."
GENDERS = {"Alla": "T", "Flickor": "K", "Pojkar": "M"}


@dataclass(frozen=True)
class Compared:
    """Whom to compare with: codes in the order of the list, the name of each, and whose values."""

    codes: tuple[str, ...]
    names: tuple[str, ...]
    gender: str = "T"
    scale: str = "rka"

    @property
    def scale_in_words(self) -> str:
        """The name of the scale and what its ends are."""
        return f"{SCALES_IN_WORDS[self.scale]} {CAVEAT}"


def choose_spokes(opened: Exports, chosen: Filters) -> tuple[str, tuple[str, ...]]:
    """An indicator profile, or own picks from everything that has a value: the profile's code and the picks."""
    found = comparison.profiles(opened, municipality_id=chosen.municipality_id)
    titles = dict(zip(found["profile_title"], found["profile_id"], strict=True)) | {OWN_CHOICE: OWN_CHOICE}
    first = next((place for place, title in enumerate(titles) if titles[title] == "grundskola"), 0)
    filters.said_if_unknown("profil", list(titles), "grundskolans nyckeltal")
    profile = titles[st.selectbox("Nyckeltal", list(titles), index=first, key="profil", bind="query-params")]
    return (profile, ()) if profile != OWN_CHOICE else ("", _choose_own(opened, chosen))


def choose_profile(opened: Exports, chosen: Filters) -> str:
    """The indicator profile alone, for schools."""
    found = comparison.profiles(opened, municipality_id=chosen.municipality_id)
    titles = dict(zip(found["profile_title"], found["profile_id"], strict=True))
    first = next((place for place, title in enumerate(titles) if titles[title] == "grundskola"), 0)
    filters.said_if_unknown("profil", list(titles), "grundskolans nyckeltal")
    return titles[st.selectbox("Nyckeltal", list(titles), index=first, key="profil", bind="query-params")]


def choose_others(
    opened: Exports, chosen: Filters, *, also_earlier: bool = True
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """At most three of: means, groups, municipalities, and the own value some years back. Codes and names."""
    titles = others(opened, chosen, also_earlier=also_earlier)
    filters.keep_known("jamfor", list(titles))
    picked = st.multiselect(
        "Jämför med, högst tre",
        list(titles),
        default=[MEAN],
        max_selections=MOST_PLACES,
        placeholder="Välj vilka",
        key="jamfor",
        bind="query-params",
    )
    # In the order of the list: the same choice looks the same whichever was picked first.
    names = tuple(title for title in titles if title in picked)
    return tuple(titles[name] for name in names), names


def others(opened: Exports, chosen: Filters, *, also_earlier: bool = True) -> dict[str, str]:
    """Name on screen → code, of everything that the municipality can be compared with."""
    found = comparison.comparison_choices(opened, municipality_id=chosen.municipality_id)
    titles = {MEAN: comparison.MEAN}
    grouped = found["kind"].isin(KINDS)
    for row in as_records(found[grouped]):
        titles[text(row["title"]) + (WEIGHTED if row["kind"] == "country" else "")] = row["choice_id"]
    titles |= {name: code for code, name in EARLIER.items()} if also_earlier else {}
    single = found[~grouped]
    return titles | dict(zip(single["title"], single["choice_id"], strict=True))


def in_a_sentence(name: str) -> str:
    """A comparison's name as it stands inside a sentence; which group it is stands elsewhere on the page."""
    if name == MEAN:
        return "kommunernas medel"
    if name.startswith("Liknande kommuner"):
        return "liknande kommuner"
    return name.removesuffix(WEIGHTED).replace("Riket", "riket")


def choose_gender() -> str:
    """All, girls or boys."""
    filters.said_if_unknown("kon", list(GENDERS), "alla")
    label = st.segmented_control(
        "Kön", list(GENDERS), default="Alla", required=True, key="kon", bind="query-params"
    )
    return GENDERS[label]


def choose_scale() -> str:
    """RKA's recipe or rank."""
    filters.said_if_unknown("skala", list(SCALES), "RKA:s skala")
    label = st.segmented_control(
        "Skala", list(SCALES), default=next(iter(SCALES)), required=True, key="skala", bind="query-params"
    )
    return SCALES[label]


def choose_indicator(opened: Exports, chosen: Filters) -> str | None:
    """One indicator of those that have a value for the municipality or, last, for its units; None where there is none."""
    labels = indicator_labels(opened, chosen) | unit_only_labels(opened, chosen)
    if not labels:
        return None
    filters.said_if_unknown("nyckeltal", list(labels), "det första nyckeltalet")
    return labels[st.selectbox("Nyckeltal", list(labels), key="nyckeltal", bind="query-params")]


def indicator_labels(opened: Exports, chosen: Filters) -> dict[str, str]:
    """Label as in links → id."""
    return _labels(comparison.comparable_indicators(opened, municipality_id=chosen.municipality_id))


def unit_only_labels(opened: Exports, chosen: Filters) -> dict[str, str]:
    """The same of indicators that only the municipality's units have."""
    return _labels(comparison.unit_only_indicators(opened, municipality_id=chosen.municipality_id))


def _labels(found: pd.DataFrame) -> dict[str, str]:
    return {
        f"{text(row.title)} ({row.indicator_id})": row.indicator_id for row in found.itertuples(index=False)
    }


def _choose_own(opened: Exports, chosen: Filters) -> tuple[str, ...]:
    labels = indicator_labels(opened, chosen)
    filters.keep_known("valda", list(labels))
    picked = st.multiselect(
        "Välj nyckeltal, minst tre och högst tolv",
        list(labels),
        max_selections=MOST_SPOKES,
        placeholder="Sök på ord i namnet",
        key="valda",
        bind="query-params",
    )
    return tuple(labels[label] for label in picked)

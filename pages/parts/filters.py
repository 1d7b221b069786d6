"""Kommun, skola and år: URL ↔ widgets ↔ one frozen value. The only place that touches session state.

The link carries what the reader sees: ?kommun=Ekerö&skola=Munsö skola&ar=2020. Codes and former school names are
understood too. "Senaste" is a choice of its own and leaves the link, so a link to a year keeps its meaning.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd
import streamlit as st

from pages.parts.words import listed
from queries import places
from queries.connection import Exports, settings

ALL_UNITS = "Alla skolor"
NEWEST = "Senaste"
KEPT = "chosen_filters"


@dataclass(frozen=True)
class Filters:
    """What the reader has chosen. unit_id and year are None for all schools and for the newest year."""

    municipality_id: str
    municipality: str
    committee: str | None
    is_invented: bool
    unit_id: str | None
    unit: str | None
    year: int | None
    units: tuple[tuple[str, str], ...]

    @property
    def unit_ids(self) -> list[str]:
        """The chosen unit as the list that questions take; empty means all."""
        return [self.unit_id] if self.unit_id else []

    def subject(self, year: int | None) -> str:
        """Whom a sentence is about: 'Ekerö 2020'."""
        return f"{self.unit or self.municipality} {year}" if year else self.unit or self.municipality

    def in_words(self, shown_year: int | None, period: str | None = None) -> str:
        """'Ekerö · alla skolor · 2020 (senaste)'."""
        year = period or (str(shown_year) if shown_year else "senaste")
        newest = f"{year} (senaste)" if self.year is None and shown_year else year
        return f"{self.municipality} · {self.unit or ALL_UNITS.lower()} · {newest}"


def draw(exports: Exports) -> Filters:
    """Draw the filters in the sidebar and keep the choice for the page. Says so when a link's value is unknown."""
    municipalities = places.municipalities(exports)
    by_name = municipalities.set_index("name")
    names = list(municipalities["name"])
    by_code = dict(zip(municipalities["municipality_id"], names, strict=True))
    start = by_code.get(settings()["start"]["municipality_id"], names[0])
    _understand("kommun", names, by_code, "en kommun här", start)
    with st.sidebar:
        name = st.selectbox("Kommun", names, index=names.index(start), key="kommun", bind="query-params")
    chosen = by_name.loc[name]
    units = places.units(exports, municipality_id=chosen["municipality_id"])
    labels = _labels(units)
    unit_choices = [ALL_UNITS, *labels.values()]
    _understand("skola", unit_choices, _other_names(units, labels), f"en skola i {name}", ALL_UNITS)
    found = places.years(exports, municipality_id=chosen["municipality_id"])
    year_choices = [NEWEST, *(str(year) for year in sorted(found["year"].unique(), reverse=True))]
    _understand("ar", year_choices, {NEWEST.lower(): NEWEST}, f"ett år med uppgifter för {name}", NEWEST)
    with st.sidebar:
        unit = st.selectbox(
            "Skola eller förskola", unit_choices, key="skola", bind="query-params", disabled=not labels
        )
        year = st.selectbox("År", year_choices, key="ar", bind="query-params")
    unit_id = next((code for code, label in labels.items() if label == unit), None)
    kept = Filters(
        municipality_id=chosen["municipality_id"],
        municipality=name,
        committee=chosen["committee"] if isinstance(chosen["committee"], str) else None,
        is_invented=bool(chosen["is_invented"]),
        unit_id=unit_id,
        unit=unit if unit_id else None,
        year=None if year == NEWEST else int(year),
        units=tuple(labels.items()),
    )
    st.session_state[KEPT] = kept
    return kept


def chosen() -> Filters:
    """What the frame's filters say, for the page that is drawn now."""
    return st.session_state[KEPT]


def _labels(units: pd.DataFrame) -> dict[str, str]:
    # Two units may share a name: the code then tells them apart.
    shared = units["name"].duplicated(keep=False)
    labels = units["name"].where(~shared, units["name"] + " (" + units["unit_id"] + ")")
    return dict(zip(units["unit_id"], labels, strict=True))


def _other_names(units: pd.DataFrame, labels: dict[str, str]) -> dict[str, str]:
    others = dict(labels)
    for unit in units.dropna(subset=["former_names"]).itertuples(index=False):
        for former in unit.former_names.split(", "):
            others[former.rsplit(" (", 1)[0]] = labels[unit.unit_id]
    return others


def _understand(key: str, choices: list[str], other_names: dict[str, str], kind: str, instead: str) -> None:
    """Take a code or an old name for what it means now, and announce what cannot be understood.

    A value in the session comes from a widget; one in the URL alone comes from a link.
    """
    linked = st.query_params.get(key)
    kept = st.session_state.get(key)
    asked = linked if kept is None else kept
    if asked is None or asked in choices:
        return
    if asked in other_names:
        st.session_state[key] = other_names[asked]
        return
    st.session_state[key] = instead
    shown = asked if len(asked) <= 60 else asked[:59] + "…"
    st.session_state.setdefault("announced", []).append((kind, shown, instead))


def announce() -> None:
    """Say, above the page, which values of the link or of the last choice could not be kept."""
    unknown = st.session_state.pop("announced", [])
    if unknown:
        said = [f"”{value}” är inte {kind}" for kind, value, _ in unknown]
        spoken = {ALL_UNITS: "alla skolor", NEWEST: "det senaste året"}
        shown = listed([spoken.get(instead, instead) for *_, instead in unknown])
        with st.container(key="announcement"):
            st.text(f"Allt i länken känns inte igen: {listed(said)}. Sidan visar i stället {shown}.")


def said_if_unknown(key: str, choices: Sequence[str], instead: str) -> None:
    """Announce a page's own choice, from a link or kept from before, that is not among the choices here."""
    asked = st.session_state.get(key, st.query_params.get(key))
    if asked is None or asked in choices:
        return
    shown = asked if len(asked) <= 60 else asked[:59] + "…"
    with st.container(key=f"announcement-{key}"):
        st.text(f"”{shown}” finns inte att välja här. Sidan visar i stället {instead}.")

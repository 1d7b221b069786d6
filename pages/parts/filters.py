"""Kommun, skola and år: URL ↔ widgets ↔ one frozen value. Only version.py and handing_in.py also touch session state.

The link carries what the reader sees: ?kommun=Ekerö&skola=Munsö skola&ar=2020. "Senaste" is a choice of its own and leaves the link, so a link to a year keeps its meaning.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import streamlit as st

from pages.parts import access
from pages.parts.links import labels_of
from pages.parts.words import listed
from queries import places
from queries.connection import Exports

ALL_UNITS = "Alla skolor"
NEWEST = "Senaste"
KEPT = "chosen_filters"
FIRST = "page:oversikt"
SHOWN = "shown_page"


@dataclass(frozen=True)
class Filters:
    """What the reader has chosen. unit_id and year are None for all schools and for the newest year.

    area and its units are set where an answer is about an area, as at a dialogue meeting; a chosen unit goes before it.
    """

    municipality_id: str
    municipality: str
    committee: str | None
    is_invented: bool
    unit_id: str | None
    unit: str | None
    year: int | None
    units: tuple[tuple[str, str], ...]
    area: str | None = None
    area_unit_ids: tuple[str, ...] = ()

    @property
    def unit_ids(self) -> list[str]:
        """The chosen unit, or those of the area, as the list that questions take; empty means all."""
        return [self.unit_id] if self.unit_id else list(self.area_unit_ids)

    @property
    def whom(self) -> str:
        """Whom the answer is about: the unit, the area or the municipality."""
        return self.unit or self.area or self.municipality

    def subject(self, year: int | None) -> str:
        """Whom a sentence is about: 'Ekerö 2020'."""
        return f"{self.whom} {year}" if year else self.whom

    def in_words(self, shown_year: int | None, period: str | None = None) -> str:
        """'Ekerö · alla skolor · 2020 (senaste)'."""
        year = period or (str(shown_year) if shown_year else "senaste")
        newest = f"{year} (senaste)" if self.year is None and shown_year else year
        return f"{self.municipality} · {self.unit or self.area or ALL_UNITS.lower()} · {newest}"


def follow_link(path: str) -> None:
    """Take the choices of a link within the site that leads to another page: the session would keep those from before.

    path is that of the page that is shown now.
    """
    came_from, st.session_state[SHOWN] = st.session_state.get(SHOWN), path
    if came_from in (None, path):
        return
    for key in ("kommun", "skola", "ar"):
        if key in st.query_params and key in st.session_state:
            st.session_state[key] = st.query_params[key]


def municipalities(exports: Exports, what: str) -> list[str]:
    """The codes of the municipalities in which this visit may see a page, in the order of their names.

    Pages that are everybody's have no numbers of a municipality: with them the choice stands as on the first page.
    """
    every = list(places.municipalities(exports)["municipality_id"])
    return access.permitted_municipalities(FIRST if access.ANONYMOUS.may(what) else what, every)


def draw(exports: Exports, offered: Sequence[str]) -> Filters:
    """Draw the filters in the sidebar and keep the choice for the page. Says so when a link's value is unknown.

    offered: the codes of the municipalities to choose among.
    """
    found = places.municipalities(exports)
    found = found[found["municipality_id"].isin(list(offered))]
    by_name = found.set_index("name")
    names = list(found["name"])
    first = places.start_municipality(exports)
    start = names[list(found["municipality_id"]).index(first if first in offered else offered[0])]
    # Whether the place exists is not told to whoever may not see it.
    is_part = len(offered) < len(places.municipalities(exports))
    _understand("kommun", names, f"en kommun {'som du har behörighet till' if is_part else 'här'}", start)
    with st.sidebar:
        name = st.selectbox("Kommun", names, index=names.index(start), key="kommun", bind="query-params")
    chosen = by_name.loc[name]
    units = places.units(exports, municipality_id=chosen["municipality_id"])
    labels = labels_of(units)
    unit_choices = [ALL_UNITS, *labels.values()]
    _understand("skola", unit_choices, f"en skola i {name}", ALL_UNITS)
    years = places.years(exports, municipality_id=chosen["municipality_id"])["year"].unique()
    year_choices = [NEWEST, *(str(year) for year in sorted(years, reverse=True))]
    _understand("ar", year_choices, f"ett år med uppgifter för {name}", NEWEST)
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


def _understand(key: str, choices: list[str], kind: str, instead: str) -> None:
    """Announce a value that is not among the choices, and take another in its place.

    A value in the session comes from a widget; one in the URL alone comes from a link, which links.py has already
    brought up to date.
    """
    asked = st.session_state.get(key, st.query_params.get(key))
    if asked is None or asked in choices:
        return
    st.session_state[key] = instead
    st.session_state.setdefault("announced", []).append((kind, shortened(asked), instead))


def shortened(asked: str) -> str:
    """What a link asks for, short enough to repeat."""
    return asked if len(asked) <= 60 else asked[:59] + "…"


def announce() -> None:
    """Say, above the page, which values of the link or of the last choice could not be kept."""
    unknown = st.session_state.pop("announced", [])
    if unknown:
        said = [f"”{value}” är inte {kind}" for kind, value, _ in unknown]
        spoken = {ALL_UNITS: "alla skolor", NEWEST: "det senaste året"}
        shown = listed([spoken.get(instead, instead) for *_, instead in unknown])
        with st.container(key="announcement"):
            st.text(f"Allt i länken känns inte igen: {listed(said)}. Sidan visar i stället {shown}.")


def clicks_on(key: str) -> object:
    """What was clicked in a figure, as Streamlit tells it."""
    return st.session_state.get(key)


def turn_to(choices: Mapping[str, str]) -> None:
    """Make choices for the reader, as if they had been made in the widgets. Only from a callback.

    What a widget that has not been drawn yet is given in the session would be shown and never stand in the link.
    """
    for key, value in choices.items():
        if key not in st.session_state:
            st.query_params[key] = value
        st.session_state[key] = value


def keep_known(key: str, choices: Sequence[str], reasons: Mapping[str, str] | None = None) -> None:
    """Drop what a choice of several holds that cannot be chosen here, and say so. With nothing left, the default holds.

    reasons: why something that exists is not among the choices, as '”X” är inte …'.
    """
    asked = st.session_state.get(key, st.query_params.get_all(key))
    unknown = [each for each in asked if each not in choices]
    if not unknown:
        return
    if kept := [each for each in asked if each in choices]:
        st.session_state[key] = kept
    else:
        st.session_state.pop(key, None)
    with st.container(key=f"announcement-{key}"):
        for each in unknown:
            why = (reasons or {}).get(each)
            if why:
                st.text(f"”{shortened(each)}” {why}. Den är borttagen ur valet.")
        said = listed([f"”{shortened(each)}”" for each in unknown if each not in (reasons or {})])
        if said:
            st.text(f"{said} finns inte att välja här och är borttaget ur valet.")


def said_if_unknown(key: str, choices: Sequence[str], instead: str) -> None:
    """Announce a page's own choice, from a link or kept from before, that is not among the choices here.

    Two pages may call different choices the same: what the session alone still holds is of the page that was left.
    """
    asked = st.session_state.get(key, st.query_params.get(key))
    if asked is None or asked in choices or key not in st.query_params:
        return
    with st.container(key=f"announcement-{key}"):
        st.text(f"”{shortened(asked)}” finns inte att välja här. Sidan visar i stället {instead}.")

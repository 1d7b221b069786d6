"""The log of who did what: whether it is whole, its events, and all of them as a file."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pandas as pd
import streamlit as st

from pages.parts import access, answer, export, filters, handing_out
from pages.parts.access.asking import DOINGS
from pages.parts.source import store
from pages.parts.words import EVENTS, counted, md, number
from queries import audit, clock
from queries.audit import Entry, State

AUDIT, ALL = "audit", "Alla"
SHOWN = 100
# What is fetched is told by the name of the file.
FILES = tuple(f"{what}:" for what in (AUDIT, handing_out.DOWNLOAD, handing_out.PACK, handing_out.FINDINGS))
CSV, XLSX = "text/csv", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
SEPARATE_HASH = (
    "Kvitto på den senaste händelsen: {hash}. Skriv upp det på ett annat ställe då och då. "
    "Står det kvar i filen senare har inga händelser före det tagits bort eller ändrats."
)


def log() -> None:
    """Whether the log is whole, its newest events of one kind or all, and a download with all of them."""
    permit = access.demand(AUDIT)
    state = audit.state(store())
    answer.say(md(state_sentence(state)), "logg")
    if not state.newest:
        return
    choices = [ALL, *EVENTS.values()]
    filters.said_if_unknown("handelse", choices, "alla händelser")
    chosen = st.selectbox("Händelse", choices, key="handelse", bind="query-params")
    kinds = [kind for kind, word in EVENTS.items() if word == chosen]

    def entries(at_most: int | None = None) -> list[Entry]:
        return audit.events(store(), kinds=kinds, municipality_ids=permit.municipality_ids, at_most=at_most)

    newest = entries(SHOWN)
    if newest:
        answer.table(answer.Twin("Händelser", event_rows(newest), "logg"))
    else:
        st.markdown("Inga sådana händelser finns i loggen.")
    if len(newest) == SHOWN:
        st.caption(f"De {SHOWN} senaste. Filerna nedan har alla.")
    downloads(entries, state)
    st.caption(SEPARATE_HASH.format(hash=state.hash[:16]))


def state_sentence(state: State) -> str:
    """'Loggen är hel: 12 händelser.'"""
    if state.fault:
        return f"Loggen har ändrats i efterhand. {state.fault}"
    if not state.newest:
        return "Loggen är tom: ingenting har antecknats än."
    count = state.newest - state.first + 1
    told = [f"Loggen är hel: {number(count, 0)} {'händelse' if count == 1 else 'händelser'}."]
    if state.first > 1:
        told.append(f"De {number(state.first - 1, 0)} första finns inte kvar.")
    if state.broken_off:
        told.append(
            f"{counted(state.broken_off, 'rad', 'rader')} skrevs aldrig färdigt, när servern avbröts mitt i."
        )
    return " ".join(told)


def event_rows(entries: Sequence[Entry]) -> pd.DataFrame:
    """Events as a table: one row an event."""
    return pd.DataFrame(
        {
            "Nr": [str(entry.number) for entry in entries],
            "När": [clock.swedish_time(entry.at) for entry in entries],
            "Händelse": [EVENTS.get(entry.event.kind, entry.event.kind) for entry in entries],
            "Roll": [entry.event.role or "–" for entry in entries],
            "Vem": [entry.event.pseudonym or "–" for entry in entries],
            "Vad": [what_in_words(entry.event.what) for entry in entries],
            "Kommun": [entry.event.municipality_id or "–" for entry in entries],
            "Version": [
                "–" if entry.event.version is None else str(entry.event.version) for entry in entries
            ],
        }
    )


def what_in_words(what: str) -> str:
    """'publish' → 'publicera', 'download:mal.csv' → 'mal.csv'; what has no words stays as it is."""
    is_file = what.startswith(FILES)
    return what.partition(":")[2] if is_file else DOINGS.get(what, what or "–")


def downloads(entries: Callable[[], list[Entry]], state: State) -> None:
    """All events as CSV and XLSX, each with its moment in UTC and its hash; made when somebody asks for them."""

    def rows() -> pd.DataFrame:
        found = entries()
        in_utc = {"Tid (UTC)": [entry.at for entry in found], "Hash": [entry.hash for entry in found]}
        return event_rows(found).assign(**in_utc)

    about = ["Logg över vem som har gjort vad", state_sentence(state)]
    made: dict[str, tuple[str, Callable[[], bytes]]] = {
        "CSV": (CSV, lambda: export.as_csv(rows(), about)),
        "XLSX": (XLSX, lambda: export.as_xlsx(rows(), about)),
    }
    with st.container(horizontal=True, key="hamta-logg"):
        for kind, (mime, content) in made.items():
            handing_out.offer(
                f"Hämta {kind}",
                content,
                file_name=f"logg.{kind.lower()}",
                mime=mime,
                key=f"hamta-{kind}-logg",
                what=AUDIT,
            )

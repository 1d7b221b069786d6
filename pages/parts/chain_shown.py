"""Styrkedjan: what hangs under what, where the chain breaks and who should deliver, and the planned path."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import streamlit as st

from pages.parts import answer, chain_tables, filters
from pages.parts.charts.chain import chain_boxes
from pages.parts.empty import say_missing
from pages.parts.filters import Filters
from pages.parts.rows import as_records
from pages.parts.words import LEVELS, md, text
from queries import chain
from queries.connection import Exports

WHOLE = "Alla mål"


def steering_chain(opened: Exports, chosen: Filters, year: int | None) -> None:
    """The chain of a year, whole or one goal's branch; what is missing in it; its planned path."""
    asked = {"municipality_id": chosen.municipality_id, "year": year, "unit_id": chosen.unit_id}
    links = chain.steering_chain(opened, **asked) if year else pd.DataFrame()
    if links.empty:
        say_missing(f"Inga mål eller åtgärder finns för {chosen.subject(year)}.", "goals")
        return
    branches = _branches(links)
    filters.said_if_unknown("gren", list(branches), WHOLE.lower())
    name = st.selectbox("Visa grenen under", list(branches), key="gren", bind="query-params")
    node_id = branches[name]
    shown = chain_tables.branch_of(links, node_id) if node_id else links
    goal_ids = set(shown["goal_id"].dropna()) if node_id else None
    _picture(opened, chosen, shown, year, name if node_id else None)
    _breaks(opened, chosen, year, goal_ids)
    _path(opened, chosen, year, goal_ids)


def _branches(links: pd.DataFrame) -> dict[str, str | None]:
    """What can be chosen → its place in the chain: each council goal, and under it its goals. None for the whole."""
    goals = links[links["level"].isin(["council", "committee"]) & (links["state"] != "missing")]
    found: dict[str, str | None] = {WHOLE: None}
    for goal in as_records(goals):
        # The same goal name may stand under two perspectives.
        name = text(goal["name"])
        found[name if name not in found else f"{name} ({goal['goal_id']})"] = goal["node_id"]
    return found


def _picture(opened: Exports, chosen: Filters, links: pd.DataFrame, year: int, branch: str | None) -> None:
    answer.question("Hur hänger mål, indikatorer och åtgärder ihop?")
    top, is_whole = branch or chosen.subject(year), branch is None
    sentence = f"{md(top)}: {chain_tables.of_chain(links)}."
    answer.say(sentence, "kedja")
    count = int((links["state"] == "missing").sum())
    answer.draw(
        chain_boxes(links, top, is_whole=is_whole),
        f"Styrkedjan under {top}, ruta för ruta från vänster till höger. {chain_tables.of_chain(links)}; {count} led saknas.",
        "kedja",
    )
    st.caption(
        "Klicka på en ruta för att se vad som hänger under den, och på rutan längst till vänster för att gå tillbaka. "
        "En tom ruta med ram och utropstecken är ett led som saknas."
    )
    line = answer.source_line(opened, links["source_id"])
    whole = answer.Twin(f"Styrkedjan {year}", chain_tables.chain_rows(links), "kedja")
    # The figures of every school in every branch would drown the goals on screen; a branch has them.
    rows = whole.rows[whole.rows["Led"] != LEVELS["unit"]] if is_whole else whole.rows
    answer.twin(opened, chosen, replace(whole, rows=rows), line, download=whole)


def _breaks(opened: Exports, chosen: Filters, year: int, goal_ids: set[str] | None) -> None:
    answer.question("Var bryts kedjan, och vem ska leverera?")
    found = chain.broken_links(
        opened, municipality_id=chosen.municipality_id, year=year, unit_id=chosen.unit_id
    )
    if goal_ids is not None:
        found = found[found["goal_id"].isin(goal_ids)]
    answer.say(chain_tables.of_breaks(found), "brott")
    if found.empty:
        return
    shown = answer.Twin(f"Brutna länkar {year}", chain_tables.break_rows(found), "brott")
    answer.table(shown)
    line = answer.source_line(opened, found["source_id"])
    answer.downloads(opened, chosen, shown, line)


def _path(opened: Exports, chosen: Filters, year: int, goal_ids: set[str] | None) -> None:
    answer.question("Följer utfallet den planerade takten?")
    found = chain.planned_path(
        opened, municipality_id=chosen.municipality_id, year=year, unit_id=chosen.unit_id
    )
    if goal_ids is not None:
        found = found[[bool(goal_ids & set(() if each is None else each)) for each in found["goal_ids"]]]
    if found.empty:
        st.markdown(
            f"Inga målvärden är beslutade för {md(chosen.subject(year))} och åren efter. Exporten *målvärden* fyller den här delen."
        )
        return
    answer.say(chain_tables.of_path(found), "takt")
    behind = chain_tables.path_rows(found[found["standing"] == "behind"], year)
    if len(behind):
        answer.table(answer.Twin("Efter den planerade takten", behind, "efter-takt"))
    line = answer.source_line(opened, found["source_id"])
    shown = answer.Twin(f"Planerad takt {year}", chain_tables.path_rows(found, year), "takt")
    whole = replace(shown, rows=chain_tables.all_path_rows(found, year))
    answer.twin(opened, chosen, shown, line, download=whole)

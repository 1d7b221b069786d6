"""One school in pictures: numbered small charts in the order of its school form, and what the reader needs to read them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

import pandas as pd
import streamlit as st

from pages.parts import answer
from pages.parts.filters import Filters
from pages.parts.pieces import Section
from pages.parts.rows import as_records
from pages.parts.school_lists import lists
from pages.parts.school_pieces import breaks, missing, school_pieces, school_summary_piece
from pages.parts.words import SCHOOL_FORMS, is_empty, md, text
from queries import places, schools
from queries.connection import Exports

A_ROW = 4


def school_charts(opened: Exports, chosen: Filters) -> None:
    """The chosen school on two screens: who it is, its charts, all of it as a table, and its goals, actions and remarks."""
    sections = school_pieces(opened, chosen)
    summary = school_summary_piece(opened, chosen)
    answer.say(md(f"{who(opened, chosen)} {summary.sentence if sections else missing(chosen)}"), "skola")
    for told in life(opened, chosen):
        st.markdown(md(told))
    if sections:
        st.caption(md(f"Hel linje: {chosen.whom}. Streckad linje: kommunen. Glest streckad linje: målet."))
        small_charts(sections)
        if told := breaks(sections):
            st.markdown("\n".join(f"- {md(line)}" for line in told))
        with st.expander("Visa som tabell: alla mått, det senaste värdet", key="tabell-skola-i-tal"):
            answer.table(answer.Twin(summary.question, summary.rows, summary.key))
            whole = answer.Twin(summary.question, summary.download, summary.key)
            answer.downloads(opened, chosen, whole, summary.source)
            st.caption(md(summary.source))
    lists(opened, chosen)


def who(opened: Exports, chosen: Filters) -> str:
    """'Grundskola i området Norra.'"""
    units = places.units(opened, municipality_id=chosen.municipality_id).set_index("unit_id")
    unit = units.loc[chosen.unit_id]
    area = "" if is_empty(unit["area"]) else f" i området {unit['area']}"
    return f"{SCHOOL_FORMS[unit['school_form']]}{area}."


def life(opened: Exports, chosen: Filters) -> list[str]:
    """Former names and codes, and schools that went into each other, a sentence each."""
    found = schools.school_lives(opened, municipality_id=chosen.municipality_id, unit_ids=[chosen.unit_id])
    return [_told(row) for row in as_records(found)]


def small_charts(sections: Iterable[Section]) -> None:
    """The sections beside and below each other, four charts in a row where there is room."""
    for number, row in enumerate(in_rows(sections)):
        widths = [len(section.pieces) for section in row]
        spare = [A_ROW - sum(widths)] if sum(widths) < A_ROW else []
        with st.container(key=f"smabilder-{number}"):
            for place, section in zip(st.columns(widths + spare), row, strict=False):
                with place:
                    st.subheader(section.title, anchor=False)
                    for cell, piece in zip(st.columns(len(section.pieces)), section.pieces, strict=True):
                        with cell:
                            answer.small_piece(piece)


def in_rows(sections: Iterable[Section], most: int = A_ROW) -> list[list[Section]]:
    """The sections in rows of at most four charts, in order. A longer section goes on in the next row."""
    rows: list[list[Section]] = []
    for section in sections:
        for part in _parts(section, most):
            room = most - sum(len(each.pieces) for each in rows[-1]) if rows else 0
            if len(part.pieces) <= room:
                rows[-1].append(part)
            else:
                rows.append([part])
    return rows


def _parts(section: Section, most: int) -> Sequence[Section]:
    starts = range(0, len(section.pieces), most)
    return [
        replace(
            section,
            title=section.title if not start else f"{section.title}, fortsättning",
            pieces=section.pieces[start : start + most],
        )
        for start in starts
    ]


def _told(row: dict[str, object]) -> str:
    year = text(None) if pd.isna(row["year"]) else str(int(row["year"]))
    other = text(row["other_name"], "")
    match row["kind"]:
        case "renamed":
            return f"Hette {row['former_name']} till och med {year}. Koden är densamma, så åren hänger ihop."
        case "new_code":
            return f"Hade till och med {year} en annan kod ({row['other_id']}, {other}). Åren före visas här."
        case "took_over":
            return f"Tog över elever från {other}, som stängde {year}. Värden därefter gäller båda."
    went = f" Eleverna gick till {other}." if other else " Vart eleverna gick framgår inte av uppgifterna."
    return f"Stängde {year}.{went}"

"""What a search finds, as readers meet it: where each thing is shown, what is told of it, and the words that were met."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from pages.parts.agreed import meeting_name
from pages.parts.filters import ALL_UNITS, Filters
from pages.parts.links import indicator_label
from pages.parts.words import (
    FINDING_KINDS,
    HITS,
    ITEM_KINDS,
    MEETINGS,
    SCHOOL_FORMS,
    counted,
    day,
    is_empty,
    listed,
    md,
    text,
    upper_first,
    years_in_words,
)
from queries.search import WORD, forms_of

Place = tuple[str, dict[str, str]]
# Characters of what is told of a thing, around the first word that was met.
SHOWN, BEFORE = 160, 40
# The other registers hold all years up to the chosen one; these lists are of one year, the newest of these subjects.
SHOWN_BY_YEAR = {"goal": ("goals", "verdicts"), "action": ("actions",), "finding": ("findings",)}
KIND_WORDS = {"finding": FINDING_KINDS, "item": ITEM_KINDS, "unit": SCHOOL_FORMS, "agreement": MEETINGS}
NAMED = 4


def place_of(hit: Mapping[str, Any], chosen: Filters, years: pd.DataFrame) -> Place:
    """The page that shows a hit, and the choices in the link that lead to it. years: as places.years gives them.

    Of the choices that go with the reader only those are changed that would keep the hit from being seen.
    """
    page, choices = PLACES[hit["kind"]](hit, chosen)
    if chosen.unit and hit["unit_id"] != chosen.unit_id:
        choices = {"skola": ALL_UNITS} | choices
    if chosen.year is None and hit["kind"] in SHOWN_BY_YEAR:
        of_subject = years.loc[years["subject"].isin(SHOWN_BY_YEAR[hit["kind"]]), "year"]
        is_old = len(of_subject) and hit["newest_year"] < of_subject.max()
        if is_old and hit["newest_year"] in years["year"].to_numpy():
            choices = choices | {"ar": str(hit["newest_year"])}
    return page, {"kommun": chosen.municipality} | choices


def _of_goal(hit: Mapping[str, Any], _: Filters) -> Place:
    by_level = {
        "committee": {"flik": "Underlag per mål", "mal": hit["title"]},
        "council": {"flik": "Styrkedja", "gren": hit["title"]},
        "improvement_area": {"flik": "Över åren"},
    }
    return "goals.py", by_level[hit["detail"]]


def _of_action(hit: Mapping[str, Any], _: Filters) -> Place:
    return "actions.py", {"visa": "Alla", "atgard": f"{hit['title']} ({hit['thing_id']})"}


def _of_finding(hit: Mapping[str, Any], _: Filters) -> Place:
    if hit["detail"] == "strength":
        return "recurring.py", {"minne": "Styrkor och svagheter"}
    return "recurring.py", {"tema": upper_first(hit["title"])}


def _of_indicator(hit: Mapping[str, Any], _: Filters) -> Place:
    if hit["detail"] == "valued":
        label = indicator_label(hit["title"], hit["thing_id"])
        return "comparison.py", {"del": "Ett nyckeltal", "nyckeltal": label}
    return "about.py", {"om": "Nyckeltal"}


def _of_unit(hit: Mapping[str, Any], chosen: Filters) -> Place:
    return "school.py", {"skola": dict(chosen.units).get(hit["thing_id"], hit["title"])}


PLACES = {
    "goal": _of_goal,
    "action": _of_action,
    "finding": _of_finding,
    "report": lambda hit, _: ("recurring.py", {"minne": "Rapporter"}),
    "item": lambda hit, _: ("recurring.py", {"minne": "Frågor och löften"}),
    "agreement": lambda hit, _: (
        "recurring.py",
        {
            "minne": "Dialogmöten",
            "dialog": meeting_name({**hit, "meeting_kind": hit["detail"], "meeting_date": hit["day"]}),
        },
    ),
    "indicator": _of_indicator,
    "unit": _of_unit,
    "word": lambda hit, _: ("about.py", {"om": "Ordlista"}),
}


def of_hits(hits: pd.DataFrame, asked: str, where: str) -> str:
    """'14 träffar på ”frånvaro” i Ekerö: 3 mål och 11 åtgärder.' hits: of at least one row."""
    kinds = hits["kind"].value_counts()
    parts = listed(
        [counted(int(kinds[kind]), one, many) for kind, (_, one, many) in HITS.items() if kind in kinds]
    )
    many = counted(len(hits), "träff", "träffar")
    if not hits["is_near"].any():
        return f"{many} på ”{asked}” i {where}: {parts}."
    met = list(dict.fromkeys(word for found in hits["found"] for word in found))
    alike = listed([f"”{word}”" for word in met[:NAMED]])
    return f"Inga träffar på just ”{asked}” i {where}. {many} på liknande ord, som {alike}: {parts}."


def heading_of(hit: Mapping[str, Any]) -> str:
    """What a hit is called in the list, as Markdown with the words that were met in bold.

    Where many share a theme, the whole is told by whom it concerns and when.
    """
    title = upper_first(text(hit["title"]))
    if hit["kind"] == "finding":
        title = f"{title}, {text(hit['unit_name'], 'hela kommunen')}, {hit['newest_year']}"
    elif hit["kind"] == "agreement":
        title = ", ".join(part for part in (title, text(hit["unit_name"], ""), day(hit["day"])) if part)
    return marked(shortened(title, hit["found"]), hit["found"])


def told_of(hit: Mapping[str, Any]) -> str:
    """What kind of thing it is and some of what is told of it, as Markdown: '2025 och 2026 · Norrskolan · …'."""
    parts = [md(part) for part in _known(hit)]
    if text(hit["body"], ""):
        parts.append(marked(shortened(text(hit["body"]), hit["found"]), hit["found"]))
    return " · ".join(parts).replace(". · ", ". ")


def _known(hit: Mapping[str, Any]) -> list[str]:
    """What the heading does not say of kind, time and place."""
    if hit["kind"] in KIND_WORDS:
        return [KIND_WORDS[hit["kind"]][hit["detail"]]]
    if hit["kind"] == "report":
        return [f"Behandlad {day(hit['day'])}"] if not is_empty(hit["day"]) else []
    if hit["kind"] in ("goal", "action"):
        return [years_in_words(hit["years"])] + (
            [] if is_empty(hit["unit_name"]) else [text(hit["unit_name"])]
        )
    return []


def shortened(told: str, found: Sequence[str]) -> str:
    """A long text as the part around the first word that was met, cut between words."""
    told = " ".join(told.split())
    if len(told) <= SHOWN:
        return told
    met = next((each.start() for each in WORD.finditer(told) if forms_of(each[0]) & set(found)), 0)
    start = told.find(" ", met - BEFORE) + 1 if met > BEFORE else 0
    end = told.rfind(" ", start, start + SHOWN) if len(told) > start + SHOWN else len(told)
    return f"{'… ' if start else ''}{told[start:end]}{' …' if end < len(told) else ''}"


def marked(told: str, found: Sequence[str]) -> str:
    """A text as Markdown with the words that were met in bold, and everything else as it is written."""

    def mark(each: re.Match[str]) -> str:
        return f"**{each[0]}**" if forms_of(each[0]) & set(found) else each[0]

    # What keeps Markdown away stands between words, never in them.
    return WORD.sub(mark, md(told, ""))

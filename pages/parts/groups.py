"""Groups of municipalities of one's own choice: made, changed and taken away here, published and undone like any file."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd
import streamlit as st

from pages.parts import answer, filters, handing_in
from pages.parts.words import counted, listed, md
from queries import clock
from queries.connection import Exports
from queries.intake.followed import same, slug
from queries.intake.reading import Options
from queries.intake.templates import filled_csv
from queries.published import published_rows

PLACE = "grupper"
FILE = "Egen kommungrupp.csv"
NEW = "Ny grupp"
FEWEST, MOST = 2, 40
LONGEST_NAME = 60
# The ids of groups made here begin so: others are of a source, which says who is in them.
MADE_HERE = "egen-"


@dataclass(frozen=True)
class Group:
    """One group of municipalities: whose it is, if it is somebody's own, and its members' codes by name."""

    group_id: str
    title: str
    whose: str | None
    members: tuple[str, ...]

    @property
    def is_made_here(self) -> bool:
        """Whether it can be changed here."""
        return self.group_id.startswith(MADE_HERE)


def own_groups(opened: Exports) -> None:
    """The municipality's own groups with their members, and a form that makes or changes one."""
    chosen = filters.chosen()
    names, own = neighbours(opened, chosen.municipality_id), {chosen.municipality_id: chosen.municipality}
    groups = groups_of(opened, chosen.municipality_id)
    count = counted(len(groups), "egen grupp", "egna grupper") if groups else "ingen egen grupp"
    answer.say(md(f"{chosen.municipality} har {count} att jämföra med."), "grupper")
    if groups:
        answer.table(
            answer.Twin(f"Egna grupper, {chosen.municipality}", group_rows(groups, own | names), "grupper")
        )
    if why := handing_in.closed(PLACE, chosen.municipality_id):
        st.markdown(why)
        return
    mine = {group.title: group for group in groups if group.is_made_here}
    group = mine.get(st.selectbox("Grupp att göra eller ändra", [NEW, *mine], key="grupp"))
    _form(chosen.municipality_id, names, group, [each for each in groups if each != group])
    if group is not None and st.button("Ta bort gruppen", key=f"ta-bort-{group.group_id}"):
        _hand_in(taken_away(group, chosen.municipality_id))


def groups_of(opened: Exports, municipality_id: str) -> list[Group]:
    """The groups of kind own that a municipality can be compared with, by name."""
    rows = published_rows(opened, "municipality_groups")
    rows = rows[
        (rows["kind"] == "own") & (rows["for_municipality_id"].fillna(municipality_id) == municipality_id)
    ]
    found = [
        Group(
            str(group_id),
            str(members["title"].iloc[0]),
            None if pd.isna(members["for_municipality_id"].iloc[0]) else municipality_id,
            tuple(members["member_id"]),
        )
        for group_id, members in rows.groupby("group_id", sort=False)
    ]
    # What has been taken away keeps its name and nobody to compare with.
    living = [group for group in found if set(group.members) - {municipality_id}]
    return sorted(living, key=lambda group: group.title.casefold())


def neighbours(opened: Exports, municipality_id: str) -> dict[str, str]:
    """Code → name of the municipalities of the same register, the municipality itself left out, by name."""
    rows = published_rows(opened, "municipalities")
    register = rows.loc[rows["municipality_id"] == municipality_id, "register"]
    rows = rows[(rows["kind"] == "municipality") & rows["register"].isin(register)].sort_values("name")
    pairs = zip(rows["municipality_id"], rows["name"], strict=True)
    return {str(code): str(name) for code, name in pairs if code != municipality_id}


def group_rows(groups: Sequence[Group], names: dict[str, str]) -> pd.DataFrame:
    """Groups as a table. A member that is not here by name, such as the municipality itself, has its code."""
    return pd.DataFrame(
        {
            "Grupp": [group.title for group in groups],
            "Kommuner": [listed([names.get(each, each) for each in group.members]) for group in groups],
            "Gjord": ["här" if group.is_made_here else "av källan" for group in groups],
        }
    )


def told_as_rows(group: Group, municipality_id: str) -> pd.DataFrame:
    """The rows of table municipality_groups that hold a group, one a member."""
    shared = {
        "group_id": group.group_id,
        "title": group.title,
        "kind": "own",
        "vintage": None,
        "for_municipality_id": municipality_id,
        "source_id": None,
    }
    return pd.DataFrame([{**shared, "member_id": member} for member in group.members])


def taken_away(group: Group, municipality_id: str) -> pd.DataFrame:
    """The rows that take the place of a group that is to go.

    A file tells of what is there and never of nothing, so the group keeps its name, and nobody in it but the
    municipality itself: no page offers such a group.
    """
    return told_as_rows(Group(group.group_id, group.title, group.whose, (municipality_id,)), municipality_id)


def new_id(municipality_id: str, title: str, taken: Sequence[str]) -> str:
    """An id for a new group, unlike those that are taken."""
    start = f"{MADE_HERE}{municipality_id}-{slug(title) or 'grupp'}"
    number = 2
    found = start
    while found in taken:
        found, number = f"{start}-{number}", number + 1
    return found


def fault_of(title: str, members: Sequence[str], others: Sequence[str]) -> str:
    """What is missing before a group can be made; empty when nothing is."""
    if not title:
        return "Skriv ett namn på gruppen."
    if same(title) in map(same, (NEW, *others)):
        return f"Det finns redan en grupp som heter ”{title}”. Välj ett annat namn."
    if len(members) < FEWEST:
        return f"Välj minst {FEWEST} kommuner."
    return ""


def _form(municipality_id: str, names: dict[str, str], group: Group | None, others: Sequence[Group]) -> None:
    key = group.group_id if group else "ny"
    with st.form(f"grupp-{key}", border=False):
        title = st.text_input(
            "Gruppens namn", group.title if group else "", max_chars=LONGEST_NAME, key=f"namn-{key}"
        ).strip()
        members = st.multiselect(
            f"Kommuner i gruppen ({FEWEST}–{MOST})",
            list(names),
            [each for each in group.members if each in names] if group else [],
            format_func=names.__getitem__,
            max_selections=MOST,
            placeholder="Välj kommuner",
            key=f"kommuner-{key}",
        )
        is_sent = st.form_submit_button("Kontrollera och publicera")
    if not is_sent:
        return
    if fault := fault_of(title, members, [each.title for each in others]):
        st.markdown(md(fault))
        return
    group_id = group.group_id if group else new_id(municipality_id, title, [each.group_id for each in others])
    _hand_in(told_as_rows(Group(group_id, title, municipality_id, tuple(members)), municipality_id))


def _hand_in(rows: pd.DataFrame) -> None:
    """Begin to look at a group as it is to be, in place of all its members before."""
    file = io.BytesIO(filled_csv(rows, "municipality_groups"))
    handing_in.hand_in(PLACE, file, FILE, Options(clock.today(), replace=True))

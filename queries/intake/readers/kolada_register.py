"""Kolada's registers: its lists of municipalities, of groups and of indicators.

They are told apart by their columns. Of groups, those that concern a followed municipality are taken; the list of
indicators is compared with data/indicators.csv, and nothing of it is stored.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Any

from queries.intake.followed import Followed, counted, listed, notice
from queries.intake.readers.kolada import PUBLISHER, QUOTED
from queries.intake.readers.named_columns import Headed, headed_sheet
from queries.intake.reading import Base, Finding, Options, Reading, Refused, Source, Staged, stage
from queries.intake.sheets import Book

# The cells of a row by name, and where it stands as _sheet and _line.
Row = dict[str, Any]

READER = "kolada_register"
COUNTRY = "0000"
MUNICIPALITIES = ("id", "title", "type")
GROUPS = ("group_id", "group_title", "member_id", "member_title")
INDICATORS = ("id", "title", "has_ou_data")
SUMMARY = ("kpi", "rows", "nonnull", "kommuner")
TITLES = {
    GROUPS: "Kolada, grupper av kommuner",
    INDICATORS: "Kolada, lista över nyckeltal",
    SUMMARY: "Kolada, sammanfattning",
    MUNICIPALITIES: "Kolada, lista över kommuner",
}
# So many of its columns make a list known.
ENOUGH = 3
SIMILAR = re.compile(r"Liknande kommuner\b.*, (?P<name>[^,]+), (?P<year>\d{4})")
# ”Stockholms läns kommuner” is a county, ”Nordvästkommunerna i Stockholms län” is not.
COUNTY = re.compile(r"\S+( \S+)? län(s kommuner)?( \(ovägt medel\))?")
ENDED = re.compile(r"\(-(?P<year>\d{4})\)")
OF_KOLADA = "select indicator_id, title from words.indicators where source = 'Kolada' order by indicator_id"


def recognise(book: Book) -> str | None:
    """Which of Kolada's lists the book is."""
    found = _headed(book)
    return TITLES[found[0]] if found else None


def read(book: Book, base: Base, options: Options) -> Reading:
    """municipalities that are not here yet, municipality_groups of those that are followed, or, of the list of
    indicators, only what has changed there.

    Raises Refused for a list without its columns or without a followed municipality, and for a summary, which holds
    no values.
    """
    found = _headed(book)
    if found is None:
        raise ValueError("The book is none of Kolada's lists.")
    columns, headed = found
    headed.demand(columns)
    if columns == SUMMARY:
        text = "Filen är en sammanfattning av vad som finns i Kolada. Ladda upp själva värdena i stället."
        raise Refused(Finding("error", "summary", text))
    rows = list(_rows(headed, columns))
    if columns == INDICATORS:
        return Reading(READER, TITLES[columns], findings=_changes(base, rows))
    if columns == GROUPS:
        return _groups(base, rows, options)
    return _municipalities(base, rows)


def _headed(book: Book) -> tuple[tuple[str, ...], Headed] | None:
    for columns in TITLES:
        headed = headed_sheet(book, columns, ENOUGH)
        if headed and (columns != MUNICIPALITIES or _lists_municipalities(headed)):
            return columns, headed
    return None


def _lists_municipalities(headed: Headed) -> bool:
    """Three columns named id, title and type may be anything: their first row must be a place of Kolada's."""
    first = next(_rows(headed, MUNICIPALITIES), None)
    return first is not None and bool(re.fullmatch(r"\d{1,4}", first["id"])) and first["type"] in ("K", "L")


def _rows(headed: Headed, columns: Sequence[str]) -> Iterator[Row]:
    """The rows below the headings that are not empty."""
    places = {name: headed.names.index(name) for name in columns}
    for line, cells in headed.sheet.lines():
        row = {name: cells[place].strip() for name, place in places.items()}
        if line > headed.line and any(row.values()):
            yield {**row, "_sheet": headed.sheet.name, "_line": line}


def _municipalities(base: Base, rows: Sequence[Row]) -> Reading:
    places = [row for row in rows if row["type"] != "L" or row["id"] == COUNTRY]
    first: dict[str, Row] = {}
    expected = "en enda rad för varje kommun"
    findings = [
        Finding("error", "duplicate", expected, row["_sheet"], row["_line"], "id", row["id"])
        for row in places
        if first.setdefault(row["id"], row) is not row
    ]
    if len(places) < len(rows):
        regions = counted(len(rows) - len(places), "region", "regioner")
        findings.append(notice("region", f"Här jämförs kommuner: {regions} i listan tas inte in."))
    staged = _stage_places(base, places, "id", "title")
    return Reading(READER, TITLES[MUNICIPALITIES], None, [staged], findings)


def _stage_places(base: Base, rows: Sequence[Row], code: str, name: str) -> Staged:
    """Municipalities and the country, each once, under the columns that hold their code and name."""
    places = {
        row[code]: {
            "municipality_id": row[code],
            "name": row[name],
            "kind": "country" if row[code] == COUNTRY else "municipality",
            "register": "sverige",
            "has_own_data": "nej",
            "_sheet": row["_sheet"],
            "_line": row["_line"],
        }
        for row in rows
    }
    headings = {"municipality_id": code, "name": name}
    return stage(base.connection, "municipalities", list(places.values()), headings, only_missing=True)


def _groups(base: Base, rows: Sequence[Row], options: Options) -> Reading:
    """Groups of a followed municipality: those alike it by Kolada's reckoning, its county, and others it is in."""
    followed = Followed.of(base)
    by_group = sorted(rows, key=lambda row: row["group_id"])
    groups = {code: list(members) for code, members in groupby(by_group, key=lambda row: row["group_id"])}
    kept = {code: about for code, members in groups.items() if (about := _about(members, followed))}
    if not kept:
        expected = f"en grupp där {listed(followed.names.values())} ingår"
        found = counted(len(groups), "grupp", "grupper")
        raise Refused(Finding("error", "no_followed", expected, found=found))
    day = options.today.isoformat()
    title = f"Kolada, grupper av kommuner hämtade {day}"
    source = Source(f"kolada-grupper-{day}", title, PUBLISHER, None, day, QUOTED, is_official=True)
    members = [row for row in rows if row["group_id"] in kept]
    staged = [
        _stage_places(base, members, "member_id", "member_title"),
        _stage_members(base, [{**row, **kept[row["group_id"]]} for row in members], source),
    ]
    left_out = counted(len(groups) - len(kept), "grupp", "grupper")
    text = f"Grupper utan någon kommun som följs här tas inte in: {left_out} i filen."
    findings = [notice("not_followed", text)] if len(kept) < len(groups) else []
    return Reading(READER, TITLES[GROUPS], source, staged, findings)


def _about(members: Sequence[Row], followed: Followed) -> Row | None:
    """What sort of group it is, of which year and whose; None when it concerns nobody who is followed."""
    title = members[0]["group_title"]
    if title.startswith("Liknande"):
        similar = SIMILAR.fullmatch(title)
        whose = followed.id_of(similar["name"]) if similar else None
        return {"kind": "similar", "vintage": similar["year"], "whose": whose} if similar and whose else None
    own = [row["member_id"] for row in members if row["member_id"] in followed.names]
    # A group with several of those who are followed is open to all.
    whose = own[0] if len(own) == 1 else None
    kind = "county" if COUNTY.fullmatch(title) else "own"
    return {"kind": kind, "vintage": None, "whose": whose} if own else None


def _stage_members(base: Base, members: Sequence[Row], source: Source) -> Staged:
    rows = [
        {
            "group_id": row["group_id"],
            "title": row["group_title"],
            "kind": row["kind"],
            "vintage": row["vintage"],
            "for_municipality_id": row["whose"],
            "member_id": row["member_id"],
            "source_id": source.source_id,
            "_sheet": row["_sheet"],
            "_line": row["_line"],
        }
        for row in members
    ]
    headings = {"group_id": "group_id", "title": "group_title", "member_id": "member_id"}
    return stage(base.connection, "municipality_groups", rows, headings)


def _changes(base: Base, rows: Sequence[Row]) -> list[Finding]:
    """What an analyst should know of the indicators used here: renamed, gone, or ended."""
    titles = {row["id"]: " ".join(row["title"].split()) for row in rows}
    found = []
    for own in base.rows(OF_KOLADA):
        indicator_id, before = own["indicator_id"], " ".join(own["title"].split())
        now = titles.get(indicator_id)
        if now is None:
            found.append(notice("gone", f"{indicator_id} finns inte i Koladas lista: {before}."))
        elif ended := ENDED.search(now):
            found.append(
                notice("ended", f"{indicator_id} är avslutat i Kolada efter {ended['year']}: {now}.")
            )
        elif now != before:
            text = f"{indicator_id} heter nu ”{now}” i Kolada; här heter det ”{before}”."
            found.append(notice("renamed", text))
    return found or [
        notice("same", "Alla nyckeltal från Kolada som används här finns i listan med samma namn.")
    ]

"""Kolada's registers: its lists of municipalities, of groups and of indicators, as tables or as answers of its API.

They are told apart by their columns. Of groups, those that concern a followed municipality are taken. The list of
indicators is taken whole, since an id is known by standing there, and compared with what is known here before.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
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
SCHOOLS = ("id", "title", "municipality")
GROUPS = ("group_id", "group_title", "member_id", "member_title")
INDICATORS = ("id", "title", "is_divided_by_gender", "has_ou_data")
MORE_OF_INDICATORS = ("description", "prel_publication_date", "publication_date", "publ_period")
SUMMARY = ("kpi", "rows", "nonnull", "kommuner")
TITLES = {
    GROUPS: "Kolada, grupper av kommuner",
    INDICATORS: "Kolada, lista över nyckeltal",
    SUMMARY: "Kolada, sammanfattning",
    MUNICIPALITIES: "Kolada, lista över kommuner",
}
# So many of its columns make a list known.
ENOUGH = 3
HEADINGS_OF_INDICATORS = {
    "indicator_id": "id",
    "title": "title",
    "description": "description",
    "is_by_gender": "is_divided_by_gender",
    "has_unit_values": "has_ou_data",
    "next_publication_date": "publication_date",
    "preliminary_date": "prel_publication_date",
    "publication_period": "publ_period",
}
# In an answer of the API, what the rows of each list have and those of the others do not.
IN_ANSWERS = {GROUPS: "members", INDICATORS: "is_divided_by_gender", MUNICIPALITIES: "type"}
SIMILAR = re.compile(r"Liknande kommuner\b.*, (?P<name>[^,]+), (?P<year>\d{4})")
# ”Stockholms läns kommuner” is a county, ”Nordvästkommunerna i Stockholms län” is not.
COUNTY = re.compile(r"\S+( \S+)? län(s kommuner)?( \(ovägt medel\))?")
ENDED = re.compile(r"\(-(?P<year>\d{4})\)")
OF_KOLADA = """
select
    indicators.indicator_id,
    coalesce(indicator_register.title, indicators.title) as title,
from words.indicators as indicators
left join base.indicator_register using (indicator_id)
where indicators.source = 'Kolada'
"""


def recognise(book: Book) -> str | None:
    """Which of Kolada's lists the book is."""
    if book.container == "json":
        columns = _columns_of_answer(book.document)
        return TITLES[columns] if columns else None
    found = _headed(book)
    return TITLES[found[0]] if found else None


def read(book: Book, base: Base, options: Options) -> Reading:
    """municipalities that are not here yet, municipality_groups of those that are followed, or indicator_register.

    Raises Refused for a list without its columns or without a followed municipality, and for a summary, which holds
    no values.
    """
    if book.container == "json":
        columns = _columns_of_answer(book.document)
        rows = rows_of_answer(columns, _answered(book.document)) if columns else []
    else:
        columns, rows = _rows_of_table(book)
    if columns == INDICATORS:
        return _indicators(base, rows, options)
    if columns == GROUPS:
        return _groups(base, rows, options)
    staged, findings = stage_municipalities(base, rows)
    return Reading(READER, TITLES[MUNICIPALITIES], None, staged, findings)


def _rows_of_table(book: Book) -> tuple[tuple[str, ...], list[Row]]:
    found = _headed(book)
    if found is None:
        raise ValueError("The book is none of Kolada's lists.")
    columns, headed = found
    more = MORE_OF_INDICATORS if columns == INDICATORS else ()
    headed.demand(columns, more)
    if columns == SUMMARY:
        text = "Filen är en sammanfattning av vad som finns i Kolada. Ladda upp själva värdena i stället."
        raise Refused(Finding("error", "summary", text))
    return columns, list(_rows(headed, [*columns, *(name for name in more if headed.has(name))]))


def _headed(book: Book) -> tuple[tuple[str, ...], Headed] | None:
    for columns in TITLES:
        headed = headed_sheet(book, columns, ENOUGH)
        if headed and (columns != MUNICIPALITIES or _lists_municipalities(headed)):
            return columns, headed
    return None


def _lists_municipalities(headed: Headed) -> bool:
    """Three columns named id, title and type may be anything: their first row must be a place of Kolada's."""
    first = next(_rows(headed, MUNICIPALITIES), None)
    return first is not None and _is_place(first)


def _is_place(row: Mapping[str, Any]) -> bool:
    return bool(re.fullmatch(r"\d{1,4}", str(row["id"]))) and row["type"] in ("K", "L")


def _rows(headed: Headed, columns: Sequence[str]) -> Iterator[Row]:
    """The rows below the headings that are not empty."""
    places = {name: headed.names.index(name) for name in columns}
    for line, cells in headed.sheet.lines():
        row = {name: cells[place].strip() for name, place in places.items()}
        if line > headed.line and any(row.values()):
            yield {**row, "_sheet": headed.sheet.name, "_line": line}


def _answered(document: Any) -> list[Any]:
    """The rows of an answer of one page or several; none when it is something else."""
    pages = document if isinstance(document, list) else [document]
    if not all(isinstance(page, dict) and isinstance(page.get("values"), list) for page in pages):
        return []
    return [row for page in pages for row in page["values"]]


def _columns_of_answer(document: Any) -> tuple[str, ...] | None:
    first = next(iter(_answered(document)), None)
    if not isinstance(first, dict) or not {"id", "title"} <= first.keys():
        return None
    found = next((columns for columns, name in IN_ANSWERS.items() if name in first), None)
    return None if found == MUNICIPALITIES and not _is_place(first) else found


def rows_of_answer(columns: tuple[str, ...], answered: Sequence[Any], sheet: str = "") -> list[Row]:
    """Rows as the API answers them under the names that the same list has as a table, all text.

    columns: INDICATORS, MUNICIPALITIES, SCHOOLS or GROUPS, of which a group gives a row for each member. Raises Refused for a
    row of another shape.
    """
    rows: list[Row] = []
    for line, row in enumerate(answered, 1):
        try:
            place = {"_sheet": sheet, "_line": line}
            if columns == GROUPS:
                group = {"group_id": row["id"], "group_title": row["title"]}
                members = row.get("members") or ()
                told = [{**group, **{name: member[name] for name in GROUPS[2:]}} for member in members]
            else:
                told = [{**{name: row[name] for name in columns}, **_more(columns, row)}]
        except (AttributeError, KeyError, TypeError) as error:
            expected = f"en rad med {listed(('id', 'title', 'members') if columns == GROUPS else columns)}"
            raise Refused(Finding("error", "shape", expected, sheet, line, found=str(row)[:80])) from error
        rows += [{**{name: _text(cell) for name, cell in each.items()}, **place} for each in told]
    return rows


def _more(columns: tuple[str, ...], row: Mapping[str, Any]) -> Row:
    return {name: row.get(name) for name in MORE_OF_INDICATORS} if columns == INDICATORS else {}


def _text(cell: Any) -> str:
    return "" if cell is None else str(cell).strip()


def stage_municipalities(base: Base, rows: Sequence[Row]) -> tuple[list[Staged], list[Finding]]:
    """The municipalities and the country of Kolada's list, and what is told of it."""
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
    return ([_stage_places(base, places, "id", "title")] if places else []), findings


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
    day = options.today.isoformat()
    title = f"Kolada, grupper av kommuner hämtade {day}"
    source = Source(f"kolada-grupper-{day}", title, PUBLISHER, None, day, QUOTED, is_official=True)
    staged, findings = stage_groups(base, rows, source)
    if not staged:
        expected = f"en grupp där {listed(Followed.of(base).names.values())} ingår"
        found = counted(len({row["group_id"] for row in rows}), "grupp", "grupper")
        raise Refused(Finding("error", "no_followed", expected, found=found))
    return Reading(READER, TITLES[GROUPS], source, staged, findings)


def stage_groups(base: Base, rows: Sequence[Row], source: Source) -> tuple[list[Staged], list[Finding]]:
    """Groups of a followed municipality: those alike it by Kolada's reckoning, its county, and others it is in.

    Nothing is staged when there are none.
    """
    followed = Followed.of(base)
    by_group = sorted(rows, key=lambda row: row["group_id"])
    groups = {code: list(members) for code, members in groupby(by_group, key=lambda row: row["group_id"])}
    kept = {code: about for code, members in groups.items() if (about := _about(members, followed))}
    if not kept:
        return [], []
    members = [row for row in rows if row["group_id"] in kept]
    staged = [
        _stage_places(base, members, "member_id", "member_title"),
        _stage_members(base, [{**row, **kept[row["group_id"]]} for row in members], source),
    ]
    left_out = counted(len(groups) - len(kept), "grupp", "grupper")
    text = f"Grupper utan någon kommun som följs här tas inte in: {left_out} i filen."
    return staged, [notice("not_followed", text)] if len(kept) < len(groups) else []


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


def _indicators(base: Base, rows: Sequence[Row], options: Options) -> Reading:
    day = options.today.isoformat()
    title = f"Kolada, lista över nyckeltal hämtad {day}"
    source = Source(f"kolada-nyckeltal-{day}", title, PUBLISHER, None, day, QUOTED, is_official=True)
    findings = changes(base, rows) or [
        notice("same", "Alla nyckeltal från Kolada som används här finns i listan med samma namn.")
    ]
    return Reading(READER, TITLES[INDICATORS], source, [stage_indicators(base, rows, source)], findings)


def stage_indicators(base: Base, rows: Sequence[Row], source: Source) -> Staged:
    """Every indicator of Kolada's list."""
    staged = [
        {
            "indicator_id": row["id"],
            "title": _squeezed(row["title"]),
            "description": _squeezed(row.get("description", "")),
            "is_by_gender": row["is_divided_by_gender"],
            "has_unit_values": row["has_ou_data"],
            "next_publication_date": row.get("publication_date"),
            "preliminary_date": row.get("prel_publication_date"),
            "publication_period": row.get("publ_period"),
            "ended_year": _ended(row["title"]),
            "source_id": source.source_id,
            "_sheet": row["_sheet"],
            "_line": row["_line"],
        }
        for row in rows
    ]
    return stage(base.connection, "indicator_register", staged, HEADINGS_OF_INDICATORS)


def changes(base: Base, rows: Iterable[Row], fetched: Collection[str] | None = None) -> list[Finding]:
    """What an analyst should know of the indicators used here: renamed, gone, or ended.

    fetched: the ids that were asked for, when the list need not hold all that Kolada has.
    """
    titles = {row["id"]: _squeezed(row["title"]) for row in rows}
    known = {own["indicator_id"]: _squeezed(own["title"]) for own in base.rows(OF_KOLADA)}
    found = []
    for indicator_id in sorted({*known, *(fetched or ())}):
        before, now = known.get(indicator_id), titles.get(indicator_id)
        if now is None:
            if before and (fetched is None or indicator_id in fetched):
                found.append(notice("gone", f"{indicator_id} finns inte i Koladas lista: {before}."))
        elif ended := _ended(now):
            found.append(notice("ended", f"{indicator_id} är avslutat i Kolada efter {ended}: {now}."))
        elif before and now != before:
            text = f"{indicator_id} heter nu ”{now}” i Kolada; här heter det ”{before}”."
            found.append(notice("renamed", text))
    return found


def _ended(title: str) -> str | None:
    """The last year of a series that has ended, as its title says."""
    ended = ENDED.search(title)
    return ended["year"] if ended else None


def _squeezed(text: str) -> str:
    # A table made of Kolada's list may write its line breaks as the two characters that stand for one.
    return " ".join(text.replace("\\n", " ").split())

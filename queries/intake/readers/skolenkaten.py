"""Skolinspektionen's Skolenkäten as a workbook: the index of each area and the response rate, per school and per
municipality.

Columns are found by the text of three rows of headings: what is asked, how it is split, and what kind of figure it
is. Their places differ from one group of pupils to another. Of what was asked only indexes are read, not single
questions. The response rate stands among the fields, in the middle row; a file may lack it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import NamedTuple

from queries.intake.followed import Followed, UnitsSeen, counted, notice, same, slug
from queries.intake.headings import Headings, headings_of, plain
from queries.intake.reading import Base, Finding, Options, Reading, Refused, Source, stage
from queries.intake.sheets import Book, Sheet

READER = "skolenkaten"
NAME = "skolenkäten"
# The field and its names, one of which is there.
FIELDS = {
    "owner": ("Huvudman",),
    "municipality": ("Kommun", "Lägeskommun"),
    "unit_id": ("Skolenhetskod",),
    "unit": ("Skolenhet", "Skola"),
    "answers": ("Antal",),
}
HEAD = 12
COUNTRY = "samtliga deltagande"
INDEX = "index"
RATE = "Svarsfrekvens"
# The response rate is told as a share, with point or comma.
SHARE = re.compile(r"0([.,]\d+)?|1([.,]0+)?")
NUMBERED = re.compile(r"^\d+\.\s*")
YEAR = re.compile(r"\b20\d\d\b")
# Who answered: words in the title → the report of data/export_columns.csv, and the form of school.
GROUPS = (
    (re.compile(r"elever.*(årskurs|åk)\.? ?5\b"), "Elever årskurs 5", "grundskola"),
    (re.compile(r"elever.*(årskurs|åk)\.? ?8\b"), "Elever årskurs 8", "grundskola"),
    (re.compile(r"elever.*gy\w*.*\b2\b"), "Elever gymnasieskolan år 2", "gymnasieskola"),
)
MASKED = ("-", "*", "**", "***")
HIDDEN = {"value": "", "marker": "..", "note": "Visas inte av Skolinspektionen: för få svar"}
SCALE = "Index från 0 till 10. Skolinspektionen visar index där minst fem har svarat."
FIELD_HEADINGS = {"municipality_id": "Kommun", "unit_id": "Skolenhetskod", "name": "Skolenhet", "n": "Antal"}


class Figure(NamedTuple):
    """A column to read: the index of an area, for all or for one gender, or the response rate, told as a share."""

    place: int
    indicator_id: str
    gender: str
    heading: str
    is_share: bool

    def value(self, cell: str) -> str:
        """The cell as the indicator has it: a share in percent, to the last decimal of the file."""
        return format(Decimal(cell.replace(",", ".")).scaleb(2), "f") if self.is_share else cell


@dataclass(frozen=True)
class Survey:
    """A sheet of results: its title, the line of the last headings, where fields and figures stand."""

    sheet: Sheet
    title: str
    line: int
    fields: Mapping[str, int]
    asked: tuple[str, ...]
    split: tuple[str, ...]
    kinds: tuple[str, ...]

    def index_columns(self) -> Iterator[tuple[int, str, str]]:
        """Place, area and split of each column with an index."""
        for place, (asked, split, kind) in enumerate(zip(self.asked, self.split, self.kinds, strict=True)):
            if plain(kind) == INDEX and NUMBERED.match(asked):
                yield place, NUMBERED.sub("", asked), split

    def rate_columns(self) -> Iterator[tuple[int, str, str]]:
        """Place, heading and no split of the column with the response rate, where there is one."""
        for place, heading in enumerate(self.split):
            if plain(heading) == plain(RATE):
                yield place, RATE, ""


def recognise(book: Book) -> str | None:
    """What the file is, in Swedish, when a sheet has the survey's name and its columns."""
    surveys = _surveys(book)
    return f"Skolinspektionens {' '.join(surveys[0].title.split())}" if surveys else None


def read(book: Book, base: Base, options: Options) -> Reading:
    """Indexes and response rates as outcomes, and the schools as units that are added when they are missing.

    Raises Refused when year or group is not told, when an area is not known, or when no row is about a municipality
    that is followed here.
    """
    surveys = _surveys(book)
    year = _year(surveys)
    report, school_form = _group(surveys[0])
    headings = headings_of(base, READER, report)
    source = Source(
        source_id=f"skolenkaten-{slug(report)}-{year}",
        title=f"Skolenkäten {year}, {report[0].lower()}{report[1:]}",
        publisher="Skolinspektionen",
        retrieved_date=options.today.isoformat(),
        note=SCALE,
        is_official=True,
    )
    units = UnitsSeen(base, source.source_id, school_form)
    rows = _Rows(Followed.of(base), units, year)
    columns = [(survey, _columns(survey, headings)) for survey in surveys]
    for survey, figures in columns:
        rows.take(survey, figures)
    if not rows.outcomes and not rows.findings:
        raise Refused(rows.followed.nothing_left())
    findings = [*rows.findings, *rows.notices(), *units.renamed()]
    staged = [stage(base.connection, "outcomes", rows.outcomes, FIELD_HEADINGS)] if rows.outcomes else []
    return Reading(READER, source.title, source, [*staged, *units.staged(FIELD_HEADINGS)], findings)


@dataclass
class _Rows:
    """The rows of the sheets as they are taken. told: what is known by key, with sheet and cell, since both sheets
    tell the figures of all pupils."""

    followed: Followed
    units: UnitsSeen
    year: int
    outcomes: list[dict[str, str | int]] = field(default_factory=list)
    told: dict[tuple[str, ...], tuple[str, str]] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    country_rows: int = 0
    empty_cells: int = 0

    def take(self, survey: Survey, figures: Sequence[Figure]) -> None:
        """Read a sheet."""
        for line, cells in survey.sheet.lines():
            if line > survey.line and any(cells):
                self._take_row(survey, line, [cell.strip() for cell in cells], figures)

    def _take_row(self, survey: Survey, line: int, cells: Sequence[str], figures: Sequence[Figure]) -> None:
        row = {name: cells[place] for name, place in survey.fields.items()}
        sheet, unit_id, owner = survey.sheet.name, row["unit_id"], row["owner"]
        municipality_id = self._municipality(row)
        if not unit_id and owner.casefold().startswith(COUNTRY):
            self.country_rows += 1
        elif unit_id and not row["municipality"]:
            expected = "kommunen där skolan ligger"
            self.findings.append(Finding("error", "municipality", expected, sheet, line, "Kommun"))
        elif municipality_id is None:
            self.followed.others[row["municipality"] or owner or "ingen huvudman"] += 1
        elif unit_id and not re.fullmatch(r"\d{8}", unit_id):
            expected = "en skolenhetskod med åtta siffror"
            where = (sheet, line, "Skolenhetskod", unit_id)
            self.findings.append(Finding("error", "unit_code", expected, *where))
        else:
            operator = self._operator(municipality_id, row)
            if unit_id:
                self.units.see(sheet, line, municipality_id, unit_id, row["unit"], operator)
            answers = "" if row["answers"] in MASKED else row["answers"]
            place = {"municipality_id": municipality_id, "unit_id": unit_id, "operator": operator}
            for figure in figures:
                # How many girls and boys answered is not told.
                number = answers if figure.gender == "T" else ""
                self._take_cell((sheet, line), cells[figure.place], figure, {**place, "n": number})

    def _take_cell(self, where: tuple[str, int], cell: str, figure: Figure, place: Mapping[str, str]) -> None:
        if not cell:
            self.empty_cells += 1
            return
        key = (place["municipality_id"], place["unit_id"], figure.indicator_id, figure.gender)
        sheet, told = self.told.setdefault(key, (where[0], cell))
        if sheet != where[0]:
            if told != cell:
                expected = f"{told}, som på bladet {sheet}"
                self.findings.append(
                    Finding("error", "contradiction", expected, *where, figure.heading, cell)
                )
        elif figure.is_share and cell not in MASKED and not SHARE.fullmatch(cell):
            expected = "en andel från 0 till 1, där 0,794 betyder 79,4 procent"
            self.findings.append(Finding("error", "share", expected, *where, figure.heading, cell))
        else:
            row = {"indicator_id": figure.indicator_id, "year": self.year, "gender": figure.gender}
            row |= HIDDEN if cell in MASKED else {"value": figure.value(cell), "marker": "", "note": ""}
            row |= {"_sheet": where[0], "_line": where[1], "_heading": figure.heading}
            self.outcomes.append({**place, **row, "source_id": self.units.source_id})

    def _municipality(self, row: Mapping[str, str]) -> str | None:
        """A school by where it lies; a row of all schools of an owner only where the owner is the municipality."""
        if row["unit_id"]:
            return self.followed.id_of(row["municipality"])
        return next(
            (each for each, name in self.followed.names.items() if _is_municipality(row["owner"], name)), None
        )

    def _operator(self, municipality_id: str, row: Mapping[str, str]) -> str:
        registered = self.units.operator_of(municipality_id, row["unit_id"])
        is_own = same(row["owner"]).endswith((" kommun", " stad"))
        return registered or ("kommunal" if is_own or not row["unit_id"] else "enskild")

    def notices(self) -> Iterator[Finding]:
        """What was left out, each kind in one sentence."""
        yield from self.followed.left_out()
        if self.country_rows:
            rows = counted(self.country_rows, "rad", "rader")
            yield notice("country", f"{rows} för alla deltagande skolor i landet läses inte.")
        if self.empty_cells:
            cells = counted(self.empty_cells, "tom cell", "tomma celler")
            yield notice("empty_cells", f"{cells} ger inget värde: ingen har svarat.")


def _surveys(book: Book) -> list[Survey]:
    return [survey for sheet in book.sheets if (survey := _survey(sheet))]


def _survey(sheet: Sheet) -> Survey | None:
    """A sheet with the three rows of headings: the middle one names the fields."""
    rows = [(line, [cell.strip() for cell in cells]) for line, cells in sheet.head(HEAD)]
    for (_, asked), (_, split), (line, kinds) in zip(rows, rows[1:], rows[2:], strict=False):
        names = [plain(cell) for cell in split]
        fields = {
            name: names.index(plain(heading))
            for name, headings in FIELDS.items()
            for heading in headings
            if plain(heading) in names
        }
        title = next((cell for cell in (*asked, sheet.name) if NAME in cell.casefold()), "")
        if title and fields.keys() == FIELDS.keys():
            # Such a heading is merged over its columns: the cells after its first are empty.
            return Survey(sheet, title, line, fields, _filled(asked), tuple(split), tuple(kinds))
    return None


def _filled(cells: Sequence[str]) -> tuple[str, ...]:
    filled: list[str] = []
    for cell in cells:
        filled.append(cell or (filled[-1] if filled else ""))
    return tuple(filled)


def _year(surveys: Sequence[Survey]) -> int:
    """The year that title and name of the first sheet tell; they may not differ."""
    told = {year for survey in surveys for year in YEAR.findall(f"{survey.title} {survey.sheet.name}")}
    if len(told) != 1:
        expected = "ett och samma årtal i bladens titel och namn, som i ”Skolenkäten 2022”"
        raise Refused(Finding("error", "year", expected, surveys[0].sheet.name, 1, found=surveys[0].title))
    return int(told.pop())


def _group(survey: Survey) -> tuple[str, str]:
    title = f"{survey.title} {survey.sheet.name}".casefold()
    for words, report, school_form in GROUPS:
        if words.search(title):
            return report, school_form
    expected = "svaren från elever i årskurs 5, årskurs 8 eller gymnasieskolans år 2"
    raise Refused(Finding("error", "group", expected, survey.sheet.name, 1, found=survey.title))


def _columns(survey: Survey, headings: Headings) -> list[Figure]:
    """The columns to read. Raises Refused for an area or a split that is not known, and when there is no index."""
    figures: list[Figure] = []
    faults: list[Finding] = []
    for place, area, split in (*survey.index_columns(), *survey.rate_columns()):
        meaning, gender = headings.meaning((area, split) if split else (area,))
        if meaning is None:
            expected = (
                f"ett område som står i data/export_columns.csv; mest liknar {headings.nearest((area,))}"
            )
            found = f"{area} {split}".strip()
            faults.append(
                Finding("error", "unknown_heading", expected, survey.sheet.name, survey.line, found, found)
            )
        elif meaning.value_of:
            heading = f"{area} {split}".strip()
            figures.append(Figure(place, meaning.value_of, gender or "T", heading, area == RATE))
    if all(figure.is_share for figure in figures) and not faults:
        expected = "kolumner med Index i tredje rubrikraden, ett för varje område"
        faults.append(Finding("error", "no_index", expected, survey.sheet.name, survey.line))
    if faults:
        raise Refused(*faults)
    return figures


def _is_municipality(owner: str, name: str) -> bool:
    """Linköpings kommun is Linköping, Piteå kommun is Piteå, Lunds stad is Lund."""
    return same(owner) in {
        f"{same(name)}{ending} {kind}" for ending in ("", "s") for kind in ("kommun", "stad")
    }

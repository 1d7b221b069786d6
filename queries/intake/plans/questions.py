"""What the analyst must say before a plan can be read, with a guess wherever the file gives one."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from queries.intake.plans.cells import folded, normal, plain_text
from queries.intake.plans.deadlines import USUAL_POINTS, days_in
from queries.intake.plans.headings import FIELDS, YEARS, Headings, is_plan
from queries.intake.plans.registers import calendar_before
from queries.intake.reading import Base, Need, Options
from queries.intake.sheets import Book

LONGEST_TITLE = 120
NO_POINT = "Inget rapporttillfälle"
ISO_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


@dataclass(frozen=True)
class Place:
    """What the file says of itself: its name, and the texts above its headings."""

    file_name: str
    headings: Sequence[str]
    above: Sequence[str]
    sheet_names: Sequence[str]

    @property
    def title(self) -> str:
        """The first text above the headings that is short enough to be a title, else the file's name."""
        titles = [text for text in self.above if len(text) <= LONGEST_TITLE]
        return titles[0] if titles else self.file_name


def place_of(book: Book, row: Headings) -> Place:
    """What the file says of itself around a row of headings."""
    above = [
        " ".join(filter(None, map(plain_text, cells))) for line, cells in row.sheet.head() if line < row.line
    ]
    name = re.sub(r"\.[A-Za-z]{2,7}$", "", book.name)
    return Place(name, row.named, [text for text in above if text], [sheet.name for sheet in book.sheets])


def columns_need(read: Mapping[str, str], open_ones: Mapping[str, str]) -> Need | None:
    """The question about columns, when some heading is not known or what is known makes no plan."""
    if not open_ones and is_plan(set(read.values())):
        return None
    question = "Vad innehåller kolumnerna? Det behövs en åtgärd med status eller slutdatum, eller ett mål med bedömning."
    return Need("columns", question, FIELDS, {**read, **open_ones})


def columns_ask(read: Mapping[str, str]) -> Need:
    """The same question once it has an answer."""
    return Need("columns", "Kolumnerna lästes så här. Stämmer det?", FIELDS, dict(read), is_required=False)


def plan_needs(place: Place, base: Base, options: Options) -> list[Need]:
    """Whose plan it is and what report it stands in: everything that the options do not say."""
    followed = {
        row["municipality_id"]: row["name"]
        for row in base.rows(
            "select municipality_id, name from base.municipalities where has_own_data order by name"
        )
    }
    needs = []
    municipality_id = options.municipality_id
    if municipality_id not in followed:
        municipality_id = guessed_municipality(place, followed)
        needs.append(Need("municipality_id", "Vilken kommuns plan är det?", followed, municipality_id))
    year = options.year or guessed_year(place)
    if options.year is None:
        needs.append(Need("year", "Vilket år gäller planen?", suggested=year))
    if not is_day(options.report_date):
        question = "Vilken dag beskriver uppföljningen? Skriv år-månad-dag, till exempel 2025-12-31."
        needs.append(Need("report_date", question, suggested=guessed_day(place)))
    if not options.report_name:
        needs.append(Need("report_name", "Vad heter uppföljningen?", suggested=place.title))
    points = {"": NO_POINT, **{point: point for point in report_points(base, municipality_id, year)}}
    if options.report_point is None and needs or options.report_point not in (None, *points):
        question = "Vid vilket rapporttillfälle lämnades den?"
        guess = guessed_point(options.report_name or place.title, list(points))
        needs.append(Need("report_point", question, points, guess, is_required=False))
    return needs


def report_points(base: Base, municipality_id: str | None, year: int | None) -> list[str]:
    """The report points of a municipality's year in order; those of its latest year before, or else the usual ones."""
    known = calendar_before(base, municipality_id or "", year or 0)
    return [row["report_point"] for row in known] or list(USUAL_POINTS)


def guessed_municipality(place: Place, followed: Mapping[str, str]) -> str | None:
    """The municipality that the file's name names, or else the texts above its table: the only one, or none."""
    for texts in ([place.file_name], [*place.above, *place.sheet_names]):
        named = [each for each, name in followed.items() if any(_names(text, name) for text in texts)]
        if named:
            return named[0] if len(named) == 1 else None
    return None


def guessed_year(place: Place) -> int | None:
    """The year of headings like "Slutdatum 2020", or else of the title, or of the file's name."""
    for texts in (place.headings, place.above, [place.file_name]):
        years = [int(found[0][:4]) for text in texts for found in YEARS.finditer(text)]
        if years:
            return max(set(years), key=years.count)
    return None


def guessed_day(place: Place) -> str | None:
    """The only day that stands in the headings or above them."""
    days = {day for text in (*place.headings, *place.above) for day in days_in(text)}
    return days.pop().isoformat() if len(days) == 1 else None


def guessed_point(title: str, points: Collection[str]) -> str:
    """The report point that a title names, or ''."""
    return next((point for point in points if point and normal(point) in normal(title)), "")


def is_day(text: str | None) -> bool:
    """Whether a text is a day as 2025-12-31."""
    try:
        return bool(text and ISO_DAY.fullmatch(text) and date.fromisoformat(text))
    except ValueError:
        return False


def _names(text: str, name: str) -> bool:
    return re.search(rf"(?<![a-z]){re.escape(folded(name))}s?(?![a-z])", folded(text)) is not None


def asked_about(need: Need) -> str:
    """The name in the file that a question with the field same_as is about: the key of its answer."""
    return need.question.partition("”")[2].rpartition("”")[0]

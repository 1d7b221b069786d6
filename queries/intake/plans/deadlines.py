"""Days told in words: "Klart till mars 2018. Utvärderas oktober 2018." is a deadline and a day of evaluation.

A month is its last day. What is no day, as "våren 2018" or "31/12" without a year, is never guessed to be one.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from queries.intake.plans.cells import normal, plain_text

MONTHS = (
    "januari", "februari", "mars", "april", "maj", "juni",
    "juli", "augusti", "september", "oktober", "november", "december",
)  # fmt: skip
MONTH = r"(?P<{0}>jan(?:uari)?|feb(?:ruari)?|mars?|apr(?:il)?|maj|juni?|juli?|aug(?:usti)?|sept?(?:ember)?|okt(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?"
YEAR = r"(?P<{0}>(?:19|20)\d{{2}})(?!\d)"
MENTION = re.compile(
    "|".join(
        [
            rf"(?<!\d){YEAR.format('y1')}-(?P<m1>\d{{2}})-(?P<d1>\d{{2}})(?!\d)(?:[ T]\d{{2}}:\d{{2}}(?::\d{{2}})?)?",
            rf"(?<!\d)(?P<d2>\d{{1,2}})[/.](?P<m2>\d{{1,2}})[/. -]\s?{YEAR.format('y2')}",
            rf"(?<!\d)(?P<d3>\d{{1,2}})(?:[:.]?[ae])? {MONTH.format('m3')},? {YEAR.format('y3')}",
            rf"\b{MONTH.format('m4')},? {YEAR.format('y4')}",
            rf"(?<!\d){YEAR.format('y5')}-(?P<m5>\d{{2}})(?![\d-])",
            r"(?<!\d)(?P<y6>(?:19|20)\d{2})(?P<m6>\d{2})(?P<d6>\d{2})(?!\d)",
            r"\b(?P<term>(?:vår|höst|sommar|vinter)(?:en|termin\w*|lov\w*| \d{4})|[vh]t[ -]?\d{2,4}|[vh]t|kvartal\w*|q[1-4])\b",
        ]
    ),
    re.IGNORECASE,
)
# What the days after a word are for, until the next such word or the end of the sentence.
PURPOSES = re.compile(
    r"(?P<evaluation>utvärder)|(?P<report_back>återrapport)"
    r"|(?P<start>\b(?:start|påbörja|från\b|fr\.? ?o\.? ?m|inleds|tidigast))"
    r"|(?P<due>\b(?:klar|till\b|senast|slut|färdig|t\.? ?o\.? ?m|deadline|genomför))|(?P<stop>[.;](?=\s|$))",
    re.IGNORECASE,
)
USUAL_POINTS = ("Delrapport 1", "Delrapport 2", "Verksamhetsberättelse")
BEFORE_A_POINT = re.compile(r"^(?:klart?|senast|inför|till|i|vid)\s+", re.IGNORECASE)
OF_A_YEAR = re.compile(r"\s*\(?\b((?:19|20)\d{2})\)?$")


@dataclass(frozen=True)
class Deadline:
    """What a cell says of time. A day is None where the text names none, or names what is no day as well."""

    due_date: date | None = None
    evaluation_date: date | None = None
    report_back_date: date | None = None


@dataclass(frozen=True)
class Mention:
    """One time in a text and what it is for: due, evaluation, report_back or start. day is None for a term."""

    purpose: str
    day: date | None


def deadline_of(text: str) -> Deadline:
    """The days of a cell for deadlines.

    With several deadlines in a cell the last one counts, and none where one of them is a term such as "våren 2018".
    """
    told = list(_mentions(text, "due"))
    due = [mention.day for mention in told if mention.purpose == "due"]
    days = [day for day in due if day is not None]
    return Deadline(
        due_date=max(days) if days and len(days) == len(due) else None,
        evaluation_date=_first(told, "evaluation"),
        report_back_date=_first(told, "report_back"),
    )


def report_back_of(text: str, *, is_asked: bool = False) -> date | None:
    """The first day on which a text promises a new report. is_asked: the cell is about nothing else."""
    return _first(_mentions(text, "report_back" if is_asked else "other"), "report_back")


def days_in(text: str) -> list[date]:
    """The days that a text names to the day, in their order: months are not days."""
    return [_day(found) for found in MENTION.finditer(text) if _is_to_the_day(found) and _day(found)]


def report_point_of(text: str, year: int, points: Iterable[str]) -> str | None:
    """The report that a deadline names instead of a day: one of the year's report points, or of the usual ones.

    "Senast Delrapport 2" is Delrapport 2; "Delrapport 1 2021" is not one of 2020.
    """
    named = BEFORE_A_POINT.sub("", plain_text(text).rstrip(" ."))
    of_year = OF_A_YEAR.search(named)
    exact = {normal(point): point for point in (*USUAL_POINTS, *points)}
    if of_year and normal(named) not in exact:
        if int(of_year[1]) != year:
            return None
        named = OF_A_YEAR.sub("", named)
    return exact.get(normal(named))


def _mentions(text: str, purpose: str) -> Iterator[Mention]:
    """Times with their purposes. A sentence without a word for it has the one that the cell is for."""
    own, at = purpose, 0
    for found in MENTION.finditer(text):
        for word in PURPOSES.finditer(text, at, found.start()):
            purpose = own if word.lastgroup == "stop" else word.lastgroup or own
        at = found.end()
        if found["term"] or _day(found):
            yield Mention(purpose, None if found["term"] else _day(found))


def _first(mentions: Iterable[Mention], purpose: str) -> date | None:
    days = [mention.day for mention in mentions if mention.purpose == purpose and mention.day]
    return min(days, default=None)


def _part(found: re.Match[str], letter: str) -> str | None:
    named = found.groupdict().items()
    return next((text for name, text in named if text and name[0] == letter and name[1:].isdigit()), None)


def _is_to_the_day(found: re.Match[str]) -> bool:
    return _part(found, "d") is not None


def _day(found: re.Match[str]) -> date | None:
    year, month, day = (_part(found, letter) for letter in "ymd")
    if year is None or month is None:
        return None
    number = int(month) if month.isdigit() else _month(month)
    try:
        last = calendar.monthrange(int(year), number)[1]
        return date(int(year), number, int(day) if day else last)
    except ValueError:
        # The 31st of February is no day: the words stay, and no day is made of them.
        return None


def _month(word: str) -> int:
    return next(place for place, name in enumerate(MONTHS, 1) if name.startswith(word.casefold()))

"""A fetch from Kolada: what is asked for, in which order, and the one document that it becomes.

The document is gzip-compressed JSON: {"kolada_fetch": 1, "fetched": day, "kpi": [...], "municipality": [...],
"municipality_groups": [...], "ou": [...], "data": [...], "oudata": [...]}, each list the rows of the API's values as
they were answered. It is checked and published like any file that somebody uploads.
"""

from __future__ import annotations

import gzip
import io
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import product
from threading import Event

from queries import clock
from queries.connection import Exports, settings
from queries.intake.fetched_pages import FetchedPages
from queries.intake.followed import counted, listed
from queries.intake.kolada_api import IDS_IN_PATH, ROWS_ON_PAGE, Kolada, Manners
from queries.intake.kolada_shapes import KINDS, FetchFailed, Question, Row
from queries.places import freshness, indicators, municipalities
from queries.versions import Store

VERSION = 1
PUBLISHER = "Kolada"
# Units of education; Kolada's other units, of care and libraries, have no values for our indicators.
OF_EDUCATION = "V1"
# The lists are few pages: of the whole fetch they are counted as this part.
SHARE_OF_LISTS = 0.1
UNKNOWN = "Kolada har inget nyckeltal med id {ids}. Rätta id i data/indicators.csv och data/profiles.csv; inga värden har hämtats."
NO_VALUES = "Kolada svarade utan ett enda värde. Något är fel med frågan: inget har hämtats."

Progress = Callable[[str, float], None]


@dataclass(frozen=True)
class Wanted:
    """What a fetch asks for: values of indicators for all municipalities, and for the units of some of them.

    required: the indicators that Kolada must know; the others are left out if it does not.
    """

    indicator_ids: tuple[str, ...]
    required: frozenset[str]
    municipality_ids: tuple[str, ...]
    years: tuple[int, ...]


@dataclass(frozen=True)
class Fetched:
    """A fetch that is done. name is what the document is called; told are sentences about what was left out or kept."""

    name: str
    content: bytes
    told: tuple[str, ...] = ()


def wanted(
    exports: Exports,
    *,
    today: date,
    municipality_ids: Sequence[str] = (),
    indicator_ids: Sequence[str] = (),
) -> Wanted:
    """What a fetch asks for: what is given, else all of Kolada's indicators here and all followed municipalities.

    Raises FetchFailed for a municipality that is not followed.
    """
    followed = municipalities(exports)
    real = followed.loc[~followed["is_invented"].astype(bool), "municipality_id"].tolist()
    strangers = [each for each in municipality_ids if each not in real]
    if strangers:
        raise FetchFailed(
            f"{listed(strangers)} är ingen kommun som följs här. De som följs: {listed(real, len(real))}."
        )
    known = indicators(exports)
    of_kolada = known[known["source"] == PUBLISHER]
    described = of_kolada.loc[of_kolada["is_described"].astype(bool), "indicator_id"]
    return Wanted(
        tuple(sorted(set(indicator_ids or of_kolada["indicator_id"]))),
        frozenset(indicator_ids or described),
        tuple(sorted(set(municipality_ids or real))),
        tuple(range(min(settings()["kolada"]["first_year"], today.year), today.year + 1)),
    )


def last_fetched(exports: Exports) -> date | None:
    """The day that the newest published values of Kolada were fetched; None when there are none."""
    followed = municipalities(exports)
    days = [
        row["source_date"]
        for municipality_id in followed.loc[~followed["is_invented"].astype(bool), "municipality_id"]
        for row in freshness(exports, municipality_id=municipality_id).to_dict("records")
        if row["subject"] == "jämförelse" and PUBLISHER in str(row["publisher"]) and row["source_date"]
    ]
    return max(days, default=None)


def kept_pages(store: Store) -> FetchedPages:
    """What earlier fetches left, for the next one to go on from."""
    return FetchedPages.of(store, settings()["kolada"]["keep_hours"])


def fetch(
    asked: Wanted,
    store: Store,
    *,
    manners: Manners | None = None,
    progress: Progress = lambda sentence, part: None,
    stop: Event | None = None,
) -> Fetched:
    """Fetch everything and join it to one document.

    progress is told a sentence and how large a part is done, from 0 to 1. Raises FetchFailed, also one of its kinds
    that says whether a later try may succeed; the pages fetched so far are kept.
    """
    course = _Course(progress)
    kolada = Kolada(
        manners or Manners.from_settings(settings()), kept_pages(store), say=course.say, stop=stop
    )
    content = io.BytesIO()
    with gzip.open(content, "wt", encoding="utf-8") as document:
        document.write(f'{{"kolada_fetch": {VERSION}')
        told: list[str] = []
        count_values = 0
        for kind, pages in _answers(asked, kolada, course, told):
            document.write(f', "{kind}": [')
            between = ""
            for rows in pages:
                for row in rows:
                    document.write(between + json.dumps(row, ensure_ascii=False, separators=(",", ":")))
                    between = ",\n"
                count_values += len(rows) if kind in ("data", "oudata") else 0
            document.write("]")
        fetched = clock.in_sweden(kolada.oldest).date()
        document.write(f', "fetched": "{fetched.isoformat()}"}}')
    if not count_values:
        kolada.kept.clear()
        raise FetchFailed(NO_VALUES)
    if kolada.reused:
        told.append(f"{counted(kolada.reused, 'sida var redan hämtad', 'sidor var redan hämtade')}.")
    course.say("Allt är hämtat.", 1.0)
    return Fetched(f"kolada-{fetched.isoformat()}.json.gz", content.getvalue(), tuple(told))


@dataclass
class _Course:
    """How far a fetch has come, as it is told: the part never goes back."""

    progress: Progress
    part: float = 0.0

    def say(self, sentence: str, part: float = 0.0) -> None:
        self.part = max(self.part, part)
        self.progress(sentence, self.part)


Answers = Iterator[tuple[str, Iterable[Sequence[Row]]]]


def _answers(asked: Wanted, kolada: Kolada, course: _Course, told: list[str]) -> Answers:
    """Each kind of the document with the pages of its answers; each is to be read through before the next."""
    lists = _Lists(kolada, course, len(KINDS) - 2 + len(asked.municipality_ids))
    kpis = lists.rows(_about_indicators(asked))
    by_id = {str(row["id"]): row for row in kpis}
    left_out = _known(asked, by_id)
    if left_out:
        told.append(f"Kolada har inte längre {listed(left_out)}, som därför inte hämtades.")
    yield "kpi", [kpis]
    places = lists.rows([Question("municipality", "/municipality")])
    yield "municipality", [places]
    yield "municipality_groups", [lists.rows([Question("municipality_groups", "/municipality_groups")])]
    with_units = sorted(each for each, row in by_id.items() if row["has_ou_data"])
    units = lists.rows(_about_units(asked) if with_units else [])
    yield "ou", [units]
    of_places = list(_about_values("data", "", [()], sorted(by_id), asked.years))
    unit_ids = sorted(str(unit["id"]) for unit in units if str(unit["id"]).startswith(OF_EDUCATION))
    of_units = list(
        _about_values("oudata", "ou", _parts(unit_ids), with_units if unit_ids else [], asked.years)
    )
    values = _Values(kolada, course, len(places))
    values.expected = sum(values.most_pages(each) for each in (*of_places, *of_units))
    yield "data", values.pages(of_places, "kommunerna")
    yield "oudata", values.pages(of_units, "skolorna")


def _known(asked: Wanted, by_id: Iterable[str]) -> list[str]:
    """The indicators that Kolada no longer has. Raises FetchFailed when one of them is required."""
    unknown = sorted(set(asked.indicator_ids) - set(by_id))
    required = [each for each in unknown if each in asked.required]
    if required:
        raise FetchFailed(UNKNOWN.format(ids=listed(required, len(required))))
    return unknown


def _about_indicators(asked: Wanted) -> list[Question]:
    return [
        Question("kpi", f"/kpi/{','.join(part)}", {"id": frozenset(part)})
        for part in _parts(asked.indicator_ids)
    ]


def _about_units(asked: Wanted) -> list[Question]:
    return [
        Question("ou", f"/ou?municipality={each}", {"municipality": frozenset([each])})
        for each in asked.municipality_ids
    ]


def _about_values(
    kind: str, column: str, parts: Sequence[Sequence[str]], indicator_ids: Sequence[str], years: Sequence[int]
) -> Iterator[Question]:
    """Questions for the values of indicators in years; of units where column and parts say whose."""
    texts = [str(year) for year in years]
    for part, kpis, periods in product(parts, _parts(indicator_ids), _parts(texts)):
        whose = f"/{column}/{','.join(part)}" if column else ""
        path = f"/{kind}/kpi/{','.join(kpis)}{whose}/year/{','.join(periods)}"
        only = {"kpi": frozenset(kpis), "period": frozenset(periods)}
        yield Question(kind, path, only | ({column: frozenset(part)} if column else {}))


def _parts(ids: Sequence[str]) -> list[tuple[str, ...]]:
    return [tuple(ids[at : at + IDS_IN_PATH]) for at in range(0, len(ids), IDS_IN_PATH)]


@dataclass
class _Lists:
    """The lists, told of as so many questions."""

    kolada: Kolada
    course: _Course
    expected: int
    done: int = 0

    def rows(self, questions: Sequence[Question]) -> list[Row]:
        """All rows of the answers."""
        found: list[Row] = []
        for question in questions:
            self.course.say(f"Hämtar {_LISTS[question.kind]}.", SHARE_OF_LISTS * self.done / self.expected)
            for rows in self.kolada.pages(question):
                found += rows
            self.done = min(self.done + 1, self.expected)
        return found


_LISTS = {
    "kpi": "uppgifter om nyckeltalen",
    "municipality": "listan över kommuner",
    "municipality_groups": "grupperna av kommuner",
    "ou": "listan över skolor",
}


@dataclass
class _Values:
    """The values, told of as pages: how many there can be at most is known beforehand."""

    kolada: Kolada
    course: _Course
    places: int
    expected: int = 1
    done: int = 0

    def most_pages(self, question: Question) -> int:
        """How many pages the answer has when every place has a value in every year."""
        places = len(question.asked.get("ou", ())) or self.places
        rows = places * len(question.asked["kpi"]) * len(question.asked["period"])
        return max(1, -(-rows // ROWS_ON_PAGE))

    def pages(self, questions: Sequence[Question], whose: str) -> Iterator[Sequence[Row]]:
        """The rows of each page of the answers."""
        for question in questions:
            most = self.most_pages(question)
            for number, rows in enumerate(self.kolada.pages(question), 1):
                yield rows
                self._tell(whose, min(number, most))
            self.done += most
            self._tell(whose, 0)

    def _tell(self, whose: str, pages: int) -> None:
        part = (self.done + pages) / self.expected
        told = f"Hämtar värden för {whose}: {round(100 * part)} % av alla sidor."
        self.course.say(told, SHARE_OF_LISTS + (1 - SHARE_OF_LISTS) * part)

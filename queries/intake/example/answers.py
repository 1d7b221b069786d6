"""How many of those who were asked answered each survey: the response rate that belongs to the numbers of answers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from queries.intake.example.counting import Outcome, outcome, percent
from queries.intake.example.people import UnitYears, pupils
from queries.intake.example.places import HIGH_SCHOOL, PRESCHOOLS, SCHOOLS, Unit


@dataclass(frozen=True)
class Survey:
    """rate_id is the indicator of the response rate; asked are the units and their grades, (0, 0) for all children."""

    rate_id: str
    indicator_ids: tuple[str, ...]
    units: tuple[Unit, ...]
    grades: tuple[int, int]
    source: str


SURVEYS = (
    Survey("L47", ("L05", "L06"), SCHOOLS, (4, 9), "enkat"),
    Survey("L48", ("L12",), PRESCHOOLS, (0, 0), "enkat"),
    Survey("E37", ("N15603", "N15613", "N15614", "N15629"), SCHOOLS, (5, 5), "elevenkat"),
    Survey("E38", ("N15633", "N15643", "N15659"), SCHOOLS, (8, 8), "elevenkat"),
    Survey("E39", ("N17663", "N17673"), (HIGH_SCHOOL,), (0, 0), "elevenkat"),
)


def rate_rows(seed: int, people: UnitYears, results: Iterable[Outcome]) -> Iterator[Outcome]:
    """One row per survey, unit (empty = the whole municipality) and year with answers.

    Whoever answered one of the questions has answered: the question with most answers counts.
    """
    answers: dict[tuple[str, str | None, int], int] = {}
    for row in results:
        if row["gender"] == "T" and row["n"] is not None:
            key = (str(row["indicator_id"]), row["unit_id"], int(str(row["year"])))
            answers[key] = int(str(row["n"]))
    for survey in SURVEYS:
        yield from _rates(survey, seed, people, answers)


def _rates(
    survey: Survey, seed: int, people: UnitYears, answers: Mapping[tuple[str, str | None, int], int]
) -> Iterator[Outcome]:
    years = sorted({year for indicator_id, _, year in answers if indicator_id in survey.indicator_ids})
    for year in years:
        answered, asked = 0, 0
        for unit in filter(lambda unit: unit.is_open(year), survey.units):
            n = _asked(survey, seed, unit, year, people)
            own = max(
                (answers.get((each, unit.unit_id, year), 0) for each in survey.indicator_ids), default=0
            )
            if n and own:
                answered, asked = answered + own, asked + n
                yield _rate(survey, unit.unit_id, year, own, n)
        if asked:
            yield _rate(survey, None, year, answered, asked)


def _asked(survey: Survey, seed: int, unit: Unit, year: int, people: UnitYears) -> int:
    if unit is HIGH_SCHOOL:
        return int(people[unit.unit_id, year]) // 3
    if survey.grades == (0, 0):
        return int(people[unit.unit_id, year])
    return sum(pupils(seed, unit, year, survey.grades).values())


def _rate(survey: Survey, unit_id: str | None, year: int, answered: int, asked: int) -> Outcome:
    # The number of pupils in a year of the upper secondary school is drawn for itself, and may lie below the answers.
    value = percent(min(answered, asked), asked)
    return outcome(survey.rate_id, unit_id, year, "T", value, None, survey.source)

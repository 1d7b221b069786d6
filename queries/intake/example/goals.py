"""Goals over the years, their indicators and targets, and the verdicts reported on them.

A verdict follows from the outcomes and the targets, except where PLANTED_DISAGREEMENTS says otherwise: there
the reported word and the computed outcome must be seen to differ.
"""

from __future__ import annotations

import datetime as dt
import math
import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import pandas as pd

from queries.intake.example.frames import frame
from queries.intake.example.places import RENAMED_SCHOOL, SCHOOLS, STRONG_SCHOOL, WEAK_SCHOOL, YEARS

LAST = YEARS[-1]
MET, PARTLY, NOT_MET, NOT_ASSESSED = "met", "partly", "not_met", "not_assessed"
WORDS = {
    MET: ("Uppnått", "Målet är uppfyllt"),
    PARTLY: ("Delvis uppnått",),
    NOT_MET: ("Ej uppnått",),
    NOT_ASSESSED: ("Ej bedömt",),
}
TESTS_CANCELLED = "Ej bedömt - provet ställdes in"
ASSESSED = {**{year: dt.date(year, 12, 31) for year in YEARS}, LAST: dt.date(LAST, 9, 30)}


@dataclass(frozen=True)
class Goal:
    """One goal. names: first year → the name from then on. last_verdict is the word reported in 2026."""

    goal_id: str
    number: str
    parent: str | None
    names: Mapping[int, str]
    perspective: str | None = None
    is_priority: bool = False
    owner_role: str | None = None
    years: range = YEARS
    indicators: tuple[str, ...] = ()
    description: str | None = None
    last_verdict: str | None = None
    level: str = "committee"

    def name(self, year: int) -> str:
        """The name in the plan of that year."""
        return self.names[max(start for start in self.names if start <= year)]


_F = YEARS[0]
COUNCIL_GOALS = (
    Goal(
        "K1",
        "1",
        None,
        {_F: "En trygg uppväxt i hela kommunen"},
        level="council",
        owner_role="Kommunstyrelsen",
    ),
    Goal("K2", "2", None, {_F: "Utbildning som öppnar vägar"}, level="council", owner_role="Kommunstyrelsen"),
    Goal(
        "K3",
        "3",
        None,
        {_F: "Hållbar ekonomi och goda arbetsplatser"},
        level="council",
        owner_role="Kommunstyrelsen",
    ),
)
COMMITTEE_GOALS = (
    Goal("N01", "1", "K1", {_F: "Alla barn och elever är trygga"}, "Medborgare", True, "Skolchef",
         indicators=("L05", "N15613", "N15643"), last_verdict=MET,
         description="Ingen ska behöva vara orolig på väg till, i eller från skolan."),
    Goal("N02", "2", "K1", {_F: "Vårdnadshavare är nöjda med förskolan"}, "Medborgare", False,
         "Verksamhetschef förskola",
         indicators=("L12",), last_verdict=MET, description="Familjer möts av en förskola som lyssnar."),
    Goal("N12", "12", "K1", {2024: "Elever litar på att vuxna ingriper"}, "Medborgare", False,
         "Verksamhetschef grundskola",
         range(2024, 2027), ("N15644",), "Nytt mål från 2024.", NOT_ASSESSED),
    Goal("N03", "3", "K2", {_F: "Varje lektion präglas av studiero"}, "Verksamhet", True,
         "Verksamhetschef grundskola",
         indicators=("L06",), last_verdict=MET,
         description="Elever kan koncentrera sig och lärare kan undervisa."),
    Goal("N04", "4", "K2", {_F: "Alla elever lämnar grundskolan med godkända betyg"}, "Verksamhet", True,
         "Verksamhetschef grundskola", indicators=("N15419", "N15436", "N15505"), last_verdict=PARTLY,
         description="Betygen i årskurs 9 ska öppna vägen till gymnasiet."),
    Goal("N05", "5", "K2", {_F: "Varje elev läser, skriver och räknar tidigt"}, "Verksamhet", False,
         "Verksamhetschef grundskola", indicators=("L07", "L08"), last_verdict=PARTLY,
         description="Stöd sätts in före årskurs 4."),
    Goal("N06", "6", "K2", {_F: "Elever är i skolan varje dag"}, "Verksamhet", True, "Chef för elevhälsan",
         indicators=("L01", "L03"), last_verdict=PARTLY, description="Frånvaro upptäcks och utreds tidigt."),
    Goal("N07", "7", "K2", {_F: "Fler unga tar gymnasieexamen"}, "Verksamhet", False, "Gymnasiechef",
         indicators=("L17", "N17461"), last_verdict=MET,
         description="Studierna ska gå att slutföra på tre år."),
    Goal("N09", "9", "K3", {_F: "Behöriga lärare i alla ämnen",
         2023: "Behörig personal i tillräckligt antal"},
         "Medarbetare", False, "HR-chef", indicators=("N15814", "L11", "L09", "L10"), last_verdict=PARTLY,
         description="Omfattar sedan 2023 även förskolan."),
    Goal("N10", "10", "K3", {_F: "Medarbetare mår bra på jobbet"}, "Medarbetare", False, "HR-chef",
         indicators=("L15", "U15200"), last_verdict=NOT_MET, description="Sjukfrånvaron ska minska på alla enheter."),
    Goal("N08", "8", "K3", {_F: "Resurser fördelas efter barns och elevers behov"}, "Ekonomi", False,
         "Ekonomichef",
         last_verdict=MET, description="Bedöms utan indikator."),
    Goal("N11", "11", "K3", {_F: "Ekonomin är i balans på varje enhet"}, "Ekonomi", False, "Ekonomichef",
         indicators=("L16",), last_verdict=NOT_MET, description="Enheterna klarar sitt resultatkrav."),
    Goal("N13", "13", "K3", {_F: "Alla lektioner registreras samma dag"}, "Verksamhet", False,
         "Administrativ chef",
         range(2021, 2023), ("L04",), "Utgick när det nya registreringssättet infördes."),
)  # fmt: skip
IMPROVEMENT_AREAS = (
    Goal("F1", "1", "K2", {_F: "Undervisning som når alla"}, years=YEARS, owner_role="Skolchef"),
    Goal("F2", "2", "K3", {_F: "God ordning i ekonomin", 2024: "God ordning i ekonomi och lokaler"},
         owner_role="Ekonomichef"),
    Goal("F3", "3", "K1", {_F: "Trygga raster och korridorer"}, years=range(2021, 2024),
         owner_role="Chef för elevhälsan",
         description="Uppgår från 2024 i Trygghet och närvaro."),
    Goal("F4", "4", "K2", {_F: "Närvaro varje dag"}, years=range(2021, 2024),
         owner_role="Chef för elevhälsan",
         description="Uppgår från 2024 i Trygghet och närvaro."),
    Goal("F5", "3", "K1", {2024: "Trygghet och närvaro"}, years=range(2024, 2027),
         owner_role="Chef för elevhälsan",
         description="Slår samman Trygga raster och korridorer (F3) och Närvaro varje dag (F4)."),
    Goal("F6", "4", "K2", {2024: "Språket i alla ämnen"}, years=range(2024, 2027), owner_role="Skolchef"),
)  # fmt: skip

# (goal, year) where the reported verdict and the computed one differ on purpose.
PLANTED_DISAGREEMENTS = (("N03", LAST), ("N10", LAST))
PRIORITY_GOALS = tuple(goal for goal in COMMITTEE_GOALS if goal.is_priority)


@dataclass(frozen=True)
class Path:
    """A target: its value in 2021, what it moves a year, where it stops, and whether 2026 must be reached."""

    operator: str
    start: float
    step: float
    stop: float
    reached: bool | None = None


PATHS: Mapping[str, Path] = {
    "L05": Path(">=", 87, 0.2, 90, True),
    "N15613": Path(">=", 85, 0.5, 88),
    "N15643": Path(">=", 80, 0.5, 83),
    "L12": Path(">=", 89.8, 0.2, 92, True),
    "N15644": Path(">=", 66, 1, 75),
    "L06": Path(">=", 63, 0.5, 70, False),
    "N15419": Path(">=", 72, 1, 80, False),
    "N15436": Path(">=", 84, 0.3, 88, True),
    "N15505": Path(">=", 222, 0.5, 228, True),
    "N15485": Path(">=", 86, 0.3, 88),
    "N15488": Path(">=", 91, 0.3, 93),
    "L07": Path(">=", 73, 0.5, 78, True),
    "L08": Path(">=", 69, 0.5, 74, False),
    "L01": Path("<=", 11, 0, 10, False),
    "L03": Path(">=", 25, 5, 100, True),
    "L17": Path(">=", 67, 0.5, 74, True),
    "N17461": Path(">=", 63, 0.5, 75, True),
    "N15814": Path(">=", 72, 0.5, 78, True),
    "L11": Path(">=", 44, 0.5, 48, False),
    "L09": Path("<=", 5.2, 0, 5.2, True),
    "L10": Path("<=", 5.2, 0, 5.2),
    "L15": Path("<=", 7.8, -0.1, 6.5, True),
    "L16": Path(">=", 0, 0, 0, False),
    "L04": Path(">=", 90, 1, 95),
}
# A school of its own path: percentage points from the municipality's target.
_SCHOOL_TARGETS = {STRONG_SCHOOL: 6.0, WEAK_SCHOOL: -8.0, RENAMED_SCHOOL: -3.0}


def goal_tables(seed: int, outcomes: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """goals, goal_indicators, targets and goal_verdicts."""
    values = _values(outcomes)
    targets = _targets(values)
    return {
        "goals": frame("goals", _goal_rows()),
        "goal_indicators": frame(
            "goal_indicators",
            [
                {"goal_id": goal.goal_id, "indicator_id": indicator_id}
                for goal in COMMITTEE_GOALS
                for indicator_id in goal.indicators
            ],
        ),
        "targets": frame("targets", _target_rows(targets)),
        "goal_verdicts": frame("goal_verdicts", _verdict_rows(seed, values, targets)),
    }


Cell = tuple[str, str | None, int]


def _values(outcomes: pd.DataFrame) -> dict[Cell, float]:
    known = outcomes[(outcomes["gender"] == "T") & (outcomes["marker"] == "")]
    return {
        (indicator_id, None if pd.isna(unit_id) else unit_id, int(year)): float(value)
        for indicator_id, unit_id, year, value in zip(
            *(known[name] for name in ("indicator_id", "unit_id", "year", "value")), strict=True
        )
    }


def _goal_rows() -> Iterator[dict[str, object]]:
    areas = [
        Goal(**{**vars(area), "level": "improvement_area", "perspective": None}) for area in IMPROVEMENT_AREAS
    ]
    for goal in (*COUNCIL_GOALS, *COMMITTEE_GOALS, *areas):
        for year in goal.years:
            yield {
                "goal_id": goal.goal_id,
                "year": year,
                "level": goal.level,
                "parent_goal_id": goal.parent,
                "goal_number": goal.number,
                "name": goal.name(year),
                "description": goal.description,
                "perspective": goal.perspective,
                "is_priority": goal.is_priority,
                "owner_role": goal.owner_role,
                "source_id": "exempel-forbattringsplan"
                if goal.level == "improvement_area"
                else "exempel-malplan",
            }


def _targets(values: Mapping[Cell, float]) -> dict[Cell, float]:
    """The decided path of each indicator, moved in 2026 so that the planned verdicts come true."""
    targets: dict[Cell, float] = {}
    for indicator_id, path in PATHS.items():
        first = 2024 if indicator_id == "N15644" else YEARS[0]
        for year in range(first, LAST + 3):
            moved = path.start + path.step * (year - YEARS[0])
            targets[indicator_id, None, year] = round(
                min(path.stop, moved) if path.step > 0 else max(path.stop, moved), 1
            )
        outcome = values.get((indicator_id, None, LAST))
        if outcome is not None and path.reached is not None:
            _settle(targets, indicator_id, path, outcome)
    for unit_id, distance in _SCHOOL_TARGETS.items():
        for year in range(YEARS[0], LAST + 3):
            targets["N15419", unit_id, year] = round(targets["N15419", None, year] + distance, 1)
    return targets


def _settle(targets: dict[Cell, float], indicator_id: str, path: Path, outcome: float) -> None:
    target = targets[indicator_id, None, LAST]
    if _is_reached(path.operator, outcome, target) == path.reached:
        return
    better = path.operator == ">="
    # The nearest whole step on the wanted side of the outcome.
    settled = float(math.floor(outcome) if better == path.reached else math.ceil(outcome))
    if not path.reached and settled == outcome:
        settled += 1 if better else -1
    for year in range(LAST, LAST + 3):
        targets[indicator_id, None, year] = round(settled + path.step * (year - LAST), 1)


def _is_reached(operator: str, value: float, target: float) -> bool:
    return value >= target if operator == ">=" else value <= target


def _target_rows(targets: Mapping[Cell, float]) -> Iterator[dict[str, object]]:
    for (indicator_id, unit_id, year), target in targets.items():
        yield {
            "indicator_id": indicator_id,
            "unit_id": unit_id,
            "year": year,
            "operator": PATHS[indicator_id].operator,
            "target_value": target,
            "source_id": "exempel-malplan",
        }


def _verdict_rows(
    seed: int, values: Mapping[Cell, float], targets: Mapping[Cell, float]
) -> Iterator[dict[str, object]]:
    rng = random.Random(f"{seed}-verdicts")
    for goal in COMMITTEE_GOALS:
        for year in goal.years:
            verdict = _verdict(goal, year, values, targets)
            raw = TESTS_CANCELLED if (goal.goal_id, year) == ("N05", 2021) else rng.choice(WORDS[verdict])
            yield _verdict_row(goal, year, None, raw, _comment(goal, year, verdict), "exempel-maluppfyllelse")
    for goal in PRIORITY_GOALS:
        for unit in SCHOOLS:
            for year in filter(unit.is_open, YEARS):
                verdict = computed(goal, year, unit.unit_id, values, targets) or NOT_ASSESSED
                if verdict != NOT_ASSESSED:
                    raw = rng.choice(WORDS[verdict])
                    yield _verdict_row(goal, year, unit.unit_id, raw, None, "exempel-skolbedomning")


def _verdict_row(
    goal: Goal, year: int, unit_id: str | None, raw: str, comment: str | None, source_id: str
) -> dict[str, object]:
    return {
        "verdict_id": "-".join(("b", goal.goal_id, str(year), *([unit_id] if unit_id else []))),
        "year": year,
        "goal_id": goal.goal_id,
        "unit_id": unit_id,
        "verdict_raw": raw,
        "assessed_date": ASSESSED[year],
        "comment": comment,
        "source_id": source_id,
    }


def _verdict(goal: Goal, year: int, values: Mapping[Cell, float], targets: Mapping[Cell, float]) -> str:
    if year == LAST and goal.last_verdict:
        return goal.last_verdict
    if not goal.indicators:
        # Judged by the administration alone; nothing in the figures can contradict it.
        return PARTLY if year < 2023 else MET
    return computed(goal, year, None, values, targets) or NOT_ASSESSED


def computed(
    goal: Goal, year: int, unit_id: str | None, values: Mapping[Cell, float], targets: Mapping[Cell, float]
) -> str | None:
    """met when every indicator with value and target reaches it, not_met when none does; None without any."""
    # A school with a target of its own is judged by that; the others by the municipality's.
    own = [indicator_id for indicator_id in goal.indicators if (indicator_id, unit_id, year) in targets]
    judged_as = unit_id if own else None
    answers = [
        _is_reached(
            PATHS[indicator_id].operator,
            values[indicator_id, unit_id, year],
            targets[indicator_id, judged_as, year],
        )
        for indicator_id in (own or goal.indicators)
        if (indicator_id, unit_id, year) in values and (indicator_id, judged_as, year) in targets
    ]
    if not answers:
        return None
    return MET if all(answers) else PARTLY if any(answers) else NOT_MET


def _comment(goal: Goal, year: int, verdict: str) -> str | None:
    if goal.goal_id == "N05" and year == 2021:
        return "Inga resultat finns att bedöma."
    if verdict == NOT_ASSESSED:
        return "Enkätfrågan har inte besvarats i kommunen."
    if year != LAST:
        return None
    return {
        "N03": "Förvaltningen bedömer att arbetet ger resultat fast enkäten är under målvärdet.",
        "N10": "Skillnaderna mellan enheter är för stora för att målet ska vara uppnått.",
        "N08": "Ny fördelningsmodell används av alla enheter.",
        "N06": "Fler utredningar är påbörjade, men frånvaron ligger kvar.",
    }.get(goal.goal_id)

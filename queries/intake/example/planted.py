"""Actions written out by hand: the contradictions that a reader or a rule must be able to see.

They stand whatever the seed is; actions drawn at random never contradict themselves in these ways.
"""

from __future__ import annotations

import datetime as dt

from queries.intake.example.places import WEAK_SCHOOL
from queries.intake.example.reporting import GOALS, POINTS, Action, Due, Report, area_name

# (action_id, rule): what comparing a report's words, dates and earlier reports must bring to light.
PLANTED: list[tuple[str, str]] = [
    ("2026-71", "on_schedule_but_moved"),
    ("2026-72", "on_schedule_but_moved"),
    ("2026-73", "on_schedule_but_moved"),
    ("2026-74", "done_but_remains"),
    ("2025-75", "done_but_remains"),
    ("2026-76", "open_without_new_date"),
    ("2026-77", "open_without_new_date"),
    ("2026-78", "reason_missing"),
    ("2026-79", "reason_missing"),
    ("2025-80", "closed_by_decision"),
    ("2026-81", "same_text_two_areas"),
    ("2026-82", "same_text_two_areas"),
    ("2026-83", "status_and_date_disagree"),
]
_SAME_TEXT = "Ta fram gemensamt årshjul för uppföljning på enheterna"

_D1, _D2 = dt.date(2026, 4, 30), dt.date(2026, 9, 30)
_POINT1, _POINT2, _POINT3 = (Due(point=name) for name, _, _ in POINTS)


def _on(year: int, month: int, day: int) -> Due:
    return Due(date=dt.date(year, month, day))


def _written(
    number: int, goal_id: str, title: str, *reports: Report, year: int = 2026, unit_id: str | None = None
) -> Action:
    goal = GOALS[goal_id]
    area = area_name(goal_id, year)
    return Action(f"{year}-{number}", year, "activity", goal, title, reports, unit_id, area, goal.owner_role)


def written_actions() -> tuple[Action, ...]:
    """The planted contradictions, one action with an unknown status word and two that are simply late."""
    end_2025 = dt.date(2025, 12, 31)
    once_more = "Pågår enligt tidsplan"
    return (
        _written(71, "N06", "Upphandla stöd för frånvaroanalys",
                 Report(_D1, once_more, _on(2026, 6, 15)),
                 Report(_D2, once_more, _on(2026, 12, 15), "Avtalet har dragit ut på tiden.")),
        _written(72, "N05", "Införa gemensamt kartläggningsmaterial i matematik",
                 Report(_D1, once_more, _POINT2),
                 Report(_D2, once_more, _POINT3, "Materialet provas i två klasser.")),
        _written(73, "N09", "Ta fram introduktionsprogram för nyanställda",
                 Report(_D1, "Pågående", _on(2026, 5, 31), "Arbetsgrupp är utsedd."),
                 Report(_D2, once_more, _on(2026, 11, 30))),
        _written(74, "N01", "Revidera planen mot kränkande behandling",
                 Report(_D1, "Pågående", _POINT2, "Utkast finns."),
                 Report(_D2, "Genomfört", _POINT2, "Planen är skriven, förankring i elevråden kvarstår.")),
        _written(75, "N11", "Lägga om avtal för kopiering och utskrift",
                 Report(dt.date(2025, 9, 30), "Pågår enligt tidsplan", _POINT3),
                 Report(end_2025, "Genomfört", _POINT3, "Tre enheter återstår att koppla in."), year=2025),
        _written(76, "N03", "Kartlägga ljudnivåer i matsalar",
                 Report(_D1, "Pågående", _on(2026, 6, 30), "Mätning bokad."),
                 Report(_D2, "Pågående", _on(2026, 6, 30), "Mätning genomförd på hälften av skolorna.")),
        _written(77, "N10", "Införa gemensam rutin för rehabilitering",
                 Report(_D1, "Ej påbörjat", _POINT1, "Startar när HR-resurs är tillsatt."),
                 Report(_D2, "Pågående", _POINT1, "Arbetet har inletts.")),
        _written(78, "N04", "Utveckla studievägledning i årskurs 8",
                 Report(_D1, "Pågående", _POINT2, "Arbetsgrupp är utsedd."),
                 Report(_D2, "Kvarstår", _on(2026, 12, 15))),
        _written(79, "N02", "Genomföra öppet hus på alla förskolor",
                 Report(_D1, "Pågår enligt tidsplan", _on(2026, 5, 20)),
                 Report(_D2, "Ej genomfört", _on(2026, 5, 20))),
        _written(80, "N08", "Införa avgift för sen hämtning",
                 Report(dt.date(2025, 4, 30), "Ej påbörjat", _POINT2, "Väntar på politiskt beslut."),
                 Report(dt.date(2025, 9, 30), "Ej genomfört", _POINT2,
                        "Nämnden beslutade att inte införa avgiften."),
                 year=2025),
        _written(81, "N03", _SAME_TEXT,
                 Report(_D1, "Pågående", _POINT3, "Utkast tas fram."),
                 Report(_D2, "Pågående", _POINT3, "Utkast på remiss hos rektorer.")),
        _written(82, "N11", _SAME_TEXT,
                 Report(_D1, "Pågående", _POINT3, "Utkast tas fram."),
                 Report(_D2, "Genomfört", _POINT3, "Årshjulet är beslutat.")),
        _written(83, "N07", "Starta mentorsprogram på gymnasiet",
                 Report(_D1, "Pågående", _on(2026, 8, 31), "Samarbete med företagare."),
                 Report(_D2, "Genomfört", _on(2027, 3, 31), "Ny omgång av mentorer.")),
        _written(84, "N12", "Pröva elevledda samtal om trygghet",
                 Report(_D1, "Pågående", _POINT3, "Två klasser deltar."),
                 Report(_D2, "Parkerad", _POINT3, "Avvaktar nationella riktlinjer."), unit_id=WEAK_SCHOOL),
        # Late without contradicting anything: due at the newest report point, and the reason is told.
        _written(85, "N06", "Anställa skolsocionom i Norra området",
                 Report(_D1, "Pågår enligt tidsplan", _POINT2, "Annons ute."),
                 Report(_D2, "Kvarstår pga vakant tjänst", _POINT2, "Tjänsten är utlyst på nytt.")),
        _written(86, "N05", "Bygga ut läsverkstad till alla lågstadier",
                 Report(_D1, "Pågående", _POINT2, "Fyra av nio skolor är igång."),
                 Report(_D2, "Pågående", _POINT2, "Väntar på lokaler på två skolor.")),
    )  # fmt: skip

"""What a meeting goes through, point by point, as packs of pieces: the dialogue meetings and the committee's own.

An agenda is a list: to add a point is to add a line here. Page and pack take it from here alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from urllib.parse import urlencode

from pages.parts import committee_pieces as committee
from pages.parts.attendance import attendance_pieces
from pages.parts.complaints import complaint_pieces
from pages.parts.deviations import deviation_piece
from pages.parts.economy import forecast_piece, months_piece
from pages.parts.filters import Filters
from pages.parts.meeting_pieces import first_sections
from pages.parts.own_capital import capital_piece, requirement_path_piece, requirement_piece
from pages.parts.pieces import Pack, Piece, Section
from pages.parts.reporting import reporting_piece
from pages.parts.school_pieces import school_summary_piece
from pages.parts.staffing import staffing_piece, staffing_units_piece
from pages.parts.surveys import survey_pieces
from pages.parts.volumes import volume_piece
from queries import clock, places
from queries.connection import Exports
from queries.dialogue import Meeting

Answer = Callable[[Exports, Filters], Piece | list[Piece]]
Points = Sequence[tuple[str, Sequence[Answer]]]

# Ahead: what the year to come starts from, and what is proposed for it.
AUTUMN: Points = (
    ("Volym och marknadsandel", (volume_piece,)),
    (
        "Kvalitet",
        (school_summary_piece, committee.unit_position_piece, attendance_pieces, survey_pieces),
    ),
    ("Personal", (staffing_piece, staffing_units_piece)),
    ("Ekonomi", (months_piece, forecast_piece, requirement_piece, capital_piece, deviation_piece)),
    (
        "Mål och resultatkrav framåt",
        (committee.targets_piece, committee.plans_piece, requirement_path_piece),
    ),
    ("Åtgärder", (committee.actions_piece, committee.open_actions_piece)),
    ("Påpekanden", (committee.remarks_piece,)),
)
# Back: what the year brought, what it cost, and what is done with a surplus.
SPRING: Points = (
    ("Måluppfyllelse", (committee.goals_piece, committee.each_goal_piece)),
    (
        "Kvalitet",
        (
            school_summary_piece,
            committee.unit_position_piece,
            attendance_pieces,
            survey_pieces,
            complaint_pieces,
        ),
    ),
    ("Resultat och överskott", (requirement_path_piece, requirement_piece, capital_piece)),
    ("Åtgärder", (committee.actions_piece, committee.open_actions_piece)),
    ("Påpekanden", (committee.remarks_piece,)),
)
COMMITTEE: Points = (
    ("Mål", (committee.goals_piece, committee.each_goal_piece, committee.plans_piece)),
    ("Målvärden", (committee.targets_piece,)),
    ("Läget mot andra", (committee.position_piece,)),
    ("Närvaro", (attendance_pieces,)),
    ("Personal", (staffing_piece, staffing_units_piece)),
    ("Ekonomi", (reporting_piece, forecast_piece, requirement_piece, capital_piece, deviation_piece)),
    ("Åtgärder", (committee.actions_piece, committee.open_actions_piece)),
    ("Påpekanden", (committee.remarks_piece,)),
)
# What is asked of units of some school forms only, and what is asked of one unit or of several only.
FORMS: Mapping[Answer, tuple[str, ...]] = {
    staffing_piece: ("forskola",),
    attendance_pieces: ("grundskola", "gymnasieskola"),
}
OF_ONE: tuple[Answer, ...] = (school_summary_piece, committee.unit_position_piece)
OF_SEVERAL: tuple[Answer, ...] = (staffing_units_piece,)


def meeting_agenda(opened: Exports, chosen: Filters, meeting: Meeting, address: str = "") -> Pack:
    """What a dialogue meeting of one unit, an area or the whole municipality goes through. address: where the site is."""
    asked = replace(chosen, year=year_of_meeting(opened, chosen, meeting))
    points = AUTUMN if meeting.kind == "autumn" else SPRING
    query = {"mote": meeting.name} | ({"omrade": chosen.area} if chosen.area else {})
    sections = (*first_sections(opened, chosen, meeting), *_sections(opened, asked, points))
    return _pack(opened, asked, f"Dialogmöte {meeting.name}", sections, f"{address}/dialogmote", query)


def committee_agenda(opened: Exports, chosen: Filters, address: str = "") -> Pack:
    """What the committee's own meeting is given: the state of goals, actions, position and remarks."""
    title = f"Underlag till {chosen.committee or 'nämnden'}"
    return _pack(opened, chosen, title, _sections(opened, chosen, COMMITTEE), f"{address}/", {})


def year_of_meeting(opened: Exports, chosen: Filters, meeting: Meeting) -> int | None:
    """The year a meeting is about: the chosen one, else the autumn's own or, in spring, the year before.

    None, which is the newest, where nothing is known of that year yet.
    """
    if chosen.year:
        return chosen.year
    about = meeting.year if meeting.kind == "autumn" else meeting.year - 1
    known = places.years(opened, municipality_id=chosen.municipality_id)["year"]
    return about if about in set(known) else None


def _sections(opened: Exports, chosen: Filters, points: Points) -> tuple[Section, ...]:
    units = places.units(opened, municipality_id=chosen.municipality_id)
    forms = set(units.loc[units["unit_id"] == chosen.unit_id, "school_form"])
    found = (
        (name, tuple(_pieces(opened, chosen, [each for each in answers if _fits(each, chosen, forms)])))
        for name, answers in points
    )
    return tuple(Section(name, pieces) for name, pieces in found if pieces)


def _pieces(opened: Exports, chosen: Filters, answers: Sequence[Answer]) -> Iterator[Piece]:
    for answer in answers:
        made = answer(opened, chosen)
        yield from [made] if isinstance(made, Piece) else made


def _fits(answer: Answer, chosen: Filters, forms: set[str]) -> bool:
    if chosen.unit_id is None:
        return answer not in OF_ONE
    return answer not in OF_SEVERAL and (answer not in FORMS or bool(forms & set(FORMS[answer])))


def _pack(
    opened: Exports,
    chosen: Filters,
    title: str,
    sections: tuple[Section, ...],
    page: str,
    query: dict[str, str],
) -> Pack:
    choice = {"version": str(opened.version), "kommun": chosen.municipality, **query}
    choice |= {"skola": chosen.unit} if chosen.unit else {}
    choice |= {"ar": str(chosen.year)} if chosen.year else {}
    return Pack(
        title,
        chosen.in_words(chosen.year),
        clock.today(),
        opened.version,
        f"{page}?{urlencode(choice)}",
        chosen.is_invented,
        sections,
    )

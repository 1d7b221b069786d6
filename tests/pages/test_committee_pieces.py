"""Pieces of a committee meeting: the page and the pack tell the same numbers."""

from __future__ import annotations

import re

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from pages.parts import agendas
from pages.parts import committee_pieces as committee
from pages.parts.filters import Filters
from pages.parts.pieces import Pack, alternative
from pages.parts.words import NO_BREAK
from queries.connection import Exports, Library
from queries.dialogue import Meeting
from tests.pages.conftest import Visit

EVERY = (
    committee.goals_piece,
    committee.each_goal_piece,
    committee.plans_piece,
    committee.targets_piece,
    committee.actions_piece,
    committee.open_actions_piece,
    committee.position_piece,
    committee.unit_position_piece,
    committee.remarks_piece,
)
SCHOOL = ("19901103", "Ljungtjärnshöjdens skola")


@pytest.fixture(scope="module")
def exports(embedded_library: Library) -> Exports:
    return embedded_library.open(None)


def choice(code: str, name: str, unit: tuple[str, str] | tuple[None, None] = (None, None)) -> Filters:
    return Filters(code, name, None, code == "9901", *unit, None, ())


def tables_of(app: AppTest) -> list[pd.DataFrame]:
    return [each.value for each in app.table]


@pytest.mark.parametrize("code,name", [("0580", "Linköping"), ("9901", "Exempelkommunen"), ("0125", "Ekerö")])
def test_the_page_and_the_piece_tell_the_same_goals(
    exports: Exports, visit: Visit, code: str, name: str
) -> None:
    piece = committee.goals_piece(exports, choice(code, name))
    app = visit("goals.py", kommun=name)
    assert any(piece.sentence in each.value.replace("\\", "") for each in app.markdown)
    assert any(
        shown.to_numpy().tolist() == piece.rows.astype(str).to_numpy().tolist() for shown in tables_of(app)
    )


def test_the_golden_numbers_stand_in_the_pieces(exports: Exports) -> None:
    linkoping = committee.actions_piece(exports, choice("0580", "Linköping"))
    assert linkoping.sentence.replace(NO_BREAK, " ").startswith("20 av 45 åtgärder är klara")
    assert [series.values[0] for series in linkoping.chart.series] == [20, 22, 3]
    ekero = committee.goals_piece(exports, choice("0125", "Ekerö"))
    assert ekero.sentence.replace(NO_BREAK, " ").startswith("7 av 17 mål är uppnådda, 6 delvis och 4 inte.")
    assert [series.values[0] for series in ekero.chart.series] == [7, 6, 4, 0]


def test_the_radar_has_the_spokes_of_the_table_and_a_gap_where_a_value_is_missing(exports: Exports) -> None:
    piece = committee.position_piece(exports, choice("0580", "Linköping"))
    own = piece.chart.series[0]
    assert set(piece.chart.categories) <= set(piece.rows["Nyckeltal"])
    assert None in own.values, "two of Linköping's indicators have no value"
    assert all(value is None or 0 <= value <= 100 for one in piece.chart.series for value in one.values)
    assert "saknas" in alternative(piece)


@pytest.mark.parametrize("make", EVERY)
@pytest.mark.parametrize(
    "code,name", [("0117", "Österåker"), ("0580", "Linköping"), ("9901", "Exempelkommunen")]
)
def test_a_piece_without_rows_says_what_is_missing(exports: Exports, make, code: str, name: str) -> None:
    piece = make(exports, choice(code, name))
    assert piece.question.endswith("?") and piece.sentence.endswith(".")
    assert piece.source or piece.is_empty
    assert piece.chart is None or len(piece.rows)


def test_a_school_lies_beside_its_own_municipality(exports: Exports) -> None:
    piece = committee.unit_position_piece(exports, choice("9901", "Exempelkommunen", SCHOOL))
    assert [series.name for series in piece.chart.series] == [SCHOOL[1], "Exempelkommunen"]


def test_the_link_of_a_pack_opens_the_same_version_and_choice(exports: Exports) -> None:
    chosen = choice("9901", "Exempelkommunen", SCHOOL)
    pack = agendas.meeting_agenda(exports, chosen, Meeting("autumn", 2026), "http://namndkollen.test")
    assert pack.link.startswith("http://namndkollen.test/dialogmote?version=0&kommun=Exempelkommunen&")
    assert "skola=Ljungtj%C3%A4rnsh%C3%B6jdens+skola" in pack.link and "ar=2026" in pack.link
    assert pack.is_invented and SCHOOL[1] in pack.subject


@pytest.mark.parametrize("kind", ["autumn", "spring"])
def test_every_point_of_an_agenda_has_an_answer_and_a_key_of_its_own(exports: Exports, kind: str) -> None:
    packs: list[Pack] = [
        agendas.meeting_agenda(exports, choice("9901", "Exempelkommunen", SCHOOL), Meeting(kind, 2026)),
        agendas.meeting_agenda(exports, choice("9901", "Exempelkommunen"), Meeting(kind, 2026)),
        agendas.committee_agenda(exports, choice("9901", "Exempelkommunen")),
    ]
    for pack in packs:
        keys = [piece.key for piece in pack.pieces]
        assert len(keys) == len(set(keys)) and all(re.fullmatch(r"[a-z0-9_-]+", key) for key in keys)


def test_spring_looks_back_at_the_year_before(exports: Exports) -> None:
    chosen = choice("9901", "Exempelkommunen")
    assert agendas.year_of_meeting(exports, chosen, Meeting("spring", 2026)) == 2025
    assert agendas.year_of_meeting(exports, chosen, Meeting("autumn", 2026)) == 2026
    assert agendas.year_of_meeting(exports, chosen, Meeting("autumn", 2031)) is None

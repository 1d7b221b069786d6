"""The rounds of dialogue meetings, the questions of an agenda and what units share: against their twins, and told cases."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from queries import connection, dialogue, places, registers
from queries.catalogue import UnknownChoice
from queries.connection import Exports, Library
from queries.dialogue import Meeting, meeting_before, meeting_of, meetings
from queries.versions import Store
from tests import dialogue_twins, twins
from tests.conftest import commit, write_table
from tests.dialogue_twins import Round
from tests.queries.test_twins import HOME, MADE_UP, NEIGHBOUR, of_two_municipalities, rows_of, tables_of

UNITS, AREAS = ("u1", "u2"), ("Norra", "Södra")
DAYS = [dt.date(year, month, 20) for year in (2024, 2025) for month in (3, 10)] + [dt.date(2025, 11, 4)]
ASKED = (None, *(Meeting(kind, year) for year in (2024, 2025, 2026) for kind in ("spring", "autumn")))


def as_round(meeting: Meeting | None) -> Round | None:
    if meeting is None:
        return None
    return dialogue_twins.round_of(
        {"meeting_date": dt.date(meeting.year, 1, 1), "meeting_kind": meeting.kind}
    )


def same_as_twins(
    exports: Exports, tables: twins.Tables, municipality_id: str, unit_ids: list[str], area: str | None
) -> None:
    of: dict[str, Any] = {"municipality_id": municipality_id}
    for meeting in ASKED:
        named = {"meeting": meeting.name if meeting else None, "unit_ids": unit_ids}
        agenda = rows_of(dialogue.agenda_questions(exports, **of, **named, area=area))
        assert {row["question_id"]: (row["is_earlier"], row["count_waited"]) for row in agenda} == (
            dialogue_twins.agenda_questions(tables, municipality_id, as_round(meeting), unit_ids, area)
        ), meeting
        topics = rows_of(dialogue.common_topics(exports, **of, **named))
        names = ("count_agreements", "count_untold", "count_units")
        assert {row["topic"]: {name: row[name] for name in names} for row in topics} == (
            dialogue_twins.common_topics(tables, municipality_id, as_round(meeting), unit_ids)
        ), meeting


def same_rounds(exports: Exports, tables: twins.Tables, municipality_id: str) -> None:
    rows = rows_of(dialogue.dialogue_meetings(exports, municipality_id=municipality_id))
    found = {
        as_round(Meeting(row["meeting_kind"], row["year"])): {
            name: value for name, value in row.items() if name not in ("meeting_kind", "year")
        }
        for row in rows
    }
    assert list(found) == sorted(found, reverse=True)
    assert found == dialogue_twins.dialogue_meetings(tables, municipality_id)


@pytest.fixture(scope="module")
def embedded(exports: Exports) -> dict[str, list[twins.Row]]:
    return tables_of(exports)


@pytest.mark.parametrize(
    ("unit_ids", "area"), [([], None), (["19901103"], None), (["19901103", "09901105"], "Norra")]
)
def test_meetings_and_agendas_are_those_of_the_twins(
    exports: Exports, embedded: twins.Tables, unit_ids: list[str], area: str | None
):
    for municipality_id in places.municipalities(exports)["municipality_id"]:
        same_rounds(exports, embedded, municipality_id)
        same_as_twins(exports, embedded, municipality_id, unit_ids, area)


@pytest.mark.parametrize("unit_ids", [[], ["19901102", "19901103"]])
@pytest.mark.parametrize("year", [2020, 2024, 2026])
def test_shared_themes_are_those_of_the_twin(
    exports: Exports, embedded: twins.Tables, unit_ids: list[str], year: int
):
    for municipality_id in places.municipalities(exports)["municipality_id"]:
        of = {"municipality_id": municipality_id, "year": year, "unit_ids": unit_ids}
        rows = rows_of(dialogue.common_themes(exports, **of))
        names = ("count_remarks", "without_effect", "count_units")
        assert {row["theme"]: {name: row[name] for name in names} for row in rows} == (
            dialogue_twins.common_themes(embedded, **of)
        )
        assert all(len(row["unit_names"] or []) == row["count_units"] for row in rows)


@st.composite
def meeting_tables(draw: Callable) -> dict[str, list[dict[str, Any]]]:
    """Agreements and questions of few rounds, some answered late, with units, areas and neither."""
    some = lambda *words: st.sampled_from([None, *words])  # noqa: E731  a cell that a source may leave out
    shared = {
        "meeting_date": st.sampled_from(DAYS),
        "unit_id": some(*UNITS),
        "area": some(*AREAS),
        "source_id": st.just("k"),
    }
    agreement = st.fixed_dictionaries(
        {
            **shared,
            "topic": st.sampled_from(["lokaler", "volym"]),
            "outcome": some("Gjort"),
            "agreed": st.just("Ja"),
        }
    )
    question = st.fixed_dictionaries(
        {
            **shared,
            "answer": some("Svar"),
            "answered_date": some(*DAYS),
            "rule_id": st.sampled_from(["own", "late_action", "okänd"]),
            "question": st.just("Varför?"),
        }
    )
    made = {
        "agreements": [
            {"agreement_id": str(at), **row} for at, row in enumerate(draw(st.lists(agreement, max_size=8)))
        ],
        "meeting_questions": [
            {"question_id": str(at), **row} for at, row in enumerate(draw(st.lists(question, max_size=12)))
        ],
    }
    for row in (*made["agreements"], *made["meeting_questions"]):
        row["municipality_id"] = HOME
        row["meeting_kind"] = "spring" if row["meeting_date"].month < 7 else "autumn"
    return made


@MADE_UP
@given(tables=of_two_municipalities(meeting_tables()))
def test_made_up_meetings_are_those_of_the_twins(publish: Callable[..., Exports], tables: dict[str, Any]):
    opened = publish(**tables)
    for municipality_id in (HOME, NEIGHBOUR):
        same_rounds(opened, tables, municipality_id)
        for unit_ids, area in product(([], ["u1"], list(UNITS)), (None, "Norra")):
            same_as_twins(opened, tables, municipality_id, unit_ids, area)


class TestRounds:
    def test_come_spring_before_autumn_and_go_on_next_year(self):
        autumn = Meeting("spring", 2026).next
        assert (autumn.name, autumn.next.name) == ("hösten 2026", "våren 2027")
        assert Meeting("spring", 2026).round < autumn.round < autumn.next.round

    @pytest.mark.parametrize(("kind", "year"), [("spring", 2027), ("autumn", 1999)])
    def test_are_read_back_from_their_names(self, kind: Any, year: int):
        assert meeting_of(Meeting(kind, year).name) == Meeting(kind, year)

    @pytest.mark.parametrize("name", ["", "hösten", "hösten 26", "sommaren 2026", "2026", "hösten ²026"])
    def test_of_another_name_are_refused(self, name: str):
        with pytest.raises(UnknownChoice, match="hösten 2026"):
            meeting_of(name)

    def test_begin_with_the_one_after_the_newest_told_of(self, exports: Exports):
        found = meetings(exports, municipality_id="9901", today=dt.date(2026, 11, 22))
        assert [meeting.name for meeting in found[:3]] == ["våren 2027", "hösten 2026", "våren 2026"]
        assert found[0].day is None
        assert found[1].day == dt.date(2026, 10, 27)

    def test_to_come_are_never_of_a_season_that_has_passed(self, exports: Exports):
        found = meetings(exports, municipality_id="9901", today=dt.date(2029, 2, 1))
        assert found[0].name == "våren 2029"

    @pytest.mark.parametrize(("month", "name"), [(6, "våren 2026"), (7, "hösten 2026")])
    def test_where_nothing_is_told_are_only_that_of_the_season(self, exports: Exports, month: int, name: str):
        found = meetings(exports, municipality_id="0125", today=dt.date(2026, month, 1))
        assert [meeting.name for meeting in found] == [name]

    def test_know_the_one_before_among_those_told_of(self, exports: Exports):
        found = meetings(exports, municipality_id="9901", today=dt.date(2026, 11, 22))
        assert meeting_before(found, found[0]) == found[1]
        assert meeting_before(found, found[-1]) is None


class TestQuestions:
    def test_wait_from_meeting_to_meeting_until_they_are_answered(self, publish: Callable[..., Exports]):
        asked = {"municipality_id": HOME, "rule_id": "own", "question": "Varför?", "source_id": "k"}
        opened = publish(
            meeting_questions=[
                {**asked, "question_id": "a", "meeting_kind": "autumn", "meeting_date": dt.date(2024, 10, 1),
                 "answer": "Därför.", "answered_date": dt.date(2025, 10, 1)},
                {**asked, "question_id": "b", "meeting_kind": "spring", "meeting_date": dt.date(2025, 3, 1)},
                {**asked, "question_id": "c", "meeting_kind": "autumn", "meeting_date": dt.date(2025, 10, 1)},
            ]
        )  # fmt: skip

        def at(name: str) -> dict[str, int]:
            rows = dialogue.agenda_questions(opened, municipality_id=HOME, meeting=name)
            return dict(zip(rows["question_id"], rows["count_waited"].astype(int), strict=True))

        assert at("hösten 2024") == {"a": 0}
        assert at("våren 2025") == {"a": 1, "b": 0}
        assert at("hösten 2025") == {"a": 2, "b": 1, "c": 0}
        assert at("våren 2026") == {"b": 2, "c": 1}

    def test_of_a_rule_that_is_gone_keep_their_words(self, publish: Callable[..., Exports]):
        row = {"municipality_id": HOME, "question_id": "a", "meeting_kind": "spring", "source_id": "k",
               "meeting_date": dt.date(2025, 3, 1), "rule_id": "taken_out", "question": "Varför?"}  # fmt: skip
        opened = publish(meeting_questions=[row])
        (found,) = rows_of(dialogue.agenda_questions(opened, municipality_id=HOME))
        assert (found["question"], found["topic"]) == ("Varför?", None)


def test_a_version_from_before_a_column_was_there_has_it_empty(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    store = Store((tmp_path,))
    now = connection.table_definitions()
    earlier = {name: text.replace("    area text,\n", "") for name, text in now.items()}
    row = {"municipality_id": HOME, "agreement_id": "a", "meeting_kind": "spring", "topic": "lokaler",
           "meeting_date": dt.date(2025, 3, 1), "agreed": "Ja", "source_id": "k"}  # fmt: skip
    with monkeypatch.context() as patch:
        patch.setattr("tests.conftest.table_definitions", lambda: earlier)
        tables = {"agreements": write_table(store, "agreements", [row])}
    opened = Library(store).open(commit(store, tables))
    (found,) = rows_of(registers.agreement_register(opened, municipality_id=HOME))
    assert (found["agreed"], found["area"]) == ("Ja", None)
    assert dialogue.agenda_questions(opened, municipality_id=HOME).empty

"""What is new between two versions of one municipality: the same sentences as before a publication, and the registers."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from queries.connection import Exports
from queries.news import news
from tests.conftest import Publish

HOME, NEIGHBOUR = "0125", "0580"
OF = {"municipality_id": HOME, "source_id": "k"}
PLACE = {"kind": "municipality", "register": "sverige", "has_own_data": True}
PLACES = [
    {"municipality_id": HOME, "name": "Ekerö", **PLACE},
    {"municipality_id": NEIGHBOUR, "name": "Linköping", **PLACE},
]
GOAL = {
    **OF,
    "goal_id": "g",
    "year": 2020,
    "level": "committee",
    "name": "Trygga elever",
    "is_priority": False,
}
REMARK = {**OF, "year": 2020, "kind": "weakness", "text": "Trångt"}
ITEM = {**OF, "kind": "promise", "raised_date": dt.date(2020, 1, 1)}
AGREED = {
    **OF,
    "meeting_kind": "autumn",
    "meeting_date": dt.date(2020, 10, 1),
    "topic": "Närvaro",
    "agreed": "Följ upp",
}


def verdict(word: str) -> dict[str, Any]:
    return {**OF, "verdict_id": "v", "year": 2020, "goal_id": "g", "verdict_raw": word}


@pytest.fixture(scope="module")
def before(publish: Publish) -> Exports:
    return publish(
        municipalities=PLACES,
        goals=[GOAL],
        goal_verdicts=[verdict("Delvis uppnått")],
        findings=[{**REMARK, "finding_id": "f", "theme": "Lokaler"}],
        committee_items=[{**ITEM, "item_id": "i", "text": "Plan för lokaler"}],
        agreements=[{**AGREED, "agreement_id": "a"}],
    )


@pytest.fixture(scope="module")
def after(publish: Publish) -> Exports:
    return publish(
        municipalities=PLACES,
        goals=[GOAL],
        goal_verdicts=[verdict("Uppnått")],
        findings=[
            {**REMARK, "finding_id": "f", "theme": "Lokaler"},
            {**REMARK, "finding_id": "f2", "theme": "Frånvaro"},
            {**REMARK, "finding_id": "f3", "theme": "Ledning", "kind": "strength"},
            {**REMARK, "finding_id": "n", "theme": "Annat", "municipality_id": NEIGHBOUR},
        ],
        reports=[{**OF, "report_id": "r", "kind": "SKA", "title": "SKA 2019/20", "year": 2020}],
        committee_items=[{**ITEM, "item_id": "i", "text": "Plan för lokaler", "answer": "Klar"}],
        agreements=[{**AGREED, "agreement_id": "a", "outcome": "Gjort"}, {**AGREED, "agreement_id": "a2"}],
    )


def test_goals_come_first_and_every_register_is_told(before, after):
    assert news(before, after, HOME) == [
        "1 mål går från delvis uppnått till uppnått.",
        "1 nytt påpekande: ”Frånvaro”.",
        "1 ny styrka: ”Ledning”.",
        "1 ny rapport till nämnden: ”SKA 2019/20”.",
        "1 fråga eller löfte har fått svar: ”Plan för lokaler”.",
        "1 ny överenskommelse: ”Följ upp”.",
        "1 överenskommelse har fått ett utfall: ”Följ upp”.",
    ]


def test_another_municipality_has_its_own_news(before, after):
    assert news(before, after, NEIGHBOUR) == ["1 nytt påpekande: ”Annat”."]


def test_between_a_version_and_itself_nothing_is_new(after, exports):
    assert news(after, after, HOME) == []
    assert news(exports, exports, "9901") == []

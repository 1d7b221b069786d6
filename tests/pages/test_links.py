"""Links from other years: codes and former names become the names in use, and nothing else is touched."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import parse_qs, quote

import pytest

from pages.parts.links import current_query
from pages.parts.serving import CurrentLinks
from queries.connection import Exports


def read(query: str | None) -> dict[str, str] | None:
    return None if query is None else {key: values[0] for key, values in parse_qs(query).items()}


def test_a_municipality_code_keeps_its_zero_and_becomes_the_name(exports: Exports) -> None:
    assert read(current_query(exports, "kommun=0125&ar=2020")) == {"kommun": "Ekerö", "ar": "2020"}


def test_a_former_school_name_becomes_the_name_in_use(exports: Exports) -> None:
    renamed = exports.rows("units", municipality_id="9901").dropna(subset=["former_names"]).iloc[0]
    former = renamed["former_names"].rsplit(" (", 1)[0]
    assert read(current_query(exports, f"skola={quote(former)}&ar=2022")) == {
        "skola": renamed["name"],
        "ar": "2022",
    }


def test_a_school_code_becomes_the_name_in_its_own_municipality_only(exports: Exports) -> None:
    assert read(current_query(exports, "kommun=0125&skola=33159363")) == {
        "kommun": "Ekerö",
        "skola": "Munsö skola",
    }
    assert current_query(exports, "skola=33159363") is None


@pytest.mark.parametrize(
    "query", ["", "ar=2020", "kommun=Eker%C3%B6", "kommun=Nonsens&skola=%00", "flik=L%C3%A4get"]
)
def test_what_needs_no_change_or_is_not_understood_is_left_alone(exports: Exports, query: str) -> None:
    assert current_query(exports, query) is None


def answer_to(path: str, query: str) -> tuple[int, str]:
    """Status and location of the answer to one request."""
    answers: list[dict] = []

    async def page(scope: dict, receive: object, send: Callable) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})

    async def send(message: dict) -> None:
        answers.append(message)

    scope = {"type": "http", "method": "GET", "path": path, "query_string": query.encode(), "headers": []}
    # In a thread of its own: the browser tests leave an event loop running in this one.
    with ThreadPoolExecutor(1) as threads:
        threads.submit(asyncio.run, CurrentLinks(page)(scope, None, send)).result()
    return answers[0]["status"], dict(answers[0]["headers"]).get(b"location", b"").decode()


def test_the_visitor_is_sent_on_within_this_site_only() -> None:
    assert answer_to("/maluppfyllelse", "kommun=0125") == (307, "/maluppfyllelse?kommun=Eker%C3%B6")
    assert answer_to("//x.test/", "kommun=0125") == (307, "/x.test/?kommun=Eker%C3%B6")
    assert answer_to("/maluppfyllelse", "kommun=Eker%C3%B6") == (200, "")
    assert answer_to("/static/js/a.js", "kommun=0125") == (200, "")

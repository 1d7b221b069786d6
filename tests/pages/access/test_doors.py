"""Who is let in at all, and what happens to the cookies of sign-in on their way through."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace
from typing import Any

import pytest
from starlette.types import ASGIApp, Receive, Scope, Send

from pages.parts import access
from pages.parts.access import doors, sessions
from pages.parts.access.doors import FrontDoor, SignInDoor
from queries import audit
from queries.versions import Store
from tests.signed import configure, cookies, header

LOCAL = {"host": "localhost:8501", "origin": "http://localhost:8501"}
SET = "HttpOnly; Max-Age=2592000; Path=/; SameSite=lax"


def through(
    layer: type,
    path: str = "/",
    *,
    kind: str = "http",
    client: str = "127.0.0.1",
    headers: Mapping[str, str] = LOCAL,
    query: str = "",
    status: int = 200,
    answers: Sequence[tuple[str, str]] = (),
) -> SimpleNamespace:
    """Send a request through one layer to a server that answers with a status and headers."""
    sent: list[dict[str, Any]] = []

    async def server(scope: Scope, receive: Receive, send: Send) -> None:
        told = [(name.encode(), value.encode()) for name, value in answers]
        await send({"type": "http.response.start", "status": status, "headers": told})
        await send({"type": "http.response.body", "body": b"svar"})

    async def receive() -> dict[str, Any]:
        return {"type": "http.request" if kind == "http" else "websocket.connect"}

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    scope = {
        "type": kind, "method": "GET", "scheme": "http", "path": path, "query_string": query.encode(),
        "client": (client, 1), "headers": [(name.encode(), value.encode()) for name, value in headers.items()],
    }  # fmt: skip
    layered: ASGIApp = layer(server)
    # In a thread of its own: the browser tests keep an event loop open in the main one.
    with ThreadPoolExecutor(1) as thread:
        thread.submit(asyncio.run, layered(scope, receive, send)).result()
    first = sent[0]
    told = [(name.decode().lower(), value.decode()) for name, value in first.get("headers", ())]
    body = b"".join(message.get("body", b"") for message in sent[1:]).decode()
    return SimpleNamespace(type=first["type"], status=first.get("status"), headers=told, text=body)


class TestFrontDoor:
    @pytest.mark.parametrize("path", ["/", "/om", "/media/x", "/_stcore/health", "/_stcore/upload_file/x"])
    def test_is_closed_to_all_other_computers_while_nobody_can_sign_in(self, path: str):
        answer = through(FrontDoor, path, client="10.1.2.3")
        assert (answer.status, answer.text) == (403, doors.HERE_ONLY)

    def test_is_closed_to_their_websockets_too(self):
        assert (
            through(FrontDoor, "/_stcore/stream", kind="websocket", client="10.1.2.3").type
            == "websocket.close"
        )

    def test_is_closed_to_what_comes_through_a_proxy(self):
        assert through(FrontDoor, headers={**LOCAL, "x-forwarded-for": "10.1.2.3"}).status == 403

    def test_lets_anybody_ask_how_the_server_is(self):
        assert through(FrontDoor, "/halsa", client="10.1.2.3").status == 200

    def test_is_open_to_this_computer_and_to_all_where_they_can_sign_in(self, monkeypatch):
        assert through(FrontDoor).status == 200
        configure(monkeypatch)
        assert through(FrontDoor, client="10.1.2.3").status == 200
        assert access.of_request(LOCAL, None) == access.ANONYMOUS, "to sit at the server is then no role"


class TestCookies:
    @pytest.mark.parametrize(
        ("headers", "is_secure"),
        [
            ({}, False),
            ({"x-forwarded-proto": "https"}, True),
            ({"x-forwarded-proto": "https, http"}, True),
            ({"x-forwarded-proto": "http"}, False),
        ],
        ids=repr,
    )
    def test_are_for_https_only_where_the_visitor_came_so(self, headers: dict[str, str], is_secure: bool):
        set_cookies = [("set-cookie", f"{name}=x; {SET}") for name in ("_streamlit_user", "_streamlit_xsrf")]
        answer = through(SignInDoor, headers={**LOCAL, **headers}, answers=set_cookies)
        told = [value for name, value in answer.headers if name == "set-cookie"]
        assert ["; Secure" in value for value in told] == [is_secure, is_secure]
        assert all("HttpOnly" in value and "SameSite=lax" in value for value in told)

    def test_are_for_https_only_where_settings_say_always(self, data_copy):
        path = data_copy / "settings.toml"
        text = path.read_text(encoding="utf-8")
        path.write_text(text.replace("only_https = false", "only_https = true"), encoding="utf-8")
        (told,) = through(SignInDoor, answers=[("set-cookie", f"a=b; {SET}")]).headers
        assert told[1].endswith("; Secure")


class TestSignIn:
    @pytest.fixture(autouse=True)
    def sign_in_configured(self, monkeypatch: pytest.MonkeyPatch) -> None:
        configure(monkeypatch)

    def test_is_logged_with_role_and_pseudonym(self, own_store: Store):
        held = cookies(groups=[str(number) * 50 for number in range(300)])
        set_cookies = [("set-cookie", f"{name}={value}; {SET}") for name, value in held.items()]
        through(SignInDoor, "/oauth2callback", query="code=x&state=y", status=302, answers=set_cookies)
        person = access.of_request(header(held), None)
        assert [entry.event for entry in audit.events(own_store)] == [
            audit.Event("signed_in", "anonym", person.pseudonym)
        ]

    def test_leaves_no_more_in_the_browser_than_is_needed(self, own_store: Store):
        groups = [str(number) * 50 for number in range(300)]
        held = cookies(groups=groups, name="Anna", email="anna@exempel.test", provider="default")
        lines = [*held.items(), ("_streamlit_user_tokens", "hemligt"), ("annat", "kvar")]
        set_cookies = [("set-cookie", f"{name}={value}; {SET}") for name, value in lines]
        answer = through(SignInDoor, "/oauth2callback", query="code=x", status=302, answers=set_cookies)
        told = dict(
            value.split(";")[0].split("=", 1) for name, value in answer.headers if name == "set-cookie"
        )
        assert told.keys() == {"_streamlit_user", "annat"}
        assert all(value.endswith(SET) for name, value in answer.headers)
        left, before = sessions.session_of(told), sessions.session_of(held)
        assert left.claims["groups"] == [] and {"name", "email"}.isdisjoint(left.claims)
        assert (left.session_id, left.pseudonym) == (before.session_id, before.pseudonym)

    @pytest.mark.parametrize(
        ("path", "query", "status"),
        [
            ("/auth/login", "provider=x", 400),
            ("/oauth2callback", "code=x&state=y", 302),
            ("/oauth2callback", "error=access_denied&state=y", 302),
            ("/oauth2callback", "code=x&state=y", 500),
        ],
    )
    def test_that_comes_to_nothing_leads_to_a_page_that_says_so(self, path: str, query: str, status: int):
        emptied = [("set-cookie", '_streamlit_user=""; Max-Age=0; Path=/'), ("location", "/")]
        answer = through(SignInDoor, path, query=query, status=status, answers=emptied)
        assert (answer.status, dict(answer.headers)["location"]) == (302, "/?inloggning=nej")
        assert "English" not in answer.text and "svar" not in answer.text

    def test_that_goes_on_to_the_provider_does_so(self):
        answers = [("location", "https://inloggning.example.se/")]
        answer = through(SignInDoor, "/auth/login", query="provider=x", status=302, answers=answers)
        assert dict(answer.headers)["location"] == "https://inloggning.example.se/"

    @pytest.mark.parametrize("path", ["//elak.example/oauth2callback", "/underlag/oauth2callback"])
    def test_never_leads_to_another_site(self, path: str):
        answer = through(SignInDoor, path, query="error=x", status=302)
        assert not dict(answer.headers)["location"].startswith("//")

    def test_of_who_comes_back_from_signing_out_has_not_failed(self):
        answer = through(SignInDoor, "/oauth2callback", status=302, answers=[("location", "/")])
        assert dict(answer.headers)["location"] == "/"

    def test_is_ended_by_the_address_for_signing_out_and_logged_once(self, own_store: Store):
        held = cookies()
        assert access.of_request(header(held), None).is_signed_in
        for _ in range(2):
            through(SignInDoor, "/auth/logout", headers=header(held), status=302)
        assert not access.of_request(header(held), None).is_signed_in
        assert [entry.event.kind for entry in audit.events(own_store)] == ["signed_out"]

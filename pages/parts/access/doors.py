"""What lies between a browser and Streamlit's sign-in: who is let in at all, and what happens to its cookies."""

from __future__ import annotations

import logging
from collections.abc import Iterable

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import HTTPConnection, cookie_parser
from starlette.responses import PlainTextResponse, RedirectResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from pages.parts.access import asking, grants, revocations, sessions
from pages.parts.access.local import is_on_this_computer
from pages.parts.access.tables import access_settings
from pages.parts.source import store
from queries import audit

log = logging.getLogger("namndkollen")

HEALTH = "/halsa"
SIGN_IN, CALLBACK, SIGN_OUT = "/auth/login", "/oauth2callback", "/auth/logout"
HERE_ONLY = "Inloggning är inte inställd, så Nämndkollen svarar bara den som sitter vid datorn som kör den."
# A page says that the sign-in came to nothing (shown.py).
NOT_SIGNED_IN = "?inloggning=nej"
POLICY_VIOLATION = 1008
RawHeaders = list[tuple[bytes, bytes]]


class FrontDoor:
    """ASGI middleware: without sign-in configured, answers only a browser on this computer; to others only how it is."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuse, or pass the request on."""
        if scope["type"] not in ("http", "websocket") or _is_let_in(scope):
            await self.app(scope, receive, send)
        elif scope["type"] == "http":
            await PlainTextResponse(HERE_ONLY, 403)(scope, receive, send)
        else:
            await receive()
            await send({"type": "websocket.close", "code": POLICY_VIOLATION})


class SignInDoor:
    """ASGI middleware: cookies only over HTTPS where the visitor came so, and a sign-in that is told of, or ended."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on; look at what it was and at the cookies of its answer."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        if scope["path"].endswith(SIGN_OUT):
            # Before the answer: who has been told to be signed out is.
            await run_in_threadpool(_signed_out, HTTPConnection(scope).cookies)
        await self.app(scope, receive, _Answering(scope, receive, send).send)


class _Answering:
    """The answer to one request, on its way out."""

    def __init__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.scope, self.receive, self.pass_on = scope, receive, send
        self.is_replaced = False

    async def send(self, message: Message) -> None:
        if self.is_replaced:
            return
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            if self._has_failed(message["status"], headers):
                self.is_replaced = True
                await RedirectResponse(_start_of(self.scope["path"]), 302)(
                    self.scope, self.receive, self.pass_on
                )
                return
            if self.scope["path"].endswith(CALLBACK):
                message["headers"] = await run_in_threadpool(_signed_in, message["headers"])
            if _is_by_https(self.scope):
                message["headers"] = [_secure(*header) for header in message["headers"]]
        await self.pass_on(message)

    def _has_failed(self, status: int, headers: Headers) -> bool:
        """Whether a sign-in came to nothing: Streamlit answers in English, or leads back without a word."""
        path, asked = self.scope["path"], self.scope.get("query_string", b"")
        if path.endswith(SIGN_IN):
            return status >= 400
        # A provider also leads here after signing out, and then brings no answer.
        is_answer = b"code=" in asked or b"error=" in asked
        is_failure = status >= 400 or not _cookies_of(headers.getlist("set-cookie"))
        return path.endswith(CALLBACK) and is_answer and is_failure


def _start_of(path: str) -> str:
    """The address of the first page, below any base path, with word of a sign-in that came to nothing."""
    base = path.removesuffix(SIGN_IN).removesuffix(CALLBACK)
    # An address that begins with two slashes would lead to another site.
    return f"/{base.strip('/')}/".replace("//", "/") + NOT_SIGNED_IN


def _is_let_in(scope: Scope) -> bool:
    if sessions.is_configured() or scope["path"].endswith(HEALTH):
        return True
    return is_on_this_computer((scope.get("client") or ("",))[0], Headers(scope=scope))


def _is_by_https(scope: Scope) -> bool:
    told = Headers(scope=scope).get("x-forwarded-proto", scope.get("scheme", ""))
    # Through several proxies the visitor's own stands first.
    return told.split(",")[0].strip() == "https" or bool(access_settings()["only_https"])


def _secure(name: bytes, value: bytes) -> tuple[bytes, bytes]:
    if name.lower() == b"set-cookie" and b"; secure" not in value.lower():
        return name, value + b"; Secure"
    return name, value


def _cookies_of(lines: Iterable[str]) -> dict[str, str]:
    """The parts of Streamlit's cookie that an answer sets; an answer that takes it away sets none."""
    pairs = [cookie_parser(line.split(";", 1)[0]) for line in lines]
    told = {name: value.strip('"') for pair in pairs for name, value in pair.items()}
    return {
        name: value for name, value in told.items() if name.startswith(sessions.USER_COOKIE_NAME) and value
    }


def _signed_in(headers: RawHeaders) -> RawHeaders:
    """The headers with which somebody comes back from the provider, with cookies that say no more than is needed."""
    lines = Headers(raw=headers).getlist("set-cookie")
    session = sessions.session_of(_cookies_of(lines))
    if session is None:
        return headers
    asking.written_down(audit.Event("signed_in", asking.of_session(session).role(), session.pseudonym))
    # Its attributes are Streamlit's: path, age, HttpOnly, SameSite.
    attributes = next(line for line in lines if line.startswith(sessions.USER_COOKIE_NAME)).partition(";")[2]
    cookies = sessions.signed(grants.needed(session.claims))
    own = [(b"set-cookie", f"{name}={value};{attributes}".encode()) for name, value in cookies.items()]
    return [header for header in headers if not _is_of_sign_in(*header)] + own


def _is_of_sign_in(name: bytes, value: bytes) -> bool:
    # The provider's tokens among them: nothing here asks it for anything afterwards.
    return name.lower() == b"set-cookie" and value.startswith(sessions.USER_COOKIE_NAME.encode())


def _signed_out(cookies: dict[str, str]) -> None:
    session = sessions.session_of(cookies)
    if session is None:
        return
    role = asking.of_session(session).role()
    try:
        is_new = revocations.end(store(), session)
    except OSError as error:
        # The visitor's own cookie goes all the same; a copy of it counts until its hours are over.
        log.error("The sign-out cannot be written", exc_info=error)
        return
    if is_new:
        asking.written_down(audit.Event("signed_out", role, session.pseudonym))

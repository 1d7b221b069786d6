"""The questions that everything else asks: who is this, may they, and leave to do it."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Mapping, Sequence

import streamlit as st
from starlette.requests import cookie_parser

from pages.parts.access import grants, matrix, revocations, sessions
from pages.parts.access.local import is_on_this_computer
from pages.parts.access.principals import ANONYMOUS, AT_THE_SERVER, Principal
from pages.parts.source import store
from queries import audit
from queries.connection import settings
from queries.permits import Permit

log = logging.getLogger("namndkollen")

EXPIRED = "Inloggningen gällde i {hours} timmar och har gått ut. Logga in igen."
ENDED = "Du är utloggad. Logga in igen."
# What is done, as the end of 'Du får inte …'.
DOINGS: Mapping[str, str] = {
    "audit": "läsa loggen",
    "check": "kontrollera filer",
    "download": "hämta filer",
    "feed": "prenumerera på tidsfrister",
    "fetch": "hämta från Kolada",
    "group": "göra egna kommungrupper",
    "note": "skriva på dialogmöten",
    "original": "hämta originalfiler",
    "pack": "göra mötesunderlag",
    "publish": "publicera",
    "restore": "återgå till tidigare versioner",
    "undo": "ångra",
    "upload": "läsa in filer",
    "word": "förklara ord",
}


class Refused(Exception):
    """Somebody may not do what they tried. The text is Swedish and may be shown."""


def may(what: str, municipality_id: str | None = None) -> bool:
    """Whether the visit that runs now may; anywhere when no municipality is named. To hide and disable by."""
    return of_visit().may(what, municipality_id)


def demand(what: str, municipality_id: str | None = None) -> Permit:
    """Leave for the visit that runs now to do a thing. Asked where it is done. Raises Refused, and writes that down."""
    return _demanded(of_visit(), what, municipality_id)


def guarded(
    made: Callable[[], bytes] | bytes, what: str, municipality_id: str | None = None
) -> Callable[[], bytes]:
    """The same file, made only if this visitor still may when it is asked for: Streamlit does that outside any visit."""
    headers, client = visitor()

    def make() -> bytes:
        _demanded(of_request(headers, client), what, municipality_id)
        return made() if callable(made) else made

    return make


def permitted_municipalities(what: str, municipality_ids: Sequence[str]) -> list[str]:
    """Those of some municipalities in which the visit may see or do a thing, in their order."""
    asked = of_visit()
    allowed = [role for role in matrix.ROLES if matrix.allows(role, what)]
    return [each for each in municipality_ids if asked.role(each) in allowed]


def refusal(what: str) -> str:
    """Why this visit may not do a thing, whom to ask, and how."""
    return _refusal(of_visit(), what)


def of_visit() -> Principal:
    """Who the visit that runs now belongs to. Worked out anew each time: a role can be lost between two clicks."""
    return of_request(*visitor())


def of_request(headers: Mapping[str, str], client: str | None) -> Principal:
    """Who sends a request. client is the address at the other end, None for this computer.

    Without sign-in configured, whoever sits at the server is analytiker and everybody else anonym.
    """
    told = {name.lower(): value for name, value in headers.items()}
    if not sessions.is_configured():
        return AT_THE_SERVER if is_on_this_computer(client, told) else ANONYMOUS
    session = sessions.session_of(cookie_parser(told.get("cookie", "")))
    return ANONYMOUS if session is None else of_session(session)


def of_session(session: sessions.Session) -> Principal:
    """Whose a sign-in is, and which roles it gives now."""
    if revocations.is_revoked(store(), session):
        return Principal(fault=ENDED)
    hours = settings()["access"]["session_hours"]
    if not 0 <= time.time() - session.began < hours * 3600:
        return Principal(fault=EXPIRED.format(hours=hours))
    roles, fault = grants.roles_of(session.claims)
    return Principal(roles, session.pseudonym, True, fault)


def session_of_visit() -> sessions.Session | None:
    """The sign-in of the visit that runs now, whether it still counts or not."""
    headers, _ = visitor()
    return sessions.session_of(cookie_parser(headers.get("cookie", "")))


def visitor() -> tuple[Mapping[str, str], str | None]:
    """The other end of the visit that runs now: the headers that it came with, and its address, None for this computer."""
    headers = {name.lower(): value for name, value in st.context.headers.items()}
    if sessions.is_configured() and not st.user.get("is_logged_in"):
        # Streamlit has looked at origin and token of the connection, and does not take the cookie for its visitor's.
        headers.pop("cookie", None)
    return headers, st.context.ip_address


def written_down(event: audit.Event) -> None:
    """Put an event in the log of who did what. A disk that does not take it is told of in the server's own log."""
    try:
        audit.written(store(), event)
    except OSError:
        log.exception("Händelsen %s kunde inte skrivas", event.kind)


def _demanded(asked: Principal, what: str, municipality_id: str | None) -> Permit:
    permit = asked.permit(what, municipality_id)
    if permit is None:
        role = asked.role(municipality_id)
        written_down(audit.Event("refused", role, asked.pseudonym, what, municipality_id or ""))
        raise Refused(_refusal(asked, what))
    return permit


def _refusal(asked: Principal, what: str) -> str:
    if not (sessions.is_configured() or asked.roles):
        return "Bara den som sitter vid datorn som kör Nämndkollen kommer åt det här."
    if not (asked.is_signed_in or asked.fault or what in DOINGS):
        return "Logga in för att se sidan."
    why = asked.fault or ("" if asked.is_signed_in else "Logga in först.")
    doing = f"Du får inte {DOINGS[what]}." if what in DOINGS else "Du har inte behörighet till sidan."
    ask = f"Fråga {settings()['service']['ask']}." if asked.is_signed_in else ""
    return " ".join(part for part in (doing, why, ask) if part)

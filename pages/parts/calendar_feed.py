"""What falls due as a calendar that programs subscribe to: /kalender.ics?kommun=Ekerö.

A calendar program cannot sign in. Where sign-in is configured the link therefore carries a key for one role and one
municipality. It says nothing about a person, and holds until the secret that it is made with is taken away.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

import pandas as pd
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from pages.parts import access
from pages.parts.access import matrix
from pages.parts.rows import as_records
from pages.parts.source import newest, store
from pages.parts.words import DEADLINES, text, upper_first
from queries import clock, durable, places
from queries.connection import Exports
from queries.deadlines import deadlines
from queries.versions import BrokenVersion, Store

PATH = "/kalender.ics"
FEED = "feed"
# Under the folder of the published versions, so that replicas share it. Without the file no link made before holds.
SECRET = ("access", "feed.key")
ASK_AGAIN = timedelta(hours=6)
UNKNOWN = "Kalendern finns inte: länken nämner ingen kommun som finns här."
REFUSED = "Länken till kalendern gäller inte längre. Hämta en ny på sidan Åtgärder, fliken Kommande."
BROKEN = "De publicerade uppgifterna kan inte läsas just nu."


def link_to(address: str, municipality_id: str, municipality: str, role: str) -> str:
    """The address to subscribe to, for a visitor in a role; with a key where a program would be asked to sign in."""
    choices = {"kommun": municipality}
    if access.is_configured():
        choices |= {"roll": role, "nyckel": key_of(store(), role, municipality_id)}
    return f"{address}{PATH}?{urlencode(choices)}"


def key_of(kept: Store, role: str, municipality_id: str) -> str:
    """The key of a role in a municipality: 32 hexadecimal digits. Makes the secret when there is none."""
    told = "\n".join((FEED, role, municipality_id)).encode()
    return hmac.new(_secret(kept), told, hashlib.sha256).hexdigest()[:32]


def _secret(kept: Store) -> bytes:
    path = kept.folders[-1].joinpath(*SECRET)
    with suppress(FileNotFoundError):
        return path.read_bytes()
    durable.make_folder(path.parent, 0o700)
    # Another replica may make it in the same moment: then both use the one that is there.
    with suppress(FileExistsError):
        durable.create(path, secrets.token_bytes(32))
    return path.read_bytes()


def feed(request: Request) -> Response:
    """The calendar of a municipality, for whoever may see what falls due there. 403 without leave, 404 for no municipality."""
    asked = request.query_params
    try:
        opened = newest()
    except BrokenVersion:
        return PlainTextResponse(BROKEN, 503)
    known = as_records(places.municipalities(opened))
    place = next((row for row in known if asked.get("kommun") in (row["name"], row["municipality_id"])), None)
    if place is None:
        return PlainTextResponse(UNKNOWN, 404)
    client = request.client.host if request.client else ""
    visitor = access.of_request(request.headers, client)
    given, role = asked.get("nyckel", ""), asked.get("roll", "")
    if not visitor.may(FEED, place["municipality_id"]) and not _opens(given, role, place["municipality_id"]):
        return PlainTextResponse(REFUSED, 403)
    rows = deadlines(opened, municipality_id=place["municipality_id"], as_of=clock.today())
    return Response(
        as_calendar(opened, place, rows, f"{request.url.scheme}://{request.url.netloc}"),
        media_type="text/calendar",
        headers={
            "cache-control": "private, no-cache",
            "content-disposition": 'inline; filename="namndkollen.ics"',
        },
    )


def _opens(key: str, role: str, municipality_id: str) -> bool:
    """Whether a key is the one of a role that may have the calendar now. Without sign-in there are no keys."""
    if not access.is_configured() or not matrix.allows(role, FEED):
        return False
    return hmac.compare_digest(key.encode(), key_of(store(), role, municipality_id).encode())


def as_calendar(opened: Exports, place: dict[str, Any], rows: pd.DataFrame, address: str) -> bytes:
    """deadlines as a calendar of whole days. A thing keeps its identity when its day is moved or its words change."""
    # Imported here: only calendars need it, and it takes a quarter of a second.
    from icalendar import Calendar, vDuration

    name = f"Nämndkollen: {place['name']}{' (påhittade uppgifter)' if place['is_invented'] else ''}"
    calendar = Calendar.new(
        prodid="-//Nämndkollen//Kalender//SV",
        uid=_uid(place["municipality_id"]),
        name=name,
        description="Åtgärder, rapporttillfällen, löften och utvärderingar med en dag.",
        method="PUBLISH",
        refresh_interval=ASK_AGAIN,
    )
    # What programs older than RFC 7986 read.
    calendar.add("x-published-ttl", vDuration(ASK_AGAIN))
    made = datetime.fromisoformat(opened.manifest.created_at).astimezone(UTC)
    link = f"{address}/atgarder?{urlencode({'uppfoljning': 'Kommande', 'kommun': place['name']})}"
    for row in as_records(rows):
        calendar.add_component(_event(row, place["municipality_id"], opened.version, made, link))
    return calendar.to_ical()


def _event(row: dict[str, Any], municipality_id: str, version: int, made: datetime, link: str) -> Any:
    from icalendar import Event

    day = pd.Timestamp(row["day"]).date()
    event = Event.new(
        uid=_uid(municipality_id, row["kind"], row["thing_id"]),
        stamp=made,
        last_modified=made,
        sequence=version,
        start=day,
        # The end is the first day that is no longer meant.
        end=day + timedelta(days=1),
        summary=f"{DEADLINES[row['kind']][0]}: {upper_first(text(row['title']))}",
        description=_told(row),
        transparency="TRANSPARENT",
        url=link,
    )
    event.add("categories", [DEADLINES[row["kind"]][0]])
    return event


def _uid(*parts: str) -> str:
    """The same for the same thing in every version, and never that of another."""
    return f"{hashlib.sha256(chr(10).join(parts).encode()).hexdigest()[:32]}@namndkollen"


def _told(row: dict[str, Any]) -> str:
    parts = {"Gäller": row["unit_name"], "Ansvarig": row["owner_role"], "Hör till": row["reference"]}
    return "\n".join(f"{name}: {text(value)}" for name, value in parts.items() if text(value, ""))

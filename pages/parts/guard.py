"""Who may upload, publish and undo: until there are roles, a browser on this computer itself, unless settings say all.

The same rule stands at two doors: before the address that takes uploaded files, and in the page, where the thing is done.
"""

from __future__ import annotations

from collections.abc import Mapping
from ipaddress import ip_address
from urllib.parse import urlsplit

import streamlit as st
from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from queries.connection import settings

EVERYONE = "everyone"
CLOSED = (
    "Här kan bara den som sitter vid datorn som kör Nämndkollen läsa in, publicera och ångra. "
    "Det som redan är publicerat kan alla se."
)
TOO_LARGE = "Filen är för stor. Högst {allowed} MB tas emot."
UPLOADS = "/_stcore/upload_file"
# What a proxy adds; a browser on this computer never sends any of them.
OF_PROXIES = ("forwarded", "via", "x-real-ip")
LOCAL_NAMES = ("localhost", "127.0.0.1", "::1")
MEGABYTE = 1024 * 1024
# The lines around the file in what a browser sends.
FRAMING = MEGABYTE


def is_on_this_computer(client: str | None, headers: Mapping[str, str]) -> bool:
    """Whether a request comes from a browser on this computer, with no proxy in between.

    client is the address at the other end, None when Streamlit says that it is this computer. A proxy on this computer
    gives itself away by a header of its own, or by the public name that the browser asked for.
    """
    if client is not None and not _is_loopback(client):
        return False
    if any(name.lower() in OF_PROXIES or name.lower().startswith("x-forwarded-") for name in headers):
        return False
    asked = (f"//{headers.get('host', 'localhost')}", headers.get("origin", "http://localhost"))
    return all(_host_of(address) in LOCAL_NAMES for address in asked)


def may_publish() -> bool:
    """Whether the visit that runs now may upload, publish and undo. Asked where each of these is done."""
    return settings()["intake"]["open_to"] == EVERYONE or is_on_this_computer(*visitor())


def visitor() -> tuple[str | None, Mapping[str, str]]:
    """The other end of the visit that runs now: its address, None for this computer, and the headers that it sent."""
    return st.context.ip_address, {name.lower(): value for name, value in st.context.headers.items()}


class UploadDoor:
    """ASGI middleware: takes uploaded files only from those who may publish, and none larger than settings allow."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuse, or pass the request on and count what comes."""
        if scope["type"] != "http" or UPLOADS not in scope["path"]:
            await self.app(scope, receive, send)
            return
        limits, headers = settings()["intake"], Headers(scope=scope)
        client = (scope.get("client") or ("",))[0]
        if limits["open_to"] != EVERYONE and not is_on_this_computer(client, headers):
            await PlainTextResponse(CLOSED, 403)(scope, receive, send)
            return
        refused = HTTPException(413, TOO_LARGE.format(allowed=limits["file_mb"]))
        allowed = limits["file_mb"] * MEGABYTE + FRAMING
        length = headers.get("content-length", "0")
        if length.isascii() and length.isdigit() and int(length) > allowed:
            await PlainTextResponse(refused.detail, 413)(scope, receive, send)
            return
        await self.app(scope, _counted(receive, allowed, refused), send)


def _counted(receive: Receive, allowed: int, refused: HTTPException) -> Receive:
    """What a browser sends, until it is more than allowed: a length that it states itself proves nothing."""
    taken = 0

    async def receive_some() -> Message:
        nonlocal taken
        message = await receive()
        taken += len(message.get("body", b""))
        if taken > allowed:
            # Raised inside Streamlit's own handler, which answers with it and forgets what has come so far.
            raise refused
        return message

    return receive_some


def _is_loopback(address: str) -> bool:
    try:
        return ip_address(address).is_loopback
    except ValueError:
        return False


def _host_of(address: str) -> str | None:
    try:
        return urlsplit(address).hostname
    except ValueError:
        return None

"""Streamlit's own doors, guarded: addresses that are not for visitors, files to fetch, and what a browser may ask for.

Streamlit answers everybody at all of them. Here each opens only for what the pages use, and to whom data/access.csv
allows it.
"""

from __future__ import annotations

import logging
import os
import time

from google.protobuf.message import DecodeError
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit import runtime
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.runtime.media_file_storage import MediaFileKind
from streamlit.runtime.memory_media_file_storage import MemoryFile

from pages.parts import access, source
from pages.parts.handing_out import Made
from queries import audit
from queries.audit import Event

log = logging.getLogger("namndkollen")

# Open to everyone by default: counters of use, and the description of an interface for programs.
CLOSED = ("/_stcore/metrics", "/_stcore/agent", "/_stcore/script-health-check")
MEDIA = "/media/"
# The same file, fetched again by the same person so soon, is the same click.
SECONDS_OF_A_CLICK = 10.0
NOT_YOURS = "Du har inte behörighet att hämta filen. Logga in, eller be någon som har behörighet."
NOT_LOGGED = (
    "Filen kan inte hämtas just nu. Varje hämtning antecknas i loggen, och den går inte att skriva i."
)
# What pages need: a run, its end, addresses for uploads and for files that are made when somebody asks. All else that
# Streamlit would do, such as emptying everybody's caches or telling where the program lies, is not passed on.
PASSED_ON = {"rerun_script", "stop_script", "app_heartbeat", "file_urls_request"}


class ClosedDoors:
    """ASGI middleware: says 404 at Streamlit's addresses that are not for visitors, below any base path."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuse, or pass the request on."""
        if scope["type"] == "http" and any(door in scope["path"] for door in CLOSED):
            await PlainTextResponse("Not Found", 404)(scope, receive, send)
        else:
            await self.app(scope, receive, send)


class FileDoor:
    """ASGI middleware: hands out a file only to whom it may be shown, and writes in the log that it was fetched.

    The icon and other pictures of the page itself are everybody's.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        # What was logged lately, and when.
        self.logged: dict[tuple[str, Event], float] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuse, or log and pass the request on."""
        # Streamlit's own fonts lie under static/media.
        before, found, _ = scope["path"].partition(MEDIA) if scope["type"] == "http" else ("", "", "")
        if not found or before.endswith("/static"):
            await self.app(scope, receive, send)
            return
        file = _file_at(scope["path"])
        if file is None:
            answer: ASGIApp = PlainTextResponse("Not Found", 404)
        elif file.kind == MediaFileKind.MEDIA:
            answer = self.app
        else:
            answer = await self._for(file.content, scope)
        await answer(scope, receive, send)

    async def _for(self, content: bytes, scope: Scope) -> ASGIApp:
        """Who answers a request for a file that readers fetch."""
        asking = access.of_request(Headers(scope=scope), (scope.get("client") or (None,))[0])
        # What nobody has marked, nobody may have.
        if not isinstance(content, Made):
            return PlainTextResponse(NOT_YOURS, 403)
        may_have = asking.may(content.what, content.municipality_id)
        event = Event(
            "exported" if may_have else "refused",
            asking.role(content.municipality_id),
            asking.pseudonym,
            f"{content.what}:{content.name}".rstrip(":"),
            content.municipality_id or "",
            content.version,
        )
        # Whether a file is there is asked by those who then fetch it.
        if scope["method"] == "GET" and not await self._is_logged(scope["path"], event):
            return PlainTextResponse(NOT_LOGGED, 503)
        return self.app if may_have else PlainTextResponse(NOT_YOURS, 403)

    async def _is_logged(self, path: str, event: Event) -> bool:
        """Log an event, once a click: Streamlit's page tries an address before the browser fetches it."""
        now = time.monotonic()
        self.logged = {key: at for key, at in self.logged.items() if now - at < SECONDS_OF_A_CLICK}
        if (path, event) in self.logged:
            return True
        try:
            await run_in_threadpool(audit.written, source.store(), event)
        except OSError as error:
            log.error("The log of events cannot be written", exc_info=error)
            return False
        self.logged[path, event] = now
        return True


class MessageDoor:
    """ASGI middleware: passes on to Streamlit only those messages from a browser that pages need."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the connection on, and of its messages those that may."""

        async def receive_needed() -> Message:
            message = await receive()
            while message["type"] == "websocket.receive" and not _is_needed(message.get("bytes")):
                message = await receive()
            return message

        await self.app(scope, receive_needed if scope["type"] == "websocket" else receive, send)


def _file_at(path: str) -> MemoryFile | None:
    """The file that Streamlit has at an address; None when there is none."""
    file_id = os.path.splitext(path.split(MEDIA, 1)[1])[0]
    return runtime.get_instance().media_file_mgr.read_file(file_id) if runtime.exists() else None


def _is_needed(content: bytes | None) -> bool:
    message = BackMsg()
    try:
        message.ParseFromString(content or b"")
    except DecodeError:
        # No message at all, for which Streamlit ends the connection; so it does for text.
        return True
    kind = message.WhichOneof("type")
    is_file = message.backend_operation_request.WhichOneof("payload") == "deferred_file"
    return content is None or kind in PASSED_ON or (kind == "backend_operation_request" and is_file)

"""The door for uploaded files: only from those who may hand them in, and only as large as settings allow.

What comes in is asked about here as well as in the page: Streamlit takes files from whoever has a tab open.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit import runtime
from streamlit.runtime.uploaded_file_manager import UploadedFileRec

from pages.parts import access
from queries.connection import settings

NOT_YOURS = "Du har inte behörighet att läsa in filer."
TOO_LARGE = "Filen är för stor. Högst {allowed} MB tas emot."
TOO_MANY = "Du har redan läst in så mycket som ryms. Ladda om sidan, så släpps det, och läs in filen igen."
TOO_MANY_HERE = "Många läser in filer just nu. Försök igen om några minuter."
UPLOADS = "/_stcore/upload_file"
MEGABYTE = 1024 * 1024
# The lines around the file in what a browser sends.
FRAMING = MEGABYTE


class UploadDoor:
    """ASGI middleware: takes uploaded files only from those who may hand them in, and no more than settings allow.

    That is so much a file, so much a visit and so much in all, of what lies in memory and what is on its way there.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        # Bytes on their way, by visit.
        self.coming: Counter[str] = Counter()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuse, or pass the request on and count what comes."""
        if scope["type"] != "http" or UPLOADS not in scope["path"]:
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        client = (scope.get("client") or ("",))[0]
        if not access.of_request(headers, client).may("upload"):
            await PlainTextResponse(NOT_YOURS, 403)(scope, receive, send)
            return
        visit = scope["path"].partition(f"{UPLOADS}/")[2].partition("/")[0]
        length = headers.get("content-length", "0")
        refused = self._refusal(visit, int(length) if length.isascii() and length.isdigit() else 0)
        if refused is not None and scope["method"] != "DELETE":
            await PlainTextResponse(refused.detail, refused.status_code)(scope, receive, send)
            return
        await self._take(visit, scope, receive, send)

    async def _take(self, visit: str, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on until it is more than allowed: a length that a browser states itself proves nothing."""
        taken = 0

        async def receive_some() -> Message:
            nonlocal taken
            message = await receive()
            size = len(message.get("body", b""))
            taken += size
            self.coming[visit] += size
            refused = self._refusal(visit, 0, taken) if size else None
            if refused is not None:
                # Raised inside Streamlit's own handler, which answers with it and forgets what has come so far.
                raise refused
            return message

        try:
            await self.app(scope, receive_some, send)
        finally:
            self.coming[visit] -= taken
            self.coming += Counter()

    def _refusal(self, visit: str, announced: int, taken: int = 0) -> HTTPException | None:
        """Why a visit may not send so many more bytes, of a file of which so many have come; None when it may."""
        most, held = settings(), held_bytes()
        file_mb = most["intake"]["file_mb"]
        if announced + taken > file_mb * MEGABYTE + FRAMING:
            return HTTPException(413, TOO_LARGE.format(allowed=file_mb))
        of_visit = held.get(visit, 0) + self.coming[visit] + announced
        if of_visit > most["limits"]["upload_visit_mb"] * MEGABYTE + FRAMING:
            return HTTPException(413, TOO_MANY)
        if (
            sum(held.values()) + self.coming.total() + announced
            > most["limits"]["upload_total_mb"] * MEGABYTE
        ):
            return HTTPException(503, TOO_MANY_HERE)
        return None


def held_bytes() -> dict[str, int]:
    """Visit → bytes of the files that Streamlit holds for it in memory."""
    if not runtime.exists():
        return {}
    files: Mapping[str, Mapping[str, UploadedFileRec]] = runtime.get_instance().uploaded_file_mgr.file_storage
    # Visits come and go in other threads meanwhile.
    return {visit: sum(len(file.data) for file in list(kept.values())) for visit, kept in list(files.items())}

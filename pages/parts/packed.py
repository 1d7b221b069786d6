"""Files compressed once, kept in memory, and sent with rules that let a browser keep them.

Streamlit sends its own bundle uncompressed and expects a proxy to do better; a committee's tablet on a mobile
network waits ten seconds for that. Brotli at 9 costs 0.7 s for the largest file and 4 s for all of them, so
nothing is stored on disk: files of a first visit are packed while the server starts, the rest when asked for.
"""

from __future__ import annotations

import gzip
import hashlib
import mimetypes
import re
import threading
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import brotli
import streamlit
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

STREAMLIT_PAGE = Path(streamlit.__file__).parent / "static" / "index.html"
STREAMLIT_FILES = STREAMLIT_PAGE.parent / "static"
OWN_FILES = Path(__file__).resolve().parent.parent / "static"
OWN_FONT = "/app/static/public-sans-latin.woff2"
# Streamlit draws its first frame, before it knows the theme, in a font of its own of 170 kB.
STREAMLIT_FONT = "/static/media/SourceSansVF-Upright"

# Streamlit puts a digest of the content into each file name, so such a file never changes.
FOREVER = "public, max-age=31536000, immutable"
ONE_DAY = "public, max-age=86400"
SHELVES = (("/static/", STREAMLIT_FILES, FOREVER), ("/app/static/", OWN_FILES, ONE_DAY))

# Windows may have another opinion in its registry, and with nosniff a script of the wrong type is not run.
MEDIA_TYPES = {
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".svg": "image/svg+xml",
}
WORTH_PACKING = {*MEDIA_TYPES, ".json", ".wasm", ".txt"}

_packing: defaultdict[Path, threading.Lock] = defaultdict(threading.Lock)


@dataclass(frozen=True)
class Packed:
    """One content in each coding ("br", "gzip"), with the digest that its ETags are made from."""

    media_type: str
    bodies: Mapping[str, bytes]
    digest: str


def pack(content: bytes, media_type: str) -> Packed:
    """Compress a content. gzip is for visits over plain HTTP, where browsers do not offer brotli."""
    bodies = {"br": brotli.compress(content, quality=9), "gzip": gzip.compress(content, 6, mtime=0)}
    return Packed(media_type, bodies, hashlib.sha256(content).hexdigest()[:20])


def packed_file(path: Path) -> Packed:
    """A file, compressed at the first call. Threads that ask at the same time wait for one of them."""
    with _packing[path]:
        return _packed_once(path)


@cache
def _packed_once(path: Path) -> Packed:
    guessed = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    return pack(path.read_bytes(), MEDIA_TYPES.get(path.suffix, guessed))


def pack_first_visit() -> None:
    """Compress what a first visit to a page with a figure asks for: what the page names, and Plotly."""
    named = re.findall(r"\./static/((?:js|css)/[^\"]+)", STREAMLIT_PAGE.read_text(encoding="utf-8"))
    for path in (*STREAMLIT_FILES.glob("js/PlotlyChart.*.js"), *(STREAMLIT_FILES / name for name in named)):
        packed_file(path)


def accepted_coding(headers: Headers) -> str | None:
    """The best coding that a request takes, or None when it takes neither."""
    offers = headers.get("accept-encoding", "").replace(" ", "").lower().split(",")
    taken = {offer.split(";")[0] for offer in offers if not re.search(r";q=0(\.0*)?$", offer)}
    return next((coding for coding in ("br", "gzip") if coding in taken), None)


def answer(packed: Packed, headers: Headers, coding: str, cache_control: str) -> Response:
    """The response with one packed content: 304 when the visitor already has it."""
    etag = f'"{packed.digest}-{coding}"'
    rules = {"etag": etag, "cache-control": cache_control, "vary": "Accept-Encoding"}
    known = headers.get("if-none-match", "").replace("W/", "")
    if known.strip() == "*" or etag in (tag.strip() for tag in known.split(",")):
        return Response(status_code=304, headers=rules)
    rules |= {"content-encoding": coding, "content-type": packed.media_type}
    return Response(packed.bodies[coding], headers=rules)


def shelved(address: str) -> tuple[Path, str] | None:
    """The file that an address means and its rule for caching, if it is one worth compressing."""
    for prefix, folder, cache_control in SHELVES:
        path = (folder / address.removeprefix(prefix)).resolve()
        is_inside = address.startswith(prefix) and path.is_relative_to(folder.resolve())
        if is_inside and path.suffix in WORTH_PACKING and path.is_file():
            return path, cache_control
    return None


class PackedFiles:
    """ASGI middleware: answers for the files it can compress and leaves every other request to Streamlit."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send the packed file, or pass the request on."""
        if scope["type"] != "http" or scope["method"] not in ("GET", "HEAD"):
            await self.app(scope, receive, send)
            return
        if scope["path"].startswith(STREAMLIT_FONT):
            scope = {**scope, "path": OWN_FONT, "raw_path": OWN_FONT.encode()}
        headers = Headers(scope=scope)
        coding = accepted_coding(headers)
        found = shelved(scope["path"])
        if coding is None or found is None or "range" in headers:
            await self.app(scope, receive, send)
            return
        path, cache_control = found
        packed = await run_in_threadpool(packed_file, path)
        await answer(packed, headers, coding, cache_control)(scope, receive, send)

"""What lies between a browser and Streamlit: language, headers, closed doors, health, and the failure page.

Everything here leans on the one page that Streamlit serves at every address, its index.html.
tests/test_serving.py and tests/browser/test_serving.py tell when a new version of Streamlit has changed it.
"""

from __future__ import annotations

import base64
import hashlib
import re
from functools import lru_cache
from urllib.parse import parse_qsl

import streamlit as st
from starlette.datastructures import Headers, MutableHeaders
from starlette.middleware import Middleware
from starlette.responses import RedirectResponse
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from pages.parts import access, calendar_feed, source
from pages.parts.access.doors import FrontDoor, SignInDoor
from pages.parts.doors import ClosedDoors, FileDoor, MessageDoor
from pages.parts.guard import UploadDoor
from pages.parts.health import health
from pages.parts.links import current_query
from pages.parts.log_lines import logged
from pages.parts.packed import (
    ONE_DAY,
    OWN_FILES,
    OWN_FONT,
    STREAMLIT_PAGE,
    Packed,
    PackedFiles,
    accepted_coding,
    answer,
    pack,
    packed_file,
)
from queries.connection import TooSlow
from queries.versions import BrokenVersion

# Answers under these addresses are never the page, and downloads among them want their compression.
NEVER_THE_PAGE = ("/static/", "/app/static/", "/_stcore/", "/media/", "/component/")
# The page itself must be asked for each time: it names files whose names change with every version.
ASK_EACH_TIME = "no-cache"
# Once visited over HTTPS, a browser never again asks for this name in the clear.
ONE_YEAR_OF_HTTPS = "max-age=31536000"

NO_SCRIPT = """<noscript>
      <p>Nämndkollen behöver JavaScript. Slå på det i webbläsaren och ladda om sidan.</p>
    </noscript>"""


def swedish_page(html: str) -> str:
    """Streamlit's page in Swedish, with this project's own files instead of what Streamlit would fetch.

    Raises ValueError when the page no longer looks as expected, so that a new version of Streamlit
    is noticed at the start and not by a screen reader that reads Swedish as English.
    """
    changes = {
        r'<html lang="en">': '<html lang="sv">',
        # First in the head: it must run before Streamlit draws, and before Plotly looks for languages.
        r"<head>": f"<head>\n    {_own_files_in_head()}",
        r'<link rel="shortcut icon"[^>]*>': f'<link rel="icon" href="{own_file("icon.svg")}" />',
        # Streamlit's font is fetched ahead although the theme uses another.
        r'<link\s+rel="preload"[^>]*SourceSans[^>]*>': "",
        r"<title>Streamlit</title>": "<title>Nämndkollen</title>",
        r'<!--(?:(?!-->).)*-->\s*<link rel="service-desc"[^>]*>': "",
        r"<noscript>.*?</noscript>": NO_SCRIPT,
    }
    for pattern, replacement in changes.items():
        html, count = re.subn(pattern, lambda _, text=replacement: text, html, count=1, flags=re.DOTALL)
        if count != 1:
            raise ValueError(f"Streamlit's index.html has changed: {pattern} is not in it")
    return html


def own_file(name: str) -> str:
    """The address of a file in pages/static: changes when the file does, relative as Streamlit's own."""
    return f"./app/static/{name}?v={packed_file(OWN_FILES / name).digest[:8]}"


def _own_files_in_head() -> str:
    return (
        f'<script src="{own_file("sv.js")}"></script>\n'
        f'    <link rel="stylesheet" href="{own_file("screen.css")}" />\n'
        f'    <link rel="stylesheet" media="print" href="{own_file("print.css")}" />\n'
        f'    <link rel="preload" href=".{OWN_FONT}" as="font" type="font/woff2" crossorigin />'
    )


def content_security_policy(html: str) -> str:
    """The rules for what the page may load: nothing from other hosts, no inline script but Streamlit's own.

    Plotly and Streamlit write style attributes, hence 'unsafe-inline' for styles.
    wasm-unsafe-eval is for the reader of Arrow tables, blob: for what Plotly turns into a picture.
    """
    inline = re.findall(r"<script>(.*?)</script>", html, flags=re.DOTALL)
    digests = (base64.b64encode(hashlib.sha256(script.encode()).digest()).decode() for script in inline)
    scripts = " ".join(f"'sha256-{digest}'" for digest in digests)
    return "; ".join(
        (
            "default-src 'none'",
            f"script-src 'self' 'wasm-unsafe-eval' {scripts}",
            "style-src 'self' 'unsafe-inline'",
            "img-src 'self' data: blob:",
            "font-src 'self' data:",
            "connect-src 'self'",
            "worker-src 'self' blob:",
            "base-uri 'none'",
            "form-action 'self'",
            "frame-ancestors 'none'",
        )
    )


def security_headers() -> dict[str, str]:
    """The headers that every answer carries."""
    return {
        "Content-Security-Policy": content_security_policy(STREAMLIT_PAGE.read_text(encoding="utf-8")),
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
        # Addresses carry the choices; other sites need not learn what a committee looked at.
        "Referrer-Policy": "same-origin",
        "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
    }


def is_over_https(scope: Scope) -> bool:
    """Whether the visitor's browser came over HTTPS, also where a proxy in front of the server ended it."""
    told = Headers(scope=scope).get("x-forwarded-proto", scope.get("scheme", ""))
    return told.split(",")[0].strip().lower() in ("https", "wss")


class SecurityHeaders:
    """ASGI middleware: puts the security headers on every answer."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self.headers = security_headers()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on and add to its answer."""

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers.update(self.headers)
                if is_over_https(scope):
                    headers["Strict-Transport-Security"] = ONE_YEAR_OF_HTTPS
                if scope["path"].startswith("/app/static/"):
                    headers.setdefault("cache-control", ONE_DAY)
                    # Streamlit offers these files to every site.
                    del headers["access-control-allow-origin"]
            await send(message)

        await self.app(scope, receive, send_with_headers if scope["type"] == "http" else send)


class CurrentLinks:
    """ASGI middleware: sends a visitor with an older link on to the address that the link has now."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Redirect, or pass the request on."""
        now = _address_now(scope) if scope["type"] == "http" and scope["method"] == "GET" else None
        await (RedirectResponse(now, 307) if now else self.app)(scope, receive, send)


def _address_now(scope: Scope) -> str | None:
    if scope["path"].startswith(NEVER_THE_PAGE) or not scope["query_string"]:
        return None
    asked = scope["query_string"].decode("ascii", "replace")
    try:
        # A school has the name in each version that it had then.
        query = current_query(source.of_link(dict(parse_qsl(asked)).get("version")), asked)
    except BrokenVersion:
        # The page itself tells what is wrong with the data.
        return None
    # Only the path of this site: a path that begins with two slashes would lead to another.
    return f"/{scope['path'].lstrip('/')}?{query}" if query else None


class SwedishPage:
    """ASGI middleware: sends Streamlit's page as swedish_page makes it, compressed, wherever it is shown."""

    # What would make Streamlit send its page packed, in part or not at all.
    UNWANTED = (b"accept-encoding", b"if-none-match", b"if-modified-since", b"range")

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        packed_page(STREAMLIT_PAGE.read_bytes())

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on and replace its answer if that is the page."""
        if scope["type"] != "http" or scope["method"] != "GET" or scope["path"].startswith(NEVER_THE_PAGE):
            await self.app(scope, receive, send)
            return
        plain = [(name, value) for name, value in scope["headers"] if name not in self.UNWANTED]
        page = _HeldPage(send)
        await self.app({**scope, "headers": plain, "extensions": {}}, receive, page.send)
        if page.is_held:
            headers = Headers(scope=scope)
            coding = accepted_coding(headers) or "identity"
            await answer(packed_page(page.body), headers, coding, ASK_EACH_TIME)(scope, receive, send)


class _HeldPage:
    """Holds an answer back while it is a page, and lets every other answer through as it comes."""

    def __init__(self, send: Send) -> None:
        self.pass_on = send
        self.is_held = False
        self.body = b""

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            kind = Headers(raw=message["headers"]).get("content-type", "")
            self.is_held = message["status"] == 200 and kind.startswith("text/html")
        if not self.is_held:
            await self.pass_on(message)
        elif message["type"] == "http.response.body":
            self.body += message.get("body", b"")


@lru_cache(maxsize=2)
def packed_page(original: bytes) -> Packed:
    """Streamlit's page as it is sent, also as it stands for a program that takes no compression."""
    html = swedish_page(original.decode()).encode()
    packed = pack(html, "text/html; charset=utf-8")
    return Packed(packed.media_type, {**packed.bodies, "identity": html}, packed.digest)


def show_failure(error: Exception) -> bool:
    """What a visitor sees instead of a page that failed: a reference, and nothing of the error itself."""
    if isinstance(error, (TooSlow, access.Refused)):
        st.warning(str(error))
        return True
    reference = logged(error)
    st.warning(
        "**Sidan kan inte visas just nu.** Felet ligger hos oss, inte hos dig. "
        "Ladda om sidan eller gör ett annat val. Kommer felet tillbaka: "
        f"hör av dig till förvaltningen och ange referens **{reference}**."
    )
    return True


MIDDLEWARE = [
    Middleware(layer)
    for layer in (
        SecurityHeaders,
        FrontDoor,
        SignInDoor,
        ClosedDoors,
        MessageDoor,
        FileDoor,
        UploadDoor,
        CurrentLinks,
        PackedFiles,
        SwedishPage,
    )
]
ROUTES = [Route("/halsa", health), Route(calendar_feed.PATH, calendar_feed.feed)]

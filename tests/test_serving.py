"""Headers, language, compression and closed doors, without a browser and without Streamlit's server."""

from __future__ import annotations

import asyncio
import base64
import gzip
import hashlib
import json
import re
import tomllib
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import SimpleNamespace

import brotli
import pytest
from starlette.applications import Starlette
from starlette.datastructures import Headers
from starlette.responses import FileResponse, HTMLResponse
from starlette.routing import Route

from pages.parts import packed, serving
from queries.connection import TooSlow

ROOT = Path(__file__).resolve().parents[1]
STREAMLIT_HTML = packed.STREAMLIT_PAGE.read_text(encoding="utf-8")


def ask(path: str, method: str = "GET", **headers: str) -> SimpleNamespace:
    """Send one request through the layers to a site whose every other address shows Streamlit's page."""
    site = Starlette(
        routes=[
            *serving.ROUTES,
            Route("/saknas", lambda request: HTMLResponse("<p>Saknas</p>", 404)),
            Route("/{address:path}", lambda request: FileResponse(packed.STREAMLIT_PAGE)),
        ],
        middleware=serving.MIDDLEWARE,
    )
    named = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    scope = {
        "type": "http", "asgi": {"version": "3.0", "spec_version": "2.4"}, "method": method, "scheme": "http",
        "path": path, "raw_path": path.encode(), "query_string": b"", "headers": named, "extensions": {},
        "server": ("localhost", 80), "client": ("127.0.0.1", 1),
    }  # fmt: skip
    sent: list[Mapping] = []

    async def receive() -> Mapping:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Mapping) -> None:
        sent.append(message)

    # In a thread of its own: the browser tests keep an event loop open in the main one.
    with ThreadPoolExecutor(1) as thread:
        thread.submit(asyncio.run, site(scope, receive, send)).result()
    body = b"".join(message.get("body", b"") for message in sent[1:])
    return SimpleNamespace(status=sent[0]["status"], headers=Headers(raw=sent[0]["headers"]), body=body)


class TestPage:
    def test_is_marked_as_swedish_at_every_address(self):
        for address in ("/", "/maluppfyllelse", "/skola"):
            assert b'<html lang="sv">' in ask(address).body

    def test_is_swedish_although_the_browser_asks_for_compression(self):
        answer = ask("/maluppfyllelse", accept_encoding="gzip, deflate, br, zstd")
        assert answer.headers["content-encoding"] == "br"
        assert b'lang="sv"' in brotli.decompress(answer.body)

    def test_loads_the_translation_before_everything_else(self):
        html = serving.swedish_page(STREAMLIT_HTML)
        assert "sv.js" in re.search(r"<(?:script|link)[^>]+>", html)[0]

    def test_says_in_swedish_that_it_needs_javascript(self):
        html = serving.swedish_page(STREAMLIT_HTML)
        assert "behöver JavaScript" in html
        assert "enable JavaScript" not in html

    def test_does_not_tell_programs_of_an_interface_that_is_closed(self):
        assert "openapi" not in serving.swedish_page(STREAMLIT_HTML)

    def test_that_has_changed_beyond_recognition_stops_the_start(self):
        with pytest.raises(ValueError, match=r"index\.html has changed"):
            serving.swedish_page("<html lang='en'><head></head></html>")

    def test_is_asked_for_each_time_and_not_sent_again_when_unchanged(self):
        first = ask("/", accept_encoding="br")
        again = ask("/", accept_encoding="br", if_none_match=first.headers["etag"])
        assert first.headers["cache-control"] == "no-cache"
        assert (again.status, again.body) == (304, b"")

    def test_that_is_missing_keeps_its_own_answer(self):
        assert ask("/saknas").body == b"<p>Saknas</p>"


class TestHeaders:
    def test_let_nothing_in_from_another_host(self):
        policy = ask("/").headers["content-security-policy"]
        assert policy.startswith("default-src 'none'; script-src 'self' ")
        assert "base-uri 'none'" in policy
        assert "frame-ancestors 'none'" in policy
        assert not re.search(r"https?:|wss?:|\*|unsafe-eval'.*unsafe-eval'", policy)

    def test_allow_the_inline_scripts_that_are_sent_and_no_other(self):
        html = serving.swedish_page(STREAMLIT_HTML)
        inline = re.findall(r"<script>(.*?)</script>", html, flags=re.DOTALL)
        digests = {base64.b64encode(hashlib.sha256(script.encode()).digest()).decode() for script in inline}
        assert set(re.findall(r"'sha256-([^']+)'", serving.content_security_policy(html))) == digests

    def test_keep_a_browser_that_came_over_https_there(self):
        assert "strict-transport-security" not in ask("/halsa").headers
        # A proxy on this computer speaks plainly with the server, and tells what the visitor came over.
        over_https = ask("/halsa", x_forwarded_proto="https").headers
        assert over_https["strict-transport-security"] == "max-age=31536000"
        assert "strict-transport-security" not in ask("/halsa", x_forwarded_proto="http").headers

    @pytest.mark.parametrize("address", ["/", "/halsa", "/_stcore/metrics", "/saknas", "/app/static/sv.js"])
    def test_stand_on_every_answer(self, address: str):
        headers = ask(address, accept_encoding="br").headers
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "same-origin"
        assert "content-security-policy" in headers


class TestDoors:
    @pytest.mark.parametrize(
        "address",
        [
            "/_stcore/metrics",
            "/_stcore/metrics/",
            "/_stcore/agent/openapi.json",
            "/_stcore/agent/interact",
            "/_stcore/script-health-check",
            "/under/en/mapp/_stcore/metrics",
        ],
    )
    def test_that_are_not_for_visitors_are_closed(self, address: str):
        assert ask(address).status == 404
        assert ask(address, method="POST").status == 404


class TestFailure:
    def test_of_a_question_that_took_too_long_is_said_calmly_without_a_reference(self, monkeypatch, caplog):
        said: list[str] = []
        monkeypatch.setattr(serving.st, "warning", said.append)
        assert serving.show_failure(TooSlow("Frågan tog för lång tid och avbröts."))
        assert said == ["Frågan tog för lång tid och avbröts."]
        assert caplog.text == ""


class TestHealth:
    def test_names_the_version_that_is_shown(self, monkeypatch: pytest.MonkeyPatch):
        from pages.parts import source

        monkeypatch.setattr(source, "newest", lambda: SimpleNamespace(version=7, broken=()))
        answer = ask("/halsa")
        assert (answer.status, json.loads(answer.body)["version"]) == (200, 7)

    def test_says_no_without_telling_why_to_strangers(self, monkeypatch: pytest.MonkeyPatch):
        from pages.parts import source

        def fail() -> None:
            raise OSError("/hemlig/mapp saknas")

        monkeypatch.setattr(source, "newest", fail)
        answer = ask("/halsa")
        assert answer.status == 503
        assert "kan inte läsas" in answer.body.decode()
        assert "hemlig" not in answer.body.decode()


class TestFiles:
    def test_come_as_brotli_or_gzip_with_the_same_content(self):
        original = (packed.OWN_FILES / "sv.js").read_bytes()
        assert brotli.decompress(ask("/app/static/sv.js", accept_encoding="gzip, br").body) == original
        assert gzip.decompress(ask("/app/static/sv.js", accept_encoding="gzip").body) == original

    def test_that_the_visitor_has_are_not_sent_again(self):
        first = ask("/app/static/sv.js", accept_encoding="br")
        known = f'"annan", W/{first.headers["etag"]}'
        again = ask("/app/static/sv.js", accept_encoding="br", if_none_match=known)
        assert (again.status, again.body) == (304, b"")
        assert again.headers["vary"] == "Accept-Encoding"

    def test_have_one_etag_for_each_coding(self):
        tags = {ask("/app/static/sv.js", accept_encoding=coding).headers["etag"] for coding in ("br", "gzip")}
        assert len(tags) == 2

    def test_of_streamlit_may_be_kept_for_good(self):
        name = next(packed.STREAMLIT_FILES.glob("css/index.*.css")).name
        assert "immutable" in ask(f"/static/css/{name}", accept_encoding="br").headers["cache-control"]

    @pytest.mark.parametrize(
        "address",
        ["/app/static/../parts/serving.py", "/app/static/%2e%2e/frame.js", "/static//etc/passwd.txt"],
    )
    def test_outside_their_folder_are_not_found(self, address: str):
        assert packed.shelved(address) is None

    @pytest.mark.parametrize(
        ("offer", "taken"),
        [("br;q=0, gzip", "gzip"), ("GZIP, BR", "br"), ("gzip;q=0.0", None), ("", None), ("zstd", None)],
    )
    def test_follow_what_the_browser_takes(self, offer: str, taken: str | None):
        assert packed.accepted_coding(Headers({"accept-encoding": offer})) == taken

    def test_of_the_first_visit_are_all_there(self):
        packed.pack_first_visit()
        assert list(packed.STREAMLIT_FILES.glob("js/PlotlyChart.*.js"))

    def test_of_the_font_are_small_and_carry_their_licence(self):
        fonts = list(packed.OWN_FILES.glob("*.woff2"))
        assert fonts
        assert all(font.stat().st_size <= 60_000 for font in fonts)
        licence = (packed.OWN_FILES / "public-sans-OFL.txt").read_text(encoding="utf-8")
        assert "SIL OPEN FONT LICENSE" in licence

    def test_that_stand_in_for_streamlits_font_are_there(self):
        address = packed.STREAMLIT_FONT.removeprefix("/static/media/")
        assert list((packed.STREAMLIT_FILES / "media").glob(f"{address}*.woff2"))
        assert (packed.OWN_FILES / packed.OWN_FONT.removeprefix("/app/static/")).is_file()


class TestSettings:
    TEXT = (ROOT / ".streamlit" / "config.toml").read_text(encoding="utf-8")

    def test_say_why_on_the_line_above_each(self):
        lines = self.TEXT.splitlines()
        settings = [place for place, line in enumerate(lines) if re.match(r"\w+ = ", line)]
        explained = [place for place in settings if lines[place - 1].startswith("#")]
        faces_and_colours = [place for place in settings if place not in explained]
        allowed = re.compile(r"(family|url|weight|style|unicodeRange|\w+Color) = ")
        assert [lines[place] for place in faces_and_colours if not allowed.match(lines[place])] == []

    def test_keep_visits_and_errors_inside(self):
        settings = tomllib.loads(self.TEXT)
        assert settings["browser"]["gatherUsageStats"] is False
        assert settings["client"]["showErrorDetails"] == "none"
        assert settings["server"]["address"] == "localhost"
        assert settings["server"]["enableXsrfProtection"] is True
        assert "http" not in re.sub(r"#.*", "", self.TEXT)

    @pytest.mark.parametrize("theme", ["light", "dark"])
    def test_text_and_accent_can_be_read_on_their_background(self, theme: str):
        colours = tomllib.loads(self.TEXT)["theme"][theme]
        for background in ("backgroundColor", "secondaryBackgroundColor"):
            for ink in ("textColor", "primaryColor", "linkColor", "dataframeHeaderTextColor"):
                assert contrast(colours[ink], colours[background]) >= 4.5
            assert contrast(colours["borderColor"], colours[background]) >= 3


def contrast(one: str, other: str) -> float:
    """Contrast of two colours as WCAG counts it, 1 to 21."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def luminance(colour: str) -> float:
    """Relative luminance of a #RRGGBB colour."""
    parts = (int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5))
    linear = [part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

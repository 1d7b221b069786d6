"""A real server and a real browser for the tests of this folder.

Every page that a test opens is watched: a request to another host, or an error in the browser's console,
fails the test when it ends.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any, Literal

import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    Playwright,
    Request,
    Response,
    ViewportSize,
    expect,
    sync_playwright,
)

ROOT = Path(__file__).resolve().parents[2]
START_LIMIT_SECONDS = 60

# Playwright's five seconds are too few for the first drawing on a busy computer.
expect.set_options(timeout=30_000)

# Debian's Chromium without a window first: the same pages in five sixths of the time.
BROWSER_NAMES = (
    "chromium-headless-shell", "chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome",
    "microsoft-edge", "microsoft-edge-stable", "msedge",
)  # fmt: skip
BROWSER_PATHS = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    r"%ProgramFiles%\Google\Chrome\Application\chrome.exe",
    r"%ProgramFiles(x86)%\Google\Chrome\Application\chrome.exe",
    r"%LocalAppData%\Google\Chrome\Application\chrome.exe",
    r"%ProgramFiles%\Microsoft\Edge\Application\msedge.exe",
    r"%ProgramFiles(x86)%\Microsoft\Edge\Application\msedge.exe",
)
# The browser must not talk to its maker, or the watch for other hosts would mean nothing.
BROWSER_FLAGS = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--process-per-site",
)  # fmt: skip

# Streamlit looks for its base path below the address of a page, then at the root. Both are harmless.
EXPECTED_NOT_FOUND = ("/_stcore/health", "/_stcore/host-config")

VIEWPORT: ViewportSize = {"width": 1280, "height": 900}

# Rules of axe that Streamlit itself breaks, each with the reason why a page cannot mend it.
STREAMLIT_OWNED = {
    "presentation-role-conflict": "the drop zone of file_uploader is drawn by Streamlit",
    "region": "open lists of selectbox and multiselect are drawn outside the landmarks by Streamlit",
    "svg-img-alt": "Streamlit draws sparklines without alternatives; pages use none",
}
WCAG_TAGS = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa")


@dataclass(frozen=True)
class Server:
    """A running server: its address without a slash at the end, where its log is written, and its process."""

    url: str
    log: Path
    process: subprocess.Popen[bytes]


StartServer = Callable[..., Server]


@pytest.fixture(scope="session")
def start_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StartServer]:
    """Start a server in a fresh process, of this project or of another folder with an app.py.

    start_server(folder=ROOT, port=a free one, **environment). The server ends with the session.
    """
    processes: list[subprocess.Popen[bytes]] = []

    def start(folder: Path = ROOT, port: int | None = None, **environment: str) -> Server:
        port = port or free_port()
        log = tmp_path_factory.mktemp("server") / "log.txt"
        command = [sys.executable, "-m", "uvicorn", "app:app", "--port", str(port), "--no-server-header"]
        with log.open("wb") as output:
            # What somebody has published on this computer never decides a test.
            own = {"NAMNDKOLLEN_EXPORTS": str(tmp_path_factory.mktemp("exports"))}
            names = {**os.environ, **own, **environment}
            process = subprocess.Popen(
                command, cwd=folder, stdout=output, stderr=subprocess.STDOUT, env=names
            )
        processes.append(process)
        server = Server(f"http://localhost:{port}", log, process)
        _wait_until_healthy(server)
        return server

    yield start
    for process in processes:
        process.terminate()
    for process in processes:
        try:
            process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            # An open websocket keeps the server waiting for its visitor.
            process.kill()
            process.wait()


@pytest.fixture(scope="session")
def server(start_server: StartServer) -> Server:
    """The server that most tests share."""
    return start_server()


@pytest.fixture
def fresh_server(start_server: StartServer) -> Iterator[Server]:
    """A server that nobody has visited: a link into the middle of the site must work there too."""
    started = start_server()
    yield started
    started.process.kill()
    started.process.wait()


def free_port() -> int:
    """A port of this computer that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _wait_until_healthy(server: Server) -> None:
    limit = time.monotonic() + START_LIMIT_SECONDS
    while time.monotonic() < limit and server.process.poll() is None:
        with suppress(urllib.error.URLError, ConnectionError):
            urllib.request.urlopen(f"{server.url}/_stcore/health", timeout=2)
            return
        time.sleep(0.1)
    server.process.kill()
    pytest.fail(f"The server did not start:\n{server.log.read_text(errors='replace')}")


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    """Playwright for the whole session."""
    with sync_playwright() as started:
        yield started


@pytest.fixture(scope="session")
def browser(playwright: Playwright) -> Iterator[Browser]:
    """A headless Chromium, Chrome or Edge: an installed one, else the one Playwright can fetch."""
    started = playwright.chromium.launch(executable_path=_installed_browser(), args=list(BROWSER_FLAGS))
    yield started
    started.close()


def _installed_browser() -> str | None:
    by_name = (shutil.which(name) for name in BROWSER_NAMES)
    by_path = (path for path in map(os.path.expandvars, BROWSER_PATHS) if Path(path).is_file())
    found = next((path for path in (*by_name, *by_path) if path), None)
    fetch = [sys.executable, "-m", "playwright", "install", "chromium"]
    if found is None and subprocess.run(fetch, check=False).returncode:
        pytest.fail("The browser tests need Chromium, Google Chrome or Microsoft Edge: install one of them.")
    return found


class Watch:
    """What a browser did that it should not have: requests to other hosts, errors in the console."""

    def __init__(self, server: Server, expected_error: str | None) -> None:
        self.server = server
        self.expected_error = expected_error
        self.requests_elsewhere: list[str] = []
        self.errors: list[str] = []

    def follow(self, page: Page) -> None:
        """Watch one page."""
        page.on("request", self._on_request)
        page.on("console", self._on_console)
        page.on("pageerror", lambda error: self.errors.append(str(error)))

    def _on_request(self, request: Request) -> None:
        if not request.url.startswith((f"{self.server.url}/", "data:", "blob:")):
            self.requests_elsewhere.append(request.url)

    def _on_console(self, message: ConsoleMessage) -> None:
        address = message.location.get("url", "")
        expected = "404" in message.text and address.endswith(EXPECTED_NOT_FOUND)
        expected = expected or (self.expected_error is not None and self.expected_error in message.text)
        if message.type == "error" and not expected:
            self.errors.append(f"{message.text} ({address})")


OpenPage = Callable[..., Page]
ContextOf = Callable[..., BrowserContext]


@pytest.fixture(scope="session")
def new_context(browser: Browser) -> ContextOf:
    """The browser of somebody who comes for the first time: new_context(server, **options of a browser context)."""

    def start(server: Server, **options: Any) -> BrowserContext:
        return browser.new_context(base_url=server.url, viewport=VIEWPORT, locale="sv-SE", **options)

    return start


@pytest.fixture(scope="session")
def returning(new_context: ContextOf) -> Iterator[ContextOf]:
    """The browser of somebody who has been at a server before: returning(server).

    It keeps the scripts that it has fetched and nothing else. To fetch and compile them takes longer than most tests,
    so the first tab stays open and its process serves those that come after.
    """
    contexts: dict[str, BrowserContext] = {}

    def come_back(server: Server) -> BrowserContext:
        if server.url not in contexts:
            contexts[server.url] = new_context(server)
            contexts[server.url].new_page().goto(f"{server.url}/halsa")
        return contexts[server.url]

    yield come_back
    for context in contexts.values():
        context.close()


def _forget(page: Page, server: Server) -> None:
    """Take away what earlier tests left in a browser; fetched scripts stay."""
    session = page.context.new_cdp_session(page)
    kept = {"origin": server.url, "storageTypes": "cookies,local_storage,indexeddb"}
    session.send("Storage.clearDataForOrigin", kept)
    session.detach()


@pytest.fixture
def open_page(new_context: ContextOf, returning: ContextOf) -> Iterator[OpenPage]:
    """Open pages that are watched: open_page(server, expected_error=None, is_first_visit=False, viewport=…,
    color_scheme=…, **other options of a browser context).

    expected_error is a part of the one message that the test itself provokes in the console. The second visitor of
    a test has a browser of its own, and so has a first visit and one with other options.
    """
    own: list[BrowserContext] = []
    shared: list[tuple[BrowserContext, Watch]] = []
    watches: list[Watch] = []

    def start(
        server: Server,
        expected_error: str | None = None,
        *,
        is_first_visit: bool = False,
        viewport: ViewportSize = VIEWPORT,
        color_scheme: Literal["light", "dark"] = "light",
        **options: Any,
    ) -> Page:
        watch = Watch(server, expected_error)
        if is_first_visit or options or server.url in [each.server.url for _, each in shared]:
            context = new_context(server, **options)
            own.append(context)
        else:
            context = returning(server)
            shared.append((context, watch))
        context.on("page", watch.follow)
        watches.append(watch)
        page = context.new_page()
        _forget(page, server)
        page.set_viewport_size(viewport)
        page.emulate_media(color_scheme=color_scheme)
        return page

    yield start
    for context in own:
        context.close()
    for context, watch in shared:
        for page in context.pages[1:]:
            page.close()
        context.remove_listener("page", watch.follow)
    assert [address for watch in watches for address in watch.requests_elsewhere] == []
    assert [error for watch in watches for error in watch.errors] == []


@pytest.fixture
def page(open_page: OpenPage, server: Server) -> Page:
    """A page of the shared server, 1280 × 900, in a Swedish browser."""
    return open_page(server)


Axe = Callable[[Page], list[dict[str, Any]]]


@pytest.fixture(scope="session")
def axe() -> Axe:
    """Breaches of WCAG 2.2 A and AA on a page as it stands, without those that only Streamlit can mend.

    One dict a breach: rule, impact, and the elements as HTML. The script is handed to the page by the
    debugger, so the page's own rules against foreign scripts stay on.
    """
    source = (files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8")

    def run(page: Page) -> list[dict[str, Any]]:
        page.evaluate(source)
        found = page.evaluate(
            "tags => axe.run({runOnly: {type: 'tag', values: tags}, resultTypes: ['violations']})",
            list(WCAG_TAGS),
        )
        return [
            {"rule": rule["id"], "impact": rule["impact"], "elements": [one["html"] for one in rule["nodes"]]}
            for rule in found["violations"]
            if rule["id"] not in STREAMLIT_OWNED
        ]

    return run


Visit = Callable[[Page, str], Response]


@pytest.fixture(scope="session")
def visit() -> Visit:
    """Go to an address and wait until Streamlit has run the page to its end: visit(page, "/om")."""

    def go(page: Page, address: str) -> Response:
        response = page.goto(address)
        page.wait_for_selector('[data-testid="stApp"][data-test-script-state="notRunning"]')
        page.wait_for_selector('[data-testid="stMain"] :is(h1, [data-testid="stAlert"])')
        # Not page.wait_for_function: the page's own rules forbid evaluating text as script.
        expect(page.get_by_test_id("stSkeleton")).to_have_count(0)
        return response

    return go

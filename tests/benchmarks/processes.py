"""Servers in processes of their own, a browser, and what a process uses of the machine."""

from __future__ import annotations

import os
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, sync_playwright

from tests.benchmarks.recording import CACHE, ROOT
from tests.browser.conftest import BROWSER_FLAGS, _installed_browser, free_port

START_LIMIT_SECONDS = 60
# The lines and surfaces of a figure, without what Plotly keeps for itself.
DRAWN_BY_PLOTLY = ".js-plotly-plot .main-svg :is(.trace, .shape-group, .polarlayer) path[d]"
UVICORN = (
    sys.executable,
    "-m",
    "uvicorn",
    "app:app",
    "--no-server-header",
    "--no-access-log",
    "--port",
    "{port}",
)


@dataclass(frozen=True)
class Running:
    """A server that answers: its address without a slash at the end, and its process."""

    url: str
    pid: int


@contextmanager
def running(
    name: str,
    folder: Path = ROOT,
    command: Sequence[str] = UVICORN,
    health: str = "/_stcore/health",
    environment: Mapping[str, str] | None = None,
) -> Iterator[Running]:
    """Start a server on a free port of this computer and end it afterwards. {port} in command is filled in.

    Raises RuntimeError with its log when it does not answer within a minute.
    """
    port = free_port()
    CACHE.mkdir(parents=True, exist_ok=True)
    log = CACHE / f"{name}.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            [part.format(port=port) for part in command],
            cwd=folder,
            stdout=output,
            stderr=subprocess.STDOUT,
            env={**os.environ, "PYTHONPATH": str(ROOT), **(environment or {})},
        )
    try:
        url = f"http://localhost:{port}"
        _wait_for(f"{url}{health}", process, log)
        yield Running(url, process.pid)
    finally:
        process.terminate()
        try:
            process.wait(timeout=5)
        except subprocess.TimeoutExpired:
            # An open websocket keeps the server waiting for its visitor.
            process.kill()
            process.wait()


@contextmanager
def browser() -> Iterator[Browser]:
    """A headless Chromium, Chrome or Edge."""
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=_installed_browser(), args=list(BROWSER_FLAGS))
        yield started
        started.close()


def visitor(started: Browser) -> BrowserContext:
    """A new visitor with an empty cache, at a tablet's width, with a Swedish browser."""
    return started.new_context(viewport={"width": 1280, "height": 900}, locale="sv-SE")


def memory(pid: int) -> tuple[float, float]:
    """Resident and unique set size of a process in MB. Linux only."""
    status = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii").splitlines()[1:]
    kilobytes = {line.split(":")[0]: int(line.split()[1]) for line in status}
    return kilobytes["Rss"] / 1024, (kilobytes["Private_Clean"] + kilobytes["Private_Dirty"]) / 1024


def cpu_seconds(pid: int) -> float:
    """Processor time that a process has used so far. Linux only."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _wait_for(address: str, process: subprocess.Popen[bytes], log: Path) -> None:
    limit = time.monotonic() + START_LIMIT_SECONDS
    while time.monotonic() < limit and process.poll() is None:
        with suppress(urllib.error.URLError, ConnectionError):
            urllib.request.urlopen(address, timeout=2)
            return
        time.sleep(0.1)
    raise RuntimeError(f"The server did not start:\n{log.read_text(encoding='utf-8', errors='replace')}")

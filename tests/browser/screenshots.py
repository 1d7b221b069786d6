"""The pictures of README: every page as a laptop and a phone show it, light and dark.

    python -m tests.browser.screenshots

starts a server of its own and writes tests/browser/screenshots/<page>-<width>-<theme>.png.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
import urllib.request
from contextlib import suppress
from pathlib import Path

from playwright.sync_api import sync_playwright

from tests.browser.conftest import BROWSER_FLAGS, ROOT, _installed_browser, free_port

FOLDER = Path(__file__).with_suffix("")
PAGES = {
    "oversikt": "/?kommun=Linköping",
    "sok": "/sok?q=frånvaro",
    "maluppfyllelse": "/maluppfyllelse",
    "jamforelse": "/jamforelse?kommun=Ekerö&ar=2018",
    "atgarder": "/atgarder?kommun=Linköping&dela=Rapporttillfälle",
    "aterkommande": "/aterkommande?kommun=Österåker",
    "skola": "/skola?skola=Ljungtjärnshöjdens skola",
    "manad": "/manad",
    "dialogmote": "/dialogmote?dialog=Frågebank&skola=Ljungtjärnshöjdens skola",
    "data": "/data",
    "om": "/om",
}
SIZES = {1280: 1000, 390: 844}


def main() -> None:
    """Take all pictures."""
    FOLDER.mkdir(exist_ok=True)
    port = free_port()
    command = [sys.executable, "-m", "uvicorn", "app:app", "--port", str(port)]
    with tempfile.TemporaryDirectory() as empty:
        # What somebody has published on this computer is not what ships.
        surroundings = {**os.environ, "NAMNDKOLLEN_EXPORTS": empty}
        quiet = subprocess.DEVNULL
        server = subprocess.Popen(command, cwd=ROOT, env=surroundings, stdout=quiet, stderr=quiet)
        try:
            _wait(port)
            _take(f"http://localhost:{port}")
        finally:
            server.kill()
            server.wait()


def _wait(port: int) -> None:
    for _ in range(300):
        with suppress(OSError):
            urllib.request.urlopen(f"http://localhost:{port}/_stcore/health", timeout=2)
            return
        time.sleep(0.2)
    raise TimeoutError("The server did not start.")


def _take(address: str) -> None:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=_installed_browser(), args=list(BROWSER_FLAGS))
        for width, height in SIZES.items():
            for scheme in ("light", "dark"):
                size = {"width": width, "height": height}
                page = browser.new_page(viewport=size, color_scheme=scheme, locale="sv-SE", base_url=address)
                for name, link in PAGES.items():
                    page.goto(link)
                    page.wait_for_selector("h1")
                    # Figures draw themselves after the text stands.
                    page.wait_for_timeout(2000)
                    page.screenshot(path=FOLDER / f"{name}-{width}-{scheme}.png")
                page.close()


if __name__ == "__main__":
    main()

"""From a change of year to all figures repainted, as the browser sees it, against two floors.

repaint: the same elements drawn by Streamlit alone (bare/). dash: the same elements drawn by Dash (in_dash/).
The clock starts at pointerdown on the option and stops in the first frame in which the whole page, with the
lines of its figures, is what it becomes when left alone.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

from playwright.sync_api import Browser, Page, expect

from tests.benchmarks import processes, recording
from tests.benchmarks.measuring import Result, compared

HERE = Path(__file__).parent
DASH_FOLDER = HERE / "in_dash"
DASH_ENVIRONMENT = recording.CACHE / "dash"
REPAINT_AIM, DASH_AIM = 1.2, 1.5
# Twenty small figures with words under each are more of the page's own work than one large figure.
AIMS = {"skola": 1.3}
# Dash is given the pages that need no choice of a school.
IN_DASH = [address for address in recording.PAGES if address not in recording.LINKS]
# Twenty figures take seconds to be drawn on a busy computer.
SETTLED_MILLISECONDS = 5000
PAUSE_MILLISECONDS = 400

# What the reader sees: the words of the page and the lines of its figures. Words are read with textContent,
# which unlike innerText does not make the browser lay the page out.
SCRIPT = """
window.seen = root => {
    const main = document.querySelector(root);
    const lines = main.querySelectorAll('DRAWN');
    return main.textContent + [...lines].map(line => line.getAttribute('d')).join();
};
window.watch = (root, option, words, settled) => {
    window.repainted = new Promise(done => {
        const pressed = event => {
            if (!event.target.closest(option)) return;
            document.removeEventListener('pointerdown', pressed, true);
            const start = performance.now();
            const look = () => {
                const words_are_there = document.querySelector(root).textContent.includes(words);
                if (words_are_there && window.seen(root) === settled) done(performance.now() - start);
                else if (performance.now() - start > 20000) done(-1);
                else requestAnimationFrame(look);
            };
            requestAnimationFrame(look);
        };
        document.addEventListener('pointerdown', pressed, true);
    });
};
""".replace("DRAWN", processes.DRAWN_BY_PLOTLY)


@dataclass
class Side:
    """One page of the comparison: where its content, its select and its options are, and what it becomes."""

    page: Page
    root: str
    select: str
    option: str
    settled: dict[str, str]

    def change(self, year: str) -> float:
        """Choose a year; milliseconds until the page is what it becomes. The first time: learns that."""
        self.page.bring_to_front()
        words = f"· {year}"
        self.page.evaluate(
            "([root, option, words, settled]) => window.watch(root, option, words, settled)",
            [self.root, self.option, words, self.settled.get(year)],
        )
        self.page.locator(self.select).click()
        self.page.locator(self.option).filter(has_text=year).first.click()
        if year not in self.settled:
            expect(self.page.locator(self.root)).to_contain_text(words)
            self.page.wait_for_timeout(SETTLED_MILLISECONDS)
            self.settled[year] = self.page.evaluate("root => window.seen(root)", self.root)
            return 0.0
        taken = self.page.evaluate("window.repainted")
        if taken < 0:
            raise RuntimeError(f"{self.page.url} never became what it was for {year}")
        self.page.wait_for_timeout(PAUSE_MILLISECONDS)
        return taken


def against_streamlit(quick: bool) -> Result:
    """Each recorded page against its bare copy."""
    recording.record()
    result = Result()
    with ExitStack() as stack:
        real = stack.enter_context(processes.running("real"))
        bare = stack.enter_context(processes.running("bare", _bare_folder()))
        started = stack.enter_context(processes.browser())
        for address in recording.PAGES:
            query = urlencode(recording.LINKS.get(address, {}))
            sides = [_streamlit_side(started, f"{server.url}/{address}?{query}") for server in (real, bare)]
            own, other = _in_turn(*sides, rounds=6 if quick else 60)
            result.rows.append(
                compared(
                    f"repaint /{address}, against bare Streamlit",
                    "ms",
                    own,
                    other,
                    AIMS.get(address, REPAINT_AIM),
                )
            )
            if sides[0].settled != sides[1].settled:
                result.notes.append(f"repaint: the bare /{address} does not show quite what the page shows.")
    return result


def against_dash(quick: bool) -> Result:
    """Each recorded page against the same elements in Dash. Without Dash: a note and no rows."""
    python = _dash_python()
    if python is None:
        return Result(
            notes=["dash: skipped, because pip could not install what in_dash/requirements.txt names."]
        )
    _write_for_dash(recording.record())
    result = Result()
    with ExitStack() as stack:
        real = stack.enter_context(processes.running("real"))
        started = stack.enter_context(processes.browser())
        for address in IN_DASH:
            with _dash(python, address) as dash:
                sides = [_streamlit_side(started, f"{real.url}/{address}"), _dash_side(started, dash.url)]
                own, other = _in_turn(*sides, rounds=6 if quick else 60)
            result.rows.append(compared(f"repaint /{address}, against Dash", "ms", own, other, DASH_AIM))
    return result


def _in_turn(one: Side, other: Side, rounds: int) -> tuple[list[float], list[float]]:
    for _ in range(2):
        for year in recording.CHOICES:
            one.change(year), other.change(year)
    taken: tuple[list[float], list[float]] = ([], [])
    for number in range(rounds):
        # Who goes first changes too: the second may find the processor still busy with the first.
        order = (0, 1) if number // 2 % 2 else (1, 0)
        for side in order:
            taken[side].append((one, other)[side].change(recording.CHOICES[number % 2]))
    return taken


def _open(started: Browser, url: str) -> Page:
    page = processes.visitor(started).new_page()
    page.add_init_script(SCRIPT)
    page.goto(url)
    page.locator(".js-plotly-plot .main-svg").first.wait_for()
    page.wait_for_timeout(SETTLED_MILLISECONDS)
    return page


def _streamlit_side(started: Browser, url: str) -> Side:
    label = ':has([data-testid="stWidgetLabel"] :text-is("År"))'
    year = f'[data-testid="stSidebar"] [data-testid="stSelectbox"]{label}'
    return Side(_open(started, url), '[data-testid="stMain"]', f"{year} input", '[role="option"]', {})


def _dash_side(started: Browser, url: str) -> Side:
    return Side(_open(started, url), "#page", "#year", ".dash-dropdown-option", {})


def _bare_folder() -> Path:
    folder = recording.CACHE / "bare"
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(HERE / "bare", folder)
    # The settings and files of the project, since Streamlit looks for both beside the script it runs.
    shutil.copytree(recording.ROOT / ".streamlit", folder / ".streamlit")
    shutil.copytree(recording.ROOT / "pages" / "static", folder / "static")
    return folder


def _dash_python() -> Path | None:
    """Python of an environment of its own with Dash in it, made the first time. None when pip cannot."""
    python = DASH_ENVIRONMENT / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
    requirements = DASH_FOLDER / "requirements.txt"
    make = [sys.executable, "-m", "venv", str(DASH_ENVIRONMENT)]
    install = [str(python), "-m", "pip", "install", "--quiet", "--requirement", str(requirements)]
    steps = [install] if python.exists() else [make, install]
    return python if all(subprocess.run(step, check=False).returncode == 0 for step in steps) else None


@contextmanager
def _dash(python: Path, address: str) -> Iterator[processes.Running]:
    command = (
        str(python),
        "-m",
        "gunicorn",
        "--no-control-socket",
        "--threads",
        "8",
        "--bind",
        "127.0.0.1:{port}",
        "app:server",
    )
    environment = {"PAGE": str(recording.CACHE / f"dash-{address}.json"), "PYTHONPATH": ""}
    with processes.running("dash", DASH_FOLDER, command, "/", environment) as server:
        yield server


def _write_for_dash(recorded: recording.Recording) -> None:
    for address in IN_DASH:
        years = {year: _elements(recorded[address, year]) for year in recording.CHOICES}
        (recording.CACHE / f"dash-{address}.json").write_text(json.dumps(years), encoding="utf-8")


def _elements(calls: list[recording.Call]) -> list[dict[str, object]]:
    """What Dash is to draw: kind, what it says, and whether it stands in the sidebar or in a fold."""
    elements: list[dict[str, object]] = []
    for call in calls:
        said: object = call.args[0] if call.args else None
        if call.name == "plotly_chart":
            said = json.loads(said.to_json())
        elif call.name == "table":
            said = {"head": list(said.columns), "rows": said.astype(str).to_numpy().tolist()}
        choices = list(map(str, call.args[1])) if len(call.args) > 1 else []
        place = (
            "sidebar" if call.parent == recording.SIDEBAR else "fold" if _is_folded(call, calls) else "page"
        )
        elements.append({"kind": call.name, "said": said, "choices": choices, "place": place})
    return elements


def _is_folded(call: recording.Call, calls: list[recording.Call]) -> bool:
    if not isinstance(call.parent, tuple):
        return False
    parent = calls[call.parent[0]]
    return parent.name == "expander" or _is_folded(parent, calls)

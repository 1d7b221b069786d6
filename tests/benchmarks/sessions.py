"""Many visitors at once, as raw websockets that speak Streamlit's protocol: memory, times, errors.

Each visitor opens a page and then changes year or municipality about every half minute. The answer is
checked: it must be about what this visitor chose, not about what somebody else did.
"""

from __future__ import annotations

import asyncio
import random
import sys
import time
from dataclasses import dataclass, field

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import WebSocketException

from tests.benchmarks import processes
from tests.benchmarks.measuring import Result, Row, limited, quantile
from tests.raw_client import Screen, handshake

ADDRESSES = ("", "maluppfyllelse", "jamforelse", "atgarder")
# The page that takes most of a processor at each change, measured over all pages and tabs: many small figures.
HEAVIEST = "skola?skola=Gläntviksbackens+skola"
NEWEST = "Senaste"
FAILURE_WORDS = "kan inte visas just nu"
ANSWER_LIMIT_SECONDS = 30
OPENING_AT_ONCE = 4


@dataclass(frozen=True)
class Plan:
    """How many visitors, for how long, and how long each waits between two clicks on average.

    links: where they are, in turn. changes: what they change, one drawn each time. p95: the most milliseconds of a click.
    """

    visitors: int
    seconds: float
    seconds_between_clicks: float
    links: tuple[str, ...] = ADDRESSES
    changes: tuple[str, ...] = ("År", "År", "År", "Kommun")
    p95: float = 300


FULL = Plan(visitors=200, seconds=60, seconds_between_clicks=30)
QUICK = Plan(visitors=40, seconds=15, seconds_between_clicks=10)
HURRIED = Plan(60, 60, 5, (HEAVIEST,), ("År",), 1000)
HURRIED_QUICK = Plan(20, 15, 5, (HEAVIEST,), ("År",), 1000)


@dataclass
class Figures:
    """What the visitors saw: milliseconds of first runs and of clicks, and sentences about errors."""

    first_runs: list[float] = field(default_factory=list)
    clicks: list[float] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)


@dataclass
class Visitor:
    """One open websocket, and what the page told it: the fields of the sidebar and their options."""

    socket: ClientConnection
    address: str
    figures: Figures
    changes: tuple[str, ...] = ("År", "År", "År", "Kommun")
    screen: Screen = field(default_factory=Screen)
    title: str = ""
    field_ids: dict[str, str] = field(default_factory=dict)
    options: dict[str, list[str]] = field(default_factory=dict)
    chosen: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.screen.address, _, self.screen.query = self.address.partition("?")

    async def open_page(self) -> None:
        """Load the page."""
        await self._timed(self.figures.first_runs)

    async def click(self, chance: random.Random) -> None:
        """Change one of what this visitor changes, such as the year."""
        label = chance.choice(self.changes)
        others = [option for option in self.options[label] if option != self.chosen.get(label)]
        await self.choose(label, chance.choice(others))

    async def choose(self, label: str, option: str) -> None:
        """Change one thing to something."""
        self.chosen[label] = option
        if label == "Kommun":
            self.chosen["År"] = NEWEST
        await self._timed(self.figures.clicks)

    async def _timed(self, taken: list[float]) -> None:
        start = time.perf_counter()
        try:
            async with asyncio.timeout(ANSWER_LIMIT_SECONDS):
                chosen = {self.field_ids[label]: value for label, value in self.chosen.items()}
                await self.socket.send(self.screen.run(chosen))
                async for frame in self.socket:
                    if self.screen.take(frame):
                        break
        except (TimeoutError, WebSocketException) as error:
            self.figures.errors.append(f"/{self.address}: {type(error).__name__}")
            return
        taken.append(1000 * (time.perf_counter() - start))
        self._remember()
        self._check(self.screen.texts)

    def _remember(self) -> None:
        """What the page told of its fields; and whether it is the page that was asked for."""
        for name, element in self.screen.elements.items():
            if hasattr(element, "options") and hasattr(element, "label"):
                self.field_ids[element.label], self.options[element.label] = name, list(element.options)
        self.figures.errors += [f"/{self.address}: {failure}" for failure in self.screen.failures]
        heading = next(iter(self.screen.headings), self.title)
        self.title = self.title or heading
        if heading != self.title:
            self.figures.errors.append(f"/{self.address}: got the page {heading}")

    def _check(self, texts: list[str]) -> None:
        failed = [text for text in texts if FAILURE_WORDS in text]
        choice = next((text for text in texts if " · " in text), "")
        year = self.chosen.get("År", NEWEST)
        is_mine = choice.startswith(self.chosen.get("Kommun", "")) and (
            year == NEWEST or f"· {year}" in choice
        )
        if failed or not choice or not is_mine:
            self.figures.errors.append(
                f"/{self.address}: chose {self.chosen}, got {failed or choice or 'no page'}"
            )


def at_once(quick: bool) -> Result:
    """Memory of idle visitors; then times, errors and processor time while all of them click."""
    if not sys.platform.startswith("linux"):
        return Result(notes=["sessions: skipped, because memory is read from /proc."])
    with processes.running("real") as real:
        return asyncio.run(_visit(real, QUICK if quick else FULL))


def in_a_hurry(quick: bool) -> Result:
    """The same with fewer visitors, who all change the year of the heaviest page every five seconds."""
    if not sys.platform.startswith("linux"):
        return Result(notes=["hurried: skipped, because memory is read from /proc."])
    with processes.running("hurried") as real:
        return asyncio.run(_visit(real, HURRIED_QUICK if quick else HURRIED))


async def _visit(real: processes.Running, plan: Plan) -> Result:
    figures, chance = Figures(), random.Random(1)
    try:
        # The first visitors load what all share: modules, answers, threads.
        visitors = [await opened(real, link, figures, plan.changes) for link in plan.links]
        shared, figures.first_runs = processes.memory(real.pid)[1], []
        turn = asyncio.Semaphore(OPENING_AT_ONCE)

        async def arrive(link: str) -> Visitor:
            async with turn:
                return await opened(real, link, figures, plan.changes)

        links = [plan.links[number % len(plan.links)] for number in range(plan.visitors - len(visitors))]
        visitors += await asyncio.gather(*map(arrive, links))
        await asyncio.sleep(2)
        idle = (processes.memory(real.pid)[1] - shared) / len(links)
        before = processes.cpu_seconds(real.pid)
        await asyncio.gather(*(stay(visitor, plan, random.Random(chance.random())) for visitor in visitors))
        cpu = 1000 * (processes.cpu_seconds(real.pid) - before) / max(1, len(figures.clicks))
        resident = processes.memory(real.pid)[0]
    finally:
        await asyncio.gather(*(visitor.socket.close() for visitor in visitors))
    return _result(figures, plan, idle=idle, cpu=cpu, resident=resident)


async def opened(
    real: processes.Running, link: str, figures: Figures, changes: tuple[str, ...] = ("År",)
) -> Visitor:
    """A visitor who has opened a page. Errors are among the figures."""
    stream = f"{real.url.replace('http', 'ws')}/_stcore/stream"
    visitor = Visitor(await connect(stream, **handshake(real.url, {})), link, figures, changes)
    await visitor.open_page()
    return visitor


async def stay(visitor: Visitor, plan: Plan, chance: random.Random) -> None:
    """Click until the time is over."""
    end = time.monotonic() + plan.seconds
    # Nobody clicks at once: the first wait is a part of one.
    wait = chance.uniform(0, plan.seconds_between_clicks)
    while time.monotonic() + wait < end:
        await asyncio.sleep(wait)
        await visitor.click(chance)
        wait = chance.uniform(0.5, 1.5) * plan.seconds_between_clicks


def _result(figures: Figures, plan: Plan, *, idle: float, cpu: float, resident: float) -> Result:
    many = f"{plan.visitors} visitors, a click per {plan.seconds_between_clicks:g} s"
    rows = [
        limited(f"{many}, errors", "errors", [float(len(figures.errors))], 0),
        limited(f"{many}, change of filter", "ms", figures.clicks, plan.p95, "p95"),
        limited(
            f"{many}, first run of a page, {OPENING_AT_ONCE} at a time", "ms", figures.first_runs, 1000, "p95"
        ),
        limited(f"{many}, processor time per change", "ms", [cpu], 30),
        limited(f"{many}, memory of the server (RSS)", "MB", [resident], 600),
        Row("memory of one more idle visitor (USS)", "MB", [idle]),
    ]
    p99 = quantile(figures.clicks, 0.99)
    notes = [f"sessions: p99 is {p99:.0f} ms of {len(figures.clicks)} changes in {plan.seconds:g} s."]
    return Result(rows, notes + [f"sessions: {error}" for error in sorted(set(figures.errors))[:10]])

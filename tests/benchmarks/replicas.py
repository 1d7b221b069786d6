"""Two and three servers on one folder behind nginx: one is lost, one after the other is restarted, all under clicks.

A visitor whose server goes away comes back as a browser does: by a new websocket, through nginx, with the same cookies.
"""

from __future__ import annotations

import asyncio
import random
import shutil
import tempfile
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from websockets.exceptions import WebSocketException

from tests import replicas
from tests.benchmarks.measuring import Result, Row, limited, p95
from tests.benchmarks.sessions import Figures, Visitor

VISITORS = 20
SECONDS_BETWEEN_CLICKS = 3
# A visitor who is not back by then has been lost; how long it takes is told beside the first opening of a page.
COMES_BACK_WITHIN = 60
ADDRESSES = ("", "maluppfyllelse", "jamforelse", "atgarder")


@dataclass
class Reader:
    """Somebody who clicks, and comes back when the page is lost. at is the port of the server that answers."""

    site: replicas.Site
    address: str
    cookies: Mapping[str, str]
    clicks: list[float] = field(default_factory=list)
    away: list[float] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    page: Visitor | None = None

    async def arrive(self) -> None:
        """Open the page; tries again as a browser does. What the page gets wrong is an error."""
        begun = time.monotonic()
        while time.monotonic() - begun < COMES_BACK_WITHIN:
            try:
                socket = await replicas.connected(self.site, self.cookies)
            except (OSError, WebSocketException):
                await asyncio.sleep(0.2)
                continue
            self.page = Visitor(socket, self.address, Figures())
            await self.page.open_page()
            if self.page.options and not self.page.figures.errors:
                return
        self.errors.append(f"/{self.address}: could not come back: {self.page and self.page.figures.errors}")

    async def stay(self, seconds: float, chance: random.Random) -> None:
        """Click until the time is over."""
        end = time.monotonic() + seconds
        await asyncio.sleep(chance.uniform(0, SECONDS_BETWEEN_CLICKS))
        while time.monotonic() < end and not self.errors:
            await self._click(chance)
            await asyncio.sleep(chance.uniform(0.5, 1.5) * SECONDS_BETWEEN_CLICKS)

    async def _click(self, chance: random.Random) -> None:
        figures = self.page.figures = Figures()
        await self.page.click(chance)
        lost = [error for error in figures.errors if "ConnectionClosed" in error or "got no page" in error]
        self.clicks += figures.clicks if not figures.errors else []
        self.errors += [error for error in figures.errors if error not in lost]
        if lost:
            begun = time.monotonic()
            await self.arrive()
            self.away.append(1000 * (time.monotonic() - begun))


Drill = Callable[[replicas.Site, float], Awaitable[None]]


def lost_and_restarted(quick: bool) -> Result:
    """The drills with two servers, and with three."""
    if replicas.nginx_program() is None:
        return Result(notes=["replicas: skipped, because nginx is not installed."])
    result = Result()
    for count in (2,) if quick else (2, 3):
        folder = Path(tempfile.mkdtemp(prefix="replicas-"))
        try:
            with replicas.site(folder, count) as site:
                for name, drill in DRILLS.items():
                    asyncio.run(
                        _with_readers(result, site, f"{count} servers, {name}", drill, 15 if quick else 40)
                    )
                    _start_again(site)
        finally:
            shutil.rmtree(folder, ignore_errors=True)
    return result


async def _with_readers(result: Result, site: replicas.Site, name: str, drill: Drill, seconds: float) -> None:
    chance = random.Random(1)
    readers = [
        Reader(site, ADDRESSES[number % len(ADDRESSES)], replicas.signed_in(site.origin))
        for number in range(VISITORS)
    ]
    opened = []
    for reader in readers:
        begun = time.monotonic()
        await reader.arrive()
        opened.append(1000 * (time.monotonic() - begun))
    stays = [reader.stay(seconds, random.Random(chance.random())) for reader in readers]
    await asyncio.gather(*stays, drill(site, seconds))
    for reader in readers:
        if reader.page is not None:
            await reader.page.socket.close()
    errors = [error for reader in readers for error in reader.errors]
    clicks = [taken for reader in readers for taken in reader.clicks]
    away = [taken for reader in readers for taken in reader.away]
    result.rows += [
        limited(f"{name}: wrong or missing answers", "errors", [float(len(errors))], 0),
        Row(f"{name}: clicks answered", "ms", clicks),
    ]
    if away:
        result.rows.append(Row(f"{name}: away, against opening a page", "ms", away, other=opened))
    result.notes += [f"replicas: {name}: {error}" for error in sorted(set(errors))[:5]]
    untouched = sum(1 for reader in readers if not reader.away)
    result.notes.append(
        f"replicas: {name}: {untouched} of {VISITORS} visitors noticed nothing, the others were away "
        f"{len(away)} times, {p95(away) / 1000 if away else 0:.1f} s at p95."
    )


async def _publish(site: replicas.Site, seconds: float) -> None:
    for _ in range(5):
        await asyncio.sleep(seconds / 6)
        await asyncio.to_thread(replicas.publish_again, site)


async def _kill(site: replicas.Site, seconds: float) -> None:
    await asyncio.sleep(seconds / 3)
    await asyncio.to_thread(site.kill, site.ports[0])


async def _restart(site: replicas.Site, seconds: float) -> None:
    for port in site.ports:
        await asyncio.sleep(seconds / 6)
        await asyncio.to_thread(site.stop, port)
        site.start(port)
        await asyncio.to_thread(site.wait, port)


DRILLS: Mapping[str, Drill] = {
    "five publications": _publish,
    "one killed": _kill,
    "restarted one after the other": _restart,
}


def _start_again(site: replicas.Site) -> None:
    for port in site.ports:
        if site.servers[port].poll() is not None:
            site.start(port)
    site.wait(*site.ports)

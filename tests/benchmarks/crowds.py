"""What many visitors leave behind when they have gone, and what those who read nothing cost the others."""

from __future__ import annotations

import asyncio
import os
import random
import sys
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

from websockets.asyncio.client import connect

from tests.benchmarks import processes
from tests.benchmarks.measuring import Result, Row, limited, p95, quantile
from tests.benchmarks.sessions import ADDRESSES, Figures, Plan, opened, stay
from tests.raw_client import Screen, handshake

# Streamlit keeps what a visit holds for two minutes after its websocket is gone, in case it comes back.
KEPT_SECONDS = 120
AT_ONCE = 8
SETTLED_SECONDS = 15
LINUX_ONLY = "skipped, because it is read from /proc."


def come_and_gone(quick: bool) -> Result:
    """File handles, threads and memory before two thousand visits, right after them, and when they are forgotten."""
    if not sys.platform.startswith("linux"):
        return Result(notes=[f"come_and_gone: {LINUX_ONLY}"])
    with processes.running("come_and_gone") as real:
        return asyncio.run(_come_and_go(real, 100 if quick else 2000))


async def _come_and_go(real: processes.Running, visits: int) -> Result:
    figures = Figures()
    await _visits(real, visits // 10, figures)
    await _forgotten(real)
    before = _held(real.pid)
    await _visits(real, visits, figures)
    right_after = _held(real.pid)
    await _forgotten(real)
    after = _held(real.pid)
    rows = [limited(f"{visits} visits come and gone, errors", "errors", [float(len(figures.errors))], 0)]
    for name, unit in (("file handles", "count"), ("threads", "count"), ("memory (RSS)", "MB")):
        ends = [after[name] / before[name]]
        rows.append(Row(f"{name} before, and right after", unit, [before[name]], other=[right_after[name]]))
        rows.append(limited(f"{name} when forgotten, by before", "ratio", ends, 1.1))
    return Result(rows, [f"come_and_gone: {error}" for error in sorted(set(figures.errors))[:5]])


async def _visits(real: processes.Running, count: int, figures: Figures) -> None:
    turn = asyncio.Semaphore(AT_ONCE)

    async def one(number: int) -> None:
        async with turn:
            visitor = await opened(real, ADDRESSES[number % len(ADDRESSES)], figures)
            await visitor.socket.close()

    await asyncio.gather(*map(one, range(count)))


async def _forgotten(real: processes.Running) -> None:
    """Wait until visits are forgotten; that happens when somebody else comes."""
    await asyncio.sleep(KEPT_SECONDS + 5)
    await _visits(real, 2, Figures())
    await asyncio.sleep(5)


def _held(pid: int) -> dict[str, float]:
    process = Path(f"/proc/{pid}")
    return {
        "file handles": float(len(os.listdir(process / "fd"))),
        "threads": float(len(os.listdir(process / "task"))),
        "memory (RSS)": processes.memory(pid)[0],
    }


def slow_readers(quick: bool) -> Result:
    """Clicks of ordinary visitors, alone and beside fifty open tabs that ask for pages and read nothing of the answers."""
    with processes.running("slow_readers") as real:
        return asyncio.run(_beside(real, 8 if quick else 20))


async def _beside(real: processes.Running, seconds: float) -> Result:
    plan = Plan(20, seconds, 2)
    alone, beside = Figures(), Figures()
    visitors = [
        await opened(real, ADDRESSES[number % len(ADDRESSES)], alone) for number in range(plan.visitors)
    ]
    chance = random.Random(1)

    async def clicking(figures: Figures) -> None:
        for visitor in visitors:
            visitor.figures = figures
        await asyncio.gather(*(stay(visitor, plan, random.Random(chance.random())) for visitor in visitors))

    # In turns, so that what else the computer does falls on both.
    for _ in range(2):
        await clicking(alone)
        async with AsyncExitStack() as deaf:
            for _ in range(50):
                await deaf.enter_async_context(_deaf(real))
            # What is asked here is what unread answers cost, not what runs cost.
            await asyncio.sleep(SETTLED_SECONDS)
            await clicking(beside)
    ratio = p95(beside.clicks) / p95(alone.clicks)
    errors = [*alone.errors, *beside.errors]
    rows = [
        limited("50 who read nothing, errors of others", "errors", [float(len(errors))], 0),
        Row("clicks beside 50 who read nothing, against alone", "ms", beside.clicks, other=alone.clicks),
        limited("p95 of clicks, beside by alone", "ratio", [ratio], 1.2),
    ]
    p99 = [quantile(each.clicks, 0.99) for each in (alone, beside)]
    return Result(rows, [f"slow_readers: p99 is {p99[0]:.0f} ms alone and {p99[1]:.0f} ms beside them."])


@asynccontextmanager
async def _deaf(real: processes.Running) -> AsyncIterator[None]:
    """A tab that asks for five runs and reads nothing: the network's own buffers fill up, then the server's."""
    stream = f"{real.url.replace('http', 'ws')}/_stcore/stream"
    async with connect(stream, **handshake(real.url, {}, max_queue=1)) as socket:
        for _ in range(5):
            await socket.send(Screen("maluppfyllelse").run())
        yield
        # Nobody answers a farewell that is not read.
        socket.transport.abort()

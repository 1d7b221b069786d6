"""A writer that is killed again and again, under two readers in processes of their own."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from queries.connection import Library
from queries.lake.adopting import faults
from queries.lake.store import LakeStore
from tests.queries.lake.processes import said

PROJECT = Path(__file__).resolve().parents[3]
# In which a writer publishes some few times, so that it is killed at any moment of a publication.
SECONDS_ALIVE = 3.0


@dataclass
class Seen:
    """What readers and writers said: versions that were not whole, those told of as published and not there, and counts."""

    torn: list[str] = field(default_factory=list)
    lost: list[int] = field(default_factory=list)
    count_published: int = 0
    count_read: int = 0


@contextmanager
def machine(lake: LakeStore, what: str, folder: Path, *more: str) -> Iterator[subprocess.Popen[str]]:
    """A process of its own that does what processes.py says, once it is ready."""
    command = [sys.executable, "-m", "tests.queries.lake.processes", what, str(folder), *more]
    environment = {**os.environ, "NAMNDKOLLEN_STORE": lake.url}
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    process = subprocess.Popen(command, cwd=PROJECT, env=environment, **pipes)
    try:
        assert process.stdout.readline() == "ready\n"
        yield process
    finally:
        process.kill()
        process.communicate()


def drill(lake: LakeStore, folder: Path, *, kills: int, seed: int = 1) -> Seen:
    """Kill a writer so many times while two readers read, and look at everything afterwards."""
    seen, random_ = Seen(), random.Random(seed)
    acknowledged: list[int] = []
    with machine(lake, "read", folder / "r1") as one, machine(lake, "read", folder / "r2") as other:
        for _ in range(kills):
            with machine(lake, "write", folder / "writer") as writer:
                until = time.monotonic() + random_.uniform(0.1, 1) * SECONDS_ALIVE
                while time.monotonic() < until:
                    for reader in (one, other):
                        _read(reader, seen)
                writer.kill()
                acknowledged += [int(line) for line in writer.stdout if line.strip().isdigit()]
        for reader in (one, other):
            _read(reader, seen)
    numbers = lake.numbers()
    library = Library(lake)
    seen.count_published = len(numbers) - 1
    seen.torn += [
        f"{version}: {texts}"
        for version, texts in map(lambda n: said(library, n), numbers)
        if texts != {str(version)}
    ]
    seen.torn += list(faults(lake))
    seen.lost += sorted(set(acknowledged) - set(numbers))
    return seen


def _read(reader: subprocess.Popen[str], seen: Seen) -> None:
    reader.stdin.write("\n")
    reader.stdin.flush()
    version, *texts = reader.stdout.readline().split()
    seen.count_read += 1
    if texts != [version]:
        seen.torn.append(f"{version}: {texts}")

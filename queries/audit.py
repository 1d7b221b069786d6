"""Who did what and when: one line an event, each line holding the hash of the one before it.

A line that is changed, moved or taken out of the middle breaks the chain from there on. A chain says nothing about
lines taken away at its end, nor does it stop somebody who may write in the folder from making all of it anew: the
hash of the newest line, which the page shows and the server's log repeats, can be kept elsewhere and compared.

One file a month in the folder of the published versions, so that old months can be deleted whole. No event holds more
about a person than a role and a pseudonym.
"""

from __future__ import annotations

import errno
import hashlib
import json
import logging
import os
import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import asdict, dataclass, fields, replace
from functools import lru_cache
from itertools import islice
from pathlib import Path

from filelock import FileLock

from queries import clock, durable
from queries.versions import Store

log = logging.getLogger("namndkollen")

KINDS = ("signed_in", "signed_out", "published", "undone", "restored", "exported", "refused", "culled")
FOLDER = "audit"
MONTHS = "[0-9][0-9][0-9][0-9]-[0-9][0-9].jsonl"
# The hash stands first and is taken over all bytes after it, so that nobody need agree on how JSON is written.
LINE = re.compile(rb'\{"hash":"([0-9a-f]{64})",("previous":"([0-9a-f]{64})","number":([0-9]+),.*\})')
BEFORE_THE_FIRST = "0" * 64
LONGEST_TEXT = 200
# Longer than any line, so that the newest whole one is in it beside one that a crash broke off.
TAIL = 64 * 1024
SECONDS_FOR_THE_LOCK, SECONDS_BETWEEN_TRIES = 10, 0.005
CHANGED = "raden är inte den som skrevs."


@dataclass(frozen=True)
class Event:
    """One thing done or refused. kind is one of KINDS; what says on what: an id of the matrix, a file, a page.

    pseudonym is twelve hexadecimal digits, or empty for nobody; municipality_id is empty for what concerns none or all;
    version is the published version that came of it or was fetched.
    """

    kind: str
    role: str
    pseudonym: str
    what: str = ""
    municipality_id: str = ""
    version: int | None = None


@dataclass(frozen=True)
class Entry:
    """An event as it stands in the log: its number from 1, its moment in UTC, and the hash of its line."""

    number: int
    at: str
    hash: str
    event: Event


@dataclass(frozen=True)
class State:
    """How the log stands: the numbers of its first and newest event, the newest one's hash, lines that a crash broke
    off and that were never events, and a Swedish sentence about the first place where the chain is broken."""

    first: int = 0
    newest: int = 0
    hash: str = ""
    broken_off: int = 0
    fault: str = ""


def written(store: Store, event: Event) -> None:
    """Add one line to the log; when this returns it is on the disk. Several processes may do so at once.

    Raises ValueError for a kind that is none, and OSError (filelock.Timeout among them) when the line is not written.
    """
    if event.kind not in KINDS:
        raise ValueError(f"{event.kind} is no kind of event")
    folder = store.folders[-1] / FOLDER
    durable.make_folder(folder, 0o700)
    with FileLock(folder / ".lock", timeout=SECONDS_FOR_THE_LOCK, poll_interval=SECONDS_BETWEEN_TRIES):
        files, at = months(store), clock.now()
        line, number, digest = _line(event, at, *_newest(files))
        # A clock that is set back must not put a line before those that are there.
        _append(folder / max([f"{at[:7]}.jsonl", *(path.name for path in files)]), line)
    log.info("Händelse %d, %s, har hash %s", number, event.kind, digest)


def written_if_possible(store: Store, event: Event) -> None:
    """Add one line for what has been done already; where the disk does not take it the server's own log says so."""
    try:
        written(store, event)
    except OSError:
        log.exception("The event %s, %s, is not in the log", event.kind, event.what)


def events(
    store: Store,
    *,
    kinds: Sequence[str] = (),
    municipality_ids: Collection[str] | None = None,
    at_most: int | None = None,
) -> list[Entry]:
    """The events of the kinds, of all when none is given, newest first.

    municipality_ids leaves out what does not concern these and no others; None leaves out nothing. Raises OSError.
    """
    found = _entries(store, kinds)
    if municipality_ids is not None:
        own = set(municipality_ids)
        found = (entry for entry in found if set(entry.event.municipality_id.split(",")) <= own)
    return list(islice(found, at_most))


def state(store: Store) -> State:
    """Whether the chain holds. What was read once is remembered until a file changes. Raises OSError."""
    told = State()
    for path in months(store):
        told = _followed(path, durable.digest_of(str(path)), told)
    return told


def months(store: Store) -> list[Path]:
    """The files of the log, oldest first: 2026-11.jsonl."""
    return sorted((store.folders[-1] / FOLDER).glob(MONTHS))


def _line(event: Event, at: str, previous: str, newest: int) -> tuple[bytes, int, str]:
    """An event's line, its number and its hash. Every letter beyond ASCII is escaped: none can end or colour a line."""
    number = newest + 1
    told = {
        key: each[:LONGEST_TEXT] if isinstance(each, str) else each for key, each in asdict(event).items()
    }
    content = {"previous": previous, "number": number, "at": at, **told}
    rest = json.dumps(content, separators=(",", ":"))[1:].encode()
    digest = hashlib.sha256(rest).hexdigest()
    return b'{"hash":"' + digest.encode() + b'",' + rest, number, digest


def _newest(files: Sequence[Path]) -> tuple[str, int]:
    """Hash and number of the newest line, also of one that has been changed: what is broken is told, and goes on."""
    for path in reversed(files):
        with path.open("rb") as file:
            file.seek(max(0, file.seek(0, os.SEEK_END) - TAIL))
            lines = file.read().split(b"\n")
        found = next((line for each in reversed(lines) if (line := LINE.fullmatch(each))), None)
        if found:
            return found[1].decode(), int(found[4])
    return BEFORE_THE_FIRST, 0


def _append(path: Path, line: bytes) -> None:
    is_new = not path.exists()
    with path.open("a+b", buffering=0) as file:
        size = file.seek(0, os.SEEK_END)
        file.seek(max(0, size - 1))
        # What a crash broke off stays, as a line of its own.
        whole = (b"" if file.read(1) in (b"", b"\n") else b"\n") + line + b"\n"
        try:
            if file.write(whole) != len(whole):
                raise OSError(errno.ENOSPC, "The disk took a part of the line", str(path))
            os.fsync(file.fileno())
        except OSError:
            file.truncate(size)
            raise
    if is_new:
        durable.sync_folder(path.parent)


def _entries(store: Store, kinds: Sequence[str]) -> Iterator[Entry]:
    wanted = [f'"kind":"{kind}"'.encode() for kind in kinds]
    for path in reversed(months(store)):
        for line in reversed(path.read_bytes().split(b"\n")):
            if LINE.fullmatch(line) and (not wanted or any(each in line for each in wanted)):
                told = json.loads(line)
                yield Entry(told["number"], told["at"], told["hash"], _event(told))


def _event(told: dict[str, object]) -> Event:
    return Event(**{field.name: told[field.name] for field in fields(Event)})


@lru_cache(maxsize=400)
def _followed(path: Path, digest: str, before: State) -> State:
    """The state after one more month. digest is that of the file: a file that has changed is read anew."""
    told, unread = before, 0
    content = path.read_bytes()
    lines = content.split(b"\n")
    for place, line in enumerate(lines, start=1):
        read = LINE.fullmatch(line)
        if read is None:
            unread += bool(line)
            continue
        why = _why_broken(read, told)
        told = State(
            told.first or int(read[4]),
            int(read[4]),
            read[1].decode(),
            told.broken_off + unread,
            told.fault or (why and f"Kedjan är bruten vid rad {place} i {path.name}: {why}"),
        )
        unread = 0
    # A crash leaves half a line without its end. One that has its end, and cannot be read, was whole once.
    if unread and not lines[-1]:
        why = f"Kedjan är bruten vid sista raden i {path.name}: {CHANGED}"
        return replace(told, fault=told.fault or why)
    return replace(told, broken_off=told.broken_off + unread)


def _why_broken(read: re.Match[bytes], before: State) -> str:
    digest, rest, previous, number = read.groups()
    if hashlib.sha256(rest).hexdigest().encode() != digest:
        return CHANGED
    # Where the oldest months have been deleted, the first line follows on one that is no longer there.
    follows = (before.hash or (BEFORE_THE_FIRST if int(number) == 1 else previous.decode())).encode()
    is_next = before.newest in (0, int(number) - 1)
    return "" if previous == follows and is_next else "den följer inte på raden före."

"""Gallring: what is removed because a decision says how long it is kept, and the protocol of it.

Uploaded files, versions and the log are public records (allmänna handlingar) and kept for good until the municipality
has decided otherwise; a decision is a line in data/settings.toml with its name. Manifests always stay: they say what
there was, and their version says by which decision it is gone. The newest version and the one that undo leads to stay
whatever their age, and so does every file that a version that stays is made of.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import date
from itertools import pairwise
from pathlib import Path

from queries import audit, clock, durable
from queries.connection import settings
from queries.intake.verifying import protocol_digest
from queries.versions import CULLED, BrokenVersion, Manifest, Store


class NotCulled(Exception):
    """Nothing was removed. The text is Swedish."""


@dataclass(frozen=True)
class Due:
    """What the rules let go of on a day: numbers of versions, numbers of versions whose uploaded file it is, months of
    the log, and the names of all files that go with them, below the folder of published versions."""

    versions: tuple[int, ...]
    originals: tuple[int, ...]
    months: tuple[str, ...]
    files: tuple[str, ...]


def due(store: Store, today: date) -> Due:
    """What would be removed today. Years of 0 in data/settings.toml mean for good.

    Raises NotCulled when a manifest cannot be read, since nobody knows then what it still needs.
    """
    years, manifests = settings()["retention"], _manifests(store)
    versions = _old_versions(store, manifests, today, years["versions_years"])
    originals = [
        each.version
        for each in manifests
        if each.original is not None and _is_over(_day(each.created_at), today, years["originals_years"])
    ]
    months = [
        path.stem
        # The newest month stays: the next event follows on its last line.
        for path in audit.months(store)[:-1]
        if _is_over(_last_day(path.stem), today, years["audit_years"])
    ]
    files = (
        *(name for name in _needed_by_none(manifests, versions) if _is_there(store, name)),
        *(name for name in _originals_of_none(manifests, originals) if _is_there(store, name)),
        *(f"{audit.FOLDER}/{month}.jsonl" for month in months),
    )
    gone = store.culled()
    return Due(
        tuple(number for number in versions if number not in gone.versions),
        tuple(number for number in originals if number not in gone.originals),
        tuple(months),
        files,
    )


def cull(store: Store, today: date) -> tuple[Due, Path | None]:
    """Remove what is due today, and write what was removed, when and by which decision; the protocol is None when
    nothing was due.

    The protocol is written first: what is told as removed may be there a little longer after a crash, and goes the
    next time. Raises NotCulled, and OSError.
    """
    rule = settings()["retention"]["decision"].strip()
    if not rule:
        raise NotCulled(
            "Beslutet som gallringen stöder sig på saknas: [retention] decision i data/settings.toml."
        )
    with store.alone():
        found = due(store, today)
        if found == Due((), (), (), ()):
            return found, None
        written = protocol(store, found, rule)
        for name in found.files:
            (store.folders[-1] / name).unlink(missing_ok=True)
    return found, written


def protocol(store: Store, found: Due, rule: str) -> Path:
    """Write what is removed now, and by which decision: no content, and no name of anything. Raises OSError."""
    folder, at = store.folders[-1] / CULLED, clock.now()
    durable.make_folder(folder, 0o700)
    content = json.dumps({"at": at, "rule": rule, **asdict(found)}, ensure_ascii=False, indent=1).encode()
    path = folder / f"{at[:19].replace(':', '')}-{protocol_digest(content)}.json"
    durable.create(path, content)
    return path


def _manifests(store: Store) -> list[Manifest]:
    """All of them, lowest number first. Raises NotCulled unless each can be read and the newest version is shown."""
    try:
        faults = store.newest_whole().broken
        manifests = [store.manifest(number) for number in store.numbers()]
    except BrokenVersion as fault:
        faults = (str(fault),)
    if faults:
        raise NotCulled(f"{faults[0]} Inget gallras innan den är återställd ur en säkerhetskopia.")
    return manifests


def _old_versions(store: Store, manifests: list[Manifest], today: date, years: int) -> list[int]:
    """Versions that have not been the one shown for so many years. The embedded one belongs to the program."""
    newest = manifests[-1]
    kept = {newest.version, newest.parent}
    here = {int(path.stem) for path in (store.folders[-1] / "manifests").glob("[0-9]*.json")}
    return [
        old.version
        for old, following in pairwise(manifests)
        if old.version in here - kept and _is_over(_day(following.created_at), today, years)
    ]


def _needed_by_none(manifests: Iterable[Manifest], removed: Iterable[int]) -> list[str]:
    """Files of the versions to be removed that no other version is made of."""
    named = {True: set(), False: set()}
    for manifest in manifests:
        named[manifest.version in removed] |= {f"{kind}/{name}" for kind, name, _ in manifest.named_files()}
    return sorted(named[True] - named[False])


def _originals_of_none(manifests: Iterable[Manifest], removed: Iterable[int]) -> list[str]:
    named = {True: set(), False: set()}
    for manifest in manifests:
        if manifest.original is not None:
            named[manifest.version in removed].add(f"originals/{manifest.original.sha256[:12]}")
    return sorted(named[True] - named[False])


def _is_there(store: Store, name: str) -> bool:
    return (store.folders[-1] / name).is_file()


def _is_over(day: date, today: date, years: int) -> bool:
    """Whether so many whole calendar years have passed since the one that a day is in, as archives count."""
    return bool(years) and today.year - day.year > years


def _day(moment: str) -> date:
    return clock.in_sweden(moment).date()


def _last_day(month: str) -> date:
    return date.fromisoformat(f"{month}-28")

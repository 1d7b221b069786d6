"""The commands that keep published versions safe, and let go of what need not be kept: see python -m queries.intake."""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, replace
from pathlib import Path

from queries import audit, clock, permits
from queries.connection import chosen_store, settings
from queries.intake import backups, culling, verifying
from queries.lake.adopting import faults
from queries.lake.store import LakeStore
from queries.versions import Store

DONE, FAILED = 0, 5
IN_A_LAKE = (
    "Det som är publicerat ligger i en sjö och gallras där, av den som sköter databasen och lagringen. "
    "Sätt [retention] originals_years och versions_years till 0 för att här gallra loggen."
)
WHOLE = "Allt är som det publicerades: {versions}, {events} i loggen."


def backup(given: argparse.Namespace) -> int:
    """Write a backup to a new file. A backup of what is broken is made too, and fails: the one before it is better."""
    # What lies in a lake is fetched from it first: a backup is whole by itself.
    chosen_store().bring_all_home()
    kept = backups.backup(Store(), Path(given.file).absolute())
    found = verifying.verified(Store())
    size = f"{kept.count_bytes / 1e6:.1f}".replace(".", ",")
    said = f"{given.file}: {_counted(len(kept.versions))}, {kept.count_files} filer, {size} MB."
    _tell(given, {"file": given.file, "versions": kept.versions, **asdict(found)}, said, *found.faults)
    return FAILED if found.faults else DONE


def restore_backup(given: argparse.Namespace) -> int:
    """Put a backup back and say how it is."""
    return _told(given, backups.restore_backup(Path(given.file), Store(), replace=given.ersatt))


def verify(given: argparse.Namespace) -> int:
    """Read everything that was published, also in a lake, and say what is no longer as it was."""
    found, store = verifying.verified(Store()), chosen_store()
    if isinstance(store, LakeStore):
        found = replace(
            found,
            count_versions=len(store.numbers()),
            faults=(*found.faults, *faults(store)),
        )
    return _told(given, found)


def cull(given: argparse.Namespace) -> int:
    """Say what the rules let go of, or remove it."""
    store, today, rules = Store(), clock.today(), settings()["retention"]
    if isinstance(chosen_store(), LakeStore) and (rules["originals_years"] or rules["versions_years"]):
        raise culling.NotCulled(IN_A_LAKE)
    if not given.genomfor:
        found, last = culling.due(store, today), "Inget är borttaget. Med --genomfor tas det bort."
    else:
        found, protocol = culling.cull(store, today)
        if protocol is not None:
            by = permits.operator("cull")
            audit.written(store, audit.Event("culled", by.role, by.pseudonym, protocol.stem))
        last = f"Protokoll: {protocol.name}." if protocol else ""
    if found == culling.Due((), (), (), ()):
        _tell(given, asdict(found), "Inget att gallra.")
        return DONE
    lines = {
        "Version": found.versions,
        "Originalfilen till version": found.originals,
        "Loggen för": found.months,
    }
    said = [f"{what} {one}" for what, ones in lines.items() for one in ones]
    _tell(given, asdict(found), *said, _counted(len(found.files), "fil", "filer") + ".", last)
    return DONE


COMMANDS: Mapping[str, Callable[[argparse.Namespace], int]] = {
    "backup": backup,
    "restore-backup": restore_backup,
    "verify": verify,
    "gallra": cull,
}


def add_to(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the commands to those of a command line."""
    for name in COMMANDS:
        commands.add_parser(name)
    for name in ("backup", "restore-backup"):
        commands.choices[name].add_argument("file", metavar="FIL.tar")
    commands.choices["restore-backup"].add_argument(
        "--ersatt", action="store_true", help="flytta åt sidan det som redan finns i mappen"
    )
    commands.choices["gallra"].add_argument(
        "--genomfor",
        action="store_true",
        help="ta bort, och skriv ett protokoll; annars visas bara vad som skulle tas bort",
    )


def _told(given: argparse.Namespace, found: verifying.Verified) -> int:
    whole = WHOLE.format(
        versions=_counted(found.count_versions), events=_counted(found.count_events, "händelse", "händelser")
    )
    _tell(given, asdict(found), *(found.faults or (whole,)), *found.notices)
    return FAILED if found.faults else DONE


def _counted(count: int, one: str = "version", many: str = "versioner") -> str:
    return f"{count} {one if count == 1 else many}"


def _tell(given: argparse.Namespace, told: Mapping[str, object], *lines: str) -> None:
    print(json.dumps(told, ensure_ascii=False) if given.json else "\n".join(line for line in lines if line))

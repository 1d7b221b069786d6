"""Whether every byte that was published is still the one that was published: to be asked once a night.

The server looks every minute at the files of the versions that are shown. This reads everything: all versions, what
only undo and restore would open, uploaded files, the log of events and the protocols of what was removed.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from queries import audit
from queries.versions import CULLED, BrokenVersion, CulledVersion, Store


@dataclass(frozen=True)
class Verified:
    """How many versions there are and how many events the log has; Swedish sentences about what is wrong, and about
    what is not wrong and yet worth knowing."""

    count_versions: int
    count_events: int
    faults: tuple[str, ...]
    notices: tuple[str, ...]


def verified(store: Store) -> Verified:
    """Read and compare everything. Raises OSError for a log that cannot be read."""
    numbers, log = store.numbers(), audit.state(store)
    faults = [fault for number in numbers for fault in _faults_of(store, number)]
    faults += [log.fault] if log.fault else []
    faults += [
        f"Protokollet {path.name} har ändrats sedan det skrevs."
        for path in protocols(store)
        if not path.stem.endswith(protocol_digest(path.read_bytes()))
    ]
    notices = [f"Loggen har {log.broken_off} rader som avbröts av ett stopp."] if log.broken_off else []
    return Verified(len(numbers), log.newest and log.newest - log.first + 1, tuple(faults), tuple(notices))


def protocols(store: Store) -> list[Path]:
    """The protocols of what was removed by a rule, oldest first."""
    return sorted((store.folders[-1] / CULLED).glob("*.json"))


def protocol_digest(content: bytes) -> str:
    """The end of a protocol's name: whoever changes the one must change the other."""
    return hashlib.sha256(content).hexdigest()[:12]


def _faults_of(store: Store, number: int) -> Iterator[str]:
    # A published version is whole in its own folder: what ships with the program changes with the program.
    own = Store(store.folders[-1:])
    place = own if number in own.numbers() else store
    try:
        manifest = place.manifest(number)
        place.whole(number)
    except CulledVersion:
        pass
    except BrokenVersion as fault:
        yield f"Version {number}: {fault}"
        return
    if manifest.original is not None and number not in store.culled().originals:
        try:
            place.verified("originals", manifest.original.sha256[:12], manifest.original.sha256)
        except BrokenVersion as fault:
            yield f"Version {number}, originalet: {fault}"

"""The whole folder of published versions in one file, and back again.

A backup can be made while somebody publishes: manifests are taken first, and what a manifest names was there before
it. The log and what is known of sign-ins come last, so that they tell of everything in it. The last file of all lists
every file with its SHA-256; a backup without it was broken off.

It is a plain tar: Parquet is packed already, and nothing has to be unpacked to know how large it is. It holds what the
folder holds, also results before small groups were hidden and the secret that pseudonyms are made with: it must be
kept as closed as the folder itself.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import tarfile
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import IO

from queries import clock, durable
from queries.intake.verifying import Verified, verified
from queries.versions import CULLED, Store

INDEX = "backup.json"
MANIFESTS = "manifests"
IMMUTABLE = ("files", "private", "originals")
# Drafts and fetches are work in progress, swept away within a day.
LEFT_OUT = ("drafts", "fetches")
# Open to others on the server, as publishing makes them; everything else is for its owner.
OPEN_TO_READ = (MANIFESTS, "files")
MEMBER = re.compile(r"[a-z][a-z_-]*(/\w[\w.-]*)+")
LARGEST_INDEX = 100 * 1024 * 1024


class NotRestored(Exception):
    """Nothing was restored: the folder is as it was. The text is Swedish."""


@dataclass(frozen=True)
class Backup:
    """What a backup holds: its file, the number of files in it, their bytes, and the versions in it, lowest first."""

    path: Path
    count_files: int
    count_bytes: int
    versions: tuple[int, ...]


def backup(store: Store, path: Path) -> Backup:
    """Write all that has been published to one new file, which is there whole or not at all.

    Raises OSError, and FileExistsError where the file is there already. What was broken before is broken in the
    backup too: ask verified first.
    """
    folder, listed = store.folders[-1], {}
    if path.exists():
        raise FileExistsError(f"Filen {path.name} finns redan.")
    with durable.unfinished(path.parent) as unfinished:
        with _own(unfinished) as file, tarfile.open(fileobj=file, mode="w", format=tarfile.PAX_FORMAT) as tar:
            for name in _in_order(folder):
                # What is removed by a rule meanwhile is told of by the protocols, which come last.
                with suppress(FileNotFoundError):
                    listed[name] = _add(tar, folder, name)
            index = json.dumps({"made_at": clock.now(), "files": listed}, indent=1).encode()
            _add_bytes(tar, INDEX, index, 0o600)
        durable.move(unfinished, path)
    versions = tuple(int(Path(name).stem) for name in listed if name.startswith(f"{MANIFESTS}/"))
    return Backup(path, len(listed), sum(size for _, size in listed.values()), versions)


def restore_backup(path: Path, store: Store, *, replace: bool = False) -> Verified:
    """Put back what a backup holds, once every byte of it has been read back from the disk and is the right one.

    Says how the restored versions are. What is in the folder already is only moved aside, and only when told to
    replace it: into a folder of its own there, whose name begins with .before. Stop the servers first. Raises
    NotRestored, and OSError when the disk does not take it.
    """
    folder = store.folders[-1]
    is_there = [each for each in folder.glob("*") if each.name[0] != "." and each.name not in LEFT_OUT]
    if is_there and not replace:
        raise NotRestored(
            "Mappen för publicerade uppgifter är inte tom. Inget har ändrats. "
            "Med --ersatt flyttas det som finns åt sidan."
        )
    durable.make_folder(folder)
    unpacked = folder / f"{durable.UNFINISHED}restored"
    shutil.rmtree(unpacked, ignore_errors=True)
    try:
        _unpack(path, unpacked)
        with store.alone():
            _move_aside(is_there, folder)
            # The manifests last: until they are there nothing of the rest counts.
            for each in sorted(unpacked.iterdir(), key=lambda each: each.name == MANIFESTS):
                each.rename(folder / each.name)
            durable.sync_folder(folder)
    finally:
        shutil.rmtree(unpacked, ignore_errors=True)
    return verified(store)


def _in_order(folder: Path) -> Iterator[str]:
    """The files of a folder as names below it: manifests, what they name, and then what may grow meanwhile."""
    manifests = list(_below(folder, MANIFESTS))
    yield from manifests
    for kind in IMMUTABLE:
        yield from _below(folder, kind)
    others = {each.name for each in folder.iterdir() if each.is_dir()} - {MANIFESTS, *IMMUTABLE, *LEFT_OUT}
    for kind in sorted(others, key=lambda kind: (kind == CULLED, kind)):
        yield from _below(folder, kind)


def _below(folder: Path, kind: str) -> Iterator[str]:
    for place, folders, names in os.walk(folder / kind):
        folders[:] = sorted(name for name in folders if name[0] != ".")
        for name in sorted(names):
            path = Path(place) / name
            relative = path.relative_to(folder).as_posix()
            # Locks and unfinished files begin with a dot.
            if MEMBER.fullmatch(relative) and not path.is_symlink():
                yield relative


def _add(tar: tarfile.TarFile, folder: Path, name: str) -> tuple[str, int]:
    """Add one file; its SHA-256 and size as they are in the backup."""
    path = folder / name
    mode = path.stat().st_mode
    if name.split("/")[0] in (*IMMUTABLE, MANIFESTS):
        with path.open("rb") as file:
            hashed = _Hashed(file)
            told = tarfile.TarInfo(name)
            told.size, told.mode = os.fstat(file.fileno()).st_size, mode & 0o777
            tar.addfile(told, hashed)
        return hashed.digest.hexdigest(), told.size
    content = path.read_bytes()
    # A line of the log that is being written now belongs to the next backup.
    if name.endswith(".jsonl"):
        content = content[: content.rfind(b"\n") + 1]
    _add_bytes(tar, name, content, mode & 0o777)
    return hashlib.sha256(content).hexdigest(), len(content)


def _add_bytes(tar: tarfile.TarFile, name: str, content: bytes, mode: int) -> None:
    told = tarfile.TarInfo(name)
    told.size, told.mode = len(content), mode
    tar.addfile(told, BytesIO(content))


class _Hashed:
    """A file that is hashed as it is read."""

    def __init__(self, file: IO[bytes]) -> None:
        self.file = file
        self.digest = hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        """The next bytes of the file."""
        part = self.file.read(size)
        self.digest.update(part)
        return part


def _own(path: Path) -> IO[bytes]:
    return open(path, "xb", opener=lambda name, flags: os.open(name, flags, 0o600))


def _unpack(path: Path, folder: Path) -> None:
    """Unpack a backup into a new folder and read it back. Raises NotRestored for one that is not whole."""
    try:
        # Only plain tars: a compressed one could hold a thousand times its size.
        with tarfile.open(path, "r:") as tar:
            index = _unpack_members(tar, folder)
    except (tarfile.TarError, EOFError, UnicodeError) as fault:
        raise NotRestored("Filen är ingen hel säkerhetskopia. Inget har ändrats.") from fault
    wrong = sorted(name for name, (digest, _) in index.items() if durable.sha256_of(folder / name) != digest)
    if wrong:
        raise NotRestored(f"Filen {wrong[0]} i säkerhetskopian har ändrats. Inget har ändrats i mappen.")


def _unpack_members(tar: tarfile.TarFile, folder: Path) -> Mapping[str, tuple[str, int]]:
    told: Mapping[str, tuple[str, int]] | None = None
    unpacked: set[str] = set()
    durable.make_folder(folder, 0o700)
    for member in tar:
        if told is not None or not member.isreg():
            raise NotRestored("Säkerhetskopian innehåller annat än filer. Inget har ändrats.")
        if member.name == INDEX and member.size <= LARGEST_INDEX:
            told = _index(_content(tar, member).read())
            continue
        if not MEMBER.fullmatch(member.name) or ".." in member.name or member.name in unpacked:
            raise NotRestored("Säkerhetskopian innehåller en fil som inte hör dit. Inget har ändrats.")
        _write(tar, member, folder)
        unpacked.add(member.name)
    if told is None or set(told) != unpacked:
        raise NotRestored("Säkerhetskopian är avbruten. Inget har ändrats.")
    return told


def _index(content: bytes) -> Mapping[str, tuple[str, int]]:
    try:
        return {
            str(name): (str(digest), int(size))
            for name, (digest, size) in json.loads(content)["files"].items()
        }
    except (ValueError, TypeError, KeyError, AttributeError) as fault:
        raise NotRestored("Säkerhetskopians förteckning går inte att läsa. Inget har ändrats.") from fault


def _content(tar: tarfile.TarFile, member: tarfile.TarInfo) -> IO[bytes]:
    content = tar.extractfile(member)
    if content is None:
        raise NotRestored("Säkerhetskopian innehåller annat än filer. Inget har ändrats.")
    return content


def _write(tar: tarfile.TarFile, member: tarfile.TarInfo, folder: Path) -> None:
    path = folder / member.name
    durable.make_folder(path.parent, 0o777 if member.name.split("/")[0] in OPEN_TO_READ else 0o700)
    with open(path, "xb") as file:
        shutil.copyfileobj(_content(tar, member), file)
        file.flush()
        os.fsync(file.fileno())
    # Never for others to write in, and nothing to run.
    path.chmod(member.mode & 0o644 | 0o600)


def _move_aside(there: list[Path], folder: Path) -> None:
    if there:
        aside = folder / f".before-{clock.now()[:19].replace(':', '')}"
        aside.mkdir(0o700)
        for each in sorted(there, key=lambda each: each.name != MANIFESTS):
            each.rename(aside / each.name)

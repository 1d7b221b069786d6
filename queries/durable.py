"""Files that are there whole or not at all, also after a crash, and checksums that are worked out once.

Everything is written under a name of its own, forced out to the disk, and only then given the name that readers
look for. What a crash leaves behind begins with .tmp and is never read.
"""

from __future__ import annotations

import errno
import hashlib
import os
import shutil
import stat
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import NamedTuple

UNFINISHED = ".tmp-"
# What systems answer that have no hard links: FAT, exFAT, some network disks, and Windows on FAT.
NO_LINKS = {errno.EPERM, errno.EOPNOTSUPP, errno.ENOTSUP, errno.ENOSYS, errno.EINVAL}
# Two changes within one tick of a disk's clock look alike from outside; the longest tick, FAT's, is two seconds.
SETTLED_NS = 2_000_000_000


class Stamp(NamedTuple):
    """A file's inode, size in bytes and times in nanoseconds."""

    inode: int
    size: int
    modified_ns: int
    changed_ns: int


_known: dict[str, tuple[Stamp, str]] = {}
_asked: set[str] = set()


def sha256_of(path: Path | str) -> str:
    """SHA-256 of a file's bytes, as hexadecimal text. Raises OSError."""
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def digest_of(path: str) -> str:
    """SHA-256 as sha256_of, remembered until the file changes. Raises OSError, also for a link to a file.

    A file is known to be the same by its inode, size and times. A bit that flips on the disk itself changes none of
    them: recheck finds it.
    """
    now, seen = time.time_ns(), stamp(path)
    _asked.add(path)
    known, digest = _known.get(path, (None, ""))
    if known == seen:
        return digest
    digest = sha256_of(path)
    if now - seen.changed_ns > SETTLED_NS:
        _known[path] = (seen, digest)
    return digest


def stamp(path: Path | str) -> Stamp:
    """What tells from outside that a file has changed. Raises OSError, also for a link to a file."""
    told = os.lstat(path)
    if not stat.S_ISREG(told.st_mode):
        raise OSError(errno.EINVAL, "Not a file of its own", str(path))
    # Nobody can set the time of change on POSIX; Windows has that of creation in its place.
    changed = told.st_ctime_ns if os.name == "posix" else told.st_mtime_ns
    return Stamp(told.st_ino, told.st_size, told.st_mtime_ns, changed)


def recheck() -> None:
    """Read anew every file that digest_of was asked for since the last time, and forget the others."""
    asked = _asked.copy()
    _asked.clear()
    for path, (seen, _) in list(_known.items()):
        # Whoever asks meanwhile has the old answer until the new one is there.
        try:
            fresh = sha256_of(path) if path in asked else None
        except OSError:
            fresh = None
        if fresh is None:
            _known.pop(path, None)
        else:
            _known[path] = (seen, fresh)


def make_folder(folder: Path, mode: int = 0o777) -> None:
    """Make a folder, and those above it, that is still there after a power cut."""
    if not folder.is_dir():
        make_folder(folder.parent)
        folder.mkdir(mode, exist_ok=True)
        sync_folder(folder.parent)


def copy(source: Path, target: Path) -> None:
    """Copy a file byte for byte, in place of what stands under the target's name."""
    with unfinished(target.parent) as path:
        with source.open("rb") as original, path.open("xb") as file:
            shutil.copyfileobj(original, file)
            file.flush()
            os.fsync(file.fileno())
        os.replace(path, target)
    sync_folder(target.parent)


def move(source: Path, target: Path) -> None:
    """Move a file that another program has written, on the same disk."""
    # Windows syncs only what is open for writing.
    with source.open("rb+") as file:
        os.fsync(file.fileno())
    os.replace(source, target)
    sync_folder(target.parent)


def create(target: Path, content: bytes) -> None:
    """Make a file in one step under a name that nobody has. Raises FileExistsError when somebody has it.

    Every other OSError means that there is no such file; from the moment that it is there, it counts.
    """
    with unfinished(target.parent) as path:
        _write_new(path, content)
        try:
            os.link(path, target)
        except FileExistsError:
            raise
        except OSError as error:
            if error.errno not in NO_LINKS:
                raise
            # Without links the name is there a moment before all of the content: the content needs its own checksum.
            _write_new(target, content)
    # The file counts already; a folder that cannot be forced out now is written by the system in time.
    with suppress(OSError):
        sync_folder(target.parent)


@contextmanager
def unfinished(folder: Path) -> Iterator[Path]:
    """A name for a file that is being made. Whatever is left under it afterwards is removed."""
    path = folder / f"{UNFINISHED}{uuid.uuid4().hex}"
    try:
        yield path
    finally:
        # What cannot be removed now is swept away another day.
        with suppress(OSError):
            path.unlink(missing_ok=True)


def sync_folder(folder: Path) -> None:
    """Force a folder's names out to the disk."""
    # Windows has no such call and needs none.
    if os.name == "posix":
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _write_new(path: Path, content: bytes) -> None:
    file = path.open("xb")
    try:
        with file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
    except OSError:
        # The name was free, so what stands there is this half of a file.
        with suppress(OSError):
            path.unlink()
        raise

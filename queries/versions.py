"""Published versions: immutable Parquet files, and numbered immutable manifests that say which belong together.

A version is never changed. Publishing writes new files, then links a finished manifest under the next free
number: that one step is the commit, and it fails if somebody else took the number. Version 0 ships with the
project in data/sample; later ones lie in data/exports and may point at files of either folder.
Hidden values exist only in the files that a manifest lists as private. They lie in a folder of their own,
which the process that answers questions cannot read.
"""

from __future__ import annotations

import hashlib
import json
import os
import uuid
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path

DATA = Path(__file__).resolve().parent.parent / "data"
EMBEDDED = DATA / "sample"
EXPORTS = DATA / "exports"


class BrokenVersion(Exception):
    """A published file is missing or is not the one its manifest names. The text is Swedish."""


class VersionTaken(Exception):
    """Somebody published this number first."""


@dataclass(frozen=True)
class TableFile:
    """One table of a version: file name, SHA-256 of its bytes, number of rows."""

    file: str
    sha256: str
    rows: int


@dataclass(frozen=True)
class Manifest:
    """What one version is made of, and who published it when.

    limits are the privacy gate's limits that the public tables were made with.
    """

    version: int
    parent: int | None
    created_at: str
    created_by: str
    note: str
    limits: Mapping[str, int]
    tables: Mapping[str, TableFile]
    private: Mapping[str, TableFile] = field(default_factory=dict)


@dataclass(frozen=True)
class Store:
    """The folders in which versions are looked for; the last one is where new versions are written."""

    folders: tuple[Path, ...] = (EMBEDDED, EXPORTS)

    def numbers(self) -> list[int]:
        """Version numbers, lowest first."""
        found = {
            int(path.stem) for folder in self.folders for path in (folder / "manifests").glob("[0-9]*.json")
        }
        return sorted(found)

    def manifest(self, version: int) -> Manifest:
        """The manifest of one version. Raises BrokenVersion when there is none."""
        for folder in self.folders:
            path = folder / "manifests" / f"{version:06d}.json"
            if path.exists():
                return _manifest_from(json.loads(path.read_text(encoding="utf-8")))
        raise BrokenVersion(f"Version {version} finns inte.")

    def public_folders(self) -> list[Path]:
        """Folders with what may be shown."""
        return [folder / "files" for folder in self.folders]

    def verified_path(self, table: TableFile, kind: str = "files") -> Path:
        """Where a table's file is, once its bytes are known to be the published ones. Raises BrokenVersion."""
        for folder in self.folders:
            path = folder / kind / table.file
            if path.exists():
                if sha256_of(path) != table.sha256:
                    raise BrokenVersion(f"Filen {table.file} har ändrats sedan den publicerades.")
                return path
        raise BrokenVersion(f"Filen {table.file} saknas.")

    def commit(self, manifest: Manifest) -> None:
        """Make a version the current one, in one step. Raises VersionTaken when the number is in use."""
        folder = self.folders[-1] / "manifests"
        folder.mkdir(parents=True, exist_ok=True)
        unfinished = folder / f".tmp-{uuid.uuid4().hex}"
        text = json.dumps(asdict(manifest), ensure_ascii=False, indent=1)
        _write_through(unfinished, text.encode())
        try:
            os.link(unfinished, folder / f"{manifest.version:06d}.json")
        except FileExistsError as taken:
            raise VersionTaken(f"Version {manifest.version} är redan publicerad.") from taken
        finally:
            unfinished.unlink()
        _sync_folder(folder)

    def place(self, unfinished: Path, table: str, rows: int, kind: str = "files") -> TableFile:
        """Move a finished Parquet file in under a name made from its content."""
        digest = sha256_of(unfinished)
        target = self.folders[-1] / kind / f"{table}-{digest[:12]}.parquet"
        target.parent.mkdir(parents=True, exist_ok=True)
        os.replace(unfinished, target)
        _sync_folder(target.parent)
        return TableFile(file=target.name, sha256=digest, rows=rows)


def sha256_of(path: Path) -> str:
    """SHA-256 of a file's bytes, as hexadecimal text."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def now() -> str:
    """This moment in UTC, to the second, as manifests write it."""
    return datetime.now(UTC).isoformat(timespec="seconds")


def _manifest_from(content: dict) -> Manifest:
    files = {
        kind: {name: TableFile(**table) for name, table in content[kind].items()}
        for kind in ("tables", "private")
    }
    return Manifest(**{**content, **files})


def _write_through(path: Path, content: bytes) -> None:
    with path.open("xb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _sync_folder(folder: Path) -> None:
    # A new name is safe on disk only when its folder is; Windows has no such call and needs none.
    if os.name == "posix":
        handle = os.open(folder, os.O_RDONLY)
        os.fsync(handle)
        os.close(handle)

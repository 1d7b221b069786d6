"""Published versions: immutable Parquet files, and numbered immutable manifests that say which belong together.

A version is never changed. Publishing writes new files, then links a finished manifest under the next free
number: that one step is the commit, and it fails if somebody else took the number. Version 0 ships with the
project in data/sample; later ones lie in data/exports and may point at files of either folder.
Every file is known by its SHA-256 and every manifest by its own checksum, so that a version is whole or broken and
nothing between. Hidden values exist only in the files that a manifest lists as private. They lie in a folder of their
own, which the connection that answers questions cannot read.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field, replace
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

from filelock import FileLock

from queries import clock, durable
from queries.durable import sha256_of

DATA = Path(__file__).resolve().parent.parent / "data"
EMBEDDED = DATA / "sample"
# A server keeps its published versions outside the program; a test server has a folder of its own.
EXPORTS = Path(os.environ.get("NAMNDKOLLEN_EXPORTS", DATA / "exports")).resolve()
MANIFEST_NAME = re.compile(r"[0-9]{6}\.json")
CULLED = "culled"
# Longer than it takes to read back what a publication has written.
SECONDS_FOR_THE_LOCK = 60
# Between the name of a table and the municipality whose part of it a file holds: outcomes/0125.
PART = "/"


class BrokenVersion(Exception):
    """A published file is missing or is not the one its manifest names. The text is Swedish."""


class CulledVersion(BrokenVersion):
    """A version was removed by a rule for how long such things are kept: nothing is wrong. The text is Swedish."""


class VersionTaken(Exception):
    """Somebody published this number first."""


@dataclass(frozen=True)
class TableFile:
    """One table of a version, or one municipality's part of it: file name, SHA-256 of its bytes, number of rows."""

    file: str
    sha256: str
    rows: int


@dataclass(frozen=True)
class Original:
    """The file that somebody uploaded: SHA-256 of its bytes, the analyst's name for it (text only, never a path),
    its size in bytes, the reader that took it, and what the reader says it is."""

    sha256: str
    name: str
    size: int
    reader: str
    title: str


@dataclass(frozen=True)
class Manifest:
    """What one version is made of, and who published it when.

    created_by is a role, never a name. limits are the privacy gate's limits that the public tables were made with.
    restores is the version whose content this one has again. summary says in sentences what became different.
    tables and private: table → its file. A large table has a file for each municipality instead, as outcomes/0125.
    """

    version: int
    parent: int | None
    created_at: str
    created_by: str
    note: str
    limits: Mapping[str, int]
    tables: Mapping[str, TableFile]
    private: Mapping[str, TableFile] = field(default_factory=dict)
    restores: int | None = None
    original: Original | None = None
    summary: tuple[str, ...] = ()

    @cached_property
    def rows(self) -> Mapping[str, int]:
        """Public table → its number of rows, in one file or in parts."""
        counted: dict[str, int] = {}
        for name, file in self.tables.items():
            table = table_of(name)
            counted[table] = counted.get(table, 0) + file.rows
        return counted

    def parts(self, table: str) -> dict[str, TableFile]:
        """Municipality → the file with its part of a public table; empty for a table in one file."""
        named = {name.partition(PART): file for name, file in self.tables.items()}
        return {whose: file for (name, sign, whose), file in named.items() if sign and name == table}

    def named_files(self) -> Iterator[tuple[str, str, str]]:
        """(folder, file name, SHA-256) of every file that the version is made of, the uploaded one not among them."""
        for kind, tables in (("files", self.tables), ("private", self.private)):
            for table in tables.values():
                yield kind, table.file, table.sha256

    @cached_property
    def checksum(self) -> str:
        """SHA-256 of everything above, as hexadecimal text."""
        canonical = json.dumps(asdict(self), sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(canonical.encode()).hexdigest()

    def as_json(self) -> str:
        """Everything above and its checksum, as manifest_from reads it."""
        return json.dumps({**asdict(self), "checksum": self.checksum}, ensure_ascii=False, indent=1)


@dataclass(frozen=True)
class Culled:
    """What has been removed by a rule: number of a version → a Swedish sentence, for whole versions and for originals."""

    versions: Mapping[int, str]
    originals: Mapping[int, str]


@dataclass(frozen=True)
class Whole:
    """A version all of whose files are there as they were published, and where its public tables are.

    broken tells of newer versions that are not whole, a Swedish sentence each, newest first.
    """

    manifest: Manifest
    paths: Mapping[str, Path]
    broken: tuple[str, ...] = ()

    def reader(self, table: str) -> tuple[str, Sequence[Path]]:
        """What a public table is read from, as SQL, and the files that its $path stands for."""
        return "read_parquet($path)", [path for name, path in self.paths.items() if table_of(name) == table]


@dataclass(frozen=True)
class Store:
    """The folders in which versions are looked for; the last one is where new versions are written."""

    # Whether those who publish here know nothing of each other: then a draft whose base has moved is put on the new one.
    several_publish = False
    folders: tuple[Path, ...] = (EMBEDDED, EXPORTS)

    def numbers(self) -> list[int]:
        """Version numbers, lowest first, also of versions that are broken. Raises BrokenVersion for an unreadable folder."""
        found: set[int] = set()
        for folder in self.folders:
            try:
                names = [path.name for path in (folder / "manifests").iterdir()]
            except FileNotFoundError:
                continue
            except OSError as error:
                raise BrokenVersion(f"Mappen {folder.name}/manifests kan inte läsas.") from error
            found |= {int(name[:6]) for name in names if MANIFEST_NAME.fullmatch(name)}
        return sorted(found)

    def manifest(self, version: int) -> Manifest:
        """The manifest of one version. Raises BrokenVersion when there is none, or not as it was written."""
        name = f"{version:06d}.json"
        # A draft is looked at as if it were the next version, and its folder stands last.
        for folder in reversed(self.folders):
            try:
                content = (folder / "manifests" / name).read_bytes()
            except FileNotFoundError:
                continue
            except OSError as error:
                raise BrokenVersion(f"Filen {name} kan inte läsas.") from error
            manifest = manifest_from(content)
            if manifest is None or manifest.version != version:
                raise BrokenVersion(f"Filen {name} har ändrats sedan den publicerades.")
            return manifest
        raise BrokenVersion(f"Version {version} finns inte.")

    def whole(self, version: int) -> Whole:
        """One version, once all its files are verified, also the private ones.

        Raises BrokenVersion, as its kind CulledVersion for one whose files have been removed by a rule.
        """
        manifest = self.manifest(version)
        if version in (gone := self.culled().versions):
            raise CulledVersion(gone[version])
        return Whole(manifest, self.verified_paths(manifest))

    def newest_whole(self, known: int = -1) -> Whole:
        """The newest version that is whole.

        known is the number of a version that was seen before: also when its manifest is gone it is told of.
        Raises BrokenVersion when no version is whole.
        """
        listed = self.numbers()
        if not listed:
            raise BrokenVersion(
                "Ingen version är publicerad. Gör den inbyggda: python -m queries.intake.embedded"
            )
        faults: list[str] = []
        for version in sorted({*listed, known} - {-1}, reverse=True):
            try:
                found = self.whole(version)
            except BrokenVersion as fault:
                reason = str(fault) if version in listed else f"Filen {version:06d}.json saknas."
                faults.append(f"Version {version} kan inte läsas: {reason[0].lower()}{reason[1:]}")
            else:
                return replace(found, broken=tuple(f"{fault} Version {version} visas." for fault in faults))
        raise BrokenVersion(" ".join(faults))

    def culled(self) -> Culled:
        """What has been removed by a rule, as the protocols of each time tell."""
        protocols = []
        for folder in self.folders:
            with suppress(OSError):
                # Asked at every click. A protocol never changes, so new ones are told by their names.
                protocols += [
                    f"{folder}/{CULLED}/{name}" for name in sorted(os.listdir(f"{folder}/{CULLED}"))
                ]
        return _culled(tuple(protocols))

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Keep everybody else from making and removing versions meanwhile. Raises OSError when they take a minute."""
        durable.make_folder(self.folders[-1])
        with FileLock(self.folders[-1] / ".lock", timeout=SECONDS_FOR_THE_LOCK):
            yield

    def attach(self, connection: Any) -> list[str]:
        """Make what may be shown known to a DuckDB connection, whose last chance it is; the folders that it may read.

        Raises BrokenVersion when they cannot be reached.
        """
        return [f"{folder}/files/" for folder in self.folders]

    def bring_home(self, manifest: Manifest) -> None:
        """Have all that a version is made of in the folders of this machine. Raises BrokenVersion."""

    def bring_all_home(self) -> None:
        """Have everything that was published, and every uploaded file, in the folders of this machine. Raises BrokenVersion."""

    def verified_paths(self, manifest: Manifest) -> dict[str, Path]:
        """Where the public tables are, once all files that a manifest names are verified. Raises BrokenVersion."""
        for table in manifest.private.values():
            self.verified_path(table, "private")
        return {name: self.verified_path(table) for name, table in manifest.tables.items()}

    def verified_path(self, table: TableFile, kind: str = "files") -> Path:
        """Where a table's file is, once its bytes are known to be the published ones. Raises BrokenVersion."""
        return self.verified(kind, table.file, table.sha256)

    def verified(self, kind: str, name: str, sha256: str) -> Path:
        """Where a file of a kind is, in any of the folders, once its bytes are the right ones. Raises BrokenVersion."""
        reason = "saknas"
        for folder in self.folders:
            # Text, since every click comes here for every table.
            path = f"{folder}/{kind}/{name}"
            try:
                if durable.digest_of(path) == sha256:
                    return Path(path)
                reason = "har ändrats sedan den publicerades"
            except FileNotFoundError:
                continue
            except OSError:
                reason = "kan inte läsas"
        raise BrokenVersion(f"Filen {name} {reason}.")

    def commit(self, manifest: Manifest) -> None:
        """Make a version the current one, in one step. Raises VersionTaken when the number is in use."""
        folder = self.folders[-1] / "manifests"
        durable.make_folder(folder)
        try:
            durable.create(folder / f"{manifest.version:06d}.json", manifest.as_json().encode())
        except FileExistsError as taken:
            raise VersionTaken(f"Version {manifest.version} är redan publicerad.") from taken

    def place(self, unfinished: Path, table: str, rows: int, kind: str = "files") -> TableFile:
        """Move a finished Parquet file in under a name made from its content."""
        digest = sha256_of(unfinished)
        placed = TableFile(file=f"{table}-{digest[:12]}.parquet", sha256=digest, rows=rows)
        durable.move(unfinished, self._folder(kind) / placed.file)
        return placed

    def bring(self, source: Path, kind: str, name: str, sha256: str) -> None:
        """Copy a file to the folder that is written to, unless a whole one is there already."""
        try:
            Store(self.folders[-1:]).verified(kind, name, sha256)
        except BrokenVersion:
            durable.copy(source, self._folder(kind) / name)

    def _folder(self, kind: str) -> Path:
        folder = self.folders[-1] / kind
        durable.make_folder(folder, 0o777 if kind == "files" else 0o700)
        return folder


def table_of(name: str) -> str:
    """The table that a name of a manifest is about: outcomes for outcomes, and for outcomes/0125."""
    return name.partition(PART)[0]


def with_files(earlier: Mapping[str, TableFile], later: Mapping[str, TableFile]) -> dict[str, TableFile]:
    """The files of a version with some of them new. A table that came in one file and comes in parts now, or the other
    way round, comes whole: nothing of the old form is left beside the new."""
    forms = {(table_of(name), PART in name) for name in later}
    kept = {name: file for name, file in earlier.items() if (table_of(name), PART not in name) not in forms}
    return {**kept, **later}


@lru_cache
def manifest_from(content: bytes) -> Manifest | None:
    """The manifest that as_json wrote, or None for anything else."""
    # Whatever a changed byte makes of the text or of its parts, it is not the manifest that was written.
    try:
        told = json.loads(content)
        checksum = told.pop("checksum")
        files = {
            kind: {name: TableFile(**table) for name, table in told[kind].items()}
            for kind in ("tables", "private")
        }
        original = told["original"] and Original(**told["original"])
        manifest = Manifest(**{**told, **files, "original": original, "summary": tuple(told["summary"])})
    except (ValueError, TypeError, KeyError, AttributeError):
        return None
    return manifest if manifest.checksum == checksum else None


@lru_cache(maxsize=2)
def _culled(protocols: tuple[str, ...]) -> Culled:
    versions: dict[int, str] = {}
    originals: dict[int, str] = {}
    for path in protocols:
        # What a changed protocol no longer tells is told as missing instead.
        with suppress(OSError, ValueError, TypeError, KeyError):
            told = json.loads(Path(path).read_bytes())
            said = f"gallrades {clock.in_sweden(told['at']).date()} enligt ”{told['rule']}”."
            versions |= {number: f"Den {said}" for number in told["versions"]}
            originals |= {number: f"Originalfilen {said}" for number in told["originals"]}
    return Culled(versions, originals)

"""Drafts: files that have been checked and not yet published, each in a folder of its own.

    <exports>/drafts/<draft_id>/original      the bytes as they were uploaded
    <exports>/drafts/<draft_id>/files/        finished Parquet files of the public tables that change
    <exports>/drafts/<draft_id>/private/      those with hidden values
    <exports>/drafts/<draft_id>/draft.json    written last: a folder without it is no draft

The folders lie outside what the connection that answers questions may read, and only their owner may open them.
"""

from __future__ import annotations

import json
import re
import shutil
import time
import uuid
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path

from queries import durable
from queries.intake.fetched_pages import FETCHES
from queries.versions import Original, Store, TableFile

# A file that is being published is finished within minutes; one that is older was left by a crash.
UNFINISHED_HOURS = 1.0
GONE = "Utkastet finns inte längre. Läs in filen igen."


class DraftGone(Exception):
    """There is no such draft, or not all of it. The text is Swedish."""


@dataclass(frozen=True)
class Draft:
    """A file that has been checked against the version base, and what it would change.

    tables and private are only the tables that change. limits are those of the privacy gate that all public tables
    were made with. original is empty for a draft that no file was uploaded for. summary says in Swedish sentences what
    becomes different; warnings is how many must be accepted.
    """

    draft_id: str
    base: int
    tables: Mapping[str, TableFile]
    private: Mapping[str, TableFile]
    limits: Mapping[str, int]
    original: Original | None
    summary: tuple[str, ...]
    warnings: int


def new_draft_folder(store: Store) -> Path:
    """An empty folder for a draft, whose name is the draft's id."""
    folder = store.folders[-1] / "drafts" / uuid.uuid4().hex
    for made in (folder.parent, folder):
        durable.make_folder(made, 0o700)
    return folder


def folder_of(store: Store, draft_id: str) -> Path:
    """The folder of a draft, which may be gone. Raises DraftGone for an id that no draft can have."""
    # The id comes back from a browser: it must not lead to another folder.
    if not re.fullmatch(r"[0-9a-f]{32}", draft_id):
        raise DraftGone(GONE)
    return store.folders[-1] / "drafts" / draft_id


def save(folder: Path, draft: Draft) -> None:
    """Make a folder, whose files are finished, the draft that it holds."""
    # A name from another system may hold what is no text at all; a manifest must be able to repeat it.
    text = json.dumps(asdict(draft), ensure_ascii=False, indent=1).encode(errors="replace")
    (folder / "draft.json").write_bytes(text)


def load(store: Store, draft_id: str) -> Draft:
    """The draft with an id. Raises DraftGone."""
    try:
        told = json.loads((folder_of(store, draft_id) / "draft.json").read_bytes())
        files = {
            kind: {name: TableFile(**table) for name, table in told[kind].items()}
            for kind in ("tables", "private")
        }
        original = told["original"] and Original(**told["original"])
        summary = tuple(told["summary"])
        return Draft(**{**told, **files, "original": original, "summary": summary})
    except (OSError, ValueError, TypeError, KeyError, AttributeError) as error:
        raise DraftGone(GONE) from error


def discard(store: Store, draft_id: str) -> None:
    """Remove a draft and all its files. What the disk does not let go of now is left for sweep."""
    shutil.rmtree(folder_of(store, draft_id), ignore_errors=True)


def sweep(store: Store, hours: float) -> None:
    """Remove drafts and fetched pages older than so many hours, and files that a crash left unfinished. Raises nothing."""
    exports = store.folders[-1]
    for folder in _older(exports / "drafts", "*", hours):
        shutil.rmtree(folder, ignore_errors=True)
    for path in _older(exports / FETCHES, "*", hours):
        with suppress(OSError):
            path.unlink()
    for kind in ("manifests", "files", "private", "originals"):
        for path in _older(exports / kind, f"{durable.UNFINISHED}*", min(hours, UNFINISHED_HOURS)):
            with suppress(OSError):
                path.unlink()


def _older(folder: Path, pattern: str, hours: float) -> Iterator[Path]:
    with suppress(OSError):
        for path in list(folder.glob(pattern)):
            # Somebody else may sweep too.
            with suppress(OSError):
                if time.time() - path.stat().st_mtime > hours * 3600:
                    yield path

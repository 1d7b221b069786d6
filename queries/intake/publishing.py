"""Publishing, history and undo: every change is a new version, made whole or not at all.

A draft's files are copied in beside the published ones, and the manifest that names them is the last thing that
appears. Whatever goes wrong before that leaves every published version as it was, and the draft ready for another
try. Nothing here ever deletes or changes a published file.
"""

from __future__ import annotations

import errno
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

from tenacity import Retrying, retry_if_exception, stop_after_attempt, wait_random

from queries import audit, clock
from queries.audit import Event
from queries.connection import settings
from queries.intake import drafts
from queries.intake.drafts import GONE, Draft, DraftGone
from queries.intake.reach import municipalities_changed
from queries.intake.rebasing import Overlapping, rebased
from queries.permits import Permit
from queries.versions import (
    BrokenVersion,
    CulledVersion,
    Manifest,
    Original,
    Store,
    VersionTaken,
    table_of,
    with_files,
)

NO_PERMISSION = "Mappen för publicerade uppgifter går inte att skriva i."
REASONS = {
    "ENOSPC": "Disken är full.",
    "EDQUOT": "Utrymmet på disken är slut.",
    "EIO": "Disken svarar inte som den ska.",
    "EROFS": NO_PERMISSION,
    "EACCES": NO_PERMISSION,
    "EPERM": NO_PERMISSION,
}
# How often a draft is put on a newer version before it is handed back.
TRIES = 8
CHECK_AGAIN = "Kontrollera filen igen."
LOOK_FIRST = "Titta på den först."
FURTHER = "Det som skulle ändras är mer än uppgifterna om den kommun som du har behörighet för."
# What may be published with which permit: the tables that may change, None for all.
PUBLISHES: Mapping[str, frozenset[str] | None] = {
    "publish": None,
    "note": frozenset({"agreements", "meeting_questions", "sources"}),
    "group": frozenset({"municipality_groups", "sources"}),
    "word": frozenset({"added_words"}),
}

# How the log calls what was done with which permit; everything else was published.
DONE = {"undo": "undone", "restore": "restored"}


class NotPublished(Exception):
    """Nothing was published. The text is Swedish and says why."""


class WarningsNotAccepted(NotPublished):
    """The draft has warnings that nobody has accepted."""


class BaseMoved(NotPublished):
    """Somebody published after the analyst looked: what was looked at is not what would be changed."""


class BaseOvertaken(BaseMoved):
    """What was published meanwhile is about the same rows: to try again would not help."""


class NothingToRestore(NotPublished):
    """There is no earlier content, or it is already the current one, or it may no longer be shown."""


class NotPermitted(NotPublished):
    """The permit is for another thing, or the version reaches further than it."""


class PublishingFailed(NotPublished):
    """The disk did not take the files."""


@dataclass(frozen=True)
class Entry:
    """One version in the history. broken says what is wrong with it; the rest is empty where no manifest can tell.

    created_at is a moment in UTC; clock.swedish_time writes it as clocks in Sweden do. restores is the version
    whose content this one has again. culled says when and why the uploaded file was removed.
    """

    version: int
    is_current: bool
    created_at: str = ""
    created_by: str = ""
    note: str = ""
    summary: tuple[str, ...] = ()
    parent: int | None = None
    restores: int | None = None
    original: Original | None = None
    broken: str = ""
    culled: str = ""


def publish(
    store: Store, draft_id: str, *, permit: Permit, note: str, accept_warnings: bool = False
) -> Manifest:
    """Make a draft the newest version. permit is one of those in PUBLISHES; the manifest keeps its role and no more.

    Raises DraftGone, and NotPublished in one of its kinds: nothing has been published then, and a draft that is there
    can be tried again. Raises BrokenVersion when no published version is whole.
    """
    draft = drafts.load(store, draft_id)
    _demand(permit, _permits_for(draft))
    if draft.warnings and not accept_warnings:
        raise WarningsNotAccepted("Filen har varningar som ingen har godtagit. Inget har publicerats.")
    if dict(draft.limits) != settings()["disclosure"]:
        raise BaseMoved(f"Gränserna för små grupper har ändrats sedan filen kontrollerades. {CHECK_AGAIN}")
    # Of two who publish at once where several do, the later one looks again and goes on.
    tries = Retrying(
        retry=retry_if_exception(lambda fault: type(fault) is BaseMoved),
        stop=stop_after_attempt(TRIES if store.several_publish else 1),
        wait=wait_random(0, 1),
        reraise=True,
    )
    with _nothing_published():
        manifest = tries(_published, store, draft, permit, note)
    drafts.discard(store, draft_id)
    return manifest


def _published(store: Store, draft: Draft, permit: Permit, note: str) -> Manifest:
    if store.several_publish:
        try:
            draft = rebased(store, draft)
        except Overlapping as overlap:
            raise BaseOvertaken(_meanwhile(store, store.numbers()[-1], CHECK_AGAIN)) from overlap
    base, following = _current(store, draft.base, CHECK_AGAIN)
    manifest = replace(_with_draft(base, draft), **_told(following, base, permit, note))
    _hold_within(permit, store, base, manifest, drafts.folder_of(store, draft.draft_id))
    _bring_draft(store, draft, manifest)
    _commit(store, manifest, CHECK_AGAIN, permit)
    return manifest


def hold_within(store: Store, draft_id: str, permit: Permit) -> None:
    """Raise NotPermitted where a draft changes more than a permit is about. Raises DraftGone and BrokenVersion."""
    draft = drafts.load(store, draft_id)
    base = store.manifest(draft.base)
    _hold_within(permit, store, base, _with_draft(base, draft), drafts.folder_of(store, draft_id))


def undo(store: Store, *, permit: Permit, note: str = "", current: int | None = None) -> Manifest:
    """Make a new version with the content of the current one's parent; undone again, it is redone.

    current is the version that the analyst saw as the newest: BaseMoved is raised when it no longer is.
    Raises NotPublished in one of its kinds, and BrokenVersion when the parent is not whole.
    """
    _demand(permit, ("undo",))
    with _nothing_published():
        newest, following = _current(store, current, LOOK_FIRST)
        if newest.parent is None:
            raise NothingToRestore(
                f"Version {newest.version} är den första. Det finns inget att gå tillbaka till."
            )
        told = _told(following, newest, permit, note)
        said = f"Version {newest.version} är ångrad."
        return _restored(store, permit, newest, newest.parent, told, said)


def restore(
    store: Store, version: int, *, permit: Permit, note: str = "", current: int | None = None
) -> Manifest:
    """Make a new version with the content of an earlier one. current and errors as for undo."""
    _demand(permit, ("restore",))
    with _nothing_published():
        newest, following = _current(store, current, LOOK_FIRST)
        return _restored(store, permit, newest, version, _told(following, newest, permit, note))


@lru_cache(maxsize=1_000)
def reach_of(store: Store, version: int) -> frozenset[str] | None:
    """The municipalities whose rows a version changed; None where it changed more than that, or is the first.

    Raises BrokenVersion. Remembered: a version never changes.
    """
    manifest = store.manifest(version)
    if manifest.parent is None:
        return None
    before = store.manifest(manifest.parent)
    for each in (before, manifest):
        store.bring_home(each)
    return municipalities_changed(store, before, manifest)


def history(store: Store) -> list[Entry]:
    """One entry per version, newest first, also for those that are broken or whose manifest is gone.

    Raises BrokenVersion when no version is whole.
    """
    current = store.newest_whole().manifest.version
    entries: list[Entry] = []
    waiting = set(store.numbers())
    while waiting:
        version = max(waiting)
        waiting.discard(version)
        entries.append(_entry(store, version, version == current))
        # A version that others build on was published, whether its manifest is still there or not.
        if entries[-1].parent is not None:
            waiting.add(entries[-1].parent)
    return entries


def original_path(store: Store, version: int) -> Path | None:
    """The file that was uploaded for a version, byte for byte; None when it was made without one.

    Its name on disk is the server's; the analyst's own is in the manifest. Raises BrokenVersion, as its kind
    CulledVersion for one that was removed by a rule.
    """
    if version in (gone := store.culled().originals):
        raise CulledVersion(gone[version])
    original = store.manifest(version).original
    return store.verified("originals", _name_of(original), original.sha256) if original else None


def _with_draft(base: Manifest, draft: Draft) -> Manifest:
    return replace(
        base,
        limits=draft.limits,
        tables=with_files(base.tables, draft.tables),
        private=with_files(base.private, draft.private),
        restores=None,
        original=draft.original,
        summary=draft.summary,
    )


def _permits_for(draft: Draft) -> list[str]:
    """The permits with which a draft may be published: those of all whose tables it keeps to."""
    changed = {table_of(name) for name in (*draft.tables, *draft.private)}
    return [what for what, within in PUBLISHES.items() if within is None or changed <= within]


def _demand(permit: Permit, whats: Sequence[str]) -> None:
    if permit.what not in whats:
        raise NotPermitted("Behörigheten gäller något annat än det som skulle publiceras.")


def _hold_within(permit: Permit, store: Store, before: Manifest, after: Manifest, *more: Path) -> None:
    """Raise NotPermitted where a version changes rows that the permit is not about. more: folders of a draft."""
    if permit.municipality_ids is None:
        return
    # The draft's folder first: what is published already is the same there and here.
    if not permit.covers(municipalities_changed(Store((*more, *store.folders)), before, after)):
        raise NotPermitted(FURTHER)


def _current(store: Store, expected: int | None, advice: str) -> tuple[Manifest, int]:
    """The newest whole version, and the number that the next one gets. Raises BaseMoved unless it is the expected one."""
    # Counted before looking: whoever publishes between the two has then taken the number.
    following = max(store.numbers(), default=-1) + 1
    found = store.newest_whole(-1 if expected is None else expected)
    newest = found.manifest.version
    if expected is not None and newest != expected:
        raise BaseMoved(
            _meanwhile(store, newest, advice) if newest > expected else f"{' '.join(found.broken)} {advice}"
        )
    store.bring_home(found.manifest)
    return found.manifest, following


def _meanwhile(store: Store, version: int, advice: str) -> str:
    try:
        told = store.manifest(version)
    except BrokenVersion:
        return f"Version {version} har publicerats under tiden. {advice}"
    note = f", ”{told.note}”" if told.note else ""
    when = clock.swedish_time(told.created_at)
    return f"Version {version} har publicerats under tiden ({when}, {told.created_by}{note}). {advice}"


def _told(version: int, newest: Manifest, permit: Permit, note: str) -> dict[str, Any]:
    # What a command line hands over may be no text at all.
    text = note.strip().encode(errors="replace").decode()
    return {
        "version": version,
        "parent": newest.version,
        "created_at": clock.now(),
        "created_by": permit.role,
        "note": text,
    }


def _bring_draft(store: Store, draft: Draft, manifest: Manifest) -> None:
    folder = drafts.folder_of(store, draft.draft_id)
    try:
        _bring_files(store, manifest, Store((*store.folders, folder)))
        if draft.original is not None:
            original = Store((folder,)).verified(".", "original", draft.original.sha256)
            store.bring(original, "originals", _name_of(draft.original), draft.original.sha256)
    except BrokenVersion as changed:
        raise DraftGone(GONE) from changed


def _bring_files(store: Store, manifest: Manifest, source: Store) -> None:
    """Copy all that a version is made of to where it is published: the embedded files change with the program."""
    for kind, tables in (("files", manifest.tables), ("private", manifest.private)):
        for table in tables.values():
            store.bring(source.verified_path(table, kind), kind, table.file, table.sha256)


def _name_of(original: Original) -> str:
    return original.sha256[:12]


def _restored(
    store: Store, permit: Permit, newest: Manifest, version: int, told: Mapping[str, Any], *said: str
) -> Manifest:
    content = store.whole(version).manifest
    store.bring_home(content)
    if content.tables == newest.tables and content.private == newest.private:
        raise NothingToRestore(f"Version {version} har samma innehåll som den som visas.")
    if dict(content.limits) != settings()["disclosure"]:
        raise NothingToRestore(
            f"Version {version} gjordes med andra gränser för små grupper än de som gäller nu."
        )
    first = version if content.restores is None else content.restores
    summary = (*said, f"Innehållet är åter det i version {first}.")
    manifest = replace(content, **told, restores=first, original=None, summary=summary)
    _hold_within(permit, store, newest, manifest)
    _bring_files(store, manifest, store)
    _commit(store, manifest, LOOK_FIRST, permit)
    return manifest


def _commit(store: Store, manifest: Manifest, advice: str, permit: Permit) -> None:
    # What has been copied is read back before anybody is told that it is there, and not culled between the two.
    with store.alone():
        try:
            Store(store.folders[-1:]).verified_paths(manifest)
        except BrokenVersion as fault:
            raise PublishingFailed(
                "Disken gav inte tillbaka det som skrevs på den. Inget har publicerats."
            ) from fault
        try:
            store.commit(manifest)
        except VersionTaken as taken:
            raise BaseMoved(_meanwhile(store, manifest.version, advice)) from taken
    places = ",".join(permit.municipality_ids or ())
    done = DONE.get(permit.what, "published")
    audit.written_if_possible(
        store, Event(done, permit.role, permit.pseudonym, permit.what, places, manifest.version)
    )


def _entry(store: Store, version: int, is_current: bool) -> Entry:
    try:
        manifest = store.manifest(version)
    except BrokenVersion as fault:
        return Entry(version, is_current, broken=str(fault))
    try:
        store.whole(version)
        broken = ""
    except BrokenVersion as fault:
        broken = str(fault)
    told = ("created_at", "created_by", "note", "summary", "parent", "restores", "original")
    return Entry(
        version,
        is_current,
        **{name: getattr(manifest, name) for name in told},
        broken=broken,
        culled=store.culled().originals.get(version, ""),
    )


@contextmanager
def _nothing_published() -> Iterator[None]:
    """Say in Swedish what the disk answered. The manifest is the last that is written, so nothing has been published."""
    try:
        yield
    except OSError as error:
        reason = REASONS.get(errno.errorcode.get(error.errno or 0, ""), "Filerna kunde inte sparas.")
        raise PublishingFailed(f"{reason} Inget har publicerats.") from error

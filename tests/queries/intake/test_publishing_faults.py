"""What publishing survives: being killed, a disk that says no, two at once, flipped bits, folders that go away.

The question is always the same. Does every reader see exactly one whole version, is everything there that somebody
was told is published, and can the next one publish without anybody cleaning up first?
"""

from __future__ import annotations

import errno
import itertools
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from queries import durable, permits
from queries.connection import Library
from queries.intake import drafts, publishing
from queries.intake.publishing import BaseMoved, PublishingFailed, publish
from queries.versions import BrokenVersion, Manifest, Store
from tests.queries.intake.small_versions import (
    checked,
    checked_goal,
    first_version,
    flip_a_bit,
    left_unfinished,
    published,
    real_version,
    said,
)

PROJECT = Path(__file__).parents[3]
KILLS = 40
# A child publishes every few milliseconds, so that it is killed at every step sooner or later.
LONGEST_LIFE = 0.08
EACH_WRITES = 40


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return first_version(tmp_path)


def chain(store: Store) -> list[Manifest]:
    """All versions, oldest first. Raises BrokenVersion unless every one is whole, with files of one publishing."""
    manifests = [store.whole(number).manifest for number in store.numbers()]
    assert [len(said(store, manifest)) for manifest in manifests] == [1] * len(manifests)
    return manifests


def text_of(store: Store, manifest: Manifest) -> str:
    (text,) = said(store, manifest)
    return text


# The two functions below run in processes of their own. Not multiprocessing: it starts by running again whatever is the
# main script, which tests of pages replace.
def publish_until_killed(store: Store, name: str) -> None:
    """Publish as fast as possible; a line on standard output acknowledges each version."""
    for count in itertools.count():
        manifest = published(store, f"{name}, {count}")
        print(json.dumps([manifest.version, f"{name}, {count}"]), flush=True)


def publish_in_competition(store: Store, name: str) -> None:
    """Publish EACH_WRITES drafts, each checked again for as long as somebody else was faster."""
    for count in range(EACH_WRITES):
        while True:
            try:
                manifest = published(store, f"{name}, {count}")
            except BaseMoved as told:
                print(json.dumps(["lost", str(told)]), flush=True)
            else:
                print(json.dumps([manifest.version, f"{name}, {count}"]), flush=True)
                break


def fork_at_each_line(store: Store) -> None:
    """For each line on standard input a child that publishes until it is killed; "name;7" kills itself at step 7."""
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            name, _, step = line.strip().partition(";")
            if step:
                Faults(
                    pytest.MonkeyPatch(), 0, lambda count, last=int(step): count == last and kill(os.getpid())
                )
            publish_until_killed(store, name)
        print(json.dumps(["born", child]), flush=True)
        os.waitpid(child, 0)
        print(json.dumps(["dead", child]), flush=True)


def started(script: str, store: Store, *arguments: str) -> subprocess.Popen[str]:
    """A process that has imported everything and waits for its first line."""
    begun = (
        "import sys, pathlib; from queries.versions import Store; "
        "from tests.queries.intake.test_publishing_faults import *; "
        f"store = Store(tuple(map(pathlib.Path, sys.argv[1:3]))); print('ready', flush=True); {script}"
    )
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True, "encoding": "utf-8"}
    environment = {**os.environ, "PYTHONUTF8": "1"}
    command = [sys.executable, "-c", begun, *map(str, store.folders), *arguments]
    process = subprocess.Popen(command, cwd=PROJECT, env=environment, **pipes)
    assert process.stdout.readline() == "ready\n"
    return process


def send(process: subprocess.Popen[str], line: str) -> None:
    process.stdin.write(f"{line}\n")
    process.stdin.flush()


def kill(process_id: int) -> bool:
    """kill -9."""
    os.kill(process_id, signal.SIGKILL)
    return False


def told_until(word: str, parent: subprocess.Popen[str]) -> list[list[Any]]:
    """What a parent and its child tell until the parent says that the child is born or dead."""
    told = [json.loads(parent.stdout.readline())]
    while told[-1][0] != word:
        told.append(json.loads(parent.stdout.readline()))
    return told


def acknowledged_in(told: list[list[Any]]) -> dict[int, str]:
    return {version: text for version, text in told if version not in ("born", "dead")}


@pytest.mark.skipif(not hasattr(os, "fork"), reason="This system has no kill -9.")
class TestKill:
    @pytest.fixture
    def parent(self, store: Store) -> Iterator[subprocess.Popen[str]]:
        """Forks children that publish: starting Python anew for each would take a minute."""
        parent = started("fork_at_each_line(store)", store)
        yield parent
        parent.stdin.close()
        assert parent.wait(timeout=60) == 0

    def test_at_forty_random_moments_loses_nothing_and_never_shows_half_a_version(self, store, parent):
        moments = random.Random(20261122)
        acknowledged: dict[int, str] = {0: "the first"}
        with reading(store) as seen:
            for number in range(KILLS):
                send(parent, f"barn {number}")
                told = told_until("born", parent)
                time.sleep(moments.uniform(0, LONGEST_LIFE))
                kill(told[-1][1])
                acknowledged |= acknowledged_in([*told, *told_until("dead", parent)])
                assert store.newest_whole().broken == ()
                # Nobody has cleaned up after the child, and the next one publishes all the same.
                manifest = published(store, f"efter {number}")
                acknowledged[manifest.version] = f"efter {number}"
        versions = chain(store)
        assert [each.parent for each in versions] == [None, *range(len(versions) - 1)]
        texts = {each.version: text_of(store, each) for each in versions}
        assert {version: texts.get(version) for version in acknowledged} == acknowledged
        assert seen == {version: texts[version] for version in seen}
        drafts.sweep(store, 0)
        assert left_unfinished(store) == []
        assert list((store.folders[-1] / "drafts").iterdir()) == []
        assert len(chain(store)) == len(versions)

    def test_at_each_step_in_turn_leaves_the_old_version_or_the_new_one(self, store, parent):
        for step in itertools.count(1):
            before = store.newest_whole().manifest.version
            send(parent, f"barn {step};{step}")
            acknowledged = acknowledged_in(told_until("dead", parent))
            found = store.newest_whole()
            assert found.broken == ()
            assert (found.manifest.version, text_of(store, found.manifest)) in [
                (before, text_of(store, store.manifest(before))),
                (before + 1, f"barn {step}, 0"),
            ]
            if acknowledged:
                break
            published(store, f"efter {step}")
        assert step > 20
        assert [each.parent for each in chain(store)] == [None, *range(store.numbers()[-1])]


class reading:  # noqa: N801  used as a with statement
    """Opens the newest version again and again on a thread of its own; gives what each version said."""

    def __init__(self, store: Store) -> None:
        self.store, self.seen, self.wrong = store, {}, []
        self.is_over = threading.Event()
        self.thread = threading.Thread(target=self._read)

    def __enter__(self) -> dict[int, str]:
        self.thread.start()
        return self.seen

    def __exit__(self, *_: object) -> None:
        self.is_over.set()
        self.thread.join()
        assert self.wrong == []

    def _read(self) -> None:
        last = 0
        while not self.is_over.wait(0.002):
            # Whatever goes wrong here must reach the test, which runs on another thread.
            try:
                found = self.store.newest_whole()
                self.seen[found.manifest.version] = text_of(self.store, found.manifest)
                assert found.broken == ()
                assert found.manifest.version >= last
                last = found.manifest.version
            except Exception as error:
                self.wrong.append(error)


class TestRace:
    def test_of_two_writers_makes_one_chain_and_tells_the_loser_who_won(self, store):
        script = "sys.stdin.readline(); publish_in_competition(store, sys.argv[3])"
        writers = [started(script, store, f"skrivare {number}") for number in range(2)]
        for writer in writers:
            send(writer, "nu")
        told = [[json.loads(line) for line in writer.stdout] for writer in writers]
        assert [writer.wait(timeout=60) for writer in writers] == [0, 0]
        versions = chain(store)
        assert [each.parent for each in versions] == [None, *range(2 * EACH_WRITES)]
        won = {version: text for lines in told for version, text in lines if version != "lost"}
        assert won == {each.version: text_of(store, each) for each in versions[1:]}
        lost = [text for lines in told for version, text in lines if version == "lost"]
        assert [text for text in lost if "har publicerats under tiden" not in text] == []
        assert [text for text in lost if ", analytiker). Kontrollera filen igen." not in text] == []


class Faults:
    """A disk of which the n-th step fails: creating, writing, forcing out, renaming, linking, making a folder."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, code: int, fails: Callable[[int], bool]) -> None:
        self.code, self.fails, self.count, self.failed = code, fails, 0, []
        for name in ("fsync", "replace", "link", "mkdir"):
            monkeypatch.setattr(os, name, self._guarded(name, getattr(os, name)))
        real = Path.open

        def opened(path: Path, mode: str = "r", *given: Any, **told: Any) -> Any:
            if not set(mode) & set("xwa+"):
                return real(path, mode, *given, **told)
            self.step("open")
            return _Written(real(path, mode, *given, **told), self)

        monkeypatch.setattr(Path, "open", opened)

    def step(self, name: str) -> None:
        """Count a step, and fail if it is the one."""
        self.count += 1
        if self.fails(self.count):
            self.failed.append(name)
            raise OSError(self.code, os.strerror(self.code))

    def _guarded(self, name: str, real: Callable[..., Any]) -> Callable[..., Any]:
        def guarded(*given: Any, **told: Any) -> Any:
            self.step(name)
            return real(*given, **told)

        return guarded


class _Written:
    """A file of which half is written when writing fails."""

    def __init__(self, file: Any, faults: Faults) -> None:
        self.file, self.faults = file, faults

    def __getattr__(self, name: str) -> Any:
        return getattr(self.file, name)

    def __enter__(self) -> _Written:
        return self

    def __exit__(self, *_: object) -> None:
        self.file.close()

    def write(self, content: bytes) -> int:
        try:
            self.faults.step("write")
        except OSError:
            self.file.write(content[: len(content) // 2])
            self.file.flush()
            raise
        return self.file.write(content)


class TestDisk:
    @pytest.mark.parametrize(
        ("code", "sentence"),
        [
            (errno.ENOSPC, "Disken är full. Inget har publicerats."),
            (errno.EIO, "Disken svarar inte som den ska. Inget har publicerats."),
        ],
    )
    def test_that_fails_at_any_step_leaves_the_old_version_and_the_draft(self, tmp_path, code, sentence):
        failed: set[str] = set()
        for step in itertools.count(1):
            store = first_version(tmp_path / str(step))
            draft_id = checked(store, "ett")
            with pytest.MonkeyPatch.context() as patched:
                faults = Faults(patched, code, lambda count, step=step: count == step)
                outcome = attempt(store, draft_id)
            failed |= set(faults.failed)
            if not faults.failed:
                break
            if isinstance(outcome, Manifest):
                # From the link on it is published: a step that fails after that takes nothing back.
                assert said(store, store.newest_whole().manifest) == {"ett"}
                continue
            assert str(outcome) == sentence
            assert store.numbers() == [0]
            assert said(store, store.newest_whole().manifest) == {"the first"}
            assert left_unfinished(store) == []
            assert attempt(store, draft_id).version == 1
            assert said(store, store.whole(1).manifest) == {"ett"}
        assert step > 20
        assert failed == {"open", "write", "fsync", "replace", "link", "mkdir"}

    def test_that_fails_while_something_is_undone_leaves_the_current_version(self, tmp_path):
        for step in itertools.count(1):
            store = first_version(tmp_path / str(step))
            published(store, "ett")
            with pytest.MonkeyPatch.context() as patched:
                faults = Faults(patched, errno.ENOSPC, lambda count, step=step: count == step)
                outcome = attempt(store, None)
            if not faults.failed:
                break
            if not isinstance(outcome, Manifest):
                assert (str(outcome), store.numbers()) == ("Disken är full. Inget har publicerats.", [0, 1])
                outcome = attempt(store, None)
            assert (outcome.restores, said(store, store.newest_whole().manifest)) == (0, {"the first"})
        assert step > 3

    def test_that_cannot_be_written_to_is_read_all_the_same(self, tmp_path, monkeypatch):
        store = real_version(tmp_path)
        draft_id = checked(store, "ett")
        Faults(monkeypatch, errno.EROFS, lambda count: True)
        assert Library(store).open().version == 0
        with pytest.raises(PublishingFailed) as told:
            publish(store, draft_id, permit=permits.operator("publish"), note="")
        assert (
            str(told.value)
            == "Mappen för publicerade uppgifter går inte att skriva i. Inget har publicerats."
        )

    def test_that_fails_in_a_way_nobody_thought_of_is_still_told_in_swedish(self, store, monkeypatch):
        draft_id = checked(store, "ett")
        Faults(monkeypatch, errno.ELOOP, lambda count: True)
        with pytest.raises(PublishingFailed, match="^Filerna kunde inte sparas. Inget har publicerats.$"):
            publish(store, draft_id, permit=permits.operator("publish"), note="")

    def test_that_takes_something_else_than_it_was_given_is_found_out_before_anybody_is_told(self, store):
        draft_id = checked(store, "ett")
        real = durable.copy

        def losing_a_bit(source: Path, target: Path) -> None:
            real(source, target)
            flip_a_bit(target)

        with pytest.MonkeyPatch.context() as patched:
            patched.setattr(durable, "copy", losing_a_bit)
            failed = attempt(store, draft_id)
        assert str(failed) == "Disken gav inte tillbaka det som skrevs på den. Inget har publicerats."
        assert store.numbers() == [0]
        assert attempt(store, draft_id).version == 1
        assert said(store, store.whole(1).manifest) == {"ett"}

    def test_without_links_publishes_too(self, store, monkeypatch):
        def without_links(*_: object) -> None:
            raise OSError(errno.EPERM, os.strerror(errno.EPERM))

        monkeypatch.setattr(os, "link", without_links)
        for text in ("ett", "två"):
            published(store, text)
        assert [text_of(store, each) for each in chain(store)] == ["the first", "ett", "två"]
        with pytest.raises(BaseMoved, match="Version 2 har publicerats under tiden"):
            publish(store, checked(store, "tre", base=1), permit=permits.operator("publish"), note="")

    def test_without_links_that_fails_while_the_manifest_is_written_leaves_none(self, store):
        draft_id = checked(store, "ett")

        with pytest.MonkeyPatch.context() as patched:

            def without_links(*_: object) -> None:
                Faults(patched, errno.ENOSPC, lambda count: count == 2)
                raise OSError(errno.EPERM, os.strerror(errno.EPERM))

            patched.setattr(os, "link", without_links)
            assert str(attempt(store, draft_id)) == "Disken är full. Inget har publicerats."
        assert store.numbers() == [0]
        assert attempt(store, draft_id).version == 1


def attempt(store: Store, draft_id: str | None) -> Manifest | PublishingFailed:
    """Publish a draft, or undo when there is none; what came of it."""
    try:
        if draft_id is None:
            return publishing.undo(store, permit=permits.operator("undo"))
        return publish(store, draft_id, permit=permits.operator("publish"), note="")
    except PublishingFailed as failed:
        return failed


class TestFlippedBit:
    def test_in_any_file_of_a_version_is_found_and_the_version_before_is_told_to_be_shown(self, store):
        for text in ("ett", "två"):
            published(store, text)
        manifest = store.manifest(2)
        exports = store.folders[-1]
        files = {exports / "manifests" / "000002.json": "000002.json"}
        for kind, tables in (("files", manifest.tables), ("private", manifest.private)):
            # A table that the version shares with the embedded one is still whole there.
            files |= {
                exports / kind / each.file: each.file for name, each in tables.items() if name != "units"
            }
        assert len(files) == 4
        for path, name in files.items():
            whole = path.read_bytes()
            flip_a_bit(path)
            found = store.newest_whole()
            assert (found.manifest.version, said(store, found.manifest)) == (1, {"ett"})
            assert found.broken == (
                f"Version 2 kan inte läsas: filen {name} har ändrats sedan den publicerades. Version 1 visas.",
            )
            with pytest.raises(BrokenVersion, match=f"^Filen {name} har ändrats sedan den publicerades.$"):
                store.whole(2)
            path.write_bytes(whole)
            assert store.newest_whole().manifest == manifest

    def test_at_any_place_of_a_manifest_is_found_or_changes_nothing(self, store):
        manifest = published(store, "ett")
        path = store.folders[-1] / "manifests" / "000001.json"
        whole = path.read_bytes()
        for place in range(len(whole)):
            path.write_bytes(whole[:place] + bytes([whole[place] ^ 1 << place % 8]) + whole[place + 1 :])
            found = store.newest_whole()
            assert found.manifest == manifest or (found.manifest.version, len(found.broken)) == (0, 1)

    def test_of_a_table_that_two_folders_have_is_read_from_the_whole_one(self, store):
        manifest = published(store, "ett")
        for folder in store.folders:
            path = folder / "files" / manifest.tables["units"].file
            whole = path.read_bytes()
            flip_a_bit(path)
            assert store.newest_whole().manifest == manifest
            path.write_bytes(whole)


class TestFolder:
    """What is opened here is the real version 0, and a version 1 that shares all but one table with it."""

    @pytest.fixture
    def real(self, tmp_path: Path) -> Store:
        store = real_version(tmp_path)
        publish(store, checked_goal(store), permit=permits.operator("publish"), note="")
        return store

    def test_that_is_missing_or_empty_gives_the_embedded_version(self, tmp_path):
        store = real_version(tmp_path)
        assert Library(store).open().version == 0
        for part in ("", "manifests", "files"):
            (store.folders[-1] / part).mkdir()
            assert Library(store).open().version == 0

    def test_that_goes_away_while_the_site_is_up_is_told_of_and_noticed_when_it_is_back(self, real):
        library = Library(real)
        assert library.open().version == 1
        away = real.folders[-1].with_name("away")
        real.folders[-1].rename(away)
        opened = library.open()
        assert (opened.version, opened.broken) == (
            0,
            ("Version 1 kan inte läsas: filen 000001.json saknas. Version 0 visas.",),
        )
        away.rename(real.folders[-1])
        assert (library.open().version, library.open().broken) == (1, ())

    def test_copied_elsewhere_by_a_backup_is_the_same_versions(self, real, tmp_path):
        shutil.copytree(real.folders[-1], tmp_path / "elsewhere" / "exports")
        copied = Store((tmp_path / "elsewhere" / "exports",))
        opened = Library(copied).open()
        assert opened.manifest == real.manifest(1)
        assert len(opened.rows("units", municipality_id="0125")) > 0

    def test_that_cannot_be_listed_is_not_taken_for_an_empty_one(self, real, monkeypatch):
        folder = real.folders[-1] / "manifests"
        listed = Path.iterdir

        def refused(path: Path) -> Iterator[Path]:
            if path == folder:
                raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
            return listed(path)

        library = Library(real)
        with pytest.MonkeyPatch.context() as patched:
            patched.setattr(Path, "iterdir", refused)
            with pytest.raises(BrokenVersion, match="Mappen exports/manifests kan inte läsas"):
                library.open()
        assert library.open().version == 1

    @pytest.mark.parametrize("damage", ["flipped", "missing", "linked away", "unreadable", "a folder"])
    def test_with_a_damaged_file_gives_the_version_before_until_it_is_mended(self, real, tmp_path, damage):
        library = Library(real)
        manifest = library.open().manifest
        name = manifest.tables["goals"].file
        path, kept = real.folders[-1] / "files" / name, tmp_path / "kept.parquet"
        shutil.copy(path, kept)
        with pytest.MonkeyPatch.context() as patched:
            said_of = damaged(path, kept, damage, patched)
            for _ in range(2):
                opened = library.open()
                assert (opened.version, opened.broken) == (
                    0,
                    (f"Version 1 kan inte läsas: filen {name} {said_of}. Version 0 visas.",),
                )
                assert len(opened.rows("units", municipality_id="0125")) > 0
            with pytest.raises(BrokenVersion, match=f"^Filen {name} {said_of}.$"):
                library.open(1)
        if path.is_dir():
            path.rmdir()
        path.unlink(missing_ok=True)
        shutil.copy(kept, path)
        assert (library.open().manifest, library.open().broken) == (manifest, ())


def damaged(path: Path, kept: Path, damage: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """Damage a file; what is said of it."""
    if damage == "flipped":
        flip_a_bit(path)
        return "har ändrats sedan den publicerades"
    if damage == "unreadable":
        real = durable.sha256_of

        def unreadable(asked: Path | str) -> str:
            if Path(asked) == path:
                raise OSError(errno.EIO, os.strerror(errno.EIO))
            return real(asked)

        monkeypatch.setattr(durable, "sha256_of", unreadable)
        return "kan inte läsas"
    path.unlink()
    if damage == "linked away":
        try:
            path.symlink_to(kept)
        except OSError:
            pytest.skip("This system makes no symbolic links.")
        return "kan inte läsas"
    if damage == "a folder":
        path.mkdir()
        return "kan inte läsas"
    return "saknas"

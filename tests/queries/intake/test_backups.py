"""Backups: whole although somebody publishes, back byte for byte, and never more than the folder of versions."""

from __future__ import annotations

import io
import stat
import tarfile
import threading
from pathlib import Path

import pytest

from queries import audit, permits
from queries.connection import Library
from queries.intake import publishing
from queries.intake.backups import NotRestored, backup, restore_backup
from queries.intake.upkeep import backup as backup_command
from queries.versions import Store
from tests.queries.intake.small_versions import (
    checked,
    checked_goal,
    first_version,
    flip_a_bit,
    published,
    real_version,
    said,
)

EVENT = audit.Event("published", "analytiker", "0123456789ab", "publish", "0125", 1)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """Two versions, a log, a sign-in that has been ended, and a draft that nobody has published."""
    store = first_version(tmp_path)
    published(store, "ett")
    published(store, "två")
    audit.written(store, EVENT)
    ended = store.folders[-1] / "access" / "session-0123"
    ended.parent.mkdir(0o700)
    ended.write_bytes(b"")
    checked(store, "utkast")
    return store


def elsewhere(store: Store, folder: Path) -> Store:
    """The same program with an empty folder for published versions."""
    return Store((*store.folders[:-1], folder))


def content(folder: Path) -> dict[str, bytes]:
    """What is kept of a folder: drafts and locks are not."""
    paths = (path for path in folder.rglob("*") if path.is_file())
    relative = ((path.relative_to(folder), path) for path in paths)
    return {
        name.as_posix(): path.read_bytes()
        for name, path in relative
        if name.parts[0] != "drafts" and not any(part.startswith(".") for part in name.parts)
    }


def tar_of(path: Path, *members: tuple[tarfile.TarInfo, bytes]) -> Path:
    with tarfile.open(path, "w") as tar:
        for member, text in members:
            member.size = len(text)
            tar.addfile(member, io.BytesIO(text))
    return path


def member(name: str, kind: bytes = tarfile.REGTYPE, target: str = "") -> tarfile.TarInfo:
    told = tarfile.TarInfo(name)
    told.type, told.linkname = kind, target
    return told


class TestRestore:
    def test_into_an_empty_folder_gives_every_byte_back(self, store, tmp_path):
        backup(store, tmp_path / "b.tar")
        again = elsewhere(store, tmp_path / "annan")
        found = restore_backup(tmp_path / "b.tar", again)
        assert (found.count_versions, found.faults) == (3, ())
        assert found.count_events == len(audit.events(store))
        assert content(tmp_path / "annan") == content(store.folders[-1])
        assert said(again, again.newest_whole().manifest) == {"två"}
        assert audit.events(again) == audit.events(store)

    def test_keeps_what_is_private_to_its_owner(self, store, tmp_path):
        backup(store, tmp_path / "b.tar")
        restore_backup(tmp_path / "b.tar", elsewhere(store, tmp_path / "annan"))
        modes = {
            path.name: stat.S_IMODE(path.stat().st_mode)
            for path in (tmp_path / "annan").iterdir()
            if path.is_dir()
        }
        assert {name for name, mode in modes.items() if mode & 0o077} <= {"files", "manifests"}
        assert {"private", "originals", "audit", "access"} <= modes.keys()
        assert stat.S_IMODE((tmp_path / "b.tar").stat().st_mode) == 0o600

    def test_gives_a_version_that_can_be_asked(self, tmp_path):
        store = real_version(tmp_path)
        permit = permits.operator("publish")
        publishing.publish(store, checked_goal(store), permit=permit, note="")
        backup(store, tmp_path / "b.tar")
        again = elsewhere(store, tmp_path / "annan")
        restore_backup(tmp_path / "b.tar", again)
        assert Library(again).open().version == 1

    def test_over_what_is_there_is_done_only_when_told_and_moves_it_aside(self, store, tmp_path):
        backup(store, tmp_path / "b.tar")
        before = content(store.folders[-1])
        published(store, "tre")
        with pytest.raises(NotRestored, match="inte tom"):
            restore_backup(tmp_path / "b.tar", store)
        assert store.newest_whole().manifest.version == 3
        restore_backup(tmp_path / "b.tar", store, replace=True)
        assert content(store.folders[-1]) == before
        (aside,) = store.folders[-1].glob(".before-*")
        assert (aside / "manifests" / "000003.json").is_file()

    @pytest.mark.parametrize("place", [0.1, 0.7])
    def test_of_a_backup_with_a_changed_bit_or_an_end_too_soon_leaves_nothing(self, store, tmp_path, place):
        path = tmp_path / "b.tar"
        backup(store, path)
        whole = path.read_bytes()
        again = elsewhere(store, tmp_path / "annan")
        path.write_bytes(whole[: int(len(whole) * place)])
        with pytest.raises(NotRestored):
            restore_backup(path, again)
        with tarfile.open(fileobj=io.BytesIO(whole)) as tar:
            first = next(each for each in tar if each.name.startswith("files/"))
        changed = bytearray(whole)
        changed[first.offset_data] ^= 1
        path.write_bytes(changed)
        with pytest.raises(NotRestored, match="har ändrats"):
            restore_backup(path, again)
        assert content(tmp_path / "annan") == {}

    @pytest.mark.parametrize(
        "hostile",
        [
            member("../utanför"),
            member("files/../../utanför"),
            member("/etc/cron.d/x"),
            member("files/.tmp-x"),
            member("fil-utan-mapp"),
            member("files/länk", tarfile.SYMTYPE, "/etc/passwd"),
            member("files/länk", tarfile.LNKTYPE, "manifests/000000.json"),
            member("files/enhet", tarfile.CHRTYPE),
            member("files/rör", tarfile.FIFOTYPE),
            member("files", tarfile.DIRTYPE),
        ],
        ids=lambda each: each.name.replace("/", "·"),
    )
    def test_of_anything_but_files_of_a_backup_is_refused(self, store, tmp_path, hostile):
        path = tar_of(tmp_path / "b.tar", (hostile, b""))
        with pytest.raises(NotRestored):
            restore_backup(path, elsewhere(store, tmp_path / "annan"))
        assert content(tmp_path / "annan") == {}
        assert not (tmp_path / "utanför").exists()

    def test_of_a_packed_tar_is_refused_before_it_is_unpacked(self, store, tmp_path):
        with tarfile.open(tmp_path / "b.tar", "w:gz") as tar:
            tar.addfile(member("files/x"), io.BytesIO(b""))
        with pytest.raises(NotRestored, match="ingen hel säkerhetskopia"):
            restore_backup(tmp_path / "b.tar", elsewhere(store, tmp_path / "annan"))


class TestBackup:
    def test_is_whole_whatever_is_published_meanwhile(self, store, tmp_path):
        is_done = threading.Event()

        def publish_on() -> None:
            for number in range(12):
                published(store, f"samtidigt {number}")
                audit.written(store, EVENT)
            is_done.set()

        writer = threading.Thread(target=publish_on)
        writer.start()
        taken = []
        while not is_done.is_set() or not taken:
            taken.append(backup(store, tmp_path / f"{len(taken)}.tar"))
        writer.join()
        for number, kept in enumerate(taken):
            again = elsewhere(store, tmp_path / f"annan-{number}")
            found = restore_backup(kept.path, again)
            assert found.faults == ()
            assert again.newest_whole().manifest.version == max(kept.versions)
        assert len({kept.versions for kept in taken}) > 1

    def test_leaves_out_drafts_and_a_line_of_the_log_that_is_not_finished(self, store, tmp_path):
        (month,) = audit.months(store)
        with month.open("ab") as file:
            file.write(b'{"hash":"0123')
        backup(store, tmp_path / "b.tar")
        restore_backup(tmp_path / "b.tar", elsewhere(store, tmp_path / "annan"))
        assert not (tmp_path / "annan" / "drafts").exists()
        assert (tmp_path / "annan" / "audit" / month.name).read_bytes().endswith(b"\n")

    def test_never_takes_the_place_of_another(self, store, tmp_path):
        backup(store, tmp_path / "b.tar")
        with pytest.raises(FileExistsError):
            backup(store, tmp_path / "b.tar")

    def test_of_what_is_broken_is_made_and_says_so(self, store, tmp_path, monkeypatch, capsys):
        from argparse import Namespace

        from queries.intake import upkeep

        flip_a_bit(next((store.folders[-1] / "originals").iterdir()))
        monkeypatch.setattr(upkeep, "Store", lambda: store)
        assert backup_command(Namespace(file=str(tmp_path / "b.tar"), json=False)) == 5
        assert "originalet" in capsys.readouterr().out
        assert (tmp_path / "b.tar").is_file()

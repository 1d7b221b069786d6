"""Files that are whole or not there, and checksums that are remembered just as long as they are true."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from queries import durable


@pytest.fixture(autouse=True)
def nothing_known(monkeypatch: pytest.MonkeyPatch) -> None:
    """Checksums that other tests left behind do not count."""
    monkeypatch.setattr(durable, "_known", {})
    monkeypatch.setattr(durable, "_asked", set())


@pytest.fixture
def hashed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The files that are read for their checksum, in order."""
    read: list[str] = []
    real = durable.sha256_of

    def noting(path: Path | str) -> str:
        read.append(Path(path).name)
        return real(path)

    monkeypatch.setattr(durable, "sha256_of", noting)
    return read


@pytest.fixture
def settled(monkeypatch: pytest.MonkeyPatch) -> None:
    """Files count as long unchanged from the start."""
    monkeypatch.setattr(durable, "SETTLED_NS", -1)


@pytest.fixture
def unchanged(monkeypatch: pytest.MonkeyPatch, settled: None) -> None:
    """Files look unchanged from outside whatever happens to them, as on a disk that loses a bit."""
    monkeypatch.setattr(durable, "stamp", lambda path: durable.Stamp(os.lstat(path).st_ino, 0, 0, 0))


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "a.parquet"
    path.write_text("one", encoding="utf-8")
    return path


class TestDigest:
    def test_is_worked_out_once(self, file, hashed, settled):
        assert durable.digest_of(str(file)) == durable.digest_of(str(file))
        assert hashed == ["a.parquet"]

    def test_is_worked_out_each_time_while_the_file_is_so_new_that_a_change_could_hide(self, file, hashed):
        durable.digest_of(str(file))
        durable.digest_of(str(file))
        assert hashed == ["a.parquet"] * 2

    def test_is_another_when_the_file_is_another_also_with_its_old_time(self, file, settled):
        before, times = durable.digest_of(str(file)), file.stat()
        file.write_text("two", encoding="utf-8")
        os.utime(file, ns=(times.st_atime_ns, times.st_mtime_ns))
        assert durable.digest_of(str(file)) != before

    def test_of_a_link_is_refused(self, file):
        link = file.with_name("link.parquet")
        try:
            link.symlink_to(file)
        except OSError:
            pytest.skip("This system makes no symbolic links.")
        with pytest.raises(OSError, match="Not a file of its own"):
            durable.digest_of(str(link))


class TestRecheck:
    def test_finds_what_no_time_tells(self, file, unchanged):
        before = durable.digest_of(str(file))
        file.write_text("two", encoding="utf-8")
        assert durable.digest_of(str(file)) == before
        durable.recheck()
        assert durable.digest_of(str(file)) == durable.sha256_of(file) != before

    def test_reads_only_what_was_asked_for_since_the_last_time(self, file, hashed, unchanged):
        durable.digest_of(str(file))
        durable.recheck()
        assert hashed.count("a.parquet") == 2
        durable.recheck()
        assert hashed.count("a.parquet") == 2
        durable.digest_of(str(file))
        assert hashed.count("a.parquet") == 3

    def test_passes_over_a_file_that_is_gone(self, file, unchanged):
        durable.digest_of(str(file))
        file.unlink()
        durable.recheck()
        with pytest.raises(FileNotFoundError):
            durable.digest_of(str(file))


class TestCreate:
    def test_takes_a_name_once(self, tmp_path):
        durable.create(tmp_path / "1", b"one")
        with pytest.raises(FileExistsError):
            durable.create(tmp_path / "1", b"two")
        assert [path.read_bytes() for path in tmp_path.iterdir()] == [b"one"]

    def test_takes_a_name_once_also_where_there_are_no_links(self, tmp_path, monkeypatch):
        def without_links(*_: object) -> None:
            raise OSError(errno.EPERM, os.strerror(errno.EPERM))

        monkeypatch.setattr(os, "link", without_links)
        durable.create(tmp_path / "1", b"one")
        with pytest.raises(FileExistsError):
            durable.create(tmp_path / "1", b"two")
        assert [path.read_bytes() for path in tmp_path.iterdir()] == [b"one"]

    def test_counts_from_the_moment_the_name_is_there_whatever_the_disk_says_afterwards(
        self, tmp_path, monkeypatch
    ):
        def failing(folder: Path) -> None:
            raise OSError(errno.EIO, os.strerror(errno.EIO))

        monkeypatch.setattr(durable, "sync_folder", failing)
        durable.create(tmp_path / "1", b"one")
        assert (tmp_path / "1").read_bytes() == b"one"


class TestCopy:
    def test_replaces_what_is_broken_and_keeps_what_it_copies(self, file):
        target = file.with_name("b.parquet")
        target.write_text("broken", encoding="utf-8")
        durable.copy(file, target)
        assert (file.read_text(encoding="utf-8"), target.read_text(encoding="utf-8")) == ("one", "one")

    def test_that_fails_leaves_what_stood_there(self, file, monkeypatch):
        target = file.with_name("b.parquet")
        target.write_text("two", encoding="utf-8")

        def full(handle: int) -> None:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

        monkeypatch.setattr(os, "fsync", full)
        with pytest.raises(OSError, match=os.strerror(errno.ENOSPC)):
            durable.copy(file, target)
        assert {path.name: path.read_text(encoding="utf-8") for path in file.parent.iterdir()} == {
            "a.parquet": "one",
            "b.parquet": "two",
        }

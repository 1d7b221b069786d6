"""The log of who did what: one line an event, a chain that tells what was changed, and no line lost or forged."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
from pathlib import Path

import pytest

from queries import audit, clock
from queries.audit import Event
from queries.versions import Store

ROOT = Path(__file__).resolve().parents[2]
PUBLISHED = Event("published", "analytiker", "0123456789ab", "Slutbetyg", "0125", 3)
HOSTILE = (
    "rad\nett",
    "rad\r\nett",
    "\u2028\u2029\x85",
    "\x1b[2J\x1b[31mrött",
    '"}\n{"hash":"' + "0" * 64 + '"',
    "\x00",
    "\udcff",
    "\u202egnp.exe",
)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store((tmp_path / "sample", tmp_path / "exports"))


@pytest.fixture
def month(monkeypatch):
    """Let the clock say a moment: month("2026-01-31")."""
    return lambda day: monkeypatch.setattr(clock, "now", lambda: f"{day}T12:00:00+00:00")


def lines(store: Store) -> list[bytes]:
    return [line for path in audit.months(store) for line in path.read_bytes().splitlines()]


def write(store: Store, count: int) -> None:
    for number in range(count):
        audit.written(store, Event("exported", "politiker", "ab" * 6, f"mal-{number}.csv"))


class TestWritten:
    def test_event_is_read_back_as_it_was_newest_first(self, store):
        write(store, 2)
        audit.written(store, PUBLISHED)
        newest, *older = audit.events(store)
        assert (newest.event, newest.number) == (PUBLISHED, 3)
        assert [entry.event.what for entry in older] == ["mal-1.csv", "mal-0.csv"]
        assert newest.at.endswith("+00:00")

    def test_events_are_picked_by_kind_and_cut_to_the_newest(self, store):
        write(store, 3)
        audit.written(store, PUBLISHED)
        assert [entry.event for entry in audit.events(store, kinds=("published",))] == [PUBLISHED]
        assert [entry.number for entry in audit.events(store, at_most=2)] == [4, 3]

    def test_word_of_a_kind_inside_a_text_is_not_that_kind(self, store):
        audit.written(store, Event("exported", "politiker", "", '"kind":"published"'))
        assert audit.events(store, kinds=("published",)) == []

    @pytest.mark.parametrize("text", HOSTILE)
    def test_asvs_16_4_1_text_never_makes_a_second_line_nor_colours_one(self, store, text):
        audit.written(store, Event("refused", text, text, text, text))
        (line,) = lines(store)
        assert line.isascii() and line.decode().isprintable()
        assert audit.events(store)[0].event == Event("refused", text, text, text, text)
        assert audit.state(store).fault == ""

    def test_long_text_is_cut(self, store):
        audit.written(store, Event("refused", "anonym", "", "a" * 5000))
        assert len(audit.events(store)[0].event.what) == audit.LONGEST_TEXT

    def test_unknown_kind_is_refused(self, store):
        with pytest.raises(ValueError):
            audit.written(store, Event("visited", "politiker", ""))
        assert lines(store) == []

    def test_only_the_owner_may_open_the_folder(self, store):
        write(store, 1)
        if os.name != "posix":
            pytest.skip("Windows keeps rights otherwise.")
        assert (store.folders[-1] / audit.FOLDER).stat().st_mode & 0o077 == 0

    def test_each_month_has_a_file_and_the_chain_goes_on(self, store, month):
        for day in ("2026-01-31", "2026-02-01", "2026-02-28"):
            month(day)
            write(store, 1)
        assert [path.name for path in audit.months(store)] == ["2026-01.jsonl", "2026-02.jsonl"]
        assert (audit.state(store).newest, audit.state(store).fault) == (3, "")

    def test_clock_set_back_does_not_put_a_line_before_those_that_are_there(self, store, month):
        for day in ("2026-02-01", "2026-01-31"):
            month(day)
            write(store, 1)
        assert [path.name for path in audit.months(store)] == ["2026-02.jsonl"]
        assert audit.state(store).fault == ""


PROCESS = """
import sys
from pathlib import Path
from queries import audit
from queries.versions import Store
print("ready", flush=True)
sys.stdin.readline()
for number in range(int(sys.argv[2])):
    audit.written(Store((Path(sys.argv[1]),)), audit.Event("exported", "politiker", sys.argv[3], str(number)))
"""


def process(store: Store, count: int, name: str) -> subprocess.Popen:
    command = [sys.executable, "-c", PROCESS, str(store.folders[-1]), str(count), name]
    return subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE)


def let_go(processes: list[subprocess.Popen]) -> None:
    for each in processes:
        each.stdout.readline()
    for each in processes:
        each.stdin.write(b"\n")
        each.stdin.flush()


class TestSeveralProcesses:
    def test_lose_no_line_and_make_one_chain(self, store):
        processes = [process(store, 40, name) for name in ("a", "b", "c")]
        let_go(processes)
        assert [each.wait(60) for each in processes] == [0, 0, 0]
        found = [(entry.event.pseudonym, int(entry.event.what)) for entry in audit.events(store)]
        assert sorted(found) == [(name, number) for name in "abc" for number in range(40)]
        assert audit.state(store).fault == "" and audit.state(store).newest == 120

    def test_killed_one_leaves_no_lock_and_no_broken_chain(self, store):
        killed = process(store, 1_000_000, "a")
        let_go([killed])
        while not audit.events(store):
            assert killed.poll() is None
        killed.kill()
        killed.wait()
        write(store, 1)
        told = audit.state(store)
        assert told.fault == "" and told.newest == len(audit.events(store))


class TestChain:
    def test_of_no_events_holds(self, store):
        assert audit.state(store) == audit.State()

    def test_half_a_line_of_a_crash_is_told_and_the_next_event_goes_on(self, store):
        write(store, 2)
        (path,) = audit.months(store)
        whole = path.read_bytes()
        path.write_bytes(whole + whole.splitlines()[-1][:50])
        assert (audit.state(store).broken_off, audit.state(store).fault) == (1, "")
        write(store, 1)
        told = audit.state(store)
        assert (told.newest, told.broken_off, told.fault) == (3, 1, "")
        assert len(audit.events(store)) == 3

    def test_full_disk_writes_nothing_and_says_so(self, store, monkeypatch):
        write(store, 1)
        before = lines(store)

        def full(_):
            raise OSError(28, "No space left on device")

        monkeypatch.setattr(audit.os, "fsync", full)
        with pytest.raises(OSError):
            write(store, 1)
        monkeypatch.undo()
        assert lines(store) == before
        write(store, 1)
        assert audit.state(store) == audit.State(1, 2, audit.events(store)[0].hash)

    def test_line_taken_out_of_the_middle_is_found(self, store):
        write(store, 5)
        (path,) = audit.months(store)
        kept = path.read_bytes().splitlines(keepends=True)
        path.write_bytes(b"".join(kept[:2] + kept[3:]))
        assert "rad 3 i" in audit.state(store).fault

    def test_lines_that_change_places_are_found(self, store):
        write(store, 4)
        (path,) = audit.months(store)
        first, second, third, fourth = path.read_bytes().splitlines(keepends=True)
        path.write_bytes(first + third + second + fourth)
        assert "rad 2 i" in audit.state(store).fault

    def test_changed_line_is_found_also_with_a_hash_of_its_own(self, store):
        write(store, 3)
        (path,) = audit.months(store)
        first, second, third = path.read_bytes().splitlines(keepends=True)
        told = {**json.loads(second), "role": "analytiker"}
        forged = audit._line(
            Event(**{name: told[name] for name in Event.__annotations__}), told["at"], told["previous"], 1
        )[0]
        path.write_bytes(first + second.replace(b"politiker", b"analytiker") + third)
        assert "rad 2 i" in audit.state(store).fault
        path.write_bytes(first + forged + b"\n" + third)
        assert "rad 3 i" in audit.state(store).fault

    def test_lost_month_in_the_middle_is_found_and_a_lost_first_one_is_told(self, store, month):
        for day in ("2026-01-01", "2026-02-01", "2026-03-01"):
            month(day)
            write(store, 2)
        january, february, _ = audit.months(store)
        january.unlink()
        assert (audit.state(store).first, audit.state(store).fault) == (3, "")
        write(store, 1)
        february.rename(january)
        assert audit.state(store).fault == ""
        january.unlink()
        audit.months(store)[-1].rename(january)
        assert audit.state(store).first == 5

    def test_every_flipped_bit_is_told(self, store):
        write(store, 6)
        (path,) = audit.months(store)
        whole = path.read_bytes()
        chance = random.Random(7)
        for _ in range(200):
            place, bit = chance.randrange(len(whole)), 1 << chance.randrange(8)
            path.write_bytes(whole[:place] + bytes([whole[place] ^ bit]) + whole[place + 1 :])
            told = audit.state(store)
            assert told.fault or told.broken_off, (place, bit)
        path.write_bytes(whole)
        assert audit.state(store).fault == ""

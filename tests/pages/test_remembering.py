"""What is worked out of a version once: shared while the version is open, done anew for another choice, version or day."""

from __future__ import annotations

import gc
import weakref
from datetime import date

import pytest

from pages.parts import remembering
from pages.parts.remembering import once_a_day
from queries import clock


class Version:
    """What stands for an opened version: it can be held weakly."""


@pytest.fixture
def done() -> list[tuple[object, ...]]:
    return []


@pytest.fixture
def work(done: list[tuple[object, ...]]):
    @once_a_day
    def told(opened: Version, *choices: object) -> object:
        done.append(choices)
        return object()

    return told


def test_the_same_choices_are_worked_out_once_for_a_version(work, done):
    one, other = Version(), Version()
    assert work(one, "a") is work(one, "a")
    assert work(one, "b") is not work(one, "a")
    assert work(other, "a") is not work(one, "a")
    assert done == [("a",), ("b",), ("a",)]


def test_a_new_day_is_worked_out_anew(work, done, monkeypatch: pytest.MonkeyPatch):
    version = Version()
    for day in (1, 1, 2):
        monkeypatch.setattr(clock, "today", lambda day=day: date(2026, 1, day))
        work(version)
    assert len(done) == 2


def test_the_oldest_is_forgotten_when_there_are_too_many(work, done, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(remembering, "KEPT", 2)
    version = Version()
    for choice in "abca":
        work(version, choice)
    assert len(done) == 4


def test_a_version_is_not_kept_open_by_what_was_worked_out_of_it(work):
    version = Version()
    work(version)
    seen = weakref.ref(version)
    del version
    gc.collect()
    assert seen() is None

"""One flipped bit anywhere in what was published is found, and never shown."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from queries import audit
from queries.intake import culling
from queries.intake.verifying import verified
from queries.versions import Store
from tests.queries.intake.small_versions import first_version, published, said

FLIPS = 100
KINDS = {"manifests", "files", "private", "originals", "audit", "culled"}


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    """Three versions with originals, a log of some events, and a protocol of something removed."""
    store = first_version(tmp_path_factory.mktemp("verifying"))
    for number in range(3):
        published(store, f"nummer {number}")
        audit.written(store, audit.Event("published", "analytiker", "0123456789ab", version=number))
    culling.protocol(store, culling.Due((), (), ("2020-01",), ()), "Plan 2026")
    return store


def kept(store: Store) -> list[Path]:
    paths = (path for path in store.folders[-1].rglob("*") if path.is_file())
    return sorted(path for path in paths if path.parent.name in KINDS and not path.name.startswith("."))


def test_what_nobody_has_touched_is_whole(store):
    found = verified(store)
    assert (found.count_versions, found.faults, found.notices) == (4, (), ())
    assert found.count_events == len(audit.events(store)) >= 3
    assert {path.parent.name for path in kept(store)} == KINDS


def test_a_flipped_bit_is_found_in_every_kind_of_file_and_never_shown(store):
    chance = random.Random(7)
    paths = kept(store)
    # Every file once, then any.
    chosen = [*paths, *(chance.choice(paths) for _ in range(FLIPS - len(paths)))]
    unseen = []
    for path in chosen:
        content = path.read_bytes()
        place = chance.randrange(8 * len(content))
        changed = bytearray(content)
        changed[place // 8] ^= 1 << place % 8
        path.write_bytes(changed)
        found = verified(store)
        shown = store.newest_whole().manifest
        if not (found.faults or found.notices):
            unseen.append((path.name, place))
        assert said(store, shown) <= {f"nummer {number}" for number in range(3)} | {"the first"}
        path.write_bytes(content)
    assert unseen == []
    assert verified(store).faults == ()


def test_a_file_that_is_gone_is_found(store):
    for path in kept(store):
        if path.parent.name in ("audit", "culled"):
            continue
        aside = path.rename(path.with_suffix(".aside"))
        found = verified(store)
        aside.rename(path)
        # A manifest in the middle is only missed by its number.
        assert found.faults or path.parent.name == "manifests", path.name

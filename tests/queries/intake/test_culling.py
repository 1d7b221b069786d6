"""Gallring: nothing without a decision, nothing that is still needed, and a protocol of everything else."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from queries import audit, clock, connection, permits, versions
from queries.intake import backups, publishing
from queries.intake.culling import Due, NotCulled, cull, due
from queries.intake.verifying import verified
from queries.versions import BrokenVersion, CulledVersion, Store
from tests.queries.intake.small_versions import first_version, flip_a_bit, published, said

NOTHING = Due((), (), (), ())
RULE = "Dokumenthanteringsplan 2026, KS 2026:12"
Keep = Callable[..., None]


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Store:
    """Version 1 of 2026, 2 of 2028 and 3 of 2030, each with an original and an event."""
    store = first_version(tmp_path)
    for year in (2026, 2028, 2030):
        monkeypatch.setattr(clock, "now", lambda year=year: f"{year}-05-01T12:00:00+00:00")
        published(store, f"år {year}")
        audit.written(store, audit.Event("exported", "politiker", "0123456789ab"))
    return store


@pytest.fixture
def keep(data_copy: Path) -> Keep:
    """Set how long things are kept: keep(decision=RULE, versions_years=1)."""

    def set_to(**rules: str | int) -> None:
        text = (data_copy / "settings.toml").read_text(encoding="utf-8")
        for name, value in rules.items():
            text, count = re.subn(
                rf"^{name} = .*$", f"{name} = {json.dumps(value)}", text, flags=re.MULTILINE
            )
            assert count == 1
        (data_copy / "settings.toml").write_text(text, encoding="utf-8")

    return set_to


def below(store: Store, kind: str) -> set[str]:
    return {path.name for path in (store.folders[-1] / kind).iterdir() if not path.name.startswith(".")}


def test_everything_is_kept_for_good_until_somebody_decides(store):
    assert due(store, date(2126, 1, 1)) == NOTHING
    with pytest.raises(NotCulled, match="Beslutet"):
        cull(store, date(2126, 1, 1))


def test_nothing_is_removed_without_a_decision_that_has_a_name(store, keep):
    keep(versions_years=1, originals_years=1)
    before = {kind: below(store, kind) for kind in ("files", "private", "originals")}
    with pytest.raises(NotCulled):
        cull(store, date(2035, 1, 1))
    assert {kind: below(store, kind) for kind in before} == before


def test_a_version_is_old_when_it_has_not_been_the_one_shown_for_so_many_whole_years(store, keep):
    keep(versions_years=2)
    # Version 1 was shown until May 2028; the whole of 2029 and 2030 must have passed.
    assert due(store, date(2030, 12, 31)).versions == ()
    assert due(store, date(2031, 1, 1)).versions == (1,)


def test_the_newest_version_and_the_one_before_stay_whatever_their_age(store, keep):
    keep(versions_years=1)
    assert due(store, date(2130, 1, 1)).versions == (1,)


def test_a_removed_version_says_by_which_decision_and_the_others_are_whole(store, keep):
    keep(decision=RULE, versions_years=2)
    names = {table.file for table in store.manifest(1).tables.values()}
    found, protocol = cull(store, date(2031, 1, 1))
    assert found.versions == (1,)
    with pytest.raises(CulledVersion, match=rf"Den gallrades 2030-05-01 enligt ”{RULE}”\."):
        store.whole(1)
    # A table that did not change belongs to the versions that stay, too.
    assert below(store, "files") & names == {store.manifest(3).tables["units"].file}
    assert said(store, store.newest_whole().manifest) == {"år 2030"}
    assert store.whole(2).manifest.version == 2
    assert verified(store).faults == ()
    told = json.loads(protocol.read_text(encoding="utf-8"))
    assert (told["rule"], told["versions"], set(told["files"])) == (RULE, [1], set(found.files))
    assert "år 2026" not in protocol.read_text(encoding="utf-8")


def test_history_tells_calmly_of_a_removed_version_and_nothing_can_go_back_to_it(store, keep):
    keep(decision=RULE, versions_years=2)
    cull(store, date(2031, 1, 1))
    entry = next(entry for entry in publishing.history(store) if entry.version == 1)
    assert (entry.note, entry.summary) == ("", ("år 2026 är nytt.",))
    assert entry.broken.startswith("Den gallrades")
    with pytest.raises(BrokenVersion, match="gallrades"):
        publishing.restore(store, 1, permit=permits.operator("restore"))
    assert publishing.undo(store, permit=permits.operator("undo")).restores == 2


def test_an_original_goes_by_its_own_rule_and_its_version_stays(store, keep):
    keep(decision=RULE, originals_years=3)
    found, _ = cull(store, date(2030, 1, 1))
    assert (found.versions, found.originals) == ((), (1,))
    assert len(below(store, "originals")) == 2
    with pytest.raises(CulledVersion, match="Originalfilen gallrades"):
        publishing.original_path(store, 1)
    assert store.whole(1).manifest.original is not None
    entries = {entry.version: entry for entry in publishing.history(store)}
    assert (entries[1].broken, entries[2].culled) == ("", "")
    assert entries[1].culled.startswith("Originalfilen gallrades")
    assert verified(store).faults == ()


def test_an_original_that_a_younger_version_has_too_stays(store, keep, monkeypatch):
    keep(decision=RULE, originals_years=3)
    published(store, "år 2026")
    assert due(store, date(2030, 1, 1)).originals == (1,)
    assert due(store, date(2030, 1, 1)).files == ()


def test_old_months_of_the_log_go_and_the_chain_holds(store, keep):
    keep(decision=RULE, audit_years=3)
    assert due(store, date(2030, 1, 1)).months == ("2026-05",)
    cull(store, date(2030, 1, 1))
    assert [path.stem for path in audit.months(store)] == ["2028-05", "2030-05"]
    assert audit.state(store).fault == ""
    audit.written(store, audit.Event("culled", "analytiker", ""))
    assert audit.state(store).fault == ""


def test_the_newest_month_of_the_log_stays_whatever_its_age(store, keep):
    keep(decision=RULE, audit_years=1)
    cull(store, date(2130, 1, 1))
    assert [path.stem for path in audit.months(store)] == ["2030-05"]


def test_done_again_there_is_nothing_left_to_do(store, keep):
    keep(decision=RULE, versions_years=2, originals_years=2, audit_years=2)
    cull(store, date(2031, 1, 1))
    assert cull(store, date(2031, 1, 1)) == (NOTHING, None)
    assert len(below(store, "culled")) == 1


def test_what_a_crash_left_goes_the_next_time(store, keep, monkeypatch):
    keep(decision=RULE, versions_years=2)
    with monkeypatch.context() as crash:
        crash.setattr(Path, "unlink", lambda *_, **__: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            cull(store, date(2031, 1, 1))
    with pytest.raises(CulledVersion):
        store.whole(1)
    found, _ = cull(store, date(2031, 1, 1))
    assert found.versions == () and found.files
    assert due(store, date(2031, 1, 1)) == NOTHING


def test_nothing_is_removed_while_a_version_cannot_be_read(store, keep):
    keep(decision=RULE, versions_years=2)
    flip_a_bit(store.folders[-1] / "manifests" / "000002.json")
    with pytest.raises(NotCulled, match="återställd ur en säkerhetskopia"):
        cull(store, date(2031, 1, 1))


def test_a_restored_backup_knows_what_was_removed_before_it(store, keep, tmp_path):
    keep(decision=RULE, versions_years=2)
    cull(store, date(2031, 1, 1))
    backups.backup(store, tmp_path / "b.tar")
    again = Store((*store.folders[:-1], tmp_path / "annan"))
    assert backups.restore_backup(tmp_path / "b.tar", again).faults == ()
    with pytest.raises(CulledVersion):
        again.whole(1)


def test_rules_for_keeping_ship_without_a_decision():
    shipped = connection.settings()["retention"]
    assert shipped == {"decision": "", "originals_years": 0, "versions_years": 0, "audit_years": 0}
    assert versions.CULLED == "culled"

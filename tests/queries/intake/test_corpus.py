"""Every file of the corpus gets the verdict that a careful analyst would give it, and harms nothing on its way."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from queries.intake import checking, desk, worker
from queries.intake.model import tables
from queries.intake.outcome import sentence
from queries.intake.reading import Finding, Options, Refused
from queries.versions import EMBEDDED, Store, sha256_of
from tests.queries.intake.conftest import OpenBase
from tests.queries.intake.corpus import HOSTILE, Case, cases
from tests.queries.intake.exports import ACTIONS, EXPORTS, TEMPLATE, Export
from tests.queries.intake.small_versions import real_version

# What an analyst has said about a plan; the other readers need nothing.
OPTIONS = Options(
    date(2026, 11, 22),
    municipality_id="9901",
    year=2021,
    report_date="2021-12-31",
    report_name="Verksamhetsberättelse",
)
CASES = cases()
PUBLISHED = ("files", "private", "manifests")

Rows = dict[str, list[tuple]]


@dataclass(frozen=True)
class Seen:
    """What came of a file: verdict, findings, and its rows by table as the checks understood them."""

    verdict: str
    findings: Sequence[Finding]
    rows: Rows = field(default_factory=dict)

    @property
    def errors(self) -> list[Finding]:
        """The findings that stop it."""
        return [finding for finding in self.findings if finding.severity == "error"]


def see(content: bytes, name: str) -> Seen:
    """Read and check a file in this process, against version 0."""
    with TemporaryDirectory() as folder:
        (Path(folder) / "original").write_bytes(content)
        try:
            done = worker.checked(
                Path(folder), worker.Request(name, OPTIONS, Store((EMBEDDED, Path(folder))), 0)
            )
        except Refused as refused:
            return Seen("rejected", refused.findings)
        found = done.outcome
        if found.verdict == "needs":
            return Seen("needs", found.findings)
        passed = "warnings" if found.counts["warning"] else "accepted"
        seen = Seen("rejected" if found.counts["error"] else passed, found.findings, rows_of(done))
        done.connection.close()
        return seen


def rows_of(done: worker.Checked) -> Rows:
    """The typed rows of every table but the sources, sorted."""
    found = {}
    for staged in (each for each in done.reading.staged if each.table != "sources"):
        typed = checking.typed(staged)
        names = [row[0] for row in done.connection.execute(f"describe {typed}").fetchall()]
        columns = ", ".join(name for name in names if name in tables()[staged.table].columns)
        rows = done.connection.execute(f"select {columns} from {typed}").fetchall()
        found[staged.table] = sorted(rows, key=repr)
    return found


@cache
def rows_of_clean(export: Export) -> Rows:
    """The rows of an export as its system writes it."""
    return see(export.csv(), export.name).rows


def told(seen: Seen) -> str:
    """What the analyst would read, for a test that fails."""
    return "\n".join([seen.verdict, *(f"{each.severity}: {sentence(each)}" for each in seen.findings[:5])])


def digests(store: Store) -> dict[str, str]:
    """Every published file and its digest."""
    paths = [path for folder in store.folders for part in PUBLISHED for path in (folder / part).glob("*")]
    return {str(path): sha256_of(path) for path in paths}


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    """Version 0 in a folder of its own, and an empty folder for what is published later."""
    return real_version(tmp_path_factory.mktemp("store"))


@pytest.fixture
def version_0_once(open_version_0: OpenBase, monkeypatch: pytest.MonkeyPatch) -> None:
    """Hundreds of files are read beside the same version 0; the tests of the desk open it anew for each."""
    monkeypatch.setattr(worker, "open_base", open_version_0)


@pytest.fixture
def untouched(store: Store) -> Iterator[None]:
    """Fails the test when a published file has changed, come or gone."""
    before = digests(store)
    yield
    assert digests(store) == before


def through_the_desk(case: Case, store: Store, folder: Path) -> desk.Checked:
    """Hand a file in as page Data does: a process of its own opens it."""
    path = folder / "uploaded"
    path.write_bytes(case.content)
    return desk.check(path, case.name, store=store, options=OPTIONS)


def left_on_disk(store: Store, secret: bytes) -> list[str]:
    """The files that hold a secret, anywhere below the folder that is written to."""
    files = [path for path in store.folders[-1].rglob("*") if path.is_file()]
    return [path.name for path in files if secret in path.read_bytes()]


def test_corpus_has_enough_of_every_verdict():
    count = {verdict: sum(case.expected == verdict for case in CASES) for verdict in ("accepted", "rejected")}
    assert len({case.name for case in CASES}) == len(CASES) >= 120
    assert min(count.values()) >= 60


@pytest.mark.parametrize(
    "case", [case for case in CASES if not case.is_hostile], ids=lambda case: case.name[:60]
)
@pytest.mark.usefixtures("version_0_once")
class TestFile:
    def test_gets_the_verdict_it_deserves_and_a_message_that_leads_to_the_fault(self, case):
        seen = see(case.content, case.name)
        assert seen.verdict == case.expected, f"{case.why}\n{told(seen)}"
        assert bool(seen.errors) == (case.expected == "rejected")
        assert all(finding.expected for finding in seen.findings)
        pointed_at = seen.errors or seen.findings
        if case.line:
            assert case.line in {finding.line for finding in pointed_at}, told(seen)
        assert any(case.column in finding.column for finding in pointed_at) or not case.column, told(seen)
        assert [secret for secret in case.secrets if secret in repr(seen.findings)] == []
        if case.reads_as:
            assert seen.rows == rows_of_clean(case.reads_as)


@pytest.mark.usefixtures("untouched")
class TestDesk:
    @pytest.mark.parametrize(
        "case", [case for case in CASES if case.is_hostile], ids=lambda case: case.name[:60]
    )
    def test_survives_a_file_that_attacks_and_says_what_is_wrong(self, case, store, tmp_path):
        outcome = through_the_desk(case, store, tmp_path).outcome
        assert outcome.verdict == case.expected, [sentence(each) for each in outcome.findings]
        assert outcome.findings or case.expected == "accepted"

    @pytest.mark.parametrize("export", EXPORTS, ids=lambda export: export.name)
    def test_makes_a_draft_of_a_good_file(self, export, store, tmp_path):
        case = Case(export.name, export.csv(), "accepted", "en hel fil")
        outcome = through_the_desk(case, store, tmp_path).outcome
        assert (outcome.verdict, bool(outcome.draft_id)) == ("accepted", True)
        assert outcome.sentences

    def test_leaves_nothing_on_disk_of_a_rejected_file(self, store, tmp_path):
        mark = "Ett märkligt ord: hjulspindelväv"
        rejected = TEMPLATE.put(3, "Anmärkning", mark).put(3, "Utfall", "okänt")
        case = Case("fel.csv", rejected.csv(), "rejected", "inget tal")
        assert through_the_desk(case, store, tmp_path).outcome.verdict == "rejected"
        assert left_on_disk(store, mark.encode()) == []

    @pytest.mark.parametrize("case", [case for case in CASES if case.secrets][:4], ids=lambda case: case.name)
    def test_leaves_nothing_of_personal_data_on_disk_nor_in_what_it_says(self, case, store, tmp_path):
        checked = through_the_desk(case, store, tmp_path)
        assert (checked.outcome.verdict, checked.outcome.took_personal_data) == ("rejected", True)
        for secret in case.secrets[:1]:
            assert left_on_disk(store, secret.encode()) == []
            assert secret not in checked.outcome.as_json()
            assert secret.encode() not in checked.findings_csv


class TestHostileText:
    def test_is_read_as_it_stands(self):
        """One row a year, and one text a row: what a note says is nobody's program."""
        rows = [list(TEMPLATE.row(2)) for _ in HOSTILE]
        for number, (row, text) in enumerate(zip(rows, HOSTILE.values(), strict=True)):
            row[TEMPLATE.place("År")] = str(1991 + number)
            row[TEMPLATE.place("Anmärkning")] = text
        seen = see(TEMPLATE.with_rows([TEMPLATE.rows[0], *rows]).csv(), "utfall.csv")
        assert seen.verdict == "accepted", told(seen)
        read = {cell for row in seen.rows["outcomes"] for cell in row}
        # A template takes away the apostrophe with which it kept a formula from being one.
        kept = {words: text.removeprefix("'").strip() for words, text in HOSTILE.items()}
        assert [
            words for words, text in kept.items() if text not in read and HOSTILE[words] not in read
        ] == []

    def test_in_a_goal_of_a_plan_is_read_as_text(self):
        text = "Alla elver når målen; drop table goals; -- {{7*7}}"
        seen = see(ACTIONS.put(4, "Nämndmål", text).csv(), ACTIONS.name)
        assert seen.verdict == "accepted", told(seen)
        assert text in {cell for row in seen.rows["goals"] for cell in row}

"""Fetching from Kolada on the command line, against a server on this computer that answers as Kolada does."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from subprocess import CompletedProcess

import pytest

from queries import connection
from queries.versions import EMBEDDED, Store
from tests.queries.intake.kolada_server import Held, KoladaServer, made_kolada, status

ROOT = Path(__file__).resolve().parents[3]
# The command with settings of its own, since a server on this computer is not asked by those of the project.
COMMAND = """
import sys
from pathlib import Path
from queries import connection
connection.SETTINGS = Path(sys.argv[1])
from queries.intake.__main__ import main
sys.exit(main(sys.argv[2:]))
"""
ONE = ("--indikator", "N15505", "--kommun", "0125")

Run = Callable[..., CompletedProcess[str]]


@pytest.fixture
def server() -> Iterator[KoladaServer]:
    """A Kolada with two indicators."""
    with KoladaServer(made_kolada(years=[2024, 2025])) as started:
        yield started


@pytest.fixture
def arguments(server: KoladaServer, tmp_path: Path) -> list[str]:
    """What starts the command, up to its own arguments."""
    text = connection.SETTINGS.read_text(encoding="utf-8")
    for name, value in (("base_url", f'"{server.base_url}"'), ("pause_seconds", "0"), ("attempts", "1")):
        text = re.sub(rf"^{name} = .*$", f"{name} = {value}", text, flags=re.MULTILINE)
    (tmp_path / "settings.toml").write_text(text, encoding="utf-8")
    return [sys.executable, "-c", COMMAND, str(tmp_path / "settings.toml"), "fetch"]


@pytest.fixture
def surroundings(tmp_path: Path) -> dict[str, str]:
    """A folder of the test's own for what is published."""
    own = {"NAMNDKOLLEN_EXPORTS": str(tmp_path / "exports"), "PYTHONUTF8": "1", "NO_PROXY": "127.0.0.1"}
    return {**os.environ, **own}


@pytest.fixture
def run(arguments: list[str], surroundings: dict[str, str]) -> Run:
    """python -m queries.intake fetch …"""

    def command(*more: str) -> CompletedProcess[str]:
        return subprocess.run(
            [*arguments, *more], cwd=ROOT, env=surroundings, capture_output=True, text=True,
            encoding="utf-8", timeout=120,
        )  # fmt: skip

    return command


def test_a_fetch_says_what_it_would_change_and_publishes_nothing(
    run: Run, server: KoladaServer, tmp_path: Path
):
    done = run(*ONE, "--json")
    told = json.loads(done.stdout)
    assert (done.returncode, told["verdict"], told["published_version"]) in (
        (0, "accepted", None),
        (3, "warnings", None),
    )
    assert told["sentences"]
    assert list((tmp_path / "exports" / "drafts").iterdir()) == []
    assert not (tmp_path / "exports" / "manifests").exists()
    assert not [path for path in server.asked if "N15419" in path or "0117" in path]


def test_a_fetch_is_published_without_asking_for_a_page_twice(run: Run, server: KoladaServer, tmp_path: Path):
    run(*ONE)
    count = len(server.asked)
    done = run(*ONE, "--publish", "--note", "Höstens hämtning", "--godta-varningar")
    assert (done.returncode, done.stdout.splitlines()[-1]) == (0, "Version 1 är publicerad.")
    assert "redan hämtade" in done.stderr
    assert len(server.asked) == count
    store = Store((EMBEDDED, tmp_path / "exports"))
    assert store.manifest(1).note == "Höstens hämtning"
    assert list((tmp_path / "exports" / "fetches").iterdir()) == []
    assert run(*ONE, "--publish").stdout.endswith("Inget att publicera.\n")


def test_a_kolada_that_does_not_answer_has_a_status_of_its_own_and_can_be_gone_on_with(
    run: Run, server: KoladaServer
):
    server.fails("/data/", status(503))
    failed = run(*ONE)
    assert (failed.returncode, failed.stdout) == (5, "")
    assert "Kolada svarade med fel 503" in failed.stderr
    count = len(server.asked)
    assert run(*ONE).returncode in (0, 3)
    assert [path.split("?")[0].split("/")[2] for path in server.asked[count:]] == ["data", "oudata"]
    assert run(*ONE, "--fran-borjan").returncode in (0, 3)
    assert server.asked.count(server.asked[0]) == 2


@pytest.mark.parametrize(
    ("more", "said"),
    [
        (("--indikator", "N99999"), "inget nyckeltal med id N99999"),
        (("--kommun", "0180"), "0180 är ingen kommun som följs här"),
    ],
)
def test_what_nobody_knows_is_refused_before_any_value_is_asked_for(
    run: Run, server: KoladaServer, more: tuple[str, ...], said: str
):
    refused = run(*more)
    assert (refused.returncode, refused.stdout) == (5, "")
    assert said in refused.stderr
    assert [path for path in server.asked if "/data/" in path] == []


@pytest.mark.skipif(os.name != "posix", reason="Windows sends Ctrl-C to every program of the window.")
# Started in the background, the tests may have been told to ignore Ctrl-C, and the command would inherit that.
@pytest.mark.skipif(not hasattr(os, "fork"), reason="This system sends Ctrl-C in another way.")
def test_ctrl_c_leaves_what_was_fetched(
    run: Run, server: KoladaServer, arguments: list[str], surroundings: dict[str, str]
):
    held = Held()
    server.fails("/data/", held)
    command = subprocess.Popen(
        [*arguments, *ONE], cwd=ROOT, env=surroundings, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        text=True, encoding="utf-8", preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )  # fmt: skip
    assert held.has_come.wait(60)
    command.send_signal(signal.SIGINT)
    _, said = command.communicate(timeout=60)
    held.let_go.set()
    assert command.returncode == 5
    assert said == "Avbrutet. Inget är publicerat; en hämtning går vidare när kommandot ges igen.\n"
    count = len(server.asked)
    assert run(*ONE).returncode in (0, 3)
    assert not [path for path in server.asked[count:] if "/kpi/N15505?" in path]

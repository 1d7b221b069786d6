"""Uploads on the command line: what scripts rely on, run as scripts run it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

import pytest

from queries.intake.templates import template_of

ROOT = Path(__file__).resolve().parents[3]
TARGET = {
    "municipality_id": "9901", "indicator_id": "L01", "unit_id": "", "year": "2031", "operator": "minst",
    "target_value": "9,5",
}  # fmt: skip

Run = Callable[..., CompletedProcess[str]]


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """python -m queries.intake with a folder of its own for what is published."""

    def command(*arguments: str) -> CompletedProcess[str]:
        environment = {**os.environ, "NAMNDKOLLEN_EXPORTS": str(tmp_path / "exports"), "PYTHONUTF8": "1"}
        return subprocess.run(
            [sys.executable, "-m", "queries.intake", *arguments],
            cwd=ROOT, env=environment, capture_output=True, text=True, encoding="utf-8", timeout=120,
        )  # fmt: skip

    return command


@pytest.fixture
def targets(tmp_path: Path) -> Callable[..., str]:
    """A filled template for targets: one new row, with what a test changes in it."""

    def write(**changed: str) -> str:
        columns = template_of("targets").columns
        row = {**TARGET, **changed}
        lines = [[column.heading for column in columns], [row.get(column.name, "") for column in columns]]
        path = tmp_path / "målvärden.csv"
        path.write_bytes("\r\n".join(";".join(line) for line in lines).encode("utf-8-sig"))
        return str(path)

    return write


def test_a_file_is_checked_published_listed_and_undone(run: Run, targets: Callable[..., str]) -> None:
    path = targets()
    checked = run("check", path, "--json")
    told = json.loads(checked.stdout)
    assert (checked.returncode, told["verdict"], told["published_version"]) == (0, "accepted", None)
    assert "Målvärde: 1 nytt." in told["sentences"]
    assert len(json.loads(run("history", "--json").stdout)) == 1

    done = run("publish", path, "--note", "nya mål", "--json")
    assert (done.returncode, json.loads(done.stdout)["published_version"]) == (0, 1)
    assert run("check", path).stdout.endswith("Inget att publicera.\n")

    assert run("undo").returncode == 0
    entries = json.loads(run("history", "--json").stdout)
    assert [(entry["version"], entry["restores"], entry["note"]) for entry in entries] == [
        (2, 0, ""),
        (1, None, "nya mål"),
        (0, None, entries[-1]["note"]),
    ]
    assert run("restore", "1").returncode == 0
    assert run("check", path).stdout.endswith("Inget att publicera.\n")


def test_a_bad_file_is_refused_with_row_column_found_and_expected(
    run: Run, targets: Callable[..., str], tmp_path: Path
) -> None:
    path = targets(target_value="nio", year="2O27")
    answer = run("publish", path)
    assert answer.returncode == 1
    assert "Rad 2, kolumn ”Målvärde”: ”nio”. Här väntades ett tal, t.ex. 81,5." in answer.stdout
    assert "Rad 2, kolumn ”År”: ”2O27”." in answer.stdout
    assert list((tmp_path / "exports" / "drafts").iterdir()) == []


def test_personal_data_leave_nothing_on_disk_and_are_not_repeated(run: Run, tmp_path: Path) -> None:
    # A number of the series that Skatteverket keeps for tests.
    number = "19890201-3286"
    path = tmp_path / "elever.csv"
    path.write_text(f"Elev;Personnummer\nA;{number}\n", encoding="utf-8")
    answer = run("check", str(path), "--json")
    assert (answer.returncode, json.loads(answer.stdout)["took_personal_data"]) == (1, True)
    assert number not in answer.stdout + answer.stderr
    kept = [each for each in (tmp_path / "exports").rglob("*") if each.is_file()]
    assert [each for each in kept if number.encode() in each.read_bytes()] == []
    assert list((tmp_path / "exports" / "drafts").iterdir()) == []


@pytest.mark.parametrize(
    "arguments",
    [[], ["ta-in"], ["check"], ["check", "finns-inte.csv"], ["check", "x", "--okänd"], ["restore", "första"]],
)
def test_a_command_that_makes_no_sense_is_said_to(run: Run, arguments: list[str]) -> None:
    answer = run(*arguments)
    assert (answer.returncode, answer.stdout) == (2, "")
    assert answer.stderr.strip()


def test_a_version_that_is_not_there_cannot_be_restored(run: Run) -> None:
    answer = run("restore", "17")
    assert (answer.returncode, answer.stderr) == (5, "Version 17 finns inte.\n")


def test_the_first_version_cannot_be_undone(run: Run) -> None:
    answer = run("undo")
    assert answer.returncode == 5
    assert "Det finns inget att gå tillbaka till." in answer.stderr

"""The command line: the same answers as the pages, and a Swedish sentence for what it does not understand."""

from __future__ import annotations

import csv
import io
import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from queries import __main__ as command_line
from queries.catalogue import QUESTIONS
from queries.connection import TOO_SLOW, Exports, TooSlow

PROJECT = Path(__file__).parents[2]
Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(exports: Exports, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run the command line on version 0: exit status, what it printed, and what it complained of."""
    real = command_line.open_exports
    monkeypatch.setattr(command_line, "open_exports", lambda number=None: real(number) if number else exports)

    def run_it(*arguments: str) -> tuple[int, str, str]:
        status = command_line.main(list(arguments))
        printed = capsys.readouterr()
        return status, printed.out, printed.err

    return run_it


def strict(text: str) -> object:
    """JSON as the standard has it: NaN and Infinity are errors."""

    def refuse(constant: str) -> None:
        raise ValueError(f"{constant} is not JSON")

    return json.loads(text, parse_constant=refuse)


def least(name: str) -> list[str]:
    """The flags that a question demands, for Exempelkommunen."""
    values = {
        "municipality_id": "9901",
        "goal_id": "mal-1",
        "action_id": "a",
        "indicator_id": "N15419",
        "year": "2026",
        "asked": "frånvaro",
    }
    flags = {parameter: flag for flag, parameter in command_line.FLAGS.items()}
    return [part for each in QUESTIONS[name].required for part in (f"--{flags[each]}", values[each])]


def test_without_a_question_all_questions_are_listed_with_their_grain_and_flags(run):
    status, printed, _ = run()
    assert status == 0
    for name, question in QUESTIONS.items():
        assert f"{name}\n    {question.grain}\n" in printed
    assert "--kommun --ar" in printed


def test_every_parameter_of_every_question_has_a_flag():
    parameters = {parameter for question in QUESTIONS.values() for parameter in question.parameters}
    assert parameters == set(command_line.FLAGS.values())


@pytest.mark.parametrize("name", sorted(QUESTIONS))
def test_every_question_answers_in_strict_json_with_its_sources_and_version(run, name):
    status, printed, _ = run(name, *least(name), "--format", "json")
    answer = strict(printed)
    assert status == 0
    assert list(answer) == ["rows", "source", "version"]
    rows = answer["rows"]
    told = {row["source_id"] for row in rows if row.get("source_id")}
    told |= {source_id for row in rows for source_id in row.get("source_ids", [])}
    assert {source["source_id"] for source in answer["source"]} == told


@pytest.mark.parametrize("name", sorted(QUESTIONS))
def test_every_question_answers_as_a_table_and_as_csv(run, name):
    assert run(name, *least(name))[0] == 0
    status, printed, _ = run(name, *least(name), "--format", "csv")
    lines = list(csv.reader(io.StringIO(printed), delimiter=";"))
    assert status == 0
    assert {len(line) for line in lines} == {len(lines[0])}


def test_a_code_keeps_its_leading_zero_in_every_format(run):
    for form in ("table", "json", "csv"):
        _, printed, _ = run("municipalities", "--format", form)
        assert "0125" in printed, form
    assert '"0125"' in run("municipalities", "--format", "json")[1]


def test_an_empty_cell_is_null_in_json(run):
    _, printed, _ = run("spider_values", "--kommun", "0125", "--ar", "1900", "--format", "json")
    rows = strict(printed)["rows"]
    assert rows
    assert all(row["scaled"] is None and row["rank"] is None for row in rows)


def test_an_answer_without_rows_is_an_answer(run):
    assert run("goal_tally", "--kommun", "0125", "--ar", "1999") == (0, "Inga rader.\n", "")
    status, printed, _ = run("goal_tally", "--kommun", "0125", "--ar", "1999", "--format", "json")
    assert (status, strict(printed)) == (0, {"rows": [], "source": [], "version": 0})


def test_the_word_senaste_is_the_newest_year(run):
    newest = run("goal_tally", "--kommun", "0125", "--ar", "senaste")
    assert (
        newest
        == run("goal_tally", "--kommun", "0125")
        == run("goal_tally", "--kommun", "0125", "--ar", "2020")
    )


def test_several_schools_are_given_one_flag_each(run, exports):
    _, printed, _ = run("goal_units", "--kommun", "9901", "--format", "json")
    units = sorted({row["unit_id"] for row in strict(printed)["rows"]})[:2]
    _, printed, _ = run(
        "goal_units", "--kommun", "9901", "--skola", units[0], "--skola", units[1], "--format", "json"
    )
    assert sorted({row["unit_id"] for row in strict(printed)["rows"]}) == units


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["maluppfyllelse"], "Frågan ”maluppfyllelse” finns inte."),
        (["goal_tally", "--kommun", "0125", "--okand", "1"], "Det här går inte att tolka: --okand 1."),
        (["goal_tally", "--komm", "0125"], "Det här går inte att tolka: --komm 0125."),
        (["goal_tally", "--kommun"], "Kommandot går inte att tolka"),
        (["goal_tally"], "Frågan goal_tally behöver --kommun."),
        (["goal_evidence", "--kommun", "0125"], "Frågan goal_evidence behöver --mal."),
        (["units", "--kommun", "0125", "--ar", "2020"], "Frågan units tar inte --ar."),
        (["goal_tally", "--kommun", "0125", "--ar", "i fjol"], "--ar är ett årtal med fyra siffror eller"),
        (["goal_tally", "--kommun", "0125", "--ar", "20"], "--ar är ett årtal med fyra siffror"),
        (["goal_tally", "--kommun", "0125", "--ar", "²⁰²⁰"], "--ar är ett årtal med fyra siffror"),
        (
            ["goal_tally", "--kommun", "0125", "--uppdelning", "skolor"],
            "Uppdelningen är total, perspective, unit, inte ”skolor”.",
        ),
        (["goal_tally", "--kommun", "0125", "--format", "xml"], "--format är table, json, csv, inte ”xml”."),
        (["goal_tally", "--kommun", "0125", "--version", "nyast"], "--version är ett heltal, inte ”nyast”."),
        (["goal_tally", "--kommun", "0125", "--version", "999999"], "Version 999999 finns inte."),
    ],
)
def test_what_is_not_understood_gives_status_2_and_a_swedish_sentence(run, arguments, sentence):
    status, printed, complaint = run(*arguments)
    assert (status, printed) == (2, "")
    assert complaint.startswith(sentence)


def test_it_runs_as_a_program_of_its_own():
    command = [
        sys.executable,
        "-m",
        "queries",
        "goal_tally",
        "--kommun",
        "0125",
        "--ar",
        "2020",
        "--version",
        "0",
    ]
    done = subprocess.run(
        [*command, "--format", "json"],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=60,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert strict(done.stdout)["rows"][0]["met"] == 7


def test_what_takes_too_long_gives_status_2_and_says_so(run, monkeypatch):
    def stopped(*_: object, **__: object) -> None:
        raise TooSlow(TOO_SLOW)

    monkeypatch.setattr(Exports, "rows", stopped)
    assert run("goal_tally", "--kommun", "9901") == (2, "", f"{TOO_SLOW}\n")

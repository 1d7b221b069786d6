"""The server's log: one line an event, nothing about visitors, and no line that a visitor has written."""

from __future__ import annotations

import json
import logging
import subprocess
import sys
from pathlib import Path

import pytest

from pages.parts.log_lines import PLAIN, Json, Text

ROOT = Path(__file__).resolve().parents[2]
# What each library of the server would say of a visit, and what the project says, in a process of its own.
EVERYTHING = """
import logging
from pages.parts import log_lines
from queries import connection
form = {form!r}
told = dict(connection.settings(), log=dict(connection.settings()["log"], format=form))
log_lines.settings = lambda: told
log_lines.set_up()
from streamlit import config, logger
config.get_config_options()
logger.update_formatter()
logger.get_logger("streamlit.made.later").warning("från Streamlit")
logging.getLogger("uvicorn.access").info('%s - "%s %s HTTP/%s" %d', "192.0.2.7:1", "GET", "/?skola=hemlig", "1.1", 200)
logging.getLogger("uvicorn.error").info('%s - "WebSocket %s" [accepted]', "192.0.2.7:1", "/_stcore/stream?skola=hemlig")
logging.getLogger("uvicorn.error").info("Uvicorn running")
logging.getLogger("namndkollen").info("svarar", extra={{"event": "started"}})
try:
    raise ValueError("en rad\\n2026-01-01 00:00:00,000 INFO namndkollen: påhittad")
except ValueError as error:
    print(log_lines.logged(error))
"""


def lines_of(form: str) -> tuple[str, list[str]]:
    """The reference that is given to a visitor, and all that is logged."""
    program = [sys.executable, "-c", EVERYTHING.format(form=form)]
    done = subprocess.run(program, cwd=ROOT, capture_output=True, text=True, encoding="utf-8", check=True)
    return done.stdout.strip(), done.stderr.splitlines()


@pytest.fixture(scope="module")
def as_json() -> tuple[str, list[dict[str, str]]]:
    reference, lines = lines_of("json")
    return reference, [json.loads(line) for line in lines]


def test_every_line_of_every_library_is_one_json_event(as_json):
    reference, told = as_json
    assert [line["message"] for line in told] == [
        "från Streamlit",
        "Uvicorn running",
        "svarar",
        f"Referens {reference}",
    ]
    assert [line["event"] for line in told] == ["message", "message", "started", "failed"]
    assert [line["level"] for line in told] == ["warning", "info", "info", "error"]
    assert all(line["time"].endswith("+00:00") for line in told)


def test_a_failure_has_its_reference_and_its_traceback_in_one_line(as_json):
    reference, told = as_json
    assert told[-1]["reference"] == reference
    assert told[-1]["error"].startswith("Traceback")
    assert "reference" not in told[0]


def test_no_line_tells_who_visited_or_what_was_chosen(as_json):
    _, lines = lines_of("text")
    for written in (json.dumps(as_json[1]), "\n".join(lines)):
        assert "192.0.2.7" not in written
        assert "hemlig" not in written


def test_text_cannot_be_made_to_look_like_a_line_of_its_own():
    record = logging.LogRecord(
        "x", logging.INFO, "", 0, "ett\n2026 INFO namndkollen: två\r\x1b[31m", None, None
    )
    assert Text(PLAIN).format(record).splitlines()[1:] == ["    2026 INFO namndkollen: två\\x0d\\x1b[31m"]
    assert "\n" not in Json().format(record)

"""The units of systemd: understood by systemd itself, and as closed as it can tell."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

DEPLOY = Path(__file__).resolve().parents[2] / ".deploy"
UNITS = ("namndkollen@8501.service", "namndkollen-nightly.service", "namndkollen-nightly.timer")
# systemd calls up to 2 well closed; 10 is wide open.
MOST_EXPOSED = 2.0

pytestmark = pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd is not installed.")


@pytest.fixture
def units(tmp_path: Path) -> Path:
    """The units as they are installed, with programs that this computer has."""
    for unit in UNITS:
        text = (DEPLOY / re.sub(r"@\d+", "@", unit)).read_text(encoding="utf-8")
        text = re.sub(r"^(Exec\w+=)\S+", rf"\g<1>{sys.executable}", text, flags=re.MULTILINE)
        (tmp_path / unit).write_text(text, encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize("unit", UNITS)
def test_a_unit_is_understood_without_a_word(units: Path, unit: str):
    answer = subprocess.run(
        ["systemd-analyze", "verify", f"./{unit}"], cwd=units, capture_output=True, text=True
    )
    assert (answer.returncode, answer.stderr) == (0, "")


@pytest.mark.parametrize("unit", [unit for unit in UNITS if unit.endswith(".service")])
def test_a_unit_may_do_little_else_than_its_work(units: Path, unit: str):
    command = ["systemd-analyze", "security", "--offline=true", f"./{unit}"]
    answer = subprocess.run(command, cwd=units, capture_output=True, text=True)
    if "offline" in answer.stderr:
        pytest.skip("This systemd is too old to judge a unit that is not installed.")
    assert float(re.search(r"exposure level for \S+ (\d+\.\d)", answer.stdout)[1]) <= MOST_EXPOSED


def test_the_folder_of_published_versions_is_the_only_one_that_a_server_writes_in():
    unit = (DEPLOY / "namndkollen@.service").read_text(encoding="utf-8")
    writable = dict(
        re.findall(r"^(ProtectSystem|ReadWritePaths|StateDirectory|CacheDirectory)=(.*)$", unit, re.MULTILINE)
    )
    assert writable == {
        "ProtectSystem": "strict",
        "ReadWritePaths": "/var/lib/namndkollen",
        "StateDirectory": "namndkollen",
        "CacheDirectory": "namndkollen",
    }
    assert "NAMNDKOLLEN_EXPORTS=/var/lib/namndkollen/" in unit

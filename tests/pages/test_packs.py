"""The packs of all units as one command."""

from __future__ import annotations

from pathlib import Path

import pytest

from pages.parts import packs
from queries.connection import Library

SCHOOL = "19901103"


@pytest.fixture(autouse=True)
def embedded_only(embedded_library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    """What somebody has published on this computer never decides a test."""
    monkeypatch.setattr(packs, "open_exports", embedded_library.open)


def run(folder: Path, *arguments: str) -> int:
    return packs.main(["--kommun", "9901", "--till", str(folder), *arguments])


def test_one_unit_gets_one_file_of_each_format(tmp_path: Path) -> None:
    assert run(tmp_path, "--mote", "hösten 2026", "--skola", SCHOOL) == 0
    assert sorted(path.suffix for path in tmp_path.iterdir()) == [".docx", ".pdf", ".pptx", ".xlsx"]
    assert all("ljungtjarnshojdens" in path.name and path.stat().st_size for path in tmp_path.iterdir())


def test_all_open_units_get_a_file_each(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(tmp_path, "--mote", "våren 2026", "--format", "xlsx") == 0
    assert len(list(tmp_path.iterdir())) == 29, "one of the thirty is closed"
    assert capsys.readouterr().err.count("\n") == 29


def test_the_committee_gets_one_pack(tmp_path: Path) -> None:
    assert run(tmp_path, "--namnden", "--format", "XLSX") == 0
    assert len(list(tmp_path.iterdir())) == 1


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ((), "--mote behövs"),
        (("--mote", "sommaren 2026"), "sommaren 2026"),
        (("--mote", "hösten 2026", "--skola", "12345678"), "12345678 är ingen enhet i Exempelkommunen"),
        (("--mote", "hösten 2026", "--format", "odt"), "--format är PPTX, DOCX, PDF, XLSX"),
        (("--mote", "hösten 2026", "--kommun", "1234"), "inte ”1234”"),
        (("--mote", "hösten 2026", "--version", "x"), "--version är ett nummer"),
        (("--mote", "hösten 2026", "--version", "99"), "99"),
        (("--mote", "hösten 2026", "--omslag"), "går inte att tolka"),
    ],
)
def test_what_is_not_understood_is_said_and_nothing_is_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], told: str
) -> None:
    assert run(tmp_path / "underlag", *arguments) == 2
    assert told in capsys.readouterr().err
    assert not (tmp_path / "underlag").exists()

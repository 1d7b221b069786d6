"""The packs of a round of dialogue meetings, one a unit, without a browser.

    python -m pages.parts.packs --kommun 9901 --mote "hösten 2026" --till underlag
    python -m pages.parts.packs --kommun 9901 --mote "våren 2026" --till underlag --skola 19901103 --format PDF
    python -m pages.parts.packs --kommun 9901 --namnden --till underlag

The files are those of page Dialogmöte, tab Underlag. Exit status 2 when something is not understood; nothing is written then.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NoReturn

from pages.parts.agendas import committee_agenda, meeting_agenda
from pages.parts.filters import Filters
from pages.parts.links import labels_of
from pages.parts.pieces import Pack
from pages.parts.reports.formats import FORMATS
from queries import places
from queries.catalogue import UnknownChoice
from queries.connection import Exports, open_exports
from queries.dialogue import Meeting, meeting_of
from queries.versions import BrokenVersion


class NotUnderstood(Exception):
    """The command, or one of its words, is not one that can be followed. The text is Swedish."""


def main(arguments: list[str] | None = None) -> int:
    """Run the command line; returns the exit status."""
    try:
        given = _parser().parse_args(arguments)
        exports = open_exports(_version(given.version))
        formats = _formats(given.format)
        choices = list(_choices(exports, given))
        meeting = None if given.namnden else _meeting(given.mote)
    except (NotUnderstood, UnknownChoice, BrokenVersion) as reason:
        print(reason, file=sys.stderr)
        return 2
    folder = Path(given.till)
    folder.mkdir(parents=True, exist_ok=True)
    for place, chosen in enumerate(choices, start=1):
        pack = _pack(exports, chosen, meeting, given.adress)
        for name in formats:
            (folder / FORMATS[name].file_name(pack)).write_bytes(FORMATS[name].made(pack))
        print(f"{place} av {len(choices)}: {chosen.whom}", file=sys.stderr)
    return 0


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        raise NotUnderstood(
            f"Kommandot går inte att tolka ({message}). Hjälp: python -m pages.parts.packs --help"
        )


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(
        prog="python -m pages.parts.packs",
        description="Underlag till dialogmöten, ett per enhet, eller till nämnden.",
        allow_abbrev=False,
    )
    parser.add_argument("--kommun", required=True, help="kommunkod, till exempel 9901")
    parser.add_argument("--mote", help="till exempel ”hösten 2026”")
    parser.add_argument("--namnden", action="store_true", help="underlag till nämndens eget möte")
    parser.add_argument("--till", required=True, help="mappen som filerna läggs i")
    parser.add_argument("--skola", action="append", default=[], help="enhetskod; annars alla enheter")
    parser.add_argument("--format", action="append", default=[], help="PPTX, DOCX, PDF, XLSX; annars alla")
    parser.add_argument("--adress", default="", help="webbplatsens adress, till länken i underlaget")
    parser.add_argument("--version", help="en publicerad version; annars den senaste")
    return parser


def _pack(exports: Exports, chosen: Filters, meeting: Meeting | None, address: str) -> Pack:
    if meeting is None:
        return committee_agenda(exports, chosen, address)
    return meeting_agenda(exports, chosen, meeting, address)


def _choices(exports: Exports, given: argparse.Namespace) -> Iterator[Filters]:
    """The choices that packs are made for: the named units, else all that are open; the committee's is one for all."""
    found = places.municipalities(exports).set_index("municipality_id")
    if given.kommun not in found.index:
        known = ", ".join(found.index)
        raise NotUnderstood(f"--kommun är en av {known}, inte ”{given.kommun}”.")
    units = places.units(exports, municipality_id=given.kommun)
    labels = labels_of(units)
    unknown = [code for code in given.skola if code not in labels]
    if unknown:
        raise NotUnderstood(
            f"--skola: {', '.join(unknown)} är ingen enhet i {found.loc[given.kommun, 'name']}."
        )
    still_open = set(units.loc[units["closed_year"].isna(), "unit_id"])
    wanted: list[str | None] = list(given.skola) or [code for code in labels if code in still_open]
    for code in [None] if given.namnden else wanted or [None]:
        yield _chosen(given.kommun, found.loc[given.kommun], code, labels)


def _chosen(municipality_id: str, about: object, code: str | None, labels: dict[str, str]) -> Filters:
    committee = about["committee"]  # type: ignore[index]
    return Filters(
        municipality_id=municipality_id,
        municipality=about["name"],  # type: ignore[index]
        committee=committee if isinstance(committee, str) else None,
        is_invented=bool(about["is_invented"]),  # type: ignore[index]
        unit_id=code,
        unit=labels[code] if code else None,
        year=None,
        units=tuple(labels.items()),
    )


def _meeting(asked: str | None) -> Meeting:
    if asked is None:
        raise NotUnderstood("--mote behövs, till exempel --mote ”hösten 2026”, eller --namnden.")
    return meeting_of(asked)


def _formats(asked: list[str]) -> list[str]:
    unknown = [each for each in asked if each.upper() not in FORMATS]
    if unknown:
        raise NotUnderstood(f"--format är {', '.join(FORMATS)}, inte ”{', '.join(unknown)}”.")
    return [each.upper() for each in asked] or list(FORMATS)


def _version(asked: str | None) -> int | None:
    if asked is None or re.fullmatch(r"\d{1,9}", asked, re.ASCII):
        return None if asked is None else int(asked)
    raise NotUnderstood(f"--version är ett nummer, inte ”{asked}”.")


if __name__ == "__main__":
    sys.exit(main())

"""Uploads on the command line, for those who load every night.

    python -m queries.intake check FIL                    says what is wrong with a file, or what it would change
    python -m queries.intake publish FIL --note "…"       publishes it as a new version
    python -m queries.intake fetch                        fetches from Kolada and says what it would change
    python -m queries.intake fetch --publish --note "…"   fetches from Kolada and publishes it as a new version
    python -m queries.intake history                      lists the versions
    python -m queries.intake undo                         a new version with the content of the one before
    python -m queries.intake restore 12                   a new version with the content of version 12
    python -m queries.intake regate                       a new version by the limits for small groups that hold now
    python -m queries.intake backup FIL.tar               writes all that is published to one new file
    python -m queries.intake restore-backup FIL.tar       puts it back, in an empty folder or with --ersatt
    python -m queries.intake verify                       reads every published byte and says what has changed
    python -m queries.intake gallra                       lists what need not be kept; with --genomfor it is removed

fetch asks for all that is followed here, or for --kommun 0125 0117 (whose schools) and --indikator N15505. A fetch that
is broken off, also by Ctrl-C, goes on where it ended when the command is given again; --fran-borjan forgets it instead.

With --json the answer is JSON. Exit status: 0 done, or nothing to change; 1 the file is refused; 2 the command is not
understood; 3 there are warnings that must be accepted; 4 the file needs answers first; 5 publishing failed, somebody
else published meanwhile, Kolada did not answer, or what was published is not all there.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Sequence
from dataclasses import asdict
from io import BytesIO
from pathlib import Path
from typing import Any, NoReturn

from queries import clock, permits
from queries.connection import Library, chosen_store
from queries.intake import desk, drafts, kolada_fetch, publishing, regating, upkeep
from queries.intake.backups import NotRestored
from queries.intake.culling import NotCulled
from queries.intake.kolada_shapes import FetchFailed
from queries.intake.outcome import Outcome, sentence
from queries.intake.reading import Options
from queries.versions import BrokenVersion, Manifest

STATUS = {"accepted": 0, "unchanged": 0, "rejected": 1, "warnings": 3, "needs": 4}
NOT_UNDERSTOOD, FAILED = 2, 5
TOLD = (publishing.NotPublished, drafts.DraftGone, FetchFailed, NotRestored, NotCulled)
BROKEN_OFF = "Avbrutet. Inget är publicerat; en hämtning går vidare när kommandot ges igen."
# Flag → option of the readers, for plans that do not say themselves whose they are.
FLAGS = {
    "kommun": ("municipality_id", "kommunkod, t.ex. 0580"),
    "ar": ("year", "planens år"),
    "rapportdag": ("report_date", "dagen som rapporten gäller, t.ex. 2020-12-31"),
    "rapport": ("report_name", "rapportens namn"),
    "tillfalle": ("report_point", "rapporttillfälle, t.ex. Delrapport 2"),
}


class NotUnderstood(Exception):
    """The command cannot be understood. The text is Swedish."""


def main(arguments: list[str] | None = None) -> int:
    """Run the command line; returns the exit status."""
    try:
        given = _parser().parse_args(arguments)
        return {
            "check": _check,
            "publish": _publish,
            "fetch": _fetch,
            "history": _history,
            "undo": _undo,
            "restore": _restore,
            "regate": _regate,
            **upkeep.COMMANDS,
        }[given.command](given)
    except NotUnderstood as reason:
        print(reason, file=sys.stderr)
        return NOT_UNDERSTOOD
    except (*TOLD, BrokenVersion) as reason:
        print(reason, file=sys.stderr)
        return FAILED
    except OSError as error:
        said = f"Disken svarade inte som väntat: {error.strerror}" if error.strerror else str(error)
        print(said, file=sys.stderr)
        return FAILED
    except KeyboardInterrupt:
        print(BROKEN_OFF, file=sys.stderr)
        return FAILED


def _check(given: argparse.Namespace) -> int:
    outcome = _examined(given)
    if outcome.draft_id:
        drafts.discard(chosen_store(), outcome.draft_id)
    _tell(given, outcome)
    return STATUS[outcome.verdict]


def _publish(given: argparse.Namespace) -> int:
    return _published_if_good(given, _examined(given))


def _fetch(given: argparse.Namespace) -> int:
    store = chosen_store()
    pages = kolada_fetch.kept_pages(store)
    if given.fran_borjan:
        pages.clear()
    asked = kolada_fetch.wanted(
        Library(store).open(),
        today=clock.today(),
        municipality_ids=given.kommun,
        indicator_ids=given.indikator,
    )
    step = _step()
    fetched = kolada_fetch.fetch(asked, store, progress=lambda said, part: step(f"{part:4.0%} {said}"))
    for sentence_of_fetch in fetched.told:
        print(sentence_of_fetch, file=sys.stderr)
    outcome = desk.check(BytesIO(fetched.content), fetched.name, store=store, progress=step).outcome
    if given.publish:
        status = _published_if_good(given, outcome)
        if status == 0:
            pages.clear()
        return status
    # Nothing is left to publish, so the pages stay for the command that does.
    if outcome.draft_id:
        drafts.discard(store, outcome.draft_id)
    _tell(given, outcome)
    return STATUS[outcome.verdict]


def _published_if_good(given: argparse.Namespace, outcome: Outcome) -> int:
    may_publish = outcome.verdict == "accepted" or (outcome.verdict == "warnings" and given.godta_varningar)
    if not may_publish:
        if outcome.draft_id:
            drafts.discard(chosen_store(), outcome.draft_id)
        _tell(given, outcome)
        return STATUS[outcome.verdict]
    manifest = publishing.publish(
        chosen_store(),
        outcome.draft_id or "",
        permit=permits.operator("publish"),
        note=given.note,
        accept_warnings=given.godta_varningar,
    )
    _tell(given, outcome, manifest)
    return 0


def _history(given: argparse.Namespace) -> int:
    entries = publishing.history(chosen_store())
    if given.json:
        print(json.dumps([asdict(entry) for entry in entries], ensure_ascii=False, default=str))
        return 0
    for entry in entries:
        mark = "*" if entry.is_current else " "
        print(
            f"{mark} {entry.version:>4}  {entry.created_at[:16].replace('T', ' ')}  {entry.created_by}  {entry.note}"
        )
        for line in entry.summary:
            print(f"         {line}")
    return 0


def _undo(given: argparse.Namespace) -> int:
    permit = permits.operator("undo")
    return _published(given, publishing.undo(chosen_store(), permit=permit, note=given.note))


def _restore(given: argparse.Namespace) -> int:
    permit = permits.operator("restore")
    return _published(
        given, publishing.restore(chosen_store(), given.version, permit=permit, note=given.note)
    )


def _regate(given: argparse.Namespace) -> int:
    manifest = regating.regate(chosen_store(), permit=permits.operator("publish"), note=given.note)
    said = f"Version {manifest.version} är publicerad. {regating.SUMMARY}"
    print(json.dumps(asdict(manifest), ensure_ascii=False) if given.json else said)
    return 0


def _published(given: argparse.Namespace, manifest: Manifest) -> int:
    said = f"Version {manifest.version} är publicerad med innehållet i version {manifest.restores}."
    print(json.dumps(asdict(manifest), ensure_ascii=False) if given.json else said)
    return 0


def _examined(given: argparse.Namespace) -> Outcome:
    path = Path(given.file)
    if not path.is_file():
        raise NotUnderstood(f"Filen {given.file} finns inte.")
    return desk.check(path, path.name, options=_options(given), progress=_step()).outcome


def _step() -> Callable[[str], None]:
    """Steps are told to whoever sits there, and to no log."""
    if sys.stderr.isatty():
        return lambda step: print(step, file=sys.stderr)
    return lambda step: None


def _options(given: argparse.Namespace) -> Options:
    named = {option: getattr(given, flag) for flag, (option, _) in FLAGS.items() if getattr(given, flag)}
    if "year" in named:
        named["year"] = _whole_number(named["year"])
    return Options(
        clock.today(),
        columns=_pairs("kolumn", given.kolumn),
        same_as=_pairs("samma", given.samma),
        replace=given.ersatt,
        **named,
    )


def _pairs(flag: str, given: Sequence[str]) -> dict[str, str]:
    if any("=" not in pair for pair in given):
        raise NotUnderstood(f"--{flag} skrivs som ”namn i filen=värde”.")
    return {name: value for name, _, value in (pair.rpartition("=") for pair in given)}


def _whole_number(text: str) -> int:
    if not text.isdigit():
        raise NotUnderstood(f"--ar är ett årtal, inte ”{text}”.")
    return int(text)


def _tell(given: argparse.Namespace, outcome: Outcome, manifest: Manifest | None = None) -> None:
    if given.json:
        content: dict[str, Any] = json.loads(outcome.as_json())
        content["sentences_of_findings"] = [sentence(finding) for finding in outcome.findings]
        content["published_version"] = manifest.version if manifest else None
        print(json.dumps(content, ensure_ascii=False))
        return
    print(f"{outcome.name}: {outcome.title}" if outcome.title else outcome.name)
    for finding in outcome.findings:
        print(f"  {_SEVERITY[finding.severity]}: {sentence(finding)}")
    for need in (*outcome.needs, *outcome.asks):
        print(f"  Fråga ({need.field}): {need.question} {dict(need.choices)} Förslag: {need.suggested}")
    for line in outcome.sentences:
        print(f"  {line}")
    print(f"Version {manifest.version} är publicerad." if manifest else _VERDICTS[outcome.verdict])


_SEVERITY = {"error": "Fel", "warning": "Varning", "notice": "Obs"}
_VERDICTS = {
    "accepted": "Filen kan publiceras.",
    "unchanged": "Inget att publicera.",
    "warnings": "Filen kan publiceras av den som godtar varningarna (--godta-varningar).",
    "rejected": "Filen kan inte publiceras.",
    "needs": "Filen behöver svar på frågorna ovan innan den kan läsas.",
}


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        raise NotUnderstood(
            f"Kommandot går inte att tolka ({message}). Hjälp: python -m queries.intake --help"
        )


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(prog="python -m queries.intake", description="Läser in, publicerar och ångrar.")
    commands = parser.add_subparsers(dest="command", required=True)
    for name in ("check", "publish"):
        command = commands.add_parser(name)
        command.add_argument("file", metavar="FIL")
        for flag, (_, explanation) in FLAGS.items():
            command.add_argument(f"--{flag}", help=explanation)
        command.add_argument("--kolumn", action="append", default=[], help="rubrik i filen=fält")
        command.add_argument(
            "--samma", action="append", default=[], help="namn i filen=id som det fortsätter"
        )
        command.add_argument(
            "--ersatt", action="store_true", help="ta bort publicerade rader som filen saknar"
        )
    fetch = commands.add_parser("fetch")
    fetch.add_argument("--kommun", nargs="+", default=[], help="kommunkoder vars skolor hämtas")
    fetch.add_argument("--indikator", nargs="+", default=[], help="Koladas id, t.ex. N15505")
    fetch.add_argument("--publish", action="store_true", help="publicera det som hämtas")
    fetch.add_argument(
        "--fran-borjan", action="store_true", help="glöm det som finns kvar av en avbruten hämtning"
    )
    for name in ("publish", "fetch", "undo", "restore", "regate"):
        command = commands.choices.get(name) or commands.add_parser(name)
        command.add_argument("--note", default="", help="anteckning till historiken")
    for name in ("publish", "fetch"):
        commands.choices[name].add_argument("--godta-varningar", action="store_true")
    commands.choices["restore"].add_argument("version", type=int, metavar="VERSION")
    commands.add_parser("history")
    upkeep.add_to(commands)
    for command in commands.choices.values():
        command.add_argument("--json", action="store_true", help="svara med JSON")
    return parser


if __name__ == "__main__":
    sys.exit(main())

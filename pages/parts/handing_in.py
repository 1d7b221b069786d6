"""Files that are handed in: taken from the browser, checked, published or dropped; and undoing what was published.

A visit looks at one file at a time in each place where files come from. Whatever changes something asks first whether
this visit may, just before it is done.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from threading import Lock
from typing import BinaryIO, NamedTuple

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx
from streamlit.runtime.uploaded_file_manager import UploadedFile

from pages.parts import access, version
from pages.parts.source import store
from queries import clock
from queries.connection import settings
from queries.intake import desk, drafts, publishing
from queries.intake.desk import Checked
from queries.intake.drafts import DraftGone
from queries.intake.outcome import Outcome
from queries.intake.publishing import BaseMoved, NotPublished
from queries.intake.reading import Options
from queries.permits import Permit
from queries.versions import BrokenVersion, Manifest

CHECKED_AGAIN = (
    "Filen är nu kontrollerad igen mot den senaste versionen. Titta igenom ändringarna och publicera."
)
OLD_IS_SHOWN = "Du ser en äldre version. Visa den senaste för att läsa in, publicera eller ångra."
WHAT_CAN_BE_READ = (
    "Filen kontrolleras direkt, och inget publiceras förrän du har sett vad som ändras. Det som kan läsas är "
    "Skolverkets statistik, Kolada, Skolenkäten, tabeller med mål eller åtgärder, och mallarna. "
    "CSV, Excel, OpenDocument, Parquet och JSON går bra."
)


class Doings(NamedTuple):
    """What data/access.csv calls taking a file in a place, checking it and publishing it."""

    take: str
    check: str
    publish: str


# Every place where files come from or versions are changed.
PLACES = {
    "fil": Doings("upload", "check", "publish"),
    "kolada": Doings("fetch", "check", "publish"),
    "grupper": Doings("group", "group", "group"),
    "ord": Doings("word", "word", "word"),
    "historik": Doings("undo", "undo", "undo"),
    "dagordning": Doings("note", "note", "note"),
    "fragebank": Doings("note", "note", "note"),
    "overenskommet": Doings("note", "note", "note"),
}


@dataclass(frozen=True)
class HandedIn:
    """A file that the visit is looking at. checked is None until it has been, and again when that no longer holds.

    file is the only copy of the bytes, and None once they have been let go of. said is what the last try to publish
    came to, or what is to be known of the file.
    """

    file: BinaryIO | None
    name: str
    options: Options
    checked: Checked | None = None
    said: str = ""

    @property
    def outcome(self) -> Outcome:
        """What the check came to."""
        assert self.checked is not None
        return self.checked.outcome


@dataclass(frozen=True)
class Done:
    """What the visit did last: the version that it published, or why nothing was published."""

    said: str
    manifest: Manifest | None = None
    is_undone: bool = False


@dataclass
class Tray:
    """What a visit holds in one place: the file that it looks at, and what it did last.

    At a second click Streamlit starts a new run beside the first, and ends the first when that next touches the page or
    the session. So whatever must happen once happens under the lock, and is noted here and not in the session.
    """

    handed: HandedIn | None = None
    done: Done | None = None
    taken: int = 0
    lock: Lock = field(default_factory=Lock)


def closed(place: str, municipality_id: str | None = None) -> str | None:
    """Why this visit may begin nothing in a place now, for a municipality or for any; None when it may."""
    what = PLACES[place].take
    if not access.may(what, municipality_id):
        return access.refusal(what)
    return OLD_IS_SHOWN if version.is_old() else None


def done(place: str) -> Done | None:
    """What the visit did last in a place."""
    return _tray(place).done


def uploader(place: str) -> None:
    """The field that takes a file. A new file takes the place of the one that was looked at before."""
    tray = _tray(place)
    # Under a new name the field is empty again.
    given = st.file_uploader(
        "Fil att läsa in",
        key=f"fil-{place}-{tray.taken}",
        max_upload_size=settings()["intake"]["file_mb"],
    )
    if tray.handed is None and tray.done is None:
        st.caption(WHAT_CAN_BE_READ)
    if given is not None:
        _let_go(given)
        tray.taken += 1
        access.demand(PLACES[place].take)
        hand_in(place, given, given.name)


def hand_in(place: str, file: BinaryIO, name: str, options: Options | None = None) -> None:
    """Begin to look at a file: it is checked at the next call of looked_at."""
    drop(place)
    tray = _tray(place)
    tray.handed, tray.done = HandedIn(file, name, options or Options(clock.today())), None


def hand_over(place: str, file: BinaryIO, name: str, checked: Checked, said: Sequence[str] = ()) -> None:
    """Begin to look at a file that has been checked already. said is what else there is to know of it."""
    drop(place)
    tray = _tray(place)
    tray.handed = HandedIn(file, name, Options(clock.today()), checked, " ".join(said))
    tray.done = None


def is_looking(place: str) -> bool:
    """Whether the visit looks at a file in a place."""
    return _tray(place).handed is not None


def looked_at(place: str) -> HandedIn | None:
    """The file that the visit is looking at, checked; None when there is none. A check ends with a new run."""
    tray = _tray(place)
    handed = tray.handed
    if handed is None or handed.checked is not None:
        return handed
    if handed.file is None or closed(place):
        drop(place)
        return None
    permit = access.demand(PLACES[place].check)
    with st.status("Kontrollerar filen", expanded=True):
        checked = desk.check(
            handed.file,
            handed.name,
            store=store(),
            options=replace(handed.options, quoted=permit.municipality_ids),
            progress=lambda step: st.text(step),
        )
    further = _further(checked, permit)
    # A file with personal data is let go of at once.
    file = None if checked.outcome.took_personal_data else handed.file
    with tray.lock:
        if tray.handed is handed and further:
            # What it would change is not for this visit to see either.
            _discard(checked)
            tray.handed, tray.done = None, Done(further)
        elif tray.handed is handed:
            tray.handed = replace(handed, file=file, checked=checked)
        else:
            _discard(checked)
    st.rerun()


def answer(place: str, options: Options) -> None:
    """Check the file again with the analyst's answers."""
    tray = _tray(place)
    with tray.lock:
        if tray.handed is not None:
            _discard(tray.handed.checked)
            tray.handed = replace(tray.handed, options=options, checked=None, said="")


def drop(place: str) -> None:
    """Forget the file and its draft."""
    tray = _tray(place)
    with tray.lock:
        if tray.handed is not None:
            _discard(tray.handed.checked)
        tray.handed = None


def publish(place: str, draft_id: str, note: str, accepted: str) -> None:
    """Publish a draft that was looked at. note and accepted are the names of the fields that the analyst filled in.

    A second click, or one on a page that another file has replaced, finds another draft or none and does nothing. When
    somebody else has published meanwhile, or the draft is gone, the same bytes are checked again.
    """
    written, is_accepted = st.session_state.get(note) or "", bool(st.session_state.get(accepted))
    is_old, tray, where = version.is_old(), _tray(place), store()
    with tray.lock:
        handed = tray.handed
        if handed is None or handed.checked is None or handed.outcome.draft_id != draft_id:
            return
        if is_old:
            tray.handed = replace(handed, said=OLD_IS_SHOWN)
            return
        try:
            permit = access.demand(PLACES[place].publish)
            manifest = publishing.publish(
                where, draft_id, permit=permit, note=written, accept_warnings=is_accepted
            )
        except (BaseMoved, DraftGone) as reason:
            _discard(handed.checked)
            tray.handed = replace(handed, checked=None, said=f"{reason} {CHECKED_AGAIN}")
        except (access.Refused, NotPublished, BrokenVersion) as reason:
            tray.handed = replace(handed, said=str(reason))
        else:
            tray.handed = None
            tray.done = Done(f"Version {manifest.version} är publicerad.", manifest)


def undo(place: str, current: int, is_redo: bool = False) -> None:
    """Undo the version that the analyst saw as the newest; undoing an undo does it again."""
    what = "Ändringen gäller igen" if is_redo else f"Version {current} är ångrad"
    where = store()

    def act() -> Done:
        manifest = publishing.undo(where, permit=access.demand("undo"), current=current)
        return Done(f"{what}. Version {manifest.version} visas nu.", manifest, is_undone=not is_redo)

    _change(place, current, act)


def restore(place: str, wanted: int, current: int) -> None:
    """Make an earlier version's content the newest."""
    where = store()

    def act() -> Done:
        manifest = publishing.restore(where, wanted, permit=access.demand("restore"), current=current)
        return Done(f"Version {manifest.version} är publicerad med innehållet i version {wanted}.", manifest)

    _change(place, current, act)


def _change(place: str, current: int, act: Callable[[], Done]) -> None:
    is_old, tray = version.is_old(), _tray(place)
    with tray.lock:
        last = tray.done.manifest if tray.done else None
        if last is not None and last.parent == current:
            # A second click: the first has done it.
            return
        try:
            tray.done = Done(OLD_IS_SHOWN) if is_old else act()
        except (access.Refused, NotPublished, BrokenVersion) as reason:
            tray.done = Done(str(reason))


def _further(checked: Checked, permit: Permit) -> str:
    """Why a file that was checked is not shown: it changes more than this visit may; empty when it does not."""
    if checked.outcome.draft_id is None:
        return ""
    try:
        publishing.hold_within(store(), checked.outcome.draft_id, permit)
    except (publishing.NotPermitted, DraftGone, BrokenVersion) as reason:
        return str(reason)
    return ""


def _discard(checked: Checked | None) -> None:
    if checked is not None and checked.outcome.draft_id is not None:
        drafts.discard(store(), checked.outcome.draft_id)


def _let_go(given: UploadedFile) -> None:
    """Take the file out of Streamlit's own keeping, where it would stay for as long as the visit lasts."""
    context = get_script_run_ctx()
    if context is not None:
        context.uploaded_file_mgr.remove_file(context.session_id, given.file_id)


def _tray(place: str) -> Tray:
    return st.session_state.setdefault(f"bricka-{place}", Tray())

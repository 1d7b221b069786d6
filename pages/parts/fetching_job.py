"""A fetch from Kolada that goes on beside the visits: one at a time for the whole server, whoever looks at it."""

from __future__ import annotations

import threading
from dataclasses import dataclass, replace
from io import BytesIO

from pages.parts.serving import logged
from queries import clock
from queries.connection import Library
from queries.intake import desk, kolada_fetch
from queries.intake.desk import Checked
from queries.intake.kolada_fetch import Fetched
from queries.intake.kolada_shapes import FetchFailed

BEGINS = "Börjar hämta."
CHECKS = "Allt är hämtat. Kontrollerar uppgifterna: {step}."
BUG = "Hämtningen kunde inte göras klar. Felet ligger hos oss: ange referens {reference} när du hör av dig."


@dataclass(frozen=True)
class Course:
    """How far a fetch has come: a sentence and the part that is done, from 0 to 1. failure says why it ended early."""

    said: str = ""
    part: float = 0.0
    is_running: bool = False
    failure: str = ""


@dataclass(frozen=True)
class Result:
    """A fetch that has been checked, ready to be looked at."""

    fetched: Fetched
    checked: Checked


class FetchingJob:
    """At most one fetch at a time, in a thread of its own. Its result is handed to the first visit that takes it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._course = Course()
        self._result: Result | None = None
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None

    @property
    def course(self) -> Course:
        """How far the fetch has come."""
        return self._course

    @property
    def is_done(self) -> bool:
        """Whether there is a result that nobody has taken."""
        return self._result is not None

    def start(self, library: Library, *, anew: bool = False) -> bool:
        """Begin a fetch of what the newest version follows; anew: without the pages that an earlier one left.

        False when one is going on already.
        """
        with self._lock:
            if self._course.is_running:
                return False
            self._course, self._stop = Course(BEGINS, is_running=True), threading.Event()
            self._thread = threading.Thread(
                target=self._run, args=(library, anew, self._stop), name="kolada", daemon=True
            )
            self._thread.start()
        return True

    def stop(self) -> None:
        """Let the fetch end before its next question."""
        self._stop.set()

    def take(self) -> Result | None:
        """The result, once; None while there is none."""
        with self._lock:
            taken, self._result = self._result, None
        return taken

    def wait(self) -> None:
        """Wait until no fetch is going on."""
        if self._thread is not None:
            self._thread.join()

    def _run(self, library: Library, anew: bool, stop: threading.Event) -> None:
        failure, result = "", None
        try:
            result = self._fetched_and_checked(library, anew, stop)
        except FetchFailed as reason:
            failure = str(reason)
        except Exception as error:
            # Nobody waits for this thread: whatever went wrong is logged, and told with a reference.
            failure = BUG.format(reference=logged(error))
        with self._lock:
            self._result = result
            self._course = Course(failure=failure)

    def _fetched_and_checked(self, library: Library, anew: bool, stop: threading.Event) -> Result:
        pages = kolada_fetch.kept_pages(library.store)
        if anew:
            pages.clear()
        asked = kolada_fetch.wanted(library.open(), today=clock.today())
        fetched = kolada_fetch.fetch(asked, library.store, progress=self._tell, stop=stop)
        checked = desk.check(
            BytesIO(fetched.content),
            fetched.name,
            store=library.store,
            progress=lambda step: self._tell(CHECKS.format(step=step[:1].lower() + step[1:]), 1.0),
        )
        if checked.outcome.verdict != "rejected":
            # What was fetched is in the draft now, or says nothing new.
            pages.clear()
        return Result(fetched, checked)

    def _tell(self, said: str, part: float) -> None:
        self._course = replace(self._course, said=said, part=part)

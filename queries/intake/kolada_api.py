"""Questions to Kolada's API v3, one page at a time: polite, patient, and never beyond its own address.

What passes by itself (too many questions, a fault of the server, a broken connection, a body that was cut off) is
asked again, at growing distances. Everything else stops the fetch with a Swedish sentence. Pages that have been
fetched are kept, so that the next try goes on where this one ended.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, fields
from datetime import UTC
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from threading import Event
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import requests
from tenacity import RetryCallState, Retrying, retry_if_exception_type, stop_after_attempt
from tenacity.wait import wait_exponential_jitter

from queries.intake.fetched_pages import FetchedPages
from queries.intake.json_documents import LARGEST
from queries.intake.kolada_shapes import ChangedAnswer, FetchFailed, Page, Question, Row, page_of

# The API's own limits: more than either is answered with 422.
IDS_IN_PATH = 25
ROWS_ON_PAGE = 5_000
# A page of values takes some 1.5 MB, the longest list 3 MB.
LARGEST_PAGE = 32_000_000
# Twenty-five indicators for all municipalities in twenty-five years fill some forty pages.
MOST_PAGES = 400
PIECE = 2**16
PASSING = (
    HTTPStatus.TOO_MANY_REQUESTS,
    HTTPStatus.INTERNAL_SERVER_ERROR,
    HTTPStatus.BAD_GATEWAY,
    HTTPStatus.SERVICE_UNAVAILABLE,
    HTTPStatus.GATEWAY_TIMEOUT,
)
AGENT = "Namndkollen"
LONGEST_QUOTED = 200
NO_ANSWER = "Kolada går inte att nå"
TOO_SLOW = "Kolada svarade inte inom {seconds:g} sekunder"
CUT_OFF = "Koladas svar var avklippt"
WEB_PAGE = "Kolada svarade med en webbsida i stället för uppgifter"
WHAT_TO_DO = "Försök igen om en stund: det som hann hämtas finns kvar."
TOO_LARGE = "Koladas svar är större än vad som kan läsas ({megabytes} MB). Hämta färre nyckeltal åt gången."

Say = Callable[[str], None]


class NotAnswering(FetchFailed):
    """Kolada does not answer, or not in time: the same fetch may succeed later."""


class Stopped(FetchFailed):
    """Somebody stopped the fetch."""


class _Passing(Exception):
    """What another try may mend. The text is Swedish, without a full stop. after: the wait in seconds that was asked for."""

    def __init__(self, said: str, after: float | None = None) -> None:
        super().__init__(said)
        self.after = after


@dataclass(frozen=True)
class Manners:
    """How Kolada is asked, with the names of [kolada] in data/settings.toml, all times in seconds.

    first_wait and longest_wait: between two tries of the same question.
    """

    base_url: str
    pause_seconds: float
    request_seconds: float
    total_seconds: float
    attempts: int
    first_wait: float = 1.0
    longest_wait: float = 120.0

    @classmethod
    def from_settings(cls, settings: Mapping[str, Any]) -> Manners:
        """The manners of the whole settings file. Raises FetchFailed for an address that is none."""
        told = settings["kolada"]
        manners = cls(**{each.name: told[each.name] for each in fields(cls) if each.name in told})
        address = urlsplit(manners.base_url)
        if address.scheme not in ("https", "http") or not address.hostname:
            raise FetchFailed(f"Adressen ”{manners.base_url}” i data/settings.toml är ingen webbadress.")
        return manners


class Kolada:
    """A talk with Kolada: as many questions as one fetch needs, within its limits of time and size."""

    def __init__(
        self,
        manners: Manners,
        kept: FetchedPages,
        *,
        say: Say = lambda sentence: None,
        stop: Event | None = None,
    ) -> None:
        self.manners, self.kept, self.say, self.stop = manners, kept, say, stop or Event()
        # When the oldest page of the fetch was fetched, and how many pages were kept since before.
        self.oldest = time.time()
        self.reused = 0
        self._session = requests.Session()
        self._session.headers.update({"User-Agent": AGENT, "Accept": "application/json"})
        self._ends = time.monotonic() + manners.total_seconds
        self._taken = 0
        self._has_asked = False
        self._backing_off = wait_exponential_jitter(
            max=manners.longest_wait, jitter=manners.first_wait, multiplier=manners.first_wait
        )

    def pages(self, question: Question) -> Iterator[list[Row]]:
        """The rows of each page of the answer.

        Raises NotAnswering, Stopped, ChangedAnswer, or FetchFailed for a question that Kolada refuses.
        """
        join = "&" if "?" in question.path else "?"
        url: str | None = f"{self.manners.base_url}{question.path}{join}per_page={ROWS_ON_PAGE}"
        seen: set[str] = set()
        while url is not None:
            if url in seen or len(seen) >= MOST_PAGES:
                # Kept, they would lead the next fetch round in the same way.
                for each in seen:
                    self.kept.drop(each)
                raise ChangedAnswer(
                    f"Koladas svar tar aldrig slut ({question.kind}): samma sida kom två gånger, "
                    f"eller fler än {MOST_PAGES} sidor. Svaret läses därför inte."
                )
            seen.add(url)
            page = self._page(question, url)
            yield page.rows
            url = None if page.next_url is None else self._own(page.next_url)

    def _page(self, question: Question, url: str) -> Page:
        known = self.kept.get(url)
        if known is not None:
            body, fetched = known
            try:
                page = page_of(body, question, ROWS_ON_PAGE)
            except (ValueError, RecursionError, ChangedAnswer):
                # Kept by an older program, or spoilt: Kolada is asked again.
                self.kept.drop(url)
            else:
                self._count(body)
                self.oldest, self.reused = min(self.oldest, fetched), self.reused + 1
                return page
        body, page = self._answered(question, url)
        self.kept.keep(url, body)
        return page

    def _answered(self, question: Question, url: str) -> tuple[bytes, Page]:
        """The answer to one request, asked for as often as the manners allow."""
        tries = Retrying(
            retry=retry_if_exception_type(_Passing),
            stop=stop_after_attempt(self.manners.attempts),
            wait=self._wait,
            sleep=self._sleep,
            before_sleep=self._tell,
            reraise=True,
        )
        try:
            return tries(self._once, question, url)
        except _Passing as reason:
            times = "en gång" if self.manners.attempts == 1 else f"{self.manners.attempts} gånger"
            raise NotAnswering(f"{reason}, och frågan har ställts {times}. {WHAT_TO_DO}") from reason

    def _once(self, question: Question, url: str) -> tuple[bytes, Page]:
        if self._has_asked:
            self._sleep(self.manners.pause_seconds)
        self._go_on()
        self._has_asked = True
        timeout = self.manners.request_seconds
        try:
            with self._session.get(url, timeout=timeout, stream=True, allow_redirects=False) as response:
                _refuse(response)
                body = self._body(response)
        except requests.Timeout as error:
            raise _Passing(TOO_SLOW.format(seconds=timeout)) from error
        except (requests.exceptions.ChunkedEncodingError, requests.exceptions.ContentDecodingError) as error:
            raise _Passing(CUT_OFF) from error
        except requests.RequestException as error:
            raise _Passing(NO_ANSWER) from error
        try:
            page = page_of(body, question, ROWS_ON_PAGE)
        except (ValueError, RecursionError) as error:
            raise _Passing(WEB_PAGE if body.lstrip()[:1] == b"<" else CUT_OFF) from error
        if page.next_url is not None:
            # Before the page is kept: one that leads elsewhere would do so again.
            self._own(page.next_url)
        self._count(body)
        return body, page

    def _body(self, response: requests.Response) -> bytes:
        """The whole body. What trickles in for longer than one request may take counts as no answer."""
        body, ends = bytearray(), time.monotonic() + self.manners.request_seconds
        for piece in response.iter_content(PIECE):
            body += piece
            self._go_on()
            if len(body) > LARGEST_PAGE:
                raise FetchFailed(TOO_LARGE.format(megabytes=LARGEST_PAGE // 1_000_000))
            if time.monotonic() > ends:
                raise _Passing(TOO_SLOW.format(seconds=self.manners.request_seconds))
        return bytes(body)

    def _count(self, body: bytes) -> None:
        self._taken += len(body)
        if self._taken > LARGEST:
            raise FetchFailed(TOO_LARGE.format(megabytes=LARGEST // 1_000_000))

    def _own(self, url: str) -> str:
        """The address of a next page, which must be one of the same server's."""
        base, told = urlsplit(self.manners.base_url), urlsplit(url)
        # A server behind a proxy may not know that it is asked over https.
        is_plain = (told.scheme, told.netloc, base.scheme) == ("http", base.netloc, "https")
        if not is_plain and (told.scheme, told.netloc) != (base.scheme, base.netloc):
            raise ChangedAnswer(
                f"Kolada hänvisar till en annan server ({told.netloc[:80]}). Dit ställs inga frågor."
            )
        return urlunsplit((base.scheme, base.netloc, told.path, told.query, ""))

    def _go_on(self) -> None:
        if self.stop.is_set():
            raise Stopped("Hämtningen är avbruten. Det som hann hämtas finns kvar.")
        if time.monotonic() > self._ends:
            minutes = round(self.manners.total_seconds / 60)
            raise NotAnswering(f"Hämtningen tog längre tid än {minutes} minuter. {WHAT_TO_DO}")

    def _sleep(self, seconds: float) -> None:
        self.stop.wait(seconds)

    def _wait(self, tried: RetryCallState) -> float:
        reason = tried.outcome.exception() if tried.outcome else None
        asked_for = reason.after if isinstance(reason, _Passing) else None
        waits = self._backing_off(tried) if asked_for is None else asked_for
        return min(max(waits, 0.0), self.manners.longest_wait)

    def _tell(self, tried: RetryCallState) -> None:
        reason = tried.outcome.exception() if tried.outcome else None
        seconds = tried.next_action.sleep if tried.next_action else 0
        self.say(
            f"{reason}. Frågar igen om {seconds:.0f} s "
            f"(försök {tried.attempt_number + 1} av {self.manners.attempts})."
        )


def _refuse(response: requests.Response) -> None:
    """Raise what an answer other than 200 means."""
    status = response.status_code
    if status == HTTPStatus.OK:
        return
    if status in PASSING:
        many = status == HTTPStatus.TOO_MANY_REQUESTS
        said = "Kolada får för många frågor (429)" if many else f"Kolada svarade med fel {status}"
        raise _Passing(said, _seconds_of(response.headers.get("Retry-After")))
    if response.is_redirect:
        raise ChangedAnswer(
            f"Kolada hänvisar till en annan adress ({status}). Rätta base_url under [kolada] i data/settings.toml."
        )
    told = " ".join(response.raw.read(LONGEST_QUOTED, decode_content=True).decode("utf-8", "replace").split())
    if status == HTTPStatus.GONE:
        raise FetchFailed(
            f"Kolada har stängt den adress som används (410: ”{told}”). Ett nyare Nämndkollen behövs, eller en ny "
            "base_url under [kolada] i data/settings.toml."
        )
    if status == HTTPStatus.UNPROCESSABLE_ENTITY:
        raise FetchFailed(
            f"Kolada godtar inte frågan (422: ”{told}”). Felet ligger i Nämndkollen, inte hos dig: hör av dig."
        )
    raise FetchFailed(f"Kolada svarade med {status} (”{told}”). Det hjälper inte att fråga igen.")


def _seconds_of(retry_after: str | None) -> float | None:
    """How long a header Retry-After asks us to wait: a number of seconds, or a moment."""
    if retry_after is None:
        return None
    if retry_after.strip().isdecimal():
        return float(retry_after)
    try:
        moment = parsedate_to_datetime(retry_after)
    except ValueError:
        return None
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return moment.timestamp() - time.time()

"""A server on this computer that answers as Kolada's API v3 does, with its limits and traps, and with faults to order.

    with KoladaServer(made_kolada()) as server:
        server.fails("/data/", status(503), times=2)
        … ask server.base_url …

What it knows is made for the tests. server.asked tells what was asked, in order.
"""

from __future__ import annotations

import io
import json
import random
import re
import socket
import struct
import threading
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

MOST_IDS = 25
MOST_ROWS = 5_000
ANSWER = re.compile(
    r"/v3/(?P<kind>kpi|municipality|municipality_groups|ou)(/(?P<ids>[^/]+))?"
    r"|/v3/(?P<values>data|oudata)/kpi/(?P<kpi>[^/]+)(/(?P<place>municipality|ou)/(?P<places>[^/]+))?(/year/(?P<year>[^/]+))?"
    r"|/v3/(?P<open>data|oudata)"
)

Answer = dict[str, Any]
# What happens instead of the answer to one request.
Fault = Callable[["_Handler", Answer], None]
# (kpi, place, year, gender, value, status)
Value = tuple[str, str, int, str, float | None, str]


@dataclass
class Register:
    """What the server knows. The values are single ones; deleted are those that were withdrawn, in the same form."""

    kpis: list[Answer]
    municipalities: list[Answer]
    groups: list[Answer] = field(default_factory=list)
    units: list[Answer] = field(default_factory=list)
    values: list[Value] = field(default_factory=list)
    unit_values: list[Value] = field(default_factory=list)
    deleted: list[Value] = field(default_factory=list)


def kpi(kpi_id: str, title: str, *, has_ou_data: bool = False, **more: Any) -> Answer:
    """A row of Kolada's list of indicators."""
    return {
        "id": kpi_id, "title": title, "description": f"Beskrivning av {kpi_id}.", "is_divided_by_gender": True,
        "municipality_type": "K", "auspice": "E", "operating_area": "Grundskola", "perspective": "Kvalitet och resultat",
        "prel_publication_date": None, "publication_date": "2027-03-31", "publ_period": "2026",
        "has_ou_data": has_ou_data, **more,
    }  # fmt: skip


def made_kolada(
    indicator_ids: Iterable[str] = ("N15505", "N15419"), years: Iterable[int] = (2024, 2025)
) -> Register:
    """Three municipalities and the country with made values, two units in Ekerö, one of them not of education.

    Ekerö's newest value of the first indicator is secret for boys, and one value of Piteå has been withdrawn.
    """
    ids, places = (
        list(indicator_ids),
        {"0000": "Riket", "0125": "Ekerö", "0117": "Österåker", "2581": "Piteå"},
    )
    values = [
        (kpi_id, place, year, gender, 50.0 + number % 40 + at + year % 10 / 10, "")
        for number, kpi_id in enumerate(ids)
        for at, place in enumerate(places)
        for year in years
        for gender in "TKM"
    ]
    secret = (ids[0], "0125", max(years), "M")
    deleted = (ids[0], "2581", max(years), "K")
    return Register(
        [kpi(each, f"Nyckeltal  {each}, andel (%)", has_ou_data=each == ids[0]) for each in ids],
        [{"id": each, "title": name, "type": "L" if each == "0000" else "K"} for each, name in places.items()],
        [{"id": "G1", "title": "Liknande kommuner grundskola, Ekerö, 2025",
          "members": [{"member_id": "0117", "member_title": "Österåker"}]}],
        [{"id": "V15E012500101", "title": "Påhittade skolan", "municipality": "0125"},
         {"id": "V23E012500102", "title": "Påhittade hemmet", "municipality": "0125"},
         {"id": "V15E011700103", "title": "Påhittade norra skolan", "municipality": "0117"}],
        [(*row[:4], None, "Privacy") if row[:4] == secret else row for row in values if row[:4] != deleted],
        [(ids[0], "V15E012500101", max(years), "T", 71.0, ""), (ids[0], "V15E011700103", max(years), "T", None, "Privacy")],
        [(*deleted, None, "")],
    )  # fmt: skip


class KoladaServer:
    """The server, on a port of its own, for as long as the with block lasts. rows_on_page: fewer make more pages."""

    def __init__(self, register: Register, rows_on_page: int = MOST_ROWS) -> None:
        self.register, self.rows_on_page = register, rows_on_page
        self.asked: list[str] = []
        self.faults: list[tuple[str, Fault]] = []
        # Set when the server closes: a slow answer then ends.
        self.is_closing = threading.Event()
        self._random = random.Random(20261122)
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
        self._server.daemon_threads = True
        self._server.kolada = self

    def __enter__(self) -> KoladaServer:
        threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.is_closing.set()
        self._server.shutdown()
        self._server.server_close()

    @property
    def origin(self) -> str:
        """Scheme, host and port."""
        return f"http://127.0.0.1:{self._server.server_port}"

    @property
    def base_url(self) -> str:
        """What stands as base_url in the settings."""
        return f"{self.origin}/v3"

    def fails(self, part: str, fault: Fault, times: int = 1) -> None:
        """Let the next requests whose address holds a part go wrong."""
        self.faults += [(part, fault)] * times

    def fault_of(self, address: str) -> Fault | None:
        """What is to go wrong with a request, if anything."""
        for at, (part, fault) in enumerate(self.faults):
            if part in address:
                del self.faults[at]
                return fault
        return None

    def answer(self, address: str) -> tuple[int, Answer]:
        """Status and body for an address."""
        told = urlsplit(address)
        query = {name: values[0] for name, values in parse_qs(told.query).items()}
        if told.path.startswith("/v2/"):
            return 410, {"error": "This endpoint is deprecated. Please use /v3 instead."}
        match = ANSWER.fullmatch(told.path)
        if match is None:
            return 404, {"detail": "Not Found"}
        found = match.groupdict()
        lists = {name: found[name].split(",") for name in ("ids", "kpi", "places", "year") if found[name]}
        if any(len(each) > MOST_IDS for each in lists.values()) or int(query.get("per_page", 1)) > MOST_ROWS:
            return 422, {"detail": [{"type": "too_long", "msg": "List should have at most 25 items"}]}
        return 200, self._page(told.path, query, self._rows(found, lists, query))

    def _rows(
        self, found: Mapping[str, Any], lists: Mapping[str, list[str]], query: Mapping[str, str]
    ) -> list[Answer]:
        if found["open"]:
            # The form with a query is taken and answered with nothing.
            return []
        if found["values"]:
            return self._values(found["values"], lists)
        rows = {
            "kpi": self.register.kpis, "municipality": self.register.municipalities,
            "municipality_groups": self.register.groups, "ou": self.register.units,
        }[found["kind"]]  # fmt: skip
        rows = [row for row in rows if "ids" not in lists or row["id"] in lists["ids"]]
        wanted = query.get("municipality") if found["kind"] == "ou" else None
        return [row for row in rows if wanted is None or row["municipality"] == wanted]

    def _values(self, kind: str, lists: Mapping[str, list[str]]) -> list[Answer]:
        place = "municipality" if kind == "data" else "ou"
        told = self.register.values if kind == "data" else self.register.unit_values
        rows: dict[tuple[str, str, int], list[Answer]] = defaultdict(list)
        for is_deleted, values in ((False, told), (True, self.register.deleted if kind == "data" else [])):
            for kpi_id, where, year, gender, value, status in values:
                is_asked = kpi_id in lists["kpi"] and str(year) in lists.get("year", [str(year)])
                if is_asked and where in lists.get("places", [where]):
                    rows[kpi_id, where, year].append(
                        {
                            "gender": gender,
                            "count": 1,
                            "status": status,
                            "value": value,
                            "isdeleted": is_deleted,
                        }
                    )
        for values in rows.values():
            self._random.shuffle(values)
        return [
            {"kpi": key[0], place: key[1], "period": key[2], "values": values} for key, values in rows.items()
        ]

    def _page(self, path: str, query: Mapping[str, str], rows: list[Answer]) -> Answer:
        size = min(int(query.get("per_page", MOST_ROWS)), self.rows_on_page)
        number = int(query.get("page", 1))
        shown = rows[(number - 1) * size : number * size]

        def page(other: int) -> str:
            return f"{self.origin}{path}?{urlencode({**query, 'page': other})}"

        return {
            "values": shown,
            "count": len(shown),
            "next_url": page(number + 1) if number * size < len(rows) else None,
            "previous_url": page(number - 1) if number > 1 else None,
        }


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        kolada = self.server.kolada
        kolada.asked.append(self.path)
        code, answer = kolada.answer(self.path)
        fault = kolada.fault_of(self.path)
        if fault is not None:
            fault(self, answer)
        else:
            self.give(code, json.dumps(answer, ensure_ascii=False).encode())

    def give(self, code: int, body: bytes, length: int | None = None, **headers: str) -> None:
        self.send_response(code)
        headers = {"Content-Type": "application/json", **headers}
        for name, value in {
            **headers,
            "Content-Length": str(len(body) if length is None else length),
        }.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Nothing is told on the screen."""


def status(code: int, **headers: str) -> Fault:
    """An error of the server, with headers such as Retry_After="1"."""
    return lambda handler, answer: handler.give(code, b'{"detail": "Nej"}', **headers)


def web_page(handler: _Handler, answer: Answer) -> None:
    """A page in HTML that says 200."""
    handler.give(200, b"<!DOCTYPE html><html><body>Underh\xc3\xa5ll</body></html>", Content_Type="text/html")


def cut_off(handler: _Handler, answer: Answer) -> None:
    """Half of a body, and then the connection ends."""
    body = json.dumps(answer).encode()
    handler.give(200, body[: len(body) // 2], length=len(body))
    handler.close_connection = True


def broken_json(handler: _Handler, answer: Answer) -> None:
    """Half of a body that says it is whole."""
    body = json.dumps(answer).encode()
    handler.give(200, body[: len(body) // 2])


def reset(handler: _Handler, answer: Answer) -> None:
    """The connection is torn down."""
    handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    handler.close_connection = True
    handler.connection.close()
    # What the handler still has to say goes nowhere.
    handler.wfile = io.BytesIO()


def slow(handler: _Handler, answer: Answer) -> None:
    """No answer for as long as the server is there."""
    handler.server.kolada.is_closing.wait()
    handler.close_connection = True


@dataclass(frozen=True)
class Held:
    """The answer, once somebody lets it go. has_come is set when the question is there."""

    has_come: threading.Event = field(default_factory=threading.Event)
    let_go: threading.Event = field(default_factory=threading.Event)

    def __call__(self, handler: _Handler, answer: Answer) -> None:
        """Wait, and answer."""
        self.has_come.set()
        self.let_go.wait()
        handler.give(200, json.dumps(answer).encode())


def changed(edit: Callable[[Answer], object]) -> Fault:
    """The answer after an edit of the page."""

    def give(handler: _Handler, answer: Answer) -> None:
        edit(answer)
        handler.give(200, json.dumps(answer).encode())

    return give


def last_page_again(handler: _Handler, answer: Answer) -> None:
    """A page that says that it is itself the next one."""
    changed(lambda page: page.update(next_url=f"{handler.server.kolada.origin}{handler.path}"))(
        handler, answer
    )

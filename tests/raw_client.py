"""A browser tab without a browser: Streamlit's own messages over a websocket, honest or forged.

Screen knows the messages and no network, so that tests can speak it here and benchmarks with many visitors at once.
"""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.Common_pb2 import FileUploaderState
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState
from websockets.sync.client import ClientConnection, connect

XSRF = "_streamlit_xsrf"
ANSWER_LIMIT_SECONDS = 60
# A choice is a text, a click is True, a choice of several a list; a file comes as the server's own message.
Value = str | bool | list[str] | FileUploaderState
Frames = list[bytes]


@dataclass
class Screen:
    """What a tab knows of its visit. elements are those of the last run, by the server's ids; files by where they lie;
    timers the seconds after which a browser asks for a part of the page again, by the part's id.
    """

    address: str = ""
    query: str = ""
    script_hash: str = ""
    session_id: str = ""
    elements: dict[str, Any] = field(default_factory=dict)
    texts: list[str] = field(default_factory=list)
    headings: list[str] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)
    timers: dict[str, float] = field(default_factory=dict)
    _is_part: bool = False

    def run(self, values: Mapping[str, Value] | None = None, *, fragment_id: str = "") -> bytes:
        """The message that asks for a run, of the whole page or of one fragment. values: widget id → what it holds."""
        self._is_part = bool(fragment_id)
        self._begin()
        message = BackMsg()
        asked = message.rerun_script
        asked.query_string, asked.fragment_id = self.query, fragment_id
        asked.page_script_hash = self.script_hash
        asked.page_name = "" if self.script_hash else self.address
        asked.widget_states.widgets.extend(_state(name, value) for name, value in (values or {}).items())
        return message.SerializeToString()

    def take(self, frame: bytes) -> bool:
        """Read one answer; True when it says that the run has ended."""
        message = ForwardMsg.FromString(frame)
        kind = message.WhichOneof("type")
        if kind == "new_session":
            self.session_id = message.new_session.initialize.session_id
            self._begin()
        elif kind == "navigation":
            # Without it the next run would be of the start page.
            self.script_hash = message.navigation.page_script_hash
        elif kind == "page_info_changed":
            self.query = message.page_info_changed.query_string
        elif kind == "auto_rerun":
            self.timers[message.auto_rerun.fragment_id] = message.auto_rerun.interval
        elif kind == "delta":
            if message.delta.HasField("new_element"):
                self._read(message.delta.new_element)
        elif kind == "script_finished":
            if message.script_finished == ForwardMsg.FINISHED_WITH_COMPILE_ERROR:
                self.failures.append("the page does not compile")
            # A run that ends to make way for another is not the last.
            return message.script_finished != ForwardMsg.FINISHED_EARLY_FOR_RERUN
        return False

    def has(self, key: str) -> bool:
        """Whether the last run drew a widget, by its key in the page or by its label."""
        return self._found(key) is not None

    def widget(self, key: str) -> str:
        """The server's id of a widget, by its key in the page or by its label. Raises KeyError."""
        found = self._found(key)
        if found is None:
            raise KeyError(f"{key} is not among {sorted(self.elements)}")
        return found

    def _found(self, key: str) -> str | None:
        named = (
            name
            for name, element in self.elements.items()
            if name.endswith(f"-{key}") or getattr(element, "label", None) == key
        )
        return next(named, None)

    def _begin(self) -> None:
        """Forget the run before; a part of the page that runs alone leaves the rest of it standing."""
        self.texts, self.headings, self.failures = [], [], []
        if not self._is_part:
            self.elements, self.timers = {}, {}

    def _read(self, element: Any) -> None:
        kind = element.WhichOneof("type")
        shown = getattr(element, kind)
        if getattr(shown, "id", ""):
            self.elements[shown.id] = shown
        if kind == "exception":
            self.failures.append(shown.message)
        elif kind == "heading":
            self.headings += [shown.body] if shown.tag == "h1" else []
        elif kind in ("text", "markdown", "alert"):
            self.texts.append(shown.body)


def _state(name: str, value: Value) -> WidgetState:
    if isinstance(value, bool):
        return WidgetState(id=name, trigger_value=value)
    if isinstance(value, str):
        return WidgetState(id=name, string_value=value)
    if isinstance(value, list):
        return WidgetState(id=name, string_array_value={"data": value})
    return WidgetState(id=name, file_uploader_state_value=value)


def holds(frames: Frames, text: str) -> bool:
    """Whether any answer has a text, as it stands or as it is written in JSON."""
    written = {text.encode(), json.dumps(text)[1:-1].encode()}
    return any(each in frame for frame in frames for each in written)


def handshake(origin: str, cookies: Mapping[str, str], /, **other: Any) -> dict[str, Any]:
    """How a browser opens its websocket, as the arguments of connect: cookies in the header, their token beside them."""
    told = {
        "origin": origin,
        "subprotocols": ["streamlit", *([cookies[XSRF]] if XSRF in cookies else [])],
        "additional_headers": {"Cookie": _header(cookies)},
        "max_size": None,
        "compression": None,
        "ping_interval": None,
        "open_timeout": 30,
    }
    return {**told, **other}


@dataclass
class Tab:
    """An open tab: what it sends is answered before its methods return."""

    origin: str
    cookies: Mapping[str, str]
    socket: ClientConnection
    screen: Screen
    # What the first run came to.
    first: Frames = field(default_factory=list)

    def run(self, values: Mapping[str, Value] | None = None, *, fragment_id: str = "") -> Frames:
        """Run the page or a fragment, as Screen.run; every frame until the run has ended."""
        return self.say(self.screen.run(values, fragment_id=fragment_id))

    def go(self, address: str, query: str = "") -> Frames:
        """Turn to another page of the same visit."""
        self.screen.address, self.screen.query, self.screen.script_hash = address, query, ""
        return self.run()

    def click(self, key: str, **fields: Value) -> Frames:
        """Click a button as it was last drawn, with other widgets by their keys."""
        wanted = {self.screen.widget(name): value for name, value in fields.items()}
        return self.run({**wanted, self.screen.widget(key): True})

    def say(self, message: bytes) -> Frames:
        """Send a message as it stands; every frame until a run has ended."""
        self.socket.send(message)
        frames: Frames = []
        while not frames or not self.screen.take(frames[-1]):
            frames.append(self.socket.recv(timeout=ANSWER_LIMIT_SECONDS))
        return frames

    def ask(self, message: BackMsg, kind: str) -> Any:
        """Send a message that is answered beside the runs, with the answer of one kind."""
        self.socket.send(message.SerializeToString())
        while True:
            told = ForwardMsg.FromString(self.socket.recv(timeout=ANSWER_LIMIT_SECONDS))
            if told.WhichOneof("type") == kind:
                return getattr(told, kind)

    def upload(self, name: str, content: bytes) -> tuple[int, FileUploaderState]:
        """Send a file as a browser does: the status of the answer, and what the field for files then holds."""
        told = {"request_id": "1", "file_names": [name], "session_id": self.screen.session_id}
        (urls,) = self.ask(BackMsg(file_urls_request=told), "file_urls_response").file_urls
        answer = upload(self.origin, urls.upload_url, self.cookies, name, content)
        info = {"file_id": urls.file_id, "name": name, "size": len(content), "file_urls": urls}
        return answer.status, FileUploaderState(uploaded_file_info=[info])

    def address_of(self, key: str) -> str:
        """Have the file behind a button made and return where it lies; empty when the server does not make it."""
        file_id = self.screen.elements[self.screen.widget(key)].deferred_file_id
        return self.made(file_id, self.screen.session_id)

    def made(self, file_id: str, session_id: str) -> str:
        """The same for a file and a visit of one's own choice."""
        told = {"request_id": "1", "session_id": session_id, "deferred_file": {"file_id": file_id}}
        answer = self.ask(BackMsg(backend_operation_request=told), "backend_operation_response")
        return str(answer.deferred_file.url)


@contextmanager
def tab(
    origin: str, cookies: Mapping[str, str], address: str = "", /, *, query: str = "", **other: Any
) -> Iterator[Tab]:
    """Open a tab at an address, which has run when this returns. other: arguments of connect that differ from a browser's."""
    stream = f"{origin.replace('http', 'ws', 1)}/_stcore/stream"
    with connect(stream, **handshake(origin, cookies, **other)) as socket:
        opened = Tab(origin, cookies, socket, Screen(address, query))
        opened.first = opened.run()
        yield opened


class Answer(NamedTuple):
    """What a plain request came to."""

    status: int
    body: bytes
    headers: Mapping[str, str]


def fetch(
    origin: str,
    path: str,
    cookies: Mapping[str, str],
    *,
    method: str = "GET",
    body: bytes | None = None,
    more: Mapping[str, str] | None = None,
) -> Answer:
    """A plain request with a browser's cookies and their token; more: other headers."""
    headers = {"Cookie": _header(cookies), "X-Xsrftoken": cookies.get(XSRF, ""), "Origin": origin}
    headers |= more or {}
    request = urllib.request.Request(f"{origin}{path}", body, headers, method=method)
    try:
        with urllib.request.urlopen(request, timeout=ANSWER_LIMIT_SECONDS) as answer:
            return Answer(answer.status, answer.read(), answer.headers)
    except urllib.error.HTTPError as refused:
        with refused:
            return Answer(refused.code, refused.read(), refused.headers)


def upload(origin: str, path: str, cookies: Mapping[str, str], name: str, content: bytes) -> Answer:
    """Put a file at an address of a visit's own or of another's."""
    start = f'--fil\r\nContent-Disposition: form-data; name="{name}"; filename="{name}"\r\n\r\n'.encode()
    kind = {"Content-Type": "multipart/form-data; boundary=fil"}
    return fetch(origin, path, cookies, method="PUT", body=start + content + b"\r\n--fil--\r\n", more=kind)


def _header(cookies: Mapping[str, str]) -> str:
    return "; ".join(f"{name}={value}" for name, value in cookies.items())

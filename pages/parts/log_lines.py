"""The server's own log: one line an event, as text for people or as JSON for a program that gathers logs.

No line tells who visited or from where: no addresses of visitors, no queries, no log of requests.
"""

from __future__ import annotations

import json
import logging
import re
import secrets
from datetime import UTC, datetime

from streamlit import logger as of_streamlit

from queries.connection import settings

log = logging.getLogger("namndkollen")

# What uvicorn would tell of each request and websocket: the address of the visitor, and what was chosen.
REQUESTS = "uvicorn.access"
VISITS = ('%s - "WebSocket', "connection open", "connection closed")
CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029]")
PLAIN = "%(asctime)s %(levelname)s %(name)s: %(message)s"


def set_up() -> None:
    """Let everything that is logged in this process go through one handler. May be called again.

    The form is settings' [log] format.
    """
    handler = logging.StreamHandler()
    handler.setFormatter(Json() if settings()["log"]["format"] == "json" else Text(PLAIN))
    handler.addFilter(lambda record: not str(record.msg).startswith(VISITS))
    logging.basicConfig(handlers=[handler], level=logging.INFO, force=True)
    logging.captureWarnings(True)
    # Streamlit gives each of its loggers a handler of its own when it is first asked for, also later on.
    of_streamlit.setup_formatter = _without_handler
    of_streamlit.init_uvicorn_logs()
    for name in ("uvicorn", *of_streamlit._loggers, *logging.root.manager.loggerDict):
        if name.startswith(("uvicorn", "streamlit", "websockets")):
            _without_handler(logging.getLogger(name))


def logged(error: Exception) -> str:
    """Write an error to the server's log with everything known about it, and return the reference to it."""
    reference = secrets.token_hex(4)
    told = {"event": "failed", "reference": reference}
    log.error("Referens %s", reference, exc_info=error, extra=told)
    return reference


class Text(logging.Formatter):
    """A line for people. What is not its beginning is indented, so that no message can pass for a line of its own."""

    def format(self, record: logging.LogRecord) -> str:
        """The record as text."""
        text = CONTROL.sub(lambda found: f"\\x{ord(found[0]):02x}", super().format(record))
        return text.replace("\n", "\n    ")


class Json(logging.Formatter):
    """A line of JSON: time in UTC, level, event, logger and message; reference and error where there are any."""

    def format(self, record: logging.LogRecord) -> str:
        """The record as JSON, with a traceback as one text."""
        told = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "event": getattr(record, "event", "message"),
            "logger": record.name,
            "message": record.getMessage(),
        }
        if hasattr(record, "reference"):
            told["reference"] = record.reference
        if record.exc_info:
            told["error"] = self.formatException(record.exc_info)
        return json.dumps(told, ensure_ascii=True)


def _without_handler(logger: logging.Logger) -> None:
    logger.handlers.clear()
    # Asked again whenever Streamlit has read its settings.
    logger.propagate = logger.name != REQUESTS

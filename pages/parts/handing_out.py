"""Files that readers fetch: offered to whom the matrix allows them, and marked with what they are.

A file lies at an address of its own, which anybody may come to know. Its mark says what it is and which municipality it
was made for, so that doors.py can ask whoever fetches it for leave, and log what was fetched.
"""

from __future__ import annotations

from collections.abc import Callable
from threading import Thread

import streamlit as st
from streamlit import runtime
from streamlit.runtime.scriptrunner import ScriptRunContext, add_script_run_ctx, get_script_run_ctx

from pages.parts import access

DOWNLOAD, PACK, FINDINGS, ORIGINAL = "download", "pack", "check", "original"


class Made(bytes):
    """The content of a file with its mark.

    what is an id of data/access.csv; municipality_id is None for what belongs to no single municipality; name is what
    the log says, and empty where a name could tell of a person.
    """

    what: str
    municipality_id: str | None
    version: int | None
    name: str

    @classmethod
    def of(
        cls, content: bytes, what: str, municipality_id: str | None, version: int | None, name: str
    ) -> Made:
        """Mark a content."""
        made = cls(content)
        made.what, made.municipality_id, made.version, made.name = what, municipality_id, version, name
        return made


def offer(
    label: str,
    content: bytes | Callable[[], bytes],
    *,
    file_name: str,
    mime: str,
    key: str,
    what: str = DOWNLOAD,
    municipality_id: str | None = None,
    version: int | None = None,
) -> None:
    """A button that fetches a file, for those who may. A content that is a function is made when somebody asks."""
    if not access.may(what, municipality_id):
        return
    # The name of an uploaded file is somebody's own words.
    name = "" if what == ORIGINAL else file_name
    visit = get_script_run_ctx()

    def made() -> Made:
        file = Made.of(content() if callable(content) else content, what, municipality_id, version, name)
        _keep(file, mime, file_name, key, visit)
        return file

    st.download_button(
        label,
        data=access.guarded(made, what, municipality_id),
        file_name=file_name,
        mime=mime,
        key=key,
        on_click="ignore",
    )


def _keep(file: Made, mime: str, file_name: str, key: str, visit: ScriptRunContext | None) -> None:
    """Let a file that somebody asked for live as long as what their visit has on the screen.

    Streamlit counts it as nobody's, and forgets it after the next two runs of any visitors: among two hundred of them
    that is before a browser on a phone has come to fetch it.
    """
    if visit is None or not runtime.exists():
        return
    files = runtime.get_instance().media_file_mgr
    # Whose a file is, Streamlit tells by the thread that adds it.
    thread = Thread(
        target=lambda: files.add(file, mime, f"made-{key}", file_name, is_for_static_download=True)
    )
    add_script_run_ctx(thread, visit)
    thread.start()
    thread.join()

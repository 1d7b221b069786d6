"""Sign-ins for tests: cookies as Streamlit signs them, with claims and at a moment of one's own choice, and a copy of
the project that has sign-in configured.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
from streamlit import auth_util
from streamlit.auth_util import set_cookie_with_chunks
from streamlit.runtime.secrets import AttrDict
from streamlit.web.server.starlette.starlette_app_utils import create_signed_value
from streamlit.web.server.starlette.starlette_server_config import USER_COOKIE_NAME

from pages.parts.access import sessions

ROOT = Path(__file__).resolve().parents[1]
COPIED = ("pages", "queries", "data", ".streamlit")
SECRET = "q8vN2m-Lr4TzW0cXk6YbHd1sPgJ9fUeA"
AUTH = {
    "redirect_uri": "http://localhost:8501/oauth2callback",
    "cookie_secret": SECRET,
    "client_id": "namndkollen",
    "client_secret": "provets-egen-hemlighet",
    "server_metadata_url": "http://localhost:1/.well-known/openid-configuration",
}
CLAIMS = {"iss": "http://localhost:1", "sub": "person-1", "iat": 1, "nonce": "n1", "groups": ["grupp-a"]}


class _Secrets(dict[str, Any]):
    """Streamlit's secrets, as if they had been read from a file."""

    def load_if_toml_exists(self) -> bool:
        return True


def configure(monkeypatch: pytest.MonkeyPatch, **auth: Any) -> None:
    """Configure sign-in, as .streamlit/secrets.toml does."""
    monkeypatch.setattr(auth_util, "secrets_singleton", _Secrets(auth=AttrDict({**AUTH, **auth})))
    sessions.is_configured.cache_clear()


def cookies(secret: str = SECRET, **claims: Any) -> dict[str, str]:
    """The cookies of somebody who has signed in; long claims make several."""
    held: dict[str, str] = {}
    told = {**CLAIMS, "origin": "http://localhost:8501", **claims, "is_logged_in": True}

    def put(name: str, value: str) -> None:
        held[name] = create_signed_value(secret, name, value).decode()

    signed = lambda name, value: create_signed_value(secret, name, value)  # noqa: E731  as Streamlit hands it over
    set_cookie_with_chunks(put, signed, USER_COOKIE_NAME, told, cookie_attr_size=80)
    return held


def plain(**claims: Any) -> str:
    """A cookie that somebody made without the secret."""
    return json.dumps({**CLAIMS, **claims, "is_logged_in": True})


def header(held: Mapping[str, str]) -> dict[str, str]:
    """The header with which a browser sends cookies."""
    return {"cookie": "; ".join(f"{name}={value}" for name, value in held.items()), "host": "localhost:8501"}


def copy_of_project(folder: Path, roles: Sequence[str], **auth: str | Mapping[str, str]) -> Path:
    """The project in a folder of its own, with sign-in: the real one has neither that nor anybody with a role."""
    left_out = shutil.ignore_patterns("exports", "__pycache__", "secrets.toml", ".cache")
    for name in COPIED:
        shutil.copytree(ROOT / name, folder / name, ignore=left_out)
    shutil.copy(ROOT / "app.py", folder)
    lines = _lines_of_toml({**AUTH, **auth})
    (folder / ".streamlit" / "secrets.toml").write_text("\n".join(["[auth]", *lines]), encoding="utf-8")
    give_roles(folder, roles)
    return folder


def _lines_of_toml(told: Mapping[str, str | Mapping[str, str]]) -> list[str]:
    # A text is written as in JSON.
    inline = {
        name: json.dumps(value) if isinstance(value, str) else f"{{ {', '.join(_lines_of_toml(value))} }}"
        for name, value in told.items()
    }
    return [f"{name} = {value}" for name, value in inline.items()]


def give_roles(folder: Path, roles: Sequence[str]) -> None:
    """Write who has which role, as rows of data/roles.csv without their notes."""
    unfinished = folder / "roles.new"
    lines = ["group_id,municipality_id,role,note", *(f"{row}," for row in roles)]
    unfinished.write_text("\n".join(lines) + "\n", encoding="utf-8")
    unfinished.replace(folder / "data" / "roles.csv")

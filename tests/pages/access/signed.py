"""Sign-ins for tests: cookies as Streamlit signs them, with claims and at a moment of one's own choice."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pytest
from streamlit import auth_util
from streamlit.auth_util import set_cookie_with_chunks
from streamlit.runtime.secrets import AttrDict
from streamlit.web.server.starlette.starlette_app_utils import create_signed_value
from streamlit.web.server.starlette.starlette_server_config import USER_COOKIE_NAME

SECRET = "q8vN2m-Lr4TzW0cXk6YbHd1sPgJ9fUeA"
AUTH = {
    "redirect_uri": "http://localhost:8501/oauth2callback",
    "cookie_secret": SECRET,
    "client_id": "namndkollen",
    "client_secret": "hemligt",
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


def cookies(secret: str = SECRET, **claims: Any) -> dict[str, str]:
    """The cookies of somebody who has signed in; long claims make several."""
    held: dict[str, str] = {}
    told = {**CLAIMS, **claims, "origin": "http://localhost:8501", "is_logged_in": True}

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

"""Who has signed in: Streamlit's cookie, its signature checked by Streamlit's own functions, and how long it counts.

Streamlit lets the cookie live for thirty days and never asks again. Here it counts for the hours that settings say,
reckoned from the moment that this server signed it, whatever the provider's clock says.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from itsdangerous import BadData, URLSafeTimedSerializer
from streamlit.auth_util import (
    get_cookie_with_chunks,
    get_secrets_auth_section,
    get_signing_secret,
    set_cookie_with_chunks,
)
from streamlit.web.server.starlette.starlette_app_utils import create_signed_value, decode_signed_value
from streamlit.web.server.starlette.starlette_server_config import USER_COOKIE_NAME

# Path, age and the like, which a browser counts as part of a cookie.
ROOM_FOR_ATTRIBUTES = 200


@dataclass(frozen=True)
class Session:
    """What the provider said at one sign-in, and when this server signed it (seconds since 1970)."""

    claims: Mapping[str, Any]
    began: float

    @property
    def session_id(self) -> str:
        """The same for all copies of one sign-in's cookie, and for no other sign-in."""
        told = [str(self.claims.get(name, "")) for name in ("iss", "sub", "nonce", "iat")]
        return hashlib.sha256(json.dumps(told).encode()).hexdigest()[:32]

    @property
    def pseudonym(self) -> str:
        """Twelve hexadecimal digits that stay the same for a person as long as the server's cookie secret does."""
        return pseudonym_of(str(self.claims.get("iss", "")), str(self.claims.get("sub", "")))


@cache
def is_configured() -> bool:
    """Whether sign-in was configured when first asked: a section [auth] in Streamlit's own .streamlit/secrets.toml.

    Remembered, since a configuration that was not looked at when the server started shall not count, and since
    Streamlit looks for a missing file again at each question, one visitor at a time.
    """
    return bool(get_secrets_auth_section())


def pseudonym_of(issuer: str, subject: str) -> str:
    """The pseudonym of a person, which nobody can work out without the cookie secret."""
    told = json.dumps([issuer, subject]).encode()
    return hmac.new(b"pseudonym:" + get_signing_secret().encode(), told, "sha256").hexdigest()[:12]


def signed(claims: Mapping[str, Any]) -> dict[str, str]:
    """Cookies that tell of a sign-in, as Streamlit makes them: name → value, several where one would be too long."""
    made: dict[str, str] = {}

    def sign(name: str, value: str) -> bytes:
        return create_signed_value(get_signing_secret(), name, value)

    def put(name: str, value: str) -> None:
        made[name] = sign(name, value).decode()

    set_cookie_with_chunks(put, sign, USER_COOKIE_NAME, dict(claims), cookie_attr_size=ROOM_FOR_ATTRIBUTES)
    return made


def session_of(cookies: Mapping[str, str]) -> Session | None:
    """The sign-in that a browser's cookies tell of; None when there is none, or the signature is not this server's."""
    signed: list[float] = []

    def opened(name: str) -> bytes | None:
        value = cookies.get(name)
        if value is None:
            return None
        content = decode_signed_value(get_signing_secret(), name, value.encode("latin-1", "replace"))
        if content is not None:
            signed.append(_signed_at(name, value))
        return content

    try:
        claims = json.loads(get_cookie_with_chunks(opened, USER_COOKIE_NAME) or b"null")
    except (ValueError, BadData):
        return None
    is_whole = isinstance(claims, dict) and claims.get("is_logged_in") is True and claims.get("sub")
    # Parts of two sign-ins that somebody has put together are as old as the oldest.
    return Session(claims, min(signed)) if is_whole and signed else None


def _signed_at(name: str, value: str) -> float:
    reader = URLSafeTimedSerializer(get_signing_secret(), salt=name)
    moment: datetime = reader.loads(value, return_timestamp=True)[1]
    return moment.timestamp()

"""What the public texts and the foot of every page say of who answers for the service: data/settings.toml, [service]."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from pages.parts.words import md
from queries.connection import settings

NO_NAME = "Kommunen som använder tjänsten (namnet är inte ifyllt i inställningarna)"


def service() -> Mapping[str, Any]:
    """The settings of who answers for the service."""
    return settings()["service"]


def organisation() -> str:
    """Who answers for the service, as Markdown."""
    return f"**{md(service()['organisation'])}**" if service()["organisation"] else NO_NAME


def whom_to_tell(subject: str) -> str:
    """How to reach whoever answers for the service, as Markdown inside a sentence: an address, or whom to ask."""
    address = service()["email"]
    if not address:
        return f"hör av dig till {md(service()['ask'])}"
    return f"skriv till {mail_link(address, address, subject)}"


def mail_link(words: str, address: str, subject: str, body: str = "") -> str:
    """A link, as Markdown, that begins a mail."""
    told = {"subject": subject} | ({"body": body} if body else {})
    query = "&".join(f"{name}={quote(text, safe='')}" for name, text in told.items())
    return f"[{md(words)}](mailto:{quote(address, safe='@')}?{query})"

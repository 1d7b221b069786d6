"""Whether a request comes from a browser on the computer that runs the server. Without sign-in nobody else is let in."""

from __future__ import annotations

from collections.abc import Mapping
from ipaddress import ip_address
from urllib.parse import urlsplit

# What a proxy adds; a browser on this computer never sends any of them.
OF_PROXIES = ("forwarded", "via", "x-real-ip")
LOCAL_NAMES = ("localhost", "127.0.0.1", "::1")


def is_on_this_computer(client: str | None, headers: Mapping[str, str]) -> bool:
    """Whether a request comes from a browser on this computer, with no proxy in between.

    client is the address at the other end, None when Streamlit says that it is this computer. A proxy on this computer
    gives itself away by a header of its own, or by the public name that the browser asked for.
    """
    if client is not None and not _is_loopback(client):
        return False
    if any(name.lower() in OF_PROXIES or name.lower().startswith("x-forwarded-") for name in headers):
        return False
    asked = (f"//{headers.get('host', 'localhost')}", headers.get("origin", "http://localhost"))
    return all(_host_of(address) in LOCAL_NAMES for address in asked)


def _is_loopback(address: str) -> bool:
    try:
        return ip_address(address).is_loopback
    except ValueError:
        return False


def _host_of(address: str) -> str | None:
    try:
        return urlsplit(address).hostname
    except ValueError:
        return None

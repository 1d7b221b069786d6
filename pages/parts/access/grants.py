"""Which roles a person has: what the provider says of groups, looked up in data/roles.csv. Nobody has one by default."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from pages.parts.access import matrix
from pages.parts.access.principals import EVERYWHERE
from pages.parts.access.tables import access_settings, rows

# A row for one person, told by the provider's id and not by name.
OF_A_PERSON = "sub:"
MUNICIPALITY = re.compile(r"[0-9]{4}")
# What Streamlit itself reads, what tells one sign-in from another, and whose it is.
KEPT = ("iss", "sub", "iat", "nonce", "origin", "is_logged_in", "provider")
TOO_MANY = "Du är med i så många grupper att inloggningen inte berättar vilka. Därför går det inte att se vilken roll du har."
NOT_TOLD = (
    "Inloggningen berättar inte vilka grupper du är med i. Därför går det inte att se vilken roll du har."
)
NONE_FITS = "Ditt konto har ingen roll i Nämndkollen."


def roles_of(claims: Mapping[str, Any]) -> tuple[dict[str, str], str]:
    """Municipality → role for what a provider says of a person, the highest of several; and why there is none."""
    groups = _groups(claims)
    wanted = {f"{OF_A_PERSON}{claims.get('sub', '')}", *(groups or ())}
    found: dict[str, str] = {}
    for row in rows("roles"):
        if row.get("group_id") in wanted and is_understood(row):
            place, role = row["municipality_id"], row["role"]
            found[place] = matrix.highest([role, found.get(place, matrix.ANONYM)])
    return found, "" if found else _why_none(claims, groups)


def needed(claims: Mapping[str, Any]) -> dict[str, Any]:
    """Of what a provider says only what roles_of and signing out need: neither name nor e-mail, nor groups without a role.

    A browser would otherwise carry it all, and two hundred groups are more than a websocket takes.
    """
    groups, claim = _groups(claims), access_settings()["group_claim"]
    kept = {name: claims[name] for name in KEPT if name in claims}
    if groups is not None:
        kept[claim] = sorted({row.get("group_id", "") for row in rows("roles")} & set(groups))
    elif claims.get("hasgroups") or _is_overage(claims):
        kept["hasgroups"] = True
    return kept


def is_understood(row: Mapping[str, str]) -> bool:
    """Whether a row of data/roles.csv says something; one that does not gives nobody anything."""
    place = row.get("municipality_id", "")
    is_place = place == EVERYWHERE or MUNICIPALITY.fullmatch(place) is not None
    return bool(row.get("group_id")) and is_place and row.get("role") in matrix.ROLES[1:]


def _groups(claims: Mapping[str, Any]) -> list[str] | None:
    """The ids of a person's groups; None when the provider does not tell."""
    told = claims.get(access_settings()["group_claim"])
    if isinstance(told, str):
        # Taken as the one id that it is: to cut it in pieces would be to guess.
        told = [told]
    if not isinstance(told, list):
        return None
    # A group may be called anything, also what stands for a person.
    return [each for each in told if isinstance(each, str) and not each.startswith(OF_A_PERSON)]


def _why_none(claims: Mapping[str, Any], groups: list[str] | None) -> str:
    if groups is None and (_is_overage(claims) or claims.get("hasgroups")):
        return TOO_MANY
    return NOT_TOLD if groups is None else NONE_FITS


def _is_overage(claims: Mapping[str, Any]) -> bool:
    """Whether the provider says where the groups can be asked for instead of naming them, as Entra ID does."""
    elsewhere = claims.get("_claim_names")
    return isinstance(elsewhere, dict) and access_settings()["group_claim"] in elsewhere

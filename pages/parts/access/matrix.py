"""The matrix of data/access.csv: which role may see which page and tab, and do which thing. What has no row is nobody's."""

from __future__ import annotations

from pages.parts.access.tables import rows

# The weakest first. Who is nobody is anonym.
ROLES = ("anonym", "politiker", "ledning", "analytiker")
ANONYM = ROLES[0]


def allows(role: str, what: str) -> bool:
    """Whether a role may. Only the word ja opens; of two rows for one thing both must."""
    found = [row for row in rows("access") if row.get("what") == what]
    return bool(found) and role in ROLES and all(row.get(role, "").lower() == "ja" for row in found)


def highest(roles: list[str]) -> str:
    """The role that stands highest among some; anonym among none."""
    return max(roles, key=ROLES.index, default=ANONYM)

"""Sign-ins on the command line, for whoever runs the server.

    python -m pages.parts.access revoke 3f2a9c01d4e7    ends all sign-ins of the person with this pseudonym in the log
    python -m pages.parts.access revoke --sub ID        the same, by the provider's id of the person
    python -m pages.parts.access revoke --alla          ends everybody's sign-ins
    python -m pages.parts.access matrix                 who may do what
    python -m pages.parts.access roles                  which groups have which role, and rows that are not understood

Whoever still has a role can sign in again: to take a role away, remove the row in data/roles.csv or the membership at
the provider. Both count at the next click, the membership when somebody signs in next.
"""

from __future__ import annotations

import argparse
import sys

from pages.parts.access import grants, matrix, revocations, sessions
from pages.parts.access.tables import rows
from pages.parts.source import store

NOT_UNDERSTOOD, FAILED = 2, 5


def main(arguments: list[str] | None = None) -> int:
    """Run the command line; returns the exit status."""
    given = _parser().parse_args(arguments)
    return {"revoke": _revoke, "matrix": _matrix, "roles": _roles}[given.command](given)


def _revoke(given: argparse.Namespace) -> int:
    who = revocations.EVERYBODY if given.alla else given.pseudonym
    if given.sub:
        who = sessions.pseudonym_of(given.issuer or "", given.sub)
    if not revocations.PSEUDONYM.fullmatch(who or ""):
        print("Ange en pseudonym (tolv tecken ur loggen), --sub med --iss, eller --alla.", file=sys.stderr)
        return NOT_UNDERSTOOD
    try:
        revocations.revoke(store(), who)
    except OSError as error:
        print(f"Inget är ändrat: {error.strerror}.", file=sys.stderr)
        return FAILED
    print("Alla inloggningar är avslutade." if given.alla else f"Inloggningarna för {who} är avslutade.")
    return 0


def _matrix(_: argparse.Namespace) -> int:
    for row in rows("access"):
        allowed = [role for role in matrix.ROLES if matrix.allows(role, row["what"])]
        print(f"{row['what']}: {', '.join(allowed) or 'ingen'}")
    return 0


def _roles(_: argparse.Namespace) -> int:
    for row in rows("roles"):
        mark = "" if grants.is_understood(row) else "  FÖRSTÅS INTE, ger ingenting"
        print(f"{row.get('group_id')} {row.get('municipality_id')} {row.get('role')}{mark}")
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m pages.parts.access", description="Roller och inloggningar."
    )
    commands = parser.add_subparsers(dest="command", required=True)
    revoke = commands.add_parser("revoke", help="avsluta inloggningar")
    revoke.add_argument("pseudonym", nargs="?", help="ur loggen på sidan Data")
    revoke.add_argument("--sub", help="personens id hos den som sköter inloggningen")
    revoke.add_argument("--iss", dest="issuer", help="adressen till den som sköter inloggningen")
    revoke.add_argument("--alla", action="store_true", help="allas inloggningar")
    commands.add_parser("matrix", help="vem som får se och göra vad")
    commands.add_parser("roles", help="vilka grupper som har vilken roll")
    return parser


if __name__ == "__main__":
    sys.exit(main())

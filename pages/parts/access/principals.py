"""Who asks: a role in each municipality, and nothing else about a person."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from pages.parts.access import matrix
from queries.permits import Permit

EVERYWHERE = "*"


@dataclass(frozen=True)
class Principal:
    """roles: municipality → role, with EVERYWHERE for all municipalities and for what belongs to none.

    pseudonym is twelve hexadecimal digits that stay the same for the same person, and empty for nobody. fault says in
    Swedish why somebody who has signed in has no role.
    """

    roles: Mapping[str, str] = field(default_factory=dict)
    pseudonym: str = ""
    is_signed_in: bool = False
    fault: str = ""

    def role(self, municipality_id: str | None = None) -> str:
        """The role in a municipality; the highest anywhere when none is named."""
        if municipality_id is None:
            return matrix.highest(list(self.roles.values()))
        given = (self.roles.get(municipality_id), self.roles.get(EVERYWHERE))
        return matrix.highest([role for role in given if role])

    def may(self, what: str, municipality_id: str | None = None) -> bool:
        """Whether the matrix allows it in a municipality; anywhere when none is named."""
        places = (EVERYWHERE, *self.roles) if municipality_id is None else (municipality_id,)
        return any(matrix.allows(self.role(place), what) for place in places)

    def municipality_ids(self, what: str) -> tuple[str, ...]:
        """The municipalities of one's own in which the matrix allows it; EVERYWHERE is not one of them."""
        return tuple(place for place in self.roles if place != EVERYWHERE and self.may(what, place))

    def permit(self, what: str, municipality_id: str | None = None) -> Permit | None:
        """Leave to do it in a municipality, or wherever it is allowed; None where it is not."""
        places = (EVERYWHERE, *self.roles) if municipality_id is None else (municipality_id,)
        allowed = [place for place in places if matrix.allows(self.role(place), what)]
        if not allowed:
            return None
        # All of them only where no municipality of one's own is left out.
        is_everywhere = EVERYWHERE in allowed and len(allowed) == len(places)
        within = None if is_everywhere else tuple(each for each in allowed if each != EVERYWHERE)
        return Permit(what, matrix.highest([self.role(place) for place in allowed]), self.pseudonym, within)


ANONYMOUS = Principal()
AT_THE_SERVER = Principal({EVERYWHERE: "analytiker"})

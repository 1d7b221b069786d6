"""Leave to do one thing: asked for where the thing is done, before it is done.

Pages get theirs from pages/parts/access, which knows who asks; the command line is used by whoever may log on to the
server and write in its folders, and needs no leave of ours.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

OPERATOR = "analytiker"


@dataclass(frozen=True)
class Permit:
    """Leave to do what (an id of data/access.csv), given to a role.

    pseudonym is whose it is, without saying who, and empty for nobody. municipality_ids are those whose rows it is
    about; None is all of them, and what belongs to none.
    """

    what: str
    role: str
    pseudonym: str
    municipality_ids: tuple[str, ...] | None

    def covers(self, municipality_ids: Iterable[str] | None) -> bool:
        """Whether it is about all of these; None is what belongs to no single municipality."""
        if self.municipality_ids is None:
            return True
        return municipality_ids is not None and set(municipality_ids) <= set(self.municipality_ids)


def operator(what: str) -> Permit:
    """The permit of the command line: everything, everywhere, by nobody in particular."""
    return Permit(what, OPERATOR, "", None)

"""Who may see and do what. may is asked to hide and disable; demand is asked where the thing is done.

The matrix is data/access.csv, who has which role data/roles.csv. Both are read again whenever they change, and a sign-in
that has been ended counts for nothing from the next click on.
"""

from pages.parts.access.asking import (
    Refused,
    demand,
    guarded,
    may,
    of_request,
    of_visit,
    permitted_municipalities,
    refusal,
)
from pages.parts.access.local import is_on_this_computer
from pages.parts.access.principals import ANONYMOUS, AT_THE_SERVER, EVERYWHERE, Principal
from pages.parts.access.sessions import is_configured

__all__ = [
    "ANONYMOUS",
    "AT_THE_SERVER",
    "EVERYWHERE",
    "Principal",
    "Refused",
    "demand",
    "guarded",
    "is_configured",
    "is_on_this_computer",
    "may",
    "of_request",
    "of_visit",
    "permitted_municipalities",
    "refusal",
]

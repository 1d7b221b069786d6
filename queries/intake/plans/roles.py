"""Who answers for an action: roles are kept, names of persons never are."""

from __future__ import annotations

import re

# Beginnings and endings of words that name a role or a part of the organisation, never a person.
ROLE_WORDS = (
    "rektor", "chef", "direktör", "ledning", "ledare", "förvaltning", "nämnd", "styrelse", "kommun", "skola", "skolan",
    "skolor", "förskol", "grundskol", "gymnasi", "enhet", "avdelning", "verksamhet", "controller", "utvecklare",
    "strateg", "samordnare", "handläggare", "sekreterare", "specialist", "expert", "grupp", "team", "lektor", "lärare",
    "pedagog", "kurator", "psykolog", "elevhäls", "ekonom", "jurist", "administratör", "konsult", "kontor", "stab",
    "ansvarig", "central", "område", "barn", "utbildning", "personal", "kvalitet", "myndighet", "utskott", "råd",
    "biträdande", "tillförordnad", "it", "hr",
)  # fmt: skip
WHOLE_WORDS = ("it", "hr", "barn", "råd", "stab")
WORD = re.compile(r"[^\W\d_]+(?:[-'’][^\W\d_]+)*\.?")


def looks_like_a_name(text: str) -> bool:
    """Whether a text seems to hold a person's name: two words with capitals beside each other, neither of a role.

    "Rektor Anna Andersson" and "Andersson, A." do; "Barn- och utbildningsnämnden" and "Rektor Munsö skola" do not.
    An e-mail address is a name too.
    """
    words = WORD.findall(text)
    pairs = zip(words, words[1:], strict=False)
    return "@" in text or any(_is_capital(one) and _is_capital(other) for one, other in pairs)


def _is_capital(word: str) -> bool:
    return word[:1].isupper() and not _is_of_a_role(word.casefold().rstrip("."))


def _is_of_a_role(word: str) -> bool:
    return any(word == role if role in WHOLE_WORDS else role in word for role in ROLE_WORDS)

"""How small a group may be before it is hidden: the limits of the privacy gate, and how they are told."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields

# What n counts, as the reasons name it.
PUPILS, ANSWERS, POSTS = "elever", "svar", "årsarbetare"
NUMBER_WORDS = ("noll", "en", "två", "tre", "fyra", "fem", "sex", "sju", "åtta", "nio", "tio", "elva", "tolv")


@dataclass(frozen=True)
class Limits:
    """The numbers of the table [disclosure] in data/settings.toml, all counted in pupils, answers or full-time posts."""

    pupils_per_school: int = 10
    pupils_per_municipality: int = 5
    survey_answers: int = 5
    employees: int = 11
    near_end: int = 4
    protection: int = 4

    @classmethod
    def from_settings(cls, settings: Mapping) -> Limits:
        """The limits of the whole settings file; a name left out keeps its default, an unknown one is an
        error."""
        given = dict(settings.get("disclosure", {}))
        unknown = set(given) - {each.name for each in fields(cls)}
        if unknown:
            raise ValueError(f"Okänd inställning under [disclosure]: {', '.join(sorted(unknown))}")
        wrong = {name: number for name, number in given.items() if type(number) is not int or number < 0}
        if wrong:
            raise ValueError(f"Inställningar under [disclosure] ska vara heltal från 0: {wrong}")
        return cls(**given)

    def fewest(self, is_unit: bool, counted: str) -> int:
        """The smallest number of what is counted (PUPILS, ANSWERS or POSTS) that a result may rest on."""
        if counted == ANSWERS:
            return self.survey_answers
        if counted == POSTS:
            return self.employees
        return self.pupils_per_school if is_unit else self.pupils_per_municipality


def in_words(number: int) -> str:
    """'elva'; a number above twelve in digits."""
    return NUMBER_WORDS[number] if number < len(NUMBER_WORDS) else str(number)

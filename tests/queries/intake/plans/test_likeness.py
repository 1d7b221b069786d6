"""How alike two wordings are."""

from __future__ import annotations

from queries.intake.plans.likeness import likeness

LONG = "Påbörja IFOUS-projekt om undervisning på fritidshem med fokus på fritidshemmets pedagogiska uppdrag"


def test_a_shortening_is_nearer_than_another_action_of_the_same_goal():
    own = likeness(LONG, "Starta IFOUS-projekt om undervisning på fritidshem")
    assert own > 0.6 > likeness(LONG, "Pröva fritidshem för årskurs 4–6 på alla skolor")


def test_the_same_text_is_wholly_alike_and_nothing_is_like_nothing():
    assert likeness(LONG, LONG.upper()) == 1
    assert likeness(LONG, "") == 0


def test_another_number_makes_another_text():
    assert likeness("Fritidshem i årskurs 4", "Fritidshem i årskurs 5") < likeness(
        "Fritidshem i årskurs 4", "Fritidshem, årskurs 4"
    )

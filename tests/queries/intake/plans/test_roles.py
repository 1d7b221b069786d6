"""Roles are kept, names of persons are not."""

from __future__ import annotations

import pytest

from queries.intake.plans.roles import looks_like_a_name


@pytest.mark.parametrize(
    "text",
    [
        "Anna Andersson",
        "Andersson, Anna",
        "Anna-Karin von Essen Lind",
        "Rektor Anna Andersson",
        "A. Andersson",
        "ANNA ANDERSSON",
        "Åsa Öberg (chef)",
        "rektor@kommun.se",
    ],
)
def test_a_name_is_seen(text):
    assert looks_like_a_name(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Rektor",
        "Biträdande rektor",
        "Rektor Munsö skola",
        "Barn- och utbildningsnämnden",
        "Skolchef, Ekonomichef",
        "Förvaltningens Ledningsgrupp",
        "Chef för Elevhälsan",
        "IT och HR",
        "Kvalitetscontroller",
    ],
)
def test_a_role_is_no_name(text):
    assert not looks_like_a_name(text)

"""Every named question. A file makes its questions known when it is imported, so this imports them all."""

from queries import (  # noqa: F401
    action_times,
    actions,
    attendance,
    chain,
    comparison,
    complaints,
    contradictions,
    deadlines,
    dialogue,
    effects,
    findings,
    goals,
    months,
    places,
    registers,
    results,
    schools,
    search,
    surveys,
    words,
)

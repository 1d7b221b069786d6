"""What is worked out of a published version and asked for by many. A version never changes, so it is done once."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from functools import wraps
from threading import Lock
from typing import Any, TypeVar
from weakref import WeakKeyDictionary

from queries import clock
from queries.connection import Exports

# Answers of one kind, of each version. The largest, an agenda, takes some hundred kilobytes.
KEPT = 100
T = TypeVar("T")


def once_a_day(work: Callable[..., T]) -> Callable[..., T]:
    """Let work(opened, *choices) be done once for each version, choices and day, and its answer shared by all visits.

    So the answer must not be changed by anybody. It is forgotten when the version is closed, which it does not prevent.
    """
    done: WeakKeyDictionary[Exports, OrderedDict[Hashable, T]] = WeakKeyDictionary()
    lock = Lock()

    @wraps(work)
    def remembered(opened: Exports, *choices: Any) -> T:
        # Words such as "försenad" hang on the day.
        key = (*choices, clock.today())
        with lock:
            answers = done.setdefault(opened, OrderedDict())
            if key in answers:
                answers.move_to_end(key)
                return answers[key]
        # Outside the lock: others need not wait, and two that ask at once work it out twice.
        answer = work(opened, *choices)
        with lock:
            answers[key] = answer
            while len(answers) > KEPT:
                answers.popitem(last=False)
        return answer

    return remembered

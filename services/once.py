"""What is asked of one text again and again while a message is read: worked out once, kept no longer."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import wraps
from typing import Any, TypeVar

Answer = TypeVar("Answer")

_WORKED_OUT: ContextVar[dict[Any, Any] | None] = ContextVar("worked_out", default=None)


@contextmanager
def reading() -> Iterator[None]:
    """Within it functions marked with `once` remember; what somebody wrote does not outlive it."""
    token = _WORKED_OUT.set({})
    try:
        yield
    finally:
        _WORKED_OUT.reset(token)


def once(function: Callable[[str], Answer]) -> Callable[[str], Answer]:
    """Mark a pure function of a text. Its answers are shared: nobody may change them."""

    @wraps(function)
    def asked(text: str) -> Answer:
        known = _WORKED_OUT.get()
        if known is None:
            return function(text)
        key = (function, text)
        if key not in known:
            known[key] = function(text)
        answer: Answer = known[key]
        return answer

    return asked

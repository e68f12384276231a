"""Answers that are data and nothing else: texts, bytes, numbers, and lists and the like of them.

Who reads a file may be taken over by it, and could answer what it likes; an answer that could name a
class or a function would run where it is read. So nothing is read that names either.
"""

from __future__ import annotations

import io
import pickle
from collections.abc import Callable
from contextlib import suppress
from typing import Any, Never, cast

#: What bytes that are no plain answer make `read_answer` or its reader stop with.
NO_ANSWER = (
    pickle.UnpicklingError,
    *(ArithmeticError, AttributeError, EOFError, LookupError),
    *(MemoryError, RecursionError, TypeError, ValueError),
)


def read_answer(answer: bytes) -> Any:
    """What `write_answer` wrote. Raises one of `NO_ANSWER` for bytes that are anything else."""
    return _PlainReader(io.BytesIO(answer)).load()


class _PlainReader(pickle.Unpickler):
    """Reads data alone: what names a class or a function is refused before it is looked for."""

    def find_class(self, module: str, name: str, /) -> Never:
        raise pickle.UnpicklingError


class _OtherKindError(Exception):
    """Something in an answer is not of a plain kind itself."""


class _PlainWriter(pickle.Pickler):
    """Writes data alone; asked only of what is not exactly a text, a number, a list and the like."""

    def reducer_override(self, value: object, /) -> Never:
        raise _OtherKindError


def write_answer(answer: object) -> bytes:
    """The answer as bytes. Libraries give texts of kinds of their own, which are texts here.

    Raises TypeError for what is no plain data.
    """
    with suppress(_OtherKindError):
        stream = io.BytesIO()
        _PlainWriter(stream, protocol=5).dump(answer)
        return stream.getvalue()
    return pickle.dumps(_plain(answer), protocol=5)


def _plain(value: object) -> object:
    if isinstance(value, dict):
        return {_plain(key): _plain(one) for key, one in value.items()}
    for kind in (list, tuple, set, frozenset):
        if isinstance(value, kind):
            return kind(map(_plain, value))
    # True is a number too, and stays what it is.
    singles: tuple[Callable[[Any], object], ...] = (bool, int, float, str, bytes)
    for single in singles:
        if isinstance(value, cast("type", single)):
            return single(value)
    if value is None:
        return None
    raise TypeError

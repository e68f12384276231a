"""What fields of a claim may hold: ids, themes, codes and roles, each told where it is not known.

Without `Known` in the context, of an expectation that is not read from a file, all is known.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Annotated, Any

from pydantic import BeforeValidator, ValidationInfo

from analysis.claims.terms import COUNTS
from analysis.files.vocabulary import meant, perhaps
from analysis.files.yaml_types import FaultError, named, one_of, several, some_words

_ID = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")


@dataclass(frozen=True)
class Known:
    """What claims may name (`roles` None: any), and the ids and themes met so far."""

    codes: frozenset[str]
    roles: tuple[str, ...] | None
    ids: set[str] = field(default_factory=set)
    themes: set[str] = field(default_factory=set)


def _once(word: str, met: set[str], found: str, what: str) -> str:
    if word in met:
        raise FaultError(f"{found} a second time", f"each {what} once", "rename one")
    met.add(word)
    return word


def _id(given: Any, info: ValidationInfo) -> str:
    own = some_words(given)
    if not _ID.fullmatch(own):
        raise FaultError(repr(own[:60]), "small letters, digits and hyphens")
    return _once(own, info.context.ids if info.context else set(), own, "id")


def _theme(given: Any, info: ValidationInfo) -> str:
    met = info.context.themes if info.context else set()
    return _once(some_words(given), met, "this theme", "name")


def _code(given: Any, info: ValidationInfo) -> str:
    code = named(given)
    if info.context is None:
        return code
    path = meant(code, info.context.codes)
    if path is None:
        raise FaultError(
            f"code {code[:80]!r}{perhaps(code, info.context.codes)}",
            "the path of a code of the codebook",
            "correct the path, or add the code to codebook.yml",
        )
    return path


def _role(given: Any, info: ValidationInfo) -> str:
    role = some_words(given)
    if info.context is None or info.context.roles is None:
        return role
    known = meant(role, info.context.roles)
    if known is None:
        raise FaultError(
            f"role {role[:60]!r}{perhaps(role, info.context.roles)}",
            f"a role of the register: {', '.join(info.context.roles)}",
        )
    return known


Id = Annotated[str, BeforeValidator(_id)]
ThemeName = Annotated[str, BeforeValidator(_theme)]
Code = Annotated[str, BeforeValidator(_code)]
Codes = Annotated[tuple[Code, ...], several("words")]
Role = Annotated[str, BeforeValidator(_role)]
Counts = Annotated[str, one_of(COUNTS)]

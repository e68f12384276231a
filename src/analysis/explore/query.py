"""The language in which passages are asked for, and the one rule for writing a code in it.

A query is codes joined by operators, closest first: `~` or `not`; `near` or `near(3)`; `&` or
`and`; `|` or `or`; brackets group. The rule for codes: **a code goes by its own name where no
other code has that name, else by its path; what has spaces or signs in it, or is itself one of
the words and, or, not, near, stands in quotes** ('voluntary resisted'; a quote inside is
doubled). A code includes the codes beneath it; `=recognition` is that code alone. Capitals do
not matter where no two names differ by them alone. `a not b` is `a & ~b`.

**In double quotes stand words that are said** (`recognition & "badge*"`), a final * for any ending;
unless a code of just that name has spaces or signs, so that it stands in quotes anyway.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from typing import TypeAlias

import numpy as np

from analysis.files.problems import Problem, StudyError

LONGEST = 5_000
DEEPEST = 60
_TOKEN = re.compile(
    r"""(?P<space>\s+)
    | (?P<quoted>'(?:[^']|'')*'|"(?:[^"]|"")*"|[‘’][^’]*’|[“”][^”]*”)
    | (?P<near>(?i:near)\b(?:\s*\(\s*(?P<distance>[+-]?\d[\d.,]*)\s*\))?(?![\w/-]))
    | (?P<and>&|(?i:and)(?![\w/-]))
    | (?P<or>\||(?i:or)(?![\w/-]))
    | (?P<not>~|(?i:not)(?![\w/-]))
    | (?P<open>\() | (?P<close>\)) | (?P<alone>=)
    | (?P<bare>[^\s&|~()'"=][^\s&|~()'"]*)""",
    re.VERBOSE,
)
_DISTANCE = re.compile(r"\d{1,4}")
_BARE = re.compile(r"[\w/-]+")
_QUOTED = re.compile(r"""'.+'|".+"|[‘’].+’|[“”].+”""", re.DOTALL)
_DOUBLE = '"“”'
_WORDS = {"and", "or", "not", "near"}


@dataclass(frozen=True)
class Carries:
    """Passages that carry a code, or one beneath it unless it is `alone`."""

    code: str
    alone: bool = False


@dataclass(frozen=True)
class Says:
    """Passages in which these words are said side by side, as in a concordance."""

    words: str


@dataclass(frozen=True)
class Not:
    """Passages that are not among those of `of`."""

    of: Query


@dataclass(frozen=True)
class And:
    """Passages that are among both."""

    left: Query
    right: Query


@dataclass(frozen=True)
class Or:
    """Passages that are among either."""

    left: Query
    right: Query


@dataclass(frozen=True)
class Near:
    """Passages of either that have one of the other at most `distance` passages away."""

    left: Query
    right: Query
    distance: int


Query: TypeAlias = Carries | Says | Not | And | Or | Near


class CodeNames:
    """The codes of a study, as queries write them."""

    def __init__(self, codes: Iterable[str]) -> None:
        self.codes = list(dict.fromkeys(codes))
        own = Counter(code.rpartition("/")[2] for code in self.codes)
        self._written = {
            code: leaf if own[leaf := code.rpartition("/")[2]] == 1 else code for code in self.codes
        }
        self._meant = {name: code for code, name in self._written.items()}
        self._folded: dict[str, set[str]] = {}
        for code in self.codes:
            for name in (code, self._written[code]):
                self._folded.setdefault(name.casefold(), set()).add(code)

    def name(self, code: str) -> str:
        """The name by which `code`, a path, goes: its own, or its path if another has that."""
        return self._written[code]

    def written(self, code: str) -> str:
        """`code`, a path, as a query writes it: its name, in quotes where the rule wants them."""
        name = self._written[code]
        if _BARE.fullmatch(name) and name.casefold() not in _WORDS:
            return name
        return "'" + name.replace("'", "''") + "'"

    def is_quoted(self, name: str) -> bool:
        """Whether a code of this name can only be written in quotes."""
        known = name in self._meant or name in self._written
        return known and (not _BARE.fullmatch(name) or name.casefold() in _WORDS)

    def meant(self, name: str, where: str) -> str:
        """The path of the code called `name`: its own name if no other has it, or its path.

        Quotes round it are taken off, and capitals overlooked, where that leaves one code.
        """
        if not isinstance(name, str):
            raise StudyError(
                Problem(where, repr(name)[:60], "the name of a code in quotes", "correct it")
            )
        if name in self._meant:
            return self._meant[name]
        if name in self._written:
            return name
        if _QUOTED.fullmatch(name):
            return self.meant(_unquoted(name), where)
        folded = self._folded.get(name.casefold(), set())
        if len(folded) == 1:
            return next(iter(folded))
        sharing = [code for code in self.codes if code.rpartition("/")[2] == name]
        if sharing:
            raise StudyError(
                Problem(
                    where,
                    f"{name!r}, the name of {len(sharing)} codes",
                    "one code",
                    "write the path: " + " or ".join(self.written(code) for code in sharing),
                )
            )
        alike = get_close_matches(name, [*self._meant, *self.codes], 3, 0.5)
        meant = [self.written(self.meant(one, where)) for one in alike]
        raise StudyError(
            Problem(
                where,
                f"no code {name!r}",
                "a code of the codebook, in quotes if it has spaces",
                "perhaps " + " or ".join(dict.fromkeys(meant))
                if meant
                else "explore.codebook() lists them",
            )
        )


def parse(text: str, names: CodeNames, near: int = 1) -> Query | None:
    """Read a query; None when it is blank and so asks for every passage.

    `near` is the distance where the query names none. Raises `StudyError` that points at the
    character. Nothing is ever evaluated as Python.
    """
    if len(text) > LONGEST:
        raise StudyError(
            Problem("the query", f"{len(text):,} characters", f"at most {LONGEST:,}", "shorten it")
        )
    parser = _Parser(text, names, near)
    return parser.whole() if text.strip() else None


@dataclass(frozen=True)
class _Token:
    kind: str
    words: str
    at: int
    distance: int


def _tokens(text: str, near: int) -> list[_Token]:
    found, at = [], 0
    while at < len(text):
        match = _TOKEN.match(text, at)
        if match is None:
            raise StudyError(
                Problem(_place(at), "a quote that is not closed", "'…'", "close it, or double it")
            )
        kind = str(match.lastgroup)
        words = match[kind]
        if kind == "quoted":
            kind = "said" if words[0] in _DOUBLE else kind
            words = _unquoted(words)
        distance = _distance(match["distance"], at) if match["distance"] else near
        if kind != "space":
            found.append(_Token(kind, words, at, distance))
        at = match.end()
    return [*found, _Token("end", "the end", at, near)]


def _distance(words: str, at: int) -> int:
    if not _DISTANCE.fullmatch(words):
        raise StudyError(
            Problem(
                _place(at),
                f"near({words})"[:60],
                "a distance of 0 to 9999 passages",
                "correct it; a code of such a name stands in quotes",
            )
        )
    return int(words)


def _unquoted(words: str) -> str:
    return words[1:-1].replace(words[0] * 2, words[0]) if words[0] in "'\"" else words[1:-1]


def _place(at: int) -> str:
    return f"the query, character {at + 1}"


class _Parser:
    """Recursive descent, one method for each level of binding."""

    def __init__(self, text: str, names: CodeNames, near: int) -> None:
        self.tokens = _tokens(text, near)
        self.names = names
        self.next = 0
        self.depth = 0

    def whole(self) -> Query:
        query = self._either()
        token = self.tokens[self.next]
        if token.kind != "end":
            remedy = "close or open a bracket"
            if token.kind in ("bare", "quoted", "said"):
                remedy = "put an operator between two codes, and quotes round a name with spaces"
            elif token.kind == "not":
                remedy = "write & ~"
            raise self._problem(token, "& or | or near or the end", remedy)
        return query

    def _either(self) -> Query:
        query = self._both()
        while self._take("or"):
            query = Or(query, self._both())
        return query

    def _both(self) -> Query:
        query = self._near()
        while self._take("and") or self._is_word_not():
            query = And(query, self._near())
        return query

    def _is_word_not(self) -> bool:
        token = self.tokens[self.next]
        return token.kind == "not" and token.words != "~"

    def _near(self) -> Query:
        query = self._one()
        while token := self._take("near"):
            query = Near(query, self._one(), token.distance)
        return query

    def _one(self) -> Query:
        self.depth += 1
        token = self.tokens[self.next]
        if self.depth > DEEPEST:
            raise self._problem(token, f"at most {DEEPEST} brackets and nots", "write it shorter")
        if self._take("not"):
            query: Query = Not(self._one())
        elif self._take("open"):
            query = self._either()
            if not self._take("close"):
                raise self._problem(self.tokens[self.next], "a closing bracket", "close it")
        elif token.kind == "said" and not self.names.is_quoted(token.words):
            query = self._words()
        elif token.kind in ("bare", "quoted", "said"):
            query = self._code(alone=False)
        elif self._take("alone"):
            query = self._code(alone=True)
        else:
            raise self._problem(token, "a code", "name a code, or take the operator out")
        self.depth -= 1
        return query

    def _code(self, *, alone: bool) -> Query:
        token = self.tokens[self.next]
        if token.kind not in ("bare", "quoted", "said"):
            raise self._problem(token, "a code after =", "name a code, or take the = out")
        self.next += 1
        return Carries(self.names.meant(token.words, _place(token.at)), alone)

    def _words(self) -> Query:
        token = self.tokens[self.next]
        self.next += 1
        if not any(one.strip("*") for one in token.words.split()):
            raise self._problem(token, "a word between the quotes", "write one")
        return Says(token.words)

    def _take(self, kind: str) -> _Token | None:
        token = self.tokens[self.next]
        if token.kind != kind:
            return None
        self.next += 1
        return token

    @staticmethod
    def _problem(token: _Token, expected: str, remedy: str) -> StudyError:
        return StudyError(Problem(_place(token.at), repr(token.words[:60]), expected, remedy))


def codes_of(query: Query | None) -> list[str]:
    """Every code that a query names, each once, in its order."""
    if query is None:
        return []
    if isinstance(query, Carries):
        return [query.code]
    if isinstance(query, Says):
        return []
    parts = [query.of] if isinstance(query, Not) else [query.left, query.right]
    return list(dict.fromkeys(code for part in parts for code in codes_of(part)))


def asked_of(query: Query | None) -> list[Carries]:
    """The codes that a passage can be found for: those of `codes_of` but under no `not`."""
    if query is None or isinstance(query, Not | Says):
        return []
    if isinstance(query, Carries):
        return [query]
    return list(dict.fromkeys(asked_of(query.left) + asked_of(query.right)))


def matching(
    query: Query,
    carrying: Callable[[Carries | Says], np.ndarray],
    first: np.ndarray,
    beyond: np.ndarray,
) -> np.ndarray:
    """Which passages (n,) a query asks for.

    `carrying` gives for a code, or words, which of the passages have them; `first`, `beyond` (n,) bound the
    passages of the same source, for all passages in order of source and text.
    """
    if isinstance(query, Carries | Says):
        return carrying(query)
    if isinstance(query, Not):
        return np.asarray(~matching(query.of, carrying, first, beyond))
    left = matching(query.left, carrying, first, beyond)
    right = matching(query.right, carrying, first, beyond)
    if isinstance(query, And):
        return np.asarray(left & right)
    if isinstance(query, Or):
        return np.asarray(left | right)
    reach = query.distance, first, beyond
    return np.asarray((left & _within(right, *reach)) | (right & _within(left, *reach)))


def _within(held: np.ndarray, distance: int, first: np.ndarray, beyond: np.ndarray) -> np.ndarray:
    """Which passages have one of `held` at most `distance` passages away, in their source."""
    place = np.arange(len(held))
    before = np.concatenate([[0], np.cumsum(held)])
    low, high = np.maximum(place - distance, first), np.minimum(place + distance + 1, beyond)
    return np.asarray(before[high] > before[low])


def saying(query: str, words: Iterable[str]) -> str:
    """`query` of passages in which any of `words` is said as well.

    >>> saying("trust | value", ["badge*", "a place"])
    '(trust | value) & ("badge*" | "a place")'
    >>> saying("", ["badge"]), saying("trust", [])
    ('"badge"', 'trust')
    """
    said = [f'"{plain}"' for one in words if (plain := one.replace('"', " ").strip())]
    if not said:
        return query
    either = " | ".join(said)
    if not query:
        return either
    outer = f"({query})" if "|" in query or "near" in query else query
    return f"{outer} & {either if len(said) == 1 else f'({either})'}"


def chained(terms: Iterable[tuple[str, str, int]], names: CodeNames) -> str:
    """A query read from top to bottom: each (operator, code, distance) joins all before it.

    Operators: and, or, near, not (and not). The operator of the first term counts only if it is
    `not`.
    """
    text, last = "", ""
    for operator, code, distance in terms:
        sign = {"and": "&", "not": "&", "or": "|", "near": f"near({distance})"}[operator]
        own = ("~" if operator == "not" else "") + names.written(code)
        if not text:
            text = own
            continue
        if last not in ("", sign):
            text = f"({text})"
        text, last = f"{text} {sign} {own}", sign
    return text

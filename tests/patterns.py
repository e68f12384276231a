"""Every pattern of the package, and texts made to be slow for it.

A pattern `A B* C` is slow where `C` never comes: after `A` it runs through all that `B` may be, and
does so again from the next place at which `A` stands. The texts are read off the pattern: for each
of its repeats what stands before it, once or again and again, and what it repeats.
"""

from __future__ import annotations

import ast
import importlib
import inspect
import pkgutil
import re
import sys
from collections.abc import Iterable, Iterator, Mapping
from itertools import chain, islice
from re import _constants as sre
from re import _parser as parser
from types import ModuleType
from typing import Any

import analysis

_LETTERS = "a1 \n\t-A.:<>/(,é0_\x00\"'9[{=#@"
_VARIANTS = 4
# A repeat of so many at most is bounded: it costs no more in a longer text.
_BOUNDED = 200
_OWN = tuple(
    f"analysis.{room}"
    for room in ("figures", "measures", "pipeline", "report.prose", "report.render")
)
_KNOWN: dict[tuple[str, int], list[str]] = {}
_RE = frozenset({"compile", "search", "match", "fullmatch", "split", "findall", "finditer"})
_RE_WITH_REPLACEMENT = frozenset({"sub", "subn"})
_ANCHORED = frozenset({"match", "fullmatch"})


def modules() -> Iterator[ModuleType]:
    """Every module of the package but those that see only the authors' own prose, or no text."""
    for found in pkgutil.walk_packages(analysis.__path__, "analysis."):
        if not found.name.endswith("__main__") and not found.name.startswith(_OWN):
            yield importlib.import_module(found.name)


def patterns() -> dict[str, tuple[re.Pattern[Any], bool]]:
    """Every pattern by where it stands, and whether it is sought, not only tried at one place."""
    found: dict[str, tuple[re.Pattern[Any], bool]] = {}
    seen: set[tuple[Any, int]] = set()
    named: dict[tuple[str, str], set[str]] = {}
    trees = {module: ast.parse(inspect.getsource(module)) for module in modules()}
    for module, tree in trees.items():
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                of = node.func.value
                name = of.id if isinstance(of, ast.Name) else getattr(of, "attr", "")
                # Names without an underscore may be used anywhere.
                where = module.__name__ if name.startswith("_") else ""
                named.setdefault((where, name), set()).add(node.func.attr)
    for module, tree in trees.items():
        for name, value in vars(module).items():
            for at, pattern in enumerate(_within(value)):
                where = module.__name__ if name.startswith("_") else ""
                uses = named.get((where, name), set()) & (_RE | _RE_WITH_REPLACEMENT)
                sought = not uses or not uses <= _ANCHORED
                known = (pattern.pattern, pattern.flags)
                if known not in seen:
                    seen.add(known)
                    found[f"{module.__name__}.{name}[{at}]"] = (pattern, sought)
        for node in ast.walk(tree):
            inline = _inline(node, module)
            if inline and (inline[0].pattern, inline[0].flags) not in seen:
                seen.add((inline[0].pattern, inline[0].flags))
                found[f"{module.__name__}:{node.lineno}"] = inline  # type: ignore[attr-defined]
    return found


def _within(value: object) -> Iterator[re.Pattern[Any]]:
    if isinstance(value, re.Pattern):
        yield value
    elif isinstance(value, Mapping):
        yield from chain.from_iterable(map(_within, value.values()))
    elif isinstance(value, tuple | list | frozenset | set):
        yield from chain.from_iterable(map(_within, value))


def _inline(node: ast.AST, module: ModuleType) -> tuple[re.Pattern[Any], bool] | None:
    """The pattern that a call such as `re.sub(r"…", …)` writes out, as far as the module tells."""
    if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.args):
        return None
    of = node.func.value
    if not (isinstance(of, ast.Name) and of.id == "re"):
        return None
    if node.func.attr not in _RE | _RE_WITH_REPLACEMENT:
        return None
    try:
        written = eval(compile(ast.Expression(node.args[0]), module.__name__, "eval"), vars(module))
        flags = [ast.unparse(word.value) for word in node.keywords if word.arg == "flags"]
        flags += [ast.unparse(a) for a in node.args[1:] if ast.unparse(a).startswith("re.")]
        return (
            re.compile(written, eval(flags[0], {"re": re}) if flags else 0),
            node.func.attr not in _ANCHORED,
        )
    except (NameError, TypeError, re.error):
        return None


def slow_texts(pattern: re.Pattern[Any], size: int) -> Iterator[Any]:
    """Texts of about `size` characters that could be slow for `pattern`."""
    is_bytes = isinstance(pattern.pattern, bytes)
    written = pattern.pattern.decode("latin-1") if is_bytes else pattern.pattern
    flags = pattern.flags & ~re.UNICODE if is_bytes else pattern.flags
    tree = parser.parse(written, flags & ~re.DEBUG)
    made: set[tuple[str, str]] = set()
    for before, body, after in _repeats(list(tree), "", "", flags):
        for start, pumped in ((before, body), ("", before + body), ("", body + after)):
            if pumped and (start, pumped) not in made:
                made.add((start, pumped))
                text = start + pumped * (size // len(pumped) + 1) + "\x01"
                yield text.encode("latin-1", "replace") if is_bytes else text


def _repeats(
    nodes: list[Any], before: str, after: str, flags: int
) -> Iterator[tuple[str, str, str]]:
    """What stands before each repeat, what it repeats, and what stands after."""
    firsts = [_first(node, flags) for node in nodes]
    for at, (kind, value) in enumerate(nodes):
        follows = "".join(firsts[at + 1 :]) + after
        for inner in _inside(kind, value):
            yield from _repeats(list(inner), before, follows, flags)
        if kind in (sre.MAX_REPEAT, sre.MIN_REPEAT, sre.POSSESSIVE_REPEAT) and value[1] > _BOUNDED:
            for body in islice(dict.fromkeys(_samples(list(value[2]), flags)), _VARIANTS):
                yield before, body, follows
        before += firsts[at]


def _inside(kind: Any, value: Any) -> Iterable[Any]:
    if kind in (sre.MAX_REPEAT, sre.MIN_REPEAT, sre.POSSESSIVE_REPEAT):
        return [value[2]]
    if kind is sre.SUBPATTERN:
        return [value[3]]
    if kind is sre.BRANCH:
        return value[1]
    if kind in (sre.ASSERT, sre.ASSERT_NOT):
        return [value[1]]
    if kind is sre.ATOMIC_GROUP:
        return [value]
    return []


def _first(node: Any, flags: int) -> str:
    return next(iter(_samples([node], flags)), "")


def _samples(nodes: list[Any], flags: int) -> list[str]:
    """A few texts that match the nodes, one after the other."""
    texts = [""]
    for node in nodes:
        texts = [text + more for text in texts for more in _of_node(node, flags)][:_VARIANTS]
    return texts


def _of_node(node: Any, flags: int) -> list[str]:
    kind, value = node
    if kind is sre.LITERAL:
        return [chr(value)]
    if kind in (sre.IN, sre.ANY, sre.NOT_LITERAL, sre.CATEGORY):
        return _of_one(node, flags)
    if kind in (sre.MAX_REPEAT, sre.MIN_REPEAT, sre.POSSESSIVE_REPEAT):
        least, most, body = value
        times = max(int(least), 1 if int(most) else 0)
        return [text * times for text in _samples(list(body), flags)][:_VARIANTS]
    if kind is sre.SUBPATTERN:
        return _samples(list(value[3]), flags)[:_VARIANTS]
    if kind is sre.BRANCH:
        return [_samples(list(branch), flags)[0] for branch in value[1]][:_VARIANTS]
    if kind is sre.ATOMIC_GROUP:
        return _samples(list(value), flags)[:_VARIANTS]
    return [""]


def _of_one(node: Any, flags: int) -> list[str]:
    """Characters that match a class: of those that text is made of, and its own."""
    known = (repr(node), flags)
    if known not in _KNOWN:
        _KNOWN[known] = _fitting(node, flags)
    return _KNOWN[known]


def _fitting(node: Any, flags: int) -> list[str]:
    kind, value = node
    state = parser.State()
    one = re._compiler.compile(  # type: ignore[attr-defined]
        parser.SubPattern(state, [node]), flags
    )
    own = [
        chr(inner if of is sre.LITERAL else inner[0])
        for of, inner in (value if kind is sre.IN else [])
        if of in (sre.LITERAL, sre.RANGE)
    ]
    fitting = [letter for letter in _LETTERS if one.fullmatch(letter)]
    return (fitting + [letter for letter in own if one.fullmatch(letter)])[:6] or ["a"]


assert sys.version_info >= (3, 11)

"""The worked examples in the docstrings of the measures, and what every docstring must tell."""

from __future__ import annotations

import doctest
import inspect
import pkgutil
import textwrap
import warnings
from ast import NodeVisitor, Raise, parse
from collections.abc import Callable
from importlib import import_module
from types import ModuleType
from typing import Any

import pytest

from analysis import measures

MODULES = [one.name for one in pkgutil.walk_packages(measures.__path__, f"{measures.__name__}.")]
#: The verbs with which a docstring begins: what the measure is asked to do.
VERBS = {
    *("Adjust", "Compare", "Count", "Cut", "Draw", "Follow", "Lay", "List", "Merge", "Raise"),
    *("Rank", "Repeat", "Restate", "Return", "Say", "Set", "Sum", "Warn"),
}
#: One of these tells what comes back, or that nothing does.
TOLD = ("Return", "Columns", "columns", "Raise", "Warn", "row", "(", "each")


def public(module: ModuleType) -> list[tuple[str, Callable[..., Any]]]:
    """The public functions that `module` defines."""
    return [
        (name, one)
        for name, one in vars(module).items()
        if inspect.isfunction(one) and one.__module__ == module.__name__ and name[0] != "_"
    ]


FUNCTIONS = [
    pytest.param(one, id=f"{name.removeprefix('analysis.measures.')}.{own}")
    for name in MODULES
    for own, one in public(import_module(name))
]


class Raises(NodeVisitor):
    """Whether a function raises an error of its own."""

    found = False

    def visit_Raise(self, node: Raise) -> None:
        self.found = True


@pytest.mark.parametrize("name", MODULES)
def test_examples(name: str) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        assert doctest.testmod(import_module(name)).failed == 0


@pytest.mark.parametrize("function", FUNCTIONS)
def test_every_public_function_says_what_it_does(function: Callable[..., Any]) -> None:
    told = inspect.getdoc(function) or ""
    first = told.split()[0].rstrip(",")
    assert first in VERBS, f"begins with {first!r}"
    assert told.splitlines()[0].rstrip().endswith((".", ":", ",")) or len(told.splitlines()) > 1
    assert any(word in told for word in TOLD)
    assert ">>> " in told, "has no worked example"
    source = Raises()
    source.visit(parse(textwrap.dedent(inspect.getsource(function))))
    assert not source.found or "Raise" in told, "does not say what it raises"

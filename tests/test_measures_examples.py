"""The worked examples in the docstrings of the measures."""

from __future__ import annotations

import doctest
import pkgutil
from importlib import import_module

import pytest

from analysis import measures

MODULES = [one.name for one in pkgutil.walk_packages(measures.__path__, f"{measures.__name__}.")]


@pytest.mark.parametrize("name", MODULES)
def test_examples(name: str) -> None:
    assert doctest.testmod(import_module(name)).failed == 0


def test_there_are_examples() -> None:
    coefficients = doctest.DocTestFinder().find(import_module("analysis.measures.coefficients"))
    assert len([one for one in coefficients if one.examples]) >= 7

"""How hypothesis chooses its examples, and what a run says of the tests that it left out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import settings

# A busy machine is no failure. `make test` tries the same examples on the same code, so that nobody
# is stopped by what another change left; `make test-full` tries new ones each time.
settings.register_profile("same", deadline=None, derandomize=True)
settings.register_profile("new", deadline=None, print_blob=True)

_LEFT_OUT = "left_out"


def pytest_configure(config: pytest.Config) -> None:
    full = config.getoption("markexpr") == "full or not full"
    settings.load_profile("new" if full else "same")
    config.stash[left_out] = Counter()


# Line -> how many tests it tells of.
left_out = pytest.StashKey[Counter[str]]()


def pytest_deselected(items: Sequence[pytest.Item]) -> None:
    for item in items:
        mark = item.get_closest_marker("full")
        why = f"{mark.args[0]}; make test-full runs it" if mark and mark.args else "not asked for"
        item.config.stash[left_out][f"{item.path.name}: {why}"] += 1


def pytest_sessionfinish(session: pytest.Session) -> None:
    """A worker hands over what it left out: the one who prints has not collected."""
    handed_over = getattr(session.config, "workeroutput", None)
    if handed_over is not None:
        handed_over[_LEFT_OUT] = dict(session.config.stash[left_out])


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    # Each worker leaves out the same.
    node.config.stash[left_out] |= Counter(getattr(node, "workeroutput", {}).get(_LEFT_OUT, {}))


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> None:
    told = config.stash[left_out]
    if told:
        terminalreporter.section(f"{told.total()} tests LEFT OUT")
        for line, number in sorted(told.items()):
            terminalreporter.line(f"[{number}] {line}")

"""How fluid the explorer is over many passages, measured in JupyterLab."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest
from explore_study import make_study
from lab import Lab, choose, opened


def milliseconds(lab: Lab, change: Callable[[], object]) -> int:
    """From a change of a choice until its answer is painted."""
    lab.explorer.evaluate("node => delete node.dataset.milliseconds")
    change()
    end = time.monotonic() + 10
    while (spent := lab.explorer.get_attribute("data-milliseconds")) is None:
        assert time.monotonic() < end, "no answer"
        lab.page.wait_for_timeout(20)
    return int(spent)


@pytest.mark.full
def test_ten_thousand_passages_stay_fluid(tmp_path: Path) -> None:
    """Every change of a choice is answered and painted within 200 ms."""
    with opened(tmp_path, make_study(tmp_path / "study", sources=200, passages=100)) as lab:
        assert len(lab.explore.passages()) == 10_000
        explorer = lab.explorer
        first, second, third = "value", "sectors/recognition", "co-production/tokenism"
        changes: list[Callable[[], object]] = [
            lambda: choose(explorer, 0, first),
            lambda: choose(explorer, 1, second),
            lambda: choose(explorer, 2, third),
        ]
        operator = explorer.get_by_label("Operator").nth(1)
        for word in ("near", "not", "or", "and"):
            changes.append(partial(operator.select_option, word))
        for name, value in (
            ("role", "third_sector"),
            ("coder", "B"),
            ("coder", "everybody"),
            ("voice", "interviewer"),
            ("voice", ""),
            ("role", ""),
        ):
            changes.append(partial(explorer.get_by_label(name, exact=True).select_option, value))
        spent = [milliseconds(lab, change) for change in changes]
        print(f"\nmilliseconds per change over 10,000 counted passages: {spent}")
        assert max(spent) < 200

"""How hypothesis chooses its examples."""

from __future__ import annotations

import pytest
from hypothesis import settings

# A busy machine is no failure. `make test` tries the same examples on the same code, so that nobody
# is stopped by what another change left; `make test-full` tries new ones each time.
settings.register_profile("same", deadline=None, derandomize=True)
settings.register_profile("new", deadline=None, print_blob=True)


def pytest_configure(config: pytest.Config) -> None:
    full = config.getoption("markexpr") == "full or not full"
    settings.load_profile("new" if full else "same")

"""The rule for machines without a browser: skip loudly, or fail where one is required."""

from __future__ import annotations

import pytest
from browser import launch


def test_without_a_browser_a_test_says_that_it_was_skipped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    monkeypatch.delenv("REQUIRE_BROWSER", raising=False)
    with pytest.raises(pytest.skip.Exception, match="NOT TRIED IN A BROWSER"), launch():
        pass


def test_where_a_browser_is_required_the_test_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    monkeypatch.setenv("REQUIRE_BROWSER", "1")
    with pytest.raises(pytest.fail.Exception, match="NOT TRIED IN A BROWSER"), launch():
        pass

"""A real browser for tests, and one rule where there is none.

Without Chromium a test that asks for `browser` is skipped and says so; with REQUIRE_BROWSER=1 in
the environment it fails instead.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Browser, sync_playwright


@contextmanager
def launch() -> Iterator[Browser]:
    """Headless Chromium, found on the PATH; skips or fails the test where there is none."""
    executable = shutil.which("chromium") or shutil.which("chromium-browser")
    if executable is None:
        told = "NOT TRIED IN A BROWSER: no chromium on the PATH"
        if os.environ.get("REQUIRE_BROWSER") == "1":
            pytest.fail(told)
        pytest.skip(told)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=executable, args=["--no-sandbox", "--disable-gpu"]
        )
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One browser for the tests of a module."""
    with launch() as opened:
        yield opened

"""The pages in a real browser: nothing runs, nothing is fetched, everybody can read them."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from browser import browser  # noqa: F401
from playwright.sync_api import Browser, Page, Request
from report_fixture import small_report
from test_report_hostile import HOSTILE
from test_report_pages_notebook_page import code, markdown, page_of

from analysis.report.render.render import render
from analysis.text import escape


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("browser")
    reports = small_report(folder, find__top_code=HOSTILE)
    corpus = reports / "_generated" / "corpus.md"
    corpus.write_text(
        f"> {escape.markdown(HOSTILE)}\n\n" + corpus.read_text(encoding="utf-8"), encoding="utf-8"
    )
    page_of(
        folder,
        markdown(f"# Samples\n\n{HOSTILE}\n"),
        code(
            "x", {"text/html": "<table><tr><th>a<td>" + HOSTILE + "</table>"}, {"text/plain": "4"}
        ),
        code(
            "svg",
            {
                "image/svg+xml": "<svg xmlns='http://www.w3.org/2000/svg'><script>"
                "parent.canary=1</script></svg>"
            },
        ),
    )
    shutil.copytree(folder / "pages", reports / "_generated/pages/notebooks")
    render(reports, reports / "_site", "embedded", constructed=True)
    return reports / "_site"


@pytest.fixture(scope="module")
def tab(browser: Browser) -> Page:  # noqa: F811
    return browser.new_page()


@pytest.fixture
def opened(tab: Page) -> Iterator[Page]:
    """The browser's one tab, which fails the test when a page asks for anything but itself."""
    asked: list[str] = []

    def ask(request: Request) -> None:
        asked.append(request.url)

    tab.set_viewport_size({"width": 1280, "height": 900})
    tab.on("request", ask)
    yield tab
    tab.remove_listener("request", ask)
    assert asked and [url for url in asked if not url.startswith(("file:", "data:"))] == []


NAMES = ("index.html", "reproducibility.html", "notebooks/03-frequencies.html")


@pytest.mark.parametrize("name", NAMES)
def test_no_script_of_a_transcript_runs(site: Path, opened: Page, name: str) -> None:
    opened.goto((site / name).as_uri())
    assert opened.evaluate("typeof window.canary") == "undefined"
    assert opened.locator("main script").count() == 0


def test_even_a_script_that_slipped_through_would_not_run(site: Path, opened: Page) -> None:
    """The page's own policy forbids it: the last line of defence."""
    text = (site / "index.html").read_text(encoding="utf-8")
    broken = site / "slipped.html"
    slipped = "<script>window.canary=1</script><img src=x alt='' onerror='window.canary=1'>"
    broken.write_text(text.replace("</main>", slipped + "</main>"), encoding="utf-8")
    opened.goto(broken.as_uri())
    broken.unlink()
    assert opened.evaluate("typeof window.canary") == "undefined"


@pytest.mark.parametrize("name", NAMES)
def test_axe_finds_no_violation_of_wcag_a_and_aa(site: Path, opened: Page, name: str) -> None:
    opened.goto((site / name).as_uri())
    tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]
    found = Axe().run(opened, options={"runOnly": {"type": "tag", "values": tags}})
    assert found.violations_count == 0, found.generate_report()


@pytest.mark.parametrize("name", NAMES)
def test_no_page_scrolls_sideways(site: Path, opened: Page, name: str) -> None:
    opened.goto((site / name).as_uri())
    for width in (320, 800, 1280):
        opened.set_viewport_size({"width": width, "height": 800})
        assert opened.evaluate("document.documentElement.scrollWidth") <= width, width


def test_a_reader_follows_a_quotation_and_comes_back(site: Path, opened: Page) -> None:
    opened.goto((site / "index.html").as_uri())
    opened.locator("a[href='evidence.html#q-int-02-7']").click()
    assert opened.url.endswith("evidence.html#q-int-02-7")
    opened.locator("a[href='index.html#sec-findings']").click()
    assert opened.url.endswith("index.html#sec-findings")


def test_the_keyboard_reaches_the_text_first(site: Path, opened: Page) -> None:
    opened.goto((site / "index.html").as_uri())
    opened.keyboard.press("Tab")
    assert opened.evaluate("document.activeElement.textContent") == "Skip to the text"
    opened.keyboard.press("Enter")
    assert opened.url.endswith("#main")

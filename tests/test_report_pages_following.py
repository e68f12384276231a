"""What a reader does with a number and with a passage, in a browser: follow, narrow, go back, copy."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from browser import browser as browser
from playwright.sync_api import Browser, Page, expect
from test_lifecycle_preview import followed

from analysis.lifecycle.preview.preview import Preview
from analysis.lifecycle.preview.server import Server, Shown
from analysis.study.folder import Study


@pytest.fixture
def opened(browser: Browser) -> Iterator[Page]:
    """A tab that fails the test when a script of a page does."""
    page = browser.new_page()
    failed: list[str] = []
    page.on("pageerror", lambda error: failed.append(str(error)))
    yield page
    assert failed == []
    page.close()


def test_every_number_of_the_paper_opens_a_list_of_that_many(
    tiny_report: Path, opened: Page
) -> None:
    index = (tiny_report / "reports/_site/index.html").as_uri()
    opened.goto(index)
    links = opened.locator("main a[href^='evidence.html#'][href*='=']")
    numbers = links.evaluate_all(
        "all => all.map(a => [a.dataset.count || a.textContent.trim(), a.href])"
    )
    assert len(numbers) > 10
    links.first.click()
    opened.wait_for_url("**/evidence.html#*")
    for shown, address in numbers:
        # The page is open already: only what is asked of it changes.
        opened.evaluate(
            "part => { location.hash = part; window.dispatchEvent(new HashChangeEvent('hashchange')); }",
            address.partition("#")[2],
        )
        assert opened.locator("#count").get_attribute("data-entries") == shown, address
        assert shown in opened.locator("#count").inner_text()


def test_back_restores_what_was_asked(tiny_report: Path, opened: Page) -> None:
    opened.goto((tiny_report / "reports/_site/index.html").as_uri())
    opened.locator("main a[href^='evidence.html#list=sources']").first.click()
    expect(opened.locator("#asked")).not_to_be_empty()
    asked = opened.url, opened.locator("#asked").inner_text()
    opened.locator("form select[data-field=kind]").select_option("document")
    assert "kind=document" in opened.url
    narrowed = opened.locator("#count").get_attribute("data-entries")
    opened.locator(".entry:visible a[href^='source']").first.click()
    opened.go_back()
    opened.wait_for_url(lambda url: "kind=document" in url)
    assert opened.locator("#count").get_attribute("data-entries") == narrowed
    opened.go_back()
    opened.wait_for_url(lambda url: "kind=document" not in url)
    assert (opened.url, opened.locator("#asked").inner_text()) == asked
    opened.go_back()
    assert opened.url.endswith("index.html")


@pytest.mark.parametrize(
    ("key", "copied"),
    [("c", "{}"), ("q", "{{{{< include /_generated/quotations/{}.md >}}}}")],
)
def test_a_passage_is_copied_with_one_key(
    tiny_report: Path, opened: Page, key: str, copied: str
) -> None:
    opened.context.grant_permissions(["clipboard-read", "clipboard-write"])
    opened.goto((tiny_report / "reports/_site/evidence.html").as_uri())
    entry = opened.locator("#q-t1-1")
    button = entry.locator(f"button[data-copy={'id' if key == 'c' else 'quotation'}]").first
    value = button.get_attribute("value")
    assert value and value.startswith("t1-1") and "t1-1" in entry.inner_text()
    entry.hover()
    opened.keyboard.press(key)
    expect(opened.locator("body")).to_contain_text("Copied")
    assert opened.evaluate("navigator.clipboard.readText()") == copied.format(value)


def test_the_tab_of_a_preview_shows_what_was_saved(
    tiny_copy: Path, tmp_path: Path, opened: Page
) -> None:
    made = Preview(Study.open(tiny_copy), tmp_path)
    made.is_due()
    made.write()
    with Server(made.site, Shown()) as server, followed(made, server.shown):
        opened.goto(server.address)
        with (tiny_copy / "reports/index.qmd").open("a", encoding="utf-8") as page:
            page.write("\nJust saved, of 17 people.\n")
        expect(opened.locator("main")).to_contain_text("Just saved", timeout=60_000)
        box = opened.locator(".callout", has_text="digit ‘17’").or_(
            opened.locator(".callout", has_text="'17'")
        )
        assert box.count() == 1

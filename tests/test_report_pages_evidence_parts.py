"""A whole report whose evidence is more than a page holds, and whose sources have pages when quoted."""

from __future__ import annotations

from pathlib import Path

import pytest
from browser import browser
from built import make_report
from playwright.sync_api import Browser
from responses import documents, write_coded

from analysis.report.pages.evidence_parts import FOLDER, INDEX, ON_ONE_PAGE
from analysis.report.site.site_check import check_site

__all__ = ["browser"]

PASSAGE = "q-r0000003-1"
FOUND = """
# Findings {#sec-findings}

{{< include _generated/quotations/r0000003-1-1.md >}}
"""


@pytest.mark.full("builds the report of 700 sources")
def test_a_whole_report_has_its_evidence_beside_the_page(browser: Browser, tmp_path: Path) -> None:
    study = write_coded(tmp_path / "study", documents(700))
    paper = study / "reports" / "index.qmd"
    paper.write_text(paper.read_text(encoding="utf-8") + FOUND, encoding="utf-8")
    status, said = make_report(study, "SOURCES=quoted", "WORKERS=cores")
    assert status == 0, said
    site = study / "reports" / "_site"
    assert check_site(site, study / "reports" / "_generated" / "site.json") == []
    assert [path.name for path in site.glob("source-*.html")] == ["source-r0000003.html"]
    assert (site / FOLDER / INDEX).is_file()
    page = browser.new_page()
    page.goto((site / "evidence.html").as_uri())
    page.wait_for_function("document.getElementById('count').dataset.entries")
    listed = int(page.locator("#count").get_attribute("data-entries") or 0)
    assert listed > ON_ONE_PAGE
    page.goto((site / "evidence.html").as_uri() + f"#{PASSAGE}")
    page.wait_for_selector(f"#{PASSAGE}")
    page.wait_for_timeout(500)
    top = page.evaluate(f"document.getElementById('{PASSAGE}').getBoundingClientRect().top")
    assert 0 <= top < 400, top
    link = page.locator(f"#{PASSAGE} a[href^='source-r0000003.html']").first
    link.click()
    page.wait_for_selector("#p-1")
    page.close()

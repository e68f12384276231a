"""The explorer's forms on a page of their own, as a person uses them: by mouse and by keyboard."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from browser import browser as browser
from explore_study import make_study
from playwright.sync_api import Browser, Locator, expect
from widget_page import served

from analysis.explore import Explorer
from analysis.explore.answers import Answers
from analysis.explore.widget import ExploreWidget, explorer_widget, show_grid, show_lines, show_map
from analysis.study.folder import Study

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]


@pytest.fixture(scope="module")
def explore(tmp_path_factory: pytest.TempPathFactory) -> Explorer:
    folder = make_study(tmp_path_factory.mktemp("explore") / "a study")
    return Explorer(Study.open(folder, embargoed=True))


@contextmanager
def shown(browser: Browser, widget: Any) -> Iterator[Locator]:
    with served(widget, widget.answers.answer) as address:
        page = browser.new_page(viewport={"width": 1280, "height": 900})
        wrong: list[str] = []
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.goto(address)
        yield page.locator(".explore")
        found = Axe().run(page, ".explore", options={"runOnly": {"type": "tag", "values": TAGS}})
        assert found.violations_count == 0, found.generate_report()
        assert not wrong
        page.close()


def made(show: Any, result: Any, monkeypatch: pytest.MonkeyPatch) -> ExploreWidget:
    """The widget that a result shows as."""
    kept: list[Any] = []
    monkeypatch.setattr("analysis.explore.widget._shown", kept.append)
    show(result)
    return kept[0]


def test_a_filter_takes_several_values(explore: Explorer, browser: Browser) -> None:
    with shown(browser, explorer_widget(explore.session)) as form:
        form.get_by_label("source", exact=True).select_option("int-01")
        form.get_by_role("button", name="Another source as well").click()
        form.get_by_label("source, or").select_option("int-02")
        both = explore.passages(source=("int-01", "int-02"))
        expect(form.locator(".counted")).to_have_text(both.counted)
        expect(form.get_by_label("The same in code")).to_have_text(both.line)
        form.get_by_label("source", exact=True).select_option("")
        expect(form.locator(".counted")).to_have_text(explore.passages().counted)
        expect(form.get_by_label("source, or")).to_have_count(0)
        # Words that are said, any of several, and when.
        form.get_by_label("words", exact=True).fill("trust")
        form.get_by_label("words", exact=True).press("Enter")
        form.get_by_role("button", name="Other words as well").click()
        form.get_by_label("words, or").fill("meeting")
        form.get_by_label("words, or").press("Enter")
        form.get_by_label("since", exact=True).fill("2023-05-06")
        found = explore.passages('"trust" | "meeting"', since="2023-05-06")
        expect(form.locator(".counted")).to_have_text(found.counted)
        expect(form.get_by_label("The same in code")).to_have_text(found.line)


def test_a_line_of_a_concordance_leads_to_its_passage(
    explore: Explorer, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = explore.concordance("trust")
    with shown(browser, made(show_lines, said, monkeypatch)) as form:
        rows = form.locator("tbody tr")
        expect(form.get_by_text(f"of {len(said.table)} places")).to_be_visible()
        rows.nth(1).locator("button").click()
        expect(form.get_by_label("Passage", exact=True)).to_contain_text(said.table["id"].iloc[1])
        rows.nth(1).locator("button").press("ArrowDown")
        expect(rows.nth(2).locator("button")).to_be_focused()
        form.get_by_label("Search").fill(said.table["id"].iloc[-1])
        expect(rows.last).to_contain_text(said.table["id"].iloc[-1])
        left = form.locator(".left").first.evaluate("one => getComputedStyle(one).textAlign")
        # At the end of a line that runs from left to right, or of one in Arabic at its left.
        assert left == "end" and form.locator("table").get_attribute("dir") == "ltr"


def test_codes_and_lines_of_the_map_lead_to_their_passages(
    explore: Explorer, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = explore.code_map("passage", most=6)
    with shown(browser, made(show_map, found, monkeypatch)) as form:
        one, other, count = found.edges[0]
        name = explore.corpus.names.name
        line = form.get_by_role("button", name=f"{name(one)} with {name(other)}: {count}")
        line.focus()
        line.press("Enter")
        expect(form.locator(".counted")).to_have_text(found.behind(one, other).counted)
        code, (called, _, _, carried) = next(iter(found.nodes.items()))
        form.get_by_role("button", name=f"{called}: {carried} passages", exact=True).click()
        expect(form.locator(".counted")).to_have_text(found.behind(code, code).counted)


def test_what_is_laid_out_leads_to_passages_in_view(
    explore: Explorer, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    for grid in (explore.hierarchy(), explore.coverage(), explore.word_tree("trust")):
        with shown(browser, made(show_grid, grid, monkeypatch)) as form:
            form.locator("table button").first.click()
            expect(form.locator(".counted")).to_be_in_viewport()
            row, column = next(iter(grid.cells))
            assert Answers(explore.session, grid, grid.behind).behind is not None
            assert len(grid.behind(row, column))


def test_a_recording_is_played_where_it_is_here(explore: Explorer, browser: Browser) -> None:
    folder: Path = explore.study.raw / "recordings"
    folder.mkdir(exist_ok=True)
    (folder / "int-02.wav").write_bytes(silence())
    with shown(browser, explorer_widget(explore.session)) as form:
        form.get_by_label("source", exact=True).select_option("int-02")
        form.get_by_role("button", name="▶ the recording").click()
        expect(form.get_by_label("The recording")).to_be_visible()
        assert form.get_by_label("The recording").evaluate("one => one.src").startswith("blob:")


def silence() -> bytes:
    """A tenth of a second of nothing, as WAV."""
    import io
    import wave

    held = io.BytesIO()
    with wave.open(held, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(1)
        file.setframerate(8000)
        file.writeframes(b"\x80" * 800)
    return held.getvalue()

"""Two people and nothing else: A codes three interviews, B blind, they settle, judge and sign.

Once by what the forms ask, and once in JupyterLab itself, by keyboard alone from coding to judging.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import two_people as people
from axe_playwright_python.sync_playwright import Axe
from browser import launch
from built import report, run_stages
from lab import choose_theme, running_lab
from playwright.sync_api import Browser, Locator, Page, expect

from analysis.__main__ import main
from analysis.desk import desk_widget, judge, settle
from analysis.pipeline.stages import STAGES
from analysis.study.folder import Study

# --- without a browser: the same questions that the widgets ask ----------------------------------


def answered(widget: Any, **message: Any) -> dict[str, Any]:
    reply: dict[str, Any] = widget.answers.answer(message)
    assert "problem" not in reply, reply
    return reply


def code_all(folder: Path, coder: str, codes: tuple[tuple[Any, ...], ...]) -> None:
    widget = desk_widget(Study.open(folder, embargoed=True))
    answered(widget, ask="enter", coder=coder)
    for source, *at, code in codes:
        shown = answered(widget, ask="open", source=source)
        assert shown["blind"] == "blind to everybody"
        assert {one["coder"] for one in shown["spans"]} <= {coder}
        row = shown["passages"][at[0]]
        words = people.WORDS[source, *at]
        start = row["start"] + row["text"].index(words)
        if code == people.NEW_CODE:
            made = {"name": code, "parent": "", "definition": people.DEFINITION}
            answered(widget, ask="new", source=source, **made)
        span = {"start": start, "end": start + len(words)}
        answered(widget, ask="code", source=source, code=code, **span)


def work_through(widget: Any, fields: Mapping[str, str], choices: list[tuple[str, str]]) -> None:
    shown = answered(widget, ask="open", queue=widget.setup["queues"][0][0])
    assert shown["count"] >= len(choices)
    for choice, reason in choices:
        given = dict.fromkeys(fields, reason)
        shown = answered(widget, ask="decide", at=shown["at"], choice=choice, fields=given)


def make_tables(folder: Path) -> None:
    """Run the stages of a report, without its pages: what there is to judge and to sign."""
    status, said = run_stages(folder, *(stage.name for stage in STAGES))
    assert status == 0, said


def sign(folder: Path) -> None:
    assert not main(["sign", "--study", str(folder), "trust", "--by", "A and B"])


def decide_and_sign(folder: Path) -> None:
    """Settle, count what was settled, judge and sign; what came of it is looked at."""
    people.set_round(folder, ends=-1)
    study = Study.open(folder, embargoed=True)
    work_through(settle(study, "A", "B", by="AR"), {"reason": ""}, list(people.DECIDED))
    people.count_consensus(folder)
    make_tables(folder)
    study = Study.open(folder, embargoed=True)
    work_through(judge(study, by="AR"), {"note": ""}, [(people.JUDGED, "")])
    make_tables(folder)
    sign(folder)
    status, said = report(folder, drawn=False)
    assert status == 0, said
    people.check(folder)


def test_two_people_from_nothing_to_a_signed_paper(tmp_path: Path) -> None:
    folder = people.begin(tmp_path / "a study")
    code_all(folder, "A", people.A_CODES)
    code_all(folder, "B", people.B_CODES)
    decide_and_sign(folder)


# --- in JupyterLab, by keyboard alone -------------------------------------------------------------

_BEGIN = "import os\nfrom analysis.desk import desk_widget\n"
_BEGIN += "from analysis.study.folder import Study\n"
_BEGIN += 'study = Study.open(os.environ["STUDY"], embargoed=True)\n'
NOTEBOOKS = {
    "coding": _BEGIN + "desk_widget(study)",
    "judging": _BEGIN + 'from analysis.desk import judge\njudge(study, by="AR")',
    "settling": _BEGIN + 'from analysis.desk import settle\nsettle(study, "A", "B", by="AR")',
}
_FOCUS = """() => { const one = document.activeElement; return [one.tagName, one.getAttribute("aria-label") ?? "",
  one.id ? (document.querySelector(`label[for="${one.id}"]`)?.textContent ?? "") : ""].join(" · "); }"""
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]


def run_and_enter(page: Page, address: str, target: str) -> None:
    """Run the notebook's one cell and go on with Tab until `target` has the focus; no mouse."""
    page.goto(address)
    page.locator(".jp-Notebook").wait_for(timeout=90_000)
    page.locator("#jp-main-statusbar").get_by_text("Idle").wait_for(timeout=90_000)
    page.locator(".jp-CodeCell .cm-content").first.focus()
    page.keyboard.press("Control+Enter")
    page.locator(".explore").wait_for(timeout=90_000)
    page.keyboard.press("Escape")
    for _ in range(80):
        if target in str(page.evaluate(_FOCUS)):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"Tab never came to {target}")


def press_codes(page: Page, desk: Locator, coder: str, codes: tuple[tuple[Any, ...], ...]) -> None:
    page.keyboard.type(coder)
    page.keyboard.press("Enter")
    expect(desk.locator(".who")).to_have_text(f"{coder}, blind to everybody")
    text = desk.get_by_role("group", name="The source: arrow keys select words")
    expect(text).to_be_focused()
    order, now = list(people.SOURCES), "c1"
    last = ""
    for source, passage, skip, reach, code in codes:
        while now != source:
            page.keyboard.press(">")
            now = order[order.index(now) + 1]
            expect(desk.get_by_label("Source", exact=True)).to_have_value(now)
        while desk.locator(".where").inner_text() != f"{source}-0":
            page.keyboard.press("ArrowUp")
        for _ in range(passage):
            page.keyboard.press("ArrowDown")
        for _ in range(skip):
            page.keyboard.press("ArrowRight")
        if reach.isdigit():
            for _ in range(int(reach) - 1):
                page.keyboard.press("Shift+ArrowRight")
        else:
            page.keyboard.press(reach)
        expect(desk.locator(".quote")).to_have_text(people.WORDS[source, passage, skip, reach])
        if code == people.NEW_CODE:
            page.keyboard.press("Enter")
            page.keyboard.type(code)
            page.keyboard.press("Enter")
            for words in ("", "", people.DEFINITION):
                page.keyboard.type(words)
                page.keyboard.press("Tab")
            page.keyboard.press("Enter")
        elif code == last:
            page.keyboard.press(".")
        else:
            page.keyboard.press("Enter")
            page.keyboard.type(code)
            page.keyboard.press("Enter")
        expect(desk.locator(".said").first).to_have_text(f"coded: {code}")
        expect(text).to_be_focused()
        last = code
    shown = {one.strip() for one in desk.locator(".coders label").all_inner_texts()}
    assert shown == {coder}


def looked_at(page: Page, part: Locator, name: str) -> None:
    """Screenshots at two widths in both themes, where SCREENSHOTS names a folder; axe in each."""
    folder = os.environ.get("SCREENSHOTS")
    for theme in ("Light", "Dark"):
        page.set_viewport_size({"width": 1280, "height": 900})
        choose_theme(page, f"JupyterLab {theme}")
        part.scroll_into_view_if_needed()
        for width in (1280, 1000):
            page.set_viewport_size({"width": width, "height": 900})
            page.wait_for_timeout(400)
            found = Axe().run(
                page, ".explore", options={"runOnly": {"type": "tag", "values": TAGS}}
            )
            assert found.violations_count == 0, found.generate_report()
            if folder:
                page.screenshot(path=f"{folder}/{name}-{width}-{theme.lower()}.png")


def decided(page: Page, work: Locator, key: str, words: str, said: str) -> None:
    """Write the first field, leave it and press the key of a choice; the next place is shown."""
    place = work.locator(".place").inner_text()
    page.keyboard.press("f")
    page.keyboard.type(words)
    page.keyboard.press("Escape")
    page.keyboard.press(key)
    expect(work.locator(".said")).to_have_text(said)
    expect(work.locator(".place")).not_to_have_text(place)
    expect(work.locator("article")).to_be_focused()


@contextmanager
def seated(browser: Browser, address: str, notebook: str, target: str) -> Iterator[Page]:
    """A page of its own with a notebook run, as whoever works there finds it."""
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    page.set_default_timeout(60_000)
    # JupyterLab would open beside it what was open last.
    run_and_enter(page, address.replace("explore.ipynb?", f"{notebook}.ipynb?reset&"), target)
    yield page
    page.close()


@pytest.mark.full("JupyterLab driven by two people, from nothing to the paper")
def test_two_people_code_settle_judge_and_sign_in_jupyterlab_by_keyboard(tmp_path: Path) -> None:
    folder = people.begin(tmp_path / "a study")
    with launch() as browser, running_lab(tmp_path, folder, NOTEBOOKS) as address:
        for coder, codes in (("A", people.A_CODES), ("B", people.B_CODES)):
            with seated(browser, address, "coding", "Who codes?") as page:
                press_codes(page, page.locator(".explore"), coder, codes)
                looked_at(page, page.locator(".explore"), f"coding-{coder}")
        people.set_round(folder, ends=-1)
        with seated(browser, address, "settling", "Place") as page:
            work = page.locator(".steps-work")
            expect(work.locator(".place")).to_contain_text(f"{len(people.DECIDED)} wait")
            looked_at(page, page.locator(".explore"), "settling")
            work.locator("article").focus()
            keys = {"A": "1", "B": "2", "both": "3", "left open": "5"}
            for choice, reason in people.DECIDED:
                name = work.locator(".place").inner_text().partition(":")[0]
                decided(page, work, keys[choice], reason, f"{name}: {choice}")
            expect(work.locator(".place")).to_contain_text("0 wait")
        people.count_consensus(folder)
        make_tables(folder)
        with seated(browser, address, "judging", "Place") as page:
            work = page.locator(".steps-work")
            expect(work.locator(".place")).to_contain_text("wait")
            place = work.locator(".place").inner_text().partition(":")[0]
            before = work.locator(".told").inner_text()
            decided(page, work, "1", "in so many words", f"{place} {people.JUDGED}")
            # The bounds narrow as one judges, and one's own judgement is there again, one place back.
            expect(work.locator(".told")).not_to_have_text(before)
            looked_at(page, page.locator(".explore"), "judging")
            work.locator("article").focus()
            page.keyboard.press("ArrowLeft")
            expect(work.locator(".facts .done")).to_have_text(f"decided: {people.JUDGED}")
            expect(work.get_by_label("Note")).to_have_value("in so many words")
    make_tables(folder)
    sign(folder)
    status, said = report(folder, drawn=False)
    assert status == 0, said
    people.check(folder)

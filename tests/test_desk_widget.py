"""The desk as a person uses it, on a page that allows nothing but its own module."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from browser import launch
from explore_study import make_study
from playwright.sync_api import Page, expect
from widget_page import served

from analysis.desk import Desk, desk_widget
from analysis.study.folder import Study

# A turn longer than the view, in signs that JavaScript counts twice, and one read from the right.
LONG = "R: " + " ".join(f"Sentence {number} came late 🙂 again." for number in range(600)) + "\n"


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Study:
    folder = make_study(tmp_path_factory.mktemp("desk") / "a study")
    with (folder / "data/raw/interviews/int-06.txt").open("a", encoding="utf-8") as text:
        text.write("\n" + LONG + "\nR: אנחנו עובדים יחד.\n")
    # Nothing is coded yet but one span of A1's in another program, in a source for that.
    codings = folder / "data/processed/codings.csv"
    heading, *rows = codings.read_text(encoding="utf-8").splitlines(keepends=True)
    elsewhere = next(row for row in rows if row.startswith("int-03") and ",A," in row)
    codings.write_text(heading + elsewhere.replace(",A,", ",A1,"), encoding="utf-8")
    return Study.open(folder, embargoed=True)


@pytest.fixture(scope="module")
def page(study: Study) -> Iterator[Page]:
    widget = desk_widget(study)
    with served(widget, widget.answers.answer) as address, launch() as browser:
        opened = browser.new_page(viewport={"width": 1280, "height": 900})
        wrong: list[str] = []
        opened.on("pageerror", lambda error: wrong.append(str(error)))
        opened.goto(address)
        yield opened
        assert wrong == []


def test_a_person_codes_by_keyboard_alone(page: Page, study: Study) -> None:
    """From nothing: a name, words, a new code, the last code again, a memo, undo; all on disk."""
    desk = page.locator(".explore")
    desk.get_by_label("Who codes?").fill("A1")
    page.keyboard.press("Enter")
    text = desk.get_by_role("group", name="The source: arrow keys select words")
    expect(text.locator(".row")).to_have_count(14)
    expect(desk.get_by_role("button", name="Undo")).to_have_attribute("aria-disabled", "true")
    text.focus()
    page.keyboard.press("ArrowDown")
    for _ in range(3):
        page.keyboard.press("Shift+ArrowRight")
    expect(desk.locator(".where")).to_have_text("int-01-1")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Shift+ArrowRight")
    words = desk.locator(".quote").inner_text()
    assert len(words.split()) == 2
    page.keyboard.press("Enter")
    page.keyboard.type("tokenis")
    expect(desk.locator(".offered > li").first).to_have_text("co-production/tokenism")
    page.keyboard.press("Enter")
    expect(desk.locator(".said")).to_have_text("coded: co-production/tokenism")
    expect(text.locator(".column button")).to_have_text(["tokenism"])
    # One key for the last code; the focus is on the text again.
    page.keyboard.press("ArrowDown")
    page.keyboard.press("s")
    page.keyboard.press(".")
    expect(text.locator(".column button")).to_have_text(["tokenism", "tokenism"])
    # A code in the words' own, with its definition asked for then and there.
    page.keyboard.press("ArrowUp")
    page.keyboard.press("v")
    fresh = desk.locator(".fresh")
    expect(fresh.get_by_label("Name")).to_be_focused()
    page.keyboard.type("in passing")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.type("Said by the way.")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(desk.locator(".said")).to_have_text("coded: in passing")
    page.keyboard.press("[")
    page.keyboard.press("m")
    page.keyboard.type("To be read again.")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(desk.locator(".said")).to_contain_text("memo kept")
    text.focus()
    page.keyboard.press("u")
    expect(desk.locator(".said")).to_have_text("undone: memo")
    page.keyboard.press("Shift+U")
    expect(desk.locator(".said")).to_have_text("done again: memo")

    own = Desk(study, "A1")
    assert len(own.own("int-01")) == 3
    first = next(one for one in own.own("int-01") if one.code.endswith("tokenism"))
    assert own.texts.text("int-01")[first.start : first.end] == words
    assert "in passing" in set(own.codebook.codes["code"])
    told = [act.what for _, act in own.ledger.of("A1").acts]
    assert told == ["code", "code", "new code", "code", "memo", "undo memo", "redo memo"]
    assert page.evaluate("typeof window.canary") == "undefined"


def test_a_person_codes_with_the_mouse_and_sees_the_others(page: Page, study: Study) -> None:
    """A selection by mouse, widened to words; recode, ends, code off; another coder's stripes."""
    other = Desk(study, "B1")
    start = int(other.passages("int-02")["start"].iloc[1])
    other.code("int-02", start, start + 40, "co-production/tokenism")
    desk = page.locator(".explore")
    desk.get_by_label("Source", exact=True).select_option("int-02")
    text = desk.get_by_role("group", name="The source: arrow keys select words")
    expect(text.locator(".column button")).to_have_count(1)
    assert desk.locator(".coders label").all_inner_texts() == ["A1", "B1"]
    words = text.locator(".words").nth(3)
    box = words.bounding_box()
    assert box
    page.mouse.move(box["x"] + 20, box["y"] + 12)
    page.mouse.down()
    page.mouse.move(box["x"] + 140, box["y"] + 12)
    page.mouse.up()
    quote = desk.locator(".quote").inner_text()
    assert quote and quote == quote.strip() and quote in words.inner_text()
    desk.get_by_label("Code", exact=True).fill("individual")
    desk.locator(".offered > li").first.click()
    expect(text.locator(".column button")).to_have_count(2)
    own = desk.locator(".here li").filter(has_text="individual")
    own.get_by_role("button", name="Recode").click()
    desk.get_by_label("Code", exact=True).fill("burden")
    page.keyboard.press("Enter")
    expect(desk.locator(".said")).to_have_text("recoded: co-production/burden")
    page.keyboard.press("p")
    desk.locator(".here li").filter(has_text="burden").get_by_role(
        "button", name="Ends as selected"
    ).click()
    expect(desk.locator(".quote")).to_have_text(
        words.inner_text()[:280].strip() + (" …" if len(words.inner_text()) > 300 else "")
    )
    found = Desk(study, "A1").own("int-02")
    assert [one.code for one in found] == ["co-production/burden"]
    # Another's span is read, not changed.
    text.locator(".column button").first.click()
    expect(
        desk.locator(".here li").filter(has_text="B1").get_by_role("button", name="Recode")
    ).to_have_count(0)
    page.keyboard.press("Delete")
    expect(desk.locator(".said")).to_contain_text("is B1’s: code these words as you read them")
    desk.locator(".coders label").filter(has_text="B1").get_by_role("checkbox").uncheck()
    expect(text.locator(".column button")).to_have_count(1)
    desk.locator(".coders label").filter(has_text="B1").get_by_role("checkbox").check()


def test_a_span_of_another_program_says_why_it_stays(page: Page, study: Study) -> None:
    desk = page.locator(".explore")
    desk.get_by_label("Source", exact=True).select_option("int-03")
    text = desk.get_by_role("group", name="The source: arrow keys select words")
    text.locator(".column button").first.click()
    for key in ("r", "e", "m", "Delete"):
        desk.locator(".said").evaluate("one => { one.textContent = ''; }")
        page.keyboard.press(key)
        expect(desk.locator(".said")).to_contain_text("change it in that program")
        expect(desk.locator(".said")).to_contain_text("settle(…) decides between two coders")
    expect(text.locator(".column button")).to_have_count(1)


def test_the_codebook_is_changed_beside_the_text(page: Page, study: Study) -> None:
    """A code is renamed and split, with a reason; its spans go along, and an error is told."""
    desk = page.locator(".explore")
    desk.get_by_text("Codebook", exact=True).click()
    desk.get_by_label("Code to change").select_option("co-production/burden")
    desk.get_by_label("Words", exact=True).fill("weight")
    change = desk.get_by_role("button", name="Change the codebook")
    change.click()
    expect(desk.locator(".desk > .wrong")).to_contain_text("why the codebook changes")
    desk.get_by_label("Why", exact=True).fill("said better")
    change.click()
    expect(desk.locator(".said")).to_contain_text("is now co-production/weight", timeout=30_000)
    assert [one.code for one in Desk(study, "A1").own("int-02")] == ["co-production/weight"]
    desk.get_by_label("Code to change").select_option("co-production/weight")
    desk.get_by_label("Change", exact=True).select_option("split")
    desk.get_by_label("Words", exact=True).fill("cost: Of people; load: Of work")
    desk.get_by_label("Why", exact=True).fill("two things")
    change.click()
    expect(desk.locator(".said")).to_contain_text("spans to read again: 1", timeout=30_000)
    codes = Desk(study, "A1").codebook.codes.set_index("code")
    assert codes.loc["co-production/cost", "definition"] == "Of people"


def test_the_desk_is_accessible(page: Page, study: Study) -> None:
    found = Axe().run(page, context=".desk")
    assert found.response["violations"] == []


def test_words_stay_in_view_in_a_long_passage_and_arrows_go_as_one_reads(
    page: Page, study: Study
) -> None:
    own = Desk(study, "A1")
    rows = own.passages("int-06")
    long, right = rows.iloc[-2], rows.iloc[-1]
    words = "Sentence 590 came late 🙂 again."
    start = int(long["start"]) + long["text"].index(words)
    own.code("int-06", start, start + len(words), "value/remoteness")
    desk = page.locator(".explore")
    desk.get_by_label("Source", exact=True).select_option("int-06")
    text = desk.get_by_role("group", name="The source: arrow keys select words")
    expect(text.locator(".row")).to_have_count(len(rows))
    text.focus()
    page.keyboard.press("]")
    expect(desk.locator(".quote")).to_have_text(words)
    seen = """() => { const [of, box] = [".pointed", ".text"].map((one) =>
      document.querySelector(one).getBoundingClientRect());
      const name = document.querySelector(".long button").getBoundingClientRect();
      return [of.top >= box.top && of.top < box.bottom, Math.abs(name.top - of.top) < 150]; }"""
    for _ in range(50):
        if page.evaluate(seen) == [True, True]:
            break
        page.wait_for_timeout(100)
    assert page.evaluate(seen) == [True, True]
    # Code points in Python, halves of them here: what is coded anew is what was selected. The last
    # code has another name by now, and a key for it all the same.
    page.keyboard.press("ArrowRight")
    page.keyboard.press("s")
    page.keyboard.press(".")
    expect(text.locator(".column button")).to_have_count(2)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowLeft")
    expect(desk.locator(".where")).to_have_text(f"int-06-{right['passage']}")
    expect(desk.locator(".quote")).to_have_text("עובדים")
    text_of = own.texts.text("int-06")
    coded = [text_of[one.start : one.end] for one in own.own("int-06")]
    assert coded[0] == words and coded[1].startswith("Sentence 59")

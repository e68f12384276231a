"""The explorer as a person uses it: JupyterLab itself, in a browser, over a copy of a study."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from explore_study import make_study
from lab import PROJECT, Lab, choose, choose_theme, opened
from playwright.sync_api import Locator, expect

from analysis.claims.bearing import BEARINGS
from analysis.claims.memos import read_memos
from analysis.desk import Desk
from analysis.study.folder import Study

pytestmark = pytest.mark.full(
    "JupyterLab in a browser; the explore and desk widgets have pages of their own"
)


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    folder = tmp_path_factory.mktemp("lab")
    shutil.copytree(make_study(folder / "a study"), folder / "as it was")
    with opened(folder, folder / "a study") as own:
        yield own


def held(folder: Path) -> dict[str, bytes]:
    """The files of a study but for what is read faster the next time, which git leaves out."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and "prepared" not in path.parts
    }


def test_opening_and_running_the_notebook_changes_no_file(lab: Lab) -> None:
    """Neither of the study nor the notebook: git has nothing to tell after a look. Comes first."""
    assert held(lab.study) == held(lab.study.parent / "as it was")
    shipped = PROJECT / "notebooks" / "explore.ipynb"
    assert lab.notebook.read_bytes() == shipped.read_bytes()


# What the notebook holds, wherever it is scrolled: its cells' kinds, in order.
_CELLS = """[...document.querySelectorAll(".jp-Notebook .jp-Cell")].map(
    (cell) => cell.className.match(/jp-(Code|Markdown|Raw)Cell/)[1])"""


# Texts whose contrast with what is behind them is below 4.5 (WCAG 2.2, relative luminance).
_FAINT = """node => {
  const channels = (colour) => colour.match(/[\\d.]+/g).map(Number);
  const light = (colour) => {
    const [r, g, b] = channels(colour).slice(0, 3).map((one) => one / 255)
      .map((one) => (one <= 0.04045 ? one / 12.92 : ((one + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const behind = (one) => {
    const own = getComputedStyle(one).backgroundColor;
    return channels(own)[3] === 0 ? behind(one.parentElement) : own;
  };
  return [...node.querySelectorAll("*:not(style)")].filter((one) => {
    if (![...one.childNodes].some((child) => child.nodeType === 3 && child.data.trim())) return false;
    const [a, b] = [light(getComputedStyle(one).color), light(behind(one))].sort((x, y) => y - x);
    return (a + 0.05) / (b + 0.05) < 4.5;
  }).map((one) => one.tagName + ": " + one.textContent.slice(0, 40));
}"""


def line_of(part: Locator) -> str:
    return part.get_by_label("The same in code").last.inner_text()


def test_a_person_reads_notes_and_judges(lab: Lab) -> None:
    """Two codes, a passage, its source, the line of code, a memo and a bearing."""
    explorer = lab.explorer
    choose(explorer, 0, "value")
    choose(explorer, 1, "co-production/tokenism", "not")
    found = lab.explore.passages("value & ~tokenism")
    expect(explorer.locator(".counted")).to_contain_text(f"{len(found)} passages")
    assert line_of(explorer) == found.line

    first, second = found.rows.iloc[0], found.rows.iloc[1]
    article = explorer.get_by_label("Passage", exact=True).first
    expect(article).to_contain_text(first["id"])
    assert article.locator(".passage p").inner_text().count("⟨") >= 1
    article.focus()
    lab.page.keyboard.press("ArrowRight")
    expect(article).to_contain_text(second["id"])
    lab.page.keyboard.press("c")
    lab.page.keyboard.press("c")
    expect(article.locator(".whole > li")).to_have_count(
        len(lab.explore.corpus.of_source(second["source_id"]))
    )
    lab.page.keyboard.press("p")
    expect(explorer.locator(".place")).to_have_text(f"1 of {len(found)}")

    explorer.get_by_role("button", name="Copy").click()
    expect(explorer.get_by_text("copied")).to_be_visible()
    assert lab.page.evaluate("navigator.clipboard.readText()") == found.line

    explorer.get_by_text("Add to memo").click()
    memo = explorer.locator("details").nth(0)
    memo.get_by_label("Memo").fill("tried-in-a-browser")
    memo.get_by_label("Note").fill("Worth a second look.")
    memo.get_by_role("button", name=f"All {len(found)}").click()
    expect(memo.get_by_text(f"{len(found)} passages now stand")).to_be_visible()
    text = read_memos(lab.study / "data/raw/memos")["text"][0]
    assert "Worth a second look." in text and all(name in text for name in found.rows["id"])

    explorer.get_by_text("Bears on claim").click()
    judged = explorer.locator("details").nth(1)
    judged.get_by_label("Claim").select_option("reach")
    judged.get_by_label("It", exact=True).select_option("contradicts")
    judged.get_by_role("button", name="This passage").click()
    expect(judged.get_by_text("nobody")).to_be_visible()
    judged.get_by_label("Judged by").fill("AR")
    judged.get_by_role("button", name="This passage").click()
    expect(judged.get_by_text("1 row added")).to_be_visible()
    # A second click is no second judgement, and the next passage has none yet.
    judged.get_by_role("button", name="This passage").dblclick()
    expect(judged.get_by_text("1 row added")).to_be_visible()
    lab.page.wait_for_timeout(300)
    expect(judged.get_by_text("1 row added")).to_be_visible()
    explorer.get_by_role("button", name="Next ›").click()
    expect(article).to_contain_text(second["id"])
    expect(judged.locator(".said")).to_have_text("")
    rows = (lab.study / "data/raw" / BEARINGS).read_text(encoding="utf-8").splitlines()
    assert rows[1].startswith(f"reach,{first['source_id']},{first['passage']},,contradicts,AR")
    assert len(rows) == 2

    explorer.get_by_role("button", name="Markdown").click()
    written = explorer.get_by_text("written to data/private/review/exploring/")
    expect(written).to_be_visible()
    kept = lab.study / written.inner_text().removeprefix("written to ")
    assert kept.read_text(encoding="utf-8") == found.to_markdown()


def test_what_the_notebook_shows_is_not_saved(lab: Lab) -> None:
    """Words of a study stay on the screen: the notebook lies in the project, outside any study."""
    lab.notebook.write_text("not saved yet", encoding="utf-8")
    lab.page.get_by_text("File", exact=True).first.click()
    lab.page.locator(".lm-Menu-itemLabel").get_by_text("Save Notebook", exact=True).click()
    # JupyterLab minds that the file changed meanwhile.
    lab.page.get_by_role("button", name="Overwrite").click()
    for _ in range(50):
        # Not begun yet, or half written.
        if lab.notebook.read_text(encoding="utf-8").rstrip().endswith("}"):
            break
        lab.page.wait_for_timeout(200)
    saved, shipped = (
        json.loads(path.read_text(encoding="utf-8"))
        for path in (lab.notebook, PROJECT / "notebooks" / "explore.ipynb")
    )
    assert [cell["source"] for cell in saved["cells"]] == [
        cell["source"] for cell in shipped["cells"]
    ]
    code = [cell for cell in saved["cells"] if cell["cell_type"] == "code"]
    assert all(cell["outputs"] == [] and cell["execution_count"] is None for cell in code)
    # Nor does git see a change where somebody ran it all and saved it.
    assert saved == shipped
    expect(lab.explorer.locator("article")).to_be_attached()


def test_filters_and_three_codes(lab: Lab) -> None:
    explorer = lab.explorer
    while explorer.locator(".out").count():
        explorer.locator(".out").first.click()
    explorer.get_by_role("button", name="Add another code").click()
    choose(explorer, 0, "value")
    choose(explorer, 1, "sectors/recognition", "or")
    choose(explorer, 2, "co-production", "near")
    explorer.get_by_label("Passages away").nth(2).fill("1")
    explorer.get_by_label("Passages away").nth(2).blur()
    explorer.get_by_label("role", exact=True).select_option("third_sector")
    explorer.get_by_label("coder", exact=True).select_option("B")
    found = lab.explore.passages(
        "(value | recognition) near(1) co-production", role="third_sector", coder="B"
    )
    expect(explorer.locator(".counted")).to_contain_text(f"{len(found)} passages")
    assert line_of(explorer) == found.line
    explorer.get_by_label("role", exact=True).select_option("")
    explorer.get_by_label("coder", exact=True).select_option("")
    for _ in range(3):
        explorer.locator(".out").first.click()
    expect(explorer.locator(".counted")).to_contain_text(f"{len(lab.explore.passages())} passages")


def test_quick_keys_and_pages_of_the_list(lab: Lab) -> None:
    """Thirty presses move by thirty; the list turns its pages; a number goes to its passage."""
    explorer = lab.explorer
    every = lab.explore.passages()
    for _ in range(explorer.locator(".out").count()):
        explorer.locator(".out").first.click()
    expect(explorer.locator(".place")).to_have_text(f"1 of {len(every)}")
    article = explorer.get_by_label("Passage", exact=True).first
    article.focus()
    for _ in range(30):
        lab.page.keyboard.press("n")
    expect(explorer.locator(".place")).to_have_text(f"31 of {len(every)}")
    expect(article).to_contain_text(every.rows["id"].iloc[30])
    for _ in range(4):
        lab.page.keyboard.press("p")
    expect(explorer.locator(".place")).to_have_text(f"27 of {len(every)}")

    # More than one screen of them is asked again, and a double click is no second answer.
    memo = explorer.locator("details").first
    memo.evaluate("details => { details.open = true; }")
    memo.get_by_label("Memo").fill("too-many")
    memo.get_by_role("button", name=f"All {len(every)}").dblclick()
    expect(memo.get_by_role("button", name=f"Really all {len(every)}?")).to_be_visible()
    assert not (lab.study / "data/raw/memos/too-many.md").exists()

    rest = len(every) - 50
    explorer.get_by_role("button", name=f"{rest} more ›").click()
    expect(explorer.locator(".list button").first).to_contain_text(every.rows["id"].iloc[50])
    expect(explorer.get_by_text(f"51 to {len(every)}")).to_be_visible()
    expect(explorer.locator(".place")).to_have_text(f"27 of {len(every)}")
    explorer.get_by_role("button", name="‹ 50 before").click()
    expect(explorer.locator(".list button").first).to_contain_text(every.rows["id"].iloc[0])
    explorer.get_by_label("Go to passage number").fill("60")
    explorer.get_by_label("Go to passage number").press("Enter")
    expect(article).to_contain_text(every.rows["id"].iloc[59])
    current = explorer.locator(".list [aria-current]")
    expect(current).to_contain_text(every.rows["id"].iloc[59])
    box, own = explorer.locator(".list").bounding_box(), current.bounding_box()
    assert box and own and box["y"] <= own["y"] < box["y"] + box["height"]


def test_the_keyboard_goes_on_from_where_it_was(lab: Lab) -> None:
    """Words and buttons under the focus change or have nothing to do: the next key still counts."""
    explorer, page = lab.explorer, lab.page
    explorer.get_by_role("button", name="Add another code").click()
    while explorer.locator(".out").count():
        explorer.locator(".out").first.click()
    expect(explorer.get_by_role("button", name="Add another code")).to_be_focused()
    count = len(lab.explore.passages())
    place, article = explorer.locator(".place"), explorer.get_by_label("Passage", exact=True).first
    expect(place).to_have_text(f"1 of {count}")
    for shown in ("Neighbours", "Whole source"):
        explorer.get_by_role("button", name=shown).click()
        article.locator(".whole").focus()
        for at, key in enumerate(("n", "ArrowRight", "n"), start=2):
            page.keyboard.press(key)
            expect(place).to_have_text(f"{at} of {count}")
            expect(article.locator(".whole")).to_be_focused()
        for _ in range(3):
            page.keyboard.press("p")
        expect(place).to_have_text(f"1 of {count}")
    page.keyboard.press("c")
    expect(article.locator(".whole")).to_have_count(0)
    expect(article).to_be_focused()

    explorer.get_by_label("Go to passage number").fill(str(count - 1))
    explorer.get_by_label("Go to passage number").press("Enter")
    expect(place).to_have_text(f"{count - 1} of {count}")
    after = explorer.get_by_role("button", name="Next ›")
    after.focus()
    page.keyboard.press("Enter")
    expect(place).to_have_text(f"{count} of {count}")
    expect(after).to_be_focused()
    expect(after).to_be_disabled()
    page.keyboard.press("Enter")
    page.keyboard.press("p")
    expect(place).to_have_text(f"{count - 1} of {count}")
    back = explorer.get_by_role("button", name="‹ 50 before")
    back.focus()
    page.keyboard.press("Enter")
    expect(explorer.get_by_text("1 to 50")).to_be_visible()
    expect(back).to_be_focused()
    expect(back).to_be_disabled()


def test_the_passages_of_a_line_are_read_as_in_the_explorer(lab: Lab) -> None:
    """All of them, one after the other, in their source; the line is copied, a memo is written."""
    found, shown = lab.explore.passages(lab.explore.start.query), lab.passages
    assert len(found) > 3
    shown.scroll_into_view_if_needed()
    expect(shown.locator(".counted")).to_have_text(found.counted)
    assert line_of(shown) == found.line
    article = shown.get_by_label("Passage", exact=True).first
    article.focus()
    for _ in range(3):
        lab.page.keyboard.press("n")
    expect(article).to_contain_text(found.rows["id"].iloc[3])
    shown.get_by_role("button", name="Whole source").click()
    own = lab.explore.corpus.of_source(found.rows["source_id"].iloc[3])
    expect(article.locator(".whole > li")).to_have_count(len(own))
    memo = shown.locator("details").first
    memo.evaluate("details => { details.open = true; }")
    memo.get_by_label("Memo").fill("from-a-line")
    memo.get_by_role("button", name="This passage").click()
    expect(memo.get_by_text("1 passage now stands")).to_be_visible()
    text = (lab.study / "data/raw/memos/from-a-line.md").read_text(encoding="utf-8")
    assert f"- {found.rows['id'].iloc[3]}" in text
    memo.evaluate("details => { details.open = false; }")


def test_nothing_lies_over_anything_else(lab: Lab) -> None:
    """With the file browser open and a code of a long name, in windows from wide to narrow."""
    explorer = lab.explorer
    explorer.scroll_into_view_if_needed()
    if not explorer.locator(".terms li").count():
        explorer.get_by_role("button", name="Add another code").click()
    explorer.get_by_label("Operator").first.locator("option").last.evaluate(
        "option => { option.closest('li').querySelector('select + input + select').options[0]"
        ".textContent = 'A code of a very long name '.repeat(6); }"
    )
    covered = """node => {
      const filters = node.querySelector(".filters").getBoundingClientRect();
      const own = node.getBoundingClientRect();
      return [...node.querySelectorAll(".codes *:not(option)")].filter((one) => {
        const box = one.getBoundingClientRect();
        return box.right > own.right || (box.right > filters.left && box.left < filters.right
          && box.bottom > filters.top && box.top < filters.bottom);
      }).map((one) => one.outerHTML.slice(0, 60));
    }"""
    expect(lab.page.locator("#filebrowser")).to_be_visible()
    for width in (1280, 1000, 780):
        lab.page.set_viewport_size({"width": width, "height": 1400})
        lab.page.wait_for_timeout(500)
        assert explorer.evaluate(covered) == [], width
    lab.page.set_viewport_size({"width": 1400, "height": 1400})


def test_no_key_pressed_in_here_is_a_shortcut_of_jupyterlab(lab: Lab) -> None:
    """Wherever the focus is, a key that deletes, restarts or leaves a cell does nothing of it."""
    page, explorer, grid = lab.page, lab.explorer, lab.grid("Where two codes meet")
    grid.scroll_into_view_if_needed()
    grid.locator("table button").first.click()
    expect(grid.locator(".counted")).to_contain_text("passage")
    cells = page.evaluate(_CELLS)
    places = [
        *(explorer.get_by_label("Passage", exact=True), explorer.locator(".list button").first),
        *(explorer.get_by_role("button", name="Copy"), explorer.locator("summary").first),
        *(grid.locator("table button").last, grid.get_by_label("Passage", exact=True)),
        *(lab.passages.locator("article"), lab.passages.locator("summary").first),
    ]
    for place in places:
        place.scroll_into_view_if_needed()
        place.focus()
        for key in ("x", "d", "d", "0", "0", "ArrowDown", "b", "a", "m", "y", "z", "Shift+M"):
            page.keyboard.press(key)
            assert page.evaluate("document.activeElement.closest('.explore') !== null"), key
        assert page.evaluate(_CELLS) == cells
        assert page.locator(".jp-Dialog").count() == 0


def test_a_cell_lists_the_passages_behind_it(lab: Lab) -> None:
    grid = lab.grid("Where two codes meet")
    grid.scroll_into_view_if_needed()
    buttons = grid.locator("table button")
    told = lab.explore.cooccurrence(unit="passage")
    assert buttons.count() == len(told.cells)
    cell = buttons.first
    name, count = cell.get_attribute("aria-label").split(": ")  # type: ignore[union-attr]
    cell.focus()
    lab.page.keyboard.press("Enter")
    expect(grid.locator(".counted")).to_contain_text(f"{count} passage")
    # They open in view, and the matrix is shown once: its picture is folded away.
    expect(grid.locator(".counted")).to_be_in_viewport()
    expect(lab.page.locator(".gridded img:visible")).to_have_count(0)
    one, other = name.split(" with ")
    assert line_of(grid) == f"explore.meetings({one!r}, {other!r}, unit='passage')"
    lab.page.keyboard.press("ArrowDown")
    moved = lab.page.evaluate("document.activeElement.getAttribute('aria-label')")
    assert moved and moved != f"{name}: {count}"


def test_a_bar_lists_the_passages_behind_it(lab: Lab) -> None:
    grid = lab.grid("Cases that carry a code, by role")
    grid.scroll_into_view_if_needed()
    bar = grid.locator("table button").first
    cases = bar.inner_text().split(" of ")[0]
    bar.click()
    expect(grid.locator(".counted")).to_contain_text(f"of {cases} case")
    assert 'role="' in line_of(grid)


def test_hostile_words_and_strangers_have_no_say(lab: Lab) -> None:
    """No script of a transcript ran, and nothing but this machine was asked."""
    explorer = lab.explorer
    explorer.scroll_into_view_if_needed()
    explorer.get_by_label("source", exact=True).select_option("int-01")
    expect(explorer.locator("article .passage").first).to_contain_text("<script>")
    assert lab.page.evaluate("typeof window.canary") == "undefined"
    explorer.get_by_label("source", exact=True).select_option("int-03")
    expect(explorer.locator(".banner").first).to_contain_text("embargoed")
    assert {
        url for url in lab.asked if not url.startswith(("http://127.0.0.1:", "data:", "blob:"))
    } == set()


def test_everybody_can_use_it(lab: Lab) -> None:
    """axe finds no violation of WCAG A or AA in the explorer, a chart with its reader and a table,
    in a light theme and in a dark one."""
    tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]
    table_of(lab, "explore.codebook()")
    for theme in ("Dark", "Light"):
        choose_theme(lab.page, f"JupyterLab {theme}")
        for part in (".explorer", ".gridded", ".explore-table"):
            lab.page.locator(part).first.scroll_into_view_if_needed()
            lab.page.wait_for_timeout(300)
            found = Axe().run(lab.page, part, options={"runOnly": {"type": "tag", "values": tags}})
            assert len(found.response["passes"]) > 5
            assert found.violations_count == 0, f"{theme} {part} {found.generate_report()}"
            if folder := os.environ.get("SCREENSHOTS"):
                lab.page.screenshot(path=f"{folder}/lab{part}-{theme.lower()}.png")


def table_of(lab: Lab, line: str) -> Locator:
    """The interactive table below a line of code, scrolled to: cells out of sight are not drawn."""
    cell = lab.page.locator(".jp-CodeCell").filter(has_text=line)
    for _ in range(30):
        if cell.get_by_role("searchbox").count():
            break
        lab.page.mouse.move(700, 700)
        lab.page.mouse.wheel(0, 700)
        lab.page.wait_for_timeout(200)
    return cell


def test_a_table_is_searched_and_shows_words_as_text(lab: Lab) -> None:
    said = table_of(lab, "explore.concordance(start.words)")
    said.get_by_role("searchbox").fill("canary")
    expect(said.locator("tbody tr").first).to_contain_text("</script>")
    assert lab.page.evaluate("typeof window.canary") == "undefined"
    codes = table_of(lab, "explore.codebook()")
    codes.get_by_role("searchbox").fill("tokenism")
    expect(codes.locator("tbody tr").first).to_contain_text("tokenism")
    assert codes.locator("tbody tr").count() < 10


def test_a_person_codes_in_the_notebook(lab: Lab) -> None:
    """Words and a code by keyboard, in JupyterLab itself, whose shortcuts stay out of it."""
    desk, page = lab.desk, lab.page
    desk.scroll_into_view_if_needed()
    cells = page.evaluate(_CELLS)
    desk.get_by_label("Who codes?").fill("A1")
    page.keyboard.press("Enter")
    text = desk.get_by_role("group", name="The source: arrow keys select words")
    expect(text.locator(".row")).to_have_count(14)
    text.focus()
    for key in ("ArrowDown", "x", "Shift+ArrowRight", "Enter"):
        page.keyboard.press(key)
    page.keyboard.type("tokenis")
    page.keyboard.press("Enter")
    expect(desk.locator(".said").first).to_have_text("coded: co-production/tokenism")
    assert page.evaluate(_CELLS) == cells
    own = Desk(Study.open(lab.study, embargoed=True), "A1").own("int-01")
    assert [one.code for one in own] == ["co-production/tokenism"]


def test_everything_is_readable_in_a_dark_theme(lab: Lab) -> None:
    """Also what is shown as HTML, where JupyterLab's own rules apply: contrast as WCAG has it."""
    choose_theme(lab.page, "JupyterLab Dark")
    beside = lab.page.locator(".jp-OutputArea .explore").filter(
        has=lab.page.locator("table.dataframe")
    )
    for _ in range(30):
        if beside.count():
            break
        lab.page.mouse.move(700, 700)
        lab.page.mouse.wheel(0, 700)
        lab.page.wait_for_timeout(200)
    assert beside.first.evaluate(_FAINT) == []
    choose_theme(lab.page, "JupyterLab Light")


def test_keys_in_a_table_and_its_banner(lab: Lab) -> None:
    """A page button of a table has the focus: x deletes no cell."""
    codes = table_of(lab, "explore.codebook()")
    expect(codes.locator(".banner")).to_contain_text("int-03: embargoed")
    expect(codes.get_by_text("Invented data")).to_be_visible()
    cells = lab.page.evaluate(_CELLS)
    codes.locator(".dt-paging button:enabled").first.focus()
    for key in ("x", "d", "d", "0", "0"):
        lab.page.keyboard.press(key)
    assert lab.page.evaluate(_CELLS) == cells
    assert lab.page.locator(".jp-Dialog").count() == 0


def test_a_stopped_kernel_is_told(lab: Lab) -> None:
    """Last of all: without a kernel no answer comes, and the explorer says why."""
    explorer = lab.explorer
    explorer.scroll_into_view_if_needed()
    lab.page.get_by_text("Kernel", exact=True).first.click()
    lab.page.get_by_text("Shut Down Kernel", exact=True).click()
    lab.page.locator("#jp-main-statusbar").get_by_text("No Kernel").wait_for(timeout=20_000)
    explorer.get_by_label("role", exact=True).select_option("commissioner")
    expect(lab.page.get_by_text("Python has not answered yet").first).to_be_visible(timeout=10_000)

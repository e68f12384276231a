"""The desk on 10,000 passages, half of them coded: what a person waits for, as figures to read."""

from __future__ import annotations

import statistics
import time
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from browser import launch
from playwright.sync_api import Locator, Page, expect
from tiny import write_tiny_study
from widget_page import served

from analysis.desk import Desk, desk_widget
from analysis.study.folder import Study

KEYS = 20
TURN = (
    "{0}: We said at the board that number {1} is not co-production. Nobody asked those who came."
)
# From the key to the frame that shows its effect.
PRESSED = """async () => {
  const stripes = () => document.querySelectorAll(".column button").length;
  const before = stripes(), begin = performance.now();
  const key = new KeyboardEvent("keydown", { key: ".", bubbles: true, cancelable: true });
  document.activeElement.dispatchEvent(key);
  while (stripes() === before) await new Promise(requestAnimationFrame);
  return performance.now() - begin;
}"""


def large_study(folder: Path, sources: int, passages: int) -> Path:
    """The tiny study with interviews of 10,000 turns beside its own texts, nothing coded."""
    write_tiny_study(folder)
    raw = folder / "data/raw"
    for path in (raw / "coding").iterdir():
        path.unlink()
    register = pd.read_csv(raw / "sources.csv", dtype=str, keep_default_na=False)
    like = register[register["kind"] == "interview"].iloc[0]
    added = []
    for number in range(sources):
        name = f"big{number}"
        turns = (TURN.format("IR"[n % 2], number * passages + n) for n in range(passages))
        (raw / f"{name}.txt").write_text("\n\n".join(turns), encoding="utf-8")
        added.append({**like, "source_id": name, "case_id": name, "file": f"{name}.txt"})
    pd.concat([register, pd.DataFrame(added)]).to_csv(raw / "sources.csv", index=False)
    return folder


def keys_pressed(page: Page, shown: Locator, code: str, passages: int) -> list[float]:
    """Milliseconds from each press of the key for the last code to the frame that shows it."""
    text = shown.get_by_role("group", name="The source: arrow keys select words")
    text.focus()
    for _ in range(passages // 2 + 1 if passages < 1000 else 3):
        page.keyboard.press("ArrowDown")
    page.keyboard.press("s")
    page.keyboard.press("Enter")
    page.keyboard.type(code)
    page.keyboard.press("Enter")
    expect(shown.locator(".said")).to_have_text(f"coded: {code}")
    taken: list[float] = []
    for _ in range(KEYS):
        page.keyboard.press("ArrowDown")
        page.keyboard.press("s")
        taken.append(page.evaluate(PRESSED))
    return taken


@pytest.mark.full("studies of 10,000 passages")
@pytest.mark.parametrize(("sources", "passages"), [(100, 100), (1, 10_000)])
def test_keys_on_ten_thousand_passages(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], sources: int, passages: int
) -> None:
    """Of many sources, and of one; processor time is Python's alone, on a busy machine the same."""
    folder = large_study(tmp_path / "a study", sources, passages)
    desk = Desk(folder, "A1")
    code = desk.codebook.codes.query("usable")["code"].iloc[0]
    # Half of the passages are coded; of one long source every second one from the tenth.
    step = slice(None, passages // 2) if sources > 1 else slice(2 * KEYS + 10, None, 2)
    halves = [desk.passages(f"big{number}").iloc[step] for number in range(sources)]
    rows = pd.concat(halves)[["source_id", "start", "end"]]
    desk.accept(rows.itertuples(index=False, name=None), code, "a test")
    begun = time.perf_counter()
    widget = desk_widget(Study.open(folder, embargoed=True))
    opened = time.perf_counter() - begun
    spent = list[float]()

    def answer(message: dict[str, Any]) -> dict[str, Any]:
        begun = time.thread_time()
        reply = widget.answers.answer(message)
        if message["ask"] == "code":
            spent.append(1000 * (time.thread_time() - begun))
        return reply

    with served(widget, answer) as address, launch() as browser:
        page = browser.new_page(viewport={"width": 1280, "height": 900})
        page.goto(address)
        shown = page.locator(".explore")
        begun = time.perf_counter()
        shown.get_by_label("Who codes?").fill("A1")
        page.keyboard.press("Enter")
        text = shown.get_by_role("group", name="The source: arrow keys select words")
        expect(text.locator(".row").first).to_be_visible()
        sat = time.perf_counter() - begun
        begun = time.perf_counter()
        last = sources - 1
        shown.get_by_label("Source", exact=True).select_option(f"big{last}")
        expect(text.locator(".row")).to_have_count(passages, timeout=60_000)
        source = time.perf_counter() - begun
        taken = keys_pressed(page, shown, code, passages)
    with capsys.disabled():
        print(
            f"\ndesk, {sources * passages:,} passages in {sources} source(s), {len(rows):,} coded:"
            f" opened {opened:.2f} s, sat down {sat:.2f} s, source {source * 1000:.0f} ms; last"
            f" code, key to screen: median {statistics.median(taken):.0f} ms, slowest"
            f" {max(taken):.0f} ms; of it Python's processor time: median"
            f" {statistics.median(spent):.0f} ms, most {max(spent):.0f} ms"
        )
    assert len(Desk(folder, "A1").own()) == len(rows) + 1 + KEYS

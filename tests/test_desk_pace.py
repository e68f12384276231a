"""The desk on 10,000 passages, half of them coded: what a person waits for, as figures to read."""

from __future__ import annotations

import statistics
import time
from pathlib import Path

import pandas as pd
import pytest
from browser import launch
from playwright.sync_api import expect
from tiny import write_tiny_study
from widget_page import served

from analysis.desk import Desk, desk_widget
from analysis.study.folder import Study

SOURCES, PASSAGES, KEYS = 100, 100, 20
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


def large_study(folder: Path) -> Path:
    """The tiny study with interviews of 10,000 turns beside its own texts, nothing coded."""
    write_tiny_study(folder)
    raw = folder / "data/raw"
    for path in (raw / "coding").iterdir():
        path.unlink()
    register = pd.read_csv(raw / "sources.csv", dtype=str, keep_default_na=False)
    like = register[register["kind"] == "interview"].iloc[0]
    added = []
    for number in range(SOURCES):
        name = f"big{number}"
        turns = (TURN.format("IR"[n % 2], number * PASSAGES + n) for n in range(PASSAGES))
        (raw / f"{name}.txt").write_text("\n\n".join(turns), encoding="utf-8")
        added.append({**like, "source_id": name, "case_id": name, "file": f"{name}.txt"})
    pd.concat([register, pd.DataFrame(added)]).to_csv(raw / "sources.csv", index=False)
    return folder


@pytest.mark.full("a study of 10,000 passages")
def test_keys_on_ten_thousand_passages(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = large_study(tmp_path / "a study")
    desk = Desk(folder, "A1")
    code = desk.codebook.codes.query("usable")["code"].iloc[0]
    halves = [desk.passages(f"big{number}").iloc[: PASSAGES // 2] for number in range(SOURCES)]
    rows = pd.concat(halves)[["source_id", "start", "end"]]
    desk.accept(rows.itertuples(index=False, name=None), code, "a test")
    begun = time.perf_counter()
    widget = desk_widget(Study.open(folder, embargoed=True))
    opened = time.perf_counter() - begun
    with served(widget, widget.answers.answer) as address, launch() as browser:
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
        shown.get_by_label("Source", exact=True).select_option("big5")
        expect(text.locator(".row")).to_have_count(PASSAGES)
        source = time.perf_counter() - begun
        text.focus()
        for _ in range(PASSAGES // 2 + 1):
            page.keyboard.press("ArrowDown")
        page.keyboard.press("s")
        page.keyboard.press("Enter")
        page.keyboard.type(code)
        page.keyboard.press("Enter")
        expect(shown.locator(".said")).to_have_text(f"coded: {code}")
        taken = []
        for _ in range(KEYS):
            page.keyboard.press("ArrowDown")
            page.keyboard.press("s")
            taken.append(page.evaluate(PRESSED))
    with capsys.disabled():
        print(
            f"\ndesk, {SOURCES * PASSAGES:,} passages, {len(rows):,} coded: opened {opened:.2f} s, "
            f"sat down {sat:.2f} s, source {source * 1000:.0f} ms; last code, key to screen: "
            f"median {statistics.median(taken):.0f} ms, slowest {max(taken):.0f} ms"
        )
    assert len(Desk(folder, "A1").own("big5")) == PASSAGES // 2 + 1 + KEYS

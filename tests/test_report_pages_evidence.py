"""The evidence page with ten thousand passages: it opens and filters without waiting."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from browser import browser  # noqa: F401
from playwright.sync_api import Browser

from analysis.report.pages import evidence

PASSAGES = 10_000
ROLES = ("commissioner", "third_sector")
WORDS = "the worker knows the family and the family knows the worker before anybody writes a plan "


def tables(passages: int) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Sources of a hundred passages each, every passage coded twice."""
    text = (WORDS * 4)[:330]
    rows, codings = [], []
    for number in range(passages):
        source, place = f"int-{number // 100:03d}", number % 100
        start = place * 340
        rows.append(
            [
                source,
                place,
                start,
                start + len(text),
                "R",
                "participant",
                60,
                text[:-6] + f"{number:06d}",
            ]
        )
        for offset in (0, 7):
            code = f"theme {(number + offset) % 40 // 8}/code {(number + offset) % 40}"
            codings.append([source, start + 10 * offset, start + 150, code, "AB"[offset > 0]])
    names = sorted({row[0] for row in rows})
    sources = pd.DataFrame(
        {
            "source_id": names,
            "title": names,
            "kind": "interview",
            "publish": "full",
            "role": [ROLES[number % 2] for number in range(len(names))],
        }
    )
    return (
        pd.DataFrame(
            rows,
            columns=["source_id", "passage", "start", "end", "speaker", "voice", "words", "text"],
        ),
        pd.DataFrame(codings, columns=["source_id", "start", "end", "code", "coder"]),
        sources,
    )


@pytest.mark.full
def test_ten_thousand_passages_open_in_two_seconds_and_filter_in_a_tenth(
    browser: Browser,  # noqa: F811
    tmp_path: Path,
) -> None:
    passages, codings, sources = tables(PASSAGES)
    shown = evidence.gather(passages, codings, sources)
    uses = pd.DataFrame(columns=["id", "claim", "bears", "place"])
    path = tmp_path / "evidence.html"
    path.write_text(evidence.page(shown, sources, uses, constructed=False), encoding="utf-8")
    tab = browser.new_page(viewport={"width": 1200, "height": 900})
    opened = []
    for _ in range(3):
        tab.goto(path.as_uri(), wait_until="load")
        opened.append(
            tab.evaluate("performance.timing.loadEventEnd - performance.timing.navigationStart")
        )
    assert tab.locator("#count").inner_text() == "10,000 passages"
    filtered = {}
    for field, value in (
        ("codes", "theme 1/code 9"),
        ("role", "commissioner"),
        ("words", "009999"),
        ("words", ""),
        ("source", "int-050"),
        ("codes", ""),
    ):
        filtered[f"{field} {value}"] = tab.evaluate(
            """([field, value]) => {
                const control = document.querySelector(`[data-field=${field}]`);
                control.value = value;
                const began = performance.now();
                control.dispatchEvent(new Event('input', {bubbles: true}));
                document.body.offsetHeight;
                return performance.now() - began;
            }""",
            [field, value],
        )
    print(f"opens in {min(opened)} ms; filters in", {n: round(t) for n, t in filtered.items()})
    assert min(opened) < 2000
    assert max(filtered.values()) < 100, filtered

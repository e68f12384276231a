"""A million coded passages in a browser: how long until the first words stand there, and a filter.

    .venv/bin/python benchmarks/evidence_at_scale.py [--passages 1000000] [--keep FOLDER]

Needs Chromium on the PATH. Wanted: the first page within two seconds, a filter within 200 ms. The
page is opened from the folder, as a reader opens it; a filter is timed from the change of a choice
until its count stands there and is laid out, and until the words of its first passages are there too.
"""

from __future__ import annotations

import argparse
import resource
import sys
import tempfile
import time
from pathlib import Path

import pandas as pd

PROJECT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(PROJECT / "src"), str(PROJECT / "tests")]

from browser import launch  # noqa: E402
from large_study import tables  # noqa: E402

from analysis.claims import quotable  # noqa: E402
from analysis.corpus import COUNTED_VOICES  # noqa: E402
from analysis.report import evidence_index  # noqa: E402
from analysis.report.evidence_index import address, question_of  # noqa: E402
from analysis.report.pages import evidence, evidence_parts  # noqa: E402

USES = pd.DataFrame(columns=["id", "claim", "bears", "place"])
QUESTIONS = (
    {},
    {"code": "theme 1/code 9"},
    {"code": "theme 1", "and_": "theme 2"},
    {"list": "cases", "code": "theme 1", "not_": "theme 2", "within": "case"},
    {"list": "sources", "role": "commissioner"},
    {"list": "segments", "code": "theme 3", "coding": "counted"},
    {"list": "meetings", "code": "theme 1/code 9", "meets": "theme 2/code 16"},
    {"code": "theme 1", "near": "theme 2"},
    {"code": "theme 4", "coder": "B", "role": "third_sector"},
)


def made(folder: Path, passages: int) -> evidence_index.Index:
    """The page and what lies beside it, in `folder`."""
    began = time.perf_counter()
    rows, codings, sources = tables(passages)
    judged = pd.DataFrame(columns=["claim", "source_id", "passage", "bears"])
    headline = codings[codings["coder"] == "A"]
    index = evidence_index.build(sources, rows, codings, headline, COUNTED_VOICES, judged, ())
    indexed = time.perf_counter()
    shown = quotable.gather(rows, codings, sources)
    gathered = time.perf_counter()
    evidence_parts.write(
        folder, shown, sources, USES, index, unknown=frozenset(), paged=frozenset()
    )
    page = evidence.page(shown, sources, USES, index, constructed=False, in_parts=True)
    (folder / "evidence.html").write_text(page, encoding="utf-8")
    ended = time.perf_counter()
    size = sum(file.stat().st_size for file in folder.rglob("*") if file.is_file()) / 1e6
    index_size = (folder / "evidence" / "index.js").stat().st_size / 1e6
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"{passages:,} passages, {len(codings):,} codings: index {indexed - began:.1f} s,"
        f" gathered {gathered - indexed:.1f} s, written {ended - gathered:.1f} s;"
        f" {size:,.0f} MB, of them {index_size:.1f} MB index; peak memory {peak:,.0f} MB",
        flush=True,
    )
    return index


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--passages", type=int, default=1_000_000)
    parser.add_argument("--keep", type=Path)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch, launch() as browser:
        folder = options.keep or Path(scratch)
        folder.mkdir(exist_ok=True)
        index = made(folder, options.passages)
        for _ in range(3):
            tab = browser.new_page(viewport={"width": 1200, "height": 900})
            tab.goto((folder / "evidence.html").as_uri(), wait_until="commit")
            tab.wait_for_selector("article")
            opened = tab.evaluate("performance.now()")
            print(f"first words after {opened:,.0f} ms (wanted: 2,000)", flush=True)
        for asked in QUESTIONS:
            fragment = address(**asked).partition("#")[2]
            told, counted, worded = tab.evaluate(
                """async part => {
                    history.replaceState(null, "", "#" + part);
                    const old = document.querySelector("article");
                    const began = performance.now();
                    window.dispatchEvent(new HashChangeEvent("hashchange"));
                    document.body.offsetHeight;
                    const counted = performance.now() - began;
                    while (old && old.isConnected) { await new Promise(done => setTimeout(done, 2)); }
                    document.body.offsetHeight;
                    return [Number(document.getElementById("count").dataset.entries), counted,
                        performance.now() - began];
                }""",
                fragment,
            )
            began = time.perf_counter()
            expected = len(index.entries(question_of(fragment)))
            python = time.perf_counter() - began
            agreed = "as Python" if told == expected else f"but Python {expected:,}"
            print(
                f"{counted:6,.0f} ms, with words {worded:6,.0f} ms: {told:,} ({agreed},"
                f" {python:.1f} s) for {fragment or 'everything'}",
                flush=True,
            )


if __name__ == "__main__":
    main()

"""How long the pages take: prose beside Pandoc and Typst alone, data pages of a large study, and the leak gate.

`.venv/bin/python benchmarks/report.py`. The prose pages are those of the demonstration study, which must have
been built (`make report`). The large study has 200 sources and 20,000 coded passages. The leak gate
searches its pages for the names of the invented key, beside lxml, which only parses them.
"""

from __future__ import annotations

import re
import resource
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import typst
from large_study import evidence_page, tables
from lxml import html

from analysis.cleaning.pseudonyms import PseudonymKey
from analysis.report import numbers, pandoc
from analysis.report.gate.gate import leaks
from analysis.report.pages import source_page
from analysis.report.prose import prose
from analysis.report.prose.page import open_page
from analysis.report.render.render import render
from analysis.text.passage_html import Span

PROJECT = Path(__file__).resolve().parents[1]
SOURCES, PER_SOURCE, TIMES = 200, 100, 3
_WITHOUT_SUFFIX = re.compile(r"\]\(figures/([\w-]+)\)")


def best(work: Callable[[], object]) -> float:
    taken = []
    for _ in range(TIMES):
        began = time.perf_counter()
        work()
        taken.append(time.perf_counter() - began)
    return min(taken)


def prose_pages(folder: Path) -> None:
    """Both prose pages in every format, by our renderer and by the bare programs in turn."""
    reports = folder / "reports"
    ignored = shutil.ignore_patterns("_site*", "pages", "notebooks")
    shutil.copytree(PROJECT / "reports", reports, ignore=ignored)
    variables = numbers.load(reports)
    pages = [open_page(reports, name, variables) for name in prose.page_names(reports)]
    ours = best(lambda: render(reports, reports / "_site", "embedded", constructed=True))

    def alone() -> None:
        for page in pages:
            source = _WITHOUT_SUFFIX.sub(r"](figures/\1.svg)", page.source)
            bare = [str(pandoc.program()), "--standalone", "--citeproc", "--quiet"]
            forms = {
                "html": ["--embed-resources", "--mathml", "--output", str(folder / "x.html")],
                "docx": ["--output", str(folder / "x.docx")],
                "typst": ["--to", "typst", "--output", str(reports / "x.typ")],
            }
            for form in page.formats:
                pictures = source.replace(".svg)", ".png)") if form == "docx" else source
                subprocess.run(
                    [*bare, *forms[form]], input=pictures.encode(), cwd=reports, check=True
                )
            if "typst" in page.formats:
                typst.compile(str(reports / "x.typ"), output=str(folder / "x.pdf"))

    bare_time = best(alone)
    print(
        f"prose pages: {ours:.2f} s; Pandoc and Typst alone {bare_time:.2f} s; {ours / bare_time:.2f} times"
    )


def large_study(folder: Path) -> None:
    """The data pages of 200 sources with 20,000 coded passages: seconds, megabytes."""
    passages, codings, sources = tables(SOURCES * PER_SOURCE)
    print(f"{len(sources)} sources, {len(passages):,} passages, {len(codings):,} codings")
    timings: dict[str, tuple[float, float]] = {}

    def timed(name: str, work: Callable[[], list[str]]) -> None:
        began = time.perf_counter()
        written = work()
        for number, text in enumerate(written):
            (folder / f"{name}-{number}.html").write_text(text, encoding="utf-8")
        timings[name] = (time.perf_counter() - began, sum(map(len, written)) / 1e6)

    timed("evidence", lambda: [evidence_page(passages, codings, sources)])
    own_passages = {name: own.to_dict("records") for name, own in passages.groupby("source_id")}
    own_spans = {
        name: [Span(*row) for row in own[["start", "end", "code", "coder"]].itertuples(index=False)]
        for name, own in codings.groupby("source_id")
    }
    described = sources.assign(date="2024-01-01").to_dict("records")
    timed(
        "sources",
        lambda: [
            source_page.page(
                row,
                own_passages[row["source_id"]],
                own_spans[row["source_id"]],
                unknown=False,
                constructed=False,
            )
            for row in described
        ],
    )
    for name, (seconds, size) in timings.items():
        print(f"  {name:<12} {seconds:6.1f} s {size:7.1f} MB")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"  peak memory of this process: {peak:,.0f} MB")


def leak_gate(site: Path) -> None:
    """Seconds to search the pages of the large study, beside parsing the same pages."""
    key = PseudonymKey.read(PROJECT / "data/private/pseudonyms.csv")
    pages = sorted(site.glob("*.html"))
    searched = best(lambda: leaks(site, key))
    parsed = best(lambda: [html.fromstring(page.read_bytes()) for page in pages])
    size = sum(page.stat().st_size for page in pages) / 1e6
    print(
        f"leak gate: {size:.1f} MB in {searched:.2f} s; lxml alone {parsed:.2f} s; {searched / parsed:.1f} times"
    )


def main() -> None:
    with tempfile.TemporaryDirectory() as prose_folder, tempfile.TemporaryDirectory() as site:
        prose_pages(Path(prose_folder))
        large_study(Path(site))
        leak_gate(Path(site))


if __name__ == "__main__":
    main()

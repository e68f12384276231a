"""The same pages by both renderers, and where what they show is not the same.

Read from the finished HTML and DOCX alone (the PDF has one template under both): numbers,
citations, references, headings, captions, cells of tables and alternative texts.
"""

from __future__ import annotations

import re
import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from lxml import html

from analysis.report.html_page import read_html
from analysis.report.prose import prose
from analysis.report.render import render
from analysis.report.site.paper_text import read_paper
from analysis.report.site.site_description import NUMBER, spaced

BOTH = ("embedded", "quarto")
#: What a page shows, by kind of thing: each with how often.
Shown = Mapping[str, Counter[str]]
_CAPTIONS = ("figcaption", "caption")
_HEADINGS = tuple(f"h{level}" for level in range(1, 7))
_CELLS = ("td", "th")


class Difference(NamedTuple):
    """What one renderer shows more often than the other on a file: `kind` (a number, …), `what`,
    and how often by each, in the order of `BOTH`."""

    file: str
    kind: str
    what: str
    embedded: int
    quarto: int

    def __str__(self) -> str:
        often = f"{self.embedded} times by the embedded renderer, {self.quarto} by Quarto"
        return f"{self.file}: {self.kind} ‘{self.what}’: {often}"


def compare(reports: Path, *, constructed: bool) -> tuple[dict[str, int], list[Difference]]:
    """Render the pages of `reports` with both into folders that go again, and compare them.

    Returns how many things of each kind were compared, and the differences by file. The site of
    the report stays as it is. Raises `StudyError` where one of them cannot render.
    """
    render.require_quarto("make compare", "look at what the embedded renderer writes")
    with tempfile.TemporaryDirectory(prefix="compare-") as held:
        for renderer in BOTH:
            render.render(reports, Path(held) / renderer, renderer, constructed=constructed)
        stems = [name.removesuffix(".qmd") for name in prose.page_names(reports)]
        return compared(Path(held) / BOTH[0], Path(held) / BOTH[1], stems)


def compared(
    embedded: Path, quarto: Path, stems: list[str]
) -> tuple[dict[str, int], list[Difference]]:
    """Compare the pages `stems` of two finished sites, as `compare` does."""
    counts: Counter[str] = Counter()
    found: list[Difference] = []
    for stem in stems:
        for file in (f"{stem}.html", f"{stem}.docx"):
            if (embedded / file).is_file() or (quarto / file).is_file():
                one, other = (_shown(folder / file) for folder in (embedded, quarto))
                counts.update({kind: own.total() for kind, own in one.items()})
                found += _differences(file, one, other)
    return dict(counts), found


def _differences(file: str, one: Shown, other: Shown) -> Iterator[Difference]:
    for kind in one:
        for what in sorted(one[kind].keys() | other[kind].keys()):
            if one[kind][what] != other[kind][what]:
                yield Difference(file, kind, what[:120], one[kind][what], other[kind][what])


def _shown(file: Path) -> Shown:
    return _of_html(file) if file.suffix == ".html" else _of_docx(file)


def _of_html(file: Path) -> Shown:
    page = read_html(file)
    parser = html.HTMLParser(encoding="utf-8", huge_tree=True)
    tree = html.fromstring(file.read_bytes(), parser=parser)
    main = next(iter(tree.iter("main")), tree)
    # The table of contents of a renderer says the headings once more.
    for part in [*main.iter("nav"), *main.iter("script"), *main.iter("style")]:
        assert isinstance(part, html.HtmlElement)
        part.drop_tree()
    texts = {
        kind: Counter(filter(None, (_whole(one) for one in main.iter(*tags))))
        for kind, tags in (
            ("a heading", _HEADINGS),
            ("a caption", _CAPTIONS),
            ("a cell", _CELLS),
        )
    }
    cited = " ".join(page.citations + page.references)
    numbers = Counter(NUMBER.findall(_whole(main)))
    numbers.subtract(NUMBER.findall(cited))
    return {
        "a number": +numbers,
        "a citation": Counter(map(spaced, page.citations)),
        "a reference": Counter(map(spaced, page.references)),
        **texts,
        "an alternative text": Counter(filter(None, map(spaced, page.alternatives))),
    }


def _of_docx(file: Path) -> Shown:
    paper = read_paper(file)
    return {
        "a number": Counter(NUMBER.findall(spaced(paper.text))),
        "a heading": Counter(_parted(one) for one in paper.headings),
        "an alternative text": Counter(filter(None, map(spaced, paper.alternatives))),
    }


def _whole(element: html.HtmlElement) -> str:
    return _parted("".join(map(str, element.itertext())))


def _parted(text: str) -> str:
    """A text whose number is parted from its words in one way: by a tab, by a space, by none."""
    return re.sub(r"^([\d.]*\d)\s*(?=\D)", r"\1 ", spaced(text))

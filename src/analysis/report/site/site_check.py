"""A rendered site against the description of what it must hold, whichever program rendered it.

Numbers, captions, references, links and quotations of every prose page; of its PDF and DOCX
headings, citations, one bibliography, alternative texts, and nothing outside the margins; the bytes
of every copied file; and for all pages: nothing loaded from elsewhere, nothing unresolved, every
internal link and anchor there.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence, Set
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import unquote, urlsplit

from analysis.files.problems import Problem, StudyError
from analysis.report.evidence_index import PAGE, question_of
from analysis.report.html_page import HtmlPage, read_html
from analysis.report.pages import evidence_parts
from analysis.report.prose.crossrefs import NAMES
from analysis.report.prose.marks import MARK
from analysis.report.site import link_proof
from analysis.report.site.paper import Paper
from analysis.report.site.paper_text import read_paper
from analysis.report.site.site_description import (
    DescribedPage,
    digest,
    numbers,
    quotation_ids,
    spaced,
)

_REMEDY = "render the site again: make report"
#: So many characters of a reference tell it from others, and stand on one page.
_BEGINNING = 60


def check_site(folder: Path, description: Path) -> list[Problem]:
    """Compare the rendered site in `folder` with the JSON file `description`.

    Returns all problems, in the order of pages. Raises StudyError when there is no description.
    """
    if not description.is_file():
        raise StudyError(
            Problem(
                description.name,
                "no description of the site",
                "what each page must hold",
                "run make report, which writes it",
            )
        )
    expected = json.loads(description.read_text(encoding="utf-8"))
    if any(
        not page.keys() >= DescribedPage.__required_keys__ for page in expected["pages"].values()
    ):
        raise StudyError(
            Problem(
                description.name,
                "a description by an earlier version of this program",
                "one that tells all that is compared",
                "run make report, which writes it",
            )
        )
    shown = {
        file.relative_to(folder).as_posix(): read_html(file)
        for file in sorted(folder.rglob("*.html"))
    }
    problems: list[Problem] = []
    for name, page in expected["pages"].items():
        problems += _missing_outputs(folder, name, page["outputs"])
        if name in shown:
            problems += _page_problems(name, page, shown[name])
        problems += _other_formats(folder, page, shown.get(name))
    problems += _file_problems(folder, expected["files"])
    known = {output for page in expected["pages"].values() for output in page["outputs"]}
    problems += _undescribed(folder, known | set(expected["files"]))
    of_parts = evidence_parts.read_index(folder)
    beside = {one.id for one in of_parts.passages} if of_parts else set()
    for name, html in shown.items():
        problems += _loading(name, html) + _dead_links(folder, name, html, shown, beside)
    return problems + link_proof.prove(folder)[1]


def _missing_outputs(folder: Path, name: str, outputs: list[str]) -> list[Problem]:
    return [
        Problem(name, f"no {output}", "a file that is not empty", _REMEDY)
        for output in outputs
        if not (folder / output).is_file() or not (folder / output).stat().st_size
    ]


def _page_problems(name: str, page: Mapping[str, Any], html: HtmlPage) -> list[Problem]:
    text = spaced(html.text)
    dense = text.replace(" ", "")
    problems: list[Problem] = []

    def expect(there: bool, what: str, detail: str) -> None:
        if not there:
            problems.append(Problem(name, f"{what} is missing: {detail}", "as described", _REMEDY))

    expect(page["title"].replace(" ", "") in dense, "the title", page["title"])
    for words in page["head"]:
        expect(words.replace(" ", "") in dense, "of the title block", words)
    for kind, group in (("sec", "sections"), ("fig", "figures"), ("tbl", "tables")):
        for identifier, number, words in page[group]:
            heading = f"{number}{words}" if kind == "sec" else f"{NAMES[kind]}{number}:{words}"
            expect("".join(heading.split()) in dense, NAMES[kind].lower(), f"{number} {words}")
            expect(identifier in html.anchors, "the anchor", identifier)
    for alternative in page["alternatives"]:
        there = {spaced(words) for words in html.alternatives}
        expect(alternative in there, "an alternative text", alternative)
    found = numbers(text)
    for number, count in page["numbers"].items():
        expect(found.get(number, 0) >= count, "a number", f"{number} ({count} times)")
    for key in page["references"]:
        expect(f"ref-{key}" in html.anchors, "the reference", key)
    for link in page["links"]:
        expect(link in html.links, "a link", link)
    for output in page["outputs"]:
        if output != name:
            expect(output in html.links, "a link to another format", output)
    for anchor in page["anchors"]:
        expect(f"#{anchor}" in html.links, "a cross-reference", anchor)
    there = set(quotation_ids(html.links))
    for quotation in page["quotations"]:
        expect(quotation in there, "a quotation", quotation)
    marks = len(MARK.findall(html.main)) - page["marks"]
    if marks > 0:
        problems.append(
            Problem(
                name, f"{marks} unresolved mark(s)", "none", "run make report, which tells where"
            )
        )
    return problems


def _other_formats(
    folder: Path, page: Mapping[str, Any], html: HtmlPage | None
) -> Iterator[Problem]:
    """Look for all that the page holds in its PDF and its DOCX."""
    for output in page["outputs"]:
        file = folder / output
        if file.suffix in (".pdf", ".docx") and file.is_file() and file.stat().st_size:
            for told in _paper_problems(page, html, read_paper(file)):
                yield Problem(output, told, "as described", _REMEDY)


def _paper_problems(page: Mapping[str, Any], html: HtmlPage | None, paper: Paper) -> Iterator[str]:
    """What is wrong with a PDF or DOCX; its citations and references are those of the HTML.

    Lines of a PDF break words, so white space and hyphens do not count.
    """
    there = _dense(paper.text)
    captions = (words for kind in ("figures", "tables") for *_, words in page[kind])
    for words in (page["title"], *page["head"], *captions, *page["numbers"]):
        if _dense(words) not in there:
            yield f"missing: {words}"
    yield from _heading_problems(
        [f"{number} {words}" for _, number, words in page["sections"]], paper
    )
    known = Counter(_dense(words) for words in paper.alternatives)
    for words, count in Counter(page["alternatives"]).items():
        if known[_dense(words)] < count:
            yield f"an alternative text is missing: {words}"
    for words in dict.fromkeys(html.citations if html else ()):
        if _dense(words) not in there:
            yield f"a citation is missing: {words}"
    begun = {words: _dense(words)[:_BEGINNING] for words in (html.references if html else ())}
    alike = Counter(begun.values())
    cited = [_dense(words) for words in (html.citations if html else ())]
    for words, beginning in begun.items():
        # A long name of authors may begin a reference as it stands in a citation.
        count = there.count(beginning) - sum(one.count(beginning) for one in cited)
        if count != alike[beginning]:
            yield f"a reference stands {count} times: {words}"
    yield from paper.outside
    if not paper.is_accessible:
        yield "no PDF/UA, which programs that read aloud rely on"


def _heading_problems(expected: Sequence[str], paper: Paper) -> Iterator[str]:
    """The headings must be those of the page, no more and no fewer, in their order."""
    wanted, found = [_dense(words) for words in expected], [_dense(one) for one in paper.headings]
    shown = dict(zip(wanted, expected, strict=True)) | dict(zip(found, paper.headings, strict=True))
    for words in (Counter(wanted) - Counter(found)).elements():
        yield f"a heading is missing: {shown[words]}"
    for words in (Counter(found) - Counter(wanted)).elements():
        yield f"a heading too many: {shown[words]}"
    if found != wanted and Counter(found) == Counter(wanted):
        yield "the headings stand in another order"


def _dense(text: str) -> str:
    return "".join(spaced(text).split()).replace("-", "").replace("\u00ad", "")


def _file_problems(folder: Path, files: Mapping[str, str]) -> list[Problem]:
    problems = []
    for name, expected in files.items():
        file = folder / name
        if not file.is_file():
            problems.append(Problem(name, "no such file", "a page or download", _REMEDY))
        elif digest(file) != expected:
            problems.append(Problem(name, "other bytes", "the file as it was written", _REMEDY))
    return problems


def _undescribed(folder: Path, known: set[str]) -> list[Problem]:
    """What lies in the site and is no part of it, such as what an interrupted run left."""
    there = (file.relative_to(folder).as_posix() for file in folder.rglob("*") if file.is_file())
    return [
        Problem(name, "a file that nothing describes", "the files of the site only", _REMEDY)
        for name in sorted(set(there) - known)
    ]


def _loading(name: str, html: HtmlPage) -> list[Problem]:
    """A page is one file: it may load what it carries itself, and nothing else."""
    problems = [
        Problem(
            name,
            f"something loaded from elsewhere: {address[:80]}",
            "one self-contained file",
            "put it into the page",
        )
        for address in html.loads
        if address.strip() and not address.strip().startswith(("data:", "#"))
    ]
    problems += [
        Problem(name, f"an inline event handler: {handler}", "none", "take it out")
        for handler in html.handlers
    ]
    return problems


def _dead_links(
    folder: Path, name: str, html: HtmlPage, shown: Mapping[str, HtmlPage], beside: Set[str]
) -> list[Problem]:
    problems = []
    for link in dict.fromkeys(html.links):
        parts = urlsplit(link)
        if parts.scheme in ("http", "https", "mailto", "data") or parts.netloc:
            continue
        if parts.scheme:
            problems.append(
                Problem(
                    name,
                    f"a link that is no address: {parts.scheme}:",
                    "a page, http(s) or mailto",
                    "correct it",
                )
            )
            continue
        target = _within(name, unquote(parts.path)) if parts.path else name
        anchor = unquote(parts.fragment)
        if target is None or not (folder / target).is_file():
            problems.append(
                Problem(
                    name,
                    f"a link to nothing: {link}",
                    "a file of the site",
                    "correct the link, or write the page",
                )
            )
        elif question_of(parts.fragment) and PurePosixPath(target).name == PAGE:
            continue  # no anchor, but a question: `link_proof` follows it
        elif anchor and target == PAGE and anchor in beside:
            continue
        elif anchor and target in shown and anchor not in shown[target].anchors:
            problems.append(
                Problem(
                    name, f"a link to nothing: {link}", "an anchor of that page", "correct the link"
                )
            )
    return problems


def _within(name: str, path: str) -> str | None:
    """Return where `path` leads from the page `name`, relative to the site; None outside it."""
    parts: list[str] = []
    for part in (*PurePosixPath(name).parent.parts, *PurePosixPath(path).parts):
        if part == "..":
            if not parts:
                return None
            parts.pop()
        elif part not in (".", "/"):
            parts.append(part)
    return "/".join(parts)

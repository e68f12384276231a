"""A prose page, read once: its document tree with numbers and references put in.

What a page must hold is described from this tree too, so that a rendered page can be checked
against it whichever program rendered it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from analysis.files.problems import Problem, raise_if_any
from analysis.report import pandoc
from analysis.report.prose import callouts, prose, title_block
from analysis.report.prose.crossrefs import Labels, number
from analysis.report.prose.document import Node, changed, text_of
from analysis.report.prose.title_block import TitleBlock
from analysis.text.escape import PARTING

FORMATS = {"html": ".html", "typst": ".pdf", "docx": ".docx"}
_NAMES = {"typst": "PDF", "docx": "Word"}


@dataclass(frozen=True)
class Page:
    """A prose page with everything in place but its format.

    `source` is the Markdown with includes and variables expanded; `blocks` its tree with
    numbered headings, captions and resolved references; `bibliography` files are relative to
    the reports folder.
    """

    name: str
    source: str
    meta: dict[str, Any]
    blocks: list[Node]
    labels: Labels
    formats: tuple[str, ...]
    bibliography: tuple[str, ...]
    csl: str
    head: TitleBlock

    @property
    def stem(self) -> str:
        """The name without its ending."""
        return self.name.removesuffix(".qmd")

    @property
    def title(self) -> str:
        """The title as plain text; the name of the page when it has none."""
        return self.text("title") or self.stem

    @property
    def outputs(self) -> tuple[str, ...]:
        """The files that the page is rendered to."""
        return tuple(self.stem + FORMATS[form] for form in self.formats)

    @property
    def beside(self) -> tuple[tuple[str, str], ...]:
        """The files that the HTML of the page offers: what readers call each, and its name."""
        return beside(self.stem, self.formats)

    def text(self, field: str) -> str:
        """Return a field of the front matter as plain text, '' when it is not there."""
        return text_of(self.meta.get(field, {})).strip()

    def blocks_of(self, field: str) -> list[Node]:
        """Return a field of the front matter as blocks."""
        value = self.meta.get(field)
        if value is None:
            return []
        content: list[Node] = value["c"]
        return [{"t": "Para", "c": content}] if value["t"] == "MetaInlines" else content


def _joined(node: Node) -> list[Node] | None:
    """Take out the empty spans with which `text.escape` parts doubled braces.

    In the attributes of a picture or a box they are no spans, but text.
    """
    if node == {"t": "Span", "c": [["", [], []], []]}:
        return []
    if node["t"] in ("Image", "Div", "Span", "Link"):
        (_, _, pairs), *_ = node["c"]
        for pair in pairs:
            pair[1] = pair[1].replace(PARTING, "")
    return None


def open_page(
    reports: Path, name: str, variables: Mapping[str, str], links: Mapping[str, str] | None = None
) -> Page:
    """Read the prose page `name`; variables that `links` knows stand as it says (`links.load`).

    Raises StudyError for missing includes and references, and for a title block that is none.
    """
    page, problems = read_with_problems(reports, name, variables, links)
    raise_if_any(problems)
    return page


def read_with_problems(
    reports: Path, name: str, variables: Mapping[str, str], links: Mapping[str, str] | None = None
) -> tuple[Page, list[Problem]]:
    """Read the prose page `name` as `open_page` does, and return what it would raise beside it."""
    settings = prose.project_settings(reports)
    lines, problems = prose.lines_with_includes(reports, name)
    text = "\n".join(line.text for line in lines)
    front = settings | prose.front_matter(text, name)
    head, faults = title_block.read(text, name)
    problems += faults
    # What lies on the page itself is found there, also in the formats that are one file.
    own = f"]({name.removesuffix('.qmd')}.html#"
    leading = {name: words.replace(own, "](#") for name, words in (links or {}).items()}
    source = prose.with_variables(prose.with_links(text, leading), variables)
    tree = pandoc.read_markdown(source, name)
    tree = changed(tree, _joined)
    blocks, labels = number(callouts.with_titles(tree["blocks"]))
    problems += [
        Problem(
            name,
            f"reference @{identifier}",
            "the id of a figure, table or section",
            "correct the reference, or give the id",
        )
        for identifier in labels.unresolved
    ]
    page = Page(
        name,
        source,
        tree["meta"],
        blocks,
        labels,
        formats(front),
        *_citation_files(front),
        head,
    )
    return page, problems


def formats(front: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the formats that front matter (or the project) asks for, HTML if none."""
    asked = front.get("format", "html")
    names = [asked] if isinstance(asked, str) else list(asked)
    wanted = {"typst" if name == "pdf" else name for name in names}
    return tuple(form for form in FORMATS if form in wanted) or ("html",)


def beside(stem: str, asked: Sequence[str]) -> tuple[tuple[str, str], ...]:
    """Return what the HTML of a page in the formats `asked` offers: words and file of each."""
    return tuple((_NAMES[form], stem + FORMATS[form]) for form in asked if form in _NAMES)


def _citation_files(front: Mapping[str, Any]) -> tuple[tuple[str, ...], str]:
    listed = front.get("bibliography") or ()
    files = (listed,) if isinstance(listed, str) else tuple(str(file) for file in listed)
    return files, str(front.get("csl") or "")

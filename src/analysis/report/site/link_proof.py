"""The proof that every number leads to a list of that many entries.

Read from the finished pages alone: the numbers and where they lead from the page, the entries from
the index that the evidence page carries.
"""

from __future__ import annotations

from pathlib import Path

from lxml import html

from analysis.files.problems import Problem
from analysis.report.evidence_index import PAGE, Index, question_of
from analysis.report.numbers import spelled_number
from analysis.report.pages import evidence_parts

#: Names the count that a link without words of its own leads to, such as a cell of a figure.
COUNT = "data-count"


def read_index(file: Path) -> Index:
    """The index of a finished evidence page, with the words of the passages that it shows;
    of more passages than one page holds it lies beside it.

    A page that carries none lists nothing.
    """
    beside = evidence_parts.read_index(file.parent)
    if beside:
        return beside
    tree = _tree(file)
    texts = {}
    for article in tree.iter("article"):
        paragraphs = article.xpath(".//div[@class='passage']/p")
        told = (p.xpath(".//text()[not(ancestor::sup)]") for p in paragraphs)
        texts[article.get("id", "")] = " ".join("".join(map(str, words)) for words in told)
    carried = tree.xpath("string(//script[@id='index'])")
    return Index.from_json(carried, texts) if carried else Index((), ())


def linked_numbers(file: Path) -> list[tuple[str, str]]:
    """The numbers of a page, as they stand there, that lead to a question, and the address."""
    found = []
    for link in _tree(file).iter("a"):
        target, _, fragment = link.get("href", "").partition("#")
        if target.rpartition("/")[2] == PAGE and question_of(fragment):
            found.append((link.get(COUNT) or "".join(link.itertext()).strip(), link.get("href")))
    return found


def prove(folder: Path) -> tuple[int, list[Problem]]:
    """Follow every linked number of the site in `folder`: how many there are, and what is wrong."""
    if not (folder / PAGE).is_file():
        return 0, []
    index, lengths = read_index(folder / PAGE), dict[str, int]()
    problems, followed = [], 0
    for page in sorted(folder.rglob("*.html")):
        name = page.relative_to(folder).as_posix()
        for shown, where in linked_numbers(page) if name != PAGE else []:
            followed += 1
            problems += _problem(name, shown, where, index, lengths)
    return followed, problems


def _problem(
    name: str, shown: str, where: str, index: Index, lengths: dict[str, int]
) -> list[Problem]:
    remedy = "render the site again: make report"
    try:
        if where not in lengths:
            lengths[where] = len(index.entries(question_of(where.partition("#")[2])))
    except ValueError as error:
        return [Problem(name, f"a link that asks nothing: {error}", "a question", remedy)]
    if spelled_number(shown) == lengths[where]:
        return []
    return [
        Problem(name, f"{shown}, which leads to {lengths[where]} entries: {where}", shown, remedy)
    ]


def _tree(file: Path) -> html.HtmlElement:
    parser = html.HTMLParser(encoding="utf-8", huge_tree=True)
    return html.fromstring(file.read_bytes(), parser=parser)

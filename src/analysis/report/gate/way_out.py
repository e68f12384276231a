"""What the gate passes by construction: the program's own words, the bibliography, the authors'
names; and what the authors exempt with a reason."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from importlib.machinery import SourceFileLoader
from itertools import chain
from pathlib import Path
from types import CodeType
from typing import NamedTuple

from analysis.cleaning.pseudonyms import PseudonymKey
from analysis.file_text import Piece, pieces, pieces_of
from analysis.files.project import NOTEBOOKS, PACKAGE
from analysis.report.gate.withheld import said_by_the_program
from analysis.report.prose import prose
from analysis.text.folding import APART, fold
from analysis.text.runs import words
from analysis.text.sentences import COMMON

# Rooms whose words reach pages, tables and figures.
_ROOMS_OF_PAGES = ("report", "figures", "claims")
_MARKDOWN = re.compile(r"[`*_|{}<>\[\]]+|^[#:\s-]+ ")
_RUN = 4
_AROUND = 120
_NO_WORDS = " 0123456789.,:;()[]-–—'\"#*/"
# How far behind a cited name its year may stand, and its title.
_YEAR_WITHIN, _TITLE_WITHIN = 90, 400
# So much is looked at around a name, and so long is a piece that may be the program's at most.
_LOOKED_AT, _LONGEST_PIECE = 600, 400
_CHECKLIST = "checklist.html"
_STYLES = ("word/styles.xml, attribute", "xl/styles.xml, attribute")
_HEADING = re.compile(r"^#{1,6} (.+)$", re.MULTILINE)
_ATTRIBUTES = re.compile(r"\{[#.][^{}]*+\}\Z")
# As pandas writes them.
_TRUTH = ("True", "False", "None")
_NOTEBOOKS = "notebooks/"
# What stands for the number of a page in the margin of a document.
_FIELDS = ("PAGE", "NUMPAGES")
_MARGIN = re.compile(r"word/(?:footer|header)\d*\.xml, ")
# Choices that are on or off, as tables of variants tell them.
_SWITCHED = re.compile(r"\binterviewer speech \Z")
# What a number is called in words: part of the name of a variable.
_VARIABLES = "_variables.yml"
_NUMBER_AS_WORD = re.compile(r"[\s\"]*\w+_Word\"?:")
_SAID = re.compile(r"\btopic: \"([^\"]*)\"|\b(?:name|title): ([^\n]*)")
_NUMBERED = re.compile(r"(?:figure|table|section|page|note|appendix|chapter|part) \Z")
# A link within a document says: 'Section, page 28'.
_NUMBER_AFTER = re.compile(r"\W{0,3}\d|, page \d")
# What parts of a paper are called, in any study.
_PARTS = frozenset(
    [
        "abstract",
        "acknowledgements",
        "aims",
        "appendices",
        "appendix",
        "background",
        "conclusion",
        "conclusions",
        "contents",
        "contributions",
        "data",
        "declarations",
        "discussion",
        "ethics",
        "figures",
        "findings",
        "funding",
        "introduction",
        "limitations",
        "method",
        "methods",
        "notes",
        "reflexivity",
        "references",
        "results",
        "setting",
        "supplement",
        "tables",
    ]
)
# What begins a line before the words of data: 'Judge’s note, ', of two words or more.
_LABEL = re.compile(r"\w[^\n.]{0,60} [^\n.]{0,60}[,:] ?")
_LABEL_OF_CAPTION = re.compile(r"\A(?:table|figure) \d+\W+")
_WORD = re.compile(r"[^\W_]+")
_TITLES = ("title", "booktitle", "journal", "journaltitle", "publisher", "institution", "series")
_BRACES = re.compile(r"[{}]|\\\W")
_ENTRY = re.compile(r"@\w+\s*\{\s*([^,\s]+)\s*,")
_FIELD = re.compile(
    r"\b(author|editor|title|booktitle|journal|journaltitle|publisher|institution|series|year|date)\s*=\s*(?:\{((?:[^{}]|\{[^{}]*\}){0,600})\}|\"([^\"]{0,600})\")",
    re.IGNORECASE,
)
_MARKS_OF_TEMPLATE = re.compile(
    r"\{\{(?:[^{}]|\}(?!\})|\{(?!\{))*+\}\}|\{%(?:[^{%]|%(?!\})|\{(?!%))*+%\}"
    r"|\{#(?:[^{#]|#(?!\})|\{(?!#))*+#\}"
)


@dataclass(frozen=True)
class Work:
    """One work of the references: the words of whom it is by, its year, its title and where it
    came out, folded."""

    people: frozenset[str]
    year: str
    titles: tuple[str, ...]


@dataclass(frozen=True)
class WayOut:
    """What need not stop the gate.

    `works` and `cite_keys` are the references'; `authors` the names of the paper's authors as
    their pages have them; `headings` those of these pages; `blank` the words of files that are made
    without any data; `labels` what data call somebody or something, folded: such a word alone in
    a cell need not be the program's; `exempt` the places that params.yml names.
    """

    works: tuple[Work, ...] = ()
    cite_keys: frozenset[str] = frozenset()
    authors: frozenset[str] = frozenset()
    pages: frozenset[str] = frozenset()
    blank: frozenset[str] = frozenset()
    headings: frozenset[str] = frozenset()
    labels: frozenset[str] = frozenset()
    exempt: Mapping[str, str] | None = None

    @classmethod
    def of(
        cls,
        reports: Path,
        pages: frozenset[str],
        exempt: Mapping[str, str],
        labels: Iterable[str] = (),
    ) -> WayOut:
        """Of the references and front matter in `reports`, whose prose makes the files `pages`,
        and of the `labels` in the data."""
        works, keys = list[Work](), set[str]()
        for file in sorted(reports.glob("*.bib")):
            found = _works(file.read_text(encoding="utf-8", errors="replace"))
            works += found.values()
            keys |= {fold(key) for key in found}
        reference = reports / "_generated" / "reference.docx"
        blank = {fold(piece.text) for piece in pieces(reference)} if reference.is_file() else set()
        return cls(
            tuple(works),
            frozenset(keys),
            authors_of(reports),
            pages,
            frozenset(blank),
            _headings(reports),
            frozenset(map(_folded, labels)),
            dict(exempt),
        )

    def passes(self, page: str, piece: Piece, start: int, end: int) -> bool:
        """Whether the name at `start` to `end` of the `piece` of the file `page` may stand there."""
        before, name, after = (
            fold(part)
            for part in (
                piece.text[max(0, start - _LOOKED_AT) : start],
                piece.text[start:end],
                piece.text[end : end + _LOOKED_AT],
            )
        )
        whole = " ".join(fold(piece.text[: _LONGEST_PIECE + 1]).split())
        numbered = _NUMBERED.fullmatch(f"{name} ") and _NUMBER_AFTER.match(after)
        if whole in self.blank or numbered or self._is_our_label(piece):
            return True
        if is_ours(piece, start, end) or _begins_as_ours(piece.text, start, end):
            return True
        if self._is_set_by_the_program(page, piece, start, end):
            return True
        stem = page.rpartition("/")[2]
        if stem not in self.pages and page not in self.pages:
            return False
        return (
            self._is_cited(before, name, after)
            or self._is_an_author(before, name, after)
            or self._names_a_part(piece.text, start, name)
        )

    def _names_a_part(self, text: str, start: int, name: str) -> bool:
        """Whether the line is a heading that names a part of the paper: 'Appendix: our guide'."""
        line = _around(text.replace(APART, "\x1f"), start, "\n")
        part = line.partition(":")[0]
        return name == part and part in _PARTS and (line == part or line in self.headings)

    def _is_our_label(self, piece: Piece) -> bool:
        """Whether the program says just this, with these capitals, and no data do."""
        if len(piece.text) > _LONGEST_PIECE:
            return False
        text = " ".join(piece.text.replace(APART, "").split())
        said = _LABEL_OF_CAPTION.sub("", text).strip(_NO_WORDS)
        return said in _own_pieces() and _folded(said) not in self.labels

    def _is_set_by_the_program(self, page: str, piece: Piece, start: int, end: int) -> bool:
        """Whether the place holds nothing of people's, or all of it is what the program says.

        Such are styles of a document, the number of its pages, a truth value in a table or notebook, an entry of the checklist, which
        names parts of the paper, and a line of a PDF, whose words stand on a page beside it too.
        """
        if piece.place.startswith(_STYLES) or piece.text in _TRUTH:
            return True
        if piece.text in _FIELDS and _MARGIN.match(piece.place):
            return True
        if piece.text[start:end] in _TRUTH and (
            page.startswith(_NOTEBOOKS) or _SWITCHED.search(piece.text, 0, start)
        ):
            return True
        if page == _VARIABLES and _NUMBER_AS_WORD.match(piece.text, 0, end + 2):
            return True
        if page == _CHECKLIST:
            part = _around(piece.text, start, APART)
            return part in _folded_pieces() or part in self.headings
        return page.endswith(".pdf") and _around(piece.text, start, "\n") in _folded_pieces()

    def is_exempt(self, page: str, place: str, what: str) -> bool:
        """Whether params.yml exempts `what` ('key line 7') on `page`, or at the `place` there."""
        told = self.exempt or {}
        return f"{page}, {what}" in told or f"{page}, {place}, {what}" in told

    def _is_cited(self, before: str, name: str, after: str) -> bool:
        own = set(_WORD.findall(name))
        key = re.findall(r"[\w:.-]{0,80}\Z", before[-80:])[0] + name
        key += (re.match(r"[\w:.-]{0,80}", after) or [""])[0]
        if any(one in key.replace(" ", "") for one in self.cite_keys if name in one):
            return True
        # In print a title may be divided at the end of a line.
        around = _together(f"{before[-_TITLE_WITHIN:]}{name}{after[:_TITLE_WITHIN]}")
        return any(
            (own <= work.people and work.year and work.year in after[:_YEAR_WITHIN])
            or any(
                own & set(_WORD.findall(one)) and _together(one) in around for one in work.titles
            )
            for work in self.works
        )

    def _is_an_author(self, before: str, name: str, after: str) -> bool:
        around = " ".join(f"{before[-60:]}{name}{after[:60]}".split())
        return any(name.strip() in author and author in around for author in self.authors)


def with_our_words(key: PseudonymKey) -> PseudonymKey:
    """The key in which names that are words of the program's pages count as common words.

    'Page', 'Case' and 'Source' stand on pages in small letters too, where they name nobody.
    """
    return PseudonymKey(
        tuple(
            replace(entry, common_word=True) if fold(entry.find) in _small_words() else entry
            for entry in key.entries
        )
    )


def _around(text: str, place: int, border: str) -> str:
    """What stands at `place` of the text between two borders, folded."""
    begin = text.rfind(border, 0, place) + 1
    return " ".join(fold(text[begin:].partition(border)[0]).split()).strip(_NO_WORDS)


def _begins_as_ours(text: str, start: int, end: int) -> bool:
    """Whether the line begins with a label of ours which the name at `start` is in."""
    begin = max(text.rfind(border, 0, start) for border in ("\n", APART)) + 1
    line = text[begin : end + _AROUND].lstrip()
    least = len(line) - len(text[end : end + _AROUND])
    return any(line.startswith(label) and len(label) > least for label in _labels())


def _together(text: str) -> str:
    """A folded text without blanks, which is what a hyphen at a line's end becomes."""
    return "".join(text.split())


def is_ours(piece: Piece, start: int, end: int) -> bool:
    """Whether four words about `start` to `end` of the piece are the program's own, on no data."""
    own = words(piece.text[start:end])
    earlier = words(piece.text[max(0, start - _AROUND) : start])[-_RUN:]
    around = [*earlier, *own, *words(piece.text[end : end + _AROUND])[:_RUN]]
    first = len(earlier)
    runs = (around[at : at + _RUN] for at in range(first + 1) if at + _RUN >= first + len(own))
    return any(len(run) == _RUN and f" {' '.join(run)} " in said_by_the_program() for run in runs)


def _works(text: str) -> dict[str, Work]:
    """The works of a .bib file by their keys."""
    found = {}
    entries = list(_ENTRY.finditer(text))
    for number, entry in enumerate(entries):
        until = entries[number + 1].start() if number + 1 < len(entries) else len(text)
        fields: dict[str, str] = {}
        for field in _FIELD.finditer(text, entry.end(), until):
            fields[field[1].lower()] = fold(_BRACES.sub("", field[2] or field[3] or ""))
        people = _WORD.findall(f"{fields.get('author', '')} {fields.get('editor', '')}")
        year = (fields.get("year") or fields.get("date", ""))[:4]
        titles = (" ".join(fields.get(name, "").split()) for name in _TITLES)
        found[entry[1]] = Work(frozenset(people), year, tuple(filter(None, titles)))
    return found


def _headings(reports: Path) -> frozenset[str]:
    """The headings that the authors wrote on their pages, folded."""
    pages = (reports / name for name in prose.page_names(reports))
    texts = (page.read_text(encoding="utf-8") for page in pages if page.is_file())
    lines = (found[1].strip() for text in texts for found in _HEADING.finditer(text))
    return frozenset(fold(_ATTRIBUTES.sub("", line)).strip() for line in lines)


def authors_of(reports: Path) -> frozenset[str]:
    """The names of the authors in the front matter of pages and in _quarto.yml, folded."""
    given = [prose.project_settings(reports).get("author")]
    for name in prose.page_names(reports):
        file = reports / name
        if file.is_file():
            given.append(prose.front_matter(file.read_text(encoding="utf-8"), name).get("author"))
    return frozenset(" ".join(fold(name).split()) for one in given for name in _names(one))


def _names(given: object) -> Iterable[str]:
    if isinstance(given, str):
        yield given.partition("(")[0].strip()
    elif isinstance(given, list):
        for one in given:
            yield from _names(one)
    elif isinstance(given, dict):
        yield from _names(given.get("name"))


def _folded(text: str) -> str:
    return " ".join(fold(text).split()).strip(_NO_WORDS)


@cache
def _own_pieces() -> frozenset[str]:
    """What templates, scripts and modules say in one piece, without any data in it."""
    texts = (" ".join(text.replace(APART, "").split()) for text in _own_texts())
    plain = {text.strip(_NO_WORDS) for text in texts if len(text) < _LONGEST_PIECE}
    return frozenset(plain - {""})


@cache
def _folded_pieces() -> frozenset[str]:
    """The same in folded form."""
    return frozenset(map(_folded, _own_pieces()))


@cache
def _labels() -> tuple[str, ...]:
    """What the program writes at the beginning of a line, before the words of data."""
    said = (part for text in _own_code().said for part in _MARKDOWN.split(text))
    return tuple(sorted({part for part in said if _LABEL.fullmatch(part)}))


@cache
def _small_words() -> frozenset[str]:
    """The words that the program's pages, and all English texts, have in small letters."""
    texts = (*COMMON, *_own_texts(), *_own_code().names)
    return frozenset(word for text in texts for word in _WORD.findall(text) if word.islower())


@cache
def _own_texts() -> tuple[str, ...]:
    """What templates, notebooks and modules say on pages, without any data in it."""
    found: list[str] = []
    for file in sorted((PACKAGE / "report" / "templates").iterdir()):
        text = _MARKS_OF_TEMPLATE.sub("\x1f", file.read_text(encoding="utf-8"))
        if file.suffix == ".html":
            shown = [piece.text for piece in pieces_of(text.encode(), file.name)]
            # A template may be a part of a page, whose texts stand between marks.
            shown += re.split(r"<[^<>]*>", text)
        else:
            shown = text.splitlines()
        found += [part for one in shown for part in one.split("\x1f")]
    lists = (PACKAGE / "report" / "checklists.yml").read_text(encoding="utf-8")
    found += [topic.strip('" ') for pair in _SAID.findall(lists) for topic in pair]
    found += _own_code().said
    for file in [*NOTEBOOKS.glob("*.ipynb"), *(PACKAGE / "skeleton" / "reports").glob("*.qmd")]:
        for line in chain.from_iterable(piece.text.splitlines() for piece in pieces(file)):
            # What stands between the marks of Markdown is shown in one piece too.
            found += [line, *_MARKDOWN.split(line)]
    return tuple(found)


class _Code(NamedTuple):
    """The texts in modules, and those among them that their code calls something by."""

    said: tuple[str, ...]
    names: tuple[str, ...]


@cache
def _own_code() -> _Code:
    """What the modules say whose words reach pages.

    A text that is also the name of a class or function there is a word of the language first of
    all: 'Root', alone in a cell, is then nothing that the program says.
    """
    said, names = list[str](), list[str]()
    for room in _ROOMS_OF_PAGES:
        for file in sorted((PACKAGE / room).rglob("*.py")):
            code = SourceFileLoader(file.stem, str(file)).get_code(file.stem)
            if code:
                called = set(_names_in(code))
                for text in _said_in(code):
                    (names if text in called else said).append(text)
    return _Code(tuple(said), tuple(names))


def _said_in(code: CodeType) -> Iterator[str]:
    """The texts in compiled code, without what documents it, which is not shown anywhere."""
    for constant in code.co_consts[1:]:
        yield from _said_in(constant) if isinstance(constant, CodeType) else _texts_in(constant)


def _texts_in(constant: object) -> Iterator[str]:
    if isinstance(constant, str):
        yield constant
    elif isinstance(constant, tuple | frozenset):
        for one in constant:
            yield from _texts_in(one)


def _names_in(code: CodeType) -> Iterator[str]:
    """What compiled code calls its modules, classes, functions and fields."""
    yield from code.co_names
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _names_in(constant)


NO_WAY_OUT = WayOut()

"""What stands at the head of a page: who wrote it, where they can be reached, and its keywords.

One contract for HTML, PDF and DOCX, read from the front matter with its lines. What nothing would
print is refused, for an author would look for it in vain.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

import yaml

from analysis.files import dates
from analysis.files.problems import Problem
from analysis.files.yaml_fields import Fields, compose_text
from analysis.report.prose import prose
from analysis.report.prose.document import Node, link, words

_PRINTED = ("title", "subtitle", "author", "date", "abstract", "abstract-title", "keywords")
_OF_CITATIONS = ("bibliography", "csl", "nocite", "link-citations")
# How Quarto lays a page out; the embedded renderer has one way, and loses no words by it.
_LAYOUT = ("toc", "toc-depth", "number-sections", "execute", "engine", "editor", "page-layout")
FIELDS = (*_PRINTED, "license", *_OF_CITATIONS, "format", "lang", *_LAYOUT)
_OF_AUTHOR = ("name", "orcid", "email", "corresponding", "affiliation", "affiliations")
_OF_NAME = ("given", "family")
_OF_AFFILIATION = ("name", "department", "city", "country")
_OF_LICENCE = ("text", "type")
_INSTEAD = {
    "authors": "write author:",
    "affiliations": "write each author's under their name",
    "institute": "write affiliation: under each author's name",
}
_ORCID = re.compile(r"(?:https?://orcid\.org/)?(\d{4}-\d{4}-\d{4}-\d{3}[\dX])")
_EMAIL = re.compile(r"[^\s@<>\"()]+@[^\s@<>\"()]+\.[^\s@<>\"().]+")
_ORCID_PAGE = "https://orcid.org/"


@dataclass(frozen=True)
class Author:
    """A person as the title block names them; what is not given is ''."""

    name: str
    affiliations: tuple[str, ...] = ()
    orcid: str = ""
    email: str = ""
    corresponding: bool = False

    @property
    def addresses(self) -> tuple[str, ...]:
        """What of it leads to the person: their ORCID page and their e-mail."""
        return tuple(filter(None, (self.orcid and _ORCID_PAGE + self.orcid, self.email)))

    def line(self) -> list[Node]:
        """Return the author as one line: name, affiliations, ORCID, e-mail."""
        inlines = words(", ".join((self.name, *self.affiliations)))
        if self.orcid:
            inlines += [*words(". ORCID"), {"t": "Space"}]
            inlines.append(link(words(self.orcid), _ORCID_PAGE + self.orcid, ["orcid"]))
        if self.email:
            label = ". Corresponding author:" if self.corresponding else ". E-mail:"
            inlines += [*words(label), {"t": "Space"}]
            inlines.append(link(words(self.email), f"mailto:{self.email}", ["email"]))
        return inlines

    def for_quarto(self) -> dict[str, Any]:
        """Return the author in the fields that Quarto's schema of authors has."""
        told: dict[str, Any] = {"name": self.name}
        told |= {"orcid": self.orcid} if self.orcid else {}
        told |= {"email": self.email} if self.email else {}
        told |= {"corresponding": True} if self.corresponding else {}
        if self.affiliations:
            told["affiliations"] = [{"name": name} for name in self.affiliations]
        return told


@dataclass(frozen=True)
class TitleBlock:
    """The authors of a page, in order, its keywords, and its licence ('' without one)."""

    authors: tuple[Author, ...] = ()
    keywords: tuple[str, ...] = ()
    licence: str = ""

    @property
    def licence_line(self) -> str:
        """'Licence: CC BY 4.0', or ''."""
        return self.licence and f"Licence: {self.licence}"


def read(text: str, shown: str) -> tuple[TitleBlock, list[Problem]]:
    """Read the title block of the page `text`, which problems call `shown`.

    An author is a name, or a mapping of name (or given and family), orcid (with its check digit,
    ISO 7064 mod 11-2), email, corresponding, and affiliation or affiliations: words, or a mapping
    of name, department, city and country, or a list of these. A licence is words, or a mapping with
    its `text` (or `type`). Raises StudyError for what is no YAML.
    """
    problems: list[Problem] = []
    # The first line, of hyphens, is replaced by an empty one: lines keep their numbers.
    front = text[: prose.front_matter_length(text)].rstrip().splitlines()[1:-1]
    fields = compose_text("\n".join(["", *front]), shown, problems)
    for field in fields.nodes:
        if field not in FIELDS:
            fields.problem(
                field,
                "a field that the renderers do not both print",
                f"one of {', '.join(FIELDS)}",
                _INSTEAD.get(field, "write it in the text, or a setting of Quarto in _quarto.yml"),
            )
    _check_date(fields)
    return TitleBlock(tuple(_authors(fields)), _keywords(fields), _licence(fields)), problems


def _keywords(fields: Fields) -> tuple[str, ...]:
    """A list, or words with semicolons or commas between."""
    if isinstance(fields.nodes.get("keywords"), yaml.SequenceNode):
        return fields.texts("keywords")
    written = fields.text("keywords", required=False)
    return tuple(filter(None, (word.strip() for word in re.split("[;,]", written))))


def _licence(fields: Fields) -> str:
    if not isinstance(fields.nodes.get("license"), yaml.MappingNode):
        return fields.text("license", required=False)
    own = fields.mapping("license")
    assert own is not None
    own.only(_OF_LICENCE)
    stated = next((name for name in _OF_LICENCE if name in own.nodes), "text")
    return own.text(stated)


def _check_date(fields: Fields) -> None:
    """Quarto sets a date in the words of the language; what is none it prints as 'Invalid Date'."""
    written = fields.text("date", required=False)
    fault = None if prose.VARIABLE.search(written) else dates.fault_of(written, whole=True)
    if written and fault:
        found, expected, remedy = fault
        if not dates.likely(written):
            remedy = "write it so; a season or a version goes into the subtitle"
        fields.problem("date", found, expected, remedy)


def _authors(fields: Fields) -> list[Author]:
    node = fields.nodes.get("author")
    entries = node.value if isinstance(node, yaml.SequenceNode) else [node] if node else []
    found = [
        _author(entry, fields, f"author {place}") for place, entry in enumerate(entries, start=1)
    ]
    return [author for author in found if author.name]


def _author(node: yaml.Node, fields: Fields, name: str) -> Author:
    if isinstance(node, yaml.ScalarNode):
        return Author(_typeset(node.value))
    if not isinstance(node, yaml.MappingNode):
        fields.problem("author", "a list in a list", "names, or `name: value` lines", "correct it")
        return Author("")
    own = Fields.of(node, fields.shown, name, fields.problems)
    own.only(_OF_AUTHOR)
    email = own.text("email", required=False)
    if email and not _EMAIL.fullmatch(email):
        own.problem("email", repr(email[:60]), "an e-mail address", "correct it")
    corresponding = own.truth("corresponding", False)
    if corresponding and not email:
        own.problem("corresponding", "no email", "an address to write to", "add email:")
    where = [*_affiliations(own, "affiliation"), *_affiliations(own, "affiliations")]
    return Author(_name(own), tuple(where), _orcid(own), email, corresponding)


def _name(own: Fields) -> str:
    if not isinstance(own.nodes.get("name"), yaml.MappingNode):
        return _typeset(own.text("name"))
    parts = own.mapping("name")
    assert parts is not None
    parts.only(_OF_NAME)
    return _typeset(" ".join(parts.text(part, required=part == "family") for part in _OF_NAME))


def _orcid(own: Fields) -> str:
    written = own.text("orcid", required=False)
    found = _ORCID.fullmatch(written)
    if written and not (found and _checks(found[1])):
        own.problem(
            "orcid",
            repr(written[:60]),
            "an ORCID iD like 0000-0002-1825-0097, whose last digit checks the others",
            "copy it from the person's page at orcid.org",
        )
    return found[1] if found else ""


def _checks(orcid: str) -> bool:
    """ISO 7064 mod 11-2, as ORCID's documentation gives it."""
    digits = orcid.replace("-", "")
    total = 0
    for digit in digits[:-1]:
        total = (total + int(digit)) * 2
    return "0123456789X"[(12 - total % 11) % 11] == digits[-1]


def _affiliations(own: Fields, field: str) -> list[str]:
    node = own.nodes.get(field)
    entries = node.value if isinstance(node, yaml.SequenceNode) else [node] if node else []
    told = []
    for entry in entries:
        if isinstance(entry, yaml.ScalarNode):
            told.append(_typeset(entry.value))
        elif isinstance(entry, yaml.MappingNode):
            parts = Fields.of(entry, own.shown, f"{own.name}, {field}", own.problems)
            parts.only(_OF_AFFILIATION)
            named = (parts.text(part, required=part == "name") for part in _OF_AFFILIATION)
            told.append(_typeset(", ".join(filter(None, named))))
        else:
            own.problem(field, "a list in a list", "words, or `name: value` lines", "correct it")
    return list(filter(None, told))


def _typeset(text: str) -> str:
    """Words with single spaces and the apostrophe that running text has."""
    return " ".join(text.split()).replace("'", "\N{RIGHT SINGLE QUOTATION MARK}")

"""Words that may be names which the key lacks: for a person to decide, never replaced unasked."""

from __future__ import annotations

import re
from dataclasses import dataclass

from analysis.cleaning.speakers import is_conventional

# Latin with all its accents, Greek, Cyrillic.
_LETTERS = map(chr, (*range(0x530), *range(0x1E00, 0x1F00)))
_CAPITAL = f"[{''.join(filter(str.isupper, _LETTERS))}]"
_ONE_LETTER = rf"{_CAPITAL}(?=[ ]{_CAPITAL})"
_FURTHER = rf"(?:[ ]{_CAPITAL}[\w'’-]+){{0,2}}"
_NAME = rf"(?P<name>(?:{_CAPITAL}[\w'’-]+|{_ONE_LETTER}){_FURTHER})"
_IN_SMALL_LETTERS = rf"(?P<name>(?:[^\W\d_][\w'’-]+|{_ONE_LETTER}){_FURTHER})"
_ER = r"(?:,?[ ]+(?i:uhm?|umm?|erm?)\b,?)?[ ]+"
_INTRODUCTIONS = (
    (
        "my name is",
        re.compile(
            rf"\b(?i:my name(?:['’]s| is)|the name['’]s)[ ]+(?:(?i:uh|um|er)[, ]+)?{_IN_SMALL_LETTERS}"
        ),
    ),
    ("name is", re.compile(rf"\b(?i:name(?:['’]s| is| was)){_ER}{_NAME}")),
    ("name:", re.compile(rf"\b(?i:name)[ ]?:[ \t]+{_NAME}")),
    ("I'm", re.compile(rf"\b(?:I['’]m|I am){_ER}{_NAME}")),
    ("called", re.compile(rf"\b(?i:called|named|known as|call me|calls me){_ER}{_NAME}")),
    (
        "this is",
        re.compile(
            rf"\b(?i:this is|here['’]s|it['’]s){_ER}{_NAME}(?=[,.!?]|[ ](?:here|speaking|from)\b)"
        ),
    ),
    (
        "title",
        re.compile(
            rf"\b(?:Mr|Mrs|Ms|Miss|Mx|Dr|Prof|Professor|Sir|Dame|Cllr|Councillor|Sister|Rev)\.?[ ]+{_NAME}"
        ),
    ),
)
_CAPITALISED = """
monday tuesday wednesday thursday friday saturday sunday january february march april may
june july august september october november december christmas easter i ok okay english
british mr mrs ms miss mx dr prof sir
"""
_NO_NAMES = frozenset(_CAPITALISED.split())
_CONTEXT = 40


@dataclass(frozen=True, order=True)
class Candidate:
    """A possible name at `start` to `end` of a clean text, and what introduced it."""

    start: int
    end: int
    cue: str
    found: str
    context: str


def find_candidates(text: str, tags: list[tuple[int, int]] | None = None) -> list[Candidate]:
    """Return the possible names in the clean `text`, in order, each place once.

    They follow an introduction ('my name is', 'her name was', 'name:', 'I'm', 'known as', 'this
    is ... speaking') or a title, or are the speakers' `tags` (places in `text`) that neither the key nor convention
    accounts for. What stands in brackets was replaced already. Private matter.
    """
    found: dict[tuple[int, int], Candidate] = {}
    for cue, pattern in _INTRODUCTIONS:
        for match in pattern.finditer(text):
            name = re.sub(r"['’](?:s|ll|d|ve)?\Z", "", match["name"])
            place = (match.start("name"), match.start("name") + len(name))
            if re.split(r"[\s'’-]", name)[0].lower() not in _NO_NAMES:
                found.setdefault(place, candidate(text, *place, cue))
    seen: set[str] = set()
    for start, end in tags or ():
        tag = text[start:end]
        if tag not in seen and not tag.startswith("[") and not is_conventional(tag):
            found.setdefault((start, end), candidate(text, start, end, "speaker's tag"))
        seen.add(tag)
    return sorted(found.values())


def candidate(text: str, start: int, end: int, cue: str) -> Candidate:
    """The words at `start` to `end` of `text` as a possible name, with those around them."""
    context = text[max(0, start - _CONTEXT) : end + _CONTEXT].replace("\n", " ")
    return Candidate(start, end, cue, text[start:end], context)

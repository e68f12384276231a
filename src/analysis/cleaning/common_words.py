"""When a word such as 'Grace' or 'Will' is a name: by its capital and by what stands around it."""

from __future__ import annotations

import re
from typing import Literal

from analysis.cleaning.birth_dates import MONTH

Standing = Literal["name", "perhaps", "word"]

_HEADING = 150
_BEFORE, _BEFORE_MONTH = 12, 24
_WORD = re.compile(r"[^\W_]+")
_TITLES = "Mr|Mrs|Ms|Miss|Mx|Dr|Prof|Sir|Dame|Lord|Lady|Cllr|Rev|Fr|Sister|Nurse"
_AFTER_A_TITLE = re.compile(rf"\b(?:{_TITLES}|{_TITLES.upper()})\.?[ \t]+\Z")
_ENDS_A_SENTENCE = re.compile(
    r"(?:\A|[.!?…:\n]|^[ \t]{0,12}[*_#>-]{1,12})[\s\"'“‘’”(\[*_#>-]{0,12}\Z"
)
# What people do, and things and virtues seldom: speech, thought, coming and going, giving.
_DOINGS = """
said says say told tells tell asked asks answered replied explained mentioned added agreed
argued suggested insisted admitted explains mentions agrees suggests
thinks thought wants wanted knows knew knowing likes liked loves loved hates hated hopes hoped
feels felt remembers remembered decided decides believes believed wondered worries worried noticed
went goes came comes left leaves arrived arrives walked walks ran runs drove drives moved moves
sat sits stood stands stayed stays returned returns started stopped joined met meets visited
got gets took takes gave gives made makes put puts brought brings sent sends showed shows
rang rings phoned phones called calls texted texts emailed wrote writes read reads saw sees
looked looks watched heard spoke speaks talked talks shouted laughed laughs cried cries smiled
nodded nods shrugged works worked lives lived tried tries used helped herself himself
couldn't can't didn't wouldn't won't shouldn't doesn't
"""
_DOING = "|".join(word.replace("'", "['’]") for word in _DOINGS.split())
_AFTER_A_NAME = re.compile(
    r"['’]s\b|[ \t]+[A-Z][a-z]+|[ \t]*(?::|\)|\*\*|\]|\(|[–—]|\Z|\n)|[ \t]+--?[ \t]|[ \t]+\d{1,2}:\d\d"
    r"|[,.!?…]"
    rf"|[ \t]+(?:(?:also|always|never|just|then|really|only|still|even)[ \t]+)?(?:{_DOING})\b"
    r"|[ \t]+and[ \t]+(?:I|me|he|she|they|her|his|my|their|[A-Z][a-z]+)\b"
)
# Said of people and of things alike: what else the text says of the word decides.
_PERHAPS_AFTER_A_NAME = re.compile(
    r"(?:[ \t]+(?:is|was|has|had|and|would|could|should|will|might|must|can|does|did)"
    r"(?:n['’]t)?|['’](?:d|ll))\b"
)

_DAY, _YEAR = r"(?:0?[1-9]|[12]\d|3[01])", r"(?:19|20)\d\d"
_TO = r"(?:,?[ \t]+(?:and|or|to|until)[ \t]+|[ \t]*[,/–-][ \t]*|\t)"
_A_MONTH = re.compile(MONTH, re.IGNORECASE)
_BEFORE_A_MONTH = re.compile(
    r"(?:\b(?:in|by|since|until|till|during|last|next|this|every|each|early|late|mid|(?:week|end|start"
    rf"|beginning|middle|rest)[ \t]+of)[ \t]+|\b(?=(?-i:[A-Z])){MONTH}{_TO}|\b{_YEAR}[./]"
    rf"|(?<![\d:.,]){_DAY}(?:st|nd|rd|th)?(?:[ \t]+of)?(?:[ \t]+|[./]))\Z",
    re.IGNORECASE,
)
_AFTER_A_MONTH = re.compile(
    rf"(?:,?[ \t]+|[./])(?:{_YEAR}\b|['’]\d\d\b|(?:the[ \t]+)?{_DAY}(?:st|nd|rd|th)\b"
    rf"|{_DAY}(?=,?[ \t]+{_YEAR}\b|[,;)\n]|\.(?!\d)|\Z))|{_TO}(?=(?-i:[A-Z])){MONTH}\b",
    re.IGNORECASE,
)
_SURNAME = re.compile(r"[ \t]+[A-Z][a-z]+")
_OF_SOMEBODY = re.compile(rf"['’]s\b|[ \t]+(?:{_DOING})\b")


def standing(text: str, start: int, end: int) -> Standing:
    """Tell what the common word at `start` to `end` is there; it has a capital.

    A name: inside a sentence, after a title, as a speaker's tag or alone on a line; at the
    beginning of a sentence before a surname, a possessive, a comma or what people do; in
    capitals where its line is not. A word: in a compound ('Grace-like'), in a heading, and at
    the beginning of other sentences; a month ('in May', 'May 2023', alone in a cell). Perhaps a
    name: there before 'is', 'has', 'would', 'and'.
    """
    if re.match(r"[-‐‑][^\W_]", text[end : end + 2]) or re.search(
        r"[^\W_][-‐‑]\Z", text[max(0, start - 2) : start]
    ):
        return "word"
    before = text[max(0, start - _BEFORE) : start]
    if _AFTER_A_TITLE.search(before):
        return "name"
    if _is_a_month(text, start, end):
        return "word"
    in_capitals = text[start:end].isupper()
    if in_capitals and _has_small_letters(text, start, end):
        return "name"
    if _ENDS_A_SENTENCE.search(before):
        if _AFTER_A_NAME.match(text, end):
            return "name"
        return "perhaps" if _PERHAPS_AFTER_A_NAME.match(text, end) else "word"
    return "word" if in_capitals or _is_in_a_heading(text, start, end) else "name"


def _is_a_month(text: str, start: int, end: int) -> bool:
    """Tell whether 'May' is the month: by a day, a year, another month, or a word such as 'in'.

    Also alone in a cell: between tabs, or the whole text.
    """
    if not _A_MONTH.fullmatch(text, start, end):
        return False
    if _AFTER_A_MONTH.match(text, end):
        return True
    if _OF_SOMEBODY.match(text, end):
        return False
    before = text[max(0, start - _BEFORE_MONTH) : start]
    if _BEFORE_A_MONTH.search(before):
        by_somebody = re.search(r"\bby[ \t]+\Z", before) and _SURNAME.match(text, end)
        return not by_somebody
    in_a_cell = before.endswith("\t") and text[end : end + 1] in ("\t", "\n", "")
    return in_a_cell or text.strip() == text[start:end]


def _line(text: str, start: int, end: int) -> tuple[str, str]:
    """Return what stands before and after on the same line, as far as a heading may reach."""
    before = text[max(0, start - _HEADING) : start].rpartition("\n")[2]
    return before, text[end : end + _HEADING].partition("\n")[0]


def _has_small_letters(text: str, start: int, end: int) -> bool:
    return any(letter.islower() for part in _line(text, start, end) for letter in part)


def _is_in_a_heading(text: str, start: int, end: int) -> bool:
    """Tell whether most long words of the line have capitals, as in a title."""
    before, after = _line(text, start, end)
    line = before + text[start:end] + after
    if len(line) > _HEADING:
        return False
    long_words = [word for word in _WORD.findall(line) if len(word) > 3]
    capitals = sum(word[0].isupper() for word in long_words)
    return 4 <= len(long_words) <= 15 and capitals > 0.6 * len(long_words)

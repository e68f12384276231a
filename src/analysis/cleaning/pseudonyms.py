"""The pseudonym key: which names to find, and what stands in their place, the same everywhere."""

from __future__ import annotations

import csv
import hashlib
import io
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from analysis.cleaning.common_words import standing
from analysis.cleaning.edits import Edit
from analysis.files.problems import Problem, StudyError, raise_if_any

_COLUMNS = ("find", "replace", "kind", "common_word")
_TRUE, _FALSE = frozenset({"yes", "true", "1", "y", "x"}), frozenset({"", "no", "false", "0", "n"})
_WORD = re.compile(r"[^\W_]+")
_APOSTROPHES = "'’‘ʼʻ‛′`´＇"
_HYPHENS = "-‐‑–"
_SHARP_S = "(?:ß|ss|SS)"
# '[Bob and Jo]' is a mark; what stands in longer brackets is text, where names keep their own.
_BRACKET_WITHIN = 40
# An acronym of two or three letters is too often a word when its case is not looked at.
_SHORT = 3
# 'Jos' is another name sooner than more than one Jo, and so are these; or they are other words.
_SHORTEST_WITH_PLURAL = 3
_NO_PLURALS = """
abrahams adams alexis andrews barclays bills carlos clements collins daniels davids edwards evans
franks geralds gilberts griffiths harris humphreys isaacs jacks jacobs jeffreys johns lamberts lewis
lloyds lucas marcos marks matthews michaels morrisons nicholas nichols nicolas owens pats peters
phillips richards roberts robins rogers samuels sanders simons stephens stevens sues walters watkins
williams wills
banks bells brooks cooks fields hills mills parks stones waters wells woods
"""
_ARE_NO_PLURALS = frozenset(_NO_PLURALS.split())

# More are no study's participants, and take longer to look for than anybody waits.
MOST_NAMES = 20_000


@dataclass(frozen=True)
class Entry:
    """One line of the key: the name, what stands for it, and whether it is also a common word."""

    find: str
    replace: str
    kind: str
    common_word: bool
    line: int


@dataclass(frozen=True)
class Hit:
    """A name of the key in a text: `start` to `end`, half-open, in code points."""

    start: int
    end: int
    entry: Entry


@dataclass(frozen=True)
class PseudonymKey:
    """The names to replace. It never leaves `data/private`."""

    entries: tuple[Entry, ...]

    @classmethod
    def read(cls, path: Path) -> PseudonymKey:
        """Read a CSV with columns find, replace, kind, common_word (yes or no).

        Raises `StudyError` with every line that cannot be used. The names themselves are not
        in the error.
        """
        try:
            text = path.read_text(encoding="utf-8-sig")
        except (OSError, UnicodeDecodeError) as error:
            raise StudyError(
                Problem(path.name, "no readable key", "a CSV file in UTF-8", "save it as UTF-8")
            ) from error
        rows = csv.DictReader(io.StringIO(text, newline=""))
        missing = [name for name in _COLUMNS if name not in (rows.fieldnames or ())]
        if missing:
            raise StudyError(
                Problem(
                    f"{path.name}, line 1",
                    f"no column {', '.join(missing)}",
                    ", ".join(_COLUMNS),
                    "correct the heading line",
                )
            )
        count = text.count("\n")
        if count > MOST_NAMES:
            raise StudyError(
                Problem(
                    path.name,
                    f"{count:,} lines",
                    f"at most {MOST_NAMES:,} names",
                    "look whether a list of another kind was saved as the key",
                )
            )
        problems: list[Problem] = []
        entries: list[Entry] = []
        try:
            for row in rows:
                found = _problems(row, f"{path.name}, line {rows.line_num}")
                problems += found
                if not found:
                    entries.append(_entry(row, rows.line_num))
        except csv.Error as error:
            problems.append(
                Problem(f"{path.name}, line {rows.line_num}", "a broken line", "CSV", "correct it")
            )
            raise StudyError(problems) from error
        key = cls(tuple(entries))
        raise_if_any([*problems, *_conflicts(key, path.name)])
        return key

    @property
    def digest(self) -> str:
        """A fingerprint of the key, for telling whether it changed."""
        return hashlib.sha256(repr(self.entries).encode("utf-8", "surrogatepass")).hexdigest()

    def find_names(self, text: str) -> list[Hit]:
        """Return every name of the key in `text`, in order, the longest at each place.

        Whole words, in any case ('MARGARET', 'margaret'), but as written for short acronyms; any
        white space between the words of a name, straight or curly apostrophes. A possessive 's
        stays outside the hit, and so does the s of a plural ('the Smiths'), which only a person's
        name with its capital has. A common word ('Grace', 'Hope') is a hit only with its capital, or
        all in capitals, where what stands around makes it a name (`common_words.standing`);
        where it is perhaps one, only if `text` has it as a name elsewhere.
        """
        hits: list[Hit] = []
        doubtful: list[Hit] = []
        index = _by_first_word(self.entries)
        reached = 0
        for word in _WORD.finditer(text):
            if word.start() < reached:
                continue
            for pattern, lead, entry in index.get(word[0].casefold(), ()):
                match = pattern.match(text, max(0, word.start() - lead))
                if not match or match.start() < reached:
                    continue
                is_a = standing(text, *match.span()) if entry.common_word else "name"
                if is_a == "perhaps":
                    doubtful.append(Hit(*match.span(), entry))
                elif is_a == "name":
                    hits.append(Hit(*match.span(), entry))
                    reached = match.end()
                    break
        named = {hit.entry for hit in hits}
        return _apart([*hits, *(hit for hit in doubtful if hit.entry in named)])


def _apart(hits: list[Hit]) -> list[Hit]:
    """Return `hits` in order; of those that overlap the first, and there the longest."""
    chosen: list[Hit] = []
    for hit in sorted(hits, key=lambda hit: (hit.start, -hit.end)):
        if not chosen or hit.start >= chosen[-1].end:
            chosen.append(hit)
    return chosen


def replace_names(text: str, key: PseudonymKey) -> Iterator[Edit]:
    """Names of the key become their bracketed replacements, inside a short bracket their words."""
    for hit in key.find_names(text):
        new = hit.entry.replace
        new = new[1:-1] if _is_in_brackets(text, hit) else new
        yield Edit(hit.start, hit.end, new, hit.entry.kind)


def _is_in_brackets(text: str, hit: Hit) -> bool:
    before = text[max(0, hit.start - _BRACKET_WITHIN) : hit.start]
    after = text[hit.end : hit.end + _BRACKET_WITHIN]
    return bool(re.search(r"\[[^\[\]\n]*\Z", before) and re.match(r"[^\[\]\n]*\]", after))


@lru_cache(maxsize=4)
def _by_first_word(
    entries: tuple[Entry, ...],
) -> dict[str, list[tuple[re.Pattern[str], int, Entry]]]:
    """Return the names by their first word, longest first: a text is gone through only once.

    The number is how many marks stand before that word in the name ('@janedoe': 1).
    """
    index: dict[str, list[tuple[re.Pattern[str], int, Entry]]] = {}
    for entry in sorted(entries, key=lambda entry: (-len(entry.find), entry.line)):
        first = _WORD.search(entry.find)
        if first:
            named = (_pattern(entry), first.start(), entry)
            index.setdefault(first[0].casefold(), []).append(named)
            if _has_plural(entry) and first.end() == len(entry.find):
                index.setdefault(f"{first[0].casefold()}s", []).append(named)
    return index


def _entry(row: dict[str, str], line: int) -> Entry:
    replace = " ".join((row["replace"] or "").split()).strip("[]")
    find = unicodedata.normalize("NFC", " ".join(row["find"].split()))
    common = (row["common_word"] or "").strip().lower() in _TRUE
    return Entry(find, f"[{replace}]", (row["kind"] or "").strip() or "name", common, line)


def _problems(row: dict[str, str], where: str) -> list[Problem]:
    problems = []
    find, replace = row["find"] or "", (row["replace"] or "").strip().strip("[]")
    if len("".join(_WORD.findall(find))) < 2:
        problems.append(
            Problem(f"{where}, column find", "less than two letters", "a name", "complete it")
        )
    if not replace or re.search(r"[\[\]\n]", replace):
        problems.append(
            Problem(
                f"{where}, column replace",
                "no usable replacement",
                "a few words without brackets inside",
                "write what shall stand for the name",
            )
        )
    if (row["common_word"] or "").strip().lower() not in _TRUE | _FALSE:
        problems.append(
            Problem(f"{where}, column common_word", "another word", "yes or no", "correct it")
        )
    return problems


def _conflicts(key: PseudonymKey, where: str) -> Iterator[Problem]:
    """Two replacements for one name; a replacement that holds a name of the key."""
    first: dict[str, Entry] = {}
    for entry in key.entries:
        earlier = first.setdefault(entry.find.casefold(), entry)
        if earlier.replace != entry.replace:
            yield Problem(
                f"{where}, line {entry.line}",
                f"the name of line {earlier.line} with another replacement",
                "one replacement for a name",
                "take one of the two lines out",
            )
        if key.find_names(entry.replace):
            yield Problem(
                f"{where}, line {entry.line}, column replace",
                "a replacement that holds a name of the key",
                "words that name nobody",
                "choose other words",
            )


def _pattern(entry: Entry) -> re.Pattern[str]:
    """Return what finds the name of `entry`, from its first letter or mark to its last.

    No letter or digit may follow its last letter, but the s of a plural; one may follow a mark
    at its end.
    """
    name = entry.find
    acronym = name.isupper() and len(name) <= _SHORT
    free = r"(?![^\W_])" if name[-1].isalnum() else ""
    if entry.common_word and not acronym:
        forms = "|".join(sorted(map(_spelled, _with_capitals(name))))
        return re.compile(f"(?:{forms}){free}")
    found = _spelled(name) + free
    if _has_plural(entry):
        forms = "|".join(sorted(map(_spelled, {name, *_with_capitals(name)} - {name.lower()})))
        found = rf"(?:{found}|(?-i:(?:{forms})(?=[sS]{free})))"
    return re.compile(found, re.NOFLAG if acronym else re.IGNORECASE)


def _has_plural(entry: Entry) -> bool:
    """Tell whether 'the Smiths' may stand for `entry`: not for 'Grace', 'AR', 'James', 'Robert'."""
    name = entry.find
    return (
        entry.kind.casefold() == "person"
        and not entry.common_word
        and len(name) >= _SHORTEST_WITH_PLURAL
        and name[-1].isalpha()
        and name[-1] not in "sS"
        and not (name.isupper() and len(name) <= _SHORT)
        and f"{name.casefold()}s" not in _ARE_NO_PLURALS
    )


def _with_capitals(name: str) -> set[str]:
    """Return how a common word is written where it is a name: with its capital, or all in capitals.

    'the academy', several words without a capital, stays as it is written too.
    """
    if name.islower() or name.isupper():
        as_written = {name, name[0].upper() + name[1:]} if " " in name and name.islower() else set()
        return {name.title(), name.upper(), *as_written}
    return {name, name.upper()}


def _spelled(name: str) -> str:
    """Return `name` as a pattern.

    Its white space stands for any, its apostrophes for all their kinds, its hyphens for all
    theirs, also with a line end or blanks beside them; 'ß' for 'ss' and the reverse.
    """
    pieces = []
    for piece in re.findall(r"[^\W_]+|\s+|.", name):
        if piece.isspace():
            pieces.append(r"\s+")
        elif piece in _APOSTROPHES:
            pieces.append(f"[{_APOSTROPHES}]")
        elif piece in _HYPHENS:
            pieces.append(rf"\s*[{_HYPHENS}]\s*")
        else:
            pieces.append(re.sub("ss|SS|ß", _SHARP_S, re.escape(piece)))
    return "".join(pieces)

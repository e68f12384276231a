"""The pseudonym key: which names to find, and what stands in their place, the same everywhere."""

from __future__ import annotations

import csv
import hashlib
import io
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path

from analysis.cleaning.common_words import standing
from analysis.cleaning.edits import Edit
from analysis.cleaning.name_forms import Entry as Entry
from analysis.cleaning.name_forms import Form, forms_of
from analysis.files.problems import Problem, StudyError, raise_if_any
from analysis.files.vocabulary import problems_of_heading
from analysis.text.folding import fold, folded, readings

_COLUMNS = ("find", "replace", "kind", "common_word")
_TRUE, _FALSE = frozenset({"yes", "true", "1", "y", "x"}), frozenset({"", "no", "false", "0", "n"})
_LETTER_OR_DIGIT = re.compile(r"[^\W_]")
_WORD = re.compile(r"[^\W\d_]+|\d+")
# '[Bob and Jo]' is a mark; what stands in longer brackets is text, where names keep their own.
_BRACKET_WITHIN = 40
# Shorter names are no names where other letters or digits touch them: 'toMo', 'Jo1'.
_SHORTEST_TOUCHED = 4

# More are no study's participants, and take longer to look for than anybody waits.
MOST_NAMES = 20_000


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
        return _read(text, path.name)

    @property
    def digest(self) -> str:
        """A fingerprint of the key, for telling whether it changed."""
        return hashlib.sha256(repr(self.entries).encode("utf-8", "surrogatepass")).hexdigest()

    def find_names(self, text: str) -> list[Hit]:
        """Return every name of the key in `text`, in order, the longest at each place.

        Names and text are compared in folded form (`text.folding`): without accents, any white
        space or hyphen between the words of a name, any apostrophe or none, initials with and
        without full stops, run together as in '#OrlaQuennell', and otherwise (`name_forms`). Whole words, in any case
        ('MARGARET', 'margaret'), but as written for short acronyms. A possessive 's stays outside
        the hit, and so does the s of a plural ('the Smiths'), which only a person's name with its
        capital has. A common word ('Grace', 'Hope') is a hit only with its capital, or all in
        capitals, where what stands around makes it a name (`common_words.standing`); where it is
        perhaps one, only if `text` has it as a name elsewhere.
        """
        hits: list[Hit] = []
        doubtful: list[Hit] = []
        for apart in readings(text):
            read = _Reading(text, apart)
            reached = 0
            for at, forms in self._possible(read.folded.text):
                if at < reached:
                    continue
                for form in forms:
                    found = read.match(form, at)
                    if found is None or at - form.lead < reached:
                        continue
                    hit = Hit(*found, form.entry)
                    is_a = standing(text, *found) if form.entry.common_word else "name"
                    if is_a == "perhaps":
                        doubtful.append(hit)
                    elif is_a == "name":
                        hits.append(hit)
                        reached = at - form.lead + len(form.text)
                        break
        named = {hit.entry for hit in hits}
        return _apart([*hits, *(hit for hit in doubtful if hit.entry in named)])

    def _possible(self, folded: str) -> Iterator[tuple[int, list[Form]]]:
        """Where the first word of a form stands in a text that has all words of that form."""
        spoken = set(_WORD.findall(folded))
        possible = {
            word: forms
            for word in (spoken if len(spoken) < len(self._forms) else self._forms)
            if word in spoken
            and (
                forms := [one for one in self._forms.get(word, ()) if spoken.issuperset(one.words)]
            )
        }
        if possible:
            for word in _WORD.finditer(folded):
                if word[0] in possible:
                    yield word.start(), possible[word[0]]

    def mask(self, text: str) -> str:
        """Return `text` with asterisks for the names in it, common words too, in any case."""
        masked = list(text)
        for apart in readings(text):
            read = folded(text, apart=apart)
            for word in _WORD.finditer(read.text):
                for form in self._forms.get(word[0], ()):
                    start = word.start() - form.lead
                    if start >= 0 and read.text.startswith(form.text, start):
                        first, last = read.span(start, start + len(form.text))
                        masked[first:last] = "*" * (last - first)
        return "".join(masked)

    @cached_property
    def words(self) -> frozenset[str]:
        """The words, in folded form, of all forms in which names are sought."""
        return frozenset(
            word for forms in self._forms.values() for form in forms for word in form.words
        )

    @cached_property
    def longest(self) -> int:
        """How many letters and other characters the longest form has."""
        return max((len(form.text) for forms in self._forms.values() for form in forms), default=0)

    def first_words(self, spoken: frozenset[str]) -> frozenset[str]:
        """The first words of those forms whose words all are among the `spoken`."""
        return frozenset(
            word
            for word in spoken.intersection(self._forms)
            if any(spoken.issuperset(form.words) for form in self._forms[word])
        )

    def names(self, word: str) -> list[tuple[str, ...]]:
        """The words of each form that begins with `word`."""
        return [form.words for form in self._forms.get(word, ())]

    @cached_property
    def _forms(self) -> dict[str, list[Form]]:
        """The forms of all names by their first word, longest first."""
        index: dict[str, list[Form]] = {}
        for entry in self.entries:
            for form in forms_of(entry):
                index.setdefault(form.words[0], []).append(form)
        for forms in index.values():
            forms.sort(
                key=lambda form: (-len(form.text), form.way != "as written", form.entry.line)
            )
        return index


# A report asks for the key at four places, and which names are in it is worked out once.
@lru_cache(maxsize=2)
def _read(text: str, name: str) -> PseudonymKey:
    """The key that the file `name` holds as `text`."""
    rows = csv.DictReader(io.StringIO(text, newline=""))
    raise_if_any(problems_of_heading(rows.fieldnames or (), _COLUMNS, f"{name}, line 1"))
    count = text.count("\n")
    if count > MOST_NAMES:
        raise StudyError(
            Problem(
                name,
                f"{count:,} lines",
                f"at most {MOST_NAMES:,} names",
                "look whether a list of another kind was saved as the key",
            )
        )
    problems: list[Problem] = []
    entries: list[Entry] = []
    try:
        for row in rows:
            found = _problems(row, f"{name}, line {rows.line_num}")
            problems += found
            if not found:
                entries.append(_entry(row, rows.line_num))
    except csv.Error as error:
        problems.append(
            Problem(f"{name}, line {rows.line_num}", "a broken line", "CSV", "correct it")
        )
        raise StudyError(problems) from error
    key = PseudonymKey(tuple(entries))
    raise_if_any([*problems, *_conflicts(key, name)])
    return key


class _Reading:
    """A text in one of its foldings."""

    def __init__(self, text: str, apart: bool) -> None:
        self._text, self._apart = text, apart
        self.folded = folded(text, apart=apart)

    def match(self, form: Form, at: int) -> tuple[int, int] | None:
        """Where the name stands in the text, if it is `form` whose first word begins at `at`."""
        start, name = at - form.lead, form.text
        end = start + len(name)
        if start < 0 or not self.folded.text.startswith(name, start):
            return None
        touched = _touched(self.folded.text, start, end, name)
        if touched and (form.plural or touched == "letter" or len(name) < _SHORTEST_TOUCHED):
            return None
        end -= form.plural
        first, last = self.folded.span(start, end)
        if form.entry.find[-1] == "." == self._text[last : last + 1]:
            last += 1
        while unicodedata.combining(self._text[last : last + 1] or " "):
            last += 1
        sure = not (form.plural or form.entry.common_word or len(name) < _SHORTEST_TOUCHED)
        if self._apart and not sure and self._is_inside_a_word(first, last + form.plural):
            return None
        return (first, last) if form.is_written(self._text[first:last]) else None

    def _is_inside_a_word(self, start: int, end: int) -> bool:
        return self._text[start - 1 : start].isalpha() or self._text[end : end + 1].isalpha()


def _touched(text: str, start: int, end: int, name: str) -> str:
    """What touches the name at `start` to `end`, if it begins or ends with a letter or digit.

    A digit that touches a letter may be the number of a note, and is not a letter of a word.
    """
    kinds = set()
    for edge, beside in (
        (name[0], text[start - 1 : start] if start else ""),
        (name[-1], text[end : end + 1]),
    ):
        if edge.isalnum() and _LETTER_OR_DIGIT.match(beside):
            kinds.add("digit" if beside.isdecimal() and edge.isalpha() else "letter")
    return "letter" if "letter" in kinds else "digit" if kinds else ""


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


def _entry(row: dict[str, str], line: int) -> Entry:
    replace = " ".join((row["replace"] or "").split()).strip("[]")
    find = unicodedata.normalize("NFC", " ".join(row["find"].split()))
    common = (row["common_word"] or "").strip().lower() in _TRUE
    return Entry(find, f"[{replace}]", (row["kind"] or "").strip() or "name", common, line)


def _problems(row: dict[str, str], where: str) -> list[Problem]:
    problems = []
    find, replace = row["find"] or "", (row["replace"] or "").strip().strip("[]")
    if len(_LETTER_OR_DIGIT.findall(fold(find))) < 2:
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
        earlier = first.setdefault(fold(entry.find), entry)
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

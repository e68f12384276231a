"""Words that consent does not let out: what only sources have of which nothing may be shown."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import chain

from analysis.corpus import QUOTABLE
from analysis.file_text import pieces
from analysis.files.project import NOTEBOOKS, PACKAGE
from analysis.stages.texts import texts_not_in_use
from analysis.study.folder import Study
from analysis.text.runs import (
    LENGTH,
    published_words,
    runs,
    words,
)

_Run = tuple[str, ...]
_FEWEST_WORDS = 3
_NUMBER = re.compile(r"\d")
_ANALYSTS_OWN = ("name", "definition", "include", "exclude")
_BROKEN = re.compile(r"""["'](?=[^\S\n]*+\n)\s*+f?["']""")


@dataclass(frozen=True)
class Withheld:
    """Runs of five words that must not be published, found by the rarest word of each.

    `by_word`: a word -> the runs that are found by it, each with the place of the word in it and
    the ids of the sources that have it.
    """

    by_word: Mapping[str, tuple[tuple[int, _Run, str], ...]]

    @classmethod
    def of(cls, hidden: Mapping[str, str], others: Sequence[str]) -> Withheld:
        """The runs that texts of `hidden` (source_id -> text) have and none of `others` has."""
        whose: dict[str, list[str]] = {}
        for source_id, text in hidden.items():
            for run in runs(text):
                # The counts in a figure, one beside the other, are nobody's words.
                if not _NUMBER.search(run) or _words_in(run) >= _FEWEST_WORDS:
                    whose.setdefault(run, []).append(source_id)
        for text in others if whose else ():
            for run in whose.keys() & runs(text):
                del whose[run]
        common = Counter(word for text in (*hidden.values(), *others) for word in words(text))
        found: dict[str, list[tuple[int, _Run, str]]] = {}
        for run, ids in whose.items():
            own = tuple(run.split(" "))
            rarest = min(own, key=common.__getitem__)
            found.setdefault(rarest, []).append((own.index(rarest), own, ", ".join(sorted(ids))))
        return cls({word: tuple(listed) for word, listed in found.items()})

    def find(self, spoken: Sequence[str]) -> Iterator[tuple[int, str]]:
        """Where runs begin in the words `spoken` (as from `runs.words`), and whose they are.

        What the program itself says on its pages is nobody's words, even if somebody said it too.
        """
        places = [at for at, word in enumerate(spoken) if word in self.by_word]
        for at in places:
            for place, run, ids in self.by_word[spoken[at]]:
                begin = at - place
                said = begin >= 0 and tuple(spoken[begin : begin + LENGTH]) == run
                if said and not is_said_by_the_program(run):
                    yield begin, ids


def _words_in(run: str) -> int:
    """How many words of the run are no numbers."""
    return sum(not word.isdecimal() for word in run.split(" "))


NOTHING = Withheld({})


def withheld_words(study: Study) -> Withheld:
    """What no page of the study may say.

    Withheld are sources with `publish` none or unknown, and sources that are embargoed or
    withdrawn and still there. What a source says that may be shown, a work in the references, or
    the codebook in the names and definitions of codes, is not withheld, whoever says it too; an
    example in the codebook is a quotation.
    """
    allowed = study.sources["publish"].isin(QUOTABLE)
    hidden = {name: study.text(name) for name in study.sources.loc[~allowed, "source_id"]}
    hidden |= texts_not_in_use(study)
    if not hidden:
        return NOTHING
    shown = [study.text(name) for name in study.sources.loc[allowed, "source_id"]]
    codes = study.codes
    named = [text for column in _ANALYSTS_OWN for text in codes[column]]
    return Withheld.of(hidden, [*shown, *named, *published_words(study.reports)])


@lru_cache(maxsize=100_000)
def is_said_by_the_program(run: _Run) -> bool:
    """Whether the program's own texts have these words one after the other."""
    return f" {' '.join(run)} " in said_by_the_program()


@cache
def said_by_the_program() -> str:
    """The words of the program's own texts: its modules, templates and notebooks."""
    found = []
    for file in [*PACKAGE.rglob("*"), *NOTEBOOKS.glob("*.ipynb")]:
        if file.suffix == ".py":
            # A long text stands on several lines, each between quotation marks.
            found += _BROKEN.sub("", file.read_text(encoding="utf-8")).splitlines()
        elif file.is_file() and file.suffix != ".pyc":
            found += [piece.text for piece in pieces(file)]
    # Line by line, for hardly one has letters that must be folded one by one.
    return f" {' '.join(chain.from_iterable(map(words, found)))} "

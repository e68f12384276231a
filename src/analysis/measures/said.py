"""Every word that is said in a counted voice, as numbers: looked for once for all measures of words."""

from __future__ import annotations

from array import array
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain, pairwise

import numpy as np
import pandas as pd

from analysis.corpus import Corpus
from analysis.measures.given import with_text
from analysis.measures.spans import Text
from analysis.text.words import word_spans


def words_of(text: str) -> list[str]:
    """Return the words of `text` in lower case, typographic apostrophes made plain.

    >>> words_of("Don’t [laughs] ask")
    ["don't", 'ask']
    """
    return _as_compared(text, word_spans(text))


def _as_compared(text: str, spans: Iterable[tuple[int, int]]) -> list[str]:
    return [text[start:end].lower().replace("’", "'") for start, end in spans]


@dataclass(frozen=True, eq=False)
class Said:
    """The words of a corpus in order of source and text, (n,) each.

    `row`: the counted passage that holds it; `start`: its first character, from the beginning of
    that passage; `word`: into `words`, which are sorted; `source`: into the sources of the corpus.
    """

    words: pd.Index
    row: np.ndarray
    start: np.ndarray
    word: np.ndarray
    source: np.ndarray


# Several tables are made of one corpus in turn, and of its interviews.
@lru_cache(maxsize=2)
def word_places(corpus: Corpus) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Find the words of the counted passages of `corpus`: of each (n,) the passage that holds it, and
    its first character and the one after its last, from the beginning of that passage.

    Raises ValueError where it has no passages, or they come without their text.

    >>> passages = pd.DataFrame({"source_id": ["s"], "start": [0], "end": [6], "text": ["To ask"]})
    >>> [each.tolist() for each in word_places(Corpus(passages=passages))]
    [[0, 0], [0, 3], [2, 6]]
    """
    # Millions of pairs as Python keeps them would fill the memory.
    places, many = array("i"), array("i")
    for text in with_text(corpus.counted_passages)["text"]:
        spans = word_spans(text)
        places.extend(chain.from_iterable(spans))
        many.append(len(spans))
    row = np.repeat(np.arange(len(many), dtype=np.int32), many)
    start, end = np.array(places, dtype=np.int32).reshape(-1, 2).T
    return row, start, end


def text_of(corpus: Corpus, codings: pd.DataFrame) -> Text:
    """Lay out the counted text of `corpus`, with its words if the passages come with their text,
    leaving room for every position in `codings`.

    Raises ValueError where passages of a source overlap.

    >>> passages = pd.DataFrame({"source_id": ["s"], "start": [0], "end": [6], "text": ["To ask"]})
    >>> corpus = Corpus(passages=passages)
    >>> text_of(corpus, corpus.codings).words.tolist()
    [0, 3]
    """
    passages = corpus.counted_passages
    words = word_places(corpus)[:2] if "text" in passages else None
    return Text.of(passages, codings, words)


@lru_cache(maxsize=2)
def said(corpus: Corpus) -> Said:
    """Find the words of the counted passages of `corpus`, and number them.

    Raises ValueError as `word_places`.

    >>> passages = pd.DataFrame({"source_id": ["s"], "start": [0], "end": [12], "text": ["To ask or to"]})
    >>> found = said(Corpus(passages=passages))
    >>> found.words[found.word].tolist(), found.start.tolist()
    (['to', 'ask', 'or', 'to'], [0, 3, 7, 10])
    """
    row, start, end = word_places(corpus)
    counted = corpus.counted_passages
    borders = np.searchsorted(row, np.arange(len(counted) + 1)).tolist()
    number: dict[str, int] = {}
    words = np.empty(len(row), dtype=np.int32)
    for text, (first, beyond) in zip(counted["text"], pairwise(borders), strict=True):
        own = zip(start[first:beyond].tolist(), end[first:beyond].tolist(), strict=True)
        words[first:beyond] = [
            number.setdefault(word, len(number)) for word in _as_compared(text, own)
        ]
    place = {word: rank for rank, word in enumerate(sorted(number))}
    rank = np.array([place[word] for word in number], dtype=np.int32)
    own_source = pd.Index(corpus.sources["source_id"]).get_indexer(pd.Index(counted["source_id"]))
    return Said(
        pd.Index(list(place), dtype="str"),
        row,
        start,
        rank[words],
        own_source.astype(np.int32)[row],
    )


@dataclass(frozen=True)
class Sayers:
    """How many cases say each of `words` (sorted), of some sources.

    `alone` (words,): of cases all of whose sources are here. Of the others, which may say it
    elsewhere too, `word` and `case` (pairs,) list who says what, into `words` and `cases`.
    """

    words: list[str]
    alone: np.ndarray
    cases: list[str]
    word: np.ndarray
    case: np.ndarray


def sayers(corpus: Corpus, among: np.ndarray, shared: Collection[str] = ()) -> Sayers:
    """List who says each word in the sources `among` (sources,) of bool.

    `shared`: the cases that have sources beside those of `corpus`.

    >>> passages = pd.DataFrame({"source_id": ["s", "t"], "start": 0, "end": 3, "text": ["ask", "ask"]})
    >>> corpus = Corpus(passages=passages)
    >>> sayers(corpus, np.array([True, True])).alone.tolist()
    [2]
    >>> found = sayers(corpus, np.array([True, True]), ["t"])
    >>> found.alone.tolist(), found.cases, found.case.tolist()
    ([1], ['t'], [0])
    """
    found = said(corpus)
    number, names = pd.factorize(corpus.sources["case_id"], sort=True)
    room = max(len(names), 1)
    here = np.asarray(among, dtype=bool)[found.source]
    pairs = np.unique(found.word[here].astype(np.int64) * room + number[found.source[here]])
    word, case = pairs // room, pairs % room
    elsewhere = np.array([name in shared for name in names], dtype=bool)[case]
    alone = np.bincount(word[~elsewhere], minlength=len(found.words))
    used = np.unique(word)
    kept = np.unique(case[elsewhere])
    return Sayers(
        list(found.words[used]),
        alone[used],
        [str(names[one]) for one in kept],
        np.searchsorted(used, word[elsewhere]),
        np.searchsorted(kept, case[elsewhere]),
    )


def carriers(parts: Sequence[Sayers]) -> pd.DataFrame:
    """Return how many cases say each word, in all parts of a corpus together.

    Columns: word, n; in order of the words.

    >>> passages = pd.DataFrame({"source_id": ["s", "t"], "start": 0, "end": 3, "text": ["ask", "ask"]})
    >>> corpus = Corpus(pd.DataFrame({"source_id": ["s", "t"], "case_id": "Ann"}), passages)
    >>> every = np.array([True])
    >>> carriers([sayers(corpus.of_sources([one]), every, ["Ann"]) for one in "st"]).values.tolist()
    [['ask', 1]]
    """
    words, cases = (
        sorted(set(chain.from_iterable(names)))
        for names in ([part.words for part in parts], [part.cases for part in parts])
    )
    many, pairs = np.zeros(len(words), dtype=np.int64), [np.zeros(0, dtype=np.int64)]
    for part in parts:
        place = pd.Index(words).get_indexer(pd.Index(part.words))
        many[place] += part.alone
        case = pd.Index(cases).get_indexer(pd.Index(part.cases))
        pairs.append(place[part.word].astype(np.int64) * max(len(cases), 1) + case[part.case])
    shared = np.unique(np.concatenate(pairs)) // max(len(cases), 1)
    many += np.bincount(shared, minlength=len(words))
    return pd.DataFrame({"word": pd.Index(words, dtype="str"), "n": many})

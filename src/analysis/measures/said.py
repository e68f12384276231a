"""Every word that is said in a counted voice, as numbers: looked for once for all measures of words."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import pandas as pd

from analysis.corpus import Corpus
from analysis.measures.given import with_text
from analysis.text.words import word_spans


def words_of(text: str) -> list[str]:
    """Return the words of `text` in lower case, typographic apostrophes made plain.

    >>> words_of("Don’t [laughs] ask")
    ["don't", 'ask']
    """
    return _as_compared(text, word_spans(text))


def _as_compared(text: str, spans: list[tuple[int, int]]) -> list[str]:
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


# Several tables are made of one corpus in turn.
@lru_cache(maxsize=2)
def said(corpus: Corpus) -> Said:
    """Find the words of the counted passages of `corpus`.

    Raises ValueError where it has no passages, or they come without their text.

    >>> passages = pd.DataFrame({"source_id": ["s"], "start": [0], "end": [12], "text": ["To ask or to"]})
    >>> found = said(Corpus(passages=passages))
    >>> found.words[found.word].tolist(), found.start.tolist()
    (['to', 'ask', 'or', 'to'], [0, 3, 7, 10])
    """
    counted = with_text(corpus.counted_passages)
    number: dict[str, int] = {}
    many, starts, words = [], [np.zeros(0, dtype=np.int32)], [np.zeros(0, dtype=np.int32)]
    for text in counted["text"]:
        spans = word_spans(text)
        own = _as_compared(text, spans)
        many.append(len(own))
        starts.append(np.array([start for start, _ in spans], dtype=np.int32))
        words.append(
            np.array([number.setdefault(word, len(number)) for word in own], dtype=np.int32)
        )
    place = {word: rank for rank, word in enumerate(sorted(number))}
    rank = np.array([place[word] for word in number], dtype=np.int32)
    row = np.repeat(np.arange(len(counted), dtype=np.int32), many)
    own_source = pd.Index(corpus.sources["source_id"]).get_indexer(pd.Index(counted["source_id"]))
    return Said(
        pd.Index(list(place), dtype="str"),
        row,
        np.concatenate(starts),
        rank[np.concatenate(words)],
        own_source.astype(np.int32)[row],
    )


def carriers(said: Said, of_source: np.ndarray) -> pd.DataFrame:
    """Return how many of what `of_source` (sources,) numbers, such as cases, say each word.

    Sources of -1 are left out. Columns: word, n; in order of the words.

    >>> passages = pd.DataFrame({"source_id": ["s", "t"], "start": 0, "end": 3, "text": ["ask", "ask"]})
    >>> found = said(Corpus(passages=passages))
    >>> carriers(found, np.array([0, 1])).values.tolist(), carriers(found, np.array([0, 0])).values.tolist()
    ([['ask', 2]], [['ask', 1]])
    """
    room = int(of_source.max(initial=0)) + 1
    who = of_source[said.source]
    pairs = np.unique(said.word[who >= 0].astype(np.int64) * room + who[who >= 0])
    many = np.bincount(pairs // room, minlength=len(said.words))
    return pd.DataFrame({"word": said.words, "n": many})

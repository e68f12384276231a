"""What the measures ask of a corpus, and of how they are called, before they count."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from analysis.corpus import Corpus
from analysis.corpus.plain import refuse_gaps, refuse_lack
from analysis.text.words import count_words


def by_coder(corpus: Corpus) -> pd.DataFrame:
    """Return all codings of `corpus`, or raise ValueError where they do not say who coded.

    >>> row = {"source_id": ["s"], "start": [0], "end": [4], "code": ["a"], "coder": ["A"]}
    >>> by_coder(Corpus(codings=pd.DataFrame(row)))["coder"].tolist()
    ['A']
    """
    refuse_lack(corpus.codings, "codings", ["coder"])
    return corpus.codings


def words_in(passages: pd.DataFrame) -> np.ndarray:
    """Return the words of each passage: its column words, or else counted in its text.

    Raises ValueError where there is neither, or no number of at least 0 in the column.

    >>> words_in(pd.DataFrame({"text": ["one two", ""]})).tolist()
    [2.0, 0.0]
    """
    if "words" not in passages:
        refuse_lack(passages, "passages without a column words", ["text"])
        return np.array([count_words(text) for text in passages["text"]], dtype=float)
    refuse_gaps(passages, "passages", ["words"])
    words = np.asarray(passages["words"], dtype=float)
    wrong = int((~np.isfinite(words) | (words < 0)).sum())
    if wrong:
        raise ValueError(
            f"{wrong} of {len(words)} rows of passages have words that are no number of at least 0"
        )
    return words


def places_in(passages: pd.DataFrame) -> np.ndarray:
    """Return how many places each passage has for a code that moves along the words, at least 1.

    A passage without words (a laugh, a dash) holds its codes all the same. Raises as `words_in`.

    >>> places_in(pd.DataFrame({"words": [2, 0]})).tolist()
    [2, 1]
    """
    return np.maximum(words_in(passages).astype(np.int64), 1)


def with_text(passages: pd.DataFrame) -> pd.DataFrame:
    """Return `passages`, or raise ValueError where they come without their text.

    >>> with_text(pd.DataFrame({"text": ["one two"]}))["text"].tolist()
    ['one two']
    """
    refuse_lack(passages, "passages", ["text"])
    return passages


def cases_of(source_ids: Sequence[str], corpus: Corpus) -> pd.Series:
    """Return the case of each of `source_ids`, sources of `corpus`.

    >>> sources = pd.DataFrame({"source_id": ["s", "t"], "case_id": ["Ann", "Ann"]})
    >>> nothing = pd.DataFrame(columns=["source_id", "start", "end", "code"])
    >>> cases_of(["t"], Corpus(sources=sources, codings=nothing)).tolist()
    ['Ann']
    """
    ids = pd.Series(list(source_ids), dtype=str)
    return ids.map(corpus.sources.set_index("source_id")["case_id"])


def asked(n: int, level: float) -> None:
    """Raise ValueError unless there is at least one draw, and `level` lies between 0 and 1.

    >>> asked(1, 0.95)
    """
    if n < 1:
        raise ValueError(f"n is {n}: at least 1 draw is needed")
    refuse_level(level)


def refuse_level(level: float) -> None:
    """Raise ValueError unless `level` lies between 0 and 1.

    >>> refuse_level(0.95)
    """
    if not 0 < level < 1:
        raise ValueError(f"level is {level}: a share between 0 and 1 is needed, such as 0.95")

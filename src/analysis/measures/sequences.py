"""Which code follows which, and which meet in a moving window, case by case.

Within a source alone: what is said in one is not answered in another.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import Literal

import numpy as np
import pandas as pd

from analysis.corpus import Corpus
from analysis.measures.chance import words as along
from analysis.measures.chance.further import middles_by_source
from analysis.measures.chance.passages import looked_back
from analysis.measures.given import words_in
from analysis.measures.resampling import benjamini_hochberg
from analysis.measures.units import Frame


def followed(
    corpus: Corpus,
    within: int = 1,
    null: Literal["shift", "words"] = "words",
    codes: Sequence[str] | None = None,
) -> pd.DataFrame:
    """Count how often one code is followed by another, for every ordered pair of two codes.

    A passage of code_a is followed by code_b when one of the `within` counted passages after it in
    its source holds it; the passage itself is not looked at. Codes are in the passages their counted segments touch, whoever coded; `codes`: these only.

    code_a stays and code_b goes round the source, all of it by the same step: of every passage
    (`shift`), or of every word (`words`, so that a long passage holds more, and runs stay runs).
    All steps are tried and the sources convolved, so p is exact. It takes codes for no more at home
    in one part of a source than in another. Columns: code_a, code_b, n_a (passages of code_a), n_ab
    (of these, followed by code_b), expected, p (share of steps with as many or more), q (Benjamini &
    Hochberg 1995 over all rows with a p); p is NaN where a code is not used. Sorted by code_a, code_b.

    Raises ValueError for `within` below 1, another `null`, and a corpus without passages.

    In three passages b follows a at once; of three steps one keeps it there, another brings it
    before, and one onto it.

    >>> corpus = Corpus(
    ...     passages=pd.DataFrame({"source_id": "s", "start": [0, 5, 10], "end": [4, 9, 14]}),
    ...     codings=pd.DataFrame(
    ...         [("s", 0, 4, "a"), ("s", 5, 9, "b")], columns=["source_id", "start", "end", "code"]
    ...     ),
    ... )
    >>> table = followed(corpus, null="shift").round(4)
    >>> table[["code_a", "code_b", "n_ab", "p"]].values.tolist()
    [['a', 'b', 1, 0.3333], ['b', 'a', 0, 1.0]]
    """
    if within < 1:
        raise ValueError(f"within is {within}: at least the next passage is needed")
    if null not in ("shift", "words"):
        raise ValueError(f"null {null!r} is neither shift nor words")
    frame = Frame.of(corpus, "passage", None, False, codes)
    passages = corpus.counted_passages
    n_codes = len(frame.names)
    size = n_codes * n_codes
    observed, used = np.zeros(size, dtype=np.int64), np.zeros(n_codes, dtype=np.int64)
    parts: list[list[np.ndarray]] = [[] for _ in range(size)]
    long = words_in(passages).astype(np.int64) if null == "words" else np.ones(len(passages), int)
    for readings, (begin, beyond), middles in zip(
        frame.presence_by_source(),
        itertools.pairwise(frame.borders.tolist()),
        middles_by_source(frame, passages, long),
        strict=True,
    ):
        held, lengths = readings[0], long[begin:beyond]
        used += held.sum(axis=0)
        here = np.flatnonzero(held.any(axis=0))
        for b in here:
            after = _before(held[:, [b]], within)
            observed[here * n_codes + b] += (held[:, here] & after).sum(axis=0)
            # Under shift the code goes round by whole passages.
            pieces = middles[b] if null == "words" else np.flatnonzero(held[:, b])
            masses = np.zeros((len(here), len(held) + 1))
            for where, chances in along.placed(lengths, pieces, held[None, :, b]):
                marked = along.tally(where, len(held)) > 0
                met = _before(marked.T, within).T.astype(np.int64) @ held[:, here].astype(np.int64)
                for row, counts in enumerate(met.T):
                    masses[row] += np.bincount(counts, chances, len(held) + 1)
            for row, a in enumerate(here.tolist()):
                parts[a * n_codes + b].append(masses[row])
    first, then = np.divmod(np.arange(size), max(n_codes, 1))
    two = np.flatnonzero(first != then)
    first, then, observed = first[two], then[two], observed[two]
    expected, p = along.tails([parts[pair] for pair in two], observed)
    p = np.where((used[first] > 0) & (used[then] > 0), p, np.nan)
    names = np.array(frame.names, dtype=object)
    table = pd.DataFrame(
        {"code_a": names[first], "code_b": names[then], "n_a": used[first], "n_ab": observed}
    ).astype({"code_a": str, "code_b": str})
    return table.assign(expected=expected, p=p, q=benjamini_hochberg(p))


def _before(held: np.ndarray, within: int) -> np.ndarray:
    """Return whether one of the `within` passages after each holds the code; as `held`."""
    result = np.zeros_like(held)
    result[:-1] = looked_back(held[::-1], within)[::-1][1:]
    return result


def stanzas(corpus: Corpus, window: int = 4, codes: Sequence[str] | None = None) -> pd.DataFrame:
    """Count in how many moving windows each two codes meet, case by case.

    As in epistemic network analysis (Siebert-Evenstone et al. 2017; Shaffer, Collier & Ruis 2016):
    each counted passage with the `window` - 1 before it in its source is a stanza, and two codes
    are joined in it once when the passage holds one of them and the stanza the other. Codes are in
    the passages that their counted segments touch, whoever coded; `codes`: these only. Returns one
    row a case, sorted by case_id, and a column 'code_a & code_b' for each pair in order of names:
    the vectors that rENA calls connection counts. A case without passages has 0 throughout.

    Raises ValueError for a `window` below 1, and a corpus without passages.

    Two passages, a code on each: alone they never meet, in a window of two once.

    >>> corpus = Corpus(
    ...     passages=pd.DataFrame({"source_id": "s", "start": [0, 5], "end": [4, 9]}),
    ...     codings=pd.DataFrame(
    ...         [("s", 0, 4, "a"), ("s", 5, 9, "b")], columns=["source_id", "start", "end", "code"]
    ...     ),
    ... )
    >>> stanzas(corpus, 1)["a & b"].tolist(), stanzas(corpus, 2)["a & b"].tolist()
    ([0], [1])
    """
    frame = Frame.of(corpus, "window", window, False, codes)
    first, then = np.triu_indices(len(frame.names), 1)
    cases = sorted(corpus.sources["case_id"].unique())
    own = corpus.sources.set_index("source_id")["case_id"].to_dict()
    row = {name: place for place, name in enumerate(cases)}
    counts = np.zeros((len(cases), len(first)), dtype=np.int64)
    for name, readings in zip(frame.source_names, frame.presence_by_source(), strict=True):
        held = readings[0]
        here = held.astype(np.int64)
        near = looked_back(held, window).astype(np.int64)
        # A passage that holds both looks back on both, and would be counted from either side.
        met = here.T @ near + near.T @ here - here.T @ here
        counts[row[own[name]]] += met[first, then]
    columns = [f"{frame.names[a]} & {frame.names[b]}" for a, b in zip(first, then, strict=True)]
    return pd.DataFrame(counts, columns=columns).assign(case_id=cases)[["case_id", *columns]]

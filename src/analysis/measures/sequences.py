"""Which code follows which, and which meet in a moving window, case by case.

Within a source alone: what is said in one is not answered in another.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import numpy as np
import pandas as pd

from analysis.corpus import Corpus
from analysis.measures.chance import words as along
from analysis.measures.chance.further import FURTHER, WITHIN_ANSWERS, rearranged
from analysis.measures.chance.passages import exact_tail, looked_back
from analysis.measures.resampling import benjamini_hochberg
from analysis.measures.units import Frame


def followed(
    corpus: Corpus,
    within: int = 1,
    null: Literal["shift", "shuffle", "words", "answers"] = "answers",
    codes: Sequence[str] | None = None,
) -> pd.DataFrame:
    """Count how often one code is followed by another, for every ordered pair of two codes.

    A passage of code_a is followed by code_b when one of the `within` counted passages after it in
    its source holds it; the passage itself is not looked at. Codes are in the passages their
    counted segments touch, whoever coded; `codes`: these only.

    code_b stays and code_a moves within its source, as in `cooccurrence_test`: by whole passages
    (`shift`, `shuffle`), along the words (`words`), or round the answer to one question (`answers`),
    here by whole passages too: that a passage is long says nothing of what comes next. Moved pieces
    of code_a count one by one, also where they come to lie in one passage; p is exact under all four.
    In simulations (`docs/calibration.md`) `answers` holds its level however densely is coded; codes at
    home in one topic deceive the others, runs `shuffle`, and dense coding of unequal passages `words`:
    long ones are then coded no more often than others. Columns: code_a, code_b, n_a
    (passages of code_a), n_ab (of these, followed by code_b), expected, p (share of rearrangements
    with as many or more), q (Benjamini & Hochberg 1995 over all rows with a p); p is NaN where a code
    is not used. Sorted by code_a, code_b.

    Raises ValueError for `within` below 1, another `null`, and a corpus without passages.

    In three passages b follows a at once; of three steps one keeps a there, another brings it onto
    b, and one behind it.

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
    if null not in ("shift", "shuffle", *FURTHER):
        raise ValueError(f"null {null!r} is not one of shift, shuffle, words, answers")
    frame = Frame.of(corpus, "passage", None, False, codes)
    passages = corpus.counted_passages
    n_codes = len(frame.names)
    held = [readings[0] for readings in frame.presence_by_source()]
    soon = [_before(own, within) for own in held]
    first, then = np.nonzero(~np.eye(n_codes, dtype=bool))
    met = np.zeros((n_codes, n_codes), dtype=np.int64)
    for own, after in zip(held, soon, strict=True):
        met += own.T.astype(np.int64) @ after.astype(np.int64)
    observed = met[first, then]
    # What is followed meets, in its own passage, that the other is soon to come.
    both = [np.concatenate(each, axis=1)[None] for each in zip(held, soon, strict=True)]
    if null in FURTHER:
        laid = passages.assign(words=1) if null == WITHIN_ANSWERS else passages
        parts = rearranged(frame, laid, both, n_codes + then, first, null)
        expected, p = along.tails(parts, observed)
    else:
        expected, p = exact_tail(both, n_codes + then, first, observed, null)
    used = sum((own.sum(axis=0) for own in held), start=np.zeros(n_codes, dtype=np.int64))
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

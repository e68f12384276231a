"""Which code follows which, and which meet in a moving window, case by case.

Within a source alone: what is said in one is not answered in another.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from analysis.corpus import Corpus
from analysis.measures.chance.adding import tails
from analysis.measures.chance.further import FURTHER, WITHIN_ANSWERS, rearranged
from analysis.measures.chance.passages import (
    Presence,
    exact_tail,
    looked_back,
    masses_by_source,
)
from analysis.measures.meetings import names_in, place_in
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
    _refuse(within, null)
    frame = Frame.of(corpus, "passage", None, False, codes)
    held = frame.presence_by_source()
    found = follows(frame, held, within)
    first, then = ordered_pairs(len(found.codes))
    observed = found.met[first, then]
    if null in FURTHER:
        parts = follows_by_chance(frame, corpus.counted_passages, held, within, null)
        return table_of(found, *tails(parts, observed))
    both = _both(held, within)
    return table_of(found, *exact_tail(both, len(found.codes) + then, first, observed, null))


@dataclass(frozen=True)
class Follows:
    """What follows what in some sources: `used` (codes,) passages of each code; `met` (codes, codes),
    those of the row that are followed by the column."""

    codes: list[str]
    used: np.ndarray
    met: np.ndarray


def follows(frame: Frame, presence: Presence, within: int) -> Follows:
    """Count what follows what in the sources of `frame`, whose codes are where `presence` says.

    >>> frame = Frame.of(
    ...     Corpus(
    ...         passages=pd.DataFrame({"source_id": "s", "start": [0, 5], "end": [4, 9]}),
    ...         codings=pd.DataFrame({"source_id": "s", "start": [0, 5], "end": [4, 9], "code": ["a", "b"]}),
    ...     ),
    ...     "passage",
    ...     None,
    ...     False,
    ...     None,
    ... )
    >>> follows(frame, frame.presence_by_source(), 1).met.tolist()
    [[0, 1], [0, 0]]
    """
    n_codes = len(frame.names)
    met, used = np.zeros((n_codes, n_codes), dtype=np.int64), np.zeros(n_codes, dtype=np.int64)
    for (own,) in presence:
        met += own.T.astype(np.int64) @ _before(own, within).astype(np.int64)
        used += own.sum(axis=0)
    return Follows(frame.names, used, met)


def add_follows(parts: Sequence[Follows]) -> Follows:
    """Sum what follows what in parts of a corpus, each source in one of them.

    >>> part = Follows(["a"], np.array([1]), np.array([[2]]))
    >>> add_follows([part, part]).met.tolist()
    [[4]]
    """
    codes = names_in([part.codes for part in parts])
    whole = Follows(codes, np.zeros(len(codes), np.int64), np.zeros((len(codes),) * 2, np.int64))
    for part in parts:
        place = place_in(part.codes, codes)
        whole.used[place] += part.used
        whole.met[np.ix_(place, place)] += part.met
    return whole


def ordered_pairs(n_codes: int) -> tuple[np.ndarray, np.ndarray]:
    """Return both codes of every ordered pair of two codes.

    >>> [each.tolist() for each in ordered_pairs(2)]
    [[0, 1], [1, 0]]
    """
    first, then = np.nonzero(~np.eye(n_codes, dtype=bool))
    return first, then


def follows_by_chance(
    frame: Frame, passages: pd.DataFrame, presence: Presence, within: int, null: str
) -> list[list[np.ndarray]]:
    """Return of each ordered pair the masses in the sources that hold both (`adding.tails`), which add up.

    `passages`: the counted ones of the sources of `frame`; `null` as in `followed`.

    >>> passages = pd.DataFrame({"source_id": "s", "start": [0, 5], "end": [4, 9], "words": 1, "passage": [0, 1]})
    >>> codings = pd.DataFrame({"source_id": "s", "start": [0, 5], "end": [4, 9], "code": ["a", "b"]})
    >>> frame = Frame.of(Corpus(passages=passages, codings=codings), "passage", None, False, None)
    >>> follows_by_chance(frame, passages, frame.presence_by_source(), 1, "words")[0][0].tolist()
    [0.5, 0.5]
    """
    first, then = ordered_pairs(len(frame.names))
    both, stays = _both(presence, within), len(frame.names) + then
    if null in FURTHER:
        laid = passages.assign(words=1) if null == WITHIN_ANSWERS else passages
        return rearranged(frame, laid, both, stays, first, null)
    # Which of two moves round a whole circle changes nothing, nor in free exchange.
    return masses_by_source(both, stays, first, null)


def table_of(found: Follows, expected: np.ndarray, p: np.ndarray) -> pd.DataFrame:
    """Return the table of `followed`, from what follows what in all parts of a corpus, and by chance (pairs,).

    >>> found = Follows(["a", "b"], np.array([2, 1]), np.array([[0, 1], [0, 0]]))
    >>> table_of(found, np.array([0.5, 0.0]), np.array([0.5, 1.0]))["n_ab"].tolist()
    [1, 0]
    """
    first, then = ordered_pairs(len(found.codes))
    p = np.where((found.used[first] > 0) & (found.used[then] > 0), p, np.nan)
    names = np.array(found.codes, dtype=object)
    table = pd.DataFrame(
        {
            "code_a": names[first],
            "code_b": names[then],
            "n_a": found.used[first],
            "n_ab": found.met[first, then],
        }
    ).astype({"code_a": str, "code_b": str})
    return table.assign(expected=expected, p=p, q=benjamini_hochberg(p))


def _refuse(within: int, null: str) -> None:
    if within < 1:
        raise ValueError(f"within is {within}: at least the next passage is needed")
    if null not in ("shift", "shuffle", *FURTHER):
        raise ValueError(f"null {null!r} is not one of shift, shuffle, words, answers")


def _both(presence: Presence, within: int) -> Presence:
    """What is followed meets, in its own passage, that the other is soon to come."""
    return [np.concatenate([own, _before(own, within)], axis=1)[None] for (own,) in presence]


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
    found = joined(Frame.of(corpus, "window", window, False, codes), corpus)
    first, then = np.triu_indices(len(found.codes), 1)
    cases = sorted(corpus.sources["case_id"].unique())
    return counted_by_case([found], list(zip(first, then, strict=True)), cases)


@dataclass(frozen=True)
class Joined:
    """In how many stanzas two codes are joined, in some sources: of each (n,) the case (into
    `case_ids`), the codes `a` before `b`, and how many."""

    codes: list[str]
    case_ids: list[str]
    case: np.ndarray
    a: np.ndarray
    b: np.ndarray
    count: np.ndarray


def joined(frame: Frame, corpus: Corpus) -> Joined:
    """Count the stanzas of the sources of `corpus`, of which `frame` is, by windows.

    >>> corpus = Corpus(
    ...     passages=pd.DataFrame({"source_id": "s", "start": [0, 5], "end": [4, 9]}),
    ...     codings=pd.DataFrame({"source_id": "s", "start": [0, 5], "end": [4, 9], "code": ["a", "b"]}),
    ... )
    >>> joined(Frame.of(corpus, "window", 2, False, None), corpus).count.tolist()
    [1]
    """
    names = sorted(corpus.sources["case_id"].unique())
    own = corpus.sources.set_index("source_id")["case_id"].to_dict()
    row = {name: place for place, name in enumerate(names)}
    rows = [np.zeros((4, 0), dtype=np.int64)]
    for name, (held, *_) in zip(frame.source_names, frame.presence_by_source(), strict=True):
        here = held.astype(np.int64)
        near = looked_back(held, frame.window).astype(np.int64)
        # A passage that holds both looks back on both, and would be counted from either side.
        met = np.triu(here.T @ near + near.T @ here - here.T @ here, 1)
        first, then = np.nonzero(met)
        case = np.full(len(first), row[own[name]])
        rows.append(np.stack([case, first, then, met[first, then]]))
    return Joined(frame.names, names, *np.concatenate(rows, axis=1))


def counted_by_case(
    parts: Sequence[Joined], pairs: Sequence[tuple[int, int]], cases: Sequence[str]
) -> pd.DataFrame:
    """Return the table of `stanzas` for these `pairs` of all codes of the parts of a corpus, sorted.

    >>> one = np.array([0])
    >>> part = Joined(["a", "b"], ["s"], one, one, one + 1, one + 5)
    >>> counted_by_case([part, part], [(0, 1)], ["s"]).values.tolist()
    [['s', 10]]
    """
    codes = names_in([part.codes for part in parts])
    column = np.full((len(codes), len(codes)), -1)
    for place, pair in enumerate(pairs):
        column[pair] = place
    counts = np.zeros((len(cases), len(pairs)), dtype=np.int64)
    for part in parts:
        code, case = place_in(part.codes, codes), place_in(part.case_ids, cases)
        at = column[code[part.a], code[part.b]]
        kept = at >= 0
        np.add.at(counts, (case[part.case[kept]], at[kept]), part.count[kept])
    columns = [f"{codes[a]} & {codes[b]}" for a, b in pairs]
    return pd.DataFrame(counts, columns=columns).assign(case_id=list(cases))[["case_id", *columns]]


def most_joined(parts: Sequence[Joined], most: int) -> list[tuple[int, int]]:
    """List the `most` pairs of all codes of the parts that are joined most often, most first.

    >>> one = np.array([0])
    >>> most_joined([Joined(["a", "b"], ["s"], one, one, one + 1, one + 5)], 3)
    [(0, 1)]
    """
    codes = names_in([part.codes for part in parts])
    total = np.zeros((len(codes), len(codes)), dtype=np.int64)
    for part in parts:
        code = place_in(part.codes, codes)
        np.add.at(total, (code[part.a], code[part.b]), part.count)
    first, then = np.triu_indices(len(codes), 1)
    order = np.argsort(-total[first, then], kind="stable")[:most]
    return [(int(first[one]), int(then[one])) for one in order]

"""Which codes meet, in how many places, and how that compares with chance."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import numpy as np
import pandas as pd

from analysis.corpus import UNITS, Corpus, Unit
from analysis.measures.chance.further import FURTHER, further_tail, is_drawn
from analysis.measures.chance.overlaps import overlap_tail
from analysis.measures.chance.passages import exact_tail
from analysis.measures.given import asked
from analysis.measures.meetings import Meetings, meetings
from analysis.measures.network import graphml, network
from analysis.measures.ranges import ratios
from analysis.measures.resampling import benjamini_hochberg, drawn_error
from analysis.measures.units import Frame, pairs_of

_CELLS_AT_ONCE = 4_000_000

__all__ = ["by_unit", "cooccurrence", "cooccurrence_test", "graphml", "network"]


def cooccurrence(
    corpus: Corpus,
    unit: Unit,
    window: int | None = None,
    within_coder: bool = True,
    codes: Sequence[str] | None = None,
    *,
    own_parent: bool = False,
) -> pd.DataFrame:
    """Count how often every two codes meet.

    `unit` says where:

    - overlap: two segments of one source share at least one character. n_a, n_b count segments,
      n_ab overlapping pairs of segments, n_units segments in all, each row of codings being
      one (`frequencies` takes rows that say the same for one). One segment may be in several
      pairs, so c_coefficient can leave 0 to 1; c_above_1 flags that (merge redundant segments).
    - passage: a counted passage that segments of both codes touch. n_a, n_b, n_ab count
      passages; n_units all counted passages, coded or not.
    - window: a passage with the `window` - 1 counted passages before it in the same source
      (window=1 is the passage alone). Each passage counts once for a pair, and only through a
      code of its own. n_ab: passages that hold one of the two codes while the other is in their
      window. n_a: those, and the passages that hold a alone; so of a passage that holds neither
      nothing is counted, whatever went before. n_a, n_b, n_ab and n_units are one table of
      passages, but n_a of one code differs from pair to pair.
    - source: a source. n_units counts the sources of counted passages, or, where the corpus has
      no passages, those with any coding.

    Only codings that count are looked at (`Corpus.counted`). With passages (required for passage
    and window) shared_words counts the words under both codes at once (with several coders, once
    for each who put both); without, it is missing, as in units other than overlap. `within_coder`
    lets only codes of one coder meet; False lets all. `codes` restricts the table to these codes;
    else it holds all that occur. Codes never used count 0. A code and its own parent are no pair
    unless `own_parent`; with its parent's parent it is one, for codes are counted as they were put
    and nothing is rolled up here.

    Returns one row for every pair, code_a < code_b, sorted: code_a, code_b, n_a, n_b, n_ab,
    n_units, shared_words, c_coefficient, c_above_1, jaccard, dice, lift, npmi, phi, odds_ratio.
    With only_a = n_a - n_ab, only_b = n_b - n_ab and neither = n_units - n_a - n_b + n_ab, the
    four cells of the table of units by presence of a and b:

    - c_coefficient = n_ab / (n_a + n_b - n_ab), the c of ATLAS.ti; 0 to 1 but for overlap
    - jaccard, the same of units (Jaccard 1912); 0 to 1
    - dice = 2 n_ab / (n_a + n_b) (Dice 1945); 0 to 1
    - lift = n_ab n_units / (n_a n_b) (Brin, Motwani & Silverstein 1997, who call it interest);
      1 where codes meet as often as independent ones would
    - npmi = ln(lift) / -ln(n_ab / n_units) (Bouma 2009); -1 to 1: -1 if both are used and never
      meet, 1 if they meet everywhere
    - phi = (n_ab neither - only_a only_b) / √(n_a n_b (n_units - n_a) (n_units - n_b)), the
      correlation of two presences; short of 1 where n_a and n_b differ
    - odds_ratio = n_ab neither / (only_a only_b), with 0.5 added to each cell if one is 0
      (Haldane 1956, Anscombe 1956)

    The six from jaccard on are NaN for overlap, where nothing says in how many places two codes
    could have met; c_coefficient, jaccard and dice where neither code is used; lift, npmi, phi and
    odds_ratio where a code of the pair is unused, phi also where one is everywhere, and phi and
    odds_ratio where both codes are in one unit, but no coder put both: such a unit is in none of
    the four cells.

    Raises ValueError for an unknown unit, a window below 1, and passages missing where needed or
    overlapping.

    Three passages, of which the first holds both codes and the second one of them:

    >>> corpus = Corpus(
    ...     passages=pd.DataFrame(
    ...         [("s", 0, 4, "they"), ("s", 5, 9, "said"), ("s", 10, 14, "that")],
    ...         columns=["source_id", "start", "end", "text"],
    ...     ),
    ...     codings=pd.DataFrame(
    ...         [("s", 0, 4, "tie"), ("s", 0, 9, "trust")],
    ...         columns=["source_id", "start", "end", "code"],
    ...     ),
    ... )
    >>> table = cooccurrence(corpus, "passage")
    >>> table[["n_a", "n_b", "n_ab", "n_units", "jaccard", "lift"]].to_dict("records")
    [{'n_a': 1, 'n_b': 2, 'n_ab': 1, 'n_units': 3, 'jaccard': 0.5, 'lift': 1.5}]
    """
    found = meetings(Frame.of(corpus, unit, window, within_coder, codes), unit)
    return table_of(found, corpus.codes, unit, has_words=_has_words(corpus), own_parent=own_parent)


def table_of(
    found: Meetings,
    codes: pd.DataFrame,
    unit: Unit,
    *,
    has_words: bool = True,
    own_parent: bool = False,
) -> pd.DataFrame:
    """Return the table of `cooccurrence` from the meetings in all parts of a corpus (`meetings.added`).

    `codes`: the codebook; `has_words`: whether the passages have their text.

    >>> codings = pd.DataFrame({"source_id": "s", "start": 0, "end": 4, "code": ["a", "b"]})
    >>> corpus = Corpus(passages=pd.DataFrame({"source_id": "s", "start": [0], "end": [4]}), codings=codings)
    >>> found = meetings(Frame.of(corpus, "passage", None, False, None), "passage")
    >>> table_of(found, corpus.codes, "passage")["n_ab"].tolist()
    [1]
    """
    a, b = pairs_of(found.codes, codes, own_parent)
    names = np.array(found.codes, dtype=object)
    shared = found.words[a, b] if has_words and unit == "overlap" else np.full(len(a), np.nan)
    table = pd.DataFrame(
        {
            "code_a": names[a],
            "code_b": names[b],
            "n_a": found.held[a] + found.more_a[a, b],
            "n_b": found.held[b] + found.more_b[a, b],
            "n_ab": found.both[a, b],
            "n_units": int(found.units[0]),
            "shared_words": shared,
        }
    ).astype({"code_a": str, "code_b": str, "shared_words": "Int64"})
    apart = found.apart[a, b]
    return table.assign(**_coefficients(table, apart, fixed_units=unit != "overlap"))


def _has_words(corpus: Corpus) -> bool:
    return corpus.passages is not None and "text" in corpus.passages


def cooccurrence_test(
    corpus: Corpus,
    unit: Unit,
    null: Literal["shift", "shuffle", "words", "answers"] = "answers",
    codes: Sequence[str] | None = None,
    seed: int = 0,
    n: int = 2_000,
    *,
    window: int | None = None,
    within_coder: bool = True,
    level: float = 0.95,
    own_parent: bool = False,
) -> pd.DataFrame:
    """Set each count of `cooccurrence` beside what rearranging the same codings would give.

    Within each source the passages of one code of the pair are moved while the other's stay. The
    code in fewer passages moves; of two in equally many, the one that lacks the first passage (in
    order of source and place) in which they differ. For windows p hangs on which moves, for the
    ends of a source are not alike. Where several coders read a source, a code moves in all their
    readings by the same steps, and codes of different coders meet as `within_coder` says.

    - shift: round the source in a circle, all by the same step, so that runs stay runs (in one
      dimension the toroidal shift of Lotwick & Silverman 1982).
    - shuffle: to any passages, all placings alike (for passages of one source and one reading
      Fisher's exact test, upper tail: Fisher 1935); too easily surprised where codes come in
      blocks, as topic guides make them: p below .05 in 11 % of simulated pairs that had nothing
      to do with each other but came in runs, where shift gave 4 %.
    - words: along the words of the source, in a circle, so that a long passage holds more, and
      runs stay runs; exact. shift and shuffle call codes that have nothing to do with each other
      associated in half of all pairs where passages are as unequal as interviews make them, words
      in 4 % (`docs/calibration.md`). Words of a passage are taken to be equally long. Codes at
      home in one topic are called associated for that.
    - answers: along the words of the answer to one question only (`chance.answers.answers`), so
      that neither length nor a topic deceives: it alone holds its level in all simulations, and
      is therefore the default, here as in `params.yml` of a new study. Where an answer is a single
      passage it has nothing to say: nothing moves, and what is expected is what is there. Exact
      for passages; for windows and overlaps, which reach from answer to answer, drawn `n` times in
      each source from `seed`.

    Words are those of the column words, else of the text; a passage without any is as one of a
    word. For passage and window, and for overlap under shift and words, p is exact but as said
    (hypergeometric masses, or uniform ones over the steps, convolved over sources). For overlap
    under shift and shuffle a segment moves with the passage it begins in, keeping its place and reach in units of passages (the code with fewer
    segments; of equals, the one whose first differing segment comes later); a segment pushed past
    the end goes on at the beginning. Under shuffle overlaps are drawn, `n` times in each source
    from `seed`, and p is at least 1 / (1 + `n`) (Davison & Hinkley 1997). For unit source nothing
    can move within a source: expected is n_ab and p is 1.

    Columns: those of `cooccurrence`, and
    - expected: the mean count over rearrangements;
    - p: share of rearrangements with a count of at least n_ab (upper tail); reports print p
      below 1e-12 as a bound. NaN where a code of the pair is not used;
    - q: p adjusted after Benjamini & Hochberg (1995) over the family of all pairs with a p;
    - family: the number of pairs in that family;
    - p_error: the standard error of p where it was drawn, at most about √(p (1 - p) / `n`); 0
      where it is exact;
    - lower, upper: the range of n_ab that holds the middle `level`, cases being drawn whole
      (`ranges.ratios` of their counts). In simulations with 6 to 20 cases the 95 % range held the
      true mean in 93 to 98 % of studies, and in 99 % of a pair that hardly meets. With one case
      both are NaN.

    Raises ValueError for an unknown null, for shuffle within coders in windows where several read
    one source (no exact p is known; choose a coder's codings, or within_coder=False), for `n`
    below 1, a `level` outside 0 to 1, a corpus without passages (for words and answers: without
    their words or text), and as `cooccurrence`.

    Of three places for the code in one passage two lie under the other:

    >>> corpus = Corpus(
    ...     passages=pd.DataFrame(
    ...         [("s", 0, 4, "they"), ("s", 5, 9, "said"), ("s", 10, 14, "that")],
    ...         columns=["source_id", "start", "end", "text"],
    ...     ),
    ...     codings=pd.DataFrame(
    ...         [("s", 0, 4, "tie"), ("s", 0, 9, "trust")],
    ...         columns=["source_id", "start", "end", "code"],
    ...     ),
    ... )
    >>> table = cooccurrence_test(corpus, "passage").round(4)
    >>> table[["n_ab", "expected", "p", "p_error"]].to_dict("records")
    [{'n_ab': 1, 'expected': 0.6667, 'p': 0.6667, 'p_error': 0.0}]
    """
    if null not in ("shift", "shuffle", *FURTHER):
        raise ValueError(f"null {null!r} is not one of shift, shuffle, words, answers")
    if corpus.passages is None:
        raise ValueError("a test needs the passages that are rearranged: Corpus(passages=...)")
    asked(n, level)
    frame = Frame.of(corpus, unit, window, within_coder, codes)
    found = meetings(frame, unit, by_source=True)
    table = table_of(found, corpus.codes, unit, has_words=_has_words(corpus), own_parent=own_parent)
    a, b = frame.pairs(own_parent)
    observed = table["n_ab"].to_numpy()
    if null in FURTHER and unit != "source":
        counted = corpus.counted_passages
        expected, p = further_tail(frame, counted, a, b, observed, null, unit, seed, n)
    elif unit == "overlap":
        expected, p = overlap_tail(frame, a, b, observed, null, seed, n)
    else:
        # One source is one unit, and nothing can move in it: any null says so.
        within = "shift" if unit == "source" else null
        presence = frame.presence_by_source()
        expected, p = exact_tail(presence, a, b, observed, within, frame.window)
    return beside_chance(
        table,
        found,
        corpus.sources,
        expected,
        p,
        pairs=(a, b),
        draws=n if is_drawn(null, unit) else 0,
        level=level,
        no_more_than_units=unit != "overlap",
    )


def beside_chance(
    table: pd.DataFrame,
    found: Meetings,
    sources: pd.DataFrame,
    expected: np.ndarray,
    p: np.ndarray,
    *,
    pairs: tuple[np.ndarray, np.ndarray],
    draws: int,
    level: float,
    no_more_than_units: bool,
) -> pd.DataFrame:
    """Return the table of `cooccurrence_test`: `table_of` `found`, beside what rearranging gives (pairs,).

    `sources`: those of the corpus; `pairs` (2, pairs) of codes of `found`; `draws`: how many, 0 where
    `p` is exact.

    >>> codings = pd.DataFrame({"source_id": "s", "start": 0, "end": 4, "code": ["a", "b"]})
    >>> corpus = Corpus(passages=pd.DataFrame({"source_id": "s", "start": [0], "end": [4]}), codings=codings)
    >>> found = meetings(Frame.of(corpus, "passage", None, False, None), "passage", by_source=True)
    >>> table, pairs = table_of(found, corpus.codes, "passage"), (np.array([0]), np.array([1]))
    >>> one, how = np.ones(1), {"draws": 0, "level": 0.95, "no_more_than_units": True}
    >>> beside_chance(table, found, corpus.sources, one, one, pairs=pairs, **how)["q"].tolist()
    [1.0]
    """
    used = ((table["n_a"] > 0) & (table["n_b"] > 0)).to_numpy()
    p = np.where(used, p, np.nan)
    edges = _range_by_case(found, sources, pairs, level)
    if no_more_than_units:
        # No more units can hold both than there are.
        edges = np.minimum(edges, int(found.units[0]))
    return table.assign(
        expected=expected,
        p=p,
        p_error=drawn_error(p, draws),
        q=benjamini_hochberg(p),
        family=int(used.sum()),
        lower=edges[:, 0],
        upper=edges[:, 1],
    )


def _range_by_case(
    found: Meetings, sources: pd.DataFrame, pairs: tuple[np.ndarray, np.ndarray], level: float
) -> np.ndarray:
    """The range of each pair's meetings (pairs, 2), so many pairs at a time as memory holds."""
    own = pd.Series(found.source_ids, dtype=str).map(sources.set_index("source_id")["case_id"])
    case = np.asarray(pd.factorize(own)[0], dtype=np.int64)
    n_cases, n_codes = int(case.max(initial=-1)) + 1, max(len(found.codes), 1)
    place = np.full(n_codes * n_codes, -1)
    place[pairs[0] * n_codes + pairs[1]] = np.arange(len(pairs[0]))
    row = place[found.a * n_codes + found.b]
    order = np.argsort(row, kind="stable")
    row, column, met = row[order], case[found.source[order]], found.met[order]
    edges = [np.zeros((0, 2))]
    room = max(_CELLS_AT_ONCE // max(n_cases, 1), 1)
    for at in range(0, len(pairs[0]), room):
        by_case = np.zeros((min(room, len(pairs[0]) - at), n_cases), dtype=np.int64)
        here = slice(*np.searchsorted(row, [at, at + room]))
        np.add.at(by_case, (row[here] - at, column[here]), met[here])
        edges.append(n_cases * ratios(by_case, np.ones(n_cases), level))
    return np.concatenate(edges)


def by_unit(
    corpus: Corpus,
    window: int = 3,
    within_coder: bool = True,
    codes: Sequence[str] | None = None,
    *,
    own_parent: bool = False,
) -> pd.DataFrame:
    """Return n_ab of every pair under every unit, to see what hangs on the choice.

    Columns: code_a, code_b, overlap (pairs of segments), passage, window (passages), source
    (sources); arguments, order of rows and errors as in `cooccurrence`. A pair that never meets has
    0 in all four; without two codes there are no rows.

    >>> corpus = Corpus(
    ...     passages=pd.DataFrame(
    ...         [("s", 0, 4, "they"), ("s", 5, 9, "said"), ("s", 10, 14, "that")],
    ...         columns=["source_id", "start", "end", "text"],
    ...     ),
    ...     codings=pd.DataFrame(
    ...         [("s", 0, 4, "tie"), ("s", 0, 9, "trust")],
    ...         columns=["source_id", "start", "end", "code"],
    ...     ),
    ... )
    >>> by_unit(corpus, window=2).values.tolist()
    [['tie', 'trust', 1, 1, 2, 1]]
    """
    tables = {
        unit: cooccurrence(
            corpus,
            unit,
            window if unit == "window" else None,
            within_coder,
            codes,
            own_parent=own_parent,
        )
        for unit in UNITS
    }
    pairs = tables["overlap"][["code_a", "code_b"]]
    return pairs.assign(**{unit: table["n_ab"] for unit, table in tables.items()})


def _coefficients(
    table: pd.DataFrame, apart: np.ndarray, *, fixed_units: bool
) -> dict[str, np.ndarray]:
    both, n_a, n_b, total = (
        table[name].to_numpy(float) for name in ("n_ab", "n_a", "n_b", "n_units")
    )
    with np.errstate(divide="ignore", invalid="ignore"):
        coefficient = _ratio(both, n_a + n_b - both)
        # Said of the counts, for past n_ab = n_a + n_b the formula itself turns negative.
        above = 2 * both > n_a + n_b
        nan = np.full(len(table), np.nan)
        if not fixed_units:
            names = ("jaccard", "dice", "lift", "npmi", "phi", "odds_ratio")
            return {"c_coefficient": coefficient, "c_above_1": above, **dict.fromkeys(names, nan)}
        only_a, only_b = n_a - both, n_b - both
        # Where codes stand apart in one unit, no cell holds it, and the table has no fourth.
        neither = np.where(apart > 0, nan, total - n_a - n_b + both)
        lift = _ratio(both * total, n_a * n_b)
        npmi = np.where(both == total, 1.0, np.log(lift) / -np.log(both / total))
        empty = (both == 0) | (only_a == 0) | (only_b == 0) | (neither == 0)
        half = np.where(empty, 0.5, 0.0)
        return {
            "c_coefficient": coefficient,
            "c_above_1": above,
            "jaccard": coefficient,
            "dice": _ratio(2 * both, n_a + n_b),
            "lift": lift,
            "npmi": np.where(np.isnan(lift), nan, np.where(both == 0, -1.0, npmi)),
            "phi": _ratio(
                both * neither - only_a * only_b,
                np.sqrt(n_a * n_b * (total - n_a) * (total - n_b)),
            ),
            "odds_ratio": np.where(
                (n_a > 0) & (n_b > 0),
                (both + half) * (neither + half) / ((only_a + half) * (only_b + half)),
                nan,
            ),
        }


def _ratio(above: np.ndarray, below: np.ndarray) -> np.ndarray:
    return np.asarray(np.divide(above, below, out=np.full(len(above), np.nan), where=below != 0))

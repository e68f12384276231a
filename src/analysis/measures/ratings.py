"""Who put which code on which unit: the ratings of several coders, from which agreement is told."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

import numpy as np
import pandas as pd

from analysis.corpus import Corpus
from analysis.corpus.plain import plain_passages, refuse_unlisted, several
from analysis.measures import NothingToCompareError
from analysis.measures.given import by_coder
from analysis.measures.spans import Text, not_empty, numbered, rolled_up

_UNIT = ["source_id", "start", "end"]


def fixed_windows(corpus: Corpus, size: int) -> pd.DataFrame:
    """Cut each source into windows of `size` code points, as units for `ratings`.

    Columns source_id, start, end; the last window of a source may be shorter. Raises ValueError
    for a size below 1, and where there are no passages.

    >>> corpus = Corpus(
    ...     passages=pd.DataFrame(
    ...         [("s", 0, 4, "they"), ("s", 5, 9, "said")],
    ...         columns=["source_id", "start", "end", "text"],
    ...     ),
    ...     codings=pd.DataFrame(
    ...         [("s", 0, 4, "trust", "A"), ("s", 0, 2, "trust", "B"), ("s", 5, 9, "tie", "B")],
    ...         columns=["source_id", "start", "end", "code", "coder"],
    ...     ),
    ... )
    >>> fixed_windows(corpus, 5).values.tolist()
    [['s', 0, 5], ['s', 5, 9]]
    """
    if size < 1:
        raise ValueError("a window is at least one character")
    if corpus.passages is None:
        raise ValueError("windows are cut from the passages: Corpus(passages=...)")
    length = corpus.passages.groupby("source_id")["end"].max()
    return pd.DataFrame(
        [
            (source, start, min(start + size, end))
            for source, end in length.items()
            for start in range(0, end, size)
        ],
        columns=_UNIT,
    )


def ratings(
    corpus: Corpus,
    code: str,
    units: pd.DataFrame | None = None,
    readings: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Say of every unit and coder whether the coder put `code` (or a child of it) on it.

    `units`: source_id, start, end of each unit, coded or not: sentences, `fixed_windows`, or, left
    out, the passages of counted voices. This is the universe; agreement that a code is absent
    counts in it. Returns
    units x coders (index source_id, start, end; coders sorted): 1.0 where a span of the coder
    shares a character with the unit, 0.0 where none does, NaN throughout a source in which the
    coder coded nothing at all, for that is no judgement, and on a unit without a character.
    `readings` say who read what: coder, source_id, and start and end (missing: the whole source).
    What somebody read is judged, though they coded nothing in it; of a source of which they read a
    part only that part is, and what they coded. Raises ValueError where units overlap, for units
    and readings of sources that the corpus does not list, and for codings without the column coder.

    >>> corpus = Corpus(
    ...     passages=pd.DataFrame(
    ...         [("s", 0, 4, "they"), ("s", 5, 9, "said")],
    ...         columns=["source_id", "start", "end", "text"],
    ...     ),
    ...     codings=pd.DataFrame(
    ...         [("s", 0, 4, "trust", "A"), ("s", 0, 2, "trust", "B"), ("s", 5, 9, "tie", "B")],
    ...         columns=["source_id", "start", "end", "code", "coder"],
    ...     ),
    ... )
    >>> ratings(corpus, "tie").values.tolist()
    [[0.0, 0.0], [0.0, 1.0]]
    """
    return ratings_by_code(corpus, [code], units, readings)[code]


def ratings_by_code(
    corpus: Corpus,
    codes: Sequence[str],
    units: pd.DataFrame | None = None,
    readings: pd.DataFrame | None = None,
) -> dict[str, pd.DataFrame]:
    """Return the `ratings` of each of `codes`, of which all have the same units and coders.

    >>> corpus = Corpus(
    ...     passages=pd.DataFrame(
    ...         [("s", 0, 4, "they"), ("s", 5, 9, "said")],
    ...         columns=["source_id", "start", "end", "text"],
    ...     ),
    ...     codings=pd.DataFrame(
    ...         [("s", 0, 4, "trust", "A"), ("s", 0, 2, "trust", "B"), ("s", 5, 9, "tie", "B")],
    ...         columns=["source_id", "start", "end", "code", "coder"],
    ...     ),
    ... )
    >>> {code: rated["B"].tolist() for code, rated in ratings_by_code(corpus, ["trust", "tie"]).items()}
    {'trust': [1.0, 0.0], 'tie': [0.0, 1.0]}
    """
    held = rated_units(corpus, units, readings)
    index = pd.MultiIndex.from_frame(held.units[_UNIT])
    columns = pd.Index(held.coders, name="coder")
    nowhere = np.zeros(held.rated.shape, dtype=bool)
    return {
        code: pd.DataFrame(
            np.where(held.rated, held.present.get(str(code), nowhere).astype(float), np.nan),
            index=index,
            columns=columns,
        )
        for code in codes
    }


def code_sets(
    corpus: Corpus,
    units: pd.DataFrame | None = None,
    codes: Sequence[str] | None = None,
    readings: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Return for every unit and coder the frozenset of codes put on it, for `masi_alpha`.

    Units, coders, readings and missing values (None) as in `ratings`; codes as they were put, parents not
    added; `codes` restricts them.

    >>> corpus = Corpus(
    ...     passages=pd.DataFrame(
    ...         [("s", 0, 4, "they"), ("s", 5, 9, "said")],
    ...         columns=["source_id", "start", "end", "text"],
    ...     ),
    ...     codings=pd.DataFrame(
    ...         [("s", 0, 4, "trust", "A"), ("s", 0, 2, "trust", "B"), ("s", 5, 9, "tie", "B")],
    ...         columns=["source_id", "start", "end", "code", "coder"],
    ...     ),
    ... )
    >>> [sorted(one) for one in code_sets(corpus)["B"]]
    [['trust'], ['tie']]
    """
    held = rated_units(corpus, units, readings, roll_up=False)
    wanted = sorted(held.present if codes is None else several(codes, "codes"))
    table = np.empty(held.rated.shape, dtype=object)
    for row, column in zip(*np.nonzero(held.rated), strict=True):
        table[row, column] = frozenset(
            code for code in wanted if code in held.present and held.present[code][row, column]
        )
    return pd.DataFrame(
        table, index=pd.MultiIndex.from_frame(held.units[_UNIT]), columns=held.coders
    )


class RatedUnits:
    """Units, coders, which coder rated which unit, and per code who put it where."""

    def __init__(
        self,
        units: pd.DataFrame,
        coders: list[str],
        rated: np.ndarray,
        present: dict[str, np.ndarray],
    ) -> None:
        self.units, self.coders, self.rated, self.present = units, coders, rated, present


def rated_units(
    corpus: Corpus,
    units: pd.DataFrame | None,
    readings: pd.DataFrame | None,
    *,
    roll_up: bool = True,
) -> RatedUnits:
    """Return what the coders rated, as in `ratings`; parents hold their children's if `roll_up`.

    In the result `rated` is (units, coders) of bool, and `present` such a table for each code.

    >>> corpus = Corpus(
    ...     codings=pd.DataFrame(
    ...         [("s", 0, 4, "trust", "A"), ("s", 5, 9, "tie", "B")],
    ...         columns=["source_id", "start", "end", "code", "coder"],
    ...     ),
    ... )
    >>> units = pd.DataFrame({"source_id": ["s", "s"], "start": [0, 5], "end": [4, 9]})
    >>> rated_units(corpus, units, None).present["tie"].tolist()
    [[False, False], [False, True]]
    """
    codings = by_coder(corpus)
    units = corpus.counted_passages if units is None else plain_passages(units, "units")
    read = stated(readings)
    refuse_unlisted(units, "units", corpus.sources)
    refuse_unlisted(read, "readings", corpus.sources)
    coders = sorted({*codings["coder"], *read["coder"]})
    rated = np.zeros((len(units), len(coders)), dtype=bool)
    filled = (units["end"] > units["start"]).to_numpy()
    for column, coder in enumerate(coders):
        coded = codings.loc[codings["coder"] == coder, "source_id"]
        own = read[read["coder"] == coder]
        whole = coded[~coded.isin(own["source_id"])]
        rated[:, column] = (
            filled & (units["source_id"].isin(whole) | _in_any(units, own)).to_numpy()
        )
    rows = not_empty(rolled_up(codings, corpus.codes) if roll_up else codings)
    first, beyond = Text.of(units, rows).touched(rows)
    who = numbered(rows["coder"], coders)
    present: dict[str, np.ndarray] = {}
    for code, at, until, column in zip(rows["code"], first, beyond, who, strict=True):
        table = present.setdefault(code, np.zeros(rated.shape, dtype=bool))
        table[at:until, column] |= filled[at:until]
        rated[at:until, column] |= filled[at:until]
    return RatedUnits(units, coders, rated, present)


def stated(readings: pd.DataFrame | None) -> pd.DataFrame:
    """Return the readings with columns start and end, from nought to without end for a whole source.

    >>> stated(pd.DataFrame({"coder": ["A"], "source_id": ["s"]})).values.tolist()
    [['A', 's', 0.0, inf]]
    """
    if readings is None:
        return pd.DataFrame(columns=["coder", "source_id", "start", "end"])
    stated = readings.reindex(columns=["coder", "source_id", "start", "end"])
    return stated.assign(start=stated["start"].fillna(0), end=stated["end"].fillna(np.inf))


def _in_any(units: pd.DataFrame, stretches: pd.DataFrame) -> pd.Series:
    """Which units share a character with one of the stretches of their source."""
    found = pd.Series(False, index=units.index)
    for source, start, end in stretches[["source_id", "start", "end"]].itertuples(index=False):
        found |= (units["source_id"] == source) & (units["start"] < end) & (units["end"] > start)
    return found


def refuse_if_nothing_shared(codings: pd.DataFrame, readings: pd.DataFrame) -> None:
    """Raise `NothingToCompareError` where no two coders share a text and a code in it.

    `codings` with parents rolled up: coders may share a parent where they share no code. `readings`
    are rows of coder and source_id, as from `stated`.

    >>> codings = pd.DataFrame({"coder": ["A", "B"], "source_id": ["s", "t"], "code": ["tie", "tie"]})
    >>> refuse_if_nothing_shared(codings, stated(None))
    Traceback (most recent call last):
    analysis.measures.NothingToCompareError: the coders share no text: no source was coded by two of A, B
    """
    known = pd.concat([codings[["coder", "source_id"]], readings[["coder", "source_id"]]])
    texts = known.groupby("coder")["source_id"].agg(set)
    codes = codings.groupby("coder")["code"].agg(set).reindex(texts.index)
    codes = codes.map(lambda own: own if isinstance(own, set) else set())
    pairs = list(itertools.combinations(texts.index, 2))
    together = [(one, other) for one, other in pairs if texts[one] & texts[other]]
    if not together:
        raise NothingToCompareError(
            "the coders share no text: no source was coded by two of "
            + (", ".join(map(str, texts.index)) or "them")
        )
    if not any(codes[one] & codes[other] for one, other in together):
        raise NothingToCompareError(
            "the coders share no code: "
            + "; ".join(f"{one} and {other}" for one, other in together)
            + " coded the same text with code systems that have no name in common"
        )

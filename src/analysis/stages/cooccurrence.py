"""The co-occurrence stage in numbers: which codes meet most, and where they stand in the network."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import numpy as np
import pandas as pd

from analysis.corpus import UNITS, Corpus, Unit
from analysis.measures import cooccurrence, sequences
from analysis.measures.chance.adding import Masses, packed, tails, together
from analysis.measures.chance.answers import answers
from analysis.measures.chance.further import FURTHER, WITHIN_ANSWERS, is_drawn, rearranged
from analysis.measures.chance.overlaps import least_told
from analysis.measures.chance.passages import Compared, compared, masses_by_source, moved
from analysis.measures.meetings import Meetings, added, meetings, place_in
from analysis.measures.ranges import LEVEL
from analysis.measures.sequences import (
    Follows,
    Joined,
    add_follows,
    counted_by_case,
    follows,
    joined,
    most_joined,
    ordered_pairs,
)
from analysis.measures.units import Frame, pairs_of
from analysis.stages.sums import FOLDER, Batch, sums
from analysis.stages.values import Values, counted
from analysis.study.folder import Part, Study

if TYPE_CHECKING:
    import networkx

Null = Literal["shift", "shuffle", "words", "answers"]
# So many pairs are shown case by case.
_JOINED = 6
#: What each null holds, and what deceives it, as `docs/calibration.md` shows.
_HOLDS = {
    "words": "along the words of a source: long passages do not deceive it, codes at home in one topic do",
    "answers": "along the words of the answer to one question: neither long passages nor a topic deceive it",
    "shift": "by whole passages: long passages deceive it, and codes at home in one topic",
    "shuffle": "passages exchanged freely: long passages deceive it, codes in runs, and codes at home in "
    "one topic",
}


def null_said(null: str, answer_sizes: np.ndarray) -> str:
    """How codings are rearranged, what deceives that, and where it has nothing to say.

    `answer_sizes` (2,): how many answers there are, and how many of a single passage.

    >>> null_said("shift", np.array([3, 1]))
    'by whole passages: long passages deceive it, and codes at home in one topic'
    """
    if null != WITHIN_ANSWERS:
        return _HOLDS[null]
    every, single = answer_sizes.tolist()
    return (
        f"{_HOLDS[null]}; nothing can move in the {single} of {every} answers that "
        "are a single passage"
    )


@dataclass(frozen=True)
class How:
    """Where codes meet, and how they are rearranged, as `cooccurrence_test` takes it."""

    unit: Unit
    window: int
    null: Null
    seed: int
    n: int


@dataclass(frozen=True)
class Batched:
    """What this stage counts in one batch of sources: `units` by their names, `answers` as `null_said`
    takes them; `compared` the codes of the chosen unit, which tells which of two is moved."""

    units: dict[str, Meetings]
    compared: Compared
    follows: Follows
    joined: Joined
    answers: np.ndarray


@dataclass(frozen=True)
class ByChance:
    """What rearranging one batch of sources gives, pair by pair, for the meetings and for what follows."""

    meetings: Masses
    follows: Masses


@dataclass(frozen=True)
class Cooccurrences:
    """What all batches of a study come to, in the tables of `measures.cooccurrence` and `sequences`."""

    tested: pd.DataFrame
    overlap: pd.DataFrame
    by_unit: pd.DataFrame
    followed: pd.DataFrame
    often_joined: pd.DataFrame
    answers: np.ndarray

    @classmethod
    def of(
        cls, study: Study, unit: Unit, *, window: int, null: Null, seed: int, n: int
    ) -> Cooccurrences:
        """Count where codes meet in `study`, batch by batch, and what rearranging gives.

        Overlaps move by all segments of a code, so for these all sources are one batch.
        """
        batches = [Part("", study)] if unit == "overlap" else list(study.parts())
        sources, kept = Corpus(study.sources).sources, study.processed / FOLDER
        how = How(unit, window, null, seed, n)
        return cls.of_batches(batches, sources, study.codes, how, kept)

    @classmethod
    def of_batches(
        cls,
        batches: Sequence[Batch],
        sources: pd.DataFrame,
        codes: pd.DataFrame,
        how: How,
        kept: Path,
    ) -> Cooccurrences:
        """As `of`, of these batches of `sources`; several of them only where the unit is no overlap."""
        asked: list[object] = [how.unit, how.window]
        count = partial(batched, how)
        parts = sums(batches, count, Batched, kept / "cooccurrence", asked)
        units = {one: added([part.units[one] for part in parts]) for one in UNITS}
        tables = {one: cooccurrence.table_of(found, codes, one) for one, found in units.items()}
        if len(batches) == 1:
            corpus = batches[0].corpus
            tested = cooccurrence.cooccurrence_test(
                corpus, how.unit, null=how.null, seed=how.seed, n=how.n, window=how.window
            )
            followed = sequences.followed(corpus, how.window, how.null)
        else:
            pairs = pairs_of(units[how.unit].codes, codes, False)
            tested, followed = _by_chance(batches, parts, units[how.unit], pairs, how, kept, asked)
            tested = cooccurrence.beside_chance(
                tables[how.unit],
                units[how.unit],
                sources,
                *tested,
                pairs=pairs,
                draws=how.n if is_drawn(how.null, how.unit) else 0,
                level=LEVEL,
                no_more_than_units=True,
            )
        joins = [part.joined for part in parts]
        cases = sorted(sources["case_id"].unique())
        return cls(
            tested,
            tables["overlap"],
            tables["overlap"][["code_a", "code_b"]].assign(
                **{one: table["n_ab"] for one, table in tables.items()}
            ),
            followed,
            counted_by_case(joins, most_joined(joins, _JOINED), cases).set_index("case_id"),
            np.sum([part.answers for part in parts], axis=0),
        )


def _by_chance(
    batches: Sequence[Batch],
    parts: Sequence[Batched],
    found: Meetings,
    pairs: tuple[np.ndarray, np.ndarray],
    how: How,
    kept: Path,
    asked: list[object],
) -> tuple[tuple[np.ndarray, np.ndarray], pd.DataFrame]:
    """What rearranging gives for each pair (`tails`), and the table of what follows what."""
    stays, moves = moved(_of_all_codes(parts, found.codes), *pairs)
    asked = [*asked, how.null, how.seed, how.n, found.codes, stays.tolist(), moves.tolist()]
    count = partial(by_chance, how, found.codes, stays, moves)
    drawn = sums(batches, count, ByChance, kept / "chance", asked)
    expected, p = tails(together([one.meetings for one in drawn], len(stays)), found.both[pairs])
    p = np.maximum(p, least_told(how.n) if is_drawn(how.null, how.unit) else 0.0)
    after = add_follows([part.follows for part in parts])
    ordered = ordered_pairs(len(after.codes))
    masses = together([one.follows for one in drawn], len(ordered[0]))
    return (expected, p), sequences.table_of(after, *tails(masses, after.met[ordered]))


def batched(how: How, corpus: Corpus) -> Batched:
    """Count in one batch, which may be all sources."""
    frames: dict[str, Frame] = {
        one: Frame.of(corpus, one, how.window if one == "window" else None, True, None)
        for one in UNITS
    }
    by_unit = {
        str(one): meetings(frame, one, by_source=one == how.unit) for one, frame in frames.items()
    }
    everybody = Frame.of(corpus, "passage", None, False, None)
    size = np.bincount(answers(corpus.counted_passages))
    return Batched(
        by_unit,
        compared(frames[how.unit].presence_by_source(), len(frames[how.unit].names)),
        follows(everybody, everybody.presence_by_source(), how.window),
        joined(Frame.of(corpus, "window", how.window, False, None), corpus),
        np.array([len(size), (size == 1).sum()]),
    )


def by_chance(
    how: How,
    codes: Sequence[str],
    stays: np.ndarray,
    moves: np.ndarray,
    corpus: Corpus,
) -> ByChance:
    """Rearrange one batch: of each pair of `codes` the one `stays`, the other `moves`."""
    passages = corpus.counted_passages
    unit, null = how.unit, how.null
    frame = Frame.of(corpus, unit, how.window if unit == "window" else None, True, codes)
    presence = frame.presence_by_source()
    if unit == "source":
        # One source is one unit, and nothing can move in it: any null says so.
        masses = masses_by_source(presence, stays, moves, "shift")
    elif null in FURTHER:
        masses = rearranged(frame, passages, presence, stays, moves, null, unit, how.seed, how.n)
    else:
        masses = masses_by_source(presence, stays, moves, null, frame.window)
    everybody = Frame.of(corpus, "passage", None, False, codes)
    held = everybody.presence_by_source()
    after = sequences.follows_by_chance(everybody, passages, held, how.window, null)
    return ByChance(packed(masses), packed(after))


def _of_all_codes(parts: Sequence[Batched], codes: list[str]) -> list[Compared]:
    """The comparisons of each batch, with the codes that it has not: in no passage of it."""
    found = []
    for part in parts:
        own = part.follows.codes
        place = place_in(own, codes)
        passages = np.zeros(len(codes), dtype=np.int64)
        first = np.zeros((len(codes), len(codes)), dtype=np.int8)
        passages[place] = part.compared.passages
        first[np.ix_(place, place)] = part.compared.first
        # A code that is here is in a passage that one which is not here lacks.
        absent = np.setdiff1d(np.arange(len(codes)), place)
        here = np.flatnonzero(passages)
        first[np.ix_(here, absent)], first[np.ix_(absent, here)] = 1, -1
        found.append(Compared(passages, first))
    return found


def of_cooccurrence(
    overlap: pd.DataFrame, pairs: pd.DataFrame, unit: str, null: str, answer_sizes: np.ndarray
) -> Values:
    """How many pairs of segments overlap, how many pairs of codes meet, and who meets most."""
    met = pairs[pairs["n_ab"] > 0]
    values: Values = {
        **counted("cooc.n_overlaps", int(overlap["n_ab"].sum()), "pairs of segments"),
        **counted(
            "cooc.n_pairs_overlapping", int((overlap["n_ab"] > 0).sum()), "distinct pairs of codes"
        ),
        "cooc.n_pairs": (len(pairs), "count"),
        "cooc.n_pairs_met": (len(met), "count"),
        "cooc.n_units": (int(pairs["n_units"].iloc[0]) if len(pairs) else 0, "count"),
        "cooc.unit": (unit, "text"),
        "cooc.null_said": (null_said(null, answer_sizes), "text"),
    }
    for place, row in enumerate(meeting_most(pairs).head(3).itertuples(), start=1):
        values[f"cooc.top{place}_a"] = (str(row.code_a).rsplit("/", 1)[-1], "text")
        values[f"cooc.top{place}_b"] = (str(row.code_b).rsplit("/", 1)[-1], "text")
        values[f"cooc.top{place}_n"] = (int(row.n_ab), "count")
    return values


def meeting_most(pairs: pd.DataFrame) -> pd.DataFrame:
    """The pairs of codes that met, those that met most first."""
    met = pairs[pairs["n_ab"] > 0]
    return met.sort_values(["n_ab", "code_a", "code_b"], ascending=[False, True, True])


def most_met(pairs: pd.DataFrame, count: int) -> list[str]:
    """The `count` codes with the most meetings, most first."""
    ends = pd.concat(
        [
            pairs[["code_a", "n_ab"]].set_axis(["code", "n"], axis=1),
            pairs[["code_b", "n_ab"]].set_axis(["code", "n"], axis=1),
        ]
    )
    total = ends.groupby("code", as_index=False)["n"].sum()
    ranked = total[total["n"] > 0].sort_values(["n", "code"], ascending=[False, True])
    return list(ranked["code"].head(count))


def laid_out(graph: networkx.Graph) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Edges (code_a, code_b, n_ab) and places (code, x, y) of the codes that meet another.

    The codes stand on a circle, those of a community side by side: no label hides another.
    """
    import networkx as nx

    linked = [code for code in graph if graph.degree(code)]
    order = sorted(linked, key=lambda code: (graph.nodes[code].get("community", 0), code))
    places = nx.circular_layout(order)
    edges = [(*sorted((a, b)), int(data["weight"])) for a, b, data in graph.edges(data=True)]
    return (
        pd.DataFrame(sorted(edges), columns=["code_a", "code_b", "n_ab"]),
        pd.DataFrame(
            [(code, float(places[code][0]), float(places[code][1])) for code in order],
            columns=["code", "x", "y"],
        ),
    )

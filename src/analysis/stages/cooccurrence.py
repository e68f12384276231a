"""The co-occurrence stage in numbers: which codes meet most, and where they stand in the network."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from analysis.corpus import Corpus
from analysis.measures.chance.answers import answers
from analysis.measures.chance.further import WITHIN_ANSWERS

if TYPE_CHECKING:
    import networkx
from analysis.stages.values import Values, counted

#: What each null holds, and what deceives it, as `docs/calibration.md` shows.
_HOLDS = {
    "words": "along the words of a source: long passages do not deceive it, codes at home in one topic do",
    "answers": "along the words of the answer to one question: neither long passages nor a topic deceive it",
    "shift": "by whole passages: long passages deceive it, and codes at home in one topic",
    "shuffle": "passages exchanged freely: long passages deceive it, codes in runs, and codes at home in "
    "one topic",
}


def null_said(null: str, corpus: Corpus) -> str:
    """How codings are rearranged, what deceives that, and where it has nothing to say.

    >>> passages = pd.DataFrame({"source_id": "s", "start": [0, 5], "end": [4, 9]})
    >>> null_said("shift", Corpus(passages=passages))
    'by whole passages: long passages deceive it, and codes at home in one topic'
    """
    if null != WITHIN_ANSWERS:
        return _HOLDS[null]
    size = np.bincount(answers(corpus.counted_passages))
    return (
        f"{_HOLDS[null]}; nothing can move in the {int((size == 1).sum())} of {len(size)} answers that "
        "are a single passage"
    )


def of_cooccurrence(
    overlap: pd.DataFrame, pairs: pd.DataFrame, unit: str, null: str, corpus: Corpus
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
        "cooc.null_said": (null_said(null, corpus), "text"),
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

"""Codes as a network: who meets whom, and which codes hang together."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

if TYPE_CHECKING:
    import networkx


def network(
    pairs: pd.DataFrame, weight: str = "n_ab", least: float = 1, seed: int = 0
) -> networkx.Graph:
    """Return the graph of codes that meet, from a table of `cooccurrence`.

    Nodes are all codes of `pairs`, with `n` (the least of its n_a and n_b, which differ from pair
    to pair for windows only) and `community`, counted from 0,
    the largest first; edges are the pairs whose `weight` column is at least `least`, with that
    `weight` and every other figure of the row that is defined. Communities are those of Louvain
    (Blondel et al. 2008) on the weights, from `seed`; a code that meets no other is one by
    itself. All attributes are numbers or text, so `graphml(graph)` loses nothing. Raises
    ValueError where `weight` is no column or `least` is not positive.

    >>> met = {"code_a": ["a", "a"], "code_b": ["b", "c"], "n_a": 5, "n_b": 4, "n_ab": [3, 0]}
    >>> graph = network(pd.DataFrame(met))
    >>> list(graph.edges(data="weight")), graph.degree("c")
    ([('a', 'b', 3.0)], 0)
    """
    import networkx as nx

    if weight not in pairs:
        raise ValueError(f"no column {weight!r} to weigh edges by")
    if not least > 0:
        raise ValueError("the least weight of an edge must be above 0")
    graph = nx.Graph()
    ordered = pairs.sort_values(["code_a", "code_b"])
    either = pd.concat(
        [ordered[[f"code_{side}", f"n_{side}"]].set_axis(["code", "n"], axis=1) for side in "ab"]
    )
    for code, size in either.groupby("code", sort=True)["n"].min().items():
        graph.add_node(code, n=int(size))
    figures = [
        name for name in ordered.select_dtypes(["number", "bool"]) if name not in ("n_a", "n_b")
    ]
    for row in ordered[ordered[weight] >= least].to_dict("records"):
        defined = {str(name): _plain(row[name]) for name in figures if not pd.isna(row[name])}
        graph.add_edge(row["code_a"], row["code_b"], **defined | {"weight": float(row[weight])})
    if graph:
        groups = nx.community.louvain_communities(graph, weight="weight", seed=seed)
        for number, members in enumerate(sorted(groups, key=lambda each: (-len(each), min(each)))):
            for code in members:
                graph.nodes[code]["community"] = number
    return graph


def _plain(value: object) -> object:
    """Return a numpy scalar as the Python number, which is what GraphML can hold."""
    return value.item() if hasattr(value, "item") else value


def graphml(graph: networkx.Graph) -> str:
    """Return `graph` as GraphML text, for Gephi, Cytoscape and the like.

    >>> met = {"code_a": ["a"], "code_b": ["b"], "n_a": 5, "n_b": 4, "n_ab": [3]}
    >>> graphml(network(pd.DataFrame(met))).count("<node ")
    2
    """
    import networkx as nx

    return "\n".join(nx.generate_graphml(graph)) + "\n"

"""The network of codes that meet, for Gephi, Cytoscape, visone and the like."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from analysis.lifecycle.export.form import Files, Form
from analysis.lifecycle.export.material import Material
from analysis.measures.cooccurrence import graphml, network

if TYPE_CHECKING:
    import networkx

# The day on which it was written, which is no part of the data.
_DAY = re.compile(r' lastmodifieddate="[^"]*"')


def _network(material: Material) -> networkx.Graph:
    """Codes that meet at least once, with every figure of their pair."""
    return network(material.study.table("cooccurrence"))


def _as_graphml(material: Material) -> Files:
    return {"codes.graphml": graphml(_network(material)).encode("utf-8")}


def _as_gexf(material: Material) -> Files:
    import networkx as nx

    text = "\n".join(nx.generate_gexf(_network(material)))
    return {"codes.gexf": _DAY.sub("", text).encode("utf-8") + b"\n"}


GRAPHML = Form(
    "graphml",
    "network of codes that meet, as GraphML",
    {"codes.graphml": "GraphML: codes as nodes, an edge where two meet, with its figures"},
    _as_graphml,
)
GEXF = Form(
    "gexf",
    "network of codes that meet, as GEXF",
    {"codes.gexf": "GEXF: the same network"},
    _as_gexf,
)

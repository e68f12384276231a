"""The numbers that prose quotes, named: raw values with their units, for `Study.write_values`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pandas as pd

from analysis.coding.project import UNKNOWN_CODER

if TYPE_CHECKING:
    import networkx

Values = dict[str, tuple[Any, str]]


def plain_name(words: str) -> str:
    """A word of the study (role, code, kind) as part of a value's name: `third_sector`."""
    return re.sub(r"[^a-z0-9]+", "_", words.lower()).strip("_") or "unnamed"


def _counted(name: str, count: int, plural: str) -> Values:
    """A count by itself, and with what it counts: `n_codes` 1, `n_codes_counted` '1 code'."""
    return {name: (count, "count"), f"{name}_counted": ([[count, plural]], "phrase")}


def of_sources(sources: pd.DataFrame, register: pd.DataFrame) -> Values:
    """How many sources and cases of which kind and role, how many are withdrawn, and when."""
    dates = sorted(date for date in sources["date"] if date != "unknown")
    people = sources[sources["kind"] == "interview"]
    values: Values = {
        **_counted("coding.n_sources", len(sources), "sources"),
        **_counted("coding.n_cases", sources["case_id"].nunique(), "cases"),
        "coding.n_people": (people["case_id"].nunique(), "count"),
        "coding.n_withdrawn": (int((register["status"] == "withdrawn").sum()), "count"),
        "coding.n_embargoed": (int((register["status"] == "embargoed").sum()), "count"),
        "coding.first_date": (dates[0] if dates else "unknown", "text"),
        "coding.last_date": (dates[-1] if dates else "unknown", "text"),
    }
    for kind in ("interview", "document", "observation", "unknown"):
        values |= _counted(f"coding.n_{kind}s", int((sources["kind"] == kind).sum()), f"{kind}s")
    for role, interviewed in people.groupby("role"):
        name = plain_name(str(role))
        values[f"coding.n_interviews_{name}"] = (len(interviewed), "count")
        values[f"coding.n_people_{name}"] = (interviewed["case_id"].nunique(), "count")
    return values


def of_codings(
    codings: pd.DataFrame, all_codings: pd.DataFrame, codes: pd.DataFrame, unplaced: pd.DataFrame
) -> Values:
    """How much was coded, with how many codes, by how many coders, and what found no place."""
    usable = codes[codes["usable"]]
    nameless = all_codings["coder"] == UNKNOWN_CODER
    return {
        **_counted("coding.n_segments", len(codings), "segments"),
        **_counted("coding.n_codes", len(usable), "codes"),
        "coding.n_codes_used": (codings["code"].nunique(), "count"),
        "coding.n_coders": (all_codings.loc[~nameless, "coder"].nunique(), "count"),
        "coding.n_segments_of_unknown_coder": (int(nameless.sum()), "count"),
        **_counted("coding.n_sources_coded", codings["source_id"].nunique(), "sources"),
        "coding.n_sources_coded_twice": (_coded_twice(all_codings), "count"),
        "coding.n_unplaced": (len(unplaced), "count"),
    }


def _coded_twice(codings: pd.DataFrame) -> int:
    return int((codings.groupby("source_id")["coder"].nunique() > 1).sum())


def of_frequencies(frequencies: pd.DataFrame, by_role: pd.DataFrame, codes: pd.DataFrame) -> Values:
    """Segments, sources and cases of every code; the most used ones by name; cases by role.

    `frequencies` covers all sources; `by_role` interviews only. Codes go by `plain_name` of
    their own name where that is unique, else of their path.
    """
    names = value_names(codes)
    values: Values = {
        "freq.total_words": (
            int(frequencies["total_words"].iloc[0]) if len(frequencies) else 0,
            "words",
        ),
        "freq.n_uncounted": (int(frequencies["uncounted_segments"].sum()), "count"),
    }
    leaves = frequencies[frequencies["code"].isin(codes.loc[codes["usable"], "code"])]
    ranked = leaves.sort_values(["sources", "segments", "code"], ascending=[False, False, True])
    values["freq.top1_reach"] = (_reach(ranked), "phrase")
    for place, row in enumerate(ranked.head(5).itertuples(), start=1):
        values[f"freq.top{place}_name"] = (str(row.code).rsplit("/", 1)[-1], "text")
        values[f"freq.top{place}_segments"] = (int(row.segments), "count")
        values[f"freq.top{place}_sources"] = (int(row.sources), "count")
    for row in frequencies.itertuples():
        name = names.get(str(row.code), plain_name(str(row.code)))
        values[f"freq.{name}.segments"] = (int(row.segments), "count")
        values[f"freq.{name}.sources"] = (int(row.sources), "count")
        values[f"freq.{name}.cases"] = (int(row.cases), "count")
        values[f"freq.{name}.words"] = (int(row.words), "words")
    for row in by_role.itertuples():
        name = names.get(str(row.code), plain_name(str(row.code)))
        role = plain_name(str(row.role))
        values[f"freq.{name}.cases_{role}"] = (int(row.cases), "count")
        values[f"freq.n_cases_{role}"] = (int(row.n_cases), "count")
    return values


def _reach(ranked: pd.DataFrame) -> list[Any]:
    """The most widespread code as a phrase: its name, sources and segments; or that none is used."""
    if ranked.empty or not ranked["sources"].iloc[0]:
        return ["none yet, since nothing is coded"]
    most = ranked.iloc[0]
    own_name = str(most["code"]).rsplit("/", 1)[-1]
    sources, segments = int(most["sources"]), int(most["segments"])
    return [f"‘{own_name}’, in", [sources, "sources"], "and", [segments, "segments"]]


def value_names(codes: pd.DataFrame) -> dict[str, str]:
    """How each code is called in the names of values: by its own name, or path if two share it."""
    own = codes["name"].map(plain_name)
    alone = ~own.duplicated(keep=False)
    return {
        str(code): str(name) if single else plain_name(str(code))
        for code, name, single in zip(codes["code"], own, alone, strict=True)
    }


def of_cooccurrence(overlap: pd.DataFrame, pairs: pd.DataFrame, unit: str) -> Values:
    """How many pairs of segments overlap, how many pairs of codes meet, and who meets most."""
    met = pairs[pairs["n_ab"] > 0]
    values: Values = {
        **_counted("cooc.n_overlaps", int(overlap["n_ab"].sum()), "pairs of segments"),
        **_counted(
            "cooc.n_pairs_overlapping", int((overlap["n_ab"] > 0).sum()), "distinct pairs of codes"
        ),
        "cooc.n_pairs": (len(pairs), "count"),
        "cooc.n_pairs_met": (len(met), "count"),
        "cooc.n_units": (int(pairs["n_units"].iloc[0]) if len(pairs) else 0, "count"),
        "cooc.unit": (unit, "text"),
    }
    most = met.sort_values(["n_ab", "code_a", "code_b"], ascending=[False, True, True]).head(3)
    for place, row in enumerate(most.itertuples(), start=1):
        values[f"cooc.top{place}_a"] = (str(row.code_a).rsplit("/", 1)[-1], "text")
        values[f"cooc.top{place}_b"] = (str(row.code_b).rsplit("/", 1)[-1], "text")
        values[f"cooc.top{place}_n"] = (int(row.n_ab), "count")
    return values


def interviews_or_all(sources: pd.DataFrame) -> pd.DataFrame:
    """The interviews; all sources where the register calls none of them an interview yet."""
    interviews = sources[sources["kind"] == "interview"]
    return interviews if len(interviews) else sources


def most_spread(frequencies: pd.DataFrame, codes: pd.DataFrame, count: int) -> list[str]:
    """The `count` usable codes that most sources carry, most spread first; unused ones never."""
    usable = frequencies[
        frequencies["code"].isin(codes.loc[codes["usable"], "code"]) & (frequencies["sources"] > 0)
    ]
    ranked = usable.sort_values(["sources", "segments", "code"], ascending=[False, False, True])
    return list(ranked["code"].head(count))


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

"""The coding stage in numbers: how many sources of which kind, and how much of them is coded."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

import pandas as pd

from analysis.coding.project import UNKNOWN_CODER
from analysis.stages.values import Values, counted, plain_name
from analysis.study.declared import Coder


def of_sources(sources: pd.DataFrame, register: pd.DataFrame) -> Values:
    """How many sources and cases of which kind and role, how many are withdrawn, and when."""
    dates = sorted(date for date in sources["date"] if date != "unknown")
    people = sources[sources["kind"] == "interview"]
    values: Values = {
        **counted("coding.n_sources", len(sources), "sources"),
        **counted("coding.n_cases", sources["case_id"].nunique(), "cases"),
        "coding.n_people": (people["case_id"].nunique(), "count"),
        "coding.n_withdrawn": (int((register["status"] == "withdrawn").sum()), "count"),
        "coding.n_embargoed": (int((register["status"] == "embargoed").sum()), "count"),
        "coding.first_date": (dates[0] if dates else "unknown", "text"),
        "coding.last_date": (dates[-1] if dates else "unknown", "text"),
    }
    for kind in ("interview", "document", "observation", "unknown"):
        values |= counted(f"coding.n_{kind}s", int((sources["kind"] == kind).sum()), f"{kind}s")
    for role, interviewed in people.groupby("role"):
        name = plain_name(str(role))
        values[f"coding.n_interviews_{name}"] = (len(interviewed), "count")
        values[f"coding.n_people_{name}"] = (interviewed["case_id"].nunique(), "count")
    return values


def of_codings(
    codings: pd.DataFrame,
    all_codings: pd.DataFrame,
    codes: pd.DataFrame,
    unplaced: pd.DataFrame,
    declared: Mapping[str, Coder] = MappingProxyType({}),
) -> Values:
    """How much was coded, with how many codes, by how many people and which of the `declared`
    programs, and what found no place."""
    usable = codes[codes["usable"]]
    nameless = all_codings["coder"] == UNKNOWN_CODER
    programs = [coder.told for coder in declared.values() if coder.is_program]
    return {
        "coding.n_programs": (len(programs), "count"),
        "coding.programs": ("; ".join(programs) or "none", "text"),
        **counted("coding.n_segments", len(codings), "segments"),
        **counted("coding.n_codes", len(usable), "codes"),
        "coding.n_codes_used": (codings["code"].nunique(), "count"),
        "coding.n_coders": (all_codings.loc[~nameless, "coder"].nunique(), "count"),
        "coding.n_segments_of_unknown_coder": (int(nameless.sum()), "count"),
        **counted("coding.n_sources_coded", codings["source_id"].nunique(), "sources"),
        "coding.n_sources_coded_twice": (_coded_twice(all_codings), "count"),
        "coding.n_unplaced": (len(unplaced), "count"),
    }


def _coded_twice(codings: pd.DataFrame) -> int:
    return int((codings.groupby("source_id")["coder"].nunique() > 1).sum())

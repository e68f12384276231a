"""Cards of claims and the table of what turns a pattern: what they say when something is not there."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import claims_fixture as made
import pandas as pd

from analysis.claims.examples import AGAINST
from analysis.claims.sensitivity import LEFT_OUT_AT_MOST
from analysis.report.evidence_index import Index, Source
from analysis.report.links import Linker, linker
from analysis.report.pages.cards import (
    _claims,
    _judges,
    _negative,
    _quotation,
    _sensitivity,
)
from analysis.report.publish import evidence_of, judgements
from analysis.study.folder import Study
from analysis.study.schemas import columns


def test_where_no_case_was_left_out_none_is_said_to_turn_nothing(tiny_copy: Path) -> None:
    study = Study.open(tiny_copy)
    claims = _claims(study)
    links = linker(evidence_of(study, judgements(study, claims)), study)

    def said() -> str:
        return " ".join(_sensitivity(study, claims, links).split())

    every = said()
    assert "and with each case left out" in every and "turned by leaving out" in every
    for name, column in (("sensitivity", "left_out_case"), ("turning", "choice")):
        table = study.table(name)
        kept = table[column] == "" if name == "sensitivity" else table[column] != "left_out_case"
        study.write_table(table[kept], name)
    told = said()
    assert "left out:" not in told and "turned by leaving out" not in told
    assert f"studies of up to {LEFT_OUT_AT_MOST} cases" in told


def test_what_followed_from_negative_cases_leads_to_these_cases() -> None:
    # Of case a a passage and a cell of the matrix, of case b a passage.
    rows = [
        ("a", "s1", 4, 90, "bounded"),
        ("a", "", -1, -1, "revised"),
        ("b", "s2", 2, 7, "bounded"),
    ]
    table = pd.DataFrame(
        [
            {"case_id": case, "source_id": source, "passage": passage, "start": start}
            | {"outcome": outcome, "state": AGAINST, "note": "", "event": ""}
            for case, source, passage, start, outcome in rows
        ]
    ).reindex(columns=columns("negative_cases"))
    sources = (Source("s1", "a", "interview", "r"), Source("s2", "b", "interview", "r"))
    told = _negative(made.bare_claim("c"), table, pd.DataFrame(), Linker(Index(sources, ())))
    assert "[1](matrix.html) cell of the matrix" in told
    assert "bounded [2](evidence.html#list=cases&case=a&case=b){data-count=2}" in told
    assert "revised [1](evidence.html#list=cases&case=a){data-count=1}" in told


def test_a_reflexive_analysis_tells_who_judged_twice_without_a_coefficient() -> None:
    row = {"n_judged": 3, "judges": "A 3, B 2", "also": "", "chosen": "", "n_twice": 2}
    judged = pd.DataFrame([row | {"n_blind": 2, "n_differ": 1, "alpha": 0.25}])
    told = [
        _judges(made.bare_claim("c"), judged, Linker(Index((), ())), agreement=agreement)
        for agreement in (True, False)
    ]
    assert "alpha 0.250" in told[0] and "1 differently." in told[1] and "alpha" not in told[1]


def test_words_that_two_judges_read_differently_are_printed_once() -> None:
    row: dict[str, Any] = {"source_id": "s1", "passage": 4, "start": 0, "end": 12, "code": "x"}
    row |= {"role": "third_sector", "by": "A", "date": "", "note": "It bounds."}
    codings = pd.DataFrame(columns=["source_id", "code", "start", "end"])
    study = cast(Study, SimpleNamespace(codings=codings, text=lambda _: "Nobody knew."))
    printed: set[tuple[str, int, str]] = set()
    first, again = (_quotation(row | {"by": by}, study, printed) for by in ("A", "KM"))
    assert "Nobody knew." in first and "as quoted above" not in first
    assert "Nobody knew." not in again and "as quoted above" in again and "KM" in again
    elsewhere = _quotation(row | {"passage": 5}, study, printed)
    assert "Nobody knew." in elsewhere

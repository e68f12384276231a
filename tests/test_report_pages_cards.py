"""Cards of claims and the table of what turns a pattern: what they say when something is not there."""

from __future__ import annotations

from pathlib import Path

from analysis.claims.sensitivity import LEFT_OUT_AT_MOST
from analysis.report.links import linker
from analysis.report.pages.cards import _claims, _sensitivity
from analysis.report.publish import evidence_of, judgements
from analysis.study.folder import Study


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

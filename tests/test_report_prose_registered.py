"""Typed numbers in claims and definitions are refused as they are in the paper."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from claims_fixture import bare_claim, stated

from analysis.claims.model import Decision, Theme
from analysis.report.prose.registered import typed_in, unfilled
from analysis.report.prose.wording import counts_and_shares

COUNTS = (
    "In 14 of 16 talks",
    "this held for 93 % of it",
    "that is 93% of it",
    "ninety-three per cent of what was said",
    "three nurses spoke",
    "Seven of the sixteen",
    "12 other interviewees did",
)
NO_COUNTS = (
    "to compare the two groups on it",
    "one account is enough",
    "a child of 11 years or more",
    "CORE-10 is a form",
    "the two put together",
)


def codes(**said: str) -> pd.DataFrame:
    row = {"code": "tie", "name": "tie", "definition": "", "include": "", "exclude": ""}
    return pd.DataFrame([row | said])


@pytest.mark.parametrize("text", COUNTS)
@pytest.mark.parametrize("field", ["heading", "sentence", "idea", "against", "says", "paragraphs"])
def test_a_number_typed_in_a_claim_is_refused_with_its_place(
    text: str, field: str, tmp_path: Path
) -> None:
    if field in ("heading", "sentence"):
        claim = bare_claim("c", **{field: text})
    elif field == "idea":
        theme = Theme.model_construct(name="t", idea=text, codes=("tie",))
        claim = bare_claim("c", themes=(theme,))
    elif field == "paragraphs":
        claim = bare_claim("c", decision=Decision.model_construct(paragraphs=text))
    else:
        one = stated("prevalence")
        new = {"against": text} if field == "against" else {"says": {**one.says, "present": text}}
        claim = bare_claim("c", expectations=(one.model_copy(update=new),))
    problems = typed_in([claim], codes(), tmp_path)
    assert problems
    assert all(problem.where.startswith("data/raw/claims.yml, claim c, ") for problem in problems)
    (tmp_path / "allowed_numbers.yml").write_text(f"- text: '{text}'\n  reason: no result\n")
    assert typed_in([claim], codes(), tmp_path) == []


@pytest.mark.parametrize("column", ["definition", "include", "exclude"])
def test_a_count_in_a_definition_is_refused_and_a_number_is_not(
    column: str, tmp_path: Path
) -> None:
    for text in COUNTS:
        assert typed_in([], codes(**{column: text}), tmp_path)
    for text in NO_COUNTS:
        assert typed_in([], codes(**{column: text}), tmp_path) == []
        assert counts_and_shares(text) == []


@pytest.mark.parametrize(
    "text",
    ["said in {{< var freq.tie.sources >}} sources", "{{< include a.md >}}", "{{% var x %}}"],
)
def test_a_variable_is_told_where_nothing_fills_it_in(text: str, tmp_path: Path) -> None:
    one = stated("prevalence")
    says = {**one.says, "present": text}
    claim = bare_claim("c", sentence=text, expectations=(one.model_copy(update={"says": says}),))
    assert typed_in([claim], codes(definition=text), tmp_path) == []
    told = unfilled([claim], codes(definition=text))
    assert [problem.where.rpartition(", ")[2] for problem in told] == [
        "sentence",
        "says present",
        "definition",
    ]
    assert all("nothing is filled in here" in problem.found for problem in told)
    assert all("reports/interpretations" in problem.remedy for problem in told)

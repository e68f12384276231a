"""A kind of expectation is one class: it is read, counted, worded and printed by that alone."""

from __future__ import annotations

import inspect
from abc import abstractmethod
from pathlib import Path
from typing import Annotated, Any, ClassVar

import claims_fixture as made
import pandas as pd
import pytest
from claims_fixture import CHARITY, choices

from analysis.claims import evaluate, read_claims, wording
from analysis.claims.asking import PASSAGES, Asking, Questions
from analysis.claims.counting import carried, count, group
from analysis.claims.expectation import Expectation, Group, Number, of_all
from analysis.claims.fields import Code
from analysis.claims.kinds import KINDS
from analysis.claims.material import Material
from analysis.claims.measured import Measured, Told
from analysis.claims.terms import ABSENT, PRESENT
from analysis.corpus import Corpus
from analysis.files.yaml_types import one_of
from analysis.report.evidence_index import Index
from analysis.report.links import Linker
from analysis.report.pages import rule_table
from analysis.report.pages.cards import _expectations, _expected
from analysis.study.choices import Choices


def test_each_kind_bears_its_name_and_has_all_of_its_words() -> None:
    for name, kind in KINDS.items():
        assert kind.model_fields["kind"].default == name
        assert kind.rule.endswith(".") and kind.scale and kind.naming_codes
        assert set(made.stated(name).says) == set(kind.patterns)
        assert not inspect.isabstract(kind)


def test_a_kind_that_does_not_say_what_its_numbers_list_can_not_be_read(tmp_path: Path) -> None:
    class Silent(Everybody):
        @classmethod
        @abstractmethod
        def asks(cls, row: Any, asking: Asking) -> Questions: ...

    with pytest.raises(TypeError, match=r"abstract method '?asks"):
        Silent(
            id="a", kind="everybody", code="tie", against="x", says={"present": "x", "absent": "y"}
        )


class Everybody(Expectation):
    """Every case carries the code: a kind that a test adds."""

    patterns: ClassVar = (PRESENT, ABSENT)
    rule: ClassVar = "Everybody: present when all cases carry the code."
    scale: ClassVar = "share of cases"
    naming_codes: ClassVar = ("code",)

    kind: Annotated[str, one_of(["everybody"])] = "everybody"
    code: Code

    def groups(self, material: Material) -> tuple[Group, ...]:
        return (group(carried(self.code, self.among(material), material)),)

    def measured(self, found: tuple[Group, ...], choices: Choices) -> Measured:
        n, size = count(found[0])
        return Measured(n / size, n / size, n / size, n, size, too_few=False)

    def pattern(self, found: Measured, q: float, q_other: float, choices: Choices) -> str:
        return PRESENT if found.n == found.n_of else ABSENT

    def expected(self) -> str:
        return f"everybody carries {self.code}"

    @classmethod
    def in_rule(cls, choices: Choices) -> Told:
        return Told("the share of cases", "all do", "never", "one does not")

    @classmethod
    def counted(cls, row: Any, number: Number) -> str:
        return f"everybody {of_all(row, number)}"

    @classmethod
    def asks(cls, row: Any, asking: Asking) -> Questions:
        return {
            "n": {"list": "cases", "code": row["codes"]},
            "n_of": {"list": "cases"},
            PASSAGES: {"list": "passages", "code": row["codes"]},
        }


def test_another_kind_is_one_class_and_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(KINDS, "everybody", Everybody)
    says = "        says: {present: All do., absent: Not all do.}"
    lines = ["      - id: all-of-them", "        kind: everybody", "        code: tie"]
    stated = "\n".join([*lines, "        against: Some do not.", says])
    claims = read_claims(made.written(tmp_path, made.claim("c", stated)), made.CODES)
    placed = [(name, 1, "tie/old") for name in CHARITY]
    corpus = Corpus(made.sources(), made.passages(), made.CODES, made.codings(placed))
    table = evaluate(claims, corpus, choices())
    assert table.loc[0, ["kind", "n", "n_of", "pattern"]].tolist() == ["everybody", 8, 16, ABSENT]
    assert table.loc[0, "sentence"] == "Not all do."
    printed = _expectations(claims[0], table, Linker(Index((), ())), tmp_path)
    assert "everybody 8 of 16" in printed
    listed = _expected(claims[0], table, Linker(Index((), ())))
    assert "everybody carries tie" in listed and "Not all do." in listed
    assert "Some do not." in listed
    told = " ".join(rule_table.rule(claims, made.sources(), choices()).split())
    assert "| everybody | the share of cases |" in told
    assert "| everybody | all do | never | one does not |" in told


def test_a_kind_that_there_is_not_reaches_no_page(tmp_path: Path) -> None:
    row = dict.fromkeys(
        ["claim", "expectation", "group", "than", "against", "codes", "kind_of_source", "unit"], "x"
    )
    row |= {
        "pattern": PRESENT,
        "kind": "hunch",
        "n": 3,
        "n_of": 4,
        "q": float("nan"),
        "marked_codes": "",
    }
    with pytest.raises(KeyError, match="hunch"):
        wording.counted(row)
    with pytest.raises(KeyError, match="hunch"):
        _expectations(made.bare_claim("c"), pd.DataFrame([row]), Linker(Index((), ())), tmp_path)

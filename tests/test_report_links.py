"""Numbers lead to what they count, or nowhere; other figures lead to what they were made from."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from analysis.claims.kinds import KINDS
from analysis.report import pandoc, publish
from analysis.report.evidence_index import Index, Passage, Row, Source
from analysis.report.links import Linker, of_expectation
from analysis.report.pages.coders_table import _read_by_both
from analysis.report.site import link_proof

INDEX = Index(
    (Source("a", "p1", "interview", "charity"), Source("b", "p2", "interview", "council")),
    (
        Passage("q-a-1", 0, 0, "participant", (), (Row("tie", "A", 0, 9, True),)),
        Passage("q-b-1", 1, 0, "participant", (), (Row("tie", "B", 0, 9, False),)),
    ),
)
TIE = {"list": "passages", "code": "tie"}


def test_a_count_leads_to_a_list_of_that_length_or_nowhere() -> None:
    linker = Linker(INDEX)
    assert linker.told(2, TIE) == "[2](evidence.html#list=passages&code=tie)"
    assert linker.told(3, TIE) == "3" and linker.told(0, TIE) == "0"
    assert linker.refused == ["3, but 2 stand at evidence.html#list=passages&code=tie"]


def test_a_figure_that_counts_no_entries_leads_to_those_behind_it(tmp_path: Path) -> None:
    linker = Linker(INDEX)
    told = linker.behind("−0.05", TIE)
    assert told == "[−0.05](evidence.html#list=passages&code=tie){data-count=2}"
    assert linker.behind("1,024", {"list": "passages", "code": "none"}) == "1,024"
    # In a page the number behind it can be proven, and is, when it is wrong.
    evidence = f'<main></main><script type="application/json" id="index">{INDEX.to_json()}</script>'
    (tmp_path / "evidence.html").write_text(evidence, "utf-8")
    for text, wrong in ((told, 0), (told.replace("=2}", "=3}"), 1)):
        html = pandoc.run(["--from", "markdown", "--to", "html"], text)
        (tmp_path / "index.html").write_bytes(html)
        followed, problems = link_proof.prove(tmp_path)
        assert (followed, len(problems)) == (1, wrong)


def test_two_coders_are_asked_for_in_what_both_read() -> None:
    codings = pd.DataFrame(
        [("A", "a"), ("A", "b"), ("B", "b"), ("B", "c")], columns=["coder", "source_id"]
    )
    assert _read_by_both(codings) == {"coder": ["A", "B"], "source": ["b"]}
    assert _read_by_both(codings[codings["coder"] == "A"]) == {}


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_says_what_its_numbers_list(kind: str) -> None:
    row = {
        "kind": kind,
        "claim": "c",
        "expectation": "e",
        "codes": "tie;plan",
        "kind_of_source": "interview",
        "group": "charity",
        "than": "council",
        "unit": "passage",
    }
    found = of_expectation(row, Linker(INDEX))
    assert {"n", "n_passages", "n_judged", "n_unjudged", "n_supports"} <= found.keys()
    assert all(asked["list"] for asked in found.values())


def test_what_included_texts_print_is_linked_too(tmp_path: Path) -> None:
    (tmp_path / "interpretations").mkdir()
    (tmp_path / "interpretations/trust.qmd").write_text("{{< var freq.trust.sources >}}\n")
    (tmp_path / "index.qmd").write_text(
        "{{< var coding.n_sources >}}\n\n{{< include interpretations/trust.qmd >}}\n"
    )
    assert publish._used(tmp_path) == {"coding.n_sources", "freq.trust.sources"}

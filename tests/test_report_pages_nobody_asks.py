"""An interview without a known interviewer is marked wherever its words are counted."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from built import report
from tiny import write_tiny_study

from analysis.report.pages.nobody_asks import MARK, TOLD, nobody_asks, told


def voices(**heard: str) -> pd.DataFrame:
    rows = [(source, voice) for source, said in heard.items() for voice in said.split()]
    return pd.DataFrame(rows, columns=["source_id", "voice"])


def test_only_a_participant_who_nobody_asks_is_among_them() -> None:
    passages = voices(
        a="participant interviewer", b="participant", c="author", d="heard", e="interviewer"
    )
    assert nobody_asks(passages) == {"b"}
    assert nobody_asks(voices()) == frozenset()


def test_the_paragraph_names_them_and_says_what_follows() -> None:
    assert told(frozenset()) == ""
    assert told(frozenset({"b_1", "a"})).startswith(
        "In 2 interviews no interviewer is known (a, b&#95;1)"
    )
    assert "…" in told(frozenset(map(str, range(40))))


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    study = write_tiny_study(tmp_path_factory.mktemp("asked") / "study")
    register = study / "data" / "raw" / "sources.csv"
    register.write_text(
        register.read_text().replace(
            "t1.txt,,active,full,constructed,R,I", "t1.txt,,active,full,constructed,R; I,"
        )
    )
    index = study / "reports" / "index.qmd"
    index.write_text(
        index.read_text() + "\n{{< include _generated/approach.md >}}\n\n"
        "{{< include _generated/sources.md >}}\n\n: Sources {#tbl-sources}\n"
    )
    status, said = report(study, drawn=False)
    assert status == 0, said
    return study / "reports" / "_site"


@pytest.mark.parametrize(("page", "mark"), [("evidence.html", MARK), ("source-t1.html", TOLD)])
def test_the_pages_of_its_words_are_marked(site: Path, page: str, mark: str) -> None:
    assert mark in (site / page).read_text(encoding="utf-8")


def test_an_interview_in_which_somebody_asks_is_not_marked(site: Path) -> None:
    assert TOLD not in (site / "source-c1.html").read_text(encoding="utf-8")


def test_the_paper_says_so_in_its_methods_and_its_table(site: Path) -> None:
    paper = (site / "index.html").read_text(encoding="utf-8")
    assert "In 1 interview no interviewer is known (t1)" in paper
    assert f"{MARK}</th>" in paper

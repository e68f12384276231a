"""What is counted less than in the last report is said, and stops a final paper unless explained."""

from __future__ import annotations

from pathlib import Path

import pytest

from analysis.report import shrinkage
from analysis.report.prose.unfinished import unfinished

THEN = {"sources": {"a": 1, "b": 1}, "words": {"a": 100, "b": 50}, "codings": {"a": 16, "b": 3}}


def test_an_interview_that_shrank_is_told_though_another_grew() -> None:
    now = {"sources": {"a": 1, "b": 1}, "words": {"a": 90, "b": 90}, "codings": {"a": 13, "b": 9}}
    explained, missing = shrinkage.shrunk(THEN, now, {"a": "active", "b": "active"})
    assert not explained
    assert [line.split(":")[0] for line in missing] == [
        "fewer words are counted than in the last report",
        "fewer codings are counted than in the last report",
    ]
    assert "3 less (a -3)" in missing[1] and "unplaced.csv" in missing[1]
    assert len(shrinkage.problems(missing)) == 2


def test_a_source_that_was_withdrawn_explains_what_went_with_it() -> None:
    now = {"sources": {"a": 1}, "words": {"a": 100}, "codings": {"a": 16}}
    explained, missing = shrinkage.shrunk(THEN, now, {"a": "active", "b": "withdrawn"})
    assert len(explained) == 3 and not missing


def test_nothing_is_told_of_what_grew_or_of_a_first_report(tmp_path: Path) -> None:
    assert shrinkage.shrunk(shrinkage.last_counted(tmp_path), THEN, {}) == ([], [])
    shrinkage.keep(THEN, tmp_path)
    assert shrinkage.last_counted(tmp_path) == THEN


@pytest.mark.parametrize(
    ("text", "count"),
    [
        (
            '---\ntitle: "Working title of this study"\n---\n\n[The question that this study asks.]\n',
            2,
        ),
        (
            '---\ntitle: "Tea"\n---\n\nWe asked [a question](x.html) [@maxwell2010] and [Who?](y).\n',
            0,
        ),
    ],
)
def test_brackets_of_the_template_and_a_working_title_are_found(
    tmp_path: Path, text: str, count: int
) -> None:
    (tmp_path / "index.qmd").write_text(text, encoding="utf-8")
    assert len(unfinished(tmp_path)) == count

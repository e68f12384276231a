"""Rounds: who may see whose coding, and until when."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from analysis.files.problems import StudyError
from analysis.study.rounds import blind_now, hidden_from, read_rounds

SOURCES = pd.DataFrame({"source_id": ["s1", "s2"]})
ROUNDS = """\
rounds:
  - name: apart
    coders: [A, B]
    sources: [s1]
    until: 2024-03-31
    blind: [everybody]
  - name: learning
    coders: [A, C]
    blind: [A]
"""


def test_whose_spans_are_hidden_from_whom(tmp_path: Path) -> None:
    assert read_rounds(tmp_path, SOURCES) == []
    (tmp_path / "rounds.yml").write_text(ROUNDS, encoding="utf-8")
    rounds = read_rounds(tmp_path, SOURCES)
    assert hidden_from("B", "s1", rounds, "2024-03-31") == {"*"}
    assert hidden_from("B", "s1", rounds, "2024-04-01") == set()
    assert hidden_from("B", "s2", rounds, "2024-03-01") == set()
    # A round without sources is of all of them, one without an end lasts.
    assert hidden_from("C", "s2", rounds, "2030-01-01") == {"A"}
    assert hidden_from("A", "s2", rounds, "2030-01-01") == set()
    codings = pd.DataFrame({"coder": list("ABCA"), "source_id": ["s1", "s1", "s1", "s2"]})
    assert list(blind_now(codings, rounds, "2024-03-01")) == [True, True, False, True]


def test_what_is_wrong_is_told_with_its_line(tmp_path: Path) -> None:
    wrong = ROUNDS.replace("[s1]", "[s9]").replace("2024-03-31", "spring")
    (tmp_path / "rounds.yml").write_text(wrong, encoding="utf-8")
    with pytest.raises(StudyError) as caught:
        read_rounds(tmp_path, SOURCES)
    assert [one.where.split(",")[1] for one in caught.value.problems] == [" line 4", " line 5"]


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        # Written otherwise, and the same person: nothing is told.
        ("coders: [A, C]", "coders: [a, Nora Quill]", ""),
        ("coders: [A, C]", "coders: [A, 'NORA  QUILL ']", ""),
        ("blind: [A]", "blind: [nora quill]", ""),
        ("blind: [A]", "blind: [Everybody]", ""),
        # Nobody like them coded: a new coder.
        ("coders: [A, C]", "coders: [A, Zacharias]", ""),
        ("coders: [A, C]", "coders: [A, Norah Quill]", "line 8, coders: perhaps 'Nora Quill'?"),
        ("coders: [A, C]", "coders: [A, NoraQuill]", "line 8, coders: perhaps 'Nora Quill'?"),
        ("blind: [A]", "blind: [Norah Quill]", "line 9, blind: perhaps 'Nora Quill'?"),
        ("blind: [A]", "blind: [everbody]", "line 9, blind: perhaps 'everybody'?"),
        ("blind: [A]", "blind: [Zacharias]", "line 9, blind"),
    ],
)
def test_a_coder_is_one_who_codes_however_written(
    tmp_path: Path, old: str, new: str, told: str
) -> None:
    (tmp_path / "rounds.yml").write_text(ROUNDS.replace(old, new), encoding="utf-8")
    known = ["A", "B", "Nora Quill"]
    if told:
        with pytest.raises(StudyError) as caught:
            read_rounds(tmp_path, SOURCES, known)
        (problem,) = caught.value.problems
        place, _, near = told.partition(": ")
        assert all(part in problem.where for part in place.split(", "))
        assert problem.found.endswith(near)
    else:
        rounds = read_rounds(tmp_path, SOURCES, known)
        names = {name for one in rounds for name in (*one.coders, *one.blind)}
        assert names <= {*known, "C", "Zacharias", "everybody"}

"""A corpus kept in parts is the same corpus, and a part changes only with what it holds."""

from __future__ import annotations

import re
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from responses import documents, write_coded

from analysis.study import parts
from analysis.study.coders import EVERYONE
from analysis.study.folder import Study

SOURCES = 9


@pytest.fixture
def study(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Study:
    """Nine sources in parts of two or so; every third one coded twice, as the tables have it."""
    monkeypatch.setattr(parts, "LARGE", SOURCES - 1)
    monkeypatch.setattr(parts, "SOURCES_A_PART", 2)
    write_coded(tmp_path, documents(SOURCES))
    return tabled(tmp_path)


def tabled(folder: Path, changed: str = "") -> Study:
    """The study with the tables that its stages would leave; one source's words `changed`."""
    told, study = documents(SOURCES), Study.open(folder)
    passages = [
        (one.source_id, number, *found.span(), "", "document", 1, found[0])
        for one in told
        for number, found in enumerate(re.finditer(r"[^\n]+", one.text))
    ]
    codings = [
        (one.source_id, *span, coder, "f.csv", "")
        for number, one in enumerate(told)
        for span in one.spans
        for coder in ("AB" if number % 3 else "B" if number else "C")
    ]
    passages = [(*row[:-1], row[-1] + "!") if row[0] == changed else row for row in passages]
    tables = {"passages": passages, "codings": sorted(codings)}
    held = {
        name: pd.DataFrame(rows, columns=list(parts.SCHEMAS[name].columns))
        for name, rows in tables.items()
    }
    study.write_tables(codes=study.codebook.codes, **held)
    study.write_parts(**held)
    return study


@pytest.mark.parametrize("coder", ["A", "B", "C", EVERYONE])
def test_the_parts_one_after_another_are_the_corpus(study: Study, coder: str) -> None:
    chosen = study.with_choices(coder=coder)
    found = [part.corpus for part in chosen.parts()]
    assert len(found) > 2
    for name in ("sources", "passages", "codings", "counted"):
        joined = pd.concat([getattr(one, name) for one in found], ignore_index=True)
        pd.testing.assert_frame_equal(joined, getattr(chosen.corpus, name))


def test_a_change_of_one_source_changes_the_digest_of_its_part(study: Study) -> None:
    before = {part.digest: part for part in study.parts()}
    name = documents(SOURCES)[5].source_id
    own = next(
        digest for digest, part in before.items() if name in set(part.study.sources.iloc[:, 0])
    )
    after = [part.digest for part in tabled(study.folder, name).parts()]
    assert before.keys() - set(after) == {own} and len(after) == len(before)

    register = study.raw / "sources.csv"
    rows = register.read_text(encoding="utf-8")
    register.write_text(
        re.sub(rf"(?m)^({name},.*?,document,)\w+", r"\1nobody", rows), encoding="utf-8"
    )
    again = [part.digest for part in Study.open(study.folder).parts()]
    assert len(set(after) - set(again)) == 1 and len(again) == len(before)


def test_other_choices_are_other_digests(study: Study) -> None:
    own = {part.digest for part in study.parts()}
    assert not own & {part.digest for part in study.with_choices(coder="B").parts()}
    assert not own & {part.digest for part in study.with_choices(interviewer_speech=True).parts()}


def test_a_small_corpus_is_one_part_and_leaves_no_file(
    study: Study, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parts, "LARGE", SOURCES)
    small = tabled(study.folder)
    (one,) = small.parts()
    pd.testing.assert_frame_equal(one.corpus.passages, small.corpus.passages)
    assert not list((study.processed / parts.FOLDER).glob("*"))


def test_without_pyarrow_it_goes_on_in_one_piece_and_says_what_to_install(
    study: Study, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert not parts.lacking(SOURCES)
    monkeypatch.setattr(parts, "find_spec", lambda name: None)
    (told,) = parts.lacking(SOURCES)
    assert "pip install qualan[cluster]" in told
    assert not parts.lacking(SOURCES - 1)
    assert len(list(study.parts())) == 1


@given(st.sets(st.text("abc", min_size=1, max_size=4), min_size=1), st.text("abc", min_size=1))
@settings(max_examples=25)
def test_one_source_more_changes_one_batch(names: set[str], more: str) -> None:
    before = parts.in_batches(sorted(names), 3)
    after = parts.in_batches(sorted({*names, more}), 3)
    assert len(set(before) - set(after)) <= 1
    assert [name for own in after for name in own] == sorted({*names, more})

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from measures_tables import passages_of
from tiny import write_tiny_study

from analysis.stages import agreement
from analysis.study import tables
from analysis.study.folder import Study

ROW = {
    "source_id": "t1",
    "code": "trust",
    "difference": "only A",
    "start_a": 3,
    "end_a": 8,
    "start_b": pd.NA,
    "end_b": pd.NA,
    "text_a": "words",
    "text_b": "",
    "decision": "",
    "reason": "",
}


@pytest.fixture
def study(tmp_path: Path) -> Study:
    return Study.open(write_tiny_study(tmp_path))


def differences(*rows: dict) -> pd.DataFrame:
    """A table with the column types that the measure gives."""
    places = dict.fromkeys(("start_a", "end_a", "start_b", "end_b"), "Int64")
    return pd.DataFrame(rows).astype(places)


def sheet(study: Study) -> pd.DataFrame:
    path = study.private / "review" / "disagreements.csv"
    return pd.read_csv(path, dtype="str", keep_default_na=False)


def test_of_coders_with_as_many_codings_the_first_by_name_are_compared(study: Study) -> None:
    """In whatever order their rows stand."""
    spans = [("c1", 20, 26), ("t1", 25, 30)]
    rows = [(*span, "trust", coder, "made", "") for coder in "CAB" for span in spans]
    table = pd.DataFrame(rows, columns=list(tables.CODINGS.columns))
    passages = pd.DataFrame(
        [
            (name, number, start, start + 40, "R", "participant", 8, "x" * 40)
            for name in ("c1", "t1")
            for number, start in enumerate((0, 40))
        ],
        columns=list(tables.PASSAGES.columns),
    )
    study.write_table(passages, "passages")
    study.write_table(study.codebook.codes, "codes")
    for codings in (table, table[::-1]):
        study.write_table(codings, "codings")
        compared = agreement.compare(Study.open(study.folder))
        assert compared.coders == ("A", "B")


def test_decisions_survive_a_new_sheet(study: Study) -> None:
    other = ROW | {"code": "measuring"}
    agreement.write_sheet(study, differences(ROW, other))
    decided = sheet(study)
    decided.loc[decided["code"] == "trust", ["decision", "reason"]] = ["A", "closer to the words"]
    tables.write_table(decided, study.private / "review" / "disagreements.csv")
    agreement.write_sheet(study, differences(other, ROW))
    again = sheet(study).set_index("code")
    assert list(again.loc["trust", ["decision", "reason"]]) == ["A", "closer to the words"]
    assert list(again.loc["measuring", ["decision", "reason"]]) == ["", ""]
    agreement.write_sheet(study, differences(other))
    assert set(sheet(study)["code"]) == {"trust", "measuring"}


def test_a_second_run_leaves_the_same_bytes(study: Study) -> None:
    path = study.private / "review" / "disagreements.csv"
    found = differences(ROW, *(ROW | {"code": code, "start_b": 10} for code in ("z", "a", "m")))
    agreement.write_sheet(study, found)
    first = path.read_bytes()
    agreement.write_sheet(study, found)
    assert path.read_bytes() == first
    decided = sheet(study)
    decided.loc[decided["code"].isin(["z", "m"]), "decision"] = "B"
    tables.write_table(decided, path)
    # The rest is decided and no difference any more, or new.
    left = found[found["code"] != "z"].iloc[::-1]
    agreement.write_sheet(study, left)
    first = path.read_bytes()
    agreement.write_sheet(study, left)
    assert path.read_bytes() == first
    assert list(sheet(study)["code"]) == ["m", "a", "trust", "z"]


def test_a_decision_stays_with_its_row_where_others_have_both_spans(study: Study) -> None:
    both = ROW | {"code": "measuring", "difference": "boundaries differ", "start_b": 4, "end_b": 9}
    found = differences(ROW | {"source_id": "007"}, both)
    agreement.write_sheet(study, found)
    decided = sheet(study).assign(decision="A")
    tables.write_table(decided, study.private / "review" / "disagreements.csv")
    agreement.write_sheet(study, found)
    assert len(sheet(study)) == 2
    again = sheet(study).set_index("source_id")
    assert again["decision"].to_dict() == {"007": "A", "t1": "A"}
    assert list(again.loc["007", ["start_a", "start_b"]]) == ["3", ""]
    assert list(again.loc["t1", ["start_a", "start_b"]]) == ["3", "4"]


def test_sentences_are_units_within_their_passage() -> None:
    passages = pd.DataFrame(
        [("s", 0, 10, 43, "R", "participant", 7, "We count them. Trust matters, too.")],
        columns=list(tables.PASSAGES.columns),
    )
    units = agreement.sentence_units(passages)
    assert list(units["text"]) == ["We count them.", "Trust matters, too."]
    assert list(zip(units["start"], units["end"], strict=True)) == [(10, 24), (25, 44)]


def test_stated_passages_become_stretches_of_the_text() -> None:
    passages = passages_of(("s1", "aaaa"), ("s1", "bbbb"), ("s1", "cccc"), ("s2", "dddd"))
    stated = pd.DataFrame(
        {
            "coder": ["A", "B", "B"],
            "source_id": ["s1", "s1", "s2"],
            "from_passage": pd.array([None, 1, 7], dtype="Int64"),
            "to_passage": pd.array([None, 9, 8], dtype="Int64"),
        }
    )
    found = agreement.stretches(stated, passages)
    assert found[["coder", "source_id"]].values.tolist() == [["A", "s1"], ["B", "s1"]]
    second, third = passages.iloc[1], passages.iloc[2]
    assert found.loc[1, ["start", "end"]].tolist() == [second["start"], third["end"]]
    assert found.loc[0, ["start", "end"]].isna().all()

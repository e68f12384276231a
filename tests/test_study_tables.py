from __future__ import annotations

from pathlib import Path

import pandas as pd
import pandera.pandas as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.files.problems import StudyError
from analysis.study import tables

CODING = {
    "source_id": "a",
    "start": 0,
    "end": 4,
    "code": "x",
    "coder": "A",
    "origin": "",
    "memo": "",
}


def codings(*rows: dict[str, object]) -> pd.DataFrame:
    return pd.DataFrame([CODING | row for row in rows])


def told(table: pd.DataFrame) -> list[str]:
    with pytest.raises(StudyError) as caught:
        tables.validate(table, tables.CODINGS, "codings.csv")
    return [problem.where for problem in caught.value.problems]


def test_a_wrong_column_names_it() -> None:
    table = codings({}).rename(columns={"coder": "codr"})
    with pytest.raises(StudyError) as caught:
        tables.validate(table, tables.CODINGS, "codings.csv")
    assert {problem.found for problem in caught.value.problems} == {
        "a column codr",
        "no column coder",
    }


def test_a_duplicate_key_names_both_rows() -> None:
    with pytest.raises(StudyError) as caught:
        tables.validate(codings({}, {"start": 1}, {}), tables.CODINGS, "codings.csv")
    (problem,) = caught.value.problems
    assert problem.where == "codings.csv, column source_id + start + end + code + coder"
    assert problem.found == "('a', 0, 4, 'x', 'A') in lines 2, 4"


def test_a_wrong_value_names_row_and_column() -> None:
    assert told(codings({}, {"source_id": "b", "code": ""})) == ["codings.csv, line 3, column code"]


words = st.text(st.characters(exclude_categories=("Cs", "Cc")) | st.sampled_from("\n,\"'"))


@given(st.lists(st.tuples(words, st.integers(0, 10**12)), max_size=8))
def test_what_is_written_is_read(tmp_path_factory: pytest.TempPathFactory, rows: list) -> None:
    table = pd.DataFrame(
        [
            CODING | {"source_id": f"s{n}", "memo": memo, "start": start, "end": start + 1}
            for n, (memo, start) in enumerate(rows)
        ],
        columns=list(CODING),
    ).astype({name: "int64" if name in ("start", "end") else "str" for name in CODING})
    path = tmp_path_factory.mktemp("tables") / "codings.csv"
    tables.write_table(table, path)
    pd.testing.assert_frame_equal(tables.read_table(path, tables.CODINGS), table)


def test_the_words_na_and_null_stay_words(tmp_path: Path) -> None:
    path = tmp_path / "codings.csv"
    tables.write_table(codings({"memo": "NA", "code": "null"}), path)
    back = tables.read_table(path, tables.CODINGS)
    assert (back["memo"][0], back["code"][0]) == ("NA", "null")


CELLS = {
    "str": st.sampled_from(["a", "b", "", "unknown"]),
    "int64": st.integers(-1, 2),
    "float64": st.sampled_from([0.5, float("nan")]),
    "object": st.sampled_from(["a", 1, None]),
}


@given(st.data())
def test_what_plainly_fits_is_what_pandera_passes_unchanged(data: st.DataObject) -> None:
    count = data.draw(st.integers(0, 3))
    wanted = {"source_id": "str", "start": "int64", "voice": "str", "share": "float64"}
    schema = tables._schema(
        "any",
        {
            "source_id": tables._filled(),
            "start": tables._whole(),
            "voice": tables._one_of(("a", "b")),
            "share": pa.Column(float, nullable=True, coerce=True),
        },
        data.draw(st.sampled_from([[], ["source_id"], ["source_id", "start"]])),
        open_columns=data.draw(st.booleans()),
    )
    odd = data.draw(st.dictionaries(st.sampled_from([*wanted, "more"]), st.sampled_from([*CELLS])))
    table = pd.DataFrame(
        {
            name: pd.Series([data.draw(CELLS[kind]) for _ in range(count)], dtype=kind)
            for name, kind in (wanted | odd).items()
        }
    )
    try:
        passed = schema.validate(table, lazy=True)
    except pa.errors.SchemaErrors:
        passed = None
    if tables._fits_plainly(table, schema):
        pd.testing.assert_frame_equal(passed, table)
    elif not odd:
        assert passed is None

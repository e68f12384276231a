"""Tables between stages: read with the types they were written with, or refused."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tiny import write_tiny_study

from analysis.files.problems import StudyError
from analysis.study.folder import Study
from analysis.study.schemas import columns, empty, schema_of

MEASURED = (
    "coding_report",
    "unplaced",
    "frequencies",
    "frequencies_overall",
    "code_by_source",
    "rates",
    "contrasts",
    "accumulation",
    "cooccurrence",
    "cooccurrence_by_unit",
    "agreement",
    "disagreements",
    "patterns",
    "claim_patterns",
    "expectation_cases",
    "examples",
    "negative_cases",
    "claims_by_kind",
    "decisions",
    "matrix",
    "sensitivity",
    "turning",
    "document_profiles",
)
LIKE_NUMBERS = st.sampled_from(["", "01", "7", "1e09", "-0", "nan", "NA", "None", "True", "inf"])
CELLS = {
    "string[python]": LIKE_NUMBERS,
    "int64": st.integers(-1, 10**15),
    "bool": st.booleans(),
    "float64": st.floats(width=64),
    "Int64": st.none() | st.integers(0, 10**15),
}


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Study:
    return Study.open(write_tiny_study(tmp_path_factory.mktemp("stored") / "study"))


@pytest.mark.parametrize("name", MEASURED)
@settings(max_examples=5, deadline=None)
@given(data=st.data())
def test_a_table_is_read_as_it_was_written(study: Study, name: str, data: st.DataObject) -> None:
    schema = schema_of(name)
    kinds = {column: str(kind) for column, kind in schema.dtypes.items()}
    rows = data.draw(st.lists(st.tuples(*(CELLS[kind] for kind in kinds.values())), max_size=4))
    table = pd.DataFrame(rows, columns=list(kinds)).astype(
        {column: "str" if kind.startswith("string") else kind for column, kind in kinds.items()}
    )
    if schema.unique:
        table = table.drop_duplicates(list(schema.unique), ignore_index=True)
    study.write_table(table, name)
    pd.testing.assert_frame_equal(study.table(name), table, check_exact=True)


def test_what_pandas_typed_by_chance_is_stored_by_its_type(study: Study) -> None:
    """Whole numbers that are not all there come as floats, figures that all are whole as whole."""
    rows = [
        ["01", "a", "only A", 3.0, 8.0, None, None, "", ""],
        ["01", "a", "only B", None, None, 4.0, 9.0, "", ""],
    ]
    differences = pd.DataFrame(rows, columns=list(schema_of("disagreements").columns))
    study.write_table(differences, "disagreements")
    written = (study.processed / "disagreements.csv").read_text().splitlines()
    assert written[1:] == ["01,a,only A,3,8,,,,", "01,a,only B,,,4,9,,"]
    rates = pd.DataFrame(
        [["interview", "07", "1", 0, 0, 0, 0, 0, 0, 1]], columns=list(schema_of("rates").columns)
    )
    study.write_table(rates, "rates")
    back = study.table("rates")
    assert (back["role"][0], back["code"][0]) == ("07", "1")
    assert back["pooled_lower"].dtype == np.float64


@pytest.mark.parametrize("name", MEASURED)
def test_a_table_without_rows_keeps_its_types(study: Study, name: str) -> None:
    schema = schema_of(name)
    study.write_table(pd.DataFrame(columns=list(schema.columns)), name)
    assert len(schema.validate(study.table(name))) == 0


def test_a_number_where_a_name_belongs_is_refused_and_nothing_is_written(study: Study) -> None:
    turning = pd.DataFrame(
        [["e", "present", "window", 3, "varies", "coding"]],
        columns=list(schema_of("turning").columns),
    )
    (study.processed / "turning.csv").unlink(missing_ok=True)
    with pytest.raises(StudyError, match="turning, column value"):
        study.write_table(turning, "turning")
    assert not (study.processed / "turning.csv").exists()


@pytest.mark.parametrize("row", ["e,1.5,p,r\n", "e,secret,p,r\n", "e\n"])
def test_a_damaged_table_is_told_without_its_words(study: Study, row: str) -> None:
    (study.processed / "unplaced.csv").write_text(f"origin,row,source_id,reason\n{row}")
    with pytest.raises(StudyError) as caught:
        study.table("unplaced")
    (problem,) = caught.value.problems
    assert problem.where == "unplaced.csv" and "secret" not in str(problem)


def test_before_the_stages_ran_it_says_what_to_do(tmp_path: Path) -> None:
    fresh = Study.open(write_tiny_study(tmp_path / "fresh"))
    for read in (lambda: fresh.passages, lambda: fresh.codings, lambda: fresh.table("examples")):
        with pytest.raises(StudyError) as caught:
            read()
        (problem,) = caught.value.problems
        assert problem.where.startswith("data/processed/") and problem.found == "not there"
        assert problem.remedy == "run make report first"


def test_an_empty_table_fits_its_schema() -> None:
    for name in ("accumulation", "patterns", "decisions"):
        assert list(empty(name).columns) == columns(name)
        schema_of(name).validate(empty(name))


def test_text_is_text_of_pythons_own_also_where_arrow_is_installed() -> None:
    """pandera asks once how pandas keeps text: in a process where nothing was imported before."""
    asked = (
        "from analysis.study.schemas import schema_of; print(schema_of('codings').dtypes['code'])"
    )
    done = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)
    assert done.stdout == "string[python]\n"

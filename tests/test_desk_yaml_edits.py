"""Words that are put into YAML are read as just these words."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from analysis.desk.csv_edits import with_new_row, with_row
from analysis.desk.yaml_edits import flow, folded, scalar
from analysis.files import safe_yaml

WORDS = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=30)


@given(
    words=st.one_of(WORDS, st.sampled_from(["null", "~", "yes", "1.10", "a: b", "- x", "#", "'"]))
)
def test_a_word_is_read_as_it_was_given(words: str) -> None:
    plain = " ".join(words.split())
    if not plain:
        return
    text = f"one: {scalar(plain)}\ntwo: {flow([plain, 'b'])}\n"
    read = safe_yaml.as_written(safe_yaml.compose(text, "a file"))
    assert read == {"one": plain, "two": [plain, "b"]}


def test_a_long_text_is_folded() -> None:
    said = "What is said, over and over: " + "word " * 60
    read = safe_yaml.as_written(
        safe_yaml.compose(f"a:\n  b: {folded(said, 4)}\n  c: d\n", "a file")
    )
    assert " ".join(read["a"]["b"].split()) == " ".join(said.split()) and read["a"]["c"] == "d"


def test_one_row_changes_and_all_else_stays() -> None:
    text = 'a,b\n1,"two\nlines"\n\n3,  four\n'
    assert with_row(text, "a file", 2, {"b": "x, y"}) == 'a,b\n1,"x, y"\n\n3,  four\n'
    assert with_row(text, "a file", 5, {"a": "5"}).endswith("\n5,  four\n")
    assert with_new_row(text, ("a", "b"), "a file", {"b": "new"}).endswith("3,  four\n,new\n")
    assert with_new_row("", ("a", "b"), "a file", {"a": "1"}) == "a,b\n1,\n"

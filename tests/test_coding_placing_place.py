"""Codings of any program on the clean texts: matched, aligned, checked, mapped."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis import coding
from analysis.cleaning.edits import CleanText, Edit, Layer
from analysis.coding.placing.alignment import Alignment
from analysis.coding.placing.folding import fold_text
from analysis.coding.placing.matching import SourceMatcher
from analysis.coding.placing.names import CodeNames, codes_in
from analysis.files.problems import StudyError
from analysis.study.tables import CODINGS

TEXT = "[00:01] I: How was it?\nP: We were not asked, we were told.\n"


def sources(**columns: list[str]) -> pd.DataFrame:
    count = len(columns["source_id"])
    blank = {name: [""] * count for name in ("coded_as", "file", "title")}
    return pd.DataFrame({**blank, **columns})


def codebook(*paths: str) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "code": paths,
            "name": [path.rpartition("/")[2] for path in paths],
            "usable": [True] * len(paths),
        }
    )


def spans(folder: Path, *rows: str, name: str = "a.csv") -> coding.CodedProject:
    path = folder / name
    heading = "source_id,start,end,code,coder,quote,memo"
    path.write_text("\n".join([heading, *rows]) + "\n", encoding="utf-8")
    return coding.read(path)


def place(
    projects: list[coding.CodedProject],
    cleaned: dict[str, CleanText],
    codes: pd.DataFrame,
    **options: object,
) -> coding.Placement:
    given = {
        "anchor_score": 90,
        "coders": {},
        "code_names": {},
        "sources": sources(source_id=list(cleaned)),
        **options,
    }
    register = given.pop("sources")
    return coding.place(projects, register, cleaned, codes, **given)  # type: ignore[arg-type]


def without(text: str, *removed: str) -> CleanText:
    edits = [Edit(text.index(one), text.index(one) + len(one), "", "") for one in removed]
    return CleanText(text, (Layer("removed", tuple(edits)),))


def test_spans_follow_the_words_through_cleaning(tmp_path: Path) -> None:
    clean = without(TEXT, "[00:01] ", "P: ")
    start = TEXT.index("We were not")
    project = spans(
        tmp_path,
        f"P1,{start},{start + 17},voice/unheard,A,We were not asked,so",
        "P1,0,7,voice/unheard,A,,",
        f"P1,{start - 3},{start + 2},voice/unheard,A,,",
    )
    placement = place([project], {"P1": clean}, codebook("voice/unheard"))
    CODINGS.validate(placement.codings)
    found = [
        (clean.text[row.start : row.end], row.coder, row.origin, row.memo)
        for row in placement.codings.itertuples()
    ]
    assert sorted(found) == [("We", "A", "a.csv", ""), ("We were not asked", "A", "a.csv", "so")]
    assert placement.unplaced.to_dict("records") == [
        {
            "origin": "a.csv",
            "row": 3,
            "source_id": "P1",
            "reason": "all words of the span were removed in cleaning",
        }
    ]


@pytest.mark.parametrize(("missing", "who"), [("", "one"), ("P3,0,5,nowhere,A,,", "cores")])
def test_a_source_at_a_time_is_placed_as_all_together(
    missing: str, who: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    texts = {name: without(TEXT, "[00:01] ") for name in ("P1", "P2", "P3")}
    rows = ["P2,9,14,voice,A,,so", "P1,0,7,voice,A,,", "gone,0,3,voice,B,,", "P3,8,20,voice,B,,"]
    quoted = ["P2,,,voice,A,We were not asked,", "P1,,,voice,B,never said,"]
    projects = [
        spans(tmp_path, *rows, "P1,9,14,voice,A,,", *filter(None, [missing]), *quoted),
        spans(tmp_path, *rows[:2], missing or rows[0], name="b.csv"),
    ]

    def told() -> str:
        try:
            found = place(projects, texts, codebook("voice"), withdrawn={"gone"})
        except StudyError as error:
            return str(error)
        tables = (found.codings, found.report, found.unplaced, found.ledger)
        return "".join(table.to_csv() for table in tables)

    together = told()
    monkeypatch.setattr("analysis.coding.placing.part._AT_A_TIME", 1)
    monkeypatch.setenv("WORKERS", who)
    assert told() == together
    assert ("and in 1 more" in together or "nowhere" in together) == bool(missing)


def test_all_problems_are_told_at_once_with_file_and_the_line_of_an_editor(tmp_path: Path) -> None:
    project = spans(
        tmp_path,
        "P1,0,9999,voice,A,,",
        'P1,0,5,nothing,A,,"a memo\nof two lines"',
        "",
        "P1,0,5,voice,A,other words,",
        "P9,0,5,voice,A,,",
        "P1,zero,5,voice,A,,",
    )
    with pytest.raises(StudyError) as raised:
        place([project], {"P1": CleanText(TEXT)}, codebook("voice"))
    told = {problem.where: problem.found for problem in raised.value.problems}
    assert told["data/raw/coding/a.csv, line 2"] == "span 0 to 9999"
    assert told["data/raw/coding/a.csv, line 3"] == "code 'nothing'"
    assert "quote" in told["data/raw/coding/a.csv, line 6"]
    assert "'P9', which fits no source" in told["data/raw/coding/a.csv, line 7"]
    assert told["a.csv, line 8, column start"] == "'zero'"
    assert len(told) == 5
    assert "told" not in str(raised.value)


@pytest.mark.parametrize(
    ("row", "where"),
    [
        ("P1,5,5,voice,A,,", "columns start and end"),
        ("P1,-1,5,voice,A,,", "column start"),
        ("P1,1,x,voice,A,,", "column end"),
        (",1,2,voice,A,,", "column source_id"),
        ("P1,1,2,,A,,", "column code"),
    ],
)
def test_a_row_that_is_no_span_is_left_out_and_told(tmp_path: Path, row: str, where: str) -> None:
    project = spans(tmp_path, "P1,0,1,voice,A,,", row)
    assert [problem.where for problem in project.problems] == [f"a.csv, line 3, {where}"]
    assert project.codings["row"].tolist() == [2]
    with pytest.raises(StudyError, match=f"a.csv, line 3, {where}"):
        place([project], {"P1": CleanText(TEXT)}, codebook("voice"))


def test_codings_of_withdrawn_sources_are_skipped_and_counted(tmp_path: Path) -> None:
    project = spans(tmp_path, "P1,0,5,voice,A,,", "P2,0,5,gone,A,,", "P2,2,5,gone,A,,")
    placement = place([project], {"P1": CleanText(TEXT)}, codebook("voice"), withdrawn=["P2"])
    assert len(placement.codings) == 1
    said = placement.report.query("topic == 'withdrawn'")
    assert said["count"].tolist() == [2]


def test_coders_and_codes_are_mapped_and_double_rows_kept_once(tmp_path: Path) -> None:
    first = spans(tmp_path, "P1,0,5,voice,Ann B,,one", 'P1,0,5,voice,"B, Ann",,two')
    second = spans(tmp_path, "P1,0,5,995 voice,,,", name="b.csv")
    placement = place(
        [first, second],
        {"P1": CleanText(TEXT)},
        codebook("voice"),
        coders={"Ann B": "A", "B, Ann": "A", "b.csv": "B"},
        code_names={"995 voice": "voice"},
    )
    kept = placement.codings[["coder", "origin", "memo"]].to_numpy().tolist()
    assert kept == [["A", "a.csv", "one | two"], ["B", "b.csv", ""]]
    assert placement.report.query("file == 'all files'")["count"].tolist() == [1]


def test_order_of_files_and_rows_does_not_matter(tmp_path: Path) -> None:
    rows = [f"P1,{start},{start + 4},voice,{coder},," for start in range(9) for coder in "AB"]
    forth = spans(tmp_path, *rows)
    back = spans(tmp_path, *reversed(rows))
    other = spans(tmp_path, *rows[::3], name="b.csv")
    cleaned = {"P1": CleanText(TEXT)}
    codes = codebook("voice")
    one = place([forth, other], cleaned, codes).codings
    two = place([other, back], cleaned, codes).codings
    pd.testing.assert_frame_equal(one, two)


def test_matching_by_register_then_file_then_title() -> None:
    matcher = SourceMatcher(
        sources(
            source_id=["a", "b", "c", "d"],
            coded_as=["Interview 1; Int. 1", "", "", "b"],
            file=["", "interviews/P2.final.docx", "documents/plan.pdf", ""],
            title=["", "", "The Plan", ""],
        ),
        withdrawn=["Interview 9;old/P9.docx"],
    )
    assert matcher.find("interview 1") == {"a"}
    assert matcher.find("Int. 1") == {"a"}
    assert matcher.find("P2.final.docx") == {"b"}
    assert matcher.find("P2.final") == {"b"}
    assert matcher.find("plan.txt") == {"c"}
    assert matcher.find("the plan") == {"c"}
    # What the register says of a name comes before the name of another source.
    assert matcher.find("b") == {"d"}
    assert matcher.find("nothing") == set()
    assert matcher.is_withdrawn("P9.docx")
    assert matcher.is_withdrawn("Interview 9")
    assert not matcher.is_withdrawn("Interview 1")


def test_codes_in_one_cell_are_told_apart_by_the_codebook() -> None:
    names = CodeNames(
        codebook(
            "T2. Security, Privacy & Trust Management: access",
            "T2. Security",
            "Trust",
            "Barriers/Time",
            "Enablers/Time",
            "Barriers/Money, mostly",
        ),
        {"Zeit": "Enablers/Time"},
    )
    cell = "T2. Security, Privacy & Trust Management: access, trust; Barriers > Time\nother, Zeit"
    assert names.split(cell) == (
        [
            "T2. Security, Privacy & Trust Management: access",
            "Trust",
            "Barriers/Time",
            "Enablers/Time",
        ],
        ["other"],
    )
    assert names.split("T2. Security, Trust") == (["T2. Security", "Trust"], [])
    # A bare name that two codes share is no code.
    assert names.split("Time") == ([], ["Time"])
    assert names.split("Money, mostly") == (["Barriers/Money, mostly"], [])
    assert codes_in("● one; two, three\nfour") == ["one", "two, three", "four"]
    assert codes_in("one, two") == ["one", "two"]


def test_texts_of_a_project_by_register(tmp_path: Path) -> None:
    project = spans(tmp_path, "P1,0,5,voice,A,,")
    held = coding.CodedProject(**{**vars(project), "texts": {"P1": "hello there"}})
    register = sources(source_id=["S01"], coded_as=["P1"])
    assert coding.texts_of([held], register) == {"S01": "hello there"}


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\u2028"])
def test_a_span_is_aligned_with_the_readers_text(ending: str) -> None:
    theirs = "Header\n\nI:  How was it?\nP:  We were “not asked”, we were told.\nAnd told again."
    ours = f'I: How was it?{ending}P: We were "not asked", were told.{ending}And told again.'
    alignment = Alignment(theirs, ours)
    for words, found in [
        ("We were “not asked”", 'We were "not asked"'),
        ("told again", "told again"),
        ("was it?", "was it?"),
    ]:
        start = theirs.index(words)
        span = alignment.to_other(start, start + len(words), 90)
        assert span is not None
        assert ours[slice(*span)] == found
    assert alignment.to_other(0, 6, 90) is None


@given(
    st.lists(
        st.sampled_from(["we", "met", "them,", "late…", "“on”", "é", "😀", "day."]), min_size=1
    ),
    st.data(),
)
def test_an_aligned_span_holds_the_same_letters(words: list[str], data: st.DataObject) -> None:
    theirs = " ".join(words)
    ours = data.draw(st.sampled_from(["", "Title\n"])) + "\r\n".join(words).replace("“", '"')
    start = data.draw(st.integers(0, len(theirs) - 1))
    end = data.draw(st.integers(start + 1, len(theirs)))
    span = Alignment(theirs, ours).to_other(start, end, 100)
    if span is None:
        assert not theirs[start:end].strip()
    else:
        assert fold_text(ours[slice(*span)]) == fold_text(theirs[start:end])


def test_a_span_table_says_what_is_wrong_with_its_heading_its_rows_and_its_bytes(
    tmp_path: Path,
) -> None:
    path = tmp_path / "a.csv"
    path.write_text("source_id,start,end,kode,coder\nP1,0,5,voice,A\n", encoding="utf-8")
    with pytest.raises(StudyError, match=r"a\.csv, line 1\n.*no column code: perhaps 'kode'"):
        coding.read(path)
    project = spans(tmp_path, "P1,0,5,voice", "P1,0,5,voice,A,,")
    assert [(one.where, one.found) for one in project.problems] == [("a.csv, line 2", "4 cells")]
    heading = b"source_id,start,end,code,coder,memo\n"
    path.write_bytes(heading + b"P1,0,5,voice,A,good\nP1,0,5,voice,A,caf\xe9\n")
    with pytest.raises(StudyError, match=r"a\.csv, line 3\n.*not UTF-8"):
        coding.read(path)


def test_an_unknown_code_is_told_once_with_its_first_line_and_how_often(tmp_path: Path) -> None:
    project = spans(tmp_path, "P1,0,5,voice,A,,", *["P1,0,5,novelty,A,,"] * 4)
    with pytest.raises(StudyError) as raised:
        place([project], {"P1": CleanText(TEXT)}, codebook("voice"))
    (problem,) = raised.value.problems
    assert problem.where == "data/raw/coding/a.csv, line 3"
    assert problem.found == "code 'novelty', and in 3 more"


def test_a_coder_is_one_however_the_name_is_written(tmp_path: Path) -> None:
    clean = {"P1": without(TEXT)}
    one = spans(tmp_path, "P1,0,7,voice,ann,,", name="a.csv")
    other = spans(tmp_path, "P1,0,7,voice,Ann,,", name="b.csv")
    with pytest.raises(StudyError, match=r"'ann' \(a.csv\) beside 'Ann' \(b.csv\)"):
        place([one, other], clean, codebook("voice"))
    joined = place([one, other], clean, codebook("voice"), coders={"ANN": "Ann Other"})
    assert list(joined.codings["coder"]) == ["Ann Other"]

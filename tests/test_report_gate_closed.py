"""Nothing of collected sources goes out before somebody has decided on names."""

from __future__ import annotations

from pathlib import Path

import pytest
from tiny import write_tiny_study

from analysis.files.problems import StudyError
from analysis.report.gate.closed import refuse_unnamed, tell_undecided
from analysis.report.gate.named_in_register import possible_names
from analysis.study.folder import Study
from analysis.study.names import read_not_names, undecided

HEADING = "find,replace,kind,common_word\n"
KEY = HEADING + "Orla Quennell,[worker 1],person,no\n"


@pytest.fixture
def study(tmp_path: Path) -> Path:
    folder = write_tiny_study(tmp_path)
    register = folder / "data" / "raw" / "sources.csv"
    register.write_text(register.read_text().replace("constructed", "collected"))
    said = folder / "data" / "raw" / "interviews" / "c1.txt"
    said.write_text(f"{said.read_text()}\nR: Orla Quennell decides.\n")
    (folder / "data" / "private").mkdir()
    return folder


def set_no_names(study: Path, reason: str) -> None:
    params = study / "params.yml"
    params.write_text(params.read_text().replace('no_names: ""', f'no_names: "{reason}"'))


AS_TEXT = {
    "Pseudonyms.csv": KEY.encode(),
    "keys/pseudonyms.csv": KEY.encode(),
    "pseudonyms.xlsx": b"PK\x03\x04",
}
AS_KEY = {
    "empty": HEADING.encode(),
    "no line": b"",
    "blank lines": HEADING.encode() + b",,,\n",
    "UTF-16": KEY.encode("utf-16"),
    "cp1252": KEY.replace("Orla", "Zo\u00eb").encode("cp1252"),
    "semicolons": KEY.replace(",", ";").encode(),
    "no heading": KEY.partition("\n")[2].encode(),
    "an example": HEADING.encode() + b"Real Name,Participant 1,person,no\n",
}


@pytest.mark.parametrize("there", ["none", "folder", "link", *AS_TEXT, *AS_KEY])
def test_without_a_key_nothing_goes_out_until_a_reason_is_given(study: Path, there: str) -> None:
    private = study / "data" / "private"
    key = private / "pseudonyms.csv"
    if there == "folder":
        key.mkdir()
    elif there == "link":
        key.symlink_to("nowhere")
    elif there in AS_KEY:
        key.write_bytes(AS_KEY[there])
    elif there in AS_TEXT:
        (private / there).parent.mkdir(exist_ok=True)
        (private / there).write_bytes(AS_TEXT[there])
    with pytest.raises(StudyError, match=r"pseudonyms\.csv") as caught:
        refuse_unnamed(Study.open(study))
    assert there not in AS_TEXT or there in str(caught.value)
    set_no_names(study, "public documents")
    refuse_unnamed(Study.open(study))


def test_invented_sources_and_sources_that_show_nothing_need_no_key(study: Path) -> None:
    register = study / "data" / "raw" / "sources.csv"
    collected = register.read_text()
    register.write_text(collected.replace("collected", "constructed"))
    refuse_unnamed(Study.open(study))
    register.write_text(collected.replace(",full,", ",none,").replace(",extracts,", ",unknown,"))
    refuse_unnamed(Study.open(study))


def test_a_speaker_whom_the_register_names_must_be_in_the_key(study: Path) -> None:
    (study / "data" / "private" / "pseudonyms.csv").write_text(KEY)
    register = study / "data" / "raw" / "sources.csv"
    refuse_unnamed(Study.open(study))
    first, _, rest = register.read_text().partition("collected,R,I\n")
    register.write_text(f"{first}collected,R; Fin Tarn; Orla Quennell,I\n{rest}")
    with pytest.raises(StudyError, match="name 2 of 3") as caught:
        refuse_unnamed(Study.open(study))
    assert "Tarn" not in str(caught.value)
    (study / "data" / "private" / "not_names.csv").write_text("name,source_id\nfin  tarn,c1\n")
    refuse_unnamed(Study.open(study))


def test_a_name_that_stands_in_a_key_alone_hides_nobody(study: Path) -> None:
    key = study / "data" / "private" / "pseudonyms.csv"
    key.write_text(HEADING + "Fin Tarn,[worker 2],person,no\n")
    with pytest.raises(StudyError, match="1 name, of which none stands in any source"):
        refuse_unnamed(Study.open(study))
    register = study / "data" / "raw" / "sources.csv"
    register.write_text(register.read_text().replace("collected,R,I", "collected,Fin Tarn,I"))
    refuse_unnamed(Study.open(study))


NAMED = [
    *(("interview", column, "Fin Tarn") for column in ("case_id", "title", "file", "coded_as")),
    ("interview", "case_id", "Margaret"),
    ("interview", "case_id", "fin_tarn"),
    ("interview", "case_id", "FinTarn"),
    ("interview", "case_id", "Grace Tarn"),
    ("interview", "title", "Interview 2 with Fin Tarn, 2024-03-01"),
    ("interview", "title", "A talk with Fin Tarn about trust"),
    ("interview", "file", "interviews/Tarn_Fin_final_v2.docx"),
    ("observation", "title", "Visit with Fin Tarn"),
    ("document", "case_id", "Fin Tarn"),
    ("interview", "participant", "Fin Tarn"),
    ("interview", "participant name", "Margaret"),
]
NOBODY = [
    *(
        ("interview", "case_id", one)
        for one in ("P01", "com-1", "MA", "Mother 3", "mother", "ts-x")
    ),
    *(("interview", "title", one) for one in ("Third", "Head Teacher", "Interview 4", "North 2")),
    *(("interview", "file", one) for one in ("interviews/c 2 (second) 'take'.txt", "P1.docx")),
    ("interview", "coded_as", "Transcript_final_v2"),
    *(("document", "title", one) for one in ("Camden Plan", "Early Help and Trust", "Plan")),
    ("document", "case_id", "Wenmarch Council"),
    ("document", "case_id", "org-willow"),
    ("interview", "participant", "P1"),
    ("interview", "file name", "Fin Tarn"),
    ("interview", "relationship", "Old Friend"),
]
ORDINARY = [
    "head",
    "teacher",
    "plan",
    "help",
    "trust",
    "council",
    "early",
    "mother",
    "about",
    "grace",
]


@pytest.mark.parametrize(("kind", "column", "cell"), [*NAMED, *NOBODY])
def test_which_cells_of_the_register_may_name_somebody(kind: str, column: str, cell: str) -> None:
    source = {"kind": kind, "role": "teacher", "site": "North", column: cell}
    found = [name for of, names in possible_names(source, ORDINARY) for name in names if of]
    assert bool(found) == ((kind, column, cell) in NAMED)


def test_an_id_that_is_a_name_is_asked_for_until_it_is_decided(study: Path) -> None:
    key = study / "data" / "private" / "pseudonyms.csv"
    key.write_text(KEY)
    register = study / "data" / "raw" / "sources.csv"
    register.write_text(register.read_text().replace("c1,com-1,", "c1,Margaret,"))
    with pytest.raises(StudyError, match="source c1, column case_id") as caught:
        refuse_unnamed(Study.open(study))
    assert "Margaret" not in str(caught.value)
    # It is what stands for somebody.
    key.write_text(f"{KEY}Fin Tarn,Margaret,person,no\n")
    refuse_unnamed(Study.open(study))


@pytest.mark.parametrize("column", ["Interviewers", "Name"])
def test_whom_a_column_of_the_register_names_must_be_in_the_key(study: Path, column: str) -> None:
    (study / "data" / "private" / "pseudonyms.csv").write_text(KEY)
    register = study / "data" / "raw" / "sources.csv"
    heading, _, rows = register.read_text().partition("\n")
    named = f"{heading},{column}\n" + "".join(f"{row},WHO\n" for row in rows.splitlines())
    for nobody in ("AR", "orla quennell", "[worker 1]"):
        register.write_text(named.replace("WHO", nobody))
        refuse_unnamed(Study.open(study))
    register.write_text(named.replace("WHO", "Fin Tarn"))
    with pytest.raises(StudyError, match=column) as caught:
        refuse_unnamed(Study.open(study))
    assert "Tarn" not in str(caught.value)
    page = study / "reports" / "index.qmd"
    page.write_text(page.read_text().replace("format:", "author: Fin Tarn\nformat:", 1))
    refuse_unnamed(Study.open(study))


def candidates(study: Path) -> None:
    review = study / "data" / "private" / "review"
    review.mkdir(parents=True)
    (review / "candidates-interview.csv").write_text(
        "source_id,start,end,cue,found,context\nc1,0,4,called,Zoë,so Zoë\nt2,0,4,called,Fin,Fin\n"
    )


def test_undecided_names_are_counted_and_stop_the_final_report(
    study: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    candidates(study)
    opened = Study.open(study)
    tell_undecided(opened, final=False)
    # t2 may not be shown at all.
    assert "1 possible name waits" in capsys.readouterr().err
    with pytest.raises(StudyError, match="1 possible name waits"):
        tell_undecided(opened, final=True)
    (study / "data" / "private" / "not_names.csv").write_text("name,source_id,by\nZOE,,me\n")
    tell_undecided(opened, final=True)
    assert capsys.readouterr().err == ""
    assert list(undecided(opened.private)["source_id"]) == ["t2"]


def test_decisions_without_the_two_columns_are_refused(tmp_path: Path) -> None:
    assert read_not_names(tmp_path) == frozenset()
    (tmp_path / "not_names.csv").write_text("names\nZoe\n")
    with pytest.raises(StudyError, match=r"no column name(?s:.*)no column source_id"):
        read_not_names(tmp_path)

"""Further formats, each written here from its documentation and read back word for word.

The writers know nothing of the readers: each takes the same truth (who marked which words of which
text with which code) and counts positions as the program does.
"""

from __future__ import annotations

import json
import sqlite3
import zipfile
from collections.abc import Callable
from dataclasses import fields
from pathlib import Path
from typing import NamedTuple

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from analysis import coding
from analysis.coding.formats import FORMATS, NoCodingError, coded_in, format_of
from analysis.coding.formats.coding_file import CodingFile
from analysis.coding.project import CodedProject
from analysis.files.problems import StudyError

TEXT = (
    "Orrin: We kept \N{TEAPOT} the kettle warm, and the tea strong.\n"
    "Hester: And who came? \N{TEAPOT}\N{TEAPOT}\n"
    "Orrin: Nobody minded the mud; the tea was the point, the kettle too.\n"
)


class Mark(NamedTuple):
    """The words of TEXT from `start` to `end` in code points, coded by somebody."""

    start: int
    end: int
    code: str
    coder: str

    @property
    def words(self) -> str:
        return TEXT[self.start : self.end]


def mark(words: str, code: str, coder: str, at: int = 0) -> Mark:
    start = -1
    for _ in range(at + 1):
        start = TEXT.index(words, start + 1)
    return Mark(start, start + len(words), code, coder)


MARKS = [
    mark("We kept \N{TEAPOT} the kettle warm", "warmth", "Ada"),
    mark("the kettle", "things", "Ada", at=1),
    mark("the tea", "things", "Bea", at=1),
    mark("Nobody minded the mud", "ease", "Bea"),
    mark("And who came?", "ease", "Ada"),
]
Truth = set[tuple[str, str, str]]


def utf16(position: int) -> int:
    """The position of TEXT in UTF-16 units."""
    return len(TEXT[:position].encode("utf-16-le")) // 2


def filled(path: Path, script: str, rows: dict[str, list[tuple[object, ...]]]) -> Path:
    with sqlite3.connect(path) as database:
        database.executescript(script)
        for table, values in rows.items():
            places = ", ".join("?" * len(values[0]))
            database.executemany(f"INSERT INTO {table} VALUES ({places})", values)
    database.close()
    return path


def rqda(folder: Path, marks: list[Mark]) -> list[Path]:
    """Every third row is shifted by one, as real projects have them; one of each is deleted."""
    codes = sorted({one.code for one in marks})
    coded = [
        (
            codes.index(one.code) + 1,
            1,
            one.words,
            float(one.start + (number % 3 == 0)),
            float(one.end + (number % 3 == 0)),
            1,
            one.coder,
            "",
            "",
        )
        for number, one in enumerate(marks)
    ]
    gone = [
        (1, 1, "Orrin", 0.0, 5.0, 0, "Ada", "", ""),
        (9, 1, "Orrin", 0.0, 5.0, 1, "Ada", "", ""),
    ]
    script = (
        "CREATE TABLE source (name, id, file, memo, owner, date, dateM, status);"
        "CREATE TABLE freecode (name, memo, owner, date, dateM, id, status, color);"
        "CREATE TABLE coding (cid, fid, seltext, selfirst, selend, status, owner, date, memo);"
    )
    listed = [(name, "", "", "", "", number + 1, 1, "") for number, name in enumerate(codes)]
    rows = {
        "source": [("talk", 1, TEXT, "", "", "", "", 1)],
        "freecode": [*listed, ("old", "", "", "", "", 9, 0, "")],
        "coding": [*coded, *gone],
    }
    return [filled(folder / "p.rqda", script, rows)]


def requal(folder: Path, marks: list[Mark]) -> list[Path]:
    """Positions from 1 with their end, in UTF-16 units, as JavaScript counts them."""
    codes, users = sorted({one.code for one in marks}), sorted({one.coder for one in marks})
    script = (
        "CREATE TABLE documents (doc_id, doc_name, doc_text);"
        "CREATE TABLE codes (code_id, code_name, code_description);"
        "CREATE TABLE users (user_id, user_login, user_name);"
        "CREATE TABLE segments (user_id, doc_id, code_id, segment_start, segment_end, segment_text);"
    )
    rows = {
        "documents": [(1, "talk", TEXT)],
        "codes": [(number, name, "") for number, name in enumerate(codes)],
        "users": [(number, name.lower(), name) for number, name in enumerate(users)],
        "segments": [
            (
                users.index(one.coder),
                1,
                codes.index(one.code),
                utf16(one.start) + 1,
                utf16(one.end),
                one.words,
            )
            for one in marks
        ],
    }
    return [filled(folder / "p.requal", script, rows)]


def brat(folder: Path, marks: list[Mark]) -> list[Path]:
    files = []
    for coder in sorted({one.coder for one in marks}):
        (folder / coder).mkdir()
        (folder / coder / "talk.txt").write_text(TEXT, encoding="utf-8", newline="")
        path = folder / coder / "talk.ann"
        lines = [
            f"T{number}\t{one.code} {one.start} {one.end}\t{one.words}"
            for number, one in enumerate(marks, 1)
            if one.coder == coder
        ]
        path.write_text("\n".join([*lines, "R1\tNear Arg1:T1 Arg2:T2", ""]), encoding="utf-8")
        files.append(path)
    return files


def doccano(folder: Path, marks: list[Mark]) -> list[Path]:
    line = {"id": 7, "text": TEXT, "label": [[one.start, one.end, one.code] for one in marks]}
    path = folder / "all.jsonl"
    path.write_text(json.dumps(line) + "\n", encoding="utf-8")
    return [path]


def label_studio(folder: Path, marks: list[Mark]) -> list[Path]:
    annotations = [
        {
            "completed_by": {"id": 3, "email": coder},
            "result": [
                {
                    "type": "labels",
                    "value": {
                        "start": utf16(one.start),
                        "end": utf16(one.end),
                        "text": one.words,
                        "labels": [one.code],
                    },
                }
                for one in marks
                if one.coder == coder
            ],
        }
        for coder in sorted({one.coder for one in marks})
    ]
    cancelled = {"was_cancelled": True, "completed_by": 1, "result": annotations[0]["result"]}
    task = {"id": 1, "data": {"text": TEXT}, "annotations": [*annotations, cancelled]}
    path = folder / "export.json"
    path.write_text(json.dumps([task]), encoding="utf-8")
    return [path]


def label_studio_rows(marks: list[Mark]) -> list[dict[str, object]]:
    """A row an annotator: data, id, results, then what is told of the annotation."""
    return [
        {
            "text": TEXT,
            "id": 1,
            "label": [
                {
                    "start": utf16(one.start),
                    "end": utf16(one.end),
                    "text": one.words,
                    "labels": [one.code],
                }
                for one in marks
                if one.coder == coder
            ],
            "annotator": coder,
            "annotation_id": number,
            "created_at": "2024-05-01T09:00:00Z",
            "updated_at": "2024-05-01T09:00:00Z",
            "lead_time": 3.5,
        }
        for number, coder in enumerate(sorted({one.coder for one in marks}), 1)
    ]


def label_studio_min(folder: Path, marks: list[Mark]) -> list[Path]:
    path = folder / "export.json"
    path.write_text(json.dumps(label_studio_rows(marks)), encoding="utf-8")
    return [path]


def label_studio_csv(folder: Path, marks: list[Mark]) -> list[Path]:
    path = folder / "export.csv"
    rows = [row | {"label": json.dumps(row["label"])} for row in label_studio_rows(marks)]
    pd.DataFrame(rows).to_csv(path, index=False)
    return [path]


def cas(folder: Path, marks: list[Mark]) -> list[Path]:
    files = []
    for coder in sorted({one.coder for one in marks}):
        structures: list[dict[str, object]] = [
            {"%ID": 1, "%TYPE": "uima.cas.Sofa", "sofaNum": 1, "sofaString": TEXT},
            {"%ID": 2, "%TYPE": "x.segmentation.type.Token", "@sofa": 1, "begin": 0, "end": 5},
        ]
        structures += [
            {
                "%ID": number,
                "%TYPE": "custom.Code",
                "@sofa": 1,
                "begin": utf16(one.start),
                "end": utf16(one.end),
                "value": one.code,
            }
            for number, one in enumerate(marks, 3)
            if one.coder == coder
        ]
        path = folder / "talk.txt" / f"{coder}.json"
        path.parent.mkdir(exist_ok=True)
        path.write_text(json.dumps({"%FEATURE_STRUCTURES": structures}), encoding="utf-8")
        files.append(path)
    return files


def webanno(folder: Path, marks: list[Mark]) -> list[Path]:
    """One token for each run of letters and each other mark; a span is numbered if it has several."""
    import re

    files = []
    for coder in sorted({one.coder for one in marks}):
        own = [one for one in marks if one.coder == coder]
        rows = ["#FORMAT=WebAnno TSV 3.3", "#T_SP=custom.Code|note|value", "", ""]
        begins = 0
        for sentence, line in enumerate(TEXT.splitlines(), 1):
            rows.append(f"#Text={line}")
            for number, token in enumerate(re.finditer(r"\w+|[^\w\s]", line), 1):
                start, end = begins + token.start(), begins + token.end()
                cells = [
                    (f"*[{index}]", f"{one.code}[{index}]")
                    for index, one in enumerate(own, 1)
                    if one.start <= start and end <= one.end
                ]
                notes = "|".join(cell[0] for cell in cells) or "_"
                values = "|".join(cell[1] for cell in cells) or "_"
                place = f"{utf16(start)}-{utf16(end)}"
                rows.append(f"{sentence}-{number}\t{place}\t{token[0]}\t{notes}\t{values}\t")
            rows.append("")
            begins += len(line) + 1
        path = folder / "talk.txt" / f"{coder}.tsv"
        path.parent.mkdir(exist_ok=True)
        path.write_text("\n".join(rows), encoding="utf-8")
        files.append(path)
    return files


def catma(folder: Path, marks: list[Mark]) -> list[Path]:
    """Each annotation in two ranges that touch."""
    root = folder / "CATMA_X_talks"
    document, tags = root / "documents" / "D_1", root / "tagsets" / "T_1"
    document.mkdir(parents=True)
    header = {"gitContentInfoSet": {"title": "talk"}, "gitTechInfoSet": {"fileName": "talk.txt"}}
    (document / "header.json").write_text(json.dumps(header))
    (document / "D_1.txt").write_text(TEXT, encoding="utf-8", newline="")
    for code in sorted({one.code for one in marks}):
        (tags / f"CATMA_{code}").mkdir(parents=True)
        named = {
            "name": code,
            "parentUuid": "",
            "systemPropertyDefinitions": {"P_1": {"name": "catma_markupauthor"}},
        }
        (tags / f"CATMA_{code}" / "propertydefs.json").write_text(json.dumps(named))
    for coder in sorted({one.coder for one in marks}):
        annotations = root / "collections" / f"C_{coder}" / "annotations"
        annotations.mkdir(parents=True)
        listed = []
        for one in marks:
            middle = TEXT.index(" ", one.start) + 1
            edges = [(one.start, middle), (middle, one.end)]
            if one.coder == coder:
                selectors = [{"start": utf16(start), "end": utf16(end)} for start, end in edges]
                listed.append(
                    {
                        "body": {
                            "tag": f"tagsets/T_1/CATMA_{one.code}",
                            "properties": {"system": {"P_1": [coder]}, "user": {}},
                        },
                        "target": {
                            "items": [{"source": "D_1", "selector": one} for one in selectors]
                        },
                    }
                )
        (annotations / f"{coder}_0.json").write_text(json.dumps(listed))
    return [root]


def qc(folder: Path) -> Path:
    """Two coded lines, a line that is not there, and a text that was changed since."""
    root = folder / "project"
    (root / "corpus").mkdir(parents=True)
    (root / "settings.yaml").write_text("database: qc.sqlite3\ncorpus_dir: corpus\n")
    (root / "codebook.yaml").write_text("- care:\n    - warmth\n    - ease\n- unused\n")
    (root / "corpus" / "talk.txt").write_text(TEXT, encoding="utf-8", newline="")
    script = (
        "CREATE TABLE document (file_path, file_hash);"
        "CREATE TABLE document_index (id, name, time_series, document_id);"
        "CREATE TABLE location (id, start_line, end_line, document_index_id);"
        "CREATE TABLE coded_line (id, line, coder_id, code_id);"
        "CREATE TABLE coded_line_location_association (coded_line_id, location_id);"
    )
    rows: dict[str, list[tuple[object, ...]]] = {
        "document": [("talk.txt", "0" * 40)],
        "document_index": [(1, "paragraphs", 0, "talk.txt")],
        "location": [(1, 0, 3, 1)],
        "coded_line": [(1, 0, "Ada", "warmth"), (2, 2, "Bea", "ease"), (3, 99, "Bea", "ease")],
        "coded_line_location_association": [(1, 1), (2, 1), (3, 1)],
    }
    filled(root / "qc.sqlite3", script, rows)
    return root


def test_a_project_of_qc_has_its_lines_and_tells_of_a_changed_text(tmp_path: Path) -> None:
    root = qc(tmp_path)
    first, _, third = TEXT.splitlines()
    assert read_back(tmp_path, [root]) == {
        (first, "care/warmth", "Ada"),
        (third, "care/ease", "Bea"),
    }
    told = coding.read(root).report.set_index("detail")["count"]
    assert told["texts changed since they were imported: look at their lines"] == 1
    assert told["codings of a line that its text does not have"] == 1
    assert "unused" in set(coding.read(root).codes["code"])


def test_json_that_is_no_coding_is_said_to_be_that(tmp_path: Path) -> None:
    (tmp_path / "other.json").write_text('{"a": [1, 2]}')
    with pytest.raises(NoCodingError, match="JSON of another kind"):
        coding.read(tmp_path / "other.json")


FORMATS_WRITTEN: list[tuple[Callable[[Path, list[Mark]], list[Path]], bool]] = [
    (rqda, True),
    (requal, True),
    (brat, False),
    (doccano, False),
    (label_studio, True),
    (label_studio_min, True),
    (label_studio_csv, True),
    (cas, True),
    (webanno, True),
    (catma, True),
]


def read_back(folder: Path, files: list[Path]) -> Truth:
    found = set()
    for path in files:
        project = coding.read(path, name=path.relative_to(folder).as_posix())
        assert_whole(project, path, path.relative_to(folder).as_posix())
        for one in project.codings.itertuples():
            found.add((project.texts[one.source_id][one.start : one.end], one.code, one.coder))
    return found


def assert_whole(project: CodedProject, path: Path, name: str) -> None:
    """Nothing of it was lost on its way from the process that reads."""
    file = CodingFile(path, name)
    here = format_of(file).read(file, {})
    for field in fields(CodedProject):
        read, came = getattr(here, field.name), getattr(project, field.name)
        if isinstance(read, pd.DataFrame):
            pd.testing.assert_frame_equal(came, read)
        else:
            assert came == read


@pytest.mark.parametrize(
    ("write", "with_coder"), FORMATS_WRITTEN, ids=[one.__name__ for one, _ in FORMATS_WRITTEN]
)
def test_a_project_is_read_word_for_word(
    write: Callable[[Path, list[Mark]], list[Path]], with_coder: bool, tmp_path: Path
) -> None:
    expected = {(one.words, one.code, one.coder if with_coder else "unknown") for one in MARKS}
    assert read_back(tmp_path, write(tmp_path, MARKS)) == expected


def test_choices_in_a_table_of_label_studio_are_of_the_whole_text(tmp_path: Path) -> None:
    (tmp_path / "export.csv").write_text(
        "review,title,id,mood,why,annotator,annotation_id,created_at,updated_at,lead_time\n"
        "It rained.,one,7,sad,,ada@x.org,1,,,2\n"
        'It rained.,one,7,"{""choices"": [""sad"", ""wet""]}",,bea@x.org,2,,,2\n'
        f"We sang.,two,8,glad,{'so ' * 40},ada@x.org,3,,,2\n"
    )
    project = coding.read(tmp_path / "export.csv")
    assert project.texts == {"one": "It rained.", "two": "We sang."}
    found = project.codings[["source_id", "start", "end", "code", "coder"]]
    assert list(found.itertuples(index=False, name=None)) == [
        ("one", 0, 10, "sad", "ada@x.org"),
        ("one", 0, 10, "sad", "bea@x.org"),
        ("one", 0, 10, "wet", "bea@x.org"),
        ("two", 0, 8, "glad", "ada@x.org"),
    ]
    left = project.report.query("topic == 'left out'").set_index("detail")["count"]
    assert left.to_dict() == {"answers that were typed, not chosen": 1}


def test_rows_that_do_not_live_in_rqda_are_told(tmp_path: Path) -> None:
    (path,) = rqda(tmp_path, MARKS)
    left = coding.read(path).report.query("topic == 'left out'").set_index("detail")["count"]
    assert left.to_dict() == {"codings deleted in RQDA": 1, "codings whose code was deleted": 1}


ROCK = """\
---
ROCK_attributes:
  -
    caseId: 7
    role: cook
---
[[cid=7]] [[coderId=Ada]]
[[uid=7a1]] ~We kept the kettle warm. [[care>warmth]] [[mess]]
# a comment [[mess]]
---<<paragraph_break>>---
[[uid=7a2]] Nobody minded the mud. [[warmth]] [[depth||3]] [[warmth->mess||because]]
[[mess]]
"""


def test_a_rock_source_has_its_lines_tree_case_and_coder(tmp_path: Path) -> None:
    (tmp_path / "talk.rock").write_text(ROCK.replace("\n", "\r\n"), encoding="utf-8", newline="")
    project = coding.read(tmp_path / "talk.rock")
    assert project.texts == {"talk": "We kept the kettle warm.\nNobody minded the mud.\n"}
    assert read_back(tmp_path, [tmp_path / "talk.rock"]) == {
        ("We kept the kettle warm.", "care/warmth", "Ada"),
        ("We kept the kettle warm.", "mess", "Ada"),
        ("Nobody minded the mud.", "care/warmth", "Ada"),
    }
    (source,) = project.sources.to_dict("records")
    assert (source["case"], source["role"]) == ("7", "cook")
    left = project.report.query("topic == 'left out'").set_index("detail")["count"]
    assert left["codings on a line without words"] == 1
    assert left["values (not codings)"] == 1


def test_web_annotations_are_tags_on_words_of_a_text_elsewhere(tmp_path: Path) -> None:
    one = MARKS[3]
    annotation = {
        "@context": "http://www.w3.org/ns/anno.jsonld",
        "type": "Annotation",
        "creator": {"name": one.coder},
        "body": [
            {"type": "TextualBody", "purpose": "tagging", "value": one.code},
            {"type": "TextualBody", "purpose": "commenting", "value": "why"},
        ],
        "target": {
            "source": "https://example.org/texts/talk%20one.txt",
            "selector": [
                {"type": "TextQuoteSelector", "exact": one.words},
                {"type": "TextPositionSelector", "start": one.start, "end": one.end},
            ],
        },
    }
    (tmp_path / "a.jsonld").write_text(json.dumps([annotation]), encoding="utf-8")
    (found,) = coding.read(tmp_path / "a.jsonld").codings.to_dict("records")
    assert (found["source_id"], found["start"], found["end"]) == (
        "talk one.txt",
        one.start,
        one.end,
    )
    assert (found["quote"], found["memo"]) == (one.words, "why")
    del annotation["target"]["selector"][1]  # type: ignore[index]
    (tmp_path / "a.jsonld").write_text(json.dumps([annotation]), encoding="utf-8")
    (found,) = coding.read(tmp_path / "a.jsonld").quotations.to_dict("records")
    assert (found["quote"], found["code"]) == (one.words, one.code)


@pytest.mark.parametrize(
    "name",
    ["p.nvpx", "p.atlproj", "p.mx24", "p.ppj", "p.qrk", "p.f4p", "p.hs2"],
)
def test_a_format_that_only_its_program_reads_is_named_with_a_way(
    name: str, tmp_path: Path
) -> None:
    (tmp_path / name).write_bytes(b"\x07\x00 its own bytes")
    with pytest.raises(StudyError, match=r"which only that program reads[\s\S]*export"):
        coding.read(tmp_path / name)


SEEDS = [
    (ROCK.encode(), ".rock"),
    (b"T1\tA 0 5\tOrrin\nT2\tB 3 9;10 12\tin\n", ".ann"),
    (b'{"id": 1, "text": "Orrin", "label": [[0, 5, "A"], {"start_offset": 1}]}\n', ".jsonl"),
    (
        b'[{"data": {"text": "Orrin"}, "annotations": [{"completed_by": 1, "result": [{"value": '
        b'{"start": 0, "end": 5, "labels": ["A"]}}]}]}]',
        ".json",
    ),
    (
        b'{"%FEATURE_STRUCTURES": [{"%ID": 1, "%TYPE": "uima.cas.Sofa", "sofaString": "Orrin"}, '
        b'{"%TYPE": "c.Code", "@sofa": 1, "begin": 0, "end": 5, "value": "A"}]}',
        ".json",
    ),
    (
        b'{"@context": "http://www.w3.org/ns/anno.jsonld", "body": {"purpose": "tagging", "value": '
        b'"A"}, "target": {"source": "x", "selector": {"type": "TextPositionSelector", "start": 0, '
        b'"end": 5, "refinedBy": []}}}',
        ".jsonld",
    ),
    (
        b"#FORMAT=WebAnno TSV 3.3\n#T_SP=c.Code|value\n\n\n#Text=Orrin\n1-1\t0-5\tOrrin\tA[1]|B\t\n",
        ".tsv",
    ),
    (
        b'<TEI><fsDecl xml:id="T" baseTypes="T"><fsDescr>A</fsDescr></fsDecl><seg ana="#F"><ptr '
        b'target="catma:///x#char=0,5"/></seg><fs xml:id="F" type="T"/></TEI>',
        ".xml",
    ),
    (b"Parent code,Code,Code memo\n,A,a\nA,B,b\nB/x > y,C,c\n", ".csv"),
    (
        b"text,id,label,annotator,annotation_id,lead_time\n"
        b'Orrin,1,"[{""start"":0,""end"":5,""labels"":[""A""]}]",a,1,2\nOrrin,2\n',
        ".csv",
    ),
]


@pytest.mark.parametrize(
    ("seed", "ending"), SEEDS, ids=[f"{at}{seed[1]}" for at, seed in enumerate(SEEDS)]
)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_spoilt_files_are_read_or_refused(
    seed: bytes, ending: str, data: st.DataObject, tmp_path: Path
) -> None:
    """Bytes taken out, put in or exchanged: a project, or a `StudyError`, and nothing else."""
    spoil_and_read(seed, ending, data, tmp_path)


@pytest.mark.full("a thousand examples a format")
@pytest.mark.parametrize(
    ("seed", "ending"), SEEDS, ids=[f"{at}{seed[1]}" for at, seed in enumerate(SEEDS)]
)
@settings(
    max_examples=1_000, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(data=st.data())
def test_spoilt_files_are_read_or_refused_often(
    seed: bytes, ending: str, data: st.DataObject, tmp_path: Path
) -> None:
    spoil_and_read(seed, ending, data, tmp_path)


def spoil_and_read(seed: bytes, ending: str, data: st.DataObject, tmp_path: Path) -> None:
    spoilt = bytearray(seed)
    for _ in range(data.draw(st.integers(1, 6))):
        at = data.draw(st.integers(0, len(spoilt)))
        gone = data.draw(st.integers(0, 4))
        spoilt[at : at + gone] = data.draw(
            st.sampled_from(
                [
                    b"",
                    b"\0",
                    b"[",
                    b"{",
                    b'"',
                    b"]]",
                    b"-1",
                    b"9" * 30,
                    b"1e400",
                    b"null",
                    b"\xff",
                    b"\t",
                    b"\n",
                    b"\xf0\x9f\xab\x96",
                    b"[[",
                    b">",
                ]
            )
        )
    path = tmp_path / f"spoilt{ending}"
    path.write_bytes(bytes(spoilt))
    try:
        project = coding.read(path)
    except StudyError:
        return
    for one in project.codings.itertuples():
        assert 0 <= one.start < one.end
        if one.source_id in project.texts:
            assert one.end <= len(project.texts[one.source_id])


@pytest.mark.parametrize("write", [rqda, requal], ids=["rqda", "requal"])
@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    cells=st.lists(
        st.sampled_from([None, "", "x", -1, 10**30 // 1.0, 2**62, b"\xff", 3.5]),
        min_size=2,
        max_size=2,
    )
)
def test_databases_with_impossible_positions(
    write: Callable[[Path, list[Mark]], list[Path]], cells: list[object], tmp_path: Path
) -> None:
    for old in tmp_path.iterdir():
        old.unlink()
    (path,) = write(tmp_path, MARKS[:2])
    table, first, last = (
        ("coding", "selfirst", "selend")
        if path.suffix == ".rqda"
        else ("segments", "segment_start", "segment_end")
    )
    with sqlite3.connect(path) as database:
        database.execute(f"UPDATE {table} SET {first} = ?, {last} = ?", cells)
    database.close()
    project = coding.read(path)
    (text,) = project.texts.values()
    assert all(0 <= one.start < one.end <= len(text) for one in project.codings.itertuples())


def test_a_folder_is_a_project_and_not_the_folders_around_it(tmp_path: Path) -> None:
    (project,) = catma(tmp_path / "all" / "of catma", MARKS)
    (beside,) = doccano(tmp_path / "all", MARKS)
    assert list(coded_in(tmp_path)) == [beside, project]


def test_a_member_without_a_name_is_passed_over(tmp_path: Path) -> None:
    path = tmp_path / "p.qdpx"
    with zipfile.ZipFile(path, "w") as packed:
        packed.writestr("x", b"nothing")
    # The name is gone, from both places that have it.
    path.write_bytes(path.read_bytes().replace(b"x", b"\0"))
    with pytest.raises(StudyError):
        coding.read(path)


def test_nested_json_without_end_is_no_coding(tmp_path: Path) -> None:
    (tmp_path / "deep.json").write_bytes(b"[" * 200_000)
    with pytest.raises(StudyError):
        coding.read(tmp_path / "deep.json")


def test_codes_within_codes_without_end_are_refused(tmp_path: Path) -> None:
    """In a path as it is written, and where each stands above the next in a ring."""
    path = "/".join(f"c{level}" for level in range(20_000))
    rows = f"source_id,start,end,code,coder,quote\nt1,0,5,{path},A,Hello\n"
    (tmp_path / "deep.csv").write_text(rows)
    (root,) = catma(tmp_path, MARKS)
    for number in range(400):
        tag = root / "tagsets" / "T_1" / f"CATMA_{number}"
        tag.mkdir()
        named = {"name": f"n{number}", "parentUuid": f"CATMA_{(number + 1) % 400}"}
        (tag / "propertydefs.json").write_text(json.dumps(named))
    for endless in (tmp_path / "deep.csv", root):
        with pytest.raises(StudyError, match="codes within codes"):
            coding.read(endless)


def test_each_format_has_a_name_of_its_own() -> None:
    names = [one.name for one in FORMATS]
    assert len(set(names)) == len(names)


@pytest.mark.parametrize(
    "write",
    [rqda, requal, doccano, label_studio, label_studio_min, label_studio_csv],
    ids=lambda one: str(one.__name__),
)
def test_a_file_is_written_again_without_a_source(
    write: Callable[[Path, list[Mark]], list[Path]], tmp_path: Path
) -> None:
    """The words are in no byte of it, and it is a project of the same program still."""
    (path,) = write(tmp_path, MARKS)
    file = CodingFile(path)
    found = format_of(file)
    assert found.without is not None
    assert found.without(file, lambda *names: False, frozenset()) == file.data
    (tmp_path / "after").mkdir()
    after = tmp_path / "after" / path.name
    (name,) = coding.read(path).sources["source_id"]
    after.write_bytes(found.without(file, lambda *names: name in names, frozenset()))
    for words in ("kettle", "Nobody", "\N{TEAPOT}"):
        assert words.encode() not in after.read_bytes()
        assert json.dumps(words)[1:-1].encode() not in after.read_bytes()
    if after.read_bytes().strip() not in (b"", b"[]"):
        left = coding.read(after)
        assert left.sources.empty
        assert left.codings.empty


# --- a project of ROCK ------------------------------------------------------------------


def rock_project(folder: Path, members: dict[str, str]) -> Path:
    path = folder / "study.ROCKproject"
    with zipfile.ZipFile(path, "w") as archive:
        for name, text in members.items():
            archive.writestr(name, text)
    return path


def test_of_a_rock_project_the_coded_stage_is_read(tmp_path: Path) -> None:
    said = "[[uid=7aaa]] We were glad.{}\n[[uid=7bbb]] Then it rained.{}\n"
    path = rock_project(
        tmp_path,
        {
            "_ROCKproject.yml": "_ROCKproject:\n  name: x\n",
            "data/10---raw/one.rock": "We were glad.\nThen it rained.\n",
            "data/20---uids/one.rock": said.format("", ""),
            "data/30---coded/one_A.rock": "[[coderId=A]]\n" + said.format(" [[joy]]", ""),
            "data/30---coded/one_B.rock": said.format(" [[mood>joy]]", " [[weather]]"),
        },
    )
    project = coding.read(path)
    assert project.sources["source_id"].tolist() == ["one_A"]
    found = project.codings[["start", "end", "code", "coder"]].itertuples(index=False, name=None)
    assert sorted(found) == [
        (0, 13, "joy", "A"),
        (0, 13, "mood/joy", "one_B"),
        (14, 29, "weather", "one_B"),
    ]
    left = project.report.loc[project.report["topic"] == "left out", "count"]
    assert left.sum() == 2


def test_a_rock_project_without_sources_is_named(tmp_path: Path) -> None:
    with pytest.raises(StudyError, match="without a source"):
        coding.read(rock_project(tmp_path, {"_ROCKproject.yml": "x"}))


# --- CATMA's standoff TEI ---------------------------------------------------------------

TEI = """<?xml version="1.0" encoding="UTF-8"?>
<TEI xmlns="http://www.tei-c.org/ns/1.0"><teiHeader><encodingDesc><fsdDecl n="set 1" xml:id="S">
<fsDecl xml:id="T1" n="1" type="T1"><fsDescr>drink</fsDescr></fsDecl>
<fsDecl xml:id="T2" n="1" type="T2" baseTypes="T1"><fsDescr>tea</fsDescr></fsDecl>
<fsDecl xml:id="T3" n="1" type="T3"><fsDescr>tea</fsDescr></fsDecl>
</fsdDecl></encodingDesc></teiHeader>
<text><body><ab type="catma">
<seg ana="#A1"><ptr target="catma:///one.txt#char=0,4" type="inclusion"/></seg>
<seg ana="#A1 #A2"><ptr target="catma:///one.txt#char=4,10" type="inclusion"/></seg>
<ptr target="catma:///one.txt#char=10,20" type="inclusion"/>
<seg ana="#A1"><ptr target="catma:///one.txt#char=20,25" type="inclusion"/></seg>
</ab></body>
<fs xml:id="A1" type="T2"><f name="catma_markupauthor"><string>Ann</string></f>
<f name="mood"><string>dry</string></f></fs>
<fs xml:id="A2" type="T3"><f name="catma_markupauthor"><string>Ben</string></f></fs>
<fs xml:id="A3" type="T9"/>
</text></TEI>
"""


def test_the_pieces_of_an_annotation_in_tei_are_one(tmp_path: Path) -> None:
    (tmp_path / "annotations.xml").write_text(TEI, encoding="utf-8")
    project = coding.read(tmp_path / "annotations.xml")
    found = project.codings[["start", "end", "code", "coder", "memo"]]
    assert sorted(found.itertuples(index=False, name=None)) == [
        (0, 10, "drink/tea", "Ann", "mood: dry"),
        (4, 10, "tea", "Ben", ""),
        (20, 25, "drink/tea", "Ann", "mood: dry"),
    ]
    assert project.sources["file"].tolist() == ["one.txt"]


@pytest.mark.parametrize(
    ("name", "text", "way"),
    [
        ("t.xml", '<TEI xmlns="http://www.tei-c.org/ns/1.0"><text/></TEI>', "CATMA"),
        ("l.csv", "annotation_id,annotator,lead_time,label\n1,2,3,[]\n", "as JSON"),
    ],
)
def test_what_is_recognised_and_not_read_names_a_way(
    name: str, text: str, way: str, tmp_path: Path
) -> None:
    (tmp_path / name).write_text(text, encoding="utf-8")
    with pytest.raises(StudyError, match=way):
        coding.read(tmp_path / name)

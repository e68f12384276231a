"""REFI-QDA as programs write it: positions calibrated, every oddity taken or said."""

from __future__ import annotations

import io
import uuid
import zipfile
from pathlib import Path

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from realdata import REALDATA, needs_realdata

from analysis import coding
from analysis.coding.formats.offsets import (
    READINGS,
    Reading,
    Selections,
    StoredText,
    choose_reading,
)
from analysis.coding.project import Report
from analysis.files.problems import StudyError

NAMESPACE = "urn:QDA-XML:project:1.0"


def guid(number: int) -> str:
    return str(uuid.UUID(int=number))


def selection(start: int, end: int, *codes: int, name: str = "", inner: str = "") -> str:
    codings = "".join(
        f'<Coding guid="{guid(900)}" creatingUser="{{{guid(2).upper()}}}">'
        f'<CodeRef targetGUID="{guid(code).upper()}"/></Coding>'
        for code in codes
    )
    return (
        f'<PlainTextSelection guid="{guid(901)}" name="{name}" startPosition="{start}" '
        f'endPosition="{end}" creatingUser="{guid(1)}">{inner}{codings}</PlainTextSelection>'
    )


USERS = f'<Users><User guid="{guid(1)}" name="Ann"/><User guid="{guid(2)}" name="Bea"/></Users>'
CODES = (
    f'<CodeBook><Codes><Code guid="{guid(10)}" name="voice" isCodable="true">'
    f'<Description>who is heard</Description><Code guid="{guid(11)}" name="unheard" '
    f'isCodable="true"/></Code><Code guid="{guid(12)}" name="role" isCodable="false">'
    f'<Code guid="{guid(13)}" name="unheard" isCodable="true"/></Code></Codes></CodeBook>'
)


def text_source(number: int, name: str, selections: str, path: str = "", inline: str = "") -> str:
    given = f' plainTextPath="{path}"' if path else ""
    content = f"<PlainTextContent>{inline}</PlainTextContent>" if inline else ""
    return (
        f'<TextSource guid="{guid(number)}" name="{name}"{given}>{content}{selections}</TextSource>'
    )


def qdpx(
    path: Path,
    sources: str = "",
    *,
    texts: dict[str, bytes] | None = None,
    origin: str = "",
    users: str = USERS,
    codes: str = CODES,
    before: str = "",
    after: str = "",
    namespace: str = NAMESPACE,
    member: str = "project.qde",
    folder: str = "sources",
) -> Path:
    inside = f"<Sources>{sources}</Sources>" if sources else ""
    document = (
        f'<?xml version="1.0" encoding="utf-8"?><Project xmlns="{namespace}" name="p" '
        f'origin="{origin}">{users}{codes}{before}{inside}{after}</Project>'
    )
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in (texts or {}).items():
            archive.writestr(f"{folder}/{name}", data)
        archive.writestr(f"{folder}/.DS_Store", b"\0")
        archive.writestr(member, "\ufeff" + document)
    return path


def words_of(project: coding.CodedProject) -> list[tuple[str, str, str]]:
    return sorted(
        (project.texts[row.source_id][row.start : row.end], row.code, row.coder)
        for row in project.codings.itertuples()
    )


def said(project: coding.CodedProject, topic: str) -> dict[str, int]:
    rows = project.report[project.report["topic"] == topic]
    return dict(zip(rows["detail"], rows["count"], strict=True))


# Positions


def test_the_annex_of_the_standard_is_end_exclusive() -> None:
    """Q01: selections printed in annex A.2 of REFI-QDA 1.5."""
    for start, end, words in [
        (62, 69, "granola"),
        (139, 195, "Oh, that was great. See you tomorrow? Eleven thirty. Mm."),
        (215, 275, "I did try the gluten free bread, but it was always so soggy,"),
    ]:
        text = StoredText(" " * start + words + " " * 20)
        first, last = text.code_points(np.array([start, end]), READINGS[0])
        assert text.text[first:last] == words


@pytest.mark.parametrize(
    ("text", "reading", "positions", "words"),
    [
        ("Ha 😀 yes", Reading(False, True, False), (5, 8), "yes"),  # Q02
        ("Ha 😀 yes", Reading(True, True, False), (6, 9), "yes"),
        ("I: Hi\r\nP: Fine\r\nI: Why?", Reading(False, True, False), (19, 23), "Why?"),  # Q03
        ("I: Hi\r\nP: Fine\r\nI: Why?", Reading(False, False, False), (17, 21), "Why?"),
        ("ab\r\ncd", Reading(False, False, False), (1, 3), "b\r\n"),
        ("ab\r\ncd", Reading(False, False, False), (2, 4), "\r\nc"),
    ],
)
def test_published_positions(
    text: str, reading: Reading, positions: tuple[int, int], words: str
) -> None:
    start, end = StoredText(text).code_points(np.array(positions), reading)
    assert text[start:end] == words


def test_positions_inside_a_character_or_outside_the_text_are_none() -> None:
    text = StoredText("a😀b", bom=True)
    utf16 = Reading(True, True, False)
    assert text.code_points(np.array([2, 3, 4, 5, -1]), utf16).tolist() == [-1, 2, 3, -1, -1]
    counted = Reading(False, True, True)
    assert text.code_points(np.array([0, 1, 4, 5]), counted).tolist() == [-1, 0, 3, -1]


PIECES = st.sampled_from(
    ["we", "met", "them", "😀", "é", "e\u0301", "\r\n", "\n", " ", ". ", "👩🏽‍🎓"]
)


@st.composite
def coded_texts(draw: st.DrawFn) -> tuple[str, bool, list[tuple[int, int]]]:
    text = "".join(draw(st.lists(PIECES, min_size=3, max_size=30)))
    spans = []
    for _ in range(draw(st.integers(1, 6))):
        start = draw(st.integers(0, len(text) - 1))
        end = draw(st.integers(start + 1, len(text)))
        # A program that counts CRLF as one cannot mark half of it.
        if "\r" not in (text[start - 1 : start], text[end - 1 : end]):
            spans.append((start, end))
    return text, draw(st.booleans()), spans


def positions_under(text: str, place: int, reading: Reading, bom: bool) -> int:
    before = text[:place]
    units = len(before.encode("utf-16-le")) // 2 if reading.utf16 else len(before)
    units -= 0 if reading.crlf_two else before.count("\r\n")
    return units + int(reading.bom and bom)


@settings(max_examples=2 * settings().max_examples)
@given(coded_texts(), st.sampled_from(READINGS))
def test_every_convention_is_undone(
    coded: tuple[str, bool, list[tuple[int, int]]], reading: Reading
) -> None:
    text, bom, spans = coded
    stored = StoredText(text, bom)
    for start, end in spans:
        given = [positions_under(text, place, reading, bom) for place in (start, end)]
        assert stored.code_points(np.array(given), reading).tolist() == [start, end]


@given(st.sampled_from(READINGS), st.booleans(), st.data())
def test_names_that_repeat_the_text_tell_the_convention(
    reading: Reading, bom: bool, data: st.DataObject
) -> None:
    words = ["alpha", "beta😀", "gamma", "delta\r\n", "épsilon", "zeta\r\n", "eta😀", "theta"]
    text = " ".join(data.draw(st.permutations(words)))
    marked = data.draw(st.lists(st.sampled_from(words), min_size=1, unique=True))
    spans = [(text.index(word), text.index(word) + len(word)) for word in marked]
    given = [[positions_under(text, span[side], reading, bom) for span in spans] for side in (0, 1)]
    selections = Selections(
        StoredText(text, bom),
        np.array(given[0]),
        np.array(given[1]),
        [word.strip() for word in marked],
    )
    chosen = choose_reading([selections], "", Report("a.qdpx"))
    starts, ends = selections.read(chosen)
    found = [text[start:end].strip() for start, end in zip(starts, ends, strict=True)]
    assert found == [word.strip() for word in marked]


@pytest.mark.parametrize(
    ("origin", "reading"),
    [
        ("NVivo for Windows 12.6", Reading(True, True, False)),
        ("ATLAS.ti 23 Windows", Reading(False, False, False)),
        ("QualCoder 3.5", Reading(False, True, False)),
    ],
)
def test_without_names_word_edges_and_origin_decide(
    tmp_path: Path, origin: str, reading: Reading
) -> None:
    text = "I: Hi 😀\r\nP: We trust them 😀\r\nI: Why is that so?\r\nP: They listen to us."
    marked = ["We trust them", "Why is that so", "They listen"]
    selections = "".join(
        selection(
            positions_under(text, text.index(words), reading, True),
            positions_under(text, text.index(words) + len(words), reading, True),
            10,
        )
        for words in marked
    )
    path = qdpx(
        tmp_path / "p.qdpx",
        text_source(30, "P1", selections, "internal://P1.txt"),
        texts={"P1.txt": text.encode("utf-8-sig")},
        origin=origin,
    )
    project = coding.read(path)
    assert [words for words, _, _ in words_of(project)] == sorted(marked)
    (line,) = said(project, "offsets")
    assert line.startswith(str(reading))
    assert "runner-up" in line


def test_a_tie_on_different_words_is_refused(tmp_path: Path) -> None:
    # One CRLF before: read as two the span is 'one', as one it is 'two'; nothing tells which.
    text = "a\r\n...\r\none two one two"
    stored = StoredText(text)
    start = text.index("one")
    selections = Selections(stored, np.array([start]), np.array([start + 3]), [""])
    tie = StoredText("\r\n\r\n\r\n\r\none two")
    tied = Selections(tie, np.array([8]), np.array([11]), [""])
    assert choose_reading([selections], "", Report("a.qdpx")).crlf_two
    with pytest.raises(StudyError, match=r"a\.qdpx[\s\S]*read in two ways"):
        choose_reading([tied], "", Report("a.qdpx"))
    assert choose_reading([tied], "NVivo", Report("a.qdpx")).crlf_two
    assert not choose_reading([tied], "ATLAS.ti", Report("a.qdpx")).crlf_two


# What is in a project


def test_codes_are_told_by_guid_and_coders_by_coding(tmp_path: Path) -> None:
    source = text_source(30, "P1", selection(0, 2, 10, 13), inline="We trust them")
    project = coding.read(qdpx(tmp_path / "p.qdpx", source))
    assert words_of(project) == [("We", "role/unheard", "Bea"), ("We", "voice", "Bea")]
    codes = project.codes.set_index("code")
    assert codes.index.tolist() == ["role", "role/unheard", "voice", "voice/unheard"]
    assert codes["usable"].tolist() == [False, True, True, True]
    assert codes.loc["voice", ["guid", "definition", "depth"]].tolist() == [
        guid(10),
        "who is heard",
        0,
    ]


def test_members_and_folders_spelled_as_they_come(tmp_path: Path) -> None:
    path = qdpx(
        tmp_path / "export.zip",
        text_source(30, "P1", selection(0, 2, 10), "internal://ABC.TXT")
        + text_source(31, "P2", selection(3, 8, 10), "def.txt"),
        texts={"abc.txt": b"We trust", "def.txt": b"We trust"},
        member="Project.QDE",
        folder="Sources",
        namespace="urn:QDA-XML:project:0:4",
    )
    assert [one[0] for one in words_of(coding.read(path))] == ["We", "trust"]


def test_nothing_outside_the_project_is_followed(tmp_path: Path) -> None:
    (tmp_path / "secret.txt").write_text("We trust", encoding="utf-8")
    sources = "".join(
        text_source(number, f"P{number}", selection(0, 2, 10), path)
        for number, path in enumerate(
            [
                f"absolute://{tmp_path}/secret.txt",
                "relative:///secret.txt",
                "internal://../secret.txt",
                "internal://gone.txt",
            ],
            30,
        )
    )
    project = coding.read(qdpx(tmp_path / "p.qdpx", sources))
    assert not project.texts
    assert project.codings.empty
    left_out = said(project, "left out")
    assert left_out["texts outside the project file, not followed"] == 2
    assert left_out["texts named but not in the project file"] == 2
    assert left_out["codings of sources without text"] == 4


def test_what_is_not_taken_is_counted(tmp_path: Path) -> None:
    sources = (
        text_source(
            30,
            "P1",
            selection(0, 2)
            + selection(0, 99, 10)
            + selection(0, 2, 77)
            + '<PlainTextSelection guid="x" startPosition="a" endPosition="2">'
            + f'<Coding guid="x"><CodeRef targetGUID="{guid(10)}"/></Coding></PlainTextSelection>',
            inline="We trust",
        )
        + f'<PictureSource guid="{guid(40)}" name="pic"><PictureSelection guid="x">'
        f'<Coding guid="x"><CodeRef targetGUID="{guid(10)}"/></Coding></PictureSelection>'
        f'</PictureSource><VideoSource guid="{guid(41)}"/>'
        f'<PDFSource guid="{guid(42)}" name="plan.pdf"><PDFSelection guid="x" page="1">'
        f'<Coding guid="x"><CodeRef targetGUID="{guid(10)}"/></Coding></PDFSelection>'
        f'<Representation guid="{guid(43)}" name="plan"><PlainTextContent>A plan</PlainTextContent>'
        f"{selection(2, 6, 10)}</Representation></PDFSource>"
    )
    after = f'<Links><Link guid="{guid(50)}"/></Links><Sets><Set guid="{guid(51)}"/></Sets>'
    project = coding.read(qdpx(tmp_path / "p.qdpx", sources, after=after))
    assert words_of(project) == [("plan", "voice", "Bea")]
    assert said(project, "left out") == {
        "links (not codings)": 1,
        "sets (not codings)": 1,
        "selections without a code (annotations)": 1,
        "codings with a code that is not listed": 1,
        "codings without whole numbers as positions": 1,
        "codings whose positions are no span of their text": 1,
        "PictureSource without text": 1,
        "codings in PictureSource without text": 1,
        "VideoSource without text": 1,
        "codings of a PDFSelection (an area, not words)": 1,
    }


def test_cases_and_variables_become_attributes(tmp_path: Path) -> None:
    def value(number: int, kind: str, said: str) -> str:
        return (
            f'<VariableValue><VariableRef targetGUID="{guid(number)}"/>'
            f"<{kind}>{said}</{kind}></VariableValue>"
        )

    before = (
        f'<Variables><Variable guid="{guid(20)}" name="role"/>'
        f'<Variable guid="{guid(21)}" name="years"/></Variables>'
        f'<Cases><Case guid="{guid(10)}" name="Ann"><Description/>'
        f"{value(20, 'TextValue', 'commissioner')}{value(21, 'IntegerValue', '7')}"
        f'<SourceRef targetGUID="{guid(30)}"/></Case>'
        f'<Case guid="{guid(61)}">{value(21, "IntegerValue", "3")}'
        f'<SourceRef targetGUID="{guid(31)}"/><SourceRef targetGUID="{guid(99)}"/></Case></Cases>'
    )
    sources = text_source(30, "P1", "", inline="x") + text_source(31, "P2", "", inline="y")
    project = coding.read(qdpx(tmp_path / "p.qdpx", sources, before=before))
    assert project.sources[["name", "case", "role", "years"]].to_numpy().tolist() == [
        ["P1", "Ann", "commissioner", "7"],
        ["P2", "", "", "3"],
    ]
    assert project.cases.to_dict("records") == [
        {"case": "Ann", "role": "commissioner", "years": "7"}
    ]
    assert said(project, "left out")["sources of cases that are not listed"] == 1


@pytest.mark.parametrize("codes", ["", "<CodeBook><Codes/></CodeBook>"])
def test_a_project_without_codes_or_sources(tmp_path: Path, codes: str) -> None:
    project = coding.read(qdpx(tmp_path / "p.qdpx", codes=codes, users=""))
    assert project.codes.empty and project.codings.empty and project.sources.empty


def test_flat_names_with_colons_are_a_tree(tmp_path: Path) -> None:
    codes = (
        f'<CodeBook><Codes><Code guid="{guid(10)}" name="Coke::diet Coke" isCodable="true"/>'
        f'<Code guid="{guid(11)}" name="Coke" isCodable="true"/>'
        f'<Code guid="{guid(12)}" name="Tea::either/or" isCodable="true"/></Codes></CodeBook>'
    )
    project = coding.read(qdpx(tmp_path / "p.qdpx", codes=codes))
    assert project.codes[["code", "usable"]].to_numpy().tolist() == [
        ["Coke", True],
        ["Coke/diet Coke", True],
        ["Tea", False],
        ["Tea/either∕or", True],
    ]


def test_sources_and_codes_of_one_name_stay_apart(tmp_path: Path) -> None:
    codes = (
        f'<CodeBook><Codes><Code guid="{guid(10)}" name="trust" isCodable="true"/>'
        f'<Code guid="{guid(11)}" name="trust" isCodable="true"/></Codes></CodeBook>'
    )
    sources = text_source(30, "P", selection(0, 1, 10), inline="abc") + text_source(
        31, "P", selection(1, 2, 11), inline="abc"
    )
    project = coding.read(qdpx(tmp_path / "p.qdpx", sources, codes=codes))
    assert project.codings[["source_id", "start", "code"]].to_numpy().tolist() == [
        ["P", 0, "trust"],
        ["P (2)", 1, "trust (2)"],
    ]


def test_a_codebook_alone(tmp_path: Path) -> None:
    path = tmp_path / "codes.qdc"
    path.write_text(
        '<?xml version="1.0"?><CodeBook xmlns="urn:QDA-XML:codebook:1.0" origin="x">'
        + CODES.removeprefix("<CodeBook>").removesuffix("</CodeBook>")
        + "</CodeBook>",
        encoding="utf-8",
    )
    project = coding.read(path)
    assert project.format == "REFI-QDA codebook"
    assert len(project.codes) == 4
    codes = coding.merged_codes([project])
    assert codes.set_index("code").loc["voice", "definition"] == "who is heard"


# Hostile files


def test_entities_are_refused(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("secret", encoding="utf-8")
    path = tmp_path / "p.qde"
    path.write_text(
        f'<!DOCTYPE p [<!ENTITY x SYSTEM "file://{tmp_path}/secret">]>'
        f'<Project xmlns="{NAMESPACE}" name="&x;"/>',
        encoding="utf-8",
    )
    with pytest.raises(StudyError, match=r"p\.qde"):
        coding.read(path)


def test_a_zip_bomb_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "p.qdpx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("project.qde", b" " * 50_000_000)
    with pytest.raises(StudyError, match="grows"):
        coding.read(path)


@pytest.mark.parametrize(
    "data",
    [
        b"PK\x03\x04broken",
        b"SQLite format 3\0broken",
        b"\xd0\xcf\x11\xe0old",
        b"<html><body/></html>",
        b"<unclosed",
        b"a\0b\0c",
        b"",
        b"just,some\nother,table\n",
    ],
)
def test_other_files_are_refused_by_name(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "strange.bin"
    path.write_bytes(data)
    with pytest.raises(StudyError, match=r"strange\.bin"):
        coding.read(path)


@given(st.integers(0, 2_000), st.binary(min_size=1, max_size=20))
@example(1388, b"\x05")  # the directory then points before the file
def test_a_damaged_project_is_read_or_refused(
    tmp_path_factory: pytest.TempPathFactory, place: int, noise: bytes
) -> None:
    folder = tmp_path_factory.mktemp("damaged")
    path = qdpx(folder / "p.qdpx", text_source(30, "P1", selection(0, 2, 10), inline="We trust"))
    data = path.read_bytes()
    place %= len(data)
    path.write_bytes(data[:place] + noise + data[place + len(noise) :])
    try:
        coding.read(path)
    except StudyError as error:
        assert "p.qdpx" in str(error)


# A real project


@needs_realdata
def test_a_real_nvivo_project() -> None:
    project = coding.read(REALDATA / "nvivo" / "oltas0517.qdpx")
    codes, codings = project.codes, project.codings
    assert len(project.sources) == len(project.texts) == 2
    assert (len(codes), (codes["parent"] == "").sum(), codes["depth"].max() + 1) == (152, 12, 4)
    assert (~codes["usable"]).sum() == 1
    assert len(codings) == 303
    assert len(codings[["source_id", "start", "end"]].drop_duplicates()) == 188
    assert codings["code"].nunique() == 76
    assert codings["coder"].value_counts().to_dict() == {"Gergo": 303}
    (offsets,) = said(project, "offsets")
    assert offsets.startswith("UTF-16 units, CRLF counted as two, BOM not counted")
    (coded,) = codings["source_id"].unique()
    text = project.texts[coded]
    spans = codings[["start", "end"]].drop_duplicates()
    utf16 = text.encode("utf-16-le")
    ((start, end),) = [
        (start, end)
        for start, end in spans.itertuples(index=False)
        if text[start:end] == "Ennyi vadbarmot!!"
    ]
    assert len(text[:start].encode("utf-16-le")) == 2 * 27173
    assert utf16[2 * 27173 : 2 * 27190].decode("utf-16-le") == text[start:end]


def test_reading_does_not_extract(tmp_path: Path) -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("../../evil.qde", f'<Project xmlns="{NAMESPACE}" name="p"/>')
    path = tmp_path / "p.qdpx"
    path.write_bytes(buffer.getvalue())
    assert coding.read(path).sources.empty
    assert [one.name for one in tmp_path.iterdir()] == ["p.qdpx"]

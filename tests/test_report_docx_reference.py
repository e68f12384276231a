"""The DOCX takes the authors' own styles, and says so in every header while data are invented."""

from __future__ import annotations

import zipfile
from pathlib import Path

import docx
import pytest

from analysis.files.problems import StudyError
from analysis.files.project import SKELETON
from analysis.report import docx_reference

PROJECT = Path(__file__).resolve().parents[1]
SHIPPED = SKELETON / "reports" / docx_reference.STYLES


def headers(path: Path) -> list[str]:
    section = docx.Document(str(path)).sections[0]
    both = (section.header, section.first_page_header)
    return ["".join(one.text for one in header.paragraphs) for header in both]


def test_the_project_and_a_new_study_begin_with_the_same() -> None:
    assert (PROJECT / "reports" / docx_reference.STYLES).read_bytes() == SHIPPED.read_bytes()
    styles = {style.name for style in docx.Document(str(SHIPPED)).styles}
    assert {"Callout", "Generated", "Judges Note", "Table Caption", "Notice"} <= styles


def test_what_authors_restyle_stays(tmp_path: Path) -> None:
    own = tmp_path / docx_reference.STYLES
    own.parent.mkdir()
    document = docx.Document(str(SHIPPED))
    document.styles["Heading 1"].font.name = "Garamond"
    document.styles["Notice"].delete()
    document.sections[0].header.paragraphs[0].text = "Our project"
    document.sections[0].different_first_page_header_footer = True
    document.save(str(own))
    docx_reference.write(tmp_path, tmp_path / "to" / "one.docx", "Invented data")
    docx_reference.write(tmp_path, tmp_path / "plain.docx", "")
    written = docx.Document(str(tmp_path / "to" / "one.docx"))
    assert written.styles["Heading 1"].font.name == "Garamond"
    assert headers(tmp_path / "to" / "one.docx") == ["Invented dataOur project", "Invented data"]
    assert headers(tmp_path / "plain.docx")[0] == "Our project"
    with zipfile.ZipFile(tmp_path / "plain.docx") as parts:
        assert {one.date_time[0] for one in parts.infolist()} == {1980}


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 half", b"{}"])
def test_a_file_that_is_no_document_is_told(tmp_path: Path, content: bytes) -> None:
    own = tmp_path / docx_reference.STYLES
    own.parent.mkdir()
    own.write_bytes(content)
    with pytest.raises(StudyError, match="save it anew"):
        docx_reference.write(tmp_path, tmp_path / "one.docx", "")

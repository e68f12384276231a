"""Lists of codes as programs export them: names, parents and definitions, under any heading."""

from __future__ import annotations

from pathlib import Path

import pytest

from analysis import coding

TREE = {"Care": "about care", "Care/Trust": "about trust"}
BOOKS = {
    "MAXQDA": "Parent code\tCode\tCode memo\tCoded segments\n"
    "\tCare\tabout care\t3\nCare\tTrust\tabout trust\t2\n",
    "MAXQDA 2022": "Color,Parent code,Code,Cod. seg. (all documents),Code memo,Author\n"
    "red,,Care,3,about care,x\nred,Care,Trust,2,about trust,x\n",
    "label": "label,definition,parent\nTrust,about trust,Care\nCare,about care,\n",
    "path": "path,description\nCare,about care\nCare/Trust,about trust\n",
    "path of ATLAS.ti": "path;description\nCare;about care\nCare::Trust;about trust\n",
    "theme": "Theme,Code,Definition\n,Care,about care\nCare,Trust,about trust\n",
}
FLAT = {
    "Taguette": "tag,description,number of highlights\nTrust,about trust,3\n",
    "ATLAS.ti": "Code;Comment;Groundedness;Density;Code Groups\nTrust;about trust;12;0;G\n",
    "name": "name,description\nTrust,about trust\n",
}


@pytest.mark.parametrize("program", BOOKS)
def test_a_tree_of_codes(program: str, tmp_path: Path) -> None:
    (tmp_path / "codes.csv").write_text(BOOKS[program], encoding="utf-8")
    codes = coding.read(tmp_path / "codes.csv").codes
    assert dict(zip(codes["code"], codes["definition"], strict=True)) == TREE


@pytest.mark.parametrize("program", FLAT)
def test_a_list_of_codes(program: str, tmp_path: Path) -> None:
    (tmp_path / "codes.csv").write_text(FLAT[program], encoding="utf-8")
    codes = coding.read(tmp_path / "codes.csv").codes
    assert dict(zip(codes["code"], codes["definition"], strict=True)) == {"Trust": "about trust"}


TOLD = {
    "definition": "about trust",
    "include": "being believed",
    "exclude": "being paid",
    "example": "They believe us.",
}


def test_what_a_code_takes_in_and_leaves_out_comes_along(tmp_path: Path) -> None:
    (tmp_path / "codes.csv").write_text(
        "Code,Definition,When to use,When not to use,Ankerbeispiel\n"
        "Trust,about trust,being believed,being paid,They believe us.\n",
        encoding="utf-8",
    )
    (code,) = coding.merged_codes([coding.read(tmp_path / "codes.csv")]).to_dict("records")
    assert {name: code[name] for name in TOLD} == TOLD


def test_it_comes_back_from_a_codebook_that_keeps_it_in_the_description(tmp_path: Path) -> None:
    (tmp_path / "codes.qdc").write_text(
        '<?xml version="1.0" encoding="utf-8"?>\n'
        '<CodeBook xmlns="urn:QDA-XML:codebook:1.0" origin="x"><Codes>'
        '<Code guid="a1b2c3d4-0000-4000-8000-000000000001" name="Trust" isCodable="true">'
        "<Description>about trust\nInclude: being believed\nExclude: being paid\n"
        "Example: They believe us.</Description></Code></Codes></CodeBook>",
        encoding="utf-8",
    )
    (code,) = coding.read(tmp_path / "codes.qdc").codes.to_dict("records")
    assert {name: code[name] for name in TOLD} == TOLD


def test_parents_in_a_circle_end(tmp_path: Path) -> None:
    (tmp_path / "codes.csv").write_text("code,parent,definition\na,b,x\nb,a,y\n", encoding="utf-8")
    assert len(coding.read(tmp_path / "codes.csv").codes) >= 2

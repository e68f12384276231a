"""Formats that are recognised and cannot be read: each is named, with a way that exists."""

from __future__ import annotations

from collections.abc import Mapping

from analysis.coding.formats.coding_file import CodingFile
from analysis.coding.formats.containers import refuse
from analysis.coding.formats.format import Format, NoCodingError
from analysis.coding.project import CodedProject
from analysis.files.problems import Problem

_REFI = "export it there as a REFI-QDA project (.qdpx)"
_TABLE = "export its coded segments there as .xlsx or .csv"


def _recognised(name: str, endings: tuple[str, ...], way: str) -> Format:
    def read(file: CodingFile, columns: Mapping[str, str]) -> CodedProject:
        raise refuse(file.name, f"{name}, which only that program reads", "an export of it", way)

    return Format(name, endings, lambda file: file.ending in endings and bool(file.data), read)


def _database(file: CodingFile, columns: Mapping[str, str]) -> CodedProject:
    raise refuse(
        file.name,
        "a database of another program",
        "a project of a program that is known here",
        "export the project as REFI-QDA (.qdpx), or its coded segments as a table",
    )


def _old_office(file: CodingFile, columns: Mapping[str, str]) -> CodedProject:
    raise refuse(
        file.name,
        "a file of an old Office program or a QDA program's own",
        "a REFI-QDA project, .xlsx or .csv",
        "save or export it as one of them",
    )


def _json(file: CodingFile, columns: Mapping[str, str]) -> CodedProject:
    raise NoCodingError(
        Problem(
            file.name,
            "JSON of another kind than coding",
            "an export of Label Studio or INCEpTION (CAS JSON), or Web Annotations",
            "export the coding from its program as one of these, or as a table",
        )
    )


def _tei(file: CodingFile, columns: Mapping[str, str]) -> CodedProject:
    raise NoCodingError(
        Problem(
            file.name,
            "TEI without annotations of CATMA",
            "CATMA's standoff TEI, its project in git layout, or Web Annotations",
            "export the annotations from CATMA; a text in TEI is saved as .txt",
        )
    )


def _label_studio_table(file: CodingFile, columns: Mapping[str, str]) -> CodedProject:
    raise refuse(
        file.name,
        "a table of Label Studio, in which spans are packed into cells",
        "its export as JSON",
        "export the project there as JSON, which has every annotator and position",
    )


def _is_label_studio_table(file: CodingFile) -> bool:
    heading = {name.strip('"') for name in file.text[:2_000].partition("\n")[0].strip().split(",")}
    return {"annotation_id", "annotator", "lead_time"} <= heading


RECOGNISED: tuple[Format, ...] = (
    _recognised("a project of NVivo", (".nvp", ".nvpx", ".nvcx"), _REFI),
    _recognised("a project of ATLAS.ti", (".atlproj", ".atlproj9", ".atlcb", ".hpr7"), _REFI),
    _recognised(
        "a project of MAXQDA",
        (".mx3", ".mx4", ".mx5", ".mx11", ".mx12", ".mx18", ".mx20", ".mx22", ".mx24", ".mex"),
        _REFI,
    ),
    _recognised("a project of QDA Miner", (".ppj", ".wpj"), _REFI),
    _recognised("a project of Quirkos", (".qrk",), _REFI),
    _recognised("a project of f4analyse", (".f4p", ".f4a"), _REFI),
    _recognised("a project of HyperRESEARCH", (".hs2", ".hrx"), _TABLE),
    Format("a table of Label Studio", (), _is_label_studio_table, _label_studio_table),
    Format("a text in TEI", (), lambda file: file.is_xml and b"<TEI" in file.data[:4_000], _tei),
    Format("another JSON file", (), lambda file: file.json is not None, _json),
    Format("another database", (), lambda file: bool(file.tables), _database),
    Format(
        "an old Office file",
        (),
        lambda file: file.data.startswith(b"\xd0\xcf\x11\xe0"),
        _old_office,
    ),
)

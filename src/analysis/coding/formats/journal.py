"""The journal of coding in the lab: it tells how coding came about, and holds none of its own."""

from __future__ import annotations

from collections.abc import Mapping

from analysis.coding.formats.coding_file import CodingFile
from analysis.coding.formats.format import Format, NoCodingError
from analysis.coding.formats.without.rows import table_without
from analysis.coding.project import CodedProject
from analysis.files.problems import Problem

COLUMNS = ("act", "when", "what", "source_id", "before", "after", "note")
ENDING = ".log.csv"


def _knows(file: CodingFile) -> bool:
    return file.text.startswith(",".join(COLUMNS))


def _read(file: CodingFile, columns: Mapping[str, str]) -> CodedProject:
    raise NoCodingError(
        Problem(
            file.name,
            "the journal of coding in the lab, which holds no coding of its own",
            "the table of spans beside it",
            "leave it where it is",
        )
    )


FORMAT = Format("journal of the lab", (".csv",), _knows, _read, table_without)

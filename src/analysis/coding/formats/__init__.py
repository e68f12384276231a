"""The formats of coding: one table, one file and one line a program.

Reading the folder of coding, beginning a study and purging a source all ask here.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from pathlib import Path

from analysis.coding.formats import (
    brat,
    cas,
    catma,
    catma_tei,
    comments,
    doccano,
    journal,
    label_studio,
    label_studio_rows,
    others,
    qc,
    qualcoder,
    refi,
    requal,
    rock,
    rqda,
    spans,
    tables,
    taguette,
    web_annotation,
    webanno,
)
from analysis.coding.formats.coding_file import CodingFile
from analysis.coding.formats.columns import ROLES
from analysis.coding.formats.containers import refuse
from analysis.coding.formats.format import Format, NoCodingError
from analysis.coding.plain_project import Plain, as_plain, from_plain
from analysis.coding.project import CodedProject
from analysis.files import confined
from analysis.files.problems import Problem
from analysis.files.stray_files import is_left_by_a_program
from analysis.files.vocabulary import meant, perhaps

__all__ = [
    "ENDINGS",
    "FORMATS",
    "Format",
    "NoCodingError",
    "coded_in",
    "columns_of_no_file",
    "format_of",
    "problems_of_columns",
    "read",
]

# The first one that knows a file reads it: a table is what nothing else is.
FORMATS: tuple[Format, ...] = (
    refi.PROJECT,
    taguette.FORMAT,
    qualcoder.FORMAT,
    rqda.FORMAT,
    requal.FORMAT,
    catma.FORMAT,
    catma_tei.FORMAT,
    qc.FORMAT,
    rock.PROJECT,
    comments.FORMAT,
    tables.WORKBOOK,
    refi.DOCUMENT,
    rock.FORMAT,
    webanno.FORMAT,
    cas.FORMAT,
    label_studio.FORMAT,
    label_studio_rows.FORMAT,
    web_annotation.FORMAT,
    doccano.FORMAT,
    brat.FORMAT,
    *others.RECOGNISED,
    journal.FORMAT,
    spans.FORMAT,
    tables.DELIMITED,
)
ENDINGS = frozenset(ending for one in FORMATS for ending in one.endings)

# What programs and people put beside coding, and what is told of nothing.
_NEVER_CODING = frozenset({".md", ".css", ".js", ".yml", ".yaml", ".bib", ".qmd", ".ipynb"})


def read(
    path: str | Path, columns: Mapping[str, str | Mapping[str, str]] | None = None, name: str = ""
) -> CodedProject:
    """Read one coded project or export; its format is told from its content.

    `columns` overrules the detection of columns in a table: `quote`, `code`, `source`, `coder`,
    `memo`, `start`, `end` and so on -> the heading of that column; under the name of a file,
    `{file: {role: heading}}`, for this file alone. `name` is what the file is called to people.
    Nothing is written, run or fetched. Raises `NoCodingError` for a file without any coding, and
    `StudyError` naming the file, and the row or member where there is one, for one that is broken.
    """
    return from_plain(confined.call(name or Path(path).name, _read, Path(path), columns, name))


def _read(path: Path, columns: Mapping[str, str | Mapping[str, str]] | None, name: str) -> Plain:
    file = CodingFile(path, name)
    return as_plain(format_of(file).read(file, _columns_for(file.name, columns or {})))


def format_of(file: CodingFile) -> Format:
    """The format of a file or folder. Raises `StudyError` as `read`."""
    for one in FORMATS:
        if one.knows(file):
            return one
    if file.ending in ENDINGS and not file.path.is_dir():
        raise refuse(
            file.name,
            f"a file that ends in {file.ending}, and no such file inside",
            "what its ending says",
            "export it again from the program it comes from",
        )
    raise NoCodingError(
        Problem(
            file.name,
            "no coding of any program that is known",
            f"a file in one of {' '.join(sorted(ENDINGS))}",
            "export the coding as REFI-QDA (.qdpx), or as a table of coded segments",
        )
    )


def _columns_for(name: str, columns: Mapping[str, str | Mapping[str, str]]) -> Mapping[str, str]:
    """The columns stated for every file, and over them those stated for the file `name`."""
    everywhere = {role: stated for role, stated in columns.items() if isinstance(stated, str)}
    of_files = {file: own for file, own in columns.items() if not isinstance(own, str)}
    file = meant(name, of_files) or meant(Path(name).name, of_files)
    return everywhere | dict(of_files[file] if file else {})


def problems_of_columns(
    columns: Mapping[str, str | Mapping[str, str]], names: Collection[str]
) -> list[Problem]:
    """What is wrong with `columns` of params.yml: a role of another name, and a file whose name is
    much like one of `names` that has no columns stated. Both would be passed over in silence.

    >>> [one.found for one in problems_of_columns({"koder": "Wer", "A.csv": {}, "b.csw": {}}, ["a.csv", "b.csv"])]
    ["'koder', which no column can be: perhaps 'coder'?", "'b.csw', a file that is not there: perhaps 'b.csv'?"]
    """
    files = {*names, *(Path(name).name for name in names)}
    others = files - columns.keys()
    problems = []
    for key, stated in columns.items():
        roles = [key] if isinstance(stated, str) else list(stated)
        where = "params.yml, columns" if isinstance(stated, str) else f"params.yml, columns, {key}"
        is_there = isinstance(stated, str) or meant(key, files)
        if not is_there and (near := perhaps(key, others)):
            problems.append(
                Problem(
                    "params.yml, columns",
                    f"{key[:60]!r}, a file that is not there{near}",
                    "a file in data/raw/coding",
                    "correct its name, or take it out",
                )
            )
        problems += [
            Problem(
                where,
                f"{role[:60]!r}, which no column can be{perhaps(role, ROLES)}",
                f"one of {', '.join(ROLES)}",
                "correct it",
            )
            for role in roles
            if role not in ROLES
        ]
    return problems


def columns_of_no_file(
    columns: Mapping[str, str | Mapping[str, str]], names: Collection[str]
) -> list[str]:
    """Return the files in `columns` that are none of `names`: taken away since, or never there.

    >>> columns_of_no_file({"quote": "Was", "a.csv": {"coder": "Wer"}, "z.csv": {}}, ["sub/A.csv"])
    ['z.csv']
    """
    files = {*names, *(Path(name).name for name in names)}
    return [
        key for key, own in columns.items() if not isinstance(own, str) and not meant(key, files)
    ]


def coded_in(folder: Path) -> Iterator[Path]:
    """Every file that may hold coding below `folder`, and every folder that is one project, in
    order. Files that programs leave, hidden ones, notes and styles are not among them."""
    if not folder.is_dir():
        return
    for path in sorted(folder.iterdir()):
        if path.is_symlink() or is_left_by_a_program(path):
            continue
        if not path.is_dir():
            if path.suffix.lower() not in _NEVER_CODING:
                yield path
        elif is_project_folder(path):
            yield path
        else:
            yield from coded_in(path)


def is_project_folder(folder: Path) -> bool:
    """Whether a program keeps one project in the files of this folder, and not of a folder in it."""
    inner = (path for path in folder.iterdir() if path.is_dir() and not path.is_symlink())
    return _is_known(folder) and not any(map(_is_known, inner))


def _is_known(folder: Path) -> bool:
    file = CodingFile(folder)
    return any(one.knows(file) for one in FORMATS)

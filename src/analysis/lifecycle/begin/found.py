"""What a new study is begun from: texts, coding projects, and the sources that they tell of."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pandas as pd

from analysis import coding, reading
from analysis.coding import CodedProject, formats
from analysis.coding.formats import comments
from analysis.coding.formats.coding_file import CodingFile
from analysis.coding.placing.matching import same
from analysis.coding.placing.names import CodeNames, code_path
from analysis.coding.project import SOURCE_COLUMNS, Code, Report, codes_table
from analysis.files.problems import Problem, StudyError, raise_if_any
from analysis.files.stray_files import is_left_by_a_program
from analysis.lifecycle.begin.composed import Composed, compose
from analysis.reading import ENDINGS
from analysis.study.coders import is_divided, most_first


@dataclass
class NewSource:
    """A source to be: `content` is its text, or the file that holds it."""

    name: str
    content: str | Path
    place: str = ""
    coded_as: str = ""
    case: str = ""
    attributes: dict[str, str] = field(default_factory=dict)
    kind: str = ""
    participant_tags: str = ""
    interviewer_tags: str = ""
    composed: Composed | None = None


def found_in(origin: Path) -> tuple[list[Path], list[Path], list[str]]:
    """The texts, the coding projects and the names of other files of `origin`.

    Raises `StudyError` where there is nothing, or neither a text nor a project.
    """
    if not origin.exists():
        raise StudyError(
            Problem(
                f"FROM={origin}",
                "no such file or folder",
                "a coding project, an export, or a folder of texts",
                "correct the path",
            )
        )
    if origin.is_file() or formats.is_project_folder(origin):
        return [], [origin], []
    texts: list[Path] = []
    coded: list[Path] = []
    others: list[str] = []
    for path in sorted(_parts_of(origin), key=_in_natural_order):
        ending = path.suffix.lower()
        is_text = reading.is_text(path) and not _is_about_the_folder(path)
        if is_text:
            texts.append(path)
        if path.is_dir() or (ending in formats.ENDINGS and not is_text) or _has_comments(path):
            coded.append(path)
        elif not is_text:
            others.append(path.relative_to(origin).as_posix())
    if not texts and not coded:
        raise StudyError(
            Problem(
                f"FROM={origin}",
                "a folder without texts",
                f"files in {' '.join(sorted(ENDINGS))}",
                "put the texts there, or name the coding project itself",
            )
        )
    return texts, coded, others


def _parts_of(folder: Path) -> Iterator[Path]:
    """Every file below `folder`, and every folder that is one project of a program."""
    for path in folder.iterdir():
        if path.is_symlink() or is_left_by_a_program(path):
            continue
        if path.is_dir() and not formats.is_project_folder(path):
            yield from _parts_of(path)
        else:
            yield path


def _is_about_the_folder(path: Path) -> bool:
    """Whether the file says what the folder holds, as its name has it by custom."""
    return path.stem.casefold() in ("readme", "read me", "license", "licence", "changelog")


def _has_comments(path: Path) -> bool:
    """Whether this is a text of Word that was coded in its comments."""
    try:
        return path.suffix.lower() == ".docx" and comments.has_comments(CodingFile(path))
    except StudyError:
        return False  # The reader of texts tells what is wrong with it.


def _in_natural_order(path: Path) -> list[tuple[int, str]]:
    """P2 before P10."""
    return [
        (int(part) if part.isdecimal() else -1, part.casefold())
        for part in re.split(r"(\d{1,9})", str(path))
    ]


def read_all(paths: Iterable[Path], origin: Path) -> list[CodedProject]:
    """Read every project, named by its path below `origin`; a file without coding is set aside.

    One `StudyError` tells all problems of all of them, if any.
    """
    projects: list[CodedProject] = []
    problems: list[Problem] = []
    for path in paths:
        name = path.name if path == origin else path.relative_to(origin).as_posix()
        try:
            projects.append(coding.read(path, name=name))
        except coding.NoCodingError as error:
            projects.append(CodedProject.set_aside(name, error.problems[0].found))
        except StudyError as error:
            problems.extend(error.problems)
    problems += [problem for project in projects for problem in project.problems]
    raise_if_any(problems)
    return _with_codebooks(projects)


def _with_codebooks(projects: list[CodedProject]) -> list[CodedProject]:
    """The projects, cells of several codes told apart by the codebooks that are among them."""
    books = [one for one in projects if one.quotations.empty and one.codings.empty]
    codes = coding.merged_codes(books)
    if codes.empty:
        return projects
    names = CodeNames(codes, {})
    return [one if one.quotations.empty else _told_apart(one, names) for one in projects]


def _told_apart(project: CodedProject, names: CodeNames) -> CodedProject:
    cells = project.quotations["code"].unique()
    whole = set(project.codes["code"])
    # A cell that is a code of its own was not parted by the reader.
    parted = [one for one in cells if names.find(one) is None and one not in whole]
    missing = [code_path(part) for cell in parted for part in names.split(cell)[1]]
    own = [one for one in cells if names.find(one) is None and one in whole]
    codes = codes_table([Code(path) for path in dict.fromkeys([*own, *missing])], Report(""))
    return replace(project, codes=codes)


def sources_of(texts: list[Path], origin: Path, projects: list[CodedProject]) -> list[NewSource]:
    """Every text of the folder, then every source that only a project has, each once.

    A source of which there is no text anywhere has one composed of what all projects quote of it.
    Raises `StudyError` for positions in a text that is not there, and without any source.
    """
    sources = [
        NewSource(path.name, path, f"documents/{path.relative_to(origin).as_posix()}")
        for path in texts
    ]
    known = {
        same(name): one for one in reversed(sources) for name in (one.name, Path(one.name).stem)
    }
    problems: list[Problem] = []
    for project, told in _told_of(projects):
        name = told["source_id"]
        names = (name, told["name"], told["file"])
        source = next((known[same(one)] for one in names if same(one) in known), None)
        if source is None:
            text = project.texts.get(name, "")
            composed = None if text.strip() else compose(_quoted(projects, name))
            if composed and not composed.text:
                if name in set(project.codings["source_id"]):
                    problems.append(_without_text(project, name))
                continue
            source = NewSource(name, composed.text if composed else text, composed=composed)
            sources.append(source)
        known.setdefault(same(name), source)
        source.coded_as = source.coded_as or name
        source.case = source.case or told["case"]
        source.attributes = {**_attributes(told), **source.attributes}
    raise_if_any(problems)
    if not sources:
        raise StudyError(
            Problem(
                ", ".join(project.origin for project in projects),
                "no source with a text",
                "a project with its texts",
                "give a folder that holds this file and the texts",
            )
        )
    return sources


def _told_of(projects: list[CodedProject]) -> Iterator[tuple[CodedProject, dict[str, Any]]]:
    """Every source that a project names, those with texts first: they need not be composed."""
    told = [
        (project, {str(name): value for name, value in row.items()})
        for project in projects
        for row in project.sources.to_dict("records")
    ]
    yield from (one for one in told if one[0].texts.get(one[1]["source_id"], "").strip())
    yield from (one for one in told if not one[0].texts.get(one[1]["source_id"], "").strip())


def _quoted(projects: list[CodedProject], name: str) -> list[tuple[int, pd.DataFrame]]:
    """What each project, by its number, quotes of the source that they call `name`."""
    return [
        (number, quoted)
        for number, project in enumerate(projects)
        if len(
            quoted := project.quotations[project.quotations["source_name"].map(same) == same(name)]
        )
    ]


def _without_text(project: CodedProject, name: str) -> Problem:
    return Problem(
        project.origin,
        f"positions in {name!r}, but not its text",
        "the text that was coded",
        "give a folder that holds this file and the texts, named as it names them",
    )


def _attributes(row: Mapping[str, Any]) -> dict[str, str]:
    return {
        name: str(value).strip()
        for name, value in row.items()
        if name not in SOURCE_COLUMNS and str(value).strip()
    }


def coders_of(projects: list[CodedProject]) -> list[str]:
    """Every coder, who coded most first."""
    tables = [table for one in projects for table in (one.codings, one.quotations)]
    return most_first(coder for table in tables for coder in table["coder"])


def divided(projects: list[CodedProject]) -> bool:
    """Whether several coders coded, each other sources."""
    coded = [
        table.rename(columns={"source_name": "source_id"})[["source_id", "coder"]]
        for one in projects
        for table in (one.codings, one.quotations)
    ]
    if not coded:
        return False
    together = pd.concat(coded, ignore_index=True)
    return is_divided(together.assign(source_id=together["source_id"].map(same)))

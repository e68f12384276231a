"""What a new study is begun from: texts, coding projects, and the sources that they tell of."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd

from analysis import coding
from analysis.coding import CodedProject, formats
from analysis.coding.formats import comments
from analysis.coding.formats.coding_file import CodingFile
from analysis.coding.placing.matching import same
from analysis.coding.project import SOURCE_COLUMNS
from analysis.files.problems import Problem, StudyError, raise_if_any
from analysis.files.stray_files import is_left_by_a_program
from analysis.reading import ENDINGS
from analysis.study.coders import most_first


@dataclass
class NewSource:
    """A source to be: `content` is its text, or the file that holds it."""

    name: str
    content: str | Path
    place: str = ""
    coded_as: str = ""
    case: str = ""
    attributes: dict[str, str] = field(default_factory=dict)
    from_quotations: bool = False


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
        is_text = ending in ENDINGS and path.is_file()
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
    return projects


def sources_of(texts: list[Path], origin: Path, projects: list[CodedProject]) -> list[NewSource]:
    """Every text of the folder, then every source that only a project has, each once.

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
    for project in projects:
        quoted = dict(list(project.quotations.groupby("source_name")))
        placed = set(project.codings["source_id"])
        for row in project.sources.to_dict("records"):
            name = row["source_id"]
            told = (name, row["name"], row["file"])
            source = next((known[same(one)] for one in told if same(one) in known), None)
            if source is None:
                text = project.texts.get(name, "")
                composed = "" if text.strip() else _composed(quoted.get(name))
                if not (text.strip() or composed):
                    if name in placed:
                        problems.append(_without_text(project, name))
                    continue
                source = NewSource(name, composed or text, from_quotations=bool(composed))
                sources.append(source)
            known.setdefault(same(name), source)
            source.coded_as = source.coded_as or name
            source.case = source.case or row["case"]
            source.attributes = {**_attributes(row), **source.attributes}
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


def _without_text(project: CodedProject, name: str) -> Problem:
    return Problem(
        project.origin,
        f"positions in {name!r}, but not its text",
        "the text that was coded",
        "give a folder that holds this file and the texts, named as it names them",
    )


def _composed(quotations: pd.DataFrame | None) -> str:
    """A text of all quotations of a source in their order, none inside another; '' without any."""
    if quotations is None:
        return ""
    kept = ""
    for quote in sorted(set(quotations["quote"]), key=lambda quote: (-len(quote), quote)):
        if quote.strip() and quote not in kept:
            kept += f"{quote}\n\n"
    chosen = set(kept.split("\n\n")) | {kept}
    ordered = [quote for quote in dict.fromkeys(quotations["quote"]) if quote in chosen]
    # A quotation that itself holds an empty line was split above: then the order is by length.
    complete = "".join(f"{quote}\n\n" for quote in ordered)
    return complete if len(complete) == len(kept) else kept


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

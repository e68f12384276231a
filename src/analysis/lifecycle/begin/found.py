"""What a new study is begun from: texts, coding projects, and the sources that they tell of."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd

from analysis import coding
from analysis.coding import CodedProject
from analysis.coding.placing.matching import same
from analysis.coding.project import SOURCE_COLUMNS
from analysis.files.problems import Problem, StudyError, raise_if_any
from analysis.reading import ENDINGS
from analysis.study.coders import most_first

_CODING = frozenset(
    {".qdpx", ".qde", ".qdc", ".qda", ".zip", ".sqlite", ".sqlite3", ".db", ".csv", ".tsv", ".xlsx"}
)


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
    kind: str = ""
    participant_tags: str = ""
    interviewer_tags: str = ""


def found_in(origin: Path) -> tuple[list[Path], list[Path], list[str]]:
    """The texts, the coding projects and the endings of other files of `origin`.

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
    if origin.is_file() or (origin / "data.qda").is_file():
        return [], [origin], []
    texts, coded, others = [], [], []
    for path in sorted(origin.rglob("*"), key=_in_natural_order):
        below = path.relative_to(origin)
        in_project = any((origin / part / "data.qda").is_file() for part in below.parents)
        if in_project or any(part.startswith(".") for part in below.parts):
            continue
        if path.is_dir():
            if (path / "data.qda").is_file():
                coded.append(path)
        elif path.is_symlink() or not path.is_file():
            continue
        elif path.suffix.lower() in ENDINGS:
            texts.append(path)
        elif path.suffix.lower() in _CODING:
            coded.append(path)
        else:
            others.append(path.suffix.lower() or "no ending")
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


def _in_natural_order(path: Path) -> list[tuple[int, str]]:
    """P2 before P10."""
    return [
        (int(part) if part.isdecimal() else -1, part.casefold())
        for part in re.split(r"(\d{1,9})", str(path))
    ]


def read_all(paths: Iterable[Path]) -> list[CodedProject]:
    """Read every project; one `StudyError` tells all problems of all of them, if any."""
    projects: list[CodedProject] = []
    problems: list[Problem] = []
    for path in paths:
        try:
            projects.append(coding.read(path))
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

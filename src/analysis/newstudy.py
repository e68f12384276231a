"""A study begun from what there is: a coding project of any program, or a folder of texts."""

from __future__ import annotations

import csv
import io
import json
import re
import shutil
import sys
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd
import yaml

from analysis import coding, tables
from analysis.coders import most_first
from analysis.coding import CodedProject
from analysis.coding.matching import same
from analysis.coding.project import SOURCE_COLUMNS
from analysis.inputs import PROJECT
from analysis.problems import Problem, StudyError, raise_if_any
from analysis.reading import ENDINGS

SKELETON = Path(__file__).resolve().parent / "skeleton"
_COLUMNS = (*tables.SOURCES.columns, "participant_tags", "interviewer_tags")
_CODING = frozenset(
    {".qdpx", ".qde", ".qdc", ".qda", ".zip", ".sqlite", ".sqlite3", ".db", ".csv", ".tsv", ".xlsx"}
)
# A program's project holds texts that it has cleaned of pages and captions already.
_GENTLE = ("line_ends", "characters", "composed", "white_space")
_UNKNOWN = "unknown"
_EMPTY_SPANS = "source_id,start,end,code,coder,quote,memo\n"


@dataclass
class _Source:
    """A source to be: `content` is its text, or the file that holds it."""

    name: str
    content: str | Path
    place: str = ""
    coded_as: str = ""
    case: str = ""
    attributes: dict[str, str] = field(default_factory=dict)
    from_quotations: bool = False


def begin_study(folder: Path, origin: Path) -> None:
    """Begin a study in `folder` (absent, or empty) from `origin`.

    `origin` is a project or export that `coding.read` knows, or a folder of texts, which may hold
    such projects too. Nothing is left behind when it cannot be done: a `StudyError` then names
    the file. What an export does not say stands as `unknown`; where it has no texts, a source's
    text is made of its quotations.
    """
    _refuse_full(folder)
    texts, coded, others = _found(origin)
    projects = _read(coded)
    sources = _sources(texts, origin, projects)
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent, prefix=f".{folder.name}.") as held:
        study = Path(held) / "study"
        coders = _coders(projects)
        _write_evidence(study / "data" / "raw", sources, projects, coded)
        _write_skeleton(study, sources, others)
        rules = None if texts else _GENTLE
        (study / "params.yml").write_text(_params(coders, rules), encoding="utf-8")
        study.replace(folder)
    count = sum(len(project.codings) + len(project.quotations) for project in projects)
    print(
        f"begun in {folder}: {len(sources)} sources, {count} codings by "
        f"{', '.join(coders) or 'nobody yet'}. Next: README.md there, and "
        f"make report STUDY={json.dumps(str(folder))}",
        file=sys.stderr,
    )


def _refuse_full(folder: Path) -> None:
    if folder.is_symlink() or (folder.exists() and (not folder.is_dir() or any(folder.iterdir()))):
        raise StudyError(
            Problem(f"DIR={folder}", "something is there already", "a new or an empty folder",
                    "choose another name")
        )  # fmt: skip


# --- what there is --------------------------------------------------------------


def _found(origin: Path) -> tuple[list[Path], list[Path], list[str]]:
    """The texts, the coding projects and the endings of other files of `origin`."""
    if not origin.exists():
        raise StudyError(
            Problem(f"FROM={origin}", "no such file or folder",
                    "a coding project, an export, or a folder of texts", "correct the path")
        )  # fmt: skip
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
            Problem(f"FROM={origin}", "a folder without texts", f"files in {' '.join(sorted(ENDINGS))}",
                    "put the texts there, or name the coding project itself")
        )  # fmt: skip
    return texts, coded, others


def _in_natural_order(path: Path) -> list[tuple[int, str]]:
    """P2 before P10."""
    return [
        (int(part) if part.isdecimal() else -1, part.casefold())
        for part in re.split(r"(\d{1,9})", str(path))
    ]


def _read(paths: Iterable[Path]) -> list[CodedProject]:
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


def _sources(texts: list[Path], origin: Path, projects: list[CodedProject]) -> list[_Source]:
    """Every text of the folder, then every source that only a project has, each once."""
    sources = [
        _Source(path.name, path, f"documents/{path.relative_to(origin).as_posix()}")
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
                source = _Source(name, composed or text, from_quotations=bool(composed))
                sources.append(source)
            known.setdefault(same(name), source)
            source.coded_as = source.coded_as or name
            source.case = source.case or row["case"]
            source.attributes = {**_attributes(row), **source.attributes}
    raise_if_any(problems)
    if not sources:
        raise StudyError(
            Problem(", ".join(project.origin for project in projects), "no source with a text",
                    "a project with its texts", "give a folder that holds this file and the texts")
        )  # fmt: skip
    return sources


def _without_text(project: CodedProject, name: str) -> Problem:
    return Problem(
        project.origin, f"positions in {name!r}, but not its text", "the text that was coded",
        "give a folder that holds this file and the texts, named as it names them",
    )  # fmt: skip


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
        for name, value in row.items() if name not in SOURCE_COLUMNS and str(value).strip()
    }  # fmt: skip


def _coders(projects: list[CodedProject]) -> list[str]:
    """Every coder, who coded most first."""
    tables = [table for one in projects for table in (one.codings, one.quotations)]
    return most_first(coder for table in tables for coder in table["coder"])


# --- what is written ------------------------------------------------------------


def _write_evidence(
    raw: Path, sources: list[_Source], projects: list[CodedProject], coded: list[Path]
) -> None:
    for name in ("interviews", "documents", "observations", "memos", "coding"):
        (raw / name).mkdir(parents=True)
    for name in ("interviews", "observations", "memos"):
        (raw / name / ".gitkeep").touch()
    rows = _register(sources)
    for row, source in zip(rows, sources, strict=True):
        target = raw / row["file"]
        target.parent.mkdir(parents=True, exist_ok=True)
        if isinstance(source.content, Path):
            shutil.copyfile(source.content, target)
        else:
            target.write_bytes(source.content.encode("utf-8", "replace"))
    (raw / "sources.csv").write_bytes(_csv(rows).encode("utf-8", "replace"))
    (raw / "codebook.yml").write_text(_codebook(projects), encoding="utf-8")
    for path in coded:
        if path.is_dir():
            (raw / "coding" / path.name).mkdir()
            shutil.copyfile(path / "data.qda", raw / "coding" / path.name / "data.qda")
        else:
            shutil.copyfile(path, _free(raw / "coding", path.name))
    if not coded:
        (raw / "coding" / "spans.csv").write_text(_EMPTY_SPANS, encoding="utf-8")


def _free(folder: Path, name: str) -> Path:
    """A path in `folder` that nothing has: files of several folders may share a name."""
    path, number = folder / name, 1
    while path.exists():
        number += 1
        path = folder / f"{Path(name).stem} ({number}){Path(name).suffix}"
    return path


def _register(sources: list[_Source]) -> list[dict[str, str]]:
    """One row a source. Ids and titles are neutral: names of files can be names of people."""
    width = max(2, len(str(len(sources))))
    cases = list(dict.fromkeys(one.case for one in sources if one.case and ";" not in one.case))
    taken = {column.casefold() for column in _COLUMNS}
    extra = sorted(
        {name for one in sources for name in one.attributes if name.casefold() not in taken}
    )
    rows = []
    for number, source in enumerate(sources, start=1):
        source_id = f"source-{number:0{width}}"
        stated = {name.casefold(): value for name, value in source.attributes.items()}
        # A name with a semicolon would be read as two: it goes where names are taken whole.
        whole = ";" in source.coded_as
        kind = stated.get("kind", _UNKNOWN)
        rows.append(
            {
                **dict.fromkeys(_COLUMNS, ""),
                "source_id": source_id,
                "case_id": f"case-{cases.index(source.case) + 1:0{width}}"
                if source.case in cases else source_id,
                "kind": kind if kind in tables.KINDS else _UNKNOWN,
                **{name: stated.get(name, _UNKNOWN) for name in ("role", "site", "date")},
                "title": source.coded_as if whole else f"Source {number}",
                "file": source.place or f"documents/{source_id}.txt",
                "coded_as": "" if whole else source.coded_as,
                "status": "active",
                "publish": _UNKNOWN,
                "provenance": "collected",
                **{name: source.attributes.get(name, "") for name in extra},
            }
        )  # fmt: skip
    return rows


def _csv(rows: Sequence[Mapping[str, str]]) -> str:
    held = io.StringIO(newline="")
    writer = csv.DictWriter(held, list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return held.getvalue()


def _codebook(projects: list[CodedProject]) -> str:
    """The codes of all projects, each once, with the first definition that one of them gives."""
    listed: list[dict[str, object]] = []
    for code in coding.merged_codes(projects).to_dict("records"):
        definition = " ".join(code["definition"].split())
        entry = {"name": code["name"], "parent": code["parent"], "definition": definition}
        heading = {} if code["usable"] else {"usable": False}
        listed.append({name: value for name, value in entry.items() if value} | heading)
    if not listed:
        listed = [{"name": "example code", "definition": "To be replaced by your own first code."}]
    written = yaml.safe_dump(
        {"codes": listed}, allow_unicode=True, sort_keys=False, width=96, default_flow_style=False
    )
    return (
        "# The codebook. To fill in: what each code means (definition), what it takes in (include)\n"
        "# and leaves out (exclude), an example, and whether it comes from theory or data (origin).\n"
        "# `parent` is the path of the code above; `usable: false` marks a heading.\n"
        "# Changes go into a list `history:` with date, change, codes and reason.\n" + written
    )


def _params(coders: list[str], rules: Sequence[str] | None) -> str:
    """The project's params.yml with this study's coder, and with `rules` where they are given."""
    coder = coders[0] if coders else "A"
    text = (PROJECT / "params.yml").read_text(encoding="utf-8")
    text = _set(text, "coder", coder)
    text = _set(text, "alternative_coders", coders[:2] or [coder])
    if rules is not None:
        text = _set(text, "cleaning", list(rules))
    return (
        "# To fill in: `approach`, `coder` (whose coding counts) and `unit` (where codes meet);\n"
        "# look at the rest when the first paper is there.\n#\n" + text
    )


def _set(text: str, name: str, value: object) -> str:
    """`text` of params.yml with another value of `name`; comments stay."""
    line = f"{name}: {json.dumps(value, ensure_ascii=False)}\n"
    found = re.compile(rf"^{name}:.*\n(?:[ \t-].*\n)*", re.MULTILINE)
    return found.sub(lambda _: line, text, count=1)


def _write_skeleton(study: Path, sources: list[_Source], others: list[str]) -> None:
    shutil.copytree(SKELETON / "reports", study / "reports")
    shutil.copyfile(SKELETON / "gitignore", study / ".gitignore")
    said = (SKELETON / "README.md").read_text(encoding="utf-8")
    composed = [one.coded_as for one in sources if one.from_quotations]
    if composed:
        said += (
            "\n## Texts that are only quotations\n\nThe export has no texts, so the text of these "
            "sources is made of what it quotes.\nPut the whole text in its place when you have it: "
            + ", ".join(f"`{name}`" for name in composed) + ".\n"
        )  # fmt: skip
    if others:
        kinds = ", ".join(f"{others.count(kind)} {kind}" for kind in sorted(set(others)))
        said += f"\n## Not taken\n\nFiles of other kinds in the folder: {kinds}.\n"
    (study / "README.md").write_text(said, encoding="utf-8")
    private = study / "data" / "private"
    private.mkdir()
    (private / "pseudonyms.csv").write_text("find,replace,kind,common_word\n", encoding="utf-8")

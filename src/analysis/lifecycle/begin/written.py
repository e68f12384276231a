"""The folder of a new study: evidence, register, codebook, params.yml and the skeleton's pages."""

from __future__ import annotations

import csv
import io
import json
import re
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path

import yaml

from analysis import coding
from analysis.coding import CodedProject, formats
from analysis.coding.formats.coding_file import CodingFile, Folder
from analysis.coding.placing.matching import same
from analysis.coding.placing.names import CodeNames
from analysis.coding.project import SET_ASIDE, TOLD_OF_CODES
from analysis.corpus import KINDS
from analysis.files.private import keep_private
from analysis.files.project import SKELETON
from analysis.files.vocabulary import folded
from analysis.lifecycle.begin.found import NewSource
from analysis.study import tables
from analysis.study.choices import APPROACHES
from analysis.study.coders import EVERYONE

_COLUMNS = (*tables.SOURCES.columns, "participant_tags", "interviewer_tags")
_UNKNOWN = "unknown"
# Where the sections of a kind of analysis stand in the paper of a new study.
_OF_APPROACH = re.compile(r"^<!-- The kind of analysis:.*-->\n\n", re.M)
_EMPTY_SPANS = "source_id,start,end,code,coder,quote,memo\n"


def write_evidence(
    raw: Path, sources: list[NewSource], projects: list[CodedProject], coded: list[Path]
) -> None:
    """Write data/raw: the texts, the register, the codebook, and copies of the projects `coded`."""
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
    composed = [one for one in sources if one.composed]
    kept = [
        (raw / "coding" / project.origin, path)
        for project, path in zip(projects, coded, strict=True)
        if not (project.format == SET_ASIDE or _is_all_composed(project, composed))
    ]
    for target, path in kept:
        target.parent.mkdir(parents=True, exist_ok=True)
        if path.is_dir():
            _copy_project(path, target)
        else:
            target.write_bytes(_without_composed(path, target.name, composed))
    spans = _spans_in_composed(sources, rows, projects)
    for name, content in spans.items():
        target = raw / "coding" / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content.encode("utf-8", "replace"))
    if not (kept or spans):
        (raw / "coding" / "spans.csv").write_text(_EMPTY_SPANS, encoding="utf-8")


def _is_all_composed(project: CodedProject, composed: list[NewSource]) -> bool:
    """Whether texts were composed of all that the project codes: its rows have places now."""
    names = {same(one.name) for one in composed}
    quoted = project.quotations["source_name"].map(same)
    return len(quoted) > 0 and project.codings.empty and quoted.isin(names).all()


def _without_composed(path: Path, name: str, composed: list[NewSource]) -> bytes:
    """The bytes of an export without the rows of sources whose text is composed of them."""
    file = CodingFile(path, name)
    without = formats.format_of(file).without if composed else None
    names = {same(one.name) for one in composed}
    if without is None:
        return file.data
    return without(file, lambda *told: any(same(one) in names for one in told), frozenset())


def _spans_in_composed(
    sources: list[NewSource], rows: list[dict[str, str]], projects: list[CodedProject]
) -> dict[str, str]:
    """The quotations of composed texts as span tables, one for each export: name -> CSV."""
    tables: dict[str, str] = {}
    names = CodeNames(coding.merged_codes(projects), {})
    for number, project in enumerate(projects):
        written: list[dict[str, object]] = []
        for source, row in zip(sources, rows, strict=True):
            for (of, at), span in source.composed.spans.items() if source.composed else ():
                if of == number:
                    quoted = project.quotations.loc[at]
                    place = {"source_id": row["source_id"], "start": span[0], "end": span[1]}
                    said = {name: quoted[name] for name in ("coder", "quote", "memo")}
                    found, missing = names.split(quoted["code"])
                    written += [place | {"code": code} | said for code in (*found, *missing)]
        if written:
            tables[f"{project.origin} as spans.csv"] = _csv(written)
    return tables


def _copy_project(path: Path, target: Path) -> None:
    """Copy the folder of a project: of QualCoder's the database alone, which has all its texts."""
    files = Folder(path, path.name)
    for name in ["data.qda"] if "data.qda" in files.names else files.names:
        (target / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path / name, target / name)


def _register(sources: list[NewSource]) -> list[dict[str, str]]:
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
        kind = stated.get("kind") or source.kind
        rows.append(
            {
                **dict.fromkeys(_COLUMNS, ""),
                "source_id": source_id,
                "case_id": f"case-{cases.index(source.case) + 1:0{width}}"
                if source.case in cases
                else source_id,
                "kind": kind if kind in KINDS else _UNKNOWN,
                **{name: stated.get(name, _UNKNOWN) for name in ("role", "site", "date")},
                "title": source.coded_as if whole else f"Source {number}",
                "file": source.place or f"documents/{source_id}.txt",
                "coded_as": "" if whole else source.coded_as,
                "status": "active",
                "publish": _UNKNOWN,
                "provenance": "collected",
                "participant_tags": stated.get("participant_tags") or source.participant_tags,
                "interviewer_tags": stated.get("interviewer_tags") or source.interviewer_tags,
                **{name: source.attributes.get(name, "") for name in extra},
            }
        )
    return rows


def _csv(rows: Sequence[Mapping[str, object]]) -> str:
    held = io.StringIO(newline="")
    writer = csv.DictWriter(held, list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return held.getvalue()


def _codebook(projects: list[CodedProject]) -> str:
    """The codes of all projects, each once, with the first definition that one of them gives.

    A code that is written in several ways (`Light`, `light`) is one code, and the file says so.
    """
    listed: list[dict[str, object]] = []
    written_as: dict[str, str] = {}
    told = ""
    for code in coding.merged_codes(projects).to_dict("records"):
        first = written_as.setdefault(folded(code["code"]), code["code"])
        if first != code["code"]:
            told += f"# {code['code']!r} is taken for {first!r}; rename one of two that differ.\n"
            continue
        said = {name: " ".join(code[name].split()) for name in TOLD_OF_CODES}
        entry = {"name": code["name"], "parent": code["parent"], **said}
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
        "# Changes go into a list `history:` with date, change, codes and reason.\n"
        + told
        + written
    )


def paper(approach: str) -> str:
    """The paper of a new study, with the sections that its kind of analysis has."""
    text = (SKELETON / "reports" / "index.qmd").read_text(encoding="utf-8")
    own = (SKELETON / "approaches" / f"{approach}.qmd").read_text(encoding="utf-8")
    return _OF_APPROACH.sub(lambda _: f"{own.rstrip()}\n\n", text, count=1)


def params(
    coders: list[str], divided: bool, rules: Sequence[str] | None, approach: str = APPROACHES[0]
) -> str:
    """The project's params.yml with this study's coder and kind of analysis, and with `rules`
    where they are given.

    The coder is who coded most, or everyone where they `divided` the sources.
    """
    coder = EVERYONE if divided else coders[0] if coders else "A"
    text = (SKELETON / "params.yml").read_text(encoding="utf-8")
    text = with_value(text, "approach", approach)
    text = with_value(text, "coder", coder)
    text = with_value(text, "alternative_coders", coders[:2] or [coder])
    if rules is not None:
        text = with_value(text, "cleaning", list(rules))
    return (
        "# To fill in: `coder` (whose coding counts) and `unit` (where codes meet);\n"
        "# look at the rest when the first paper is there.\n#\n" + text
    )


def with_value(text: str, name: str, value: object) -> str:
    """`text` of params.yml with another value of `name`; comments stay."""
    line = f"{name}: {json.dumps(value, ensure_ascii=False)}\n"
    found = re.compile(rf"^{name}:.*\n(?:[ \t-].*\n)*", re.MULTILINE)
    return found.sub(lambda _: line, text, count=1)


def write_skeleton(
    study: Path, sources: list[NewSource], others: list[str], approach: str = APPROACHES[0]
) -> None:
    """Write the pages, an empty key, and the README, which names what was not or half taken."""
    for name in ("reports", "templates"):
        shutil.copytree(SKELETON / name, study / name)
    (study / "reports" / "index.qmd").write_text(paper(approach), encoding="utf-8")
    shutil.copyfile(SKELETON / "gitignore", study / ".gitignore")
    said = (SKELETON / "README.md").read_text(encoding="utf-8")
    composed = [one.coded_as for one in sources if one.composed]
    if composed:
        said += (
            "\n## Texts that are only quotations\n\nThe export has no texts, so the text of these "
            "sources is made of what it quotes.\nPut the whole text in its place when you have it: "
            + ", ".join(f"`{name}`" for name in composed)
            + ".\n"
        )
    if others:
        endings = [Path(name).suffix.lower() or "no ending" for name in others]
        kinds = ", ".join(f"{endings.count(kind)} {kind}" for kind in sorted(set(endings)))
        said += f"\n## Not taken\n\nFiles of other kinds in the folder: {kinds}.\n"
    (study / "README.md").write_text(said, encoding="utf-8")
    private = study / "data" / "private"
    private.mkdir()
    (private / "pseudonyms.csv").write_text("find,replace,kind,common_word\n", encoding="utf-8")
    keep_private(private)

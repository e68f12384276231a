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
from analysis.coding import CodedProject
from analysis.files.project import PROJECT
from analysis.lifecycle.begin.found import NewSource
from analysis.study import tables

SKELETON = Path(__file__).resolve().parents[2] / "skeleton"
_COLUMNS = (*tables.SOURCES.columns, "participant_tags", "interviewer_tags")
_UNKNOWN = "unknown"
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
                "kind": kind if kind in tables.KINDS else _UNKNOWN,
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


def params(coders: list[str], rules: Sequence[str] | None) -> str:
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


def write_skeleton(study: Path, sources: list[NewSource], others: list[str]) -> None:
    """Write the pages, an empty key, and the README, which names what was not or half taken."""
    shutil.copytree(SKELETON / "reports", study / "reports")
    shutil.copyfile(SKELETON / "gitignore", study / ".gitignore")
    said = (SKELETON / "README.md").read_text(encoding="utf-8")
    composed = [one.coded_as for one in sources if one.from_quotations]
    if composed:
        said += (
            "\n## Texts that are only quotations\n\nThe export has no texts, so the text of these "
            "sources is made of what it quotes.\nPut the whole text in its place when you have it: "
            + ", ".join(f"`{name}`" for name in composed)
            + ".\n"
        )
    if others:
        kinds = ", ".join(f"{others.count(kind)} {kind}" for kind in sorted(set(others)))
        said += f"\n## Not taken\n\nFiles of other kinds in the folder: {kinds}.\n"
    (study / "README.md").write_text(said, encoding="utf-8")
    private = study / "data" / "private"
    private.mkdir()
    (private / "pseudonyms.csv").write_text("find,replace,kind,common_word\n", encoding="utf-8")

"""The codebook `data/raw/codebook.yml`: codes, their tree, definitions and history."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import pandas as pd
import yaml

from analysis.files import safe_yaml
from analysis.files.problems import Problem, StudyError, raise_if_any
from analysis.files.vocabulary import perhaps, side_by_side
from analysis.files.yaml_fields import Fields, compose_text
from analysis.study import tables

CODEBOOK = "codebook.yml"
MOST_CODES = 10_000
_TEXTS = ("definition", "include", "exclude", "example", "origin")
_FIELDS = ("name", "parent", "usable", "stance", *_TEXTS)
#: What a code may say that its passages do to the claims that name it.
STANCES = ("supports", "qualifies", "contradicts", "does not bear")
_HISTORY = ("date", "change", "codes", "reason")


@dataclasses.dataclass(frozen=True)
class Codebook:
    """`codes` (tables.CODES, each parent followed by its children) and `history` (date, change, codes, reason).

    `stances`: path -> what a passage under this code does to the claims that name it, or one above.
    """

    codes: pd.DataFrame
    history: pd.DataFrame
    stances: Mapping[str, str] = dataclasses.field(default_factory=dict)


def read_codebook(path: Path) -> Codebook:
    """Read the codebook; raise one `StudyError` for all its problems, each with its line.

    A code's path is `parent/name`, every word as it is written; a `/` inside a name becomes `∕`,
    so that paths stay one to one.
    """
    shown = f"data/raw/{path.name}"
    try:
        return codebook_in(safe_yaml.read_text(path, shown), shown)
    except FileNotFoundError:
        raise StudyError(
            Problem(
                shown, "no such file", "the list of codes", "write it, or begin with `make new`"
            )
        ) from None


def codebook_in(text: str, shown: str) -> Codebook:
    """The codebook that `text`, of the file called `shown`, is; raises as `read_codebook`."""
    problems: list[Problem] = []
    document = compose_text(text, shown, problems)
    if not isinstance(document.nodes.get("codes"), yaml.SequenceNode):
        raise StudyError(
            Problem(f"{shown}, line 1", "no list `codes:`", "codes:, then a list", "add it")
        )
    count = len(document.nodes["codes"].value)
    if count > MOST_CODES:
        raise StudyError(
            Problem(
                f"{shown}, codes",
                f"{count:,} codes",
                f"at most {MOST_CODES:,} codes",
                "look whether a table of another kind was saved as the codebook",
            )
        )
    entries = [] if document.is_empty("codes") else document.mappings("codes", "a code")
    named = [entry for entry in entries if _is_named(entry)]
    codes = _codes(named, problems)
    stances = {
        _row(entry)["code"]: entry.one_of("stance", STANCES)
        for entry in named
        if not entry.is_empty("stance")
    }
    changes = [] if document.is_empty("history") else document.mappings("history", "a change")
    history = pd.DataFrame(
        [_change(change) for change in changes], columns=list(_HISTORY), dtype=str
    )
    raise_if_any(problems)
    return Codebook(codes, history, stances)


def beneath(codes: Iterable[str], paths: Iterable[str]) -> frozenset[str]:
    """`codes` and all of `paths` that lie below one of them: who carries one below carries it."""
    above = tuple(codes)
    below = tuple(f"{code}/" for code in above)
    return frozenset(above) | {path for path in paths if path.startswith(below)}


def _is_named(entry: Fields) -> bool:
    entry.only(_FIELDS)
    return bool(entry.called_here("name"))


def _change(change: Fields) -> dict[str, str]:
    change.date("date", required=False, whole=False)
    return {name: change.joined(name) for name in _HISTORY}


def _codes(entries: list[Fields], problems: list[Problem]) -> pd.DataFrame:
    rows: dict[str, dict[str, Any]] = {}
    lines: dict[str, str] = {}
    waiting = [(entry, _row(entry)) for entry in entries]
    while waiting:
        ready = [one for one in waiting if not one[1]["parent"] or one[1]["parent"] in rows]
        if not ready:
            for entry, row in waiting:
                entry.problem(
                    "parent",
                    f"parent {row['parent']!r}{perhaps(row['parent'], rows)}",
                    "the path of a code of this codebook",
                    "correct the parent, or add it",
                )
            break
        for entry, row in ready:
            if row["code"] in rows:
                entry.problem(
                    "name", f"{row['code']!r} a second time", "each code once", "remove one"
                )
            rows[row["code"]] = row
            lines.setdefault(row["code"], f"line {entry.line}")
        waiting = [one for one in waiting if one not in ready]
    problems += side_by_side(
        lines, f"data/raw/{CODEBOOK}", "code", "perhaps the same? rename one or take it out"
    )
    table = pd.DataFrame(_depth_first(rows), columns=list(tables.CODES.columns))
    typed = table.astype({"depth": "int64", "usable": "bool"})
    return typed.astype(
        {name: str for name in tables.CODES.columns if name not in ("depth", "usable")}
    )


def _depth_first(rows: dict[str, dict[str, Any]], parent: str = "") -> list[dict[str, Any]]:
    return [
        row
        for child in rows.values()
        if child["parent"] == parent
        for row in [child, *_depth_first(rows, child["code"])]
    ]


def _row(entry: Fields) -> dict[str, Any]:
    name = entry.called_here("name").replace("/", "∕")
    parent = entry.text("parent", required=False)
    return {
        "code": f"{parent}/{name}" if parent else name,
        "parent": parent,
        "name": name,
        "depth": parent.count("/") + 1 if parent else 0,
        "usable": entry.truth("usable", default=True),
        **{field: entry.joined(field) for field in _TEXTS},
    }

"""The codebook `data/raw/codebook.yml`: codes, their tree, definitions and history."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any

import pandas as pd

from analysis.files import safe_yaml
from analysis.files.problems import Problem, StudyError, raise_if_any
from analysis.study import tables

CODEBOOK = "codebook.yml"
_TEXTS = ("definition", "include", "exclude", "example", "origin")
_FIELDS = {"name", "parent", "usable", *_TEXTS}
_HISTORY = ("date", "change", "codes", "reason")


@dataclasses.dataclass(frozen=True)
class Codebook:
    """`codes` (tables.CODES, each parent followed by its children) and `history` (date, change, codes, reason)."""

    codes: pd.DataFrame
    history: pd.DataFrame


def read_codebook(path: Path) -> Codebook:
    """Read the codebook; raise one `StudyError` for all its problems, each with its line.

    A code's path is `parent/name`; a `/` inside a name becomes `∕`, so that paths stay one to one.
    """
    shown = f"data/raw/{path.name}"
    try:
        document = safe_yaml.compose(safe_yaml.read_text(path, shown), shown)
    except FileNotFoundError:
        raise StudyError(
            Problem(
                shown, "no such file", "the list of codes", "write it, or begin with `make new`"
            )
        ) from None
    content = safe_yaml.plain(document, shown)
    if not isinstance(content, dict) or not isinstance(content.get("codes"), list):
        raise StudyError(
            Problem(f"{shown}, line 1", "no list `codes:`", "codes:, then a list", "add it")
        )
    lines = _lines_of(document, "codes")
    codes = _codes(content["codes"], [f"{shown}, line {line}" for line in lines])
    history = pd.DataFrame(
        [
            {name: _joined(change.get(name, "")) for name in _HISTORY}
            for change in content.get("history") or []
        ],
        columns=list(_HISTORY),
        dtype=str,
    )
    return Codebook(codes, history)


def _lines_of(document: Any, name: str) -> list[int]:
    for key, value in document.value:
        if key.value == name:
            return [entry.start_mark.line + 1 for entry in value.value]
    return []


def _codes(entries: list[Any], places: list[str]) -> pd.DataFrame:
    problems: list[Problem] = []
    rows: dict[str, dict[str, Any]] = {}
    waiting = []
    for entry, place in zip(entries, places, strict=True):
        if not isinstance(entry, dict) or not str(entry.get("name") or "").strip():
            problems.append(Problem(place, "an entry without a name", "name: …", "give it one"))
            continue
        for field in sorted(set(entry) - _FIELDS):
            problems.append(
                Problem(place, f"a field {field}", ", ".join(sorted(_FIELDS)), "correct its name")
            )
        waiting.append((entry, place))
    while waiting:
        ready = [one for one in waiting if not one[0].get("parent") or one[0]["parent"] in rows]
        if not ready:
            problems.extend(
                Problem(
                    place,
                    f"parent {entry['parent']!r}",
                    "the path of a code of this codebook",
                    "correct the parent, or add it",
                )
                for entry, place in waiting
            )
            break
        for entry, place in ready:
            row = _row(entry)
            if row["code"] in rows:
                problems.append(
                    Problem(place, f"{row['code']!r} a second time", "each code once", "remove one")
                )
            rows[row["code"]] = row
        waiting = [one for one in waiting if one not in ready]
    raise_if_any(problems)
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


def _row(entry: dict[str, Any]) -> dict[str, Any]:
    name = str(entry["name"]).strip().replace("/", "∕")
    parent = str(entry.get("parent") or "").strip()
    return {
        "code": f"{parent}/{name}" if parent else name,
        "parent": parent,
        "name": name,
        "depth": parent.count("/") + 1 if parent else 0,
        "usable": entry.get("usable", True) is not False,
        **{field: _joined(entry.get(field, "")) for field in _TEXTS},
    }


def _joined(value: Any) -> str:
    if isinstance(value, list):
        return "; ".join(map(str, value))
    return " ".join(str(value or "").split())

"""What changed since the last published report: numbers of the prose, patterns, sources.

`data/processed/published.json` keeps what the last report said and what the one before it said
that differed. Publishing the same again changes nothing, here or on the page.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from html import unescape
from pathlib import Path
from typing import Any

import pandas as pd

from analysis.files.whole_file import write_text
from analysis.report.pages.tables import markdown_table
from analysis.text.escape import markdown

PUBLISHED = "published.json"
# The commit changes with every commit, and says nothing of the results.
_NOT_COMPARED = ("choice.commit",)

State = dict[str, dict[str, str]]


def state(
    values: Mapping[str, str],
    patterns: pd.DataFrame,
    claim_patterns: pd.DataFrame,
    sources: pd.DataFrame,
) -> State:
    """What a report says, to be compared with the next: formatted values, patterns, sources."""
    named = {
        **dict(zip(patterns["expectation"], patterns["pattern"], strict=True)),
        **dict(zip(claim_patterns["claim"], claim_patterns["coded_pattern"], strict=True)),
    }
    return {
        "numbers": {name: said for name, said in values.items() if name not in _NOT_COMPARED},
        "patterns": named,
        "sources": dict(zip(sources["source_id"], sources["publish"], strict=True)),
    }


def told(now: State, folder: Path, used: Collection[str]) -> str:
    """What changed, as Markdown; `used` names the values that the prose prints.

    Sources that left are counted, not named.
    """
    last, before = _read(folder)
    then = before if last == now else last
    if then is None:
        return "No other report was published from this folder before: there is nothing to compare with.\n"
    numbers = _changed(then["numbers"], now["numbers"])
    shown = {name: pair for name, pair in numbers.items() if name in used}
    patterns = _changed(then["patterns"], now["patterns"])
    parts = [
        f"Numbers that the prose prints and that changed: {len(shown)}; other values that changed:"
        f" {len(numbers) - len(shown)}; patterns that changed: {len(patterns)}."
        f" {_of_sources(then['sources'], now['sources'])}\n"
    ]
    if shown or patterns:
        rows = [
            {"what": name, "before": before, "now": after}
            for name, (before, after) in {**patterns, **shown}.items()
        ]
        table = markdown_table(pd.DataFrame(rows), dict.fromkeys(("what", "before", "now"), "text"))
        parts.append(f"{table}\n: What the last published report said otherwise {{#tbl-changes}}\n")
    return "\n".join(parts)


def keep(now: State, folder: Path) -> None:
    """Remember a report that was published; call it only when it was."""
    last, _ = _read(folder)
    if last == now:
        return
    content = json.dumps(
        {"last": now, "before": last}, indent=1, sort_keys=True, ensure_ascii=False
    )
    write_text(folder / PUBLISHED, content + "\n")


def _read(folder: Path) -> tuple[State | None, State | None]:
    """The last report and the one before it; a file that is no such thing counts as none."""
    try:
        read: Any = json.loads((folder / PUBLISHED).read_text(encoding="utf-8"))
        return read["last"], read["before"]
    except (FileNotFoundError, ValueError, KeyError, TypeError):
        return None, None


def _changed(then: Mapping[str, str], now: Mapping[str, str]) -> dict[str, tuple[str, str]]:
    return {
        name: (unescape(then.get(name, "not there")), unescape(now.get(name, "not there")))
        for name in sorted({*then, *now})
        if then.get(name) != now.get(name)
    }


def _of_sources(then: Mapping[str, str], now: Mapping[str, str]) -> str:
    added = sorted(set(now) - set(then))
    left = len(set(then) - set(now))
    otherwise = [
        f"{name} ({then[name]}, now {now[name]})"
        for name in sorted(set(then) & set(now))
        if then[name] != now[name]
    ]
    parts = [
        f"Sources added: {', '.join(added)}." if added else "No source was added.",
        f"Sources that left: {left}.",
        f"Sources shown otherwise: {', '.join(otherwise)}." if otherwise else "",
    ]
    return markdown(" ".join(filter(None, parts)))

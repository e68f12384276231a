"""What is counted less than in the last report: said in a line each, and no final paper until seen."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

from analysis.files.problems import Problem
from analysis.files.whole_file import write_text
from analysis.study.folder import Study

COUNTED = "counted.json"
_LISTS = {
    "sources": "data/raw/sources.csv",
    "cases": "data/raw/sources.csv",
    "coders": "data/processed/codings.csv",
    "words": "data/processed/ledger-<kind>.csv",
    "codings": "data/processed/unplaced.csv and coding_report.csv",
}
_NAMED_AT_MOST = 3

# What is counted, by kind of thing and then by source (or case, or coder).
Counts = dict[str, dict[str, int]]


def counted(study: Study) -> Counts:
    """Count the sources, cases, coders, words and codings of a study as its stages left them."""
    sources = study.sources[study.sources["status"] == "active"]
    used = set(sources["source_id"])
    passages = study.passages[study.passages["source_id"].isin(used)]
    codings = study.all_codings[study.all_codings["source_id"].isin(used)]
    return {
        "sources": {str(name): 1 for name in sources["source_id"]},
        "cases": {str(name): 1 for name in sources["case_id"].unique()},
        "coders": {str(name): 1 for name in codings["coder"].unique()},
        "words": {str(k): int(n) for k, n in passages.groupby("source_id")["words"].sum().items()},
        "codings": {str(k): int(n) for k, n in codings.groupby("source_id").size().items()},
    }


def last_counted(processed: Path) -> Counts:
    """What the last report counted in which nothing was missing; empty without one."""
    try:
        return dict(json.loads((processed / COUNTED).read_text(encoding="utf-8")))
    except (OSError, ValueError):
        return {}


def keep(now: Counts, processed: Path) -> None:
    """Remember `now` as what the next report is compared with."""
    write_text(processed / COUNTED, json.dumps(now, indent=1, sort_keys=True) + "\n")


def shrunk(then: Counts, now: Counts, statuses: Mapping[str, str]) -> tuple[list[str], list[str]]:
    """Return a line for each kind of thing counted less than `then`: explained, and not.

    `statuses` are those of the register by source. What went with a source that was withdrawn or
    is embargoed is explained; so are its case and its coder.
    """
    left = {name for name, status in statuses.items() if status != "active"}
    explained: list[str] = []
    unexplained: list[str] = []
    for what, before in then.items():
        after = now.get(what, {})
        # One interview grown does not make up for another that shrank.
        fewer = {
            name: count - after.get(name, 0)
            for name, count in before.items()
            if after.get(name, 0) < count
        }
        if not fewer:
            continue
        by_left = all(name in left for name in fewer) or (what in ("cases", "coders") and left)
        names = sorted(fewer, key=lambda name: (-fewer[name], name))
        of = ", ".join(f"{name} -{fewer[name]}" for name in names[:_NAMED_AT_MOST])
        more = f" and {len(names) - _NAMED_AT_MOST} more" if len(names) > _NAMED_AT_MOST else ""
        reason = "withdrawn or embargoed" if by_left else _reason(what, fewer, statuses)
        line = (
            f"fewer {what} are counted than in the last report: {sum(fewer.values())} less "
            f"({of}{more}); {reason}; see {_LISTS[what]}"
        )
        (explained if by_left else unexplained).append(line)
    return explained, unexplained


def _reason(what: str, fewer: Mapping[str, int], statuses: Mapping[str, str]) -> str:
    gone = [name for name in fewer if name not in statuses]
    if what == "sources" or (what in ("words", "codings") and gone):
        return "no longer in the register"
    return {
        "words": "the text or how it is cleaned changed",
        "codings": "they are no longer in the files, or have no place in the text",
        "coders": "nothing of theirs is placed",
    }.get(what, "no source of theirs is left")


def problems(lines: list[str]) -> list[Problem]:
    """The problems that stop a final paper while `lines` are not explained."""
    return [
        Problem(
            f"data/processed/{COUNTED}",
            line,
            "all that the last report counted",
            f"mend it; or, when it is meant, remove data/processed/{COUNTED}",
        )
        for line in lines
    ]

"""What the figures of an expectation count, as questions to the list of all evidence.

A question names what is listed (`list`) and what each entry has: `code`, and further codes joined by
`and_`, `or_`, `near` or `meets`; `within`, `window`; `role`, `kind`, `without_role`, `without_case`;
`coding` 'counted'. `report.evidence_index` says what each of them lists; codes are written as
`asked_code` writes them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from analysis.claims.codes_cell import codes_in
from analysis.claims.terms import ANY_KIND

Asked = Mapping[str, Any]
#: Questions by the column of `patterns` that holds the count; `PASSAGES` of all that carry it.
Questions = dict[str, Asked]
PASSAGES = "n_passages"


@dataclass(frozen=True)
class Asking:
    """What a question needs beside the row: the window, and the cases that were not asked."""

    window: int
    unasked: Sequence[str] = ()


def everywhere(row: Mapping[str, Any]) -> dict[str, Any]:
    """What every question of an expectation has: codings that count, in its kind of source."""
    kind = "" if row["kind_of_source"] == ANY_KIND else row["kind_of_source"]
    return {"coding": "counted", "kind": kind}


def asked_code(code: str, *, alone: bool = False) -> str:
    """`code` as a question names it, with those beneath it or `alone`.

    `=code` is that code alone; so that a name may begin with =, each = that begins it is doubled.
    """
    name = code.lstrip("=")
    return "=" * (2 * (len(code) - len(name)) + alone) + name


def codes_of(row: Mapping[str, Any]) -> list[str]:
    """The codes of a row, in order, as questions name them."""
    return [asked_code(code) for code in codes_in(str(row["codes"]))]


def roles_of(row: Mapping[str, Any]) -> list[str]:
    """The roles of a row."""
    return [role for role in (row["group"], row["than"]) if role]


def of_groups(row: Mapping[str, Any], asking: Asking) -> Questions:
    """The cases of each group, those of them that carry the code, and the passages with it."""
    code, found = codes_of(row)[0], Questions()
    for n, group, other in (("n", "group", "than"), ("than_n", "than", "group")):
        if not row[group]:
            continue
        whose = everywhere(row) | {"role": row[group], "without_role": row[other]}
        whose |= {"without_case": asking.unasked} if asking.unasked else {}
        found[n] = {"list": "cases", "code": code, **whose}
        # Whoever carries nothing is one of the group too.
        everybody = {name: value for name, value in whose.items() if name != "coding"}
        found[n.replace("_n", "_of") if "_" in n else "n_of"] = {"list": "cases", **everybody}
    carrying = {"list": "passages", "code": code, **everywhere(row), "role": roles_of(row)}
    return found | {PASSAGES: carrying}


def meeting(codes: Sequence[str], unit: str, window: int) -> dict[str, Any]:
    """Where two codes, as questions name them, meet."""
    first, second = codes
    if unit == "overlap":
        return {"list": "meetings", "code": first, "meets": second}
    if unit == "source":
        return {"list": "sources", "code": first, "and_": second, "within": "source"}
    if unit == "window":
        return {"list": "passages", "code": first, "near": second, "window": str(window)}
    return {"list": "passages", "code": first, "and_": second}

"""Reporting standards as a page: where the report speaks to each item, and room for the authors.

Nothing is ticked: whether an item is met is the authors' to say, and the reader's to judge.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from html import unescape
from pathlib import Path

import yaml

from analysis.files.safe_yaml import LOADER
from analysis.report import look

_LISTS = Path(__file__).parents[1] / "checklists.yml"
_VALUE = re.compile(r"\{([\w.]+)\}")


def page(
    approach: str,
    values: Mapping[str, str],
    anchors: Mapping[str, str],
    pages: Collection[str],
    *,
    constructed: bool,
) -> str:
    """`checklist.html` for the study's `approach`.

    `values`: the formatted values of the prose. `anchors`: id -> its words, of the paper and,
    written `page.html#id`, of other pages. `pages`: the addresses that the site will have.
    """
    lists = yaml.load(_LISTS.read_text(encoding="utf-8"), Loader=LOADER)
    shown = [
        {
            **checklist,
            "note": checklist.get("note", ""),
            "items": [
                {
                    "number": entry["number"],
                    "topic": entry["topic"],
                    "places": _places(entry.get("at", ()), anchors, pages),
                    "known": _known(entry.get("known", ""), values),
                }
                for entry in checklist["items"]
            ],
        }
        for checklist in lists
        if approach in checklist["approaches"]
    ]
    return look.page(
        "checklist.html",
        title="Reporting standards",
        constructed=constructed,
        current="checklist.html",
        lists=shown,
    )


def _places(
    wanted: Collection[str], anchors: Mapping[str, str], pages: Collection[str]
) -> list[tuple[str, str]]:
    """Address and words of each of the `wanted` places that the report has."""
    found: list[tuple[str, str]] = []
    for place in wanted:
        if place in anchors:
            found.append((place if "#" in place else f"index.html#{place}", anchors[place]))
        elif place in pages:
            found.append((place, _page_name(place)))
    return found


def _page_name(address: str) -> str:
    named = dict(look.NAVIGATION)
    plain = address.removesuffix(".html").replace("notebooks/", "notebook ")
    return named.get(address, plain[:1].upper() + plain[1:])


def _known(sentence: str, values: Mapping[str, str]) -> str:
    if any(name not in values for name in _VALUE.findall(sentence)):
        return ""
    return unescape(_VALUE.sub(lambda found: values[found[1]], sentence))

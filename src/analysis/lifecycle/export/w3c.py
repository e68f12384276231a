"""Web Annotations (W3C) of what the paper rests on: published quotations and judged passages."""

from __future__ import annotations

import json
import re
import uuid
from collections.abc import Iterator
from typing import Any

import pandas as pd

from analysis.claims.codes_cell import codes_in
from analysis.claims.quotable import quotations
from analysis.lifecycle.export.form import Files, Form
from analysis.lifecycle.export.material import Material
from analysis.report import look
from analysis.report.prose import prose

_NAMES = uuid.UUID("3f0e3c0c-6d35-5b8e-8a4e-6d1d8f2a9d10")
_CONTEXT = "http://www.w3.org/ns/anno.jsonld"
_QUOTED = re.compile(r"_generated/quotations/([\w-]+)\.md")
# So much before and after the words tells two places of the same words apart.
_AROUND = 40
# What stands around is cut between words: a part of one may be read as another.
_WORD_IN_PART_BEFORE, _WORD_IN_PART_AFTER = re.compile(r"\A\S+(?=\s)"), re.compile(r"(?<=\s)\S+\Z")


def write(material: Material) -> Files:
    """One annotation a span and coder, with its codes, and one a judgement of a claim.

    Each is bound to its words by a quote and by positions, in code points of the clean text from
    0, end-exclusive. Nothing stands in it that the evidence page may not print. A quotation that
    the paper prints is bound to the paper too, for Annotation for Transparent Inquiry.
    """
    annotations = [*_coded(material), *_judged(material)]
    document = {
        "@context": _CONTEXT,
        "id": _urn("collection", material.study.folder.resolve().name),
        "type": "AnnotationCollection",
        "label": "Codings and judgements that the paper rests on",
        "total": len(annotations),
        "first": {
            "id": _urn("page", material.study.folder.resolve().name),
            "type": "AnnotationPage",
            "startIndex": 0,
            "items": annotations,
        },
    }
    if material.invented:
        document["summary"] = look.NOTICE
    text = json.dumps(document, ensure_ascii=False, indent=1) + "\n"
    return {"annotations.jsonld": text.encode("utf-8")}


def _coded(material: Material) -> Iterator[dict[str, Any]]:
    quoted = _in_the_paper(material)
    whole = material.shown.passages.set_index("id")
    table = quotations(material.shown)
    for (name, coder), group in table.groupby(["id", "coder"], sort=False):
        row = group.iloc[0]
        passage = whole.loc[f"q-{row['source_id']}-{row['passage']}"]
        target = _target(passage, int(row["start"]), int(row["end"]))
        paper = {
            "source": "index.html",
            "selector": {"type": "TextQuoteSelector", "exact": target["selector"][0]["exact"]},
        }
        yield {
            "id": _urn("coded", name, coder),
            "type": "Annotation",
            "motivation": "tagging",
            "creator": {"type": "Person", "name": coder},
            "body": [
                {"type": "TextualBody", "purpose": "tagging", "value": code}
                for code in dict.fromkeys(group["code"])
            ],
            "target": [target, paper] if name in quoted else target,
        }


def _judged(material: Material) -> Iterator[dict[str, Any]]:
    """The judgements of claims, of passages whose words may be printed."""
    examples = material.stored("examples")
    if examples is None:
        return
    sentences = {claim.id: claim.sentence for claim in material.claims}
    whole = material.shown.passages.set_index("id")
    key = ["claim", "source_id", "passage", "start", "end", "bears", "by"]
    judged = examples[examples["bears"] != "presence only"].drop_duplicates(key)
    for row in judged.to_dict("records"):
        name = f"q-{row['source_id']}-{row['passage']}"
        if name not in whole.index:
            continue
        place = [row[part] for part in key]
        bodies = [
            {"type": "TextualBody", "purpose": "assessing", "value": row["bears"]},
            {
                "type": "TextualBody",
                "purpose": "linking",
                "value": sentences.get(row["claim"], row["claim"]),
            },
        ]
        bodies += [
            {"type": "TextualBody", "purpose": "tagging", "value": code}
            for code in codes_in(str(row["code"]))
            if code
        ]
        if row["note"]:
            bodies.append({"type": "TextualBody", "purpose": "commenting", "value": row["note"]})
        yield {
            "id": _urn("judged", *place),
            "type": "Annotation",
            "motivation": "assessing",
            "creator": {"type": "Person", "name": row["by"]},
            "body": bodies,
            "target": _target(whole.loc[name], int(row["start"]), int(row["end"])),
        }


def _target(passage: pd.Series, start: int, end: int) -> dict[str, Any]:
    """The words from `start` to `end`, as far as the passage shows them, and what is around."""
    text, begin = passage["text"], int(passage["start"])
    start, end = max(start, begin), min(end, begin + len(text))
    first, last = start - begin, end - begin
    return {
        "source": f"texts/{passage['source_id']}.txt",
        "scope": f"evidence.html#q-{passage['source_id']}-{passage['passage']}",
        "selector": [
            {
                "type": "TextQuoteSelector",
                "exact": text[first:last],
                "prefix": _WORD_IN_PART_BEFORE.sub("", text[max(0, first - _AROUND) : first]),
                "suffix": _WORD_IN_PART_AFTER.sub("", text[last : last + _AROUND]),
            },
            {"type": "TextPositionSelector", "start": start, "end": end},
        ],
    }


def _in_the_paper(material: Material) -> frozenset[str]:
    """The ids of the quotations that the pages of the paper print."""
    reports = material.study.reports
    names = prose.page_names(reports) if reports.is_dir() else []
    texts = [prose.read_page(reports, name) for name in names]
    return frozenset(found for text in texts for found in _QUOTED.findall(text))


def _urn(*parts: object) -> str:
    return f"urn:uuid:{uuid.uuid5(_NAMES, chr(31).join(map(str, parts)))}"


FORM = Form(
    "w3c",
    "Web Annotations of quotations and judged passages",
    {
        "annotations.jsonld": "W3C Web Annotations: the words of each published quotation and "
        "judged passage, with code, claim and bearing"
    },
    write,
)

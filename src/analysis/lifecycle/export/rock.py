"""ROCK sources, for the Reproducible Open Coding Kit: one a coder, the codes in the lines."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Mapping

import pandas as pd

from analysis.lifecycle.export.form import Files, Form
from analysis.lifecycle.export.material import Material
from analysis.lifecycle.export.names import identifiers
from analysis.text.sentences import sentence_spans

_DIGITS = "0123456789abcdefghjkmnpqrtuvwxy"
_LONG = 10
_NOBODY = "nobody"


def write(material: Material) -> Files:
    """For each source whose text goes out, a file for each coder of it (one, if nobody coded it).

    An utterance is a sentence; a coding stands on each sentence that it touches. Files of one
    source share the `uid` of each utterance, by which programs join them. Codes are called by
    identifiers; the tree with their names stands at the end of each file, and so do the
    attributes of the case.
    """
    names = identifiers(material.codes["code"])
    coders = identifiers(sorted(set(material.codings["coder"])), "coder")
    cases = identifiers(sorted(set(material.sources["case_id"])), "case")
    listed = material.sources.set_index("source_id")
    files: dict[str, bytes] = {}
    for source_id, text in sorted(material.texts.items()):
        own = material.codings[material.codings["source_id"] == source_id]
        source = listed.loc[source_id]
        case = {"caseId": cases[source["case_id"]]}
        case |= {name: str(source[name]) for name in material.attributes}
        for coder in sorted(set(own["coder"])) or [_NOBODY]:
            head = [
                "# Utterances are sentences; codes stand on each sentence that a coding touches.",
                f"[[caseId={case['caseId']}]] [[coderId={coders.get(coder, _NOBODY)}]]",
            ]
            lines = _utterances(source_id, text, own[own["coder"] == coder], names)
            foot = _foot(case, material.codes, names)
            told = "\n".join([*head, *lines, *foot]) + "\n"
            files[f"rock/{source_id}_{coders.get(coder, _NOBODY)}.rock"] = told.encode("utf-8")
    return files


def _utterances(
    source_id: str, text: str, codings: pd.DataFrame, names: Mapping[str, str]
) -> Iterator[str]:
    starts, ends = codings["start"].to_numpy(), codings["end"].to_numpy()
    coded = codings["code"].to_numpy()
    for number, (start, end) in enumerate(sentence_spans(text)):
        here = set(coded[(starts < end) & (ends > start)])
        codes = "".join(f" [[{names[code]}]]" for code in sorted(here))
        yield f"[[uid={_uid(source_id, number)}]] {_without_marks(text[start:end])}{codes}"


def _uid(source_id: str, number: int) -> str:
    """An identifier of an utterance: the same in each coder's file, another in each source."""
    value = int.from_bytes(hashlib.sha256(f"{source_id}\n{number}".encode()).digest()[:8])
    signs = []
    for _ in range(_LONG):
        value, digit = divmod(value, len(_DIGITS))
        signs.append(_DIGITS[digit])
    return "".join(signs)


def _without_marks(words: str) -> str:
    """Words on one line, of which nothing is taken for a code: brackets that meet are parted."""
    apart = re.sub(r"\[(?=\[)|\](?=\])", r"\g<0> ", " ".join(words.split()))
    return re.sub(r"-(?=--)|-(?=-[<+])", r"\g<0> ", apart)


def _foot(case: Mapping[str, str], codes: pd.DataFrame, names: Mapping[str, str]) -> Iterator[str]:
    """The attributes of the case, then the codes as a tree, each a fragment of YAML."""
    yield from ("", "---", "ROCK_attributes:")
    for number, (name, value) in enumerate(case.items()):
        yield f"  {'-' if number == 0 else ' '} {json.dumps(name)}: {_said(value)}"
    yield from ("---", "", "---", "codes:")
    for row in codes.itertuples():
        parent = names[row.parent] if row.parent else ""
        yield f"  - id: {names[row.code]}"
        yield f"    label: {_said(row.name)}"
        if parent:
            yield f"    parentId: {parent}"
        if row.definition:
            yield f"    description: {_said(row.definition)}"
    yield "---"


def _said(value: str) -> str:
    """Text as YAML has it, on one line, whatever stands in it."""
    return json.dumps(" ".join(_without_marks(str(value)).split()), ensure_ascii=False)


FORM = Form(
    "rock",
    "ROCK sources",
    {"rock/*.rock": "ROCK: a file for each source and coder, one sentence a line with its codes"},
    write,
)

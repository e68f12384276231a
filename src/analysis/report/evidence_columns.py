"""The index of the evidence page as columns of numbers, for more passages than one page holds.

A JavaScript file that calls one function with one object, for a page opened from a folder may load
nothing else. Numbers are packed, little-endian and as narrow as they can be, in base64.
"""

from __future__ import annotations

import base64
import json
import sys
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np

from analysis.report.evidence_index import Index, Passage, Row, Source

_CALL = "evidenceIndex("
_OF_SOURCE, _OF_PASSAGE = ("case", "kind", "role"), ("place", "voice", "number", "hidden", "rows")
_WIDTHS = (np.uint8, np.uint16, np.uint32)


def written(index: Index, further: Mapping[str, Sequence[int]] = {}) -> str:
    """The file of `index`; `further` are numbers of the sources, for the page alone."""
    named = {name: sorted({getattr(one, name) for one in index.sources}) for name in _OF_SOURCE}
    voices = sorted({one.voice for one in index.passages})
    codes = sorted({row.code for one in index.passages for row in one.rows})
    coders = sorted({row.coder for one in index.passages for row in one.rows})
    of_source = [
        _numbers((getattr(one, name) for one in index.sources), names)
        for name, names in named.items()
    ]
    of_passage = [
        [one.place + 1 for one in index.passages],
        _numbers((one.voice for one in index.passages), voices),
        [int(one.id.rpartition("-")[2]) for one in index.passages],
        [int(one.id.startswith("w-")) for one in index.passages],
        [len(one.rows) for one in index.passages],
    ]
    rows = [row for one in index.passages for row in one.rows]
    columns = {
        **dict(zip(_OF_SOURCE, of_source, strict=True)),
        **dict(zip(_OF_PASSAGE, of_passage, strict=True)),
        "source": [one.source for one in index.passages],
        "code": _numbers((row.code for row in rows), codes),
        "coder": _numbers((row.coder for row in rows), coders),
        "start": [row.start for row in rows],
        "length": [row.end - row.start for row in rows],
        "counted": [int(row.counted) for row in rows],
        **further,
    }
    tree = {
        "sources": [one.source for one in index.sources],
        **{f"{name}s": names for name, names in named.items()},
        "voices": voices,
        "codes": codes,
        "coders": coders,
        "bears": [
            [at, *map(list, one.bears)] for at, one in enumerate(index.passages) if one.bears
        ],
        "columns": {name: _packed(numbers) for name, numbers in columns.items()},
    }
    return f"{_CALL}{json.dumps(tree, ensure_ascii=False, separators=(',', ':'))});\n"


def read(text: str, texts: Mapping[str, str]) -> Index:
    """The index that `written` wrote, with the words of the passages that are shown."""
    tree = json.loads(text.removeprefix(_CALL).removesuffix(");\n"))
    column = {name: _unpacked(*packed) for name, packed in tree["columns"].items()}
    described = zip(
        tree["sources"],
        *([tree[f"{name}s"][at] for at in column[name]] for name in _OF_SOURCE),
        strict=True,
    )
    sources = tuple(Source(*one) for one in described)
    rows = [
        Row(tree["codes"][code], tree["coders"][coder], start, start + length, bool(counted))
        for code, coder, start, length, counted in zip(
            *(column[name] for name in ("code", "coder", "start", "length", "counted")),
            strict=True,
        )
    ]
    bears = {at: tuple((claim, does) for claim, does in own) for at, *own in tree["bears"]}
    passages, first = [], 0
    for at, (source, place, voice, number, hidden, many) in enumerate(
        zip(*(column[name] for name in ("source", *_OF_PASSAGE)), strict=True)
    ):
        passages.append(
            Passage(
                f"{'w' if hidden else 'q'}-{sources[source].source}-{number}",
                source,
                place - 1,
                tree["voices"][voice],
                bears.get(at, ()),
                tuple(rows[first : first + many]),
            )
        )
        first += many
    return Index(sources, tuple(passages), texts)


def _numbers(values: Iterable[str], names: Sequence[str]) -> list[int]:
    at = {name: number for number, name in enumerate(names)}
    return [at[value] for value in values]


def _packed(numbers: Sequence[int]) -> list[Any]:
    """How many bytes a number has, and all of them in base64."""
    largest = max(numbers, default=0)
    width = next(width for width in _WIDTHS if largest <= np.iinfo(width).max)
    packed = np.asarray(numbers, dtype=width)
    if sys.byteorder == "big":
        packed = packed.byteswap()
    return [packed.itemsize, base64.b64encode(packed.tobytes()).decode()]


def _unpacked(width: int, packed: str) -> list[int]:
    kinds = {1: "<u1", 2: "<u2", 4: "<u4"}
    return list(np.frombuffer(base64.b64decode(packed), dtype=kinds[width]).tolist())

"""Dataclasses of arrays, kept as files: arrays and names, and nothing that could be executed."""

from __future__ import annotations

import dataclasses
import io
import json
import zipfile
from pathlib import Path
from typing import Any, TypeVar, cast, get_args, get_type_hints

import numpy as np

from analysis.files.whole_file import write_bytes

_T = TypeVar("_T")
_NAMES = list[str]


def write_arrays(value: Any, path: Path) -> None:
    """Write `value` to `path`: a dataclass whose fields are arrays of numbers, lists of names, such
    dataclasses, or dictionaries of them by name."""
    content = io.BytesIO()
    np.savez_compressed(content, allow_pickle=False, **_flat(value, ""))
    write_bytes(path, content.getvalue())


def read_arrays(kind: type[_T], path: Path) -> _T | None:
    """The `kind` that `write_arrays` wrote to `path`; None where there is none, or not all of it."""
    try:
        with np.load(path, allow_pickle=False) as arrays:
            found: _T = _built(kind, "", arrays)
    except (OSError, ValueError, KeyError, zipfile.BadZipFile):
        return None
    return found


def _flat(value: Any, name: str) -> dict[str, np.ndarray]:
    if isinstance(value, np.ndarray):
        return {name: value}
    if isinstance(value, list):
        return {name: np.frombuffer(json.dumps(value).encode(), dtype=np.uint8)}
    if isinstance(value, dict):
        flat = _flat(list(value), f"{name}/names")
        for place, own in enumerate(value.values()):
            flat |= _flat(own, f"{name}/{place}")
        return flat
    flat = {}
    for field in dataclasses.fields(value):
        flat |= _flat(getattr(value, field.name), f"{name}/{field.name}")
    return flat


def _built(kind: Any, name: str, arrays: Any) -> Any:
    if kind is np.ndarray:
        return arrays[name]
    if kind == _NAMES:
        return [str(one) for one in json.loads(arrays[name].tobytes())]
    if dataclasses.is_dataclass(kind):
        hints = get_type_hints(kind)
        fields = {one: _built(hint, f"{name}/{one}", arrays) for one, hint in hints.items()}
        return cast(type[Any], kind)(**fields)
    names = _built(_NAMES, f"{name}/names", arrays)
    of = get_args(kind)[1]
    return {one: _built(of, f"{name}/{place}", arrays) for place, one in enumerate(names)}

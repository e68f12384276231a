"""What a stage adds up, batch by batch: kept by the digest of the batch and of what was asked of it.

A measure that is a sum over sources is counted in each batch by itself, on whoever works here, and the
sums of all batches are put together in their order. Nothing hangs on how the sources were divided,
nor on who counted. What was counted of a batch lies in `data/processed/sums`, numbers and names of
codes, sources and words; one changed source has one batch counted again. A study of one batch keeps
nothing: it is done at once.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from functools import cache, partial
from pathlib import Path
from typing import Any, Protocol, TypeVar

import numpy as np
import pandas as pd

from analysis.corpus import Corpus
from analysis.files.arrays import read_arrays, write_arrays
from analysis.files.problems import Problem, StudyError
from analysis.files.project import PACKAGE
from analysis.workers.pools import Died, each

FOLDER = "sums"
_T = TypeVar("_T")
# The rooms whose code decides what is counted.
_CODE = ("corpus", "measures", "stages", "study", "text")


class Batch(Protocol):
    """Some sources of a study (`study.folder.Part`): `digest` says what is in them, `corpus` reads it."""

    @property
    def digest(self) -> str: ...

    @property
    def corpus(self) -> Corpus: ...


def sums(
    batches: Sequence[Batch], count: Callable[[Corpus], _T], kind: type[_T], kept: Path, asked: Any
) -> list[_T]:
    """What `count` finds in each of `batches`, in their order.

    `count`: a function of a module, or a `partial` of one, that returns a `kind`
    (`files.arrays`); `asked`: all that its answer hangs on beside the batch, as JSON. Below `kept`
    lies afterwards what these batches gave and nothing else.
    """
    if len(batches) == 1:
        return [count(batches[0].corpus)]
    about = json.dumps([_version(), kind.__name__, asked], sort_keys=True)
    files = [kept / f"{_digest(about + one.digest)}.npz" for one in batches]
    for path in set(kept.glob("*")) - set(files):
        path.unlink()
    found = [read_arrays(kind, path) for path in files]
    lacking = [at for at, one in enumerate(found) if one is None]
    given = [(batches[at], files[at]) for at in lacking]
    done = each(partial(_keep, count), given, worth=2, at_a_time=1)
    for at in lacking:
        found[at] = read_arrays(kind, files[at])
    whole = [one for one in found if one is not None]
    if len(whole) < len(files) or any(isinstance(one, Died) for one in done):
        raise StudyError(
            Problem(
                f"data/processed/{FOLDER}",
                f"{len(files) - len(whole)} of {len(files)} batches of sources that were not counted",
                "all of them",
                "run it again; with less memory in use, or WORKERS=one",
            )
        )
    return whole


def _keep(count: Callable[[Corpus], Any], given: tuple[Batch, Path]) -> None:
    batch, path = given
    write_arrays(count(batch.corpus), path)


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:32]


@cache
def _version() -> str:
    """The digest of the code that counts, and of what it counts with."""
    found = hashlib.sha256(f"{np.__version__} {pd.__version__}".encode())
    for room in _CODE:
        for path in sorted((PACKAGE / room).rglob("*.py")):
            found.update(path.read_bytes())
    return found.hexdigest()

"""A large corpus in parts: batches of sources, each with its passages and codings in Parquet files.

A corpus of more than `LARGE` sources lies in `data/processed/parts` too, beside the tables that
people download. A measure that sums over sources takes one part after another and never holds
the corpus; it can keep its sums by the digest of the part, and count anew only what changed:

    for part in study.parts():
        if part.digest not in kept:
            kept[part.digest] = counts_of(part.corpus)

`part.digest` says everything that `part.corpus` hangs on: passages, codings, rows of the register,
codes, whose codings and which voices count. `part.study` is the study of these sources alone, for
what else is asked of them (`part.study.all_codings`, `part.study.corpus_of(…)`). Neither is read
before it is asked for, and a part can be sent to a worker. Parts one after another are the corpus
in the order of its sources; a smaller corpus is one part, made of the tables themselves, so that a
measure has one way for both. So is one whose parts cannot be read because `pyarrow` is missing.

Where a part begins hangs on the id of its first source alone: adding, changing or taking away a
source changes its own part, or parts or joins two. A part has `SOURCES_A_PART` sources on average.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from importlib.util import find_spec
from pathlib import Path

import pandas as pd

from analysis.files.whole_file import write_bytes, write_text
from analysis.study import tables

FOLDER = Path("parts")
INDEX, LISTING = "index.json", ".parts.list"
LARGE = 1000
SOURCES_A_PART = 500
SCHEMAS = {"passages": tables.PASSAGES, "codings": tables.CODINGS}
_KIND_OF_FILE = "parquet"


@dataclass(frozen=True)
class Batch:
    """What the index says of one part: its sources, in their order, who coded in it, and the SHA-256
    of each of its tables."""

    name: str
    sources: tuple[str, ...]
    coders: tuple[str, ...]
    digests: Mapping[str, str] = field(hash=False)

    def file(self, table: str) -> str:
        """Where `table` of this part lies in `FOLDER`."""
        return f"{table}-{self.name}.{_KIND_OF_FILE}"


def can_be_read() -> bool:
    """Whether `pyarrow` is installed."""
    return find_spec("pyarrow") is not None


def lacking(sources: int) -> list[str]:
    """What the console says of a corpus so large where `pyarrow` is missing."""
    if sources <= LARGE or can_be_read():
        return []
    return [
        f"warning: {sources} sources without `pyarrow` are counted in one piece, which takes memory "
        "and, when a source changes, time. To keep them in parts: pip install qualan[cluster]"
    ]


def in_batches(source_ids: Iterable[str], size: int) -> list[tuple[str, ...]]:
    """`source_ids` in the order given, parted before each whose hash is a multiple of `size`.

    >>> in_batches(["b", "c", "d", "e"], 2)
    [('b',), ('c', 'd'), ('e',)]
    """
    found: list[list[str]] = []
    for source_id in source_ids:
        hashed = hashlib.sha256(source_id.encode("utf-8")).digest()
        if not found or int.from_bytes(hashed[:8], "big") % size == 0:
            found.append([])
        found[-1].append(source_id)
    return [tuple(one) for one in found]


def write(
    processed: Path,
    source_ids: Iterable[str],
    by_name: Mapping[str, pd.DataFrame],
) -> None:
    """Keep the tables `by_name` (those of `SCHEMAS`) in parts; what was kept otherwise goes.

    A part that stays the same is not written anew. Nothing is kept of `LARGE` sources or fewer, or
    without `pyarrow`.
    """
    folder, names = processed / FOLDER, sorted(source_ids)
    is_kept = len(names) > LARGE and can_be_read()
    batches = in_batches(names, SOURCES_A_PART) if is_kept else []
    number = {name: at for at, own in enumerate(batches) for name in own}
    split = {
        name: dict(list(table.groupby(table["source_id"].map(number)))) if batches else {}
        for name, table in by_name.items()
    }
    index = []
    for at, own in enumerate(batches):
        rows = {name: split[name].get(at, by_name[name].iloc[:0]) for name in by_name}
        index.append(write_batch(folder, own, rows))
    write_index(folder, index)


def name_of(source_ids: Sequence[str]) -> str:
    """What files of a batch are called, by its first source."""
    return hashlib.sha256(source_ids[0].encode("utf-8")).hexdigest()[:16]


def write_batch(
    folder: Path, source_ids: Sequence[str], by_name: Mapping[str, pd.DataFrame]
) -> Batch:
    """Write the tables of one part; returns what the index says of it."""
    name = name_of(source_ids)
    contents = {table: _parquet(rows) for table, rows in by_name.items()}
    digests = {table: hashlib.sha256(content).hexdigest() for table, content in contents.items()}
    coders = tuple(sorted(map(str, by_name["codings"]["coder"].unique())))
    batch = Batch(name, tuple(source_ids), coders, digests)
    for table, content in contents.items():
        path = folder / batch.file(table)
        if not path.is_file() or path.read_bytes() != content:
            write_bytes(path, content)
    return batch


def write_index(folder: Path, batches: Sequence[Batch]) -> None:
    """Say which parts there are, and remove what belongs to none; without any nothing is left."""
    kept = {batch.file(table) for batch in batches for table in batch.digests}
    for path in folder.glob(f"*.{_KIND_OF_FILE}"):
        if path.name not in kept:
            path.unlink()
    if batches:
        write_text(folder / INDEX, json.dumps([asdict(batch) for batch in batches]))
        write_text(folder / LISTING, "".join(f"{name}\n" for name in [INDEX, *sorted(kept)]))
    else:
        for name in (INDEX, LISTING):
            (folder / name).unlink(missing_ok=True)


def read_index(processed: Path) -> list[Batch]:
    """The parts that there are and can be read, in the order of their sources."""
    path = processed / FOLDER / INDEX
    if not path.is_file() or not can_be_read():
        return []
    return [
        Batch(one["name"], tuple(one["sources"]), tuple(one["coders"]), one["digests"])
        for one in json.loads(path.read_text(encoding="utf-8"))
    ]


def read(processed: Path, batch: Batch, table: str) -> pd.DataFrame:
    """A table of one part, checked as the stored table is. Raises `StudyError` where it does not fit."""
    from pyarrow import parquet

    path = processed / FOLDER / batch.file(table)
    return tables.validate(parquet.read_table(path).to_pandas(), SCHEMAS[table], path.name)


def digest_of(*told: object) -> str:
    """SHA-256 of `told`, which JSON can write."""
    return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()


def rows_of(register: pd.DataFrame, batches: Sequence[Batch]) -> Iterator[pd.DataFrame]:
    """The rows of `register` of each batch, in the order of the register."""
    number = {name: at for at, batch in enumerate(batches) for name in batch.sources}
    by_batch = dict(list(register.groupby(register["source_id"].map(number))))
    for at in range(len(batches)):
        yield by_batch.get(at, register.iloc[:0]).reset_index(drop=True)


def _parquet(table: pd.DataFrame) -> bytes:
    import pyarrow
    from pyarrow import parquet

    # What pandas would add of itself is another version's tomorrow.
    plain = pyarrow.Table.from_pandas(table, preserve_index=False).replace_schema_metadata(None)
    sink = pyarrow.BufferOutputStream()
    parquet.write_table(plain, sink, compression="zstd")
    return bytes(sink.getvalue())

"""How often two codes meet, and how often they would if the same codings were rearranged.

Codes are rearranged within strata: within each source, or, where the unit is the source, among
the sources of one kind. The count is a sum over strata of independent variables, so its
distribution is their convolution. Each stratum's part is exact, but for overlaps under `shuffle`,
where it is drawn.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from analysis.claims.material import Material, Source
from analysis.claims.rearranging import Layout, layouts
from analysis.measures.chance import overlaps, passages
from analysis.measures.chance.further import FURTHER


@dataclass(frozen=True)
class Stratum:
    """One place within which codes are rearranged, as plain values that can be compared.

    `cases`: whose the stratum is (one case; for unit source one for each source). `a`, `b`: for
    overlap the spans (n, 2) of int64 in passages of equal length, else whether each of the `size`
    passages (or sources) holds the code, as bytes.
    """

    cases: tuple[str, ...]
    size: int
    a: bytes
    b: bytes

    def held(self) -> np.ndarray:
        """Which passages (or sources) hold which of the two codes: (size, 2) of bool."""
        return np.column_stack([np.frombuffer(self.a, dtype=bool), np.frombuffer(self.b, bool)])

    def has_both(self, unit: str) -> bool:
        """Whether both codes are in the stratum at all."""
        if unit == "overlap":
            return bool(self.a and self.b)
        return b"\1" in self.a and b"\1" in self.b

    def spans(self) -> tuple[np.ndarray, np.ndarray]:
        """The spans of both codes, each (n, 2)."""
        first, second = (
            np.frombuffer(data, dtype=np.int64).reshape(-1, 2) for data in (self.a, self.b)
        )
        return first, second


@dataclass(frozen=True)
class Meetings:
    """Where two codes can meet: `unit` overlap, passage, window or source, and the strata.

    `null` is '' for unit source and `window` 1 for all units but window: what does not matter
    makes no difference. `layouts`: of each stratum, for the nulls that ask for more than passages.
    """

    unit: str
    null: str
    window: int
    strata: tuple[Stratum, ...]
    layouts: tuple[Layout, ...] = ()

    @property
    def n_sources(self) -> int:
        """How many sources carry both codes."""
        if self.unit == "source":
            return int(sum(stratum.held().all(axis=1).sum() for stratum in self.strata))
        return sum(stratum.has_both(self.unit) for stratum in self.strata)

    @property
    def moved(self) -> int:
        """Which code moves, 0 or 1: the same as in `measures.cooccurrence_test`."""
        if not self.strata:
            return 0
        if self.unit != "overlap":
            presence = [stratum.held() for stratum in self.strata]
            return int(passages.moved_code(presence, np.array([0]), np.array([1]))[1][0])
        return overlaps.moves([stratum.spans() for stratum in self.strata])


def meetings(
    material: Material,
    among: list[Source],
    codes: tuple[str, ...],
    unit: str,
    null: str,
    window: int,
) -> Meetings:
    """Gather where the two `codes` are in the sources `among`."""
    if unit == "source":
        kinds = sorted({source.kind for source in among})
        strata = (
            _kind([one for one in among if one.kind == kind], codes, material) for kind in kinds
        )
        return Meetings(unit, "", 1, tuple(strata))
    strata = (_source(source, codes, unit == "overlap", material) for source in among)
    further = layouts(material, among, codes) if null in FURTHER else ()
    return Meetings(unit, null, window if unit == "window" else 1, tuple(strata), further)


def _kind(sources: list[Source], codes: tuple[str, ...], material: Material) -> Stratum:
    carrying = (material.sources_with([code]) for code in codes)
    held = (bytes(source.source_id in found for source in sources) for found in carrying)
    return Stratum(tuple(source.case_id for source in sources), len(sources), *held)


def _source(source: Source, codes: tuple[str, ...], as_spans: bool, material: Material) -> Stratum:
    # Described once for all variants that look at the same codings.
    known, key = (
        material.coded.described,
        ("spans" if as_spans else "passages", source.source_id, *codes),
    )
    layout = material.layout(source.source_id)
    if key not in known:
        spans = [material.spans(source.source_id, code) for code in codes]
        if not as_spans:
            held = [_passages_with(layout, own) for own in spans]
        elif len(layout):
            held = overlaps.in_passages(layout, spans)
        else:
            held = spans
        known[key] = tuple(own.tobytes() for own in held)
    a, b = known[key]
    return Stratum((source.case_id,), len(layout), a, b)


def _passages_with(layout: np.ndarray, spans: np.ndarray) -> np.ndarray:
    """Whether each passage shares a character with a span."""
    held = np.zeros(len(layout), dtype=bool)
    first = np.searchsorted(layout[:, 1], spans[:, 0], side="right")
    beyond = np.searchsorted(layout[:, 0], spans[:, 1], side="left")
    for begin, end in zip(first, beyond, strict=True):
        held[begin:end] = True
    return held


@lru_cache(maxsize=4096)
def counted(stratum: Stratum, unit: str, window: int) -> tuple[int, int]:
    """How often the codes meet in a stratum, and of how many places that hold either.

    For overlap: overlapping pairs of spans, of all spans.
    """
    if unit == "overlap":
        fixed, moved = stratum.spans()
        if not (len(fixed) and len(moved)):
            return 0, len(fixed) + len(moved)
        return overlaps.overlapping(fixed, moved), len(fixed) + len(moved)
    here = stratum.held()
    near = passages.looked_back(here, window)
    met = near.all(axis=1) & here.any(axis=1)
    return int(met.sum()), int(near.any(axis=1).sum())


@lru_cache(maxsize=4096)
def masses(
    stratum: Stratum, moved: int, unit: str, null: str, window: int, draws: int, seed: int
) -> tuple[float, ...]:
    """The probability of each count 0, 1, … in a stratum when the code `moved` (0, 1) moves.

    `draws` and `seed` matter for overlaps under `shuffle` alone.
    """
    if not stratum.has_both(unit):
        return (1.0,)
    if unit == "overlap":
        spans = stratum.spans()
        return overlaps.masses(spans[1 - moved], spans[moved], stratum.size, null, draws, seed)
    stays, moves = np.array([1 - moved]), np.array([moved])
    of_counts = passages.masses(stratum.held(), stays, moves, null or "shuffle", window)
    return tuple(of_counts[:, 0].tolist())

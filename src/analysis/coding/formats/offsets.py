"""What the positions in a REFI-QDA project count: told from the evidence, never assumed.

The standard says code points, and nothing of line ends or byte order marks. Programs differ, so
every reading of the numbers is tried on all texts of a project and scored.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from analysis.coding.formats.containers import refuse
from analysis.coding.placing.folding import fold_text
from analysis.coding.project import OUR_ORIGIN, Report

Positions = npt.NDArray[np.int64]

_SAMPLE = 2_000
_NAME_WEIGHT = 3.0
# A name may be cut short; one that is all the words outweighs their edges.
_WHOLE_NAME_WEIGHT = 2.5
_EDGE_WEIGHT = 1.0
_ORIGIN_WEIGHT = 4.0
_IMPOSSIBLE_WEIGHT = 5.0
_TIE = 1e-9


class Reading(NamedTuple):
    """What one unit of a position is, and whether CRLF is two of them and a BOM is one."""

    utf16: bool
    crlf_two: bool
    bom: bool

    def __str__(self) -> str:
        return (
            f"{'UTF-16 units' if self.utf16 else 'code points'}, "
            f"CRLF counted as {'two' if self.crlf_two else 'one'}, "
            f"BOM {'counted' if self.bom else 'not counted'}"
        )


READINGS = [Reading(*one) for one in itertools.product((False, True), (True, False), (False, True))]
_STANDARD = Reading(utf16=False, crlf_two=True, bom=False)

# What is known of programs; None where they were seen to do either.
_KNOWN: dict[str, tuple[bool | None, bool | None, bool | None]] = {
    "nvivo": (True, True, False),
    "atlas": (False, False, None),
    "maxqda": (None, True, None),
    "qualcoder": (False, None, False),
    "webanno": (True, None, False),
    "catma": (True, True, False),
}


@dataclass(frozen=True)
class StoredText:
    """A text of a project without its byte order mark, and whether it had one."""

    text: str
    bom: bool = False

    @classmethod
    def of(cls, text: str) -> StoredText:
        """A text that may begin with its mark."""
        return cls(text.removeprefix("\ufeff"), text.startswith("\ufeff"))

    def length(self, reading: Reading) -> int:
        """How many units the text has, its mark among them where it is counted."""
        reading = self.plainest(reading)
        return int(self._unit_starts(reading)[-1]) + int(reading.bom)

    @cached_property
    def _code_points(self) -> npt.NDArray[np.uint32]:
        return np.frombuffer(self.text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)

    @cached_property
    def _has_astral(self) -> bool:
        return not self.text.isascii() and bool((self._code_points > 0xFFFF).any())

    @cached_property
    def _has_crlf(self) -> bool:
        return "\r\n" in self.text

    def plainest(self, reading: Reading) -> Reading:
        """The first of READINGS that means the same as `reading` in this text."""
        return Reading(
            reading.utf16 and self._has_astral,
            reading.crlf_two or not self._has_crlf,
            reading.bom and self.bom,
        )

    def code_points(self, positions: Positions, reading: Reading) -> Positions:
        """`positions` as code points of `text`; -1 for one outside it or inside a character."""
        reading = self.plainest(reading)
        units = positions - int(reading.bom)
        if not reading.utf16 and reading.crlf_two:
            return np.where((units >= 0) & (units <= len(self.text)), units, -1)
        starts = self._unit_starts(reading)
        places = np.full(int(starts[-1]) + 1, -1, dtype=np.int64)
        # Of CR and LF counted as one the later wins: an end after the break is after both.
        places[starts] = np.arange(len(starts))
        inside = (units >= 0) & (units < len(places))
        return np.where(inside, places[np.where(inside, units, 0)], -1)

    def _unit_starts(self, reading: Reading) -> Positions:
        """For each code point, and the end of the text, how many units come before it."""
        points = self._code_points
        widths = np.ones(len(points), dtype=np.int8)
        if reading.utf16:
            widths[points > 0xFFFF] = 2
        if not reading.crlf_two:
            widths[1:][(points[1:] == 10) & (points[:-1] == 13)] = 0
        starts = np.zeros(len(points) + 1, dtype=np.int64)
        np.cumsum(widths, out=starts[1:])
        return starts


@dataclass(frozen=True)
class Selections:
    """The selections of one text: positions as stored, and the name each of them has."""

    stored: StoredText
    starts: Positions
    ends: Positions
    names: Sequence[str]
    _read: dict[Reading, tuple[Positions, Positions]] = field(default_factory=dict, repr=False)

    def past_the_end(self, reading: Reading) -> npt.NDArray[np.bool_]:
        """Which ends stand one past the end of the text, where they are cut back to it."""
        past: npt.NDArray[np.bool_] = self.ends == self.stored.length(reading) + 1
        return past

    def read(self, reading: Reading) -> tuple[Positions, Positions]:
        """Starts and ends in code points; (-1, -1) where they are no span of the text."""
        meant = self.stored.plainest(reading)
        if meant not in self._read:
            ends = np.where(self.past_the_end(meant), self.ends - 1, self.ends)
            points = self.stored.code_points(np.concatenate([self.starts, ends]), meant)
            starts, ends = points[: len(self.starts)], points[len(self.starts) :]
            wrong = (starts < 0) | (ends <= starts)
            self._read[meant] = np.where(wrong, -1, starts), np.where(wrong, -1, ends)
        return self._read[meant]


def choose_reading(texts: Sequence[Selections], origin: str, report: Report) -> Reading:
    """The reading of positions that fits all `texts` best; reported with its score.

    Scored on the selections that readings place differently (an even sample of at most
    2,000): names that repeat or begin the selected words, ends at the edges of words, spans that
    are possible at all, and what the program named by `origin` is known to do. Raises
    `StudyError` when the best two readings score the same and mark different words
    (white space aside).
    """
    told = sum(len(one.starts) for one in texts)
    if origin == OUR_ORIGIN and all((one.read(_STANDARD)[0] >= 0).all() for one in texts):
        report.add("offsets", f"{_STANDARD}, as this program writes", told)
        return _STANDARD
    candidates = _candidates(texts, origin)
    if len(candidates) == 1:
        report.add("offsets", "code points; other readings would give the same words", told)
        return _STANDARD
    sample = _telling_selections(texts, candidates)
    scores = {reading: _score(sample, reading, origin) for reading in candidates}
    ranked = sorted(candidates, key=lambda reading: -scores[reading])
    best, second = ranked[:2]
    if scores[best] - scores[second] < _TIE and _words(sample, best) != _words(sample, second):
        raise refuse(
            report.file,
            f"positions that can be read in two ways ({best}; or {second}), each as likely "
            f"({scores[best]:.2f})",
            "positions that the text settles",
            "export again with texts of LF line ends, or code a few more passages",
        )
    report.add(
        "offsets",
        f"{best}: score {scores[best]:.3f}; runner-up {second}: {scores[second]:.3f}; "
        f"judged on selections that tell them apart",
        sum(len(one.starts) for one in sample),
    )
    return best


def _candidates(texts: Sequence[Selections], origin: str) -> list[Reading]:
    """The readings that differ on some selection of some text.

    Of readings that place all alike the one stands that the program of `origin` is known for.
    """
    seen: dict[tuple[bytes, ...], Reading] = {}
    for reading in sorted(READINGS, key=lambda one: -_likeness_to_known(one, origin)):
        places = tuple(part.tobytes() for one in texts for part in one.read(reading))
        seen.setdefault(places, reading)
    return list(seen.values())


def _telling_selections(
    texts: Sequence[Selections], candidates: Sequence[Reading]
) -> list[Selections]:
    """The selections that `candidates` place differently, thinned evenly."""
    telling = []
    for one in texts:
        spans = [np.stack(one.read(reading)) for reading in candidates]
        differs = np.any([(other != spans[0]).any(axis=0) for other in spans[1:]], axis=0)
        telling.append(np.flatnonzero(differs))
    stride = max(1, -(-sum(map(len, telling)) // _SAMPLE))
    return [
        Selections(one.stored, one.starts[kept], one.ends[kept], [one.names[k] for k in kept])
        for one, places in zip(texts, telling, strict=True)
        if len(kept := places[::stride])
    ]


def _score(sample: Sequence[Selections], reading: Reading, origin: str) -> float:
    """How well `reading` fits, from 0 (or below, for impossible spans) to 1."""
    hits = most = 0.0
    for one in sample:
        text = one.stored.text
        for start, end, name in zip(*one.read(reading), one.names, strict=True):
            label = fold_text(name.rstrip(". …"))
            most += 2 * _EDGE_WEIGHT + (_NAME_WEIGHT + _WHOLE_NAME_WEIGHT if label else 0)
            if start < 0:
                hits -= _IMPOSSIBLE_WEIGHT
                continue
            words = fold_text(text[start:end])
            hits += _NAME_WEIGHT * bool(label and words.startswith(label))
            hits += _WHOLE_NAME_WEIGHT * bool(label and words == fold_text(name))
            hits += _EDGE_WEIGHT * (_begins_well(text, start) + _ends_well(text, end))
    hits += _ORIGIN_WEIGHT * _likeness_to_known(reading, origin)
    return hits / (most + _ORIGIN_WEIGHT)


def _likeness_to_known(reading: Reading, origin: str) -> float:
    """How much of what is known of the program `origin` fits `reading`, 0 to 1; 0 if nothing."""
    known = next((what for name, what in _KNOWN.items() if name in origin.casefold()), ())
    stated = [mine == its for mine, its in zip(reading, known, strict=False) if its is not None]
    return sum(stated) / len(stated) if stated else 0.0


def _begins_well(text: str, start: int) -> bool:
    before, first = text[start - 1 : start], text[start : start + 1]
    return not first.isspace() and not (before.isalnum() and first.isalnum())


def _ends_well(text: str, end: int) -> bool:
    last, after = text[end - 1 : end], text[end : end + 1]
    return not last.isspace() and not (last.isalnum() and after.isalnum())


def _words(sample: Sequence[Selections], reading: Reading) -> list[str]:
    return [
        fold_text(one.stored.text[start:end]) if start >= 0 else ""
        for one in sample
        for start, end in zip(*one.read(reading), strict=True)
    ]

"""Counting pairs of codes on integer arrays: the kernels under co-occurrence."""

from __future__ import annotations

import itertools

import numpy as np
from numpy.typing import ArrayLike

# Keys to a bucket, on average: enough to be worth a call, few enough for the fastest cache.
_BUCKET = 256


def overlap_counts(
    track: ArrayLike, start: ArrayLike, end: ArrayLike, code: ArrayLike, n_codes: int
) -> np.ndarray:
    """Count overlapping pairs of spans by the codes of the two.

    All arrays (n,) of whole numbers: `track` says what can overlap at all (a source, or a
    source and coder), spans are half-open and not empty, `code` is 0 … n_codes - 1. Returns
    (n_codes, n_codes) int64, filled on and above the diagonal only: the diagonal counts
    overlapping pairs of the same code.

    Sorted by track and start, a span overlaps exactly the run of spans after it that start
    before it ends. So the i-th is compared with the next, then those still overlapping with the
    next but one, and so on: time is n log n for the sort, then linear in spans + pairs.

    Code 0 at 0 to 4, code 1 at 2 to 6 and at 6 to 8: one pair overlaps, touching is not overlapping.

    >>> overlap_counts([0, 0, 0], [0, 2, 6], [4, 6, 8], [0, 1, 1], 2).tolist()
    [[0, 1], [0, 0]]
    """
    key, reach, sorted_code = _in_order(
        np.asarray(track, dtype=np.int64),
        np.asarray(start, dtype=np.int64),
        np.asarray(end, dtype=np.int64),
        np.asarray(code, dtype=np.int64),
        n_codes,
    )
    found = np.zeros(n_codes * n_codes, dtype=np.int64)
    # Every pair (i, i + lag) with lag up to the longest run; `active` are the i still reaching.
    active = np.flatnonzero(key[1:] < reach[:-1])
    lag = 1
    while len(active):
        found += np.bincount(
            sorted_code[active] * n_codes + sorted_code[active + lag],
            minlength=n_codes * n_codes,
        )
        lag += 1
        active = active[: np.searchsorted(active, len(key) - lag)]
        active = active[key[active + lag] < reach[active]]
    square = found.reshape(n_codes, n_codes)
    return np.triu(square) + np.triu(square.T, 1)


def _in_order(
    track: np.ndarray, start: np.ndarray, end: np.ndarray, code: np.ndarray, n_codes: int
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return position, reach and code of the spans, laid end to end by track and sorted."""
    if not len(track):
        return start, end, code
    # Every track gets the same room, a power of two, so that one number orders all spans.
    room = int(end.max()).bit_length()
    position = (track << room) | start
    length = end - start
    length_bits, code_bits = int(length.max()).bit_length(), max(n_codes - 1, 1).bit_length()
    if int(track.max()).bit_length() + room + length_bits + code_bits > 63:
        order = np.argsort(position, kind="stable")
        position = position[order]
        return position, position + length[order], code[order]
    # Length and code ride along in the low bits: sorting numbers is several times faster than
    # sorting an order and fetching by it.
    position <<= length_bits
    position |= length
    position <<= code_bits
    position |= code
    position = _ascending(position)
    code = position & ((1 << code_bits) - 1)
    position >>= code_bits
    length = position & ((1 << length_bits) - 1)
    position >>= length_bits
    length += position
    return position, length, code


def _ascending(keys: np.ndarray) -> np.ndarray:
    """Return `keys`, int64 of at least 0, in order: twice as fast as `np.sort` on many.

    They are dealt into buckets by their highest bits, few enough for a radix sort, and then sorted
    bucket by bucket, each within the processor's cache.
    """
    bits = min((len(keys) // _BUCKET).bit_length(), 16)
    if bits < 4:
        return np.sort(keys)
    bucket = (keys >> max(int(keys.max()).bit_length() - bits, 0)).astype(np.uint16)
    dealt = keys[np.argsort(bucket, kind="stable")]
    ends = np.cumsum(np.bincount(bucket)).tolist()
    for begin, end in itertools.pairwise([0, *ends]):
        dealt[begin:end].sort()
    return dealt


def shared_units(
    unit: np.ndarray, code: np.ndarray, current: np.ndarray, n_codes: int
) -> tuple[np.ndarray, np.ndarray]:
    """List in which units which two codes meet.

    `unit`, `code`, `current` (n,): each row says that a code is in a unit, each (unit, code)
    once, and whether it is there in its own right (`current`) rather than carried in by a
    window. Returns units and pairs (code_a * n_codes + code_b, code_a < code_b) of the meetings
    in which at least one of the two is current.

    >>> here = np.ones(3, dtype=bool)
    >>> units, pairs = shared_units(np.array([0, 0, 1]), np.array([0, 1, 1]), here, 2)
    >>> units.tolist(), pairs.tolist()
    ([0], [1])
    """
    order = np.lexsort((code, unit))
    unit, code, current = unit[order], code[order], current[order]
    units, pairs = [np.zeros(0, dtype=np.int64)], [np.zeros(0, dtype=np.int64)]
    active = np.flatnonzero(unit[1:] == unit[:-1])
    lag = 1
    while len(active):
        meets = active[current[active] | current[active + lag]]
        units.append(unit[meets])
        pairs.append(code[meets] * n_codes + code[meets + lag])
        lag += 1
        active = active[: np.searchsorted(active, len(unit) - lag)]
        active = active[unit[active + lag] == unit[active]]
    return np.concatenate(units), np.concatenate(pairs)

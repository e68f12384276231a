"""What chance alone would give: codes rearranged within each source.

`shift` moves one code's passages round its source in a circle, which keeps their runs; `shuffle`
exchanges its passages freely. A count of shared passages (or windows) is a sum over sources of
independent variables, so its distribution is their convolution: exact, without drawing.

Of two codes the one in fewer passages is moved; which one matters for windows only. Where
several coders read a source, a code moves in all readings at once, and codes meet within one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from analysis.measures.chance.adding import AT_ONCE, tails, trimmed
from analysis.measures.chance.readings import shuffled_readings

Presence = list[np.ndarray]

_PAIRS_AT_ONCE = 384
_SHIFTS_AT_ONCE = 1 << 20
# Up to this many passages single precision keeps every count well within 0.1 of its number.
_SINGLE = 8192


def moved_code(presence: Presence, a: np.ndarray, b: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return for each pair the code that stays and the code that moves.

    The one in fewer passages moves; of equals, the one whose first differing passage lacks it,
    so that names decide nothing.

    >>> held = np.array([[True, True], [True, False]])
    >>> [each.tolist() for each in moved_code([held], np.array([0]), np.array([1]))]
    [[0], [1]]
    """
    n_codes = max((held.shape[-1] for held in presence), default=0)
    return moved([compared(presence, n_codes)], a, b)


@dataclass(frozen=True)
class Compared:
    """In how many passages of some sources each code is, (codes,); and of every two codes which of them
    is in the first passage, in order of source and place, that holds one alone.

    `first` (codes, codes): 1 the code of the row, -1 that of the column, 0 where there is none.
    """

    passages: np.ndarray
    first: np.ndarray


def compared(presence: Presence, n_codes: int) -> Compared:
    """Compare the codes of some sources, or of none, with each other, in whichever reading they are.

    >>> found = compared([np.array([[True, True], [True, False]])], 2)
    >>> found.passages.tolist(), found.first.tolist()
    ([2, 1], [[0, 1], [-1, 0]])
    """
    if not presence:
        return Compared(np.zeros(n_codes, np.int64), np.zeros((n_codes, n_codes), np.int8))
    whole = np.concatenate([_readings(held).any(axis=0) for held in presence], axis=0)
    first = np.zeros((whole.shape[1],) * 2, dtype=np.int8)
    for code in np.flatnonzero(whole.any(axis=0)):
        apart = whole != whole[:, [code]]
        at = apart.argmax(axis=0)
        alone = np.where(whole[at, code], 1, -1)
        first[code] = np.where(apart[at, np.arange(len(at))], alone, 0)
        first[:, code] = -first[code]
    return Compared(whole.sum(axis=0), first)


def moved(parts: Sequence[Compared], a: np.ndarray, b: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return as `moved_code`, of the parts of a corpus in their order; `a`, `b` (pairs,) of the same codes.

    >>> alike = Compared(np.array([1, 1]), np.zeros((2, 2)))
    >>> differ = Compared(np.array([1, 1]), np.array([[0, -1], [1, 0]]))
    >>> [each.tolist() for each in moved([alike, differ], np.array([0]), np.array([1]))]
    [[1], [0]]
    """
    passages = np.sum([part.passages for part in parts], axis=0)
    first = np.zeros(len(a), dtype=np.int64)
    for part in parts:
        first = np.where(first == 0, part.first[a, b], first)
    swap = (passages[a] < passages[b]) | ((passages[a] == passages[b]) & (first < 0))
    return np.where(swap, b, a), np.where(swap, a, b)


def exact_tail(
    presence: Presence,
    a: np.ndarray,
    b: np.ndarray,
    observed: np.ndarray,
    null: str,
    window: int = 1,
) -> tuple[np.ndarray, np.ndarray]:
    """Return expected counts and P(count >= observed), exactly, for pairs of codes.

    `presence`: for each source (passages, codes) of bool, in order of the text, or (coders,
    passages, codes) where codes meet within a coder's reading only; `a`, `b`, `observed`
    (pairs,); `null`: shift or shuffle. Without sources or pairs all are expected 0 times, with p 1.
    Raises ValueError for another `null`, and for `shuffle` in windows where a source has several
    readings: its exact distribution is not known. Only sums of positive terms enter p, so its
    relative error stays near that of the arithmetic (below 1e-10) however small it is, until it
    underflows near 1e-300.

    Three passages, the one code in two of them and the other in one of these: of three places for it
    two lie under the first.

    >>> held = np.array([[True, True], [True, False], [False, False]])
    >>> one, other = np.array([0]), np.array([1])
    >>> expected, p = exact_tail([held], one, other, np.array([1]), "shift")
    >>> expected.round(4).tolist(), p.round(4).tolist()
    ([0.6667], [0.6667])
    """
    if not presence or not len(a):
        return np.zeros(len(a)), np.ones(len(a))
    stays, moves = moved_code(presence, a, b)
    if len(presence) > AT_ONCE:
        # To carry on the whole distribution from each to the next would grow as sources times counts.
        return tails(masses_by_source(presence, stays, moves, null, window), observed)
    order = np.argsort(observed, kind="stable")
    blocks = [order[at : at + _PAIRS_AT_ONCE] for at in range(0, len(order), _PAIRS_AT_ONCE)]
    below = [np.zeros((int(observed[block[-1]]) + 1, len(block))) for block in blocks]
    for table in below:
        table[0] = 1.0
    reached = [0] * len(blocks)
    expected = np.zeros(len(a))
    for held in presence:
        mass = masses(held, stays, moves, null, window)
        expected += np.arange(len(mass)) @ mass
        for place, block in enumerate(blocks):
            part = _trimmed(mass[:, block])
            below[place] = _add(below[place], part, reached[place])
            reached[place] += len(part) - 1
    tail = np.empty(len(a))
    for table, block in zip(below, blocks, strict=True):
        counts = np.arange(len(table))[:, None]
        tail[block] = np.where(counts >= observed[block], table, 0.0).sum(axis=0)
    return expected, np.minimum(tail, 1.0)


def masses_by_source(
    presence: Presence, stays: np.ndarray, moves: np.ndarray, null: str, window: int = 1
) -> list[list[np.ndarray]]:
    """Return of each pair the masses in the sources that hold both, as `adding.tails` takes them.

    Arguments as in `masses`, of every source.

    >>> held = np.array([[True, True], [True, False], [False, False]])
    >>> masses_by_source([held], np.array([0]), np.array([1]), "shuffle")[0][0].round(4).tolist()
    [0.3333, 0.6667]
    """
    parts: list[list[np.ndarray]] = [[] for _ in stays]
    for held in presence:
        used = np.asarray(_readings(held).any(axis=(0, 1)))
        pairs = np.flatnonzero(used[stays] & used[moves])
        if not len(pairs):
            continue
        mass = masses(held, stays[pairs], moves[pairs], null, window)
        for place, pair in enumerate(pairs.tolist()):
            parts[pair].append(trimmed(mass[:, place]))
    return parts


def _readings(held: np.ndarray) -> np.ndarray:
    """Return (coders, passages, codes): one reading where coders are not told apart."""
    return held if held.ndim == 3 else held[None]


def masses(
    held: np.ndarray, stays: np.ndarray, moves: np.ndarray, null: str, window: int = 1
) -> np.ndarray:
    """Return (counts, pairs): the probability of each count 0, 1, … in one source.

    `held` as one source of `exact_tail`; `stays`, `moves` (pairs,) from `moved_code`. Raises
    ValueError as `exact_tail`.

    >>> held = np.array([[True, True], [True, False], [False, False]])
    >>> masses(held, np.array([0]), np.array([1]), "shuffle").round(4).tolist()
    [[0.3333], [0.6667], [0.0]]
    """
    if null not in ("shift", "shuffle"):
        raise ValueError(f"null {null!r} is neither shift nor shuffle")
    several = len(_readings(held)) > 1
    if null == "shift":
        return (_tried if several else _correlated)(held, stays, moves, window)
    if not several:
        return _shuffled(held, stays, moves, window)
    if window > 1:
        raise ValueError(
            "shuffle has no exact p for windows where several coders read one source: choose one "
            "coder's codings, or take all together (within_coder=False)"
        )
    return shuffled_readings(held, stays, moves)


def _trimmed(mass: np.ndarray) -> np.ndarray:
    """Leave out the counts, at the end, that no pair reaches."""
    reached = np.flatnonzero(mass.any(axis=1))
    return mass[: int(reached[-1]) + 1]


def _add(table: np.ndarray, mass: np.ndarray, reached: int) -> np.ndarray:
    """Convolve distributions (counts, pairs); the last row of `table` means 'that or more'.

    `reached` is the highest count possible so far, that of `mass` not included.
    """
    rows, counts = len(table), len(mass)
    result = np.zeros_like(table)
    # One scratch table for all products: to fetch a fresh one each time costs more than the sums.
    scratch = np.empty_like(table)
    known = min(rows, reached + 1)
    for count in range(min(counts, rows)):
        filled = min(known, rows - count)
        result[count : count + filled] += np.multiply(
            table[:filled], mass[count], out=scratch[:filled]
        )
    # What a row near the end needs to go past it, and the chance of that much or more.
    enough = mass[::-1].cumsum(axis=0)[::-1]
    for needed in range(max(1, rows - known + 1), min(rows, counts - 1) + 1):
        result[-1] += table[-needed] * enough[needed]
    return result


def _correlated(held: np.ndarray, stays: np.ndarray, moves: np.ndarray, window: int) -> np.ndarray:
    """Return the mass of each count over all circular shifts of the moving code.

    By the correlation theorem, in n log n and not n² for n passages: the passages shared at every
    shift are the circular correlation of the two codes. Whole numbers come out exact, once
    rounded. In a window the codes meet where one stays and the other, moved, was of late, or the
    other way round. What was of late never reaches back over the source's first passage, so the
    first passages, which look back on fewer, are correlated apart.
    """
    from scipy import fft

    held = _readings(held)[0]
    n_passages, n_pairs = len(held), len(stays)
    kind = np.float32 if n_passages <= _SINGLE else np.float64

    def wave(marks: np.ndarray) -> np.ndarray:
        return np.asarray(fft.rfft(np.ascontiguousarray(marks.T, dtype=kind), axis=1))

    window = min(window, n_passages)
    # What stays, beside what moves: circular correlations that add up to the count.
    terms = [(wave(held), wave(held))]
    if window > 1:
        near = looked_back(held, window)
        terms = [(wave(near & ~held), wave(held))]
        of_late = held.copy()
        for back in range(window):
            of_late |= np.roll(held, back, axis=0)
            looking = held.copy()
            looking[:back] = False
            if back < window - 1:
                looking[back + 1 :] = False
            terms.append((wave(looking), wave(of_late)))
    terms = [(still, moving.conj()) for still, moving in terms]
    totals = held.sum(axis=0)
    used = np.flatnonzero((totals[stays] > 0) & (totals[moves] > 0))
    size = min(int((totals[stays] + totals[moves]).max(initial=0)), n_passages) + 1
    if window == 1:
        size = int(totals[[stays, moves]].min(axis=0).max(initial=0)) + 1
    tally = np.zeros((n_pairs, size))
    # A code that is not in the source meets nothing at any shift.
    tally[:, 0] = n_passages
    room = max(_SHIFTS_AT_ONCE // n_passages, 1)
    for at in range(0, len(used), room):
        block = used[at : at + room]
        one, other = stays[block], moves[block]
        product = sum(still[one] * moving[other] for still, moving in terms)
        met = np.rint(fft.irfft(product, n_passages, axis=1)).astype(np.int64)
        met += np.arange(len(block))[:, None] * size
        counted = np.bincount(met.ravel(), minlength=len(block) * size)
        tally[block] = counted.reshape(len(block), size)
    return np.ascontiguousarray(tally.T / n_passages)


def _tried(held: np.ndarray, stays: np.ndarray, moves: np.ndarray, window: int) -> np.ndarray:
    """Return what `_correlated` does where codes meet within a reading: by trying every shift.

    A passage in which several coders see the two meet counts once.
    """
    n_passages, n_pairs = held.shape[1], len(stays)
    fixed = [(_bits(each), _bits(looked_back(each, window))) for each in held]
    fixed = [(here.take(stays, axis=1), near.take(stays, axis=1)) for here, near in fixed]
    tally = np.zeros((n_passages + 1) * n_pairs)
    for step in range(n_passages):
        met = np.zeros_like(fixed[0][0])
        for each, (here, near) in zip(held, fixed, strict=True):
            turned = np.roll(each, step, axis=0)
            met |= near & _bits(turned).take(moves, axis=1)
            met |= here & _bits(looked_back(turned, window)).take(moves, axis=1)
        count = np.bitwise_count(met).sum(axis=0, dtype=np.int64)
        tally[count * n_pairs + np.arange(n_pairs)] += 1
    return _trimmed(tally.reshape(n_passages + 1, n_pairs) / n_passages)


def _bits(held: np.ndarray) -> np.ndarray:
    """Pack the passages of each code, (passages, codes) of bool, into (words, codes) of bits."""
    room = -len(held) % 64
    padded = np.concatenate([held, np.zeros((room, held.shape[1]), dtype=bool)])
    by_code = np.ascontiguousarray(np.packbits(padded, axis=0).T)
    return np.ascontiguousarray(by_code.view(np.uint64).T)


def looked_back(held: np.ndarray, window: int) -> np.ndarray:
    """Return whether each code is in a passage or the `window` - 1 before it in the source.

    `held` (passages, codes) of bool, of one source in order of the text; the result has its shape.
    A passage near the beginning looks back on those that there are.

    >>> looked_back(np.array([[True], [False], [False]]), 2).ravel().tolist()
    [True, True, False]
    """
    reach = held.copy()
    for lag in range(1, min(window, len(held))):
        reach[lag:] |= held[:-lag]
    return reach


def _shuffled(held: np.ndarray, stays: np.ndarray, moves: np.ndarray, window: int) -> np.ndarray:
    """Return the mass of each count over all placings of the moving code's passages."""
    held = _readings(held)[0]
    totals = held.sum(axis=0)
    if window == 1:
        kinds, kind = np.unique(totals, return_inverse=True)
        table = _hypergeometric(len(held), kinds, kinds)
        return np.ascontiguousarray(table[kind[stays], kind[moves]].T)
    table = _window_masses(held, int(totals[moves].max(initial=0)), window)
    return np.ascontiguousarray(table[stays, totals[moves]].T)


def _hypergeometric(n_units: int, marked: np.ndarray, drawn: np.ndarray) -> np.ndarray:
    """Return (marked, drawn, counts): the masses of the hypergeometric distribution."""
    logs = np.concatenate([[0.0], np.cumsum(np.log(np.arange(1, n_units + 1)))])

    def log_choose(n: np.ndarray, k: np.ndarray) -> np.ndarray:
        possible = (k >= 0) & (k <= n)
        k = np.where(possible, k, 0)
        return np.where(possible, logs[n] - logs[k] - logs[n - k], -np.inf)

    k = np.arange(int(min(marked.max(), drawn.max())) + 1)[None, None, :]
    marked, drawn = marked[:, None, None], drawn[None, :, None]
    log_mass = (
        log_choose(marked + 0 * k, k)
        + log_choose(n_units - marked + 0 * k, drawn - k)
        - log_choose(np.full((1, 1, 1), n_units), drawn)
    )
    return np.asarray(np.exp(log_mass))


def _window_masses(held: np.ndarray, most: int, window: int) -> np.ndarray:
    """Return (codes, placed 0..most, counts): masses of window counts, each code staying.

    Passage by passage, the state is how many of the moving code's passages are placed, how many
    windows met so far, and how long ago the last was placed. Each passage is taken with a
    probability that does not matter, for in the end the number placed is given.
    """
    n_passages, n_codes = held.shape
    reach = looked_back(held, window)
    highest = min(int(held.sum(axis=0).max(initial=0)) + most, n_passages)
    take = min(max(most / max(n_passages, 1), 0.05), 0.95) / 2
    # ago: 0 the last passage … window - 2, and window - 1 for longer or never.
    state = np.zeros((window, n_codes, most + 1, highest + 1))
    state[window - 1, :, 0, 0] = 1.0
    for here, near in zip(held, reach, strict=True):
        anywhere = state.sum(axis=0)
        placed = np.zeros_like(anywhere)
        placed[:, 1:] = anywhere[:, :-1] * take
        placed = _raised(placed, near)
        left = state * (1 - take)
        left[: window - 1] = _raised(left[: window - 1], here)
        state = np.zeros_like(state)
        state[0] = placed
        state[1:] += left[:-1]
        state[window - 1] += left[window - 1]
    masses = state.sum(axis=0)
    total = masses.sum(axis=2, keepdims=True)
    return np.asarray(np.divide(masses, total, out=np.zeros_like(masses), where=total > 0))


def _raised(masses: np.ndarray, by_one: np.ndarray) -> np.ndarray:
    """Raise the count (last axis) by one for the codes (third axis from the end) marked."""
    result = masses.copy()
    marked = masses[..., by_one, :, :]
    result[..., by_one, :, 1:] = marked[..., :-1]
    result[..., by_one, :, 0] = 0.0
    return result

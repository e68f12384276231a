"""Where a quotation without positions stands in its text: exactly, forgivingly, or not at all."""

from __future__ import annotations

import bisect
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

from analysis.cleaning.edits import CleanText
from analysis.coding.placing.folding import Folded, fold, fold_text

AMBIGUOUS = "ambiguous: these words stand in the text more than once"
NOT_FOUND = "not found: no passage of the text is like the quotation"
EMPTY = "not found: the quotation has no words"
EXACT = "found exactly"
FORGIVING = "found but for white space, quotes and dashes"
CLEANED = "found in the text as cleaned"
FUZZY = "found by likeness"
BY_ORDER = "found by its place between its neighbours"

# Orders are believed when this many neighbours, each found once, never go backwards.
_ENOUGH_IN_ORDER = 20
_MOST_PLACES = 1_000
# Letters: a run that tells where words begin, and how far an edge of a word is sought.
_RUN = 4
_NEAR = 4
# A window of the quotation's own length is less like it than the passage it came from.
_WINDOW_SLACK = 10.0


@dataclass(frozen=True)
class Quotation:
    """Words said to be in the text of `source_id`.

    `segment` is what the file calls the passage: quotations that share it are one passage with
    several codes. '' where the file does not tell.
    """

    source_id: str
    quote: str
    segment: str


@dataclass(frozen=True)
class Anchor:
    """Where in the original a quotation stands, and how it was found; or None, and why not."""

    span: tuple[int, int] | None
    reason: str


class Anchorer:
    """Finds quotations in texts (source_id -> text); `least_score` is from 0 to 100."""

    def __init__(self, texts: Mapping[str, CleanText], least_score: float) -> None:
        self._texts = {source_id: _Text(text) for source_id, text in texts.items()}
        self._least_score = least_score

    def anchor(self, quotations: Sequence[Quotation]) -> list[Anchor]:
        """An anchor for each of `quotations`, which stand as in their file.

        A quotation found in several places is placed where the file itself settles it: its rows
        follow the order of the text, and its neighbours leave one place, or as many places as
        there are segments with these words between them. Otherwise it stays ambiguous.
        """
        spots: dict[tuple[str, str], tuple[list[tuple[int, int]], str]] = {}
        for one in quotations:
            if (one.source_id, one.quote) not in spots:
                spots[one.source_id, one.quote] = self._texts[one.source_id].places(
                    one.quote, self._least_score
                )
        candidates = [spots[one.source_id, one.quote] for one in quotations]
        anchors = [
            Anchor(places[0], how)
            if len(places) == 1
            else Anchor(None, AMBIGUOUS if places else how)
            for places, how in candidates
        ]
        settled = _settle(quotations, [places for places, _ in candidates], anchors)
        return [settled.get(index, anchor) for index, anchor in enumerate(anchors)]


class _Text:
    """One source, in which quotations of the original or of the clean text are looked for."""

    def __init__(self, clean: CleanText) -> None:
        self._clean = clean
        self.text = clean.original

    @cached_property
    def _folded(self) -> Folded:
        return fold(self.text)

    @cached_property
    def _cleaned(self) -> _Text:
        return _Text(CleanText(self._clean.text))

    def places(self, quote: str, least_score: float) -> tuple[list[tuple[int, int]], str]:
        """All places of `quote` in the original, found the first way that finds any; and how."""
        wanted = fold_text(quote)
        if not wanted:
            return [], EMPTY
        found, how = self._same(quote, wanted)
        if found:
            return found, how
        if self._clean.text != self.text:
            # A quotation may lack what the cleaner removes, such as times inside a turn.
            found, _ = self._cleaned._same(quote, wanted)
            if found:
                return [self._clean.to_original(*place) for place in found], CLEANED
        return self._like(wanted, least_score)

    def _same(self, quote: str, wanted: str) -> tuple[list[tuple[int, int]], str]:
        """The places of the same words, however they are broken, quoted and hyphenated."""
        exact = self._whole_words(_all_places(self.text, quote.strip()))
        places = _all_places(self._folded.text, wanted)
        found = self._whole_words([self._folded.span(*place) for place in places])
        return (found, EXACT) if found == exact else (found or exact, FORGIVING)

    def _whole_words(self, places: list[tuple[int, int]]) -> list[tuple[int, int]]:
        """Those that begin and end at the edge of a word, if there are any."""
        whole = [place for place in places if self._is_edge(place[0]) and self._is_edge(place[1])]
        return whole or places

    def _is_edge(self, place: int) -> bool:
        return not self.text[max(place - 1, 0) : place + 1].isalnum() or not (
            0 < place < len(self.text)
        )

    def _like(self, wanted: str, least_score: float) -> tuple[list[tuple[int, int]], str]:
        """The place most like `wanted`; two places when another one is like it too."""
        found: list[tuple[int, int]] = []
        first = _most_like(wanted, self._folded.text, least_score)
        if first is not None:
            before, after = self._folded.text[: first[0]], self._folded.text[first[1] :]
            elsewhere = _most_like(wanted, before, least_score)
            later = _most_like(wanted, after, least_score)
            found = [first, *filter(None, [elsewhere])]
            found += [(later[0] + first[1], later[1] + first[1])] if later else []
        spans = [self._to_edges(*self._folded.span(*place)) for place in found]
        return spans, FUZZY if spans else NOT_FOUND

    def _to_edges(self, start: int, end: int) -> tuple[int, int]:
        """The span with its ends at the nearest edges of words, if these are near."""
        near = sorted(range(-_NEAR, _NEAR + 1), key=lambda shift: (abs(shift), shift))
        length = len(self.text)
        first = next(
            (
                start + s
                for s in near
                if 0 <= start + s < end
                and self._is_edge(start + s)
                and not self.text[start + s].isspace()
            ),
            start,
        )
        last = next(
            (
                end + s
                for s in near
                if first < end + s <= length
                and self._is_edge(end + s)
                and not self.text[end + s - 1].isspace()
            ),
            end,
        )
        return first, last


def _most_like(wanted: str, text: str, least_score: float) -> tuple[int, int] | None:
    """The stretch of `text` most like `wanted`, at least `least_score` of 100; both folded.

    Found as the best window of the length of `wanted`, then widened or narrowed to where the
    first and last runs of common letters say that the words begin and end.
    """
    from rapidfuzz import fuzz
    from rapidfuzz.distance import Indel

    if len(wanted) > len(text):
        return None
    window = fuzz.partial_ratio_alignment(wanted, text, score_cutoff=least_score - _WINDOW_SLACK)
    if window is None:
        return None
    slack = len(wanted) // 5 + 5
    low, high = max(window.dest_start - slack, 0), min(window.dest_end + slack, len(text))
    runs = [
        step
        for step in Indel.opcodes(wanted, text[low:high])
        if step.tag == "equal" and step.src_end - step.src_start >= min(_RUN, len(wanted))
    ]
    if not runs:
        return None
    start = max(low + runs[0].dest_start - runs[0].src_start, 0)
    end = min(low + runs[-1].dest_end + len(wanted) - runs[-1].src_end, len(text))
    return (start, end) if fuzz.ratio(wanted, text[start:end]) >= least_score else None


def _all_places(text: str, words: str) -> list[tuple[int, int]]:
    places: list[tuple[int, int]] = []
    place = text.find(words)
    while place >= 0 and len(places) < _MOST_PLACES:
        places.append((place, place + len(words)))
        place = text.find(words, place + 1)
    return places


def _settle(
    quotations: Sequence[Quotation],
    candidates: Sequence[list[tuple[int, int]]],
    anchors: Sequence[Anchor],
) -> dict[int, Anchor]:
    """Anchors for ambiguous quotations that the order of the rows settles, by their index."""
    by_source: dict[str, list[int]] = defaultdict(list)
    for index, one in enumerate(quotations):
        by_source[one.source_id].append(index)
    certain = {
        source_id: [index for index in rows if anchors[index].span is not None]
        for source_id, rows in by_source.items()
    }
    steps = [
        anchors[after].span[0] - anchors[before].span[0]  # type: ignore[index]
        for rows in certain.values()
        for before, after in pairwise(rows)
    ]
    if len(steps) < _ENOUGH_IN_ORDER or min(steps) < 0:
        return {}
    settled: dict[int, Anchor] = {}
    for source_id, rows in by_source.items():
        groups: dict[tuple[int, str], list[int]] = defaultdict(list)
        for index in rows:
            if candidates[index] and anchors[index].span is None:
                gap = bisect.bisect(certain[source_id], index)
                groups[gap, quotations[index].quote].append(index)
        for (gap, _), members in groups.items():
            lower, upper = _bounds(certain[source_id], gap, anchors)
            places = [place for place in candidates[members[0]] if lower <= place[0] <= upper]
            segments = list(dict.fromkeys(quotations[index].segment for index in members))
            if len(places) == 1 or (len(places) == len(segments) and all(segments)):
                by_segment = dict(zip(segments, places * len(segments), strict=False))
                settled |= {
                    index: Anchor(by_segment[quotations[index].segment], BY_ORDER)
                    for index in members
                }
    return settled


def _bounds(certain: list[int], gap: int, anchors: Sequence[Anchor]) -> tuple[float, float]:
    """The starts of the neighbours, found for certain, before and after a gap."""
    before = anchors[certain[gap - 1]].span if gap else None
    after = anchors[certain[gap]].span if gap < len(certain) else None
    return (before[0] if before else 0), (after[0] if after else float("inf"))

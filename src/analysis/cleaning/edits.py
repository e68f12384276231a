"""Edits of a text, applied once, and the two-way map of positions that they make."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import pandas as pd

_LAYOUT = 1
# The reason of an edit after which somebody speaks who is not named.
NOBODY_NAMED = "another speaker, not named"


@dataclass(frozen=True, slots=True)
class Edit:
    """Replace the code points `start` to `end` (half-open) by `replacement`, because `reason`."""

    start: int
    end: int
    replacement: str
    reason: str


@dataclass(frozen=True)
class Layer:
    """The edits that one rule made in one text: in order, disjoint, inside the text."""

    rule: str
    edits: tuple[Edit, ...]

    def __post_init__(self) -> None:
        reached = 0
        for edit in self.edits:
            if not reached <= edit.start <= edit.end:
                raise ValueError(f"edits of {self.rule} overlap or are out of order")
            reached = edit.end

    def apply(self, text: str) -> str:
        """Return `text` with all edits made. Raises ValueError when one lies outside it."""
        if self.edits and self.edits[-1].end > len(text):
            raise ValueError(f"an edit of {self.rule} lies outside the text")
        pieces, reached = [], 0
        for edit in self.edits:
            pieces += [text[reached : edit.start], edit.replacement]
            reached = edit.end
        return "".join([*pieces, text[reached:]])

    @cached_property
    def _before(self) -> _Stretches:
        return _Stretches([edit.start for edit in self.edits], [edit.end for edit in self.edits])

    @cached_property
    def _after(self) -> _Stretches:
        starts, ends, shift = [], [], 0
        for edit in self.edits:
            starts.append(edit.start + shift)
            ends.append(starts[-1] + len(edit.replacement))
            shift = ends[-1] - edit.end
        return _Stretches(starts, ends)

    def forward(self, start: int, end: int) -> tuple[int, int]:
        """Carry a span of the text before the edits over to the text after them."""
        return _carry(start, end, self._before, self._after)

    def backward(self, start: int, end: int) -> tuple[int, int]:
        """Carry a span of the text after the edits back to the text before them."""
        return _carry(start, end, self._after, self._before)


@dataclass(frozen=True)
class _Stretches:
    """Where the edits lie on one side: starts and ends, both ascending."""

    starts: Sequence[int]
    ends: Sequence[int]


def _carry(start: int, end: int, here: _Stretches, there: _Stretches) -> tuple[int, int]:
    """Return where the characters of the non-empty span `start` to `end` lie on the other side.

    A character outside all edits keeps its place between them; one inside an edit stands for
    all that the edit left. What an edit put in at an edge of the span stays outside.
    """
    first = bisect_right(here.starts, start) - 1
    if first < 0:
        carried_start = start
    elif start < here.ends[first]:
        carried_start = there.starts[first]
    else:
        carried_start = there.ends[first] + start - here.ends[first]
    last = bisect_right(here.starts, end - 1) - 1
    if last < 0:
        carried_end = end
    elif end - 1 < here.ends[last]:
        carried_end = there.ends[last]
    else:
        carried_end = there.ends[last] + end - here.ends[last]
    return carried_start, carried_end


@dataclass(frozen=True)
class CleanText:
    """A text as it was read, and the edits that clean it, one layer a rule.

    Each layer holds positions of the text that the layers before it leave.
    """

    original: str
    layers: tuple[Layer, ...] = ()

    @cached_property
    def text(self) -> str:
        """The clean text."""
        text = self.original
        for layer in self.layers:
            text = layer.apply(text)
        return text

    def to_clean(self, start: int, end: int) -> tuple[int, int] | None:
        """Return the span of the clean text that `start` to `end` of the original became.

        Exact outside edits; a span that cuts into an edit takes all that the edit left. None
        for an empty span, and when nothing of it is left but white space. Raises ValueError for a span
        outside the original.
        """
        _check(start, end, len(self.original))
        for layer in self.layers:
            if start >= end:
                return None
            start, end = layer.forward(start, end)
        return (start, end) if self.text[start:end].strip() else None

    def to_original(self, start: int, end: int) -> tuple[int, int]:
        """Return the span of the original that `start` to `end` of the clean text came from.

        Empty when the span is, or when it holds only what was put in. Raises ValueError for a
        span outside the clean text.
        """
        _check(start, end, len(self.text))
        for layer in reversed(self.layers):
            if start == end:
                # An empty span has no characters to follow; its place is that of its neighbour.
                start = end = _place(layer, start)
            else:
                start, end = layer.backward(start, end)
                end = max(start, end)
        return start, end

    def places_after(self, reason: str) -> list[int]:
        """Return where in the clean text goes on what stands after the edits for `reason`.

        Edits that nothing of the clean text follows are not among them.
        """
        places: list[int] = []
        for layer in self.layers:
            places = [layer.forward(place, place + 1)[0] for place in places]
            shift = 0
            for edit in layer.edits:
                shift += len(edit.replacement) - (edit.end - edit.start)
                if edit.reason == reason:
                    places.append(edit.end + shift)
        return sorted({place for place in places if place < len(self.text)})

    def parted(self, rules: Sequence[str]) -> tuple[CleanText, CleanText]:
        """Return the text before the first layer of one of `rules`, and the rest on top of it."""
        place = next(
            (number for number, layer in enumerate(self.layers) if layer.rule in rules),
            len(self.layers),
        )
        below = CleanText(self.original, self.layers[:place])
        return below, CleanText(below.text, self.layers[place:])

    def made(self) -> list[tuple[str, int, int]]:
        """Return of each rule the number of its edits, and of the characters they removed or replaced.

        Rules that changed nothing are not among them.
        """
        return [
            (layer.rule, len(layer.edits), sum(edit.end - edit.start for edit in layer.edits))
            for layer in self.layers
            if layer.edits
        ]

    def log(self) -> pd.DataFrame:
        """Return what was `made`: columns rule, count, characters."""
        made = pd.DataFrame(self.made(), columns=["rule", "count", "characters"])
        return made.astype({"rule": "str", "count": "int64", "characters": "int64"})

    def replaced(self, rule: str) -> list[tuple[str, str, str]]:
        """Return what the layer `rule` replaced: (found, replacement, reason). Private matter."""
        below, above = self.parted([rule])
        return [
            (below.text[edit.start : edit.end], edit.replacement, edit.reason)
            for layer in above.layers[:1]
            for edit in layer.edits
        ]

    def as_json(self) -> dict[str, Any]:
        """Original and edits as plain values. They name people: only for data/private."""
        return {
            "layout": _LAYOUT,
            "original": self.original,
            "layers": [
                {
                    "rule": layer.rule,
                    "edits": [[e.start, e.end, e.replacement, e.reason] for e in layer.edits],
                }
                for layer in self.layers
            ],
        }

    @classmethod
    def from_json(cls, stored: dict[str, Any]) -> CleanText:
        """Rebuild what `as_json` gave. Raises ValueError, KeyError or TypeError on anything else."""
        if stored["layout"] != _LAYOUT:
            raise ValueError("another layout")
        layers = tuple(
            Layer(
                str(layer["rule"]),
                tuple(
                    Edit(int(s), int(e), str(new), str(why)) for s, e, new, why in layer["edits"]
                ),
            )
            for layer in stored["layers"]
        )
        clean = cls(str(stored["original"]), layers)
        _ = clean.text
        return clean


def layer_of(rule: str, text: str, edits: Iterable[Edit]) -> Layer:
    """Return a layer of those `edits` that change `text`."""
    changing = (edit for edit in edits if text[edit.start : edit.end] != edit.replacement)
    return Layer(rule, tuple(sorted(changing, key=lambda edit: (edit.start, edit.end))))


def _place(layer: Layer, position: int) -> int:
    """Return where the empty span at `position` after `layer` lies before it."""
    return layer.backward(position - 1, position)[1] if position else 0


def _check(start: int, end: int, length: int) -> None:
    if not 0 <= start <= end <= length:
        raise ValueError(f"the span {start} to {end} lies outside a text of {length} characters")

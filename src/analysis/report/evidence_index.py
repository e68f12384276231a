"""What the evidence page can be asked, and what each question lists.

A question is the fragment of an address, `evidence.html#list=cases&code=value/remoteness`, so that
a number can lead to what it counts. The page's script answers it in the browser and this module in
Python, by the same rules, from the same index, which the page carries with it:

- `kind`, `role`, `case`, `source`, `voice`, `coder`: one of the values given (each may be repeated);
  `without-role`: cases that have a source in that role are left out; `without-case`: these cases
- `code`, then any of `and`, `or`, `not`, `near` with a further code, taken from left to right. A
  code includes those beneath it, `=code` is that code alone; of a name that begins with = each of
  these stands twice (`claims.asking.asked_code`). A coder is asked jointly with a code:
  the code as that coder put it. `coding=counted`: only what the figures count
- `within` passage (the default), source or case: where the codes must come together. `near`: in a
  passage, while the other is in it or in one of the `window` - 1 before it (default 3)
- `meets`: of `list=meetings`, the code whose spans overlap those of `code`, put by the same coder
- `claim` with `bears`: supports, qualifies, contradicts, does not bear, any, or not judged
- `words`: stand in the passage, capitals aside

`list` says what is counted: passages (the default), segments, sources, cases or meetings.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import chain, pairwise
from typing import Any, NamedTuple
from urllib.parse import parse_qsl, quote

import numpy as np
import pandas as pd

from analysis.corpus.carried import touching_pairs

PAGE = "evidence.html"
LISTS = ("passages", "segments", "sources", "cases", "meetings")
JOINS = ("code", "and", "or", "not", "near")
WITHIN = ("passage", "source", "case")
ANY, NOT_JUDGED = "any", "not judged"
#: How many passages `near` looks at, the passage itself included.
WINDOW = 3
OF_SOURCE = ("kind", "role", "case", "source")

Question = tuple[tuple[str, str], ...]


class Row(NamedTuple):
    """A coded span as a passage carries it; `counted` where the figures count it there."""

    code: str
    coder: str
    start: int
    end: int
    counted: bool


class Source(NamedTuple):
    """Of a source what a question may ask."""

    source: str
    case: str
    kind: str
    role: str


@dataclass(frozen=True)
class Passage:
    """A passage of the index: `place` is its number among the counted passages of its source (-1:
    it is none), `bears` the claims it was judged for and what it does to each."""

    id: str
    source: int
    place: int
    voice: str
    bears: tuple[tuple[str, str], ...]
    rows: tuple[Row, ...]


def address(**asked: str | Sequence[str]) -> str:
    """The address of a question: `address(list="cases", code="value/remoteness")`.

    Names that Python keeps for itself are written with a line under them (`and_`), and lines in
    others stand for hyphens (`without_role`). What is empty is left out.
    """
    parts = []
    for name, values in asked.items():
        written = name.rstrip("_").replace("_", "-")
        for value in [values] if isinstance(values, str) else values:
            if value:
                parts.append(f"{written}={quote(value, safe='/=')}")
    return f"{PAGE}#{'&'.join(parts)}"


def question_of(fragment: str) -> Question:
    """The parts of a fragment, in order; empty for an anchor."""
    return tuple(parse_qsl(fragment, keep_blank_values=False)) if "=" in fragment else ()


@dataclass(frozen=True)
class Index:
    """All sources in use, and every passage that is coded, or judged for a claim.

    `texts` gives the words of passages by id, where they may be shown.
    """

    sources: tuple[Source, ...]
    passages: tuple[Passage, ...]
    texts: Mapping[str, str] = field(default_factory=dict)

    def to_json(self) -> str:
        """The index as the page carries it: codes, coders and voices once, rows by number."""
        codes = sorted({row.code for one in self.passages for row in one.rows})
        coders = sorted({row.coder for one in self.passages for row in one.rows})
        code_at = {name: at for at, name in enumerate(codes)}
        coder_at = {name: at for at, name in enumerate(coders)}
        passages = [
            [
                *(one.id, one.source, one.place, one.voice, [list(each) for each in one.bears]),
                [
                    [code_at[row.code], coder_at[row.coder], row.start, row.end, int(row.counted)]
                    for row in one.rows
                ],
            ]
            for one in self.passages
        ]
        tree = {
            "codes": codes,
            "coders": coders,
            "sources": [list(source) for source in self.sources],
            "passages": passages,
        }
        return json.dumps(tree, ensure_ascii=False, separators=(",", ":"))

    @classmethod
    def from_json(cls, text: str, texts: Mapping[str, str] | None = None) -> Index:
        """The index that `to_json` wrote."""
        tree = json.loads(text)
        codes, coders = tree["codes"], tree["coders"]
        passages = tuple(
            Passage(
                *(name, source, place, voice),
                tuple((claim, bears) for claim, bears in judged),
                tuple(
                    Row(codes[c], coders[w], start, end, bool(n)) for c, w, start, end, n in rows
                ),
            )
            for name, source, place, voice, judged, rows in tree["passages"]
        )
        return cls(tuple(Source(*one) for one in tree["sources"]), passages, texts or {})

    def entries(self, question: Question) -> list[str]:
        """What the question lists, each entry once, by a name of its own.

        Raises ValueError for a part that no question has.
        """
        asked = _Asked.of(question)
        among = self._among(asked)
        if not asked.of_passages and asked.listed in ("sources", "cases"):
            named = [self.sources[at] for at in sorted(among)]
            return _once(one.source if asked.listed == "sources" else one.case for one in named)
        found = self._passages(asked, among)
        if asked.listed == "passages":
            return [one.id for one in found]
        if asked.listed == "segments":
            return _once(name for one in found for name in self._segments(asked, one))
        if asked.listed == "meetings":
            return self._meetings(asked, found)
        owners = [self.sources[one.source] for one in found]
        return _once(one.source if asked.listed == "sources" else one.case for one in owners)

    @cached_property
    def _roles_of(self) -> dict[str, set[str]]:
        found: dict[str, set[str]] = {}
        for one in self.sources:
            found.setdefault(one.case, set()).add(one.role)
        return found

    @cached_property
    def _called(self) -> dict[tuple[str, str], list[int]]:
        """The sources of each kind, role and case, and of each name."""
        found: dict[tuple[str, str], list[int]] = {}
        for at, one in enumerate(self.sources):
            for name in OF_SOURCE:
                found.setdefault((name, getattr(one, name)), []).append(at)
        return found

    def _named(self, asked: _Asked) -> Sequence[int]:
        """The sources to look at: of what is asked of a source that which fewest have."""
        having = [
            [self._called.get((name, value), []) for value in values]
            for name in OF_SOURCE
            if (values := asked.values[name])
        ]
        if not having:
            return range(len(self.sources))
        fewest = min(having, key=lambda lists: sum(map(len, lists)))
        return [at for own in fewest for at in own]

    def _among(self, asked: _Asked) -> set[int]:
        def fits(one: Source) -> bool:
            return one.case not in asked.values["without-case"] and all(
                getattr(one, name) in asked.values[name] for name in OF_SOURCE if asked.values[name]
            )

        other = asked.values["without-role"]
        fitting = {at for at in self._named(asked) if fits(self.sources[at])}
        if not other:
            return fitting
        # A case counts for the other role by its sources of the kinds that are asked for.
        kinds = asked.values["kind"]
        left_out = {
            one.case
            for one in self.sources
            if one.role in other and (not kinds or one.kind in kinds)
        }
        return {at for at in fitting if self.sources[at].case not in left_out}

    def _passages(self, asked: _Asked, among: set[int]) -> list[Passage]:
        own = [one for one in self._possible(asked, among) if self._fits(asked, one)]
        if not asked.joined:
            return own
        places = {one.id: self._place(asked, one) for one in own}
        held: dict[str, set[object]] = {
            code: {places[one.id] for one in own if asked.rows(one, code)}
            for _, code in asked.joined
        }
        near = self._near(asked, own, held)
        kept: set[object] = set(held[asked.joined[0][1]])
        for join, code in asked.joined[1:]:
            if join == "and":
                kept &= held[code]
            elif join == "or":
                kept |= held[code]
            elif join == "not":
                kept -= held[code]
            else:
                kept = near[code]
        return [
            one
            for one in own
            if places[one.id] in kept and (asked.within == "passage" or self._carries(asked, one))
        ]

    def _possible(self, asked: _Asked, among: set[int]) -> Iterable[Passage]:
        """The passages to look at, in their order: those of these sources, or, where they are fewer,
        those of them that carry any of the codes, whoever put it there."""
        if len(among) < len(self.sources):
            own: list[Sequence[int]] = [self._places_in.get(source, ()) for source in among]
        else:
            own = [range(len(self.passages))]
        if asked.joined:
            carrying = [
                places
                for name, places in self._places_of.items()
                if any(_is(name, code) for _, code in asked.joined)
            ]
            if sum(map(len, carrying)) < sum(map(len, own)):
                at = sorted({place for places in carrying for place in places})
                return [one for one in map(self.passages.__getitem__, at) if one.source in among]
        return [self.passages[place] for place in sorted(chain.from_iterable(own))]

    @cached_property
    def _places_in(self) -> dict[int, Sequence[int]]:
        """Which passages each source has."""
        found: dict[int, list[int]] = {}
        for place, one in enumerate(self.passages):
            found.setdefault(one.source, []).append(place)
        return dict(found)

    @cached_property
    def _places_of(self) -> dict[str, list[int]]:
        """Which passages carry a code, by code."""
        found: dict[str, list[int]] = {}
        for place, one in enumerate(self.passages):
            for code in {row.code for row in one.rows}:
                found.setdefault(code, []).append(place)
        return found

    def _carries(self, asked: _Asked, one: Passage) -> bool:
        """Whether a passage itself holds a code that is asked for: a case is shown by these."""
        return any(asked.rows(one, code) for join, code in asked.joined if join != "not")

    def _place(self, asked: _Asked, one: Passage) -> object:
        if asked.within == "source":
            return one.source
        return self.sources[one.source].case if asked.within == "case" else one.id

    def _near(
        self, asked: _Asked, own: Sequence[Passage], held: Mapping[str, set[object]]
    ) -> dict[str, set[object]]:
        """For each code after `near`: passages of it, or of what the first code asks, with the
        other in them or in one of the window before."""
        found: dict[str, set[object]] = {}
        first = asked.joined[0][1]
        for join, code in asked.joined[1:]:
            if join != "near":
                continue
            at: dict[str, dict[int, set[int]]] = {first: {}, code: {}}
            for name in (first, code):
                for one in own:
                    if one.place >= 0 and one.id in held[name]:
                        at[name].setdefault(one.source, set()).add(one.place)

            def looks_back(one: Passage, name: str, at: Any = at) -> bool:
                there = at[name].get(one.source, set())
                return any(one.place - back in there for back in range(asked.window))

            found[code] = {
                one.id
                for one in own
                if one.place >= 0
                and (one.id in held[first] or one.id in held[code])
                and looks_back(one, first)
                and looks_back(one, code)
            }
        return found

    def _fits(self, asked: _Asked, one: Passage) -> bool:
        if asked.values["voice"] and one.voice not in asked.values["voice"]:
            return False
        if (asked.values["coder"] or asked.counted) and not asked.rows(one, ""):
            return False
        if asked.words and asked.words not in self.texts.get(one.id, "").lower():
            return False
        if not (asked.values["claim"] or asked.bears):
            return True
        claims = asked.values["claim"]
        judged = [does for claim, does in one.bears if not claims or claim in claims]
        if not asked.bears or asked.bears == ANY:
            return bool(judged)
        return not judged if asked.bears == NOT_JUDGED else asked.bears in judged

    def _segments(self, asked: _Asked, one: Passage) -> Iterable[str]:
        codes = [code for join, code in asked.joined if join != "not"] or [""]
        for code in codes:
            for row in asked.rows(one, code):
                name = f"{self.sources[one.source].source} {row.start}-{row.end} {row.coder}"
                yield name if asked.joined else f"{name} {row.code}"

    def _meetings(self, asked: _Asked, found: Sequence[Passage]) -> list[str]:
        ends = [asked.joined[0][1] if asked.joined else "", asked.meets]
        spans: list[dict[int, set[tuple[int, int, str]]]] = [{}, {}]
        for one in found if not asked.joined else self._own(asked, found):
            for side, code in zip(spans, ends, strict=True):
                rows = asked.rows(one, code)
                side.setdefault(one.source, set()).update((r.start, r.end, r.coder) for r in rows)
        met = []
        for source, own in spans[0].items():
            for start, end, coder in sorted(own):
                for other in sorted(spans[1].get(source, set())):
                    if other[2] == coder and start < other[1] and other[0] < end:
                        name = self.sources[source].source
                        met.append(f"{name} {start}-{end} {other[0]}-{other[1]} {coder}")
        return met

    def _own(self, asked: _Asked, found: Sequence[Passage]) -> list[Passage]:
        """Of the sources of what was found every passage that fits: a span that meets another
        may begin in a passage without it."""
        places = {place for one in found for place in self._places_in[one.source]}
        own = (self.passages[place] for place in sorted(places))
        return [one for one in own if self._fits(asked, one)]


@dataclass(frozen=True)
class _Asked:
    """A question, taken apart."""

    listed: str
    within: str
    window: int
    joined: tuple[tuple[str, str], ...]
    meets: str
    counted: bool
    bears: str
    words: str
    values: Mapping[str, frozenset[str]]

    @classmethod
    def of(cls, question: Question) -> _Asked:
        several: dict[str, set[str]] = {
            name: set()
            for name in (*OF_SOURCE, "voice", "coder", "claim", "without-role", "without-case")
        }
        single = {
            "list": "passages",
            "within": "passage",
            "window": str(WINDOW),
            "meets": "",
            "coding": "",
            "bears": "",
            "words": "",
        }
        joined: list[tuple[str, str]] = []
        for name, value in question:
            if name in JOINS:
                joined.append((name, value))
            elif name in several:
                several[name].add(value)
            elif name in single:
                single[name] = value
            else:
                raise ValueError(f"no question has a part {name!r}")
        if single["list"] not in LISTS or single["within"] not in WITHIN:
            raise ValueError(f"list={single['list']}, within={single['within']}: no such list")
        return cls(
            single["list"],
            single["within"],
            int(single["window"]),
            tuple(joined),
            single["meets"],
            single["coding"] == "counted",
            single["bears"],
            single["words"].lower(),
            {name: frozenset(values) for name, values in several.items()},
        )

    @property
    def of_passages(self) -> bool:
        """Whether anything is asked that only a passage can answer."""
        asked = (self.joined, self.meets, self.counted, self.bears, self.words)
        return any(asked) or any(self.values[name] for name in ("voice", "coder", "claim"))

    def rows(self, one: Passage, code: str) -> list[Row]:
        """The spans of `code` (of any, for '') on a passage, as the coders put it who are asked."""
        coders = self.values["coder"]
        return [
            row
            for row in one.rows
            if (row.counted or not self.counted)
            and (not coders or row.coder in coders)
            and _is(row.code, code)
        ]


def _is(own: str, asked: str) -> bool:
    if not asked:
        return True
    signs = len(asked) - len(asked.lstrip("="))
    alone, code = signs % 2, "=" * (signs // 2) + asked[signs:]
    return own == code or (not alone and own.startswith(f"{code}/"))


def _once(names: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(names))


def build(
    sources: pd.DataFrame,
    passages: pd.DataFrame,
    codings: pd.DataFrame,
    headline: pd.DataFrame,
    voices: Sequence[str],
    judged: pd.DataFrame,
    withheld: Iterable[str],
) -> Index:
    """The index of `sources` (in use), their `passages` and every coder's `codings`.

    `headline` are the codings that count, `voices` those that do; `judged` has claim, source_id,
    passage and bears. A passage of a source in `withheld` goes by `w-…` instead of `q-…`: it is
    counted, and its words are not shown.
    """
    listed = tuple(
        Source(*(str(row[name]) for name in ("source_id", "case_id", "kind", "role")))
        for row in sources.to_dict("records")
    )
    number = {one.source: at for at, one in enumerate(listed)}
    bears: dict[tuple[str, int], dict[tuple[str, str], None]] = {}
    for row in judged.itertuples(index=False):
        place = (str(row.source_id), int(row.passage))
        bears.setdefault(place, {})[(str(row.claim), str(row.bears))] = None
    private = set(withheld)
    ordered = passages.sort_values(["source_id", "start", "end"], ignore_index=True)
    carried = _carried(ordered, codings, headline)
    counted = ordered["voice"].isin(voices)
    places = counted.groupby(ordered["source_id"]).cumsum() - 1
    found = []
    for one, counts, place, rows in zip(
        ordered.itertuples(index=False),
        counted,
        places.where(counted, -1),
        carried,
        strict=True,
    ):
        source = str(one.source_id)
        does = tuple(sorted(bears.get((source, int(one.passage)), {})))
        if rows or does:
            name = f"{'w' if source in private else 'q'}-{source}-{one.passage}"
            own = rows if counts else tuple(row._replace(counted=False) for row in rows)
            found.append(Passage(name, number[source], int(place), str(one.voice), does, own))
    return Index(listed, tuple(found))


def _carried(
    passages: pd.DataFrame, codings: pd.DataFrame, headline: pd.DataFrame
) -> Iterator[tuple[Row, ...]]:
    """For each passage what it carries, by start, end, code and coder; `counted` of the headline."""
    key = ["source_id", "start", "end", "code", "coder"]
    spans = codings[key].drop_duplicates().sort_values(key, ignore_index=True)
    counting = spans.merge(headline[key].drop_duplicates(), how="left", indicator="there")
    rows = [
        Row(str(code), str(coder), start, end, there == "both")
        for _, start, end, code, coder, there in counting.itertuples(index=False, name=None)
    ]
    of_passage, of_span = touching_pairs(passages, spans)
    bounds = np.searchsorted(of_passage, np.arange(len(passages) + 1)).tolist()
    for first, beyond in pairwise(bounds):
        yield tuple(rows[at] for at in of_span[first:beyond])

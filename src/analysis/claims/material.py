"""The coded material as an expectation looks at it: what is counted, under one set of choices."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

import numpy as np
import pandas as pd

from analysis.claims.terms import ANY_KIND
from analysis.claims.words import Words
from analysis.corpus import Corpus
from analysis.measures.chance.answers import answers
from analysis.measures.given import places_in
from analysis.measures.said import text_of
from analysis.measures.spans import Text, rolled_up

#: A passage: its source_id, and its number there.
Place = tuple[str, int]
_NO_SPANS = np.zeros((0, 2), dtype=np.int64)


class Source(NamedTuple):
    """Of a source what the counting of cases asks for."""

    source_id: str
    case_id: str
    kind: str
    role: str


@dataclass(frozen=True, eq=False)
class Coded:
    """Codings that count, parents rolled up, and the passages they are counted in.

    `codings` (source_id, start, end, code; each once) touch a counted voice; `passages` are those
    of counted voices, in order of source and text. `described` remembers where a code is in a
    source (`meeting`), so that variants over the same codings need not look again.
    """

    codings: pd.DataFrame
    passages: pd.DataFrame
    described: dict[tuple[str, ...], tuple[bytes, ...]] = field(default_factory=dict, repr=False)

    @cached_property
    def carrying(self) -> dict[str, frozenset[str]]:
        """Code -> the sources that carry it."""
        pairs = self.codings[["code", "source_id"]].drop_duplicates()
        return {str(code): frozenset(ids) for code, ids in pairs.groupby("code")["source_id"]}

    @cached_property
    def spans(self) -> dict[tuple[str, str], np.ndarray]:
        """(source, code) -> start and end of its spans (n, 2)."""
        columns = (self.codings[name] for name in ("source_id", "code", "start", "end"))
        found: dict[tuple[str, str], list[tuple[int, int]]] = {}
        for source, code, start, end in zip(*columns, strict=True):
            found.setdefault((source, code), []).append((start, end))
        return {key: np.array(spans, dtype=np.int64) for key, spans in found.items()}

    @cached_property
    def pieces(self) -> pd.DataFrame:
        """One row for each counted passage and span on it: source_id, passage, code, start, end."""
        passages, codings = self.passages, self.codings
        text = Text.of(passages, codings)
        first, beyond = text.touched(codings)
        row = np.repeat(np.arange(len(codings)), beyond - first)
        within = np.arange(len(row)) - np.repeat(
            np.cumsum(beyond - first) - (beyond - first), beyond - first
        )
        coded = codings.iloc[row].reset_index(drop=True)
        touched = passages.iloc[first[row] + within].reset_index(drop=True)
        return pd.DataFrame(
            {
                "source_id": coded["source_id"],
                "passage": touched["passage"],
                "code": coded["code"],
                "start": np.maximum(coded["start"], touched["start"]),
                "end": np.minimum(coded["end"], touched["end"]),
            }
        )

    @cached_property
    def on_passages(self) -> dict[str, frozenset[Place]]:
        """Code -> the passages that carry it, as (source_id, passage)."""
        found: dict[str, set[Place]] = {}
        columns = (self.pieces[name] for name in ("code", "source_id", "passage"))
        for code, source, passage in zip(*columns, strict=True):
            found.setdefault(str(code), set()).add((str(source), int(passage)))
        return {code: frozenset(places) for code, places in found.items()}

    @cached_property
    def long_and_answered(self) -> dict[str, tuple[np.ndarray, np.ndarray]]:
        """Source -> length (`places_in`) and answer (`answers.answers`) of its counted passages."""
        long, answer = places_in(self.passages), answers(self.passages)
        return {source: (long[own], answer[own]) for source, own in self._rows.items()}

    @cached_property
    def words(self) -> Words:
        """The words of the counted passages."""
        return Words.of(self.passages)

    @cached_property
    def layout(self) -> dict[str, np.ndarray]:
        """Source -> start and end of its counted passages (n, 2), in order of the text."""
        places = self.passages[["start", "end"]].to_numpy(np.int64)
        return {source: places[own] for source, own in self._rows.items()}

    @cached_property
    def _rows(self) -> dict[str, slice]:
        """Source -> the rows of its counted passages."""
        ids = self.passages["source_id"].to_numpy(object)
        borders = np.flatnonzero(np.append(True, ids[1:] != ids[:-1])[: len(ids)]).tolist()
        ends = [*borders[1:], len(ids)]
        return {
            str(ids[begin]): slice(begin, end) for begin, end in zip(borders, ends, strict=True)
        }


@dataclass(frozen=True, eq=False)
class Material:
    """Sources in use (sorted by source_id), `listed` plain, with what was coded in them.

    `register` has a row for each of them, and perhaps for others.
    """

    listed: list[Source]
    coded: Coded
    register: pd.DataFrame

    @classmethod
    def of(cls, corpus: Corpus, minimum_words: int = 0) -> Material:
        """Look at what counts in `corpus`: spans of `minimum_words` counted words or more."""
        spoken, own = corpus.counted_passages, corpus.counted
        if minimum_words:
            first, beyond = text_of(corpus, own).words_of(own)
            own = own[beyond - first >= minimum_words]
        rolled = rolled_up(own[["source_id", "start", "end", "code"]], corpus.codes)
        order = ["source_id", "start", "end", "code"]
        columns = (corpus.sources[name].astype(str) for name in Source._fields)
        return cls(
            [Source(*row) for row in zip(*columns, strict=True)],
            Coded(rolled.sort_values(order, ignore_index=True), spoken),
            corpus.sources,
        )

    @cached_property
    def sources(self) -> pd.DataFrame:
        """The sources with all that the register says of them."""
        kept = self.register["source_id"].isin([source.source_id for source in self.listed])
        return self.register[kept].reset_index(drop=True)

    def among(self, kind_of_source: str, *roles: str) -> list[Source]:
        """The sources of a kind (or of any), and of the roles if some are named."""
        wanted = [role for role in roles if role]
        return [
            source
            for source in self.listed
            if kind_of_source in (ANY_KIND, source.kind) and (not wanted or source.role in wanted)
        ]

    def without_case(self, case_id: str) -> Material:
        """The same material as if this case had never been there."""
        kept = [source for source in self.listed if source.case_id != case_id]
        return Material(kept, self.coded, self.register)

    def sources_with(self, codes: Iterable[str]) -> frozenset[str]:
        """The ids of the sources that carry any of these codes, or one beneath them."""
        return frozenset().union(*(self.coded.carrying.get(code, frozenset()) for code in codes))

    def spans(self, source_id: str, code: str) -> np.ndarray:
        """Start and end of a code's spans in a source (n, 2), each once."""
        return self.coded.spans.get((source_id, code), _NO_SPANS)

    def layout(self, source_id: str) -> np.ndarray:
        """Start and end of a source's counted passages (n, 2), in order of the text."""
        return self.coded.layout.get(source_id, _NO_SPANS)

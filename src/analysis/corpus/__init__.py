"""The coded corpus: its sources, passages, codes and codings, and which voices count.

Every measure takes a `Corpus`; claims and explorer look at it through views. It knows nothing of
studies, folders or files: any four tables make one, and all but the codings may be left out.

    Corpus(codings=codings, passages=passages)
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Literal

import numpy as np
import pandas as pd

from analysis.corpus.plain import (
    plain_codes,
    plain_codings,
    plain_passages,
    plain_sources,
    refuse_unlisted,
    several,
)

KINDS = ("interview", "document", "observation", "unknown")
STATUSES = ("active", "embargoed", "withdrawn")
PUBLISH = ("none", "extracts", "full", "unknown")
#: What a source's consent must say before its words may stand in a report.
QUOTABLE = ("extracts", "full")
PROVENANCE = ("collected", "constructed")
VOICES = (
    "participant",
    "interviewer",
    "document",
    "observed_speech",
    "observer_description",
    "observer_reflection",
)
COUNTED_VOICES = ("participant", "document", "observed_speech", "observer_description")

Unit = Literal["overlap", "passage", "window", "source"]
UNITS: tuple[Unit, ...] = ("overlap", "passage", "window", "source")

# A table that was not given.
_LEFT_OUT: Any = None


def counted_voices(*, interviewer_speech: bool) -> tuple[str, ...]:
    """The voices that count: never observers' reflections, interviewers' only if asked for."""
    return (*COUNTED_VOICES, *(("interviewer",) if interviewer_speech else ()))


def may_be_quoted(sources: pd.DataFrame) -> pd.Series:
    """Whether each source (n,) is in use and its consent lets its words be printed.

    `sources` has the columns publish and status; returns bool with its index.
    """
    return sources["publish"].isin(QUOTABLE) & (sources["status"] == "active")


@dataclass(frozen=True, eq=False)
class Corpus:
    """Sources, their passages, the codes, what was coded, and the voices that count.

    Tables are made plain once, here: names become text (1, 1.0 and "1" are one name), places
    whole numbers.

    - `sources` (source_id; case_id, kind, role, date, ... where a measure asks for them), sorted.
      Without a column case_id each source is a case of its own. Left out, they are those of
      passages and codings.
    - `passages` (source_id, start, end; voice, words, text, passage), half-open in code points of
      the source's text, in order of source and place. Without voice all count; without passage
      they are numbered in their source. None: there are none, and all codings count.
    - `codes` (code; parent, origin, ...): the codebook. Without the column parent, and for codes
      that it does not list, the path tells: the parent of support/peer is support.
    - `codings` (source_id, start, end, code; coder), in the order given. A missing coder is '',
      one coder like any other.
    - `voices`: those that count.

    Raises ValueError for a column that is not there, a missing name, places that are no whole
    numbers from 0 to 2**31, ends before their starts, a source that is listed twice or has no
    case_id in the column, and passages or codings of a source that `sources` do not list: nothing
    is left out in silence (`of_sources` leaves out what is named).
    """

    sources: pd.DataFrame = _LEFT_OUT
    passages: pd.DataFrame | None = None
    codes: pd.DataFrame = _LEFT_OUT
    codings: pd.DataFrame = _LEFT_OUT
    voices: Sequence[str] = COUNTED_VOICES

    def __post_init__(self) -> None:
        nothing = pd.DataFrame(columns=["source_id", "start", "end", "code"])
        codings = plain_codings(nothing if self.codings is _LEFT_OUT else self.codings)
        passages = None if self.passages is None else plain_passages(self.passages)
        if self.sources is _LEFT_OUT:
            told = [codings["source_id"], *([] if passages is None else [passages["source_id"]])]
            ids = pd.DataFrame({"source_id": pd.concat(told, ignore_index=True).unique()})
            sources = plain_sources(ids)
        else:
            sources = plain_sources(self.sources)
            refuse_unlisted(codings, "codings", sources)
            if passages is not None:
                refuse_unlisted(passages, "passages", sources)
        plain = {
            "sources": sources,
            "passages": passages,
            "codes": plain_codes(nothing[["code"]] if self.codes is _LEFT_OUT else self.codes),
            "codings": codings,
            "voices": tuple(several(self.voices, "voices")),
        }
        for name, value in plain.items():
            object.__setattr__(self, name, value)

    # --- what counts ----------------------------------------------------------

    @cached_property
    def counted_passages(self) -> pd.DataFrame:
        """The passages of counted voices, in order of source and text.

        Raises ValueError where the corpus has no passages.
        """
        if self.passages is None:
            raise ValueError("this needs the passages: Corpus(passages=...)")
        if "voice" not in self.passages:
            return self.passages
        return self.passages[self.passages["voice"].isin(self.voices)].reset_index(drop=True)

    @cached_property
    def counted(self) -> pd.DataFrame:
        """The codings that share a character with a passage of a counted voice, in their order.

        Without passages, all that hold a character.
        """
        if self.passages is None:
            kept = (self.codings["end"] > self.codings["start"]).to_numpy()
        else:
            kept = touching(self.codings, self.counted_passages)
        return self.codings[kept].reset_index(drop=True)

    # --- parts of it ----------------------------------------------------------

    def only(self, *, kind: str | Sequence[str] = (), role: str | Sequence[str] = ()) -> Corpus:
        """The corpus of the sources of a kind and of a role (or of any of several).

        What is left out does not choose. Raises ValueError where sources have no such column.
        """
        kept = pd.Series(True, index=self.sources.index)
        for column, asked in (("kind", kind), ("role", role)):
            values = [asked] if isinstance(asked, str) else list(asked)
            if values and column not in self.sources:
                raise ValueError(f"sources have no column {column}")
            kept &= self.sources[column].isin(values) if values else True
        return self.of_sources(self.sources.loc[kept, "source_id"])

    def without_case(self, case_id: str) -> Corpus:
        """The same corpus as if this case had never been there."""
        others = self.sources["case_id"] != str(case_id)
        return self.of_sources(self.sources.loc[others, "source_id"])

    def of_sources(self, source_ids: Iterable[str]) -> Corpus:
        """The corpus of these sources alone, with their passages and codings.

        Raises ValueError for a source that the corpus does not have.
        """
        kept = set(several(source_ids, "source_ids"))
        unknown = sorted(kept - set(self.sources["source_id"]))
        if unknown:
            raise ValueError(f"the corpus has no source {', '.join(unknown)}")
        if len(kept) == len(self.sources):
            return self

        def own(table: pd.DataFrame) -> pd.DataFrame:
            return table[table["source_id"].isin(kept)].reset_index(drop=True)

        return replace(
            self,
            sources=own(self.sources),
            passages=None if self.passages is None else own(self.passages),
            codings=own(self.codings),
        )

    def by_source(self) -> dict[str, pd.DataFrame]:
        """Source -> its codings, in their order; every source is there, coded or not."""
        coded = {str(name): own for name, own in self.codings.groupby("source_id")}
        return {name: coded.get(name, self.codings.iloc[:0]) for name in self.sources["source_id"]}


def touching(codings: pd.DataFrame, passages: pd.DataFrame) -> np.ndarray:
    """Which codings (n,) share at least one character with any of `passages`.

    Both as a `Corpus` holds them; an empty span shares none.
    """
    filled = passages[passages["end"] > passages["start"]]
    ids = pd.Index(filled["source_id"].unique())
    room = (
        max((int(table["end"].max()) for table in (codings, filled) if len(table)), default=0) + 1
    )

    def laid(table: pd.DataFrame, column: str) -> np.ndarray:
        source = np.asarray(ids.get_indexer(pd.Index(table["source_id"])), dtype=np.int64)
        return np.asarray(source * room + table[column].to_numpy(np.int64))

    # A passage that ends before a span begins also begins before the span ends.
    begun = np.searchsorted(np.sort(laid(filled, "start")), laid(codings, "end"), side="left")
    over = np.searchsorted(np.sort(laid(filled, "end")), laid(codings, "start"), side="right")
    known = ids.get_indexer(pd.Index(codings["source_id"])) >= 0
    real = (codings["end"] > codings["start"]).to_numpy()
    return np.asarray((begun > over) & known & real)

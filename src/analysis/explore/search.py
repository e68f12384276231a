"""The coded passages of a study, laid out so that any query is answered in milliseconds."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np
import pandas as pd

from analysis.corpus import VOICES, Corpus
from analysis.explore.query import (
    Carries,
    CodeNames,
    Says,
    asked_of,
    codes_of,
    matching,
    parse,
)
from analysis.files.problems import Problem, StudyError
from analysis.measures import language
from analysis.measures.spans import Text, numbered, rolled_up
from analysis.study.folder import Study
from analysis.text.passage_html import Span

EVERYBODY = "everybody"
_DATE = re.compile(r"(\d{4}(-\d\d(-\d\d)?)?)?")
#: What passages can be chosen by, besides codes: argument -> column of the corpus.
FILTERS = {
    "role": "role",
    "kind": "kind",
    "case": "case_id",
    "source": "source_id",
    "voice": "voice",
}
_TECHNICAL = ("title", "file", "coded_as", "participant_tags", "interviewer_tags")
_AWAY = {"embargoed": "Study.open(…, embargoed=True) lets it in, for reading only"}
_OF_SOURCE = ["case_id", "kind", "role", "title", "status", "publish"]


@dataclass(frozen=True)
class Search:
    """What is asked for: a query and filters, each filter any of several values."""

    query: str = ""
    role: tuple[str, ...] = ()
    kind: tuple[str, ...] = ()
    case: tuple[str, ...] = ()
    source: tuple[str, ...] = ()
    voice: tuple[str, ...] = ()
    coder: str = ""
    columns: tuple[tuple[str, tuple[str, ...]], ...] = ()
    since: str = ""
    until: str = ""
    claim: str = ""

    def filters(self) -> Iterator[tuple[str, tuple[str, ...]]]:
        """The filters that are set: name, or column of the register, and values."""
        for name in FILTERS:
            if values := getattr(self, name):
                yield name, values
        yield from self.columns

    @property
    def call(self) -> str:
        """The call that asks the same of an explorer."""
        given = [_literal(self.query)] if self.query else []
        for name, values in self.filters():
            one = len(values) == 1
            written = ", ".join(map(_literal, values))
            given.append(f"{name}={written if one else f'[{written}]'}")
        if self.coder:
            given.append(f"coder={_literal(self.coder)}")
        for name in ("since", "until", "claim"):
            if value := getattr(self, name):
                given.append(f"{name}={_literal(value)}")
        return f"passages({', '.join(given)})"


def _literal(text: str) -> str:
    """`text` as Python, in double quotes, since queries hold single ones."""
    plain = text.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + "".join(c if c.isprintable() else f"\\U{ord(c):08x}" for c in plain) + '"'


@dataclass(frozen=True)
class Searchable:
    """A view of the corpus to be searched: all voices, with every coder's codings.

    `passages` (n, in order of source and text): tables.PASSAGES, an `id` such as 'int-06-12',
    and what the register says of the source. `readings`: coder -> codings; '' is the reading
    that counts. `near` is how far `near` reaches when a query names no distance: as far as the
    study's window. `away`: registered sources that may not be read here -> their status. `blind`:
    sources of which codings are out of sight, since a blind round lasts.
    """

    passages: pd.DataFrame
    readings: dict[str, pd.DataFrame]
    corpus: Corpus
    near: int
    away: Mapping[str, str]
    blind: frozenset[str] = frozenset()
    _held: dict[tuple[str, bool], np.ndarray] = field(
        default_factory=dict, repr=False, compare=False
    )

    @classmethod
    def of(cls, study: Study) -> Searchable:
        """Lay out the passages and codings of `study`, what a blind round hides left out."""
        blind = frozenset(study.out_of_sight["source_id"])
        study = study.in_sight
        sources, every, register = study.sources, study.all_codings, study.register
        gone = register[~register["source_id"].isin(sources["source_id"])]
        passages = study.passages.merge(sources[["source_id", *_OF_SOURCE]], on="source_id")
        passages = passages.sort_values(["source_id", "passage"], ignore_index=True)
        ids = passages["source_id"] + "-" + passages["passage"].astype(str)
        readings = {"": study.codings, EVERYBODY: every}
        readings |= {str(coder): own for coder, own in every.groupby("coder", sort=True)}
        return cls(
            passages.assign(id=ids),
            readings,
            study.corpus,
            max(study.choices.window - 1, 1),
            dict(zip(gone["source_id"], gone["status"], strict=True)),
            blind,
        )

    @property
    def codes(self) -> pd.DataFrame:
        """The codebook."""
        return self.corpus.codes

    @property
    def sources(self) -> pd.DataFrame:
        """The sources in use."""
        return self.corpus.sources

    @property
    def voices(self) -> tuple[str, ...]:
        """The voices that count."""
        return tuple(self.corpus.voices)

    @cached_property
    def names(self) -> CodeNames:
        """The names under which a query may call codes."""
        return CodeNames(self.codes["code"])

    @cached_property
    def paths(self) -> list[str]:
        """Every code of the codebook, sorted."""
        return sorted(self.codes["code"])

    @property
    def coders(self) -> list[str]:
        """The coders, sorted, each with a reading of their own."""
        return [coder for coder in self.readings if coder not in ("", EVERYBODY)]

    def values(self, name: str) -> list[str]:
        """The values that a filter may take."""
        if name == "voice":
            return [voice for voice in VOICES if (self.passages["voice"] == voice).any()]
        if name == "source":
            return sorted(self.sources["source_id"])
        return sorted(self._column(name).unique())

    def _column(self, name: str) -> pd.Series:
        """What a filter, or a column of the register, says of each passage."""
        if name in FILTERS:
            return self.passages[FILTERS[name]]
        said = self.sources.set_index("source_id")[name].fillna("").astype(str)
        return self.passages["source_id"].map(said)

    @property
    def columns(self) -> list[str]:
        """The columns of the register by which passages can be chosen, besides `FILTERS`."""
        taken = {*FILTERS, *FILTERS.values()}
        return [name for name in self.sources.columns if name not in taken]

    @property
    def telling_columns(self) -> list[str]:
        """Those of `columns` that part the sources into groups: more than one, of several each."""
        return [
            name
            for name in self.columns
            if name not in _TECHNICAL
            and 1 < self.sources[name].nunique() <= max(2, len(self.sources) // 2)
        ]

    def carrying(self, coder: str = "", *, alone: bool = False) -> np.ndarray:
        """(n passages, codes in `paths`) of bool: a coding of it, or beneath it, touches it.

        With `alone` only a coding of the code itself.
        """
        if (coder, alone) not in self._held:
            held = np.zeros((len(self.passages), len(self.paths)), dtype=bool)
            own = self.readings[coder]
            row, code = self._touching(own if alone else rolled_up(own, self.codes))
            known = code >= 0
            held[row[known], code[known]] = True
            self._held[coder, alone] = held
        return self._held[coder, alone]

    def _touching(self, codings: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
        """Passage and code of every passage that a coding touches."""
        text = Text.of(self.passages, codings)
        first, beyond = text.touched(codings)
        times = np.maximum(beyond - first, 0)
        row = np.repeat(first, times) + _counting(times)
        return row, np.repeat(numbered(codings["code"], self.paths), times)

    def find(self, search: Search) -> pd.DataFrame:
        """The passages that `search` asks for: rows of `passages`, in order.

        Without `voice`, those of the voices that count; `near` counts passages of these voices.
        Raises `StudyError` for a query that cannot be read or an unknown value of a filter.
        """
        self._check(search)
        query = parse(search.query, self.names, self.near)
        voiced = self.passages["voice"].isin(search.voice or self.voices).to_numpy()
        rows = np.flatnonzero(voiced)
        if query is not None:
            source = self._source_number[rows]
            wanted = matching(
                query,
                lambda asked: self._has(asked, search.coder)[rows],
                np.searchsorted(source, source, side="left"),
                np.searchsorted(source, source, side="right"),
            )
            rows = rows[wanted]
        found = self.passages.iloc[rows]
        for name, values in search.filters():
            found = found[self._column(name)[found.index].isin(values)]
        return self._dated(found, search.since, search.until)

    def _dated(self, found: pd.DataFrame, since: str, until: str) -> pd.DataFrame:
        """Those of sources dated from `since` to `until`, each a day, a month or a year; sources
        without a date are out where either is asked for."""
        if not since and not until:
            return found
        dates = self._column("date")[found.index]
        # A month ends after each of its days: 2024-03 reaches to 2024-03-31.
        kept = (dates != "unknown") & (dates >= since) & (dates <= (until + "￿" if until else "￿"))
        return found[kept]

    def _has(self, asked: Carries | Says, coder: str) -> np.ndarray:
        if isinstance(asked, Says):
            return self.saying(asked.words)
        return self.carrying(coder, alone=asked.alone)[:, self.paths.index(asked.code)]

    def saying(self, words: str) -> np.ndarray:
        """(n passages) of bool: these words are said in it, as `measures.language` finds them."""
        if words not in self._said:
            # The concordance has the last word; most passages are out for want of the letters.
            parts = [one.strip("*") for one in words.lower().replace("’", "'").split()]
            low = self.passages["text"].str.lower().str.replace("’", "'", regex=False)
            likely = np.logical_and.reduce([low.str.contains(one, regex=False) for one in parts])
            own = self.passages[likely]
            corpus = replace(self.corpus, passages=own, voices=VOICES)
            found = language.concordance(corpus, words, 0)
            ids = set(found["source_id"] + "-" + found["passage"].astype(str))
            self._said[words] = self.passages["id"].isin(ids).to_numpy()
        return self._said[words]

    @cached_property
    def _said(self) -> dict[str, np.ndarray]:
        return {}

    @cached_property
    def _source_number(self) -> np.ndarray:
        return np.asarray(pd.factorize(self.passages["source_id"])[0], dtype=np.int64)

    def _check(self, search: Search) -> None:
        for name in ("since", "until"):
            if not _DATE.fullmatch(given := getattr(search, name)):
                raise StudyError(
                    Problem(name, repr(given)[:40], "2024, 2024-03 or 2024-03-18", "correct it")
                )
        for name, values in search.filters():
            if name not in FILTERS and name not in self.columns:
                named = ", ".join([*FILTERS, *self.columns])
                raise StudyError(
                    Problem(name[:40], "no filter or column of the register", named, "correct it")
                )
            known = self.values(name)
            for value in values:
                if name == "source" and value in self.away:
                    raise StudyError(
                        Problem(
                            f"source={value!r}",
                            self.away[value],
                            "a source that may be read",
                            _AWAY.get(self.away[value], "ask for another"),
                        )
                    )
                if value not in known:
                    raise StudyError(
                        Problem(
                            f"{name}={value!r}",
                            f"no {name} of this name here",
                            ", ".join(known[:40]),
                            "correct it",
                        )
                    )
        if search.coder not in self.readings:
            raise StudyError(
                Problem(
                    f"coder={search.coder!r}",
                    "nobody of this name",
                    ", ".join([*self.coders, EVERYBODY]),
                    "correct it",
                )
            )

    def codes_of(self, search: Search) -> list[str]:
        """The codes that the query of `search` names."""
        return codes_of(parse(search.query, self.names, self.near))

    def asked_of(self, search: Search) -> dict[str, str]:
        """The codes that answer `search` -> how each goes: 'recognition › sought' beneath one."""
        found: dict[str, str] = {}
        for asked in asked_of(parse(search.query, self.names, self.near)):
            for code in self.paths:
                beneath = code.startswith(f"{asked.code}/") and not asked.alone
                if code == asked.code or beneath:
                    own = asked.code.rpartition("/")[0]
                    found.setdefault(code, code[len(own) :].strip("/").replace("/", " › "))
        return found

    def spans(self, source_id: str, coder: str = "") -> list[Span]:
        """Every coded span of a source under a reading."""
        own = self._by_source(coder).get(source_id)
        if own is None:
            return []
        columns = [own[name] for name in ("start", "end", "code", "coder")]
        return [Span(int(a), int(b), str(c), str(d)) for a, b, c, d in zip(*columns, strict=True)]

    def _by_source(self, coder: str) -> dict[str, pd.DataFrame]:
        kept = self._groups
        if coder not in kept:
            kept[coder] = {str(k): own for k, own in self.readings[coder].groupby("source_id")}
        return kept[coder]

    @cached_property
    def _groups(self) -> dict[str, dict[str, pd.DataFrame]]:
        return {}

    def of_source(self, source_id: str) -> pd.DataFrame:
        """All passages of a source, in order of the text."""
        number = self._source_number
        row = numbered(pd.Series([source_id]), list(self.passages["source_id"].unique()))[0]
        first, beyond = np.searchsorted(number, row), np.searchsorted(number, row, side="right")
        return self.passages.iloc[first:beyond]

    def under(self, codes: Sequence[str], coder: str = "") -> pd.DataFrame:
        """The text under any of `codes`, as passages cut to the coded words (each word once)."""
        from analysis.measures.frequencies import coverage

        rows = rolled_up(self.readings[coder], self.codes)
        rows = rows[rows["code"].isin(codes)].assign(code="any")
        stretches = coverage(replace(self.corpus, codings=rows))
        joined = stretches.merge(self.passages, on="source_id", suffixes=("_under", ""))
        joined = joined[
            (joined["start_under"] < joined["end"]) & (joined["end_under"] > joined["start"])
        ]
        begin = joined[["start_under", "start"]].max(axis=1)
        stop = joined[["end_under", "end"]].min(axis=1)
        cut = [
            text[a - start : b - start]
            for text, start, a, b in zip(joined["text"], joined["start"], begin, stop, strict=True)
        ]
        # Two stretches of one passage are two passages: words at their edges are no neighbours.
        return joined.assign(start=begin, end=stop, text=cut)[list(self.passages.columns)]


def _counting(times: np.ndarray) -> np.ndarray:
    """0, 1, … within each of the runs of these lengths."""
    return np.asarray(np.arange(int(times.sum())) - np.repeat(np.cumsum(times) - times, times))

"""Stances that the coding carries, as bearings: a judgement of the same passage wins over them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from analysis.claims.bearing import BEARS, COLUMNS, read_bearings
from analysis.claims.model import Claim
from analysis.coding.stances import values_in
from analysis.corpus import Corpus
from analysis.files.problems import Problem, raise_if_any
from analysis.files.vocabulary import folded, meant, perhaps
from analysis.text.english import plural

#: How the passages of coded stances were chosen for judging.
CODED = "stance: coded"
_FROM_TO = re.compile(r"(-?\d+(?:\.\d+)?) to (-?\d+(?:\.\d+)?)")


def read_judgements(
    path: Path,
    claims: Sequence[Claim],
    corpus: Corpus,
    registered: Iterable[str],
    stances: Mapping[str, str],
) -> pd.DataFrame:
    """The bearings of `path`, as `read_bearings`, and below them the stances of the coding.

    `stances`: what does what (`Study.stances`: codebook and params.yml). A key is the path of a
    code, such as `tie/contradicts`, or what a stance or weight column says, such as `against`,
    `80`, or `67 to 100`; the words of bearings mean themselves there. What a claim says in its own
    `stances` is so for this claim alone, and wins. A stance bears on every claim that names its
    code, or one above it, on each passage that the coding touches and that nobody judged for that
    claim. It is by the coder, and chosen by `CODED`.

    Raises `StudyError` as `read_bearings`, for a key that is no code but much like one, and for a
    stance of the coding of which nothing says what it does.
    """
    assert corpus.passages is not None
    judged = read_bearings(path, claims, corpus.passages, registered)
    coded = _coded(claims, corpus, stances)
    known = set(zip(judged["claim"], judged["source_id"], judged["passage"], strict=True))
    own = [row for row in coded if (row[0], row[1], row[2]) not in known]
    found = pd.DataFrame(list(dict.fromkeys(own)), columns=COLUMNS)
    if found.empty:
        return judged
    typed = found.astype(dict.fromkeys(("passage", "start", "end"), "int64"))
    return pd.concat([judged, typed], ignore_index=True) if len(judged) else typed


def _coded(
    claims: Sequence[Claim], corpus: Corpus, stances: Mapping[str, str]
) -> list[tuple[object, ...]]:
    codings, passages = corpus.counted, corpus.counted_passages
    meanings = [
        _Meaning.of(
            _own(claim, stances), corpus, f"claims.yml, claim {claim.id}" * any(claim.stances)
        )
        for claim in claims
    ]
    plain = _Meaning.of(stances, corpus)
    layouts = passages.groupby("source_id").indices
    rows: list[tuple[object, ...]] = []
    unknown: dict[str, int] = {}
    for one in codings.sort_values(["source_id", "start", "end", "code"]).itertuples():
        values = values_in(str(getattr(one, "memo", "")))
        about = [pair for pair in zip(claims, meanings, strict=True) if _names(pair[0], one.code)]
        for value in values:
            if any(means.value(value) is None for means in [each for _, each in about] or [plain]):
                unknown[value] = unknown.get(value, 0) + 1
        said = {
            claim.id: [says for says in (means.code(one.code), *map(means.value, values)) if says]
            for claim, means in about
        }
        if one.source_id not in layouts or not any(said.values()):
            continue
        layout = passages.iloc[layouts[one.source_id]].sort_values("start")
        touched = layout[(layout["end"] > one.start) & (layout["start"] < one.end)]
        for claim_id, bears in said.items():
            for passage in touched.itertuples():
                start, end = max(one.start, passage.start), min(one.end, passage.end)
                place = (claim_id, one.source_id, passage.passage, start, end)
                rows += [(*place, says, one.coder, "", "", CODED, "", "", "") for says in bears]
    raise_if_any(
        [
            Problem(
                "data/raw/coding, stances",
                f"{value[:40]!r} ({plural(count, 'coding')})",
                f"one of {', '.join(BEARS)}, or a line under stances in params.yml",
                "say there what it does",
            )
            for value, count in unknown.items()
        ]
    )
    return rows


def _own(claim: Claim, stances: Mapping[str, str]) -> dict[str, str]:
    """What means what for one claim: its own words first, then everybody's."""
    own = {one.coded: one.bears for one in claim.stances}
    known = {folded(name) for name in own}
    return own | {name: bears for name, bears in stances.items() if folded(name) not in known}


@dataclass(frozen=True)
class _Meaning:
    """What codes, by path, and what values of a stance column do."""

    codes: Mapping[str, str]
    values: Mapping[str, str]

    @classmethod
    def of(cls, stances: Mapping[str, str], corpus: Corpus, where: str = "") -> _Meaning:
        codes = _by_code(stances, corpus, where or "params.yml, stances")
        known = [] if corpus.codes is None else list(corpus.codes["code"])
        values = {name: bears for name, bears in stances.items() if meant(name, known) is None}
        return cls(codes, values)

    def code(self, code: str) -> str | None:
        return self.codes.get(code)

    def value(self, value: str) -> str | None:
        return _bears(value, self.values)


def _by_code(stances: Mapping[str, str], corpus: Corpus, where: str) -> dict[str, str]:
    """The stances of codes, by path."""
    codes = [] if corpus.codes is None else list(corpus.codes["code"])
    found, problems = {}, []
    for name, bears in stances.items():
        code = meant(name, codes)
        if code is not None:
            found[code] = bears
        elif "/" in name or perhaps(name, codes):
            problems.append(
                Problem(
                    where,
                    f"{name[:60]!r}{perhaps(name, codes)}",
                    "the path of a code of the codebook, or what a stance column says",
                    "correct it",
                )
            )
    raise_if_any(problems)
    return found


def _bears(value: str, by_value: Mapping[str, str]) -> str | None:
    """What a value of a stance column does, or None."""
    for name, bears in by_value.items():
        ends = _FROM_TO.fullmatch(name.strip())
        if folded(name) == folded(value) or (ends and _between(value, ends)):
            return bears
    return meant(value, BEARS)


def _between(value: str, ends: re.Match[str]) -> bool:
    try:
        return float(ends[1]) <= float(value) <= float(ends[2])
    except ValueError:
        return False


def _names(claim: Claim, code: str) -> bool:
    return any(f"{code}/".startswith(f"{one}/") for one in claim.codes)

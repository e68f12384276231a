"""Words that a published notebook shows are of sources that may be quoted, and of enough of them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pandas as pd
from measures_tables import codings_of, passages_of

from analysis.corpus import Corpus
from analysis.stages import frequencies


def study() -> tuple[pd.DataFrame, pd.DataFrame]:
    """Six interviews of two roles; c4 is not to be quoted, t4 is embargoed."""
    sources = pd.DataFrame(
        [
            (name, {"c": "commissioner", "t": "third_sector"}[name[0]])
            for name in ("c1", "c2", "c3", "c4", "t1", "t2", "t3", "t4")
        ],
        columns=["source_id", "role"],
    ).assign(publish="extracts", status="active")
    sources["case_id"] = sources["source_id"]
    sources.loc[sources["source_id"] == "c4", "publish"] = "none"
    sources.loc[sources["source_id"] == "t4", "status"] = "embargoed"
    said = {"c": "tender spreadsheet tender", "t": "kettle sofa kettle"}
    passages = passages_of(
        *((name, said[name[0]]) for name in sources["source_id"]),
        ("c4", "hush hush hush hush hush hush"),
        ("t4", "murmur murmur murmur murmur murmur"),
        ("c1", "alone alone alone alone alone alone"),
    )
    return sources, passages


@dataclass(frozen=True)
class Whole:
    """A corpus as one batch."""

    whole: Corpus
    digest: str = ""

    @property
    def corpus(self) -> Corpus:
        return self.whole


def found(
    sources: pd.DataFrame, passages: pd.DataFrame, codings: pd.DataFrame | None = None
) -> frequencies.Frequencies:
    corpus = Corpus(
        sources.assign(kind="interview"),
        passages,
        codings=codings_of() if codings is None else codings,
    )
    return frequencies.Frequencies.of_batches([Whole(corpus)], corpus.sources, corpus.codes, Path())


def test_words_of_roles() -> None:
    sources, passages = study()
    table = frequencies.words_by_role(found(sources, passages), in_cases=3)
    shown = table[["role", "word", "count", "sources"]].itertuples(index=False)
    kept = {(role, word): (count, n) for role, word, count, n in shown}
    # `spreadsheet` and `sofa` are said three times, fewer than the five that a word needs.
    assert kept == {("commissioner", "tender"): (6, 3), ("third_sector", "kettle"): (6, 3)}
    one_role = sources.assign(role="commissioner")
    none = frequencies.words_by_role(found(one_role, passages), in_cases=3)
    assert none.empty and list(none.columns) == list(table.columns)


def test_one_person_of_many_interviews_is_one() -> None:
    sources, passages = study()
    sources.loc[sources["role"] == "third_sector", "case_id"] = "one"
    table = frequencies.words_by_role(found(sources, passages), in_cases=3)
    assert list(table["word"]) == ["tender"]


def test_a_role_without_counted_words_is_none() -> None:
    sources, passages = study()
    silent = passages["source_id"].str.startswith("t")
    passages.loc[silent, "voice"] = "interviewer"
    assert frequencies.words_by_role(found(sources, passages), in_cases=1).empty


def test_words_of_codes() -> None:
    sources, passages = study()
    rows = passages.query("text.str.startswith('kettle') or text.str.contains('murmur|alone')")
    codings = codings_of(
        *((row.source_id, row.start, row.end, "home") for row in rows.itertuples())
    )
    counted = found(sources, passages, codings)
    table = frequencies.words_by_code(counted, ["home"], in_cases=3)
    assert list(table["word"]) == ["kettle"] and list(table["count"]) == [6]

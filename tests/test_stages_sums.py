"""However the sources of a study are divided into batches, its stages say the same."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from measures_tables import codebook_of, coded_texts, passages_of

from analysis.corpus import Corpus
from analysis.measures import frequencies as measures
from analysis.stages import cooccurrence, frequencies
from analysis.stages.sums import sums

IDS = ("s1", "s2", "s3")
VOICES = ["participant"]


@dataclass(frozen=True)
class Cut:
    """Some sources of a corpus."""

    whole: Corpus
    source_ids: tuple[str, ...]
    seen: str = ""

    @property
    def digest(self) -> str:
        return " ".join((*self.source_ids, self.seen))

    @property
    def corpus(self) -> Corpus:
        return self.whole.of_sources(self.source_ids)


def corpus_of(coded: tuple[pd.DataFrame, pd.DataFrame], cases: str, roles: str) -> Corpus:
    codings, passages = coded
    sources = pd.DataFrame({"source_id": IDS, "case_id": list(cases), "role": list(roles)}).assign(
        kind="interview", publish="full", status="active", date="2024"
    )
    return Corpus(sources, passages, codebook_of("a", "a/b", "never"), codings, VOICES)


def divided(corpus: Corpus, borders: set[int]) -> list[Cut]:
    edges = [0, *sorted(borders), len(IDS)]
    return [Cut(corpus, IDS[at:to]) for at, to in itertools.pairwise(edges)]


def said_of_frequencies(batches: list[Cut], kept: Path) -> list[pd.DataFrame]:
    corpus = batches[0].whole
    found = frequencies.Frequencies.of_batches(batches, corpus.sources, corpus.codes, kept)
    return [
        measures.code_frequencies(found.counts, by="role"),
        measures.code_by_source(found.of_interviews),
        measures.rate_range(found.counts),
        frequencies.between_roles(found.counts, seed=1, n=20, minimum_group=1),
        frequencies.curve_of(found, approach="framework", n=20),
        frequencies.words_by_role(found, in_cases=1),
        frequencies.words_by_code(found, ["a", "b"], in_cases=1),
        found.coverage,
    ]


def said_of_meetings(batches: list[Cut], kept: Path, how: cooccurrence.How) -> list[pd.DataFrame]:
    corpus = batches[0].whole
    found = cooccurrence.Cooccurrences.of_batches(batches, corpus.sources, corpus.codes, how, kept)
    sizes = pd.DataFrame({"answers": found.answers})
    return [found.tested, found.overlap, found.by_unit, found.followed, found.often_joined, sizes]


BORDERS = st.sets(st.integers(1, 2), min_size=1)


@given(
    coded_texts("abc", "AB"),
    BORDERS,
    st.sampled_from(["ppp", "ppq", "pqp", "pqr"]),
    st.sampled_from(["xxx", "xyx", "xyy"]),
    st.sampled_from(["passage", "window", "source"]),
    st.sampled_from(["words", "answers"]),
)
@settings(max_examples=settings().max_examples // 12)
def test_any_division_into_batches_says_the_same(
    coded: tuple[pd.DataFrame, pd.DataFrame],
    borders: set[int],
    cases: str,
    roles: str,
    unit: cooccurrence.Unit,
    null: cooccurrence.Null,
) -> None:
    corpus = corpus_of(coded, cases, roles)
    whole, parts = [Cut(corpus, IDS)], divided(corpus, borders)
    how = cooccurrence.How(unit, 2, null, 7, 20)
    with pytest.MonkeyPatch.context() as patched, TemporaryDirectory() as scratch:
        patched.setenv("WORKERS", "one")
        kept = Path(scratch)
        for once, divided_up in (
            (said_of_frequencies(whole, kept), said_of_frequencies(parts, kept)),
            (said_of_meetings(whole, kept, how), said_of_meetings(parts, kept, how)),
        ):
            for one, other in zip(once, divided_up, strict=True):
                pd.testing.assert_frame_equal(one, other, check_exact=True)


def test_only_the_batch_that_changed_is_counted_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WORKERS", "one")
    passages = passages_of(("s1", "one two"), ("s2", "three"), ("s3", "four"))
    corpus = Corpus(passages=passages)
    seen: list[list[str]] = []

    def count(own: Corpus) -> measures.BySource:
        seen.append(list(own.sources["source_id"]))
        return measures.counted(own)

    def asked(batches: list[Cut], how: str) -> list[int]:
        found = sums(batches, count, measures.BySource, tmp_path / "kept", how)
        return [int(one.total_words.sum()) for one in found]

    batches = [Cut(corpus, ("s1", "s2")), Cut(corpus, ("s3",))]
    assert asked(batches, "so") == asked(batches, "so") == [3, 1]
    assert seen == [["s1", "s2"], ["s3"]]
    changed = [batches[0], Cut(corpus, ("s3",), "other words")]
    assert asked(changed, "so") == [3, 1] and seen[2:] == [["s3"]]
    assert len(list((tmp_path / "kept").iterdir())) == 2, "what is no longer asked for is gone"
    kept = sorted((tmp_path / "kept").iterdir())[0]
    kept.write_bytes(kept.read_bytes()[:100])
    assert asked(changed, "so") == [3, 1] and len(seen) == 4, "half a file is none"
    assert asked(changed, "otherwise") == [3, 1] and len(seen) == 6

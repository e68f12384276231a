"""The numbers that prose quotes, of the tiny study, against a count by hand."""

from __future__ import annotations

import pytest
from tiny import write_tiny_study

from analysis import coding
from analysis.measures import cooccurrence, frequencies
from analysis.stages import agreement, texts
from analysis.stages.clean import passages_of
from analysis.stages.cooccurrence import Cooccurrences, null_said, of_cooccurrence
from analysis.stages.frequencies import of_frequencies
from analysis.study.folder import Study


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Study:
    """The tiny study with the tables that notebooks 01 and 02 leave."""
    study = Study.open(write_tiny_study(tmp_path_factory.mktemp("summary") / "study"))
    prepared = {
        name: one for kind in study.kinds for name, one in texts.prepare_kind(study, kind).items()
    }
    placement = coding.place(
        texts.read_projects(study),
        study.sources,
        {name: one.clean for name, one in prepared.items()},
        study.codebook.codes,
        anchor_score=92,
        coders={},
        code_names={},
    )
    study.write_table(passages_of(prepared), "passages")
    study.write_table(study.codebook.codes, "codes")
    study.write_table(placement.codings, "codings")
    return study


def test_of_frequencies(study: Study) -> None:
    by_role = frequencies.code_frequencies(study.corpus, by=["kind", "role"])
    found = of_frequencies(
        frequencies.code_frequencies(study.corpus),
        by_role[by_role["kind"] == "interview"],
        study.codes,
    )
    ranked = [
        [found[f"freq.top{place}_{name}"][0] for name in ("name", "segments", "sources")]
        for place in (1, 2, 3, 4)
    ]
    # Of two codes in as many sources and segments the first by path comes first.
    assert ranked == [
        ["workshop", 5, 5],
        ["trust", 5, 5],
        ["measuring", 2, 2],
        ["who is heard", 1, 1],
    ]
    assert "freq.top5_name" not in found
    assert found["freq.total_words"] == (95, "words")
    # Trust: 3 + 6 + 6 + 6 + 4 words; design: the workshop, whose words hold those of the other.
    assert found["freq.trust.words"] == (25, "words")
    assert [found[f"freq.design.{name}"][0] for name in ("segments", "sources")] == [6, 5]
    assert [found[f"freq.trust.cases_{role}"][0] for role in ("commissioner", "third_sector")] == [
        2,
        2,
    ]
    assert found["freq.workshop.cases_third_sector"] == (1, "count")
    assert found["freq.who_is_heard.cases_third_sector"] == (0, "count")


def test_of_cooccurrence(study: Study) -> None:
    overlap, pairs = (
        cooccurrence.cooccurrence(
            study.corpus,
            unit,
        )
        for unit in ("overlap", "passage")
    )
    # Eight answers of a passage, the plan, and the meeting without the reflection.
    counted = Cooccurrences.of(study, "passage", window=1, null="answers", seed=1, n=20)
    said = null_said("answers", counted.answers)
    assert said.endswith("in the 8 of 10 answers that are a single passage")
    assert of_cooccurrence(overlap, pairs, "passage", "answers", counted.answers) == {
        "cooc.null_said": (said, "text"),
        # t1: trust inside measuring; c2: who is heard inside the workshop.
        "cooc.n_overlaps": (2, "count"),
        "cooc.n_overlaps_counted": ([[2, "pairs of segments"]], "phrase"),
        "cooc.n_pairs_overlapping": (2, "count"),
        "cooc.n_pairs_overlapping_counted": ([[2, "distinct pairs of codes"]], "phrase"),
        # Four codes make six pairs.
        "cooc.n_pairs": (6, "count"),
        "cooc.n_pairs_met": (2, "count"),
        # Two answers in each of four interviews, three parts of the plan, two of the meeting.
        "cooc.n_units": (13, "count"),
        "cooc.unit": ("passage", "text"),
        # c1 has both in one answer too.
        "cooc.top1_a": ("measuring", "text"),
        "cooc.top1_b": ("trust", "text"),
        "cooc.top1_n": (2, "count"),
        "cooc.top2_a": ("who is heard", "text"),
        "cooc.top2_b": ("workshop", "text"),
        "cooc.top2_n": (1, "count"),
    }


def test_of_agreement(study: Study) -> None:
    """Both coded c1 and t1, two answers each: four units.

    Trust: the same two, alpha 1. Workshop, and design above it: A once, B never, alpha 0.
    Measuring: A twice, B once elsewhere; three of four units differ, where chance expects
    2 * 3 * 5 / (8 * 7): alpha is 1 - (3 / 4) / (30 / 56) = -0.4.
    """
    values = agreement.values(agreement.compare(study), 0.667)
    assert {name.removeprefix("agree."): value for name, (value, _) in values.items()} == {
        "reason": f"A and B, unit: passage. {agreement.SILENCE}",
        "n_codes": 4,
        "n_discuss": 3,
        "median_alpha": pytest.approx(0),
        "lowest_alpha": pytest.approx(-0.4),
        "highest_alpha": pytest.approx(1),
        # c1: measuring, workshop, the end of trust; t1: measuring of A, measuring of B.
        "n_differences": 5,
    }

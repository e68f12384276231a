"""Real files of further formats, counted by scripts that nobody here wrote: `expected.json`.

The files stay where they are; without them these tests say so. A segment there may be of no
length, and a ROCK code is counted by its last part: both are said where they are compared.
"""

from __future__ import annotations

import json
from collections import Counter
from itertools import combinations
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from realdata import REALDATA, needs_realdata

from analysis import coding

FORMATS = REALDATA / "formats"
CATMA = "CATMA_9385E190-13CD-44BE-8A06-32FA95B7EEFA_GitMA_Demo_Project"
CAS = "foodista_blog_2019_08_13_northern-british-columbia_abbreviated.json"


def expected(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((FORMATS / "expected.json").read_text(encoding="utf-8"))[
        name
    ]
    return found


def read(path: str, below: Path = FORMATS) -> coding.CodedProject:
    return coding.read(below / path, name=path)


def overlap_pairs(codings: pd.DataFrame) -> int:
    """Pairs of codings of different codes in one source that share a character."""
    return sum(
        one.code != other.code and max(one.start, other.start) < min(one.end, other.end)
        for _, rows in codings.groupby("source_id")
        for one, other in combinations(rows.itertuples(), 2)
    )


def last_part(codes: pd.Series) -> Counter[str]:
    return Counter(codes.str.rpartition("/")[2])


@needs_realdata
@pytest.mark.parametrize(
    "name", ["example-1", "merging-test-1-primary", "merging-test-1-secondary"]
)
def test_rock_sources(name: str) -> None:
    told = expected(f"rock/{name}.rock")
    project = read(f"rock/{name}.rock")
    assert len(project.codings) == told["codings"]
    found = last_part(project.codings["code"])
    assert len(found) == told["codes"]
    assert told["top_codes"].items() <= found.items()
    assert overlap_pairs(project.codings) == told["overlap_pairs"]


@needs_realdata
def test_two_rock_files_of_the_same_lines_are_two_coders_of_one_source() -> None:
    told = expected(
        "rock/merging-test-1-primary.rock + rock/merging-test-1-secondary.rock "
        "(two coders, joined by uid)"
    )
    projects = [read(f"rock/merging-test-1-{name}.rock") for name in ("primary", "secondary")]
    assert {one.sources["source_id"][0] for one in projects} == {"merging-test-1-primary"}
    assert [one.codings["coder"].unique().tolist() for one in projects] == [
        ["merging-test-1-primary"],
        ["merging-test-1-secondary"],
    ]
    marked = [
        {
            (one.texts[row.source_id][row.start : row.end], row.code.rpartition("/")[2])
            for row in one.codings.itertuples()
        }
        for one in projects
    ]
    both, first, second, neither = told["pooled_2x2_all_uid_lines"]
    assert len(marked[0] & marked[1]) == both
    assert len(marked[0] - marked[1]) == first
    assert len(marked[1] - marked[0]) == second
    assert both + first + second + neither == 20 * len(told["codes"])


@needs_realdata
def test_rqda() -> None:
    told = expected("rqda/db.rqda")
    project = read("rqda/db.rqda")
    assert len(project.sources) == told["sources"]
    assert len(project.codings) == told["codings"]
    assert Counter(project.codings["coder"]) == told["coders"]
    found = last_part(project.codings["code"])
    assert (len(found), told["top_codes"].items() <= found.items()) == (told["codes_used"], True)
    assert overlap_pairs(project.codings) == told["overlap_pairs"]


@needs_realdata
def test_catma() -> None:
    told = expected(f"catma/{CATMA}")
    project = read(f"catma/{CATMA}")
    assert len(project.codes) == told["codes"]
    # 64 ranges, of which 21 touch their neighbour: one segment with it.
    touching = told["between_fragments"]["touching"]
    assert len(project.codings) == told["codings"] - touching == 43
    assert set(project.codings["coder"]) == set(told["coders"])
    (text,) = project.texts.values()
    for one in project.codings.itertuples():
        words = text[one.start : one.end]
        assert words == words.strip()
        assert not (text[one.start - 1 : one.start] + words[0]).isalnum() or one.start == 0


@needs_realdata
def test_requal_without_segments_is_an_empty_project() -> None:
    project = read("requal/test_basic.requal")
    assert (len(project.sources), len(project.codes), len(project.codings)) == (0, 0, 0)


@needs_realdata
def test_webanno_of_two_people() -> None:
    told = expected("webanno/{michael,nathan} together")
    projects = [read(f"webanno/{name}/12625853_mixed_alito.tsv") for name in told["coders"]]
    codings = pd.concat([one.codings for one in projects])
    assert Counter(codings["coder"]) == told["coders"]
    found = Counter(codings["code"])
    assert (len(found), told["top_codes"].items() <= found.items()) == (told["codes"], True)
    assert overlap_pairs(codings) == told["overlap_pairs"]
    assert projects[0].texts == projects[1].texts
    for one in projects:
        within = told["within_coder"][one.codings["coder"].iloc[0]]
        assert overlap_pairs(one.codings) == within["overlap_pairs"]


@needs_realdata
@pytest.mark.parametrize(
    ("name", "of_no_length"),
    [
        ("testCrossSentenceSpanWithFeatureValue", 0),
        ("testSentenceWithEmoji", 0),
        ("testSentenceWithLineBreak", 0),
        ("testStackedSubMultiTokenSpanWithFeatureValue", 6),
        ("testTokenBoundedSpanWithUnderscoreFeatureValue", 0),
        ("testZeroLengthSpansWithoutFeatures", 2),
    ],
)
def test_webanno_suite(name: str, of_no_length: int) -> None:
    told = expected(f"webanno/suite/{name}.tsv")
    project = read(f"webanno/suite/{name}.tsv")
    assert len(project.codings) == told["codings"] - of_no_length
    left = project.report.query("topic == 'left out'")["count"].sum()
    assert left == of_no_length
    if not of_no_length:
        assert overlap_pairs(project.codings) == told["overlap_pairs"]


@needs_realdata
def test_the_emoji_of_the_suite_is_what_is_coded() -> None:
    project = read("webanno/suite/testSentenceWithEmoji.tsv")
    (one,) = project.codings.itertuples()
    assert project.texts[one.source_id][one.start : one.end] == "\N{SMILING FACE WITH SMILING EYES}"


@needs_realdata
def test_cas() -> None:
    told = expected(f"cas_json/{CAS}")
    project = read(f"cas_json/{CAS}")
    assert len(project.codings) == told["codings"]
    found = Counter(project.codings["code"])
    assert (len(found), told["top_codes"].items() <= found.items()) == (told["codes"], True)


@needs_realdata
def test_doccano() -> None:
    told = expected("doccano/news_en.jsonl")
    project = read("doccano/news_en.jsonl")
    assert len(project.sources) == told["sources"]
    assert len(project.codings) == told["codings"]
    found = Counter(project.codings["code"])
    assert (len(found), told["top_codes"].items() <= found.items()) == (told["codes"], True)
    assert project.codings["source_id"].nunique() == told["sources_coded"]


@needs_realdata
def test_brat() -> None:
    told = expected("brat")
    names = sorted(path.name for path in (FORMATS / "brat").glob("*.ann"))
    projects = [read(f"brat/{name}") for name in names]
    codings = pd.concat([one.codings for one in projects])
    assert len(codings) == told["codings"]
    found = Counter(codings["code"])
    assert (len(found), told["top_codes"].items() <= found.items()) == (told["codes"], True)
    counted = pd.concat([one.report for one in projects]).groupby("detail")["count"].sum()
    assert counted["events (not codings)"] == told["line_kinds"]["E"]
    assert counted["relations (not codings)"] == told["line_kinds"]["R"]


@needs_realdata
def test_web_annotations_without_words_of_a_text_are_counted() -> None:
    project = read("w3c/anno41.json")
    (one,) = project.codings.itertuples()
    assert (one.start, one.end, one.code, one.coder) == (6, 27, "love", "A. Person")
    collection = read("w3c/collection1.json")
    assert collection.codings["code"].tolist() == ["love"]
    # 41 annotations in all, as the collection says itself.
    assert collection.report.query("topic == 'left out'")["count"].sum() == 40

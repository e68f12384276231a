"""What was read is what was placed and, for a reason each, what was not; else the stage stops."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis import coding
from analysis.cleaning import PseudonymKey
from analysis.cleaning.edits import CleanText, Edit, layer_of
from analysis.coding.formats.spans import read_spans
from analysis.coding.formats.tables import read_csv
from analysis.coding.placing.ledger import Fate, balanced
from analysis.coding.placing.nearest import Nearest
from analysis.files.problems import StudyError

TEXT = "Orrin came to the hall. The kettle sang. Orrin left. The kettle sang on."
SOURCES = pd.DataFrame(
    {"source_id": ["s1"], "coded_as": ["talk"], "file": ["t.txt"], "title": [""]}
)
CODES = pd.DataFrame({"code": ["a", "b"], "usable": [True, True]})


def place(
    projects: list[coding.CodedProject],
    clean: CleanText | None = None,
    key: PseudonymKey | None = None,
    withdrawn: tuple[str, ...] = (),
) -> coding.Placement:
    return coding.place(
        projects,
        SOURCES,
        {"s1": clean or CleanText(TEXT)},
        CODES,
        anchor_score=92,
        coders={},
        code_names={},
        withdrawn=withdrawn,
        key=key,
    )


def as_counts(ledger: pd.DataFrame) -> dict[tuple[str, ...], int]:
    return {tuple(row[:4]): row[4] for row in ledger.itertuples(index=False, name=None)}


def test_every_coding_is_placed_or_has_its_reason() -> None:
    rows = [
        "Document,Segment,Code,Coder",
        'talk,Orrin came to the hall.,"a, b",Ann',
        "talk,The kettle sang,a,Ann",
        "talk,words of nobody at all here,b,Bea",
        "gone,Something else.,a,Bea",
        "talk,Orrin came to the hall.,a,Ann",
    ]
    placement = place([read_csv("\n".join(rows), "t.csv", {})], withdrawn=("gone",))
    ledger = as_counts(placement.ledger)
    assert ledger["t.csv", "Ann", "a", "read"] == 3
    assert ledger["t.csv", "Ann", "a", "placed"] == 1
    assert ledger["t.csv", "Ann", "a", "the same coding again, counted once"] == 1
    assert ledger["t.csv", "Bea", "a", "of a withdrawn source"] == 1
    reasons = placement.ledger[~placement.ledger["fate"].isin(["read", "placed"])]
    total = placement.ledger.groupby("fate")["count"].sum()
    assert total["read"] == 6
    assert total["read"] == total["placed"] + reasons["count"].sum()


@settings(max_examples=25, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.integers(0, len(TEXT) - 1),
            st.integers(1, 20),
            st.sampled_from("ab"),
            st.sampled_from("AB"),
        ),
        min_size=1,
        max_size=12,
    )
)
def test_the_ledger_balances_whatever_is_coded(rows: list[tuple[int, int, str, str]]) -> None:
    lines = [f"s1,{start},{min(start + n, len(TEXT))},{code},{who}" for start, n, code, who in rows]
    text = "\n".join(["source_id,start,end,code,coder", *lines])
    placement = place([read_spans(text, "s.csv")])
    for _, part in placement.ledger.groupby(["file", "coder", "code"]):
        counts = part.set_index("fate")["count"]
        assert counts["read"] == counts.drop("read").sum()
    placed = placement.ledger.query("fate == 'placed'")["count"].sum()
    assert placed == len(placement.codings)


def test_a_row_without_a_fate_or_a_coding_from_nowhere_stops_the_stage() -> None:
    project = read_spans("source_id,start,end,code,coder\ns1,0,5,a,A\ns1,6,10,a,A", "s.csv")
    fates = [Fate("s.csv", "codings", row, "A", "a", "placed") for row in (0, 1)]
    kept = place([project]).codings
    assert len(balanced([project], fates, kept)) == 2
    with pytest.raises(StudyError, match="neither placed nor left out"):
        balanced([project], fates[:1], kept)
    with pytest.raises(StudyError, match="2 codings kept, and 1 placed"):
        balanced([project], [fates[0], fates[1]._replace(fate="lost")], kept)


def test_a_position_one_past_the_end_is_cut_back_and_told() -> None:
    text = f"source_id,start,end,code,coder\ns1,{len(TEXT) - 3},{len(TEXT) + 1},a,A\n"
    placement = place([read_spans(text, "s.csv")])
    assert placement.codings["end"].tolist() == [len(TEXT)]
    assert placement.report["detail"].str.contains("one past the end").any()


def test_words_that_are_not_at_their_position_are_found_by_themselves() -> None:
    at = TEXT.index("Orrin left")
    text = f"source_id,start,end,code,coder,quote\ns1,{at - 4},{at + 6},a,A,Orrin left\n"
    (one,) = place([read_spans(text, "s.csv")]).codings.itertuples()
    assert (one.start, one.end) == (at, at + 10)
    with pytest.raises(StudyError, match="a quote that does not match"):
        place([read_spans(text.replace("Orrin left", "Nobody here"), "s.csv")])


@pytest.mark.parametrize("words", ["Orrin came", "[participant 1] came"])
@pytest.mark.parametrize("already", [False, True])
def test_a_pseudonym_costs_no_coding(words: str, already: bool, tmp_path: Path) -> None:
    """The text may have its pseudonym already, or get it here; so may the quotation."""
    (tmp_path / "key.csv").write_text(
        "find,replace,kind,common_word\nOrrin,[participant 1],person,no\n"
    )
    key = PseudonymKey.read(tmp_path / "key.csv")
    disguised = TEXT.replace("Orrin", "[participant 1]")
    edits = [
        Edit(at, at + 5, "[participant 1]", "person")
        for at in range(len(TEXT))
        if TEXT.startswith("Orrin", at)
    ]
    clean = (
        CleanText(disguised) if already else CleanText(TEXT, (layer_of("pseudonyms", TEXT, edits),))
    )
    assert clean.text == disguised
    quotation = read_csv(f"Document,Segment,Code\ntalk,{words} to the hall,a\n", "q.csv", {})
    spans = read_spans(
        f"source_id,start,end,code,coder,quote\ns1,0,{len(words)},b,A,{words}\n", "s.csv"
    )
    held = dataclasses.replace(spans, texts={"s1": TEXT}) if words.startswith("Orrin") else spans
    placement = place([quotation, held], clean, key)
    assert placement.unplaced.empty
    found = {clean.text[one.start : one.end] for one in placement.codings.itertuples()}
    assert found == {"[participant 1] came to the hall", "[participant 1] came"}


def test_the_nearest_place_of_words_is_theirs_unless_two_are_as_near() -> None:
    nearest = Nearest("tea, tea and tea")
    assert nearest.place("tea", 6) == (5, 8)
    assert nearest.place("tea", 16) == (13, 16)
    assert nearest.place("tea", 9) is None
    assert nearest.place("coffee", 0) is None

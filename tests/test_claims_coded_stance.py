"""A stance that the coding carries serves as bearing; a judgement of the same passage wins."""

from __future__ import annotations

from pathlib import Path

import claims_fixture as made
import pandas as pd
import pytest
from claims_fixture import CHARITY, choices

from analysis.claims import Stances, evaluate, read_claims
from analysis.claims.coded_stance import CODED, read_judgements
from analysis.claims.material import Material
from analysis.claims.reading_list import judges
from analysis.coding.formats.spans import read_spans
from analysis.coding.formats.tables import read_csv
from analysis.corpus import Corpus
from analysis.files.problems import StudyError
from analysis.study.codebook import codebook_in


def corpus(placed: list[tuple[str, int, str]], memos: list[str] | None = None) -> Corpus:
    codings = made.codings(placed).assign(memo=memos or "")
    return Corpus(made.sources(), made.passages(), made.CODES, codings)


def bearings(folder: Path, own: Corpus, stances: dict[str, str], judged: str = "") -> pd.DataFrame:
    path = folder / "bearings.csv"
    path.write_text(f"claim,source_id,passage,bears,by\n{judged}")
    claims = read_claims(made.written(folder, made.claim("c", made.PREVALENCE)), made.CODES)
    return read_judgements(path, claims, own, made.sources()["source_id"], stances)


def test_a_subcode_says_what_its_passage_does(tmp_path: Path) -> None:
    placed = [(CHARITY[0], 1, "tie/old"), (CHARITY[1], 1, "tie/new"), (CHARITY[2], 2, "tie")]
    own = corpus(placed)
    found = bearings(tmp_path, own, {"Tie/Old": "contradicts", "tie/new": "supports"})
    assert found[["source_id", "passage", "bears", "by", "chosen"]].values.tolist() == [
        ["ch-1", 1, "contradicts", "A", CODED],
        ["ch-2", 1, "supports", "A", CODED],
    ]
    claims = read_claims(tmp_path / "claims.yml", made.CODES)
    row = evaluate(claims, own, choices(), stances=Stances.of(claims, found)).iloc[0]
    assert (row["n"], row["n_least"], row["n_most"]) == (3, 1, 2)
    assert (row["judged_by"], row["chosen"]) == ("A 2", f"{CODED} 2")
    told = judges(claims, Material.of(own), found, ["A"]).iloc[0]
    assert (told["chosen"], told["also"]) == (CODED, "A coded")


def test_a_judgement_wins_for_its_passage_and_claim(tmp_path: Path) -> None:
    own = corpus([(CHARITY[0], 1, "tie/old"), (CHARITY[1], 1, "tie/old")])
    found = bearings(tmp_path, own, {"tie/old": "contradicts"}, "c,ch-1,1,supports,TW\n")
    assert found[["source_id", "bears", "by"]].values.tolist() == [
        ["ch-1", "supports", "TW"],
        ["ch-2", "contradicts", "A"],
    ]


def test_the_codebook_says_what_a_subcode_does() -> None:
    told = "codes:\n  - name: tie\n  - {name: against, parent: tie, stance: Contradicts}\n"
    assert codebook_in(told, "codebook.yml").stances == {"tie/against": "contradicts"}
    with pytest.raises(StudyError, match="one of supports, qualifies, contradicts"):
        codebook_in(told.replace("Contradicts", "against"), "codebook.yml")


def test_a_stance_of_one_claim_is_of_this_claim_alone(tmp_path: Path) -> None:
    stated = "    stances:\n      - {coded: Tie/Old, bears: supports}\n      - {coded: '80', bears: qualifies}\n"
    other = made.claim("d", made.PREVALENCE.replace("id: common", "id: again"))
    path = made.written(tmp_path, made.claim("c", made.PREVALENCE), other)
    path.write_text(path.read_text().replace("    decision:", f"{stated}    decision:", 1))
    claims = read_claims(path, made.CODES)
    own = corpus([(CHARITY[0], 1, "tie/old"), (CHARITY[1], 1, "tie")], ["", "[stance: 80]"])
    judged = tmp_path / "bearings.csv"
    judged.write_text("claim,source_id,passage,bears,by\n")
    everybody = {"tie/old": "contradicts", "80": "contradicts"}
    found = read_judgements(judged, claims, own, made.sources()["source_id"], everybody)
    assert found[["claim", "source_id", "bears"]].values.tolist() == [
        ["c", "ch-1", "supports"],
        ["d", "ch-1", "contradicts"],
        ["c", "ch-2", "qualifies"],
        ["d", "ch-2", "contradicts"],
    ]


def test_weights_and_words_of_a_stance_column(tmp_path: Path) -> None:
    placed = [(name, 1, "tie") for name in CHARITY[:4]]
    memos = ["[stance: 80]", "[stance: 10] doubtful", "[stance: Qualifies]", "a remark"]
    found = bearings(
        tmp_path, corpus(placed, memos), {"67 to 100": "supports", "0 to 33": "contradicts"}
    )
    assert found["bears"].tolist() == ["supports", "contradicts", "qualifies"]
    two = corpus(placed[:1], ["[stance: 80] | [stance: 10]"])
    both = bearings(tmp_path, two, {"80": "supports", "10": "contradicts"})
    assert both["bears"].tolist() == ["supports", "contradicts"]


@pytest.mark.parametrize(
    ("stances", "memo", "said"),
    [
        ({"tie/odl": "supports"}, "", "perhaps 'tie/old'?"),
        ({}, "[stance: perhaps]", "'perhaps' (1 coding)"),
        ({"67 to 100": "supports"}, "[stance: 50]", "'50' (1 coding)"),
    ],
)
def test_what_nothing_explains_is_told(
    tmp_path: Path, stances: dict[str, str], memo: str, said: str
) -> None:
    with pytest.raises(StudyError) as caught:
        bearings(tmp_path, corpus([(CHARITY[0], 1, "tie/old")], [memo]), stances)
    assert said in str(caught.value)


def test_codes_of_no_claim_bear_on_none(tmp_path: Path) -> None:
    own = corpus([(CHARITY[0], 1, "doing"), (CHARITY[0], 0, "tie/old")])
    # The second lies on the interviewer's words.
    assert bearings(tmp_path, own, {"doing": "supports", "tie/old": "supports"}).empty


def test_a_stance_column_stands_before_the_memo() -> None:
    spans = "source_id,start,end,code,coder,memo,stance\nch-1,0,9,tie,A,see,contradicts\n"
    assert read_spans(spans, "f.csv").codings["memo"].tolist() == ["[stance: contradicts] see"]
    table = "Document name,Code,Segment,Weight\nch-1,tie,some words,80\n"
    assert read_csv(table, "f.csv", {}).quotations["memo"].tolist() == [""]
    told = read_csv(table, "f.csv", {"stance": "Weight"}).quotations["memo"].tolist()
    assert told == ["[stance: 80]"]

"""Bearings, examples, negative cases, the matrix, memos, and what the authors signed."""

from __future__ import annotations

from pathlib import Path

import claims_fixture as made
import pandas as pd
import pytest
from claims_fixture import CHARITY, COUNCIL, choices

from analysis.claims import (
    Claim,
    Material,
    by_kind,
    claim_patterns,
    decisions,
    digest,
    document_profiles,
    evaluate,
    examples,
    negative_cases,
    read_bearings,
    read_claims,
    read_matrix,
    read_memos,
    reflexivity,
    sensitivity,
)
from analysis.claims.examples import cases_in, together
from analysis.claims.signing import leaned_on
from analysis.corpus import Corpus
from analysis.files.problems import StudyError
from analysis.stages.findings import of_findings

PLACED = [(name, 1, "tie/old") for name in CHARITY[:7]] + [
    ("ch-1", 4, "merit"),
    ("ch-1", 1, "merit"),
]
HEADING = "claim,source_id,passage,quote,bears,by,note,negative_outcome,date\n"


def material(placed: list[tuple[str, int, str]] = PLACED) -> Material:
    return Material.of(
        Corpus(
            sources=made.sources(),
            passages=made.passages(),
            codes=made.CODES,
            codings=made.codings(placed),
        )
    )


@pytest.fixture
def claims(tmp_path: Path) -> list[Claim]:
    path = made.written(tmp_path, made.claim("c", made.CONTRAST, made.TOGETHER))
    return read_claims(path, made.CODES)


def bearings(folder: Path, claims: list[Claim], rows: str) -> pd.DataFrame:
    path = folder / "bearings.csv"
    path.write_text(HEADING + rows, encoding="utf-8")
    passages = made.passages()
    return read_bearings(path, claims, passages, [*passages["source_id"].unique(), "gone"])


def faults(folder: Path, claims: list[Claim], rows: str) -> list[str]:
    with pytest.raises(StudyError) as caught:
        bearings(folder, claims, rows)
    return [str(problem) for problem in caught.value.problems]


def test_a_bearing_is_placed_by_number_or_by_words(tmp_path: Path, claims: list[Claim]) -> None:
    table = bearings(
        tmp_path,
        claims,
        'c,ch-1,4,,supports,A,"a note,\nof two lines",\n'
        "c,ch-2,,ch-2x05  one two,contradicts,B,,bounded\n"
        "c,ch-3,7,two three,qualifies,B,,,2024-05-21\n"
        "c,gone,,no longer to be seen,supports,A,,\n",
    )
    assert list(table["date"]) == ["", "", "2024-05-21"]
    places = table[["source_id", "passage", "start", "end"]].values.tolist()
    whole, words = 4 * (made.WIDTH + 1), 5 * (made.WIDTH + 1)
    assert places[0] == ["ch-1", 4, whole, whole + made.WIDTH]
    assert places[1] == ["ch-2", 5, words, words + len("ch-2x05 one two")]
    assert places[2][1:] == [7, 7 * 41 + 12, 7 * 41 + 21]
    assert table["negative_outcome"].tolist() == ["", "bounded", ""]


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("x,ch-1,1,,supports,A,,", "the id of a claim"),
        ("c,ch-99,1,,supports,A,,", "a source of sources.csv"),
        ("c,ch-1,1,,proves,A,,", "one of supports, qualifies, contradicts"),
        ("c,ch-1,1,,supports,,,", "who judged it"),
        ("c,ch-1,1,,contradicts,A,,gone", "one of revised, bounded, unresolved"),
        ("c,ch-1,1,,supports,A,,bounded", "empty unless it contradicts"),
        ("c,ch-1,40,,supports,A,,", "the number of a passage"),
        ("c,ch-1,,,supports,A,,", "the passage's words"),
        ("c,ch-1,,words nobody said,supports,A,,", "found 0 times"),
        ("c,ch-1,,one two three,supports,A,,", "found 12 times"),
        ("c,ch-1,1,,supports,A,,,2024-13-01", "a day such as"),
        ("c,ch-1,1,,supports,A,,,20240521", "a day such as"),
        ("c,ch-1,1,,supports,A,,,,too much", "10 cells"),
    ],
)
def test_a_wrong_row_is_told_with_its_line(
    tmp_path: Path, claims: list[Claim], row: str, said: str
) -> None:
    told = faults(tmp_path, claims, f'c,ch-1,1,,supports,A,"one\ntwo",\n{row}\n')
    assert any("bearings.csv, line 4" in one and said in one for one in told), told
    assert not any("nobody said" in one for one in told)


def test_examples_come_from_bearings_where_there_are_any(
    tmp_path: Path, claims: list[Claim]
) -> None:
    judged = bearings(
        tmp_path,
        claims,
        "c,ch-1,1,,supports,A,,\nc,ch-2,1,,contradicts,A,no,\nc,ch-8,2,,qualifies,A,,\n",
    )
    table = examples(claims, material(), judged)
    of_more = table[table["expectation"] == "more"]
    # 'more' looks for `tie`, a parent of the code on these passages.
    assert of_more["bears"].tolist() == ["contradicts", "supports"]
    assert set(of_more["source_id"]) == {"ch-1", "ch-2"}
    together = table[table["expectation"] == "together"]
    assert together[together["source_id"] == "ch-1"]["code"].tolist() == ["tie/old;merit"]
    # Nothing of the claim is coded there, so it belongs to the claim alone.
    assert table[table["source_id"] == "ch-8"]["expectation"].tolist() == [""]
    assert table["publishable"].all()


def test_places_are_whole_numbers_when_every_expectation_has_bearings(
    tmp_path: Path, claims: list[Claim]
) -> None:
    judged = bearings(tmp_path, claims, "c,ch-1,1,,supports,A,,\n")
    table = examples(claims, material(), judged)
    assert set(table["bears"]) == {"supports"}
    assert {str(table[name].dtype) for name in ("passage", "start", "end", "rank")} == {"int64"}


def test_without_bearings_presence_alone_is_counted(claims: list[Claim]) -> None:
    none = pd.DataFrame(
        columns=[
            "claim",
            "source_id",
            "passage",
            "start",
            "end",
            "bears",
            "by",
            "note",
            "negative_outcome",
        ]
    )
    table = examples(claims, material([*PLACED, ("doc-1", 1, "tie"), ("ch-2", 2, "tie")]), none)
    assert set(table["bears"]) == {"presence only"}
    of_more = table[table["expectation"] == "more"].sort_values("rank")
    # Each case has its turn before any has a second; a document is no interview.
    assert of_more["source_id"].tolist() == [*CHARITY[:7], "ch-2"]
    together = table[table["expectation"] == "together"]
    assert together[["source_id", "passage"]].values.tolist() == [["ch-1", 1]]


def test_negative_silent_and_unasked_cases_stand_apart(tmp_path: Path, claims: list[Claim]) -> None:
    judged = bearings(
        tmp_path, claims, "c,co-1,2,,contradicts,A,why,revised\nc,ch-1,1,,contradicts,A,,\n"
    )
    (tmp_path / "matrix.csv").write_text(
        "case_id,theme,summary,state,passages,digest\nperson-co-2,c theme,,not asked,,\n"
    )
    matrix = read_matrix(tmp_path / "matrix.csv", claims, material(), made.sources())
    table = negative_cases(claims, material(), judged, matrix)
    against = table[table["state"] == "speaks against"]
    assert against[["case_id", "outcome"]].values.tolist() == [
        ["person-ch-1", "not yet decided"],
        ["person-co-1", "revised"],
    ]
    assert table[table["state"] == "not asked"]["case_id"].tolist() == ["person-co-2"]
    silent = set(table[table["state"] == "silent"]["case_id"])
    assert silent == {"person-ch-8", "org-1", *(f"person-{name}" for name in COUNCIL[2:])}
    assert set(table["searched"]) == {1}


def test_cases_who_tell_one_event_and_no_more_are_one() -> None:
    rows = [
        ("x", "fire"),
        ("x", "fire"),
        ("y", "fire"),
        ("z", "fire"),
        ("z", ""),
        ("w", "a"),
        ("w", "b"),
    ]
    table = pd.DataFrame(rows, columns=["case_id", "event"])
    # x and y tell the fire alone; z speaks of more, and w of two events.
    assert cases_in(table) == 3
    assert cases_in(table.iloc[:0]) == 0


def test_a_claim_is_set_against_kinds_of_source(tmp_path: Path, claims: list[Claim]) -> None:
    none = bearings(tmp_path, claims, "")
    stands = by_kind(claims, material(), none).set_index("kind")["state"]
    assert dict(stands) == {"interview": "presence only", "document": "silent"}
    judged = bearings(
        tmp_path,
        claims,
        "c,ch-1,1,,contradicts,A,,\nc,ch-2,1,,supports,A,,\nc,doc-1,1,,supports,A,,\n",
    )
    stands = by_kind(claims, material(), judged).set_index("kind")["state"]
    assert dict(stands) == {"interview": "both ways", "document": "for it"}


@pytest.mark.parametrize(
    ("leans", "said"),
    [
        (("for it", "for it, with limits"), "convergent"),
        (("both ways", "both ways", "silent"), "convergent"),
        (("for it", "against it"), "dissonant"),
        (("for it", "both ways"), "in part"),
        (("against it", "both ways", "presence only"), "in part"),
        (("for it", "presence only", "silent"), "one kind alone"),
        (("presence only", "silent"), "nothing judged"),
    ],
)
def test_kinds_of_evidence_are_set_against_each_other(leans: tuple[str, ...], said: str) -> None:
    assert together(leans) == said


def test_documents_are_described_as_far_as_the_register_does() -> None:
    sources = made.sources().assign(author="a council", audience="")
    profile = document_profiles(sources).iloc[0]
    assert (profile["author"], profile["audience"], profile["purpose"]) == (
        "a council",
        "unknown",
        "unknown",
    )


# --- what the authors signed ------------------------------------------------------


def signed(
    folder: Path, placed: list[tuple[str, int, str]], rows: str = "", stamp: str = ""
) -> pd.Series:
    decision = "status: retained, paragraphs: We hold this., signed_by: A" + stamp
    path = made.written(folder, made.claim("c", made.CONTRAST, decision=decision))
    claims = read_claims(path, made.CODES)
    table = evaluate(
        claims,
        Corpus(
            sources=made.sources(),
            passages=made.passages(),
            codes=made.CODES,
            codings=made.codings(placed),
        ),
        choices(),
    )
    own = bearings(folder, claims, rows)
    state = decisions(claims, table, own, made.passages()).iloc[0]
    assert state["digest"] == digest(claims[0], table, own, made.passages())
    return state


def test_the_lock_opens_when_a_contrast_is_reversed(tmp_path: Path) -> None:
    bearing = "c,ch-1,1,,supports,A,,\n"
    first = signed(tmp_path, PLACED, bearing)
    assert first["state"] == "not signed"
    stamp = f", digest: '{first['digest']}'"
    assert signed(tmp_path, PLACED, bearing, stamp)["state"] == "signed"
    reversed_ = [(name, 1, "tie/old") for name in COUNCIL[:7]]
    assert signed(tmp_path, reversed_, bearing, stamp)["state"] == "authors must re-read"


def test_the_lock_opens_when_bearings_change_and_not_otherwise(tmp_path: Path) -> None:
    two = "c,ch-1,1,,supports,A,,\nc,ch-2,1,,contradicts,A,,\n"
    stamp = f", digest: '{signed(tmp_path, PLACED, two)['digest']}'"
    other_order = "".join(line + "\n" for line in reversed(two.splitlines()))
    assert signed(tmp_path, PLACED, other_order, stamp)["state"] == "signed"
    whole = made.passages().query("source_id == 'ch-1' and passage == 1")["text"].iloc[0]
    by_words = two.replace("ch-1,1,,", f"ch-1,,{whole},")
    assert signed(tmp_path, PLACED, by_words, stamp)["state"] == "signed"
    # One case less among those that carry the code: the pattern is the same, its count is not.
    assert signed(tmp_path, PLACED[1:], two, stamp)["state"] == "authors must re-read"
    answered = two.replace("contradicts,A,,", "contradicts,A,,bounded")
    assert signed(tmp_path, PLACED, answered, stamp)["state"] == "authors must re-read"
    fewer = two.splitlines()[0] + "\n"
    assert signed(tmp_path, PLACED, fewer, stamp)["state"] == "authors must re-read"


def test_nothing_decided_is_nothing_to_sign(claims: list[Claim]) -> None:
    empty = pd.DataFrame(
        columns=["claim", "expectation", "pattern", "n", "n_of", "than_n", "than_of"]
    )
    none = pd.DataFrame(columns=["claim", "source_id", "start", "end", "bears", "negative_outcome"])
    assert decisions(claims, empty, none, made.passages())["state"].tolist() == ["undecided"]


# --- matrix -----------------------------------------------------------------------


def read(folder: Path, claims: list[Claim], rows: str, own: Material) -> pd.DataFrame:
    path = folder / "matrix.csv"
    path.write_text("case_id,theme,summary,state,passages,digest\n" + rows, encoding="utf-8")
    register = pd.concat(
        [made.sources(), pd.DataFrame({"source_id": ["gone"], "case_id": ["person-gone"]})]
    )
    return read_matrix(path, claims, own, register)


def test_a_cell_turns_stale_when_the_codings_under_it_change(
    tmp_path: Path, claims: list[Claim]
) -> None:
    row = "person-ch-1,c theme,She says so.,said,ch-1-1;gone-3,{}\n"
    first = read(tmp_path, claims, row.format(""), material()).iloc[0]
    assert first["stale"] and (first["claim"], first["passages"]) == ("c", "ch-1-1")
    now = row.format(first["digest_now"])
    assert not read(tmp_path, claims, now, material()).iloc[0]["stale"]
    elsewhere = material([*PLACED, ("ch-2", 5, "merit"), ("ch-1", 5, "plan")])
    assert not read(tmp_path, claims, now, elsewhere).iloc[0]["stale"]
    assert read(tmp_path, claims, now, material(PLACED[1:])).iloc[0]["stale"]
    assert read(tmp_path, claims, now, material([*PLACED, ("ch-1", 5, "merit")])).iloc[0]["stale"]


def test_words_that_only_moved_leave_a_cell_fresh(tmp_path: Path, claims: list[Claim]) -> None:
    row = "person-ch-1,c theme,She says so.,said,,{}\n"
    first = read(tmp_path, claims, row.format(""), material()).iloc[0]["digest_now"]
    codings, passages = made.codings(PLACED), made.passages()
    for table in (codings, passages):
        table[["start", "end"]] += 7
    moved = Material.of(
        Corpus(sources=made.sources(), passages=passages, codes=made.CODES, codings=codings)
    )
    assert not read(tmp_path, claims, row.format(first), moved).iloc[0]["stale"]


def test_cells_of_people_who_left_are_left_out(tmp_path: Path, claims: list[Claim]) -> None:
    table = read(tmp_path, claims, "person-gone,c theme,Words.,said,gone-2,\n", material())
    assert table.empty and "stale" in table


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("nobody,c theme,Words.,said,,", "a case of sources.csv"),
        ("person-ch-1,another theme,Words.,said,,", "the name of a theme"),
        ("person-ch-1,c theme,Words.,shouted,,", "one of said, silent, contrary, not asked"),
        ("person-ch-1,c theme,,contrary,,", "one to three sentences"),
        ("person-ch-1,c theme,Words.,said,ch-1-99,", "<source_id>-<passage>"),
        ("person-ch-2,c theme,Words.,said,,", "each case and theme once"),
    ],
)
def test_a_wrong_cell_is_told_with_its_line(
    tmp_path: Path, claims: list[Claim], row: str, said: str
) -> None:
    with pytest.raises(StudyError, match=r"matrix\.csv, line 3") as caught:
        read(tmp_path, claims, f"person-ch-2,c theme,,silent,,\n{row}\n", material())
    assert said in str(caught.value)


# --- memos ------------------------------------------------------------------------


def memo(folder: Path, name: str, front: str, text: str = "# A title\n\nWords.") -> None:
    (folder / name).write_text(f"---\n{front}\n---\n{text}\n", encoding="utf-8")


def test_memos_are_read_and_private_unless_they_say_otherwise(tmp_path: Path) -> None:
    memo(
        tmp_path, "b.md", "kind: reflexive\ndate: 2024-02-01\nabout: R. Hale; int-07\npublish: yes"
    )
    memo(tmp_path, "a.md", "kind: reflexive\ndate: 2024-01-01\nabout: R. Hale", "No title.")
    memo(tmp_path, "c.md", "kind: method\ndate: 2024-03-01\npublish: no", "Text\n---\nmore")
    table = read_memos(tmp_path)
    assert table["memo_id"].tolist() == ["a", "b", "c"]
    assert table["publish"].tolist() == [False, True, False]
    assert table["title"].tolist() == ["", "A title", ""]
    assert table["text"].tolist()[2] == "Text\n---\nmore"
    box = reflexivity(table, pd.Series(["R. Hale", "R. Hale", "M. Oyelaran", ""]))
    assert box.values.tolist() == [["M. Oyelaran", 1, "", 0], ["R. Hale", 2, "b", 1]]


@pytest.mark.parametrize(
    ("front", "said"),
    [
        ("kind: diary\ndate: 2024-01-01", "line 2, kind"),
        ("kind: method\ndate: yesterday", "line 3, date"),
        ("kind: method\ndate: 2024-01-01\nmood: grey", "line 4, mood"),
        ("kind: method\ndate: 2024-01-01\npublish: perhaps", "line 4, publish"),
        ("kind: [", "YAML"),
    ],
)
def test_a_wrong_memo_is_told(tmp_path: Path, front: str, said: str) -> None:
    memo(tmp_path, "a.md", front)
    with pytest.raises(StudyError, match=said):
        read_memos(tmp_path)


def test_a_memo_without_front_matter_or_behind_a_link_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("Only words.\n")
    (tmp_path / "b.md").symlink_to("/etc/hostname")
    (tmp_path / "bad name.md").write_text("---\nkind: method\ndate: 2024-01-01\n---\n")
    with pytest.raises(StudyError) as caught:
        read_memos(tmp_path)
    assert [problem.found for problem in caught.value.problems] == [
        "no front matter",
        "a link",
        "this name",
    ]


# --- a study that has none of it --------------------------------------------------


def test_a_study_without_claims_bearings_matrix_or_memos_works(tmp_path: Path) -> None:
    claims = read_claims(tmp_path / "claims.yml", made.CODES)
    own = material()
    judged = read_bearings(tmp_path / "bearings.csv", claims, made.passages(), [])
    matrix = read_matrix(tmp_path / "matrix.csv", claims, own, made.sources())
    corpus = Corpus(made.sources(), made.passages(), made.CODES, made.codings(PLACED))
    found = evaluate(claims, corpus, choices())
    variants = sensitivity(claims, corpus, choices())
    negative = negative_cases(claims, own, judged, matrix)
    decided = decisions(claims, found, judged, made.passages())
    assert examples(claims, own, judged).empty
    assert by_kind(claims, own, judged).empty
    assert read_memos(tmp_path / "memos").empty
    assert matrix.empty
    values = of_findings(found, claim_patterns(found), decided, negative, variants, matrix)
    assert values["find.n_claims"] == (0, "count")
    assert values["find.n_variants"] == (0, "count")


def test_a_passage_judged_by_two_leans_on_both(tmp_path: Path, claims: list[Claim]) -> None:
    path = tmp_path / "bearings.csv"
    name, source = claims[0].id, CHARITY[0]
    path.write_text(
        "claim,source_id,passage,bears,by,negative_outcome\n"
        f"{name},{source},1,contradicts,A,revised\n{name},{source},1,supports,B,\n"
    )
    bearings = read_bearings(path, claims, made.passages(), made.sources()["source_id"])
    patterns = evaluate(claims, Corpus(made.sources(), made.passages(), made.CODES), choices())
    judged = leaned_on(claims[0], patterns, bearings, made.passages())["judged passage"]
    assert list(judged.values()) == ["contradicts / revised; supports"]

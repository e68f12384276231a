"""Each form of an export, read back by somebody else than who wrote it."""

from __future__ import annotations

import csv
import json
import re
import subprocess
from collections import Counter
from pathlib import Path
from typing import Any

import networkx
import openpyxl
import pandas as pd
import pytest
from placed import place, write_placed_study

from analysis import coding
from analysis.claims.quotable import typical
from analysis.files.problems import StudyError
from analysis.lifecycle.export import FORMS, export_study
from analysis.lifecycle.export.names import identifiers
from analysis.study.folder import Study
from analysis.text.sentences import sentence_spans

SHOWN_WHOLE = {"c1", "t1", "d1"}


@pytest.fixture(scope="module")
def exported(tmp_path_factory: pytest.TempPathFactory) -> tuple[Study, Path]:
    folder = tmp_path_factory.mktemp("forms") / "study"
    study = write_placed_study(folder)
    export_study(folder, folder / "exports", "all")
    return study, folder / "exports"


def rock_lines(path: Path) -> list[tuple[str, str, set[str]]]:
    """uid, words and codes of each utterance, by a reader of a few lines."""
    found = []
    for line in path.read_text(encoding="utf-8").splitlines():
        uid = re.match(r"\[\[uid=(\w+)\]\] ", line)
        if uid:
            rest = line[uid.end() :]
            codes = set(re.findall(r"\[\[(\w+)\]\]", rest))
            found.append((uid[1], re.sub(r" ?\[\[\w+\]\]", "", rest), codes))
    return found


def test_rock_has_each_code_on_each_sentence_that_it_touches(
    exported: tuple[Study, Path],
) -> None:
    study, folder = exported
    names = identifiers(study.codes["code"])
    assert {path.name.split("_")[0] for path in folder.glob("rock/*")} == SHOWN_WHOLE
    for source_id in SHOWN_WHOLE:
        text = study.text(source_id)
        own = study.all_codings[study.all_codings["source_id"] == source_id]
        files = sorted(folder.glob(f"rock/{source_id}_*.rock"))
        assert len(files) == own["coder"].nunique()
        uids = set()
        for path, coder in zip(files, sorted(set(own["coder"])), strict=True):
            lines = rock_lines(path)
            uids.add(tuple(uid for uid, _, _ in lines))
            for (start, end), (_, words, codes) in zip(sentence_spans(text), lines, strict=True):
                assert words == " ".join(text[start:end].split())
                expected = {
                    names[one.code]
                    for one in own.itertuples()
                    if one.coder == coder and max(start, one.start) < min(end, one.end)
                }
                assert codes == expected
        assert len(uids) == 1


def test_our_own_reader_of_rock_finds_codes_coder_and_attributes(
    exported: tuple[Study, Path],
) -> None:
    _, folder = exported
    path = folder / "rock" / "c1_A.rock"
    project = coding.read(path)
    told = Counter(code for _, _, codes in rock_lines(path) for code in codes)
    assert Counter(project.codings["code"].str.rpartition("/")[2]) == told
    assert set(project.codings["coder"]) == {"A"}
    assert project.sources["role"].tolist() == ["commissioner"]
    assert set(project.codes["definition"]) >= {"trust", "who is heard"}


def test_rock_takes_no_words_for_codes(tmp_path: Path) -> None:
    folder = tmp_path / "study"
    write_placed_study(folder)
    text = folder / "data" / "raw" / "interviews" / "c1.txt"
    said = text.read_text(encoding="utf-8").replace("The board", "The [[board]] ---<<x>>---")
    text.write_text(said, encoding="utf-8")
    (folder / "data" / "raw" / "coding" / "coder B.csv").unlink()
    spans = folder / "data" / "raw" / "coding" / "coder A.csv"
    kept = [line for line in spans.read_text().splitlines() if "c1," not in line]
    spans.write_text("\n".join(kept) + "\n", encoding="utf-8")
    place(folder)
    export_study(folder, tmp_path / "out", "rock")
    (path,) = (tmp_path / "out" / "rock").glob("c1_*.rock")
    assert all(not codes for _, _, codes in rock_lines(path))
    assert "[ [board] ]" in path.read_text(encoding="utf-8")


def annotations(folder: Path) -> list[dict[str, Any]]:
    document = json.loads((folder / "annotations.jsonld").read_text(encoding="utf-8"))
    assert document["@context"] == "http://www.w3.org/ns/anno.jsonld"
    items: list[dict[str, Any]] = document["first"]["items"]
    assert document["type"] == "AnnotationCollection" and document["total"] == len(items)
    assert len({one["id"] for one in items}) == len(items)
    return items


def target(annotation: dict[str, Any]) -> tuple[str, dict[str, Any], dict[str, Any]]:
    one = annotation["target"]
    one = one[0] if isinstance(one, list) else one
    quote, place = one["selector"]
    assert (quote["type"], place["type"]) == ("TextQuoteSelector", "TextPositionSelector")
    return one["source"], quote, place


def test_web_annotations_say_where_and_what(exported: tuple[Study, Path]) -> None:
    study, folder = exported
    found = Counter()
    for one in annotations(folder):
        source, quote, place = target(one)
        source_id = Path(source).stem
        text = study.text(source_id)
        start, end = place["start"], place["end"]
        assert text[start:end] == quote["exact"]
        assert text[:start].endswith(quote["prefix"]) and text[end:].startswith(quote["suffix"])
        if one["motivation"] == "tagging":
            for body in one["body"]:
                found[source_id, start, end, body["value"], one["creator"]["name"]] += 1
    may_be_shown = study.all_codings[study.all_codings["source_id"] != "t2"]
    key = ["source_id", "start", "end", "code", "coder"]
    assert found == Counter(may_be_shown[key].itertuples(index=False, name=None))


def test_web_annotations_have_claim_and_bearing_and_the_paper(
    exported: tuple[Study, Path],
) -> None:
    _, folder = exported
    (judged,) = [one for one in annotations(folder) if one["motivation"] == "assessing"]
    bodies = {body["purpose"]: body["value"] for body in judged["body"]}
    assert bodies["assessing"] == "supports" and bodies["tagging"]
    assert bodies["linking"] == "Third-sector staff say that trust is the work."
    in_paper = [one for one in annotations(folder) if isinstance(one["target"], list)]
    # The paper prints t1-1-2.
    assert {Path(target(one)[0]).stem for one in in_paper} <= {"t1"}
    assert all(one["target"][1]["source"] == "index.html" for one in in_paper)


def test_our_own_reader_of_web_annotations_finds_the_same(exported: tuple[Study, Path]) -> None:
    _, folder = exported
    project = coding.read(folder / "annotations.jsonld")
    bodies = [
        body
        for one in annotations(folder)
        for body in one["body"]
        if body["purpose"] == "tagging"
        for _ in (one["target"] if isinstance(one["target"], list) else [0])
    ]
    assert len(project.codings) + len(project.quotations) == len(bodies)


def test_the_wide_table_has_measured_attributes_and_counts(exported: tuple[Study, Path]) -> None:
    _, folder = exported
    with (folder / "cases_by_code.csv").open(encoding="utf-8", newline="") as file:
        rows = {row["case_id"]: row for row in csv.DictReader(file)}
    assert rows["com-1"]["score"] == "3.5" and rows["ts-2"]["score"] == ""
    assert rows["com-1"]["motto"] == "'=1+1"
    # Of c1 A coded two spans of trust and B one: B's begins where A's does and goes on.
    assert rows["com-1"]["trust"] == "2" and rows["com-2"]["design/workshop"] == "1"
    assert "event-1" not in rows


def sheet(folder: Path, name: str) -> list[dict[str, Any]]:
    book = openpyxl.load_workbook(folder / "joint_display.xlsx")
    head, *rows = book[name].iter_rows()
    for row in [head, *rows]:
        assert all(cell.data_type != "f" for cell in row)
    return [{h.value: cell.value for h, cell in zip(head, row, strict=True)} for row in rows]


def test_the_joint_display_counts_quotes_and_summarises(exported: tuple[Study, Path]) -> None:
    _, folder = exported
    cases = {row["case"]: row for row in sheet(folder, "Cases")}
    assert cases["com-1"]["motto"] == "=1+1" and cases["com-1"]["score"] == 3.5
    assert cases["com-1"]["Trust: spans"] == 1 and cases["ts-2"]["Trust: spans"] == 1
    assert cases["com-1"]["Trust: matrix"] == "[said] Says it counts beside outcomes."
    assert cases["ts-1"]["Trust: typical quotation"].startswith("t1-")
    assert not cases["ts-2"]["Trust: typical quotation"]
    groups = {row["role"]: row for row in sheet(folder, "Groups")}
    assert groups["third_sector"]["Trust: cases"] == 2 and groups["third_sector"]["cases"] == 2
    items = sheet(folder, "Item bank")
    assert not any(row["survey item"] for row in items)
    assert {row["quotation id"].split("-")[0] for row in items} == SHOWN_WHOLE | {"c2"}


def test_the_typical_quotation_is_the_one_of_middle_length() -> None:
    table = pd.DataFrame({"id": list("abcd"), "code": "x", "text": ["1", "333", "22", "4444"]})
    chosen = typical(table, ["x"])
    assert chosen is not None and chosen["id"] == "c"
    assert typical(table, ["y"]) is None


def test_iramuteq_has_a_line_of_stars_before_each_text(exported: tuple[Study, Path]) -> None:
    _, folder = exported
    parts = (folder / "iramuteq.txt").read_text(encoding="utf-8").split("**** ")[1:]
    stars = [set(part.splitlines()[0].split()) for part in parts]
    assert [{one for one in own if one.startswith("*sourceid_")} for own in stars] == [
        {"*sourceid_c1"},
        {"*sourceid_d1"},
        {"*sourceid_t1"},
    ]
    assert all(re.fullmatch(r"\*[A-Za-z0-9]+_\w+", one) for own in stars for one in own)
    assert "We buy outcomes" in parts[0] and "What do you buy" not in parts[0]


def test_rena_has_a_row_a_passage_and_a_column_a_code(exported: tuple[Study, Path]) -> None:
    study, folder = exported
    table = pd.read_csv(folder / "rena.csv", keep_default_na=False)
    counted, own = study.counted_passages, study.codings
    assert len(table) == len(counted)
    for row in table.to_dict("records"):
        place = counted[
            (counted["source_id"] == row["source_id"]) & (counted["passage"] == row["passage"])
        ].iloc[0]
        touching = own[
            (own["source_id"] == row["source_id"])
            & (own["start"] < place["end"])
            & (own["end"] > place["start"])
        ]
        for code in ("trust", "measuring", "design/workshop", "design/who is heard"):
            assert row[code] == int(code in set(touching["code"]))
        assert bool(row["text"]) == (row["source_id"] in SHOWN_WHOLE)


def test_crisp_sets_for_qca(exported: tuple[Study, Path]) -> None:
    _, folder = exported
    sets = pd.read_csv(folder / "qca" / "cases.csv", index_col="case_id")
    assert sets["trust"].to_dict() == {"com-1": 1, "com-2": 1, "org-1": 1, "ts-1": 1, "ts-2": 1}
    assert sets["measuring"].to_dict() == {"com-1": 1, "com-2": 0, "org-1": 0, "ts-1": 1, "ts-2": 0}


REACHING = """claims:
  - id: trust
    heading: Trust
    sentence: Who trusts measures.
    origin: theory
    date: 2023-09-01
    themes:
      - {name: Trust, idea: It is trusted., codes: [trust]}
      - {name: Measures, idea: It is measured., codes: [measuring]}
    expectations:
      - id: measured
        kind: reach
        from: trust
        to: measuring
        share: 0.5
        against: Fewer do.
        says: {present: A., opposite: B., varies: C., too few cases to compare: D.}
    decision: {status: undecided}
"""


def test_who_was_not_asked_is_missing_in_sets_and_in_no_truth_table(tmp_path: Path) -> None:
    study = write_placed_study(tmp_path / "study")
    (study.raw / "claims.yml").write_text(REACHING, encoding="utf-8")
    cells = "case_id,theme,summary,state\ncom-2,Measures,,not asked\nts-1,Measures,,not asked\n"
    (study.raw / "matrix.csv").write_text(cells, encoding="utf-8")
    export_study(study.folder, tmp_path / "out", "qca")
    tables = {
        path.stem: pd.read_csv(path).set_index("case_id", drop=False)
        if path.stem == "cases"
        else pd.read_csv(path)
        for path in (tmp_path / "out" / "qca").glob("*.csv")
    }
    # The one of the third sector was not asked either, and measures all the same.
    measuring = tables["cases"]["measuring"]
    assert measuring.drop("com-2").to_dict() == {"com-1": 1, "org-1": 0, "ts-1": 1, "ts-2": 0}
    assert pd.isna(measuring["com-2"])
    [row] = tables["sufficiency"].to_dict("records")
    assert (row["cases"], row["with_condition"], row["with_both"], row["not_asked"]) == (3, 3, 2, 1)
    assert row["consistency"] == pytest.approx(2 / 3)
    [line] = tables["truth_table_measured"].to_dict("records")
    assert (line["cases"], line["case_ids"]) == (3, "com-1; ts-1; ts-2")
    assert tables["not_asked"].to_numpy().tolist() == [
        [table, "com-2", "measuring"] for table in ("cases", "truth_table_measured")
    ]


def test_truth_table_by_hand() -> None:
    from analysis.lifecycle.export.qca import truth_table

    sets = pd.DataFrame(
        {"a": [1, 1, 1, 0], "b": [0, 0, 1, 0], "y": [1, 0, 1, 0]},
        index=pd.Index(list("pqrs"), name="case_id"),
    )
    table = truth_table(sets, "y").set_index(["a", "b"])
    assert table.loc[(1, 0)].tolist() == [2, 1, 0.5, 0.5, "p; q"]
    assert table.loc[(1, 1)].tolist() == [1, 1, 1.0, 0.5, "r"]
    assert table.loc[(0, 0)].tolist() == [1, 0, 0.0, 0.0, "s"]
    assert (0, 1) not in table.index


# Survival of democracy between the wars (Lipset, as in Rihoux and De Meur 2009): developed, urban,
# literate, industrial labour, stable government, survived.
LIPSET = {
    **{"AU": "101100", "EE": "001010", "DE": "111100"},
    **dict.fromkeys(("BE", "CZ", "NL", "UK"), "111111"),
    **dict.fromkeys(("FI", "IE"), "101011"),
    **dict.fromkeys(("FR", "SE"), "101111"),
    **dict.fromkeys(("GR", "IT", "PT", "RO", "ES"), "000000"),
    **dict.fromkeys(("HU", "PL"), "001000"),
}


def test_truth_table_as_published() -> None:
    from analysis.lifecycle.export.qca import truth_table

    rows = {case: list(map(int, row)) for case, row in LIPSET.items()}
    sets = pd.DataFrame.from_dict(rows, orient="index", columns=list("dulisy")).rename_axis(
        "case_id"
    )
    table = truth_table(sets, "y").set_index(list("dulis"))
    assert dict(table["cases"]) == {
        (0, 0, 0, 0, 0): 5,
        (1, 1, 1, 1, 1): 4,
        (1, 0, 1, 1, 1): 2,
        (1, 0, 1, 0, 1): 2,
        (0, 0, 1, 0, 0): 2,
        (1, 1, 1, 1, 0): 1,
        (1, 0, 1, 1, 0): 1,
        (0, 0, 1, 0, 1): 1,
    }
    assert set(table["consistency"]) == {0.0, 1.0}
    # The published solution, stable and developed in two ways, covers .500 and .750.
    covered = table["coverage"]
    assert covered[1, 0, 1, 0, 1] + covered[1, 0, 1, 1, 1] == 0.5
    assert covered[1, 0, 1, 1, 1] + covered[1, 1, 1, 1, 1] == 0.75
    assert covered.sum() == 1


@pytest.mark.parametrize("form", ["graphml", "gexf"])
def test_graphs_come_back(exported: tuple[Study, Path], form: str) -> None:
    study, folder = exported
    read = getattr(networkx, f"read_{form}")
    graph = read(folder / f"codes.{form}")
    pairs = study.table("cooccurrence")
    met = pairs[pairs["n_ab"] > 0]
    assert {frozenset(edge): data["n_ab"] for *edge, data in graph.edges(data=True)} == {
        frozenset((row.code_a, row.code_b)): row.n_ab for row in met.itertuples()
    }
    assert set(graph) == set(pairs["code_a"]) | set(pairs["code_b"])


def test_the_same_study_gives_the_same_bytes(exported: tuple[Study, Path], tmp_path: Path) -> None:
    study, folder = exported
    export_study(study.folder, tmp_path, "all")
    names = sorted(path.relative_to(folder) for path in folder.rglob("*") if path.is_file())
    assert names == sorted(p.relative_to(tmp_path) for p in tmp_path.rglob("*") if p.is_file())
    for name in names:
        assert (folder / name).read_bytes() == (tmp_path / name).read_bytes(), name
    for form in FORMS:
        for pattern in form.files:
            # The tiny study claims no reach, and so has no truth table.
            assert any(folder.glob(pattern)) or pattern.startswith("qca/")


def test_one_form_at_a_time_and_a_mistyped_one(
    exported: tuple[Study, Path], tmp_path: Path
) -> None:
    study, _ = exported
    export_study(study.folder, tmp_path / "out", "wide")
    assert {path.name for path in (tmp_path / "out").iterdir()} == {
        "cases_by_code.csv",
        "README.md",
    }
    with pytest.raises(StudyError, match=r"perhaps.*rock"):
        export_study(study.folder, tmp_path / "out", "rok")


def test_what_left_since_leaves_the_export(exported: tuple[Study, Path], tmp_path: Path) -> None:
    study, _ = exported
    (tmp_path / "rock").mkdir()
    (tmp_path / "rock" / "gone_A.rock").write_text("left")
    export_study(study.folder, tmp_path, "rock")
    assert not (tmp_path / "rock" / "gone_A.rock").exists()


def test_private_has_every_text_and_lies_where_git_takes_nothing(tmp_path: Path) -> None:
    folder = tmp_path / "study"
    write_placed_study(folder)
    subprocess.run(["git", "init", "-q", str(folder)], check=True)
    with pytest.raises(StudyError, match="git would take in"):
        export_study(folder, folder / "exports", private=True)
    with pytest.raises(StudyError, match="folder of the paper"):
        export_study(folder, folder / "reports" / "more", private=True)
    (folder / ".gitignore").write_text("data/private/\n")
    private = folder / "data" / "private" / "exports"
    export_study(folder, private, "refi", private=True)
    assert set(coding.read(private / "study.qdpx").texts) == {"c1", "c2", "t1", "t2", "d1"}
    assert (private / "study.qdpx").stat().st_mode & 0o077 == 0
    assert "Not to be passed on" in (private / "README.md").read_text(encoding="utf-8")


def test_a_name_in_a_coder_s_memo_is_replaced_and_one_in_the_matrix_stops_it(
    tmp_path: Path,
) -> None:
    folder = tmp_path / "study"
    study = write_placed_study(folder)
    study.private.mkdir(parents=True, exist_ok=True)
    (study.private / "pseudonyms.csv").write_text(
        "find,replace,kind,common_word\nOrla Quennell,the nurse,person,no\n", encoding="utf-8"
    )
    codings = Study.open(folder).all_codings
    study.write_table(codings.assign(memo="Orla Quennell said so"), "codings")
    export_study(folder, tmp_path / "out", "csv")
    assert "[the nurse] said so" in (tmp_path / "out" / "codings.csv").read_text(encoding="utf-8")
    matrix = study.table("matrix").assign(summary="Orla Quennell said so")
    study.write_table(matrix, "matrix")
    with pytest.raises(StudyError, match="a name of the pseudonym key"):
        export_study(folder, tmp_path / "joint", "joint")
    assert not (tmp_path / "joint").exists()

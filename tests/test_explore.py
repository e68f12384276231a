"""Every line of the explorer against the definition of what it counts, on a made-up study."""

from __future__ import annotations

import csv
import io
import json
import re
from pathlib import Path

import pandas as pd
import pypandoc
import pytest
from built import run_notebook
from explore_study import HOSTILE, PROJECT, make_study

from analysis import desk as desks
from analysis.claims.bearing import read_bearings
from analysis.claims.memos import read_memos
from analysis.claims.reading import read_claims
from analysis.explore import Explorer
from analysis.explore.answers import PAGE, Answers
from analysis.files.problems import StudyError
from analysis.study.folder import Study


@pytest.fixture(scope="module")
def explore(tmp_path_factory: pytest.TempPathFactory) -> Explorer:
    return Explorer(
        Study.open(make_study(tmp_path_factory.mktemp("explored") / "study"), embargoed=True)
    )


@pytest.fixture
def own(tmp_path: Path) -> Explorer:
    """One that a test may write to."""
    return Explorer(Study.open(make_study(tmp_path / "study", sources=5), embargoed=True))


def carrying(explore: Explorer, code: str, coder: str = "A") -> set[str]:
    """Ids of the counted passages under a code or one beneath it, span by span."""
    codings, passages = explore.study.all_codings, explore.study.counted_passages
    codings = codings[codings["coder"] == coder]
    found = set()
    for span in codings.itertuples():
        if span.code != code and not span.code.startswith(f"{code}/"):
            continue
        own = passages[passages["source_id"] == span.source_id]
        for row in own.itertuples():
            if span.start < row.end and span.end > row.start:
                found.add(f"{row.source_id}-{row.passage}")
    return found


def ids(found: object) -> set[str]:
    return set(found.rows["id"])  # type: ignore[attr-defined]


def test_codes_are_joined_as_sets(explore: Explorer) -> None:
    recognition = carrying(explore, "sectors/recognition")
    resisted = carrying(explore, "sectors/voluntary resisted")
    value = carrying(explore, "value")
    assert ids(explore.passages("recognition & ~'voluntary resisted'")) == recognition - resisted
    assert ids(explore.passages("(recognition or value) & not tokenism")) == (
        recognition | value
    ) - carrying(explore, "co-production/tokenism")
    assert recognition & value
    assert ids(explore.passages("recognition & value")) == recognition & value


def test_a_coder_is_read_alone(explore: Explorer) -> None:
    assert ids(explore.passages("value", coder="B")) == carrying(explore, "value", "B")
    both = carrying(explore, "value", "A") | carrying(explore, "value", "B")
    assert ids(explore.passages("value", coder="everybody")) == both


def test_filters_narrow(explore: Explorer) -> None:
    table = explore.passages(
        "value", role="third_sector", source=["int-01", "int-02", "int-05"]
    ).table
    assert set(table["source_id"]) <= {"int-01", "int-05"}
    assert set(explore.passages(voice="interviewer").table["voice"]) == {"interviewer"}
    assert set(explore.passages().table["voice"]) == {"participant"}
    assert set(explore.passages(case="case-02").table["case_id"]) == {"case-02"}


def test_near_counts_passages_of_the_voices_in_question(explore: Explorer) -> None:
    found = ids(explore.passages("tokenism near(1) recognition"))
    order = {}
    for source, own in explore.study.counted_passages.groupby("source_id"):
        order |= {
            f"{source}-{row.passage}": (source, at) for at, row in enumerate(own.itertuples())
        }
    one, other = (
        carrying(explore, "co-production/tokenism"),
        carrying(explore, "sectors/recognition"),
    )

    def close(a: str, b: str) -> bool:
        return order[a][0] == order[b][0] and abs(order[a][1] - order[b][1]) <= 1

    assert found == {a for a in one if any(close(a, b) for b in other)} | {
        b for b in other if any(close(a, b) for a in one)
    }


@pytest.mark.parametrize(
    "line",
    [
        """explore.passages("recognition & ~'voluntary resisted'", role="third_sector", coder="B")""",
        """explore.passages(source=["int-01", "int-02"], voice="interviewer")""",
        """explore.meetings('tokenism', 'recognition', unit='window')""",
        """explore.passages("value").only('int-01-1')""",
    ],
)
def test_the_line_of_a_result_gives_the_result_again(explore: Explorer, line: str) -> None:
    if ".only" in line and "int-01-1" not in carrying(explore, "value"):
        first = sorted(carrying(explore, "value"))[0]
        line = line.replace("int-01-1", first)
    found = eval(line, {"explore": explore})
    assert found.line == line
    assert ids(eval(found.line, {"explore": explore})) == ids(found)


def test_unknown_names_are_told(explore: Explorer) -> None:
    with pytest.raises(StudyError, match="perhaps recognition"):
        explore.passages("recogntion")
    with pytest.raises(StudyError, match="commissioner, third_sector"):
        explore.passages(role="nurse")
    with pytest.raises(StudyError, match="A, B, everybody"):
        explore.passages(coder="C")
    with pytest.raises(StudyError, match="overlap, passage, window, source"):
        explore.cooccurrence(unit="page")


@pytest.mark.parametrize("unit", ["passage", "window"])
def test_every_count_of_two_codes_is_the_passages_behind_it(explore: Explorer, unit: str) -> None:
    grid = explore.under(window=2).cooccurrence(unit=unit, most=47)
    pairs = grid.table[grid.table["n_ab"] > 0]
    assert len(grid.cells) == len(pairs) > 50
    for (row, column), cell in grid.cells.items():
        assert len(grid.behind(row, column)) == int(cell.label)


def test_passages_behind_overlaps_and_sources_hold_both(explore: Explorer) -> None:
    for unit in ("overlap", "source"):
        grid = explore.cooccurrence(unit=unit, most=8)
        for (row, column), cell in list(grid.cells.items())[:20]:
            found = grid.behind(row, column)
            names = [explore.corpus.names.name(code) for code in (row, column)]
            if unit == "overlap":
                assert ids(found) <= ids(explore.passages(" & ".join(map(repr, names))))
            else:
                assert found.rows["source_id"].nunique() == int(cell.label)


def test_every_share_of_cases_is_the_cases_behind_it(explore: Explorer) -> None:
    grid = explore.compare(by="role")
    assert len(grid.cells) > 20
    for (row, column), cell in grid.cells.items():
        found, total = map(int, cell.label.split(" of "))
        assert grid.behind(row, column).rows["case_id"].nunique() == found <= total == 6
    by_site = explore.compare(by="site")
    (row, column), cell = next(iter(by_site.cells.items()))
    assert by_site.behind(row, column).rows["case_id"].nunique() == int(cell.label.split()[0])


def test_a_matrix_counts_segments_of_the_case(explore: Explorer) -> None:
    grid = explore.matrix(theme="recognition")
    assert list(grid.across.values()) == ["recognition (itself)", "sought", "granted", "refused"]
    for (case, code), cell in grid.cells.items():
        touched = grid.behind(case, code)
        assert set(touched.rows["case_id"]) == {case}
        assert int(cell.label) >= 1
    theme = explore.matrix(theme="Not volunteers")
    assert list(theme.across.values()) == ["voluntary resisted", "voluntary embraced"]


def test_a_matrix_shows_what_a_person_wrote(own: Explorer) -> None:
    (own.study.raw / "matrix.csv").write_text(
        "case_id,theme,state,summary\ncase-01,Not volunteers,said,Minds the word.\n",
        encoding="utf-8",
    )
    grid = own.matrix(theme="Not volunteers")
    assert grid.remarks == {"case-01": "Minds the word."}
    assert list(grid.table["summary"])[grid.table["case_id"].tolist().index("case-01")]


def test_invented_data_say_so(explore: Explorer) -> None:
    for page in (explore.passages("value"), explore.source("int-02")):
        assert "Invented data" in page._repr_html_()
    assert "Invented data" in explore.widget().setup["notice"]


def test_words_under_a_code_are_only_those(explore: Explorer) -> None:
    under = explore.corpus.under(["value"])
    codings = explore.study.codings
    codings = codings[codings["code"].str.startswith("value")]
    for row in under.itertuples():
        spans = codings[codings["source_id"] == row.source_id]
        assert all(
            ((spans["start"] <= place) & (place < spans["end"])).any()
            for place in range(row.start, row.end)
        )
        assert explore.study.text(row.source_id)[row.start : row.end] == row.text
    assert len(explore.collocations(code="value").table) < len(explore.collocations().table)


def test_a_concordance_knows_its_passages(explore: Explorer) -> None:
    found = explore.concordance("voice")
    assert set(found.table["word"].str.lower()) == {"voice"}
    assert ids(found.passages) == set(found.table["id"])


def test_the_codebook_counts_what_is_there(explore: Explorer) -> None:
    table = explore.codebook().table.set_index("code")
    assert len(table) == len(explore.study.codes)
    rows = explore.passages("tokenism").rows
    assert table.loc["co-production/tokenism", "cases"] == rows["case_id"].nunique()


def test_another_choice_stands_beside_the_present_one(explore: Explorer) -> None:
    before = {path: path.read_bytes() for path in explore.study.folder.rglob("*") if path.is_file()}
    beside = explore.beside(unit="window", window=2)
    wide = (
        explore.under(unit="window", window=2)
        .cooccurrence(most=47)
        .table.set_index(["code_a", "code_b"])
    )
    then = beside.cooccurrence.table.set_index(["code_a", "code_b"])["n_ab_then"]
    assert (then.loc[wide.index] == wide["n_ab"]).all()
    assert (beside.frequencies.table["change"] == 0).all()
    assert (explore.beside(coder="B").frequencies.table["change"] != 0).any()
    assert "unit passage → window" in beside._repr_html_()
    assert before == {
        path: path.read_bytes() for path in explore.study.folder.rglob("*") if path.is_file()
    }


def test_what_must_not_leave_the_lab_says_so(explore: Explorer) -> None:
    told = "\n".join(explore.passages().warnings)
    assert "int-03: embargoed" in told
    assert "int-04: no consent to publish" in told
    assert "int-05: may still identify somebody" in told
    assert explore.passages(source="int-02").warnings == []
    assert "Not for release" in explore.source("int-03")._repr_html_()
    assert "Not for release" not in explore.source("int-02")._repr_html_()
    assert "**Not for release.**" in explore.passages(source="int-04").to_markdown()


def test_words_are_text_wherever_they_stand(explore: Explorer) -> None:
    found = explore.passages(source="int-01", voice="participant")
    pages = [found._repr_html_(), explore.source("int-01")._repr_html_()]
    pages += [found.read(0, context) for context in (0, 1, 2)]
    for page in pages:
        assert "&lt;script&gt;window.canary" in page
        assert "<script" not in page and "<img" not in page
    assert HOSTILE in found.table["text"].iloc[0]
    printed = pypandoc.convert_text(
        found.to_markdown(), "plain", "markdown-smart", extra_args=["--wrap=none"]
    )
    assert HOSTILE in printed


def test_a_csv_gives_no_formula_to_a_spreadsheet(explore: Explorer, tmp_path: Path) -> None:
    found = explore.passages(source="int-01")
    rows = found.rows.copy()
    rows.loc[rows.index[0], "text"] = "=cmd|' /C calc'!A0"
    found.rows = rows
    text = found.to_csv(tmp_path / "out.csv")
    assert (tmp_path / "out.csv").read_text(encoding="utf-8") == text
    cells = [cell for row in csv.reader(io.StringIO(text)) for cell in row]
    assert "'=cmd|' /C calc'!A0" in cells
    assert not any(cell.startswith(("=", "+", "@")) for cell in cells)


def test_every_line_of_the_comparison_with_other_programs_runs(own: Explorer) -> None:
    """What docs/explanation/beside-other-programs.md says one can see, by the line it gives."""
    (own.study.raw / "cases.csv").write_text("case_id,score\ncase-01,2\ncase-02,1\n", "utf-8")
    page = PROJECT / "docs/explanation/beside-other-programs.md"
    known = {name: getattr(desks, name) for name in dir(desks)}
    known |= {"explore": own, "study": own.study, "desk": desks.Desk(own.study, "A")}
    asked = r"`((?:explore\.|\w+\((?:study|missed\(desk))[^`]*)`"
    lines = re.findall(asked, page.read_text(encoding="utf-8"))
    assert len(lines) > 20
    for line in lines:
        assert eval(line, {}, known) is not None, line


def test_a_memo_keeps_the_question_and_the_ids_and_no_words(own: Explorer) -> None:
    found = own.passages("recognition & value")
    path = found.add_to_memo("first-hunch", "Granted, but for what?")
    own.passages("tokenism").add_to_memo("first-hunch")
    memos = read_memos(own.study.raw / "memos")
    assert list(memos["memo_id"]) == ["first-hunch"] and list(memos["kind"]) == ["analytic"]
    assert memos["about"][0] == "sectors/recognition; value" and not memos["publish"][0]
    text = path.read_text(encoding="utf-8")
    assert '    explore.passages("recognition & value")' in text
    assert "Granted, but for what?" in text
    for row in found.rows.itertuples():
        assert re.search(rf"^- .*\b{row.id}\b", text, re.M) and row.text not in text
    assert text.count("---\n") == 2


@pytest.mark.parametrize("name", ["../claims", "a/b", "", ".hidden", "x" * 80])
def test_a_memo_goes_nowhere_else(own: Explorer, name: str) -> None:
    with pytest.raises(StudyError, match="the memo's name"):
        own.passages("value").add_to_memo(name)


def test_a_bearing_is_what_the_claims_read(own: Explorer) -> None:
    found = own.passages("value")
    one = found.only(found.rows["id"].iloc[0])
    one.bears_on("relationships", "supports", '=just so, "plainly"', "AR")
    found.only(found.rows["id"].iloc[1]).bears_on("relationships", "contradicts", "", "AR")
    study = own.study
    claims = read_claims(study.raw / "claims.yml", study.codes)
    read = read_bearings(
        study.raw / "bearings.csv", claims, study.passages, set(study.register["source_id"])
    )
    assert list(read["bears"]) == ["supports", "contradicts"] and set(read["by"]) == {"AR"}
    first = found.rows.iloc[0]
    assert (read["start"][0], read["end"][0]) == (first["start"], first["end"])
    assert read["note"][0] == '=just so, "plainly"'
    before = (study.raw / "bearings.csv").read_bytes()
    for faulty, told in (
        (("relationships", "supports", "", "AR"), "already"),
        (("relationship", "supports", "", "AR"), "claim"),
        (("relationships", "proves", "", "AR"), "bears"),
        (("relationships", "supports", "", " "), "nobody"),
    ):
        with pytest.raises(StudyError, match=told):
            one.bears_on(*faulty)
    assert (study.raw / "bearings.csv").read_bytes() == before


def test_a_bearing_keeps_the_columns_of_the_file(own: Explorer) -> None:
    path = own.study.raw / "bearings.csv"
    path.write_text(
        "by,claim,source_id,bears,passage\nAR,reach,int-01,supports,1", encoding="utf-8"
    )
    own.passages(source="int-02").bears_on("reach", "qualifies", "", "AR")
    table = pd.read_csv(path, dtype=str)
    assert list(table.columns) == ["by", "claim", "source_id", "bears", "passage"]
    assert len(table) == 1 + len(own.passages(source="int-02"))


def test_nothing_is_written_but_by_those_two(explore: Explorer) -> None:
    assert not (explore.study.raw / "memos").exists()
    assert not (explore.study.raw / "bearings.csv").exists()


def test_the_front_end_is_told_what_the_line_gives(explore: Explorer) -> None:
    answers = Answers(explore.session)
    told = answers.answer(
        {
            "ask": "search",
            "terms": [
                {"operator": "and", "code": "sectors/recognition", "distance": 1},
                {"operator": "near", "code": "value", "distance": 2},
                {"operator": "not", "code": "co-production/tokenism", "distance": 1},
            ],
            "filters": {"role": "third_sector", "coder": "B"},
        }
    )
    assert told["line"] == (
        'explore.passages("(recognition near(2) value) & ~tokenism", role="third_sector", coder="B")'
    )
    found = eval(told["line"], {"explore": explore})
    assert told["total"] == len(found) and told["html"] == found.read(0)
    assert [row["id"] for row in told["listed"]] == list(found.rows["id"])[:PAGE]
    read = answers.answer({"ask": "read", "at": 1, "context": 2})
    assert read["html"] == found.read(1, 2)
    wrong = answers.answer({"ask": "search", "terms": [], "filters": {"role": "nurse"}})
    assert "nurse" in wrong["problem"]


def test_the_notebook_runs_from_top_to_bottom(tmp_path: Path) -> None:
    study, run = make_study(tmp_path / "study", sources=4), tmp_path / "run.ipynb"
    notebook = PROJECT / "notebooks" / "explore.ipynb"
    status, said = run_notebook(notebook, run, tmp_path, STUDY=str(study))
    assert status == 0, said
    assert '"output_type": "error"' not in run.read_text(encoding="utf-8")
    assert not (study / "data/raw/memos").exists()
    told = json.loads(run.read_text(encoding="utf-8"))["cells"]
    choice = next(cell for cell in told if "study.with_choices(" in "".join(cell["source"]))
    shown = "".join(choice["outputs"][0]["data"]["text/html"])
    assert "unit passage → window" in shown and "rows would change" in shown


def test_the_notebook_is_committed_without_outputs() -> None:
    notebook = json.loads((PROJECT / "notebooks" / "explore.ipynb").read_text(encoding="utf-8"))
    cells = [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]
    assert all(not cell["outputs"] and cell["execution_count"] is None for cell in cells)
    assert not any(word in "".join(cell["source"]) for cell in cells for word in ("def ", "for "))


def test_passages_are_chosen_by_any_column_words_dates_and_claim(explore: Explorer) -> None:
    every = explore.passages()
    register = explore.study.sources.set_index("source_id")
    assert set(explore.passages(site="here").rows["id"]) == set(every.rows["id"])
    assert len(explore.passages(since="2024-01-02")) == 0
    assert len(explore.passages(since="2023", until="2024-01")) == len(every)
    said = explore.passages('"voice told"').rows
    told = every.rows[every.rows["text"].str.lower().str.contains(r"\bvoice told\b")]
    assert list(said["id"]) == list(told["id"]) and len(said)
    both = explore.passages('value & "voice"')
    value = set(explore.passages("value").rows["id"])
    assert set(both.rows["id"]) == value & set(explore.passages('"voice"').rows["id"])
    assert both.line == 'explore.passages("value & \\"voice\\"")'
    claim = explore.passages(claim="reach")
    assert 0 < len(claim) < len(every) and claim.line == 'explore.passages(claim="reach")'
    assert set(claim.rows["source_id"]) <= set(register.index)
    for wrong, expected in (
        ({"sight": "here"}, "no filter or column"),
        ({"site": "there"}, "no site of this name"),
        ({"since": "spring"}, "2024-03-18"),
        ({"claim": "none"}, "relationships"),
    ):
        with pytest.raises(StudyError, match=expected):
            explore.passages(**wrong)


@pytest.mark.parametrize(("sources", "passages", "codes"), [(1, 4, True), (1, 1, False)])
def test_the_notebook_runs_on_any_study(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, sources: int, passages: int, codes: bool
) -> None:
    """One source, or none that is coded, or no code at all: every cell shows something."""
    folder = make_study(tmp_path / "bare", sources, passages)
    empty = [folder / "data/processed/codings.csv"]
    if not codes:
        empty.append(folder / "data/processed/codes.csv")
        (folder / "data/raw/codebook.yml").write_text("codes: []\n", encoding="utf-8")
        (folder / "data/raw/claims.yml").write_text("claims: []\n", encoding="utf-8")
    for path in empty:
        path.write_text(path.read_text(encoding="utf-8").split("\n")[0] + "\n", encoding="utf-8")
    monkeypatch.setenv("STUDY", str(folder))
    notebook = Path(__file__).parents[1] / "notebooks" / "explore.ipynb"
    names: dict[str, object] = {}
    for cell in json.loads(notebook.read_text(encoding="utf-8"))["cells"]:
        if cell["cell_type"] == "code":
            *lines, last = "".join(cell["source"]).rstrip().split("\n")
            exec("\n".join(lines), names)
            if last.startswith("from "):
                exec(last, names)
                continue
            shown = eval(last, names)
            for show in ("_repr_mimebundle_", "_repr_html_", "to_markdown"):
                getattr(shown, show, str)()

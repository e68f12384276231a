"""The joint display of the lab is the paper's: the same rows, cells, contrasts and crossings."""

from __future__ import annotations

from html import unescape
from pathlib import Path

import pytest
from placed import write_placed_study

from analysis.claims import quotable, read_claims
from analysis.claims.joint import COMPARED, Joint, crossed_how
from analysis.explore import Explorer
from analysis.files.problems import StudyError
from analysis.report.pages import joint_page
from analysis.study.cases import read_cases
from analysis.study.folder import Study


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Study:
    return write_placed_study(tmp_path_factory.mktemp("joint") / "study")


def test_it_says_in_every_cell_what_the_page_says(study: Study) -> None:
    printed = quotable.quotations(quotable.gather(study.passages, study.all_codings, study.sources))
    claims = read_claims(study.raw / "claims.yml", study.codes)
    themes = [theme for claim in claims for theme in claim.themes]
    measured = read_cases(study.raw / "cases.csv", set(study.register["case_id"]))
    paper = Joint.of(study.corpus, themes, printed, measured, study.table("matrix"))
    page = unescape(joint_page.page(paper, study, frozenset(), constructed=True))
    for attribute in measured:
        grid = Explorer(study).joint(attribute)
        assert list(grid.down) == paper.ordered(attribute).index.tolist()
        for case in grid.down:
            for theme in paper.themes:
                cell, row = paper.cell(case, theme), grid.table.set_index("case_id").loc[case]
                assert row[theme] == cell.spans and row[f"{theme}: quotation"] == cell.quotation
                told = grid.written.get((case, theme), "")
                assert cell.summary in told and cell.quotation in told and cell.state in told
        compared, crossed = grid.beneath
        assert compared.table.equals(paper.contrasts(attribute, study.choices))
        least = study.choices.minimum_cell
        assert (
            crossed.table.set_index("theme")
            .replace("not shown", "")
            .equals(paper.crossing(attribute, least).rename_axis("theme"))
        )
        assert compared.rule == COMPARED and compared.rule in page
        assert crossed.rule == crossed_how(least) and crossed.rule in page


def test_each_count_opens_its_passages_and_each_measure_its_case(study: Study) -> None:
    grid = Explorer(study).joint("score")
    assert grid.table["case_id"].tolist() == ["com-2", "ts-1", "com-1"]
    assert grid.written["com-1", "Trust"].startswith("said: Says it counts beside outcomes. “")
    assert grid.written["ts-1", "Trust"].startswith("silent “Trust is the whole of it” t1-1-")
    for case, theme in grid.cells:
        rows = grid.behind(case, theme).rows
        assert len(rows) and set(rows["case_id"]) == {case}
    assert set(grid.behind("com-1", "").rows["id"]) > set(grid.behind("com-1", "Trust").rows["id"])
    assert "| Trust |" in grid.to_markdown() and "Crossed" in grid.to_markdown()


def test_an_attribute_that_is_not_there_is_told_with_the_nearest(
    study: Study, tmp_path: Path
) -> None:
    with pytest.raises(StudyError, match=r"perhaps.*score"):
        Explorer(study).joint("scor")

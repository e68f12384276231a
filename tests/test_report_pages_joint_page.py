"""Joint displays: sorted by the measure, a row a case, small cells not crossed."""

from __future__ import annotations

from html import unescape

import pandas as pd
import pytest
from placed import write_placed_study

from analysis.claims import read_claims
from analysis.explore import Explorer
from analysis.files.problems import StudyError
from analysis.report.pages import evidence, joint_page
from analysis.report.pages.joint_page import Joint, crossing
from analysis.study.cases import read_cases
from analysis.study.folder import Study


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Study, Joint, frozenset[str]]:
    study = write_placed_study(tmp_path_factory.mktemp("joint") / "study")
    shown = evidence.gather(study.passages, study.all_codings, study.sources)
    claims = read_claims(study.raw / "claims.yml", study.codes)
    measured = read_cases(study.raw / "cases.csv", set(study.register["case_id"]))
    themes = [theme for claim in claims for theme in claim.themes]
    joint = Joint.of(study, themes, shown, measured, study.table("matrix"))
    return study, joint, frozenset(shown.passages["id"])


def test_cases_stand_in_the_order_of_the_measure(
    made: tuple[Study, Joint, frozenset[str]],
) -> None:
    _, joint, _ = made
    assert joint.ordered("score").index.tolist() == ["com-2", "ts-1", "com-1"]
    assert joint.ordered("motto").index.tolist() == ["com-1", "com-2", "ts-1"]
    assert joint.spans["Trust"].to_dict() == {"com-1": 1, "com-2": 1, "ts-1": 1}


def test_the_page_has_matrix_quotation_and_value(
    made: tuple[Study, Joint, frozenset[str]],
) -> None:
    study, joint, shown = made
    html = joint_page.page(joint, study, shown, constructed=True)
    assert html.index(">com-2<") < html.index(">ts-1<") < html.index(">com-1<")
    assert "Says it counts beside outcomes." in html and "Invented data" in html
    assert 'href="evidence.html#q-t1-1"' in html
    table = unescape(joint_page.tables_of(joint, study)["joint-score"].shown(study.reports))
    assert "1; said; c1-1-" in table and table.index("com-2") < table.index("com-1")


def test_small_cells_are_not_crossed(made: tuple[Study, Joint, frozenset[str]]) -> None:
    cases = [str(number) for number in range(8)]
    measured = pd.DataFrame({"score": range(8), "site": list("nnnnssss")}, index=cases)
    measured["score"] = measured["score"].astype("float64")
    spans = pd.DataFrame({"even": [1, 0] * 4, "rare": [1] + [0] * 7}, index=cases)
    joint = Joint(measured, spans, {}, {}, {})
    for attribute in ("score", "site"):
        table = crossing(joint, attribute, 2)
        assert table.loc["even"].tolist() == ["2 of 4", "2 of 4"]
        assert table.loc["rare"].tolist() == ["", ""]
    assert crossing(joint, "site", 3).loc["even"].tolist() == ["", ""]


def test_the_explorer_shows_the_same_rows(made: tuple[Study, Joint, frozenset[str]]) -> None:
    study, joint, _ = made
    table = Explorer(study).joint("score").table
    assert table["case_id"].tolist() == joint.ordered("score").index.tolist()
    assert table["Trust"].tolist() == [1, 1, 1]
    with pytest.raises(StudyError, match=r"perhaps.*score"):
        Explorer(study).joint("scor")

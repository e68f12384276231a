"""The page of joint displays: sorted by the measure, a row a case."""

from __future__ import annotations

from html import unescape

import pytest
from placed import write_placed_study

from analysis.claims import quotable, read_claims
from analysis.report.pages import joint_page
from analysis.report.pages.joint_page import Joint
from analysis.study.cases import read_cases
from analysis.study.folder import Study


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Study, Joint, frozenset[str]]:
    study = write_placed_study(tmp_path_factory.mktemp("joint") / "study")
    shown = quotable.gather(study.passages, study.all_codings, study.sources)
    claims = read_claims(study.raw / "claims.yml", study.codes)
    measured = read_cases(study.raw / "cases.csv", set(study.register["case_id"]))
    themes = [theme for claim in claims for theme in claim.themes]
    joint = Joint.of(
        study.corpus, themes, quotable.quotations(shown), measured, study.table("matrix")
    )
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

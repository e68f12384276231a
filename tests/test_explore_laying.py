"""Codes along a text, sources side by side, attributes crossed, memos, and words by group."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from desk_study import begin

from analysis.desk import Desk
from analysis.explore import Explorer
from analysis.explore.wording import sorted_concordance, tree
from analysis.files.problems import StudyError


@pytest.fixture(scope="module")
def explore(tmp_path_factory: pytest.TempPathFactory) -> Explorer:
    study = begin(tmp_path_factory.mktemp("laid") / "s", coded=True)
    memos = study.raw / "memos"
    memos.mkdir()
    front = "---\nkind: analytic\ndate: 2024-01-01\nabout: trust\n---\n\n# Ties\n\nA tie is work.\n"
    (memos / "on-ties.md").write_text(front, encoding="utf-8")
    return Explorer(study)


def test_a_source_as_a_line_of_its_codes(explore: Explorer) -> None:
    line = explore.code_line("c1")
    assert list(line.down.values()) == ["measuring", "trust", "workshop"]
    assert set(line.cells) == {("measuring", "1"), ("trust", "1"), ("design/workshop", "3")}
    assert list(line.behind("trust", "1").rows["id"]) == ["c1-1"]
    assert line.line == "explore.code_line('c1')"


def test_documents_side_by_side(explore: Explorer) -> None:
    beside = explore.documents("c1", "c2")
    table = beside.table.set_index("code")
    assert dict(table.loc["trust"]) == {"c1": 1, "c2": 1, "in sources": 2}
    assert dict(table.loc["measuring"]) == {"c1": 1, "c2": 0, "in sources": 1}
    assert list(beside.behind("trust", "c2").rows["source_id"]) == ["c2"]
    with pytest.raises(StudyError, match="c9"):
        explore.documents("c9")


def test_two_attributes_crossed(explore: Explorer) -> None:
    table = explore.crosstab("kind", "role", "trust").table
    found = {(row.kind, row.role): (row.cases, row.n_cases) for row in table.itertuples()}
    assert found["interview", "commissioner"] == (2, 2)
    assert found["observation", "mixed"] == (0, 1)
    assert explore.crosstab("kind", "role").cells["interview", "third_sector"].label == "2"
    with pytest.raises(StudyError, match="colour"):
        explore.crosstab("colour", "role")


def test_memos_of_study_and_spans_are_searched(explore: Explorer, tmp_path: Path) -> None:
    assert list(explore.memos().table["memo"]) == ["on-ties"]
    assert len(explore.memos("WORK").table) == 1 and explore.memos("nothing").table.empty
    desk = Desk(begin(tmp_path / "s", coded=True), "C")
    desk.code_words("c1", "We buy outcomes", "measuring", "in whose words?")
    from desk_study import refreshed

    again = Explorer(refreshed(tmp_path / "s")).memos("whose")
    assert list(again.table["kind"]) == ["on a span"] and list(again.rows["id"]) == ["c1-1"]


def test_words_by_group_by_hand(explore: Explorer) -> None:
    table = explore.words(by="role").table.set_index("word")
    assert tuple(table.loc["workshop", ["count", "sources"]]) == (4, 4)
    assert table.loc["workshop", "commissioner"] == 3
    with pytest.raises(StudyError, match="colour"):
        explore.words(by="colour")


def test_a_concordance_by_what_stands_beside_it() -> None:
    found = pd.DataFrame(
        {
            "left": ["we do", "they did", "and we"],
            "word": "trust",
            "right": ["you", "him now", "him so"],
        }
    )
    assert list(sorted_concordance(found, "left")["left"]) == ["they did", "we do", "and we"]
    assert list(sorted_concordance(found, "right")["right"]) == ["him now", "him so", "you"]
    with pytest.raises(StudyError, match="left or right"):
        sorted_concordance(found, "up")
    rows = tree(found, "right", 2)
    assert [tuple(row) for row in rows.to_numpy()] == [
        ("him", 1, 2, 0.667),
        ("him now", 2, 1, 0.333),
        ("him so", 2, 1, 0.333),
        ("you", 1, 1, 0.333),
    ]


def test_coverage_by_hand(explore: Explorer) -> None:
    """c1, R: 'We buy outcomes and we count them. Trust matters too, in its way.' and six words."""
    found = explore.coverage()
    table = found.table.set_index(["code", "source_id"])
    assert tuple(table.loc[("trust", "c1"), ["words", "total_words"]]) == (3, 19)
    assert found.cells["trust", "c1"].label == "16%"
    assert list(found.behind("trust", "c1").rows["id"]) == ["c1-1"]


def test_the_tree_of_codes_counts_what_is_beneath(explore: Explorer) -> None:
    tree = explore.hierarchy()
    counts = tree.table.set_index("code")
    assert counts.loc["design", "segments"] == sum(
        counts.loc[code, "segments"] for code in ("design/workshop", "design/who is heard")
    )
    assert tree.down["design/workshop"] == "\u2003workshop"
    assert set(tree.behind("design", "segments").rows["id"]) == set(
        explore.passages("design").rows["id"]
    )


def test_a_word_tree_leads_to_its_passages(explore: Explorer) -> None:
    tree = explore.word_tree("trust", depth=2)
    assert tree.down["the worker"] == "\u2003… worker" or "the" in tree.down
    one = next(row.words for row in tree.table.itertuples() if row.depth == 2)
    shown = tree.behind(one, "count").rows["text"]
    assert all(f"trust {one}" in text.lower() for text in shown) and len(shown)
    before = explore.word_tree("workshop", side="left", depth=1)
    assert "a" in before.down and before.down["a"] == "a …"
    told = before.behind("a", "count").rows["text"]
    assert all("a workshop" in text.lower() for text in told)


def test_a_map_of_codes_leads_to_passages_of_codes_and_of_meetings(explore: Explorer) -> None:
    found = explore.code_map("passage")
    pairs = {tuple(edge[:2]): edge[2] for edge in found.edges}
    assert pairs
    for (one, other), count in pairs.items():
        assert len(found.behind(one, other)) == count
        alone = explore.passages("=" + explore.corpus.names.written(one))
        assert found.behind(one, one).line == alone.line
    for _, x, y, carried in found.nodes.values():
        assert 0 <= x <= 1 and 0 <= y <= 1 and carried
    assert found.nodes == explore.code_map("passage").nodes


def test_agreement_leads_to_the_passages_on_which_two_coders_part(explore: Explorer) -> None:
    """c1 and t1 have both coders: 'trust' by both, 'measuring' by each alone and by neither both."""
    grid = explore.agreement()
    assert list(grid.across) == ["alpha", "both", "A alone", "B alone"]
    read = {
        key: list(grid.behind(*key).rows["id"])
        for key in grid.cells
        if key[0] in ("trust", "measuring")
    }
    assert read == {
        ("trust", "both"): ["c1-1", "t1-1"],
        ("measuring", "A alone"): ["c1-1", "t1-1"],
        ("measuring", "B alone"): ["t1-3"],
        ("measuring", "alpha"): ["c1-1", "t1-1", "t1-3"],
    }
    shown = dict(zip(grid.table["code"], grid.table["alpha"], strict=True))
    assert grid.cells["measuring", "alpha"].label == f"{shown['measuring']:.2f}"
    alone = explore.under(approach="reflexive").agreement()
    assert not alone.cells and "reflexive" in alone.rule

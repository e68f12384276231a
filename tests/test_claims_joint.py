"""What a joint display is made from: the order of the measure, cells, small cells not crossed."""

from __future__ import annotations

import pandas as pd
import pytest

from analysis.claims.joint import Joint, JointCell, shown
from analysis.claims.model import Theme
from analysis.corpus import Corpus

CASES = [str(number) for number in range(8)]


def joint(**attributes: object) -> Joint:
    spans = pd.DataFrame({"even": [1, 0] * 4, "rare": [1] + [0] * 7}, index=CASES)
    return Joint(pd.DataFrame(attributes, index=CASES), spans, {}, {}, {})


def test_small_cells_are_not_crossed() -> None:
    made = joint(score=[float(one) for one in range(8)], site=list("nnnnssss"))
    for attribute in ("score", "site"):
        table = made.crossing(attribute, 2)
        assert table.loc["even"].tolist() == ["2 of 4", "2 of 4"]
        assert table.loc["rare"].tolist() == ["", ""]
    assert made.crossing("site", 3).loc["even"].tolist() == ["", ""]


@pytest.mark.parametrize("values", [[float("nan")] * 8, [""] * 8], ids=["numbers", "levels"])
def test_what_nobody_knows_is_last_and_crosses_nothing(values: list[object]) -> None:
    made = joint(score=values)
    assert made.ordered("score").index.tolist() == CASES
    assert made.crossing("score", 1).shape == (2, 0)
    assert shown(values[0]) == ""


def test_a_cell_counts_each_place_once_and_quotes_the_middle_one() -> None:
    places = [(0, 9), (0, 9), (20, 22), (40, 45)]
    codings = pd.DataFrame(
        {
            "source_id": "s",
            "start": [start for start, _ in places],
            "end": [end for _, end in places],
            "code": ["trust", "trust/lost", "trust", "other"],
        }
    )
    sources = pd.DataFrame({"source_id": ["s"], "case_id": ["c"], "role": ["lead"]})
    codes = pd.DataFrame({"code": ["trust", "trust/lost", "other"]})
    corpus = Corpus(sources=sources, codings=codings, codes=codes)
    printed = codings.assign(id=["s-1-1", "s-1-1", "s-1-2", "s-1-3"], text=["a" * 9] * 4)
    printed["text"] = [
        text[: end - start] for text, (start, end) in zip(printed["text"], places, strict=True)
    ]
    matrix = pd.DataFrame([{"case_id": "c", "theme": "Ties", "state": "said", "summary": "Yes."}])
    theme = Theme.of_code("trust").model_copy(update={"name": "Ties"})
    measured = pd.DataFrame({"score": [1.0, 2.0]}, index=["c", "gone"])
    made = Joint.of(corpus, [theme], printed, measured, matrix)
    assert made.cell("c", "Ties") == JointCell(2, "said", "Yes.", "s-1-2")
    assert made.measured.index.tolist() == ["c"] and made.roles == {"c": "lead"}

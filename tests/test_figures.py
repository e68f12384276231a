"""Figures are drawn the same way each time, say what they must, and never touch a disk."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from lxml import etree
from plotnine import ggplot
from tiny import PROJECT

from analysis import figures
from analysis.corpus import Corpus
from analysis.figures.meeting import kept_apart
from analysis.figures.style import labels_of
from analysis.stages import frequencies

BY_SOURCE = pd.DataFrame(
    [
        ("value/tie", "s1", "c1", 2),
        ("value/tie", "s2", "c2", 1),
        ("gate", "s1", "c1", 3),
        ("gate", "s2", "c2", 0),
    ],
    columns=["code", "source_id", "case_id", "segments"],
)
ROLES = pd.DataFrame({"case_id": ["c1", "c2"], "role": ["commissioner", "third_sector"]})
PAIRS = pd.DataFrame({"code_a": ["gate"], "code_b": ["value/tie"], "n_ab": [2]})


STANCES = pd.DataFrame(
    [
        ("told", "third_sector", "c1", "affirming"),
        ("told", "council", "c2", "contradicting"),
        ("kept", "third_sector", "c1", "mentioned but not judged"),
        ("kept", "council", "c2", "not asked"),
    ],
    columns=["expectation", "role", "case_id", "state"],
)
# Each figure, and words that a reader must find on it: codes, sources, groups, axes.
FIGURES: dict[str, tuple[Callable[[], ggplot], list[str]]] = {
    "cases": (
        lambda: figures.cases_per_code(BY_SOURCE, ROLES, ["value/tie", "gate"]),
        ["tie", "gate", "commissioner", "third sector"],
    ),
    "map": (
        lambda: figures.code_by_source_map(BY_SOURCE, ["value/tie", "gate"]),
        ["tie", "gate", "s1", "s2", "3"],
    ),
    "stripes": (
        lambda: figures.coverage_stripes(
            pd.DataFrame(
                {
                    "code": ["gate", "value/tie"],
                    "source_id": ["s1", "s2"],
                    "begins": [0.1, 0.2],
                    "ends": [0.5, 0.9],
                }
            ),
            ["gate", "value/tie"],
        ),
        ["tie", "gate", "s1", "s2", "½"],
    ),
    "accumulation": (
        lambda: figures.accumulation_curve(
            pd.DataFrame(
                {
                    "step": [1, 2],
                    "lower": [1.0, 2],
                    "upper": [2.0, 2],
                    "expected": [1.5, 2],
                    "cumulative": [1, 2],
                }
            )
        ),
        ["interviews", "codes met"],
    ),
    "accumulation of many": (
        lambda: figures.accumulation_curve(
            pd.DataFrame(
                {"step": range(1, 201), "lower": 1.0, "upper": 3.0, "expected": 2.0}
            ).assign(cumulative=lambda curve: curve["step"].clip(upper=3))
        ),
        ["sources, of 200 (points: where a code was new)", "codes met"],
    ),
    "matrix": (
        lambda: figures.cooccurrence_matrix(PAIRS, ["value/tie", "gate"]),
        ["tie", "gate", "2"],
    ),
    "network": (
        lambda: figures.network_figure(
            PAIRS, pd.DataFrame({"code": ["gate", "value/tie"], "x": [1.0, -1], "y": [0.0, 0]})
        ),
        ["tie", "gate", "times met"],
    ),
    "agreement": (
        lambda: figures.agreement_plot(
            pd.DataFrame(
                {
                    "code": ["gate", "value/tie"],
                    "alpha": [0.9, 0.4],
                    "lower": [0.8, 0.1],
                    "upper": [1, 0.6],
                }
            ),
            0.667,
        ),
        ["tie", "gate", "alpha, with its 95 % range"],
    ),
    "expectations": (
        lambda: figures.cases_by_expectation(STANCES),
        [
            "told",
            "kept",
            "third sector",
            "council",
            "c1",
            "affirms",
            "contradicts",
            "was not asked",
        ],
    ),
    "specifications": (
        lambda: figures.specifications(
            pd.DataFrame(
                {
                    "expectation": ["told", "kept"],
                    "effect": [0.2, -0.3],
                    "pattern": ["present", "opposite"],
                    "measure": "difference of shares",
                }
            )
        ),
        ["told", "kept", "present", "opposite", "difference of shares"],
    ),
    "lengths": (
        lambda: figures.lengths(
            pd.DataFrame(
                {
                    "source_id": ["s1"],
                    "words": [10],
                    "interviewer_words": [3],
                    "passages": [2],
                    "interviewer_passages": [2],
                }
            )
        ),
        ["s1", "participants", "interviewer", "23%", "5"],
    ),
}


@pytest.mark.parametrize("name", FIGURES)
def test_labels_of_a_figure_are_text(name: str) -> None:
    make, labels = FIGURES[name]
    first = figures.draw(make(), 6, 4, constructed=True)
    # Whole reports are compared byte by byte as well (test_pipeline).
    if name in ("cases", "expectations"):
        assert first == figures.draw(make(), 6, 4, constructed=True)
    written = [text.strip() for text in etree.fromstring(first.svg).itertext()]
    for label in [*labels, figures.NOTICE]:
        assert any(text.startswith(label) for text in written), label
    assert first.png.startswith(b"\x89PNG")


def test_settings_of_the_drawing_library_in_the_current_folder_change_nothing() -> None:
    """What a file `matplotlibrc` there says stands in `rcParams` once the library is imported."""
    import matplotlib as mpl

    make, _ = next(iter(FIGURES.values()))
    before = figures.draw(make(), 6, 4, constructed=True)
    with mpl.rc_context(
        {"font.family": "monospace", "lines.linewidth": 30, "svg.fonttype": "path"}
    ):
        assert figures.draw(make(), 6, 4, constructed=True) == before


def test_the_drawing_library_is_not_set_by_the_current_folder(tmp_path: Path) -> None:
    """Whoever opened this pipe would wait for ever."""
    os.mkfifo(tmp_path / "matplotlibrc")
    command = [sys.executable, "-P", "-s", "-c", "import analysis.figures"]
    env = os.environ | {"PYTHONPATH": str(PROJECT / "src")}
    subprocess.run(command, cwd=tmp_path, env=env, check=True, timeout=300)


def test_lengths_show_the_interviewers_share_and_the_length_of_turns() -> None:
    read = pd.DataFrame(
        [("s1", 90, 10, 3, 4), ("s2", 50, 0, 5, 0), ("s3", 0, 0, 0, 0)],
        columns=["source_id", "words", "interviewer_words", "passages", "interviewer_passages"],
    )
    svg = figures.draw(figures.lengths(read), 7, 3, constructed=False).svg.decode()
    assert all(f">{said}</text>" in svg.replace("> ", ">") for said in ("10%", "30", "interviewer"))
    svg = figures.draw(figures.lengths(read[1:2]), 7, 3, constructed=False).svg.decode()
    assert "interviewer" not in svg and "turns" not in svg and "paragraphs" in svg


def test_collected_data_have_no_notice() -> None:
    svg = figures.draw(FIGURES["cases"][0](), 6, 4, constructed=False).svg.decode()
    assert "Invented" not in svg and "tie" in svg and "gate" in svg


def test_every_case_is_drawn_those_without_the_code_left_of_nought() -> None:
    plot = figures.cases_per_code(BY_SOURCE, ROLES, ["value/tie", "gate"])
    drawn = plot.data.set_index(["code", "case_id"])["at"]
    assert set(drawn.index) == {
        (code, case) for code in ("value/tie", "gate") for case in ("c1", "c2")
    }
    assert drawn["gate", "c2"] <= 0
    assert drawn["gate", "c1"] == 3 and drawn["value/tie", "c2"] == 1


def test_labels_of_one_side_have_room_and_keep_their_order() -> None:
    heights = np.sin(np.linspace(0, 2 * np.pi, 24, endpoint=False))[[*range(7), *range(18, 24)]]
    placed = kept_apart(heights)
    assert list(np.argsort(placed)) == list(np.argsort(heights))
    assert np.diff(np.sort(placed)).min() > 0.09


def test_codes_of_one_name_are_told_apart() -> None:
    assert labels_of(["a/voice", "b/voice", "b/trust"]) == {
        "a/voice": "a · voice",
        "b/voice": "b · voice",
        "b/trust": "trust",
    }


def test_more_roles_than_shapes_share_one_and_none_is_lost() -> None:
    cases = [f"c{number}" for number in range(12)]
    by_source = pd.DataFrame({"code": "gate", "source_id": cases, "case_id": cases, "segments": 1})
    role = [f"role {max(number - 3, 0)}" for number in range(12)]
    roles = pd.DataFrame({"case_id": cases, "role": role})
    plot = figures.cases_per_code(by_source, roles, ["gate"])
    drawn = plot.data.groupby("role").size().to_dict()
    assert drawn.pop("role 0") == 4
    assert drawn.pop("other roles") == 4
    assert set(drawn.values()) == {1} and len(drawn) == 4
    assert "other roles" in figures.draw(plot, 6, 4, constructed=False).svg.decode()


def test_roles_are_compared_case_by_case_and_drawn_or_said_to_be_too_few() -> None:
    cases = [f"c{number}" for number in range(12)]
    sources = pd.DataFrame(
        {"source_id": cases, "case_id": cases, "kind": "interview", "role": ["one", "two"] * 6}
    )
    passages = pd.DataFrame(
        {
            "source_id": cases,
            "passage": 1,
            "start": 0,
            "end": 9,
            "voice": "participant",
            "words": 2,
            "text": "some text",
        }
    )
    # Five of the six cases of role one carry the code, and two of role two.
    carrying = [*cases[0:10:2], *cases[1:5:2]]
    codings = pd.DataFrame(
        {"source_id": carrying, "start": 0, "end": 4, "code": "gate", "coder": "A"}
    )
    codes = pd.DataFrame({"code": ["gate"], "parent": [""]})

    def compared(minimum_group: int, roles: pd.DataFrame = sources) -> pd.DataFrame:
        return frequencies.between_roles(
            Corpus(sources=roles, passages=passages, codes=codes, codings=codings),
            seed=1,
            n=200,
            minimum_group=minimum_group,
        )

    (row,) = compared(6).to_dict("records")
    assert (row["cases_a"], row["n_cases_a"], row["cases_b"], row["n_cases_b"]) == (5, 6, 2, 6)
    assert row["share_difference"] == pytest.approx(0.5)
    drawn = figures.draw(figures.contrast_plot(compared(6)), 6, 4, constructed=False).svg.decode()
    assert "gate" in drawn and "one less two" in drawn
    too_few = compared(7)
    assert list(too_few["note"]) == ["too few cases to compare"]
    one_role = compared(6, sources.assign(role="one"))
    assert one_role.empty and list(one_role.columns) == list(too_few.columns)
    for table in (too_few, one_role):
        said = figures.draw(figures.contrast_plot(table), 6, 4, constructed=False).svg.decode()
        assert "too few cases" in said


def test_no_two_codes_share_a_label() -> None:
    from analysis.figures.style import labels_of

    long = "Attitudes of the kitchen staff towards"
    codes = [
        f"{long} kettles",
        f"{long} lamps",
        "a/warm",
        "b/warm",
        "cold",
        f"x/{long} a",
        f"y/{long} a",
    ]
    labels = labels_of(codes)
    assert len(set(labels.values())) == len(codes)
    assert labels["cold"] == "cold"
    assert labels["a/warm"] == "a · warm"
    same = [
        f"{part}/{long} {middle} kettles of a long and common end"
        for part in "ab"
        for middle in "cd"
    ]
    assert len(set(labels_of(same).values())) == 4

"""The templates of a new study are read by the readers of the files that they become."""

from __future__ import annotations

import re
from pathlib import Path

import pandas as pd

from analysis.claims import read_claims, read_memos
from analysis.claims.bearing import FILE_COLUMNS, read_rows
from analysis.files.project import SKELETON

TEMPLATES = SKELETON / "templates"
CODES = pd.DataFrame({"code": ["a code", "parent", "parent/another code"], "usable": True})


def test_the_claims_are_read_as_they_stand() -> None:
    (claim,) = read_claims(TEMPLATES / "claims.yml", CODES, pd.Series(["a role", "another role"]))
    assert [one.kind for one in claim.expectations] == [
        "prevalence",
        "contrast",
        "association",
        "reach",
    ]


def test_the_memo_is_read_and_stays_inside(tmp_path: Path) -> None:
    (tmp_path / "memo.md").write_text((TEMPLATES / "memo.md").read_text(encoding="utf-8"))
    assert list(read_memos(tmp_path)["publish"]) == [False]


def test_the_bearings_have_the_columns_of_the_file() -> None:
    assert read_rows(TEMPLATES / "bearings.csv", "bearings.csv", ("claim",), FILE_COLUMNS) == []
    assert (TEMPLATES / "bearings.csv").read_text().strip().split(",") == list(FILE_COLUMNS)


def test_each_template_is_listed_and_the_readme_of_a_study_names_no_other_file() -> None:
    listed = re.findall(r"^\| `([\w.]+)` \|", (TEMPLATES / "README.md").read_text(), re.M)
    assert sorted([*listed, "README.md"]) == sorted(path.name for path in TEMPLATES.iterdir())
    readme = (SKELETON / "README.md").read_text()
    for later in ("claims.yml", "bearings.csv", "matrix.csv", "guide.yml"):
        assert later not in readme

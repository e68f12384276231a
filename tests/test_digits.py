"""A study in which whatever a researcher names is called by digits, from register to page.

Registers number people, codebooks number codes: '01' is a name, and neither 1 nor 1.0.
"""

from __future__ import annotations

import csv
import re
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import yaml
from built import report
from tiny import write_tiny_study

from analysis.report.html_page import read_html
from analysis.report.site.link_proof import read_index
from analysis.study.folder import Study

NAMES = {
    "c1": "01",
    "c2": "02",
    "t1": "03",
    "t2": "04",
    "d1": "05",
    "o1": "06",
    "com-1": "011",
    "com-2": "012",
    "ts-1": "021",
    "ts-2": "022",
    "org-1": "031",
    "event-1": "041",
    "commissioner": "001",
    "third_sector": "002",
    "mixed": "003",
    "A": "0100",
    "B": "0200",
    "trust": "1",
    "measuring": "2",
    "design": "03",
    "workshop": "1",
    "who is heard": "02",
    "design/workshop": "03/1",
    "design/who is heard": "03/02",
    "Trust": "09",
    "Help travels along a tie.": "0010",
}


def write_study_of_digits(folder: Path) -> Path:
    """The tiny study under other names, with one bearing and one cell of the matrix."""
    study = write_tiny_study(folder)
    raw = study / "data" / "raw"
    for path in [raw / "sources.csv", *(raw / "coding").glob("*.csv")]:
        with path.open(newline="") as file:
            rows = [[NAMES.get(cell, cell) for cell in row] for row in csv.reader(file)]
        _write(path, *rows)
    for path in (raw / "codebook.yml", raw / "claims.yml", study / "params.yml"):
        renamed = _renamed(yaml.safe_load(path.read_text()))
        path.write_text(yaml.safe_dump(renamed, sort_keys=False))
    claims = yaml.safe_load((raw / "claims.yml").read_text())
    claims["claims"][0]["id"] = "trust"  # the id of a claim is no number, and no code
    (raw / "claims.yml").write_text(yaml.safe_dump(claims, sort_keys=False))
    _write(
        raw / "bearings.csv",
        ["claim", "source_id", "passage", "bears", "by", "note"],
        ["trust", "03", "1", "supports", "007", "0042"],
    )
    _write(
        raw / "matrix.csv",
        ["case_id", "theme", "summary", "state", "passages"],
        ["021", "09", "000", "said", "03-1"],
    )
    # A digit typed in a claim is refused; this one counts nothing.
    (study / "reports" / "allowed_numbers.yml").write_text(
        f"- text: '{NAMES['Help travels along a tie.']}'\n  reason: it is a name\n"
    )
    index = study / "reports" / "index.qmd"
    index.write_text(
        index.read_text().replace("quotations/t1-1-2", "quotations/03-1-2")
        + "\n{{< include _generated/claim-trust.md >}}\n"
    )
    return study


def _write(path: Path, *rows: list[str]) -> None:
    with path.open("w", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(rows)


def _renamed(told: Any) -> Any:
    if isinstance(told, dict):
        return {name: _renamed(value) for name, value in told.items()}
    if isinstance(told, list):
        return [_renamed(value) for value in told]
    return NAMES.get(told, told) if isinstance(told, str) else told


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Study:
    made = write_study_of_digits(tmp_path_factory.mktemp("digits") / "study")
    status, said = report(made, drawn=False)
    assert status == 0, said
    return Study.open(made)


def unlinked(markdown: str) -> str:
    """The words of links without where they lead: every number has an address."""
    return re.sub(r"\[([^]]*)\]\([^)]*\)", r"\1", markdown)


def cells(table: Path) -> list[list[str]]:
    """The rows below the heading of a generated table, cell by cell."""
    lines = [line for line in unlinked(table.read_text()).splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[2:]]


def test_every_stored_table_can_be_read_and_keeps_its_names(study: Study) -> None:
    known: dict[str, set[str]] = {
        "source_id": {"01", "02", "03", "04", "05", "06", ""},
        "case_id": {"011", "012", "021", "022", "031", "041"},
        "role": {"001", "002", "003"},
        "code": {"1", "2", "03", "03/1", "03/02"},
    }
    names = [path.stem for path in study.processed.glob("*.csv")]
    assert len(names) > 25
    strange = {
        (name, column): set(table[column]) - values
        for name in names
        for table in [study.table(name)]
        for column, values in known.items()
        if column in table and not set(table[column]) <= values
    }
    assert strange == {}


def test_codes_are_counted_on_every_page_and_table(study: Study) -> None:
    """Counted by hand in `tiny.CODED`, the headline coder's."""
    page = read_html(study.reports / "_site" / "codebook.html").text
    said = re.findall(r"(\d+) segments? in (\d+) sources? of (\d+) cases?", page)
    # 1 trust, 2 measuring, 03 design with all beneath it, 03/02 who is heard, 03/1 workshop
    assert sorted(said) == sorted(
        [("5", "5", "5"), ("2", "2", "2"), ("6", "5", "5"), ("1", "1", "1"), ("5", "5", "5")]
    )
    generated = study.reports / "_generated"
    counted = [row[:4] for row in cells(generated / "codes.md")]
    assert counted == [
        ["1", "5", "5", "5"],
        ["1", "5", "5", "5"],
        ["2", "2", "2", "2"],
        ["02", "1", "1", "1"],
    ]
    by_role = [[name, *row] for name, *row in cells(generated / "codes-by-role.md")]
    assert by_role == [
        ["1", "2 of 2", "2 of 2"],
        ["1", "2 of 2", "1 of 2"],
        ["2", "1 of 2", "1 of 2"],
        ["02", "1 of 2", "0 of 2"],
    ]


def test_a_bearing_stands_on_its_passage_its_card_and_its_cell(study: Study) -> None:
    site, generated = study.reports / "_site", study.reports / "_generated"
    index = read_index(site / "evidence.html")
    judged = {(one.id, index.sources[one.source].source): one.bears for one in index.passages}
    assert judged["q-03-1", "03"] == (("trust", "supports"),)
    card = (generated / "claim-trust.md").read_text()
    assert "002 2 of 2" in unlinked(card) and "(1 of 1)" in unlinked(card)
    told = card.partition("[03, 002](evidence.html#q-03-1)")[2]
    assert "0042" in told
    matrix = read_html(site / "matrix.html").text
    assert "021" in matrix and "09" in matrix and "000" in matrix
    paper = read_html(site / "index.html").text
    assert "6 sources, 13 segments" in paper and "2 of 2" in paper


def test_downloads_keep_the_names(study: Study) -> None:
    given = study.reports / "_site" / "data" / "cases-per-code.csv"
    table = pd.read_csv(given, dtype=str)
    assert set(table["source_id"]) == {"01", "02", "03", "04", "05", "06"}
    trust = table[(table["code"] == "1") & (table["segments"] != "0")]
    assert sorted(trust["case_id"]) == ["011", "012", "021", "022", "031"]

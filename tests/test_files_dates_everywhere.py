"""Every file that holds a date: a day as Excel writes it is refused, with line and likely reading."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
from tiny import CLAIMS

from analysis.__main__ import main
from analysis.claims.memos import read_memos
from analysis.claims.model import Claim
from analysis.claims.reading import read_claims
from analysis.files.problems import StudyError, raise_if_any
from analysis.report import interpretations
from analysis.report.prose import title_block
from analysis.sampling.recorded import read_design
from analysis.study.codebook import read_codebook
from analysis.study.declared import read_coders
from analysis.study.register import read_register
from analysis.study.rounds import read_rounds

EXCEL, MEANT = "03/05/2024", ("2024-05-03", "2024-03-05")
REGISTER = (
    "source_id,case_id,kind,role,site,date,title,file,coded_as,status,publish,provenance,consent_date\n"
    "s1,c1,document,nurse,north,{0},T,documents/a.txt,,active,full,constructed,{1}\n"
)


def _register(raw: Path, date: str, consent: str = "2024-01-01") -> None:
    (raw / "documents").mkdir()
    (raw / "documents" / "a.txt").write_text("Words.\n")
    (raw / "sources.csv").write_text(REGISTER.format(date, consent))
    read_register(raw)


def _coders(raw: Path, date: str) -> None:
    text = f"coders:\n  - name: reader\n    kind: program\n    date: {date}\n"
    (raw / "coders.yml").write_text(text)
    read_coders(raw)


def _rounds(raw: Path, date: str) -> None:
    (raw / "rounds.yml").write_text(f"rounds:\n  - name: one\n    coders: [A]\n    until: {date}\n")
    read_rounds(raw, pd.DataFrame({"source_id": ["s1"]}))


def _memo(raw: Path, date: str) -> None:
    (raw / "one.md").write_text(f"---\nkind: method\ndate: {date}\n---\n\nWords.\n")
    read_memos(raw)


def _codebook(raw: Path, date: str) -> None:
    text = f"codes:\n  - name: tea\nhistory:\n  - date: {date}\n    change: added\n"
    (raw / "codebook.yml").write_text(text)
    read_codebook(raw / "codebook.yml")


def _claim(raw: Path, date: str) -> None:
    (raw / "claims.yml").write_text(CLAIMS.replace("date: 2024-01-01", f"date: {date}"))
    read_claims(raw / "claims.yml", ["trust", "measuring"])


def _interpretation(raw: Path, date: str) -> None:
    (raw / "interpretations").mkdir()
    text = f"---\ntitle: T\ninterpretation:\n  status: kept\n  date: {date}\n---\n\nWords.\n"
    (raw / "interpretations" / "one.qmd").write_text(text)
    interpretations.read(raw, [Claim.model_construct(id="one")])


def _sample(raw: Path, date: str) -> None:
    (raw / "sample.yml").write_text(
        f"seed: 1\ndrawn: {date}\nstrata:\n  - stratum: a\n    cases: 1\n"
    )
    read_design(raw)


def _title(raw: Path, date: str) -> None:
    page = f"---\ntitle: A page\ndate: {date}\n---\n\nWords.\n"
    raise_if_any(title_block.read(page, "index.qmd")[1])


@pytest.mark.parametrize(
    "written",
    [
        lambda raw, date: _register(raw, date),
        lambda raw, date: _register(raw, "2024-01-01", date),
        _coders,
        _rounds,
        _memo,
        _codebook,
        _claim,
        _interpretation,
        _sample,
        _title,
    ],
)
def test_a_day_as_excel_writes_it_is_refused_everywhere(
    tmp_path: Path, written: Callable[[Path, str], None]
) -> None:
    with pytest.raises(StudyError) as caught:
        written(tmp_path, EXCEL)
    told = [problem for problem in caught.value.problems if EXCEL in problem.found]
    assert told and all(", line " in problem.where for problem in told)
    assert all(day in told[0].remedy for day in MEANT)


def test_a_day_on_the_command_line(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    with pytest.raises(SystemExit):
        main(["sign", "--study", str(tmp_path), "one", "--by", "A", "--on", EXCEL])
    told = capsys.readouterr().err
    assert all(day in told for day in MEANT)

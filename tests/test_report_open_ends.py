"""`qualan check`: all that is unfinished, told before anything is coded, and what refuses a final paper."""

from __future__ import annotations

from pathlib import Path

import pytest
from tiny import write_tiny_study

from analysis.__main__ import main
from analysis.report.open_ends import ends
from analysis.study.folder import Study


@pytest.fixture
def study(tmp_path: Path) -> Path:
    return write_tiny_study(tmp_path / "study")


def lines(study: Path) -> dict[str, tuple[str, ...]]:
    return {one.kind: one.lines for one in ends(Study.open(study))}


def changed(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def test_it_works_before_anything_is_read(study: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "--study", str(study)]) == 0
    told = capsys.readouterr().out
    assert "claims that nobody signed (1)\n    trust" in told
    assert "Nothing refuses a final report." in told
    assert not (study / "data/processed").is_dir()


def test_what_is_unfinished_is_named(study: Path) -> None:
    changed(study / "data/raw/codebook.yml", "    definition: Counting what is done.\n", "")
    changed(
        study / "data/raw/sources.csv",
        "third_sector,south,2024-01-22",
        "third_sector,south,unknown",
    )
    found = lines(study)
    assert found["codes without a definition"] == ("measuring",)
    assert found["consent and facts that the register does not know"] == ("date: unknown for t2",)


def test_what_the_contrasts_can_show_is_told_before_coding(study: Path) -> None:
    contrast = (
        "      - id: trust-contrast\n        kind: contrast\n        code: trust\n"
        "        group: third_sector\n        than: commissioner\n        against: As many.\n"
        "        says: {present: More., absent: Alike., opposite: Fewer., varies: It varies.,"
        " too few cases to compare: Too few.}\n"
    )
    changed(study / "data/raw/claims.yml", "    decision:\n", f"{contrast}    decision:\n")
    assert lines(study)["what these data can show at all"] == (
        "With 2 v 2 cases no difference of shares can be seen.",
    )


def test_it_fails_while_a_final_report_would_be_refused(
    study: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    page = study / "reports" / "index.qmd"
    page.write_text(
        page.read_text(encoding="utf-8") + "\n[Say here who was asked, and how.]\n",
        encoding="utf-8",
    )
    with pytest.raises(SystemExit) as ended:
        main(["check", "--study", str(study)])
    assert ended.value.code == 1
    told = capsys.readouterr().out
    assert "A final report waits for:" in told
    assert "[Say here who was asked, and how.]" in told

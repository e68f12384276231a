"""Notebook 06, run cell by cell on a small study: what it leaves, with claims and without."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import claims_fixture as made
import pandas as pd
import pytest
from claims_fixture import CHARITY, COUNCIL

from analysis import figures
from analysis.report.numbers import collect
from analysis.study.folder import Study

PROJECT = Path(__file__).parents[1]
NOTEBOOK = PROJECT / "notebooks" / "06-findings.ipynb"
TABLES = (
    "patterns",
    "claim_patterns",
    "examples",
    "negative_cases",
    "sensitivity",
    "matrix",
    "decisions",
    "turning",
    "claims_by_kind",
    "expectation_cases",
    "stances",
    "reading_list",
    "judges",
    "matrix_disagreements",
    "document_profiles",
)


def study(folder: Path) -> Path:
    """A study folder with everything that notebook 06 reads, but no claims."""
    raw, processed = folder / "data" / "raw", folder / "data" / "processed"
    for path in (raw / "interviews", raw / "documents", raw / "memos", processed):
        path.mkdir(parents=True)
    register = made.sources().assign(
        file="", coded_as=lambda table: table["source_id"], provenance="constructed"
    )
    register.to_csv(raw / "sources.csv", index=False)
    placed = [(name, number, "tie/old") for name in CHARITY[:7] for number in (1, 4)]
    placed += [(name, 1, "merit") for name in CHARITY[:5]] + [(COUNCIL[0], 2, "tie/new")]
    made.codings(placed).to_csv(processed / "codings.csv", index=False)
    made.passages().to_csv(processed / "passages.csv", index=False)
    codes = made.CODES.assign(
        name=made.CODES["code"].str.rsplit("/", n=1).str[-1],
        depth=made.CODES["code"].str.count("/"),
        usable=True,
        definition="",
        include="",
        exclude="",
        example="",
        origin="",
    )
    codes.to_csv(processed / "codes.csv", index=False)
    lines = (PROJECT / "params.yml").read_text().replace("resamples: 2000", "resamples: 100")
    (folder / "params.yml").write_text(lines)
    return folder


def run(folder: Path, monkeypatch: pytest.MonkeyPatch, *, drawn: bool = True) -> None:
    """Run the code cells as one script: quicker than a kernel, and the same code.

    Without `drawn` figures are made, and not drawn.
    """
    import matplotlib as mpl

    mpl.use("agg")
    monkeypatch.chdir(folder)
    if not drawn:
        picture = figures.Picture(b"<svg/>", b"")
        monkeypatch.setattr(figures, "draw", lambda *_, **__: picture)
    cells = json.loads(NOTEBOOK.read_text())["cells"]
    code = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]
    names = {"__name__": "notebook"}
    for number, source in enumerate(code):
        exec(compile(source, f"cell {number}", "exec"), names)
        if number == 0:
            names["study_folder"], names["resamples"] = str(folder), 100  # type: ignore[assignment]


def values(folder: Path) -> dict[str, object]:
    written = folder / "data" / "processed" / "values" / "06-findings.json"
    return {entry["name"]: entry["value"] for entry in json.loads(written.read_text())}


def test_what_the_notebook_leaves(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = study(tmp_path / "a study")
    raw = folder / "data" / "raw"
    made.written(
        raw, made.claim("first", made.PREVALENCE, made.CONTRAST, made.TOGETHER, made.REACH)
    )
    supporting = "".join(f"first,{name},1,supports,A,\n" for name in CHARITY[:7])
    (raw / "bearings.csv").write_text(
        "claim,source_id,passage,bears,by,negative_outcome\n"
        f"{supporting}first,co-1,2,contradicts,A,bounded\n"
    )
    (raw / "matrix.csv").write_text(
        "case_id,theme,summary,state,passages,digest\nperson-ch-1,first theme,So.,said,ch-1-1,\n"
    )
    (raw / "guide.yml").write_text(
        "questions:\n  - {ask: Who?, about: [tie], words: [one two three]}\n"
        "  - {ask: Merit?, about: [first], from: 2030}\n"
    )
    (raw / "memos" / "on-asking.md").write_text("---\nkind: method\ndate: 2024-01-02\n---\nText\n")
    run(folder, monkeypatch)
    opened = Study.open(folder)
    tables = {name: opened.table(name) for name in TABLES}
    assert tables["patterns"]["pattern"].tolist()[:2] == ["present", "present"]
    assert tables["matrix"]["stale"].tolist() == [True]
    assert tables["negative_cases"]["outcome"].tolist()[0] == "bounded"
    told = values(folder)
    assert (told["find.more.n_group"], told["find.more.of_group"]) == (7, 8)
    assert (told["find.more.n_than"], told["find.more.of_than"]) == (1, 8)
    assert told["find.more.sentence"] == "more is present."
    assert (told["find.n_claims"], told["find.n_expectations"]) == (1, 4)
    # Present three times; nothing carries a code that reach asks for.
    assert told["find.first.pattern"] == "consistent"
    assert told["find.first.n_cases_against"] == 1
    assert told["find.n_must_reread"] == 0
    assert told["find.n_settings"] >= 200  # type: ignore[operator]
    assert told["find.n_distinct_variants"] < told["find.n_variants"]  # type: ignore[operator]
    for name in ("expectations-first.svg", "expectations-first.png", "specifications.svg"):
        assert (folder / "reports" / "figures" / name).stat().st_size > 1000
    shown = collect(opened.processed, opened.reports, {})
    # Of 16 cases 8 carry the code: eight of one role happens in one of 12,870 ways, seven in 64, of
    # which half are counted: .0026. Of four shares one could never be seen; of three it is the second.
    assert shown["find.more.q"] == "0.004"
    assert shown["find.short.q"] == "not defined"


def test_a_study_without_claims_gets_empty_tables(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = study(tmp_path / "bare")
    shutil.rmtree(folder / "data" / "raw" / "memos")
    run(folder, monkeypatch, drawn=False)
    for name in TABLES[:-1]:
        table = pd.read_csv(folder / "data" / "processed" / f"{name}.csv")
        assert table.empty and len(table.columns) > 3
    assert values(folder)["find.n_claims"] == 0


def test_the_same_study_gives_the_same_bytes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made_twice = []
    for name in ("one", "two"):
        folder = study(tmp_path / name)
        made.written(folder / "data" / "raw", made.claim("first", made.CONTRAST, made.TOGETHER))
        # Few settings stand for the many that the first test looks at.
        every, few = "alternative_units: [overlap, passage, window, source]", "[passage, source]"
        params = (folder / "params.yml").read_text()
        assert every in params
        (folder / "params.yml").write_text(params.replace(every, f"alternative_units: {few}"))
        run(folder, monkeypatch, drawn=False)
        processed = folder / "data" / "processed"
        made_twice.append({one.name: one.read_bytes() for one in sorted(processed.glob("*.csv"))})
    assert made_twice[0] == made_twice[1]

"""The whole pipeline, run as a user would run it, in temporary copies."""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest
from built import CLEAN, hearing, make_report, report, run_stages
from tiny import PROJECT, TEXTS, write_tiny_study

from analysis.pipeline.stages import REPORT, Work
from analysis.pipeline.stages import STAGES as TABLE

STAGES = [stage.name for stage in TABLE]
GENERATED = ("data/processed", "reports/figures", "reports/_variables.yml", "reports/_site")


def ran(said: str) -> list[str]:
    """The stages that a run told of, the report included."""
    return re.findall(r"^(0\d-[\w-]+|report) +[\d.]+ s", said, re.M)


def fingerprints(study: Path) -> dict[str, str]:
    """SHA-256 of everything that was generated."""
    files = [
        path
        for name in GENERATED
        for path in [study / name, *sorted((study / name).rglob("*"))]
        if path.is_file() and "inputs" not in path.relative_to(study).parts
    ]
    return {
        str(path.relative_to(study)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in files
    }


def of_site(study: Path) -> dict[str, str]:
    """SHA-256 of the pages."""
    pages = {name: one for name, one in fingerprints(study).items() if "/_site/" in name}
    assert pages
    return pages


@pytest.fixture
def built(tiny_report: Path) -> Path:
    """The tiny study as `make report` left it, with a hostile folder about it: only to look at."""
    return tiny_report


@pytest.fixture
def study(built: Path, tmp_path: Path) -> Path:
    """A copy of the built study, times kept, in a folder whose name has a space."""
    return Path(shutil.copytree(built, tmp_path / "my study"))


def test_it_leaves_every_page(built: Path) -> None:
    site = built / "reports" / "_site"
    expected = [
        "index.html",
        "index.pdf",
        "index.docx",
        "evidence.html",
        "codebook.html",
        "reproducibility.html",
        *(f"notebooks/{stage}.html" for stage in STAGES),
    ]
    assert [name for name in expected if not (site / name).is_file()] == []


def test_the_table_of_stages_names_every_file_that_they_make(built: Path) -> None:
    told = {name for stage in TABLE for name in (*stage.makes, stage.executed)}
    files = [
        *(built / "data/processed").rglob("*"),
        *(built / "reports/figures").rglob("*"),
        *(built / "reports/notebooks").rglob("*"),
    ]
    made = {path.relative_to(built).as_posix() for path in files if path.is_file()}
    # Records of what goes into a stage, texts and figures that a list names, what the site leaves.
    others = re.compile(
        r"data/processed/(inputs/|texts/[^.]|published\.json|counted\.json|last_report/)"
        r"|reports/figures/expectations-"
    )
    assert told == {name for name in made if not others.match(name)}


def test_a_second_run_starts_no_kernel(study: Path) -> None:
    before = fingerprints(study)
    # As a user beside the project would say it.
    status, said = make_report(Path(os.path.relpath(study, PROJECT)))
    assert (status, ran(said)) == (0, [])
    assert "nothing to do" in said and "the paper: " in said and "_site/index.html" in said
    assert fingerprints(study) == before


def test_what_changed_runs_only_what_depends_on_it(study: Path) -> None:
    """A text is edited, a source is added and one is taken away."""
    odd = study / "data/raw/observations/a [new] one; 'odd' $name.txt"
    odd.write_text("DESCRIPTION: An empty room.\n")
    before = fingerprints(study)
    status, said = report(study, drawn=False)
    assert status != 0
    assert "no row of the register names" in said and "Traceback" not in said
    assert fingerprints(study) == before
    (study / "data/raw/observations/o1.txt").unlink()
    for name in ("sources.csv", "coding/coder A.csv"):
        path = study / "data/raw" / name
        kept = [line for line in path.read_text().splitlines() if not line.startswith("o1,")]
        path.write_text("\n".join(kept) + "\n")
    with (study / "data/raw/sources.csv").open("a") as register:
        register.write(
            f'o2,event-2,observation,mixed,south,2024-02-02,Room,"observations/{odd.name}",,'
            "active,full,constructed,,\n"
        )
    path = study / "data/raw/documents/d1.md"
    path.write_text(path.read_text().replace("# Plan", "# A plan"))
    codings = study / "data/raw/coding/coder A.csv"
    moved = [
        ",".join([cells[0], str(int(cells[1]) + 2), str(int(cells[2]) + 2), *cells[3:]])
        if (cells := line.split(","))[0] == "d1"
        else line
        for line in codings.read_text().splitlines()
    ]
    codings.write_text("\n".join(moved) + "\n")
    # What the coding comes from, and itself; then all that comes after it is due.
    first, then = STAGES[:4], {*STAGES[4:], "report"}
    status, said = run_stages(study, *first)
    assert status == 0, said
    assert set(ran(said)) == {*first} - {"01-clean-interview"}
    work = Work(study)
    assert {stage.name for stage in (*TABLE, REPORT) if work.is_due(stage)} == then
    assert (study / "data/processed/texts/o2.txt").is_file()
    assert not (study / "data/processed/texts/o1.txt").exists()
    assert "o1" not in (study / "data/processed/passages.csv").read_text()


def test_a_failing_notebook_leaves_no_target_and_says_where(study: Path) -> None:
    (study / "notebooks").mkdir(exist_ok=True)
    for name, last in (
        ("04-cooccurrence", "1 / 0"),
        ("05-agreement", "import os, signal; os.kill(os.getpid(), signal.SIGKILL)"),
    ):
        notebook = json.loads((PROJECT / f"notebooks/{name}.ipynb").read_text())
        notebook["cells"][-1]["source"] = [last]
        (study / f"notebooks/{name}.ipynb").write_text(json.dumps(notebook))
    with (study / "params.yml").open("a") as params:
        params.write("stages: {04-cooccurrence: {}, 05-agreement: {}}\n")
    site = of_site(study)
    status, said = report(study)
    assert status != 0
    assert "04-cooccurrence stopped in cell " in said
    assert "ZeroDivisionError" in said and "Traceback" not in said
    assert "05-agreement stopped: its kernel was killed" in said
    for stage in ("04-cooccurrence", "05-agreement"):
        assert not (study / f"reports/notebooks/{stage}.ipynb").exists()
    assert not (study / "data/processed/cooccurrence.csv").exists()
    assert (study / "reports/notebooks/04-cooccurrence.unfinished.ipynb").is_file()
    assert of_site(study) == site


def test_what_was_removed_is_made_again_and_a_notebook_of_the_study_runs_with_it(
    study: Path,
) -> None:
    cells = [
        ("study_folder: str = '..'", ["parameters"]),
        (
            "from pathlib import Path\nPath(study_folder, 'data/processed/own.csv').write_text('a')",
            [],
        ),
    ]
    notebook = {
        "cells": [
            {
                "cell_type": "code",
                "id": f"c{number}",
                "execution_count": None,
                "metadata": {"tags": tags},
                "outputs": [],
                "source": [source],
            }
            for number, (source, tags) in enumerate(cells)
        ],
        "metadata": {"kernelspec": {"display_name": "", "language": "python", "name": "python3"}},
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    (study / "notebooks").mkdir(exist_ok=True)
    (study / "notebooks/07-own.ipynb").write_text(json.dumps(notebook))
    with (study / "params.yml").open("a") as params:
        params.write("stages:\n  07-own: {after: [02-coding], makes: [data/processed/own.csv]}\n")
    before = fingerprints(study)
    gone = ("reports/_site/index.pdf", "reports/figures/network.png")
    for name in gone:
        (study / name).unlink()
    status, said = report(study)
    assert status == 0, said
    assert sorted(ran(said)) == ["04-cooccurrence", "07-own", "report"]
    after = fingerprints(study)
    assert gone[0] in after and after[gone[1]] == before[gone[1]]
    tables = [name for name in before if name.startswith("data/processed/") and name in after]
    assert [name for name in tables if after[name] != before[name]] == []
    assert (study / "data/processed/own.csv").read_text() == "a"
    assert (study / "reports/_site/notebooks/07-own.html").is_file()


def processes_of(study: Path) -> list[psutil.Process]:
    """The processes that name the study in their command: make, Python, and forks of it."""
    running = psutil.process_iter(["cmdline"])
    return [one for one in running if str(study) in " ".join(one.info["cmdline"] or [])]


def leads_a_session(process: psutil.Process) -> bool:
    try:
        return os.getsid(process.pid) == process.pid
    except ProcessLookupError:
        return False


def wait_until(comes_true: Callable[[], bool], seconds: int) -> bool:
    end = time.monotonic() + seconds
    while not (so := comes_true()) and time.monotonic() < end:
        time.sleep(0.2)
    return so


@pytest.mark.parametrize(
    "end",
    [
        signal.SIGHUP,
        pytest.param(signal.SIGTERM, marks=pytest.mark.full),
        pytest.param(signal.SIGINT, marks=pytest.mark.full),
    ],
)
def test_nothing_of_a_run_lives_on_when_its_terminal_is_closed(tmp_path: Path, end: int) -> None:
    study = write_tiny_study(tmp_path / "a study")
    with (tmp_path / "said").open("w") as said:
        run = subprocess.Popen(
            ["make", "-C", str(PROJECT), "report", f"STUDY={study}"],
            stdout=said,
            stderr=said,
            env=CLEAN,
            start_new_session=True,
            preexec_fn=hearing,
        )

    def a_kernel_runs() -> bool:
        # A kernel has a session of its own, which no signal to the run reaches.
        return any(leads_a_session(one) for one in processes_of(study) if one.pid != run.pid)

    try:
        assert wait_until(a_kernel_runs, 300)
        os.killpg(run.pid, end)
        run.wait()
        assert wait_until(lambda: not processes_of(study), 60)
    finally:
        for left in processes_of(study):
            left.kill()
    assert "Traceback" not in (tmp_path / "said").read_text()


def test_a_study_without_its_paper_or_with_its_folder_missing_is_told_before_any_stage(
    study: Path, tmp_path: Path
) -> None:
    (study / "reports/index.qmd").unlink()
    status, said = report(study)
    assert status != 0 and "reports/index.qmd" in said and ran(said) == []
    empty = tmp_path / "no study"
    empty.mkdir()
    (empty / "a text.txt").write_text("words")
    status, said = report(empty)
    assert status != 0 and "make new" in said and "Traceback" not in said
    assert [path.name for path in empty.iterdir()] == ["a text.txt"]


@pytest.mark.parametrize(
    "drawn",
    [
        False,
        pytest.param(True, marks=pytest.mark.full("every figure is drawn again")),
    ],
)
def test_two_builds_give_the_same_bytes(built: Path, tmp_path: Path, drawn: bool) -> None:
    """In other folders, times, languages and numbers of processes, and from other seeds."""
    second = write_tiny_study(tmp_path / "second")
    status, said = report(second, jobs=1, drawn=drawn)
    assert status == 0, said
    one, two = fingerprints(built), fingerprints(second)
    assert one.keys() == two.keys()
    if not drawn:
        # What no figure is in, and nothing that a notebook shows.
        one = {name: one[name] for name in one if name.startswith("data/processed/")}
        assert len(one) > 60
    assert [name for name in one if one[name] != two[name]] == []


@pytest.mark.parametrize(
    ("spoil", "expected"),
    [
        (lambda raw: (raw / "sources.csv").unlink(), ["sources.csv", "no such file"]),
        (lambda raw: (raw / "documents/d1.md").unlink(), ["line 6", "not there"]),
        (
            lambda raw: (raw / "sources.csv").write_text(
                (raw / "sources.csv").read_text().replace("c2,", "c1,").replace(",full,", ",maybe,")
            ),
            ["'c1' in lines 2, 3", "one of none, extracts, full, unknown"],
        ),
        (
            lambda raw: (raw / "coding/coder A.csv").write_text(
                "source_id,start,end,code,coder,quote\nc1,0,9999,trust,A,\nc1,3,8,nonsense,A,\n"
                "c1,3,8,trust,A,something else\nnobody,0,3,trust,A,\nc1,x,8,trust,A,\n"
            ),
            [
                "9999",
                "nonsense",
                "data/raw/coding/coder A.csv, line 4",
                "nobody",
                "data/raw/coding/coder A.csv, line 6, column start",
            ],
        ),
        (
            lambda raw: [
                (raw / "coding/coder A.csv").write_text("source_id,start,end,code\nc1,0,9,trust\n"),
                (raw / "coding/coder B.csv").write_text(
                    "source_id,start,end,code,coder\nc1,0,9999,trust,B\n"
                ),
            ],
            [
                "data/raw/coding/coder A.csv, line 1",
                "no column coder",
                "data/raw/coding/coder B.csv, line 2",
                "9999",
            ],
        ),
        (
            lambda raw: [
                (raw / "sources.csv").write_text(
                    (raw / "sources.csv").read_text().replace("interview,third", "talk,third")
                ),
                (raw / "codebook.yml").write_text("codes:\n  - definition: no name\n"),
            ],
            ["'talk'", "data/raw/codebook.yml, line 2", "no words"],
        ),
        (
            lambda raw: [
                (raw / name).write_bytes(bytes(range(256)) * 40)
                for name in ("interviews/t1.txt", "documents/d1.md", "observations/o1.txt")
            ],
            ["t1", "d1", "o1"],
        ),
    ],
)
def test_errors_are_told_at_once_and_nothing_is_half_written(
    study: Path, spoil: object, expected: list[str]
) -> None:
    before = of_site(study)
    spoil(study / "data" / "raw")  # type: ignore[operator]
    status, said = report(study)
    assert status != 0
    assert [word for word in expected if word not in said] == [], said
    assert "Traceback" not in said
    assert of_site(study) == before


def test_tracebacks_are_shown_where_they_are_asked_for(study: Path) -> None:
    (study / "data/raw/interviews/t1.txt").write_bytes(bytes(range(256)) * 40)
    status, said = report(study, debug=True)
    assert status != 0 and "t1" in said
    assert "Traceback" in said and "texts.py" in said


def test_every_word_of_the_texts_is_where_the_passages_say(built: Path) -> None:
    import pandas as pd

    passages = pd.read_csv(built / "data/processed/passages.csv", keep_default_na=False)
    for row in passages.itertuples():
        text = (built / f"data/processed/texts/{row.source_id}.txt").read_text(encoding="utf-8")
        assert text[row.start : row.end] == row.text
    assert set(passages["source_id"]) == {"c1", "c2", "t1", "t2", "d1", "o1"} and len(TEXTS) == 6

"""What is due, told by digests alone: stages are played by writing the files that they make."""

from __future__ import annotations

import os
import random
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from tiny import PROJECT, write_tiny_study

from analysis.files.problems import StudyError
from analysis.pipeline import made_from, notebook_code
from analysis.pipeline.own_stages import stages_of
from analysis.pipeline.stage import Stage
from analysis.pipeline.stages import RECORDS, REPORT, STAGES, Work

NAMES = [stage.name for stage in STAGES]
CLEAN = NAMES[:3]
AFTER_CODING = NAMES[3:]


def work_on(study: Path) -> Work:
    for known in (made_from._digest, made_from._register, notebook_code.code):
        known.cache_clear()
    return Work(study, stages_of(study))


def play(study: Path, changed: tuple[str, ...] = ()) -> list[str]:
    """Run what is due: each stage writes its name, and something new if it is in `changed`."""
    work = work_on(study)
    work.remove_left_over()
    ran = []
    for stage in (*work.stages.values(), REPORT):
        if work.is_due(stage):
            ran.append(stage.name)
            for name in written_by(stage):
                path = study / name
                path.parent.mkdir(parents=True, exist_ok=True)
                new = str(random.random()) if stage.name in changed else ""
                path.write_text("" if path.name.startswith(".") else stage.name + new)
            work.finish(stage)
    return ran


def written_by(stage: Stage) -> tuple[str, ...]:
    if stage is REPORT:
        return ("reports/_site/index.html", "reports/_site/a/b.csv", "reports/_generated/site.json")
    return (*stage.makes, stage.executed)


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Path:
    study = write_tiny_study(tmp_path_factory.mktemp("played") / "a study")
    assert play(study) == [*NAMES, "report"]
    return study


@pytest.fixture
def study(played: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(played, tmp_path / "a study"))


def test_no_stage_stands_before_one_that_it_comes_after_and_no_file_is_made_twice() -> None:
    for number, stage in enumerate(STAGES):
        assert set(stage.after) <= set(NAMES[:number])
    made = [name for stage in STAGES for name in (*stage.makes, stage.executed)]
    assert len(made) == len(set(made))


def test_to_find_that_nothing_is_due_imports_nothing_heavy() -> None:
    """Or every `make report` waits for it, also one that has nothing to do."""
    script = (
        "import sys, analysis.__main__, analysis.pipeline.beforehand, analysis.pipeline.own_stages;"
        "print(*sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", script],
        capture_output=True,
        text=True,
        check=True,
        env=os.environ | {"PYTHONPATH": str(PROJECT / "src")},
    )
    heavy = {"pandas", "numpy", "pydantic", "lxml", "matplotlib", "papermill"}
    assert heavy & set(done.stdout.split()) == set()


def test_nothing_is_due_twice(study: Path) -> None:
    assert work_on(study).is_done
    assert play(study) == []


def test_clocks_decide_nothing(study: Path) -> None:
    for path in [*study.rglob("*"), *(made_from.NOTEBOOKS.glob("*.ipynb"))]:
        if path.is_relative_to(study):
            os.utime(path, (random.randrange(2**32), random.randrange(2**32)))
    assert play(study) == []
    for stamp in (0, 2**33):
        text = study / "data/raw/documents/d1.md"
        text.write_text(f"other words {stamp}")
        os.utime(text, (stamp, stamp))
        assert "01-clean-document" in play(study)


def test_a_copied_folder_is_judged_by_what_is_in_it(study: Path, tmp_path: Path) -> None:
    other = Path(shutil.copytree(study, tmp_path / "other", copy_function=shutil.copyfile))
    assert play(other) == []
    (other / "data/raw/documents/d1.md").write_text("other words")
    # Copied back over the old one, younger outputs and all.
    shutil.copytree(other / "data/raw", study / "data/raw", dirs_exist_ok=True)
    os.utime(study / "data/raw/documents/d1.md", (0, 0))
    assert play(study)[0] == "01-clean-document"


@pytest.mark.parametrize("stage", [*STAGES, REPORT], ids=lambda stage: stage.name)
def test_whatever_a_stage_made_is_made_again_when_it_is_gone_or_other(
    study: Path, stage: Stage
) -> None:
    work = work_on(study)
    for name in written_by(stage):
        content = (study / name).read_text()
        (study / name).unlink()
        assert work.is_due(stage), name
        (study / name).write_text("by hand")
        assert work.is_due(stage), name
        (study / name).write_text(content)
    assert work.is_done
    (study / written_by(stage)[-1]).unlink()
    # What comes out the same makes nothing else due, not even the report.
    assert play(study) == [stage.name]


def test_a_text_that_is_gone_is_made_again(study: Path) -> None:
    texts = study / "data/processed/texts"
    (texts / ".document").write_text("d1\n")
    (texts / "d1.txt").write_text("words")
    work = work_on(study)
    work.finish(work.stages["01-clean-document"])
    assert not work_on(study).is_due(STAGES[1])
    (texts / "d1.txt").unlink()
    assert work_on(study).is_due(STAGES[1])


@pytest.mark.parametrize(
    ("changed", "due"),
    [
        ("data/raw/interviews/c1.txt", ["01-clean-interview", "report"]),
        ("data/raw/observations/new.txt", ["01-clean-observation", "report"]),
        ("data/raw/coding/coder A.csv", ["02-coding", "report"]),
        ("data/raw/coding/new.csv", ["02-coding", "report"]),
        ("data/raw/codebook.yml", ["02-coding", "06-findings", "report"]),
        ("data/raw/claims.yml", ["06-findings", "report"]),
        ("data/raw/memos/new.md", ["06-findings", "report"]),
        ("reports/index.qmd", ["report"]),
        ("reports/interpretations/new.qmd", ["report"]),
        ("data/private/pseudonyms.csv", [*CLEAN, "report"]),
        ("data/raw/coding/~$coder A.csv", []),
        ("notes.txt", []),
    ],
)
def test_what_was_changed_runs_the_stages_that_read_it(
    study: Path, changed: str, due: list[str]
) -> None:
    (study / changed).parent.mkdir(parents=True, exist_ok=True)
    with (study / changed).open("a") as file:
        file.write("\nmore\n")
    assert play(study) == due
    assert play(study) == []


def test_what_comes_out_otherwise_runs_what_comes_after_it(study: Path) -> None:
    (study / "data/raw/documents/d1.md").write_text("other words")
    assert play(study, ("01-clean-document", "02-coding")) == [
        "01-clean-document",
        *AFTER_CODING,
        "report",
    ]


def test_a_row_of_the_register_is_an_input_of_its_kind(study: Path) -> None:
    register = study / "data/raw/sources.csv"
    register.write_text(register.read_text().replace("Plan", "A plan"))
    ran = play(study)
    assert "01-clean-document" in ran and "01-clean-interview" not in ran
    kept = [line for line in register.read_text().splitlines() if not line.startswith("o1,")]
    register.write_text("\n".join(kept) + "\n")
    assert "01-clean-observation" in play(study)


def test_the_lock_is_an_input_of_every_stage(
    study: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lock = tmp_path / "requirements.lock"
    lock.write_bytes(made_from.LOCK.read_bytes() + b"# other\n")
    monkeypatch.setattr(made_from, "LOCK", lock)
    made_from._installed.cache_clear()
    assert play(study) == [*NAMES, "report"]
    made_from._installed.cache_clear()


def test_a_stage_that_was_killed_is_run_again(study: Path) -> None:
    stage = STAGES[4]
    (study / stage.executed).unlink()
    assert play(study) == [stage.name]
    (study / RECORDS / f"{stage.name}.json").write_text('{"made_from": [')
    assert play(study) == [stage.name]


def test_an_input_that_changes_while_its_stage_runs_makes_it_due_again(study: Path) -> None:
    (study / "data/raw/documents/d1.md").write_text("first")
    work = work_on(study)
    (study / "data/raw/documents/d1.md").write_text("second")
    work.finish(work.stages["01-clean-document"])
    assert "01-clean-document" in play(study)


def test_a_stage_that_does_not_make_what_it_says_is_told(study: Path) -> None:
    (study / "data/processed/rates.csv").unlink()
    work = work_on(study)
    with pytest.raises(StudyError, match=r"no data/processed/rates\.csv"):
        work.finish(work.stages["03-frequencies"])


# --- stages that a study brings ---------------------------------------------------


def bring(study: Path, name: str, fields: str) -> None:
    (study / "notebooks").mkdir(exist_ok=True)
    shutil.copy(PROJECT / "notebooks/03-frequencies.ipynb", study / f"notebooks/{name}.ipynb")
    params = study / "params.yml"
    text = params.read_text()
    head = "" if "\nstages:\n" in text else "stages:\n"
    params.write_text(f"{text}{head}  {name}: {fields}\n")


OWN = "{after: [02-coding], reads: [data/raw/themes.csv], makes: [data/processed/themes.csv]}"


def test_a_notebook_that_params_yml_does_not_name_is_never_run(study: Path) -> None:
    (study / "notebooks").mkdir()
    for name in ("03-frequencies", "07-themes", "sitecustomize"):
        (study / f"notebooks/{name}.ipynb").write_text("{}")
    assert stages_of(study) == STAGES
    assert play(study) == []


def test_a_stage_of_the_study_stands_in_the_same_graph(study: Path) -> None:
    bring(study, "07-themes", OWN)
    assert play(study) == ["07-themes", "report"]
    assert play(study) == []
    (study / "data/raw/themes.csv").write_text("a,b\n")
    assert play(study) == ["07-themes", "report"]
    bring(study, "08-more", "{after: [07-themes]}")
    assert play(study) == ["08-more", "report"]
    (study / "data/processed/themes.csv").unlink()
    assert play(study, ("07-themes",)) == ["07-themes", "08-more", "report"]
    (study / "notebooks/07-themes.ipynb").write_text('{"cells": []}')
    assert play(study, ("07-themes",)) == ["07-themes", "08-more", "report"]


def test_a_stage_that_is_no_longer_named_leaves_nothing(study: Path) -> None:
    params = (study / "params.yml").read_text()
    bring(study, "07-themes", OWN)
    play(study)
    (study / "params.yml").write_text(params)
    assert not work_on(study).is_done
    assert play(study) == ["report"]
    left = {path.name for path in study.rglob("*") if "themes" in path.name}
    assert left == {"07-themes.ipynb"} and (study / "notebooks/07-themes.ipynb").is_file()
    assert not (study / "reports/notebooks/07-themes.ipynb").exists()


@pytest.mark.parametrize("name", ["03-frequencies", "01-clean"])
def test_a_notebook_of_the_same_name_takes_the_place_of_ours(study: Path, name: str) -> None:
    bring(study, name, "{reads: [data/raw/more.csv]}")
    replaced = [one for one in NAMES if one.startswith(name)]
    assert play(study) == [*replaced, "report"]
    assert [one.name for one in stages_of(study)] == NAMES
    (study / "data/raw/more.csv").write_text("more")
    assert play(study) == [*replaced, "report"]


@pytest.mark.parametrize(
    ("name", "fields", "found"),
    [
        ("07-themes", "{after: [09-none]}", "after '09-none'"),
        ("07-themes", "{after: [07-themes]}", "after '07-themes'"),
        ("02-coding", "{after: [05-agreement]}", "after '05-agreement'"),
        ("07-themes", "{makes: [data/processed/rates.csv]}", "as 03-frequencies does"),
        ("07-themes", "{makes: [data/raw/sources.csv]}", "makes 'data/raw/sources.csv'"),
        ("07-themes", "{makes: [data/processed/../raw/x.csv]}", "makes"),
        ("07-themes", "{reads: [/etc/hostname]}", "reads"),
        ("07-themes", "{reads: [../other]}", "reads"),
        ("07-themes", "{before: [02-coding]}", "before"),
        ("07-themes", "[02-coding]", "02-coding"),
        ("07-themes", "{after: 02-coding}", "02-coding"),
    ],
)
def test_what_is_wrong_with_a_stage_is_told_with_its_line(
    study: Path, name: str, fields: str, found: str
) -> None:
    bring(study, name, fields)
    line = (study / "params.yml").read_text().splitlines().index("stages:") + 1
    with pytest.raises(StudyError) as error:
        stages_of(study)
    assert f"params.yml, line {line}, stages, {name}" in str(error.value)
    assert found in str(error.value)


@pytest.mark.parametrize("name", ["../x", "a b", ""])
def test_a_stage_is_named_like_a_notebook_that_is_there(study: Path, name: str) -> None:
    params = study / "params.yml"
    params.write_text(f'{params.read_text()}stages:\n  "{name}": {{}}\n  nowhere: {{}}\n')
    with pytest.raises(StudyError) as error:
        stages_of(study)
    assert len(error.value.problems) == 2


def test_stages_that_cannot_be_read_are_told_when_the_study_is_opened(study: Path) -> None:
    (study / "params.yml").write_text("stages: [\n")
    assert stages_of(study) == STAGES

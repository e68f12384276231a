"""What a notebook shows is people's words: git takes in none of it, whoever saved it."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest
from explore_study import PROJECT

from analysis.pipeline.outputs import strip_on_saving

SAID = "words of a person"
SHOWN = {"output_type": "stream", "name": "stdout", "text": [SAID]}
STATE = {"application/vnd.jupyter.widget-state+json": {"state": {"1": {"html": SAID}}}}


def git(folder: Path, *words: str, check: bool = True) -> subprocess.CompletedProcess[str]:
    own = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}
    for who in ("AUTHOR", "COMMITTER"):
        own |= {f"GIT_{who}_NAME": "A", f"GIT_{who}_EMAIL": "a@example.org"}
    return subprocess.run(
        ["git", *words],
        cwd=folder,
        env=os.environ | own,
        capture_output=True,
        text=True,
        check=check,
    )


def clone(folder: Path, project: Path, notebooks: str = "notebooks/explore.ipynb") -> None:
    """A repository in `folder` with what the filter needs in `project`, set up by make."""
    (project / "src/analysis").mkdir(parents=True)
    for name in (
        "Makefile",
        "environment.yml",
        ".gitattributes",
        "scripts",
        notebooks,
        "src/analysis/__init__.py",
        "src/analysis/pipeline/__init__.py",
        "src/analysis/pipeline/outputs.py",
    ):
        copy = shutil.copytree if (PROJECT / name).is_dir() else shutil.copy
        (project / name).parent.mkdir(parents=True, exist_ok=True)
        copy(PROJECT / name, project / name)
    git(folder, "init", "--quiet")
    git(folder, "add", ".")
    git(folder, "commit", "--quiet", "--message", "As it is")
    subprocess.run(["make", "--silent", "-C", str(project), "without-outputs"], check=True)


def run_in_place(notebook: Path) -> dict[str, object]:
    """As an editor that keeps outputs leaves a notebook; returns what it was before."""
    before = json.loads(notebook.read_text(encoding="utf-8"))
    told = json.loads(json.dumps(before))
    for number, cell in enumerate(told["cells"]):
        if cell["cell_type"] == "code":
            cell["outputs"], cell["execution_count"] = [SHOWN], number + 1
    told["metadata"]["widgets"] = STATE
    notebook.write_text(json.dumps(told, indent=1) + "\n", encoding="utf-8")
    return dict(before)


@pytest.mark.parametrize("inside", ["", "some/where/"])
def test_git_takes_in_a_notebook_without_what_it_shows(tmp_path: Path, inside: str) -> None:
    """Also where the project is a folder of a larger repository, and in another work tree."""
    clone(tmp_path, tmp_path / inside)
    notebook = tmp_path / inside / "notebooks/explore.ipynb"
    before = run_in_place(notebook)
    kept = notebook.read_bytes()
    own = notebook.with_name("own hunches.ipynb")
    own.write_bytes(kept)
    git(tmp_path, "add", ".")
    for name in (notebook, own):
        told = git(tmp_path, "show", f":{name.relative_to(tmp_path)}").stdout
        assert SAID not in told and json.loads(told) == before
    assert notebook.read_bytes() == kept
    git(tmp_path, "commit", "--quiet", "--all", "--message", "Own hunches")
    assert (
        git(tmp_path, "diff", "--name-only", "HEAD~").stdout.strip('"\n').endswith("hunches.ipynb")
    )
    git(tmp_path, "worktree", "add", "--quiet", str(tmp_path / "other"))
    run_in_place(tmp_path / "other" / inside / "notebooks/explore.ipynb")
    git(tmp_path / "other", "add", ".")
    assert SAID not in git(tmp_path / "other", "show", f":{inside}notebooks/explore.ipynb").stdout


def test_notebooks_that_show_nothing_are_taken_in_as_they_are(tmp_path: Path) -> None:
    clone(tmp_path, tmp_path, notebooks="notebooks")
    for path in (tmp_path / "notebooks").glob("*.ipynb"):
        os.utime(path, (1, 1))
    assert git(tmp_path, "status", "--porcelain").stdout == ""


def test_what_cannot_be_stripped_is_not_taken_in(tmp_path: Path) -> None:
    clone(tmp_path, tmp_path)
    for text in (f"{SAID}", f'["{SAID}"]', f'{{"worksheets": ["{SAID}"]}}'):
        (tmp_path / "notebooks/explore.ipynb").write_text(text, encoding="utf-8")
        done = git(tmp_path, "add", ".", check=False)
        assert done.returncode != 0 and "no notebook" in done.stderr and SAID not in done.stderr


@pytest.mark.parametrize("target", ["lab", "report"])
def test_lab_and_report_set_git_up(target: str) -> None:
    rules = (PROJECT / "Makefile").read_text(encoding="utf-8").splitlines()
    (rule,) = [line.partition("##")[0] for line in rules if line.startswith(f"{target}:")]
    assert "without-outputs" in rule.split()


def test_other_files_are_saved_as_they_are() -> None:
    model = {"type": "file", "content": SAID}
    strip_on_saving(model, path="x.md", contents_manager=None)
    assert model == {"type": "file", "content": SAID}

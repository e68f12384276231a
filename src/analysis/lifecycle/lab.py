"""JupyterLab over a study: the program's notebooks, its kernels, and no code that a study brings."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

from analysis.files.project import NOTEBOOKS, PACKAGE, PROJECT

EXPLORE = "explore.ipynb"
#: What JupyterLab is told: no look-up of updates, no extensions from outside, and notebooks saved
#: without what they show, which is people's words.
OPTIONS = (
    "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
    "--LabApp.extension_manager=readonly",
    "--ContentsManager.pre_save_hook=analysis.pipeline.outputs.strip_on_saving",
)
# A kernel keeps no history, and imports nothing from the folder in which its notebook lies.
_KERNEL = {
    "InteractiveShellApp": {"ignore_cwd": True, "exec_PYTHONSTARTUP": False},
    "HistoryManager": {"enabled": False},
}


def open_lab(study: Path) -> int:
    """Run JupyterLab until it is ended, and return its exit status."""
    with tempfile.TemporaryDirectory() as held:
        write_kernel_settings(Path(held))
        # Ctrl-C is for JupyterLab, which asks back.
        before = signal.signal(signal.SIGINT, lambda *_: None)
        try:
            return subprocess.call(
                [sys.executable, "-P", "-s", "-m", "jupyterlab", EXPLORE, *OPTIONS],
                cwd=_notebooks(study),
                env=environment(study, Path(held)),
            )
        finally:
            signal.signal(signal.SIGINT, before)


def write_kernel_settings(ipython: Path) -> None:
    """Write the settings of kernels into `ipython`, the folder that stands for `~/.ipython`."""
    profile = ipython / "profile_default"
    profile.mkdir(parents=True)
    (profile / "ipython_kernel_config.json").write_text(json.dumps(_KERNEL), encoding="utf-8")


def environment(study: Path, ipython: Path) -> dict[str, str]:
    """The environment of JupyterLab and its kernels: no folder of data is searched for modules."""
    left_out = ("PYTHONPATH", "PYTHONSTARTUP")
    kept = {name: value for name, value in os.environ.items() if name not in left_out}
    own = {
        "IPYTHONDIR": str(ipython),
        "PYTHONNOUSERSITE": "1",
        "PYTHONSAFEPATH": "1",
        "STUDY": str(study.resolve()),
    }
    return kept | own | ({"PYTHONPATH": str(PACKAGE.parent)} if PROJECT else {})


def _notebooks(study: Path) -> Path:
    """The folder to open: the study's, if it has an own notebook to explore; else the program's.

    Of an installed program a copy is opened, in the study: what it installed stays as it is.
    """
    own = study / "notebooks"
    if PROJECT and not (own / EXPLORE).is_file():
        return NOTEBOOKS
    if not (own / EXPLORE).is_file():
        own.mkdir(exist_ok=True)
        shutil.copyfile(NOTEBOOKS / EXPLORE, own / EXPLORE)
    return own

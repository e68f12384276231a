"""The tiny study, made as a user makes it, though its folder holds modules of every name."""

from __future__ import annotations

import re
import shutil
import sys
from importlib import metadata
from pathlib import Path

from built import make_report
from tiny import write_tiny_study

from analysis.pipeline.stages import STAGES

BETRAYS = """
import os
open(os.path.join(os.environ["BETRAYED"], str(os.getpid())), "w").close()
"""


def plant(study: Path) -> None:
    """Put a module of every name that could be imported into the study, and startup files."""
    installed = metadata.packages_distributions()
    names = {*sys.stdlib_module_names, *installed, "analysis", "sitecustomize", "usercustomize"}
    names |= {"conftest", "ipython_config", "ipython_kernel_config", "jupyter_config", "setup"}
    names |= {"jupyter_lab_config", "jupyter_server_config"}
    for folder in (study, study / "notebooks", study / "data/raw"):
        folder.mkdir(exist_ok=True)
        for name in names:
            if name.isidentifier() and not (folder / f"{name}.py").exists():
                (folder / f"{name}.py").write_text(BETRAYS)
    startup = study / ".ipython/profile_default/startup"
    startup.mkdir(parents=True)
    (startup / "00-first.py").write_text(BETRAYS)
    (study / ".pythonrc").write_text(BETRAYS)


def make_in_hostile_folder(study: Path) -> None:
    """Write the tiny study and run `make report` on it: nothing that lies in a study is run."""
    write_tiny_study(study)
    before = set(study.rglob("*"))
    plant(study)
    betrayed = study.with_name(f"{study.name}, betrayed")
    betrayed.mkdir()
    status, said = make_report(
        study,
        "-j2",
        BETRAYED=str(betrayed),
        HOME=str(study),
        PYTHONPATH=str(study),
        PYTHONSTARTUP=str(study / ".pythonrc"),
        LC_ALL="C.UTF-8",
        TZ="Asia/Tokyo",
        PYTHONHASHSEED="2",
    )
    assert status == 0, said
    ran = re.findall(r"^(0\d-[\w-]+|report) +[\d.]+ s", said, re.M)
    assert sorted(ran) == sorted([*(stage.name for stage in STAGES), "report"])
    assert list(betrayed.iterdir()) == []
    made = {study / name for name in ("data/processed", "data/private")}
    for path in [
        one for one in study.rglob("*.py") if one not in before and not made & {*one.parents}
    ]:
        path.unlink()
    shutil.rmtree(study / ".ipython")

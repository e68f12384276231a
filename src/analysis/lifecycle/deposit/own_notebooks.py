"""The study's own stages in a deposit: those whose files are deposited too."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

from analysis.pipeline.outputs import stripped
from analysis.pipeline.own_stages import stages_of
from analysis.pipeline.stage import Stage
from analysis.pipeline.stages import STAGES

_EVIDENCE = "data/"


def parted(study: Path, deposited: Collection[str]) -> tuple[list[Stage], list[Stage]]:
    """The own stages of the study in the folder `study`: those that run from the files `deposited`,
    and those that do not, as they read evidence that is kept back or come after one that does."""
    stages = stages_of(study)
    made = {file for stage in stages for file in stage.makes}
    ours = {file for stage in STAGES for file in stage.reads}
    runs: list[Stage] = []
    kept_back: list[Stage] = []
    for stage in stages:
        if not stage.own:
            continue
        missing = [
            file
            for file in stage.reads
            if file.startswith(_EVIDENCE)
            and file not in {*made, *ours}
            and not any(name == file or name.startswith(file) for name in deposited)
        ]
        behind = {one.name for one in kept_back}.intersection(stage.after)
        (kept_back if missing or behind else runs).append(stage)
    return runs, kept_back


def notebook(study: Path, stage: Stage) -> tuple[str, bytes]:
    """Where the notebook of a stage lies in the study, and its bytes without what it shows."""
    name = f"notebooks/{stage.notebook}.ipynb"
    return name, stripped((study / name).read_bytes())

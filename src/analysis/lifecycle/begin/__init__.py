"""A study begun from what there is: a coding project of any program, or a folder of texts."""

from __future__ import annotations

import json
import sys
import tempfile
from pathlib import Path

from analysis.files.problems import Problem, StudyError
from analysis.lifecycle.begin.found import (
    coders_of,
    found_in,
    read_all,
    sources_of,
)
from analysis.lifecycle.begin.heard import propose_speakers
from analysis.lifecycle.begin.written import params, write_evidence, write_skeleton

# A program's project holds texts that it has cleaned of pages and captions already.
_GENTLE = ("line_ends", "characters", "composed", "white_space")


def begin_study(folder: Path, origin: Path) -> None:
    """Begin a study in `folder` (absent, or empty) from `origin`.

    `origin` is a project or export that `coding.read` knows, or a folder of texts, which may hold
    such projects too. Nothing is left behind when it cannot be done: a `StudyError` then names
    the file. What an export does not say stands as `unknown`; where it has no texts, a source's
    text is made of its quotations.
    """
    _refuse_full(folder)
    texts, coded, others = found_in(origin)
    projects = read_all(coded)
    sources = sources_of(texts, origin, projects)
    propose_speakers(sources)
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent, prefix=f".{folder.name}.") as held:
        study = Path(held) / "study"
        coders = coders_of(projects)
        write_evidence(study / "data" / "raw", sources, projects, coded)
        write_skeleton(study, sources, others)
        rules = None if texts else _GENTLE
        (study / "params.yml").write_text(params(coders, rules), encoding="utf-8")
        study.replace(folder)
    count = sum(len(project.codings) + len(project.quotations) for project in projects)
    print(
        f"begun in {folder}: {len(sources)} sources, {count} codings by "
        f"{', '.join(coders) or 'nobody yet'}. Next: README.md there, and "
        f"make report STUDY={json.dumps(str(folder))}",
        file=sys.stderr,
    )


def _refuse_full(folder: Path) -> None:
    if folder.is_symlink() or (folder.exists() and (not folder.is_dir() or any(folder.iterdir()))):
        raise StudyError(
            Problem(
                f"DIR={folder}",
                "something is there already",
                "a new or an empty folder",
                "choose another name",
            )
        )

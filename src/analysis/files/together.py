"""Several files of a study that change together or not at all, whenever the writer is killed.

What is to be written goes into one file first. Once that stands, the change counts: whoever works
in the study next finishes it. Call all of this as the one writer of the study.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

from analysis.files.whole_file import write_text

PENDING = Path("data/private/.changing")


def write_together(study: Path, contents: Mapping[Path, str]) -> None:
    """Write each of `contents` (path below the folder `study` -> text), all or none.

    Raises ValueError for a path outside the study: what stands in the file is obeyed later.
    """
    named = {path.relative_to(study).as_posix(): text for path, text in contents.items()}
    if any(".." in Path(name).parts for name in named):
        raise ValueError("a path that leads out of the study")
    write_text(study / PENDING, json.dumps(named, ensure_ascii=False))
    _write(study, named)


def finish(study: Path) -> None:
    """Finish a change that was stopped half-way; nothing where there is none."""
    try:
        named = json.loads((study / PENDING).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return
    if any(".." in Path(name).parts or Path(name).is_absolute() for name in named):
        raise ValueError("a path that leads out of the study")
    _write(study, named)


def _write(study: Path, named: Mapping[str, str]) -> None:
    for name, text in named.items():
        write_text(study / name, text)
    (study / PENDING).unlink()

"""Several files of a study that change together or not at all, whenever the writer is killed.

What is to be written lies beside each file first, and a list of it is left. Once that list stands,
the change counts: whoever works in the study next finishes it. A file that only grows is not
written anew; how long it was stands in the list. Call all of this as the one writer of the study.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from analysis.files.whole_file import write_text

PENDING = Path("data/private/.changing")


def write_together(
    study: Path, contents: Mapping[Path, str], grown: Mapping[Path, tuple[int, str]] | None = None
) -> None:
    """Write each of `contents` (path below the folder `study` -> text), all or none.

    `grown`: path -> how many bytes the file has, and the text that follows them. Raises ValueError
    for a path outside the study: what stands in the list is obeyed later.
    """
    whole = [_name(study, path) for path in contents]
    added = {_name(study, path): list(more) for path, more in (grown or {}).items()}
    named = {"whole": whole, "grown": added}
    with ExitStack() as not_done:
        for name, text in zip(whole, contents.values(), strict=True):
            place = _beside(study / name)
            place.parent.mkdir(parents=True, exist_ok=True)
            not_done.callback(place.unlink, missing_ok=True)
            place.write_bytes(text.encode("utf-8"))
        write_text(study / PENDING, json.dumps(named, ensure_ascii=False))
        not_done.pop_all()
    _write(study, named)


def finish(study: Path) -> None:
    """Finish a change that was stopped half-way; nothing where there is none."""
    try:
        named = json.loads((study / PENDING).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return
    for name in (*named["whole"], *named["grown"]):
        _inside(Path(name))
    _write(study, named)


def _write(study: Path, named: Mapping[str, Any]) -> None:
    for name in named["whole"]:
        place = _beside(study / name)
        # What is gone from there stands in its place already.
        if place.exists():
            place.replace(study / name)
    for name, (size, text) in named["grown"].items():
        path = study / name
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("r+b" if path.exists() else "w+b") as file:
            file.truncate(size)
            file.seek(size)
            file.write(text.encode("utf-8"))
    (study / PENDING).unlink()


def _beside(path: Path) -> Path:
    return path.with_name(f".{path.name}.changing")


def _name(study: Path, path: Path) -> str:
    name = path.relative_to(study)
    _inside(name)
    return name.as_posix()


def _inside(name: Path) -> None:
    if ".." in name.parts or name.is_absolute():
        raise ValueError("a path that leads out of the study")

"""A study begun from what there is: a coding project of any program, or a folder of texts."""

from __future__ import annotations

import glob
import json
import os
import shutil
import signal
import socket
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from analysis import coding
from analysis.files.problems import Problem, StudyError
from analysis.lifecycle.begin.found import (
    coders_of,
    divided,
    found_in,
    read_all,
    sources_of,
)
from analysis.lifecycle.begin.heard import propose_speakers
from analysis.lifecycle.begin.recordings import once
from analysis.lifecycle.begin.responses import (
    ENDINGS,
    Layout,
    Responses,
    guessed,
    responses_in,
    shown,
    stated,
    unfolded,
)
from analysis.lifecycle.begin.tried import what_became_of
from analysis.lifecycle.begin.written import params, write_evidence, write_skeleton
from analysis.study.choices import APPROACHES

# A program's project holds texts that it has cleaned of pages and captions already.
_GENTLE = ("line_ends", "characters", "composed", "white_space")


def begin_study(
    folder: Path, origin: Path, columns: str = "", approach: str = APPROACHES[0]
) -> None:
    """Begin a study in `folder` (absent, or empty) from `origin`.

    `origin` is a project or export that `coding.read` knows, or a folder of texts, which may hold
    such projects too; or a table of one row a response, whose `columns` are said (`responses`), or
    guessed and shown: then nothing is written until a person agrees. Nothing is left behind when it cannot be done: a `StudyError` then names
    the file. What an export does not say stands as `unknown`; where it has no texts, a source's
    text is made of its quotations. The paper has the sections of its `approach`.
    """
    if approach not in APPROACHES:
        raise StudyError(
            Problem(
                "APPROACH",
                f"{approach!r}, which is no kind of analysis known here",
                f"one of {', '.join(APPROACHES)}",
                "name one of these; the nearest will do, and its text is yours to change",
            )
        )
    _refuse_full(folder)
    table = responses_in(origin) if columns or _is_no_export(origin) else None
    if table is None:
        _begin(folder, origin, {}, approach)
        return
    with unfolded(table, _agreed(table, columns)) as (unpacked, attributes):
        _begin(folder, unpacked, attributes, approach)


def _is_no_export(origin: Path) -> bool:
    """Whether a table is none that a program exports, whose columns tell of themselves."""
    if not origin.is_file() or origin.suffix.lower() not in ENDINGS:
        return False
    try:
        project = coding.read(origin)
    except StudyError:
        return True
    return not any(map(len, (project.codings, project.quotations, project.codes)))


def _agreed(table: Responses, columns: str) -> Layout:
    """The layout of a table as it is said, or as it is guessed and agreed to."""
    if columns:
        layout = stated(columns, table)
        print(shown(table, layout), file=sys.stderr)
        return layout
    guess = guessed(table)
    if guess is None:
        raise StudyError(
            Problem(
                f"FROM={table.name}",
                f"no column of texts among {', '.join(table.heading)}",
                "one row a response, with its words in a column",
                "say which: COLUMNS='text=heading; id=heading; codes=Code 1, Code 2'",
            )
        )
    print(shown(table, guess), file=sys.stderr)
    if sys.stdin.isatty() and input("Is that right? [y/N] ").strip().lower() in ("y", "yes"):
        return guess
    raise StudyError(
        Problem(
            f"FROM={table.name}",
            "columns that are guessed; nothing is written yet",
            "somebody who looked at the rows above",
            f"run this again with COLUMNS='{guess.stated()}', corrected where it is wrong",
        )
    )


def _begin(
    folder: Path, origin: Path, attributes: Mapping[str, Mapping[str, str]], approach: str
) -> None:
    texts, coded, others = found_in(origin)
    texts, again = once(texts)
    projects = read_all(coded, origin)
    sources = sources_of(texts, origin, projects)
    for source in sources:
        source.attributes.update(attributes.get(Path(source.name).stem, {}))
    propose_speakers(sources)
    folder.parent.mkdir(parents=True, exist_ok=True)
    with _ended_by_signals(), _beside(folder) as held:
        study = Path(held) / "study"
        coders = coders_of(projects)
        write_evidence(study / "data" / "raw", sources, projects, coded)
        write_skeleton(study, sources, others, approach)
        rules = None if texts else _GENTLE
        (study / "params.yml").write_text(
            params(coders, divided(projects), rules, approach), encoding="utf-8"
        )
        _refuse_full(folder)
        study.replace(folder)
    print(f"begun in {folder}: {len(sources)} sources", file=sys.stderr)
    for left_out, kept in again.items():
        name = left_out.relative_to(origin).as_posix()
        print(f"  {name}: the same recording as {kept.name}, set aside", file=sys.stderr)
    for line in what_became_of(folder, projects, others):
        print(line, file=sys.stderr)
    print(
        f"coded by {', '.join(coders) or 'nobody yet'}. Next: README.md there, and "
        f"make report STUDY={json.dumps(str(folder))}",
        file=sys.stderr,
    )


@contextmanager
def _ended_by_signals() -> Iterator[None]:
    """End by an exception when the terminal is closed or somebody ends the process: all is undone."""

    def end(number: int, _: object) -> None:
        raise SystemExit(128 + number)

    before = {number: signal.signal(number, end) for number in (signal.SIGTERM, signal.SIGHUP)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _beside(folder: Path) -> tempfile.TemporaryDirectory[str]:
    """A folder to begin in, beside `folder`; what processes left that were killed is removed."""
    mark = f".{folder.name}.begun-by-{socket.gethostname()}-"
    for left in folder.parent.glob(f"{glob.escape(mark)}*"):
        process = left.name.removeprefix(mark).partition("-")[0]
        if process.isdigit() and not _runs(int(process)):
            shutil.rmtree(left)
    return tempfile.TemporaryDirectory(dir=folder.parent, prefix=f"{mark}{os.getpid()}-")


def _runs(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass
    return True


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

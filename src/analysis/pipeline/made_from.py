"""What each stage is made from: a line with size and SHA-256 for everything.

The lines of a stage name the raw files that it reads, the rows of the register that it uses, its
notebook, the modules that the notebook imports (directly or through others), its parameters, and
what is installed. Nothing heavy is imported here.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterable
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from analysis.files import safe_yaml
from analysis.files.csv_rows import named_rows
from analysis.files.digests import sha256_of
from analysis.files.git import git
from analysis.files.problems import StudyError
from analysis.files.project import LOCK, NOTEBOOKS, PACKAGE
from analysis.files.stray_files import is_left_by_a_program
from analysis.pipeline.notebook_code import code, imports, modules_behind, notebook_parameters
from analysis.pipeline.stage import Stage
from analysis.study import which_pages

KINDS = ("interview", "document", "observation")
CLAIMS, RECORD = "data/raw/claims.yml", "data/first_computed.csv"
_LOCKED = re.compile(r"^([a-z0-9-]+)==", re.MULTILINE)


def lines(study: Path, stage: Stage) -> list[str]:
    """All that `stage` is made from but what earlier stages make, one line each."""
    path = notebook_of(study, stage)
    kind = dict(stage.parameters).get("kind")
    rows = [row for row in _register(study) if _kind_of(row) == kind]
    texts = [study / "data" / "raw" / row["file"] for row in rows if row.get("file")]
    read = notebook_parameters(path) if path.is_file() else {}
    return [
        *(f"row {json.dumps(row, sort_keys=True)}" for row in rows),
        *_described([*texts, *_read_by(study, stage)], study),
        *_described([path], study if stage.own else NOTEBOOKS),
        *_described(sorted(modules_behind(imports(code(path)))), PACKAGE),
        *(f"parameter {name}={value}" for name, value in stage.parameters),
        *(f"choice {line}" for line in _choices(study / "params.yml", read)),
        *_installed(),
    ]


def lines_of_report(study: Path, report: Stage) -> list[str]:
    """All that the report is made from but what the stages make: the renderer is among it."""
    reports = study / "reports"
    written = [path for path in _files(reports) if _is_source(path, reports)]
    return [
        *_described([*_read_by(study, report), *written], study),
        *_described(_all_modules(), PACKAGE),
        f"renderer {_renderer()}",
        f"pages of sources {os.environ.get(which_pages.VARIABLE, '')}",
        f"history {_history(study)}",
        *_installed(),
    ]


def _history(study: Path) -> str:
    """The last commit that touched the claims or the record of runs: the paper says what it shows."""
    try:
        asked = ("rev-list", "-1", "HEAD", "--", RECORD, CLAIMS)
        return git(study, *asked).stdout.decode().strip()
    except FileNotFoundError:
        return ""


def notebook_of(study: Path, stage: Stage) -> Path:
    """The notebook that a stage runs: the program's, or the study's own."""
    return (study / "notebooks" if stage.own else NOTEBOOKS) / f"{stage.notebook}.ipynb"


@cache
def _register(study: Path) -> list[dict[str, str]]:
    # What is wrong with the register is told when the study is opened.
    return named_rows(study / "data" / "raw" / "sources.csv")


def _read_by(study: Path, stage: Stage) -> list[Path]:
    return [
        path
        for name in stage.reads
        for path in (_files(study / name) if name.endswith("/") else [study / name])
    ]


@cache
def _installed() -> list[str]:
    """The lock, and what is installed of it: in a conda environment the two may differ."""
    locked = set(_LOCKED.findall(LOCK.read_text(encoding="utf-8"))) if LOCK.is_file() else set()
    there = {
        path.stem
        for folder in map(Path, filter(None, sys.path))
        if folder.is_dir()
        for path in folder.glob("*.dist-info")
        if _normal(path.stem.rpartition("-")[0]) in locked
    }
    version = ".".join(map(str, sys.version_info[:3]))
    return [*_described([LOCK], LOCK.parent), f"python {version}", *sorted(there)]


def _renderer() -> str:
    """Which program renders, and its version; packages that render are among what is installed."""
    programs = ["quarto"] if find_spec("pypandoc") else ["quarto", "pandoc"]
    for program in filter(shutil.which, programs):
        done = subprocess.run(
            [program, "--version"], capture_output=True, text=True, check=False, timeout=60
        )
        return f"{program} {done.stdout.partition(chr(10))[0]}"
    return "embedded"


def _normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def _kind_of(row: dict[str, str]) -> str:
    kind = row.get("kind", "")
    return kind if kind in KINDS else "document"


def _described(paths: Iterable[Path], base: Path) -> list[str]:
    return [f"{_digest(path)} {_name_below(base, path)}" for path in dict.fromkeys(paths)]


@cache
def _name_below(base: Path, path: Path) -> str:
    name = path.relative_to(base).as_posix() if path.is_relative_to(base) else path.name
    return json.dumps(name)


def _is_there(path: Path) -> bool:
    try:
        return path.is_file()
    except OSError:  # A name that no file can have is reported when the study is opened.
        return False


@cache
def _digest(path: Path) -> str:
    """SHA-256 and size of a file, or that there is none: looked at once, whoever reads it."""
    if not _is_there(path):
        return "absent 0"
    digest, size = sha256_of(path)
    return f"{digest} {size}"


def _files(folder: Path) -> list[Path]:
    return sorted(
        path
        for place, _, names in os.walk(folder)
        for path in (Path(place, name) for name in names)
        if path.is_file() and not is_left_by_a_program(path)
    )


def _is_source(path: Path, reports: Path) -> bool:
    generated = {"_site", "_generated", "figures", "notebooks", ".quarto"}
    first = path.relative_to(reports).parts[0]
    return first not in generated and not first.startswith("_site") and first != "_variables.yml"


def _choices(params: Path, names: Iterable[str]) -> list[str]:
    """What params.yml says of `names`, however it is written; all of it while it is no YAML."""
    try:
        document = safe_yaml.compose(safe_yaml.read_text(params, params.name), params.name)
        given = safe_yaml.as_written(document)
    except (StudyError, OSError):
        return _described([params], params.parent)
    if not isinstance(given, dict):
        return _described([params], params.parent)
    return [f"{name}: {given[name]!r}" for name in names if name in given]


def _all_modules() -> list[Path]:
    return [path for path in _files(PACKAGE) if "__pycache__" not in path.parts]

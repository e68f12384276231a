"""A notebook's code, its parameters, and the modules of this package that stand behind it."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

from analysis.files.project import PACKAGE

_IMPORT = re.compile(
    r"(?:^|;)[ \t]*(?:from[ \t]+(analysis[\w.]*)[ \t]+import[ \t]+(\([^)]*\)|.*)|import[ \t]+(.*))"
    r"|f\"(analysis[\w.]*)\.\{",
    re.MULTILINE,
)
_NAME = re.compile(r"[\w.]+")


def _cells(notebook: Path) -> Iterator[tuple[str, list[str]]]:
    for cell in json.loads(notebook.read_bytes())["cells"]:
        if cell["cell_type"] == "code":
            yield "".join(cell["source"]), cell["metadata"].get("tags", [])


@cache
def code(notebook: Path) -> str:
    """The code of a notebook; nothing while it cannot be read: running it says why."""
    try:
        return "\n".join(source for source, _ in _cells(notebook))
    except (OSError, ValueError, KeyError, TypeError):
        return ""


def notebook_parameters(notebook: Path) -> dict[str, object]:
    """Name and default of each annotated parameter in the cell tagged `parameters`."""
    found = {}
    for source, tags in _cells(notebook):
        if "parameters" in tags:
            for node in ast.parse(source).body:
                if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
                    assert node.value is not None
                    found[node.target.id] = ast.literal_eval(node.value)
    return found


def imports(code: str) -> set[str]:
    """Every module of this package that the code imports, wherever the import stands.

    Of modules that are chosen while the program runs, f"analysis.reading.{name}", all that may be.
    Found by pattern, which takes an import in a text for one: parsing takes sixty times as long.
    """
    names: set[str] = set()
    for package, imported, modules, chosen in _IMPORT.findall(code.replace("\\\n", " ")):
        names.update(_NAME.findall(modules))
        if package:
            names.add(package)
            names.update(f"{package}.{name}" for name in _NAME.findall(imported))
        if chosen:
            names.update(f"{chosen}.{path.stem}" for path in _modules_in(chosen))
    return {name for name in names if name.split(".")[0] == "analysis"}


def _modules_in(package: str) -> list[Path]:
    first, *parts = package.split(".")
    return list(PACKAGE.joinpath(*parts).glob("*.py")) if first == "analysis" else []


@cache
def _files_of(name: str) -> tuple[Path, ...]:
    """The file of a module, and those of the packages that it lies in; none of a plain name."""
    package, _, _ = name.rpartition(".")
    stem = PACKAGE.joinpath(*name.split(".")[1:])
    there = [path for path in (stem / "__init__.py", stem.with_suffix(".py")) if path.is_file()]
    return (*(_files_of(package) if package else ()), *there[:1])


@cache
def _imports_of(file: Path) -> frozenset[str]:
    return frozenset(imports(file.read_text(encoding="utf-8")))


def modules_behind(names: Iterable[str]) -> set[Path]:
    files: set[Path] = set()
    waiting = set(names)
    seen = set(waiting)
    while waiting:
        new = set(_files_of(waiting.pop())) - files
        files |= new
        imported = {name for file in new for name in _imports_of(file)} - seen
        seen |= imported
        waiting |= imported
    return files

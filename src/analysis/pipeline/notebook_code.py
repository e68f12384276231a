"""A notebook's code, its parameters, and the modules of this package that stand behind it."""

from __future__ import annotations

import ast
import json
import os
import re
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

from analysis.files.project import PACKAGE

# Each begins with a word, which is found fast.
_FROM = re.compile(r"from[ \t]+(analysis[\w.]*)[ \t]+import[ \t]+(\([^)]*\)|.*)")
_IMPORT = re.compile(r"import[ \t]+(.*)")
_CHOSEN = re.compile(r"f\"(analysis[\w.]*)\.\{")
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
    code = code.replace("\\\n", " ")
    names = {name for modules in _IMPORT.findall(code) for name in _NAME.findall(modules)}
    for package, imported in _FROM.findall(code):
        names.add(package)
        names.update(f"{package}.{name}" for name in _NAME.findall(imported))
    for chosen in _CHOSEN.findall(code):
        names.update(name for name in _modules() if name.rpartition(".")[0] == chosen)
    return {name for name in names if name.split(".")[0] == "analysis"}


@cache
def _modules() -> dict[str, Path]:
    """Every module of this package by its name, a package's own `__init__` by the package's."""
    found = {}
    for folder, _, files in os.walk(PACKAGE):
        name = ".".join((PACKAGE.name, *Path(folder).relative_to(PACKAGE).parts))
        for file in files:
            stem, _, ending = file.rpartition(".")
            if ending == "py":
                found[name if stem == "__init__" else f"{name}.{stem}"] = Path(folder, file)
    return found


@cache
def _files_of(name: str) -> tuple[Path, ...]:
    """The file of a module, and those of the packages that it lies in; none of a plain name."""
    package, _, _ = name.rpartition(".")
    file = _modules().get(name)
    return (*(_files_of(package) if package else ()), *([file] if file else []))


@cache
def _imports_of(file: Path) -> frozenset[str]:
    return frozenset(imports(file.read_text(encoding="utf-8")))


@cache
def _leads_to(file: Path) -> frozenset[Path]:
    """The files of the modules that the code of a module imports."""
    return frozenset(one for name in _imports_of(file) for one in _files_of(name))


def modules_behind(names: Iterable[str]) -> set[Path]:
    waiting = {file for name in names for file in _files_of(name)}
    files: set[Path] = set()
    while waiting:
        files |= waiting
        waiting = set().union(*map(_leads_to, waiting)) - files
    return files

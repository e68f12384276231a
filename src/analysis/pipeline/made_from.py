"""What each stage is made from: one list per stage, with size and SHA-256 of everything.

Make compares times, so each list is rewritten only when it says something new. A list holds the
raw files the stage reads, the register rows it uses, its notebook, the modules that the notebook
imports (directly or through others), its parameters, and the lock. Nothing heavy is imported
here: this runs before every `make report`, also when there is nothing to do.
"""

from __future__ import annotations

import ast
import hashlib
import json
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

from analysis.files import safe_yaml
from analysis.files.csv_rows import named_rows
from analysis.files.problems import StudyError
from analysis.files.project import PACKAGE, PROJECT
from analysis.files.stray_files import is_left_by_a_program
from analysis.files.whole_file import write_text

KINDS = ("interview", "document", "observation")


def write_lists(study: Path) -> None:
    """Bring the lists in `data/processed/inputs` up to date.

    A stage of which something is gone that make does not know by name is made due again.
    """
    folder = study / "data" / "processed" / "inputs"
    folder.mkdir(parents=True, exist_ok=True)
    for stage, lines in _lists(study).items():
        _write_if_new(folder / f"{stage}.txt", "".join(f"{line}\n" for line in lines))
    for stage in _with_losses(study):
        (folder / f"{stage}.txt").touch()


def _with_losses(study: Path) -> Iterator[str]:
    """The stages that left a list of what they made, of which not everything is there."""
    texts = study / "data" / "processed" / "texts"
    for kind in KINDS:
        told = texts / f".{kind}"
        names = told.read_text(encoding="utf-8").splitlines() if told.is_file() else []
        if not all((texts / f"{name}.txt").is_file() for name in names):
            yield f"01-clean-{kind}"
    if not _is_whole(study / "reports" / "_site", study / "reports" / "_generated" / "site.json"):
        yield "report"


def _is_whole(site: Path, description: Path) -> bool:
    try:
        described = json.loads(description.read_bytes())
    except (OSError, ValueError):
        return False
    outputs = [name for page in described["pages"].values() for name in page["outputs"]]
    return all((site / name).is_file() for name in [*outputs, *described["files"]])


def _write_if_new(path: Path, content: str) -> None:
    try:
        if path.read_bytes() == content.encode("utf-8"):
            return
    except FileNotFoundError:
        pass
    write_text(path, content)


def _lists(study: Path) -> dict[str, list[str]]:
    raw = study / "data" / "raw"
    # What is wrong with the register is told when the study is opened.
    register = named_rows(raw / "sources.csv")
    key = study / "data" / "private" / "pseudonyms.csv"
    coding = [raw / "sources.csv", raw / "codebook.yml", *_files(raw / "coding")]
    claims = [raw / "sources.csv", raw / "codebook.yml"]
    claims += [raw / name for name in ("claims.yml", "bearings.csv", "matrix.csv")]
    claims += _files(raw / "memos")
    lists = {}
    for kind in KINDS:
        rows = [row for row in register if _kind_of(row) == kind]
        own = [raw / row["file"] for row in rows if row.get("file")] + _files(raw / f"{kind}s")
        described = [f"row {json.dumps(row, sort_keys=True)}" for row in rows]
        lists[f"01-clean-{kind}"] = described + _stage(study, "01-clean", [*own, key])
    lists["02-coding"] = _stage(study, "02-coding", coding)
    for stage in ("03-frequencies", "04-cooccurrence", "05-agreement"):
        lists[stage] = _stage(study, stage, [raw / "sources.csv"])
    lists["06-findings"] = _stage(study, "06-findings", claims)
    written = [path for path in _files(study / "reports") if _is_source(path, study / "reports")]
    lists["report"] = [
        *_described([*coding, *claims, key, study / "params.yml", *written], study),
        *_described(sorted(_all_modules()), PROJECT),
        *_described([PROJECT / "requirements.lock"], PROJECT),
    ]
    return lists


def _kind_of(row: dict[str, str]) -> str:
    kind = row.get("kind", "")
    return kind if kind in KINDS else "document"


def _stage(study: Path, notebook: str, files: Iterable[Path]) -> list[str]:
    path = PROJECT / "notebooks" / f"{notebook}.ipynb"
    code = _code(path)
    return [
        *_described(files, study),
        *_described([path], PROJECT),
        *_described(sorted(_modules_behind(_imports(ast.parse(code)))), PROJECT),
        *(f"choice {line}" for line in _choices(study / "params.yml", notebook_parameters(path))),
        *_described([PROJECT / "requirements.lock"], PROJECT),
    ]


def _described(paths: Iterable[Path], base: Path) -> list[str]:
    lines = []
    for path in dict.fromkeys(paths):
        name = path.relative_to(base).as_posix() if path.is_relative_to(base) else path.name
        if _is_there(path):
            lines.append(f"{_digest(path)} {path.stat().st_size} {json.dumps(name)}")
        else:
            lines.append(f"absent 0 {json.dumps(name)}")
    return lines


def _is_there(path: Path) -> bool:
    try:
        return path.is_file()
    except OSError:  # A name that no file can have is reported when the study is opened.
        return False


@cache
def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _files(folder: Path) -> list[Path]:
    return sorted(
        path for path in folder.rglob("*") if path.is_file() and not is_left_by_a_program(path)
    )


def _is_source(path: Path, reports: Path) -> bool:
    generated = {"_site", "_generated", "figures", "notebooks", ".quarto"}
    first = path.relative_to(reports).parts[0]
    return first not in generated and not first.startswith("_site") and first != "_variables.yml"


# --- a notebook's code, parameters and modules ---------------------------------


def _cells(notebook: Path) -> Iterator[tuple[str, list[str]]]:
    for cell in json.loads(notebook.read_bytes())["cells"]:
        if cell["cell_type"] == "code":
            yield "".join(cell["source"]), cell["metadata"].get("tags", [])


@cache
def _code(notebook: Path) -> str:
    return "\n".join(source for source, _ in _cells(notebook))


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


def _imports(tree: ast.AST) -> set[str]:
    """Every module of this package that the code imports, wherever the import stands.

    Of modules that are chosen while the program runs, f"analysis.reading.{name}", all that may be.
    """
    names: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            names.add(node.module)
            names.update(f"{node.module}.{alias.name}" for alias in node.names)
        elif (
            isinstance(node, ast.JoinedStr)
            and node.values
            and isinstance(node.values[0], ast.Constant)
        ):
            package, _, rest = str(node.values[0].value).rpartition(".")
            if not rest:
                names.update(f"{package}.{path.stem}" for path in _modules_in(package))
    return {name for name in names if name.split(".")[0] == "analysis"}


def _modules_in(package: str) -> list[Path]:
    first, *parts = package.split(".")
    return list(PACKAGE.joinpath(*parts).glob("*.py")) if first == "analysis" else []


@cache
def _module_file(name: str) -> Path | None:
    stem = PACKAGE.joinpath(*name.split(".")[1:])
    for candidate in (stem / "__init__.py", stem.with_suffix(".py")):
        if candidate.is_file():
            return candidate
    return None


@cache
def _imports_of(file: Path) -> frozenset[str]:
    return frozenset(_imports(ast.parse(file.read_bytes())))


def _modules_behind(names: Iterable[str]) -> set[Path]:
    files: set[Path] = set()
    waiting = list(names)
    while waiting:
        name = waiting.pop()
        parts = name.split(".")
        for depth in range(1, len(parts) + 1):
            file = _module_file(".".join(parts[:depth]))
            if file is not None and file not in files:
                files.add(file)
                waiting.extend(_imports_of(file))
    return files


def _all_modules() -> list[Path]:
    return [path for path in _files(PACKAGE) if "__pycache__" not in path.parts]

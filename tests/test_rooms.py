"""No room knows of those above it, no modules go round in a circle, and each test has its module."""

from __future__ import annotations

import runpy
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parents[1]
ROOMS = runpy.run_path(str(PROJECT / "scripts" / "rooms"))

# Tests of what is no module of the package: the project's own files, and whole studies.
OF_THE_PROJECT = ("makefile", "packaging", "installed", "notebooks", "rooms", "docs", "checked")
OF_HELPERS = ("browser", "lab", "patterns", "side_by_side")
OF_WHOLE_STUDIES = (
    "cases",
    "calibration",
    "demonstration",
    "digits",
    "hostile_study",
    "privacy_ledger",
)


@pytest.fixture
def package(tmp_path: Path) -> Path:
    """A package of three rooms: `text` below `measures`, `report` with two rooms inside it."""
    package = tmp_path / "analysis"
    for name, said in {
        "__init__.py": "",
        "text/__init__.py": "",
        "text/words.py": "import re\nimport analysis.text\n",
        "measures/__init__.py": "from analysis.text import words\n",
        "report/__init__.py": "",
        "report/numbers.py": "from .pages import tables\n",
        "report/pages/__init__.py": "",
        "report/pages/tables.py": "def f():\n    from analysis.measures import counts\n",
        "report/gate/__init__.py": "from analysis.report.pages.tables import f\n",
    }.items():
        path = package / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(said)
    return package


def test_every_import_is_seen_wherever_it_stands(package: Path) -> None:
    uses = ROOMS["imports"](package)
    assert uses["report.pages.tables"] == {"measures"}
    assert uses["report.numbers"] == {"report.pages.tables"}
    assert uses["text.words"] == {"text"}
    assert ROOMS["rooms"](package, uses) == {
        "": set(),
        "text": set(),
        "measures": {"text"},
        "report": set(),
        "report.numbers": {"report.pages"},
        "report.pages": {"measures"},
        "report.gate": {"report.pages"},
    }
    assert ROOMS["main"](package) == 0


@pytest.mark.parametrize(
    ("module", "said", "told"),
    [
        ("text/words.py", "from analysis import measures", "upwards: text.words imports measures"),
        ("attic.py", "import analysis.text.words", "upwards: attic imports text.words"),
        (
            "report/pages/tables.py",
            "def g():\n    from analysis.report import numbers",
            "circle of modules: report.numbers, report.pages.tables",
        ),
        (
            "report/pages/look.py",
            "import analysis.report.gate",
            "circle of rooms: report.gate, report.pages",
        ),
    ],
)
def test_what_is_wrong_is_told(
    package: Path, capsys: pytest.CaptureFixture[str], module: str, said: str, told: str
) -> None:
    (package / module).write_text(said + "\n")
    assert ROOMS["main"](package) == 1
    assert told in capsys.readouterr().out


def test_the_rooms_of_this_package(capsys: pytest.CaptureFixture[str]) -> None:
    assert ROOMS["main"]() == 0, capsys.readouterr().out


def test_a_test_is_named_after_its_module() -> None:
    files = (path.relative_to(ROOMS["PACKAGE"]) for path in ROOMS["PACKAGE"].rglob("*.py"))
    named = {"_".join(path.with_suffix("").parts).removesuffix("___init__") for path in files}
    named |= {*OF_THE_PROJECT, *OF_HELPERS, *OF_WHOLE_STUDIES}
    tests = [path.stem.removeprefix("test_") for path in (PROJECT / "tests").glob("test_*.py")]
    assert [
        name
        for name in sorted(tests)
        if name not in named and not any(name.startswith(f"{one}_") for one in named)
    ] == []

from __future__ import annotations

import ast
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from tiny import write_tiny_study

from analysis.pipeline import made_from


@pytest.fixture
def study(tmp_path: Path) -> Path:
    return write_tiny_study(tmp_path)


def lists(study: Path) -> dict[str, str]:
    made_from._digest.cache_clear()
    made_from.write_lists(study)
    folder = study / "data/processed/inputs"
    return {path.stem: path.read_text() for path in folder.glob("*.txt")}


def changed(study: Path, path: str, text: str) -> set[str]:
    before = lists(study)
    (study / path).write_text(text)
    after = lists(study)
    return {stage for stage in after if after[stage] != before.get(stage)}


def test_a_list_is_rewritten_only_when_it_says_something_new(study: Path) -> None:
    lists(study)
    path = study / "data/processed/inputs/02-coding.txt"
    first = path.stat().st_mtime_ns
    lists(study)
    assert path.stat().st_mtime_ns == first


def test_a_text_is_an_input_of_its_kind_alone(study: Path) -> None:
    assert changed(study, "data/raw/documents/d1.md", "new") == {"01-clean-document"}


def test_an_unregistered_file_of_an_odd_name_is_noticed(study: Path) -> None:
    assert changed(study, "data/raw/interviews/a [b] 'c'.txt", "x") == {"01-clean-interview"}


def test_a_choice_is_an_input_of_the_stages_that_declare_it(study: Path) -> None:
    text = (study / "params.yml").read_text()
    assert changed(
        study, "params.yml", text.replace("discuss_below: 0.667", "discuss_below: 0.7")
    ) == {
        "05-agreement",
        "06-findings",
        "report",
    }
    text = (study / "params.yml").read_text()
    assert changed(study, "params.yml", text + "# a comment\n") == {"report"}


@pytest.mark.parametrize(
    ("written", "old", "new", "stages"),
    [
        (
            lambda text: "".join(f"  {line}" for line in text.splitlines(keepends=True)),
            "unit: passage",
            "unit: overlap",
            {"04-cooccurrence", "06-findings"},
        ),
        (
            lambda text: text.replace(
                "alternative_units: [overlap, passage, window, source]",
                "alternative_units: [\noverlap,\npassage,\nsource\n]",
            ),
            "\npassage,",
            "",
            {"06-findings"},
        ),
    ],
    ids=["every line indented", "a list over several lines"],
)
def test_a_choice_is_noticed_however_it_is_written(
    study: Path, written: Callable[[str], str], old: str, new: str, stages: set[str]
) -> None:
    params = study / "params.yml"
    text = written(params.read_text())
    assert old in text
    params.write_text(text)
    assert stages <= changed(study, "params.yml", text.replace(old, new, 1))


def test_how_a_choice_is_written_is_no_input(study: Path) -> None:
    text = (study / "params.yml").read_text()
    otherwise = text.replace("\nunit: passage", '\n"unit":   passage  # so')
    assert otherwise != text
    assert changed(study, "params.yml", otherwise) == {"report"}


@pytest.mark.parametrize("text", ["unit: [\n", "", "- unit\n", "seed: !!int three\n"])
def test_choices_that_cannot_be_read_are_inputs_of_every_stage(study: Path, text: str) -> None:
    every = set(lists(study))
    assert changed(study, "params.yml", text) == every
    assert changed(study, "params.yml", text + "# more\n") == every


def test_the_key_is_an_input_of_cleaning(study: Path) -> None:
    (study / "data/private").mkdir()
    assert changed(study, "data/private/pseudonyms.csv", "find,replace,kind\nAda,[A],person\n") == {
        "01-clean-interview",
        "01-clean-document",
        "01-clean-observation",
        "report",
    }


def test_modules_are_found_through_modules() -> None:
    files = {path.name for path in made_from._modules_behind({"analysis.stages.texts"})}
    assert {"texts.py", "folder.py", "problems.py", "edits.py"} <= files
    assert "publish.py" not in files


def test_any_text_in_a_notebook_can_be_parsed() -> None:
    assert made_from._imports(ast.parse('import analysis.study.folder\nx = f""\ny = f"{1:}"')) == {
        "analysis.study.folder"
    }


def test_a_reader_that_is_chosen_by_its_name_is_an_input_of_cleaning() -> None:
    notebook = made_from.PROJECT / "notebooks" / "01-clean.ipynb"
    files = made_from._modules_behind(made_from._imports(ast.parse(made_from._code(notebook))))
    read = {path.name for path in files if path.parent.name == "reading"}
    assert {"rtf.py", "pdf.py", "web.py", "opendocument.py", "word.py", "plain.py"} <= read


def times(study: Path) -> dict[str, int]:
    made_from.write_lists(study)
    folder = study / "data/processed/inputs"
    return {path.stem: path.stat().st_mtime_ns for path in folder.glob("*.txt")}


def test_what_is_gone_makes_its_stage_due(study: Path) -> None:
    texts, site = study / "data/processed/texts", study / "reports/_site"
    described = {
        "pages": {"index.html": {"outputs": ["index.html", "index.pdf"]}},
        "files": {"evidence.html": "digest", "notebooks/02-coding.html": "digest"},
    }
    for path, text in {
        texts / ".interview": "c1\nt1\n",
        texts / "c1.txt": "",
        texts / "t1.txt": "",
        study / "reports/_generated/site.json": json.dumps(described),
        site / "index.html": "",
        site / "index.pdf": "",
        site / "evidence.html": "",
        site / "notebooks/02-coding.html": "",
    }.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    first = times(study)
    assert times(study) == first
    for path, stage in [
        (texts / "t1.txt", "01-clean-interview"),
        (site / "index.pdf", "report"),
        (site / "notebooks/02-coding.html", "report"),
        (study / "reports/_generated/site.json", "report"),
    ]:
        content = path.read_text()
        before = times(study)
        path.unlink()
        after = times(study)
        assert {name for name in after if after[name] != before[name]} == {stage}
        path.write_text(content)

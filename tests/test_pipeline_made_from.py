from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from tiny import write_tiny_study

from analysis.pipeline import made_from
from analysis.pipeline.stages import REPORT, STAGES


@pytest.fixture
def study(tmp_path: Path) -> Path:
    return write_tiny_study(tmp_path)


def lists(study: Path) -> dict[str, str]:
    for known in (made_from._digest, made_from._register):
        known.cache_clear()
    found = {stage.name: made_from.lines(study, stage) for stage in STAGES}
    found["report"] = made_from.lines_of_report(study, REPORT)
    return {name: "\n".join(lines) for name, lines in found.items()}


def changed(study: Path, path: str, text: str) -> set[str]:
    before = lists(study)
    (study / path).write_text(text)
    after = lists(study)
    return {stage for stage in after if after[stage] != before.get(stage)}


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


def test_the_renderer_and_its_version_are_inputs_of_the_report(
    study: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    embedded = lists(study)
    quarto = tmp_path / "bin" / "quarto"
    quarto.parent.mkdir()
    seen = []
    for version in ("1.5", "1.6"):
        quarto.write_text(f"#!/bin/sh\necho {version}\n")
        quarto.chmod(0o755)
        seen.append(lists(study))
    for one, other in ((embedded, seen[0]), (seen[0], seen[1])):
        assert {name for name in one if one[name] != other[name]} == {"report"}


def test_what_is_installed_is_an_input_of_every_stage(
    study: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = lists(study)
    (tmp_path / "site" / "Pandas-99.0.dist-info").mkdir(parents=True)
    (tmp_path / "site" / "a_stranger-1.0.dist-info").mkdir()
    monkeypatch.syspath_prepend(tmp_path / "site")
    made_from._installed.cache_clear()
    after = lists(study)
    made_from._installed.cache_clear()
    assert {name for name in after if after[name] != before[name]} == set(before)
    assert "Pandas-99.0" in after["report"] and "a_stranger" not in after["report"]

"""How values are rounded and written, and how a wrong one is told."""

from __future__ import annotations

import html
from pathlib import Path

import pytest
import yaml
from report_fixture import write_values

from analysis.files.problems import StudyError
from analysis.report.numbers import (
    collect,
    format_value,
    joined,
    load,
)


@pytest.mark.parametrize(
    ("value", "unit", "printed"),
    [
        (0, "count", "0"),
        (1234567, "count", "1,234,567"),
        (12.0, "count", "12"),
        (20500, "words", "20,500"),
        (0.614, "share", "61%"),
        (0.125, "share", "13%"),
        (0.0, "share", "0%"),
        (1.0, "share", "100%"),
        (0.004, "share", "under 1%"),
        (0.999, "share", "over 99%"),
        (12.345, "rate", "12.3"),
        (1234.56, "rate", "1,234.6"),
        (0.7134, "coefficient", "0.71"),
        (-0.256, "coefficient", "−0.26"),
        (-0.001, "coefficient", "0.00"),
        (0.0312, "p", "0.031"),
        (0.0, "p", "under 0.001"),
        (0.00049, "p", "under 0.001"),
        (1, "p", "1.000"),
        (None, "coefficient", "not defined"),
        (float("nan"), "rate", "not defined"),
        ("a*b", "text", "a&#42;b"),
    ],
)
def test_a_value_is_rounded_for_its_unit(value: object, unit: str, printed: str) -> None:
    assert format_value(value, unit) == printed


@pytest.mark.parametrize(
    ("value", "unit"),
    [
        (1.5, "count"),
        (1.2, "share"),
        (-0.1, "p"),
        ("4", "count"),
        (True, "count"),
        (4, "text"),
        (4, "furlongs"),
        (float("inf"), "rate"),
        (["a"], "list"),
        ("a", "phrase"),
        ([["a", "codes"]], "phrase"),
        ([1], "phrase"),
    ],
)
def test_a_value_that_does_not_fit_is_refused(value: object, unit: str) -> None:
    with pytest.raises(ValueError):
        format_value(value, unit)


def test_lists_are_joined_as_english_does() -> None:
    assert [joined([]), joined(["a"]), joined(["a", "b"]), joined(["a", "b", "c"])] == [
        "none",
        "a",
        "a and b",
        "a, b and c",
    ]


@pytest.mark.parametrize(
    ("phrase", "said"),
    [
        ([[1, "sources"]], "1 source"),
        ([[0, "cases"]], "0 cases"),
        ([[1, "pairs of segments"]], "1 pair of segments"),
        ([[1930, "distinct pairs of codes"]], "1,930 distinct pairs of codes"),
        (["a*, in", [1, "codes"], "and", [2, "codes"]], "a&#42;, in 1 code and 2 codes"),
        ([], ""),
    ],
)
def test_a_phrase_counts_in_singular_and_plural(phrase: list[object], said: str) -> None:
    assert format_value(phrase, "phrase") == said


def test_values_of_all_stages_and_the_choices_become_variables(tmp_path: Path) -> None:
    processed = write_values(
        tmp_path, "01", [{"name": "clean.n_sources", "value": 8, "unit": "count"}]
    )
    write_values(tmp_path, "03", [{"name": "freq.code.trust", "value": 12, "unit": "count"}])
    choices = {
        "unit": "overlap",
        "seed": 2024,
        "q": 0.05,
        "on": True,
        "none": None,
        "windows": [25, 50],
        "deep": {"er": "a/b"},
    }
    flat = collect(processed, tmp_path, choices)
    assert flat == load(tmp_path)
    written = yaml.safe_load((tmp_path / "_variables.yml").read_text(encoding="utf-8"))
    assert written["clean"] == {
        "n_sources": "8",
        "n_sources_word": "eight",
        "n_sources_Word": "Eight",
    }
    assert written["freq"] == {"code": {"trust": "12"}}
    assert written["choice"] == {
        "unit": "overlap",
        "seed": "2,024",
        "q": "0.05",
        "on": "yes",
        "none": "none",
        "windows": "25 and 50",
        "deep": {"er": "a&#47;b"},
    }


def test_nothing_is_written_when_nothing_changed(tmp_path: Path) -> None:
    processed = write_values(tmp_path, "01", [{"name": "a.b", "value": 8, "unit": "count"}])
    collect(processed, tmp_path, {})
    before = (tmp_path / "_variables.yml").stat().st_mtime_ns
    collect(processed, tmp_path, {})
    assert (tmp_path / "_variables.yml").stat().st_mtime_ns == before


def test_all_bad_values_are_told_at_once(tmp_path: Path) -> None:
    processed = write_values(
        tmp_path,
        "01",
        [
            {"name": "Bad", "value": 8, "unit": "count"},
            {"name": "a.b", "value": 1.5, "unit": "count"},
            {"name": "a.c", "value": 1, "unit": "count"},
            {"name": "a.c", "value": 1, "unit": "count"},
            {"name": "a.c.d", "value": 1, "unit": "count"},
        ],
    )
    (processed / "values" / "02.json").write_text("{", encoding="utf-8")
    with pytest.raises(StudyError) as raised:
        collect(processed, tmp_path, {})
    told = str(raised.value)
    assert len(raised.value.problems) == 5
    for words in (
        "name 'Bad'",
        "'a.b': a count",
        "'a.c' a second time",
        "below a value",
        "not JSON",
    ):
        assert words in told
    assert "values/01.json, entry 2" in told
    assert not (tmp_path / "_variables.yml").exists()


def test_a_report_without_values_has_no_variables(tmp_path: Path) -> None:
    assert load(tmp_path) == {}


SHORTCODES = [
    "{{< env HOME >}}",
    "{{< trust >}}",
    "{{{< meta title >}}}",
    "a}}b{{c",
    "&#123;{< x >}}",
]


@pytest.mark.parametrize("words", SHORTCODES)
def test_no_value_is_a_shortcode_even_once_its_references_are_decoded(words: str) -> None:
    """Quarto decodes character references in metadata before it looks for shortcodes."""
    decoded = html.unescape(format_value(words, "text"))
    assert "{{<" not in decoded and ">}}" not in decoded

"""How values are rounded and written, and how a wrong one is told."""

from __future__ import annotations

import html
import json
from pathlib import Path

import pytest
import yaml
from quarto_standin import metadata_text
from report_fixture import write_values

from analysis.files.problems import StudyError
from analysis.report import pandoc
from analysis.report.numbers import (
    collect,
    format_value,
    joined,
    load,
)
from analysis.report.prose.document import nodes, text_of
from analysis.text.escape import PARTING


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
        "deep": "er: a&#47;b",
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
    "{{{{< env HOME >}}}}",
    "{{<env HOME>}}",
    "{{< env\tHOME >}}",
    "a}}b{{c",
    "{{",
    "}}",
    "&#123;{< x >}}",
    "&#x7b;&#x7b;< env HOME >&#x7d;&#x7d;",
    "&lbrace;&lbrace;&lt; env HOME &gt;&rbrace;&rbrace;",
    "{{%< env HOME >%}}",
    "{{< include ../data/private/pseudonyms.csv >}}",
]
ADDRESSES = [
    "https://example.org/{{< env HOME >}}?a=b&c=d#e",
    "www.example.org",
    "mailto:ann@example.org",
    "ann@example.org",
    "javascript:alert(1)",
    "//example.org/x",
    "<https://example.org>",
    "[a](https://example.org)",
    "![a](https://example.org/a.png)",
    "file:///etc/hostname",
    "@smith2020",
    "@fig-words",
]
OF_YAML = [
    *(
        "yes",
        "No",
        "ON",
        "null",
        "~",
        "true",
        "1e3",
        "0o17",
        "0x1F",
        "1_000",
        "012",
        ".inf",
        ".nan",
    ),
    *(
        "2024-01-01",
        "12:30:45",
        "<<",
        "=",
        "- a",
        "? a",
        "a: b",
        "# a",
        "&a",
        "*a",
        "!!python/name:os",
    ),
    *(
        "| a",
        "> a",
        "'a",
        '"a',
        "%TAG",
        "@a",
        "`a`",
        "{a: b}",
        "[a, b]",
        "---",
        "...",
        "a #b",
        "\\n",
    ),
]
EVERY_PLACE = {
    "a text": lambda words: {"value": words, "unit": "text"},
    "a part of a phrase": lambda words: {"value": [3, "sources", words][2:], "unit": "phrase"},
    "whoever counted": lambda words: {
        "value": {"corrected": 0.5, "lower": 0.4, "upper": 0.6, "uncorrected": 0.5, "by": words},
        "unit": "corrected",
    },
}


@pytest.mark.parametrize("words", [*SHORTCODES, *ADDRESSES, *OF_YAML])
def test_words_are_printed_as_they_are_whatever_they_look_like(words: str, tmp_path: Path) -> None:
    """In every value: Quarto decodes character references in metadata before it looks for
    shortcodes, and reads YAML by other rules than Python."""
    values = [
        {"name": f"a.v{place}", **made(words)} for place, made in enumerate(EVERY_PLACE.values())
    ]
    choices = {"coder": words, "cleaning": [words, words], "stances": {words: words}}
    collect(write_values(tmp_path, "01", values), tmp_path, choices)
    shown = " ".join(words.split())
    expected = {
        "a.v0": shown,
        "a.v1": shown,
        "a.v2": f"50% (range 40% to 60%; 50% as {shown} alone counted, before correction)",
        "choice.coder": shown,
        "choice.cleaning": f"{shown} and {shown}",
        "choice.stances": f"{shown}: {shown}",
    }
    variables = load(tmp_path)
    assert {name: metadata_text(value) for name, value in variables.items()} == variables
    assert {
        name: html.unescape(value.replace(PARTING, "")) for name, value in variables.items()
    } == expected
    # Every scalar is quoted: no reader takes one for a number, a date or nothing.
    events = yaml.parse((tmp_path / "_variables.yml").read_text(encoding="utf-8"))
    assert {event.style for event in events if isinstance(event, yaml.ScalarEvent)} == {'"'}


def test_words_reach_a_page_as_they_are(tmp_path: Path) -> None:
    """All of them in one paragraph each, through Pandoc."""
    hostile = [*SHORTCODES, *ADDRESSES, *OF_YAML]
    source = "\n\n".join(f"Said: {format_value(words, 'text')} end." for words in hostile)
    told = pandoc.run(["--from", "markdown", "--to", "json", "--sandbox"], source)
    blocks = json.loads(told)["blocks"]
    assert [text_of(block).strip() for block in blocks] == [
        f"Said: {' '.join(words.split())} end." for words in hostile
    ]
    assert not [
        node for node in nodes(blocks) if node["t"] in ("Link", "Image", "Cite", "RawInline")
    ]
